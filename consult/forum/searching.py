"""Finding words in what people wrote. Plain values in, decisions out; the same on every database.

Words count without their accents and whether in capitals or not; what is typed is the beginning of a word,
and all that is typed must be found, in any order. Scripts that put no spaces between words have no
beginnings of words: there it may stand anywhere. Nothing here goes back over a text: whatever people write
or ask, the work grows with the length of the text and no faster.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

WORDS_MOST = 8
ASKED_LONGEST = 200  # characters
SHORTEST = 2  # characters of a word in a script that has letters
BEFORE, GLIMPSE = 80, 300  # characters of a passage before the first word found, and altogether
PASSAGE_WITHIN = 10_000  # characters of a text in which a passage is looked for

# Marks over or under a letter, and what nobody sees; the vowel signs of Indic scripts are no such marks.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u00ad\u200b-\u200d\u2060]+"
)
# Thai to Burmese, Khmer, kana and Han: words follow each other without a space.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SPACE = re.compile(r"\s")
_FOREIGN = re.compile("[^\x00-\x7f£€‘’“”–—…]")  # what of a text in English needs no more than small letters


class Word(NamedTuple):
    """A beginning of a word that is looked for, as `fold` leaves it; or what may stand anywhere in one."""

    text: str
    anywhere: bool


class Piece(NamedTuple):
    """A part of a passage; ``is_found`` if it is what was looked for."""

    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for.

    Attributes
    ----------
    words : tuple of Word
        None if there is nothing to look for.
    is_too_short, is_cut : bool
        Whether every word is a single letter; whether only the first words are looked for.
    """

    words: tuple[Word, ...]
    is_too_short: bool = False
    is_cut: bool = False


def fold(text: str) -> str:
    """The text without accents, capitals and characters that nobody sees."""
    if text.isascii() or not _FOREIGN.search(text):
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def asked_for(typed: str) -> Asked:
    """The words in what somebody typed."""
    folded = fold(typed[:ASKED_LONGEST])
    found = list(dict.fromkeys(_words(folded)))
    is_cut = len(typed) > ASKED_LONGEST or len(found) > WORDS_MOST
    words = tuple(Word(word, _UNSPACED.search(word) is not None) for word in found[:WORDS_MOST])
    if words and all(len(word.text) < SHORTEST and not word.anywhere for word in words):
        return Asked((), is_too_short=True)
    return Asked(words, is_cut=is_cut)


def is_in(asked: Asked, folded: str) -> bool:
    """Whether a folded text has all that is looked for."""
    return all(word.text in folded for word in asked.words) and all(
        any(True for _ in _places(word, folded)) for word in asked.words
    )


def passage(asked: Asked, text: str) -> list[Piece]:
    """The part of a text around what was found in it, whole words, with what was found marked."""
    text = text[:PASSAGE_WITHIN]
    folded, at = _folded_with_places(text)
    spans = _joined(
        (at[start], at[end - 1] + 1) for word in asked.words for start, end in _places(word, folded)
    )
    first = spans[0][0] if spans else 0
    start = _cut_after(text, first - BEFORE) if first > BEFORE else 0
    end = _cut_before(text, start + GLIMPSE, least=spans[0][1] if spans else 0)
    pieces: list[Piece] = [Piece("…", is_found=False)] if start else []
    here = start
    for begins, ends in spans:
        if ends > end:
            break
        if begins > here:
            pieces.append(Piece(text[here:begins], is_found=False))
        pieces.append(Piece(text[begins:ends], is_found=True))
        here = ends
    pieces.append(Piece(text[here:end] + ("…" if end < len(text) else ""), is_found=False))
    return [piece for piece in pieces if piece.text]


def _is_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _words(folded: str) -> Iterator[str]:
    """The words of a folded text: letters and figures in a row, with the vowel signs between them."""
    start = None
    for n, character in enumerate(folded):
        if _is_of_word(character):
            start = n if start is None else start
        elif start is not None:
            yield folded[start:n]
            start = None
    if start is not None:
        yield folded[start:]


def _places(word: Word, folded: str) -> Iterator[tuple[int, int]]:
    """Where that begins in a text.

    No beginning of a word is missed by going on behind each place: what overlaps it stands inside a word.
    """
    start = folded.find(word.text)
    while start >= 0:
        end = start + len(word.text)
        if word.anywhere or start == 0 or not _is_of_word(folded[start - 1]):
            yield start, end
        start = folded.find(word.text, end)


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """A folded text, and for each character of it the place in the text from which it comes."""
    if text.isascii():
        return fold(text), list(range(len(text)))
    parts = [fold(character) for character in text]
    return "".join(parts), [n for n, part in enumerate(parts) for _ in part]


def _joined(spans: Iterator[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The same spans in their order, without overlaps."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut_after(text: str, place: int) -> int:
    """Where the first word begins at that place or soon after it."""
    space = _SPACE.search(text, place, place + BEFORE // 2)
    return space.end() if space else place


def _cut_before(text: str, place: int, *, least: int) -> int:
    """Where the last word ends before that place, not before ``least``."""
    place = max(place, least)
    if place >= len(text):
        return len(text)
    spaces = [found.start() for found in _SPACE.finditer(text, max(least, place - BEFORE // 2), place + 1)]
    return spaces[-1] if spaces else place
