"""Reading what waits for a moderator: who may be in danger, then every promise, the oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from consult import clock
from consult.consultations.models import Consultation, Membership, Participant
from consult.consultations.rehearsing import is_rehearsed
from consult.db import db
from consult.errors import NotFound
from consult.forum.authors import AUTHOR_COLUMNS, Author, author_of, is_membership
from consult.forum.models import Post, PostKind, PostState, Thread
from consult.forum.promise import due
from consult.forum.rules import address
from consult.forum.shown import of_forum, posts
from consult.moderation.models import Appeal, Message, Report
from consult.moderation.rules import Concern

QUEUE = 20  # of each kind on the page; when they are done the next ones come


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that somebody was promised: a post to read first, a report, an appeal or a message."""

    kind: str
    address: str
    author: Author
    title: str | None
    body: str
    since: datetime
    due_at: datetime
    is_late: bool
    concerns: tuple[Concern, ...] = ()
    appeal_id: int | None = None
    against_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A post whose writer may be in danger, shown or not, until somebody has seen to it."""

    address: str
    author: Author
    body: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, the oldest promise first, and how much there is of it altogether."""

    alarms: list[Alarm]
    waiting: list[Waiting]
    alarming: int
    posts: int
    reported: int
    appeals: int
    messages: int

    @property
    def total(self) -> int:
        """How many things wait."""
        return self.alarming + self.posts + self.reported + self.appeals + self.messages


@dataclass(frozen=True, slots=True)
class Written:
    """A message to the moderators with the name of whoever wrote it."""

    message: Message
    author: Author


def get_queue(consultation: Consultation) -> Queue:
    """Get what waits in this forum; eleven statements, however much there is."""
    waiting = sorted(
        [
            *_posts_to_read(consultation),
            *_reported(consultation),
            *_appealed(consultation),
            *_written(consultation),
        ],
        key=lambda each: (each.due_at, each.since, each.address),  # of a weekend all are due at once
    )
    return Queue(_alarming(consultation), waiting, *_counted(consultation))


def count_waiting(consultation: Consultation) -> int:
    """Count what waits for a moderator in this forum."""
    return sum(_counted(consultation))


def _counted(consultation: Consultation) -> tuple[int, int, int, int, int]:
    """How many alarms, posts to read first, reported posts, appeals and messages there are."""
    return (
        _count(select(func.count(Post.id)).join(Thread).where(*_is_alarming(consultation))),
        _count(select(func.count(Post.id)).join(Thread).where(*_is_to_read(consultation))),
        _count(
            select(func.count(Report.post_id.distinct()))
            .join(Post, Post.id == Report.post_id)
            .join(Thread, Thread.id == Post.thread_id)
            .where(*_is_open_report(consultation))
        ),
        _count(
            select(func.count(Appeal.id))
            .join(Post, Post.id == Appeal.post_id)
            .join(Thread, Thread.id == Post.thread_id)
            .where(*_is_open_appeal(consultation))
        ),
        _count(
            select(func.count(Message.id))
            .join(Participant, Participant.id == Message.participant_id)
            .where(*_is_open_message(consultation))
        ),
    )


def _count(asked: Any) -> int:
    return db.session.scalar(asked) or 0


def _is_alarming(consultation: Consultation) -> tuple[Any, ...]:
    return (of_forum(consultation), Post.alarmed_at.is_not(None))


def _is_open_message(consultation: Consultation) -> tuple[Any, ...]:
    return (
        Message.consultation_id == consultation.id,
        Message.answered_at.is_(None),
        Participant.is_rehearsal.is_(is_rehearsed(consultation.id)),
    )


def _is_to_read(consultation: Consultation) -> tuple[Any, ...]:
    return (of_forum(consultation), Post.kind == PostKind.POST, Post.state == PostState.AWAITING)


def _is_open_report(consultation: Consultation) -> tuple[Any, ...]:
    return (
        of_forum(consultation),
        Report.consultation_id == consultation.id,
        Report.decision_id.is_(None),
        Post.state == PostState.VISIBLE,  # what its writer has taken back meanwhile is settled
    )


def _is_open_appeal(consultation: Consultation) -> tuple[Any, ...]:
    return (
        of_forum(consultation),
        Appeal.consultation_id == consultation.id,
        Appeal.decided_at.is_(None),
        Post.state == PostState.HIDDEN,
    )


