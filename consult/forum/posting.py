"""The deeds of somebody who talks: a contribution is made.

A post's own row is its trail, with its earlier versions beside it (`changing`); the audit trail does not
repeat who wrote when.
"""

from datetime import datetime, timedelta
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy import select

from consult import clock
from consult.access import Action, Actor
from consult.audit.service import record
from consult.consultations.grace import require_in_time
from consult.consultations.models import Consultation, Participant, Stage, StageKind
from consult.consultations.rehearsing import is_rehearsed
from consult.consultations.timetable import latch
from consult.db import db
from consult.errors import Conflict, TooMany
from consult.forum.checking import first_state, require_not_suspended
from consult.forum.drafts import forget_draft
from consult.forum.models import Enquiry, Post, PostKind, PostState, Thread
from consult.forum.promise import due
from consult.forum.rules import POSTS_MOST, POSTS_WITHIN, address, wait_to_post
from consult.forum.thread_page import get_target
from consult.recruitment.queries import lock_membership
from consult.surveys.danger import suggests_danger

KEY_BYTES = 6


class Posted(NamedTuple):
    """Where a new post stands: the addresses of its thread and of itself."""

    thread: str
    post: str


class TooManyPosts(TooMany):
    """Somebody has posted as often as one may in ten minutes; ``wait`` is how long until they can again."""

    def __init__(self, wait: timedelta) -> None:
        minutes = -(-int(wait.total_seconds()) // 60)
        super().__init__(
            "You have posted %(most)s times in 10 minutes. Wait %(minutes)s minutes, then post this again.",
            most=POSTS_MOST,
            minutes=max(minutes, 1),
        )
        self.wait = wait


class TopicClosed(Conflict):
    """The council has closed this topic with a conclusion: nobody replies any more."""

    def __init__(self) -> None:
        super().__init__("The council has closed this topic, so nobody can reply any more.")


def require_posting(actor: Actor, consultation: Consultation, *, opened_at: datetime | None) -> bool:
    """Let somebody post, and say whether that is late: begun in time, and sent after the close.

    Raises
    ------
    NotFound, NotPermitted
        If they may not, or not any more, or a moderator has stopped them.
    """
    is_late = require_in_time(actor, Action.POST, consultation, StageKind.FORUM, opened_at=opened_at)
    require_not_suspended(actor.participant_id)
    return is_late


def reply(
    actor: Actor,
    consultation: Consultation,
    thread: str,
    *,
    to: str,
    body: str,
    asks: bool = False,
    opened_at: datetime | None = None,
) -> Posted:
    """The thread has one more contribution: an answer to that post of it, or without one to the whole.

    What its writer had typed there as a draft does not wait any more.

    A text that suggests that its writer is in danger is posted like any other; moderators find it before
    everything else, and the trail says that somebody may need help, without a word of theirs.

    Parameters
    ----------
    thread, to : str
        Addresses; ``to`` may be empty.
    asks : bool
        Whether it is a question for the council, which is then owed an answer.
    opened_at : datetime, optional
        When the form was opened: what was begun in time is taken for half an hour after the close.

    Raises
    ------
    NotFound
        If there is no such thread or post, or everybody cannot read it any more.
    NotPermitted
        If they have left the consultation, or the forum is not open.
    TooManyPosts
        If they have posted twenty times in the last ten minutes.
    TopicClosed
        If the council has closed the topic. Who closes one waits for those who hold the stages.
    """
    begin_posting(actor, consultation, opened_at=opened_at)
    target = get_target(consultation, thread, to)
    if target.is_closed:
        raise TopicClosed
    post = add_post(
        actor, consultation, target.thread_id, parent_id=target.post_id, title=None, body=body, asks=asks
    )
    assert actor.participant_id is not None
    forget_draft(actor.participant_id, target.thread_id, None if target.is_opener else target.post_id)
    return Posted(target.thread, address(post.key, post.id))


def begin_posting(actor: Actor, consultation: Consultation, *, opened_at: datetime | None) -> None:
    """Let this person post; nothing that decides that changes until the transaction is over.

    Raises
    ------
    NotFound, NotPermitted, TooManyPosts
        If they may not.
    """
    hold_stages(consultation)
    require_posting(actor, consultation, opened_at=opened_at)
    assert actor.participant_id is not None
    lock_membership(consultation.id, actor.participant_id)  # nobody posts who leaves in another window
    _keep_within_limit(actor.participant_id)


def add_post(
    actor: Actor,
    consultation: Consultation,
    thread_id: int,
    *,
    parent_id: int | None,
    title: str | None,
    body: str,
    asks: bool,
) -> Post:
    """The thread has one more post of this person, who was let in by `begin_posting`."""
    assert actor.participant_id is not None
    now = clock.now()
    is_alarming = suggests_danger(f"{title or ''}\n{body}")
    post = Post(
        consultation_id=consultation.id,
        thread_id=thread_id,
        parent_id=parent_id,
        participant_id=actor.participant_id,
        key=new_key(),
        kind=PostKind.POST,
        state=first_state(consultation.id, actor.participant_id),
        created_at=now,
        title=title,
        body=body,
        alarmed_at=now if is_alarming else None,
    )
    db.session.add(post)
    db.session.flush()
    if asks:
        columns = {"post_id": post.id, "consultation_id": consultation.id}
        db.session.add(Enquiry(**columns, asked_at=now, due_at=due(now)))
        db.session.flush()
    if is_alarming:
        record(actor, Action.POST, consultation.slug, deed="safeguarding", participant=actor.participant_id)
    return post


def add_official(
    consultation: Consultation, thread_id: int, *, parent_id: int | None, title: str | None, body: str
) -> Post:
    """The thread has one more post of the council; the deed asks for itself whether that may be."""
    post = Post(
        consultation_id=consultation.id,
        thread_id=thread_id,
        parent_id=parent_id,
        participant_id=None,
        key=new_key(),
        kind=PostKind.FACILITATOR,
        state=PostState.VISIBLE,
        created_at=clock.now(),
        title=title,
        body=body,
    )
    db.session.add(post)
    db.session.flush()
    return post


def begin_thread(
    consultation: Consultation, *, item_id: int | None = None, position: int | None = None
) -> Thread:
    """There is one more thread, with nothing in it."""
    thread = Thread(
        consultation_id=consultation.id,
        key=new_key(),
        item_id=item_id,
        position=position,
        is_rehearsal=is_rehearsed(consultation.id),
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def new_key() -> str:
    """A key that says nothing and that nobody guesses."""
    return token_hex(KEY_BYTES)


def hold_stages(consultation: Consultation, *, alone: bool = False) -> None:
    """The stages stay as they are until this transaction is over; what is over is stored as closed.

    In that order: of two who first hold the stages and then store it, each would wait for the other.
    Who holds them ``alone`` waits until nobody is posting, and whoever posts then waits for them.
    """
    latch(consultation)
    stages = (
        select(Stage)
        .where(Stage.consultation_id == consultation.id)
        .with_for_update(read=not alone)
        .execution_options(populate_existing=True)
    )
    db.session.scalars(stages).all()


def _keep_within_limit(participant_id: int) -> None:
    """Their posts are counted with nobody between the count and the post: of them one writes at a time."""
    db.session.execute(
        select(Participant.id).where(Participant.id == participant_id).with_for_update(key_share=True)
    )
    now = clock.now()
    lately = db.session.scalars(
        select(Post.created_at)
        .where(Post.participant_id == participant_id, Post.created_at > now - POSTS_WITHIN)
        .order_by(Post.created_at.desc())
        .limit(POSTS_MOST)
    ).all()
    wait = wait_to_post(lately, now)
    if wait is not None:
        raise TooManyPosts(wait)
