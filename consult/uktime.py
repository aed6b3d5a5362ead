"""Civil time in the United Kingdom, which is what people enter and read; the record keeps UTC.

The words here are English, for files and the command line; pages take theirs from `consult.web.telling`.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from consult.errors import Invalid

UK = ZoneInfo("Europe/London")


def uk_instant(local: datetime) -> datetime:
    """The instant that a clock on a wall in the UK means by ``local`` (a naive datetime).

    A time that happens twice, when the clocks go back, means the first of the two.

    Raises
    ------
    Invalid
        If the clocks jump over that time, so that it never happens.
    """
    instant = local.replace(tzinfo=UK, fold=0).astimezone(UTC)
    if instant.astimezone(UK).replace(tzinfo=None) != local:
        raise Invalid(
            "%(time)s on %(date)s does not exist: the clocks go forward then",
            time=f"{local:%H:%M}",
            date=f"{local:%d %B %Y}",
        )
    return instant


def uk_time(instant: datetime) -> datetime:
    """What a clock on a wall in the UK shows at ``instant``; naive."""
    return instant.astimezone(UK).replace(tzinfo=None)


def in_words(day: date) -> str:
    """A day in words: "Monday 26 January 2026"."""
    return f"{day_and_month(day)} {day.year}"


def day_and_month(day: date) -> str:
    """A day in words, of a year that is plain: "Monday 26 January"."""
    return f"{day:%A} {day.day} {day:%B}"


def clock_time(local: datetime) -> str:
    """What a clock shows: "5pm", "9:30am"; noon is midday."""
    if (local.hour, local.minute) == (12, 0):
        return "midday"
    minutes = f":{local.minute:02d}" if local.minute else ""
    half = "am" if local.hour < 12 else "pm"  # noqa: PLR2004  (noon)
    return f"{local.hour % 12 or 12}{minutes}{half}"


def uk_date_time(instant: datetime) -> str:
    """An instant in words: "Monday 26 January 2026, 5pm (UK time)"."""
    local = uk_time(instant)
    return f"{in_words(local)}, {clock_time(local)} (UK time)"
