"""Whether a changed wording can be a typing error put right. Plain values in, decisions out.

Answers have been given to the old words. Whoever changes them says that they mean the same; this says
where that cannot be: another number, a "not" more or less, or half of the words.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from consult.words import N_

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATIONS = frozenset(
    {"no", "not", "never", "none", "nobody", "nothing", "without", "neither", "nor", "cannot"}
)
# Often typed without their apostrophe.
_CONTRACTED = re.compile(
    r"(?:are|ca|could|did|does|do|had|has|have|is|should|was|were|wo|would)n'?t", re.IGNORECASE
)
# "nto" was meant for "not": letters in another order are the commonest typing error of all.
_MISTYPED = frozenset("".join(sorted(word)) for word in ("not", "never"))
LEAST_ALIKE = 0.5


def meaning_problem(before: str, after: str) -> str | None:
    """Why the new wording is more than a typing error put right; None if it need not be."""
    if _NUMBER.findall(before) != _NUMBER.findall(after):
        return N_("A number has changed. That changes the meaning, so the wording has to stay.")
    old, new = _words(before), _words(after)
    if _negations(old) != _negations(new):
        return N_(
            "A word such as “not” has come or gone. That changes the meaning, so the wording has to stay."
        )
    if SequenceMatcher(None, before.casefold(), after.casefold(), autojunk=False).ratio() < LEAST_ALIKE:
        return N_(
            "This changes more than a typing error. People have answered these words, so they have to stay."
        )
    return None


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def _negations(words: Sequence[str]) -> int:
    return sum(map(_is_negation, words))


def _is_negation(word: str) -> bool:
    is_one = word in _NEGATIONS or _CONTRACTED.fullmatch(word) is not None
    return is_one or "".join(sorted(word)) in _MISTYPED
