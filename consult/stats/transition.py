"""Who went where: gross change beside net change, and the noise floor of gross change."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, pi

import numpy as np
from scipy.special import ndtr, ndtri

from consult.stats.moments import moments
from consult.stats.pairs import Paired, Scores
from consult.stats.refusals import BadBound, NotAProbability, TooFewPeople

NODES = 64
"""Points of the quadrature; the integrand is smooth and 20 already give 1e-12."""

FAR = 38.0
"""A cut point that nobody lies beyond, instead of infinity."""


@dataclass(frozen=True, slots=True, eq=False)
class Transition:
    """Gross and net change of the same people.

    Attributes
    ----------
    row_shares : float array, shape (n_points, n_points)
        Of those who gave each answer before, the share who gave each answer after; NaN where nobody gave it
        before.
    share_up, share_same, share_down, gross
        Shares of people; ``gross`` is the share who gave a different answer.
    mean_abs
        Mean size of change, points.
    net
        Mean change, points.
    net_categorical
        Half the sum of absolute differences of the two distributions; never more than ``gross``.
    net_to_gross
        ``net / mean_abs``, -1 to 1: 1 where everybody who moved went up. ``None`` where nobody moved.
    crossed_midpoint
        People who went from one side of the midpoint to the other.
    moved_side
        People who are below, at or above the midpoint and were not so before.
    """

    row_shares: Scores
    share_up: float
    share_same: float
    share_down: float
    gross: float
    mean_abs: float
    net: float
    net_categorical: float
    net_to_gross: float | None
    crossed_midpoint: int
    moved_side: int


def transition_of(pairs: Paired, *, midpoint: float) -> Transition:
    """How much the people who answered both times moved, and how much of it cancels.

    Parameters
    ----------
    pairs
        The people who answered both times.
    midpoint
        Of the scale, in points. It need not be a point: on four points nobody sits at 2.5.

    Raises
    ------
    TooFewPeople
        If nobody answered both times.

    Notes
    -----
    Checked by hand and against the worked example.
    """
    n = pairs.n
    if n == 0:
        raise TooFewPeople(0, 1)
    counts, before, after = pairs.counts, pairs.before_counts, pairs.after_counts
    row_shares = np.full(counts.shape, np.nan)
    asked = before > 0
    row_shares[asked] = counts[asked] / before[asked, None]
    side = np.sign(pairs.points - midpoint)
    apart = np.abs(side[:, None] - side)
    net = moments(*pairs.differences).mean
    mean_abs = float(pairs.sizes @ (pairs.ups + pairs.downs)) / n
    return Transition(
        row_shares=row_shares,
        share_up=pairs.n_up / n,
        share_same=pairs.n_same / n,
        share_down=pairs.n_down / n,
        gross=(pairs.n_up + pairs.n_down) / n,
        mean_abs=mean_abs,
        net=net,
        net_categorical=int(np.abs(after - before).sum()) / (2 * n),
        net_to_gross=net / mean_abs if mean_abs > 0.0 else None,
        crossed_midpoint=int(counts[apart == 2.0].sum()),  # noqa: PLR2004 - from -1 to 1
        moved_side=int(counts[apart > 0.0].sum()),
    )


def noise_floor(shares: Sequence[float], reliability: float) -> float:
    """Share of people expected to give a different answer although nobody changed their mind.

    Parameters
    ----------
    shares
        Of people at each point, in order; they need not add up to 1 exactly and are scaled to it.
    reliability
        Correlation of two answers of the same person when nothing has changed, 0 to 1.

    Returns
    -------
    float
        A share. For a change of side instead of answer, pass the shares of the sides.

    Raises
    ------
    BadBound
        If ``reliability`` is not between 0 and 1.
    NotAProbability
        If a share is negative or not a number.
    TooFewPeople
        If the shares are all 0.

    Notes
    -----
    ``1 - sum P(both answers at k)`` where the answers cut a bivariate normal with that correlation. Its
    integral over the correlation (Drezner and Wesolowsky 1990) by Gauss and Legendre. Checked against
    adaptive quadrature of the conditional normal.
    """
    if not 0.0 <= reliability <= 1.0:
        what = "A reliability lies between 0 and 1"
        raise BadBound(what, reliability)
    parts = np.asarray(shares, dtype=np.float64)
    for part in parts:
        if not 0.0 <= part < float("inf"):
            raise NotAProbability(float(part))
    if not parts.sum() > 0.0:
        raise TooFewPeople(0, 1)
    parts = parts / parts.sum()
    if reliability == 1.0:
        return 0.0
    cuts = np.clip(ndtri(np.minimum(1.0, np.concatenate(([0.0], np.cumsum(parts))))), -FAR, FAR)
    cuts[-1] = FAR
    own, next_to = _both_below(cuts, cuts, reliability), _both_below(cuts[:-1], cuts[1:], reliability)
    same = own[1:] + own[:-1] - 2.0 * next_to
    return float(min(1.0, max(0.0, 1.0 - same.sum())))


def _both_below(first: Scores, second: Scores, correlation: float) -> Scores:
    """Probability that both of two standard normals with that correlation lie below their cut points."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    angle = asin(correlation)
    sine = np.sin((nodes + 1.0) * angle / 2.0)
    exponent = (first * first + second * second)[:, None] - 2.0 * (first * second)[:, None] * sine
    area: Scores = np.exp(-exponent / (2.0 * (1.0 - sine * sine))) @ weights
    both: Scores = ndtr(first) * ndtr(second) + area * angle / (4.0 * pi)
    return both
