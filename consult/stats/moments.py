"""Mean and spread of answers that are counted by value."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from consult.stats.refusals import TooFewPeople

EXACT_BELOW = 2**62
"""Sums of whole numbers below this stay exact in 64 bits."""


@dataclass(frozen=True, slots=True)
class Moments:
    """How many, their mean, and their standard deviation (n - 1; ``None`` for one person)."""

    n: int
    mean: float
    sd: float | None


def moments(scores: NDArray[np.float64], counts: NDArray[np.int64]) -> Moments:
    """Mean and standard deviation of people whose scores are counted by value.

    Parameters
    ----------
    scores : float array, shape (n_values,)
        Distinct scores in points.
    counts : int array, shape (n_values,)
        How many people have each score; zeros are allowed.

    Returns
    -------
    Moments
        The standard deviation is exactly 0 if and only if one score has all the people.

    Raises
    ------
    TooFewPeople
        If there is nobody.

    Notes
    -----
    Whole scores are summed as integers, so ``n * sum(x**2) - sum(x)**2`` is exact and nobody's equal answers
    turn into a spread of 1e-17. Other scores take two passes with the correction of Chan, Golub and LeVeque
    (1983). Checked against ``numpy.mean`` and ``numpy.std(ddof=1)``.
    """
    held = counts > 0
    scores, counts = scores[held], counts[held]
    n = int(counts.sum())
    if n == 0:
        raise TooFewPeople(0, 1)
    if scores.size == 1:
        return Moments(n, float(scores[0]), 0.0 if n > 1 else None)
    largest = float(np.abs(scores).max())
    if n * largest * largest < EXACT_BELOW and bool((scores == np.rint(scores)).all()):
        whole = scores.astype(np.int64)
        weighted = counts * whole
        total = int(weighted.sum())
        squares = int(weighted @ whole)
        return Moments(n, total / n, sqrt((n * squares - total * total) / (n * (n - 1))))
    mean = float(counts @ scores) / n
    off = scores - mean
    residue = float(counts @ off)
    return Moments(n, mean, sqrt(max(0.0, float(counts @ (off * off)) - residue * residue / n) / (n - 1)))
