"""Deeds by which officers rehearse a draft: begin at a chosen time, move to another, end."""

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, select

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Rehearsal
from consult.consultations.queries import standing_of
from consult.consultations.rules import STAGE_ORDER
from consult.consultations.setting_up import spans_of
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.forum.seeding import begin_rehearsal_thread

FURTHEST = timedelta(days=5 * 365)
DAY = timedelta(days=1)


class Step(NamedTuple):
    """A moment of the consultation that can be rehearsed, and when it is."""

    name: str
    at: datetime


def steps_of(consultation: Consultation) -> list[Step]:
    """The moments of the consultation's timetable, in their order; a break that has no length is none."""
    spans = spans_of(consultation)
    if set(spans) != set(STAGE_ORDER):
        return []
    survey, forum, follow_up = (spans[kind] for kind in STAGE_ORDER)
    found = [Step("before", survey[0] - DAY), Step("survey", survey[0])]
    if survey[1] < forum[0]:
        found.append(Step("summarising", survey[1]))
    found.append(Step("forum", forum[0]))
    if forum[1] < follow_up[0]:
        found.append(Step("between", forum[1]))
    return [*found, Step("follow_up", follow_up[0]), Step("after", follow_up[1])]


def begin_rehearsal(actor: Actor, consultation: Consultation, *, staff_id: int, at: datetime) -> Rehearsal:
    """The officer walks the draft as a resident would from ``at`` on; one that went on before is over.

    Raises
    ------
    Invalid
        If that is years away.
    """
    require(actor, Action.REHEARSE, standing_of(consultation))
    difference = at - clock.wall()
    if abs(difference) > FURTHEST:
        raise Invalid("Choose a time within 5 years of today")
    _end(consultation, staff_id)  # before the consultation is held, as publishing does
    db.session.refresh(consultation, with_for_update=True)
    require(actor, Action.REHEARSE, standing_of(consultation))
    begun = Rehearsal(
        consultation_id=consultation.id,
        staff_id=staff_id,
        offset_seconds=math.ceil(difference.total_seconds()),
        began_at=clock.wall(),
    )
    db.session.add(begun)
    begin_rehearsal_thread(consultation)
    db.session.flush()
    record(actor, Action.REHEARSE, consultation.slug, deed="begin", rehearsal=begun.id)
    return begun


def end_rehearsal(actor: Actor, consultation: Consultation, *, staff_id: int) -> None:
    """Nobody with this account rehearses the draft any more; what was written stays until it is published."""
    require(actor, Action.OVERSEE, standing_of(consultation))
    for rehearsal_id in _end(consultation, staff_id):
        record(actor, Action.REHEARSE, consultation.slug, deed="end", rehearsal=rehearsal_id)


def find_rehearsal(consultation: Consultation, staff_id: int) -> Rehearsal | None:
    """Find the rehearsal of the draft in which this officer is."""
    return db.session.scalar(_going_on(consultation, staff_id).order_by(Rehearsal.id.desc()).limit(1))


def get_rehearsal(consultation: Consultation, staff_id: int) -> Rehearsal:
    """Get the rehearsal of the draft in which this officer is.

    Raises
    ------
    Conflict
        If there is none.
    """
    found = find_rehearsal(consultation, staff_id)
    if found is None:
        raise Conflict("You are not rehearsing this consultation.")
    return found


def _going_on(consultation: Consultation, staff_id: int) -> Select[Rehearsal]:
    return select(Rehearsal).where(
        Rehearsal.consultation_id == consultation.id,
        Rehearsal.staff_id == staff_id,
        Rehearsal.ended_at.is_(None),
    )


def _end(consultation: Consultation, staff_id: int) -> list[int]:
    ended = []
    for rehearsal in db.session.scalars(_going_on(consultation, staff_id).with_for_update()):
        rehearsal.ended_at = clock.wall()
        ended.append(rehearsal.id)
    db.session.flush()
    return ended
