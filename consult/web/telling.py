"""Dates, times and numbers as a page tells them: British in English, elsewhere as that language has them.

Always the time of the United Kingdom. What goes into files and onto the command line is English and
comes from `consult.uktime`.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from unicodedata import bidirectional

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import get_decimal_symbol, get_group_symbol
from flask_babel import get_locale, gettext

from consult import uktime

ENGLISH = "en_GB"
DAY_AND_MONTH = "MMMMEEEEd"  # with the day of the week, in whichever order a language has them

LEFT_TO_RIGHT = "\u200e"
FROM_THE_RIGHT = frozenset({"R", "AL", "RLE", "RLO", "RLI"})


def uk_date_time(instant: datetime) -> str:
    """An instant: "Monday 26 January 2026, 5pm (UK time)"."""
    local = uktime.uk_time(instant)
    told: str = gettext("%(date)s, %(time)s (UK time)", date=_date(local), time=_time(local))
    return told


def uk_deadline(instant: datetime) -> str:
    """By when: "Tuesday 27 January 2026, 5pm (UK time)"; midnight ends the day before, at 11:59pm.

    "By midnight of Tuesday" is two different days to two people.
    """
    is_midnight = uktime.uk_time(instant).time() == time()
    return uk_date_time(instant - timedelta(minutes=1) if is_midnight else instant)


def uk_date(day: date) -> str:
    """The day of an instant, or a day: "Monday 26 January 2026"."""
    return _date(uktime.uk_time(day) if isinstance(day, datetime) else day)


def uk_day_time(instant: datetime) -> str:
    """An instant where the year and the place are plain: "Monday 26 January, 5pm"."""
    local = uktime.uk_time(instant)
    locale = _foreign()
    day = format_skeleton(DAY_AND_MONTH, local, locale=locale) if locale else uktime.day_and_month(local)
    told: str = gettext("%(date)s, %(time)s", date=day, time=_time(local))
    return told


def uk_clock_time(instant: datetime) -> str:
    """The time of an instant where the day is plain: "10:41am"."""
    return _time(uktime.uk_time(instant))


def number(value: float) -> str:
    """A number with its thousands apart: "12,345"."""
    return in_figures(f"{value:,}")


def in_figures(english: str) -> str:
    """A number that is written as in English, with the comma and the point of this language.

    It is rewritten and not formatted anew, so that no language rounds differently. Where lines run from
    the right, a sign needs a mark or it would be shown behind its number.
    """
    locale = _foreign()
    if locale is None:
        return english
    mark = LEFT_TO_RIGHT if locale.text_direction == "rtl" and english[:1] in {"+", "\u2212"} else ""
    return mark + english.translate(
        {ord(","): get_group_symbol(locale), ord("."): get_decimal_symbol(locale)}
    )


def listed(parts: Sequence[str]) -> str:
    """Several things in one sentence: "bread, butter and jam"."""
    return format_list(parts, locale=get_locale() or ENGLISH)


def isolated(text: str) -> str:
    """Words of people inside a sentence of ours: they keep their own direction and leave ours alone.

    Characters and no element, because such sentences also stand in titles of pictures. English around
    words that are written from left to right needs none.
    """
    if _foreign() is None and not any(bidirectional(sign) in FROM_THE_RIGHT for sign in text):
        return text
    return f"\u2068{text}\u2069"


def _date(day: date) -> str:
    locale = _foreign()
    return format_date(day, "full", locale=locale) if locale else uktime.in_words(day)


def _time(local: datetime) -> str:
    locale = _foreign()
    return format_time(local.time(), "short", locale=locale) if locale else uktime.clock_time(local)


def _foreign() -> Locale | None:
    """The locale of this request unless it speaks English."""
    locale = get_locale()
    return None if locale is None or locale.language == "en" else locale
