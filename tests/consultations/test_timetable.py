"""Stages after publishing: they close for good by themselves, and officers move them for everybody to see."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.access import OPERATOR, Actor, Moment, Role
from consult.analysis.service import freeze_if_closed
from consult.consultations import timetable
from consult.consultations.models import Consultation, StageChange, StageKind, State
from consult.consultations.planning import faults
from consult.consultations.queries import get_consultation, list_stage_changes, standing_of
from consult.consultations.rehearsing import rehearsing
from consult.consultations.setting_up import EditedMeanwhile, spans_of
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound, NotPermitted
from tests.making.places import make_place
from tests.page_client import at_once

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "The library was shut for a week."


@pytest.fixture
def in_sqlite(sqlite_app):
    """The application's context, where the kind of database makes no difference."""
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.rollback()


def officer(place: Consultation) -> Actor:
    return Actor("staff/1", frozenset(), {place.id: frozenset({Role.OFFICER})})


def move(place: Consultation, kind: str, *, version: int | None = None, **changed):
    """Change a stage, which keeps whatever is not named."""
    opens, closes = spans_of(place)[kind]
    given = {"opens_at": opens, "closes_at": closes, "reason": WHY, **changed}
    timetable.change_stage(officer(place), place, kind, version=version or place.version, **given)
    db.session.commit()


def closed_at(place: Consultation, kind: str = "survey"):
    db.session.expire_all()
    return timetable.get_stage(place, kind).closed_at


# --- that a stage has closed is stored once


def test_a_stage_that_is_open_is_not_stored_as_closed(in_sqlite):
    place = make_place("survey")
    timetable.latch(place)
    db.session.commit()
    assert closed_at(place) is None


def test_the_first_write_after_the_closing_time_stores_that_it_has_closed(in_app):
    place = make_place("summarising")
    now = clock.now()
    with clock.frozen(now):
        timetable.latch(place)
        db.session.commit()
    assert closed_at(place) == now
    with clock.frozen(now + HOUR):
        timetable.latch(place)
        db.session.commit()
    assert closed_at(place) == now, "once"


def test_a_clock_that_jumps_back_reopens_nothing(in_app):
    place = make_place("survey")
    end = spans_of(place)["survey"][1]
    with clock.frozen(end + 2 * HOUR):
        timetable.latch(place)
        db.session.commit()
    with clock.frozen(end - HOUR):
        assert standing_of(place).moment is Moment.SUMMARISING
        timetable.latch(place)
        db.session.commit()
    assert closed_at(place) is not None


def test_a_clock_that_jumps_back_before_anything_was_written_only_waits(in_sqlite):
    place = make_place("survey")
    end = spans_of(place)["survey"][1]
    with clock.frozen(end + 2 * HOUR):
        assert standing_of(place).moment is Moment.SUMMARISING
    with clock.frozen(end - HOUR):
        assert standing_of(place).moment is Moment.SURVEY


def test_only_an_officer_reopens_what_a_wrong_clock_closed(in_sqlite):
    place = make_place("survey")
    end = spans_of(place)["survey"][1]
    with clock.frozen(end + 2 * HOUR):
        timetable.latch(place)
        db.session.commit()
    with clock.frozen(end - HOUR):
        timetable.reopen(
            officer(place), place, "survey", closes_at=end, reason="A clock was wrong", version=place.version
        )
        db.session.commit()
        assert standing_of(place).moment is Moment.SURVEY


def test_a_rehearsal_closes_nothing(in_sqlite):
    place = make_place("draft")
    with rehearsing(place.id, timedelta(days=400)):
        timetable.latch(place)
    db.session.commit()
    assert closed_at(place) is None


def test_many_who_write_at_once_store_it_once(app):
    with app.app_context():
        make_place("summarising")

    def latch(_n: int) -> None:
        with app.app_context():
            timetable.latch(get_consultation("summarising-place"))
            db.session.commit()

    at_once(latch, [(n,) for n in range(8)])
    with app.app_context():
        assert closed_at(get_consultation("summarising-place")) is not None


# --- moved, with a reason, for everybody to read


def test_a_longer_stage_is_on_record_with_what_it_was(in_app):
    place = make_place("survey")
    opens, closes = spans_of(place)["survey"]
    move(place, "survey", closes_at=closes + DAY)
    [change] = list_stage_changes(place)
    assert (change.kind, change.reason) == (StageKind.SURVEY, WHY)
    assert (change.opened_before, change.closed_before) == (opens, closes)
    assert (change.opens_at, change.closes_at) == (opens, closes + DAY)
    assert spans_of(place)["survey"] == (opens, closes + DAY)


def test_a_stage_that_waits_can_move_whole(in_sqlite):
    place = make_place("survey")
    opens, closes = spans_of(place)["forum"]
    move(place, "forum", opens_at=opens + DAY, closes_at=closes + DAY)
    assert spans_of(place)["forum"] == (opens + DAY, closes + DAY)


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        (
            "survey",
            lambda o, _c: (o, o - DAY),
            "A stage must close in the future. To end it at once, close it now",
        ),
        ("survey", lambda o, c: (o + HOUR, c), "has opened, so the time when it opens cannot change"),
        ("survey", lambda o, c: (o, c + 100 * DAY), "A stage must close before the next one opens"),
        ("survey", lambda o, c: (o, c), "These are the dates that the stage has already"),
        ("forum", lambda o, c: (o - 30 * DAY, c), "A stage must open in the future. This time has gone"),
        ("forum", lambda o, c: (o - 10 * DAY, c), "must not open before the stage before it has closed"),
        ("forum", lambda o, c: (c, o), "A stage must close after it opens"),
    ],
)
def test_dates_that_cannot_stand_are_refused_and_nothing_changes(in_sqlite, kind, change, sentence):
    place = make_place("survey")
    before = spans_of(place)
    opens_at, closes_at = change(*before[kind])
    with pytest.raises(Invalid, match=sentence):
        move(place, kind, opens_at=opens_at, closes_at=closes_at)
    db.session.rollback()
    assert spans_of(place) == before
    assert list_stage_changes(place) == []


