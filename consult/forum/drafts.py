"""What somebody has typed in the forum and not posted: read back to them, and removed.

It is kept on the server and never in the browser, which may be a library's; for its writer alone, sealed.
No page of staff, no search and no export knows of it. What is kept stands in `drafting`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import aliased

from consult.accounts import keys
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import Post, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import in_forum, is_out, named, openers, title_of
from consult.forum.writing_models import PostDraft
from consult.home import Config

SEALED = "consult drafts 1"


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that wait for their writer, and since when."""

    words: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """The same in the list of one's own; ``to`` is the address of the post it answers, or empty.

    ``is_answered_gone`` says that everybody cannot read that post any more: it cannot be posted there.
    """

    id: int
    thread: str
    thread_title: str
    to: str
    is_answered_gone: bool
    draft: Draft


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a draft belongs: in a thread, to a post of it; without one to the thread as a whole."""

    thread_id: int
    parent_id: int | None
    speaks: bool  # whether everybody can read what it answers


def opened(sealed: str | None, kept_at: datetime | None, *, config: Config) -> Draft | None:
    """The draft in these two columns; none if there is none, or the secret key has changed since."""
    words = keys.unseal(sealed, config=config, purpose=SEALED) if sealed else None
    return Draft(words, kept_at) if words and kept_at else None


def get_spot(consultation: Consultation, thread: str, to: str) -> Spot:
    """Get where a draft belongs that answers this post, or without one the whole thread.

    Raises
    ------
    NotFound
        If there is no such thread, or no such post in it that ever everybody could read.
    """
    opener, post = openers(consultation), aliased(Post)
    is_it = and_(post.thread_id == Thread.id, post.state != PostState.AWAITING)
    is_it = and_(is_it, named(post, to)) if to else and_(is_it, post.id == opener.c.id)
    row = db.session.execute(
        select(
            Thread.id,
            Thread.key,
            opener.c.id.label("opener_id"),
            post.id.label("post_id"),
            post.key.label("post_key"),
            post.state,
        )
        .join(opener, opener.c.thread_id == Thread.id)
        .outerjoin(post, is_it)
        .where(in_forum(consultation), is_out(opener), named(Thread, thread))
    ).one_or_none()
    if row is None or address(row.key, row.id) != thread:
        raise NotFound
    if to and (row.post_id is None or address(row.post_key, row.post_id) != to):
        raise NotFound
    is_whole = row.post_id is None or row.post_id == row.opener_id
    return Spot(row.id, None if is_whole else row.post_id, is_whole or row.state is PostState.VISIBLE)


def find_draft(participant_id: int, spot: Spot, *, config: Config) -> Draft | None:
    """Find what this participant has typed there."""
    row = db.session.execute(
        select(PostDraft.sealed_words, PostDraft.kept_at).where(
            _is_at(participant_id, spot.thread_id, spot.parent_id)
        )
    ).one_or_none()
    return opened(row.sealed_words, row.kept_at, config=config) if row else None


def list_drafts(consultation: Consultation, participant_id: int, *, config: Config) -> list[OwnDraft]:
    """List what this participant has typed and not posted, the newest first."""
    opener = openers(consultation)
    asked = (
        select(
            PostDraft.id,
            PostDraft.parent_id,
            PostDraft.sealed_words,
            PostDraft.kept_at,
            Thread.id.label("thread_id"),
            Thread.key.label("thread_key"),
            Post.key.label("post_key"),
            Post.state.label("post_state"),
            opener.c.state,
            opener.c.title,
            opener.c.body,
        )
        .join(Thread, Thread.id == PostDraft.thread_id)
        .join(opener, opener.c.thread_id == Thread.id)
        .outerjoin(Post, Post.id == PostDraft.parent_id)
        .where(in_forum(consultation), is_out(opener), PostDraft.participant_id == participant_id)
        .order_by(PostDraft.kept_at.desc(), PostDraft.id.desc())
    )
    found = ((row, opened(row.sealed_words, row.kept_at, config=config)) for row in db.session.execute(asked))
    return [
        OwnDraft(
            id=row.id,
            thread=address(row.thread_key, row.thread_id),
            thread_title=title_of(row.state, row.title, row.body),
            to=address(row.post_key, row.parent_id) if row.parent_id is not None else "",
            is_answered_gone=row.parent_id is not None and row.post_state is not PostState.VISIBLE,
            draft=draft,
        )
        for row, draft in found
        if draft is not None
    ]


def count_drafts(participant_id: int) -> int:
    """Count what this participant has typed and not posted."""
    asked = select(func.count()).select_from(PostDraft).where(PostDraft.participant_id == participant_id)
    return db.session.scalar(asked) or 0


def forget_draft(participant_id: int, thread_id: int, parent_id: int | None) -> None:
    """Nothing waits for this participant there any more."""
    db.session.execute(delete(PostDraft).where(_is_at(participant_id, thread_id, parent_id)))


def _is_at(participant_id: int, thread_id: int, parent_id: int | None) -> ColumnElement[bool]:
    return and_(
        PostDraft.participant_id == participant_id,
        PostDraft.thread_id == thread_id,
        PostDraft.parent_id.is_(None) if parent_id is None else PostDraft.parent_id == parent_id,
    )
