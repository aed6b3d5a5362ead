"""Geometry of the pictures: where each mark stands, in per cent of the width. Templates only print it."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.web.telling import number as whole

APART = 14.0  # per cent of the width kept for "not made up my mind" beside a bar
GAP = 2.0
WIDE_ENOUGH = 7.0  # per cent: a narrower segment has no room for its number
HALF = 0.5
SHADES = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar segment: where it begins, how wide it is, what it means and what it says."""

    x: float
    width: float
    kind: str
    label: str
    is_dark: bool

    @property
    def middle(self) -> float:
        """Where a label in the middle stands."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One diverging bar: its segments, and the people who had not made up their minds apart."""

    name: str
    n: int
    marks: tuple[Mark, ...]
    unsure: Mark | None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars that share one centre line."""

    bars: tuple[Bar, ...]
    centre: float


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """Two averages on one scale, and the interval of the change drawn from the first."""

    before: float
    after: float
    low: float | None
    high: float | None


def kind_of(place: int, n_points: int) -> str:
    """Name the colour of a point: from the one end, over the centre, to the other."""
    middle = (n_points - 1) / 2
    if place == middle:
        return "centre"
    far = abs(place - middle) > middle / 2
    side = "from" if place < middle else "to"
    return side if far else f"{side}-soft"


def diverging(waves: Sequence[tuple[str, Sequence[int], int]]) -> Bars:
    """Place bars of answers around the middle of the scale.

    Parameters
    ----------
    waves : sequence of (name, counts by point, people not made up their mind)
        Shares are of everybody who answered in that wave.

    Returns
    -------
    Bars
        Both bars share the centre line and one unit, so that their lengths can be compared.
    """
    sides: list[tuple[float, float]] = []
    for _, counts, _ in waves:
        total = sum(counts) or 1
        n = len(counts)
        low = sum(counts[: n // 2]) / total
        centre = counts[n // 2] / total if n % 2 else 0.0
        sides.append((low + centre / 2, 1 - low - centre / 2 if sum(counts) else 0.0))
    left, right = max(s[0] for s in sides), max(s[1] for s in sides)
    has_unsure = any(unsure for _, _, unsure in waves)
    room = 100.0 - (APART + GAP if has_unsure else 0.0)
    unit = room / ((left + right) or 1)
    bars = []
    for (name, counts, unsure), (low, _) in zip(waves, sides, strict=True):
        bars.append(_bar(name, counts, unsure, start=(left - low) * unit, unit=unit, room=room))
    return Bars(tuple(bars), left * unit)


def _bar(name: str, counts: Sequence[int], unsure: int, *, start: float, unit: float, room: float) -> Bar:
    total = sum(counts)
    marks: list[Mark] = []
    x = start
    for place, count in enumerate(counts):
        width = unit * count / total if total else 0.0
        if count:
            kind = kind_of(place, len(counts))
            label = whole(count) if width >= WIDE_ENOUGH else ""
            marks.append(Mark(round(x, 3), round(width, 3), kind, label, kind in {"from", "to"}))
        x += width
    apart = None
    if unsure:
        width = APART * unsure / (total + unsure)
        apart = Mark(round(room + GAP, 3), round(width, 3), "apart", whole(unsure), is_dark=False)
    return Bar(name, total, tuple(marks), apart)


def dumbbell(
    before: float | None,
    after: float | None,
    interval: tuple[float | None, float | None],
    low: int,
    high: int,
) -> Dumbbell | None:
    """Place two averages on a scale; the interval is that of the change, drawn around the second."""
    if before is None or after is None:
        return None

    def at(value: float) -> float:
        return round(100 * min(max((value - low) / (high - low), 0.0), 1.0), 3)

    ends = [None if end is None else at(before + end) for end in interval]
    return Dumbbell(at(before), at(after), ends[0], ends[1])


def shade(count: int, largest: int) -> int:
    """Shade of a cell of a transition table, 0 (nobody) to 5 (as many as in the fullest cell)."""
    if count == 0:
        return 0
    return min(SHADES, 1 + int(SHADES * (count - HALF) / (largest or 1)))
