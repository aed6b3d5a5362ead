"""Checks of the levels that methods share, and the one root finder that they need."""

from collections.abc import Callable

from consult.stats.refusals import BadBound

HALVINGS = 100
"""More than a float can tell apart, for any bracket that is not astronomically wide."""


def tail_of(confidence: float) -> float:
    """Probability left above a two-sided interval, half of what the confidence leaves out.

    Parameters
    ----------
    confidence
        A share strictly between 0 and 1.

    Raises
    ------
    BadBound
        If it is not.
    """
    if not 0.0 < confidence < 1.0:
        what = "A confidence lies strictly between 0 and 1"
        raise BadBound(what, confidence)
    return (1.0 - confidence) / 2.0


def crossing(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses zero, to the last float.

    Parameters
    ----------
    falling
        A function that does not rise between ``low`` and ``high``.
    low, high
        The end returned if the function does not change sign between them.

    Notes
    -----
    Bisection. Importing SciPy's solvers takes longer than every root that a
    report asks for, and a bisection of a monotone function cannot fail.
    """
    if falling(low) <= 0.0:
        return low
    if falling(high) >= 0.0:
        return high
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2.0
        if falling(middle) > 0.0:
            low = middle
        else:
            high = middle
    return low + (high - low) / 2.0
