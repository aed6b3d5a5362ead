"""What codes are good for, by how far those who gave them agreed. Without arrays, so that pages may ask."""

from enum import StrEnum

RELY, TENTATIVE = 0.80, 0.667
"""From here counts may be published; from here they are tentative (Krippendorff 2004)."""


class Reading(StrEnum):
    """What the codes are good for."""

    COUNTS = "counts"
    TENTATIVE = "tentative"
    QUOTATIONS = "quotations only"


def reading_of(alpha: float) -> Reading:
    """What codes with this agreement are good for."""
    if alpha >= RELY:
        return Reading.COUNTS
    return Reading.TENTATIVE if alpha >= TENTATIVE else Reading.QUOTATIONS
