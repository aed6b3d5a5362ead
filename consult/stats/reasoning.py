"""Deliberative reason index: whether people who reason alike also prefer alike."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.stats.pairs import Scores
from consult.stats.refusals import ConstantRater, NotFinite, ShapeMismatch, TooFewPeople

WEAK = 0.2
"""Correlation below which the adjusted index counts a pair for less."""


@dataclass(frozen=True, slots=True, eq=False)
class ReasonIndex:
    """Deliberative reason index of a group.

    Attributes
    ----------
    n
        People.
    dri
        The index of Niemeyer and Veri (2022), -3 to 1.
    adjusted
        With pairs of two weak correlations discounted, as in ``deliberr`` since 2025.
    chance
        What ``dri`` would be on average if preferences were handed to people at random; exact.
    excess
        ``dri - chance``.
    individual : float array, shape (n_people,)
        Each person's average over the pairs that they are in; their mean is ``dri``.
    """

    n: int
    dri: float
    adjusted: float
    chance: float
    excess: float
    individual: Scores


def reason_index(considerations: ArrayLike, preferences: ArrayLike) -> ReasonIndex:
    """How far agreement on considerations goes with agreement on preferences, over all pairs of people.

    Parameters
    ----------
    considerations : array, shape (n_people, n_considerations)
        Ratings, in the order of the items.
    preferences : array, shape (n_people, n_options)
        Places or ratings of the options, in the order of the options. Row ``i`` is the same person in both.

    Returns
    -------
    ReasonIndex
        Group level; individual values are for its mean and its change only.

    Raises
    ------
    ShapeMismatch
        If the two have not the same people.
    NotFinite
        If an answer is missing or infinite: who has not answered everything is left out by the caller.
    TooFewPeople
        If there are fewer than 2 people.
    ConstantRater
        If somebody gave one rating to everything; :func:`constant_raters` tells who.

    Notes
    -----
    ``1 - 2 * mean |rho_C - rho_P|`` with Spearman's correlations on mid-ranks, which is the published
    ``(-2 d + l) / l`` exactly. The adjusted index is
    ``1 - 2 sqrt(2) (1 - mean w (1 - |rho_C - rho_P| / sqrt(2)))`` with
    ``w = min(1, max(|rho_C|, |rho_P|) / 0.2)``. Chance is ``1 - 2 * mean |rho_C,a - rho_P,b|`` over all pairs
    of pairs, which is the mean over every re-pairing of preferences to people; a sort replaces the square of
    the pairs. Checked against R ``deliberr`` 0.1.0 and its published cases.
    """
    rho_c, rho_p = correlations(considerations, preferences)
    n = len(rho_c)
    gap = np.abs(rho_c - rho_p)
    individual: Scores = 1.0 - 2.0 * gap.sum(axis=1) / (n - 1)
    pair = np.triu_indices(n, k=1)
    of_c, of_p, apart = rho_c[pair], rho_p[pair], gap[pair]
    weight = np.minimum(1.0, np.maximum(np.abs(of_c), np.abs(of_p)) / WEAK)
    dri = 1.0 - 2.0 * float(apart.mean())
    chance = 1.0 - 2.0 * _mean_distance(of_c, of_p)
    return ReasonIndex(
        n=n,
        dri=dri,
        adjusted=1.0 - 2.0 * sqrt(2.0) * (1.0 - float((weight * (1.0 - apart / sqrt(2.0))).mean())),
        chance=chance,
        excess=dri - chance,
        individual=individual,
    )


def correlations(considerations: ArrayLike, preferences: ArrayLike) -> tuple[Scores, Scores]:
    """Spearman's correlations between every two people, on considerations and on preferences.

    Parameters
    ----------
    considerations, preferences
        As for :func:`reason_index`, which refuses the same.

    Returns
    -------
    tuple of float array, each of shape (n_people, n_people)
        Symmetric, with 1 on the diagonal.
    """
    rated, preferred = _answers(considerations, preferences)
    if len(rated) < 2:  # noqa: PLR2004 - a pair
        raise TooFewPeople(len(rated), 2)
    constant = constant_raters(rated, preferred)
    if constant.any():
        raise ConstantRater(np.flatnonzero(constant).tolist())
    return _spearman(rated), _spearman(preferred)


def constant_raters(considerations: ArrayLike, preferences: ArrayLike) -> NDArray[np.bool_]:
    """Who gave one rating to every consideration or one place to every option, shape (n_people,).

    Parameters
    ----------
    considerations, preferences
        As for :func:`reason_index`.

    Raises
    ------
    ShapeMismatch
        If the two have not the same people.
    NotFinite
        If an answer is missing or infinite.
    """
    rated, preferred = _answers(considerations, preferences)
    return _constant(rated) | _constant(preferred)


def _answers(considerations: ArrayLike, preferences: ArrayLike) -> tuple[Scores, Scores]:
    rated = np.asarray(considerations, dtype=np.float64)
    preferred = np.asarray(preferences, dtype=np.float64)
    by_item = (rated.ndim, preferred.ndim) == (2, 2)
    if not by_item or len(rated) != len(preferred):
        raise ShapeMismatch(rated.shape, preferred.shape)
    if not (np.isfinite(rated).all() and np.isfinite(preferred).all()):
        what = "Ratings and places"
        raise NotFinite(what)
    return rated, preferred


def _constant(answers: Scores) -> NDArray[np.bool_]:
    constant: NDArray[np.bool_] = (answers == answers[:, :1]).all(axis=1)
    return constant


def _spearman(answers: Scores) -> Scores:
    """Correlations of rows. Twice the centred mid-ranks are whole, so that zero and one come out exactly."""
    ranks = np.zeros_like(answers)
    for column in answers.T:
        ranks += np.sign(answers - column[:, None])
    squares = (ranks * ranks).sum(axis=1)
    rho: Scores = (ranks @ ranks.T) / np.sqrt(np.outer(squares, squares))
    return rho


def _mean_distance(first: Scores, second: Scores) -> float:
    """Mean of ``|x - y|`` over every x in the first and every y in the second."""
    first, second = np.sort(first), np.sort(second)
    below = np.searchsorted(second, first)
    reached = np.concatenate(([0.0], np.cumsum(second)))
    return (
        float((first * (2 * below - second.size) + reached[-1] - 2.0 * reached[below]).mean()) / second.size
    )
