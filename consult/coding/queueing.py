"""Deeds on the queue of an item's texts: it is made, and texts that came in since are added.

The order is shuffled by a seed that is kept. When texts of the follow-up come in, they are shuffled
together with those that still wait and with some of the first survey's, so that nobody can tell from the
order which survey a text is from: first a share of all of these, then with each later lot as many as that
share of the lot, and never none while there are any that nobody has read again. Places are never used twice:
a page that shows a text under its place can never be taken for one about another text.
"""

from collections.abc import Sequence
from math import ceil
from random import Random
from secrets import randbits
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Action, Actor, Moment, require
from consult.audit.service import record
from consult.batches import insert_rows
from consult.coding.counting import countable, find_queue
from consult.coding.ending import check_goes_on
from consult.coding.final import readings_of
from consult.coding.models import CodingQueue, QueuedText
from consult.coding.queries import latest_codebook
from consult.coding.rules import (
    ADJUDICATED,
    FEWEST_AGAIN_PERCENT,
    FEWEST_DOUBLE,
    FEWEST_DOUBLE_PERCENT,
    Reading,
    agreement_of,
    count_double,
)
from consult.coding.standing import themes_in_use
from consult.consultations.models import WAVES, Consultation, Wave
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.surveys.models import Answer, Item
from consult.words import N_

NO_CODEBOOK = N_("Freeze the codebook before you start coding.")
NO_TEXTS = N_("Nobody has written anything here that can be coded yet.")
SEED_BITS = 31  # a whole number in either database
COLUMNS = ("answer_id", "item_id", "is_again", "place", "needed", "judged", "agreement")


class _Waiting(NamedTuple):
    """A text on its way into the queue; ``row_id`` where it stands there already."""

    answer_id: int
    needed: int
    is_again: bool = False
    row_id: int | None = None


def readable_waves(moment: Moment) -> tuple[Wave, ...]:
    """The waves whose texts somebody may read now: none before its stage is over."""
    if moment in {Moment.DRAFT, Moment.SURVEY}:
        return ()
    return WAVES if moment in {Moment.CLOSED, Moment.PUBLISHED, Moment.ARCHIVED} else (Wave.PRE,)


