"""Every sentence that an item can become, so that its author can read each and agree to it.

An item of this product is a sentence that stops: "The number of late shops near me should be …". Each
option finishes it, and each must finish it well. Nobody sees that from a list of options; so the pages
print the pairs as what they are, one sentence each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consult.surveys.rules import SCALED, NewItem, NewScale

ELLIPSIS = "…"
_STOP = re.compile(r"\s*(?:…|\.{3,})\s*$")
_ENDS = (".", "!", "?", ELLIPSIS)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a resident would read it: how it begins and how it is finished.

    ``completion`` is empty where the resident finishes it in their own words, or where there is
    nothing to finish.
    """

    start: str
    completion: str
    end: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        space = " " if self.completion else ""
        return f"{self.start}{space}{self.completion}{self.end}"


def with_ellipsis(stem: str) -> str:
    """The stem, with dots at its end as one character; three typed dots mean the same."""
    start = _STOP.sub("", stem)
    return f"{start} {ELLIPSIS}" if is_unfinished(stem) and start else stem


def is_unfinished(stem: str) -> bool:
    """Whether the stem says by dots at its end that it stops there."""
    return _STOP.search(stem) is not None


def sentences(item: NewItem) -> tuple[Sentence, ...]:
    """Every sentence that the item can become, in the order of its options or points.

    A ranking is one sentence with the options in their order. A scale gives one for each point that
    has words. A statement that is complete by itself comes first, alone.
    """
    start = _STOP.sub("", item.stem)
    if item.form == "open":
        return (Sentence(start, "", f" {ELLIPSIS}"),)
    if item.form == "rank":
        return (_finished(item.stem, ", ".join(option.label for option in item.options), joint=":"),)
    if item.form in SCALED:
        found = [_finished(item.stem, words) for words in _words_of(item.scale)]
    else:
        found = [_finished(item.stem, option.label) for option in item.options]
    return tuple(found) if is_unfinished(item.stem) else (_alone(item.stem), *found)


def _alone(stem: str) -> Sentence:
    return Sentence(stem, "", "" if stem.endswith(_ENDS) else ".")


def _finished(stem: str, completion: str, *, joint: str = "") -> Sentence:
    """The stem with one ending; a statement or a question stays whole and is followed by its answer."""
    if is_unfinished(stem):
        start = _STOP.sub("", stem) + joint
    elif stem.endswith("?"):
        start = stem
    else:
        start = stem.rstrip(".") + ":"
    return Sentence(start, completion, "" if completion.endswith(_ENDS) else ".")


def _words_of(scale: NewScale | None) -> Iterator[str]:
    """The words of a scale from its first point to its last, each once."""
    if scale is None:
        return
    labels = list(scale.labels or [""] * (scale.max - scale.min + 1))
    labels[0], labels[-1] = scale.low or labels[0], scale.high or labels[-1]
    yield from (label for label in labels if label)
