"""The deed of the council's staff in the forum: they say something, always in the council's name.

It stands on the audit trail too, because several people speak in that one name.
"""

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.forum.answering import settle
from consult.forum.posting import Posted, TopicClosed, add_official, begin_thread, hold_stages
from consult.forum.rules import address
from consult.forum.thread_page import get_target


def speak(
    actor: Actor, consultation: Consultation, *, thread: str = "", to: str = "", title: str = "", body: str
) -> Posted:
    """The council has said something: in that thread, or in a new one of its own, under that title.

    A reply to a post that asks the council something answers it.

    Raises
    ------
    NotFound
        If there is no such thread or post.
    TopicClosed
        If the thread has been closed.
    """
    hold_stages(consultation)
    require(actor, Action.POST_OFFICIALLY, standing_of(consultation))
    if thread:
        target = get_target(consultation, thread, to)
        if target.is_closed:
            raise TopicClosed
        where, thread_id, parent_id = target.thread, target.thread_id, target.post_id if to else None
    else:
        begun = begin_thread(consultation)
        where, thread_id, parent_id = address(begun.key, begun.id), begun.id, None
    post = add_official(
        consultation, thread_id, parent_id=parent_id, title=None if thread else title, body=body
    )
    if parent_id is not None:
        settle(parent_id, answer_id=post.id)
    record(actor, Action.POST_OFFICIALLY, consultation.slug, post=post.key)
    return Posted(where, address(post.key, post.id))
