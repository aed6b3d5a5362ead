"""Who takes part is counted once, whatever happens to people, in a fixed number of statements."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from consult import clock
from consult.access import OPERATOR
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation, Wave
from consult.consultations.rehearsing import rehearsing
from consult.db import db
from consult.desk.asked_rows import remove_row
from consult.operations import schema
from consult.operations.backup import restore_backup, write_backup
from consult.operations.checks import findings
from consult.panel.counting import count_answers
from consult.recruitment import turnout
from consult.recruitment.models import Demographic, Turnout
from consult.recruitment.rules import PREFER_NOT
from consult.representation.picture import picture_of
from consult.representation.queries import People, count_people
from tests.compiled import app_for
from tests.conftest import config_for
from tests.making.bundles import PEOPLE, make_bundle
from tests.making.comers import begin, come, finish, in_follow_up, leave, tell
from tests.making.panels import limit, make_panel, say
from tests.making.places import make_place, make_resident
from tests.making.publicity import make_channel
from tests.making.surveys import make_sent

STATEMENTS = 6


def is_conserved(place: Consultation) -> People:
    """Everybody is in one place, and the kept numbers are those of the record."""
    people = count_people(place)
    assert people.joined == people.on_panel + people.in_open + people.withdrawn
    assert people.stayed <= people.sent <= people.joined
    assert people.waiting <= people.in_open
    assert turnout.is_true(place.id)
    db.session.rollback()
    return people


def test_everybody_who_joined_is_counted_in_one_place_after_each_deed(in_app: Flask):
    chance, place = Random(20261122), make_place("survey")
    make_panel(place.id, size=6)
    limit(place.id, "age_band", "16-24", maximum=3)
    ways = [make_channel(place, f"way-{n}") for n in range(2)]
    before = is_conserved(place).joined  # came with the files
    newcomers: list[int] = []
    sent: list[int] = []
    for _ in range(60):
        deed = chance.choice(("join", "join", "say", "begin", "send", "send", "leave"))
        someone = chance.choice(newcomers) if newcomers else 0
        if deed == "join" or not newcomers:
            newcomers.append(come(place, chance.choice([*ways, None])))
        elif deed == "say":
            tell(place, someone, "age_band", chance.choice(("16-24", "25-64", PREFER_NOT, None)))
        elif deed == "begin":
            begin(place, someone)
        elif deed == "send":
            finish(place, someone)
            finish(place, someone)  # whoever sends twice is counted once
            newcomers.remove(someone)
            sent.append(someone)
        else:
            leaving = chance.choice([each for each in (newcomers, sent) if each])
            gone = leaving.pop(chance.randrange(len(leaving)))
            leave(place, gone, keeps_answers=chance.random() < 0.5)
        is_conserved(place)
    place.presented_at = clock.now()
    db.session.commit()
    with in_follow_up(place):
        for n, someone in enumerate(sent):
            if n % 3:
                finish(place, someone, Wave.POST)
            else:
                leave(place, someone, keeps_answers=n % 2 == 0)
            is_conserved(place)
    people = is_conserved(place)
    assert people.joined - before > 10
    assert min(people.withdrawn, people.on_panel, people.waiting, people.sent, people.stayed) > 0


def test_what_a_rehearsal_writes_is_not_counted(in_app: Flask):
    place = make_place("draft")
    before = turnout.read(place.id)
    with rehearsing(place.id, timedelta(days=8)):
        someone = come(place)
        tell(place, someone, "age_band", "16-24")
        begin(place, someone)
        finish(place, someone)
    assert turnout.read(place.id) == before
    is_conserved(place)


def test_what_a_draft_asks_no_more_is_not_counted_any_more(in_app: Flask):
    place = make_place("draft")
    [asked, *_] = db.session.scalars(select(Demographic).filter_by(consultation_id=place.id)).all()
    remove_row(asked)
    assert all(kind.demographic != asked.id for kind in turnout.read(place.id))
    is_conserved(place)


def test_a_bundle_that_replaces_another_is_counted_by_itself(in_app: Flask, tmp_path: Path):
    folders = [
        make_bundle(tmp_path / str(n), slug="same", responses=(), participants=PEOPLE[:n]) for n in (3, 1)
    ]
    for folder, people in zip(folders, (3, 1), strict=True):
        place = load_bundle(OPERATOR, folder, replace=True).consultation
        db.session.commit()
        assert is_conserved(place).joined == people


def test_a_backup_brings_the_numbers_with_it(in_app: Flask, tmp_path: Path):
    place = make_place("survey")
    someone = come(place)
    tell(place, someone, "age_band", "25-64")
    finish(place, someone)
    number = place.id  # asked later, it would be read from the other database
    numbers = turnout.read(number)
    db.session.rollback()
    write_backup(in_app, tmp_path / "whole.backup")
    restored = app_for(config_for(f"sqlite:///{tmp_path / 'restored.sqlite'}"))
    with restored.app_context():
        restore_backup(restored, tmp_path / "whole.backup")
        assert turnout.read(number) == numbers
        assert turnout.list_untrue() == []
        db.session.remove()
        db.engine.dispose()


def test_numbers_that_somebody_spoilt_are_found_and_mended(in_app: Flask):
    place = make_place("survey")
    someone = come(place)
    db.session.execute(update(Turnout).values(joined=Turnout.joined + 1))
    db.session.execute(update(Turnout).values(sent=-5))
    db.session.commit()
    finish(place, someone)  # nobody is kept from sending
    said = [each.sentence for each in findings(in_app) if not each.is_good]
    assert [sentence for sentence in said if "survey-place" in sentence and "consult init" in sentence]
    assert "Counted anew who takes part in: survey-place." in schema.upgrade()
    is_conserved(place)
    assert "Counted anew" not in schema.upgrade()


def test_categories_are_those_of_people_who_sent_and_stayed_here(in_app: Flask):
    place = make_place("survey")
    people = [make_resident(place, name=f"Person {n}").participant_id for n in range(4)]
    for someone in people:
        say(someone, age_band="16-24")
    for someone in people[:3]:
        make_sent(someone, place)
    leave(place, people[0], keeps_answers=True)
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
