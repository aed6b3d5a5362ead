"""Who did not come back, what that could do to a change, and weights that make up for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, gammaln, stdtr

from consult.stats.moments import Moments, moments
from consult.stats.pairs import Scores
from consult.stats.refusals import (
    BadBound,
    NotAProbability,
    NotFinite,
    NotWholeNumbers,
    OffScale,
    ShapeMismatch,
    TooFewPeople,
)
from consult.stats.weights import of_mean_one

TOP = 0.99
"""Quantile at which weights for coming back are cut."""

ALIKE = 1.0 + 1e-7
"""Tables within this factor of the chance of the one seen count as no more likely, as R does it."""


@dataclass(frozen=True, slots=True)
class ScoreComparison:
    """Scores of those who stayed beside those who left.

    Attributes
    ----------
    stayed, left
        People, mean and standard deviation of each, in points.
    smd
        Difference of means, stayed minus left, in pooled standard deviations. This is what is shown.
    t, df, p
        Welch's test, for the technical notes.

    ``None`` is what cannot be computed: everything where either has one person only, or nobody varies.
    """

    stayed: Moments
    left: Moments
    smd: float | None
    t: float | None
    df: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class CategoryComparison:
    """Categories of those who stayed beside those who left.

    Attributes
    ----------
    n_stayed, n_left, retention
        People, and the share who stayed.
    retention_by_category
        Share who stayed; ``None`` for a category with nobody.
    smd_by_category
        Difference of its shares among those who stayed and left, in standard deviations; ``None`` where it
        has nobody or everybody.
    chi2, df, p
        Pearson's test, empty categories left out; ``None`` where one category has everybody.
    p_exact
        Fisher's test, two-sided, for two categories; ``None`` otherwise.
    """

    n_stayed: int
    n_left: int
    retention: float
    retention_by_category: tuple[float | None, ...]
    smd_by_category: tuple[float | None, ...]
    chi2: float | None
    df: int
    p: float | None
    p_exact: float | None


@dataclass(frozen=True, slots=True)
class ChangeBounds:
    """What the mean change of everybody could be, whoever did not come back.

    Attributes
    ----------
    n, n_missing
        People with an answer before, and how many of them have none after.
    low, high
        If all of these had answered with the lowest or the highest point (Manski 1990).
    carried_forward
        If none of them had changed.
    """

    n: int
    n_missing: int
    low: float
    high: float
    carried_forward: float


def compare_scores(stayed: ArrayLike, left: ArrayLike) -> ScoreComparison:
    """Compare an answer given before between those who stayed and those who left.

    Parameters
    ----------
    stayed, left : float array, shape (n_stayed,) and (n_left,)
        Scores in points. NaN marks an item not answered, and is left out.

    Raises
    ------
    ShapeMismatch
        If either is not one score per person.
    NotFinite
        If a score is infinite.
    TooFewPeople
        If nobody of either has a score.

    Notes
    -----
    Checked against ``scipy.stats.ttest_ind(equal_var=False)``.
    """
    one, other = _moments(stayed), _moments(left)
    if one.sd is None or other.sd is None or (one.sd == 0.0 and other.sd == 0.0):
        return ScoreComparison(one, other, *(None,) * 4)
    gap = one.mean - other.mean
    pooled = (one.n - 1) * one.sd**2 + (other.n - 1) * other.sd**2
    a, b = one.sd**2 / one.n, other.sd**2 / other.n
    t = gap / sqrt(a + b)
    df = (a + b) ** 2 / (a * a / (one.n - 1) + b * b / (other.n - 1))
    smd = gap / sqrt(pooled / (one.n + other.n - 2))
    return ScoreComparison(one, other, smd, t, df, 2.0 * float(stdtr(df, -abs(t))))


def compare_categories(stayed: Sequence[int], left: Sequence[int]) -> CategoryComparison:
    """Compare who people are between those who stayed and those who left.

    Parameters
    ----------
    stayed, left : sequence of int, shape (n_categories,)
        People by category, in the same order; those without an answer are left out.

    Raises
    ------
    ShapeMismatch
        If the two have not the same categories.
    NotWholeNumbers
        If a count is not a whole number of at least 0.
    TooFewPeople
        If nobody stayed, or nobody left.

    Notes
    -----
    Standardised differences after Austin (2009): the gap of two shares over the root of the mean of their
    variances. Checked against ``scipy.stats.chi2_contingency`` and ``fisher_exact``.
    """
    if len(stayed) != len(left):
        raise ShapeMismatch((len(stayed),), (len(left),))
    if any(count != int(count) or count < 0 for count in (*stayed, *left)):
        what = "Counts of people"
        raise NotWholeNumbers(what)
    counts = np.array([stayed, left], dtype=np.int64)
    n_stayed, n_left = (int(n) for n in counts.sum(axis=1))
    if not (n_stayed and n_left):
        raise TooFewPeople(0, 1)
    held = counts[:, counts.sum(axis=0) > 0]
    df = held.shape[1] - 1
    chi2 = p = exact = None
    if df:
        expected = np.outer(held.sum(axis=1), held.sum(axis=0)) / held.sum()
        chi2 = float(((held - expected) ** 2 / expected).sum())
        p = float(chdtrc(df, chi2))
    if df == 1:
        (a, b), (c, d) = held.tolist()
        exact = _fisher(a, b, c, d)
    return CategoryComparison(
        n_stayed=n_stayed,
        n_left=n_left,
        retention=n_stayed / (n_stayed + n_left),
        retention_by_category=tuple(int(a) / int(a + b) if a + b else None for a, b in counts.T),
        smd_by_category=tuple(_share_gap(int(a) / n_stayed, int(b) / n_left) for a, b in counts.T),
        chi2=chi2,
        df=df,
        p=p,
        p_exact=exact,
    )


def weights_for_staying(chances: ArrayLike, *, top: float = TOP) -> Scores:
    """Weights with which those who stayed stand for everybody who was asked, of mean 1.

    They are where raking begins: pass them as its base.

    Parameters
    ----------
    chances : float array, shape (n_stayed,)
        Fitted chance of staying of those who did.
    top
        Weights above this quantile are cut to it.

    Raises
    ------
    TooFewPeople
        If nobody stayed.
    NotAProbability
        If a chance is not above 0 and at most 1.
    BadBound
        If ``top`` is not above 0 and at most 1.

    Notes
    -----
    The inverse of the chance. The quantile is the usual interpolated one, so that in a small group the
    largest weight is cut a little or not at all.
    """
    held = np.asarray(chances, dtype=np.float64)
    if held.ndim != 1 or held.size == 0:
        raise TooFewPeople(0, 1)
    for chance in held[~((held > 0.0) & (held <= 1.0))]:
        raise NotAProbability(float(chance))
    if not 0.0 < top <= 1.0:
        what = "A quantile is above 0 and at most 1"
        raise BadBound(what, top)
    weights = of_mean_one(1.0 / held)
    return of_mean_one(np.minimum(weights, np.quantile(weights, top)))


def change_bounds(before: ArrayLike, after: ArrayLike, *, low: int, high: int) -> ChangeBounds:
    """What the mean change of everybody asked could be, whatever those who left would have said.

    Parameters
    ----------
    before, after : float array, shape (n_people,)
        Scores in points. Row ``i`` is the same person in both; who has no score before is left out, NaN after
        marks somebody who left.
    low, high
        The ends of the scale.

    Raises
    ------
    ShapeMismatch
        If the arrays differ in shape.
    OffScale
        If a score is beyond an end.
    TooFewPeople
        If nobody has a score before.
    """
    first, last = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.shape != last.shape or first.ndim != 1:
        raise ShapeMismatch(first.shape, last.shape)
    for wave, scores in (("before", first), ("after", last)):
        if ((scores < low) | (scores > high)).any():
            raise OffScale(wave, low, high)
    asked = ~np.isnan(first)
    first, last = first[asked], last[asked]
    if not first.size:
        raise TooFewPeople(0, 1)
    gone = np.isnan(last)
    return ChangeBounds(
        n=first.size,
        n_missing=int(gone.sum()),
        low=float((np.where(gone, low, last) - first).mean()),
        high=float((np.where(gone, high, last) - first).mean()),
        carried_forward=float(np.where(gone, 0.0, last - first).mean()),
    )


def _moments(scores: ArrayLike) -> Moments:
    held = np.asarray(scores, dtype=np.float64)
    if held.ndim != 1:
        raise ShapeMismatch(held.shape, (held.size,))
    if np.isinf(held).any():
        what = "Scores"
        raise NotFinite(what)
    points, counts = np.unique(held[~np.isnan(held)], return_counts=True)
    return moments(points, counts)


def _share_gap(stayed: float, left: float) -> float | None:
    variance = (stayed * (1.0 - stayed) + left * (1.0 - left)) / 2.0
    return (stayed - left) / sqrt(variance) if variance else None


def _fisher(a: int, b: int, c: int, d: int) -> float:
    """Chance of a table of the same totals that is no more likely than this one."""
    row, column, n = a + b, a + c, a + b + c + d
    cell = np.arange(max(0, row + column - n), min(row, column) + 1)
    rest = (row - cell, column - cell, n - row - column + cell)
    logs = -gammaln(cell + 1.0) - sum(gammaln(part + 1.0) for part in rest)
    chances = np.exp(logs - logs.max())
    seen = chances[a - cell[0]]
    return min(1.0, float(chances[chances <= seen * ALIKE].sum() / chances.sum()))
