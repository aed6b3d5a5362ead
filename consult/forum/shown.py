"""A post as one reader gets it, and the parts of statements that every reading of the forum shares.

What is being rehearsed and what is not never meet: `of_forum` asks for the one or the other. A thread
whose seed still waits is a draft: readers never get it, only `seeding` does. What is said in a group is
for its people (`consult.forum.grouping`): `in_forum` adds what this reader may reach, and takes who that
is from the request, so that a page that forgets to say who reads gets what everybody may.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from consult import clock
from consult.consultations.models import Consultation, Membership, Participant
from consult.consultations.rehearsing import is_rehearsed
from consult.forum.authors import AUTHOR_COLUMNS, Author, author_of, is_membership
from consult.forum.grouping.readers import is_for, reader_of
from consult.forum.models import Post, PostKind, PostState, Thread
from consult.forum.promise import due
from consult.forum.rules import address, can_edit, row_of

GLIMPSE = 120  # characters of a post that stand for the title of a thread without one


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to go in a thread: a post, and whether it stands on the same page."""

    address: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The post that another one answers: its author (none: it says nothing any more), and where it is."""

    address: str
    author: Author | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class ShownPost:
    """One post as this reader gets it; ``body`` is empty where it is not for them to read."""

    address: str
    author: Author
    state: str
    is_mine: bool
    title: str | None
    body: str
    created_at: datetime
    edited_at: datetime | None
    can_edit: bool
    due_at: datetime | None = None  # by when a moderator has promised to read what waits
    is_new: bool = False
    level: int = 0
    replies: int = 0
    answers: Answered | None = None
    skips_to: Spot | None = None  # past the replies to it, where they are many

    @property
    def is_readable(self) -> bool:
        """Whether this reader gets its words."""
        return self.state == PostState.VISIBLE or (self.state == PostState.AWAITING and self.is_mine)


def named(model: type[Thread] | type[Post], addressed: str) -> ColumnElement[bool]:
    """The condition for the thread or post of that address."""
    row_id = row_of(addressed)
    return model.key == addressed if row_id is None else model.id == row_id


def of_forum(consultation: Consultation) -> ColumnElement[bool]:
    """The condition for threads of this consultation that belong to what is happening now, of every group."""
    return and_(
        Thread.consultation_id == consultation.id, Thread.is_rehearsal.is_(is_rehearsed(consultation.id))
    )


def in_forum(consultation: Consultation) -> ColumnElement[bool]:
    """The condition for threads of `of_forum` that are for whoever asks: not those of other groups."""
    return and_(of_forum(consultation), is_for(reader_of(consultation)))


def openers(consultation: Consultation) -> Any:
    """The post that opens each thread: its seed, or else the first that speaks to the thread itself."""
    place = func.row_number().over(
        partition_by=Post.thread_id,
        order_by=(case((Post.kind == PostKind.SEED, 0), else_=1), Post.created_at, Post.id),
    )
    roots = (
        select(
            Post.id,
            Post.thread_id,
            Post.kind,
            Post.state,
            Post.title,
            func.substr(Post.body, 1, GLIMPSE + 1).label("body"),
            place.label("place"),
        )
        .where(Post.consultation_id == consultation.id, Post.parent_id.is_(None))
        .subquery()
    )
    return select(roots).where(roots.c.place == 1).subquery()


def is_out(opener: Any) -> ColumnElement[bool]:
    """The condition that a thread is no draft: a seed that waits has not been published."""
    return or_(opener.c.kind != PostKind.SEED, opener.c.state != PostState.AWAITING)


def title_of(state: PostState, title: str | None, body: str) -> str:
    """What a thread is called: the title of the post that opens it, or how that begins.

    Empty where that post says nothing any more; the page has words for it.
    """
    if state is not PostState.VISIBLE:
        return ""
    glimpse = " ".join(body.split())
    return title or (glimpse if len(glimpse) <= GLIMPSE else f"{glimpse[: GLIMPSE - 1]}…")


def posts() -> Select[*tuple[Any, ...]]:
    """The statement that reads posts with their writers, one row for each, as `shown` takes them."""
    return (
        select(
            Post.id,
            Post.key,
            Post.kind,
            Post.state,
            Post.title,
            Post.body,
            Post.created_at,
            Post.edited_at,
            Post.version,
            Post.participant_id,
            *AUTHOR_COLUMNS,
        )
        .outerjoin(Participant, Participant.id == Post.participant_id)
        .outerjoin(Membership, is_membership(Post.participant_id))
    )


def shown(row: Any, participant_id: int | None, **place: Any) -> ShownPost:
    """One row of `posts` as this reader gets it; ``place`` says where it stands on the page."""
    is_mine = participant_id is not None and row.participant_id == participant_id
    can_read = row.state is PostState.VISIBLE or (row.state is PostState.AWAITING and is_mine)
    return ShownPost(
        address=address(row.key, row.id),
        author=author_of(row),
        state=row.state.value,
        is_mine=is_mine,
        title=row.title if can_read else None,
        body=row.body if can_read else "",
        created_at=row.created_at,
        edited_at=row.edited_at,
        can_edit=is_mine and can_read and can_edit(row.created_at, clock.now()),
        due_at=due(row.edited_at or row.created_at) if row.state is PostState.AWAITING and is_mine else None,
        **place,
    )
