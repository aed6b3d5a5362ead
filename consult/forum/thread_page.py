"""Reading one thread: a page of it, and what in it somebody wants to answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation, DiscussionGroup, Participant
from consult.db import db
from consult.errors import Conflict, NotFound
from consult.forum import threads
from consult.forum.authors import author_of
from consult.forum.grouping.readers import is_copied
from consult.forum.models import Conclusion, Exposure, Pin, Post, PostKind, PostState, Thread
from consult.forum.queries import NOBODY
from consult.forum.rules import address
from consult.forum.shown import Answered, ShownPost, Spot, in_forum, named, posts, shown, title_for
from consult.forum.standpoints import has_sent
from consult.forum.threads import Line, Node, Order
from consult.forum.writing_models import PostDraft
from consult.summaries.models import Presentation, Summary
from consult.summaries.presenting import Presented, Reader, present
from consult.summaries.release import Released, release
from consult.surveys.models import Item
from consult.words import N_

COPIED = N_(
    "Each group talks about this topic by itself. Go to all topics, and choose one that you can write in."
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a seed comes from: the item, how many completed it, when the council published it."""

    stem: str
    completions: Released
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Reopened:
    """When a thread that had been closed was opened again, and why."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of a thread: the post that opens it, and the contributions that stand on this page."""

    thread_id: int
    address: str
    title: str
    opener: ShownPost
    origin: Origin | None
    presented: Presented | None  # where the seed was made from positions
    posts: list[ShownPost]
    order: Order
    page: int
    pages: int
    contributions: int
    is_first_reading: bool
    since: datetime | None  # what came after this is new to the reader; none at their first reading
    new: int
    first_new: Spot | None  # where the first new contribution stands
    next_new: Spot | None  # where the next one stands after this page
    is_cut: bool  # whether a page of the whole thread has not all of it
    has_answered: bool  # whether the reader has sent the starting survey
    has_official_news: bool  # whether something of what is new is the council's; ``new`` counts people's
    pinned: ShownPost | None
    conclusion: ShownPost | None  # with which it was closed; it stands here and not among the contributions
    reopened: Reopened | None
    is_open: bool  # whether people can reply, as long as the forum is open
    sealed_draft: str | None  # what the reader has typed to the whole thread and not posted, and since when
    draft_kept_at: datetime | None
    newest_at: datetime  # when the newest post of all came, shown or not
    group: str | None = None  # whose thread it is, where not everybody's
    is_copied: bool = False  # whether nobody talks in it, because each group has its own
    is_among_groups: bool = False  # whether it is everybody's where people talk in groups


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody answers: the thread, and in it a post; none where its beginning says nothing any more."""

    thread_id: int
    thread: str
    title: str
    post_id: int | None
    post: ShownPost | None
    is_opener: bool
    is_closed: bool = False
    conclusion: str | None = None  # the address of what the council said when it closed it
    group: str | None = None
    is_among_groups: bool = False


def get_thread_page(
    consultation: Consultation,
    addressed: str,
    participant_id: int | None,
    *,
    order: Order,
    page: str | None = None,
    post: str | None = None,
    to_new: bool = False,
    whole: int | None = None,
    visits: Mapping[int, datetime] | None = None,
    lot: str = "",
    is_over: bool = False,
) -> ThreadPage:
    """Get a page of a thread: the one of that number, or the one on which ``post`` stands.

    Three statements, however long the thread: its head, the places of all its posts, and the words of
    those on the page.

    Parameters
    ----------
    to_new : bool
        Whether to get the page of the first contribution that is new to the reader, if there is one.
    whole : int, optional
        Get one page with so many contributions at the most, whatever page is asked for.
    visits : mapping of thread id to datetime, optional
        Since when contributions are new, where that is not when the thread was read last.
    lot : str
        What the order of positions follows from for somebody who takes no part.
    is_over : bool
        Whether nobody can write in this forum any more.

    Raises
    ------
    NotFound
        If there is no such thread, or it is a draft.
    """
    head = _head(consultation, addressed, participant_id)
    places = _places(head.id)
    opener_id = _opener_id(places, participant_id)
    conclusion_id = head.conclusion_id if head.reopened_at is None else None
    lines = threads.reading_order(
        (_node(row, participant_id) for row in places if row.id != conclusion_id),
        opener=opener_id,
        order=order,
    )
    since = (visits or {}).get(head.id, head.last_read_at) if participant_id is not None else None
    new = _new(places, {opener_id, conclusion_id}, participant_id, since)
    first_new = next((line.id for line in lines if line.id in new), None)
    wanted = next((row.id for row in places if address(row.key, row.id) == post), None) if post else None
    wanted = wanted or (first_new if to_new else None)
    pages = threads.page_count(lines)
    number = threads.page_of(lines, wanted) if wanted else threads.as_page(page, pages)
    here = threads.on_page(lines, number) if whole is None else lines[:whole]
    next_new = next((line.id for line in threads.after_page(lines, number) if line.id in new), None)
    by_id = {row.id: row for row in places}
    apart = [opener_id, *(found for found in (head.pinned_id, conclusion_id) if found is not None)]
    words = _words([*apart, *(line.id for line in here), *(line.parent_id or opener_id for line in here)])
    opener = words[opener_id]
    on_page = {line.id for line in here}

    def spot(post_id: int | None) -> Spot | None:
        """Where a post stands, seen from this page."""
        if post_id is None:
            return None
        return Spot(address(by_id[post_id].key, post_id), post_id in on_page)

    return ThreadPage(
        thread_id=head.id,
        address=address(head.key, head.id),
        title=title_for(opener, participant_id),
        opener=shown(opener, participant_id),
        origin=_origin(head, opener, consultation),
        presented=_presented(head, opener, participant_id, lot=lot, is_over=is_over),
        posts=[
            _placed(
                line,
                words,
                on_page,
                participant_id,
                is_new=line.id in new,
                skips_to=spot(_past(lines, n)) if whole is None else None,
            )
            for n, line in enumerate(here, (number - 1) * threads.PAGE)
        ],
        order=order,
        page=number,
        pages=pages,
        contributions=sum(_is_counted(row) for row in places if row.id != opener_id),
        is_first_reading=head.last_read_at is None,
        since=since,
        new=sum(_is_counted(row) for row in places if row.id in new),
        first_new=spot(first_new),
        next_new=spot(next_new),
        is_cut=whole is not None and len(lines) > whole,
        has_answered=bool(head.has_answered),
        has_official_news=any(row.kind is PostKind.FACILITATOR for row in places if row.id in new),
        pinned=_pinned(words, head.pinned_id, participant_id),
        conclusion=shown(words[conclusion_id], participant_id) if conclusion_id is not None else None,
        reopened=Reopened(head.reopened_at, head.why) if head.reopened_at is not None else None,
        is_open=conclusion_id is None and opener.state is not PostState.AWAITING,
        sealed_draft=head.sealed_words,
        draft_kept_at=head.kept_at,
        newest_at=max(row.created_at for row in places),
        group=head.group,
        is_copied=bool(head.is_copied),
        is_among_groups=head.group is None and head.groups > 0,
    )


def get_target(
    consultation: Consultation, addressed: str, to: str, participant_id: int | None = None
) -> Target:
    """Get what somebody wants to answer: that post, or without one the whole thread.

    The post is held as it is until this transaction is over: who hides it waits.

    Raises
    ------
    NotFound
        If there is no such thread, or no such post in it that everybody can read.
    Conflict
        If each group has a copy of it, in which people talk.
    """
    head = _head(consultation, addressed, participant_id)
    if head.is_copied:
        raise Conflict(COPIED)
    opener = db.session.execute(
        posts()
        .where(Post.thread_id == head.id, Post.parent_id.is_(None))
        .order_by(case((Post.kind == PostKind.SEED, 0), else_=1), Post.created_at, Post.id)
        .limit(1)
    ).one_or_none()
    if opener is None or (opener.state is PostState.AWAITING and not _is_answered(head.id, opener)):
        raise NotFound
    found: Any = opener
    if to:
        found = db.session.execute(
            posts()
            .where(Post.thread_id == head.id, named(Post, to), Post.state == PostState.VISIBLE)
            .with_for_update(read=True, of=Post)
        ).one_or_none()
        if found is None or address(found.key, found.id) != to:
            raise NotFound
    speaks = found.state is PostState.VISIBLE
    return Target(
        thread_id=head.id,
        thread=address(head.key, head.id),
        title=title_for(opener, None),
        post_id=found.id if speaks else None,
        post=shown(found, participant_id) if speaks else None,
        is_opener=found.id == opener.id,
        is_closed=head.conclusion_id is not None and head.reopened_at is None,
        conclusion=address(head.conclusion_key, head.conclusion_id) if head.conclusion_id else None,
        group=head.group,
        is_among_groups=head.group is None and head.groups > 0,
    )


def get_readable(consultation: Consultation, addressed: str) -> ShownPost:
    """Get a post that everybody can read.

    Raises
    ------
    NotFound
        If there is none of that address.
    """
    row = db.session.execute(
        posts()
        .join(Thread, Thread.id == Post.thread_id)
        .where(in_forum(consultation), named(Post, addressed), Post.state == PostState.VISIBLE)
    ).one_or_none()
    if row is None or address(row.key, row.id) != addressed:
        raise NotFound
    return shown(row, None)


def _head(consultation: Consultation, addressed: str, participant_id: int | None) -> Any:
    reader = participant_id or NOBODY
    concluding = aliased(Post)
    any_of = aliased(Conclusion)
    last = select(func.max(any_of.id)).where(any_of.thread_id == Thread.id).correlate(Thread)
    theirs = aliased(DiscussionGroup)
    is_theirs = and_(Exposure.thread_id == Thread.id, Exposure.participant_id == reader)
    row = db.session.execute(
        select(
            Thread.id,
            Thread.key,
            Thread.completions,
            Item.stem,
            Exposure.last_read_at,
            Summary.id.label("summary_id"),
            Summary.content,
            Summary.sha256,
            Summary.seed,
            Summary.counts_shown,
            Presentation.positions.label("logged_order"),
            Presentation.counts_at_once.label("logged_at_once"),
            Pin.post_id.label("pinned_id"),
            Conclusion.post_id.label("conclusion_id"),
            concluding.key.label("conclusion_key"),
            Conclusion.reopened_at,
            Conclusion.why,
            PostDraft.sealed_words,
            PostDraft.kept_at,
            *_group_of(consultation, reader),
            _has_posted(consultation, reader).label("has_posted"),
            has_sent(reader).label("has_answered"),
            theirs.key.label("group"),
            is_copied().label("is_copied"),
        )
        .outerjoin(theirs, theirs.id == Thread.group_id)
        .outerjoin(Item, Item.id == Thread.item_id)
        .outerjoin(Exposure, is_theirs)
        .outerjoin(Summary, Summary.id == Thread.summary_id)
        .outerjoin(Pin, Pin.thread_id == Thread.id)
        .outerjoin(Conclusion, Conclusion.id == last.scalar_subquery())
        .outerjoin(concluding, concluding.id == Conclusion.post_id)
        .outerjoin(
            Presentation,
            and_(Presentation.summary_id == Thread.summary_id, Presentation.participant_id == reader),
        )
        .outerjoin(
            PostDraft,
            and_(
                PostDraft.thread_id == Thread.id,
                PostDraft.parent_id.is_(None),
                PostDraft.participant_id == reader,
            ),
        )
        .where(in_forum(consultation), named(Thread, addressed))
    ).one_or_none()
    if row is None or address(row.key, row.id) != addressed:
        raise NotFound
    return row


def _group_of(consultation: Consultation, participant_id: int) -> tuple[Any, ...]:
    """The discussion group of somebody, its place among the groups, and how many there are."""
    mine = select(Participant.group_id).where(Participant.id == participant_id).scalar_subquery()
    groups = select(func.count()).where(DiscussionGroup.consultation_id == consultation.id)
    return (
        mine.label("group_id"),
        groups.where(DiscussionGroup.id < mine).scalar_subquery().label("groups_before"),
        groups.scalar_subquery().label("groups"),
    )


def _has_posted(consultation: Consultation, participant_id: int) -> Any:
    """Whether they have written in this forum; what they took back, they have written too."""
    return (
        exists()
        .where(Post.participant_id == participant_id, Post.consultation_id == consultation.id)
        .correlate(None)
    )


def _places(thread_id: int) -> list[Any]:
    """What is needed of every post of a thread to know its place; no words."""
    asked = select(
        Post.id, Post.key, Post.parent_id, Post.created_at, Post.kind, Post.state, Post.participant_id
    ).where(Post.thread_id == thread_id)
    return list(db.session.execute(asked))


def _opener_id(places: Sequence[Any], participant_id: int | None) -> int:
    """The post that opens the thread, if that is there for this reader (as `shown.is_out` asks it)."""
    roots = [row for row in places if row.parent_id is None]
    found = min(roots, key=lambda row: (row.kind is not PostKind.SEED, row.created_at, row.id), default=None)
    if found is None:
        raise NotFound
    if found.state is PostState.AWAITING and (
        found.kind is PostKind.SEED
        or not (
            _is_of(found, participant_id)
            or any(row.state is PostState.VISIBLE for row in places if row.id != found.id)
        )
    ):
        raise NotFound
    row_id: int = found.id
    return row_id


def _is_answered(thread_id: int, opener: Any) -> bool:
    """Whether others can be answered in a thread whose beginning waits to be checked; in a draft nobody."""
    if opener.kind is PostKind.SEED:
        return False
    others = exists().where(
        Post.thread_id == thread_id, Post.id != opener.id, Post.state == PostState.VISIBLE
    )
    return bool(db.session.scalar(select(others)))


def _is_of(row: Any, participant_id: int | None) -> bool:
    return participant_id is not None and row.participant_id == participant_id


def _is_counted(row: Any) -> bool:
    """Whether it is counted as a contribution: what people wrote, as far as everybody can read it."""
    return row.kind is PostKind.POST and row.state is PostState.VISIBLE


def _pinned(words: Mapping[int, Any], post_id: int | None, participant_id: int | None) -> ShownPost | None:
    """What the council pinned, as long as everybody can read it."""
    row = words[post_id] if post_id is not None else None
    return shown(row, participant_id) if row is not None and row.state is PostState.VISIBLE else None


def _node(row: Any, participant_id: int | None) -> Node:
    is_official = row.kind is not PostKind.POST
    return Node(row.id, row.parent_id, row.created_at, _stands(row, participant_id), is_official)


def _stands(row: Any, participant_id: int | None) -> bool:
    """Whether this reader gets the post, or a line in its place: what waits is its writer's alone."""
    return row.state is not PostState.AWAITING or _is_of(row, participant_id)


