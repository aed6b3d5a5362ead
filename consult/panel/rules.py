"""What a panel may be, when a category has enough people, and what limits rule out. Plain values only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

NEARLY = 0.9  # of the aim
SMALLEST_CELL = 10  # people an interlocked target must ask for
EARLY = 0.1  # of the stage: before that nothing is foretold


class FillState(StrEnum):
    """How full a category is."""

    OPEN = "open"
    NEARLY_FULL = "nearly full"
    SOFT_FULL = "soft full"
    CLOSED = "closed"
    AT_RISK = "at risk"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many of a category the panel should hold: at least, ideally, at most."""

    minimum: int | None = None
    aim: int | None = None
    maximum: int | None = None

    @property
    def wanted(self) -> int | None:
        """The number to reach: the aim, or what is at least wanted."""
        return self.aim if self.aim is not None else self.minimum


NO_LIMITS = Limits()


def is_in_order(limits: Limits, most: int) -> bool:
    """Whether least, aim and most do not fall, as far as they are given, and none is more than ``most``."""
    given = [each for each in (limits.minimum, limits.aim, limits.maximum) if each is not None]
    return given == sorted(given) and all(0 <= each <= most for each in given)


def state_of(filled: int, limits: Limits, foretold: float | None = None) -> FillState:
    """How full a category with these limits is; ``foretold`` people are in it when the stage closes."""
    if limits.maximum is not None and filled >= limits.maximum:
        return FillState.CLOSED
    wanted = limits.wanted
    if wanted is not None and filled >= wanted:
        return FillState.SOFT_FULL
    if limits.minimum is not None and foretold is not None and foretold < limits.minimum:
        return FillState.AT_RISK
    if wanted is not None and filled >= NEARLY * wanted:
        return FillState.NEARLY_FULL
    return FillState.OPEN


def foretell(filled: int, opens: datetime, closes: datetime, now: datetime) -> float | None:
    """How many there are at the close if people go on coming as they have; None while it is too early."""
    whole, gone = (closes - opens).total_seconds(), (min(now, closes) - opens).total_seconds()
    if whole <= 0 or gone < EARLY * whole:
        return None
    return filled * whole / gone


def shares_out(size: int, populations: list[int | None]) -> list[int] | None:
    """Aims by population that add up to ``size``, largest remainders first; None where one is not known."""
    known = [population for population in populations if population is not None]
    total = sum(known)
    if len(known) != len(populations) or total == 0:
        return None
    exact = [size * population / total for population in known]
    aims = [int(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: (aims[n] - exact[n], n))
    for n in by_remainder[: size - sum(aims)]:
        aims[n] += 1
    return aims


def invited_for(completers: int, retention: int) -> int:
    """How many must send stage one so that ``completers`` send the follow-up too; retention in percent."""
    return -(-completers * 100 // retention)
