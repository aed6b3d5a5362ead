"""Every page in two languages that nobody speaks: none is left in English, none breaks from the right."""

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from consult.accounts import current, sessions
from consult.accounts.queries import find_staff
from consult.db import db
from tests.languages import ARABIC, LATIN, app_speaking, untranslated
from tests.page_client import PageClient
from tests.pages import addresses
from tests.pages.conftest import Site, session_cookie

PAGES = [
    (who, name, path)
    for who in ("OPEN", "RESIDENT", "STAFF")
    for name, path in addresses.gathered(who).items()
]
NAMES = [name for _, name, _ in PAGES]
PLACE = re.compile(r"\{(\w+)\}")
NARROW = 320


def cookie_for(app: Flask, site: Site, who: str, path: str) -> dict[str, str]:
    """What the browser of such a person carries: nothing, a participant's session, or that of staff."""
    if who == "RESIDENT":
        [place] = PLACE.findall(path)
        return {current.RESIDENT: site.residents[place]}
    if who == "OPEN":
        return {}
    with app.app_context():
        staff = find_staff("every.role@abbeyford.example")
        assert staff is not None
        session_id = sessions.begin(staff.id)
        db.session.commit()
        db.session.remove()
    return {current.WHOLE: session_id}


@pytest.fixture(scope="module")
def accented(site: Site) -> Iterator[Flask]:
    """The application in Latin letters with accents, on the database of the site."""
    with app_speaking(LATIN, site.database_url) as app:
        yield app


@pytest.mark.parametrize(("who", "name", "path"), PAGES, ids=NAMES)
def test_no_word_of_a_page_is_left_in_english(
    accented: Flask, site: Site, who: str, name: str, path: str
) -> None:
    client = PageClient(accented)
    with client.session_transaction() as session:
        session.update(cookie_for(accented, site, who, path))
    answer = client.get(site.path(path))
    assert answer.status_code == (404 if name == "error" else 422 if name.endswith(" wrong") else 200)
    assert untranslated(answer.text) == []


@pytest.fixture(scope="module")
def from_the_right(site: Site) -> Iterator[tuple[Flask, str]]:
    """The application from the right to the left, and its address."""
    with app_speaking(ARABIC, site.database_url) as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield app, f"http://127.0.0.1:{server.port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("who", "name", "path"),
    [
        # The quick tests look at every fifth page in a browser, the slow ones at each.
        pytest.param(*page, id=name, marks=() if n % 5 == 0 else pytest.mark.slow)
        for n, (page, name) in enumerate(zip(PAGES, NAMES, strict=True))
    ],
)
def test_a_page_from_the_right_fits_a_narrow_screen(
    from_the_right: tuple[Flask, str], site: Site, browser: Browser, who: str, name: str, path: str
) -> None:
    app, base = from_the_right
    context: BrowserContext = browser.new_context(
        base_url=base, viewport={"width": NARROW, "height": 800}, locale="ar"
    )
    try:
        value = session_cookie(cookie_for(app, site, who, path))
        context.add_cookies([{"name": "session", "value": value, "url": base}])
        page = context.new_page()
        page.goto(site.path(path))
        root = page.locator("html")
        assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("ar", "rtl")
        assert page.locator('link[href*="consult-rtl."]').count() == 1
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0
        # What sticks out at the beginning of a line that runs from the right makes no scrollbar: it is lost.
        lost = (
            "[...document.querySelectorAll('main *, header *, footer *')].filter(e => {"
            " const b = e.getBoundingClientRect(), s = e.closest('.app-scroll, .govuk-visually-hidden, svg');"
            " return !s && b.width && (b.right > innerWidth + 1 || b.left < -1) })"
            ".map(e => e.outerHTML.slice(0, 90))"
        )
        assert page.evaluate(lost) == []
    finally:
        context.close()
