"""A resident's way from the first page to the end, by the keyboard alone, in a real Chromium.

Nothing is clicked and nothing is filled in from outside: only keys are pressed, as somebody does who uses no
mouse. At each page every stop of the Tab key is looked at. What was pressed is written down, page by page.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, JSHandle, Page

from consult.db import db
from tests.checkers.chromium import without_scripts
from tests.compiled import app_for
from tests.conftest import config_for
from tests.making.places import make_place
from tests.pages.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Noting = Callable[[str, int], None]
MOST_STOPS = 60
ITEMS = 8
SKIPPED = 2  # keys that are pressed to get past the header
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")

# What has the focus, and where it stands in the page and on the screen.
FOCUSED = """() => {
  const at = document.activeElement, place = at.getBoundingClientRect();
  return {
    tag: at.tagName.toLowerCase(), type: at.type ?? "", name: at.name ?? "", is_main: !!at.closest("main"),
    text: (at.labels?.[0] ?? at).textContent.trim().replace(/\\s+/g, " ").slice(0, 60),
    order: [...document.querySelectorAll("*")].indexOf(at),
    is_seen: place.width > 0 && place.height > 0 && place.top >= -1 && place.left >= -1
      && place.bottom <= innerHeight + 1 && place.right <= innerWidth + 1,
  };
}"""
# How it is drawn. A radio or a box of ours is drawn by the label beside it.
LOOKS = """at => {
  const parts = [at, ...(at.labels ?? [])].flatMap(e => [null, "::before", "::after"].map(part => [e, part]));
  return JSON.stringify(parts.map(([e, part]) => {
    const style = getComputedStyle(e, part);
    return [style.outline, style.boxShadow, style.backgroundColor, style.border, style.textDecoration];
  }));
}"""
# Where in the page everything stands that a person can use: of radios that belong together, the first.
USABLE = """() => {
  const kinds = "a[href], button, input, textarea, select, summary, [tabindex='0']";
  const found = [...document.querySelectorAll(kinds)];
  const groups = new Set();
  return found.filter(e => {
    if (e.tabIndex < 0 || e.disabled || e.type === "hidden" || !e.checkVisibility()) return false;
    if (e.type !== "radio") return true;
    return !groups.has(e.name) && groups.add(e.name);
  }).map(e => [...document.querySelectorAll("*")].indexOf(e));
}"""


@dataclass
class Keyboard:
    """Somebody with a keyboard and no mouse; ``pressed`` is what they pressed on each page to get on."""

    page: Page
    pressed: list[tuple[str, list[str]]] = field(default_factory=list)
    stops: int = 0

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def focused(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(FOCUSED)
        return found

    def arrive(self) -> None:
        """A new page, from its top: nothing has taken the focus; every stop is good; the skip link skips."""
        assert "#" not in self.page.url, "the page before has left a part of itself in the address"
        assert self.focused()["tag"] == "body", f"{self.path} takes the focus"
        self.stops += self.look_round()
        if (
            self.focused()["tag"] == "body"
        ):  # beyond the last stop; or the round has led to the first one again
            self.page.keyboard.press("Tab")
        assert self.focused()["text"] == "Skip to main content"
        self.page.keyboard.press("Enter")
        self.pressed.append((self.path, ["Tab", "Enter"]))

    def look_round(self) -> int:
        """Press Tab once round the page, which meets all that can be used; how many stops there are."""
        met: list[int] = []
        before: tuple[JSHandle, str, str] | None = None
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            now = self.focused()
            if before:
                handle, looks, text = before
                assert handle.evaluate(LOOKS) != looks, f"{self.path}: {text!r} looks the same with the focus"
            if now["tag"] == "body" or now["order"] == (met or [None])[0]:
                break
            where = f"{self.path}: {now['text']!r}"
            assert now["is_seen"], f"{where} is out of sight when it has the focus"
            assert now["order"] > max(met, default=-1), f"{where} comes too late"
            met.append(now["order"])
            handle = self.page.evaluate_handle("document.activeElement")
            before = (handle, handle.evaluate(LOOKS), now["text"])
        else:
            pytest.fail(f"{self.path} has no end: a trap")
        assert met == self.page.evaluate(USABLE), f"{self.path}: something cannot be reached"
        return len(met)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed[-1][1].append(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed[-1][1].extend(text)

    def to(self, *, text: str = "", name: str = "", tag: str = "", key: str = "Tab") -> dict[str, Any]:
        """Press Tab until the next thing with that text, name or tag has the focus."""
        for _ in range(MOST_STOPS):
            is_first = len(self.pressed[-1][1]) == SKIPPED
            self.press(key)
            now = self.focused()
            assert now["is_main"] or not is_first or key != "Tab", f"{self.path}: nothing was skipped"
            if (text and now["text"] == text) or now["name"] == (name or None) or now["tag"] == tag:
                return now
            assert now["tag"] != "body", f"{self.path}: there is no {text or name or tag}"
        pytest.fail(f"{self.path}: there is no {text or name or tag}")

    def go(self, text: str, *, key: str = "Tab") -> None:
        """Press the button or link with that text, and be on the next page."""
        self.to(text=text, key=key)
        with self.page.expect_navigation():
            self.press("Enter")

    def tell(self, target: Path) -> str:
        """Write down what was pressed."""
        lines = [f"{path}: {len(keys)}: {' '.join(keys)}" for path, keys in self.pressed]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return target.read_text(encoding="utf-8")


@pytest.fixture(params=[(1280, True), (320, False)], ids=["wide", "narrow without scripts"])
def keyboard(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Keyboard]:
    width, has_scripts = request.param
    context = browser.new_context(base_url=site.base, viewport={"width": width, "height": 800})
    context.set_default_timeout(60_000)
    if not has_scripts:
        without_scripts(context)
    slug = f"by-keyboard-{width}"
    app = app_for(config_for(site.database_url))
    with app.app_context():
        make_place("survey", slug=slug)
        db.session.remove()
        db.engine.dispose()
    page = context.new_page()
    page.goto(f"/consultations/{slug}/")
    yield Keyboard(page)
    context.close()


def join(keys: Keyboard) -> None:
    keys.arrive()
    keys.go("Start now")
    keys.arrive()
    for name in ("area", "age", "quote", "shared"):
        keys.to(name=name)
        keys.press("Space")
    keys.to(name="agree")
    keys.press("Space")
    keys.go("Agree and continue")
    keys.arrive()
    keys.to(name="choice")
    keys.press("Space", "ArrowDown")
    keys.go("Continue")
    while "/about-you/" in keys.path:
        keys.arrive()
        keys.to(name="said")
        keys.press("Space")
        keys.go("Continue")


def write_down_the_code(keys: Keyboard) -> None:
    assert keys.path.endswith("/join/code")
    keys.arrive()
    assert CODE.fullmatch(keys.page.locator(".app-return-code__code").inner_text().strip())
    keys.to(name="written")
    keys.press("Space")
    keys.go("Continue")


def answer(keys: Keyboard) -> None:
    """Answer the item of the page, whatever its form."""
    keys.arrive()
    places = keys.page.locator("#answer select").count()
    for n in range(places):
        keys.to(tag="select")
        keys.press(*["ArrowDown"] * (n + 1))
    if not places:
        found = keys.to(name="answer")
        if found["tag"] == "textarea":
            keys.type("more light at night")
        else:
            keys.press("Space", "ArrowDown", "ArrowUp")
    keys.go("Continue")


def test_a_resident_needs_no_mouse(keyboard: Keyboard, tmp_path: Path, record_property: Noting) -> None:
    keys = keyboard
    join(keys)
    write_down_the_code(keys)
    for n in range(1, ITEMS + 1):
        assert keys.path.endswith(f"/survey/{n}")
        answer(keys)
    assert keys.path.endswith("/survey/check")
    keys.arrive()
    keys.go("Send")
    assert keys.path.endswith("/survey/sent")
    keys.arrive()
    keys.go("Finish on this computer", key="Shift+Tab")  # it stands at the end of the header
    assert keys.path == "/finished"
    keys.arrive()
    told = keys.tell(tmp_path / "keys.txt")
    assert told.count("\n") == len(keys.pressed) >= ITEMS + 7
    for path, pressed in keys.pressed:
        page = "/".join(part for part in path.split("/")[1:] if "by-keyboard" not in part)
        record_property(f"keys pressed on /{page}", len(pressed))
    record_property("stops of the Tab key looked at", keys.stops)
