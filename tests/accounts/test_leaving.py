"""Leaving: finishing, hiding the screen, what makes a browser forget, and who comes next. On SQLite alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from consult import clock
from consult.access import Role
from consult.accounts import current, resident_sessions
from tests.making.accounts import client_as, cookie_of, with_cookie
from tests.making.codes import enter, is_signed_in, make_pair
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient

MORNING = datetime(2026, 11, 9, 9, tzinfo=UTC)
SLUG = "survey-place"
CONTINUE = f"/consultations/{SLUG}/continue"
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app(in_sqlite):
    return in_sqlite


@pytest.fixture
def place(app):
    return make_place("survey")


@pytest.fixture
def resident(place):
    return make_resident(place)


@pytest.fixture
def pair(resident):
    return make_pair(resident)


@pytest.fixture
def browser(app, resident) -> PageClient:
    return as_resident(app, resident)


def test_finishing_ends_the_session_and_empties_the_cookie(client, pair, resident):
    enter(client, pair.code)
    answer = client.send("/finish", page=f"/consultations/{SLUG}/about-me")
    assert (answer.status_code, answer.location) == (303, "/finished")
    assert client.get_cookie("session") is None
    page = client.get("/finished")
    for words in ("You have finished on this computer", "close all windows", "Come back with your code"):
        assert words in page.text
    assert "Quiet Heron" not in page.text
    assert "csrf_token" not in page.text, "a form here would lose its cookie"
    assert not is_signed_in(client, SLUG)


def test_finishing_stands_on_every_page_of_somebody_who_is_signed_in_and_hiding_on_theirs(
    browser, client, place
):
    for path, may_hide in ((f"/consultations/{SLUG}/about-me", True), ("/", False), ("/privacy", False)):
        page = browser.get(path).text
        assert 'action="/finish"' in page, path
        assert (f'action="/hide?here={path}"' in page) is may_hide, path
        assert 'action="/finish"' not in client.get("/privacy").text


@pytest.mark.parametrize("deed", ["/finish", "/hide"])
def test_leaving_works_after_the_time_is_over_and_for_nobody(app, place, resident, deed):
    with clock.frozen(MORNING):
        browser = as_resident(app, resident)
        token = browser.any_token()
    with clock.frozen(MORNING + timedelta(hours=20)):
        assert browser.post(deed, data={"csrf_token": token}).status_code == 303
        assert browser.get_cookie("session") is None
    assert PageClient(app).post(deed).status_code == 303


@pytest.mark.parametrize("deed", ["/finish", "/hide"])
@pytest.mark.parametrize("told", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_leaving_works_with_a_dead_token_if_the_browser_says_that_the_page_is_ours(browser, deed, told):
    assert browser.post(deed, data={"csrf_token": "dead"}, headers=told).status_code == 303
    assert not is_signed_in(browser, SLUG)


def test_with_a_dead_token_in_an_old_browser_finishing_asks_once_more_and_hiding_hides(
    app, browser, resident
):
    answer = browser.post("/finish", data={"csrf_token": "dead"})
    assert (answer.status_code, "Do you want to finish on this computer?" in answer.text) == (200, True)
    assert is_signed_in(browser, SLUG)
    assert browser.post("/hide", data={"csrf_token": "dead", "answer": "x"}).location == "/hidden"
    assert not is_signed_in(browser, SLUG)


@pytest.mark.parametrize("deed", ["/finish", "/hide"])
@pytest.mark.parametrize(
    "told",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/page"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
def test_another_site_cannot_make_anybody_leave(browser, deed, told):
    assert browser.post(deed, headers=told).status_code == 400
    assert is_signed_in(browser, SLUG)


def test_nobody_leaves_without_their_code_unless_they_say_so(app, resident, browser):
    make_pair(resident, is_held=True)
    path = f"/consultations/{SLUG}/about-me"
    page = browser.send("/finish", page=path)
    assert page.status_code == 200
    assert "Write down your code before you go" in page.text
    assert f'href="/consultations/{SLUG}/join/code"' in page.text
    assert is_signed_in(browser, SLUG)
    assert browser.send("/finish", {"anyway": "yes"}, page=path).location == "/finished"
    assert not is_signed_in(browser, SLUG)


def test_the_page_behind_the_hidden_one_looks_like_any_page_of_the_council(client, place):
    page = client.get("/hidden").text
    assert "<h1" in page
    assert ">Consultations</h1>" in page
    assert "Abbeyford Council" in page
    for word in ("hide", "hidden", "answer", "session", "signed", "survey"):
        assert word not in re.sub(r"<[^>]*>", " ", page.split("<body")[1].split("<footer")[0]).lower(), word


# --- the sheets with which a browser forgets


@pytest.mark.parametrize(
    ("sheet", "cleared"),
    [("/finished.css", '"cache", "cookies", "storage"'), ("/closed.css", '"cache", "storage"')],
)
def test_the_sheet_makes_the_browser_forget_and_changes_the_cookie(client, place, sheet, cleared):
    answer = client.get(sheet, headers=OURS)
    assert answer.mimetype == "text/css"
    assert answer.headers["Clear-Site-Data"] == cleared
    first = cookie_of(client)
    client.get(sheet, headers=OURS)
    assert cookie_of(client) not in {"", first}
    by_referer = client.get(sheet, headers={"Referer": "http://localhost/finished"})
    assert "Clear-Site-Data" in by_referer.headers


@pytest.mark.parametrize("sheet", ["/finished.css", "/closed.css"])
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://evil.example/"},
    ],
)
def test_another_site_cannot_make_the_browser_forget(client, sheet, told):
    answer = client.get(sheet, headers=told)
    assert answer.status_code == 200
    assert "Clear-Site-Data" not in answer.headers


@pytest.mark.parametrize("sheet", ["/finished.css", "/closed.css"])
def test_it_does_nothing_where_somebody_is_signed_in(app, browser, place, sheet):
    officer = client_as(app, Role.OFFICER, place)
    for somebody in (browser, officer):
        assert "Clear-Site-Data" not in somebody.get(sheet, headers=OURS).headers
    assert is_signed_in(browser, SLUG)
    assert officer.get("/staff/").status_code == 200


def test_the_form_on_the_closed_page_still_works_after_its_sheet(client, pair):
    token = client.token_from("/return?closed=1")
    client.get("/closed.css", headers=OURS)
    assert client.post("/return", data={"csrf_token": token, "code": pair.code}).location == CONTINUE


@pytest.mark.parametrize(
    ("page", "sheet"),
    [
        ("/finished", "/finished.css"),
        ("/hidden", "/finished.css"),
        ("/staff/signed-out", "/finished.css"),
        ("/return?closed=1", "/closed.css"),
        ("/return", None),
        ("/staff/sign-in", None),
    ],
)
def test_the_pages_after_leaving_load_their_sheet(client, page, sheet):
    text = client.get(page).text
    assert re.findall(r'<link rel="stylesheet" href="(/(?:finished|closed)\.css)">', text) == (
        [sheet] if sheet else []
    )


def test_staff_who_were_signed_out_load_it_on_the_page_where_they_sign_in(app, place):
    with clock.frozen(MORNING):
        officer = client_as(app, Role.OFFICER, place)
    with clock.frozen(MORNING + timedelta(hours=1)):
        assert "/closed.css" in officer.get("/staff/sign-in").text


# --- two people at one computer


def test_the_second_person_at_a_computer_starts_clean(client, place, pair):
    second = make_pair(make_resident(place, name="Brave Otter"))
    enter(client, pair.code)
    with client.session_transaction() as carried:
        carried["language"] = "cy"
    client.send("/finish", page=f"/consultations/{SLUG}/about-me")
    page = client.get("/return").text
    assert pair.code not in page
    with client.session_transaction() as carried:
        assert set(carried) <= {"csrf_token"}
    enter(client, second.code)
    mine = client.get(f"/consultations/{SLUG}/about-me").text
    assert "Brave Otter" in mine
    assert "Quiet Heron" not in mine


def test_who_comes_after_somebody_that_did_not_finish_gets_their_own_session(client, place, pair, resident):
    second = make_pair(make_resident(place, name="Brave Otter"))
    enter(client, pair.code)
    first = cookie_of(client)
    enter(client, second.code)
    assert "Brave Otter" in client.get(f"/consultations/{SLUG}/about-me").text
    assert not is_signed_in(with_cookie(client.application, first), SLUG), "the first one is over"


def test_a_rehearsing_officer_who_finishes_stays_signed_in_as_staff(app, place, resident):
    officer = client_as(app, Role.OFFICER, place)
    with officer.session_transaction() as carried:
        carried[current.RESIDENT] = resident.session_id
    assert officer.send("/finish", page="/staff/").location == "/finished"
    assert officer.get("/staff/").status_code == 200
    assert resident_sessions.find(resident.session_id) is None
