"""Reading what residents ask the council: what is owed an answer, one question, and what became of all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from consult import clock
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.forum.authors import Author, author_of
from consult.forum.enquired import OFFICIAL, is_official, is_unanswered
from consult.forum.models import Enquiry, Post, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import in_forum, named, of_forum, posts

OWED_MOST = 50  # on the page; when they are answered the next ones come
OWED = (PostState.VISIBLE, PostState.AWAITING)  # what was hidden or taken back is owed nothing


@dataclass(frozen=True, slots=True)
class OwedAnswer:
    """A question that waits; one that waits to be checked itself has to be read first."""

    thread: str
    address: str
    author: Author
    title: str | None
    body: str
    asked_at: datetime
    due_at: datetime
    is_late: bool
    is_to_check: bool


@dataclass(frozen=True, slots=True)
class OneEnquiry:
    """One question and what has become of it; ``answer`` is the address of the official reply."""

    post_id: int
    key: str
    thread_id: int
    thread: str
    author: Author
    title: str | None
    body: str
    created_at: datetime
    due_at: datetime
    is_unanswered: bool
    answer: str | None


@dataclass(frozen=True, slots=True)
class EnquiryCounts:
    """What became of every question for the council: these add up to ``asked``."""

    asked: int
    in_time: int
    later: int
    declined: int
    gone: int  # hidden or taken back before it was answered
    open: int
    late: int  # still open, and the promise is over

    @property
    def answered(self) -> int:
        """How many were answered, in time or later."""
        return self.in_time + self.later

    @property
    def is_complete(self) -> bool:
        """Whether every question is accounted for."""
        return self.asked == self.answered + self.declined + self.gone + self.open + self.late


def list_owed(consultation: Consultation) -> list[OwedAnswer]:
    """List the questions that wait for the council, the oldest promise first."""
    asked = (
        posts()
        .add_columns(
            Thread.id.label("thread_id"), Thread.key.label("thread_key"), Enquiry.asked_at, Enquiry.due_at
        )
        .join(Thread, Thread.id == Post.thread_id)
        .where(*_is_owed(consultation))
        .order_by(Enquiry.due_at, Enquiry.asked_at, Post.id)  # of a weekend all are due at once
        .limit(OWED_MOST)
    )
    now = clock.now()
    return [
        OwedAnswer(
            thread=address(row.thread_key, row.thread_id),
            address=address(row.key, row.id),
            author=author_of(row),
            title=row.title,
            body=row.body,
            asked_at=row.asked_at,
            due_at=row.due_at,
            is_late=now > row.due_at,
            is_to_check=row.state is PostState.AWAITING,
        )
        for row in db.session.execute(asked)
    ]


def count_owed(consultation: Consultation) -> int:
    """Count the questions that wait for the council."""
    return db.session.scalar(_joined(func.count(Enquiry.post_id)).where(*_is_owed(consultation))) or 0


def get_enquiry(consultation: Consultation, thread: str, post: str) -> OneEnquiry:
    """Get what a post that everybody can read asks the council. The post is held as it is.

    Raises
    ------
    NotFound
        If there is no such thread or post, or it asks the council nothing.
    """
    row = db.session.execute(
        posts()
        .add_columns(Thread.id.label("thread_id"), Thread.key.label("thread_key"), Enquiry.settled_at)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            in_forum(consultation),
            named(Thread, thread),
            named(Post, post),
            Post.state == PostState.VISIBLE,
            Enquiry.post_id.is_not(None),
        )
        .with_for_update(read=True, of=Post)
    ).one_or_none()
    if row is None or address(row.thread_key, row.thread_id) != thread or address(row.key, row.id) != post:
        raise NotFound
    answer = address(row.official_key, row.official_id) if row.official_id is not None else None
    return OneEnquiry(
        post_id=row.id,
        key=row.key,
        thread_id=row.thread_id,
        thread=thread,
        author=author_of(row),
        title=row.title,
        body=row.body,
        created_at=row.created_at,
        due_at=row.asked_due_at,
        is_unanswered=row.settled_at is None or (answer is None and row.asked_told is None),
        answer=answer,
    )


def count_enquiries(consultation: Consultation) -> EnquiryCounts:
    """Count what became of every question for the council in this forum."""
    became = case(
        (Enquiry.told.is_not(None), "declined"),
        (and_(OFFICIAL.id.is_not(None), Enquiry.settled_at <= Enquiry.due_at), "in_time"),
        (OFFICIAL.id.is_not(None), "later"),
        (Post.state.not_in(OWED), "gone"),
        (Enquiry.due_at < clock.now(), "late"),
        else_="open",
    )
    each = _joined(became.label("became")).where(of_forum(consultation)).subquery()
    counted = select(each.c.became, func.count()).group_by(each.c.became)
    found: dict[str, int] = dict(db.session.execute(counted).all())
    made = (
        select(func.count(Enquiry.post_id))
        .join(Post, Post.id == Enquiry.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(of_forum(consultation))
    )
    names = ("in_time", "later", "declined", "gone", "open", "late")
    return EnquiryCounts(asked=db.session.scalar(made) or 0, **{name: found.get(name, 0) for name in names})


def _joined(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Enquiry)
        .join(Post, Post.id == Enquiry.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(OFFICIAL, is_official())
    )


def _is_owed(consultation: Consultation) -> tuple[ColumnElement[bool], ...]:
    return (
        of_forum(consultation),
        Enquiry.consultation_id == consultation.id,
        Post.state.in_(OWED),
        is_unanswered(),
    )
