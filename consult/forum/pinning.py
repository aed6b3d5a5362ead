"""Deeds of officers on what stands first in a topic: one post is pinned, or none.

A topic has one pin, held by the key of its row. What is hidden or taken back is not shown at the top
any more, and stands there again when it is shown again.
"""

from sqlalchemy import delete, select

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import Pin, Thread
from consult.forum.thread_page import Target, get_target


def get_pinnable(consultation: Consultation, thread: str, post: str) -> Target:
    """Get a contribution that everybody can read; what opens a topic stands first by itself.

    Raises
    ------
    NotFound
        If there is no such thread or post, or the post opens the thread.
    """
    target = get_target(consultation, thread, post)
    if target.is_opener or target.post is None:
        raise NotFound
    return target


def pinned_in(thread_id: int) -> int | None:
    """The post that is pinned in that thread, if any is."""
    return db.session.scalar(select(Pin.post_id).filter_by(thread_id=thread_id))


def pin(actor: Actor, consultation: Consultation, thread: str, post: str) -> Target:
    """That post stands first in its topic, in place of what was pinned there. Doing it twice does no harm.

    Raises
    ------
    NotFound
        If there is no such post that everybody can read.
    """
    require(actor, Action.FACILITATE, standing_of(consultation))
    target = get_pinnable(consultation, thread, post)
    # One of two who pin at once waits here, so that the later one holds.
    held = select(Thread.id).filter_by(id=target.thread_id).with_for_update(key_share=True)
    db.session.execute(held)
    if pinned_in(target.thread_id) == target.post_id:
        return target
    db.session.execute(delete(Pin).filter_by(thread_id=target.thread_id))
    db.session.add(Pin(thread_id=target.thread_id, post_id=target.post_id, pinned_at=clock.now()))
    db.session.flush()
    record(actor, Action.FACILITATE, consultation.slug, deed="pin", post=post)
    return target


def unpin(actor: Actor, consultation: Consultation, thread: str, post: str) -> Target:
    """That post is pinned no more. Doing it twice does no harm, nor if another is pinned meanwhile.

    Raises
    ------
    NotFound
        If there is no such post that everybody can read.
    """
    require(actor, Action.FACILITATE, standing_of(consultation))
    target = get_pinnable(consultation, thread, post)
    mine = delete(Pin).filter_by(thread_id=target.thread_id, post_id=target.post_id).returning(Pin.thread_id)
    if db.session.execute(mine).scalar() is not None:
        record(actor, Action.FACILITATE, consultation.slug, deed="unpin", post=post)
    return target
