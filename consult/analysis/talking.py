"""How people talked with each other in the forum, for everybody and for each group.

Counted are the posts that everybody can read. Who may write and did not is counted among the members:
those of a discussion group where there are groups, else all who sent the starting survey and were not
asked to wait. Whose view differs is told by what they answered before the forum to one item: the first
one of the plan that is a scale, else the first scale about an attitude.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, select

from consult.analysis.notes import Note
from consult.analysis.record import Record
from consult.analysis.rules import ItemShape
from consult.analysis.spoken import members_of, posts_of, talks
from consult.consultations.models import Progress, Submission, Wave
from consult.db import db
from consult.forum.models import Exposure, Post, PostState, Thread
from consult.stats.talk import Talk, exposure_balance
from consult.surveys.models import Answer, AnswerStatus, Item

FIGURES = (
    "active_share",
    "gini_posts",
    "gini_words",
    "top_word_share",
    "peer_reply_share",
    "arc_reciprocity",
    "dyad_reciprocity",
    "replied_to_share",
    "depth_mean",
    "depth_max",
    "cross_replies",
    "cross_share",
    "cross_expected",
    "cross_ratio",
)
NOBODY = "nobody could write"
NO_POSTS = "nobody wrote"
NO_WORDS = "nobody wrote a word"
NO_ARCS = "nobody answered another member"
NO_SIDES = "no item tells sides: a scale about an attitude, asked before the forum"
NO_CROSSING = "nobody whose side is known answered another one whose side is known"
NO_CHANCE = "nobody of them had another member to answer"
NO_READING = "of nobody whose side is known was it noted that they read somebody whose side is known"
NEEDS_WORDS = frozenset({"gini_words", "top_word_share"})
NEEDS_ARCS = frozenset({"arc_reciprocity", "dyad_reciprocity"})


def talking(consultation_id: int, record: Record) -> tuple[list[dict[str, Any]], list[Note]]:
    """How the members talked: a row for everybody and, where there are two groups or more, one for each.

    Returns
    -------
    rows : list of dict
        ``group``, ``members``, ``posts``, ``side_item`` and the measures of `consult.stats.talk.Talk`; none
        where there is no post of a member.
    notes : list of {"path", "reason"}
        One for each measure that is missing.
    """
    posts = posts_of(consultation_id)
    groups = members_of(consultation_id)
    if not any(post.author in groups for post in posts):
        return [], []
    item = _side_item(record)
    sides = _sides(consultation_id, item) if item else {}
    read = posts_read(consultation_id, sides)
    rows: list[dict[str, Any]] = []
    notes: list[Note] = []
    for group, members, talk in talks(posts, groups, sides):
        known, balance = exposure_balance({who: read[who] for who in read.keys() & members}, sides)
        path = f"forum[{len(rows)}]"
        rows.append(
            {
                "group": group,
                "members": talk.members,
                "posts": talk.posts,
                "side_item": item.key if item else None,
                **{name: getattr(talk, name) for name in FIGURES},
                "posts_read": known,
                "exposure_balance": balance,
            }
        )
        if balance is None:
            notes.append({"path": f"{path}.exposure_balance", "reason": NO_READING})
        notes += [{"path": f"{path}.{name}", "reason": reason} for name, reason in _missing(talk, item)]
    return rows, notes


def posts_read(consultation_id: int, sides: Mapping[int, int]) -> dict[int, Counter[int]]:
    """Of how many posts by people of each side it is known that somebody opened the topic after they came.

    What stands on a page of the topic that they did not open is counted too, which makes this the most that
    they can have read. One's own posts are not counted.
    """
    if not sides:
        return {}
    by_thread: dict[int, list[tuple[datetime, int]]] = {}
    written = (
        select(Post.thread_id, Post.created_at, Post.participant_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Post.consultation_id == consultation_id,
            Thread.is_rehearsal.is_(False),
            Post.state == PostState.VISIBLE,
            Post.participant_id.is_not(None),
        )
        .order_by(Post.created_at)
    )
    for thread, created_at, author in db.session.execute(written):
        if author is not None and author in sides:
            by_thread.setdefault(thread, []).append((created_at, author))
    found: dict[int, Counter[int]] = {}
    opened = select(Exposure.participant_id, Exposure.thread_id, Exposure.last_read_at)
    for reader, thread, last in db.session.execute(opened.where(Exposure.consultation_id == consultation_id)):
        posts = by_thread.get(thread, [])
        until = bisect_right(posts, last, key=itemgetter(0))
        found.setdefault(reader, Counter()).update(
            sides[author] for _, author in posts[:until] if author != reader
        )
    return found


def _side_item(record: Record) -> ItemShape | None:
    """The item that tells sides."""
    scales = [
        item for item in record.items if item.has_numbers and item.role == "attitude" and "pre" in item.waves
    ]
    planned = [item for key in record.primary or () for item in scales if item.key == key]
    return next(iter([*planned, *scales]), None)


def _sides(consultation_id: int, item: ItemShape) -> dict[int, int]:
    """On which side of the middle of the scale each stood before the forum: -1, 0 or 1."""
    rows = db.session.execute(
        select(Answer.participant_id, Answer.number)
        .join(Item, Item.id == Answer.item_id)
        .join(
            Submission,
            and_(Submission.participant_id == Answer.participant_id, Submission.wave == Answer.wave),
        )
        .where(
            Item.consultation_id == consultation_id,
            Item.key == item.key,
            Answer.wave == Wave.PRE,
            Answer.status == AnswerStatus.ANSWERED,
            Submission.status == Progress.SUBMITTED,
        )
    )
    both = item.low + item.high  # twice the middle, a whole number
    known = [(person, 2 * number) for person, number in rows if number is not None]
    return {person: (twice > both) - (twice < both) for person, twice in known}


def _missing(talk: Talk, item: ItemShape | None) -> list[tuple[str, str]]:
    """Why each measure that is missing is."""
    found = []
    for name in FIGURES:
        if getattr(talk, name) is not None:
            continue
        if not talk.members:
            reason = NOBODY
        elif not talk.posts:
            reason = NO_POSTS
        elif name in NEEDS_WORDS:
            reason = NO_WORDS
        elif name in NEEDS_ARCS:
            reason = NO_ARCS
        elif item is None:
            reason = NO_SIDES
        else:
            reason = NO_CHANCE if talk.cross_replies else NO_CROSSING
        found.append((name, reason))
    return found
