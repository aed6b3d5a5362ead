"""Plain values that the comparison decides from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

METHOD_VERSION = "1"
NUMBER_FORMS = frozenset({"scale", "agreement", "evaluation"})
OPTION_FORMS = frozenset({"choice", "knowledge"})
TESTED_ROLES = frozenset({"attitude", "consideration", "perceived"})
POINTS_PER_DELTA = 16  # a quarter of a point on a five-point scale: one person in four moves one step
BESIDE = (
    "mean_pre_paired",
    "mean_post_paired",
    "mean_change",
    "se_change",
    "ci_low",
    "ci_high",
    "p_t",
    "share_change",
    "share_ci_low",
    "share_ci_high",
    "tost_p",
    "verdict",
)
"""Figures that are given without weights too, beside those with."""


@dataclass(frozen=True, slots=True)
class ItemShape:
    """What the analysis needs to know of an item.

    ``low`` and ``high`` are the ends of the scale, 1 and the number of options of a ranking, or the
    positions of the first and last option of a choice. ``waves``: those in which it is asked.
    """

    key: str
    form: str
    role: str
    stem: str
    low: int
    high: int
    favour_from: int | None
    options: tuple[str, ...]
    waves: frozenset[str]

    @property
    def is_paired(self) -> bool:
        """Whether it is asked in both waves."""
        return len(self.waves) == len(("pre", "post"))

    @property
    def has_numbers(self) -> bool:
        """Whether it is answered with a point of a scale."""
        return self.form in NUMBER_FORMS

    @property
    def has_options(self) -> bool:
        """Whether one option is chosen."""
        return self.form in OPTION_FORMS

    @property
    def default_delta(self) -> float:
        """The smallest change that matters where the plan names none, in points."""
        return (self.high - self.low) / POINTS_PER_DELTA


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """People divided by the values of one variable.

    Attributes
    ----------
    values : tuple of str
    codes : int array, shape (n_people,)
        Place of each person's value in ``values``; -1 for people without one.
    """

    values: tuple[str, ...]
    codes: Any


def is_tested(item: ItemShape, primary: Sequence[str] | None) -> bool:
    """Whether the item's p-value is one of those that are corrected together.

    With a plan that names primary items, those; without, every scale item of an attitude, a
    consideration or a perceived change.
    """
    if not item.has_numbers:
        return False
    return item.key in primary if primary is not None else item.role in TESTED_ROLES


def renumbered(notes: list[dict[str, str]], kept: dict[str, list[int]]) -> list[dict[str, str]]:
    """Keep the notes of the entries that were kept, with the places that these have now.

    Parameters
    ----------
    notes : list of {path, reason}
    kept : mapping of list path (``items``, ``by[0].ranks``) to the old indexes that stay, in order
    """
    found: list[dict[str, str]] = []
    for note in notes:
        head, bracket, tail = note["path"].rpartition("]")
        stem, opening, index = head.rpartition("[")
        if not bracket or stem not in kept:
            found.append(note)
        elif int(index) in kept[stem]:
            place = kept[stem].index(int(index))
            found.append({"path": f"{stem}{opening}{place}]{tail}", "reason": note["reason"]})
    return found
