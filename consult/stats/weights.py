"""Weights of people: what makes them valid, what they cost, and how they are cut."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from consult.stats.bounds import crossing
from consult.stats.pairs import Scores
from consult.stats.refusals import BadBound, NotFinite, ShapeMismatch, TooFewPeople

SETTLED = 1e-9
"""How far beyond a limit, as a share of it, still counts as within."""


class Limits(NamedTuple):
    """Least and greatest weight, as multiples of the mean."""

    low: float = 0.3
    high: float = 3.0


def checked_weights(weights: ArrayLike, n_people: int | None = None) -> Scores:
    """Weights as an array of floats.

    Raises
    ------
    ShapeMismatch
        If there is not one per person.
    TooFewPeople
        If there is nobody.
    NotFinite, BadBound
        If a weight is not a finite number above 0.
    """
    held = np.asarray(weights, dtype=np.float64)
    if held.ndim != 1 or (n_people is not None and held.size != n_people):
        raise ShapeMismatch(held.shape, (held.size if n_people is None else n_people,))
    if held.size == 0:
        raise TooFewPeople(0, 1)
    if not np.isfinite(held).all():
        what = "Weights"
        raise NotFinite(what)
    if not (held > 0.0).all():
        what = "A weight is more than 0"
        raise BadBound(what, held.min())
    return held


def checked_limits(limits: Limits) -> Limits:
    """Limits that weights of mean 1 can keep.

    Raises
    ------
    BadBound
        If they do not lie on both sides of 1.
    """
    if not 0.0 <= limits.low < 1.0 < limits.high:
        what = "Limits of weights lie on both sides of 1"
        raise BadBound(what, f"{limits.low} and {limits.high}")
    return limits


def of_mean_one(weights: Scores) -> Scores:
    """Weights on the scale on which one person counts for one on average."""
    scaled: Scores = weights / weights.mean()
    return scaled


def kish_deff(weights: ArrayLike) -> float:
    """Factor by which unequal weights alone widen the variance of a mean.

    Raises
    ------
    ShapeMismatch, TooFewPeople, NotFinite, BadBound
        See :func:`checked_weights`.

    Notes
    -----
    Kish (1965): ``n sum(w**2) / sum(w)**2``; ``n`` divided by it is the effective number of people. Checked
    against R ``PracTools::deffK``.
    """
    held = of_mean_one(checked_weights(weights))
    return float(np.mean(held * held))


def cut(weights: ArrayLike, limits: Limits) -> Scores:
    """Weights cut once to limits that are multiples of their mean, then scaled to a mean of 1.

    The scaling carries those that were cut past their limit again, a little: :func:`cut_for_good` does not.

    Raises
    ------
    ShapeMismatch, TooFewPeople, NotFinite, BadBound
        See :func:`checked_weights` and :func:`checked_limits`.
    """
    low, high = checked_limits(limits)
    return of_mean_one(np.clip(of_mean_one(checked_weights(weights)), low, high))


def cut_for_good(weights: ArrayLike, limits: Limits) -> Scores:
    """Weights of mean 1 that all keep the limits; those in between keep their proportions.

    Raises
    ------
    ShapeMismatch, TooFewPeople, NotFinite, BadBound
        See :func:`checked_weights` and :func:`checked_limits`.

    Notes
    -----
    The mean of ``clip(s * w, low, high)`` rises with ``s``; a bisection finds where it is 1.
    """
    low, high = checked_limits(limits)
    held = of_mean_one(checked_weights(weights))
    most = high / float(held.min())
    scale = crossing(lambda s: 1.0 - float(np.clip(s * held, low, high).mean()), 0.0, most)
    found: Scores = np.clip(scale * held, low, high)
    return found


def keeps(weights: Scores, limits: Limits) -> bool:
    """Whether weights of mean 1 lie within the limits."""
    low, high = limits
    return bool(weights.max() <= high * (1.0 + SETTLED) and weights.min() >= low * (1.0 - SETTLED))