def start_coding(
    actor: Actor, consultation: Consultation, item: Item, *, double_percent: int, again_percent: int
) -> CodingQueue:
    """The texts of the item wait for their coders, in a shuffled order; safe to repeat.

    Parameters
    ----------
    double_percent : int
        How many of 100 texts two people read; never fewer than 100 texts, if there are.
    again_percent : int
        How many of 100 texts of the first survey are read once more among those of the follow-up; at least
        five, because the texts of the follow-up are not to come alone.

    Raises
    ------
    Invalid
        If there is no codebook or no text, or a share cannot be.
    """
    standing = standing_of(consultation)
    require(actor, Action.CODE_TEXTS, standing)
    for share, fewest in ((double_percent, FEWEST_DOUBLE_PERCENT), (again_percent, FEWEST_AGAIN_PERCENT)):
        if not fewest <= share <= 100:  # noqa: PLR2004
            raise Invalid("Enter a share from %(fewest)s to 100.", fewest=fewest)
    if latest_codebook(item.id) is None:
        raise Invalid(NO_CODEBOOK)
    check_goes_on(item.id)
    if made := find_queue(item.id):
        return made
    queue = CodingQueue(
        item_id=item.id,
        seed=randbits(SEED_BITS),
        double_percent=double_percent,
        double_minimum=FEWEST_DOUBLE,
        again_percent=again_percent,
        made_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(queue)
    except IntegrityError:  # somebody else did it at the same moment
        db.session.expire_all()
        return db.session.scalars(select(CodingQueue).where(CodingQueue.item_id == item.id)).one()
    added = _bring_in(queue, standing.moment)
    if not added:
        raise Invalid(NO_TEXTS)
    record(
        actor,
        Action.CODE_TEXTS,
        consultation.slug,
        deed="start coding",
        item=item.key,
        seed=queue.seed,
        n=added,
    )
    return queue


def bring_in_texts(actor: Actor, consultation: Consultation, item: Item) -> int:
    """Every text that may be read by now waits in the queue; says how many came in. Safe to repeat.

    Raises
    ------
    Conflict
        If the texts are not being coded.
    """
    standing = standing_of(consultation)
    require(actor, Action.CODE_TEXTS, standing)
    wanted = select(CodingQueue).where(CodingQueue.item_id == item.id).with_for_update()
    queue = db.session.scalar(wanted.execution_options(populate_existing=True))
    if queue is None:
        raise Conflict("Start coding first.")
    added = _bring_in(queue, standing.moment)
    if added:
        record(actor, Action.CODE_TEXTS, consultation.slug, deed="bring in texts", item=item.key, n=added)
    return added


def _bring_in(queue: CodingQueue, moment: Moment) -> int:
    """Shuffle the texts that are new among those that wait; says how many are new."""
    waves = readable_waves(moment)
    last = db.session.scalar(select(func.max(QueuedText.place)).where(QueuedText.item_id == queue.item_id))
    first_free = (last or 0) + 1  # never 0, which a form sends where it knows no place
    random = Random(f"{queue.seed}:{first_free}")  # noqa: S311  (an order to be repeated, not a secret)
    by_wave = {wave: _fresh_of(queue, wave, random) for wave in waves}
    fresh = [text for texts in by_wave.values() for text in texts]
    if late := by_wave.get(Wave.POST):
        fresh += _again(queue, len(late), random)
    if not fresh:
        return 0
    everything = [*_pending(queue.item_id), *fresh]
    random.shuffle(everything)
    _place(queue.item_id, everything, first_free, waves)
    return len(fresh)


def _fresh_of(queue: CodingQueue, wave: Wave, random: Random) -> list[_Waiting]:
    """The texts of the wave that are not in the queue yet, with how many people are to read each."""
    rows = db.session.execute(
        countable(Answer.id, [queue.item_id], [wave])
        .add_columns(QueuedText.needed)
        .outerjoin(QueuedText, (QueuedText.answer_id == Answer.id) & QueuedText.is_again.is_(False))
        .order_by(Answer.id)
    ).all()
    new = [answer_id for answer_id, needed in rows if needed is None]
    wanted = count_double(len(rows), percent=queue.double_percent, minimum=queue.double_minimum)
    wanted -= sum(needed > 1 for _, needed in rows if needed is not None)
    double = set(random.sample(new, min(len(new), max(wanted, 0))))
    return [_Waiting(answer_id, 2 if answer_id in double else 1) for answer_id in new]


def _reopens(queue: CodingQueue) -> bool:
    """Whether the texts of the follow-up come in now, for the first time."""
    opened = (
        update(CodingQueue)
        .where(CodingQueue.item_id == queue.item_id, CodingQueue.reopened_at.is_(None))
        .values(reopened_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", db.session.execute(opened)).rowcount == 1


def _again(queue: CodingQueue, n_late: int, random: Random) -> list[_Waiting]:
    """Texts of the first survey that are read once more, by one person each, beside so many of the follow-up.

    No text twice; so with late lots there may be none left.
    """
    rows = db.session.execute(
        countable(Answer.id, [queue.item_id], [Wave.PRE])
        .add_columns(QueuedText.id)
        .outerjoin(QueuedText, (QueuedText.answer_id == Answer.id) & QueuedText.is_again)
        .order_by(Answer.id)
    ).all()
    left = [answer_id for answer_id, row_id in rows if row_id is None]
    of = len(rows) if _reopens(queue) else n_late
    wanted = min(len(left), ceil(of * queue.again_percent / 100))
    return [_Waiting(answer_id, 1, is_again=True) for answer_id in random.sample(left, wanted)]


def _pending(item_id: int) -> list[_Waiting]:
    """The texts that still need somebody; nobody judges one of them until they have their new places."""
    rows = db.session.execute(
        select(QueuedText.answer_id, QueuedText.needed, QueuedText.is_again, QueuedText.id)
        .where(QueuedText.item_id == item_id, QueuedText.judged < QueuedText.needed)
        .order_by(QueuedText.place)
        .with_for_update()
    )
    return [_Waiting(*row) for row in rows]


def _place(item_id: int, texts: Sequence[_Waiting], first: int, waves: Sequence[Wave]) -> None:
    """Give the texts their places, from ``first`` on, in this order."""
    read: dict[int, dict[str, Reading]] = {}
    used = themes_in_use([item_id])[item_id]
    for wave in waves:
        read |= readings_of(item_id, wave, used)
    moved, new = [], []
    for place, text in enumerate(texts, first):
        if text.row_id is not None:
            moved.append({"id": text.row_id, "place": place})
            continue
        # A bundle may have brought what others judged before there was a queue here.
        by_coder = {} if text.is_again else read.get(text.answer_id, {})
        judged = sum(coder != ADJUDICATED for coder in by_coder)
        agreement = agreement_of(by_coder, needed=text.needed)
        new.append((text.answer_id, item_id, text.is_again, place, text.needed, judged, agreement))
    if moved:
        db.session.execute(update(QueuedText), moved)
    insert_rows(QueuedText, COLUMNS, new)
