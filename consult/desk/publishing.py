"""The deed by which a draft becomes what everybody can read and take part in.

All of it happens in one transaction. Two officers who publish at once meet at the state in the row: the
second finds no draft. A rehearsal that is still writing is waited for, because each of its transactions
holds the row of the rehearsal (`rehearsal`), and that row is ended here; what it wrote is then deleted
with the rest, and whatever it would write next finds that it is over. Whoever takes both rows takes that
of the rehearsal first, then that of the consultation, so that no two wait for each other.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Participant, Rehearsal, State
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import EditedMeanwhile, about_of, spans_of, step
from consult.db import db
from consult.desk.queries import count_items
from consult.desk.rules import Check, ItemCounts, checklist
from consult.errors import Conflict, Invalid
from consult.forum.models import Post, Thread
from consult.incentives.offering import forget_rehearsed
from consult.words import N_

PUBLISHED_ALREADY = N_("This consultation has been published already.")


def checks_of(consultation: Consultation) -> list[Check]:
    """What the consultation must have before it can be published, each with whether it has."""
    items = count_items([consultation.id]).get(consultation.id, ItemCounts())
    return checklist(about_of(consultation), items, spans_of(consultation), clock.wall())


def publish(actor: Actor, consultation: Consultation, *, version: int) -> None:
    """Everybody can read the consultation, its words are fixed, and nothing of a rehearsal is left.

    Raises
    ------
    Conflict
        If it has been published already.
    EditedMeanwhile
        If it has another version than ``version``, the one that the officer looked at.
    Invalid
        If something that it must have is missing.
    """
    require(actor, Action.CHANGE_STAGES, standing_of(consultation))
    ended = end_rehearsals(consultation)
    db.session.refresh(consultation, with_for_update=True)
    db.session.expire(consultation, ["stages"])
    if consultation.state is not State.DRAFT:
        raise Conflict(PUBLISHED_ALREADY)
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))
    if consultation.version != version:
        raise EditedMeanwhile
    if any(not check.is_met for check in checks_of(consultation)):
        raise Invalid("Something is still missing. Look at the list")
    ended += end_rehearsals(consultation)  # one may have begun before the consultation was held
    people = forget_rehearsals(consultation)
    consultation.state, consultation.published_at = State.PUBLISHED, clock.wall()
    step(consultation)
    record(actor, Action.CHANGE_STAGES, consultation.slug, deed="publish", rehearsals=ended, rehearsed=people)


def end_rehearsals(consultation: Consultation) -> int:
    """No rehearsal of the consultation goes on; how many did. Waits for those that are writing."""
    return _changed(
        update(Rehearsal)
        .where(Rehearsal.consultation_id == consultation.id, Rehearsal.ended_at.is_(None))
        .values(ended_at=clock.wall())
        .execution_options(synchronize_session=False)
    )


def forget_rehearsals(consultation: Consultation) -> int:
    """Nothing of what rehearsals wrote is left: no person, answer, post, code or session; how many people.

    What belongs to a person goes with their row, in the database itself; posts are taken first, because
    a post keeps its person's row from going.
    """
    people = select(Participant.id).where(
        Participant.consultation_id == consultation.id, Participant.is_rehearsal
    )
    forget_rehearsed(consultation)
    threads = select(Thread.id).where(Thread.consultation_id == consultation.id, Thread.is_rehearsal)
    of_rehearsal = or_(Post.participant_id.in_(people), Post.thread_id.in_(threads))
    posts = select(Post.id).where(Post.consultation_id == consultation.id, of_rehearsal)
    found: Sequence[int] = db.session.scalars(posts).all()
    _changed(
        update(Post)
        .where(Post.consultation_id == consultation.id, Post.parent_id.in_(found))
        .values(parent_id=None)
        .execution_options(synchronize_session=False)
    )
    for gone in (
        delete(Post).where(Post.id.in_(found)),
        delete(Thread).where(Thread.consultation_id == consultation.id, Thread.is_rehearsal),
    ):
        _changed(gone.execution_options(synchronize_session=False))
    return _changed(
        delete(Participant)
        .where(Participant.consultation_id == consultation.id, Participant.is_rehearsal)
        .execution_options(synchronize_session=False)
    )


def _changed(statement: Any) -> int:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount
