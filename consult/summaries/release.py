"""How a count may be told to everybody. Plain values in, decisions out.

The public level: ten or more to the nearest five, three to nine as "fewer than 10", below three not at
all. Where one count alone would be held back, it could be got by subtracting the others from the whole;
then the smallest of the others loses its number too.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

FEWEST_TOLD, FEWEST_COUNTED, STEP = 3, 10, 5


class Told(StrEnum):
    """How much of a count is told."""

    NUMBER = "number"
    SOME = "some"
    FEW = "few"
    NOT = "not"
    UNSURE = "unsure"  # it is not known, or not true, that coders agree enough to count


class Released(NamedTuple):
    """A count as everybody may know it; ``number`` is rounded, and there only where it is told."""

    told: Told
    number: int | None = None


def release(count: int) -> Released:
    """One count that stands alone."""
    if count >= FEWEST_COUNTED:
        return Released(Told.NUMBER, STEP * round(count / STEP))
    return Released(Told.FEW if count >= FEWEST_TOLD else Told.NOT)


def release_together(counts: Sequence[int]) -> list[Released]:
    """The counts of a whole whose sum is told as well, in their order."""
    told = [release(count) for count in counts]
    numbered = [n for n, each in enumerate(told) if each.told is Told.NUMBER]
    if numbered and len(told) - len(numbered) == 1:
        told[min(numbered, key=lambda n: counts[n])] = Released(Told.SOME)
    return told
