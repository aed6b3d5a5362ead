"""Contributions that were found in the whole forum, each with the thread in which it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from consult.consultations.models import Consultation
from consult.db import db
from consult.forum.models import Post, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import ShownPost, in_forum, is_out, openers, posts, shown, title_of


@dataclass(frozen=True, slots=True)
class FoundPost:
    """A contribution, and the thread in which it stands."""

    thread: str
    thread_title: str
    post: ShownPost


def readable(consultation: Consultation, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Select those columns of every post that everybody can read in this forum now."""
    opener = openers(consultation)
    return (
        select(*columns)
        .select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .join(opener, opener.c.thread_id == Thread.id)
        .where(in_forum(consultation), is_out(opener), Post.state == PostState.VISIBLE)
    )


def get_found(
    consultation: Consultation, ids: Sequence[int], participant_id: int | None = None
) -> list[FoundPost]:
    """Get these posts in this order, as far as everybody can read them."""
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
        .where(in_forum(consultation), is_out(opener), Post.state == PostState.VISIBLE, Post.id.in_(ids))
    )
    rows = {row.id: row for row in db.session.execute(asked)}
    return [_found(rows[post_id], participant_id) for post_id in _known(ids, rows)]


def _known(ids: Iterable[int], rows: dict[int, Any]) -> Iterable[int]:
    return (post_id for post_id in ids if post_id in rows)


def _found(row: Any, participant_id: int | None) -> FoundPost:
    return FoundPost(
        thread=address(row.thread_key, row.thread_id),
        thread_title=title_of(row.opener_state, row.opener_title, row.opener_body),
        post=shown(row, participant_id),
    )
