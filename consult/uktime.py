"""Civil time in the United Kingdom, which is what people enter and read; the record keeps UTC."""

from datetime import UTC, datetime
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
        raise Invalid(f"{local:%H:%M on %d %B %Y} does not exist: the clocks go forward then")
    return instant


def uk_time(instant: datetime) -> datetime:
    """What a clock on a wall in the UK shows at ``instant``; naive."""
    return instant.astimezone(UK).replace(tzinfo=None)


def uk_date_time(instant: datetime) -> str:
    """An instant in words: "Monday 26 January 2026, 5pm (UK time)"."""
    local = uk_time(instant)
    hour = f"{local.hour % 12 or 12}"
    minutes = f":{local.minute:02d}" if local.minute else ""
    half = "am" if local.hour < 12 else "pm"  # noqa: PLR2004  (noon)
    time = "midday" if (local.hour, local.minute) == (12, 0) else f"{hour}{minutes}{half}"
    return f"{local:%A} {local.day} {local:%B %Y}, {time} (UK time)"
