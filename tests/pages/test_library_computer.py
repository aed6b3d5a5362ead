"""Nothing of a person stays on a shared computer: real pages in a real Chromium that keeps pages for Back.

For each kind of page that shows something personal: open it, fill it in, and leave it (finish, hide the
screen, or let the time run out). Then Back three times, Forward, reload and the same address: nothing that
was typed and no page of somebody signed in may be seen. `slow` does it ten times for every way of leaving.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle, product

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page
from sqlalchemy import select

from consult.accounts import codes, current, keys, resident_sessions
from consult.accounts.models import ResidentSession, StaffSession
from consult.db import db
from tests.checkers.axe import run_axe
from tests.checkers.chromium import FLAGS, find_or_install_chromium
from tests.conftest import config_for
from tests.pages import addresses
from tests.pages.conftest import STAFF_EMAIL, Site, in_record, new_staff_session, session_cookie

pytestmark = pytest.mark.browser

TYPED = "Wobblethorpe-canary"
NAME = "Quiet Heron"
SIGNED_IN = ("Finish on this computer", "Hide my screen", "Sign out")
PERSONAL = (TYPED, NAME, STAFF_EMAIL, *SIGNED_IN)
PLACE = re.compile(r"\{(\w+)\}")
QUIET = 250  # milliseconds without a new page: what a browser brings back by itself has come

RESIDENT_PAGES = addresses.gathered("RESIDENT")
STAFF_PAGES = {
    name: path for name, path in addresses.gathered("STAFF").items() if name.startswith("analyst.")
}
WAYS = ("finish", "hide", "time")
KINDS = [*RESIDENT_PAGES, *STAFF_PAGES]
QUICK = [*RESIDENT_PAGES, "analyst.analysis.overview", "analyst.analysis.item"]


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Iterator[Browser]:
    """A browser like anybody's: Playwright's own keeps no pages for Back."""
    path = find_or_install_chromium(find_own=lambda: browser.browser_type.executable_path)
    with browser.browser_type.launch(
        executable_path=path, args=list(FLAGS), ignore_default_args=["--disable-back-forward-cache"]
    ) as opened:
        yield opened


def new_session(site: Site, place: str) -> str:
    """Another session of the participant at that moment."""
    with in_record(site):
        known = keys.token_hash(site.residents[place])
        row = db.session.scalars(select(ResidentSession).where(ResidentSession.id_hash == known)).one()
        return resident_sessions.begin(row.participant_id, row.consultation_id, is_shared=True)


def let_time_run_out(site: Site, session_id: str) -> None:
    with in_record(site):
        for table in (ResidentSession, StaffSession):
            row = db.session.get(table, keys.token_hash(session_id))
            if row is not None:
                row.last_seen_at -= timedelta(hours=1)


class Visit:
    """One person at the computer: a browser window, and who is signed in."""

    def __init__(self, chromium: Browser, site: Site, *, scripts: bool) -> None:
        self.site = site
        self.context: BrowserContext = chromium.new_context(base_url=site.base, java_script_enabled=scripts)
        self.page: Page = self.context.new_page()
        self.devtools: CDPSession = self.context.new_cdp_session(self.page)
        self.devtools.send("Page.enable")
        self.arrivals: list[str] = []
        self.devtools.on("Page.frameNavigated", lambda event: self.arrivals.append(event["type"]))

    def carry(self, name: str, session_id: str) -> None:
        cookie = session_cookie({name: session_id})
        self.context.add_cookies(
            [{"name": "session", "value": cookie, "url": self.site.base, "httpOnly": True, "sameSite": "Lax"}]
        )

    def settle(self) -> None:
        """Wait until no new page has come for a while."""
        while True:
            before = len(self.arrivals)
            self.page.wait_for_timeout(QUIET)
            if len(self.arrivals) == before:
                break
        # A page that comes from memory is never loaded; its foot says that all of it is there.
        self.page.locator("footer").first.wait_for(state="attached")

    def seen(self) -> list[str]:
        """What of a person can be seen now, on the page or in its fields."""
        text = self.page.locator("body").inner_text()
        fields = self.page.locator("input:not([type=hidden]), textarea, select")
        values = fields.evaluate_all("fields => fields.map(f => f.value)")
        chosen = self.page.locator("main input:checked").count()
        found = [words for words in PERSONAL if words in text or any(words in value for value in values)]
        # The one choice that is made beforehand for everybody: the computer is shared.
        is_own = chosen and not self.page.locator("main input[name=shared]:checked").count()
        return [*found, *(["a choice"] if is_own else [])]

    def steps(self) -> Iterator[tuple[str, list[str]]]:
        """Go back, forward and to the same address; what is seen at each step."""
        history = self.devtools.send("Page.getNavigationHistory")
        at, entries = history["currentIndex"], history["entries"]
        personal = self.personal_address
        for name, to in (
            ("back", at - 1),
            ("back twice", at - 2),
            ("back three times", at - 3),
            ("forward", at - 2),
        ):
            if to < 1:  # before it there is only the empty page of a new window
                continue
            self.devtools.send("Page.navigateToHistoryEntry", {"entryId": entries[to]["id"]})
            self.settle()
            yield name, self.seen()
        self.page.reload()
        yield "reload", self.seen()
        self.page.goto(personal)
        self.settle()
        yield "the same address", self.seen()

    def fill_in(self) -> None:
        """Type and choose something wherever one can."""
        for box in self.page.locator("main textarea, main input[type=text], main input:not([type])").all():
            if box.is_visible():
                box.fill(TYPED)
        radios = self.page.locator("main input[type=radio]")
        for name in radios.evaluate_all("radios => [...new Set(radios.map(radio => radio.name))]"):
            self.page.locator(f"main input[type=radio][name='{name}']").last.check(force=True)

    def leave(self, way: str, session_id: str) -> None:
        """Finish, hide the screen, or let the time run out and try to go on."""
        hide = self.page.get_by_role("button", name="Hide my screen")
        if way == "time":
            let_time_run_out(self.site, session_id)
            self.page.goto(self.page.url)
        elif way == "hide" and hide.count():
            hide.click()
        else:
            self.page.get_by_role(
                "button", name=re.compile("^(Finish on this computer|Sign out)$")
            ).first.click()
        self.settle()

    @property
    def personal_address(self) -> str:
        return self._personal_address

    def open(self, path: str) -> None:
        """Come from the front page, by a page before, to the page in question."""
        self.page.goto("/")
        self.page.goto("/privacy")
        self.page.goto(self.site.path(path))
        self._personal_address = self.page.url
        self.settle()


def left_behind(chromium: Browser, site: Site, kind: str, way: str, *, scripts: bool) -> list[str]:
    """Everything personal that is seen after leaving that kind of page; nothing, if all is well."""
    visit = Visit(chromium, site, scripts=scripts)
    try:
        path = {**RESIDENT_PAGES, **STAFF_PAGES}[kind]
        if kind in RESIDENT_PAGES:
            found = PLACE.search(path)
            assert found
            session_id = new_session(site, found[1])
            visit.carry(current.RESIDENT, session_id)
        else:
            session_id = new_staff_session(site)
            visit.carry(current.WHOLE, session_id)
        visit.open(path)
        assert set(visit.seen()) & set(SIGNED_IN), f"{kind} is not a page of somebody signed in"
        visit.fill_in()
        visit.leave(way, session_id)
        at_once = [("after leaving", visit.seen())]
        return [f"{step}: {words}" for step, seen in (*at_once, *visit.steps()) for words in seen]
    finally:
        visit.context.close()


# Each kind of page once; which way of leaving and whether with scripts goes round, so that all are met.
@pytest.mark.parametrize(
    ("kind", "way", "scripts"),
    [(kind, *turn) for kind, turn in zip(QUICK, cycle(product(WAYS, (False, True))), strict=False)],
)
def test_nothing_is_left_behind(
    chromium: Browser,
    site: Site,
    kind: str,
    way: str,
    scripts: bool,
    record_property: Callable[[str, int], None],
) -> None:
    assert left_behind(chromium, site, kind, way, scripts=scripts) == []
    record_property("visits after which nothing was left on the computer", 1)


# Staff have no button that hides the screen: they sign out, which is the first of the ways.
@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(
    ("kind", "way"),
    [(kind, way) for kind in KINDS for way in WAYS if kind in RESIDENT_PAGES or way != "hide"],
)
def test_nothing_is_left_behind_in_ten_visits(
    chromium: Browser,
    site: Site,
    kind: str,
    way: str,
    scripts: bool,
    record_property: Callable[[str, int], None],
) -> None:
    leaks = [found for _ in range(10) if (found := left_behind(chromium, site, kind, way, scripts=scripts))]
    record_property("visits after which nothing was left on the computer", 10)
    assert leaks == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_this_browser_keeps_pages_and_what_is_left_would_be_seen(
    chromium: Browser, site: Site, scripts: bool
) -> None:
    """The harness itself: pages do come back from memory here, and somebody who just walks off is seen."""
    visit = Visit(chromium, site, scripts=scripts)
    try:
        visit.page.goto("/privacy")
        visit.page.goto("/cookies")
        history = visit.devtools.send("Page.getNavigationHistory")
        visit.devtools.send("Page.navigateToHistoryEntry", {"entryId": history["entries"][1]["id"]})
        visit.settle()
        assert visit.arrivals[-1] == "BackForwardCacheRestore"

        visit.carry(current.RESIDENT, new_session(site, "survey"))
        visit.open("/consultations/{survey}/survey/1")
        visit.fill_in()
        assert "a choice" in visit.seen()
        visit.page.goto("/privacy")
        history = visit.devtools.send("Page.getNavigationHistory")
        back = history["entries"][history["currentIndex"] - 1]
        visit.devtools.send("Page.navigateToHistoryEntry", {"entryId": back["id"]})
        visit.settle()
        assert "Finish on this computer" in visit.seen()
    finally:
        visit.context.close()


# --- a whole sitting: what stays in the browser


def code_of(site: Site, place: str) -> str:
    """A return code of the participant at that moment."""
    with in_record(site):
        known = keys.token_hash(site.residents[place])
        row = db.session.scalars(select(ResidentSession).where(ResidentSession.id_hash == known)).one()
        pair, config = codes.new_pair(), config_for(site.database_url)
        codes.give_code(
            row.participant_id, row.consultation_id, code=pair.code, serial=pair.serial, config=config
        )
        return pair.code


def come_back(page: Page, code: str) -> None:
    page.goto("/return")
    page.get_by_label("Your return code").fill(code)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(re.compile("/consultations/"))


def go_to_open_item(page: Page) -> None:
    """Answer until there is something to type; wherever the sitting before has stopped."""
    page.goto(re.sub(r"/consultations/([^/]+)/.*", r"/consultations/\1/survey/1", page.url))
    for _ in range(9):
        if page.locator("main textarea").count() or page.locator("main input[type=text]:visible").count():
            return
        address = page.url
        page.locator("main input[type=radio]").nth(1).check()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url, before=address: url != before)


def type_words(page: Page) -> None:
    page.locator("main textarea, main input[type=text]:visible").first.fill(TYPED)


def test_a_whole_sitting_leaves_no_trace_in_storage_cookies_history_or_titles(
    chromium: Browser, site: Site
) -> None:
    code = code_of(site, "survey")
    visit = Visit(chromium, site, scripts=True)
    page = visit.page
    try:
        come_back(page, code)
        go_to_open_item(page)
        type_words(page)
        [cookie] = visit.context.cookies()
        assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (
            "session",
            True,
            "Lax",
            -1,
        )
        stored = page.evaluate(
            "async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length,"
            " (await indexedDB.databases()).length,"
            " (await navigator.serviceWorker.getRegistrations()).length]"
        )
        assert stored == [0, 0, 0, 0, 0]
        visit.leave("finish", "")
        told = str(visit.devtools.send("Page.getNavigationHistory")["entries"])
        for words in (code, code.replace("-", ""), TYPED, NAME, "the old market"):
            assert words not in told
        assert page.locator("h1").inner_text() == "You have finished on this computer"
        [left] = visit.context.cookies() or [{"value": ""}]
        assert cookie["value"] != left["value"]
    finally:
        visit.context.close()


def test_what_was_typed_is_there_again_after_the_screen_was_hidden(chromium: Browser, site: Site) -> None:
    code = code_of(site, "survey")
    for scripts in (True, False):
        visit = Visit(chromium, site, scripts=scripts)
        page = visit.page
        try:
            come_back(page, code)
            go_to_open_item(page)
            address = page.url
            type_words(page)
            visit.leave("hide", "")
            assert page.locator("h1").inner_text() == "Consultations"
            come_back(page, code)
            assert page.url == address
            assert page.locator("main textarea, main input[type=text]:visible").first.input_value() == TYPED
        finally:
            visit.context.close()


# --- the notice before a page closes


@pytest.fixture
def idle_page(chromium: Browser, site: Site) -> Iterator[Page]:
    """Somebody at the first item whose clock we hold."""
    visit = Visit(chromium, site, scripts=True)
    visit.carry(current.RESIDENT, new_session(site, "survey"))
    visit.page.clock.install()
    visit.page.goto(site.path("/consultations/{survey}/survey/1"))
    yield visit.page
    visit.context.close()


def test_the_notice_comes_two_minutes_before_the_end_and_counts_down(idle_page: Page) -> None:
    notice = idle_page.locator(".app-idle__notice")
    idle_page.clock.run_for("12:50")
    assert notice.is_hidden()
    told = []
    for wait in ("00:15", "01:00", "00:25", "00:20"):
        idle_page.clock.run_for(wait)
        told.append(notice.locator("p:visible").inner_text().rpartition(" in ")[2])
    assert told == ["2 minutes.", "1 minute.", "40 seconds.", "20 seconds."]
    assert idle_page.evaluate("document.activeElement.className") == "app-idle__notice"
    assert run_axe(idle_page) == []
    assert idle_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_staying_takes_the_notice_away_and_gives_another_quarter_of_an_hour(idle_page: Page) -> None:
    notice = idle_page.locator(".app-idle__notice")
    idle_page.locator("main input[type=radio]").nth(1).focus()
    idle_page.clock.run_for("13:30")
    assert notice.is_visible()
    with idle_page.expect_response("**/stay") as answered:
        notice.get_by_role("button", name="Stay on this page").click()
    assert answered.value.status == 204
    idle_page.clock.run_for("00:02")
    assert notice.is_hidden()
    assert idle_page.evaluate("document.activeElement.type") == "radio", "back to where one was"
    idle_page.clock.run_for("12:00")
    assert notice.is_hidden()
    assert "/survey/1" in idle_page.url


def test_whoever_goes_on_typing_is_not_asked(idle_page: Page) -> None:
    asked: list[str] = []
    idle_page.on(
        "request", lambda request: asked.append(request.url) if request.url.endswith("/stay") else None
    )
    for _ in range(10):
        idle_page.locator("main input[type=radio]").first.press("ArrowDown")
        with idle_page.expect_response("**/stay"):
            idle_page.clock.run_for("02:05")
        assert idle_page.locator(".app-idle__notice").is_hidden()
    assert len(asked) == 10


def test_at_the_end_the_page_is_replaced_and_what_was_chosen_is_kept(
    chromium: Browser, site: Site, idle_page: Page
) -> None:
    idle_page.locator("main input[type=radio]").nth(2).check()
    value = idle_page.locator("main input[type=radio]").nth(2).get_attribute("value")
    with idle_page.expect_response("**/stay"):  # to choose something is use
        idle_page.clock.run_for("02:05")
    with idle_page.expect_navigation(url="**/return?closed=1"):
        idle_page.clock.run_for("15:05")
    assert idle_page.locator("h1").inner_text() == "We closed this to keep your answers private"
    visit = Visit(chromium, site, scripts=True)
    try:
        come_back(visit.page, code_of(site, "survey"))
        assert visit.page.url.endswith("/survey/1")
        assert visit.page.locator("main input[type=radio]:checked").get_attribute("value") == value
    finally:
        visit.context.close()


def test_finishing_in_one_window_closes_the_others(idle_page: Page) -> None:
    other = idle_page.context.new_page()
    other.goto(idle_page.url)
    with idle_page.expect_navigation(url="**/return?closed=1"):
        other.get_by_role("button", name="Finish on this computer").click()
        other.wait_for_url("**/finished")
    assert "Finish on this computer" not in idle_page.locator("body").inner_text()
