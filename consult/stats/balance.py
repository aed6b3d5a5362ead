"""The shares of a variable beside the population's, before and after weighting."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.stats.margins import NO_ANSWER, Dropped, Margin, Variable
from consult.stats.pairs import Scores


@dataclass(frozen=True, slots=True)
class CategoryBalance:
    """One category before and after weighting, as shares of the people who answered.

    Attributes
    ----------
    people
        How many are here.
    living, before, after
        Share of the population, and here with the weights before and after; ``None`` if nobody answered.
    error
        ``after - living``: what raking and trimming left.
    """

    people: int
    living: float
    before: float | None
    after: float | None
    error: float | None


@dataclass(frozen=True, slots=True)
class VariableBalance:
    """One variable before and after weighting.

    Attributes
    ----------
    name
        As given.
    unanswered
        How many gave no answer; they kept the weight that the other variables gave them.
    dropped
        Why weights were not raked to it: ``unanswered`` or ``one_group``; ``None`` where they were.
    groups
        Places of the categories that were raked to together; several in one group were collapsed.
    is_collapsed
        Whether any were.
    largest_error
        The largest error of a group in the end, a share; ``None`` where the variable was dropped.
    categories
        In the order given.
    """

    name: str
    unanswered: int
    dropped: Dropped | None
    groups: tuple[tuple[int, ...], ...]
    is_collapsed: bool
    largest_error: float | None
    categories: tuple[CategoryBalance, ...]


def balance_of(margin: Margin, before: Scores, after: Scores) -> VariableBalance:
    """One variable with the weights before and after, beside the population.

    Parameters
    ----------
    margin
        The variable and what it was raked to.
    before, after : float array, shape (n_people,)
        The weights, on any scale.
    """
    variable = margin.variable
    answered = variable.codes != NO_ANSWER
    people = np.bincount(variable.codes[answered], minlength=variable.population.size)
    if not answered.any():
        categories = [CategoryBalance(0, float(living), None, None, None) for living in variable.population]
        largest = None
    else:
        was, now = (_shares(variable, weights, answered) for weights in (before, after))
        errors = now - variable.population
        categories = [
            CategoryBalance(int(n), *(float(value) for value in values))
            for n, *values in zip(people, variable.population, was, now, errors, strict=True)
        ]
        largest = max((abs(float(errors[list(group)].sum())) for group in margin.groups), default=None)
    return VariableBalance(
        name=variable.name,
        unanswered=int(variable.codes.size - answered.sum()),
        dropped=margin.dropped,
        groups=margin.groups,
        is_collapsed=any(len(group) > 1 for group in margin.groups),
        largest_error=None if margin.dropped else largest,
        categories=tuple(categories),
    )


def _shares(variable: Variable, weights: Scores, answered: NDArray[np.bool_]) -> Scores:
    held = np.bincount(
        variable.codes[answered], weights=weights[answered], minlength=variable.population.size
    )
    shares: Scores = held / held.sum()
    return shares
