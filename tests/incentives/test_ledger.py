"""What is owed, issued and collected: by claim number, each mark once, a step back on the same day."""

import csv
import io
import re

import pytest
from sqlalchemy import select, update

from consult.access import Actor, Role
from consult.audit.models import AuditEntry
from consult.consultations.models import Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.errors import Conflict
from consult.incentives import holders, ledger
from consult.incentives.claim_numbers import new_number
from consult.incentives.models import Contact, Due, Incentive
from tests.making.accounts import make_staff, sign_in
from tests.making.incentives import (
    ISSUED,
    OWED,
    dues,
    holder_of,
    make_due,
    make_offer,
    today,
    yesterday,
)
from tests.making.places import make_place, make_resident
from tests.making.surveys import make_sent
from tests.page_client import PageClient, at_once

PATH = "/officer/survey-place/thanks"


@pytest.fixture
def place(in_app):
    found = make_place("survey")
    make_offer(found)
    return found


@pytest.fixture
def officer(in_app, place):
    staff = make_staff("officer@abbeyford.example", Role.OFFICER, place)
    return sign_in(PageClient(in_app), staff)


def send(client, rest, page=None, **data):
    """Send a form of the ledger, with a token of its own."""
    token = client.token_from(f"{PATH}/{page or 'number'}")
    return client.post(f"{PATH}/{rest}", data={"csrf_token": token, **data})


def states() -> dict[str, tuple[bool, bool]]:
    """Whether each claim number is issued and collected."""
    return {due.reference: (due.issued_at is not None, due.collected_at is not None) for due in dues()}


def trail() -> list[tuple[str, str]]:
    asked = select(AuditEntry).where(AuditEntry.action == "inc.pay").order_by(AuditEntry.id)
    return [(entry.subject, entry.detail or "") for entry in db.session.scalars(asked)]


def test_what_is_ticked_is_issued_with_a_line_of_the_trail_each(officer, place):
    ids = [make_due(place, number) for number in (OWED, ISSUED)]
    assert "Nobody has chosen" not in officer.get(PATH).text
    page = officer.get(f"{PATH}/list").text
    assert page.index(min(OWED, ISSUED)) < page.index(max(OWED, ISSUED))
    answer = send(officer, "list", page="list", number=[OWED], which="ticked")
    assert (answer.status_code, answer.location) == (303, f"{PATH}/list")
    assert states() == {OWED: (True, False), ISSUED: (False, False)}
    assert dues()[0].issued_at == today()
    send(officer, "list", page="list", shown=[ISSUED], which="all")
    assert states()[ISSUED] == (True, False)
    assert [subject for subject, _detail in trail()] == [f"thanks/{each}" for each in ids]
    assert not any(number in detail for _subject, detail in trail() for number in (OWED, ISSUED))


def test_the_list_shows_each_state_by_itself(officer, place):
    make_due(place)
    make_due(place, ISSUED, issued_at=today())
    gone = new_number()
    make_due(place, gone, issued_at=today(), collected_at=today())
    for show, there in (("owed", [OWED]), ("issued", [ISSUED]), ("collected", [gone])):
        page = officer.get(f"{PATH}/list?show={show}").text
        assert [number for number in (OWED, ISSUED, gone) if number in page] == there
        assert ("Mark the ticked ones" in page) == (show == "owed")
    for show in ("all", "rubbish"):
        page = officer.get(f"{PATH}/list?show={show}").text
        assert all(number in page for number in (OWED, ISSUED, gone))


def test_nothing_ticked_is_said(officer, place):
    make_due(place)
    answer = send(officer, "list", page="list", which="ticked")
    assert answer.status_code == 422
    assert "Tick the numbers that you have issued" in answer.text
    assert 'href="#number"' in answer.text
    assert states() == {OWED: (False, False)}


