"""The deed of the council's staff in the forum: they say something, always in the council's name.

It stands on the audit trail too, because several people speak in that one name.
"""

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.forum.models import Post, PostKind, PostState
from consult.forum.posting import Posted, begin_thread, hold_stages, new_key
from consult.forum.rules import address
from consult.forum.thread_page import get_target


def speak(
    actor: Actor, consultation: Consultation, *, thread: str = "", to: str = "", title: str = "", body: str
) -> Posted:
    """The council has said something: in that thread, or in a new one of its own, under that title.

    Raises
    ------
    NotFound
        If there is no such thread or post.
    """
    hold_stages(consultation)
    require(actor, Action.POST_OFFICIALLY, standing_of(consultation))
    if thread:
        target = get_target(consultation, thread, to)
        where, thread_id, parent_id = target.thread, target.thread_id, target.post_id if to else None
    else:
        begun = begin_thread(consultation)
        where, thread_id, parent_id = address(begun.key, begun.id), begun.id, None
    post = Post(
        consultation_id=consultation.id,
        thread_id=thread_id,
        parent_id=parent_id,
        participant_id=None,
        key=new_key(),
        kind=PostKind.FACILITATOR,
        state=PostState.VISIBLE,
        created_at=clock.now(),
        title=None if thread else title,
        body=body,
    )
    db.session.add(post)
    db.session.flush()
    record(actor, Action.POST_OFFICIALLY, consultation.slug, post=post.key)
    return Posted(where, address(post.key, post.id))
