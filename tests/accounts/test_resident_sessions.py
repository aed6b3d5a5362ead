"""Sessions of people who take part: how long they last, and that a copied cookie opens nothing after."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.accounts import resident_sessions
from consult.accounts.models import ResidentSession
from consult.db import db
from tests.access_rows import gathered
from tests.access_table import Scene
from tests.making.accounts import cookie_of, with_cookie
from tests.making.codes import is_signed_in
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient

MORNING = datetime(2026, 11, 9, 9, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SLUG = "survey-place"


@pytest.fixture(autouse=True)
def in_the_morning():
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def place(in_app):
    return make_place("survey")


@pytest.fixture
def resident(place):
    return make_resident(place)


@pytest.fixture
def browser(app, resident) -> PageClient:
    return as_resident(app, resident)


@pytest.fixture
def at_home(app, place) -> PageClient:
    """The browser of somebody at their own computer."""
    return as_resident(app, make_resident(place, name="Brave Otter", is_shared=False))


@pytest.mark.parametrize(("after", "holds"), [(15 * MINUTE - SECOND, True), (15 * MINUTE + SECOND, False)])
def test_on_a_shared_computer_a_session_rests_for_a_quarter_of_an_hour(browser, after, holds):
    with clock.frozen(MORNING + after):
        assert is_signed_in(browser, SLUG) is holds


@pytest.mark.parametrize(("after", "holds"), [(8 * HOUR - SECOND, True), (8 * HOUR + SECOND, False)])
def test_on_ones_own_computer_it_rests_for_eight_hours(at_home, after, holds):
    with clock.frozen(MORNING + after):
        assert is_signed_in(at_home, SLUG) is holds


def test_use_keeps_a_shared_session_for_eight_hours_and_no_longer(browser):
    at = MORNING
    while at < MORNING + 8 * HOUR - 14 * MINUTE:
        at += 14 * MINUTE
        with clock.frozen(at):
            assert is_signed_in(browser, SLUG), at
    with clock.frozen(MORNING + 8 * HOUR + SECOND):
        assert not is_signed_in(browser, SLUG)


def test_no_page_of_anybody_is_served_after_the_time_is_over(sqlite_app, record_property):
    """Every route behind the residents' door, with the cookie of a session that has died."""
    rules = [rule for rule in sqlite_app.url_map.iter_rules() if rule.endpoint.startswith("resident.")]
    with sqlite_app.app_context():
        place = make_place("forum")
        resident = make_resident(place)
        browser = as_resident(sqlite_app, resident)
        scene = Scene(place.slug, resident.participant_id, "t1")
    rows, served, tried = gathered(), [], 0
    with clock.frozen(MORNING + 15 * MINUTE + SECOND):
        token = browser.any_token()
        for rule in rules:
            row = rows.get(rule.endpoint)
            if row is None:
                continue
            with sqlite_app.test_request_context():
                values = {**row.values(scene), "slug": place.slug}
                address = sqlite_app.url_map.bind("localhost").build(rule.endpoint, values)
            for method in sorted(rule.methods & {"GET", "POST"}):
                data = {"csrf_token": token, **row.data} if method == "POST" else None
                answer = browser.open(address, method=method, data=data)
                tried += 1
                if answer.location != "/return?closed=1":
                    served.append(f"{method} {address} {answer.status_code}")
    record_property("requests of residents with a session that is over", tried)
    assert served == []
    assert tried >= 2


def test_the_last_use_is_written_once_a_minute(browser, resident):
    seen, written = [], []
    for seconds in (59, 60, 119, 125):
        with clock.frozen(MORNING + timedelta(seconds=seconds)):
            assert is_signed_in(browser, SLUG)
        written.append(any("UPDATE" in statement for statement in browser.statements))
        db.session.rollback()
        seen.append((db.session.scalar(select(ResidentSession.last_seen_at)) - MORNING).total_seconds())
        db.session.rollback()
    assert seen == [0, 60, 60, 125]
    assert written == [False, True, False, True]


@pytest.mark.parametrize(
    "told",
    [
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Dest": "style"},
        {"Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch"},
    ],
)
def test_what_a_script_or_the_browser_fetches_by_itself_does_not_lengthen_a_session(browser, told):
    with clock.frozen(MORNING + 14 * MINUTE):
        assert browser.get("/privacy", headers=told).status_code == 200
    with clock.frozen(MORNING + 15 * MINUTE + SECOND):
        assert not is_signed_in(browser, SLUG)


