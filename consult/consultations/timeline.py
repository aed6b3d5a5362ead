"""The three stages as people read them: which is over, which is now, which comes. Plain values in and out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from consult.consultations.rules import STAGE_ORDER, Window


class When(StrEnum):
    """Where a stage is, seen from now."""

    OVER = "over"
    NOW = "now"
    NEXT = "next"
    LATER = "later"


class Dated(Protocol):
    """A stage, as far as its dates go."""

    @property
    def kind(self) -> StrEnum: ...

    @property
    def opens_at(self) -> datetime: ...

    @property
    def closes_at(self) -> datetime: ...

    @property
    def closed_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage in the list that everybody reads; ``number`` counts from 1."""

    number: int
    kind: str
    opens_at: datetime
    closes_at: datetime
    when: When


def timeline(stages: Iterable[Dated], now: datetime) -> list[StageLine]:
    """The stages in their order, each with where it is now."""
    lines: list[StageLine] = []
    by_kind = {stage.kind.value: stage for stage in stages}
    has_next = False
    for number, kind in enumerate(STAGE_ORDER, start=1):
        stage = by_kind.get(kind)
        if stage is None:
            continue
        window = Window(stage.opens_at, stage.closes_at, stage.closed_at)
        if window.has_closed(now):
            when = When.OVER
        elif window.is_open(now):
            when = When.NOW
        else:
            when = When.LATER if has_next else When.NEXT
            has_next = True
        lines.append(StageLine(number, kind, stage.opens_at, stage.closes_at, when))
    return lines


def current_line(lines: Iterable[StageLine]) -> StageLine | None:
    """The stage that is open, else the next to open, else None."""
    known = list(lines)
    for when in (When.NOW, When.NEXT):
        for line in known:
            if line.when is when:
                return line
    return None
