"""Whether views stayed about the same, and the four sentences."""

from dataclasses import dataclass
from typing import Literal

from scipy.special import stdtr, stdtrit

from consult.stats.change import Change
from consult.stats.refusals import BadBound

LEVEL = 0.05
"""Level of each of the two one-sided tests, which makes the matching interval one of 90%."""

Verdict = Literal["moved", "moved_a_little", "about_the_same", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Two one-sided tests of a change against plus and minus ``delta`` points.

    Attributes
    ----------
    t_lower, p_lower
        Against a change of ``-delta`` or less; ``t_lower`` is ``None`` where everybody changed alike.
    t_upper, p_upper
        Against a change of ``delta`` or more.
    p
        The larger of the two. All are ``None`` for one person.
    low, high
        90% interval of the change; the tests pass if and only if it lies inside the bounds.
    """

    delta: float
    t_lower: float | None
    t_upper: float | None
    p_lower: float | None
    p_upper: float | None
    p: float | None
    low: float | None
    high: float | None


def equivalence(change: Change, delta: float) -> Equivalence:
    """Whether a change is shown to be smaller than ``delta`` points either way.

    Parameters
    ----------
    change
        Of the people who answered both times.
    delta
        The smallest change that matters, in points; fixed before the follow-up opens.

    Returns
    -------
    Equivalence
        Where everybody changed by the same amount, each p is 0 if that amount is on the inner side of its
        bound and 1 if it is not.

    Raises
    ------
    BadBound
        If ``delta`` is not a finite number above 0.

    Notes
    -----
    Schuirmann (1987), Lakens (2017). Checked against R ``TOSTER`` on Student's sleep data.
    """
    _check_delta(delta)
    mean, se, df = change.mean, change.se, change.df
    if se is None or df is None:
        return Equivalence(delta, *(None,) * 7)
    if se == 0.0:
        p_lower, p_upper = float(mean <= -delta), float(mean >= delta)
        return Equivalence(delta, None, None, p_lower, p_upper, max(p_lower, p_upper), mean, mean)
    t_lower, t_upper = (mean + delta) / se, (mean - delta) / se
    p_lower, p_upper = float(stdtr(df, -t_lower)), float(stdtr(df, t_upper))
    reach = -float(stdtrit(df, LEVEL)) * se
    return Equivalence(
        delta, t_lower, t_upper, p_lower, p_upper, max(p_lower, p_upper), mean - reach, mean + reach
    )


def verdict(change: Change, delta: float, tost_p: float | None) -> Verdict:
    """Which of the four sentences a change has earned.

    Parameters
    ----------
    change
        With the interval that decides, 95% by default.
    delta
        The smallest change that matters, in points.
    tost_p
        The p of :func:`equivalence` at ``delta``; ``None`` where it could not be computed.

    Returns
    -------
    str
        ``moved`` if the interval excludes 0 and the change is at least ``delta``; ``moved_a_little`` if it
        excludes 0 and the change is smaller; ``about_the_same`` if it includes 0 and ``tost_p`` is below .05;
        else ``cannot_tell``.

    Raises
    ------
    BadBound
        If ``delta`` is not a finite number above 0.
    """
    _check_delta(delta)
    if change.low is None or change.high is None:
        return "cannot_tell"
    if change.low > 0.0 or change.high < 0.0:
        return "moved" if abs(change.mean) >= delta else "moved_a_little"
    return "about_the_same" if tost_p is not None and tost_p < LEVEL else "cannot_tell"


def _check_delta(delta: float) -> None:
    if not 0.0 < delta < float("inf"):
        what = "The smallest change that matters is a number above 0"
        raise BadBound(what, delta)
