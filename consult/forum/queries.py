"""Reading the forum as a whole: its topics, what the facilitator asks, how many people write."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation, DiscussionGroup, Participant
from consult.db import db
from consult.forum.grouping.readers import is_copied
from consult.forum.models import Conclusion, Exposure, Post, PostKind, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import in_forum, is_out, openers, title_for

NOBODY = 0  # no participant has this id


@dataclass(frozen=True, slots=True)
class Topic:
    """A thread in the list: how many contributions it has, and how many of them are new to the reader.

    What the council says is outside of both; ``has_official_news`` says that there is something new of it.
    """

    address: str
    title: str
    is_council: bool
    is_residents: bool
    is_closed: bool
    waits: bool  # to be checked; only whoever began it gets it
    contributions: int
    new: int
    has_official_news: bool
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
    """List the threads that are out, in the order of their officers, then as they began.

    Also, for whoever began one that waits to be checked, that one.
    """
    opener, post = openers(consultation), aliased(Post)
    reader = participant_id or NOBODY
    is_unread = or_(Exposure.last_read_at.is_(None), post.created_at > Exposure.last_read_at)
    is_others = or_(post.participant_id.is_(None), post.participant_id != reader)
    is_counted = post.kind == PostKind.POST
    counts = (
        select(
            Thread.id,
            func.count(case((is_counted, post.id))).label("contributions"),
            func.count(case((and_(is_counted, is_unread, is_others), post.id))).label("new"),
            func.count(case((and_(post.kind == PostKind.FACILITATOR, is_unread), post.id))).label("official"),
            func.count(Exposure.thread_id).label("readings"),
        )
        .join(opener, opener.c.thread_id == Thread.id)
        .outerjoin(
            post,
            and_(post.thread_id == Thread.id, post.id != opener.c.id, post.state == PostState.VISIBLE),
        )
        .outerjoin(Exposure, and_(Exposure.thread_id == Thread.id, Exposure.participant_id == reader))
        .where(in_forum(consultation), is_out(opener, participant_id))
        .group_by(Thread.id)
        .subquery()
    )
    is_gone = and_(
        opener.c.kind == PostKind.POST, opener.c.state.in_((PostState.HIDDEN, PostState.WITHDRAWN))
    )
    is_closed = exists().where(Conclusion.thread_id == Thread.id, Conclusion.reopened_at.is_(None))
    asked = (
        select(
            Thread.id,
            Thread.key,
            opener.c.kind,
            opener.c.participant_id,
            opener.c.state,
            opener.c.title,
            opener.c.body,
            is_closed.label("is_closed"),
            counts.c.contributions,
            counts.c.new,
            counts.c.official,
            counts.c.readings,
            DiscussionGroup.key.label("group"),
            is_copied().label("is_copied"),
        )
        .join(opener, opener.c.thread_id == Thread.id)
        .join(counts, counts.c.id == Thread.id)
        .where(or_(not_(is_gone), counts.c.contributions > 0))  # else nothing of it is left to read
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
            title=title_for(row, participant_id),
            is_council=row.kind is PostKind.FACILITATOR,
            is_residents=row.kind is PostKind.POST,
            is_closed=row.is_closed,
            waits=row.state is PostState.AWAITING and row.participant_id == participant_id,
            contributions=row.contributions,
            new=row.new,
            has_official_news=row.official > 0,
            was_read=row.readings > 0,
            is_seed=row.kind is PostKind.SEED,
            group=row.group,
            is_copied=bool(row.is_copied),
        )
        for row in db.session.execute(asked)
    ]


def find_prompt(consultation: Consultation) -> Prompt | None:
    """Find what the facilitator said last to the whole of a thread, but for conclusions."""
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
            Post.id.not_in(select(Conclusion.post_id)),
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
