"""Text that no spreadsheet takes for a formula and no file format breaks on."""

import re
from unicodedata import category, normalize

_DANGEROUS = frozenset("=+-@\t\r\n\0")
# What XML or HTML cannot hold, and what no program shows: a stray control character is somebody's slip.
_ENDS_OF_PLANES = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_UNPRINTABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_ENDS_OF_PLANES}]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """The text with every control character replaced, other than tabs and line breaks."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula.

    It may if the text begins with ``= + - @``, a tab, a line break or NUL, or with the full-width
    or small form of such a sign; spaces and characters that nobody sees do not hide it.
    """
    for character in text:
        if character in _DANGEROUS or normalize("NFKC", character)[:1] in _DANGEROUS:
            return True
        if not (character.isspace() or category(character) in {"Cf", "Cc"}):
            return False
    return False


def guarded(text: str) -> str:
    """The text as it may stand in a CSV file: dangerous ones get an apostrophe in front.

    NUL is looked for before it is replaced: either way the cell begins with something harmless.
    """
    return printable(f"'{text}" if is_dangerous(text) else text)
