"""A piece of a text and what it is; and the text made flat, so that figures are found however typed."""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What somebody could be found by."""

    E_MAIL = "e-mail"
    PHONE = "phone"
    POSTCODE = "postcode"
    INSURANCE = "national insurance"
    NHS = "nhs"
    NUMBER = "number"
    WEB = "web"
    ADDRESS = "address"
    BIRTH = "date of birth"
    VEHICLE = "number plate"
    NAME = "name"


class Span(NamedTuple):
    """From ``start`` up to ``end`` stands something of that kind."""

    kind: Kind
    start: int
    end: int


_LETTER_FOR_NOUGHT = re.compile(r"(?<=\d)[oO](?=[\doO])|(?<!\w)[oO](?=\d)|(?<=\d)[oO](?!\w)|(?<=\d[oO])[oO]")
# "O2O 7946 OO18": a word of figures and letters that look like some.
_NOUGHTS_AND_ONES = re.compile(r"(?<!\w)(?=[oOlI]{0,6}\d)[oOlI\d]{2,24}(?!\w)")
_NOUGHTS_ALONE = re.compile(r"(?<=\d[ .-])[oO]{2,4}(?!\w)")
_LIKE_FIGURES = str.maketrans("oOlI", "0011")
_SAME = {"\N{FULLWIDTH COMMERCIAL AT}": "@", "\N{FULLWIDTH FULL STOP}": ".", "\N{FULLWIDTH PLUS SIGN}": "+"}


def flattened(text: str) -> str:
    """The text, as long as before, with plain figures, spaces and signs in place of their relatives."""
    if not text.isascii():
        text = "".join(map(_flat, text))
    for pattern in (_NOUGHTS_AND_ONES, _NOUGHTS_ALONE):
        text = pattern.sub(lambda found: found[0].translate(_LIKE_FIGURES), text)
    return _LETTER_FOR_NOUGHT.sub("0", text)


def _flat(char: str) -> str:
    if char.isascii():
        return char
    figure = unicodedata.digit(char, None)
    if figure is not None:
        return str(figure)
    if char in _SAME:
        return _SAME[char]
    category = unicodedata.category(char)
    # Also what nobody sees, and the frames of figures in boxes: a number may be hidden between them.
    if category in {"Zs", "Cf"} or char in "\ufe0f\u20e3":
        return " "
    return "-" if category == "Pd" else char
