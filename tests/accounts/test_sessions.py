"""Sessions: how long they last, what ends them, and that a copied cookie then opens nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.access import OPERATOR, Role
from consult.accounts import service
from consult.accounts.models import Staff, StaffSession
from consult.audit.models import AuditEntry
from consult.db import db
from tests.making.accounts import (
    client_as,
    cookie_of,
    is_signed_in,
    make_consultation,
    make_link,
    make_staff,
    sign_in,
    with_cookie,
)
from tests.page_client import PageClient

MORNING = datetime(2026, 11, 9, 9, tzinfo=UTC)
IDLE = timedelta(minutes=30)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def in_the_morning():
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def staff(in_app):
    return make_staff()


@pytest.fixture
def signed_in(client, staff):
    return sign_in(client, staff)


@pytest.fixture
def config(app):
    return app.config["CONSULT"]


def test_a_session_rests_for_half_an_hour(signed_in):
    with clock.frozen(MORNING + IDLE - SECOND):
        assert is_signed_in(signed_in)


def test_a_session_that_rests_longer_is_over(signed_in):
    with clock.frozen(MORNING + IDLE + SECOND):
        assert not is_signed_in(signed_in)
        page = signed_in.get("/staff/sign-in")
        assert "We signed you out" in page.text, "the person is told why"
    assert "We signed you out" not in PageClient(signed_in.application).get("/staff/sign-in").text


def test_use_keeps_a_session_for_eight_hours_and_no_longer(signed_in):
    at = MORNING
    while at < MORNING + timedelta(hours=8) - IDLE:
        at += IDLE - SECOND
        with clock.frozen(at):
            assert is_signed_in(signed_in)
    with clock.frozen(MORNING + timedelta(hours=8) - SECOND):
        assert is_signed_in(signed_in)
    with clock.frozen(MORNING + timedelta(hours=8) + SECOND):
        assert not is_signed_in(signed_in)


def test_the_last_use_is_written_once_a_minute(signed_in, staff):
    seen, written = [], []
    for seconds in (59, 60, 119, 125):
        with clock.frozen(MORNING + timedelta(seconds=seconds)):
            assert is_signed_in(signed_in)
        written.append(any("UPDATE" in statement for statement in signed_in.statements))
        seen.append((last_seen(staff) - MORNING).total_seconds())
    assert seen == [0, 60, 60, 125]
    assert written == [False, True, False, True]


def last_seen(staff):
    db.session.rollback()
    found = db.session.scalars(
        select(StaffSession.last_seen_at)
        .where(StaffSession.staff_id == staff.id)
        .order_by(StaffSession.last_seen_at)
    ).all()[-1]
    db.session.rollback()
    return found


def sign_out(client, staff, config):
    assert client.send("/staff/sign-out", page="/staff/").location == "/staff/signed-out"


def change_role(client, staff, config):
    make_link(staff.email, Role.OFFICER)


def switch_off(client, staff, config):
    db.session.get(Staff, staff.id).disabled_at = MORNING
    db.session.commit()


def reset(client, staff, config):
    service.reset_staff(OPERATOR, staff.email, config=config)
    db.session.commit()


def end_sessions(client, staff, config):
    assert service.end_sessions(OPERATOR, staff.email) == 2, "of setting up, and this one"
    db.session.commit()


@pytest.mark.parametrize("ending", [sign_out, change_role, switch_off, reset, end_sessions])
def test_a_copied_cookie_opens_nothing_after(ending, app, staff, signed_in, config):
    copied = cookie_of(signed_in)
    assert is_signed_in(with_cookie(app, copied))
    ending(signed_in, staff, config)
    thief = with_cookie(app, copied)
    assert not is_signed_in(thief)
    assert thief.get("/analyst/").location.startswith("/staff/sign-in")


def test_a_new_role_in_one_place_ends_no_session_of_others(in_app, app, staff, signed_in):
    other = client_as(app, Role.MODERATOR, make_consultation("parks-2026"))
    make_link(staff.email, Role.OFFICER)
    assert is_signed_in(other)


def test_signing_out_takes_the_cookie_away_and_is_on_the_record(signed_in, staff):
    sign_out(signed_in, staff, None)
    assert signed_in.get_cookie("session") is None
    page = signed_in.get("/staff/signed-out")
    assert "You have signed out" in page.text
    assert "close all windows" in page.text
    assert staff.email not in page.text
    trail = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.actor, e.action, e.subject) for e in trail[-2:]] == [
        ("visitor", "acct.staff_signin", f"staff/{staff.id}"),
        (f"staff/{staff.id}", "sess.signout", f"staff/{staff.id}"),
    ]
    assert not any(staff.email in (e.detail or "") + e.subject + e.actor for e in trail)


def test_signing_out_works_after_the_session_has_died(signed_in):
    token = signed_in.token_from("/staff/")
    with clock.frozen(MORNING + IDLE + SECOND):
        answer = signed_in.post("/staff/sign-out", data={"csrf_token": token})
    assert answer.location == "/staff/signed-out"
    assert signed_in.get_cookie("session") is None


def test_signing_out_works_for_a_browser_that_carries_nothing(client):
    assert client.post("/staff/sign-out").location == "/staff/signed-out"


@pytest.mark.parametrize("told", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_signing_out_works_with_a_dead_token_if_the_browser_says_that_the_page_is_ours(signed_in, told):
    answer = signed_in.post("/staff/sign-out", data={"csrf_token": "dead"}, headers=told)
    assert answer.location == "/staff/signed-out"
    assert not is_signed_in(signed_in)


def test_signing_out_with_a_dead_token_and_an_old_browser_asks_once_more(signed_in):
    answer = signed_in.post("/staff/sign-out", data={"csrf_token": "dead"})
    assert (answer.status_code, "Do you want to sign out?" in answer.text) == (200, True)
    assert is_signed_in(signed_in)


@pytest.mark.parametrize(
    "told",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
def test_another_site_cannot_sign_anybody_out(signed_in, told):
    answer = signed_in.post("/staff/sign-out", headers=told)
    assert answer.status_code == 400
    assert is_signed_in(signed_in)


def test_signing_out_cannot_be_done_by_following_a_link(signed_in):
    assert signed_in.get("/staff/sign-out").status_code == 405
    assert is_signed_in(signed_in)


def test_two_browsers_of_one_person_are_two_sessions(app, signed_in, staff):
    other = sign_in(PageClient(app), staff)
    sign_out(signed_in, staff, None)
    assert is_signed_in(other)


@pytest.mark.parametrize("cookie", ["", "rubbish", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbb"])
def test_a_cookie_that_we_did_not_make_is_nobody(app, cookie):
    assert not is_signed_in(with_cookie(app, cookie))


def test_a_page_in_a_part_of_a_page_asks_the_whole_page_to_sign_in(client):
    answer = client.get("/analyst/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/staff/sign-in")


def test_the_header_says_who_is_signed_in_and_offers_the_way_out(signed_in, staff):
    page = signed_in.get("/staff/").text
    assert staff.email in page
    assert 'action="/staff/sign-out"' in page
    assert staff.email not in page[: page.index("</title>")]
