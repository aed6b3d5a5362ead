"""Signing in: two steps, few tries, nothing learned by trying."""

import re
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import Role
from consult.accounts import service
from consult.accounts.models import FailedTry, Staff, StaffSession
from consult.accounts.passwords import hash_password, is_password
from consult.db import db
from consult.web.audiences import local_path
from tests.making.accounts import (
    cookie_of,
    enter_password,
    is_signed_in,
    make_link,
    make_staff,
    sign_in,
    with_cookie,
)
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import TOKEN, PageClient, at_once

TYPED = re.compile(r'(?<=type="email") value="[^"]*"')
NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon():
    with clock.frozen(NOON):
        yield


def try_password(client, email, password):
    return client.send("/staff/sign-in", {"email": email, "password": password})


def test_nobody_signs_in_beside_somebody_who_takes_part(in_app, app):
    staff = make_staff()
    shared = as_resident(app, make_resident(make_place("survey")))
    page = shared.get("/staff/sign-in")
    assert "Finish for them" in page.text
    assert 'type="password"' not in page.text
    typed = {"email": staff.email, "password": staff.password}
    assert shared.send("/staff/sign-in", typed).status_code == 403
    assert shared.send("/finish", page="/staff/sign-in").location == "/finished"
    assert sign_in(shared, staff).get("/staff/").status_code == 200


def test_password_and_code_let_an_analyst_in_to_the_results(in_app, client):
    staff = make_staff()
    enter_password(client, staff)
    assert not is_signed_in(client), "the password alone must not do"
    answer = client.send("/staff/sign-in/code", {"code": staff.code()})
    assert (answer.status_code, answer.location) == (303, "/analyst/")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.OFFICER, "/officer/"),
        (Role.ANALYST, "/analyst/"),
        (Role.MODERATOR, "/moderator/"),
        (Role.ADMINISTRATOR, "/admin/"),
        (Role.ASSISTANT, "/staff/"),
    ],
)
def test_everybody_lands_where_their_work_is(in_app, client, role, address):
    staff = make_staff(role=role)
    enter_password(client, staff)
    assert client.send("/staff/sign-in/code", {"code": staff.code()}).location == address
    assert client.get(address).status_code == 200
    assert f'href="{address}"' in client.get("/staff/").text or role is Role.ASSISTANT


def test_an_assistant_lands_on_a_page_that_says_what_they_are(in_app, client):
    sign_in(client, make_staff(role=Role.ASSISTANT))
    page = client.get("/staff/")
    assert "<li>assistant</li>" in page.text
    assert "There is nothing for you to do here yet" in page.text


def test_an_e_mail_address_is_known_in_any_case_of_letters(in_app, client):
    staff = make_staff()
    assert try_password(client, f" {staff.email.upper()} ", staff.password).status_code == 303


@pytest.mark.parametrize("email", ["nobody@abbeyford.example", "not an address", "nul\x00@abbeyford.example"])
def test_an_unknown_address_reads_like_a_wrong_password(in_app, client, email):
    staff = make_staff()
    answers = [try_password(client, typed, "wrong") for typed in (staff.email, email)]
    assert [answer.status_code for answer in answers] == [422, 422]
    known, unknown = (TOKEN.sub("", TYPED.sub("", answer.text)) for answer in answers)
    assert known == unknown
    assert service.WRONG_PASSWORD in unknown


def test_an_account_that_is_not_set_up_reads_like_a_wrong_password(in_app, client):
    make_link()
    assert service.WRONG_PASSWORD in try_password(client, "ana.lyst@abbeyford.example", "wrong").text


def test_a_page_with_an_error_keeps_the_address_and_never_the_password(in_app, client):
    answer = try_password(client, "ana.lyst@abbeyford.example", "my wrong password")
    assert 'value="ana.lyst@abbeyford.example"' in answer.text
    assert "my wrong password" not in answer.text
    assert "<title>Error: Sign in" in answer.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "", "password": "x"}, "Enter your e-mail address"),
        ({"email": "a@b.example", "password": ""}, "Enter your password"),
        ({"email": "a" * 255, "password": "x"}, "Your e-mail address is too long"),
        ({"email": "a@b.example", "password": "x" * 201}, "Your password has 200 characters or fewer"),
    ],
)
def test_a_form_says_what_is_missing(client, typed, sentence):
    answer = client.send("/staff/sign-in", typed)
    assert (answer.status_code, answer.text.count(sentence)) == (422, 2), "in the summary and at the field"


def test_a_code_works_once(in_app, app, client):
    staff = make_staff()
    code = staff.code()
    enter_password(client, staff)
    assert client.send("/staff/sign-in/code", {"code": code}).status_code == 303
    other = PageClient(app)
    enter_password(other, staff)
    answer = other.send("/staff/sign-in/code", {"code": code})
    assert (answer.status_code, service.WRONG_CODE in answer.text) == (422, True)
    assert code not in answer.text, "a code is not printed back"


