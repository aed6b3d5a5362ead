"""Numbers of people as tables write them: whole, and never guessed."""

import re

from consult.cells import shown
from consult.errors import Invalid

MOST_PEOPLE = 100_000_000
_WHOLE = re.compile(r"(?:0|[1-9][0-9]*)(?:\.0+)?", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.0+)?", re.ASCII)
_MARKS = frozenset({"-", "–", "—", "*", "**", ".", "..", "...", ":", "!", "~", "c", "x", "z", "s", "u"})
_WORDS = frozenset({"n/a", "na", "nan", "null", "none", "suppressed"})


def as_people(text: str) -> int:
    """A number of people: "13013", "13013.0" or "13,013".

    Raises
    ------
    Invalid
        If it is anything else. A mark for a figure that was held back is never read as 0.
    """
    plain = text.strip().casefold()
    if not plain:
        raise Invalid("This cell is empty. Enter a number of people, or 0")
    if plain.strip("[]()") in _MARKS | _WORDS:
        raise Invalid(
            "%(cell)s stands for a figure that was held back. Ask for the figure, or join the category with"
            " another",
            cell=shown(plain),
        )
    if _WHOLE.fullmatch(plain) or _GROUPED.fullmatch(plain):
        digits = plain.partition(".")[0].replace(",", "")
        # The length first: turning a million digits into a number would take minutes.
        if len(digits) > len(str(MOST_PEOPLE)) or int(digits) > MOST_PEOPLE:
            raise Invalid(
                "%(cell)s is too large: a number of people is at most 100 million", cell=shown(plain)
            )
        return int(digits)
    if "%" in plain:
        raise Invalid("%(cell)s is a share. Enter a number of people", cell=shown(plain))
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]+", plain):
        raise Invalid(
            "%(cell)s has lost its digits in a spreadsheet. Enter all of them, such as 100000",
            cell=shown(plain),
        )
    raise Invalid("%(cell)s is not a whole number of people, such as 13013", cell=shown(plain))
