"""Every form in a real Chromium, filled in and sent wrongly: it must still be accessible, fit and help.

A form that was sent wrongly says so first in the title and in a summary, each line of which leads by the
keyboard into the field that it is about, where the same words stand. Nothing here is accepted by the site,
so that its other pages stay as they are.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from consult.accounts import current
from consult.db import db
from tests.checkers.axe import run_axe
from tests.compiled import app_for
from tests.conftest import config_for
from tests.making.places import make_place, make_resident
from tests.pages.conftest import Site, resident_context, session_cookie
from tests.pages.test_in_browser import ALL_PAGES, PLACE

pytestmark = pytest.mark.browser
Noting = Callable[[str, int], None]
NARROW = {"width": 320, "height": 800}

# How a form is sent wrongly: with nothing in it and nothing chosen, or this.
EMPTY: dict[str, str] = {}
WRONG: dict[str, dict[str, str]] = {
    "staff.accounts.sign_in": EMPTY,
    "public.consultations.home": EMPTY,
    "public.recruitment.join": EMPTY,
    "public.returning.enter_code": EMPTY,
    "public.returning.enter_code closed": {"#code": "2222-2222-222"},
    "public.returning.lost": EMPTY,
    "public.forum.thread resident": EMPTY,
    "resident.forum.reply": {"[name=text]": "word " * 1200},
    "resident.forum.reply draft": EMPTY,
    "resident.forum.mail": EMPTY,
    "resident.recruitment.name": EMPTY,
    "resident.recruitment.about_you": {"said": "nothing of the list"},
    "resident.rights.consent": {"quote": "perhaps", "messages": "perhaps"},
    "resident.rights.download": EMPTY,
    "resident.rights.download in follow-up": EMPTY,
    "resident.rights.withdraw": EMPTY,
    "resident.surveys.survey": {"answer": "99"},
    "admin.accounts.add": EMPTY,
    "officer.desk.create": EMPTY,
    "officer.desk.people": {"question_age_band": "perhaps", "question_sex": "perhaps"},
    "officer.desk.rehearse": {"step": "other"},
    "officer.consultations.about": {
        "[name='decides_on-day']": "31",
        "[name='decides_on-month']": "2",
        "[name='decides_on-year']": "2031",
        "[name=minimum_age]": "young",
    },
    "officer.consultations.timetable": EMPTY,
    "officer.consultations.extend": EMPTY,
    "officer.consultations.extend over": EMPTY,
    "officer.consultations.close": EMPTY,
    "officer.incentives.add": EMPTY,
    "officer.incentives.change": EMPTY,
    "officer.incentives.find": EMPTY,
    "officer.incentives.plan": {"for_whom": "perhaps"},
    "officer.representation.panel": {"[name=size]": "many"},
    "officer.representation.groups": {"[name=population_0]": "many", "[name=aim_1]": "-4"},
    "officer.two_questions.numbers": {
        "[name=minimum_0_0]": "many",
        "[name=aim_0_1]": "20",
        "[name=maximum_0_1]": "10",
    },
    "officer.representation.bring_in": EMPTY,
    "analyst.representation.bring_in": EMPTY,
    "officer.representation.raise_limit": EMPTY,
    "resident.incentives.choose": EMPTY,
    "resident.incentives.contact": {"[name=contact]": "neither one nor the other"},
    "officer.publicity.add": EMPTY,
    "officer.publicity.change": EMPTY,
    "analyst.analysis.weights": EMPTY,
    "analyst.coding.add_theme": EMPTY,
    "analyst.coding.change_theme": EMPTY,
    "analyst.coding.codebook": {"[name=k]": "many"},
    "analyst.coding.start": EMPTY,
    "analyst.texts.read": EMPTY,
    "analyst.texts.decide": EMPTY,
    "analyst.texts.columns": EMPTY,
    "moderator.forum.add_seed": EMPTY,
    "moderator.forum.add_seed from answers": EMPTY,
    "moderator.forum.speak": EMPTY,
    "moderator.forum.speak answer": EMPTY,
    "resident.forum.start": EMPTY,
    "moderator.facilitation.answer": EMPTY,
    "moderator.facilitation.decline": EMPTY,
    "moderator.facilitation.conclude": EMPTY,
    "moderator.facilitation.reopen": EMPTY,
    "moderator.facilitation.add_prompt": EMPTY,
    "moderator.facilitation.change_prompt": EMPTY,
    "public.moderation.report": EMPTY,
    "public.moderation.report resident": EMPTY,
    "resident.moderation.hidden": EMPTY,
    "resident.moderation.message": EMPTY,
    "moderator.moderation.reply": EMPTY,
    "moderator.moderation.decide": EMPTY,
    "moderator.moderation.decide hidden": EMPTY,
    "moderator.moderation.answer": EMPTY,
    "moderator.moderation.stop": EMPTY,
    "officer.surveys.add scale": EMPTY,
    "officer.surveys.add knowledge": EMPTY,
    "officer.surveys.edit": EMPTY,
    "officer.surveys.edit scale": EMPTY,
    "officer.surveys.sentences": EMPTY,
    "officer.surveys.correct": EMPTY,
}
NEVER_WRONG = {
    "resident.forum.mine": "a button beside each draft",
    "public.forum.stop_mail": "a button",
    "moderator.moderation.queue": "a button beside whoever may be in danger",
    "moderator.moderation.read_first": "choices, of which one is made",
    "moderator.facilitation.pin": "a button",
    "moderator.facilitation.remove_prompt": "a button",
    "admin.accounts.member": "buttons, and choices from lists",
    "public.recruitment.join already": "a button",
    "resident.rights.new_code": "a button",
    "resident.rights.withdraw sure": "a button",
    "resident.surveys.waiting": "a button",
    "resident.surveys.waiting summarising": "a button",
    "resident.surveys.waiting forum": "a button",
    "resident.surveys.waiting follow-up": "a button",
    "officer.surveys.items": "buttons",
    "officer.surveys.items fixed": "buttons",
    "officer.surveys.remove": "a button",
    "officer.publicity.remove": "a button",
    "officer.incentives.ledger": "a button beside each number",
    "officer.incentives.ledger all": "a button beside each number",
    "officer.incentives.offer fixed": "a button: the file for finance",
    "officer.incentives.remove": "a button",
    "officer.representation.change": "a button",
    "analyst.coding.home": "a button",
    "moderator.summaries.items": "buttons",
    "analyst.exports.downloads": "one kind of file is chosen beforehand, and no other can be",
}
ONLY_A_FILE = {"analyst.texts.columns"}  # which nobody types
QUICK_WRONG = {"public.recruitment.join", "officer.consultations.timetable", "officer.surveys.add scale"}
QUICK_FILLED = {"resident.surveys.survey", "officer.consultations.about", "public.recruitment.join"}
SENTENCES = (
    "I would like the shops to close a little earlier on weekdays, because the buses stop at nine and"
    " Llanfairpwllgwyngyllgogerychwyrndrobwll is far. "
)
ADDRESS = "https://abbeyford.example/" + "a-very-long-address-without-a-space-" * 4
FORM = "main form[method=post]:not([action='/finish'])"


@pytest.fixture(scope="module")
def narrow(site: Site, browser: Browser, signed_in: BrowserContext) -> Iterator[dict[str, BrowserContext]]:
    """Narrow browsers of a visitor, of staff and of participants."""
    made = {
        "visitor": browser.new_context(base_url=site.base, viewport=NARROW),
        "staff": browser.new_context(
            base_url=site.base, viewport=NARROW, storage_state=signed_in.storage_state()
        ),
        **{place: resident_context(browser, site, place, viewport=NARROW) for place in site.residents},
    }
    yield made
    for context in made.values():
        context.close()


PAGES = {name: (path, who) for name, path, who in ALL_PAGES}


def context_of(narrow: dict[str, BrowserContext], name: str) -> BrowserContext:
    path, who = PAGES[name]
    place = PLACE.search(path)
    return narrow[place[1] if who == "resident" and place else who]


@pytest.fixture
def opened(narrow: dict[str, BrowserContext], site: Site) -> Iterator[Callable[[str], Page]]:
    pages: list[Page] = []

    def open_page(name: str) -> Page:
        page = context_of(narrow, name).new_page()
        pages.append(page)
        page.goto(site.path(PAGES[name][0]))
        return page

    yield open_page
    for page in pages:
        page.close()


def fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width <= 0


# --- sent wrongly


def send_wrongly(form: Locator, how: dict[str, str]) -> int:
    """Take everything out of the form, put in what is wrong, and send it; the status that it gets."""
    fields = "input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=file]), textarea"
    form.evaluate(
        "(form, fields) => { for (const field of form.querySelectorAll(fields)) field.value = '';"
        " for (const box of form.querySelectorAll('[type=radio], [type=checkbox]')) box.checked = false; }",
        fields,
    )
    for where, value in how.items():
        if where.startswith(("[", "#")):
            form.locator(where).first.fill(value)
        else:
            radios = form.locator(f"input[type=radio][name='{where}']")
            if radios.and_(form.locator(f"[value='{value}']")).count():
                form.locator(f"input[type=radio][name='{where}'][value='{value}']").check()
            else:  # as a page can have it that is older than the form
                radios.first.evaluate(
                    "(radio, value) => { radio.value = value; radio.checked = true; }", value
                )
    return press_send(form)


def press_send(form: Locator) -> int:
    page = form.page
    others = ":not([tabindex='-1']):not(.app-link-button):not([name=keep]):not([name=quote])"
    buttons = form.locator(f"button[type=submit]{others}")
    main = buttons.and_(form.locator("[value=continue], [value=save]"))
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        (main if main.count() else buttons).last.click()
    page.wait_for_load_state()
    return answered.value.status


def judge_errors(page: Page) -> int:
    """The page says what is wrong as every page must; how many lines its summary has."""
    assert page.title().startswith("Error: "), page.title()
    assert page.locator("h1").count() == 1
    assert run_axe(page) == [], page.url
    assert fits(page), page.url
    summary = page.locator(".govuk-error-summary")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary", "it has the focus"
    assert summary.bounding_box()["y"] < page.locator("h1").bounding_box()["y"]  # type: ignore[index]
    lines = summary.locator("li").count()
    assert lines == summary.locator("li a").count() > 0, "every line leads somewhere"
    places = [judge_link(page, n) for n in range(lines)]
    assert places == sorted(places), "the lines come in the order of the fields"
    return lines


# The words of every element that describes the field or the group that it is in.
DESCRIBED = """field => {
  const found = [];
  for (let at = field; at && at.tagName !== 'FORM'; at = at.parentElement)
    for (const id of (at.getAttribute('aria-describedby') ?? '').split(' '))
      if (id) found.push(document.getElementById(id)?.textContent ?? '');
  return found.join(' ').replace(/\\s+/g, ' ');
}"""


def judge_link(page: Page, n: int) -> int:
    """The line leads, by the keyboard alone, into the field that it is about, where it is read out again.

    Where in the page that field stands.
    """
    page.evaluate(
        "() => { const e = document.querySelector('.govuk-error-summary'); e.tabIndex = -1; e.focus(); }"
    )
    for _ in range(n + 1):
        page.keyboard.press("Tab")
    link = page.locator(".govuk-error-summary li a").nth(n)
    said, target = link.inner_text(), str(link.get_attribute("href"))
    assert link.evaluate("link => link === document.activeElement"), f"line {n} is no stop of Tab"
    page.keyboard.press("Enter")
    field = page.locator(f"[id='{target.removeprefix('#')}']")
    assert field.evaluate("field => field === document.activeElement"), f"{said!r} leads nowhere: {target}"
    assert field.evaluate("field => ['INPUT', 'TEXTAREA', 'SELECT'].includes(field.tagName)"), target
    assert said in field.evaluate(DESCRIBED), f"{said!r} is not said again at {target}"
    place = field.bounding_box()
    assert place is not None
    assert 0 <= place["y"] <= NARROW["height"] - place["height"], f"{target} is out of sight"
    order: int = field.evaluate("field => [...document.querySelectorAll('*')].indexOf(field)")
    return order


def params(names: Any, quick: set[str]) -> list[Any]:
    return [
        pytest.param(name, marks=() if name in quick else pytest.mark.slow, id=name.replace(" ", "-"))
        for name in names
    ]


@pytest.mark.parametrize("name", params(WRONG, QUICK_WRONG))
def test_a_form_that_was_sent_wrongly_helps(
    opened: Callable[[str], Page], name: str, record_property: Noting
) -> None:
    page = opened(name)
    form = page.locator(FORM).last
    assert form.evaluate("form => form.noValidate"), "the browser must not judge instead"
    assert send_wrongly(form, WRONG[name]) == 422
    record_property("forms tried in the error state", 1)
    record_property("lines of error summaries followed by the keyboard", judge_errors(page))


# --- filled in


def fill_in(form: Locator) -> int:
    """Long words in every field that takes them, and the last of every choice; how many fields there are."""
    form.evaluate("form => { for (const part of form.querySelectorAll('details')) part.open = true; }")
    count = 0
    for field in form.locator("textarea, input:not([type=hidden]):not([type=file]), select").all():
        kind = field.evaluate("field => field.type")
        if not field.is_visible() and kind not in {"radio", "checkbox"}:
            continue
        count += 1
        if kind == "select-one":
            field.select_option(index=field.locator("option").count() - 1)
        elif kind in {"radio", "checkbox"}:
            field.check(force=True)
        else:
            field.fill(words_for(field, kind))
    return count


def words_for(field: Locator, kind: str) -> str:
    name = str(field.get_attribute("name"))
    for part, value in {"-day": "30", "-month": "11", "-year": "2031", "-time": "11:59pm"}.items():
        if name.endswith(part):
            return value
    if kind == "email":
        return f"{'long.name.' * 8}@abbeyford.example"
    return SENTENCES * 6 + ADDRESS if kind == "textarea" else SENTENCES.strip()


@pytest.mark.parametrize("name", params(sorted(WRONG.keys() - ONLY_A_FILE), QUICK_FILLED))
def test_a_form_that_is_filled_in_is_accessible_and_fits(
    opened: Callable[[str], Page], name: str, record_property: Noting
) -> None:
    page = opened(name)
    assert fill_in(page.locator(FORM).last) > 0
    assert run_axe(page) == []
    assert fits(page)
    record_property("forms tried in the filled state", 1)


# --- a survey, which only opens item by item


@pytest.fixture
def survey_page(site: Site, browser: Browser) -> Iterator[Page]:
    """Somebody new at the first item of a survey with an item of every form."""
    app = app_for(config_for(site.database_url))
    with app.app_context():
        place = make_place("survey", slug="survey-with-slips")
        resident = make_resident(place, name="Slipping Wren")
        db.session.remove()
        db.engine.dispose()
    context = browser.new_context(base_url=site.base, viewport=NARROW)
    value = session_cookie({current.RESIDENT: resident.session_id})
    context.add_cookies([{"name": "session", "value": value, "url": site.base}])
    page = context.new_page()
    page.goto("/consultations/survey-with-slips/survey/1")
    yield page
    context.close()


def answer_wrongly(form: Locator) -> int:
    if form.locator("select").count():
        for select in form.locator("select").all():
            select.select_option("1")
        return press_send(form)
    if form.locator("textarea").count():
        return send_wrongly(form, {"[name=answer]": "word " * 120})
    if form.locator("[value=other]").count():
        return send_wrongly(form, {"answer": "other"})
    return send_wrongly(form, {"answer": "99"})


@pytest.mark.slow
def test_every_kind_of_item_helps_and_is_accessible_filled_in(
    survey_page: Page, record_property: Noting
) -> None:
    page, pages, lines = survey_page, 0, 0
    while re.search(r"/survey/\d+$", page.url):
        form = page.locator("#answer")
        assert answer_wrongly(form) == 422, page.url
        lines += judge_errors(page)
        page.goto(page.url)
        fill_in(page.locator("#answer"))
        assert run_axe(page) == [], page.url
        assert fits(page), page.url
        page.goto(page.url)
        page.get_by_role("button", name="Skip this one").click()
        page.wait_for_load_state()
        pages += 1
    assert pages == 8
    record_property("forms tried in the error state", pages)
    record_property("forms tried in the filled state", pages)
    record_property("lines of error summaries followed by the keyboard", lines)


# --- none is forgotten


MAIN = re.compile(r"<main.*</main>", re.DOTALL)
POSTING = re.compile(r'<form method="post"(?! action="/finish")')


def test_every_page_with_a_form_is_tried(narrow: dict[str, BrowserContext], site: Site) -> None:
    found = set()
    for name, (path, _who) in PAGES.items():
        answer = context_of(narrow, name).request.get(f"{site.base}{site.path(path)}")
        assert urlsplit(answer.url).path == urlsplit(site.path(path)).path, f"{name}: another page was shown"
        main = MAIN.search(answer.text())
        if main and POSTING.search(main[0]):
            found.add(name)
    assert found - set(NEVER_WRONG) == set(WRONG)
