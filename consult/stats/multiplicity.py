"""p-values of several items read together.

Decision: two short functions of our own instead of ``statsmodels.stats.multitest``, whose import takes
longer than the rest of a comparison and which knows no ``None``. The tests hold them to it.
"""

from collections.abc import Sequence

from consult.stats.refusals import NotAProbability


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values so that the chance of any false alarm among them stays at the level.

    Parameters
    ----------
    p_values
        One per item; ``None`` for an item that has none. It stays ``None`` and does not count as a test.

    Returns
    -------
    list of float or None
        In the order given, each at most 1.

    Raises
    ------
    NotAProbability
        If a value is not between 0 and 1.

    Notes
    -----
    Holm (1979), step down. Checked against R ``p.adjust`` and statsmodels ``multipletests``.
    """
    ascending = _ascending(p_values)
    adjusted: list[float | None] = [None] * len(p_values)
    reached = 0.0
    for rank, (p, place) in enumerate(ascending):
        reached = max(reached, min(1.0, p * (len(ascending) - rank)))
        adjusted[place] = reached
    return adjusted


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values so that the expected share of false alarms among the findings stays at the level.

    Parameters
    ----------
    p_values
        One per item; ``None`` for an item that has none. It stays ``None`` and does not count as a test.

    Returns
    -------
    list of float or None
        In the order given, each at most 1.

    Raises
    ------
    NotAProbability
        If a value is not between 0 and 1.

    Notes
    -----
    Benjamini and Hochberg (1995), step up. Checked against R ``p.adjust`` and statsmodels ``multipletests``.
    """
    ascending = _ascending(p_values)
    adjusted: list[float | None] = [None] * len(p_values)
    reached = 1.0
    for rank, (p, place) in reversed(list(enumerate(ascending, start=1))):
        reached = min(reached, p * len(ascending) / rank)
        adjusted[place] = reached
    return adjusted


def _ascending(p_values: Sequence[float | None]) -> list[tuple[float, int]]:
    held = [(p, place) for place, p in enumerate(p_values) if p is not None]
    for p, _ in held:
        if not 0.0 <= p <= 1.0:
            raise NotAProbability(p)
    return sorted(held)
