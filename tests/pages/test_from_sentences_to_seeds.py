"""From raw text to published seeds, as one journey: 300 made-up completions become positions in the forum.

An officer asks for suggestions, writes a codebook and freezes it. Two people code without seeing each
other: the first texts by keyboard on the page, the rest by the same requests. A third decides where they
differ. Summaries are written to the same length, quotations read one by one, holders of each view say
whether its account is fair, and everything is published. Fifty of the texts hold names beside phone
numbers, addresses and the like: nothing of it reaches a page that everybody can read.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page
from sqlalchemy import select, update

from consult.accounts import resident_sessions
from consult.accounts.current import RESIDENT
from consult.coding.models import Code
from consult.coding.queries import get_item
from consult.consultations.models import Consultation, Membership, Participant
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.summaries.models import FairnessRating, Presentation, Quotation, Summary
from tests.compiled import app_for
from tests.conftest import config_for, run_consult
from tests.making.coding import make_texts
from tests.making.places import make_place
from tests.making.three_hundred import PHRASES, THEMES, make_completions
from tests.pages.conftest import session_cookie, set_up_and_sign_in
from tests.pages.test_journey import Way, heading, press
from tests.summaries.test_personal_data import NAMES, PLANTED

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # four hundred readings take three minutes

RARE = {"Street lights": ("want brighter street lights", 4), "Horses": ("miss the horses on the square", 2)}
LABELS = (*THEMES.values(), *RARE)
BY_KEYBOARD = 4  # texts that each coder reads by hand; the rest by the requests that the page sends
SAME_LENGTH = "People say so because they live with it, week after week, and nobody has asked them before."


@dataclass
class Seeding(Way):
    """One walk: a consultation of its own, and what each text holds."""

    size: int = 300
    held: dict[str, frozenset[str]] = field(default_factory=dict)  # labels of themes by the words of a text

    @property
    def planted(self) -> list[tuple[str, str]]:
        """Texts in which somebody gives themselves away: one in six."""
        return PLANTED[: self.size // 6]

    @property
    def name(self) -> str:
        return f"{super().name}-{self.size}"

    @property
    def slug(self) -> str:
        return f"seeds-{self.name}"

    @contextmanager
    def record(self) -> Iterator[Consultation]:
        with app_for(config_for(self.site.database_url)).app_context():
            yield get_consultation(self.slug)
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    def make(self) -> None:
        """People have written and sent; some gave themselves away, some will not be quoted."""
        for label, (words, count) in RARE.items():
            for n in range(count):
                self.held[f"{words}, as person {n} of {count}"] = frozenset({label})
        for n, (words, _secret) in enumerate(self.planted):
            self.held[f"{PHRASES['noise'][n % 4]}. {words}"] = frozenset({THEMES["noise"]})
        for n, made in enumerate(make_completions(self.size - len(self.held))):
            self.held[f"{made.words} ({n})"] = frozenset(THEMES[key] for key in made.themes)
        with app_for(config_for(self.site.database_url)).app_context():
            place = make_place("summarising", slug=self.slug)
            people = make_texts(place, list(self.held))
            db.session.execute(
                update(Participant).where(Participant.id.in_(people[self.size // 5 :: 7])).values(quote=False)
            )
            db.session.add_all(_membership(place, person) for person in people)
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    def staff(self, opened: Callable[[], Page], name: str, role: str) -> Page:
        """Somebody new of that role, signed in."""
        page = opened()
        link = self.link_for(role, "--consultation", self.slug, name=name)
        set_up_and_sign_in(page, link)
        return page

    def link_for(self, role: str, *more: str, name: str = "") -> str:
        email = f"{name}.{self.name}@abbeyford.example"
        added = run_consult(self.site.database_url, "staff", "add", email, "--role", role, *more)
        found = re.search(r"/staff/set-up/\S+", added.stdout)
        assert found, added.stderr
        return f"{self.site.base}{found[0]}"


@pytest.fixture(
    params=[(320, False), (1280, True)],
    ids=["narrow without scripts", "wide"],
)
def seeding(request, site, browser) -> Seeding:
    made = Seeding(browser, site, *request.param)
    made.make()
    return made


@pytest.fixture
def opened(seeding) -> Iterator[Callable[[], Page]]:
    contexts = []

    def fresh() -> Page:
        contexts.append(seeding.fresh())
        return contexts[-1].new_page()

    yield fresh
    for context in contexts:
        context.close()


def write_codebook(way: Seeding, page: Page) -> None:
    """Themes are suggested, taken up and added; then the codebook is frozen."""
    page.goto(f"/analyst/{way.slug}/coding/")
    page.get_by_role("link", name="Open the codebook").first.click()
    codebook = page.url
    press(page, "Suggest themes")
    assert "texts" in page.locator("section.app-coding").first.inner_text()
    page.get_by_role("link", name="Make a theme of this").first.click()
    for n, label in enumerate(LABELS):
        if n:
            page.goto(f"{codebook}/new")
        page.locator("[name=label]").fill(label)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        assert heading(page) == "Codebook", page.locator("main").inner_text()
    press(page, "Freeze version 1")
    page.get_by_role("button", name="Start coding").first.click()
    assert heading(page) == "Start coding"
    press(page, "Start coding")


def fields_of(text: str) -> dict[str, str]:
    """The hidden fields of the form that holds a text."""
    form = text[text.index('name="place"') - 3000 : text.index('name="held"')]
    return {
        name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', form)[-1]
        for name in ("csrf_token", "place", "codebook")
    }


def shown_text(text: str) -> str | None:
    found = re.search(r"app-reading__words[^>]*>(.*?)</blockquote>", text, re.DOTALL)
    return html.unescape(found[1]).strip() if found else None


def boxes_of(text: str) -> dict[str, str]:
    """The value of each theme's box, by the theme."""
    values = [html.unescape(value) for value in re.findall(r'name="held"[^>]*value="(theme [^"]*)"', text)]
    return dict(zip(LABELS, values, strict=True))


