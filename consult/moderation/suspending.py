"""Deeds about who may post: a moderator stops somebody from writing in the forum, and lets them again.

It concerns the forum alone. The person is named by what they wrote: nobody on the staff sees who it is.
"""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, NotFound
from consult.forum.models import Suspension
from consult.moderation.queries import find_post


def suspend(actor: Actor, consultation: Consultation, addressed: str, *, told: str, staff_id: int) -> None:
    """Whoever wrote that post cannot post in this forum any more, and reads why; their answers stay theirs.

    Raises
    ------
    NotFound
        If there is no such post, or no participant wrote it.
    Conflict
        If they cannot post already.
    """
    require(actor, Action.SUSPEND, standing_of(consultation))
    post = find_post(consultation, addressed)
    if post.participant_id is None:
        raise NotFound
    row = Suspension(
        consultation_id=consultation.id,
        participant_id=post.participant_id,
        told=told,
        began_at=clock.now(),
        began_by=staff_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise Conflict("This person cannot post already.") from None
    record(actor, Action.SUSPEND, consultation.slug, post=post.key, deed="suspend")


def end_suspension(actor: Actor, consultation: Consultation, addressed: str, *, staff_id: int) -> None:
    """Whoever wrote that post can post again. Doing it twice does no harm.

    Raises
    ------
    NotFound
        If there is no such post.
    """
    require(actor, Action.SUSPEND, standing_of(consultation))
    post = find_post(consultation, addressed)
    ended = db.session.execute(
        update(Suspension)
        .where(Suspension.participant_id == post.participant_id, Suspension.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=staff_id)
        .returning(Suspension.id)
    ).all()
    if ended:
        record(actor, Action.SUSPEND, consultation.slug, post=post.key, deed="end")
