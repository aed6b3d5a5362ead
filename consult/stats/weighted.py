"""Weighted means and changes, with what weighting does to their uncertainty.

Decision: weights are never frequencies. Libraries that read them so (``DescrStatsW``) take a weight of 2 for
two people and understate the error. Rank tests are not weighted at all: there is no agreed way, so the test
without weights stands beside the weighted change.
"""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from consult.stats.bounds import tail_of
from consult.stats.explained import RakedColumns
from consult.stats.pairs import Counts, Scores
from consult.stats.refusals import NotFinite, NotWholeNumbers, ShapeMismatch, TooFewPeople
from consult.stats.weights import checked_weights, kish_deff, of_mean_one

NO_GROUP = -1
"""What marks somebody who was in no group, among groups; they count as a group of their own."""


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """A weighted mean with its uncertainty.

    Attributes
    ----------
    n
        People with a value, not weighted.
    mean, plain_mean
        With the weights, and without.
    se
        Linearised, the weights taken as fixed; with groups, people of a group count together.
    se_raking_aware
        The same with what raking already explains taken out; ``None`` unless the columns were given. Often
        smaller than ``se``, which is the cautious one.
    df, t, p, low, high
        From ``se``: people less 1, or groups less 1.
    kish_deff, n_eff
        What unequal weights alone cost, and ``n`` divided by it.
    deff
        What they cost this mean: its variance over that of the mean without weights of as many independent
        people.

    ``None`` is what cannot be computed: everything but the means for one person; ``t``, ``p`` and ``deff``
    where all values are equal.
    """

    n: int
    mean: float
    plain_mean: float
    se: float | None
    se_raking_aware: float | None
    df: int | None
    t: float | None
    p: float | None
    low: float | None
    high: float | None
    kish_deff: float
    n_eff: float
    deff: float | None


@dataclass(frozen=True, slots=True)
class WeightedChange:
    """Weighted means before and after, and of the change: points, or shares from 0 to 1."""

    before: float
    after: float
    change: WeightedMean


