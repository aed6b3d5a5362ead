"""What people are told of a consultation, as its officers write it. Plain values."""

from dataclasses import dataclass
from datetime import date

from consult.errors import Invalid

YOUNGEST, OLDEST = 13, 99  # ages that may be asked for


@dataclass(frozen=True, slots=True)
class About:
    """What people are told of a consultation."""

    title: str
    summary: str | None = None
    decision: str | None = None
    decided_by: str | None = None
    decides_on: date | None = None
    area: str | None = None
    minimum_age: int | None = None
    incentive: str | None = None
    use: str | None = None


def check_about(about: About) -> None:
    """The texts can stand.

    Raises
    ------
    Invalid
        If there is no title, or the age is out of range.
    """
    if not about.title:
        raise Invalid("Enter a title")
    if about.minimum_age is not None and not YOUNGEST <= about.minimum_age <= OLDEST:
        raise Invalid("The age must be from %(low)s to %(high)s", low=YOUNGEST, high=OLDEST)
