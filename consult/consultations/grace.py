"""Work in hand at the end of a stage: what was begun before it closed is taken for half an hour more.

This is the only way past the table of access, and it is narrow: the page must have been opened while the
stage was open, the person must be one who might have done the same then, and a consultation that an
officer has closed as a whole takes nothing more.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from consult import clock
from consult.access import Action, Actor, Moment, allows, require
from consult.consultations.models import Consultation, Stage, StageKind, State
from consult.consultations.queries import Standing, standing_of
from consult.consultations.rehearsing import is_rehearsed
from consult.errors import NotPermitted

GRACE = timedelta(minutes=30)
MOMENT_OF: Mapping[StageKind, Moment] = {
    StageKind.SURVEY: Moment.SURVEY,
    StageKind.FORUM: Moment.FORUM,
    StageKind.FOLLOW_UP: Moment.FOLLOW_UP,
}


def stage_of(consultation: Consultation, kind: StageKind) -> Stage | None:
    """The stage of that kind, if the consultation has it."""
    return next((stage for stage in consultation.stages if stage.kind is kind), None)


def require_in_time(
    actor: Actor,
    action: Action,
    consultation: Consultation,
    kind: StageKind,
    *,
    opened_at: datetime | None = None,
    began_in_time: bool = False,
) -> bool:
    """Let the actor go on, and say whether it is late: after the close, in the half hour that is left.

    Parameters
    ----------
    opened_at : datetime, optional
        When the form was opened, as its stamp says.
    began_in_time : bool
        Whether the record already knows that this person was in the middle when the stage closed.

    Raises
    ------
    NotFound, NotPermitted, Conflict
        As `access.require` does.
    """
    standing, now = standing_of(consultation), clock.now()
    stage = stage_of(consultation, kind)
    if allows(actor, action, standing):
        if stage is not None and now < stage.opens_at:  # published, and not open yet
            raise NotPermitted("This stage has not opened yet.")
        return False
    if stage is not None and _is_in_grace(consultation, stage, now):
        was_open = opened_at is not None and stage.opens_at <= opened_at < _end_of(stage)
        then = Standing(standing.id, standing.slug, MOMENT_OF[kind])
        if (was_open or began_in_time) and allows(actor, action, then):
            return True
    require(actor, action, standing)
    return False


def open_until(consultation: Consultation, kind: StageKind) -> datetime | None:
    """Until when answers begun in time are still taken, if the stage is over and that is to come."""
    stage = stage_of(consultation, kind)
    if stage is None or not _is_in_grace(consultation, stage, clock.now()):
        return None
    return _end_of(stage) + GRACE if clock.now() >= _end_of(stage) else None


def _is_in_grace(consultation: Consultation, stage: Stage, now: datetime) -> bool:
    """Whether the stage has been over for less than half an hour, in a consultation that runs on."""
    is_running = consultation.state is State.PUBLISHED or is_rehearsed(consultation.id)
    return is_running and stage.opens_at <= now < _end_of(stage) + GRACE


def _end_of(stage: Stage) -> datetime:
    """When the stage closed: by its timetable, or sooner if an officer closed it."""
    return min(stage.closes_at, stage.closed_at or stage.closes_at)
