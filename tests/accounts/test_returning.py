"""Coming back with a code, and getting a new one for the serial: by real requests."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import Role
from consult.accounts import code_rules, codes, current, resident_sessions
from consult.accounts.models import FailedTry, ResidentSession
from consult.audit.models import AuditEntry
from consult.consultations.models import Membership, Participant, State
from consult.db import db
from tests.making.accounts import client_as
from tests.making.codes import OWN, enter, is_signed_in, make_pair
from tests.making.places import WHEN, as_resident, make_place, make_resident
from tests.page_client import PageClient, at_once

MORNING = datetime(2026, 11, 9, 9, tzinfo=UTC)
UNKNOWN = "We do not know this code. Check it against your slip and enter it again"
SLUG = "survey-place"
CONTINUE = f"/consultations/{SLUG}/continue"


@pytest.fixture
def place(in_app):
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


def said(page) -> str:
    """The message at the field."""
    found = re.search(r'class="govuk-error-message">.*?</span> (.*?)</p>', page.text)
    assert found, page.text
    return found[1]


# --- coming back


def test_the_code_brings_its_owner_back(client, pair):
    answer = enter(client, pair.code)
    assert (answer.status_code, answer.location) == (303, CONTINUE)
    assert is_signed_in(client, SLUG)


@pytest.mark.parametrize("moment", [moment for moment in WHEN if moment != "draft"])
def test_it_does_so_at_every_moment_from_publishing_on(in_sqlite, moment):
    pair = make_pair(make_resident(make_place(moment, slug="the-place")))
    assert enter(PageClient(in_sqlite), pair.code).location == "/consultations/the-place/continue"


def test_manners_of_typing_do_not_matter(client, pair):
    assert enter(client, f" {pair.code.lower().replace('-', ' – ')}\n").location == CONTINUE


def test_the_form_on_the_front_page_leads_the_same_way(client, pair):
    page = client.get("/")
    assert 'action="/return"' in page.text
    answer = client.send("/return", {"code": pair.code}, page="/")
    assert answer.location == CONTINUE
    [row] = db.session.scalars(select(ResidentSession).order_by(ResidentSession.began_at.desc()).limit(1))
    assert row.is_shared, "where nobody said, the computer is taken to be shared"


@pytest.mark.parametrize(("answer", "is_shared"), [("yes", True), ("no", False), ("maybe", True), ("", True)])
def test_the_computer_is_shared_unless_somebody_says_that_it_is_theirs(
    client, pair, resident, answer, is_shared
):
    enter(client, pair.code, shared=answer)
    rows = select(ResidentSession.is_shared).where(ResidentSession.participant_id == resident.participant_id)
    assert sorted(db.session.scalars(rows)) == sorted([True, is_shared])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", code_rules.EMPTY),
        ("7KQ4-WD2M", "Your code is too short. It has 12 letters and numbers, and you entered 8"),
        ("7KQ4-WD2M-XP90", code_rules.NEVER_USED),
        ("7KQ4-WD2M-XP9C", code_rules.SLIP),
        ("<b>'; DROP TABLE participant; --", code_rules.NOT_A_CODE),
    ],
)
def test_a_slip_is_told_at_the_field_and_what_was_typed_stays(client, place, typed, message):
    page = enter(client, typed)
    assert page.status_code == 422
    assert "Error: Come back with your code" in page.text
    assert said(page) == message
    assert page.text.count('href="#code"') == 1
    assert typed == "" or client.application.jinja_env.filters["e"](typed) in page.text


def test_a_slip_does_not_count_as_a_try(client, place):
    for _ in range(5):
        assert enter(client, "7KQ4-WD2M-XP9C").status_code == 422
    assert db.session.scalar(select(func.count()).select_from(FailedTry)) == 0


def test_two_codes_at_once_are_none(client, pair):
    token = client.token_from("/return")
    page = client.post("/return", data={"csrf_token": token, "code": [pair.code, pair.code]})
    assert (page.status_code, said(page)) == (422, code_rules.EMPTY)


def replaced(place, resident, config):
    make_pair(resident)


def withdrawn(place, resident, config):
    member = db.session.scalars(select(Membership).filter_by(participant_id=resident.participant_id)).one()
    member.withdrawn_at, member.keeps_answers = clock.now(), True


def archived(place, resident, config):
    place.state = State.ARCHIVED


def back_to_draft(place, resident, config):
    place.state = State.DRAFT


def forgotten(place, resident, config):
    codes.forget_code(resident.participant_id)


@pytest.mark.parametrize("ending", [replaced, withdrawn, archived, back_to_draft, forgotten])
def test_a_code_that_is_over_is_told_like_one_that_never_was(client, place, resident, pair, ending):
    never = enter(client, code_rules.new_code())
    statements_of_never = [s for s in client.statements if "SELECT" in s]
    ending(place, resident, None)
    db.session.commit()
    over = enter(client, pair.code)
    assert (never.status_code, said(never)) == (over.status_code, said(over)) == (422, UNKNOWN)
    assert [s for s in client.statements if "SELECT" in s] == statements_of_never, (
        "as much work, so as much time"
    )
    token = re.compile(r'(csrf_token|code)" (type="text" )?value="[^"]+"')
    assert token.sub("", never.text) == token.sub("", over.text)
    assert not is_signed_in(client, SLUG)


def test_a_serial_in_the_field_of_the_code_is_recognised(client, pair):
    page = enter(client, pair.serial)
    assert said(page) == code_rules.IS_SERIAL
    assert 'href="/return/lost"' in page.text


def test_the_session_is_a_new_one_whatever_the_browser_carried(client, pair, resident):
    with client.session_transaction() as planted:
        planted[current.RESIDENT] = resident.session_id
    enter(client, pair.code)
    with client.session_transaction() as carried:
        assert carried[current.RESIDENT] != resident.session_id
    assert resident_sessions.find(resident.session_id) is None, "the one before is over"


def test_coming_back_twenty_times_at_once_works_each_time(app, pair, place):
    def come(_n):
        return enter(PageClient(app), pair.code).location

    assert at_once(come, [(n,) for n in range(20)]) == [CONTINUE] * 20


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ASSISTANT])
def test_staff_do_not_come_back_in_a_persons_place(in_sqlite, role):
    place = make_place("survey")
    pair = make_pair(make_resident(place))
    page = enter(client_as(in_sqlite, role, place), pair.code)
    assert page.status_code == 403
    assert "Sign out before somebody takes part on this computer" in page.text


def test_whoever_joined_in_another_language_comes_back_in_it(client, pair, resident):
    """There is one language here, so that nothing is chosen; an unknown one does no harm."""
    db.session.get(Participant, resident.participant_id).language = "xx"
    db.session.commit()
    assert enter(client, pair.code).location == CONTINUE


# --- limits


def wrong_codes(client, how_many: int) -> list[int]:
    token = client.token_from("/return")
    return [
        client.post("/return", data={"csrf_token": token, "code": code_rules.new_code()}).status_code
        for _ in range(how_many)
    ]


def test_a_hundred_wrong_codes_in_a_quarter_of_an_hour_are_enough_and_a_library_is_let_in(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("survey")
        pairs = [make_pair(make_resident(place, name=f"Person {n}")) for n in range(30)]
    with clock.frozen(MORNING):
        assert wrong_codes(PageClient(sqlite_app), 60) == [422] * 60
        came = [enter(PageClient(sqlite_app), pair.code).status_code for pair in pairs]
        assert came == [303] * 30, "who gets it right does not count"
        assert wrong_codes(PageClient(sqlite_app), 41) == [422] * 40 + [429], "a new cookie does not help"
        refused = enter(PageClient(sqlite_app), pairs[0].code)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "900"
        assert "Too many tries. Wait 15 minutes and try again." in refused.text
        elsewhere = PageClient(sqlite_app)
        token = elsewhere.token_from("/return")
        from_there = elsewhere.post(
            "/return",
            data={"csrf_token": token, "code": pairs[0].code},
            environ_base={"REMOTE_ADDR": "192.0.2.9"},
        )
        assert from_there.status_code == 303
    with clock.frozen(MORNING + timedelta(minutes=15, seconds=1)):
        assert enter(PageClient(sqlite_app), pairs[0].code).status_code == 303


# --- what stays where


@pytest.mark.parametrize("path", ["/return?code={code}", "/return?code={code}&closed=1"])
def test_a_code_in_the_address_is_dropped_at_once(client, pair, path):
    answer = client.get(path.format(code=pair.code))
    assert answer.status_code == 303
    assert pair.code not in answer.location
    assert pair.code not in answer.text


def test_no_code_is_in_a_title_an_address_or_the_log(client, pair, caplog):
    with caplog.at_level(logging.DEBUG):
        page = enter(client, code_rules.new_code())
        answer = enter(client, pair.code)
        wrong = enter(PageClient(client.application), pair.code[:-1])
    for code in (pair.code, pair.serial, code_rules.normal(pair.code)):
        assert code not in caplog.text
        assert code not in answer.location
        assert (
            code not in page.text[: page.text.index("</title>")] + wrong.text[: wrong.text.index("</title>")]
        )


def test_coming_and_going_is_not_in_the_audit_trail(client, pair):
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    enter(client, pair.code)
    client.send("/finish", page=f"/consultations/{SLUG}/about-me")
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_a_browser_without_cookies_is_told_so_and_not_sent_round(app, pair):
    page = PageClient(app, use_cookies=False)
    token = page.token_from("/return")
    answer = page.post("/return", data={"csrf_token": token, "code": pair.code})
    assert answer.status_code == 400
    assert "Your browser did not send our cookie" in answer.text
    assert pair.code not in answer.text


# --- the serial


def test_the_serial_gives_a_new_code_and_ends_the_old_one(app, client, place, resident, browser, pair):
    answer = client.send("/return/lost", {"serial": pair.serial.lower(), **OWN})
    assert (answer.status_code, answer.location) == (303, f"/consultations/{SLUG}/join/code")
    page = client.get(answer.location).text
    [new] = re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", page.split("S-")[0])[:1]
    assert code_rules.normal(new)
    assert not is_signed_in(browser, SLUG), "another browser of theirs is signed out"
    assert said(enter(PageClient(app), pair.code)) == UNKNOWN
    again = PageClient(app).send("/return/lost", {"serial": pair.serial})
    assert again.status_code == 422
    assert "We do not know this number" in said(again)
    assert enter(PageClient(app), new).location == f"/consultations/{SLUG}/continue"
    [line] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "me.code"))
    assert (line.actor, line.subject) == (f"participant/{resident.participant_id}",) * 2


@pytest.mark.parametrize(
    ("typed", "message"), [("", code_rules.SERIAL_EMPTY), ("S-222", "The number is too short")]
)
def test_a_slip_in_the_serial_is_told(client, place, typed, message):
    page = client.send("/return/lost", {"serial": typed})
    assert page.status_code == 422
    assert said(page).startswith(message)


def test_a_code_in_the_field_of_the_serial_is_recognised(client, pair):
    assert said(client.send("/return/lost", {"serial": pair.code})) == code_rules.IS_CODE