def test_of_two_browsers_with_one_code_one_comes_in(in_app, app):
    staff = make_staff()
    code = staff.code()
    clients = [PageClient(app) for _ in range(4)]
    tokens = []
    for client in clients:
        enter_password(client, staff)
        tokens.append(client.token_from("/staff/sign-in/code"))
    statuses = at_once(
        lambda client, token: (
            client.post("/staff/sign-in/code", data={"csrf_token": token, "code": code}).status_code
        ),
        zip(clients, tokens, strict=True),
    )
    assert sorted(statuses) == [303, 422, 422, 422]


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_telephone_may_be_half_a_minute_wrong(in_app, client, seconds):
    with clock.frozen(NOON - timedelta(hours=1)):
        staff = make_staff()
    enter_password(client, staff)
    staff.last_step = int((NOON + timedelta(seconds=seconds)).timestamp()) // 30 - 1
    assert client.send("/staff/sign-in/code", {"code": staff.code()}).status_code == 303


def test_a_code_of_two_minutes_ago_is_refused(in_app, client):
    staff = make_staff()
    code = staff.code()
    with clock.frozen(NOON + timedelta(minutes=2)):
        enter_password(client, staff)
        assert client.send("/staff/sign-in/code", {"code": code}).status_code == 422


def test_what_is_not_six_numbers_is_refused(in_app, client):
    enter_password(client, make_staff())
    typed = ("", "12345", "1234567", "１２３４５６", "abcdef", "-----", "000 00")
    statuses = [client.send("/staff/sign-in/code", {"code": code}).status_code for code in typed]
    assert statuses == [422] * len(typed)


def test_a_code_may_be_typed_with_a_space(in_app, client):
    staff = make_staff()
    code = staff.code()
    enter_password(client, staff)
    assert client.send("/staff/sign-in/code", {"code": f" {code[:3]} {code[3:]} "}).status_code == 303


def test_the_second_step_waits_ten_minutes_for_a_code(in_app, client):
    staff = make_staff()
    enter_password(client, staff)
    with clock.frozen(NOON + timedelta(minutes=9, seconds=59)):
        assert client.get("/staff/sign-in/code").status_code == 200
    with clock.frozen(NOON + timedelta(minutes=10)):
        assert client.get("/staff/sign-in/code").location == "/staff/sign-in"


def test_the_second_step_without_the_first_leads_back_to_it(client):
    assert client.get("/staff/sign-in/code").location == "/staff/sign-in"


def test_the_cookie_of_the_first_step_opens_nothing_after_the_second(in_app, app, client):
    staff = make_staff()
    enter_password(client, staff)
    copied = with_cookie(app, cookie_of(client))
    client.send("/staff/sign-in/code", {"code": staff.code()})
    assert not is_signed_in(copied)
    assert copied.get("/staff/sign-in/code").location == "/staff/sign-in"


def test_the_id_of_the_first_step_is_not_the_id_of_a_session(in_app, client):
    enter_password(client, make_staff())
    with client.session_transaction() as kept:
        kept["_user_id"] = kept.pop("half")
    assert not is_signed_in(client)


def test_eleven_tries_in_a_quarter_of_an_hour_are_too_many_even_if_the_last_is_right(in_app, client):
    staff = make_staff()
    statuses = [try_password(client, staff.email, "wrong").status_code for _ in range(10)]
    assert statuses == [422] * 10
    answer = try_password(client, staff.email, staff.password)
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text
    assert try_password(client, "other@abbeyford.example", "wrong").status_code == 422, (
        "only this address waits"
    )
    with clock.frozen(NOON + timedelta(minutes=14, seconds=59)):
        refused = [try_password(client, staff.email, staff.password).status_code for _ in range(11)]
    assert refused == [429] * 11, "these do not make the wait longer"
    with clock.frozen(NOON + timedelta(minutes=15, seconds=1)):
        assert try_password(client, staff.email, staff.password).status_code == 303