@pytest.mark.parametrize("reason", ["", "x" * 501])
def test_a_reason_is_needed_and_may_not_be_long(in_sqlite, reason):
    place = make_place("survey")
    with pytest.raises(Invalid):
        move(place, "survey", closes_at=spans_of(place)["survey"][1] + DAY, reason=reason)


def test_a_stage_that_has_closed_is_not_moved(in_sqlite):
    place = make_place("summarising")
    with pytest.raises(Conflict, match="only be opened again"):
        move(place, "survey", closes_at=clock.now() + HOUR)


def test_closing_now_is_for_good(in_app):
    place = make_place("survey")
    before = spans_of(place)["survey"][1]
    now = clock.now()
    with clock.frozen(now):
        timetable.close_now(officer(place), place, "survey", reason=WHY, version=place.version)
        db.session.commit()
        assert standing_of(place).moment is Moment.SUMMARISING
    with clock.frozen(now - HOUR):
        assert standing_of(place).moment is Moment.SUMMARISING
    [change] = list_stage_changes(place)
    assert (change.closed_before, change.closes_at) == (before, now)


@pytest.mark.parametrize("kind", ["forum", "follow_up"])
def test_a_stage_that_is_not_open_is_not_closed(in_sqlite, kind):
    place = make_place("survey")
    with pytest.raises(Conflict, match="not open"):
        timetable.close_now(officer(place), place, kind, reason=WHY, version=place.version)


def test_a_stage_is_opened_again_until_the_next_one_opens_at_most(in_app):
    place = make_place("between")
    follow_up = spans_of(place)["follow_up"][0]
    with pytest.raises(Invalid, match="before the next one opens"):
        timetable.reopen(
            officer(place), place, "forum", closes_at=follow_up + HOUR, reason=WHY, version=place.version
        )
    db.session.rollback()
    timetable.reopen(officer(place), place, "forum", closes_at=follow_up, reason=WHY, version=place.version)
    db.session.commit()
    assert standing_of(place).moment is Moment.FORUM


def test_the_survey_is_not_opened_again_when_its_summaries_are_out(in_sqlite):
    place = make_place("summarising")
    place.presented_at = clock.now()
    db.session.commit()
    with pytest.raises(Conflict, match="summaries have been presented"):
        timetable.reopen(
            officer(place), place, "survey", closes_at=clock.now() + HOUR, reason=WHY, version=place.version
        )


def test_nothing_is_opened_again_when_the_comparison_is_made(in_app):
    place = make_place("closed")
    freeze_if_closed(OPERATOR, place)
    db.session.commit()
    with pytest.raises(Conflict, match="results have been made"):
        timetable.reopen(
            officer(place),
            place,
            "follow_up",
            closes_at=clock.now() + HOUR,
            reason=WHY,
            version=place.version,
        )


def test_the_follow_up_can_be_opened_again_before_that(in_sqlite):
    place = make_place("closed")
    timetable.reopen(
        officer(place), place, "follow_up", closes_at=clock.now() + HOUR, reason=WHY, version=place.version
    )
    db.session.commit()
    assert standing_of(place).moment is Moment.FOLLOW_UP


@pytest.mark.parametrize("state", [State.DRAFT, State.CLOSED])
def test_only_a_published_consultation_has_stages_that_move(in_sqlite, state):
    place = make_place("survey")
    place.state = state
    db.session.commit()
    with pytest.raises(Conflict):
        move(place, "survey", closes_at=spans_of(place)["survey"][1] + DAY)


def test_who_may_not_is_refused(in_sqlite):
    place = make_place("survey")
    for actor, refusal in (
        (Actor("staff/2", frozenset(), {place.id: frozenset({Role.MODERATOR})}), NotPermitted),
        (Actor("staff/3", frozenset({Role.ADMINISTRATOR})), NotPermitted),
        (Actor("staff/4", frozenset(), {place.id + 1: frozenset({Role.OFFICER})}), NotFound),
    ):
        with pytest.raises(refusal):
            timetable.close_now(actor, place, "survey", reason=WHY, version=place.version)


def test_of_two_officers_who_move_a_stage_at_once_one_is_told(app):
    with app.app_context():
        place = make_place("survey")
        end, version = spans_of(place)["survey"][1], place.version

    def extend(days: int) -> str:
        with app.app_context():
            try:
                move(get_consultation("survey-place"), "survey", closes_at=end + days * DAY, version=version)
            except EditedMeanwhile:
                db.session.rollback()
                return "told"
            return "moved"

    assert sorted(at_once(extend, [(1,), (2,)])) == ["moved", "told"]
    with app.app_context():
        assert len(db.session.scalars(select(StageChange)).all()) == 1
        assert list(faults(spans_of(get_consultation("survey-place")))) == []
