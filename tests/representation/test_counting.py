"""Who takes part is counted once, whatever happens to people, in a fixed number of statements."""

from random import Random

import pytest
from flask import Flask
from sqlalchemy import event, select

from consult import clock
from consult.access import Actor, Role
from consult.consultations.models import Consultation, Submission, Wave
from consult.db import db
from consult.panel.counting import count_answers
from consult.panel.places import take_place
from consult.recruitment.models import Demographic
from consult.representation.picture import picture_of
from consult.representation.queries import count_people
from consult.rights.service import withdraw
from tests.making.panels import limit, make_panel, say
from tests.making.places import make_place, make_resident
from tests.making.surveys import make_sent

STATEMENTS = 7


def themselves(place: Consultation, participant_id: int) -> Actor:
    roles = {place.id: frozenset({Role.RESIDENT})}
    return Actor("participant", frozenset(), roles, participant_id=participant_id)


def test_everybody_who_joined_is_in_one_place_at_every_moment(in_app: Flask):
    chance, place = Random(20261122), make_place("survey")
    make_panel(place.id, size=6)
    limit(place.id, "age_band", "16-24", maximum=3)
    config = in_app.config["CONSULT"]
    there: list[int] = []
    before = count_people(place).joined  # came with the files
    for n in range(40):
        deed = chance.choice(("join", "join", "send", "send", "follow", "leave"))
        if deed == "join" or not there:
            made = make_resident(place, name=f"Person {n}")
            say(made.participant_id, age_band=chance.choice(("16-24", "25-64", None)))
            there.append(made.participant_id)
        elif deed == "send":
            _send(place, chance.choice(there), Wave.PRE)
        elif deed == "follow":
            _send(place, chance.choice(there), Wave.POST)
        else:
            someone = there.pop(chance.randrange(len(there)))
            keeps = chance.random() < 0.5
            withdraw(themselves(place, someone), place, someone, keeps_answers=keeps, config=config)
            db.session.commit()
        people = count_people(place)
        assert people.joined == people.on_panel + people.in_open + people.withdrawn
        assert people.stayed <= people.sent <= people.joined
        assert people.waiting <= people.in_open
    assert people.joined - before > 10
    assert people.withdrawn > 0
    assert people.on_panel > 0


def _send(place: Consultation, participant_id: int, wave: Wave) -> None:
    if wave is Wave.POST and not _has_sent(participant_id, Wave.PRE):
        return
    if not _has_sent(participant_id, wave):
        make_sent(participant_id, place, wave)
        if wave is Wave.PRE:
            take_place(place.id, participant_id)
            db.session.commit()


def _has_sent(participant_id: int, wave: Wave) -> bool:
    return db.session.get(Submission, (participant_id, wave)) is not None


def test_categories_are_those_of_people_who_sent_and_stayed_here(in_app: Flask):
    place = make_place("survey")
    config = in_app.config["CONSULT"]
    people = [make_resident(place, name=f"Person {n}").participant_id for n in range(4)]
    for someone in people:
        say(someone, age_band="16-24")
    for someone in people[:3]:
        make_sent(someone, place)
    withdraw(themselves(place, people[0]), place, people[0], keeps_answers=True, config=config)
    db.session.commit()
    asked = db.session.scalars(select(Demographic.id).filter_by(consultation_id=place.id)).all()
    assert [n for n in count_answers(place.id, asked).values() if n] == [2]


@pytest.mark.parametrize("people", [12, 30])
def test_the_picture_takes_as_many_statements_for_many_as_for_few(in_app: Flask, people: int):
    place = make_place("survey")
    limit(place.id, "age_band", "16-24", population=30_000, aim=10)
    limit(place.id, "age_band", "25-64", population=70_000, aim=20)
    for n in range(people):
        made = make_resident(place, name=f"Person {n}")
        say(made.participant_id, age_band="16-24" if n % 3 else "25-64")
        make_sent(made.participant_id, place)
    seen: list[str] = []
    note = lambda *a: seen.append(a[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    picture = picture_of(place, clock.now())
    event.remove(db.engine, "before_cursor_execute", note)
    assert len([statement for statement in seen if statement.lstrip().startswith("SELECT")]) == STATEMENTS
    variable = picture.variables[0]
    assert variable.n == people
    assert variable.standing is not None
    assert variable.standing.n == people