def test_codes_are_counted_like_passwords(in_app, client):
    enter_password(client, make_staff())
    statuses = [client.send("/staff/sign-in/code", {"code": "000000"}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_thirty_tries_that_arrive_together_are_not_more_than_ten(in_app, app):
    make_staff()
    clients = [PageClient(app) for _ in range(30)]
    forms = [
        {
            "csrf_token": c.token_from("/staff/sign-in"),
            "email": "ana.lyst@abbeyford.example",
            "password": "wrong",
        }
        for c in clients
    ]
    statuses = at_once(
        lambda client, form: client.post("/staff/sign-in", data=form).status_code,
        zip(clients, forms, strict=True),
    )
    assert set(statuses) <= {422, 429}
    assert statuses.count(422) <= 10


def test_people_who_get_it_right_use_up_no_tries(in_app, app):
    staff = make_staff()
    for minute in range(11):
        with clock.frozen(NOON + timedelta(minutes=minute)):
            sign_in(PageClient(app), staff)
    assert db.session.scalar(select(func.count()).select_from(FailedTry)) == 0


def test_the_record_of_tries_holds_no_address_and_lasts_a_day(in_app, client):
    try_password(client, "ana.lyst@abbeyford.example", "wrong")
    assert "ana" not in db.session.scalars(select(FailedTry.who_hash)).one()
    db.session.rollback()
    with clock.frozen(NOON + timedelta(hours=24, seconds=1)):
        try_password(client, "other@abbeyford.example", "wrong")
    assert db.session.scalar(select(func.count()).select_from(FailedTry)) == 1


def test_an_account_that_is_switched_off_cannot_take_either_step(in_app, app, client):
    staff = make_staff()
    enter_password(client, staff)
    db.session.get(Staff, staff.id).disabled_at = NOON
    db.session.commit()
    assert client.get("/staff/sign-in/code").location == "/staff/sign-in"
    assert try_password(PageClient(app), staff.email, staff.password).status_code == 422


def test_every_step_gives_the_browser_a_new_session_and_a_new_token(in_app, client):
    staff = make_staff()
    client.get("/staff/sign-in")
    carried = [what_it_carries(client)]
    enter_password(client, staff)
    client.get("/staff/sign-in/code")
    carried.append(what_it_carries(client))
    client.send("/staff/sign-in/code", {"code": staff.code()})
    client.get("/staff/")
    carried.append(what_it_carries(client))
    assert [set(kept) for kept in carried] == [
        {"csrf_token"},
        {"csrf_token", "half"},
        {"csrf_token", "_user_id"},
    ]
    values = [value for kept in carried for value in kept.values()]
    assert len(set(values)) == 5
    assert (
        db.session.scalar(select(func.count(StaffSession.id_hash.distinct()))) == 3
    )  # one was of setting up


def what_it_carries(client):
    with client.session_transaction() as kept:
        return dict(kept)


def test_a_planted_cookie_gains_nothing_when_somebody_signs_in_with_it(in_app, app, client):
    client.get("/staff/sign-in")
    thief = with_cookie(app, cookie_of(client))
    sign_in(client, make_staff())
    assert not is_signed_in(thief)


def test_the_cookie_holds_an_id_and_a_token_and_the_database_only_a_hash(in_app, client):
    sign_in(client, make_staff())
    client.get("/staff/")
    with client.session_transaction() as kept:
        assert set(kept) == {"_user_id", "csrf_token"}
        session_id = kept["_user_id"]
    assert len(session_id) >= 43
    stored = db.session.scalars(select(StaffSession.id_hash)).all()
    assert session_id not in stored


def test_a_form_without_a_token_is_refused(client):
    answer = client.post("/staff/sign-in", data={"email": "a@b.example", "password": "x"})
    assert answer.status_code == 400


ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "http:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "https:/evil.example",
    "//evil.example/%2e%2e",
    "/ /evil.example",
    "\x00//evil.example",
    "//\u3002evil.example",
    "/\u2215evil.example",
    "data:text/html,x",
    "?next=//evil.example",
    "",
    " /analyst/",
    "//localhost@evil.example",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_what_could_lead_to_another_site_is_no_path_of_ours(address):
    assert local_path(address) is None


@pytest.mark.parametrize("address", ["/", "/analyst/", "/analyst/licensing-2026/?by=age_band&x=%2F#people"])
def test_a_plain_path_is_one_of_ours(address):
    assert local_path(address) == address


@pytest.mark.parametrize("next_page", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_a_link_to_another_site_is_not_followed_after_signing_in(in_app, client, next_page):
    staff = make_staff()
    query = {"next": next_page}
    token = client.token_from("/staff/sign-in")
    first = client.post(
        "/staff/sign-in",
        query_string=query,
        data={"csrf_token": token, "email": staff.email, "password": staff.password},
    )
    assert first.location == "/staff/sign-in/code"
    token = client.token_from("/staff/sign-in/code")
    last = client.post(
        "/staff/sign-in/code", query_string=query, data={"csrf_token": token, "code": staff.code()}
    )
    assert last.location == "/analyst/"


def test_a_page_of_ours_is_where_one_goes_on_after_signing_in(in_app, client):
    staff = make_staff()
    start = client.get("/analyst/licensing-2026/?by=age_band").location
    assert start == "/staff/sign-in?next=/analyst/licensing-2026/?by%3Dage_band"
    step = client.send(start, {"email": staff.email, "password": staff.password}).location
    assert client.send(step, {"code": staff.code()}).location == "/analyst/licensing-2026/?by=age_band"
    assert client.get(start).location == "/analyst/licensing-2026/?by=age_band", "already signed in"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"]
)
def test_a_request_for_another_host_is_refused(client, host):
    assert client.get("/staff/sign-in", headers={"Host": host}).status_code == 400


def test_no_address_is_told_by_time():
    """Argon2 is run for unknown addresses too: the ratio of two best times is near one, not near fifty."""
    stored = hash_password("violet teapot marching")

    def best(of):
        times = []
        for _ in range(5):
            began = perf_counter()
            is_password(of, "wrong")
            times.append(perf_counter() - began)
        return min(times)

    assert 0.3 < best(None) / best(stored) < 3
