"""Weights that bring the people who took part into line with the people who live here.

Decision: iterative proportional fitting over people, in plain NumPy. It is the method that councils' own
statisticians know, every step can be told in a sentence ("people under 25 count for a little more"), and
100,000 people by six variables take a fraction of a second. The cost is slow convergence where variables
almost contradict each other, which is refused rather than shown half done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from consult.stats.balance import VariableBalance, balance_of
from consult.stats.explained import RakedColumns
from consult.stats.margins import NO_ANSWER, Collapsing, Margin, Variable, margin_of
from consult.stats.pairs import Scores
from consult.stats.refusals import NothingToRake, ShapeMismatch, Unreachable
from consult.stats.weights import (
    Limits,
    checked_limits,
    checked_weights,
    cut,
    cut_for_good,
    keeps,
    kish_deff,
    of_mean_one,
)

HOLDS = 1e-6
"""A margin holds when its weighted share is this close to the population's."""

AIM = 1e-12
"""Rounds go on to here where they can: it costs little, and a second calculation gets the same digits."""

MOST_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class RakingSettings:
    """How to rake; the defaults are the method's.

    Attributes
    ----------
    collapsing
        When thin categories are put together; ``None`` for never.
    limits
        Of the weights; ``None`` for none.
    cycles
        How often to rake again after cutting weights to the limits, at most.
    unanswered_limit
        The share of people who gave no answer above which a variable is dropped.
    """

    collapsing: Collapsing | None = field(default_factory=Collapsing)
    limits: Limits | None = field(default_factory=Limits)
    cycles: int = 5
    unanswered_limit: float = 0.1


@dataclass(frozen=True, slots=True)
class RakingReport:
    """What was done to make the weights, and what it cost; plain values.

    Attributes
    ----------
    n
        People.
    rounds
        Rounds over all variables, in all cycles together.
    cycles
        How often the weights were raked again after cutting.
    converged
        Whether every margin holds within 1e-6 in the end; cutting may have cost it.
    largest_error
        The largest error of a raked group in the end, a share.
    too_heavy, too_light
        People beyond the limits before anything was cut.
    least, greatest, max_to_min
        Of the weights, whose mean is 1, and their ratio.
    kish_deff, n_eff
        The factor by which unequal weights alone widen the variance, and ``n`` divided by it.
    variables
        In the order given, also those that were dropped.
    """

    n: int
    rounds: int
    cycles: int
    converged: bool
    largest_error: float
    too_heavy: int
    too_light: int
    least: float
    greatest: float
    max_to_min: float
    kish_deff: float
    n_eff: float
    variables: tuple[VariableBalance, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """Weights with the report of their making.

    Attributes
    ----------
    weights : float array, shape (n_people,)
        Their mean is 1.
    report
        Fit for JSON through ``dataclasses.asdict``.
    base : float array, shape (n_people,)
        What they began as; their mean is 1.
    margins
        What was raked to; dropped variables are not among them.
    """

    weights: Scores
    report: RakingReport
    base: Scores
    margins: tuple[Margin, ...]

    def columns(self) -> RakedColumns:
        """Give what an error that is aware of raking needs."""
        return RakedColumns.of(self.margins, self.base)


def rake(
    variables: Sequence[Variable], *, base: ArrayLike | None = None, settings: RakingSettings | None = None
) -> Raked:
    """Weights with which the people who took part have the population's shares on every variable.

    Parameters
    ----------
    variables
        One or more, over the same people.
    base : float array, shape (n_people,), optional
        Weights to begin with, as the inverse of the chance to be selected or to come back; 1 for all if not
        given. Their scale is of no consequence.
    settings
        The method's own if not given.

    Returns
    -------
    Raked
        Weights of mean 1, and the report.

    Raises
    ------
    ShapeMismatch
        If variables or base are not over the same people.
    TooFewPeople
        If there is nobody.
    NotFinite, BadBound
        If a base weight is not a finite number above 0, or the limits leave out 1.
    EmptyCategory, NobodyLivesThere
        If nothing may be put together and a category has nobody on one side only.
    NothingToRake
        If no variable is left.
    Unreachable
        If the margins do not hold after a thousand rounds: they contradict each other among these people.

    Notes
    -----
    Deming and Stephan (1940). In the round of a variable its groups are scaled to the population's shares of
    the people who answered it; who did not keeps the running weight, so that nothing is imputed to anybody.
    Weights beyond [0.3, 3] times the mean are cut and raked again, at most five times; what is still beyond
    is cut for good and the margins' errors are reported. Checked against R ``survey::rake``, a loop over
    people in plain Python and Newton's method on the dual.
    """
    settings = settings or RakingSettings()
    limits = Limits(0.0, np.inf) if settings.limits is None else checked_limits(settings.limits)
    start = _start(variables, base)
    planned = [
        margin_of(variable, start, collapsing=settings.collapsing, unanswered_limit=settings.unanswered_limit)
        for variable in variables
    ]
    margins = tuple(margin for margin in planned if margin.dropped is None)
    if not margins:
        raise NothingToRake
    weights, rounds = _fitted(start, margins)
    too_heavy, too_light = int((weights > limits.high).sum()), int((weights < limits.low).sum())
    cycles = 0
    while cycles < settings.cycles and not keeps(weights, limits):
        weights, more = _fitted(cut(weights, limits), margins)
        cycles, rounds = cycles + 1, rounds + more
    if not keeps(weights, limits):
        weights = cut_for_good(weights, limits)
    weights.setflags(write=False)
    balances = tuple(balance_of(margin, start, weights) for margin in planned)
    largest = max(balance.largest_error or 0.0 for balance in balances)
    least, greatest, deff = float(weights.min()), float(weights.max()), kish_deff(weights)
    report = RakingReport(
        n=weights.size,
        rounds=rounds,
        cycles=cycles,
        converged=largest <= HOLDS,
        largest_error=largest,
        too_heavy=too_heavy,
        too_light=too_light,
        least=least,
        greatest=greatest,
        max_to_min=greatest / least,
        kish_deff=deff,
        n_eff=weights.size / deff,
        variables=balances,
    )
    return Raked(weights, report, start, margins)


def _start(variables: Sequence[Variable], base: ArrayLike | None) -> Scores:
    if not variables:
        raise NothingToRake
    first, *others = variables
    for other in others:
        if other.codes.shape != first.codes.shape:
            raise ShapeMismatch(other.codes.shape, first.codes.shape)
    return of_mean_one(checked_weights(np.ones(first.codes.size) if base is None else base, first.codes.size))


def _fitted(start: Scores, margins: Sequence[Margin]) -> tuple[Scores, int]:
    """Weights of mean 1 with which all margins hold, and how many rounds it took."""
    weights = start.copy()
    # Who gave no answer has a place of their own after the groups, which no round scales.
    places = [np.where(m.codes == NO_ANSWER, m.shares.size, m.codes) for m in margins]
    factors = [np.ones(m.shares.size + 1) for m in margins]
    furthest = np.inf
    for rounds in range(1, MOST_ROUNDS + 1):
        furthest = 0.0
        for margin, place, factor in zip(margins, places, factors, strict=True):
            held = np.bincount(place, weights=weights, minlength=factor.size)[:-1]
            shares = held / held.sum()
            furthest = max(furthest, float(np.abs(shares - margin.shares).max()))
            factor[:-1] = margin.shares / shares
            weights *= factor[place]
        if furthest <= AIM:
            return of_mean_one(weights), rounds
    if furthest > HOLDS:
        raise Unreachable(furthest, MOST_ROUNDS)
    return of_mean_one(weights), MOST_ROUNDS