def test_a_number_of_another_consultation_is_not_found(officer, place):
    other = make_place("survey", slug="other-place")
    make_offer(other)
    make_due(other)
    make_due(place, ISSUED, issued_at=today())
    assert OWED not in officer.get(f"{PATH}/list?show=all").text
    assert send(officer, "number", number=OWED).status_code == 422
    assert send(officer, "collect", number=OWED).status_code == 404
    assert send(officer, "undo", number=OWED, why="not_given").status_code == 404
    assert send(officer, "list", number=[OWED], which="ticked").status_code == 404
    assert send(officer, "list", number=["rubbish", "\0"], which="ticked").status_code == 404
    assert states() == {OWED: (False, False), ISSUED: (True, False)}
    assert officer.get("/officer/other-place/thanks/list").status_code == 404


def test_at_the_desk_a_number_is_found_and_collected_once(officer, place):
    make_due(place)
    found = send(officer, "number", number=OWED.lower().replace("-", " "))
    assert found.status_code == 200
    assert "They have it: mark as collected" in found.text
    answer = send(officer, "collect", number=OWED)
    assert (answer.status_code, answer.location) == (303, f"{PATH}/number")
    assert states() == {OWED: (True, True)}
    assert "It has been collected. Do not hand it over again." in send(officer, "number", number=OWED).text
    again = send(officer, "collect", number=OWED)
    assert again.status_code == 409
    assert "This has been collected already" in again.text
    assert len(trail()) == 1


def test_a_slip_is_told_from_a_number_that_is_not_there(officer, place):
    make_due(place)
    slip = OWED[:-1] + ("2" if OWED[-1] != "2" else "3")
    assert "wrong, or two have changed places" in send(officer, "number", number=slip).text
    unknown = send(officer, "number", number=new_number())
    assert unknown.status_code == 422
    assert "There is no such number in this consultation" in unknown.text
    code = send(officer, "number", number="7KQ4-WD2M-XP9C")
    assert "This can be a return code" in code.text


def test_the_last_mark_of_today_is_taken_back_step_by_step_with_a_reason(officer, place):
    make_due(place)
    send(officer, "collect", number=OWED)
    without = send(officer, "undo", number=OWED)
    assert without.status_code == 422
    assert "Say why you take it back" in without.text
    assert 'href="#why"' in without.text
    assert states() == {OWED: (True, True)}
    assert send(officer, "undo", number=OWED, why="not_given").status_code == 303
    assert states() == {OWED: (True, False)}
    send(officer, "undo", number=OWED, why="wrong_number")
    assert states() == {OWED: (False, False)}
    assert send(officer, "undo", number=OWED, why="wrong_number").status_code == 409
    assert ['"not_given"' in detail for _subject, detail in trail()] == [False, True, False]


def test_the_next_day_a_mark_stays(officer, place):
    make_due(place, issued_at=yesterday())
    answer = send(officer, "undo", number=OWED, why="wrong_number")
    assert answer.status_code == 409
    assert "only on the day" in answer.text
    assert "Take it back" not in send(officer, "number", number=OWED).text
    assert states() == {OWED: (True, False)}


def test_of_twenty_desks_at_once_one_hands_it_over(app):
    with app.app_context():
        found = make_place("survey")
        make_offer(found)
        make_due(found)
        actor = Actor("staff/1", frozenset(), {found.id: frozenset({Role.OFFICER})})

    def go(n):
        with app.app_context():
            try:
                ledger.collect(actor, get_consultation("survey-place"), OWED)
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return "too late"
            return "handed over"

    ended = at_once(go, [(n,) for n in range(20)])
    assert sorted(ended) == ["handed over"] + ["too late"] * 19
    with app.app_context():
        assert len(trail()) == 1


def test_the_totals_are_by_kind_wave_and_state_and_who_has_not_chosen_is_told_from_ten_on(officer, place):
    make_due(place)
    make_due(place, ISSUED, wave=Wave.POST, issued_at=today())
    for n in range(9):
        make_sent(make_resident(place, name=f"Heron {n}").participant_id, place)
    page = words(officer.get(PATH).text)
    assert "Voucher: Starting survey 1 (£5) 0 0" in page
    assert "Voucher: Follow-up survey 0 1 (£5) 0" in page
    assert "Starting survey: people who can choose and have not yet: Fewer than 10." in page
    make_sent(make_resident(place, name="Heron 9").participant_id, place)
    assert "have not yet: 10." in words(officer.get(PATH).text)
    chooser = make_resident(place, name="Heron 10")
    make_sent(chooser.participant_id, place)
    make_due(place, new_number(), holder=holder_of(chooser))
    assert "have not yet: 10." in words(officer.get(PATH).text)


