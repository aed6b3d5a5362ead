"""Who is missing, as one journey: from a census table to "14 more people aged 16 to 24 are needed".

An officer brings in who lives here, says how many of whom they want, what people get and how they hear of
it, and publishes. The poster's QR code is read back from its PDF. A crowd arrives by real requests, and the
officer reads who is still missing and which way has worked. Every page on the way is looked at: axe, the
checker of HTML, its width and its weight; the public pages tell nothing of it. `CONSULT_SCREENS` names a
folder where a picture of each page is kept.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Page, Response
from sqlalchemy import update

from consult.consultations.queries import get_consultation
from consult.db import db
from consult.surveys.models import Item
from tests.checkers.axe import run_axe
from tests.checkers.chromium import without_scripts
from tests.checkers.html import problems_of
from tests.checkers.qr import text_in_pdf
from tests.compiled import app_for
from tests.conftest import config_for
from tests.making.arriving import arrive, everybody_is_ready, send
from tests.pages.conftest import Site, set_up_and_sign_in
from tests.pages.test_in_browser import check_weights
from tests.pages.test_journey import Way, heading, press, seeds

pytestmark = pytest.mark.browser

YOUNG, NEXT = "16-24", "25-34"
BANDS = {"0-15": 2100, YOUNG: 1300, NEXT: 2000, "35-44": 1500, "45-54": 1300, "55-64": 1000, "65-74": 600}
TIDY = "\n".join(
    ("variable,category,population", *(f"age_band,{key},{n}" for key, n in {**BANDS, "75+": 700}.items()))
)
SIZE, LEAST, AIM, MOST = 41, 23, 25, 33  # numbers that stand on no public page for another reason
CAME = ((YOUNG, "library", 11), (NEXT, "school", 12))
ADVICE = f"{AIM - 11} more people aged 16 to 24 are needed. Wend Library has brought most of them so far."


@dataclass
class Recruiting(Way):
    """One walk, with figures from the real census table or from one of the test's own."""

    census: Path | None = None
    seen: list[str] = field(default_factory=list)
    kept: ClassVar[str | None] = os.environ.get("CONSULT_SCREENS")

    @property
    def name(self) -> str:
        return f"missing-{super().name}-{'census' if self.census else 'tidy'}"

    def look(self, page: Page, what: str) -> None:
        """The page is good: for axe, for the checker of HTML, and not wider than the window."""
        assert run_axe(page) == [], what
        assert problems_of(page.request.get(page.url).text()) == [], what
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0, what
        self.seen.append(page.url)
        if self.kept:
            Path(self.kept).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(self.kept, f"{what}-{self.name}.png"), full_page=True)

    def figures(self, folder: Path) -> Path:
        """The file that the officer chooses."""
        if self.census is not None:
            return self.census
        path = folder / "who-lives-here.csv"
        path.write_text(TIDY, encoding="utf-8")
        return path


@pytest.fixture(
    params=[
        pytest.param((320, False, False), marks=pytest.mark.slow),
        pytest.param((1280, True, False), marks=pytest.mark.slow),
        pytest.param((1280, True, True), marks=pytest.mark.slow),
        pytest.param((320, False, True), marks=pytest.mark.slow),
    ],
    ids=["narrow without scripts", "wide", "wide, real census", "narrow without scripts, real census"],
)
def way(request: pytest.FixtureRequest, site: Site, browser: Browser) -> Recruiting:
    width, has_scripts, is_real = request.param
    census = None
    if is_real:
        shared: Path = request.getfixturevalue("shared")
        census = shared / "data" / "census2021_camden" / "census2021-ts007-ltla.csv"
        if not census.is_file():
            pytest.skip("needs the census download beside the project")
    return Recruiting(browser, site, width, has_scripts, census)


@pytest.fixture
def opened(way: Recruiting) -> Iterator[Callable[[], Page]]:
    """Opens pages in fresh browsers, which are closed at the end."""
    contexts = []

    def fresh() -> Page:
        contexts.append(way.fresh())
        return contexts[-1].new_page()

    yield fresh
    for context in contexts:
        context.close()


def test_an_officer_finds_out_who_is_missing_and_what_to_do(
    way: Recruiting, opened: Callable[[], Page], tmp_path: Path
) -> None:
    officer = opened()
    set_up_and_sign_in(officer, way.link_for("officer"))
    make_draft(way, officer)
    who_we_need(way, officer, tmp_path)
    thanks(way, officer)
    poster = publicity(way, officer, tmp_path)
    assert set(tasks(officer, way)) >= {"Who we need: Done", "Publicity: Done", "Thanks: Done"}
    officer.goto(f"/officer/{way.slug}/publish")
    officer.locator("[name=title]").fill(way.title)
    press(officer, "Publish")
    way.open_stage("survey")
    follow_the_poster(poster, opened())
    a_crowd_comes(way)
    who_is_missing(way, officer)
    what_worked(way, officer)
    about, visitor = f"/consultations/{way.slug}/", opened()
    nothing_is_public(way, visitor, {"home": "/", "page": about, "join": f"{about}join"})
    way.let_days_pass(23)  # the survey has closed and the forum is not open
    seeds(way, officer)
    way.open_stage("forum")
    nothing_is_public(way, visitor, {"forum": f"{about}forum/", "page-in-forum": about})
    it_is_over(way, officer)
    pages_are_light(officer, way)


