"""Every page in a real Chromium: accessible, narrow, light, at home, with and without scripts."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from consult.accounts import current
from tests.checkers.axe import run_axe
from tests.checkers.chromium import without_scripts
from tests.pages import addresses
from tests.pages.conftest import Site, new_staff_session, resident_context, session_cookie

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
        assert urlsplit(seen.page.url).path == urlsplit(site.path(path)).path, "another page was shown"
        assert seen.page.locator("h1").count() == 1
        assert run_axe(seen.page) == []
        record_property("pages checked by axe", 1)
        too_wide = seen.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0
        assert seen.abroad == []
        # A browser says that scripts are forbidden by a policy, that a page is missing or says what is wrong,
        # what it has cleared.
        expected = ("script-src", "404", "422", "Clear-Site-Data")
        said = [line for line in seen.console if not any(part in line for part in expected)]
        assert said == []
    finally:
        seen.page.close()


def test_every_route_that_shows_a_page_is_looked_at(sqlite_app: Flask) -> None:
    routes = {rule.endpoint for rule in sqlite_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {name.split(" ")[0] for name in (*OPEN_PAGES, *RESIDENT_PAGES, *STAFF_PAGES)}
    assert routes - addresses.named("NOT_PAGES") - addresses.named("WALKED") == looked_at - {"error"}


AT_A_TIME = 12  # pages open beside each other: each waits half a second until nothing more comes


def weighed(context: BrowserContext, paths: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Bytes that came over the line for each page."""
    for start in range(0, len(paths), AT_A_TIME):
        tabs = [Tab(path, context.new_page()) for path in paths[start : start + AT_A_TIME]]
        for tab in tabs:
            tab.page.on("response", tab.note)
            tab.page.goto(tab.path)
        for tab in tabs:
            tab.page.wait_for_load_state("networkidle")
            yield tab.path, tab.weight()
            tab.page.close()


@dataclass
class Tab:
    """A page, and everything that was answered for it."""

    path: str
    page: Page
    answers: list[Any] = field(default_factory=list)

    def note(self, answer: Any) -> None:
        self.answers.append(answer)

    def weight(self) -> int:
        sizes = [each.request.sizes() for each in self.answers if not 300 <= each.status < 400]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


@pytest.mark.parametrize(
    "third", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]
)
def test_pages_are_light(site: Site, browser: Browser, signed_in: BrowserContext, third: int) -> None:
    context = browser.new_context(base_url=site.base, storage_state=signed_in.storage_state())
    paths = [*OPEN_PAGES.values(), *STAFF_PAGES.values()][third::3]
    try:
        check_weights(context, ["/analyst/", *map(site.path, paths)])
    finally:
        context.close()


@pytest.mark.parametrize(
    "place", sorted({found[1] for found in map(PLACE.search, RESIDENT_PAGES.values()) if found})
)
def test_residents_pages_are_light(site: Site, browser: Browser, place: str) -> None:
    context = resident_context(browser, site, place)
    try:
        paths = [site.path(path) for path in RESIDENT_PAGES.values() if f"{{{place}}}" in path]
        check_weights(context, [paths[0], *paths])
    finally:
        context.close()


def check_weights(context: BrowserContext, paths: list[str]) -> None:
    """The first page comes with all that every page needs; the others without."""
    [(_, first)] = weighed(context, paths[:1])
    assert 0 < first <= FIRST_VIEW
    weights = dict(weighed(context, paths[1:]))
    assert set(weights) == set(paths[1:])
    assert {path: weight for path, weight in weights.items() if not 0 < weight <= LATER_VIEW} == {}


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


def test_the_whole_way_of_an_analyst_without_scripts(site: Site, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(base_url=site.base, java_script_enabled=False, accept_downloads=True)
    # In a session of its own, which ends when the analyst signs out: the other tests go on in theirs.
    value = session_cookie({current.WHOLE: new_staff_session(site)})
    context.add_cookies([{"name": "session", "value": value, "url": site.base}])
    page = context.new_page()
    try:
        page.goto("/analyst/")
        page.get_by_role("link", name="Late licences in Abbeyford", exact=True).click()
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