def _alarming(consultation: Consultation) -> list[Alarm]:
    asked = (
        posts()
        .add_columns(Post.alarmed_at)
        .join(Thread, Thread.id == Post.thread_id)
        .where(*_is_alarming(consultation))
        .order_by(Post.alarmed_at, Post.id)
        .limit(QUEUE)
    )
    return [
        Alarm(address(row.key, row.id), author_of(row), row.body, row.alarmed_at)
        for row in db.session.execute(asked)
    ]


def _written(consultation: Consultation) -> list[Waiting]:
    asked = (
        _messages().where(*_is_open_message(consultation)).order_by(Message.due_at, Message.id).limit(QUEUE)
    )
    return [
        Waiting(
            kind="message",
            address=str(row.Message.id),
            author=author_of(row),
            title=None,
            body=row.Message.words,
            since=row.Message.sent_at,
            due_at=row.Message.due_at,
            is_late=clock.now() > row.Message.due_at,
            message_id=row.Message.id,
        )
        for row in db.session.execute(asked)
    ]


def get_message(consultation: Consultation, message_id: int) -> Written:
    """Get one message to the moderators.

    Raises
    ------
    NotFound
        If there is none of that number in this consultation.
    """
    asked = _messages().where(
        Message.id == message_id,
        Message.consultation_id == consultation.id,
        Participant.is_rehearsal.is_(is_rehearsed(consultation.id)),
    )
    row = db.session.execute(asked).one_or_none()
    if row is None:
        raise NotFound
    return Written(row.Message, author_of(row))


def _messages() -> Any:
    return (
        select(Message, *AUTHOR_COLUMNS)
        .join(Participant, Participant.id == Message.participant_id)
        .outerjoin(Membership, is_membership(Message.participant_id))
    )


def _posts_to_read(consultation: Consultation) -> list[Waiting]:
    asked = (
        posts()
        .join(Thread, Thread.id == Post.thread_id)
        .where(*_is_to_read(consultation))
        .order_by(Post.created_at, Post.id)
        .limit(QUEUE)
    )
    return [
        _waiting("post", row, since := row.edited_at or row.created_at, due(since))
        for row in db.session.execute(asked)
    ]


def _reported(consultation: Consultation) -> list[Waiting]:
    first = (
        select(
            Report.post_id,
            func.min(Report.due_at).label("due_at"),
            func.min(Report.reported_at).label("since"),
        )
        .join(Post, Post.id == Report.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(*_is_open_report(consultation))
        .group_by(Report.post_id)
        .order_by(func.min(Report.due_at), Report.post_id)
        .limit(QUEUE)
        .subquery()
    )
    rows = db.session.execute(
        posts()
        .add_columns(first.c.due_at.label("due_at"), first.c.since.label("since"))
        .join(first, first.c.post_id == Post.id)
    ).all()
    concerns: dict[int, list[Concern]] = {row.id: [] for row in rows}
    told = aliased(Report)
    for post_id, concern in db.session.execute(
        select(told.post_id, told.concern)
        .where(told.post_id.in_(concerns), told.decision_id.is_(None))
        .group_by(told.post_id, told.concern)
        .order_by(told.concern)
    ):
        concerns[post_id].append(concern)
    return [_waiting("report", row, row.since, row.due_at, concerns=tuple(concerns[row.id])) for row in rows]


def _appealed(consultation: Consultation) -> list[Waiting]:
    asked = (
        posts()
        .add_columns(Appeal.id.label("appeal_id"), Appeal.due_at, Appeal.appealed_at, Appeal.against_id)
        .join(Appeal, Appeal.post_id == Post.id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(*_is_open_appeal(consultation))
        .order_by(Appeal.due_at, Appeal.id)
        .limit(QUEUE)
    )
    return [
        _waiting(
            "appeal", row, row.appealed_at, row.due_at, appeal_id=row.appeal_id, against_id=row.against_id
        )
        for row in db.session.execute(asked)
    ]


def _waiting(kind: str, row: Any, since: datetime, due_at: datetime, **more: Any) -> Waiting:
    is_late = clock.now() > due_at
    return Waiting(
        kind, address(row.key, row.id), author_of(row), row.title, row.body, since, due_at, is_late, **more
    )
