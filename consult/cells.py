"""What one value of the record may say: ids and keys, whole numbers, instants, yes or no, pounds.

Plain text in, plain values out. The pages and the bundles ask the same functions, so that what a
browser writes can always be dumped and loaded again.
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

from consult.errors import Invalid

KEY_CHARACTERS = 100
LARGEST = 2_000_000_000  # fits the whole-number columns of both databases
RESERVED = frozenset({"other", "prefer_not"})  # they mean something as answers

_WHOLE = re.compile(r"-?[1-9][0-9]*|0")
_POUNDS = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2})?")
_SLUG = re.compile(r"[a-z0-9-]+")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
)
_FRACTION = re.compile(r"\.[0-9]{7}")
_SHOWN_CHARACTERS = 60


class Refusal(Invalid):
    """One value breaks a rule: ``where`` names it, ``sentence`` says what is wrong."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(f"{where}: {sentence}")
        self.where = where
        self.sentence = sentence


def shown(text: str) -> str:
    """A value as a message may show it: one line, not long, nothing that moves the cursor."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return plain if len(plain) <= _SHOWN_CHARACTERS else f"{plain[:_SHOWN_CHARACTERS]}…"


def key_problem(text: str) -> str | None:
    """What keeps ``text`` from being an id or key, if anything does."""
    if not text:
        return "must not be empty"
    if "\0" in text:
        return "must not hold a NUL character"
    if len(text) > KEY_CHARACTERS:
        return f"must have at most {KEY_CHARACTERS} characters"
    if len(text.splitlines()) > 1 or text.splitlines()[0] != text:
        return "must not hold a line break"
    if text != text.strip():
        return "must not begin or end with a space"
    return None


def as_key(where: str, text: str) -> str:
    """An id or key."""
    problem = key_problem(text)
    if problem:
        raise Refusal(where, problem)
    return text


def as_new_key(where: str, text: str) -> str:
    """A key that is being defined: it may not be one of the reserved words."""
    if text in RESERVED:
        raise Refusal(where, f"{text} is a reserved word")
    return as_key(where, text)


def as_slug(where: str, text: str) -> str:
    """The name of a consultation in addresses."""
    as_key(where, text)
    if not _SLUG.fullmatch(text):
        raise Refusal(where, "must be lower-case letters, digits and hyphens")
    return text


def refused(check: Callable[..., object], *arguments: object) -> Iterator[Refusal]:
    """The refusal of a check, if it refuses; for rules that name everything that is wrong."""
    try:
        check(*arguments)
    except Refusal as refusal:
        yield refusal


def as_words(where: str, text: str) -> str:
    """A text that must say something."""
    if "\0" in text:
        raise Refusal(where, "must not hold a NUL character")
    if not text.strip():
        raise Refusal(where, "must not be empty")
    return text


def as_one_of(where: str, text: str, values: Collection[str]) -> str:
    """One of a few words."""
    if text not in values:
        said = f"{shown(text)} is not" if text else "must not be empty: it is"
        raise Refusal(where, f"{said} one of {', '.join(values)}")
    return text


def as_whole(where: str, text: str) -> int:
    """A whole number in its plainest form: ASCII digits, no plus, no spaces, no leading zeros."""
    if not _WHOLE.fullmatch(text):
        raise Refusal(where, f"{shown(text)} is not a whole number" if text else "must not be empty")
    # The length first: turning a million digits into a number would take minutes.
    if len(text) > len(str(LARGEST)) + 1 or abs(int(text)) > LARGEST:
        raise Refusal(where, f"{shown(text)} is too large")
    return int(text)


def as_count(where: str, text: str) -> int:
    """A whole number from 0."""
    number = as_whole(where, text)
    if number < 0:
        raise Refusal(where, f"{text} is less than 0")
    return number


def as_pounds(where: str, text: str) -> str:
    """An amount in pounds, such as 250.00; kept as written."""
    if not _POUNDS.fullmatch(text):
        raise Refusal(where, f"{shown(text)} is not an amount in pounds such as 250 or 250.00")
    return text


def as_yes_no(where: str, text: str) -> bool:
    """Yes or no."""
    return as_one_of(where, text, ("yes", "no")) == "yes"


def as_instant(where: str, text: str) -> datetime:
    """An instant written in ISO 8601 with its offset, as UTC."""
    if not text:
        raise Refusal(where, "must not be empty")
    if _FRACTION.search(text):
        raise Refusal(where, f"{shown(text)} has more than six digits after the seconds")
    if not _INSTANT.fullmatch(text):
        raise Refusal(where, f"{shown(text)} is not a time with an offset, such as 2026-01-05T09:00:00Z")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal(where, f"{shown(text)} is a time that does not exist") from None


def instant_text(instant: datetime) -> str:
    """An aware instant as a bundle writes it: UTC, a fraction only if it is not zero."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
