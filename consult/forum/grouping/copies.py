"""Every group has its own copy of each seed, under which its people talk."""

from collections.abc import Iterable
from secrets import token_hex

from sqlalchemy import delete, select

from consult.consultations.models import Consultation, DiscussionGroup
from consult.db import db
from consult.forum.grouping.models import GroupDraw
from consult.forum.models import Post, PostKind, PostState, Thread

KEY_BYTES = 6


def copy_seeds(consultation: Consultation, *, threads: Iterable[int] | None = None) -> int:
    """Each group that was drawn has these seeds, or all that are out; says how many copies were made."""
    groups = db.session.scalars(
        select(DiscussionGroup.id)
        .join(GroupDraw, GroupDraw.consultation_id == DiscussionGroup.consultation_id)
        .where(DiscussionGroup.consultation_id == consultation.id, GroupDraw.ended_at.is_(None))
        .order_by(DiscussionGroup.id)
    ).all()
    if not groups:
        return 0
    asked = (
        select(Thread, Post)
        .join(Post, Post.thread_id == Thread.id)
        .where(
            Thread.consultation_id == consultation.id,
            Thread.group_id.is_(None),
            Thread.is_rehearsal.is_(False),
            Post.kind == PostKind.SEED,
            Post.parent_id.is_(None),
            Post.state == PostState.VISIBLE,
        )
        .order_by(Thread.position.is_(None), Thread.position, Thread.id)
        .execution_options(populate_existing=True)
    )
    if threads is not None:
        asked = asked.where(Thread.id.in_(list(threads)))
    made = [
        (_copy(thread, group), seed) for thread, seed in db.session.execute(asked).all() for group in groups
    ]
    db.session.add_all([copy for copy, _ in made])
    db.session.flush()
    db.session.add_all([_seed(copy, seed) for copy, seed in made])
    db.session.flush()
    return len(made)


def remove_copies(consultation: Consultation) -> None:
    """No group has a thread any more; nobody has written in one."""
    mine = select(Thread.id).where(Thread.consultation_id == consultation.id, Thread.group_id.is_not(None))
    db.session.execute(delete(Post).where(Post.thread_id.in_(mine)))
    db.session.execute(
        delete(Thread).where(Thread.consultation_id == consultation.id, Thread.group_id.is_not(None))
    )


def _copy(thread: Thread, group_id: int) -> Thread:
    return Thread(
        consultation_id=thread.consultation_id,
        key=token_hex(KEY_BYTES),
        group_id=group_id,
        item_id=thread.item_id,
        position=thread.position,
        summary_id=thread.summary_id,
        completions=thread.completions,
    )


def _seed(copy: Thread, seed: Post) -> Post:
    return Post(
        consultation_id=copy.consultation_id,
        thread_id=copy.id,
        parent_id=None,
        participant_id=None,
        key=token_hex(KEY_BYTES),
        kind=PostKind.SEED,
        state=PostState.VISIBLE,
        created_at=seed.created_at,
        title=seed.title,
        body=seed.body,
    )
