"""What a fair account of positions is. Plain values in, decisions out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from random import Random

HELD_FROM = 3  # people; a position of fewer is nobody's business
LENGTH_APART = 10  # per cent, to either side of the middle
QUOTED_WORDS = 40
QUOTED_CHARACTERS = 400  # where words are not parted by spaces
REPEATED_WORDS = 8  # in a row; fewer are anybody's words
QUOTATIONS_MOST = 5  # of one position
INVITED_MOST, RATINGS_NEEDED = 15, 5
FAIR_MEAN, FAIR_GAP = 4, Fraction(1, 2)
OVERRIDE_SHORTEST = 20
TITLE_LONGEST, COMPLETION_LONGEST, REASONS_LONGEST, WORRY_LONGEST = 150, 300, 2000, 1000
OVERRIDE_LONGEST, SUGGESTION_LONGEST = 1000, 1000
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+[\"”’')]*(?=\s|$)")

# --- scales in a summary

MOST_POINTS_APART = 7  # a longer scale is told in three parts


def bands(low: int, high: int) -> list[tuple[int, int]]:
    """The parts in which a scale is told: each point by itself, or of a long scale three parts.

    The outer parts are equally long, so that neither side looks larger than it is.
    """
    points = high - low + 1
    if points <= MOST_POINTS_APART:
        return [(value, value) for value in range(low, high + 1)]
    outer = (points + 1) // 3
    return [(low, low + outer - 1), (low + outer, high - outer), (high - outer + 1, high)]


# --- equal lengths


def word_count(*texts: str) -> int:
    """How many words these texts have together."""
    return sum(len(_WORD.findall(text)) for text in texts)


def room(counts: Sequence[int]) -> tuple[int, int]:
    """From how many words to how many every position may have, so that none is told at more length."""
    if not counts:
        return 0, 0
    total, n = sum(counts), len(counts)
    lowest = -(-total * (100 - LENGTH_APART) // (100 * n))
    return lowest, total * (100 + LENGTH_APART) // (100 * n)


def have_same_length(counts: Sequence[int]) -> bool:
    """Whether every count is within a tenth of the middle."""
    low, high = room(counts)
    return all(low <= count <= high for count in counts)


# --- quotations


def runs(*texts: str) -> set[tuple[str, ...]]:
    """Every eight words in a row of each of these texts, in small letters."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        words = [word.casefold() for word in _WORD.findall(text)]
        found.update(tuple(words[n : n + REPEATED_WORDS]) for n in range(len(words) - REPEATED_WORDS + 1))
    return found


def passage(text: str) -> str:
    """The text as far as whole sentences within forty words go; a longer first one is cut with a sign."""
    text = text.strip()
    if _is_quotable(text):
        return text
    best = 0
    for end in _SENTENCE_END.finditer(text):
        if not _is_quotable(text[: end.end()]):
            break
        best = end.end()
    if best:
        return text[:best]
    words = list(islice(_WORD.finditer(text), QUOTED_WORDS))
    last = words[-2].end() if len(words) == QUOTED_WORDS else len(text)
    return text[: min(last, QUOTED_CHARACTERS - 2)].rstrip(" ,;:–-") + " …"


def _is_quotable(text: str) -> bool:
    return len(text) <= QUOTED_CHARACTERS and word_count(text) <= QUOTED_WORDS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that could be quoted: how many themes it holds besides the position's, and how long it is."""

    answer_id: int
    participant_id: int
    other_themes: int
    length: int


def in_turn(candidates: Iterable[Candidate], *, seed: int, key: str) -> list[Candidate]:
    """The texts in the order in which they are drawn: the most central first, then the others by lot.

    The most central one holds the fewest other themes; of several it is the one whose length is nearest
    to the median. The lot is a seeded one, so that anybody can draw it again.
    """
    known = sorted(candidates, key=lambda each: each.answer_id)
    if not known:
        return []
    lengths = sorted(each.length for each in known)
    median = lengths[len(lengths) // 2]
    first = min(known, key=lambda each: (each.other_themes, abs(each.length - median), each.answer_id))
    rest = [each for each in known if each is not first]
    Random(f"quotation {seed} {key}").shuffle(rest)  # noqa: S311  (a lot that can be drawn again, no secret)
    return [first, *rest]


# --- fairness


@dataclass(frozen=True, slots=True)
class Fairness:
    """What holders of one position said of its account; ``needed`` is how many must have."""

    ratings: int
    total: int
    needed: int

    @property
    def is_enough(self) -> bool:
        """Whether as many have said it as must."""
        return self.ratings >= self.needed > 0

    @property
    def mean(self) -> Fraction:
        """Their mean, exactly."""
        return Fraction(self.total, self.ratings) if self.ratings else Fraction()


def ratings_needed(holders: int) -> int:
    """How many holders must rate: five, or all of fewer."""
    return min(RATINGS_NEEDED, holders)


def gap(of: Iterable[Fairness]) -> Fraction:
    """The highest mean less the lowest."""
    means = [each.mean for each in of]
    return max(means) - min(means) if means else Fraction()


def is_fair(of: Sequence[Fairness]) -> bool:
    """Whether holders of every position say that it is, and about equally."""
    enough = bool(of) and all(each.is_enough for each in of)
    return enough and all(each.mean >= FAIR_MEAN for each in of) and gap(of) <= FAIR_GAP


def drawn(
    ids: Iterable[int], already: Iterable[int] = (), *, seed: int, key: str, most: int = INVITED_MOST
) -> list[int]:
    """Those of ``ids`` who are asked besides those ``already`` asked, so that ``most`` are in all.

    Each has a lot of their own that can be drawn again, so that whoever comes or goes changes nobody else's.
    """
    asked = set(already)
    lots = {sha256(f"fairness {seed} {key} {each}".encode()).digest(): each for each in set(ids) - asked}
    rest = [lots[lot] for lot in sorted(lots)]
    return rest[: max(0, most - len(asked))]


# --- in which order a reader gets them


def order_for(keys: Sequence[str], opposing: Mapping[str, str], *, lot: str) -> list[str]:
    """The positions in the order of this reader's lot; two that oppose each other stand side by side.

    Parameters
    ----------
    opposing : mapping of key to key
        Which position each opposes; it is enough that one of two says so.
    lot : str
        What the order follows from: the same lot always gives the same order.
    """
    blocks: list[list[str]] = []
    placed: set[str] = set()
    for key in keys:
        other = opposing.get(key)
        if key in placed:
            continue
        block = [key]
        if other in set(keys) - placed - {key}:
            block.append(str(other))
        else:
            block += [k for k in keys if opposing.get(k) == key and k not in placed and k != key][:1]
        placed.update(block)
        blocks.append(block)
    dice = Random(sha256(lot.encode()).digest())  # noqa: S311  (an order is no secret)
    dice.shuffle(blocks)
    for block in blocks:
        dice.shuffle(block)
    return [key for block in blocks for key in block]


def by_lot(lot: str) -> bool:
    """Heads or tails of this lot."""
    return sha256(f"counts {lot}".encode()).digest()[0] % 2 == 0


def is_in_first_half(place: int, of: int, *, lot: str) -> bool:
    """Whether the one at that place, from 0, is in the half that is drawn; of an odd number half are less."""
    return place in Random(f"counts {lot}").sample(range(of), of // 2)  # noqa: S311  (the same)
