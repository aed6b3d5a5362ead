"""Age bands: reading "16-24", "Aged 16 to 24 years" or "85+", and putting bands together from others."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from consult.cells import shown
from consult.errors import Invalid

OLDEST = 120  # years: no band begins after it
MOST_BANDS = 50

_AGED = r"(?:aged? |ages )?"
_YEARS = r"(?: ?years?)?(?: old| of age)?"
_SHAPES = tuple(
    (re.compile(_AGED + shape, re.ASCII), place)
    for shape, place in (
        (rf"(\d{{1,3}}){_YEARS} ?(?:-|–|—|to|and up to) ?(\d{{1,3}}){_YEARS}", "between"),
        (rf"(\d{{1,3}}){_YEARS} ?(?:\+|plus|(?:and|or) (?:over|older|above|more)){_YEARS}", "from"),
        (rf"(\d{{1,3}}){_YEARS} (?:and|or) (?:under|younger)", "up to"),
        (rf"under (\d{{1,3}}){_YEARS}", "under"),
        (rf"(\d{{1,3}}){_YEARS}", "one"),
    )
)


class Band(NamedTuple):
    """Ages from ``low`` to ``high``, both included; without ``high``, to the oldest."""

    low: int
    high: int | None

    @property
    def key(self) -> str:
        """The band as the key of an option: "16-24", "85+"."""
        return f"{self.low}+" if self.high is None else f"{self.low}-{self.high}"

    @property
    def label(self) -> str:
        """The band in words."""
        return f"{self.low} or over" if self.high is None else f"{self.low} to {self.high}"

    @property
    def end(self) -> float:
        """The last age in it."""
        return float("inf") if self.high is None else self.high

    def holds(self, other: "Band") -> bool:
        """Whether everybody in ``other`` is in this band."""
        return self.low <= other.low and other.end <= self.end

    def meets(self, other: "Band") -> bool:
        """Whether somebody can be in both."""
        return self.low <= other.end and other.low <= self.end


def find_band(text: str) -> Band | None:
    """Read an age band as censuses, councils and people write it; None if it is none, or is reversed."""
    plain = " ".join(text.casefold().split())
    for shape, place in _SHAPES:
        found = shape.fullmatch(plain)
        if found is None:
            continue
        numbers = [int(number) for number in found.groups()]
        first = numbers[0]
        band = {
            "between": Band(first, numbers[-1]),
            "from": Band(first, None),
            "up to": Band(0, first),
            "under": Band(0, first - 1),
            "one": Band(first, first),
        }[place]
        return band if band.high is None or band.low <= band.high else None
    return None


def read_bands(text: str) -> tuple[Band, ...]:
    """Read bands that somebody asks for: "16-17,18-24,…,85+".

    Raises
    ------
    Invalid
        If one cannot be read, or they do not follow each other from the youngest to the oldest.
    """
    parts = [part.strip() for part in text.split(",")]
    if not any(parts):
        raise Invalid("Name the age bands, such as 16-24,25-34,35+")
    if len(parts) > MOST_BANDS:
        raise Invalid("Name at most %(n)s age bands", n=MOST_BANDS)
    bands = []
    for part in parts:
        band = find_band(part)
        if band is None and (turned := re.fullmatch(r"(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})", part, re.ASCII)):
            raise Invalid(
                "The band %(band)s is the wrong way round: write %(turned)s",
                band=shown(part),
                turned=f"{int(turned[2])}-{int(turned[1])}",
            )
        if band is None:
            raise Invalid(
                "%(band)s is not an age band: write bands like 16-24 and 85+", band=shown(part) or "“”"
            )
        bands.append(band)
    check_bands(bands)
    return tuple(bands)


def check_bands(bands: Sequence[Band]) -> None:
    """The bands follow each other from the youngest to the oldest, without a gap.

    Raises
    ------
    Invalid
        If they overlap, leave a gap, stand in another order, or begin after the oldest person.
    """
    for band in bands:
        if band.low > OLDEST:
            raise Invalid(
                "The band %(band)s begins after the oldest person: nobody is over %(oldest)s",
                band=band.key,
                oldest=OLDEST,
            )
    for before, after in pairwise(bands):
        if before.meets(after):
            raise Invalid(
                "The bands %(before)s and %(after)s overlap: everybody may be in one band only",
                before=before.key,
                after=after.key,
            )
        if after.low < before.low:
            raise Invalid(
                "The bands must go from the youngest to the oldest: %(after)s stands after %(before)s",
                before=before.key,
                after=after.key,
            )
        if after.low != before.end + 1:
            raise Invalid(
                "The bands leave a gap: nobody of %(first)s to %(last)s is in %(before)s or in %(after)s",
                first=int(before.end) + 1,
                last=after.low - 1,
                before=before.key,
                after=after.key,
            )


def put_together(band: Band, parts: Sequence[Band]) -> list[int] | None:
    """Find parts that make up the band exactly: their places, the narrowest first; None if none do.

    A census gives bands and the single years inside them side by side; taking the narrowest part that
    begins where the last one ended, and going back where that leads nowhere, counts nobody twice.
    """
    by_start: dict[int, list[int]] = {}
    for place, part in enumerate(parts):
        if band.holds(part):
            by_start.setdefault(part.low, []).append(place)
    dead: set[int] = set()

    def from_age(age: int) -> list[int] | None:
        for place in sorted(by_start.get(age, ()), key=lambda n: parts[n].end):
            end = parts[place].end
            if end == band.end:
                return [place]
            if end + 1 in dead:
                continue
            rest = from_age(int(end) + 1)
            if rest is not None:
                return [place, *rest]
        dead.add(age)
        return None

    return from_age(band.low)


def is_below(minimum_age: int | None, *names: str) -> bool:
    """Whether the first of these names that is an age band ends below the age from which people take part."""
    band = next((found for name in names if (found := find_band(name)) is not None), None)
    return minimum_age is not None and band is not None and band.end < minimum_age