def make_draft(way: Recruiting, page: Page) -> None:
    """There is a draft that lacks nothing but what this journey is about."""
    page.goto("/officer/new")
    page.locator("[name=title]").fill(way.title)
    page.locator("[name=topic]").fill("benches in the high street")
    press(page, "Create it")
    page.goto(f"/officer/{way.slug}/about")
    for name in ("summary", "decision", "decided_by", "area", "use"):
        page.locator(f"[name={name}]").fill("Benches in Abbeyford")
    press(page, "Save")
    approve_every_sentence(way)


def approve_every_sentence(way: Recruiting) -> None:
    """The questions are ready, as `test_journey` makes them by hand."""
    app = app_for(config_for(way.site.database_url))
    with app.app_context():
        place = get_consultation(way.slug)
        mine = update(Item).where(Item.consultation_id == place.id)
        db.session.execute(mine.values(approved_version=Item.version))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def tasks(page: Page, way: Recruiting) -> list[str]:
    """The tasks of the overview, each with its status."""
    page.goto(f"/officer/{way.slug}/")
    found = page.locator(".govuk-task-list__item").all()
    return [
        f"{each.locator('a').inner_text()}: {each.locator('.govuk-task-list__status').inner_text().strip()}"
        for each in found
    ]


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name).or_(
        page.locator("main").get_by_role("button", name=name)
    ).first.click()
    page.wait_for_load_state()


def who_we_need(way: Recruiting, page: Page, folder: Path) -> None:
    """Each page says what comes next; the officer does just that."""
    assert {"Who we need: To do", "Publicity: To do", "Thanks: If you want"} <= set(tasks(page, way))
    way.look(page, "overview")
    follow(page, "Who we need")
    assert "Next: bring in how many people" in page.locator("main").inner_text()
    way.look(page, "who-we-need-empty")
    follow(page, "Bring in a file of figures")
    page.locator("[name=file]").set_input_files(way.figures(folder))
    if way.census:
        page.locator("[name=area]").fill("Camden")
    way.look(page, "bring-in")
    upload(way, page)
    assert page.locator(".app-problems").all_inner_texts() == []
    assert "Next: say how many people the panel should hold" in page.locator("main").inner_text()
    follow(page, "Set the size of the panel")
    page.locator("[name=size]").fill(str(SIZE))
    way.look(page, "panel")
    press(page, "Save")
    assert "Next: say how many of each group you want" in page.locator("main").inner_text()
    limits(way, page)
    two_at_once(way, page)


def upload(way: Recruiting, page: Page) -> None:
    """Send the form with the file. What keeps scripts away would also take the file out of the request."""
    page.context.unroute_all()
    press(page, "Bring it in")
    if not way.has_scripts:
        without_scripts(page.context)
        page.reload()


def limits(way: Recruiting, page: Page) -> None:
    """The panel is shared out; then the officer asks for more young people than their share."""
    there = f"/officer/{way.slug}/who-we-need/groups/age_band"
    page.goto(there)
    way.look(page, "groups")
    press(page, "Save, and share the panel out by who lives here")
    page.goto(there)
    for name, number in {"minimum": LEAST, "aim": AIM, "maximum": MOST}.items():
        page.locator(f"[name={name}_1]").fill(str(number))
    press(page, "Save")
    assert heading(page) == "Who we need"
    assert "This is ready" in page.locator("main").inner_text()
    way.look(page, "who-we-need-set")


def two_at_once(way: Recruiting, page: Page) -> None:
    """Numbers that cannot all be kept are told in words, and are gone when they are taken away."""
    follow(page, "Choose two questions")
    page.locator("[name=one][value=age_band]").check()
    page.locator("[name=other][value=sex]").check()
    way.look(page, "two-questions")
    press(page, "Continue")
    page.locator("[name=minimum_1_0]").fill("many")
    press(page, "Save")
    assert page.locator(".govuk-error-summary").is_visible()
    assert page.locator("[name=minimum_1_0]").input_value() == "many"
    assert run_axe(page) == []
    page.locator("[name=minimum_1_0]").fill(str(MOST))
    page.locator("[name=minimum_1_1]").fill("3")
    press(page, "Save")
    assert "These numbers cannot all be kept" in page.locator("main").inner_text()
    way.look(page, "who-we-need-contradiction")
    follow(page, "Change these numbers Together with")
    way.look(page, "two-questions-numbers")
    for name in ("minimum_1_0", "minimum_1_1"):
        page.locator(f"[name={name}]").fill("")
    press(page, "Save")
    assert "cannot all be kept" not in page.locator("main").inner_text()


