"""What a theme and a code may be, and what becomes of a text. Plain values in, decisions out."""

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from math import ceil
from typing import NamedTuple

from consult.cells import Refusal

ADJUDICATED = "adjudicated"  # the coder under whom a decision between two others is kept
CODED, CANNOT_CODE = "coded", "cannot_code"  # how a coder ends with a text
FEWEST_DOUBLE_PERCENT, FEWEST_DOUBLE = 20, 100  # texts that two people read: the share, and how many at least
AGAIN_PERCENT, FEWEST_AGAIN_PERCENT = 10, 5  # read once more among the follow-up's: usual, at least
MOST_THEMES = 50  # that people write on the pages; a bundle may bring more
_GOLDEN = 0.6180339887498949  # its multiples spread evenly, however many there are


class NewTheme(NamedTuple):
    """A code for the open text of one item."""

    item_id: int
    key: str
    label: str
    description: str | None = None
    include: str | None = None
    exclude: str | None = None
    examples: str | None = None
    is_retired: bool = False


class NewCode(NamedTuple):
    """One coder's judgement that an answer holds a theme."""

    participant_id: int
    item_id: int
    wave: str
    coder: str
    theme: str
    is_again: bool = False


class NewJudgement(NamedTuple):
    """That one coder has read one answer, and how they ended with it."""

    participant_id: int
    item_id: int
    wave: str
    coder: str
    outcome: str = CODED
    note: str | None = None
    is_again: bool = False


class ThemeWords(NamedTuple):
    """Everything that a codebook says of one theme but its key; ``examples`` stand one a line."""

    label: str
    description: str | None = None
    include: str | None = None
    exclude: str | None = None
    examples: str | None = None


class Reading(NamedTuple):
    """How one coder ended with one text: ``coded`` or ``cannot_code``, and the themes in it by their ids."""

    outcome: str
    themes: frozenset[int] = frozenset()


def final_reading(by_coder: Mapping[str, Reading]) -> Reading | None:
    """What holds of a text in the end: the decision between its coders, else what all of them found.

    None while they differ, and where nobody has read it.
    """
    if ADJUDICATED in by_coder:
        return by_coder[ADJUDICATED]
    found = set(by_coder.values())
    return found.pop() if len(found) == 1 else None


def standing_readings(by_coder: Mapping[str, Reading], used: Collection[int]) -> dict[str, Reading]:
    """The readings as far as they stand with these themes; who found nothing but others has read nothing."""
    standing = {}
    for coder, reading in by_coder.items():
        kept = reading.themes.intersection(used)
        if kept or not reading.themes:
            standing[coder] = reading._replace(themes=kept)
    return standing


def agreement_of(by_coder: Mapping[str, Reading], *, needed: int) -> str:
    """What is known of a text that so many are to read: ``open``, ``agreed``, ``disputed``, ``settled``."""
    if ADJUDICATED in by_coder:
        return "settled"
    if len(by_coder) < needed:
        return "open"
    return "agreed" if final_reading(by_coder) is not None else "disputed"


def count_double(n_texts: int, *, percent: int, minimum: int) -> int:
    """How many of so many texts two people read: the share, but not fewer than the minimum if there are."""
    return min(n_texts, max(minimum, ceil(n_texts * percent / 100)))


def first_place(staff_id: int, seed: int, n_places: int) -> int:
    """Where in the order of texts this person begins, so that no two begin at the same text.

    Whoever reads a text that needs one reader alone should be the only one who does: coders who start
    far from each other do not meet before most of it is done.
    """
    return int((staff_id * _GOLDEN + seed % 1000 / 1000) % 1 * n_places)


def codebook_content(themes: Iterable[tuple[str, ThemeWords]]) -> str:
    """The text of a codebook of these themes, each with its key, in this order."""
    listed = [{"theme": key, **words._asdict()} for key, words in themes]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))


def themes_in(content: str) -> list[tuple[str, ThemeWords]]:
    """The themes of the text of a codebook, in their order."""
    return [(each.pop("theme"), ThemeWords(**each)) for each in json.loads(content)]


def fingerprint(*texts: str | None) -> str:
    """A short sign of these words, by which one knows whether they have changed."""
    return sha256(json.dumps(texts).encode()).hexdigest()[:32]


def check_takes_themes(where: str, *, takes_text: bool) -> None:
    """Themes are for items that take words.

    Raises
    ------
    Refusal
        If the item takes none.
    """
    if not takes_text:
        raise Refusal(where, "this item takes no text, so it has no themes")


def themes_meant(cell: str, known: Mapping[str, str]) -> tuple[list[str], Collection[str]]:
    """The themes that a cell of a table names, between semicolons, and the words that name none.

    ``known`` leads from what somebody may write, in small letters, to the key of a theme.
    """
    whole = " ".join(cell.split()).casefold()
    if whole in known:
        return [known[whole]], []
    parts = [" ".join(part.split()) for part in cell.split(";")]
    named = [part for part in parts if part]
    unknown = [part for part in named if part.casefold() not in known]
    return list(dict.fromkeys(known[part.casefold()] for part in named if part.casefold() in known)), unknown