def _new(
    places: Iterable[Any], apart: set[int | None], participant_id: int | None, since: datetime | None
) -> set[int]:
    """The posts of others that this reader can read and that came since, but for those that stand apart."""
    if since is None:
        return set()
    return {
        row.id
        for row in places
        if row.state is PostState.VISIBLE
        and row.created_at > since
        and row.participant_id != participant_id
        and row.id not in apart
    }


def _words(ids: Iterable[int]) -> dict[int, Any]:
    return {row.id: row for row in db.session.execute(posts().where(Post.id.in_(set(ids))))}


def _placed(
    line: Line,
    words: dict[int, Any],
    on_page: set[int],
    participant_id: int | None,
    *,
    is_new: bool,
    skips_to: Spot | None,
) -> ShownPost:
    return shown(
        words[line.id],
        participant_id,
        is_new=is_new,
        level=line.level,
        replies=line.replies,
        skips_to=skips_to,
        answers=_answered(words[line.parent_id], on_page) if line.parent_id is not None else None,
    )


def _past(lines: Sequence[Line], n: int) -> int | None:
    following = threads.after_branch(lines, n)
    return following.id if following else None


def _answered(row: Any, on_page: set[int]) -> Answered:
    speaks = row.state is PostState.VISIBLE
    return Answered(address(row.key, row.id), author_of(row) if speaks else None, row.id in on_page)


def _origin(head: Any, opener: Any, consultation: Consultation) -> Origin | None:
    if opener.kind is not PostKind.SEED or head.stem is None:
        return None
    published_at = consultation.presented_at or opener.created_at
    return Origin(head.stem, release(head.completions or 0), published_at)


def _presented(
    head: Any,
    opener: Any,
    participant_id: int | None,
    *,
    lot: str,
    is_over: bool,
) -> Presented | None:
    """The positions that the seed presents, as this reader gets them."""
    if opener.kind is not PostKind.SEED or opener.state is not PostState.VISIBLE or head.content is None:
        return None
    takes_part = participant_id is not None
    reader = Reader(
        lot=f"participant {participant_id}" if takes_part else lot,
        group=(head.groups_before, head.groups) if head.group_id is not None else None,
        takes_part=takes_part,
        has_posted=bool(head.has_posted),
        is_over=is_over,
        logged_order=head.logged_order,
        logged_at_once=head.logged_at_once,
    )
    return present(
        head.content,
        summary_id=head.summary_id,
        sha256=head.sha256,
        seed=head.seed,
        counts_shown=head.counts_shown,
        reader=reader,
    )