def thanks(way: Recruiting, page: Page) -> None:
    page.goto(f"/officer/{way.slug}/thanks/add")
    page.locator("[name=kind][value=voucher]").check()
    page.locator("[name=label]").fill("Voucher for shops in Abbeyford")
    page.locator("[name=survey]").fill("4")
    page.locator("[name=follow_up]").fill("6")
    way.look(page, "thanks-add")
    press(page, "Save")
    assert heading(page) == "Thanks"
    way.look(page, "thanks")


def publicity(way: Recruiting, page: Page, folder: Path) -> str:
    """A school and a library have each their address; that of the library as its poster says it."""
    for name, kind, cost in (("Pottle School", "school", "15"), ("Wend Library", "library", "40")):
        page.goto(f"/officer/{way.slug}/publicity/new")
        page.locator("[name=label]").fill(name)
        page.locator(f"[name=kind][value={kind}]").check()
        page.locator("[name=cost]").fill(cost)
        way.look(page, f"channel-add-{kind}")
        press(page, "Add the channel")
        assert heading(page) == name
        way.look(page, f"channel-{kind}")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Poster (PDF)").click()
    poster = folder / "poster.pdf"
    waited.value.save_as(poster)
    address = text_in_pdf(poster.read_bytes())
    shown = page.locator("main .app-channel-address").first.inner_text()
    assert address.endswith(f"://{shown}")
    assert address == f"{way.site.base}/go/{way.slug}/wend-library"
    page.goto(f"/officer/{way.slug}/publicity")
    way.look(page, "publicity-draft")
    return address


def follow_the_poster(address: str, page: Page) -> None:
    """Somebody whose telephone read the poster stands before joining, and joining knows the channel."""
    page.goto(address)
    assert page.url.endswith("/join?channel=wend-library")
    assert page.locator("[name=channel]").input_value() == "wend-library"


def a_crowd_comes(way: Recruiting) -> None:
    """People of two ages by two ways; all send the starting survey."""
    keys = {"library": "wend-library", "school": "pottle-school"}
    came = [
        arrive(way.browser, way.site.base, f"/go/{way.slug}/{keys[kind]}", [age, ("female", "male")[n % 2]])
        for age, kind, count in CAME
        for n in range(count)
    ]
    app = app_for(config_for(way.site.database_url))
    with app.app_context():
        everybody_is_ready(way.slug)
        db.session.remove()
        db.engine.dispose()
    for each in came:
        send(each, way.slug)
        each.dispose()


def who_is_missing(way: Recruiting, page: Page) -> None:
    page.goto(f"/officer/{way.slug}/who-we-need")
    said = page.locator("main").inner_text()
    assert "23 people have sent the starting survey." in said
    assert ADVICE in said
    row = page.locator("table tr", has=page.get_by_role("rowheader", name="16 to 24", exact=True)).first
    assert [cell.inner_text() for cell in row.locator("td").all()][2:5] == ["11", str(AIM), str(AIM - 11)]
    way.look(page, "who-is-missing")


def what_worked(way: Recruiting, page: Page) -> None:
    page.goto(f"/officer/{way.slug}/publicity")
    for name, joined in (("Wend Library", "11"), ("Pottle School", "12")):
        row = page.locator("#funnel-table tr", has=page.get_by_role("rowheader", name=name))
        assert [cell.inner_text() for cell in row.locator("td").all()] == [joined, joined, "Fewer than 10"]
    assert "16 to 24: 100% of those it brought" in page.locator("main").inner_text()
    way.look(page, "publicity")
    page.goto(f"/officer/{way.slug}/thanks")
    way.look(page, "thanks-open")


def it_is_over(way: Recruiting, page: Page) -> None:
    """Nobody can join any more, so nothing is advised, and what was at risk has come to pass."""
    page.goto(f"/officer/{way.slug}/who-we-need")
    said = page.locator("main").inner_text()
    assert "Nobody can join any more" in said
    assert "are needed" not in said
    assert "Too few" in said
    way.look(page, "who-was-missing")


def nothing_is_public(way: Recruiting, page: Page, paths: dict[str, str]) -> None:
    """No public page tells how few have come, or what the council wants of whom."""
    for name, path in paths.items():
        answer: Response | None = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        text = page.locator("main").inner_text()
        assert re.search(r"(?<![\d:.])[0-9] (people|person) ", text) is None, name
        for secret in ("panel", "target", "Wend Library", "Pottle School", "more people aged"):
            assert secret not in text, (name, secret)
        for number in (SIZE, LEAST, AIM, MOST):
            wanted = (
                rf"(?<![\d:.,£-]){number}(?![\d:.,-]| (?:January|February|March|April|May|June|July|August)"
            )
            assert re.search(rf"{wanted}| (?:September|October|November|December))", text) is None, (
                name,
                number,
            )
        way.look(page, f"public-{name}")


def pages_are_light(page: Page, way: Recruiting) -> None:
    """What the officer opened comes quickly over a slow line, as it is sent."""
    context = way.browser.new_context(base_url=way.site.base, storage_state=page.context.storage_state())
    try:
        check_weights(context, list(dict.fromkeys(url for url in way.seen if "/officer/" in url)))
    finally:
        context.close()
