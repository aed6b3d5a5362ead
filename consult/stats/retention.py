"""How evenly people came back: R-indicators of a fitted model of coming back.

Decision: the indicator is computed at every size and says of itself whether it may be shown. Below about 500
people its error is larger than anything it could tell: in the worked example of 28 people it is 1, as good
as can be, give or take 0.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.stats.logit import Logit
from consult.stats.pairs import Scores
from consult.stats.refusals import NotWholeNumbers, ShapeMismatch, TooFewPeople

LARGEST_ERROR = 0.05
"""Standard error beyond which an R-indicator is not shown."""


@dataclass(frozen=True, slots=True)
class RetentionIndicator:
    """How equal the chances of coming back were.

    Attributes
    ----------
    n, rate
        People, and their mean chance of coming back.
    r_unadjusted, r
        ``1 - 2 S``, 1 where all chances are equal, as computed and with its bias taken out.
    se
        Standard error of ``r``; ``None`` where the model gives everybody the same chance.
    cv_unadjusted, cv, cv_se
        ``S`` over the mean chance, likewise.
    bias_factor
        What is left of the variance of chances when its bias is taken out, 0 to 1.
    """

    n: int
    rate: float
    r_unadjusted: float
    r: float
    se: float | None
    cv_unadjusted: float
    cv: float
    cv_se: float | None
    bias_factor: float

    @property
    def may_be_shown(self) -> bool:
        """Whether the standard error is at most 0.05."""
        return self.se is not None and self.se <= LARGEST_ERROR

    def largest_bias(self, sd: float) -> float:
        """Give the most by which a mean can be off, in points, if the answers vary by so many points.

        With the unadjusted coefficient of variation, the cautious one.
        """
        return self.cv_unadjusted * sd


@dataclass(frozen=True, slots=True)
class PartialIndicator:
    """How much of the unevenness one variable makes.

    Attributes
    ----------
    unconditional_unadjusted, unconditional
        Standard deviation of chances between its categories, as computed and with bias taken out.
    conditional_unadjusted, conditional
        What it adds among people who are alike on all the other variables, likewise.
    categories
        By category present: the part of ``unconditional_unadjusted``, negative where they came back less.
    """

    unconditional_unadjusted: float
    unconditional: float
    conditional_unadjusted: float
    conditional: float
    categories: dict[int, float]


def retention_indicator(fitted: Logit) -> RetentionIndicator:
    """How equal the chances of coming back were, as fitted.

    Parameters
    ----------
    fitted
        A model of everybody who was asked.

    Raises
    ------
    TooFewPeople
        If there is only one person.

    Notes
    -----
    Shlomo, Skinner and Schouten (2012) as in RISQ 2.1 (de Heij, Schouten and Shlomo 2015), everybody asked
    being the whole population: with z the gradients of chances and V the covariance of coefficients, the bias
    of the variance S^2 is ``mean z'Vz`` and the variance of R ``(4 a'Va + 2 tr(bVbV)) / S^2``, a the
    covariance of chances with z and b that of z. That bias holds the variance of the rate too, so that
    slightly too much is taken out; kept, to be comparable. Checked against R code of RISQ on its test data.
    """
    chances, v = fitted.chances, fitted.covariance
    n = chances.size
    if n == 1:
        raise TooFewPeople(1, 2)
    rate = float(chances.mean())
    off = chances - rate
    squares = float(off @ off)
    z = fitted.design * (chances * (1.0 - chances))[:, None]
    bias = float(np.einsum("ij,jk,ik->", z, v, z, optimize=True)) / n
    variance = squares / (n - 1)
    # The same chance for everybody comes out of the fit with the noise of its last step.
    is_level = bool(np.ptp(chances) <= 1e-9)  # noqa: PLR2004
    factor = 0.0 if is_level else max(0.0, 1.0 - bias / variance)
    sd = 0.0 if is_level else sqrt(variance)
    adjusted = sd * sqrt(factor)
    se = cv_se = None
    if not is_level:
        centred = z - z.mean(axis=0)
        a, b = off @ centred / n, centred.T @ centred / n
        spread = b @ v
        error = (4.0 * float(a @ v @ a) + 2.0 * float(np.trace(spread @ spread))) / (squares / n)
        se = sqrt(error)
        cv_se = sqrt(0.25 * error / rate**2 + (adjusted / rate) ** 4 / n)
    return RetentionIndicator(
        n=n,
        rate=rate,
        r_unadjusted=1.0 - 2.0 * sd,
        r=1.0 - 2.0 * adjusted,
        se=se,
        cv_unadjusted=sd / rate,
        cv=adjusted / rate,
        cv_se=cv_se,
        bias_factor=factor,
    )


def partial_indicators(
    fitted: Logit, variables: Mapping[str, ArrayLike], *, bias_factor: float = 1.0
) -> dict[str, PartialIndicator]:
    """How much of the unevenness of coming back each variable makes, by name.

    Parameters
    ----------
    fitted
        A model of everybody who was asked.
    variables
        All variables of the model as whole numbers, shape (n_people,): each is held against the others.
    bias_factor
        Of :class:`RetentionIndicator`.

    Raises
    ------
    ShapeMismatch
        If a variable is not over the same people as the model.
    NotWholeNumbers
        If a variable is not of whole numbers.

    Notes
    -----
    Schouten, Shlomo and Skinner (2011). Checked against R code of RISQ on its test data.
    """
    codes = {name: _codes(given, fitted.chances.size) for name, given in variables.items()}
    rate = float(fitted.chances.mean())
    found = {}
    for name, own in codes.items():
        among = fitted.chances - _means(
            fitted.chances, _cells([c for o, c in codes.items() if o != name], own.size)
        )
        between = _means(fitted.chances, own) - rate
        unconditional, conditional = (sqrt(float(np.mean(gap * gap))) for gap in (between, among))
        kinds, first, counts = np.unique(own, return_index=True, return_counts=True)
        found[name] = PartialIndicator(
            unconditional_unadjusted=unconditional,
            unconditional=unconditional * sqrt(bias_factor),
            conditional_unadjusted=conditional,
            conditional=conditional * sqrt(bias_factor),
            categories={
                int(kind): float(between[at]) * sqrt(count / own.size)
                for kind, at, count in zip(kinds, first, counts, strict=True)
            },
        )
    return found


def _codes(given: ArrayLike, n_people: int) -> NDArray[np.int64]:
    codes = np.asarray(given)
    if codes.shape != (n_people,):
        raise ShapeMismatch(codes.shape, (n_people,))
    if not np.issubdtype(codes.dtype, np.integer):
        what = "Categories"
        raise NotWholeNumbers(what)
    return codes.astype(np.int64)


def _cells(codes: list[NDArray[np.int64]], n_people: int) -> NDArray[np.int64]:
    """One number for each combination that occurs."""
    cell = np.zeros(n_people, dtype=np.int64)
    for column in codes:
        _, place = np.unique(column, return_inverse=True)
        _, cell = np.unique(cell * (int(place.max()) + 1) + place, return_inverse=True)
    return cell


def _means(values: Scores, cells: NDArray[np.int64]) -> Scores:
    """Everybody's mean over the people of their own cell."""
    _, place, counts = np.unique(cells, return_inverse=True, return_counts=True)
    means: Scores = np.bincount(place, weights=values) / counts
    return means[place]
