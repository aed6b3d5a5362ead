"""A post as one reader gets it, and the parts of statements that every reading of the forum shares.

What is being rehearsed and what is not never meet: `of_forum` asks for the one or the other. A thread
whose seed still waits is a draft: readers never get it, only `seeding` does. What is said in a group is
for its people (`consult.forum.grouping`): `in_forum` adds what this reader may reach, and takes who that
is from the request, so that a page that forgets to say who reads gets what everybody may.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from consult import clock
from consult.consultations.models import Consultation, Membership, Participant
from consult.consultations.rehearsing import is_rehearsed
from consult.forum.authors import AUTHOR_COLUMNS, Author, author_of, is_membership
from consult.forum.enquired import ENQUIRY_COLUMNS, OFFICIAL, Enquired, enquired, is_official
from consult.forum.grouping.readers import is_for, reader_of
from consult.forum.models import Enquiry, Post, PostKind, PostState, Thread
from consult.forum.promise import due
from consult.forum.quoting import MARK, Part, parts_of
from consult.forum.quoting import Answered as Quoted
from consult.forum.quoting import Kind as PartKind
from consult.forum.rules import address, can_edit, row_of

AnsweredPost = aliased(Post)
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
    """One post as this reader gets it; ``body`` is empty where it is not for them to read.

    ``parts`` are its words as pages show them: what it quotes stands apart, and not where the post that it
    quotes is not shown any more.
    """

    address: str
    author: Author
    state: str
    is_mine: bool
    title: str | None
    body: str
    parts: tuple[Part, ...]
    created_at: datetime
    edited_at: datetime | None
    can_edit: bool
    due_at: datetime | None = None  # by when a moderator has promised to read what waits
    enquiry: Enquired | None = None  # what it asks of the council
    is_new: bool = False
    level: int = 0
    replies: int = 0
    answers: Answered | None = None
    skips_to: Spot | None = None  # past the replies to it, where they are many

    @property
    def own_words(self) -> str:
        """Its words without what it quotes."""
        return "\n".join(part.text for part in self.parts if part.kind is PartKind.WORDS)

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
            Post.participant_id,
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


def is_out(opener: Any, reader: int | None = None) -> ColumnElement[bool]:
    """The condition that a thread is there for everybody, or for that participant, who began it.

    A seed that waits is a draft. What a resident began waits until a moderator has read how it begins;
    where others have answered meanwhile, because it waits for having been changed, their words stay.
    """
    other = aliased(Post)
    is_answered = exists().where(
        other.thread_id == opener.c.thread_id, other.id != opener.c.id, other.state == PostState.VISIBLE
    )
    return or_(
        opener.c.state != PostState.AWAITING,
        and_(opener.c.kind != PostKind.SEED, or_(opener.c.participant_id == (reader or 0), is_answered)),
    )


def title_for(row: Any, participant_id: int | None) -> str:
    """What a thread is called for this reader: to whoever began it also while that waits."""
    is_mine = participant_id is not None and row.participant_id == participant_id
    waits = row.state is PostState.AWAITING and is_mine
    return title_of(PostState.VISIBLE if waits else row.state, row.title, row.body)


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
            AnsweredPost.state.label("answered_state"),
            case((Post.body.contains(MARK), AnsweredPost.body)).label("answered_body"),
            *AUTHOR_COLUMNS,
            *ENQUIRY_COLUMNS,
        )
        .outerjoin(Enquiry, Enquiry.post_id == Post.id)
        .outerjoin(OFFICIAL, is_official())
        .outerjoin(AnsweredPost, AnsweredPost.id == Post.parent_id)
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
        parts=parts_of(row.body, _quoted(row)) if can_read else (),
        created_at=row.created_at,
        edited_at=row.edited_at,
        can_edit=is_mine and can_read and can_edit(row.created_at, clock.now()),
        due_at=due(row.edited_at or row.created_at) if row.state is PostState.AWAITING and is_mine else None,
        enquiry=enquired(row, is_mine=is_mine) if can_read else None,
        **place,
    )


def _quoted(row: Any) -> Quoted | None:
    """The post that this row answers, as far as what it quotes is held against it."""
    if row.answered_state is None:
        return None
    return Quoted(row.answered_state is PostState.VISIBLE, row.answered_body or "")
