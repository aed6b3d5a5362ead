"""Who could write in the forum and what was written, as the measures of talk take it.

Without NumPy, because a page of officers asks for it while the forum is open.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, select

from consult.consultations.models import Arm, DiscussionGroup, Participant, Progress, Submission, Wave
from consult.db import db
from consult.forum.models import Post, PostKind, PostState, Thread
from consult.stats.talk import Talk, TalkPost, measure_talk


def talks(
    posts: Sequence[TalkPost], groups: Mapping[int, str | None], sides: Mapping[int, int]
) -> Iterator[tuple[str | None, set[int], Talk]]:
    """How the members talked: everybody first, then each group where there are two or more."""
    named = {person: group for person, group in groups.items() if group is not None}
    of: list[tuple[str | None, set[int]]] = [(None, set(groups))]
    if len(set(named.values())) > 1:
        order = dict.fromkeys(named.values())
        of += [(name, {person for person, group in named.items() if group == name}) for name in order]
    for group, members in of:
        mates = named if len(named) == len(groups) else None
        yield group, members, measure_talk(posts, members, sides=sides, groups=mates)


def posts_of(consultation_id: int) -> list[TalkPost]:
    """Every post of the forum; what nobody can read any more keeps its place and has no author.

    Whoever speaks to a thread answers the post that opens it.
    """
    rows = db.session.execute(
        select(Post.id, Post.thread_id, Post.parent_id, Post.participant_id, Post.kind, Post.state, Post.body)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Post.consultation_id == consultation_id, Thread.is_rehearsal.is_(False))
        .order_by(Post.created_at, Post.id)
    ).all()
    openers: dict[int, Any] = {}
    for row in rows:
        if row.parent_id is None:
            known = openers.get(row.thread_id)
            if known is None or (row.kind is PostKind.SEED and known.kind is not PostKind.SEED):
                openers[row.thread_id] = row
    found = []
    for row in rows:
        opener = openers.get(row.thread_id)
        parent = row.parent_id
        if parent is None and opener is not None and opener.id != row.id:
            parent = opener.id
        author = row.participant_id if row.state is PostState.VISIBLE else None
        found.append(TalkPost(row.id, author, parent, len(row.body.split())))
    return found


def members_of(consultation_id: int) -> dict[int, str | None]:
    """Everybody who could write, with their discussion group if there are groups."""
    rows = db.session.execute(
        select(Participant.id, Participant.arm, DiscussionGroup.key, Submission.participant_id.label("sent"))
        .outerjoin(DiscussionGroup, DiscussionGroup.id == Participant.group_id)
        .outerjoin(
            Submission,
            and_(
                Submission.participant_id == Participant.id,
                Submission.wave == Wave.PRE,
                Submission.status == Progress.SUBMITTED,
            ),
        )
        .where(Participant.consultation_id == consultation_id, Participant.is_rehearsal.is_(False))
        .order_by(DiscussionGroup.id, Participant.position)
    ).all()
    if any(row.key is not None for row in rows):
        return {row.id: row.key for row in rows if row.key is not None}
    return {row.id: None for row in rows if row.sent is not None and row.arm is not Arm.DELAYED}
