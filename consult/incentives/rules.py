"""What thanks are worth, how far one of them is, and how somebody can be reached for it. Plain values."""

import re
from datetime import date, datetime, time
from enum import StrEnum
from unicodedata import normalize

from consult.accounts.rules import plain_email
from consult.errors import Invalid
from consult.uktime import uk_instant, uk_time
from consult.words import N_, Sentence, say

MOST_PENCE = 100_000
LONGEST_LABEL = 100
LONGEST_PLACE = 200
MOST_CHOICES = 10
NOT_AN_AMOUNT = N_("Enter an amount in pounds, like 5 or 2.50")
NOT_A_CONTACT = N_("Enter an e-mail address, like name@example.org, or a mobile number, like 07700 900123")
_AMOUNT = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?")
_BETWEEN_DIGITS = re.compile(r"[\s().-]+")
_PHONE = re.compile(r"\+?[0-9]{10,15}")
_TOLD_DIGITS = 3  # of a telephone number, so that its owner knows it and nobody else does


class DueState(StrEnum):
    """How far what somebody is owed has come."""

    OWED = "owed"
    ISSUED = "issued"
    COLLECTED = "collected"


def state_of(issued_at: datetime | None, collected_at: datetime | None) -> DueState:
    """How far a due is on which this has been marked."""
    if collected_at is not None:
        return DueState.COLLECTED
    return DueState.OWED if issued_at is None else DueState.ISSUED


def pence_of(typed: str) -> int:
    """The amount that somebody typed in pounds; nothing means none.

    Raises
    ------
    Invalid
        If it is no amount, or more than anybody is given.
    """
    text = normalize("NFKC", typed).replace(",", "").strip().removeprefix("£").strip()
    if not text:
        return 0
    found = _AMOUNT.fullmatch(text)
    if found is None or not text.isascii():
        raise Invalid(NOT_AN_AMOUNT)
    pence = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    if pence > MOST_PENCE:
        raise Invalid("Enter at most %(n)s pounds", n=MOST_PENCE // 100)
    return pence


def pounds(pence: int) -> str:
    """An amount as it is told: "£5", "£2.50", "£1,000"."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02d}" if rest else f"£{whole:,}"


def plain_pounds(pence: int) -> str:
    """An amount as it stands in a file and in a form: "5.00"."""
    return f"{pence // 100}.{pence % 100:02d}"


def check_choice(label: str, pence_survey: int, pence_follow_up: int) -> None:
    """What is to be offered can be.

    Raises
    ------
    Invalid
        If it has no name, or is worth nothing after both surveys.
    """
    if not label:
        raise Invalid("Enter what people get")
    if len(label) > LONGEST_LABEL:
        raise Invalid("Enter at most %(n)s characters", n=LONGEST_LABEL)
    if min(pence_survey, pence_follow_up) < 0 or max(pence_survey, pence_follow_up) > MOST_PENCE:
        raise Invalid(NOT_AN_AMOUNT)
    if pence_survey + pence_follow_up == 0:
        raise Invalid("Enter what it is worth after one of the two surveys, or after both")


def plain_contact(typed: str) -> str:
    """The e-mail address or mobile number as it is kept.

    Raises
    ------
    Invalid
        If it is neither.
    """
    email = plain_email(typed)
    if email is not None:
        return email
    digits = _BETWEEN_DIGITS.sub("", normalize("NFKC", typed))
    if not _PHONE.fullmatch(digits) or not digits.isascii():
        raise Invalid(NOT_A_CONTACT)
    return digits


def masked(contact: str) -> Sentence:
    """So much of an address or number that its owner knows it again, and nobody else can use it."""
    if "@" in contact:
        return say(N_("an e-mail address that ends in .%(end)s"), end=contact.rpartition(".")[2])
    return say(N_("a mobile number that ends in %(end)s"), end=contact[-_TOLD_DIGITS:])


def day_of(instant: datetime) -> datetime:
    """The beginning of the day in the UK on which this was: all that is kept of when.

    The time of the day would tell who came to it: answers are sent at a minute that is kept.
    """
    return uk_instant(datetime.combine(uk_day(instant), time.min))


def uk_day(instant: datetime) -> date:
    """The day in the UK on which this was."""
    return uk_time(instant).date()
