"""What the council promises about the forum: when a moderator has read something. Plain values in and out.

The promise is 48 hours, and the clock stands still on weekends and bank holidays: the rule of the
Defamation (Operators of Websites) Regulations 2013 for complaints about what somebody else has posted, kept
here for every report, every post that waits and every appeal. Bank holidays are those of England and Wales,
from the `holidays` library.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays

from consult.uktime import UK

PROMISE = timedelta(hours=48)
SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether the clock of moderators runs on that day."""
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


def due(since: datetime, promise: timedelta = PROMISE) -> datetime:
    """When a promise that was made at ``since`` is over; weekends and bank holidays do not count.

    Parameters
    ----------
    since : datetime
        Aware; days begin and end at midnight in the United Kingdom.

    Returns
    -------
    datetime
        In UTC.
    """
    at, left = since.astimezone(UTC), promise
    while True:
        today = at.astimezone(UK).date()
        midnight = datetime.combine(today + timedelta(days=1), time(), tzinfo=UK).astimezone(UTC)
        if is_working_day(today):
            if at + left <= midnight:
                return at + left
            left -= midnight - at
        at = midnight


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
