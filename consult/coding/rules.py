"""What a theme and a code may be. Plain values in, decisions out."""

from typing import NamedTuple

from consult.cells import Refusal

ADJUDICATED = "adjudicated"  # the coder under whom a decision between two others is kept


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
