"""Change in standard deviations, for the technical annex."""

from dataclasses import dataclass
from functools import cache
from math import exp, lgamma, pi, sqrt

import numpy as np
from scipy.special import chdtrc, nctdtr

from consult.stats.bounds import crossing, tail_of
from consult.stats.change import Change, change_of
from consult.stats.pairs import Paired, Scores
from consult.stats.refusals import BadBound

SERIES_FROM = 100.0
"""Degrees of freedom from which a series gives Hedges' J more exactly than gamma functions do."""

LARGE_T = 100.0
"""A t from which SciPy's noncentral distribution grows slow, then fails, and a quadrature is exact."""


@dataclass(frozen=True, slots=True)
class StandardisedChange:
    """Mean change divided by a standard deviation; the name says which.

    Attributes
    ----------
    d_z, g_z
        By the standard deviation of the change; ``g_z`` corrected for small samples.
    d_av, g_av
        By the root mean square of the two standard deviations (Cumming); ``g_av`` corrected.
    d_av_mean_sds
        By the mean of the two standard deviations (Lakens).
    d_rm
        ``d_z * sqrt(2 * (1 - r))`` with ``r`` the correlation of before and after.
    """

    d_z: float | None
    g_z: float | None
    d_av: float | None
    g_av: float | None
    d_av_mean_sds: float | None
    d_rm: float | None


def hedges_j(df: float) -> float:
    """Give the factor that takes the small-sample bias out of a standardised mean.

    Parameters
    ----------
    df
        Degrees of freedom of the standard deviation, more than 1.

    Raises
    ------
    BadBound
        If ``df`` is not more than 1: the mean of the uncorrected value does not exist then.

    Notes
    -----
    Hedges and Olkin (1985): ``gamma(df/2) / (sqrt(df/2) * gamma((df-1)/2))``. For many degrees of freedom the
    logarithms cancel and cost digits, so the asymptotic series of that ratio is used; both agree to 1e-13
    where they meet. Checked against the published table of c(m).
    """
    if not df > 1.0:
        what = "Hedges' correction needs more than 1 degree of freedom"
        raise BadBound(what, df)
    if df < SERIES_FROM:
        return exp(lgamma(df / 2.0) - lgamma((df - 1.0) / 2.0)) / sqrt(df / 2.0)
    u = 2.0 / (df - 1.0)
    terms = (1.0, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304, 39325 / 33554432)
    return sqrt((df - 1.0) / df) * sum(term * u**power for power, term in enumerate(terms))


def standardised_change(pairs: Paired) -> StandardisedChange:
    """Mean change of paired people in standard deviations.

    Parameters
    ----------
    pairs
        The people who answered both times.

    Returns
    -------
    StandardisedChange
        ``None`` where the standard deviation to divide by is 0 or does not exist, and for corrected values of
        two people, whose correction does not exist.

    Raises
    ------
    TooFewPeople
        If nobody answered both times.

    Notes
    -----
    Lakens (2013) names the forms; Cumming (2012) defines ``d_av``. The correction is J(n - 1) for both ``g``.
    Checked against the definitions written out in NumPy, and R ``TOSTER`` for ``d_z`` and ``g_z``.
    """
    return standardised_from(change_of(pairs))


def standardised_from(change: Change) -> StandardisedChange:
    """Change in standard deviations, from a change that was already computed.

    See :func:`standardised_change`.
    """
    sd, before, after = change.sd, change.sd_before, change.sd_after
    if sd is None or before is None or after is None:
        return StandardisedChange(None, None, None, None, None, None)
    correction = hedges_j(change.n - 1) if change.n > 2 else None  # noqa: PLR2004 - two people have 1 df
    d_z = _ratio(change.mean, sd)
    d_av = _ratio(change.mean, sqrt((before * before + after * after) / 2.0))
    return StandardisedChange(
        d_z=d_z,
        g_z=_times(d_z, correction),
        d_av=d_av,
        g_av=_times(d_av, correction),
        d_av_mean_sds=_ratio(change.mean, (before + after) / 2.0),
        d_rm=_times(d_z, _unlikeness(sd, before, after)),
    )


def d_z_interval(pairs: Paired, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Interval for the change divided by its standard deviation.

    Parameters
    ----------
    pairs
        The people who answered both times.
    confidence
        A share between 0 and 1.

    Returns
    -------
    tuple of float or None
        Low and high end; ``None`` for one person and where everybody changed by the same amount.

    Raises
    ------
    TooFewPeople
        If nobody answered both times.
    BadBound
        If ``confidence`` is not strictly between 0 and 1.

    Notes
    -----
    The non-centralities at which the observed t has ``tail`` beyond it, divided by sqrt(n) (Steiger and
    Fouladi 1997), by bisection: ``scipy.special.nctdtrinc`` is only good to about seven digits. People who
    change almost alike give a t at which SciPy's distribution fails: there the chi-square tail is averaged
    over the normal instead. Checked against ``scipy.stats.nct`` and, for large t, chi-square quantiles.
    """
    tail = tail_of(confidence)
    change = change_of(pairs, confidence=confidence)
    if change.t is None or change.df is None:
        return None
    root = sqrt(change.n)
    size, df = abs(change.t), change.df
    # With one degree of freedom the ends lie at up to some multiples of t, which this bracket holds.
    reach = 40.0 * (1.0 + size)

    def end(probability: float) -> float:
        return crossing(lambda shift: _below(size, df, shift) - probability, size - reach, size + reach)

    low, high = end(1.0 - tail) / root, end(tail) / root
    return (low, high) if change.t >= 0.0 else (-high, -low)


def _below(t: float, df: int, shift: float) -> float:
    """Probability that a noncentral t, shifted by so much, lies below a positive ``t``."""
    if t < LARGE_T or t < sqrt(df) / 4.0:
        return float(nctdtr(df, shift, t))
    deviates, weights = _normal()
    spread = np.maximum(shift + deviates, 0.0) / t
    return float(weights @ chdtrc(df, df * spread * spread))


@cache
def _normal() -> tuple[Scores, Scores]:
    """Points of a standard normal and how much of it each stands for."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    deviates = 9.0 * nodes
    return deviates, 9.0 * weights * np.exp(-deviates * deviates / 2.0) / sqrt(2.0 * pi)


def _ratio(mean: float, sd: float) -> float | None:
    return mean / sd if sd > 0.0 else None


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else value * factor


def _unlikeness(sd: float, before: float, after: float) -> float | None:
    """``sqrt(2 (1 - r))``, with r from the three standard deviations."""
    if before == 0.0 or after == 0.0:
        return None
    return sqrt(max(0.0, (sd * sd - (before - after) ** 2) / (before * after)))
