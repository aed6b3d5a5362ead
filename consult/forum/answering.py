"""Deeds on what residents ask the council: it is answered, or it is no question for the council.

An answer is owed by the promise of 48 hours, also when the forum has closed meanwhile and when its topic
was closed: who asked in time is answered. Of many who answer at once one does, by a conditional update.
"""

from sqlalchemy import and_, exists, or_, update
from sqlalchemy.orm import aliased

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict
from consult.forum.enquiries import get_enquiry
from consult.forum.models import Enquiry, Post, PostState
from consult.forum.posting import Posted, add_official
from consult.forum.rules import address
from consult.words import N_

ANSWERED = N_("Somebody else has answered this question meanwhile. Read the answer first.")


def answer(actor: Actor, consultation: Consultation, thread: str, post: str, *, body: str) -> Posted:
    """The council has answered that question, with an official reply to it.

    Raises
    ------
    NotFound
        If there is no such post that everybody can read, or it asks the council nothing.
    Conflict
        If it has been answered, or is none for the council.
    """
    require(actor, Action.ANSWER, standing_of(consultation))
    asked = get_enquiry(consultation, thread, post)
    made = add_official(consultation, asked.thread_id, parent_id=asked.post_id, title=None, body=body)
    if not settle(asked.post_id, answer_id=made.id):
        raise Conflict(ANSWERED)
    record(actor, Action.ANSWER, consultation.slug, post=made.key, question=asked.key)
    return Posted(thread, address(made.key, made.id))


def decline(actor: Actor, consultation: Consultation, thread: str, post: str, *, told: str) -> None:
    """That post is no question for the council, and its writer reads why.

    Raises
    ------
    NotFound
        If there is no such post that everybody can read, or it asks the council nothing.
    Conflict
        If it has been answered, or somebody else said so already.
    """
    require(actor, Action.ANSWER, standing_of(consultation))
    asked = get_enquiry(consultation, thread, post)
    if not settle(asked.post_id, told=told):
        raise Conflict(ANSWERED)
    record(actor, Action.ANSWER, consultation.slug, question=asked.key, deed="decline")


def settle(post_id: int, *, answer_id: int | None = None, told: str | None = None) -> bool:
    """What that post asks is answered or declined; False if it asks nothing, or not any more.

    An answer that nobody can read any more is none.
    """
    official = aliased(Post)
    is_lost = exists().where(official.id == Enquiry.answer_id, official.state != PostState.VISIBLE)
    waits = or_(Enquiry.settled_at.is_(None), and_(Enquiry.answer_id.is_not(None), is_lost))
    settled = db.session.execute(
        update(Enquiry)
        .where(Enquiry.post_id == post_id, waits)
        .values(answer_id=answer_id, told=told, settled_at=clock.now())
        .returning(Enquiry.post_id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return settled is not None
