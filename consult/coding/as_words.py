"""Suggested themes and agreement between coders as plain text, for whoever reads them in a terminal."""

from collections.abc import Iterator
from typing import Any

Content = dict[str, Any]
SHOWN_CHARACTERS = 100


def themes_as_text(content: Content) -> str:
    """The suggested themes, a few lines each."""
    return "\n".join(_themes(content))


def _themes(content: Content) -> Iterator[str]:
    where = f"{content['consultation']}, {content['item']}"
    yield f"{where}: {content['k']} themes from {content['n_used']:,} of {content['n']:,} texts"
    yield content["reason"]
    for theme in content["themes"]:
        yield ""
        yield f"{theme['theme']}. {', '.join(theme['words'])} ({theme['size']:,})"
        yield from (f"   – {_one_line(text)}" for text in theme["quotations"])
    if content["left_out"]:
        yield ""
        yield f"{len(content['left_out']):,} texts without a theme"


def _one_line(text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    words = " ".join(plain.split())
    return words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS].rstrip()} …"