def code_everything(way: Seeding, page: Page, *, errs: Callable[[int], bool]) -> int:
    """Somebody reads every text that waits for them, and errs in some; how many they read."""
    path, n = f"/analyst/{way.slug}/coding/words/read", 0
    while True:
        page.goto(path)
        words = shown_text(page.content())
        if words is None or n == BY_KEYBOARD:
            break
        assert not re.search(r"\b(pre|post|before|after)\b", page.url)
        for label in way.held[words]:
            box = page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(label)}"))
            if way.has_scripts:
                page.locator("input[name=held]").first.focus()
                page.keyboard.press(str(LABELS.index(label) + 1))
                assert box.is_checked()
            else:
                box.focus()
                page.keyboard.press("Space")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        n += 1
    while words is not None:
        text = page.request.get(path).text()
        words = shown_text(text)
        if words is None:
            break
        boxes = boxes_of(text)
        labels = {LABELS[(n * 3) % 5]} if errs(n) else way.held[words]
        sent = [*fields_of(text).items(), *(("held", boxes[label]) for label in sorted(labels)), ("note", "")]
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in sent)
        answer = page.request.post(
            path,
            data=body,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            max_redirects=0,
        )
        assert answer.status == 303, answer.text()
        n += 1
    return n


def decide_everything(way: Seeding, page: Page) -> int:
    """A third person decides where the two differ, each time on the page; how many there were."""
    n = 0
    while True:
        page.goto(f"/analyst/{way.slug}/coding/words/decide")
        words = shown_text(page.content())
        if words is None:
            return n
        for label in LABELS:
            box = page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(label)}"))
            box.set_checked(label in way.held[words])
        press(page, "Decide and go on")
        n += 1


def summarise(way: Seeding, page: Page) -> None:
    """Each view is written to the same length, and every quotation is read."""
    page.goto(f"/moderator/{way.slug}/summaries")
    with way.record() as place:
        stem = get_item(place, "words").stem
    page.locator("section", has_text=stem).get_by_role("button", name="Begin a summary").click()
    page.wait_for_load_state()
    shown = page.locator("section[data-view]")
    assert shown.count() == len(LABELS) - 1, "two people hold no view that is shown"
    for view in shown.all():
        view.locator("textarea[name$=completion]").fill("… have this on my mind, more than anything else")
        view.locator("textarea[name$=reasons]").fill(SAME_LENGTH)
        view.locator("textarea[name$=worry]").fill("They fear that it will go on as it is.")
    if way.has_scripts:  # told while one types, before anything is saved
        one = shown.first
        one.locator("textarea[name$=worry]").press_sequentially("far more words than the others " * 4)
        assert "aim for" in one.locator("[data-count]").inner_text()
        one.locator("textarea[name$=worry]").fill("They fear that it will go on as it is.")
        assert "as long as the others" in one.locator("[data-count]").inner_text()
    page.locator("[name=counts_shown][value=at_once]").check()
    press(page, "Save")
    for n in range(shown.count()):
        page.get_by_role("button", name=f"for view {n + 1}").click()
        page.wait_for_load_state()
    while page.get_by_role("button", name=re.compile("^Accept")).count():
        page.get_by_role("button", name=re.compile("^Accept")).first.click()
        page.wait_for_load_state()
    press(page, "Ask people who hold the views")


def rate(way: Seeding, opened: Callable[[], Page]) -> None:
    """Everybody who was asked comes back with a session and says that the account is mostly fair."""
    with way.record() as place:
        asked = sorted(set(db.session.scalars(select(FairnessRating.participant_id))))
        mine = select(Participant.id).where(Participant.consultation_id == place.id)
        asked = [each for each in asked if each in set(db.session.scalars(mine))]
        assert len(asked) >= 5 * (len(LABELS) - 2), "five of each view, and all of the rare one"
        sessions = [_session_of(place, participant) for participant in asked]
    page = opened()
    for session in sessions:
        page.context.clear_cookies()
        value = session_cookie({RESIDENT: session})
        page.context.add_cookies([{"name": "session", "value": value, "url": way.site.base}])
        for n in range(1, len(LABELS)):  # whoever holds several views is asked about several
            answer = page.goto(f"/consultations/{way.slug}/fair-account/{n}")
            if answer is None or answer.status == 404:
                assert n > 1
                break
            assert heading(page) == "Is this a fair account of your view?"
            page.locator("[name=rating][value='4']").check()
            press(page, "Save")


