"""Short names for items and options, made from their words: what files and addresses call them.

Somebody who writes an item should not have to think of a key. It is made once, from the first words,
and then stays, whatever becomes of the words: files that were exported earlier go on meaning the same.
"""

import re
import unicodedata
from collections.abc import Collection

from consult.cells import RESERVED

LONGEST = 30
ADDRESSES = frozenset({"new"})  # words that stand in addresses where a key would stand
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def item_key(stem: str, taken: Collection[str]) -> str:
    """A key for an item with this stem that is none of ``taken``."""
    return _free(_slug(stem) or "item", taken)


def option_key(label: str, taken: Collection[str]) -> str:
    """A key for an option with this label that is none of ``taken``."""
    return _free(_slug(label) or "option", taken)


def _slug(text: str) -> str:
    """The first words of the text in plain letters and digits; empty where it has none of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    found = ""
    for word in filter(None, _BETWEEN_WORDS.split(plain.replace("'", ""))):
        longer = f"{found}-{word}" if found else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        found = longer
    return found


def _free(wanted: str, taken: Collection[str]) -> str:
    unusable = {*taken, *RESERVED, *ADDRESSES}
    key, n = wanted, 2
    while key in unusable:
        key, n = f"{wanted}-{n}", n + 1
    return key
