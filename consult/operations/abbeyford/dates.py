"""When things happen in the sample: counted from the day on which it is made.

Stages open on a Monday at 9am and close on a Monday at 5pm, some whole weeks away, so that what is
open is open for weeks to come. What people do has happened by the evening before, in waking hours:
no time that a change of the clocks leaves out or repeats can come up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from consult.uktime import uk_instant

OPENS, CLOSES, OFFICE = time(9), time(17), time(10)
UP, TO_BED = 9.5, 22.5  # hours between which people take part
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dates:
    """The timetable of one consultation, made on ``built_on`` from weeks before and after it."""

    built_on: date
    weeks: Mapping[str, Any]

    def opens(self, kind: str) -> datetime:
        """When a stage opens, as a clock on a wall shows it."""
        return datetime.combine(self._monday(self.weeks[kind][0]), OPENS)

    def closes(self, kind: str) -> datetime:
        """When a stage closes, as a clock on a wall shows it."""
        return datetime.combine(self._monday(self.weeks[kind][1]), CLOSES)

    @property
    def decides_on(self) -> date:
        """The day on which the council decides: a Thursday."""
        return self._monday(self.weeks["decides"]) + 3 * DAY

    @property
    def created_at(self) -> datetime:
        """When an officer began to write it: six weeks before it opened."""
        return self._at(self.opens("survey").date() - 42 * DAY, OFFICE)

    @property
    def published_at(self) -> datetime:
        """When it was published: ten days before it opened."""
        return self._at(self.opens("survey").date() - 10 * DAY, OFFICE)

    @property
    def presented_at(self) -> datetime | None:
        """When the summaries came out: as the forum opened; None if it has not."""
        return None if self.opens("forum").date() >= self.built_on else uk_instant(self.opens("forum"))

    @property
    def results_published_at(self) -> datetime | None:
        """When the results came out: two weeks after the follow-up closed; None if they have not."""
        on = self.closes("follow_up").date() + 14 * DAY
        return None if on >= self.built_on else self._at(on, OFFICE)

    def has_begun(self, kind: str) -> bool:
        """Whether there is a day of that stage on which something can have happened."""
        return self.opens(kind).date() < self.built_on

    def during(self, kind: str, share: float) -> datetime:
        """An instant in a stage: 0 is its first morning, 1 its last evening, or yesterday's if it is open.

        Parameters
        ----------
        share : float
            From 0 up to, not including, 1. More is never earlier.
        """
        first = self.opens(kind).date()
        last = min(self.closes(kind).date(), self.built_on) - DAY
        whole, part = divmod(share * ((last - first).days + 1), 1)
        minutes = round((UP + part * (TO_BED - UP)) * 60)
        return self._at(first + int(whole) * DAY, time(minutes // 60, minutes % 60))

    def _monday(self, weeks: int) -> date:
        return self.built_on - self.built_on.weekday() * DAY + timedelta(weeks=weeks)

    @staticmethod
    def _at(day: date, clock: time) -> datetime:
        return uk_instant(datetime.combine(day, clock))


def written(instant: datetime) -> str:
    """An instant as a bundle has it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
