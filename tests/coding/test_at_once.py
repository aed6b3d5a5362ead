"""Many at the same moment: every judgement is kept, and none twice."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select

from consult.coding.models import Agreement, CodingQueue, QueuedText
from consult.consultations.models import Participant
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.errors import DomainError
from consult.rights.service import SAID
from tests.making.coding import (
    decide,
    judgements,
    make_codebook,
    make_queue,
    make_texts,
    officer_of,
    open_item,
    queued,
    say,
)
from tests.making.places import make_place
from tests.page_client import at_once

SLUG = "summarising-place"


def started(n=3):
    place = make_place("summarising")
    one, two = officer_of(place), officer_of(place, "petra@abbeyford.example")
    make_codebook(place, one)
    make_texts(place, [f"text {n}" for n in range(n)])
    make_queue(place, one)
    return place, one, two


def sent(app: Flask, staff, at: int, theme: str) -> str:
    with app.app_context():
        try:
            say(get_consultation(SLUG), staff, at, theme)
        except DomainError as error:
            db.session.rollback()
            return type(error).__name__
        finally:
            db.session.remove()
    return "kept"


def test_the_same_judgement_sent_twenty_times_at_once_is_one(app: Flask):
    with app.app_context():
        place, one, _two = started()
        assert at_once(sent, [(app, one, 1, "the-shops")] * 20) == ["kept"] * 20
        assert len(judgements(place)) == 1
        assert queued(place)[0].judged == 1


def test_two_coders_at_once_are_both_counted(app: Flask):
    with app.app_context():
        place, one, two = started(12)
        calls = [(app, who, at, "the-shops") for at in range(1, 13) for who in (one, two)]
        assert at_once(sent, calls) == ["kept"] * 24
        rows = queued(place)
        assert {(row.judged, row.agreement) for row in rows} == {(2, Agreement.AGREED)}
        assert len(judgements(place)) == 24


def test_two_who_read_a_text_that_needed_one_are_both_kept(app: Flask):
    with app.app_context():
        place, one, two = started()
        for row in db.session.scalars(select(QueuedText)):
            row.needed = 1
        db.session.commit()
        results = at_once(sent, [(app, one, 1, "the-shops"), (app, two, 1, "the-people")])
        assert results == ["kept", "kept"]
        assert (queued(place)[0].judged, queued(place)[0].agreement) == (2, Agreement.DISPUTED)


def test_coding_that_is_started_ten_times_at_once_is_started_once(app: Flask):
    with app.app_context():
        place = make_place("summarising")
        one = officer_of(place)
        make_codebook(place, one)
        make_texts(place, [f"text {n}" for n in range(30)])

        def start() -> int:
            with app.app_context():
                seed = make_queue(get_consultation(SLUG), one).seed
                db.session.remove()
                return seed

        assert len(set(at_once(start, [()] * 10))) == 1
        assert len(queued(place)) == 30
        assert len(db.session.scalars(select(CodingQueue)).all()) == 1


def test_who_takes_their_answers_back_takes_what_was_said_of_them(app: Flask):
    with app.app_context():
        place, one, two = started()
        three = officer_of(place, "quentin@abbeyford.example")
        say(place, one, 1, "the-shops", note="A note about somebody")
        say(place, two, 1, "the-people")
        decide(place, three, 1, "the-people")
        ids = {row.answer_id for row in queued(place)}
        for table in SAID:
            for row in db.session.query(table).all():
                db.session.delete(row)
        db.session.commit()
        assert len(ids) == 3
        assert judgements(place) == []
        assert queued(place) == []


def test_a_judgement_and_a_withdrawal_at_once_end_without_a_fault(app: Flask):
    with app.app_context():
        place, one, two = started(8)
        item_id = open_item(place).id
        people = list(db.session.scalars(select(Participant.id).where(Participant.key.like("writer-%"))))

        def leave(person: int) -> str:
            with app.app_context():
                for table in SAID:
                    db.session.query(table).filter_by(participant_id=person).delete()
                db.session.commit()
                db.session.remove()
            return "left"

        def read(at: int) -> str:
            return sent(app, two if at % 2 else one, at, "the-shops")

        db.session.rollback()  # on SQLite an open transaction keeps everybody else waiting
        with ThreadPoolExecutor(max_workers=8) as threads:
            leaving = [threads.submit(leave, person) for person in people]
            reading = [threads.submit(read, at) for at in range(1, 9)]
            assert {each.result() for each in leaving} == {"left"}
            assert {each.result() for each in reading} <= {"kept", "Gone"}
        db.session.expire_all()
        assert db.session.scalars(select(QueuedText).where(QueuedText.item_id == item_id)).all() == []
        assert judgements(place) == []
