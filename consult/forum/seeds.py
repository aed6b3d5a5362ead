"""Reading summaries as those who write them do: drafts and what is out."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import Post, PostKind, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import named, of_forum
from consult.surveys.models import Item


@dataclass(frozen=True, slots=True)
class DraftedSeed:
    """A summary, with what is needed to change it; ``item`` is the key of the item that it is about."""

    thread_id: int
    post_id: int
    key: str
    position: int | None
    title: str
    body: str
    version: int
    is_published: bool
    item_id: int | None
    item: str | None
    stem: str | None

    @property
    def address(self) -> str:
        """What names its thread in an address."""
        return address(self.key, self.thread_id)


def list_seeds(consultation: Consultation) -> list[DraftedSeed]:
    """List the summaries in the order in which readers get them."""
    ordered = _seeds(consultation).order_by(Thread.position.is_(None), Thread.position, Thread.id)
    return [DraftedSeed(**row) for row in db.session.execute(ordered).mappings()]


def get_seed(consultation: Consultation, addressed: str) -> DraftedSeed:
    """Get the summary of that thread.

    Raises
    ------
    NotFound
        If there is no such thread, or it was not made from a summary.
    """
    row = db.session.execute(_seeds(consultation).where(named(Thread, addressed))).mappings().first()
    if row is None or address(row["key"], row["thread_id"]) != addressed:
        raise NotFound
    return DraftedSeed(**row)


def _seeds(consultation: Consultation) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Thread.id.label("thread_id"),
            Post.id.label("post_id"),
            Thread.key,
            Thread.position,
            func.coalesce(Post.title, "").label("title"),
            Post.body,
            Post.version,
            (Post.state != PostState.AWAITING).label("is_published"),
            Thread.item_id,
            Item.key.label("item"),
            Item.stem,
        )
        .join(Post, Post.thread_id == Thread.id)
        .outerjoin(Item, Item.id == Thread.item_id)
        .where(of_forum(consultation), Thread.group_id.is_(None), Post.kind == PostKind.SEED)
    )
