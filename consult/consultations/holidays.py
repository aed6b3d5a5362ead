"""Days on which few people answer: weekends and the bank holidays of England and Wales.

The rules of the holidays that come every year, with the day off that replaces one on a weekend. A
holiday that is proclaimed once, for a coronation or a funeral, is not known here: that costs a missing
warning, and nothing else depends on it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)
MONDAY, SATURDAY = 0, 5


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian reckoning (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of that year."""
    return frozenset(_holidays(year))


def _holidays(year: int) -> Iterator[date]:
    yield _working(date(year, 1, 1))
    yield easter(year) - 2 * DAY
    yield easter(year) + DAY
    yield _first_monday(year, 5)
    yield _last_monday(year, 5)
    yield _last_monday(year, 8)
    christmas = _working(date(year, 12, 25))
    yield christmas
    boxing = date(year, 12, 26)
    while boxing.weekday() >= SATURDAY or boxing == christmas:
        boxing += DAY
    yield boxing


def is_free_day(day: date) -> bool:
    """Whether it is a Saturday, a Sunday or a bank holiday."""
    return day.weekday() >= SATURDAY or day in bank_holidays(day.year)


def next_working_day(day: date) -> date:
    """The day itself or the first after it on which people work."""
    while is_free_day(day):
        day += DAY
    return day


def _working(day: date) -> date:
    """The day, or the Monday after it."""
    while day.weekday() >= SATURDAY:
        day += DAY
    return day


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + (MONDAY - first.weekday()) % 7 * DAY


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - (last.weekday() - MONDAY) % 7 * DAY
