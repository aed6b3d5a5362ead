"""The copy of everything that is held about one person: whole, theirs alone, never spoiling the follow-up."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from consult import clock, tables
from consult.accounts import resident_sessions
from consult.accounts.models import FailedTry, ReturnCode
from consult.audit.models import AuditEntry
from consult.consultations.models import Membership, Progress, Submission, Wave
from consult.db import db
from consult.rights import held, readable
from tests.making.joining import make_code, make_record
from tests.making.places import MadeResident, as_resident, make_place, make_resident

WORDS = "Owls at Tuesday noon"


def path(slug: str = "forum-place") -> str:
    return f"/consultations/{slug}/about-me/download"


@pytest.fixture
def config(in_sqlite):
    return in_sqlite.config["CONSULT"]


@pytest.fixture
def place(in_sqlite):
    return make_place("forum")


@pytest.fixture
def resident(place):
    return make_resident(place)


@pytest.fixture
def browser(in_sqlite, resident):
    return as_resident(in_sqlite, resident)


@pytest.fixture
def code(place, resident, config):
    make_record(place, resident, config=config, words=WORDS)
    return make_code(resident, config=config)


def rows_of_a_person() -> dict[str, bool]:
    """Every table that belongs to a participant, and whether it does by a column of its own."""
    own = {name for name, table in tables.METADATA.tables.items() if "participant_id" in table.columns}
    through = {
        name
        for name, table in tables.METADATA.tables.items()
        for key in table.foreign_keys
        if key.column.table.name in own and "participant_id" not in table.columns
    }
    return {**dict.fromkeys(through, False), **dict.fromkeys(own, True)}


def test_every_table_that_belongs_to_a_participant_is_in_the_copy_or_says_where_it_is():
    known = rows_of_a_person()
    by_holder = {name for name, table in tables.METADATA.tables.items() if "holder" in table.columns}
    assert len(known) >= 12
    assert by_holder <= held.PARTS.keys()
    assert known.keys() - held.PARTS.keys() - held.INSIDE.keys() == set()
    assert set(held.INSIDE.values()) <= held.PARTS.keys()
    assert held.PARTS.keys() | held.INSIDE.keys() <= known.keys() | by_holder | {"participant", "audit_entry"}


def test_every_column_that_is_not_shown_is_there_and_has_its_reason():
    for name, reason in held.NOT_SHOWN.items():
        table, _, column = name.partition(".")
        assert column in tables.METADATA.tables[table].columns
        assert reason


def test_every_part_has_a_heading_and_every_value_a_label(in_sqlite, place, resident, browser, code):
    assert readable.PARTS.keys() == held.PARTS.keys()
    data = json.loads(browser.send(path(), {"code": code, "kind": "data"}).data)

    def keys_of(value) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys_of, value.values()))
        return set().union(*map(keys_of, value)) if isinstance(value, list) else set()

    parts = {name: rows for name, rows in data.items() if name in held.PARTS}
    typed = {key for row in parts["kept_form"] for key in row["typed"]}
    assert keys_of(parts) - set(held.PARTS) - typed - readable.LABELS.keys() == set()


def test_the_data_hold_a_row_of_every_table_with_the_words_that_belong_to_it(place, resident, browser, code):
    answer = browser.send(path(), {"code": code, "kind": "data"})
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-record.json"
    data = json.loads(answer.data)
    empty = [name for name in held.PARTS if not data[name]]
    assert empty == ["audit_entry"]
    answers = {(row["wave"], row["stem"]): row for row in data["answer"]}
    assert len(answers) == len(data["answer"]) == 4
    assert {row["text"] for row in data["answer"]} == {None, WORDS}
    assert sorted(row["number"] for row in data["answer"] if row["number"]) == [2, 4]
    [ranked] = [row for row in data["answer"] if row["ranking"]]
    assert [each["place"] for each in ranked["ranking"]] == list(range(1, len(ranked["ranking"]) + 1))
    [coded] = [row for row in data["answer"] if row["themes"]]
    assert coded["themes"] == [{"theme": "About owls", "coder": "ana"}]
    assert data["post"][0]["text"] == WORDS
    assert data["post"][0]["earlier_versions"][0]["text"] == f"{WORDS}, first"
    assert data["exposure"] == [{**data["exposure"][0], "thread": "t1", "reads": 3}]
    assert data["membership"][0]["name"] == "Quiet Heron"
    assert data["participant_demographic"][0]["said"] == "16 to 24"
    assert data["kept_form"][0]["typed"] == {"text": [WORDS]}


def test_the_text_can_be_read_without_knowing_the_record(place, resident, browser, code):
    answer = browser.send(path(), {"code": code, "kind": "text"})
    assert answer.mimetype == "text/plain"
    assert "\r\n" in answer.text
    for words in ("What we hold about you", "Name in the forum: Quiet Heron", f"Your words: {WORDS}"):
        assert words in answer.text
    for heading in readable.PARTS.values():
        assert heading in answer.text


def test_there_is_nothing_of_anybody_else_in_it(in_sqlite, place, resident, browser, code, config):
    other = make_resident(place, name="Brave Wren")
    db.session.execute(
        update(Membership).where(Membership.participant_id == other.participant_id).values(order_seed=987654)
    )
    db.session.commit()
    for kind in ("text", "data"):
        text = browser.send(path(), {"code": code, "kind": kind}).text
        assert "Brave Wren" not in text
        assert "987654" not in text
        assert "I sleep badly" not in text


def test_neither_code_nor_fingerprint_is_in_it(place, resident, browser, code):
    text = browser.send(path(), {"code": code, "kind": "data"}).text
    assert code not in text
    for column in ("code_hash", "serial_hash", "id_hash", "sealed"):
        assert column not in text
    assert resident.session_id not in text


def test_it_is_kept_by_nobody(browser, code):
    answer = browser.send(path(), {"code": code})
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.status_code == 200


@pytest.mark.parametrize("typed", ["", "   ", "7KQ4-WD2M-XP9C", "<script>", "x" * 5000, "ab\x00"])
def test_a_wrong_code_is_refused_in_words_and_never_printed_back(browser, code, typed):
    answer = browser.send(path(), {"code": typed, "kind": "data"})
    assert answer.status_code == 422
    assert 'href="#code"' in answer.text
    assert answer.mimetype == "text/html"
    if typed.strip():
        assert typed not in answer.text.replace("<script>document", "")
    assert WORDS not in answer.text


def test_the_code_of_somebody_else_is_a_wrong_code(place, browser, code, config):
    other = make_code(make_resident(place, name="Brave Wren"), config=config)
    assert browser.send(path(), {"code": other}).status_code == 422


def test_the_code_is_known_in_any_manner_of_typing(browser, code):
    typed = f" {code.lower().replace('-', ' ')} "
    assert browser.send(path(), {"code": typed, "kind": "data"}).status_code == 200


def test_guessing_the_code_is_stopped_and_right_ones_do_not_count(browser, code):
    for _ in range(12):
        assert browser.send(path(), {"code": code}).status_code == 200
    assert [browser.send(path(), {"code": "wrong"}).status_code for _ in range(11)] == [422] * 10 + [429]
    assert browser.send(path(), {"code": code}).status_code == 429
    db.session.execute(update(FailedTry).values(at=clock.wall() - timedelta(minutes=16)))
    db.session.commit()
    assert browser.send(path(), {"code": code}).status_code == 200


def test_the_trail_says_that_it_was_asked_for_and_nothing_of_what_was_in_it(browser, code):
    browser.send(path(), {"code": code})
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sar.own")).one()
    assert (entry.subject, entry.detail) == ("forum-place", None)


# --- while the follow-up is open


def follow_up(in_sqlite, config, *, sent: bool):
    place = make_place("follow_up")
    resident = make_resident(place)
    make_record(place, resident, config=config, words=WORDS)
    if sent:
        done = Submission(
            participant_id=resident.participant_id,
            wave=Wave.POST,
            consultation_id=place.id,
            status=Progress.SUBMITTED,
        )
        db.session.add(done)
        db.session.commit()
    return as_resident(in_sqlite, resident), make_code(resident, config=config), place


def waves(browser, code) -> set[str]:
    data = json.loads(browser.send(path("follow-up-place"), {"code": code, "kind": "data"}).data)
    assert bool(data["left_out"]) == ("pre" not in {row["wave"] for row in data["answer"]})
    return {row["wave"] for row in data["answer"]}


def test_until_the_follow_up_is_sent_the_first_answers_are_left_out_and_the_page_says_so(in_sqlite, config):
    browser, code, _place = follow_up(in_sqlite, config, sent=False)
    assert waves(browser, code) == {"post"}
    assert "not in the copy yet" in browser.get(path("follow-up-place")).text
    text = browser.send(path("follow-up-place"), {"code": code, "kind": "text"}).text
    assert "not in this copy yet" in text


def test_once_it_is_sent_they_are_in_the_copy(in_sqlite, config):
    browser, code, _place = follow_up(in_sqlite, config, sent=True)
    assert waves(browser, code) == {"pre", "post"}
    assert "not in the copy yet" not in browser.get(path("follow-up-place")).text


def test_once_it_has_closed_they_are_in_the_copy(in_sqlite, config):
    _browser, code, place = follow_up(in_sqlite, config, sent=False)
    with clock.frozen(place.stages[-1].closes_at + timedelta(minutes=31)):
        me = db.session.scalars(select(ReturnCode)).one().participant_id
        session_id = resident_sessions.begin(me, place.id, is_shared=True)
        again = as_resident(in_sqlite, MadeResident(me, place.id, session_id))
        assert waves(again, code) == {"pre", "post"}
        assert "not in the copy yet" not in again.get(path("follow-up-place")).text


def test_who_sent_no_starting_survey_has_no_follow_up_to_spoil(in_sqlite, config):
    browser, code, _place = follow_up(in_sqlite, config, sent=False)
    db.session.execute(update(Submission).values(status=Progress.STARTED))
    db.session.commit()
    assert waves(browser, code) == {"pre", "post"}


def test_the_copy_is_whole_on_each_kind_of_database(in_app):
    config = in_app.config["CONSULT"]
    place = make_place("forum")
    resident = make_resident(place)
    make_record(place, resident, config=config, words=WORDS)
    code = make_code(resident, config=config)
    browser = as_resident(in_app, resident)
    data = json.loads(browser.send(path(), {"code": code, "kind": "data"}).data)
    assert [name for name in held.PARTS if not data[name]] == ["audit_entry"]
    assert WORDS in browser.send(path(), {"code": code, "kind": "text"}).text
