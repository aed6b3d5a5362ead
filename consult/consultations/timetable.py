"""Deeds on the stages of a published consultation: moved, closed, opened again; and that they have closed.

The stage that is open comes from the clock at every request, and nothing waits for a job that runs by
itself. One thing is stored: that a stage has closed. The first write after its closing time does so
(`latch`), so that a clock which jumps back reopens nothing; only an officer does, with a reason that
everybody can read. Whatever an officer changes after publishing is a line that everybody can read.
"""

import itertools
from datetime import datetime

from sqlalchemy import delete, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Stage, StageChange, StageKind, State
from consult.consultations.planning import faults
from consult.consultations.queries import standing_of
from consult.consultations.rules import STAGE_ORDER, Window
from consult.consultations.setting_up import EditedMeanwhile, spans_of, step
from consult.db import Base, db
from consult.errors import Conflict, Invalid, NotFound

LONGEST_REASON = 500
OF_THE_OPEN_FORUM = ("post_draft", "digest")  # tables of a room above this one


def latch(consultation: Consultation) -> None:
    """Every stage whose closing time has come is stored as closed, for good.

    With the forum go the drafts of posts and the addresses to which people were told of replies.

    Every service that writes for residents calls this first. It writes once for each stage; the
    condition stands in the UPDATE, so that any number of requests may do it at the same time.
    """
    if consultation.state is not State.PUBLISHED:
        return  # a rehearsal moves the clock of a draft, and closes nothing
    now = clock.now()
    if not any(stage.closed_at is None and stage.closes_at <= now for stage in consultation.stages):
        return  # nearly always: what was read to know the moment tells it
    closed = db.session.scalars(
        update(Stage)
        .where(Stage.consultation_id == consultation.id, Stage.closed_at.is_(None), Stage.closes_at <= now)
        .values(closed_at=now)
        .returning(Stage.kind)
        .execution_options(synchronize_session=False)
    ).all()
    if set(closed) - {StageKind.SURVEY}:
        for name in OF_THE_OPEN_FORUM:
            table = Base.metadata.tables[name]
            db.session.execute(delete(table).where(table.c.consultation_id == consultation.id))
    db.session.expire(consultation, ["stages"])


def get_stage(consultation: Consultation, kind: str) -> Stage:
    """Get that stage of the consultation.

    Raises
    ------
    NotFound
        If it has none: a bundle that came in closed may not say when it was open.
    """
    for stage in consultation.stages:
        if stage.kind.value == kind:
            return stage
    raise NotFound


def change_stage(
    actor: Actor,
    consultation: Consultation,
    kind: str,
    *,
    opens_at: datetime,
    closes_at: datetime,
    reason: str,
    version: int,
) -> None:
    """The stage opens and closes then; everybody can read what it was, and why.

    Raises
    ------
    Conflict
        If it has closed, or somebody else has changed the consultation meanwhile.
    Invalid
        If the dates cannot stand, nothing would change, or no reason is given.
    """
    stage = _held(actor, consultation, kind, version=version)
    now = clock.now()
    window = _window(stage)
    if window.has_closed(now):
        raise Conflict("This stage has closed. It can only be opened again.")
    if window.is_open(now) and opens_at != stage.opens_at:
        raise Invalid("This stage has opened, so the time when it opens cannot change")
    if not window.is_open(now) and opens_at <= now:
        raise Invalid("A stage must open in the future. This time has gone")
    if closes_at <= now:
        raise Invalid("A stage must close in the future. To end it at once, close it now")
    if (opens_at, closes_at) == (stage.opens_at, stage.closes_at):
        raise Invalid("These are the dates that the stage has already")
    _check_order(consultation, kind, opens_at, closes_at)
    _move(actor, consultation, stage, opens_at=opens_at, closes_at=closes_at, reason=reason, deed="change")


def close_now(actor: Actor, consultation: Consultation, kind: str, *, reason: str, version: int) -> None:
    """The stage that was open is closed, from this moment on.

    Raises
    ------
    Conflict
        If it is not open, or somebody else has changed the consultation meanwhile.
    """
    stage = _held(actor, consultation, kind, version=version)
    now = clock.now()
    if not _window(stage).is_open(now) or now <= stage.opens_at:
        raise Conflict("This stage is not open.")
    _move(actor, consultation, stage, opens_at=stage.opens_at, closes_at=now, reason=reason, deed="close")
    stage.closed_at = now
    db.session.flush()