def _membership(place: Consultation, participant: int) -> Membership:
    """How somebody who joined through the pages can come back."""
    return Membership(
        participant_id=participant,
        consultation_id=place.id,
        display_name=f"Reader {participant}",
        name_key=f"reader {participant}",
        consent_version=1,
        consented_at=place.stages[0].opens_at,
        messages=False,
        order_seed=participant,
    )


def _session_of(place: Consultation, participant: int) -> str:
    return resident_sessions.begin(participant, place.id, is_shared=False)


def orders(way: Seeding, opened: Callable[[], Page], thread: str) -> None:
    """Readers get the views in their own order, again and again, and what is logged is what was shown."""
    with way.record() as place:
        readers = db.session.scalars(
            select(Membership.participant_id).where(Membership.consultation_id == place.id).limit(5)
        ).all()
        sessions = {reader: _session_of(place, reader) for reader in readers}
    page, seen = opened(), {}
    for reader, session in sessions.items():
        page.context.clear_cookies()
        value = session_cookie({RESIDENT: session})
        page.context.add_cookies([{"name": "session", "value": value, "url": way.site.base}])
        page.goto(thread)
        seen[reader] = page.locator("section.app-view").all_inner_texts()
        page.goto(thread)
        assert page.locator("section.app-view").all_inner_texts() == seen[reader]
    with way.record() as place:
        summary = db.session.scalars(select(Summary).where(Summary.consultation_id == place.id)).one()
        logged = {
            row.participant_id: json.loads(row.positions)
            for row in db.session.scalars(select(Presentation).filter_by(summary_id=summary.id))
        }
    assert set(logged) == set(sessions)
    # Each view tells another number or another quotation, so its text stands for its key.
    by_text = {
        text: key for reader in sessions for text, key in zip(seen[reader], logged[reader], strict=True)
    }
    for reader in sessions:
        assert [by_text[text] for text in seen[reader]] == logged[reader]
    assert len({tuple(order) for order in logged.values()}) > 1


def test_three_hundred_sentences_become_seeds(seeding: Seeding, opened: Callable[[], Page]) -> None:
    officer = seeding.staff(opened, "olive", "officer")
    analyst = seeding.staff(opened, "ana", "analyst")
    third = seeding.staff(opened, "theo", "officer")
    write_codebook(seeding, officer)
    first = code_everything(seeding, officer, errs=lambda _n: False)
    second = code_everything(seeding, analyst, errs=lambda n: n % 12 == 7)
    twice = min(seeding.size, 100)
    assert first + second == seeding.size + twice, "a hundred texts are read by both"
    assert decide_everything(seeding, third) > 0
    officer.goto(f"/analyst/{seeding.slug}/coding/words/agreement")
    assert "relied on" in officer.locator("main").inner_text()
    summarise(seeding, officer)
    written = officer.url.partition("#")[0]
    rate(seeding, opened)
    officer.goto(written)
    assert "This summary is ready." in officer.inner_text("main"), officer.inner_text("main")
    officer.goto(f"/moderator/{seeding.slug}/seeds/publish")
    assert officer.get_by_role("button", name="Publish the summaries").count(), officer.inner_text("main")
    press(officer, "Publish the summaries")
    visitor = opened()
    visitor.goto(f"/consultations/{seeding.slug}/forum/")
    visitor.locator("main a[href*='/forum/']").first.click()
    visitor.wait_for_load_state()
    text = visitor.content()
    views = visitor.locator("section.app-view").all_inner_texts()
    assert len(views) == len(LABELS) - 1
    assert sum("Fewer than 10 people hold this view." in view for view in views) == 1
    assert "horses" not in text
    assert [name for name in NAMES if name in text.lower()] == []
    shown = visitor.locator("article.app-opener").inner_text().lower()
    for secret in {each for _words, secrets in seeding.planted for each in secrets.lower().split()}:
        # What is told by words alone, or by two figures, stands in many a sentence; all else may not.
        if len(secret) > 2 and any(sign.isdigit() for sign in secret):
            assert secret not in shown, secret
    with seeding.record() as place:
        quoted = list(db.session.scalars(select(Quotation).where(Quotation.consultation_id == place.id)))
        assert quoted
        assert len({each.participant_id for each in quoted}) == len(quoted)
        for each in quoted:
            assert db.session.get_one(Participant, each.participant_id).quote is True
            assert db.session.scalar(select(Code.id).where(Code.answer_id == each.answer_id)) is not None
            assert f"answers/{each.answer_id}" not in text
    orders(seeding, opened, visitor.url)
