"""Logistic regression: the chance of coming back, given what is known of everybody.

Decision: Newton's method in NumPy instead of statsmodels, which only tests have. A model without a finite
answer is refused with words: where log odds run away, a linear programme decides whether some mix of the
columns separates those who came back from those who did not, and names the columns of a short one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from consult.stats.pairs import Scores
from consult.stats.refusals import (
    BadBound,
    Entangled,
    NotFinite,
    NotWholeNumbers,
    Separated,
    ShapeMismatch,
    TooFewPeople,
)

MOST_STEPS = 100

SMALL_STEP = 1e-10
"""A step that changes nobody's log odds by more is the last; Newton's steps square their error."""

DOUBTFUL = 15.0
"""Log odds beyond which a fit may be running away: a chance of three in ten million."""

DEPENDENT = 1e-9
"""What is left of a column after the earlier ones, as a share of it, below which it follows from them."""


class Term(NamedTuple):
    """What a column of a design stands for: a score, or one category; no name for the constant."""

    name: str | None
    category: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Columns that a model takes, shape (n_people, n_columns), and what each stands for."""

    matrix: Scores
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Logit:
    """A fitted model of a yes or no.

    Attributes
    ----------
    design : float array, shape (n_people, n_columns)
        As given.
    coefficients : float array, shape (n_columns,)
        Change of the log odds per unit of a column.
    covariance : float array, shape (n_columns, n_columns)
        Of the coefficients.
    chances : float array, shape (n_people,)
        Fitted chance of a yes.
    """

    design: Scores
    coefficients: Scores
    covariance: Scores
    chances: Scores


def design_of(scores: Mapping[str, ArrayLike], categories: Mapping[str, ArrayLike]) -> Design:
    """Columns for a model: a constant, the scores, and the categories but the commonest of each variable.

    Parameters
    ----------
    scores
        Arrays of floats, shape (n_people,), by name.
    categories
        Arrays of whole numbers, shape (n_people,), by name. No answer, -1, is a category like another: nobody
        is given one that they did not name.

    Raises
    ------
    ShapeMismatch
        If they are not all over the same people.
    NotFinite
        If a score has a gap.
    NotWholeNumbers
        If a category is not a whole number.
    TooFewPeople
        If there is nothing to make columns from.
    """
    given = [np.asarray(column) for column in (*scores.values(), *categories.values())]
    if not given or not given[0].size:
        raise TooFewPeople(0, 1)
    for column in given:
        if column.ndim != 1 or column.shape != given[0].shape:
            raise ShapeMismatch(column.shape, given[0].shape)
    columns, terms = [np.ones(given[0].size)], [Term(None)]
    for name, column in zip(scores, given, strict=False):
        columns.append(column.astype(np.float64))
        terms.append(Term(name))
    for name, column in zip(categories, given[len(scores) :], strict=True):
        if not np.issubdtype(column.dtype, np.integer):
            raise NotWholeNumbers(name)
        kinds, counts = np.unique(column, return_counts=True)
        for kind in np.delete(kinds, counts.argmax()):
            columns.append((column == kind).astype(np.float64))
            terms.append(Term(name, int(kind)))
    matrix: Scores = np.column_stack(columns)
    if not np.isfinite(matrix).all():
        what = "Scores"
        raise NotFinite(what)
    return Design(matrix, tuple(terms))


