"""What a draft lacks, what waits to be done, how stages lie in time. Plain values in and out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from consult.access import Moment
from consult.consultations.about import About
from consult.consultations.planning import Timetable, faults
from consult.consultations.rules import STAGE_ORDER
from consult.consultations.timeline import StageLine, When

SOON = timedelta(days=3)
PUBLISH_SOON = timedelta(days=14)


class Need(StrEnum):
    """One thing that a consultation must have before it can be published."""

    SUMMARY = "summary"
    DECISION = "decision"
    DECIDED_BY = "decided_by"
    AREA = "area"
    AGE = "age"
    USE = "use"
    ITEMS = "items"
    TOPIC = "topic"
    APPROVED = "approved"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a need is met; ``n`` is how many things are in the way, where they can be counted."""

    need: Need
    is_met: bool
    n: int = 0


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """How many items there are, and how many of them wait for something."""

    items: int = 0
    unapproved: int = 0
    unfinished: int = 0
    asked_twice: int = 0


def checklist(about: About, items: ItemCounts, timetable: Timetable, now: datetime) -> list[Check]:
    """What a consultation must have before it can be published, each with whether it has."""
    dates = set(timetable) == set(STAGE_ORDER) and not any(faults(timetable, now))
    return [
        Check(Need.SUMMARY, bool(about.summary)),
        Check(Need.DECISION, bool(about.decision)),
        Check(Need.DECIDED_BY, bool(about.decided_by)),
        Check(Need.AREA, bool(about.area)),
        Check(Need.AGE, about.minimum_age is not None),
        Check(Need.USE, bool(about.use)),
        Check(Need.ITEMS, items.asked_twice > 0),
        Check(Need.TOPIC, not items.unfinished, items.unfinished),
        Check(Need.APPROVED, items.items > 0 and not items.unapproved, items.unapproved),
        Check(Need.DATES, dates),
    ]


class Task(StrEnum):
    """Something that waits for an officer."""

    FINISH_DRAFT = "finish_draft"
    PUBLISH_NOW = "publish_now"
    DATES_GONE = "dates_gone"
    WRITE_SUMMARIES = "write_summaries"
    OPENS_SOON = "opens_soon"
    CLOSES_SOON = "closes_soon"
    SEE_RESULTS = "see_results"


@dataclass(frozen=True, slots=True)
class ToDo:
    """A task, the stage that it is about, and by when."""

    task: Task
    kind: str | None = None
    by: datetime | None = None


def to_do(moment: Moment, lines: Sequence[StageLine], now: datetime) -> Iterator[ToDo]:
    """What waits for the officers of one consultation."""
    if moment is Moment.DRAFT:
        yield _of_draft(lines, now)
        return
    if moment is Moment.SUMMARISING:
        forum = [line for line in lines if line.kind == "forum"]
        yield ToDo(Task.WRITE_SUMMARIES, "forum", forum[0].opens_at if forum else None)
    if moment is Moment.CLOSED:
        yield ToDo(Task.SEE_RESULTS)
    if moment in {Moment.CLOSED, Moment.PUBLISHED, Moment.ARCHIVED}:
        return
    for line in lines:
        if line.when is When.NOW and line.closes_at - now <= SOON:
            yield ToDo(Task.CLOSES_SOON, line.kind, line.closes_at)
        elif line.when is When.NEXT and line.opens_at - now <= SOON:
            yield ToDo(Task.OPENS_SOON, line.kind, line.opens_at)


def _of_draft(lines: Sequence[StageLine], now: datetime) -> ToDo:
    first = lines[0].opens_at if lines else None
    if first is None or first - now > PUBLISH_SOON:
        return ToDo(Task.FINISH_DRAFT, by=first)
    return ToDo(Task.PUBLISH_NOW if first > now else Task.DATES_GONE, "survey", first)


def as_people_find_them(lines: Sequence[StageLine], moment: Moment) -> list[StageLine]:
    """The stages as they are for residents: a forum whose summaries are not out yet is not open."""
    if moment is not Moment.SUMMARISING:
        return list(lines)
    return [
        replace(line, when=When.NEXT)
        if line.kind == "forum"
        else replace(line, when=When.LATER)
        if line.when is When.NEXT
        else line
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """Where one stage lies on a line from the first opening to the last closing, in per cent of it."""

    kind: str
    when: When
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Bars:
    """The stages on one line; ``today`` is where now lies, if it lies on the line at all."""

    bars: tuple[Bar, ...]
    today: float | None


def bars(lines: Iterable[StageLine], now: datetime) -> Bars | None:
    """The picture of a timetable; None if there is none."""
    known = list(lines)
    if not known:
        return None
    first, last = known[0].opens_at, known[-1].closes_at
    whole = (last - first).total_seconds()
    if whole <= 0:
        return None

    def place(at: datetime) -> float:
        return round(100 * (at - first).total_seconds() / whole, 2)

    found = tuple(
        Bar(
            line.kind, line.when, place(line.opens_at), round(place(line.closes_at) - place(line.opens_at), 2)
        )
        for line in known
    )
    return Bars(found, place(now) if first <= now <= last else None)
