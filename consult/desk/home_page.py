"""The officer's first page: what waits for each of their consultations, by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.consultations.timeline import StageLine, current_line, timeline
from consult.desk.rules import Bars, ToDo, as_people_find_them, bars, to_do


@dataclass(frozen=True, slots=True)
class Place:
    """One consultation on the first page."""

    consultation: Consultation
    moment: str
    current: StageLine | None
    picture: Bars | None
    tasks: tuple[ToDo, ...]


def listed(mine: Sequence[Consultation], now: datetime) -> list[Place]:
    """Each of the consultations with where it is and what waits."""
    return [_place(consultation, now) for consultation in mine]


def waiting(places: Sequence[Place]) -> list[tuple[Place, ToDo]]:
    """Everything that waits, the earliest date first; what has no date comes last."""
    found = [(place, todo) for place in places for todo in place.tasks]
    return sorted(found, key=lambda each: (each[1].by is None, each[1].by.timestamp() if each[1].by else 0))


def _place(consultation: Consultation, now: datetime) -> Place:
    moment = standing_of(consultation).moment
    lines = as_people_find_them(timeline(consultation.stages, now), moment)
    is_over = moment.name in {"CLOSED", "PUBLISHED", "ARCHIVED"}
    return Place(
        consultation,
        moment.name.lower(),
        None if is_over else current_line(lines),
        bars(lines, now),
        tuple(to_do(moment, lines, now)),
    )