def test_after_everything_has_closed_the_count_is_exact(in_app):
    place = make_place("closed")
    make_offer(place)
    make_sent(make_resident(place).participant_id, place)
    client = sign_in(PageClient(in_app), make_staff("officer@abbeyford.example", Role.OFFICER, place))
    assert "have not yet: 1." in words(client.get("/officer/closed-place/thanks").text)


def test_a_long_list_has_pages_and_no_more_statements(officer, place):
    numbers = sorted({new_number() for _ in range(60)})
    make_due(place, numbers[0])
    officer.get(f"{PATH}/list")
    few = len(officer.statements)
    for number in numbers[1:]:
        make_due(place, number)
    first = officer.get(f"{PATH}/list").text
    assert len(officer.statements) == few
    assert [number in first for number in numbers] == [True] * 50 + [False] * 10
    second = officer.get(f"{PATH}/list?page=2").text
    assert [number in second for number in numbers] == [False] * 50 + [True] * 10
    for page in ("0", "-1", "x", "99999999999"):
        assert officer.get(f"{PATH}/list?page={page}").status_code == 200
    assert "There is nothing here." in officer.get(f"{PATH}/list?show=collected").text


def rows_of(answer) -> list[dict[str, str]]:
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_file_for_finance_tells_where_to_send_what_waits(in_app, officer, place):
    config = in_app.config["CONSULT"]
    resident = make_resident(place)
    make_due(place, OWED, holder=holder_of(resident))
    make_due(
        place, ISSUED, issued_at=today(), collected_at=today(), wave=Wave.POST, holder=holder_of(resident)
    )
    make_due(place, new_number())
    db.session.execute(update(Due).where(Due.reference == OWED).values(owed_at=yesterday()))
    sealed = holders.seal("+447700900123", config=config)
    db.session.add(
        Contact(consultation_id=place.id, holder=holder_of(resident), sealed_contact=sealed, given_at=today())
    )
    db.session.commit()
    answer = send(officer, "file")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="thanks-survey-place.csv"'
    rows = {row["reference"]: row for row in rows_of(answer)}
    assert len(rows) == 3
    assert list(rows) == sorted(rows)
    assert rows[OWED]["contact"] == "'+447700900123"  # no spreadsheet takes it for a sum
    assert (rows[OWED]["pounds"], rows[OWED]["state"], rows[OWED]["stage"]) == (
        "5.00",
        "owed",
        "starting survey",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", rows[OWED]["owed_on"])
    assert rows[ISSUED]["contact"] == ""
    assert rows[ISSUED]["state"] == "collected"
    assert trail() == [("survey-place", '{"deed": "file", "dues": 3}')]


def test_a_formula_in_a_label_is_text(officer, place):
    make_due(place)
    db.session.execute(update_label('=HYPERLINK("http://evil.example")'))
    db.session.commit()
    [row] = rows_of(send(officer, "file"))
    assert row["label"].startswith("'=")


def update_label(label):
    return update(Incentive).where(Incentive.position == 1).values(label=label)


def test_while_summaries_are_written_the_list_is_closed(in_app):
    place = make_place("summarising")
    make_offer(place)
    make_due(place)
    client = sign_in(PageClient(in_app), make_staff("officer@abbeyford.example", Role.OFFICER, place))
    there = "/officer/summarising-place/thanks"
    page = client.get(there).text
    assert "The list of what is owed is closed" in page
    assert OWED not in page
    assert client.get(f"{there}/list").status_code == 403
    for rest in ("list", "collect", "undo", "file", "number"):
        answer = client.post(f"{there}/{rest}", data={"csrf_token": client.any_token(), "number": OWED})
        assert answer.status_code == 403
    assert states() == {OWED: (False, False)}


def words(page: str) -> str:
    """What a page says, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
