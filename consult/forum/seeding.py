"""Deeds on summaries: drafted while the survey is over and the forum is not open, then published together.

A draft is a seed that waits, in a thread of its own. Publishing makes it visible, fixes how many people
had completed its item, and lets the forum open. What everybody may read is never changed afterwards:
people answer to its words.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.rehearsing import is_rehearsed
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.forum.grouping.copies import copy_seeds
from consult.forum.models import Post, PostKind, PostState, PostVersion, Thread
from consult.forum.posting import begin_thread, new_key
from consult.forum.seeds import get_seed, list_seeds
from consult.summaries import quoting, wording
from consult.summaries.answers import count_completions
from consult.summaries.holding import held_standing
from consult.summaries.publishing import Agreed, Frozen, freeze_all
from consult.surveys.models import Item
from consult.words import N_

EXAMPLE_KEY = "rehearsal-example"
EXAMPLE_TITLE = N_("An example of a summary")
EXAMPLE_BODY = N_(
    "Here people will read what the starting survey said, and reply. "
    "Nothing that you write in a rehearsal is kept or counted."
)
CHANGED = N_(
    "Somebody else changed this summary while you were writing. Look at theirs before you save yours."
)
PUBLISHED = N_("This summary has been published, so it cannot be changed any more.")


def add_seed(
    actor: Actor, consultation: Consultation, *, title: str, body: str, item: str | None = None
) -> Thread:
    """There is one more draft of a summary, after the others; it is about that item if it names one."""
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    last = db.session.scalar(
        select(func.max(Thread.position)).where(Thread.consultation_id == consultation.id)
    )
    position = 0 if last is None else last + 1
    thread = begin_thread(consultation, item_id=_item_id(consultation, item), position=position)
    db.session.add(_seed(thread, title=title, body=body, state=PostState.AWAITING))
    db.session.flush()
    record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed="add", thread=thread.key)
    return thread


def edit_seed(
    actor: Actor,
    consultation: Consultation,
    thread: str,
    *,
    version: int,
    title: str,
    body: str,
    item: str | None = None,
) -> None:
    """The draft says this now; what it said before is kept.

    Raises
    ------
    NotFound
        If there is no such summary.
    Conflict
        If somebody changed it since, or it has been published.
    """
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    seed = get_seed(consultation, thread)
    item_id = _item_id(consultation, item)
    if (seed.title, seed.body, seed.item) == (title, body, item or None):
        return
    now = clock.now()
    changed = db.session.execute(
        update(Post)
        .where(Post.id == seed.post_id, Post.version == version, Post.state == PostState.AWAITING)
        .values(title=title, body=body, version=version + 1, edited_at=now)
        .returning(Post.id)
    ).scalar()
    if changed is None:
        raise Conflict(PUBLISHED if seed.is_published else CHANGED)
    db.session.execute(update(Thread).where(Thread.id == seed.thread_id).values(item_id=item_id))
    db.session.add(
        PostVersion(post_id=seed.post_id, version=version, title=seed.title, body=seed.body, replaced_at=now)
    )
    db.session.flush()
    record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed="edit", thread=seed.key)


def move_seed(actor: Actor, consultation: Consultation, thread: str, *, up: bool) -> None:
    """The summary stands one place further up or down; the first and the last stay where they are."""
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    seeds = list_seeds(consultation)
    place = next((n for n, seed in enumerate(seeds) if seed.address == thread), None)
    if place is None:
        raise NotFound
    other = place - 1 if up else place + 1
    if not 0 <= other < len(seeds):
        return
    seeds[place], seeds[other] = seeds[other], seeds[place]
    for position, seed in enumerate(seeds):
        if seed.position != position:
            db.session.execute(update(Thread).where(Thread.id == seed.thread_id).values(position=position))


def remove_seed(actor: Actor, consultation: Consultation, thread: str) -> None:
    """The draft is gone, with its earlier versions.

    Raises
    ------
    Conflict
        If it has been published.
    """
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    seed = get_seed(consultation, thread)
    if seed.is_published:
        raise Conflict(PUBLISHED)
    db.session.delete(db.session.get_one(Thread, seed.thread_id))
    db.session.flush()
    record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed="remove", thread=seed.key)


def publish(
    actor: Actor, consultation: Consultation, *, agreements: Mapping[int, Agreed] | None = None
) -> int:
    """Everybody may read the summaries as soon as the forum is open; says how many were published.

    Summaries of positions get their thread now, with what everybody reads of them fixed; those that were
    written by hand wait in theirs. All are published or none. ``agreements`` says by item how far coders
    agreed, where that is known.

    Raises
    ------
    Invalid
        If there is none to publish, or one of them lacks something.
    Conflict
        If this is a rehearsal: the consultation itself is still a draft.
    """
    require(actor, Action.PUBLISH_SUMMARIES, held_standing(consultation))
    if is_rehearsed(consultation.id):
        raise Conflict("A rehearsal publishes nothing.")
    drafts = [seed for seed in list_seeds(consultation) if not seed.is_published]
    frozen = freeze_all(actor, consultation, agreements)
    if not drafts and not frozen:
        raise Invalid("There is no summary to publish. Write one first.")
    now = clock.now()
    consultation.presented_at = consultation.presented_at or now
    begun = _begin_threads(consultation, frozen)
    _fix_completions((thread.item_id, thread.thread_id) for thread in drafts)
    db.session.execute(
        update(Post)
        .where(Post.id.in_([seed.post_id for seed in drafts]))
        .values(state=PostState.VISIBLE, created_at=now, edited_at=None)
    )
    copy_seeds(consultation, threads=[*(seed.thread_id for seed in drafts), *begun])
    count = len(drafts) + len(frozen)
    record(actor, Action.PUBLISH_SUMMARIES, consultation.slug, count=count)
    return count


def forget_quotations(consultation: Consultation, participant_id: int) -> None:
    """The participant is quoted in no summary any more, and in no thread that presents one."""
    for summary_id, words in quoting.forget(consultation, participant_id):
        seeds = select(Post).join(Thread, Thread.id == Post.thread_id)
        for post in db.session.scalars(
            seeds.where(Thread.summary_id == summary_id, Post.kind == PostKind.SEED)
        ):
            post.body = wording.without(post.body, words)
    db.session.flush()


def begin_rehearsal_thread(consultation: Consultation) -> Thread:
    """The forum of a rehearsal has one example of a summary, of the first item; asked twice there is one.

    The deed of rehearsing asks for itself whether its officer may.
    """
    found = db.session.scalar(
        select(Thread).where(Thread.consultation_id == consultation.id, Thread.key == EXAMPLE_KEY)
    )
    if found is not None:
        return found
    # Named after the first item and not tied to it: in a draft an officer may still remove that.
    stem = db.session.scalar(
        select(Item.stem).where(Item.consultation_id == consultation.id).order_by(Item.position).limit(1)
    )
    thread = Thread(consultation_id=consultation.id, key=EXAMPLE_KEY, position=0, is_rehearsal=True)
    db.session.add(thread)
    db.session.flush()
    title = stem or EXAMPLE_TITLE
    db.session.add(_seed(thread, title=title, body=EXAMPLE_BODY, state=PostState.VISIBLE))
    db.session.flush()
    return thread


def remove_rehearsal_threads(consultation: Consultation) -> None:
    """Nothing that was written in rehearsals is left."""
    is_theirs = (Thread.consultation_id == consultation.id, Thread.is_rehearsal.is_(True))
    for thread in db.session.scalars(select(Thread).where(*is_theirs)):
        db.session.delete(thread)
    db.session.flush()


def _seed(thread: Thread, *, title: str, body: str, state: PostState) -> Post:
    return Post(
        consultation_id=thread.consultation_id,
        thread_id=thread.id,
        parent_id=None,
        participant_id=None,
        key=new_key(),
        kind=PostKind.SEED,
        state=state,
        created_at=clock.now(),
        title=title,
        body=body,
    )


def _item_id(consultation: Consultation, key: str | None) -> int | None:
    if not key:
        return None
    found = db.session.scalar(select(Item.id).where(Item.consultation_id == consultation.id, Item.key == key))
    if found is None:
        raise NotFound
    return found


def _begin_threads(consultation: Consultation, frozen: Iterable[Frozen]) -> list[int]:
    """Each of these summaries has its thread, after the others, whose seed says it in plain text."""
    last = db.session.scalar(
        select(func.max(Thread.position)).where(Thread.consultation_id == consultation.id)
    )
    threads = []
    for position, each in enumerate(frozen, start=0 if last is None else last + 1):
        thread = begin_thread(consultation, item_id=each.summary.item_id, position=position)
        thread.summary_id = each.summary.id
        title, body = wording.title_of(each.content), wording.body_of(each.content)
        db.session.add(_seed(thread, title=title, body=body, state=PostState.VISIBLE))
        threads.append(thread)
    db.session.flush()
    _fix_completions((thread.item_id, thread.id) for thread in threads)
    return [thread.id for thread in threads]


def _fix_completions(threads: Iterable[tuple[int | None, int]]) -> None:
    """How many had completed each item is fixed now: told anew each time, one withdrawal could be seen."""
    of = [(item_id, thread_id) for item_id, thread_id in threads if item_id is not None]
    counts = count_completions([item_id for item_id, _thread in of])
    for item_id, thread_id in of:
        db.session.execute(
            update(Thread).where(Thread.id == thread_id).values(completions=counts.get(item_id, 0))
        )
