"""A real server with a made-up consultation, and a real browser in front of it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import SECRET, run_consult
from tests.making.forums import random_forum

PASSWORD = "four plain words together"


@dataclass(frozen=True)
class Site:
    """Where the service is, and how to become its analyst."""

    base: str
    set_up_link: str


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{folder}/consult.sqlite"
    base = f"http://127.0.0.1:{free_port()}"
    random_forum(
        folder / "second",
        people=40,
        scales=[(1, 5), (1, 7), (0, 10), (-3, 3)],
        seed=7,
        with_submissions=False,
    )
    os.environ["CONSULT_BASE_URL"] = base
    os.environ["CONSULT_COUNCIL_NAME"] = "Abbeyford Council"
    try:
        for args in (("init",), ("load", folder / "second")):
            done = run_consult(url, *args)
            assert done.returncode == 0, done.stderr
        added = run_consult(
            url, "staff", "add", "ana.lyst@abbeyford.example", "--role", "analyst", "--consultation", "second"
        )
        link = re.search(r"http\S+", added.stdout)
        assert link, added.stderr
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "consult",
                "serve",
                "--bind",
                base.removeprefix("http://"),
                "--workers",
                "1",
            ],
            env={**os.environ, "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": SECRET},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    finally:
        del os.environ["CONSULT_BASE_URL"], os.environ["CONSULT_COUNCIL_NAME"]
    try:
        _wait_for(base, server)
        yield Site(base, link[0])
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(base: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer within 20 seconds")


def set_up_and_sign_in(page: Page, link: str) -> None:
    """Go the way of a new member of staff: the link, a password, the code of the app."""
    page.goto(link)
    secret = re.sub(r"\s", "", page.locator(".app-code").first.text_content() or "")
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Finish and sign in").click()


@pytest.fixture(scope="session")
def signed_in(site: Site, browser: Browser) -> BrowserContext:
    """The analyst's browser, with JavaScript."""
    context = browser.new_context(base_url=site.base)
    page = context.new_page()
    set_up_and_sign_in(page, site.set_up_link)
    page.goto("/analyst/")
    assert page.locator("h1").inner_text() == "Your consultations"
    page.close()
    return context
