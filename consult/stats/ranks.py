"""Rank and sign tests of change."""

from dataclasses import dataclass
from math import comb, sqrt
from typing import Literal

import numpy as np
from scipy.special import bdtr, ndtr

from consult.stats.pairs import Paired
from consult.stats.refusals import BadBound, NotWholeNumbers, TooFewPeople, TooManyPoints

EXACT_UP_TO = 25
"""Non-zero differences up to which the exact distribution is used; it is nearly normal well before that."""

MOST_WALSH = 4000
"""Distinct differences beyond which their pairwise averages no longer fit easily in memory."""


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Wilcoxon signed-rank test.

    Attributes
    ----------
    n_nonzero
        People who changed their answer.
    w_plus, w_minus
        Sums of the mid-ranks of those who went up and of those who went down.
    z, p
        Standard score of ``w_plus``, and the two-sided p of ``method``; ``None`` where nobody changed.
    p_asymptotic, p_asymptotic_cc
        From the normal distribution, without and with a continuity correction of a half.
    p_exact
        Conditional on the observed mid-ranks; ``None`` where there are too many or none to change sign.
    method
        ``exact`` or ``asymptotic``; ``None`` where nobody changed.
    """

    n_nonzero: int
    w_plus: float
    w_minus: float
    z: float | None
    p: float | None
    method: Literal["exact", "asymptotic"] | None
    p_asymptotic: float | None
    p_asymptotic_cc: float | None
    p_exact: float | None

    @property
    def rank_biserial(self) -> float | None:
        """Share of the rank sum that went up minus the share that went down, -1 to 1."""
        total = self.w_plus + self.w_minus
        return (self.w_plus - self.w_minus) / total if total > 0.0 else None


@dataclass(frozen=True, slots=True)
class SignTest:
    """Sign test of ``n`` people who moved: exact and mid-p, two-sided; ``None`` where nobody moved."""

    n: int
    p_exact: float | None
    p_mid: float | None


def signed_rank(
    pairs: Paired, *, zeros: Literal["pratt", "drop", "zsplit"] = "pratt", exact_up_to: int = EXACT_UP_TO
) -> SignedRank:
    """Whether changes up and down rank alike.

    Parameters
    ----------
    pairs
        The people who answered both times.
    zeros
        What happens to people who did not change. ``pratt`` ranks them and then leaves them out; ``drop``
        leaves them out first, so that the test is about movers only; ``zsplit`` gives half of their ranks to
        each side.
    exact_up_to
        Non-zero differences up to which ``p`` is exact. With ``zsplit`` it never is.

    Returns
    -------
    SignedRank
        With everything but the rank sums ``None`` where nobody changed.

    Raises
    ------
    BadBound
        If ``zeros`` is none of the three.

    Notes
    -----
    Wilcoxon (1945), Pratt (1959). Mid-ranks; ``E = sum(r)/2`` and ``Var = sum(r**2)/4`` over the ranks whose
    sign is free, which is Cureton's (1967) correction. The exact p is the share of sign patterns whose rank
    sum is at least as far from its mean as the observed one, in whole numbers; SciPy's ``method="exact"``
    ignores ties and zeros. Checked against R ``coin::wilcoxsign_test`` (asymptotic and exact), SciPy's
    asymptotic p, and enumeration.
    """
    if zeros not in {"pratt", "drop", "zsplit"}:
        what = "Zeros are handled by pratt, drop or zsplit"
        raise BadBound(what, zeros)
    n_zero = 0 if zeros == "drop" else pairs.n_same
    ups, downs = pairs.ups.tolist(), pairs.downs.tolist()
    movers = [up + down for up, down in zip(ups, downs, strict=True)]
    ranks = _doubled_ranks(n_zero, movers)
    # Twice the rank sums, so that mid-ranks stay whole.
    plus = sum(rank * up for rank, up in zip(ranks, ups, strict=True))
    minus = sum(rank * down for rank, down in zip(ranks, downs, strict=True))
    spread = sum(rank * rank * people for rank, people in zip(ranks, movers, strict=True))
    n_nonzero = sum(movers)
    if zeros == "zsplit":
        half = n_zero * (n_zero + 1) // 2
        spread += (n_zero + 1) ** 2 * n_zero
        plus, minus = plus + half, minus + half
    if n_nonzero == 0:
        return SignedRank(0, plus / 2, minus / 2, *(None,) * 6)
    # plus - minus is four times the distance of w_plus from its mean, spread sixteen times its variance.
    scale = sqrt(spread)
    z = (plus - minus) / scale
    p_asymptotic = 2.0 * float(ndtr(-abs(z)))
    p_exact = None
    if n_nonzero <= exact_up_to and zeros != "zsplit":
        p_exact = _sign_flips(ranks, movers, abs(plus - minus))
    return SignedRank(
        n_nonzero=n_nonzero,
        w_plus=plus / 2,
        w_minus=minus / 2,
        z=z,
        p=p_asymptotic if p_exact is None else p_exact,
        method="asymptotic" if p_exact is None else "exact",
        p_asymptotic=p_asymptotic,
        p_asymptotic_cc=2.0 * float(ndtr(-max(0.0, abs(plus - minus) - 2.0) / scale)),
        p_exact=p_exact,
    )


def sign_test(up: int, down: int) -> SignTest:
    """Whether as many moved up as down.

    Parameters
    ----------
    up, down
        People who moved each way; those who did not move tell nothing here.

    Returns
    -------
    SignTest
        ``None`` for both p where nobody moved.

    Raises
    ------
    NotWholeNumbers
        If a count is not a whole number of at least 0.

    Notes
    -----
    With X binomial (up + down, 1/2): exact ``2 P(X <= min)``, mid-p ``2 P(X <= min) - P(X = min)``, which is
    ``P(X <= min) + P(X < min)`` and exactly 1 where both ways are equal. Checked against
    ``scipy.stats.binomtest``.
    """
    if up != int(up) or down != int(down) or up < 0 or down < 0:
        what = "Counts of people"
        raise NotWholeNumbers(what)
    n, fewer = up + down, min(up, down)
    if n == 0:
        return SignTest(0, None, None)
    at_most = float(bdtr(fewer, n, 0.5))
    below = float(bdtr(fewer - 1, n, 0.5)) if fewer else 0.0
    return SignTest(n, min(1.0, 2.0 * at_most), 1.0 if up == down else min(1.0, at_most + below))


def hodges_lehmann(pairs: Paired) -> float:
    """Median of the average changes of every two people, each also with themselves; in points.

    Parameters
    ----------
    pairs
        The people who answered both times, those who did not change included.

    Raises
    ------
    TooFewPeople
        If nobody answered both times.
    TooManyPoints
        If there are more than ``MOST_WALSH`` distinct changes.

    Notes
    -----
    Hodges and Lehmann (1963), from how often each change occurs rather than from n (n + 1) / 2 averages.
    Checked against ``numpy.median`` of all averages.
    """
    change, people = pairs.differences
    if change.size == 0:
        raise TooFewPeople(0, 1)
    if change.size > MOST_WALSH:
        raise TooManyPoints(change.size, MOST_WALSH)
    first, second = np.triu_indices(change.size)
    averages = (change[first] + change[second]) / 2.0
    same = first == second
    weight = people[first] * people[second]
    weight[same] = people * (people + 1) // 2
    order = np.argsort(averages, kind="stable")
    reached = np.cumsum(weight[order])
    total = int(reached[-1])
    middle = np.searchsorted(reached, [(total + 1) // 2, total // 2 + 1])
    return float(averages[order][middle].mean())


def _doubled_ranks(n_zero: int, movers: list[int]) -> list[int]:
    """Twice the mid-rank of each size of change, where ``n_zero`` smaller ones come first."""
    ranks = []
    taken = n_zero
    for people in movers:
        ranks.append(2 * taken + people + 1)
        taken += people
    return ranks


def _sign_flips(ranks: list[int], movers: list[int], apart: float) -> float:
    """Share of sign patterns whose rank sums are at least so far apart.

    Ties make few distinct sums: what is carried is the number of patterns for each, in whole numbers.
    """
    patterns = {0: 1}
    for rank, people in zip(ranks, movers, strict=True):
        grown: dict[int, int] = {}
        for total, ways in patterns.items():
            for up in range(people + 1):
                at = total + rank * (2 * up - people)
                grown[at] = grown.get(at, 0) + ways * comb(people, up)
        patterns = grown
    extreme = sum(ways for at, ways in patterns.items() if abs(at) >= apart)
    return extreme / (1 << sum(movers))
