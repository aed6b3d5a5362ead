"""Days and times as people type them: parts of a form in, plain values of the UK's clocks out.

British order, names of months, any separator. What could mean two things is asked for again instead of
being guessed: a year of two numbers, "midnight", an hour without am or pm. Of a time that happens twice,
when the clocks go back, the first is meant; one that never happens, when they go forward, is refused.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext
from wtforms import Field, FormField, StringField
from wtforms import Form as Parts

from consult import uktime
from consult.errors import DomainError, Invalid
from consult.web.languages import translated
from consult.web.plain_text import clean_line

EARLIEST, LATEST = 2000, 2099  # years that a consultation can have
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NUMBER = re.compile(r"[0-9]{1,2}")
_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_YEAR = re.compile(r"[0-9]{4}")
_WHOLE = re.compile(r"([0-9a-z]+)[\s./-]+([0-9a-z]+)[\s./-]+([0-9]+)")
_YEAR_FIRST = re.compile(r"([0-9]{4})[\s./-]+([0-9]{1,2})[\s./-]+([0-9]{1,2})")
_OF_12 = re.compile(r"(1[0-2]|0?[1-9])(?:[:.]([0-5][0-9]))?(am|pm)")
_OF_24 = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]([0-5][0-9]))?")
_NOON = frozenset({"midday", "noon", "12noon", "12midday"})
_MIDNIGHT = frozenset({"midnight", "12midnight", "12am", "12:00am", "12.00am", "24:00", "24.00"})


class WrongPart(Exception):
    """One part of a date or time cannot be used; ``part`` names its box, the refusal says why."""

    def __init__(self, part: str, refusal: DomainError) -> None:
        super().__init__(part)
        self.part = part
        self.refusal = refusal


def _plain(typed: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", typed or "").casefold().replace(",", " ").split())


def as_day(day: str | None, month: str | None, year: str | None, *, what: str) -> date:
    """The day that was typed into three boxes.

    A whole date in the first box, such as "13/1/2026" pasted from elsewhere, is taken apart; so is one
    that begins with its year.

    Parameters
    ----------
    what : str
        What the date is, at the beginning of a message: "The date when the forum opens".

    Raises
    ------
    WrongPart
        Naming the first box that is empty or wrong.
    """
    parts = {"day": _plain(day), "month": _plain(month), "year": _plain(year)}
    if parts["day"] and not parts["month"] and not parts["year"]:
        parts = _taken_apart(parts["day"])
    _nothing_missing(parts, what)
    number = _day_number(parts["day"], what)
    month_number = _month_number(parts["month"], what)
    year_number = _year_number(parts["year"], what)
    try:
        return date(year_number, month_number, number)
    except ValueError:
        raise WrongPart(
            "day", Invalid("%(what)s must be a real date. That month does not have that many days", what=what)
        ) from None


def _taken_apart(text: str) -> dict[str, str]:
    if found := _YEAR_FIRST.fullmatch(text):
        return {"day": found[3], "month": found[2], "year": found[1]}
    if found := _WHOLE.fullmatch(text):
        return {"day": found[1], "month": found[2], "year": found[3]}
    return {"day": text, "month": "", "year": ""}


def _nothing_missing(parts: dict[str, str], what: str) -> None:
    missing = tuple(part for part in ("day", "month", "year") if not parts[part])
    sentences = {
        ("day",): Invalid("%(what)s must include a day", what=what),
        ("month",): Invalid("%(what)s must include a month", what=what),
        ("year",): Invalid("%(what)s must include a year", what=what),
        ("day", "month"): Invalid("%(what)s must include a day and a month", what=what),
        ("day", "year"): Invalid("%(what)s must include a day and a year", what=what),
        ("month", "year"): Invalid("%(what)s must include a month and a year", what=what),
        ("day", "month", "year"): Invalid("%(what)s must include a day, a month and a year", what=what),
    }
    if missing:
        raise WrongPart(missing[0], sentences[missing])


def _day_number(text: str, what: str) -> int:
    found = _ORDINAL.fullmatch(text)
    text = found[1] if found else text
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= 31:  # noqa: PLR2004  (no month has more)
        raise WrongPart("day", Invalid("%(what)s must have a day from 1 to 31", what=what))
    return int(text)


def _month_number(text: str, what: str) -> int:
    if _NUMBER.fullmatch(text) and 1 <= int(text) <= len(MONTHS):
        return int(text)
    # "sept" is what many write, and no name of a month begins like another after three letters.
    for number, name in enumerate(MONTHS, start=1):
        if len(text) >= 3 and name.startswith(text.removesuffix(".")):  # noqa: PLR2004
            return number
    raise WrongPart(
        "month", Invalid("%(what)s must have a month from 1 to 12, or its name, like March", what=what)
    )


def _year_number(text: str, what: str) -> int:
    if not _YEAR.fullmatch(text):
        raise WrongPart("year", Invalid("%(what)s must have a year of 4 numbers, like 2027", what=what))
    if not EARLIEST <= int(text) <= LATEST:
        raise WrongPart(
            "year",
            Invalid(
                "%(what)s must have a year from %(first)s to %(last)s",
                what=what,
                first=str(EARLIEST),
                last=str(LATEST),
            ),
        )
    return int(text)


def as_time(typed: str | None, *, what: str) -> tuple[int, int, int]:
    """Hour, minute and second of a time such as "9am", "5:30pm", "17:00" or "midday".

    Raises
    ------
    WrongPart
        If nothing was typed, it is no time, or it could mean two.
    """
    text = _plain(typed).replace(" ", "").replace("a.m.", "am").replace("p.m.", "pm").removesuffix("uktime")
    if not text:
        raise WrongPart("time", Invalid("%(what)s must include a time, like 9am", what=what))
    if text in _NOON:
        return 12, 0, 0
    if text in _MIDNIGHT:
        raise WrongPart(
            "time",
            Invalid(
                "%(what)s must not be midnight, which can be read as two days."
                " Use 11:59pm, or 12:01am for the beginning of a day",
                what=what,
            ),
        )
    if found := _OF_12.fullmatch(text):
        return int(found[1]) % 12 + 12 * (found[3] == "pm"), int(found[2] or 0), 0
    if found := _OF_24.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3] or 0)
    raise WrongPart("time", Invalid("%(what)s must have a time like 9am, 5:30pm or 17:00", what=what))


def as_instant(day: date, time: tuple[int, int, int]) -> datetime:
    """The instant that UK clocks show as this time of this day.

    Raises
    ------
    WrongPart
        If no clock ever shows it.
    """
    hour, minute, second = time
    try:
        return uktime.uk_instant(datetime(day.year, day.month, day.day, hour, minute, second))  # noqa: DTZ001
    except Invalid as refusal:
        raise WrongPart("time", refusal) from None


def day_parts(day: date | None) -> dict[str, str]:
    """What stands in the boxes for a day that is known."""
    if day is None:
        return {}
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def instant_parts(instant: datetime | None) -> dict[str, str]:
    """What stands in the boxes for an instant that is known; read back, it gives that instant."""
    if instant is None:
        return {}
    local = uktime.uk_time(instant)
    return {**day_parts(local.date()), "time": _time_text(local)}


def _time_text(local: datetime) -> str:
    if local.second:
        return f"{local:%H:%M:%S}"
    return uktime.clock_time(local) if (local.hour, local.minute) != (0, 0) else "00:00"


def happens_twice(instant: datetime) -> bool:
    """Whether UK clocks show that time twice on its day, because they go back then."""
    local = uktime.uk_time(instant)
    first, second = (local.replace(tzinfo=uktime.UK, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


class _DayParts(Parts):  # type: ignore[misc]
    """The boxes of a day."""

    day = StringField(lazy_gettext("Day"), filters=[clean_line])
    month = StringField(lazy_gettext("Month"), filters=[clean_line])
    year = StringField(lazy_gettext("Year"), filters=[clean_line])

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the boxes; what is wrong stands at the box that is."""
        del extra_validators
        try:
            self.value = self.read()
        except WrongPart as wrong:
            self[wrong.part].errors = [translated(wrong.refusal)]
            return False
        return True

    def read(self) -> date | datetime | None:
        """What the boxes mean."""
        if self.may_be_empty and not any(_plain(part.data) for part in self):
            return None
        return as_day(self.day.data, self.month.data, self.year.data, what=self.what)

    value: date | datetime | None = None
    what: str = ""
    may_be_empty: bool = False


