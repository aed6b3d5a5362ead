"""Answers of the people who answered both times, as one table of before by after."""

from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consult.stats.refusals import (
    BadBound,
    NotATable,
    NotFinite,
    NotWholeNumbers,
    OffScale,
    ShapeMismatch,
    TooManyPoints,
)

Scores: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]

MISSING = -32768
"""What marks an answer that was not given, among whole points."""

MOST_POINTS = 1000
"""Distinct values beyond which a table of before by after (8 bytes a cell) is no longer small."""

ROUNDING = 1e-12
"""Differences closer than this share of the largest point are one difference: 1.2 - 1.1 equals 2.2 - 2.1."""


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """How many people gave each pair of answers: everything that paired methods need to know.

    Attributes
    ----------
    points : float array, shape (n_points,)
        The possible answers in points, ascending. For a choice, the places of the options.
    counts : int array, shape (n_points, n_points)
        People by answer before (rows) and after (columns). Who answered only once is not in it.
    sizes, ups, downs : arrays, shape (n_sizes,)
        The distinct non-zero sizes of change in points, ascending, and how many people moved up and down by
        each.

    Raises
    ------
    NotATable
        If the counts are not square over the points, points do not ascend or a count is negative.
    NotWholeNumbers
        If the counts are not whole numbers.
    """

    points: Scores
    counts: Counts
    sizes: Scores = field(init=False, repr=False)
    ups: Counts = field(init=False, repr=False)
    downs: Counts = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check the table, make it read-only and sort the moves by size."""
        points = np.array(self.points, dtype=np.float64)
        if not np.issubdtype(np.asarray(self.counts).dtype, np.integer):
            what = "Counts of people"
            raise NotWholeNumbers(what)
        counts = np.array(self.counts, dtype=np.int64)
        _check_table(points, counts)
        found: dict[str, NDArray[Any]] = {"points": points, "counts": counts}
        found["sizes"], found["ups"], found["downs"] = _moves(points, counts)
        for name, array in found.items():
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @classmethod
    def from_scores(cls, before: Scores, after: Scores) -> Self:
        """Pair up scores; who lacks either is dropped.

        Parameters
        ----------
        before, after : float array, shape (n_people,)
            Scores in points. Row ``i`` is the same person in both; NaN marks a score that does not exist.

        Returns
        -------
        Paired
            Over the distinct scores that occur among those people.

        Raises
        ------
        ShapeMismatch
            If the arrays differ in shape. They are never realigned or unpaired.
        NotFinite
            If a score is infinite.
        TooManyPoints
            If there are more than ``MOST_POINTS`` distinct scores.
        """
        before, after = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
        _check_shapes(before, after)
        both = ~(np.isnan(before) | np.isnan(after))
        before, after = before[both], after[both]
        if before.size == 0:
            return cls(np.empty(0), np.empty((0, 0), dtype=np.int64))
        low = float(min(before.min(), after.min()))
        high = float(max(before.max(), after.max()))
        if not (np.isfinite(low) and np.isfinite(high)):
            what = "Scores"
            raise NotFinite(what)
        if high - low < MOST_POINTS and _whole(before) and _whole(after):
            wide = np.int64(low)
            table = _count(
                (before - low).astype(np.int64), (after - low).astype(np.int64), int(high - low) + 1
            )
            used = (table.sum(axis=0) + table.sum(axis=1)) > 0
            return cls((np.flatnonzero(used) + wide).astype(np.float64), table[np.ix_(used, used)])
        points, places = np.unique(np.concatenate((before, after)), return_inverse=True)
        if points.size > MOST_POINTS:
            raise TooManyPoints(points.size, MOST_POINTS)
        return cls(points, _count(places[: before.size], places[before.size :], points.size))

    @classmethod
    def from_points(
        cls, before: NDArray[Any], after: NDArray[Any], *, low: int, high: int, missing: int = MISSING
    ) -> Self:
        """Pair up whole points on a scale; who lacks either answer is dropped.

        Parameters
        ----------
        before, after : int array, shape (n_people,)
            Points from ``low`` to ``high``. Row ``i`` is the same person in both.
        low, high
            The ends of the scale; every whole number between is a point, whether or not somebody chose it.
        missing
            What marks an answer that was not given.

        Raises
        ------
        ShapeMismatch
            If the arrays differ in shape. They are never realigned or unpaired.
        NotWholeNumbers
            If an array is not of an integer type.
        BadBound
            If the scale is empty or ``missing`` lies on it.
        OffScale
            If anything else than ``missing`` lies off the scale, also for somebody who answered once.
        TooManyPoints
            If the scale has more than ``MOST_POINTS`` points.

        Notes
        -----
        Answers are clipped to one place beyond each end and counted once; whatever was counted beyond the
        ends must be as many as the missing. That is one pass of small integers instead of masks and copies.
        """
        before, after = np.asarray(before), np.asarray(after)
        _check_shapes(before, after)
        n_points = high - low + 1
        if n_points < 1 or low <= missing <= high:
            what = "The mark for missing lies off the scale, whose low end is not above its high end"
            raise BadBound(what, missing)
        if n_points > MOST_POINTS:
            raise TooManyPoints(n_points, MOST_POINTS)
        table = _count(_places(before, low, high), _places(after, low, high), n_points + 2)
        for wave, answers, inside in (("before", before, table[1:-1, :]), ("after", after, table[:, 1:-1])):
            if answers.size - int(inside.sum()) != int(np.count_nonzero(answers == missing)):
                raise OffScale(wave, low, high)
        return cls(np.arange(low, high + 1, dtype=np.float64), table[1:-1, 1:-1])

    @property
    def n(self) -> int:
        """How many people answered both times."""
        return int(self.counts.sum())

    @property
    def before_counts(self) -> Counts:
        """People by answer before, shape (n_points,)."""
        totals: Counts = self.counts.sum(axis=1)
        return totals

    @property
    def after_counts(self) -> Counts:
        """People by answer after, shape (n_points,)."""
        totals: Counts = self.counts.sum(axis=0)
        return totals

    @property
    def n_up(self) -> int:
        """How many gave a higher answer after."""
        return int(self.ups.sum())

    @property
    def n_down(self) -> int:
        """How many gave a lower answer after."""
        return int(self.downs.sum())

    @property
    def n_same(self) -> int:
        """How many gave the same answer."""
        return self.n - self.n_up - self.n_down

    @property
    def differences(self) -> tuple[Scores, Counts]:
        """Distinct changes (after minus before, points) in ascending order, and how many people made each."""
        fell, rose, same = self.downs > 0, self.ups > 0, self.n_same
        stay = np.zeros(1 if same else 0)
        return (
            np.concatenate((-self.sizes[fell][::-1], stay, self.sizes[rose])),
            np.concatenate(
                (self.downs[fell][::-1], np.full(stay.size, same, dtype=np.int64), self.ups[rose])
            ),
        )

    def swapped(self) -> "Paired":
        """Give the same people with before and after exchanged."""
        return Paired(self.points, self.counts.T)


def _check_shapes(before: NDArray[Any], after: NDArray[Any]) -> None:
    if before.shape != after.shape or before.ndim != 1:
        raise ShapeMismatch(before.shape, after.shape)


def _check_table(points: Scores, counts: Counts) -> None:
    if points.ndim != 1 or counts.shape != (points.size, points.size):
        why = f"{counts.shape} counts over {points.shape} points"
        raise NotATable(why)
    if not bool(np.isfinite(points).all()) or bool((points[1:] <= points[:-1]).any()):
        why = "the points do not ascend"
        raise NotATable(why)
    if bool((counts < 0).any()):
        why = "a count is negative"
        raise NotATable(why)


def _whole(scores: Scores) -> bool:
    return bool((scores == np.rint(scores)).all())


def _places(answers: NDArray[Any], low: int, high: int) -> NDArray[Any]:
    """Places on the scale from 1, with 0 for anything below and one beyond the last for anything above."""
    if not np.issubdtype(answers.dtype, np.integer):
        what = "Points"
        raise NotWholeNumbers(what)
    limits = np.iinfo(answers.dtype)
    # A narrow type is several times faster, but must hold the scale, its margins and the cell number.
    if low - 1 < limits.min or high + 1 > limits.max or (high - low + 3) ** 2 > limits.max:
        answers = answers.astype(np.int64)
    places: NDArray[Any] = np.clip(answers, low - 1, high + 1) - (low - 1)
    return places


def _count(rows: NDArray[Any], columns: NDArray[Any], n_points: int) -> Counts:
    cells = np.bincount(rows * n_points + columns, minlength=n_points * n_points)
    return cells.reshape(n_points, n_points).astype(np.int64, copy=False)


def _moves(points: Scores, counts: Counts) -> tuple[Scores, Counts, Counts]:
    """Distinct sizes of change with the people who moved up and down by each; rounding makes no new sizes."""
    rows, columns = np.nonzero(counts)
    change = points[columns] - points[rows]
    people = counts[rows, columns]
    closest = ROUNDING * float(np.abs(points).max(initial=0.0))
    moved = np.abs(change) > closest
    change, people = change[moved], people[moved]
    order = np.argsort(np.abs(change), kind="stable")
    change, people = change[order], people[order]
    sizes = np.abs(change)
    first = np.concatenate((sizes[:1] > 0.0, np.diff(sizes) > closest))
    group = np.cumsum(first) - 1
    n_sizes = int(first.sum())
    up = np.zeros(n_sizes, dtype=np.int64)
    down = np.zeros(n_sizes, dtype=np.int64)
    np.add.at(up, group[change > 0.0], people[change > 0.0])
    np.add.at(down, group[change < 0.0], people[change < 0.0])
    return sizes[first], up, down
