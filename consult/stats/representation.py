"""Who is here beside who lives here: one variable, counts by category against the population.

Decision: sums of a few categories in plain Python (``math.fsum``), no NumPy and no SciPy, so that the page
which shows it while people join may import this in a web worker. The chi-square tail of a whole number of
degrees of freedom is a finite sum of positive terms, so nothing is lost by that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import erfc, exp, fsum, isfinite, lgamma, log, sqrt
from typing import Literal

from consult.stats.refusals import BadBound, NobodyLivesThere, NotWholeNumbers, ShapeMismatch, TooFewPeople

Light = Literal["green", "amber", "red"]

GREEN = (0.8, 1.25)
AMBER = (0.6, 1.67)
"""Ratios of the share here to the share living here, ends included."""


@dataclass(frozen=True, slots=True)
class CategoryStanding:
    """One category: who is here and who lives here.

    Attributes
    ----------
    people
        How many are here.
    share, living
        Share of the people here, and of the population, 0 to 1.
    gap_points
        ``share - living`` in percentage points; negative means too few.
    gap_people
        How many people too many (positive) or too few that is, at the present number of people.
    ratio
        ``share / living``; ``None`` where nobody lives.
    light
        Green from 0.8 to 1.25, amber from 0.6 to 1.67, red beyond; ``None`` without a ratio.
    """

    people: int
    share: float
    living: float
    gap_points: float
    gap_people: float
    ratio: float | None
    light: Light | None


@dataclass(frozen=True, slots=True)
class Representation:
    """How well the people here stand for the people living here, on one variable.

    Attributes
    ----------
    n, unknown
        People with an answer, and people without; the latter are in no other number.
    categories
        In the order given.
    total_variation
        Half the sum of absolute gaps, 0 to 1. Duncan's dissimilarity is the same number.
    people_to_swap
        ``n * total_variation``: how many would have to be somebody else for a perfect fit.
    max_gap_points
        The largest gap, in percentage points, without its sign.
    min_ratio
        The ratio of the category that is most missing.
    chi2, df, p
        Goodness of fit. It grows with ``n``, and ``p`` has a meaning only where people were chosen at random.
        ``None`` where only one category has people living in it.
    participation_cv
        Coefficient of variation of the categories' chances of taking part, ``sqrt(chi2 / n)``. The bias of a
        mean is at most this times the standard deviation of what is averaged.
    weighting_price
        What weighting to the population would cost, ``sum(q**2 / p)``: the factor by which variance grows.
        ``None`` while ``empty`` names a category: nobody there can be weighted up.
    forecast_n_eff
        ``n / weighting_price``: how many people chosen at random would say as much. ``None`` with it.
    empty
        Places of the categories where people live and nobody is here.
    """

    n: int
    unknown: int
    categories: tuple[CategoryStanding, ...]
    total_variation: float
    people_to_swap: float
    max_gap_points: float
    min_ratio: float
    chi2: float | None
    df: int
    p: float | None
    participation_cv: float
    weighting_price: float | None
    forecast_n_eff: float | None
    empty: tuple[int, ...]


def representation(people: Sequence[int], population: Sequence[float], *, unknown: int = 0) -> Representation:
    """How the people here compare with the people living here, category by category.

    Parameters
    ----------
    people : sequence of int, shape (n_categories,)
        How many are here; those who gave no answer are left out.
    population : sequence of float, shape (n_categories,)
        How many live here, or shares on any scale, in the same order.
    unknown
        How many are here without an answer; they are only carried along.

    Raises
    ------
    ShapeMismatch
        If the two have not the same categories.
    NotWholeNumbers
        If a count of people is not a whole number of at least 0.
    BadBound
        If a population is negative or infinite, or nobody lives anywhere.
    NobodyLivesThere
        If somebody is here in a category in which nobody lives: the two do not count the same thing.
    TooFewPeople
        If nobody gave an answer.

    Notes
    -----
    With shares p here and q living: total variation is half of sum |p - q|, chi-square n sum (p - q)^2 / q,
    the coefficient of variation of participation sqrt(sum (p - q)^2 / q), the price of weighting
    sum q^2 / p, which is Kish's design effect of post-stratification. Checked against
    ``scipy.stats.chisquare`` and a loop over people.
    """
    shares = population_shares(population)
    if len(people) != len(shares):
        raise ShapeMismatch((len(people),), (len(shares),))
    for count in (*people, unknown):
        if count != int(count) or count < 0:
            what = "Counts of people"
            raise NotWholeNumbers(what)
    for place, (count, living) in enumerate(zip(people, shares, strict=True)):
        if count and not living:
            raise NobodyLivesThere(place)
    n = int(sum(people))
    if n == 0:
        raise TooFewPeople(0, 1)
    categories = tuple(_standing(int(count), n, q) for count, q in zip(people, shares, strict=True))
    return _summed(n, int(unknown), categories)


def population_shares(population: Sequence[float]) -> list[float]:
    """Shares of a population that add up to 1.

    Raises
    ------
    BadBound
        If a part is negative or infinite, or nobody lives anywhere.
    """
    for part in population:
        if not (isfinite(part) and part >= 0.0):
            what = "A population is a number of at least 0"
            raise BadBound(what, part)
    whole = fsum(population)
    if not whole > 0.0:
        what = "A population is more than nobody"
        raise BadBound(what, whole)
    return [part / whole for part in population]


def chi2_tail(chi2: float, df: int) -> float:
    """Chance that a chi-square of ``df`` degrees of freedom is at least ``chi2``.

    Notes
    -----
    For a whole ``df`` the tail is ``exp(-x/2)`` times a finite sum of powers of x/2 over factorials, with a
    complementary error function in front where ``df`` is odd. Every term is positive, so nothing cancels.
    Checked against ``scipy.special.chdtrc`` to 1e-12.

    Raises
    ------
    BadBound
        If there is no degree of freedom, or chi-square is negative.
    """
    if df < 1:
        what = "There is at least one degree of freedom"
        raise BadBound(what, df)
    if not chi2 >= 0.0:
        what = "A chi-square is at least 0"
        raise BadBound(what, chi2)
    if chi2 == 0.0:
        return 1.0
    half = chi2 / 2.0
    first = erfc(sqrt(half)) if df % 2 else 0.0
    return min(1.0, fsum((first, *_terms(half, df))))


def _terms(half: float, df: int) -> Iterator[float]:
    power = 0.5 if df % 2 else 0.0
    while power < df / 2.0:
        yield exp(power * log(half) - half - lgamma(power + 1.0))
        power += 1.0


def _standing(count: int, n: int, living: float) -> CategoryStanding:
    share = count / n
    ratio = share / living if living else None
    return CategoryStanding(
        people=count,
        share=share,
        living=living,
        gap_points=100.0 * (share - living),
        gap_people=count - n * living,
        ratio=ratio,
        light=None if ratio is None else _light(ratio),
    )


def _light(ratio: float) -> Light:
    ratio = round(ratio, 9)  # 8 of 100 where a tenth live is the ratio 0.8, whatever the last digit says
    if GREEN[0] <= ratio <= GREEN[1]:
        return "green"
    return "amber" if AMBER[0] <= ratio <= AMBER[1] else "red"


def _summed(n: int, unknown: int, categories: tuple[CategoryStanding, ...]) -> Representation:
    lived_in = [category for category in categories if category.living]
    variation = fsum(abs(category.share - category.living) for category in categories) / 2.0
    spread = fsum((category.share - category.living) ** 2 / category.living for category in lived_in)
    empty = tuple(
        place for place, category in enumerate(categories) if category.living and not category.people
    )
    price = None if empty else fsum(category.living**2 / category.share for category in lived_in)
    df = len(lived_in) - 1
    return Representation(
        n=n,
        unknown=unknown,
        categories=categories,
        total_variation=variation,
        people_to_swap=n * variation,
        max_gap_points=max(abs(category.gap_points) for category in categories),
        min_ratio=min(category.share / category.living for category in lived_in),
        chi2=n * spread if df else None,
        df=df,
        p=chi2_tail(n * spread, df) if df else None,
        participation_cv=sqrt(spread),
        weighting_price=price,
        forecast_n_eff=None if price is None else n / price,
        empty=empty,
    )
