"""Change of a share: how many support something before and after."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from scipy.special import chdtrc, ndtri

from consult.stats.bounds import crossing, tail_of
from consult.stats.pairs import Paired
from consult.stats.ranks import sign_test
from consult.stats.refusals import NotWholeNumbers, TooFewPeople


@dataclass(frozen=True, slots=True)
class Fourfold:
    """The same people counted by whether they support something before and after.

    Raises
    ------
    NotWholeNumbers
        If a count is not a whole number of at least 0.
    TooFewPeople
        If there is nobody.
    """

    both: int
    only_before: int
    only_after: int
    neither: int

    def __post_init__(self) -> None:
        """Refuse counts that are not counts."""
        counts = (self.both, self.only_before, self.only_after, self.neither)
        if any(count != int(count) or count < 0 for count in counts):
            what = "Counts of people"
            raise NotWholeNumbers(what)
        if self.n == 0:
            raise TooFewPeople(0, 1)

    @property
    def n(self) -> int:
        """How many people there are."""
        return self.both + self.only_before + self.only_after + self.neither

    @property
    def difference(self) -> float:
        """Share after minus share before, -1 to 1."""
        return (self.only_after - self.only_before) / self.n


@dataclass(frozen=True, slots=True)
class ShareChange:
    """Change of a share with McNemar's tests.

    Attributes
    ----------
    n, before, after
        People, and the share of them before and after.
    difference, low, high
        After minus before with Newcombe's interval.
    p_mid, p_exact
        Mid-p and exact conditional p.
    chi2, p_asymptotic, chi2_cc, p_cc
        McNemar's chi-square (1 df) without and with continuity correction.

    The tests are ``None`` where nobody changed side.
    """

    n: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p_mid: float | None
    p_exact: float | None
    chi2: float | None
    p_asymptotic: float | None
    chi2_cc: float | None
    p_cc: float | None


def shares_from(pairs: Paired, at_least: float) -> Fourfold:
    """Count paired people by whether they answered ``at_least`` so many points before and after.

    Raises
    ------
    TooFewPeople
        If nobody answered both times.
    """
    below = int((pairs.points < at_least).sum())
    counts = pairs.counts
    return Fourfold(
        both=int(counts[below:, below:].sum()),
        only_before=int(counts[below:, :below].sum()),
        only_after=int(counts[:below, below:].sum()),
        neither=int(counts[:below, :below].sum()),
    )


def share_change(table: Fourfold, *, confidence: float = 0.95) -> ShareChange:
    """How a share changed among the same people.

    Parameters
    ----------
    table
        People by support before and after.
    confidence
        Of the interval, a share between 0 and 1.

    Raises
    ------
    BadBound
        If ``confidence`` is not strictly between 0 and 1.

    Notes
    -----
    McNemar (1947); mid-p as Fagerland, Lydersen and Laake (2013) recommend. Checked against
    ``statsmodels.stats.contingency_tables.mcnemar``, R ``contingencytables`` and the tables of that paper.
    """
    low, high = newcombe_interval(table, confidence=confidence)
    b, c, n = table.only_before, table.only_after, table.n
    signs = sign_test(c, b)
    chi2 = chi2_cc = p_asymptotic = p_cc = None
    if signs.n:
        chi2 = (b - c) ** 2 / signs.n
        chi2_cc = max(0, abs(b - c) - 1) ** 2 / signs.n
        p_asymptotic, p_cc = float(chdtrc(1, chi2)), float(chdtrc(1, chi2_cc))
    return ShareChange(
        n=n,
        before=(table.both + b) / n,
        after=(table.both + c) / n,
        difference=table.difference,
        low=low,
        high=high,
        p_mid=signs.p_mid,
        p_exact=signs.p_exact,
        chi2=chi2,
        p_asymptotic=p_asymptotic,
        chi2_cc=chi2_cc,
        p_cc=p_cc,
    )


def newcombe_interval(table: Fourfold, *, confidence: float = 0.95) -> tuple[float, float]:
    """Give Newcombe's interval for a change of share, after minus before.

    Raises
    ------
    BadBound
        If ``confidence`` is not strictly between 0 and 1.

    Notes
    -----
    Newcombe (1998) method 10: Wilson's limits squared and added, with the correlation phi corrected: its
    numerator ``A = both * neither - only_before * only_after`` becomes ``max(A - n/2, 0)`` where it is
    positive. Leaving that out is a known mistake. Checked against R ``contingencytables`` (Fagerland,
    Lydersen and Laake 2014).
    """
    z = _normal_quantile(confidence)
    n = table.n
    share_1, share_2 = table.both + table.only_before, table.both + table.only_after
    p_1, p_2 = share_1 / n, share_2 / n
    low_1, high_1 = _wilson(share_1, n, z)
    low_2, high_2 = _wilson(share_2, n, z)
    agreement = float(table.both * table.neither - table.only_before * table.only_after)
    if agreement > 0.0:
        agreement = max(agreement - n / 2.0, 0.0)
    product = share_1 * (n - share_1) * share_2 * (n - share_2)
    phi = agreement / sqrt(product) if product else 0.0

    def reach(one: float, other: float) -> float:
        return sqrt(max(0.0, one * one - 2.0 * phi * one * other + other * other))

    difference = table.difference
    return difference - reach(p_2 - low_2, high_1 - p_1), difference + reach(p_1 - low_1, high_2 - p_2)


def tango_interval(table: Fourfold, *, confidence: float = 0.95) -> tuple[float, float]:
    """Give Tango's score interval for a change of share, after minus before.

    Raises
    ------
    BadBound
        If ``confidence`` is not strictly between 0 and 1.

    Notes
    -----
    Tango (1998): the differences that a score test would not reject. Checked against R ``contingencytables``
    and a constrained maximum likelihood found numerically.
    """
    z = _normal_quantile(confidence)
    difference = table.difference
    score = _tango_score(table)
    return (
        crossing(lambda at: score(at) - z, -1.0, difference),
        crossing(lambda at: score(at) + z, difference, 1.0),
    )


def wald_interval(table: Fourfold, *, confidence: float = 0.95) -> tuple[float, float]:
    """Give the simple interval for a change of share, cut at -1 and 1; for more than 200 people only.

    Raises
    ------
    BadBound
        If ``confidence`` is not strictly between 0 and 1.
    """
    n, difference = table.n, table.difference
    moved = (table.only_before + table.only_after) / n
    return _around(difference, _normal_quantile(confidence) * sqrt((moved - difference * difference) / n))


def bonett_price_interval(table: Fourfold, *, confidence: float = 0.95) -> tuple[float, float]:
    """Give the simple interval after one more person is counted to each side, cut at -1 and 1.

    Raises
    ------
    BadBound
        If ``confidence`` is not strictly between 0 and 1.

    Notes
    -----
    Bonett and Price (2012). Checked against R ``contingencytables``.
    """
    n = table.n + 2
    moved = (table.only_before + table.only_after + 2) / n
    difference = (table.only_after - table.only_before) / n
    return _around(difference, _normal_quantile(confidence) * sqrt((moved - difference * difference) / n))


def _normal_quantile(confidence: float) -> float:
    return -float(ndtri(tail_of(confidence)))


def _around(middle: float, reach: float) -> tuple[float, float]:
    return max(-1.0, middle - reach), min(1.0, middle + reach)


def _wilson(count: int, n: int, z: float) -> tuple[float, float]:
    """Wilson's limits of one share; exactly 0 and 1 where nobody or everybody supports."""
    centre = count + z * z / 2.0
    reach = z * sqrt(count * (n - count) / n + z * z / 4.0)
    total = n + z * z
    return (centre - reach) / total if count else 0.0, (centre + reach) / total if count < n else 1.0


def _tango_score(table: Fourfold) -> Callable[[float], float]:
    """Give the standard score of the observed change for any true change; it falls as that rises."""
    n, fell, rose = table.n, table.only_before, table.only_after

    def score(at: float) -> float:
        linear = (2 * n - rose + fell) * at - rose - fell
        root = sqrt(max(0.0, linear * linear + 8 * n * fell * at * (1.0 - at)))
        # The share who fell, most likely under ``at``; two forms of one root, whichever does not cancel.
        constant = -fell * at * (1.0 - at)
        share = (root - linear) / (4 * n) if linear <= 0.0 else -2.0 * constant / (root + linear)
        variance = n * (2.0 * share + at * (1.0 - at))
        gap = rose - fell - n * at
        if variance <= 0.0:
            return 0.0 if gap == 0.0 else gap * float("inf")
        return gap / sqrt(variance)

    return score
