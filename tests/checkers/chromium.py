"""The test command finds or gets a browser by itself, and starts it the same way everywhere.

First an installed Chrome or Chromium (`CONSULT_CHROMIUM` names one), then the distribution's on Debian for
root, then the one of Playwright. If all fail there is one sentence that says what to do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, BrowserContext, Route

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WHAT_TO_DO: Final = (
    "No browser for the tests: install Chrome or Chromium, or set CONSULT_CHROMIUM to the path of one."
)


class NoBrowserError(Exception):
    """There is no browser here and none could be installed."""


def run_command(command: Sequence[str]) -> bool:
    """Whether a command of an installer ended well."""
    try:
        return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=900).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def find_chromium(search_path: str | None = None) -> str | None:
    """The path of an installed browser, or None. `search_path` stands in for the PATH of the environment."""
    named = os.environ.get("CONSULT_CHROMIUM") if search_path is None else None
    if named and Path(named).is_file():
        return named
    found = (shutil.which(name, path=search_path) for name in NAMES)
    places = (place for place in PLACES if search_path is None and Path(place).is_file())
    return next((path for path in (*found, *places) if path), None)


def find_playwright_chromium() -> str | None:
    """The path of the browser that Playwright has installed, or None."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def find_or_install_chromium(
    *,
    search_path: str | None = None,
    run: Callable[[Sequence[str]], bool] = run_command,
    find_own: Callable[[], str | None] = find_playwright_chromium,
) -> str:
    """The path of a browser, installed now if there was none.

    Raises
    ------
    NoBrowserError
        If there is none and none could be installed; the message says what to do.
    """
    installed = find_chromium(search_path) or find_own()
    if installed:
        return installed
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        run(["apt-get", "update", "-qq"])
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"])
        installed = find_chromium(search_path)
        if installed:
            return installed
    run([sys.executable, "-m", "playwright", "install", "chromium"])
    installed = find_own()
    if installed:
        return installed
    raise NoBrowserError(WHAT_TO_DO)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser with a new profile that talks to nobody of its own accord, closed at the end."""
    executable = find_or_install_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def without_scripts(context: BrowserContext) -> None:
    """Pages of this context run no script of their own, but can still be asked questions, as axe does.

    A context with JavaScript switched off can be looked at and clicked, but not examined; under a policy that
    forbids scripts it can be both.
    """

    def forbid(route: Route) -> None:
        if route.request.resource_type != "document":
            route.continue_()
            return
        answer = route.fetch(max_redirects=0)
        headers = {
            name: value for name, value in answer.headers.items() if name.lower() != "content-security-policy"
        }
        route.fulfill(response=answer, headers={**headers, "content-security-policy": "script-src 'none'"})

    context.route("**/*", forbid)


def stay_at_home(context: BrowserContext, host: str) -> list[str]:
    """Requests of this context to other hosts than `host` fail; their addresses join the list returned."""
    abroad: list[str] = []

    def judge(route: Route) -> None:
        url = route.request.url
        if urlsplit(url).netloc in {host, ""}:
            route.fallback()
        else:
            abroad.append(url)
            route.abort()

    context.route("**/*", judge)
    return abroad
