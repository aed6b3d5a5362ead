"""Which records look so much like another one that one person may have taken part with two codes.

Nobody is known by an address or a machine here, so only what people said can tell. Two records of one wave
look alike when all of this is the same: every answer about the person, of which at least four were given;
every answer to every item that is not written; and what they wrote in their own words, at least ten words
over all items, in whatever order, but for one word. Short or missing words of their own tell nothing: many
people agree. It is a likeness and never a proof, so nothing is removed, put together or changed by it.

No two records are compared with each other. Everything that must be the same is put into one number, and
so is each text: once whole, and once without each of its words, as two texts that differ in one word share
one of these. Of whoever has words that nobody shares a third of, not even that is asked: if one word is
another, it is in one third of each, and the last third is the same. So the work grows with the words that
were written, and not with the pairs.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import TypeVar
from unicodedata import normalize

FEWEST_FACTS = 4  # answers about the person
FEWEST_WORDS = 10  # of their own, over all items
THIRDS = 3
_WORD = re.compile(r"\w+")

Marks = Mapping[int, int]  # what must be the same, as one number, by participant
Signature = TypeVar("Signature")


@cache
def mark_of(*said: str | int | None) -> int:
    """A number for one answer. Those of all answers are added up, so it is the hash of a text.

    Numbers for groups of small numbers are too much like each other for that: their sums are often the same.
    """
    return hash(repr(said))


def words_of(text: str) -> list[str]:
    """The words of a text as they count when two are compared: without capitals, marks and spaces."""
    return _WORD.findall(normalize("NFKC", text).casefold())


def shared(marks: Marks) -> set[int]:
    """Those who have the same number as somebody else."""
    counts = Counter(marks.values())
    return {someone for someone, mark in marks.items() if counts[mark] > 1}


def alike(marks: Marks, words: Mapping[int, Collection[str]]) -> set[int]:
    """Those whose number is the same as somebody else's, and whose words are, but for one."""
    numbers = {
        someone: [hash(word) for word in words[someone]]
        for someone in shared(marks)
        if len(words.get(someone, ())) >= FEWEST_WORDS
    }
    thirds = ((who, (marks[who], *third)) for who, each in numbers.items() for third in _thirds(each))
    near = _sharing(thirds)
    return _sharing((who, (marks[who], rest)) for who in near for rest in _rests(numbers[who]))


def _sharing(signatures: Iterable[tuple[int, Signature]]) -> set[int]:
    """Those who have a signature that somebody else has too."""
    first, found = dict[Signature, int](), set[int]()
    for someone, signature in signatures:
        other = first.setdefault(signature, someone)
        if other != someone:
            found.update((someone, other))
    return found


def _thirds(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """A number for each third of the words: which third a word is in, it says itself."""
    sums = [0] * THIRDS
    for number in numbers:
        sums[number % THIRDS] += number
    return enumerate(sums)


def _rests(numbers: Collection[int]) -> Iterator[int]:
    """A number for all the words, and one for all but each of them."""
    whole = sum(numbers)
    yield whole
    for number in set(numbers):
        yield whole - number