def logit(design: ArrayLike, came: ArrayLike) -> Logit:
    """Fit the log odds of a yes by columns that are known of everybody.

    Parameters
    ----------
    design : float array, shape (n_people, n_columns)
        With a column of ones if the model is to have a constant, as :func:`design_of` makes it.
    came : bool array, shape (n_people,)
        Who is a yes.

    Raises
    ------
    ShapeMismatch
        If the two are not over the same people.
    NotFinite
        If a column has a gap: who lacks an answer is left out by the caller, or gets a column that says so.
    BadBound
        If ``came`` is not yes or no.
    TooFewPeople
        If there is not at least one yes and one no.
    Entangled
        If a column follows from earlier ones.
    Separated
        If some mix of columns belongs only to a yes, or only to a no: the estimate would be infinite.

    Notes
    -----
    Maximum likelihood by Newton's method, a step halved while it does not help. Separation as in Albert and
    Anderson (1984): a direction in which nobody's own outcome gets less likely and somebody's gets more
    likely, looked for by linear programming (Konis 2007). Checked against ``statsmodels`` GLM and R ``glm``.
    """
    x, y = _checked(design, came)
    coefficients: Scores = np.zeros(x.shape[1])
    doubted = False
    for _ in range(MOST_STEPS):
        step, odds = _step(x, y, coefficients)
        coefficients = coefficients + step
        if float(np.abs(x @ step).max()) <= SMALL_STEP:
            break
        if not doubted and float(np.abs(odds).max()) > DOUBTFUL:
            doubted = True
            _refuse_if_separated(x, y)
    else:
        raise Separated(range(x.shape[1]))
    chances: Scores = expit(x @ coefficients)
    spread = chances * (1.0 - chances)
    covariance = np.linalg.inv(x.T @ (x * spread[:, None])).astype(np.float64, copy=False)
    return Logit(x, coefficients, covariance, chances)


def _checked(design: ArrayLike, came: ArrayLike) -> tuple[Scores, NDArray[np.bool_]]:
    x, given = np.asarray(design, dtype=np.float64), np.asarray(came)
    if x.ndim != 2 or given.shape != x.shape[:1]:  # noqa: PLR2004 - people by columns
        raise ShapeMismatch(x.shape, given.shape)
    if not np.isfinite(x).all():
        what = "Columns"
        raise NotFinite(what)
    if not np.isin(given, (0, 1)).all():
        what = "Who came is a yes or a no"
        raise BadBound(what, "another value")
    y = given.astype(np.bool_)
    if min(y.sum(), y.size - y.sum()) == 0:
        raise TooFewPeople(0, 1)
    n, k = x.shape
    left = np.abs(np.diag(np.linalg.qr(x, mode="r")))
    lengths = np.sqrt((x * x).sum(axis=0))
    follow = np.flatnonzero(left <= DEPENDENT * lengths[: left.size]).tolist()
    if follow or n < k:
        raise Entangled([*follow, *range(n, k)])
    return x, y


def _step(x: Scores, y: NDArray[np.bool_], at: Scores) -> tuple[Scores, Scores]:
    """Newton's step from here, halved until it helps, and the log odds here."""
    odds = x @ at
    chances = expit(odds)
    spread = chances * (1.0 - chances)
    step = np.asarray(np.linalg.solve(x.T @ (x * spread[:, None]), x.T @ (y - chances)), dtype=np.float64)
    here = _unlikelihood(odds, y)
    along = x @ step
    for _ in range(30):
        if _unlikelihood(odds + along, y) <= here * (1.0 + DEPENDENT):
            break
        step, along = step / 2.0, along / 2.0
    return step, odds


def _unlikelihood(odds: Scores, y: NDArray[np.bool_]) -> float:
    """Minus the log likelihood, without overflow."""
    return float(np.logaddexp(0.0, np.where(y, -odds, odds)).sum())


def _refuse_if_separated(x: Scores, y: NDArray[np.bool_]) -> None:
    """Refuse if some direction makes nobody's outcome less likely and somebody's more likely."""
    from scipy.optimize import linprog  # noqa: PLC0415  (half a second that few fits need)

    towards = np.unique(np.where(y[:, None], x, -x) / np.abs(x).max(axis=0), axis=0)
    most, k = towards.shape
    # A direction is the difference of two halves that are not negative, so that its length is their sum.
    halves = np.hstack((towards, -towards))
    total = halves.sum(axis=0)
    found = linprog(
        np.ones(2 * k),
        A_ub=-np.vstack((halves, total)),
        b_ub=np.append(np.zeros(most), -float(most)),
        bounds=(0, None),
        method="highs",
    )
    if found.status == 0 and found.x is not None:
        direction = found.x[:k] - found.x[k:]
        raise Separated(np.flatnonzero(np.abs(direction) > DEPENDENT * np.abs(direction).max()).tolist())
