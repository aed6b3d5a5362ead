"""What the starting survey said to one item, as counts for a summary.

Only what was sent counts, and only what was sent in earnest: a rehearsal is nobody's view.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import selectinload

from consult.consultations.models import Consultation, Participant, Progress, Submission, Wave
from consult.db import db
from consult.errors import NotFound
from consult.summaries.rules import bands
from consult.surveys.models import Answer, AnswerStatus, Asked, Form, Item, Placing

COUNTED_FORMS = frozenset({Form.SCALE, Form.AGREEMENT, Form.CHOICE, Form.RANK})


@dataclass(frozen=True, slots=True)
class Position:
    """One thing that people may say to an item, and how many did.

    Of a scale ``low`` and ``high`` are its points; elsewhere ``label`` is the option, and none of them
    "something else".
    """

    count: int
    label: str | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Distribution:
    """How people completed an item: every position of it, how many completed it, how many had no view yet."""

    item: Item
    positions: tuple[Position, ...]
    completed: int
    undecided: int


def list_summarised_items(consultation: Consultation) -> list[Item]:
    """List the items of the starting survey, in their order."""
    return list(
        db.session.scalars(
            select(Item)
            .join(Asked, and_(Asked.item_id == Item.id, Asked.wave == Wave.PRE))
            .where(Item.consultation_id == consultation.id)
            .order_by(Item.position)
        )
    )


def get_distribution(consultation: Consultation, key: str) -> Distribution:
    """Get how people completed the item of that key.

    Raises
    ------
    NotFound
        If there is no such item, or it is not of a form whose answers can be counted like this: what
        people wrote is coded first, and a question with a right answer is no view.
    """
    item = db.session.scalar(
        select(Item)
        .where(Item.consultation_id == consultation.id, Item.key == key, Item.form.in_(COUNTED_FORMS))
        .options(selectinload(Item.options), selectinload(Item.points), selectinload(Item.asked))
    )
    if item is None or Wave.PRE not in {asked.wave for asked in item.asked}:
        raise NotFound
    statuses = dict(_counted(item.id, Answer.status).all())
    return Distribution(
        item=item,
        positions=tuple(_positions(item)),
        completed=statuses.get(AnswerStatus.ANSWERED, 0),
        undecided=statuses.get(AnswerStatus.DONT_KNOW, 0),
    )


def count_completions(item_ids: Sequence[int]) -> dict[int, int]:
    """How many people completed each of these items in the starting survey."""
    asked = (
        select(Answer.item_id, func.count())
        .where(Answer.item_id.in_(item_ids), Answer.status == AnswerStatus.ANSWERED)
        .group_by(Answer.item_id)
    )
    rows: list[tuple[int, int]] = [tuple(row) for row in db.session.execute(sent(asked))]
    return dict(rows)


def _positions(item: Item) -> list[Position]:
    if item.form in {Form.SCALE, Form.AGREEMENT}:
        by_point = dict(_counted(item.id, Answer.number).all())
        points = [point.value for point in item.points]
        return [
            Position(sum(by_point.get(value, 0) for value in range(low, high + 1)), low=low, high=high)
            for low, high in bands(points[0], points[-1])
        ]
    if item.form is Form.RANK:
        by_option = _first_places(item.id)
    else:
        by_option = dict(_counted(item.id, Answer.option_id).all())
    found = [Position(by_option.get(option.id, 0), label=option.label) for option in item.options]
    return [*found, Position(by_option.get(None, 0))] if item.other else found


def _first_places(item_id: int) -> dict[int | None, int]:
    """How often each option was put first; of a tie every one of them was."""
    asked = (
        select(Placing.option_id, func.count())
        .join(Answer, Answer.id == Placing.answer_id)
        .where(Placing.item_id == item_id, Placing.place == 1)
        .group_by(Placing.option_id)
    )
    return dict(db.session.execute(sent(asked)).all())


def _counted(item_id: int, column: Any) -> Any:
    asked = select(column, func.count()).where(Answer.item_id == item_id)
    if column is not Answer.status:
        asked = asked.where(Answer.status == AnswerStatus.ANSWERED)
    return db.session.execute(sent(asked.group_by(column)))


def sent(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The same of answers that were sent in the starting survey, and in earnest."""
    return (
        asked.join(
            Submission,
            and_(Submission.participant_id == Answer.participant_id, Submission.wave == Answer.wave),
        )
        .join(Participant, Participant.id == Answer.participant_id)
        .where(
            Answer.wave == Wave.PRE,
            Submission.status == Progress.SUBMITTED,
            Participant.is_rehearsal.is_(False),
        )
    )
