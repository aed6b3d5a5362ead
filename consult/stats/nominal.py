"""Change of a choice between options that have no order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from consult.stats.pairs import Counts, Paired, Scores
from consult.stats.refusals import TooFewPeople

EXACT_WORK = 20_000_000
"""Additions (well under a tenth of a second) beyond which an exact p is not attempted."""

EQUAL = 1e-9
"""Statistics closer than this are as large as each other."""


@dataclass(frozen=True, slots=True)
class NominalChange:
    """Whether the totals of the options moved.

    Attributes
    ----------
    n
        People who chose both times.
    stuart_maxwell, df, p
        Stuart's and Maxwell's chi-square; ``None`` where nobody changed their choice.
    bhapkar, p_bhapkar
        Bhapkar's; ``None`` also where it is infinite, because everybody moved the same way.
    p_exact
        Conditional on how many moved between each two options; ``None`` where there are too many to
        enumerate.
    gross, net
        Share of people who changed their choice; half the sum of absolute differences of the two
        distributions.
    """

    n: int
    stuart_maxwell: float | None
    df: int | None
    p: float | None
    bhapkar: float | None
    p_bhapkar: float | None
    p_exact: float | None
    gross: float
    net: float


@dataclass(frozen=True, slots=True)
class Bowker:
    """Bowker's test of symmetric traffic; not for headlines.

    ``df`` counts the pairs of options between which somebody moved, ``df_full`` all pairs.
    """

    chi2: float
    df: int
    p: float | None
    df_full: int
    p_full: float | None
    p_exact: float | None


def nominal_change(pairs: Paired) -> NominalChange:
    """Whether the totals of the options moved among the people who chose both times.

    Parameters
    ----------
    pairs
        The people who chose both times; points are the places of the options and their order means nothing.

    Returns
    -------
    NominalChange
        With the tests ``None`` where nobody changed their choice.

    Raises
    ------
    TooFewPeople
        If nobody chose both times.

    Notes
    -----
    Stuart (1955), Maxwell (1970): ``d' V^-1 d`` with ``d`` the differences of the totals. ``V`` is singular
    for options that nobody entered or left, and where options fall into groups without traffic between them;
    one option of each group is dropped, which gives the value of the pseudo-inverse with exactly its rank as
    degrees of freedom. Bhapkar (1966): ``x / (1 - x/n)``. The exact p splits the movers of each two options
    like coins; ``V`` does not depend on how they fall. Checked against statsmodels
    ``SquareTable(shift_zeros=False)``, R ``coin::mh_test`` and ``contingencytables``.
    """
    n = pairs.n
    if n == 0:
        raise TooFewPeople(0, 1)
    traffic = _traffic(pairs.counts)
    totals = pairs.before_counts - pairs.after_counts
    gross = int(traffic.sum()) / (2 * n)
    net = int(np.abs(totals).sum()) / (2 * n)
    kept = _one_less_of_each_group(traffic)
    if not kept.size:
        return NominalChange(n, None, None, None, None, None, None, gross, net)
    precision = np.linalg.inv((np.diag(traffic.sum(axis=1)) - traffic)[np.ix_(kept, kept)].astype(np.float64))
    moved = totals[kept]
    chi2 = max(0.0, float(moved @ precision @ moved))
    df = int(kept.size)
    bhapkar = chi2 / (1.0 - chi2 / n) if chi2 < n * (1.0 - EQUAL) else None
    return NominalChange(
        n=n,
        stuart_maxwell=chi2,
        df=df,
        p=float(chdtrc(df, chi2)),
        bhapkar=bhapkar,
        p_bhapkar=None if bhapkar is None else float(chdtrc(df, bhapkar)),
        p_exact=_exact_p(traffic, kept, precision, chi2),
        gross=gross,
        net=net,
    )


def bowker(pairs: Paired) -> Bowker:
    """Whether as many moved from each option to each other as came back.

    Parameters
    ----------
    pairs
        The people who chose both times.

    Returns
    -------
    Bowker
        With each p ``None`` where its degrees of freedom are 0.

    Notes
    -----
    Bowker (1948): ``sum (n_ij - n_ji)**2 / (n_ij + n_ji)``; pairs without traffic add nothing. With few
    people its size is far below its level, which is why it is not reported. The exact p splits the movers of
    each pair like coins. Checked against statsmodels ``SquareTable.symmetry`` and enumeration.
    """
    first, second = np.triu_indices(pairs.points.size, k=1)
    there, back = pairs.counts[first, second], pairs.counts[second, first]
    movers = there + back
    used = movers > 0
    chi2 = float(((there - back)[used] ** 2 / movers[used]).sum())
    df, df_full = int(used.sum()), int(first.size)
    return Bowker(
        chi2=chi2,
        df=df,
        p=float(chdtrc(df, chi2)) if df else None,
        df_full=df_full,
        p_full=float(chdtrc(df_full, chi2)) if df_full else None,
        p_exact=_exact_bowker(movers[used].tolist(), chi2) if df else None,
    )


def _traffic(counts: Counts) -> Counts:
    """People who moved between each two options, either way; nobody moves from an option to itself."""
    traffic = counts + counts.T
    np.fill_diagonal(traffic, 0)
    return traffic


def _one_less_of_each_group(traffic: Counts) -> NDArray[np.intp]:
    """All options but the first of each group that is joined by traffic; an option without any is a group."""
    joined = (traffic > 0) | np.eye(len(traffic), dtype=np.bool_)
    for _ in range(len(traffic).bit_length()):
        joined = joined @ joined
    return np.flatnonzero(joined.argmax(axis=1) < np.arange(len(traffic)))


def _coins(people: int) -> list[float]:
    """Probability of each number of heads."""
    ways, patterns, chances = 1, 2**people, []
    for heads in range(people + 1):
        chances.append(ways / patterns)
        ways = ways * (people - heads) // (heads + 1)
    return chances


def _exact_p(traffic: Counts, kept: NDArray[np.intp], precision: Scores, chi2: float) -> float | None:
    """Probability of so large a statistic if every mover had tossed a coin for the direction.

    A state is how many moved out of each kept option, from 0 to all who moved in or out of it: a lattice that
    is held as one array, to which the movers of each two options are added by shifting it.
    """
    movers = traffic.sum(axis=1)[kept]
    radix = [int(people) + 1 for people in movers]
    size, tosses = 1, int(np.triu(traffic + (traffic > 0)).sum())
    for digits in radix:
        size *= digits
    if size * (tosses + len(radix)) > EXACT_WORK:
        return None
    step = np.zeros(len(traffic), dtype=np.int64)
    step[kept] = np.cumprod([1, *radix[:-1]])
    chance = np.zeros(size)
    chance[0] = 1.0
    reached = 1
    for one, other in zip(*np.nonzero(np.triu(traffic)), strict=True):
        people = int(traffic[one, other])
        grown = np.zeros(size)
        for heads, likely in enumerate(_coins(people)):
            shift = int(heads * step[one] + (people - heads) * step[other])
            grown[shift : shift + reached] += likely * chance[:reached]
        chance = grown
        reached += int(people * max(step[one], step[other]))
    out = np.stack(np.unravel_index(np.flatnonzero(chance), radix[::-1])[::-1], axis=-1)
    moved = 2 * out - movers
    statistic = ((moved @ precision) * moved).sum(axis=1)
    extreme = statistic >= chi2 - EQUAL * max(1.0, chi2)
    return min(1.0, float(chance[chance > 0.0][extreme].sum()))


def _exact_bowker(movers: list[int], chi2: float) -> float | None:
    """Probability of so large a statistic if every mover had tossed a coin for the direction."""
    sums: Scores = np.zeros(1)
    chance: Scores = np.ones(1)
    for people in movers:
        if len(sums) * (people + 1) > EXACT_WORK // 40:
            return None
        split = (2.0 * np.arange(people + 1) - people) ** 2 / people
        every = np.round((sums[:, None] + split).ravel(), 9)
        sums, place = np.unique(every, return_inverse=True)
        likely = (chance[:, None] * np.array(_coins(people))).ravel()
        chance = np.bincount(place, weights=likely).astype(np.float64, copy=False)
    return min(1.0, float(chance[sums >= chi2 - EQUAL * max(1.0, chi2) * len(movers)].sum()))
