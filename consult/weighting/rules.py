"""How weights are made: the settings, as plain values and as the JSON that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CYCLES = 5
UNANSWERED_LIMIT = 0.1
TRIM, COLLAPSE = (0.3, 3.0), (20, 5.0)
NO_WEIGHTS, RAKED = "none", "raked"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to make weights; the defaults are the method's.

    Attributes
    ----------
    variables : tuple of str, optional
        Keys of the questions that weights are brought into line with; None for every one that can be used.
    trim : (least, greatest), optional
        Of the weights, as multiples of their mean; None for no limits.
    collapse : (smallest, largest ratio), optional
        Groups of fewer people, or of people who would count for more than so many times what they do, are
        put together with others; None for never.
    for_staying : bool
        Whether they begin with the inverse of the chance to have stayed.
    """

    variables: tuple[str, ...] | None = None
    trim: tuple[float, float] | None = TRIM
    collapse: tuple[int, float] | None = COLLAPSE
    for_staying: bool = False

    def as_json(self) -> dict[str, Any]:
        """The settings with those that nobody chooses, as they are kept and printed."""
        return {
            "variables": None if self.variables is None else list(self.variables),
            "trim": None if self.trim is None else list(self.trim),
            "collapse": None
            if self.collapse is None
            else {"smallest": self.collapse[0], "largest_ratio": self.collapse[1]},
            "for_staying": self.for_staying,
            "cycles": CYCLES,
            "unanswered_limit": UNANSWERED_LIMIT,
        }


def settings_from(kept: Mapping[str, Any]) -> Settings:
    """The settings that such JSON stands for."""
    trim, collapse, variables = kept["trim"], kept["collapse"], kept["variables"]
    return Settings(
        variables=None if variables is None else tuple(map(str, variables)),
        trim=None if trim is None else (float(trim[0]), float(trim[1])),
        collapse=None if collapse is None else (int(collapse["smallest"]), float(collapse["largest_ratio"])),
        for_staying=bool(kept["for_staying"]),
    )
