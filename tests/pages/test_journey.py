"""The whole of it: an officer up to publishing, a resident through three stages, the analyst's file.

Walked in a real Chromium at a real server, wide and narrow, with scripts and without. The resident
leaves in the middle and comes back with the code in a fresh browser. Between the stages the test lets
time pass by moving every date of the consultation back in the record; nothing else is touched by hand.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from consult.consultations.models import Consultation, Membership, Participant, Stage
from consult.db import db
from tests.checkers.chromium import without_scripts
from tests.compiled import app_for
from tests.conftest import config_for, run_consult
from tests.pages.conftest import Site, set_up_and_sign_in

pytestmark = pytest.mark.browser

FORMS = {"open", "choice", "scale", "agreement", "rank", "knowledge", "evaluation"}
MOST_PAGE_LOADS = 60
WORDS = "I would like to sit down with my shopping"
SAID = "Two benches by the bus stop would do for a start."
MY_NAME = "Copper Lantern"


@dataclass
class Way:
    """One walk: how wide, with or without scripts, and which consultation is its own."""

    browser: Browser
    site: Site
    width: int
    has_scripts: bool

    @property
    def name(self) -> str:
        return f"{self.width}-{'js' if self.has_scripts else 'plain'}"

    @property
    def slug(self) -> str:
        return f"benches-in-abbeyford-{self.name}"

    @property
    def title(self) -> str:
        return f"Benches in Abbeyford {self.name}"

    def fresh(self) -> BrowserContext:
        """A browser that nobody has used."""
        context = self.browser.new_context(
            base_url=self.site.base,
            viewport={"width": self.width, "height": 800},
            accept_downloads=True,
        )
        context.set_default_timeout(60_000)
        if not self.has_scripts:
            without_scripts(context)
        return context

    def link_for(self, role: str, *more: str) -> str:
        """The set-up link of somebody new."""
        added = run_consult(
            self.site.database_url,
            "staff",
            "add",
            f"{role}.{self.name}@abbeyford.example",
            "--role",
            role,
            *more,
        )
        found = re.search(r"/staff/set-up/\S+", added.stdout)
        assert found, added.stderr
        return f"{self.site.base}{found[0]}"

    def let_days_pass(self, days: float) -> None:
        """Every date of the consultation lies that much further back."""
        app = app_for(config_for(self.site.database_url))
        with app.app_context():
            stages = select(Stage).join(Consultation).where(Consultation.slug == self.slug)
            for stage in db.session.scalars(stages):
                stage.opens_at -= timedelta(days=days)
                stage.closes_at -= timedelta(days=days)
                if stage.closed_at:
                    stage.closed_at -= timedelta(days=days)
            db.session.commit()
            db.engine.dispose()

    def open_stage(self, kind: str) -> None:
        """Time passes until that stage has been open for an hour."""
        app = app_for(config_for(self.site.database_url))
        with app.app_context():
            stage = db.session.scalars(
                select(Stage).join(Consultation).where(Consultation.slug == self.slug, Stage.kind == kind)
            ).one()
            from consult import clock  # noqa: PLC0415

            days = (stage.opens_at - clock.now()) / timedelta(days=1) + 1 / 24
            db.engine.dispose()
        self.let_days_pass(days)


@pytest.fixture(
    params=[
        pytest.param((1280, True), marks=pytest.mark.slow),
        pytest.param((1280, False), marks=pytest.mark.slow),
        pytest.param((320, True), marks=pytest.mark.slow),
        (320, False),
    ],
    ids=["wide", "wide without scripts", "narrow", "narrow without scripts"],
)
def way(request: pytest.FixtureRequest, site: Site, browser: Browser) -> Way:
    return Way(browser, site, *request.param)


@pytest.fixture
def opened(way: Way) -> Iterator[Callable[[], Page]]:
    """Opens pages in fresh browsers, which are closed at the end."""
    contexts: list[BrowserContext] = []

    def fresh() -> Page:
        context = way.fresh()
        contexts.append(context)
        return context.new_page()

    yield fresh
    for context in contexts:
        context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def set_up(way: Way, page: Page) -> int:
    """An officer sets up and publishes a consultation with an item of every form; the pages that it took."""
    loads: list[str] = []
    link = way.link_for("officer")
    page.on("framenavigated", lambda frame: loads.append(frame.url) if frame == page.main_frame else None)
    set_up_and_sign_in(page, link)
    assert heading(page) == "Your consultations"
    page.get_by_role("link", name="Create a consultation").or_(
        page.get_by_role("button", name="Create a consultation")
    ).first.click()
    page.locator("[name=title]").fill(way.title)
    page.locator("[name=topic]").fill("benches in the high street")
    press(page, "Create it")
    slug = page.url.rstrip("/").rpartition("/")[2]
    assert slug == f"benches-in-abbeyford-{way.name}"
    page.goto(f"/officer/{slug}/about")
    for name, text in {
        "summary": "The council may put benches in the high street.",
        "decision": "Whether to buy twelve benches.",
        "decided_by": "The made-up cabinet",
        "area": "Abbeyford",
        "use": "The cabinet reads the report before it decides.",
    }.items():
        page.locator(f"[name={name}]").fill(text)
    press(page, "Save")
    page.goto(f"/officer/{slug}/items/new?form=knowledge")
    page.locator("[name=stem]").fill("The number of benches in the high street today is …")
    for n, label in enumerate(("none", "four")):
        page.locator(f"[name=option_{n}]").fill(label)
    page.locator("[name=correct]").nth(1).check()
    press(page, "Save and read every sentence")
    assert heading(page) == "Read every sentence", page.locator("main").inner_text()
    while heading(page) == "Read every sentence":
        page.locator("[name=reads_well]").check()
        press(page, "Approve")
    page.goto(f"/officer/{slug}/publish")
    page.locator("[name=title]").fill(way.title)
    press(page, "Publish")
    assert heading(page) == way.title
    return len(loads)


def answer_item(page: Page, *, later: bool) -> None:
    """Answer whatever item the page shows; the second time a little differently."""
    words = page.locator("textarea[name=answer]")
    if words.count():
        words.fill(f"{WORDS}{' and talk' if later else ''}")
    elif page.locator("select[name^=place-]").count():
        for n, chosen in enumerate(page.locator("select[name^=place-]").all(), start=1):
            chosen.select_option(str(n))
    else:
        options = page.locator("input[name=answer]:not([value^='status:'])")
        options.nth(1 if later else 0).check()
    press(page, "Continue")


def answer_all(page: Page, *, later: bool, stop_after: int | None = None) -> int:
    """Answer item by item until they are to be checked, or for a while; how many."""
    count = 0
    while re.search(r"/(survey|follow-up)/\d+$", page.url) and count != stop_after:
        assert WORDS not in page.title()
        answer_item(page, later=later)
        count += 1
    while "/about-you/" in page.url:
        page.locator("input[type=radio]").first.check()
        press(page, "Continue")
    return count


def join(way: Way, page: Page) -> str:
    """Somebody joins, up to the first item; their code."""
    page.goto(f"/consultations/{way.slug}/")
    page.get_by_role("button", name="Start now").click()
    for name in ("area", "age", "quote", "shared"):
        page.locator(f"[name={name}][value=yes]").check()
    page.locator("[name=agree]").check()
    press(page, "Agree and continue")
    page.locator("[name=choice]").last.check()
    page.locator("[name=own]").fill(f"{MY_NAME} {way.name.replace('-', ' ')}".replace("js", "Js"))
    press(page, "Continue")
    while "/join/about-you/" in page.url:
        page.locator("input[type=radio]").first.check()
        press(page, "Continue")
    code = page.locator(".app-return-code__code").inner_text().strip()
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    page.locator("[name=written]").check()
    press(page, "Continue")
    assert page.url.endswith("/survey/1")
    return code


def come_back(page: Page, code: str) -> None:
    page.goto("/return")
    page.locator("[name=code]").fill(code.lower().replace("-", " "))
    press(page, "Continue")


def finish(page: Page) -> None:
    press(page, "Finish on this computer")
    assert "/finished" in page.url


def seeds(way: Way, page: Page) -> None:
    """The officer writes one summary and publishes it."""
    page.goto(f"/moderator/{way.slug}/seeds/new")
    page.locator("[name=title]").fill("What people said about benches")
    page.locator("[name=body]").fill("Some want more benches. Others want space to walk.")
    press(page, "Save the draft")
    page.goto(f"/moderator/{way.slug}/seeds/publish")
    box = page.locator("main input[type=checkbox]")
    if box.count():
        box.first.check()
    press(page, "Publish the summaries")


def rows_of(archive: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(archive) as package:
        [name] = [n for n in package.namelist() if n.endswith("people.csv")]
        return list(csv.DictReader(io.StringIO(package.read(name).decode("utf-8-sig"))))


def everything_in(archive: Path) -> str:
    with zipfile.ZipFile(archive) as package:
        return "\n".join(package.read(name).decode("utf-8", "ignore") for name in package.namelist())


def test_the_whole_way(
    way: Way, opened: Callable[[], Page], tmp_path: Path, record_property: Callable[[str, int], None]
) -> None:
    officer = opened()
    loads = set_up(way, officer)
    record_property(f"pages an officer opened from first signing in to publishing, {way.name}", loads)
    assert loads < MOST_PAGE_LOADS
    way.open_stage("survey")
    code = begin_in_one_browser_and_end_in_another(way, opened)
    way.let_days_pass(23)  # the survey has closed and the forum is not open
    seeds(way, officer)
    way.open_stage("forum")
    talk(opened(), code)
    way.open_stage("follow_up")
    answer_again(way, opened(), code)
    way.let_days_pass(30)
    archive = tmp_path / "package.zip"
    download(way, opened(), archive)
    judge_package(way, archive, code)
    judge_dump(way, tmp_path)


def begin_in_one_browser_and_end_in_another(way: Way, opened: Callable[[], Page]) -> str:
    """Somebody joins, answers three items, leaves, comes back elsewhere and sends; their code."""
    resident = opened()
    code = join(way, resident)
    answer_all(resident, later=False, stop_after=3)
    finish(resident)

    elsewhere = opened()
    come_back(elsewhere, code)
    assert elsewhere.url.endswith("/survey/4")
    answer_all(elsewhere, later=False)
    press(elsewhere, "Send")
    assert "/survey/sent" in elsewhere.url
    finish(elsewhere)
    return code


def talk(talker: Page, code: str) -> None:
    """They read what people said and reply."""
    come_back(talker, code)
    assert "/forum/" in talker.url
    talker.get_by_role("link", name="What people said about benches").click()
    talker.locator("textarea[name=text]").fill(SAID)
    press(talker, "Post")
    assert SAID in talker.locator("main").inner_text()
    assert MY_NAME in talker.locator("main").inner_text()
    finish(talker)


def answer_again(way: Way, again: Page, code: str) -> None:
    """They answer the same items, and see then and now."""
    come_back(again, code)
    assert again.url.endswith("/follow-up/1")
    assert WORDS not in again.content(), "what one said before is not shown while one answers again"
    answer_all(again, later=True)
    press(again, "Send")
    again.goto(f"/consultations/{way.slug}/your-views")
    assert WORDS in again.locator("main").inner_text()
    assert f"{WORDS} and talk" in again.locator("main").inner_text()
    finish(again)


def download(way: Way, analyst: Page, archive: Path) -> None:
    """An analyst compares and takes the files away."""
    set_up_and_sign_in(analyst, way.link_for("analyst", "--consultation", way.slug))
    analyst.goto(f"/analyst/{way.slug}/")
    if analyst.get_by_role("button", name="Make the comparison").count():
        press(analyst, "Make the comparison")
    analyst.goto(f"/analyst/{way.slug}/downloads")
    with analyst.expect_download() as waited:
        press(analyst, "Download")
    waited.value.save_as(archive)


def judge_package(way: Way, archive: Path, code: str) -> None:
    """The person's answers of both times stand in one row; nothing says who they are."""
    found = rows_of(archive)
    assert len(found) == 1
    [row] = found
    before = {name for name, value in row.items() if name.endswith("_pre") and value}
    after = {name for name, value in row.items() if name.endswith("_post") and value}
    both = {name.removesuffix("_pre") for name in before} & {name.removesuffix("_post") for name in after}
    assert len(both) >= 8, row
    whole = everything_in(archive)
    app = app_for(config_for(way.site.database_url))
    with app.app_context():
        key = db.session.scalar(
            select(Participant.key).join(Consultation).where(Consultation.slug == way.slug)
        )
        name = db.session.scalar(
            select(Membership.display_name)
            .join(Consultation, Consultation.id == Membership.consultation_id)
            .where(Consultation.slug == way.slug)
        )
        db.engine.dispose()
    assert name
    for secret in (code, code.replace("-", ""), name, key, SAID):
        assert secret not in whole, "the file says who somebody is"


def judge_dump(way: Way, tmp_path: Path) -> None:
    """What was answered in the browser can be dumped and loaded elsewhere, and is the same there."""
    first, second = tmp_path / "first", tmp_path / "second"
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    for url, args in (
        (way.site.database_url, ("dump", way.slug, first)),
        (other, ("init",)),
        (other, ("load", first)),
        (other, ("dump", way.slug, second)),
    ):
        done = run_consult(url, *args)
        assert done.returncode == 0, done.stderr
    files = sorted(file.name for file in first.iterdir())
    assert files == sorted(file.name for file in second.iterdir())
    for name in files:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    compared = [
        run_consult(url, "compare", way.slug, "--json").stdout for url in (way.site.database_url, other)
    ]
    assert compared[0] == compared[1] != ""
    forms = set(re.findall(r'form = "(\w+)"', (first / "consultation.toml").read_text(encoding="utf-8")))
    assert forms == FORMS
