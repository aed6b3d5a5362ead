"""Deeds of officers on the end of a topic: it is closed with a written conclusion, or opened again.

The conclusion is an official post of the topic, so that it is kept, found, printed and taken along like
every other. Opened again, the topic keeps it among its contributions, and everybody reads why.
"""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict
from consult.forum.models import Conclusion
from consult.forum.posting import Posted, add_official, hold_stages
from consult.forum.rules import address
from consult.forum.thread_page import Target, get_target
from consult.words import N_

CLOSED = N_("Somebody else has closed this topic meanwhile. Read their conclusion first.")
OPEN = N_("This topic is open. Somebody may have opened it again meanwhile.")


def conclude(actor: Actor, consultation: Consultation, thread: str, *, words: str) -> Posted:
    """The topic is closed, with these words of the council at its top; nobody replies any more.

    Whoever posts at that moment is waited for: no reply comes after a conclusion.

    Raises
    ------
    NotFound
        If there is no such thread.
    Conflict
        If it is closed already.
    """
    hold_stages(consultation, alone=True)
    require(actor, Action.FACILITATE, standing_of(consultation))
    target = get_target(consultation, thread, "")
    if target.is_closed:
        raise Conflict(CLOSED)
    post = add_official(consultation, target.thread_id, parent_id=None, title=None, body=words)
    try:
        with db.session.begin_nested():
            db.session.add(Conclusion(thread_id=target.thread_id, post_id=post.id, closed_at=clock.now()))
    except IntegrityError:
        raise Conflict(CLOSED) from None
    record(actor, Action.FACILITATE, consultation.slug, deed="close", thread=thread, post=post.key)
    return Posted(target.thread, address(post.key, post.id))


def reopen(actor: Actor, consultation: Consultation, thread: str, *, why: str) -> Target:
    """People can reply in the topic again, and everybody reads why.

    Raises
    ------
    NotFound
        If there is no such thread.
    Conflict
        If it is open.
    """
    require(actor, Action.FACILITATE, standing_of(consultation))
    target = get_target(consultation, thread, "")
    opened = db.session.execute(
        update(Conclusion)
        .where(Conclusion.thread_id == target.thread_id, Conclusion.reopened_at.is_(None))
        .values(reopened_at=clock.now(), why=why)
        .returning(Conclusion.id)
    ).scalar()
    if opened is None:
        raise Conflict(OPEN)
    record(actor, Action.FACILITATE, consultation.slug, deed="reopen", thread=thread, conclusion=opened)
    return target
