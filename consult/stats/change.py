"""Mean change of the people who answered both times."""

from dataclasses import dataclass
from math import sqrt

from scipy.special import stdtr, stdtrit

from consult.stats.bounds import tail_of
from consult.stats.moments import moments
from consult.stats.pairs import Paired, Scores


@dataclass(frozen=True, slots=True)
class Change:
    """Mean change with its uncertainty, in points; positive means higher after.

    ``None`` is what cannot be computed: everything but the means for one person, ``t`` and ``p`` where
    everybody changed by the same amount.
    """

    n: int
    mean_before: float
    mean_after: float
    mean: float
    sd_before: float | None
    sd_after: float | None
    sd: float | None
    se: float | None
    df: int | None
    t: float | None
    p: float | None
    low: float | None
    high: float | None


def paired_change(before: Scores, after: Scores, *, confidence: float = 0.95) -> Change:
    """Mean change for the people who answered both times.

    Parameters
    ----------
    before, after : float array, shape (n_people,)
        Scale scores in points. Row ``i`` is the same person in both; NaN marks an item not answered, and
        who lacks either is dropped.
    confidence
        Of the interval, a share between 0 and 1.

    Returns
    -------
    Change
        See :func:`change_of`.

    Raises
    ------
    ShapeMismatch
        If the arrays differ in shape. They are never realigned or unpaired.
    NotFinite, TooManyPoints
        See :meth:`consult.stats.pairs.Paired.from_scores`.
    TooFewPeople
        If nobody answered both times.
    BadBound
        If ``confidence`` is not strictly between 0 and 1.

    Notes
    -----
    Method as in :func:`change_of`.
    """
    return change_of(Paired.from_scores(before, after), confidence=confidence)


def change_of(pairs: Paired, *, confidence: float = 0.95) -> Change:
    """Mean change of paired people, with the paired t test and its interval.

    Parameters
    ----------
    pairs
        The people who answered both times.
    confidence
        Of the interval, a share between 0 and 1.

    Returns
    -------
    Change
        ``mean`` is after minus before in points; standard deviations divide by n - 1. For one person only the
        means exist. Where everybody changed by the same amount ``sd`` and ``se`` are exactly 0, ``t`` and
        ``p`` are ``None`` and the interval is the mean.

    Raises
    ------
    TooFewPeople
        If nobody answered both times.
    BadBound
        If ``confidence`` is not strictly between 0 and 1.

    Notes
    -----
    Student (1908): ``t = mean / (sd / sqrt(n))`` with n - 1 degrees of freedom. Assumes independent people
    and takes the scale as interval. Checked against ``scipy.stats.ttest_rel`` and R
    ``t.test(paired = TRUE)``.
    """
    tail = tail_of(confidence)
    change = moments(*pairs.differences)
    before = moments(pairs.points, pairs.before_counts)
    after = moments(pairs.points, pairs.after_counts)
    n, mean, sd = change.n, change.mean, change.sd
    if sd is None:
        return Change(n, before.mean, after.mean, mean, *(None,) * 9)
    df = n - 1
    se = sd / sqrt(n)
    if sd == 0.0:
        t = p = None
        reach = 0.0
    else:
        t = mean / se
        p = 2.0 * float(stdtr(df, -abs(t)))
        reach = -float(stdtrit(df, tail)) * se
    return Change(
        n, before.mean, after.mean, mean, before.sd, after.sd, sd, se, df, t, p, mean - reach, mean + reach
    )
