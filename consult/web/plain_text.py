"""What people type, before it is kept: the words stay, what could disturb a page or a file goes.

Composed form (NFC), plain newlines, no control characters, none that turn the direction of the text
around. A zero-width joiner stays where it joins: inside emoji and words of some scripts. Nothing is
ever read as markup.
"""

import re
import unicodedata

# C0 and C1 controls but for newline and tab; bidirectional overrides, embeddings and isolates; marks of
# order at the beginning of files; lone surrogates, which no database keeps.
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\ud800-\udfff]"
)
INVISIBLE = re.compile("[\u200b-\u200d\u2060\u00ad\u180e]")
SPACES = re.compile(r"[^\S\n]+$", re.MULTILINE)


def clean(typed: str | None) -> str:
    """The text as it is kept; empty if there is nothing in it that anybody could see."""
    text = (typed or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = unicodedata.normalize("NFC", UNWANTED.sub("", text))
    text = SPACES.sub("", text).strip()
    return text if INVISIBLE.sub("", text).strip() else ""


def clean_line(typed: str | None) -> str:
    """The same for what stands in one line: a name, a title."""
    return " ".join(clean(typed).split())
