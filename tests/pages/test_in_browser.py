"""Every page in a real Chromium: accessible, narrow, light, at home, with and without scripts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.checkers.axe import run_axe
from tests.checkers.chromium import without_scripts
from tests.pages import addresses
from tests.pages.conftest import Site, resident_context

pytestmark = pytest.mark.browser

NARROW, WIDE = 320, 1280
FIRST_VIEW, LATER_VIEW = 60_000, 15_000

OPEN_PAGES, RESIDENT_PAGES, STAFF_PAGES = (addresses.gathered(kind) for kind in ("OPEN", "RESIDENT", "STAFF"))
ALL_PAGES = [
    (name, path, who)
    for who, pages in (("visitor", OPEN_PAGES), ("resident", RESIDENT_PAGES), ("staff", STAFF_PAGES))
    for name, path in pages.items()
]
PLACE = re.compile(r"\{(\w+)\}")


@dataclass
class Seen:
    """What a page said and asked for while it was open."""

    page: Page
    console: list[str]
    abroad: list[str]


@pytest.fixture(params=["scripts", pytest.param("no scripts", marks=pytest.mark.slow)], scope="module")
def contexts(
    request: pytest.FixtureRequest, site: Site, browser: Browser, signed_in: BrowserContext
) -> Iterator[dict[str, BrowserContext]]:
    """Browsers of a visitor, of staff and of participants, with scripts and with scripts forbidden."""
    made = {
        "visitor": browser.new_context(base_url=site.base),
        "staff": browser.new_context(base_url=site.base, storage_state=signed_in.storage_state()),
        **{place: resident_context(browser, site, place) for place in site.residents},
    }
    for context in made.values():
        context.on("close", lambda _: None)
        if request.param == "no scripts":
            without_scripts(context)
    yield made
    for context in made.values():
        context.close()


def opened(context: BrowserContext, site: Site, path: str, width: int) -> Seen:
    page = context.new_page()
    console: list[str] = []
    abroad: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            abroad.append(asked.url)
            if urlsplit(asked.url).netloc not in {urlsplit(site.base).netloc, ""}
            else None
        ),
    )
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    return Seen(page, console, abroad)


# The quick tests look at each page once, narrow and with scripts; the slow ones in all four ways.
@pytest.mark.parametrize("width", [NARROW, pytest.param(WIDE, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("name", "path", "who"), ALL_PAGES, ids=[name for name, _, _ in ALL_PAGES])
def test_a_page_is_accessible_fits_and_stays_at_home(
    contexts: dict[str, BrowserContext],
    site: Site,
    name: str,
    path: str,
    who: str,
    width: int,
    record_property: Callable[[str, int], None],
) -> None:
    place = PLACE.search(path)
    context = contexts[place[1] if who == "resident" and place else who]
    seen = opened(context, site, site.path(path), width)
    try:
        assert seen.page.locator("h1").count() == 1
        assert run_axe(seen.page) == []
        record_property("pages checked by axe", 1)
        too_wide = seen.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0
        assert seen.abroad == []
        # A browser says that scripts are forbidden by a policy, that a page is missing, what it has cleared.
        expected = ("script-src", "404", "Clear-Site-Data")
        said = [line for line in seen.console if not any(part in line for part in expected)]
        assert said == []
    finally:
        seen.page.close()


def test_every_route_that_shows_a_page_is_looked_at(sqlite_app: Flask) -> None:
    routes = {rule.endpoint for rule in sqlite_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {name.split(" ")[0] for name in (*OPEN_PAGES, *RESIDENT_PAGES, *STAFF_PAGES)}
    assert routes - addresses.named("NOT_PAGES") - addresses.named("WALKED") == looked_at - {"error"}


def weighed(page: Page, path: str) -> int:
    """Bytes that came over the line for a page."""
    answers: list[Any] = []

    def note(answer: Any) -> None:  # Playwright wants a function of Python, not a method of a list
        answers.append(answer)

    page.on("response", note)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return sum(
        a.request.sizes()["responseBodySize"] + a.request.sizes()["responseHeadersSize"]
        for a in answers
        if not 300 <= a.status < 400
    )


def test_pages_are_light(site: Site, browser: Browser, signed_in: BrowserContext) -> None:
    context = browser.new_context(base_url=site.base, storage_state=signed_in.storage_state())
    try:
        page = context.new_page()
        first = weighed(page, "/analyst/")
        assert 0 < first <= FIRST_VIEW
        for path in (*OPEN_PAGES.values(), *STAFF_PAGES.values()):
            page = context.new_page()
            assert 0 < weighed(page, site.path(path)) <= LATER_VIEW, path
            page.close()
    finally:
        context.close()


@pytest.mark.parametrize(
    "place", sorted({found[1] for found in map(PLACE.search, RESIDENT_PAGES.values()) if found})
)
def test_residents_pages_are_light(site: Site, browser: Browser, place: str) -> None:
    context = resident_context(browser, site, place)
    try:
        page = context.new_page()
        paths = [site.path(path) for path in RESIDENT_PAGES.values() if f"{{{place}}}" in path]
        assert 0 < weighed(page, paths[0]) <= FIRST_VIEW
        for path in paths:
            page = context.new_page()
            assert 0 < weighed(page, path) <= LATER_VIEW, path
            page.close()
    finally:
        context.close()


def test_the_keyboard_reaches_everything_in_order(site: Site, signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    try:
        page.goto("/analyst/second/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
        seen: list[str] = []
        for _ in range(60):
            page.keyboard.press("Tab")
            outline = page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [e.textContent.trim().slice(0, 40), s.outlineStyle, s.boxShadow]; })()"
            )
            if outline[0] in seen or page.evaluate("document.activeElement === document.body"):
                break
            seen.append(outline[0])
            assert outline[1] != "none" or outline[2] != "none", f"no visible focus on {outline[0]!r}"
        assert "Downloads" in seen
        assert any(text.startswith("Statement") for text in seen)
    finally:
        page.close()


def test_the_whole_way_of_an_analyst_without_scripts(
    site: Site, browser: Browser, signed_in: BrowserContext, tmp_path: Path
) -> None:
    context = browser.new_context(
        base_url=site.base,
        storage_state=signed_in.storage_state(),
        java_script_enabled=False,
        accept_downloads=True,
    )
    page = context.new_page()
    try:
        page.goto("/analyst/")
        page.get_by_role("link", name="Late licences in Abbeyford").click()
        assert page.locator("h1").inner_text() == "What changed"
        page.get_by_role("link", name="Statement 1").first.click()
        page.get_by_label("Show people apart by").select_option("group")
        page.get_by_role("button", name="Show").click()
        assert "by=group" in page.url
        assert page.locator("#parts-table tbody tr").count() == 3
        page.get_by_role("link", name="Downloads").click()
        with page.expect_download() as waited:
            page.get_by_role("button", name="Download").click()
        target = tmp_path / "package.zip"
        waited.value.save_as(target)
        assert target.stat().st_size > 1000
        page.get_by_role("button", name="Sign out").click()
        page.goto("/analyst/")
        assert page.url.endswith("/staff/sign-in") or "/staff/sign-in?" in page.url
    finally:
        context.close()