def reopen(
    actor: Actor,
    consultation: Consultation,
    kind: str,
    *,
    closes_at: datetime,
    reason: str,
    version: int,
) -> None:
    """The stage that had closed is open again, until then.

    Raises
    ------
    Conflict
        If it has not closed; if what followed from its end is there already: summaries that were
        presented, a comparison that was made; or somebody else has changed the consultation meanwhile.
    Invalid
        If it would close in the past, or after the next stage opens.
    """
    stage = _held(actor, consultation, kind, version=version)
    now = clock.now()
    if not _window(stage).has_closed(now):
        raise Conflict("This stage has not closed.")
    if stage.kind is StageKind.SURVEY and consultation.presented_at is not None:
        raise Conflict("The summaries have been presented. The starting survey cannot be opened again.")
    if has_comparison(consultation):
        raise Conflict("The results have been made. No stage can be opened again.")
    if closes_at <= now:
        raise Invalid("A stage must close in the future. This time has gone")
    _check_order(consultation, kind, stage.opens_at, closes_at)
    stage.closed_at = None
    _move(
        actor, consultation, stage, opens_at=stage.opens_at, closes_at=closes_at, reason=reason, deed="reopen"
    )


def has_comparison(consultation: Consultation) -> bool:
    """Whether the frozen comparison has been made; its table stands in a room above this one."""
    snapshot = Base.metadata.tables["snapshot"]
    found = select(snapshot.c.consultation_id).where(snapshot.c.consultation_id == consultation.id)
    return bool(db.session.scalar(select(found.exists())))


def is_open(consultation: Consultation, kind: str) -> bool:
    """Whether that stage takes what people send."""
    return _window(get_stage(consultation, kind)).is_open(clock.now())


def has_closed(consultation: Consultation, kind: str) -> bool:
    """Whether that stage is over."""
    return _window(get_stage(consultation, kind)).has_closed(clock.now())


def _held(actor: Actor, consultation: Consultation, kind: str, *, version: int) -> Stage:
    """The stage, while no other deed on this consultation happens."""
    require(actor, Action.CHANGE_STAGES, standing_of(consultation))
    db.session.refresh(consultation, with_for_update=True)
    db.session.expire(consultation, ["stages"])
    require(actor, Action.CHANGE_STAGES, standing_of(consultation))
    if consultation.state is State.DRAFT:
        raise Conflict("This consultation has not been published. Set its dates in the timetable.")
    if consultation.state is not State.PUBLISHED:
        raise Conflict("This consultation has closed for good.")
    if consultation.version != version:
        raise EditedMeanwhile
    latch(consultation)
    return get_stage(consultation, kind)


def _window(stage: Stage) -> Window:
    return Window(stage.opens_at, stage.closes_at, stage.closed_at)


def _check_order(consultation: Consultation, kind: str, opens_at: datetime, closes_at: datetime) -> None:
    spans = {**spans_of(consultation), kind: (opens_at, closes_at)}
    following = dict(itertools.pairwise(STAGE_ORDER)).get(kind)
    for fault in faults(spans):
        if fault.kind == following:
            raise Invalid("A stage must close before the next one opens. Move that one first")
        raise fault.refusal


def _move(
    actor: Actor,
    consultation: Consultation,
    stage: Stage,
    *,
    opens_at: datetime,
    closes_at: datetime,
    reason: str,
    deed: str,
) -> None:
    if not reason:
        raise Invalid("Say why. Everybody can read it")
    if len(reason) > LONGEST_REASON:
        raise Invalid("The reason must have %(n)s characters or fewer", n=LONGEST_REASON)
    db.session.add(
        StageChange(
            consultation_id=consultation.id,
            kind=stage.kind,
            changed_at=clock.now(),
            opened_before=stage.opens_at,
            closed_before=stage.closes_at,
            opens_at=opens_at,
            closes_at=closes_at,
            reason=reason,
        )
    )
    stage.opens_at, stage.closes_at = opens_at, closes_at
    step(consultation)
    record(actor, Action.CHANGE_STAGES, consultation.slug, stage=stage.kind.value, deed=deed)
