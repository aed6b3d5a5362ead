"""Reading the forum as a whole: its topics, what the facilitator asks, how many people write."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation, DiscussionGroup, Participant
from consult.db import db
from consult.forum.grouping.readers import is_copied
from consult.forum.models import Exposure, Post, PostKind, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import in_forum, is_out, openers, title_of

NOBODY = 0  # no participant has this id


@dataclass(frozen=True, slots=True)
class Topic:
    """A thread in the list: how many contributions it has, and how many of them are new to the reader."""

    address: str
    title: str
    is_council: bool
    contributions: int
    new: int
    was_read: bool
    is_seed: bool = False
    group: str | None = None  # whose it is, where not everybody's
    is_copied: bool = False  # whether nobody talks in it, because each group has its own


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the facilitator asks now, and where."""

    thread: str
    address: str
    title: str | None
    body: str
    created_at: datetime


def list_topics(consultation: Consultation, participant_id: int | None) -> list[Topic]:
    """List the threads that are out, in the order of their officers, then as they began."""
    opener, post = openers(consultation), aliased(Post)
    reader = participant_id or NOBODY
    is_unread = or_(Exposure.last_read_at.is_(None), post.created_at > Exposure.last_read_at)
    is_others = or_(post.participant_id.is_(None), post.participant_id != reader)
    counts = (
        select(
            Thread.id,
            func.count(post.id).label("contributions"),
            func.coalesce(
                func.sum(case((and_(post.id.is_not(None), is_unread, is_others), 1), else_=0)), 0
            ).label("new"),
            func.count(Exposure.thread_id).label("readings"),
        )
        .join(opener, opener.c.thread_id == Thread.id)
        .outerjoin(
            post,
            and_(post.thread_id == Thread.id, post.id != opener.c.id, post.state == PostState.VISIBLE),
        )
        .outerjoin(Exposure, and_(Exposure.thread_id == Thread.id, Exposure.participant_id == reader))
        .where(in_forum(consultation), is_out(opener))
        .group_by(Thread.id)
        .subquery()
    )
    asked = (
        select(
            Thread.id,
            Thread.key,
            opener.c.kind,
            opener.c.state,
            opener.c.title,
            opener.c.body,
            counts.c.contributions,
            counts.c.new,
            counts.c.readings,
            DiscussionGroup.key.label("group"),
            is_copied().label("is_copied"),
        )
        .join(opener, opener.c.thread_id == Thread.id)
        .join(counts, counts.c.id == Thread.id)
        .outerjoin(DiscussionGroup, DiscussionGroup.id == Thread.group_id)
        .order_by(
            Thread.group_id.is_not(None),
            Thread.group_id,
            Thread.position.is_(None),
            Thread.position,
            Thread.id,
        )
    )
    return [
        Topic(
            address=address(row.key, row.id),
            title=title_of(row.state, row.title, row.body),
            is_council=row.kind is PostKind.FACILITATOR,
            contributions=row.contributions,
            new=row.new,
            was_read=row.readings > 0,
            is_seed=row.kind is PostKind.SEED,
            group=row.group,
            is_copied=bool(row.is_copied),
        )
        for row in db.session.execute(asked)
    ]


def find_prompt(consultation: Consultation) -> Prompt | None:
    """Find what the facilitator said last to the whole of a thread."""
    opener = openers(consultation)
    asked = (
        select(
            Post.id,
            Post.key,
            Post.title,
            Post.body,
            Post.created_at,
            Thread.id.label("thread_id"),
            Thread.key.label("thread_key"),
        )
        .join(Thread, Thread.id == Post.thread_id)
        .join(opener, opener.c.thread_id == Thread.id)
        .where(
            in_forum(consultation),
            is_out(opener),
            Post.kind == PostKind.FACILITATOR,
            Post.state == PostState.VISIBLE,
            Post.parent_id.is_(None),
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(1)
    )
    row = db.session.execute(asked).one_or_none()
    if row is None:
        return None
    return Prompt(
        thread=address(row.thread_key, row.thread_id),
        address=address(row.key, row.id),
        title=row.title,
        body=row.body,
        created_at=row.created_at,
    )


def count_writers(consultation: Consultation) -> int:
    """How many people have written in the forum; whoever took everything back has written as well."""
    asked = (
        select(func.count(Post.participant_id.distinct()))
        .join(Thread, Thread.id == Post.thread_id)
        .join(Participant, Participant.id == Post.participant_id)
        .where(
            Post.consultation_id == consultation.id,
            Thread.is_rehearsal.is_(False),
            Participant.is_rehearsal.is_(False),
        )
    )
    return db.session.scalar(asked) or 0
