"""What an officer is told beside the targets, and names in a row as a sentence holds them."""

from collections.abc import Sequence

from consult.cells import shown
from consult.words import say

MOST_NAMES = 12  # in one sentence


class Told:
    """The notices so far, in English."""

    def __init__(self, notices: Sequence[str] = ()) -> None:
        self.notices = list(notices)

    def say(self, text: str, **values: object) -> None:
        """One more thing to know."""
        notice = str(say(text, **values))
        if notice not in self.notices:
            self.notices.append(notice)


def listed(names: Sequence[str]) -> str:
    """Names in a row; how many more there are where they are many."""
    told = [shown(name) for name in names[:MOST_NAMES]]
    return ", ".join(told) + (f" (+ {len(names) - MOST_NAMES})" if len(names) > MOST_NAMES else "")
