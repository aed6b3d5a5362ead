"""How far the texts of items have come: numbers for pages, in a few statements for all items."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from consult.coding.coders import is_by
from consult.coding.models import Agreement, Codebook, CodingQueue, Judgement, QueuedText
from consult.consultations.models import Participant, Progress, Submission, Wave
from consult.db import db
from consult.surveys.models import Answer


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How far the texts of one item have come; all numbers are of texts.

    ``again`` are those of the first survey that are read once more; they are counted in the others too,
    but for ``disputed``: about them nobody has to decide.
    """

    texts: int = 0
    read: int = 0  # by everybody who is needed
    double: int = 0  # read by two people or more
    agreed: int = 0  # of those that two or more have read
    disputed: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class CoderCount:
    """How many texts one coder has read of an item, and when last."""

    coder: str
    texts: int
    last_at: datetime | None


def find_queue(item_id: int) -> CodingQueue | None:
    """Find the queue of the item, if its texts are being coded."""
    return db.session.get(CodingQueue, item_id)


def queued_items(item_ids: Collection[int]) -> set[int]:
    """Those of the items whose texts are being coded."""
    return set(db.session.scalars(select(CodingQueue.item_id).where(CodingQueue.item_id.in_(item_ids))))


def count_queued(item_ids: Collection[int]) -> dict[int, QueueCounts]:
    """How far the texts of each item have come, of those that have a queue."""
    is_double = QueuedText.judged > 1
    first, by = QueuedText.is_again.is_(False), QueuedText.agreement
    rows = db.session.execute(
        select(
            QueuedText.item_id,
            func.count(),
            _sum(QueuedText.judged >= QueuedText.needed),
            _sum(is_double),
            _sum(and_(is_double, by == Agreement.AGREED)),
            _sum(and_(first, by == Agreement.DISPUTED)),
            _sum(by == Agreement.SETTLED),
        )
        .where(QueuedText.item_id.in_(item_ids))
        .group_by(QueuedText.item_id)
    )
    return {item_id: QueueCounts(*counts) for item_id, *counts in rows}


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def count_texts(item_ids: Collection[int], waves: Collection[Wave]) -> dict[int, int]:
    """How many texts of each item are to be coded in these waves."""
    rows = db.session.execute(
        countable(func.count(), item_ids, waves).add_columns(Answer.item_id).group_by(Answer.item_id)
    )
    return {item_id: count for count, item_id in rows}


def count_unqueued(item_ids: Collection[int], waves: Collection[Wave]) -> dict[int, int]:
    """How many texts of each item are to be coded in these waves and stand in no queue yet."""
    is_queued = select(QueuedText.id).where(QueuedText.answer_id == Answer.id, QueuedText.is_again.is_(False))
    rows = db.session.execute(
        countable(func.count(), item_ids, waves)
        .add_columns(Answer.item_id)
        .where(~is_queued.exists())
        .group_by(Answer.item_id)
    )
    return {item_id: count for count, item_id in rows}


def count_read(item_ids: Collection[int], waves: Collection[Wave]) -> dict[int, int]:
    """How many texts of each item somebody has read, here or elsewhere: a file may bring what was found."""
    is_read = select(Judgement.id).where(Judgement.answer_id == Answer.id)
    rows = db.session.execute(
        countable(func.count(), item_ids, waves)
        .add_columns(Answer.item_id)
        .where(is_read.exists())
        .group_by(Answer.item_id)
    )
    return {item_id: count for count, item_id in rows}


def countable(what: Any, item_ids: Collection[int], waves: Collection[Wave]) -> Select[Any]:
    """Select ``what`` of the answers that are to be coded: in words, sent, no rehearsal."""
    return (
        select(what)
        .select_from(Answer)
        .join(Participant, Participant.id == Answer.participant_id)
        .join(
            Submission,
            (Submission.participant_id == Answer.participant_id) & (Submission.wave == Answer.wave),
        )
        .where(
            Answer.item_id.in_(item_ids),
            Answer.wave.in_(waves),
            Answer.text.is_not(None),
            Submission.status == Progress.SUBMITTED,
            Participant.is_rehearsal.is_(False),
        )
    )


def list_coders(item_id: int) -> list[CoderCount]:
    """List who has read texts of the item, and how many; no names, those who began first come first."""
    rows = db.session.execute(
        select(Judgement.coder, func.count(), func.max(Judgement.judged_at), func.min(Judgement.id))
        .where(Judgement.item_id == item_id)
        .group_by(Judgement.coder)
        .order_by(func.min(Judgement.id))
    )
    return [CoderCount(coder, count, last_at) for coder, count, last_at, _first in rows]


def count_own(item_id: int, staff_id: int) -> int:
    """How many texts of the item this person has read."""
    mine = (Judgement.item_id == item_id, is_by(staff_id))
    return db.session.scalar(select(func.count()).select_from(Judgement).where(*mine)) or 0


def count_waiting(item_ids: Collection[int], staff_id: int) -> dict[int, int]:
    """How many texts of each item wait for this person to read them, or to read them with a new codebook."""
    newest = (
        select(Codebook.item_id, func.max(Codebook.number).label("number")).group_by(Codebook.item_id)
    ).subquery()
    rows = db.session.execute(
        select(QueuedText.item_id, func.count())
        .join(newest, newest.c.item_id == QueuedText.item_id)
        .outerjoin(
            Judgement,
            and_(
                Judgement.answer_id == QueuedText.answer_id,
                Judgement.is_again == QueuedText.is_again,
                is_by(staff_id),
            ),
        )
        .where(
            QueuedText.item_id.in_(item_ids),
            and_(Judgement.id.is_(None), QueuedText.judged < QueuedText.needed)
            | and_(Judgement.codebook < newest.c.number, QueuedText.agreement != Agreement.SETTLED),
        )
        .group_by(QueuedText.item_id)
    )
    return dict(rows.all())
