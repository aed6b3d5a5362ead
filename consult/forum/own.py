"""Reading what one person wrote in the forum, and what others answered to it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import Post, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import ShownPost, in_forum, named, openers, posts, shown, title_of

LATEST = 50  # answers to somebody, on the page of their own


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post of one's own, or an answer to one, with the thread in which it stands."""

    id: int
    thread: str
    thread_title: str
    post: ShownPost
    version: int


def get_own_post(consultation: Consultation, participant_id: int, addressed: str) -> OwnPost:
    """Get a post that this participant wrote.

    Raises
    ------
    NotFound
        If there is none of that address, or somebody else wrote it.
    """
    found = _list(
        consultation, participant_id, and_(Post.participant_id == participant_id, named(Post, addressed))
    )
    if not found or found[0].post.address != addressed:
        raise NotFound
    return found[0]


def list_own_posts(consultation: Consultation, participant_id: int) -> list[OwnPost]:
    """List what this participant wrote, the newest first."""
    return _list(consultation, participant_id, Post.participant_id == participant_id)


def list_answers_to(consultation: Consultation, participant_id: int) -> list[OwnPost]:
    """List what others answered to this participant, the newest first; no more than the last fifty."""
    mine = select(Post.id).where(
        Post.participant_id == participant_id, Post.consultation_id == consultation.id
    )
    is_answer = and_(
        Post.parent_id.in_(mine),
        Post.state == PostState.VISIBLE,
        or_(Post.participant_id.is_(None), Post.participant_id != participant_id),
    )
    return _list(consultation, participant_id, is_answer, limit=LATEST)


def _list(
    consultation: Consultation, participant_id: int, which: ColumnElement[bool], limit: int | None = None
) -> list[OwnPost]:
    opener = openers(consultation)
    asked = (
        posts()
        .add_columns(
            Thread.id.label("thread_id"),
            Thread.key.label("thread_key"),
            opener.c.state.label("opener_state"),
            opener.c.title.label("opener_title"),
            opener.c.body.label("opener_body"),
        )
        .join(Thread, Thread.id == Post.thread_id)
        .join(opener, opener.c.thread_id == Thread.id)
        .where(in_forum(consultation), which)
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(limit)
    )
    return [
        OwnPost(
            id=row.id,
            thread=address(row.thread_key, row.thread_id),
            thread_title=title_of(row.opener_state, row.opener_title, row.opener_body),
            post=shown(row, participant_id),
            version=row.version,
        )
        for row in db.session.execute(asked)
    ]
