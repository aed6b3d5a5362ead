"""Deeds by which two officers raise a limit while the panel fills.

Limits are fixed when the consultation is published. If too few come of one kind and too many of another,
an officer may ask for more room, with a reason; it holds when a second officer of the consultation has
confirmed it. Whoever waits and fits then has a place, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.panel.models import LimitChange, Panel
from consult.panel.places import fill_from_waiting, lock_panel
from consult.recruitment.models import Target
from consult.words import N_

MOST = 100_000
NOT_RAISED = N_("Enter a number that is more than %(before)s, which is the limit now.")
TOO_MANY = N_("Enter %(most)s or fewer.")
NEEDS_REASON = N_("Say why, so that the other officer can decide.")
DONE = N_("This was confirmed or taken back a moment ago. Look at it again.")
NOT_ONESELF = N_("Another officer of this consultation has to confirm what you asked for.")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that can be raised: of one target, or of the whole panel, which has no target."""

    target_id: int | None
    now: int


def find_limit(consultation: Consultation, target_id: int | None) -> Limit:
    """Find the limit as it is now.

    Raises
    ------
    NotFound
        If nothing of this consultation is limited there.
    """
    if target_id is None:
        now = db.session.scalar(select(Panel.size).filter_by(consultation_id=consultation.id))
    else:
        now = db.session.scalar(
            select(Target.maximum).filter_by(id=target_id, consultation_id=consultation.id)
        )
    if now is None:
        raise NotFound
    return Limit(target_id, now)


def list_waiting_changes(consultation: Consultation) -> Sequence[LimitChange]:
    """List the changes that nobody has confirmed or taken back, in the order in which they were asked for."""
    return db.session.scalars(
        select(LimitChange)
        .filter_by(consultation_id=consultation.id, confirmed_at=None, taken_back_at=None)
        .order_by(LimitChange.id)
    ).all()


def list_changes(consultation: Consultation) -> Sequence[LimitChange]:
    """List the changes that hold, in their order."""
    return db.session.scalars(
        select(LimitChange)
        .filter_by(consultation_id=consultation.id)
        .where(LimitChange.confirmed_at.is_not(None))
        .order_by(LimitChange.id)
    ).all()


def ask_to_raise(
    actor: Actor, consultation: Consultation, limit: Limit, *, to: int, reason: str, staff_id: int
) -> LimitChange:
    """The change waits for a second officer.

    Raises
    ------
    Invalid
        If it raises nothing, or has no reason.
    """
    require(actor, Action.OVERRIDE_TARGETS, standing_of(consultation))
    if not reason.strip():
        raise Invalid(NEEDS_REASON)
    if to <= limit.now:
        raise Invalid(NOT_RAISED, before=limit.now)
    if to > MOST:
        raise Invalid(TOO_MANY, most=MOST)
    asked = LimitChange(
        consultation_id=consultation.id,
        target_id=limit.target_id,
        before=limit.now,
        after=to,
        reason=reason,
        asked_by_id=staff_id,
        asked_at=clock.now(),
    )
    db.session.add(asked)
    db.session.flush()
    record(actor, Action.OVERRIDE_TARGETS, consultation.slug, deed="ask", change=asked.id, to=to)
    return asked


def confirm(actor: Actor, consultation: Consultation, change_id: int, *, staff_id: int) -> int:
    """The limit is raised, and whoever waited and fits has a place; says how many.

    Raises
    ------
    Conflict
        If it is no longer waiting, or this officer asked for it.
    """
    require(actor, Action.OVERRIDE_TARGETS, standing_of(consultation))
    change = get_change(consultation, change_id)
    if change.asked_by_id == staff_id:
        raise Conflict(NOT_ONESELF)
    lock_panel(consultation.id)
    settled = update(LimitChange).where(
        LimitChange.id == change_id, LimitChange.confirmed_at.is_(None), LimitChange.taken_back_at.is_(None)
    )
    _one(settled.values(confirmed_by_id=staff_id, confirmed_at=clock.now()))
    if change.target_id is None:
        raised = update(Panel).where(Panel.consultation_id == consultation.id, Panel.size < change.after)
        _one(raised.values(size=change.after))
    else:
        higher = update(Target).where(Target.id == change.target_id, Target.maximum < change.after)
        _one(higher.values(maximum=change.after))
    db.session.expire_all()
    record(actor, Action.OVERRIDE_TARGETS, consultation.slug, deed="confirm", change=change_id)
    return fill_from_waiting(consultation.id)


def take_back(actor: Actor, consultation: Consultation, change_id: int) -> None:
    """The change is not wanted any more; nothing is raised.

    Raises
    ------
    Conflict
        If it is no longer waiting.
    """
    require(actor, Action.OVERRIDE_TARGETS, standing_of(consultation))
    get_change(consultation, change_id)
    settled = update(LimitChange).where(
        LimitChange.id == change_id, LimitChange.confirmed_at.is_(None), LimitChange.taken_back_at.is_(None)
    )
    _one(settled.values(taken_back_at=clock.now()))
    record(actor, Action.OVERRIDE_TARGETS, consultation.slug, deed="take back", change=change_id)


def get_change(consultation: Consultation, change_id: int) -> LimitChange:
    """Get the change of that number.

    Raises
    ------
    NotFound
        If this consultation has none.
    """
    found = db.session.scalar(select(LimitChange).filter_by(id=change_id, consultation_id=consultation.id))
    if found is None:
        raise NotFound
    return found


def _one(statement: object) -> None:
    """Exactly one row changes, or somebody was faster."""
    options = {"synchronize_session": False}
    result = db.session.execute(statement, execution_options=options)  # type: ignore[call-overload]
    if result.rowcount != 1:
        raise Conflict(DONE)
