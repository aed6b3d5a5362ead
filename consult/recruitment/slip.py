"""The slip of paper that brings somebody back: their code, the dates, and a picture for a telephone.

The picture holds the address of the page where codes are entered, and no code: whoever finds a photo
of it has nothing. The number that replaces a lost code stands on a part to tear off, because a code
and its replacement are best not lost together.
"""

import segno

SCALE = 4  # pixels of one square of the picture


def picture_of(address: str) -> str:
    """The address as a picture for a telephone, itself a data address: it never leaves the page."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=SCALE, light="white"))
