"""Places on the panel: who has one, who waits, and that nobody is turned away."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.access import Actor, Role
from consult.consultations.models import Consultation, Participant, Submission, Track
from consult.db import db
from consult.panel.models import CountedUnder, Panel, Place
from consult.panel.places import Placed, fill_from_waiting, give_place_back, take_place
from consult.recruitment import turnout
from consult.rights.service import withdraw
from tests.compiled import app_for
from tests.conftest import config_for
from tests.making.panels import ask, cross, filled, limit, make_panel, make_ready, say
from tests.making.places import as_resident, make_place, make_resident
from tests.surveys.test_killed_server import Server, Writer, post, signed

WRITERS, CAP = 16, 20
FULL = {"panel": CAP, "target": CAP, "places": CAP, "waiting": 12, "sent": 32, "numbers are true": 1}


def person(place: Consultation, n: int, **said: str | None) -> int:
    made = make_resident(place, name=f"Person {n}")
    say(made.participant_id, **said)
    return made.participant_id


def track_of(participant_id: int) -> tuple[Track | None, bool]:
    """In which track somebody is, and whether they wait for a place."""
    row = db.session.execute(
        select(Participant.track, Participant.waiting_since).filter_by(id=participant_id)
    ).one()
    return row.track, row.waiting_since is not None


def take(place: Consultation, participant_id: int) -> Placed:
    placed = take_place(place.id, participant_id)
    db.session.commit()
    return placed


def size_of_panel(place: Consultation) -> int:
    return db.session.scalars(
        select(Panel.filled).filter_by(consultation_id=place.id).execution_options(populate_existing=True)
    ).one()


def test_without_a_panel_everybody_takes_part_in_the_open_track(in_app: Flask):
    place = make_place("survey")
    someone = person(place, 1, age_band="16-24")
    assert take(place, someone) is Placed.NO_PANEL
    assert track_of(someone) == (Track.OPEN, False)


def test_a_place_is_taken_once_however_often_it_is_asked_for(in_app: Flask):
    place = make_place("survey")
    make_panel(place.id, size=5)
    target = limit(place.id, "age_band", "16-24", maximum=3)
    someone = person(place, 1, age_band="16-24")
    assert take(place, someone) is Placed.ON_PANEL
    assert take(place, someone) is Placed.ON_PANEL
    assert (size_of_panel(place), filled(target)) == (1, 1)
    assert track_of(someone) == (Track.PANEL, False)


def test_whoever_meets_a_full_category_waits_and_the_panel_goes_on_filling(in_app: Flask):
    place = make_place("survey")
    make_panel(place.id, size=10)
    young = limit(place.id, "age_band", "16-24", maximum=1)
    first, second, older = (
        person(place, n, age_band=band) for n, band in enumerate(["16-24", "16-24", "25-64"])
    )
    assert [take(place, each) for each in (first, second, older)] == [
        Placed.ON_PANEL,
        Placed.WAITING,
        Placed.ON_PANEL,
    ]
    assert (size_of_panel(place), filled(young)) == (2, 1)
    assert track_of(second) == (Track.OPEN, True)


def test_past_its_aim_a_category_takes_only_whoever_helps_another(in_app: Flask):
    place = make_place("survey")
    make_panel(place.id)
    limit(place.id, "age_band", "16-24", aim=1, maximum=9)
    ask(place, "sex", "female", "male")
    limit(place.id, "sex", "female", aim=2)
    limit(place.id, "sex", "male", aim=0)
    people = [
        person(place, 1, age_band="16-24", sex="male"),
        person(place, 2, age_band="16-24", sex="male"),
        person(place, 3, age_band="16-24", sex="female"),
    ]
    assert [take(place, each) for each in people] == [Placed.ON_PANEL, Placed.WAITING, Placed.ON_PANEL]


def test_whoever_prefers_not_to_say_is_held_up_by_no_category(in_app: Flask):
    place = make_place("survey")
    make_panel(place.id, size=2)
    limit(place.id, "age_band", "16-24", maximum=0)
    limit(place.id, "age_band", "25-64", maximum=0)
    quiet, skipped = person(place, 1, age_band=None), person(place, 2)
    assert take(place, quiet) is Placed.ON_PANEL
    assert take(place, skipped) is Placed.ON_PANEL
    assert take(place, person(place, 3, age_band="16-24")) is Placed.WAITING


def test_leaving_gives_the_place_to_who_waited_longest_and_fits(in_app: Flask):
    place = make_place("survey")
    make_panel(place.id, size=2)
    young = limit(place.id, "age_band", "16-24", maximum=1)
    first = person(place, 1, age_band="16-24")
    older = person(place, 2, age_band="25-64")
    too_old, next_young = person(place, 3, age_band="25-64"), person(place, 4, age_band="16-24")
    for each in (first, older, too_old, next_young):
        take(place, each)
    limit(place.id, "age_band", "25-64", maximum=1, filled=1)
    give_place_back(place.id, first)
    db.session.commit()
    assert track_of(first) == (Track.OPEN, False)
    assert track_of(too_old) == (Track.OPEN, True)
    assert track_of(next_young) == (Track.PANEL, False)
    assert (size_of_panel(place), filled(young)) == (2, 1)
    assert db.session.get(Place, first) is None
    assert db.session.scalars(select(CountedUnder.participant_id)).all() == [next_young]


def test_somebody_who_withdraws_leaves_their_place(in_app: Flask):
    place = make_place("survey")
    make_panel(place.id, size=1)
    first, second = person(place, 1), person(place, 2)
    take(place, first)
    take(place, second)
    roles = {place.id: frozenset({Role.RESIDENT})}
    themselves = Actor("participant/1", frozenset(), roles, participant_id=first)
    withdraw(themselves, place, first, keeps_answers=False, config=in_app.config["CONSULT"])
    db.session.commit()
    assert track_of(second) == (Track.PANEL, False)
    assert size_of_panel(place) == 1


def test_raising_a_limit_lets_in_those_who_waited_in_their_order(in_app: Flask):
    place = make_place("survey")
    panel = make_panel(place.id, size=1)
    people = [person(place, n) for n in range(4)]
    for each in people:
        take(place, each)
    db.session.refresh(panel)
    panel.size = 3
    db.session.flush()
    assert fill_from_waiting(place.id) == 2
    db.session.commit()
    assert [track_of(each)[0] for each in people] == [Track.PANEL] * 3 + [Track.OPEN]


def test_an_interlocked_target_counts_those_who_are_in_both(in_app: Flask):
    place = make_place("survey")
    ask(place, "sex", "female", "male")
    make_panel(place.id)
    both = cross(place.id, ("age_band", "16-24"), ("sex", "female"), maximum=1)
    first = person(place, 1, age_band="16-24", sex="female")
    other = person(place, 2, age_band="16-24", sex="male")
    third = person(place, 3, age_band="16-24", sex="female")
    assert [take(place, each) for each in (first, other, third)] == [
        Placed.ON_PANEL,
        Placed.ON_PANEL,
        Placed.WAITING,
    ]
    assert filled(both) == 1


def send_at_once(url: str, people: int, slug: str = "crowd") -> tuple[list[int | None], dict[str, int]]:
    """Many send stage one at the real server at the same moment; the answers, and what the record holds."""
    app = app_for(config_for(url))
    with app.app_context():
        place = make_place("survey", slug=slug)
        place_id = place.id
        make_panel(place.id, size=CAP)
        target = limit(place.id, "age_band", "16-24", maximum=CAP)
        writers = []
        for n in range(people):
            made = make_resident(place, name=f"Person {n}")
            say(made.participant_id, age_band="16-24")
            make_ready(place, made.participant_id)
            writers.append(Writer(made.participant_id, *signed(app, made.session_id)))
        db.session.remove()
    server = Server(url)
    server.start()
    statuses: list[int | None] = []
    queue = list(writers)

    def send() -> None:
        while queue:
            try:
                writer = queue.pop()
            except IndexError:
                return
            statuses.append(post(server, writer, f"/consultations/{slug}/survey/check", {}))

    threads = [threading.Thread(target=send) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.kill()
    with app.app_context():
        mine = Participant.consultation_id == place_id
        found = {
            "panel": size_of_panel(place),
            "target": filled(target),
            "places": db.session.scalar(select(func.count()).where(Place.consultation_id == place_id)) or 0,
            "waiting": db.session.scalar(
                select(func.count()).where(mine, Participant.waiting_since.is_not(None))
            )
            or 0,
            "sent": db.session.scalar(
                select(func.count()).where(
                    Submission.consultation_id == place_id, Submission.status == "submitted"
                )
            )
            or 0,
            "numbers are true": int(turnout.is_true(place_id)),
        }
        db.session.remove()
        db.engine.dispose()
    return statuses, found


def test_a_full_panel_is_never_over_when_many_send_at_once(database_url: str):
    statuses, found = send_at_once(database_url, 32)
    assert statuses == [303] * 32
    assert found == {
        "panel": CAP,
        "target": CAP,
        "places": CAP,
        "waiting": 12,
        "sent": 32,
        "numbers are true": 1,
    }


@pytest.mark.slow
def test_a_full_panel_is_never_over_in_twenty_crowds(database_url: str, record_property):
    for crowd in range(20):
        statuses, found = send_at_once(database_url, 32, f"crowd-{crowd}")
        assert statuses == [303] * 32, crowd
        assert found == {
            "panel": CAP,
            "target": CAP,
            "places": CAP,
            "waiting": 12,
            "sent": 32,
            "numbers are true": 1,
        }
    record_property("crowds of 32 people by 16 at once that met a panel of 20, none over", 20)


def test_nobody_is_turned_away(app: Flask):
    with app.app_context():
        place = make_place("survey")
        make_panel(place.id, size=1)
        take(place, person(place, 1))
        late = make_resident(place, name="Late Comer")
        make_ready(place, late.participant_id)
    client = as_resident(app, late)
    sent = client.post(
        "/consultations/survey-place/survey/check",
        data={"csrf_token": client.token_from("/consultations/survey-place/survey/check")},
    )
    assert sent.status_code == 303
    page = client.get(sent.location)
    assert page.status_code == 200
