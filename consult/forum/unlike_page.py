"""Reading contributions by people who see it differently, in one thread or in the whole forum."""

from dataclasses import dataclass

from sqlalchemy import select

from consult.accounts import keys
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.forum.found import FoundPost, get_found, readable
from consult.forum.models import Post, PostKind, Thread
from consult.forum.rules import address
from consult.forum.shown import in_forum, is_out, named, openers, title_of
from consult.forum.standpoints import standpoints_on, standpoints_on_attitudes
from consult.forum.unlike import Kind, Standpoints, Writing, choose, tell
from consult.home import Config


@dataclass(frozen=True, slots=True)
class Topic:
    """The thread in which contributions are looked for."""

    thread_id: int
    address: str
    title: str
    item_id: int | None


@dataclass(frozen=True, slots=True)
class UnlikePage:
    """Contributions for one reader, and how they were chosen; ``topic`` is none for the whole forum."""

    topic: Topic | None
    kind: Kind
    posts: list[FoundPost]


def get_unlike_page(
    consultation: Consultation, participant_id: int, *, thread: str | None, config: Config
) -> UnlikePage:
    """Get contributions by people who may see it differently; the same ones at every look.

    The number of statements depends on nothing but the form of the item.

    Raises
    ------
    NotFound
        If there is no such thread, or it is a draft.
    """
    topic = _get_topic(consultation, thread) if thread is not None else None
    asked = readable(consultation, Post.id, Post.participant_id).where(
        Post.kind == PostKind.POST, Post.participant_id.is_not(None)
    )
    if topic is not None:
        asked = asked.where(Post.thread_id == topic.thread_id)
    writings = [Writing(post_id, writer) for post_id, writer in db.session.execute(asked)]
    standpoints = _standpoints(consultation, topic, participant_id)
    told = tell({each.writer for each in writings}, standpoints, keys.lot(config=config, of="told"))
    of = f"reader {participant_id} {topic.thread_id if topic else ''}"
    choice = choose(
        writings,
        told,
        reader=participant_id,
        own=standpoints.of(participant_id),
        lot=keys.lot(config=config, of=of),
    )
    return UnlikePage(topic, choice.kind, get_found(consultation, choice.posts, participant_id))


def _standpoints(consultation: Consultation, topic: Topic | None, participant_id: int) -> Standpoints:
    """Those on the item of the thread, where the reader has answered it; else those on attitudes."""
    if topic is not None and topic.item_id is not None:
        found = standpoints_on(topic.item_id)
        if found.of(participant_id):
            return found
    return standpoints_on_attitudes(consultation)


def _get_topic(consultation: Consultation, addressed: str) -> Topic:
    opener = openers(consultation)
    row = db.session.execute(
        select(Thread.id, Thread.key, Thread.item_id, opener.c.state, opener.c.title, opener.c.body)
        .join(opener, opener.c.thread_id == Thread.id)
        .where(in_forum(consultation), is_out(opener), named(Thread, addressed))
    ).one_or_none()
    if row is None or address(row.key, row.id) != addressed:
        raise NotFound
    return Topic(row.id, addressed, title_of(row.state, row.title, row.body), row.item_id)
