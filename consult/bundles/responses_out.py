"""Writing `responses.csv`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from consult.bundles.responses import NAME as RESPONSES
from consult.bundles.tables import Table, instant_cell, not_rehearsed, people_in_order, used
from consult.surveys.models import Answer, Form, Item, Option, Placing
from consult.surveys.rules import OTHER, WAVES

ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class _Item:
    key: str
    position: int
    form: Form
    options: dict[int, str] = field(default_factory=dict)  # key by id, in their order


class _Answer(NamedTuple):
    participant_id: int
    wave: str
    item_id: int
    id: int
    status: str
    number: int | None
    option_id: int | None
    text: str | None
    answered_at: datetime | None


Places = dict[int, tuple[int, datetime | None]]  # by option: place and time


def responses(session: Session, consultation_id: int) -> Table:
    """Make the file of answers: people in their order, before and after, items and options as defined."""
    mine = (Answer.consultation_id == consultation_id, not_rehearsed(Answer.participant_id))
    optional = used(session, {"text": Answer.text, "answered_at": Answer.answered_at}, *mine)
    columns = ("participant", "wave", "item", "option", "status", "value", *optional)
    rows = _answers(session, consultation_id, optional)
    has_answers = session.scalar(select(Answer.id).where(*mine).limit(1)) is not None
    return Table(RESPONSES, columns, rows, has_answers)


def _answers(session: Session, consultation_id: int, optional: list[str]) -> Iterator[list[object]]:
    items = _items(session, consultation_id)
    shows_text, shows_time = "text" in optional, "answered_at" in optional
    has_rankings = any(item.form == Form.RANK for item in items.values())
    for people in people_in_order(session, consultation_id):
        answers = _answers_of(session, people)
        places = _places(session, people) if has_rankings else {}
        for person, key in people.items():
            answers[person].sort(key=lambda a: (WAVES.index(a.wave), items[a.item_id].position))
            for answer in answers[person]:
                item = items[answer.item_id]
                for option, value, at in _rows(item, answer, places):
                    cells = [key, answer.wave, item.key, option, answer.status, value]
                    if shows_text:
                        cells.append(answer.text)  # the writer puts nothing where there is nothing
                    if shows_time:
                        cells.append(instant_cell(at))
                    yield cells


def _answers_of(session: Session, people: Iterable[int]) -> dict[int, list[_Answer]]:
    """What each of these people answered, in no order."""
    answers: dict[int, list[_Answer]] = {person: [] for person in people}
    for row in session.execute(
        # Plain text instead of enumerations: there may be millions of these.
        select(
            Answer.participant_id,
            type_coerce(Answer.wave, String),
            Answer.item_id,
            Answer.id,
            type_coerce(Answer.status, String),
            Answer.number,
            Answer.option_id,
            Answer.text,
            Answer.answered_at,
        ).where(Answer.participant_id.in_(answers))
    ):
        answers[row[0]].append(_Answer._make(row))
    return answers


def _rows(
    item: _Item, answer: _Answer, places: dict[int, Places]
) -> Iterator[tuple[str, object, datetime | None]]:
    """Option, value and time of each row that an answer fills: one, or one for each option ranked."""
    if item.form == Form.RANK and answer.status == ANSWERED:
        for option, key in item.options.items():
            place, at = places[answer.id][option]
            yield key, place, at
    elif answer.number is not None:
        yield "", answer.number, answer.answered_at
    elif answer.option_id is not None:
        yield "", item.options[answer.option_id], answer.answered_at
    else:
        is_other = answer.text is not None and item.form == Form.CHOICE
        yield "", OTHER if is_other else "", answer.answered_at


def _items(session: Session, consultation_id: int) -> dict[int, _Item]:
    items = {
        row.id: _Item(row.key, row.position, row.form)
        for row in session.execute(
            select(Item.id, Item.key, Item.position, Item.form).where(Item.consultation_id == consultation_id)
        )
    }
    for item_id, option_id, key in session.execute(
        select(Option.item_id, Option.id, Option.key)
        .where(Option.item_id.in_(items))
        .order_by(Option.item_id, Option.position)
    ):
        items[item_id].options[option_id] = key
    return items


def _places(session: Session, people: Iterable[int]) -> dict[int, Places]:
    """The places of every ranking of these people, by answer."""
    places: dict[int, Places] = defaultdict(dict)
    for answer, option, place, at in session.execute(
        select(Placing.answer_id, Placing.option_id, Placing.place, Placing.answered_at)
        .join(Answer, Answer.id == Placing.answer_id)
        .where(Answer.participant_id.in_(people))
    ):
        places[answer][option] = place, at
    return places
