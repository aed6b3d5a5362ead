"""Names of columns that every program takes: R, SPSS, Stata, pandas.

SPSS allows 64 bytes and does not tell capitals from small letters; R and Stata want letters, digits
and underscores. Keys of items may be any text, so that a name is made from the key, and the
codebook says which is which.
"""

import re
from collections.abc import Sequence
from unicodedata import normalize

MOST_CHARACTERS = 64
_NOT_ALLOWED = re.compile("[^A-Za-z0-9]+")


def plain(key: str, *, otherwise: str) -> str:
    """Only the letters and digits of a key, with underscores between; begins with a letter.

    Accents are dropped. A key without any plain letter or digit becomes ``otherwise``.
    """
    found = _NOT_ALLOWED.sub("_", normalize("NFKD", key).encode("ascii", "ignore").decode()).strip("_")
    if not found:
        return otherwise
    return found if found[0].isalpha() else f"{otherwise}_{found}"


class Names:
    """The names that a table has given out; none comes twice, whatever the capitals."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.casefold() for name in taken}

    def take(self, stem: str, endings: Sequence[str]) -> list[str]:
        """Give out ``stem`` with each of the endings, with a number after the stem if need be.

        The stem is shortened so that the longest of the names is allowed; it is the same in all.
        """
        room = MOST_CHARACTERS - max(map(len, endings), default=0)
        number = 1
        while True:
            mark = "" if number == 1 else f"_{number}"
            names = [f"{stem[: room - len(mark)].rstrip('_')}{mark}{ending}" for ending in endings]
            if self._taken.isdisjoint(name.casefold() for name in names):
                self._taken.update(name.casefold() for name in names)
                return names
            number += 1


def distinct(keys: Sequence[str], *, otherwise: str, room: int) -> list[str]:
    """Plain forms of several keys, each at most ``room`` characters and no two alike."""
    names = Names()
    return [
        names.take(plain(key, otherwise=f"{otherwise}_{n}")[:room].rstrip("_"), ("",))[0][:MOST_CHARACTERS]
        for n, key in enumerate(keys, 1)
    ]
