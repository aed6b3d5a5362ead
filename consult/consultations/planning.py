"""What a timetable may be, what is unwise about it, and a first proposal of one. Plain values in and out."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from consult.consultations.holidays import is_free_day, next_working_day
from consult.consultations.rules import STAGE_ORDER
from consult.errors import Invalid
from consult.uktime import UK, uk_instant, uk_time

CODING_NEEDS = timedelta(days=7)
SHORT_IN_ALL = timedelta(weeks=6)
OPENS_AT, CLOSES_AT = 9, 17  # by the clock on the wall
NOTICE = timedelta(weeks=2)
PROPOSED = {"survey": timedelta(weeks=3), "forum": timedelta(weeks=3), "follow_up": timedelta(weeks=2)}
BREAK = timedelta(weeks=1)

Span = tuple[datetime, datetime]  # opens, closes
Timetable = Mapping[str, Span]


class End(StrEnum):
    """One of the two dates of a stage."""

    OPENS = "opens"
    CLOSES = "closes"


class Fault(NamedTuple):
    """A date that cannot stand: of which stage, which of its two, and why."""

    kind: str
    end: End
    refusal: Invalid


class Caution(StrEnum):
    """Something that is allowed and worth a second look."""

    SHORT_BREAK = "short_break"
    SHORT_IN_ALL = "short_in_all"
    CLOSES_ON_FREE_DAY = "closes_on_free_day"
    CLOCKS_CHANGE = "clocks_change"
    HAPPENS_TWICE = "happens_twice"
    MIDNIGHT = "midnight"


@dataclass(frozen=True, slots=True)
class Warned:
    """A caution, the stage it is about (none: the whole), and the instant or number that it is about."""

    caution: Caution
    kind: str | None = None
    at: datetime | None = None
    days: int | None = None


def faults(timetable: Timetable, now: datetime | None = None) -> Iterator[Fault]:
    """Every date that cannot stand.

    Parameters
    ----------
    timetable : mapping of stage kind to (opens, closes)
    now : datetime, optional
        If given, every date must still come.
    """
    previous: datetime | None = None
    for kind in STAGE_ORDER:
        if kind not in timetable:
            continue
        opens, closes = timetable[kind]
        if now is not None and opens <= now:
            yield Fault(kind, End.OPENS, Invalid("A stage must open in the future. This time has gone"))
        if previous is not None and opens < previous:
            yield Fault(
                kind, End.OPENS, Invalid("A stage must not open before the stage before it has closed")
            )
        if closes <= opens:
            yield Fault(kind, End.CLOSES, Invalid("A stage must close after it opens"))
        elif now is not None and closes <= now:
            yield Fault(kind, End.CLOSES, Invalid("A stage must close in the future. This time has gone"))
        previous = closes


def warnings(timetable: Timetable) -> Iterator[Warned]:
    """What is unwise about dates that can stand."""
    spans = [(kind, *timetable[kind]) for kind in STAGE_ORDER if kind in timetable]
    for (_, _, closed), (kind, opens, _) in itertools.pairwise(spans):
        if kind == "forum" and opens - closed < CODING_NEEDS:
            yield Warned(Caution.SHORT_BREAK, kind, days=CODING_NEEDS.days)
    if spans and spans[-1][2] - spans[0][1] < SHORT_IN_ALL:
        yield Warned(Caution.SHORT_IN_ALL, days=SHORT_IN_ALL.days // 7)
    for kind, opens, closes in spans:
        if is_free_day(uk_time(closes).date()):
            yield Warned(Caution.CLOSES_ON_FREE_DAY, kind, at=closes)
        for end in (opens, closes):
            yield from _about_clocks(kind, end)


def _about_clocks(kind: str, instant: datetime) -> Iterator[Warned]:
    local = uk_time(instant)
    midnight = datetime(local.year, local.month, local.day, tzinfo=UK)
    twice = {local.replace(tzinfo=UK, fold=fold).utcoffset() for fold in (0, 1)}
    if len(twice) > 1:
        yield Warned(Caution.HAPPENS_TWICE, kind, at=instant)
    elif midnight.utcoffset() != midnight.replace(hour=23).utcoffset():
        yield Warned(Caution.CLOCKS_CHANGE, kind, at=instant)
    if (local.hour, local.minute) == (0, 0):
        yield Warned(Caution.MIDNIGHT, kind, at=instant)


def proposed(today: date) -> dict[str, Span]:
    """A timetable to begin with: two weeks' notice, working days only, a week for coding."""
    spans: dict[str, Span] = {}
    opens = next_working_day(today + NOTICE)
    for kind, lasts in PROPOSED.items():
        closes = next_working_day(opens + lasts)
        spans[kind] = _at(opens, OPENS_AT), _at(closes, CLOSES_AT)
        opens = next_working_day(closes + BREAK + timedelta(days=1))
    return spans


def _at(day: date, hour: int) -> datetime:
    return uk_instant(datetime(day.year, day.month, day.day, hour))  # noqa: DTZ001  (civil time, made an instant here)
