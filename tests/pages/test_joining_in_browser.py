"""Joining as at a library's computer: in a real browser, with scripts and without, up to the slip."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from consult.accounts import code_rules
from tests.checkers.axe import run_axe
from tests.checkers.chromium import without_scripts
from tests.pages.conftest import Site

pytestmark = pytest.mark.browser
NARROW = 320


@pytest.fixture(params=["scripts", "no scripts"])
def context(request: pytest.FixtureRequest, site: Site, browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=site.base, viewport={"width": NARROW, "height": 800})
    if request.param == "no scripts":
        without_scripts(made)
    yield made
    made.close()


def look_at(page: Page, heading: str) -> None:
    """The page is the right one, fits a narrow screen, and breaks no rule of accessibility."""
    assert page.locator("h1").inner_text() == heading
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert run_axe(page) == []


def press(page: Page, button: str) -> None:
    """The form is sent, and what it leads to is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def choose(page: Page, **answers: str) -> None:
    for name, value in answers.items():
        page.locator(f'input[name="{name}"][value="{value}"]').check()


def test_somebody_joins_chooses_a_name_says_a_little_and_takes_a_code_along(
    context: BrowserContext, site: Site, request: pytest.FixtureRequest
) -> None:
    page = context.new_page()
    page.goto(site.path("/consultations/{survey}/join"))
    press(page, "Agree and continue")
    look_at(page, "Before you start")
    assert page.title().startswith("Error: ")
    assert page.locator(".govuk-error-summary a").count() == 4
    choose(page, area="yes", age="yes", quote="yes", agree="y")
    press(page, "Agree and continue")

    look_at(page, "Choose a name")
    choose(page, choice="own")
    page.locator("#own").fill(f"Tam with {request.node.callspec.id}")
    press(page, "Continue")
    while "/about-you/" in page.url:
        assert run_axe(page) == []
        press(page, "Skip this question")

    look_at(page, "Your return code")
    code = page.locator(".app-return-code__code").inner_text()
    assert code_rules.normal(code)
    one_line = page.locator(".app-return-code__code").evaluate(
        "(it) => it.getClientRects().length === 1 && it.scrollWidth <= it.clientWidth"
    )
    assert one_line
    page.get_by_role("link", name="Print a slip with both").click()
    look_at(page, "Your slip")
    assert page.locator(".app-slip .app-return-code__code").inner_text() == code
    page.emulate_media(media="print")
    for gone in (".app-no-print", ".govuk-back-link", ".app-header__end", ".govuk-template__footer"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator(".app-slip").is_visible()
    page.emulate_media(media="screen")

    page.go_back()
    choose(page, written="y")
    press(page, "Continue")
    assert re.search(r"/survey/1$", page.url)
    assert code not in page.content()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_somebody_leaves_and_is_told_so_on_a_page_that_names_nobody(
    context: BrowserContext, site: Site
) -> None:
    page = context.new_page()
    page.goto(site.path("/consultations/{survey}/join"))
    choose(page, area="yes", age="yes", quote="yes", agree="y")
    press(page, "Agree and continue")
    page.goto(site.path("/consultations/{survey}/about-me/withdraw"))
    choose(page, answers="delete")
    press(page, "Continue")
    look_at(page, "Are you sure that you want to leave?")
    press(page, "Leave and delete my answers")
    look_at(page, "You have left the consultation")
    page.goto(site.path("/consultations/{survey}/about-me"))
    assert page.url.endswith(site.path("/consultations/{survey}/"))
