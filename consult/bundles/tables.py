"""A CSV file on its way out, and how the values of the record are written in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.cells import instant_text
from consult.consultations.models import Participant

PEOPLE_AT_ONCE = 500  # keeps a dump of any size in a few megabytes

Expression = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its columns, its rows (read once), and whether it says anything."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]
    is_wanted: bool = True


def instant_cell(instant: datetime | None) -> str:
    """An instant, or nothing."""
    return "" if instant is None else instant_text(instant)


def yes_no_cell(value: bool | None) -> str:  # noqa: FBT001  (the value of a cell, not a switch)
    """Yes, no, or nothing."""
    return "" if value is None else "yes" if value else "no"


def text_cell(value: str | None) -> str:
    """A text as it is, or nothing."""
    return value or ""


def used(session: Session, columns: Mapping[str, Expression], *conditions: ColumnElement[bool]) -> list[str]:
    """Those of the columns in which some row has something, in their order."""
    counts = session.execute(
        select(*(func.count(column) for column in columns.values())).where(*conditions)
    ).one()
    return [name for name, count in zip(columns, counts, strict=True) if count]


def not_rehearsed(participant: Expression) -> ColumnElement[bool]:
    """Whether a row is not of somebody who was only rehearsed; a row of nobody is not."""
    rehearsed = select(Participant.id).where(Participant.is_rehearsal)
    return or_(participant.is_(None), participant.not_in(rehearsed))


def people_in_order(session: Session, consultation_id: int) -> Iterator[dict[int, str]]:
    """The keys of the participants by id, in the order in which they came, some at a time."""
    people = session.execute(
        select(Participant.id, Participant.key)
        .where(Participant.consultation_id == consultation_id, Participant.is_rehearsal.is_(False))
        .order_by(Participant.position)
    ).all()
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        yield {person: key for person, key in people[start : start + PEOPLE_AT_ONCE]}  # noqa: C416  (rows)