def test_asking_for_more_time_lengthens_it(browser):
    with clock.frozen(MORNING + 14 * MINUTE):
        token = browser.any_token()
    with clock.frozen(MORNING + 28 * MINUTE):
        assert browser.post("/stay", data={"csrf_token": token}).status_code == 204
    with clock.frozen(MORNING + 42 * MINUTE):
        assert is_signed_in(browser, SLUG)


def test_asking_for_more_time_comes_too_late(browser):
    token = browser.any_token()
    with clock.frozen(MORNING + 15 * MINUTE + SECOND):
        assert browser.post("/stay", data={"csrf_token": token}).status_code == 403
        assert not is_signed_in(browser, SLUG)


def test_a_page_on_a_shared_computer_knows_when_it_closes_and_one_at_home_does_not(
    browser, at_home, resident
):
    page = browser.get(f"/consultations/{SLUG}/about-me").text
    assert 'data-closes-in="900"' in page
    assert "For your security, we will close this page in 2 minutes." in page
    with clock.frozen(MORNING + timedelta(seconds=30)):
        assert 'data-closes-in="870"' in browser.get(f"/consultations/{SLUG}/about-me").text
    with clock.frozen(MORNING + 5 * MINUTE):
        assert 'data-closes-in="900"' in browser.get(f"/consultations/{SLUG}/about-me").text
    assert "data-closes-in" not in at_home.get(f"/consultations/{SLUG}/about-me").text


def test_the_last_quarter_of_an_hour_of_eight_hours_is_shorter(browser):
    at = MORNING
    while at < MORNING + 8 * HOUR - 10 * MINUTE:
        at += 10 * MINUTE
        with clock.frozen(at):
            page = browser.get(f"/consultations/{SLUG}/about-me").text
    assert 'data-closes-in="600"' in page


def finish(browser, resident):
    assert browser.send("/finish", page=f"/consultations/{SLUG}/about-me").location == "/finished"


def hide(browser, resident):
    assert browser.send("/hide", page=f"/consultations/{SLUG}/about-me").location == "/hidden"


def end(browser, resident):
    resident_sessions.end(resident.session_id)
    db.session.commit()


def end_all(browser, resident):
    assert resident_sessions.end_all(resident.participant_id) == 1
    db.session.commit()


@pytest.mark.parametrize("ending", [finish, hide, end, end_all])
def test_a_copied_cookie_opens_nothing_after(ending, app, browser, resident):
    copied = cookie_of(browser)
    assert is_signed_in(with_cookie(app, copied), SLUG)
    ending(browser, resident)
    thief = with_cookie(app, copied)
    assert not is_signed_in(thief, SLUG)
    assert thief.get(f"/consultations/{SLUG}/about-me").location == f"/consultations/{SLUG}/"


def test_ending_all_but_one_leaves_that_one(app, place, resident, browser):
    other = resident_sessions.begin(resident.participant_id, place.id, is_shared=True)
    assert resident_sessions.end_all(resident.participant_id, but=resident.session_id) == 1
    db.session.commit()
    assert resident_sessions.find(other) is None
    assert is_signed_in(browser, SLUG)


def test_a_session_that_ended_by_itself_says_whose_it_was_and_one_that_was_ended_does_not(resident):
    with clock.frozen(MORNING + HOUR):
        lost = resident_sessions.find(resident.session_id)
        assert lost is not None
        assert (lost.participant_id, lost.is_over) == (resident.participant_id, True)
        resident_sessions.end(resident.session_id)
        db.session.commit()
        assert resident_sessions.find(resident.session_id) is None


def test_the_record_keeps_only_a_hash_of_the_session(resident):
    [row] = db.session.scalars(select(ResidentSession))
    assert resident.session_id not in "".join(str(value) for value in vars(row).values())


def test_every_page_signs_the_cookie_anew_so_that_none_is_kept_for_the_back_button(browser, app):
    """A browser throws away the pages in its memory when such a cookie changes."""
    for path in (f"/consultations/{SLUG}/about-me", "/", "/privacy"):
        assert len(browser.get(path).headers.getlist("Set-Cookie")) == 1, path
    assert is_signed_in(browser, SLUG)
    assert PageClient(app).get("/privacy").headers.getlist("Set-Cookie") == [], "not of people who only read"
