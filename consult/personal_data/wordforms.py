"""Words and what is seen by them: whether one is a name, a word, or may be both. On a text that is flat."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from consult.personal_data.first_names import FIRST_NAMES, WORDS_TOO
from consult.personal_data.ordinary import FUNCTION, SMALL
from consult.personal_data.spans import Kind, Span
from consult.personal_data.surnames import SURNAMES, SURNAMES_TOO

WORD = re.compile(r"[^\W\d_][\w'’]*(?:-[^\W\d_][\w'’]*)*")
PARTICLES = frozenset(
    "van der den de da di la le du dos von al el bin ibn binti bint ap ab ferch mac nic ul ur".split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
LONGEST_NAME = 5


def bare(word: str) -> str:
    """The word in small letters and without its apostrophes."""
    word = word.casefold().replace("’", "'")
    return word.removesuffix("'s").strip("'")


def is_ordinary(word: str, kept: frozenset[str]) -> bool:
    """Whether the word, as it is typed, is taken for no name unless something says so."""
    plain = bare(word)
    return plain in kept or (plain in SMALL and word.islower())


def is_first_name(word: str) -> bool:
    """Whether people bear it, and nothing else does as it is typed."""
    plain = bare(word)
    return plain in FIRST_NAMES and not (plain in WORDS_TOO and word.islower())


def is_large(word: str) -> bool:
    """Whether the word begins with a capital, if only behind its article: "al-Hassan"."""
    return word[0].isupper() or bool(re.search(r"^[a-z]{1,3}[-'’][A-Z]", word))


def may_be_called(word: str, *, is_shouted: bool) -> bool:
    """Whether somebody can have that name, also if it is a word: in small letters only surnames."""
    plain = bare(word)
    if plain in FUNCTION:
        return False
    return plain in SURNAMES_TOO or plain in SURNAMES or (is_large(word) and not is_shouted)


def run(text: str, start: int, takes: Callable[[str, int], bool]) -> Iterator[Span]:
    """Some words from there, side by side, as long as they are taken for names."""
    at, n = start, 0
    for _each in range(LONGEST_NAME):
        word = WORD.match(text, at)
        if word is None:
            return
        if not _leads_on(text, word, partial(_flipped, takes, n)):
            if not takes(word[0], n):
                return
            n += 1
        yield Span(Kind.NAME, *word.span())
        at = word.end()
        while at < len(text) and text[at] in " ." and at - word.end() < 3:  # noqa: PLR2004  (the shape of what is looked for)
            at += 1


def _flipped(takes: Callable[[str, int], bool], n: int, word: str) -> bool:
    return takes(word, n)


def _leads_on(text: str, word: re.Match[str], takes: Callable[[str], bool]) -> bool:
    """Whether the word is one such as "van" with a name behind it."""
    behind = WORD.match(text, word.end() + 1)
    return (
        bare(word[0]) in PARTICLES
        and behind is not None
        and (takes(behind[0]) or bare(behind[0]) in PARTICLES)
    )
