"""How what people did in the forum goes together with how their answers changed: an association.

Who reads or writes more chose to. Whoever cares more may do both, read more and change more, and who
changes may come back because of it: nothing here says what reading or writing does to anybody.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit
from scipy.stats import rankdata

from consult.stats.bounds import tail_of
from consult.stats.refusals import NotFinite, ShapeMismatch, TooFewPeople

Floats = NDArray[np.float64]
FEWEST = 4  # people: two coefficients and a dose leave one degree of freedom


@dataclass(frozen=True, slots=True)
class Line:
    """One slope of a least-squares fit: points on the scale for one more of the dose.

    Attributes
    ----------
    slope : float
    se : float
        The usual one, for errors that are alike.
    se_robust : float or None
        HC3, for errors that are not; none where one person alone decides the fit.
    df : int
        People less coefficients.
    p : float
        Two-sided, from ``se``.
    """

    slope: float
    se: float
    se_robust: float | None
    df: int
    p: float | None

    def interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Between what the slope could be, from the robust error; none without one."""
        if self.se_robust is None:
            return None
        reach = -float(stdtrit(self.df, tail_of(confidence))) * self.se_robust
        return self.slope - reach, self.slope + reach


@dataclass(frozen=True, slots=True)
class Dose:
    """How a dose goes together with change, in people who answered both times.

    Attributes
    ----------
    n : int
    mean : float
        Of the dose.
    after : Line
        The dose in a fit of the last answer on the first one and the dose (ANCOVA).
    change : Line
        The dose in a fit of the change on the dose alone.
    spearman : float or None
        Rank correlation of the dose and the change; none where all changed alike.
    """

    n: int
    mean: float
    after: Line | None
    change: Line
    spearman: float | None


def dose_of(before: ArrayLike, after: ArrayLike, dose: ArrayLike) -> Dose | None:
    """How the dose goes together with change; none where everybody had the same dose.

    Parameters
    ----------
    before, after : float array, shape (n_people,)
        Scale scores in points, of people who gave both.
    dose : float array, shape (n_people,)
        How much each read or wrote, a count.

    Raises
    ------
    ShapeMismatch
        If the arrays differ in shape.
    NotFinite
        If a value is not a number.
    TooFewPeople
        If there are fewer than four people.

    Notes
    -----
    METHOD 4.14: ``T3 ~ 1 + T1 + dose`` with HC3 (MacKinnon and White 1985), which holds where people with
    much of the dose are few and differ more. ``after`` is none where the dose follows from the first
    answer. Checked against the worked example, whose values two engines share.
    """
    first, last, given = (np.asarray(each, dtype=np.float64) for each in (before, after, dose))
    for other in (last, given):
        if other.shape != first.shape:
            raise ShapeMismatch(first.shape, other.shape)
    if not all(np.isfinite(each).all() for each in (first, last, given)):
        raise NotFinite("Scores and doses")
    if first.size < FEWEST:
        raise TooFewPeople(first.size, FEWEST)
    if np.ptp(given) == 0.0:
        return None
    change = _line(change_of := last - first, [given])
    assert change is not None
    return Dose(
        n=first.size,
        mean=float(given.mean()),
        after=_line(last, [given, first]) if np.ptp(first) > 0.0 else _line(last, [given]),
        change=change,
        spearman=_correlation(rankdata(given), rankdata(change_of)),
    )


def _line(outcome: Floats, columns: list[Floats]) -> Line | None:
    """The slope of the first column, with a constant; none where the others decide that column."""
    design = np.column_stack([*columns, np.ones(outcome.size)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    bread = np.linalg.inv(design.T @ design)
    left = outcome - design @ (bread @ design.T @ outcome)
    df = outcome.size - design.shape[1]
    se = sqrt(float(left @ left) / df * float(bread[0, 0]))
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    robust: float | None = None
    if bool((leverage < 1.0 - 1e-9).all()):
        filling = (left / (1.0 - leverage)) ** 2
        robust = sqrt(float((bread @ (design.T * filling) @ design @ bread)[0, 0]))
    slope = float((bread @ design.T @ outcome)[0])
    p = 2.0 * float(stdtr(df, -abs(slope / se))) if se > 0.0 else None
    return Line(slope, se, robust, df, p)


def _correlation(first: Floats, second: Floats) -> float | None:
    if np.ptp(first) == 0.0 or np.ptp(second) == 0.0:
        return None
    return float(np.corrcoef(first, second)[0, 1])
