"""Deeds around what people write to the moderators: a message is sent, and answered once.

And the one around a post whose writer may be in danger: somebody has seen to it.
"""

from sqlalchemy import func, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Participant
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, NotFound, TooMany
from consult.forum.models import Post
from consult.forum.promise import due
from consult.moderation.models import Message
from consult.moderation.queries import find_post

OPEN_MOST = 3  # messages of one person that wait for an answer


def write(actor: Actor, consultation: Consultation, *, words: str) -> Message:
    """The moderators have one more message, and have promised an answer by a time.

    Raises
    ------
    TooMany
        If three messages of theirs wait for an answer.
    """
    require(actor, Action.WRITE_TO_MODERATORS, standing_of(consultation))
    assert actor.participant_id is not None
    # Of one person's messages one is written at a time, so that nobody sends between the count and this one.
    db.session.execute(
        select(Participant.id).where(Participant.id == actor.participant_id).with_for_update(key_share=True)
    )
    waiting = select(func.count(Message.id)).where(
        Message.participant_id == actor.participant_id, Message.answered_at.is_(None)
    )
    if (db.session.scalar(waiting) or 0) >= OPEN_MOST:
        raise TooMany("Three of your messages wait for an answer. Wait until one of them is answered.")
    now = clock.now()
    made = Message(
        consultation_id=consultation.id,
        participant_id=actor.participant_id,
        words=words,
        sent_at=now,
        due_at=due(now),
    )
    db.session.add(made)
    db.session.flush()
    return made


def answer(actor: Actor, consultation: Consultation, message: Message, *, words: str, staff_id: int) -> None:
    """Whoever wrote it can read the answer.

    Raises
    ------
    Conflict
        If somebody else has answered it already.
    """
    require(actor, Action.MODERATE, standing_of(consultation))
    answered = db.session.execute(
        update(Message)
        .where(
            Message.id == message.id,
            Message.consultation_id == consultation.id,
            Message.answered_at.is_(None),
        )
        .values(answer=words, answered_by=staff_id, answered_at=clock.now())
        .returning(Message.id)
    ).scalar()
    if answered is None:
        raise Conflict("Somebody else has answered this already.")
    record(actor, Action.MODERATE, consultation.slug, deed="answer", message=message.id)


def see_to(actor: Actor, consultation: Consultation, addressed: str) -> None:
    """Somebody has seen to whether the writer of that post is in danger; the trail says who and when.

    Raises
    ------
    NotFound
        If there is no such post, or there is nothing to see to.
    """
    require(actor, Action.MODERATE, standing_of(consultation))
    post = find_post(consultation, addressed)
    seen = db.session.execute(
        update(Post)
        .where(Post.id == post.id, Post.alarmed_at.is_not(None))
        .values(alarmed_at=None)
        .returning(Post.id)
    ).scalar()
    if seen is None:
        raise NotFound
    record(actor, Action.MODERATE, consultation.slug, deed="safeguarding", post=post.key)


def list_messages_of(participant_id: int) -> list[Message]:
    """List what this participant wrote to the moderators, the newest first."""
    mine = select(Message).filter_by(participant_id=participant_id)
    return list(db.session.scalars(mine.order_by(Message.id.desc())))