class _InstantParts(_DayParts):
    """The boxes of a day and of a time."""

    time = StringField(lazy_gettext("Time"), filters=[clean_line])

    def read(self) -> datetime:
        """What the boxes mean."""
        day = as_day(self.day.data, self.month.data, self.year.data, what=self.what)
        return as_instant(day, as_time(self.time.data, what=self.what))


class DayField(FormField):  # type: ignore[misc]
    """A day in three boxes; ``value`` is the day once the form is valid.

    Parameters
    ----------
    what : str
        What the date is, at the beginning of its messages.
    may_be_empty : bool
        Whether three empty boxes are no day and no mistake.
    """

    parts: type[_DayParts] = _DayParts

    def __init__(self, label: str, *, what: str, may_be_empty: bool = False, **more: Any) -> None:
        super().__init__(self.parts, label, **more)
        self.what, self.may_be_empty = what, may_be_empty

    def process(self, *given: Any, **more: Any) -> None:
        """Fill the boxes, which then know what they are about."""
        super().process(*given, **more)
        self.form.what, self.form.may_be_empty = str(self.what), self.may_be_empty

    @property
    def value(self) -> Any:
        """The day, once the form is valid."""
        return self.form.value


class InstantField(DayField):
    """A day and a time in four boxes; ``value`` is the instant once the form is valid."""

    parts = _InstantParts


def refuse_part(field: Field, part: str, refusal: DomainError) -> None:
    """The form has an error at one box of a date, in the words of the service."""
    box = field.form[part]
    box.errors = [*box.errors, translated(refusal)]
