"""Both surveys walked in a real Chromium from the first item to then and now, with and without scripts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from consult.accounts import current
from consult.consultations.models import Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.recruitment.models import AskedAt, Demographic
from consult.surveys.models import Answer, AnswerStatus, Item
from tests.checkers.axe import run_axe
from tests.checkers.chromium import without_scripts
from tests.compiled import app_for
from tests.conftest import config_for
from tests.making.places import make_place, make_resident
from tests.making.surveys import make_sent
from tests.pages.conftest import Site, session_cookie

pytestmark = pytest.mark.browser
NARROW = 320
SMALLEST, SURVEY_SMALLEST = 24, 44


@dataclass(frozen=True)
class Walkers:
    """A consultation in each survey, and sessions of somebody in each, one with scripts and one without."""

    survey: str
    follow_up: str
    sessions: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def walkers(site: Site) -> Walkers:
    app = app_for(config_for(site.database_url))
    sessions = {}
    with app.app_context():
        survey = make_place("survey", slug="walked-survey")
        follow_up = make_place("follow_up", slug="walked-follow-up")
        ours = select(Demographic).where(Demographic.consultation_id == survey.id)
        db.session.scalars(ours).one().asked = AskedAt.AFTER
        for how in ("scripts", "no scripts"):
            person = make_resident(survey, name=f"Walker {how}")
            sessions["survey", how] = person.session_id
            person = make_resident(follow_up, name=f"Walker {how}")
            sessions["follow_up", how] = person.session_id
            make_sent(person.participant_id, get_consultation("walked-follow-up"))
            hours = db.session.scalars(
                select(Item).filter_by(consultation_id=follow_up.id, key="hours")
            ).one()
            db.session.add(
                Answer(
                    consultation_id=follow_up.id,
                    participant_id=person.participant_id,
                    item_id=hours.id,
                    wave=Wave.PRE,
                    form=hours.form,
                    status=AnswerStatus.ANSWERED,
                    number=5,
                )
            )
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return Walkers("walked-survey", "walked-follow-up", sessions)


@pytest.fixture(params=["scripts", "no scripts"])
def contexts(
    request: pytest.FixtureRequest, site: Site, browser: Browser, walkers: Walkers
) -> Iterator[Callable[[str], BrowserContext]]:
    """A browser on a narrow telephone, for somebody in that stage."""
    opened: list[BrowserContext] = []

    def context(stage: str) -> BrowserContext:
        made = browser.new_context(base_url=site.base, viewport={"width": NARROW, "height": 700})
        value = session_cookie({current.RESIDENT: walkers.sessions[stage, request.param]})
        made.add_cookies([{"name": "session", "value": value, "url": site.base}])
        if request.param == "no scripts":
            without_scripts(made)
        opened.append(made)
        return made

    yield context
    for each in opened:
        each.close()


def looked_at(page: Page) -> None:
    """The page is accessible, fits, and nothing on it is too small to be met."""
    assert run_axe(page) == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url
    sizes = page.evaluate(
        "[...document.querySelectorAll('main button, main select, main a.govuk-button')]"
        ".map(e => e.getBoundingClientRect()).filter(r => r.height).map(r => Math.min(r.height, r.width))"
    )
    assert all(size >= SMALLEST for size in sizes), page.url
    chosen = page.evaluate(
        "[...document.querySelectorAll('main .govuk-radios__input, main .govuk-checkboxes__input')]"
        ".map(e => e.getBoundingClientRect()).filter(r => r.height).map(r => Math.min(r.height, r.width))"
    )
    assert all(size >= SURVEY_SMALLEST for size in chosen), page.url


def answered(page: Page) -> None:
    """The item on the page has an answer: its first point or option, places in order, or a few words."""
    form = page.locator("#answer")
    selects = form.locator("select")
    for n in range(selects.count()):
        selects.nth(n).select_option(str(n + 1))
    if form.locator("textarea").count():
        form.locator("textarea").first.fill("a few quiet words")
    elif not selects.count():
        form.locator("input[type=radio]").first.check()


def next_page(page: Page, button: str = "Continue") -> str:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=button, exact=True).click()
    return urlsplit(page.url).path


def walk(page: Page, slug: str, last: str) -> int:
    """Go from the first item to the list before sending; how many pages there were."""
    page.goto(f"/consultations/{slug}/continue")
    pages = 0
    while not page.url.endswith(last):
        looked_at(page)
        answered(page)
        next_page(page)
        pages += 1
        assert pages < 20, page.url
    looked_at(page)
    return pages


def test_the_whole_starting_survey(
    contexts: Callable[[str], BrowserContext], walkers: Walkers, record_property: Callable[[str, int], None]
) -> None:
    page = contexts("survey").new_page()
    pages = walk(page, walkers.survey, "/survey/check")
    assert pages == 9, "eight items and a question about the person"
    record_property("survey pages walked in a browser", pages)
    assert "16 to 24" not in page.locator("main").inner_text(), "what one said of oneself is not told again"
    assert next_page(page, "Send").endswith("/survey/sent")
    looked_at(page)
    page.get_by_role("link", name="Look at your answers or change them").click()
    looked_at(page)


def test_the_whole_follow_up_and_then_and_now(
    contexts: Callable[[str], BrowserContext], walkers: Walkers
) -> None:
    page = contexts("follow_up").new_page()
    assert walk(page, walkers.follow_up, "/follow-up/check") == 8
    assert next_page(page, "Send").endswith("/follow-up/sent")
    looked_at(page)
    page.get_by_role("button", name="See then and now").click()
    looked_at(page)
    assert page.locator("svg[role=img]").count() == 1
    answered(page)
    next_page(page, "Save")
    assert "Your answers are saved." in page.locator("main").inner_text()
    looked_at(page)


def test_the_enter_key_goes_on_and_does_not_hide_the_screen(
    site: Site, browser: Browser, walkers: Walkers
) -> None:
    app = app_for(config_for(site.database_url))
    with app.app_context():
        session_id = make_resident(get_consultation(walkers.survey), name="Key Presser").session_id
        db.session.remove()
        db.engine.dispose()
    context = browser.new_context(base_url=site.base)
    value = session_cookie({current.RESIDENT: session_id})
    context.add_cookies([{"name": "session", "value": value, "url": site.base}])
    try:
        page = context.new_page()
        page.goto(f"/consultations/{walkers.survey}/survey/1")
        page.locator("input[type=radio]").first.check()
        with page.expect_navigation():
            page.locator("input[type=radio]").first.press("Enter")
        assert page.url.endswith("/survey/2")
    finally:
        context.close()
