"""Writing `posts.csv` and `reads.csv`."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from consult.bundles.posts import NAME
from consult.bundles.reads import COLUMNS as READ_COLUMNS
from consult.bundles.reads import NAME as READS
from consult.bundles.tables import Table, instant_cell, not_rehearsed, text_cell, used
from consult.consultations.models import DiscussionGroup, Participant
from consult.forum.models import Exposure, Post, PostState, Thread

OPTIONAL = ("state", "group")


def posts(session: Session, consultation_id: int) -> Table:
    """Make the file of posts, as they came."""
    mine = _mine(consultation_id)
    not_visible = func.nullif(Post.state, PostState.VISIBLE)
    group = select(Thread.group_id).where(Thread.id == Post.thread_id).scalar_subquery()
    optional = used(session, {"title": Post.title, "state": not_visible, "group": group}, *mine)
    wanted = ("post", "thread", "parent", "participant", "kind", "created_at", "title", "body", *OPTIONAL)
    columns = [name for name in wanted if name in optional or name not in {"title", *OPTIONAL}]
    is_wanted = session.scalar(select(Post.id).where(*mine).limit(1)) is not None
    return Table(NAME, columns, _posts(session, consultation_id, columns), is_wanted)


def reads(session: Session, consultation_id: int) -> Table:
    """Make the file of who opened which thread: people as they came, each with what they read first first."""
    mine = (
        Exposure.consultation_id == consultation_id,
        not_rehearsed(Exposure.participant_id),
        # A thread is in the bundle by its posts; one in which nothing stands cannot have been read.
        Exposure.thread_id.in_(select(Post.thread_id).where(*_mine(consultation_id))),
    )
    is_wanted = session.scalar(select(Exposure.reads).where(*mine).limit(1)) is not None
    asked = (
        select(
            Participant.key.label("participant"),
            Thread.key.label("thread"),
            Exposure.first_read_at,
            Exposure.last_read_at,
            Exposure.reads,
        )
        .join(Participant, Participant.id == Exposure.participant_id)
        .join(Thread, Thread.id == Exposure.thread_id)
        .where(*mine)
        .order_by(Participant.position, Exposure.first_read_at, Thread.key)
        .execution_options(yield_per=1000)
    )
    rows = (
        [
            row.participant,
            row.thread,
            instant_cell(row.first_read_at),
            instant_cell(row.last_read_at),
            str(row.reads),
        ]
        for row in session.execute(asked)
    )
    return Table(READS, list(READ_COLUMNS.required), rows, is_wanted)


def _mine(consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    """Mark the posts of the consultation, without those of a rehearsal."""
    rehearsed = select(Thread.id).where(Thread.is_rehearsal)
    return (
        Post.consultation_id == consultation_id,
        Post.thread_id.not_in(rehearsed),
        not_rehearsed(Post.participant_id),
    )


def _posts(session: Session, consultation_id: int, columns: list[str]) -> Iterator[list[str]]:
    parent = aliased(Post)
    for row in session.execute(
        select(
            Post.key,
            Thread.key.label("thread"),
            parent.key.label("parent"),
            Participant.key.label("participant"),
            Post.kind,
            Post.created_at,
            Post.title,
            Post.body,
            Post.state,
            DiscussionGroup.key.label("group"),
        )
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(parent, parent.id == Post.parent_id)
        .outerjoin(DiscussionGroup, DiscussionGroup.id == Thread.group_id)
        .outerjoin(Participant, Participant.id == Post.participant_id)
        .where(*_mine(consultation_id))
        .order_by(Post.id)
        .execution_options(yield_per=1000)
    ):
        cells = {
            "post": row.key,
            "thread": row.thread,
            "parent": text_cell(row.parent),
            "participant": text_cell(row.participant),
            "kind": row.kind.value,
            "created_at": instant_cell(row.created_at),
            "title": text_cell(row.title),
            "body": row.body,
            "state": row.state.value,
            "group": text_cell(row.group),
        }
        yield [cells[name] for name in columns]
