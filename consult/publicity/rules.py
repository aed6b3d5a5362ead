"""What a channel has brought, and what it is called in addresses. Plain values in, decisions out."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from zlib import crc32

from consult.consultations.rules import told

LONGEST_KEY = 30  # characters: it is copied by hand from a poster
UNNAMED = "link"  # where a label has no letter from a to z
PENNY = Decimal("0.01")
VERSIONS = 10**9
PLAIN_GAP = 0.05  # of shares: a smaller one is no news
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Steps:
    """How many people of one channel came how far. Everybody in a step is in each step before it.

    Everybody ``joined``; of those ``withdrawn`` have left. The rest are here: ``sent`` sent the starting
    survey, ``talked`` of those read or wrote in the forum, ``stayed`` of those sent the follow-up.
    ``completers`` sent both surveys, whether they came to the forum or not.
    """

    joined: int = 0
    withdrawn: int = 0
    sent: int = 0
    talked: int = 0
    stayed: int = 0
    completers: int = 0


@dataclass(frozen=True, slots=True)
class Category:
    """One answer to a question about people, and how many of its kind live here, where that is known."""

    option_id: int
    demographic_id: int
    label: str
    population: int | None
    question: str = ""


@dataclass(frozen=True, slots=True)
class FilledGap:
    """The group that a channel has brought most above its share; shares of people from 0 to 1."""

    label: str
    count: int
    share: float
    usual: float
    is_of_population: bool  # what is usual: among those who live here, or among all who sent stage one
    question: str = ""


def key_for(label: str, taken: Collection[str]) -> str:
    """A short key for a channel of this name, in small letters, that none of the others has."""
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    stem = _NOT_PLAIN.sub("-", plain)[:LONGEST_KEY].strip("-") or UNNAMED
    return next(key for key in _numbered(stem, len(taken)) if key not in taken)


def _numbered(stem: str, others: int) -> Iterable[str]:
    yield stem
    yield from (f"{stem}-{n}" for n in range(2, others + 3))


def version_of(label: str, kind: str, aim: str | None, cost: str | None) -> int:
    """A number that is another one as soon as anything of the channel has changed."""
    return crc32(repr((label, str(kind), aim or "", cost or "")).encode()) % VERSIONS


def cost_each(cost: str | None, completers: int) -> Decimal | None:
    """What a channel has cost for each person who sent both surveys, in pounds and pence.

    None where nothing says what it cost, or the number of people is not told.
    """
    if cost is None or told(completers) is None:
        return None
    return (Decimal(cost) / completers).quantize(PENNY, rounding=ROUND_HALF_UP)


def filled_gap(
    brought: Mapping[int, int], usual: Mapping[int, int], categories: Iterable[Category]
) -> FilledGap | None:
    """The group of which a channel has brought the largest share above what is usual, if there is one.

    What is usual is the share of those who live here, where that is known of every answer to a question;
    else the share of everybody who sent the starting survey. Groups of which fewer than 10 came by the
    channel are left out, and differences of less than 5 points.

    Parameters
    ----------
    brought, usual : mapping
        How many people sent the starting survey who came by the channel, or by any way, by the option.
    """
    found: list[FilledGap] = []
    for group in _by_question(categories):
        ids = [each.option_id for each in group]
        here = sum(brought.get(option, 0) for option in ids)
        living = [each.population for each in group]
        known = [number for number in living if number is not None]
        is_of_population = len(known) == len(living) and sum(known) > 0
        whole = sum(known) if is_of_population else sum(usual.get(option, 0) for option in ids)
        for each in group:
            count = brought.get(each.option_id, 0)
            if told(count) is None:
                continue
            base = each.population if is_of_population else usual.get(each.option_id)
            usually = (base or 0) / whole
            gap = FilledGap(each.label, count, count / here, usually, is_of_population, each.question)
            if gap.share - gap.usual >= PLAIN_GAP:
                found.append(gap)
    return max(found, key=lambda gap: gap.share - gap.usual, default=None)


def _by_question(categories: Iterable[Category]) -> Iterable[list[Category]]:
    grouped: dict[int, list[Category]] = {}
    for each in categories:
        grouped.setdefault(each.demographic_id, []).append(each)
    return grouped.values()
