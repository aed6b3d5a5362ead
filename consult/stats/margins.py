"""What weights are raked to: variables with their populations, thin categories put together.

Decision: categories are merged by a fixed rule that looks at counts and populations and never at opinions,
so that two people who make the weights get the same ones. *Which* category goes next: of those that are too
thin, the one with the fewest people, the earlier of equals. *Where it goes*: in an ordered variable to the
neighbour with fewer people, in another to the category with the fewest people, again the earlier of equals.
The cost is that the join may read oddly ("Roma with Arab"); what would change it is a list of joins that an
officer writes down before the weights are made, which is the same as giving wider categories here.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from consult.stats.pairs import Counts, Scores
from consult.stats.refusals import (
    BadBound,
    EmptyCategory,
    NobodyLivesThere,
    NotWholeNumbers,
    ShapeMismatch,
)
from consult.stats.representation import population_shares

NO_ANSWER = -1
"""What marks somebody who would rather not say, or was not asked, among places of categories."""

Dropped = Literal["unanswered", "one_group"]


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A question about the person: everybody's category beside the population's shares.

    Attributes
    ----------
    name
        Told in reports; never read.
    codes : int array, shape (n_people,)
        The place of each person's category, -1 for no answer.
    population : float array, shape (n_categories,)
        Shares of the population; may be given as counts.
    is_ordered
        Whether neighbouring categories are alike, as bands of age are.

    Raises
    ------
    NotWholeNumbers
        If the codes are not whole numbers.
    ShapeMismatch
        If the codes are not one per person.
    BadBound
        If a code has no category, or a population is negative, infinite or nobody.
    """

    name: str
    codes: Counts
    population: Scores
    is_ordered: bool = False

    def __post_init__(self) -> None:
        """Check codes and population, and make both read-only."""
        codes = np.asarray(self.codes)
        if not np.issubdtype(codes.dtype, np.integer):
            what = "Places of categories"
            raise NotWholeNumbers(what)
        if codes.ndim != 1:
            raise ShapeMismatch(codes.shape, (codes.size,))
        population = np.array(population_shares([float(part) for part in self.population]))
        if codes.size and not NO_ANSWER <= codes.min() <= codes.max() < population.size:
            what = f"A place of a category is from {NO_ANSWER} to {population.size - 1}"
            raise BadBound(what, f"from {codes.min()} to {codes.max()}")
        found: dict[str, NDArray[np.generic]] = {"codes": codes.astype(np.int64), "population": population}
        for name, array in found.items():
            array.setflags(write=False)
            object.__setattr__(self, name, array)


@dataclass(frozen=True, slots=True)
class Collapsing:
    """When a category is too thin to be raked to by itself.

    Attributes
    ----------
    smallest
        Fewer people than this are put together with others.
    largest_ratio
        So are people who would have to count for more than this many times what they do now.
    """

    smallest: int = 20
    largest_ratio: float = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """What one variable is raked to.

    Attributes
    ----------
    variable
        As given.
    dropped
        Why it is not raked to: too many gave no answer, or one group is left; ``None`` where it is.
    groups
        Places of the categories raked to together, in order; a category with nobody on both sides is in none.
    codes : int array, shape (n_people,)
        The place of each person's group, -1 for no answer.
    shares : float array, shape (n_groups,)
        The population's share of each group; they add up to 1.
    """

    variable: Variable
    dropped: Dropped | None
    groups: tuple[tuple[int, ...], ...]
    codes: Counts
    shares: Scores


def margin_of(
    variable: Variable, base: Scores, *, collapsing: Collapsing | None, unanswered_limit: float
) -> Margin:
    """What a variable is raked to, after the rules for silence and for thin categories.

    Parameters
    ----------
    variable
        The categories of all people.
    base : float array, shape (n_people,)
        Weights before raking.
    collapsing
        ``None`` puts nothing together.
    unanswered_limit
        The share of people without an answer above which the variable is dropped.

    Raises
    ------
    EmptyCategory, NobodyLivesThere
        If nothing may be put together and a category has nobody on one side only.
    """
    codes, population = variable.codes, variable.population
    answered = codes != NO_ANSWER
    n = np.bincount(codes[answered], minlength=population.size)
    if not n.any() or codes.size - n.sum() > unanswered_limit * codes.size:
        return Margin(variable, "unanswered", (), codes, population)
    here = np.bincount(codes[answered], weights=base[answered], minlength=population.size)
    merged = [[place] for place in range(population.size) if n[place] or population[place]]
    if collapsing is None:
        _check_filled(variable, n)
    else:
        _put_together(merged, variable, n, here / here.sum(), collapsing)
    groups = tuple(tuple(sorted(group)) for group in merged)
    group_of = np.full(population.size + 1, NO_ANSWER)  # one more, so that -1 finds -1
    for place, group in enumerate(groups):
        group_of[list(group)] = place
    shares = np.array([population[list(group)].sum() for group in groups])
    return Margin(variable, None if len(groups) > 1 else "one_group", groups, group_of[codes], shares)


def _check_filled(variable: Variable, n: Counts) -> None:
    for place, living in enumerate(variable.population):
        if living and not n[place]:
            raise EmptyCategory(place, variable.name)
        if n[place] and not living:
            raise NobodyLivesThere(place, variable.name)


def _put_together(
    merged: list[list[int]], variable: Variable, n: Counts, here: Scores, collapsing: Collapsing
) -> None:
    """Merge the thinnest group into another until none is thin or one is left."""
    living = variable.population
    while len(merged) > 1:
        people = [int(n[group].sum()) for group in merged]
        thin = [
            place
            for place, group in enumerate(merged)
            if people[place] < max(1, collapsing.smallest)
            or not 0.0 < living[group].sum() <= collapsing.largest_ratio * here[group].sum()
        ]
        if not thin:
            return
        place = min(thin, key=people.__getitem__)
        others = (
            [near for near in (place - 1, place + 1) if 0 <= near < len(merged)]
            if variable.is_ordered
            else [other for other in range(len(merged)) if other != place]
        )
        into = min(others, key=people.__getitem__)
        merged[min(place, into)] += merged.pop(max(place, into))
