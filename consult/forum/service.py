"""Deeds in the forum: contributions are made.

A post's own row is its trail; the audit trail does not repeat who wrote when.
"""

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import aliased

from consult.access import Action, Actor, require
from consult.batches import batches, insert_rows
from consult.consultations.models import Consultation, DiscussionGroup
from consult.consultations.queries import standing_of
from consult.consultations.service import add_group
from consult.db import db
from consult.errors import Invalid
from consult.forum.models import Exposure, Post, PostKind, Thread
from consult.forum.rules import NewPost, NewPresenting, NewReading, check_author

_COLUMNS = (
    "consultation_id",
    "thread_id",
    "key",
    "participant_id",
    "kind",
    "state",
    "created_at",
    "title",
    "body",
)

_READING_COLUMNS = (
    "participant_id",
    "thread_id",
    "consultation_id",
    "first_read_at",
    "last_read_at",
    "reads",
)


def add_posts(
    actor: Actor,
    consultation: Consultation,
    posts: Iterable[NewPost],
    *,
    progress: Callable[[int], None] | None = None,
) -> int:
    """The forum holds these contributions, in this order; says how many.

    A thread begins with the first post that names it. A parent may stand anywhere among the posts,
    so replies are tied to their parents once all of them are there.

    Raises
    ------
    Invalid
        If a parent is not a post of the same consultation.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    mine = select(Thread.key, Thread.id).where(Thread.consultation_id == consultation.id)
    threads: dict[str, int] = dict(db.session.execute(mine).all())
    in_groups = select(DiscussionGroup.key, DiscussionGroup.id).where(
        DiscussionGroup.consultation_id == consultation.id
    )
    groups: dict[str, int] = dict(db.session.execute(in_groups).all())
    parents: dict[str, str] = {}

    def rows() -> Iterator[tuple[object, ...]]:
        for post in posts:
            check_author(post.kind, has_participant=post.participant_id is not None)
            if post.thread not in threads:
                if post.group is not None and post.group not in groups:
                    groups[post.group] = add_group(actor, consultation, post.group).id
                group_id = groups[post.group] if post.group is not None else None
                threads[post.thread] = _begin_thread(consultation, post.thread, group_id)
            if post.parent is not None:
                parents[post.key] = post.parent
            yield (
                consultation.id,
                threads[post.thread],
                post.key,
                post.participant_id,
                post.kind,
                post.state,
                post.created_at,
                post.title,
                post.body,
            )

    count = insert_rows(Post, _COLUMNS, rows(), progress=progress)
    _tie(consultation, parents)
    return count


def add_readings(
    actor: Actor,
    consultation: Consultation,
    readings: Iterable[NewReading],
    *,
    progress: Callable[[int], None] | None = None,
) -> int:
    """The record says who opened which thread; says how many times that is told.

    Raises
    ------
    Invalid
        If there is no such thread.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    mine = select(Thread.key, Thread.id).where(Thread.consultation_id == consultation.id)
    threads: dict[str, int] = dict(db.session.execute(mine).all())

    def rows() -> Iterator[tuple[object, ...]]:
        for each in readings:
            if each.thread not in threads:
                raise Invalid("The thread that was read is not there.")
            yield (
                each.participant_id,
                threads[each.thread],
                consultation.id,
                each.first_read_at,
                each.last_read_at,
                each.reads,
            )

    return insert_rows(Exposure, _READING_COLUMNS, rows(), progress=progress)


def present_summaries(actor: Actor, consultation: Consultation, presented: Iterable[NewPresenting]) -> None:
    """These threads present these summaries, in this order.

    Raises
    ------
    Invalid
        If there is no such thread.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    for position, each in enumerate(presented):
        found = db.session.execute(
            update(Thread)
            .where(Thread.consultation_id == consultation.id, Thread.key == each.thread)
            .values(
                item_id=each.item_id,
                position=position,
                summary_id=each.summary_id,
                completions=each.completions,
            )
            .returning(Thread.id)
        ).scalar()
        if found is None:
            raise Invalid("The thread that presents a summary is not there.")
        _present_copies(found)


def _present_copies(thread_id: int) -> None:
    """The copies that groups have of the seed present the same summary."""
    thread = db.session.get_one(Thread, thread_id, populate_existing=True)
    seed = aliased(Post)
    same = (
        select(Post.thread_id)
        .join(seed, and_(seed.title == Post.title, seed.body == Post.body, seed.kind == Post.kind))
        .where(seed.thread_id == thread_id, Post.kind == PostKind.SEED)
    )
    copies = update(Thread).where(
        Thread.consultation_id == thread.consultation_id,
        Thread.group_id.is_not(None),
        Thread.id.in_(same),
    )
    db.session.execute(
        copies.values(
            item_id=thread.item_id,
            position=thread.position,
            summary_id=thread.summary_id,
            completions=thread.completions,
        ).execution_options(synchronize_session=False)
    )


def _begin_thread(consultation: Consultation, key: str, group_id: int | None) -> int:
    thread = Thread(consultation_id=consultation.id, key=key, group_id=group_id)
    db.session.add(thread)
    db.session.flush()
    return thread.id


def _tie(consultation: Consultation, parents: dict[str, str]) -> None:
    """Give replies their parents."""
    if not parents:
        return
    ids: dict[str, int] = {}
    for keys in batches({*parents, *parents.values()}):
        mine = select(Post.key, Post.id).where(Post.consultation_id == consultation.id, Post.key.in_(keys))
        ids.update(db.session.execute(mine).all())
    if any(parent not in ids for parent in parents.values()):
        raise Invalid("The post that this answers is not there.")
    tie = update(Post.__table__).where(Post.__table__.c.id == bindparam("reply"))  # type: ignore[arg-type]
    for pairs in batches(parents.items()):
        db.session.connection().execute(
            tie.values(parent_id=bindparam("parent")),
            [{"reply": ids[reply], "parent": ids[parent]} for reply, parent in pairs],
        )
