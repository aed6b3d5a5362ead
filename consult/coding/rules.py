"""What a theme and a code may be. Plain values in, decisions out."""

from collections.abc import Mapping
from typing import NamedTuple

from consult.cells import Refusal

ADJUDICATED = "adjudicated"  # the coder under whom a decision between two others is kept


class Reading(NamedTuple):
    """How one coder ended with one text: ``coded`` or ``cannot_code``, and the themes in it by their ids."""

    outcome: str
    themes: frozenset[int] = frozenset()


def coder_of(staff_id: int) -> str:
    """The key under which a member of staff codes."""
    return f"coder-{staff_id}"


def final_reading(by_coder: Mapping[str, Reading]) -> Reading | None:
    """What holds of a text in the end: the decision between its coders, else what all of them found.

    None while they differ, and where nobody has read it.
    """
    if ADJUDICATED in by_coder:
        return by_coder[ADJUDICATED]
    found = set(by_coder.values())
    return found.pop() if len(found) == 1 else None


class NewTheme(NamedTuple):
    """A code for the open text of one item."""

    item_id: int
    key: str
    label: str
    description: str | None = None


class NewCode(NamedTuple):
    """One coder's judgement that an answer holds a theme."""

    participant_id: int
    item_id: int
    wave: str
    coder: str
    theme: str


def check_takes_themes(where: str, *, takes_text: bool) -> None:
    """Themes are for items that take words.

    Raises
    ------
    Refusal
        If the item takes none.
    """
    if not takes_text:
        raise Refusal(where, "this item takes no text, so it has no themes")