def weighted_change(
    before: ArrayLike,
    after: ArrayLike,
    weights: ArrayLike,
    *,
    columns: RakedColumns | None = None,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> WeightedChange:
    """Weighted mean change of the people who answered both times, after minus before.

    Parameters
    ----------
    before, after : float array, shape (n_people,)
        Scores in points. Row ``i`` is the same person in both; NaN marks an item not answered, and who lacks
        either is in no mean.
    weights, columns, groups, confidence
        See :func:`weighted_mean`, which refuses the same.
    """
    first, last = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.shape != last.shape:
        raise ShapeMismatch(first.shape, last.shape)
    change = weighted_mean(last - first, weights, columns=columns, groups=groups, confidence=confidence)
    both = ~np.isnan(last - first)
    held = np.asarray(weights, dtype=np.float64)[both]
    return WeightedChange(
        before=float(held @ first[both] / held.sum()),
        after=float(held @ last[both] / held.sum()),
        change=change,
    )


def weighted_share_change(
    before: ArrayLike,
    after: ArrayLike,
    weights: ArrayLike,
    *,
    at_least: float,
    columns: RakedColumns | None = None,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> WeightedChange:
    """Weighted change of the share who answer ``at_least`` so many points.

    Parameters
    ----------
    before, after
        As for :func:`weighted_change`.
    at_least
        From how many points on an answer counts.
    weights, columns, groups, confidence
        See :func:`weighted_mean`, which refuses the same. The interval is cut at -1 and 1.
    """
    first, last = (_reached(scores, at_least) for scores in (before, after))
    got = weighted_change(first, last, weights, columns=columns, groups=groups, confidence=confidence)
    low, high = got.change.low, got.change.high
    if low is None or high is None:
        return got
    return replace(got, change=replace(got.change, low=max(-1.0, low), high=min(1.0, high)))


def weighted_mean(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    columns: RakedColumns | None = None,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> WeightedMean:
    """Weighted mean of the people who have a value, with its uncertainty.

    Parameters
    ----------
    values : float array, shape (n_people,)
        NaN marks nobody's value.
    weights : float array, shape (n_people,)
        On any scale.
    columns
        What the weights were raked to: :meth:`consult.stats.raking.Raked.columns`.
    groups : int array, shape (n_people,), optional
        The group that each person talked in; -1 for none.
    confidence
        Of the interval, a share between 0 and 1.

    Raises
    ------
    ShapeMismatch
        If the arrays are not over the same people.
    TooFewPeople
        If nobody has a value, or all who have are in one group.
    NotFinite
        If a value is infinite.
    NotWholeNumbers
        If groups are not whole numbers.
    BadBound
        If a weight is not above 0, or ``confidence`` not strictly between 0 and 1.

    Notes
    -----
    ``sqrt(n / (n - 1) sum (w (x - mean))**2) / sum w``; with groups the sum is over groups of people, and
    ``n`` the number of groups. Aware of raking, ``x - mean`` gives way to what is left of it after a
    regression on the columns with the weights before raking, over everybody raked; who has no value counts
    as 0 in it (Deville and Sarndal 1992). Checked against R ``survey`` (``svymean`` after ``rake`` and
    ``calibrate``) and statsmodels WLS with heteroscedastic and clustered errors.
    """
    tail = tail_of(confidence)
    scores = np.asarray(values, dtype=np.float64)
    held = checked_weights(weights, scores.size)
    if scores.shape != held.shape:
        raise ShapeMismatch(scores.shape, held.shape)
    if np.isinf(scores).any():
        what = "Values"
        raise NotFinite(what)
    cluster = None if groups is None else _clusters(groups, scores.size)
    has = ~np.isnan(scores)
    n = int(has.sum())
    if n == 0:
        raise TooFewPeople(0, 1)
    x, w = scores[has], of_mean_one(held[has])
    is_level = bool((x == x[0]).all())
    mean, plain = (float(x[0]), float(x[0])) if is_level else (float(w @ x) / n, float(x.mean()))
    deff = kish_deff(w)
    if n == 1:
        return WeightedMean(n, mean, plain, *(None,) * 7, deff, n / deff, None)
    off = np.where(has, scores - mean, 0.0)
    share = held / held[has].sum()
    se, df = _error(w * (x - mean) / n, None if cluster is None else cluster[has])
    aware = None
    if columns is not None:
        left = columns.unexplained(off)
        aware = 0.0 if is_level else _error(share * left, cluster)[0]
    reach = -float(stdtrit(df, tail)) * se
    t = mean / se if se else None
    return WeightedMean(
        n=n,
        mean=mean,
        plain_mean=plain,
        se=se,
        se_raking_aware=aware,
        df=df,
        t=t,
        p=None if t is None else 2.0 * float(stdtr(df, -abs(t))),
        low=mean - reach,
        high=mean + reach,
        kish_deff=deff,
        n_eff=n / deff,
        deff=None if is_level else se * se * n / float(x.var(ddof=1)),
    )


def _reached(scores: ArrayLike, at_least: float) -> Scores:
    points = np.asarray(scores, dtype=np.float64)
    if np.isinf(points).any():
        what = "Scores"
        raise NotFinite(what)
    return np.where(np.isnan(points), np.nan, (points >= at_least).astype(np.float64))


def _clusters(groups: ArrayLike, n_people: int) -> Counts:
    """Places of groups from 0; who was in none gets one of their own."""
    given = np.asarray(groups)
    if given.shape != (n_people,):
        raise ShapeMismatch(given.shape, (n_people,))
    if not np.issubdtype(given.dtype, np.integer):
        what = "Groups"
        raise NotWholeNumbers(what)
    alone = given == NO_GROUP
    places = np.empty(n_people, dtype=np.int64)
    _, places[~alone] = np.unique(given[~alone], return_inverse=True)
    places[alone] = n_people + np.arange(alone.sum())
    return places


def _error(parts: Scores, cluster: Counts | None) -> tuple[float, int]:
    """Standard error of a sum of independent parts, or of clusters of them; and its degrees of freedom."""
    if cluster is None:
        sums = parts
    else:
        _, places = np.unique(cluster, return_inverse=True)
        sums = np.bincount(places, weights=parts).astype(np.float64, copy=False)
        if sums.size == 1:
            raise TooFewPeople(1, 2)
    n = int(sums.size)
    return sqrt(n / (n - 1) * float(sums @ sums)), n - 1
