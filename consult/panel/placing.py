"""Which category of a table belongs to which answer of a question about people.

A table may give a total, groups and the parts of groups side by side ("White", "White: Irish"), and
ages as bands and as single years. Whatever is taken, nobody may be counted twice and nobody lost
without a word: what has no place is told by name, and what is left out on purpose too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from consult.panel.bands import Band, find_band, put_together

Census = Mapping[str, Sequence[str]]  # names of census categories that an answer takes together, by its key

_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
TOTALS = frozenset({"total", "all", "allpeople", "allusualresidents", "allhouseholds", "allcategories"})
NO_ANSWER = frozenset(
    {"notanswered", "notstated", "doesnotapply", "prefernottosay", "prefernot", "unknown", "missing"}
)
AGE_KEYS = frozenset({"age", "ageband", "agegroup", "agebands", "agegroups", "agecategory"})
SPARSE_AGES = 2  # so many answers that are age bands make a question one about age


@dataclass(frozen=True, slots=True)
class Question:
    """A question about people as a table is held against it.

    Attributes
    ----------
    options
        Key and label of each answer.
    census
        For each answer the census categories that it takes together; none for one that a census has not.
        An answer that is not named is matched by its key and label alone.
    left_out
        Census categories that are none of its answers on purpose.
    """

    key: str
    text: str
    options: tuple[tuple[str, str], ...]
    census: Census = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its answers."""
        return tuple(key for key, _label in self.options)

    @property
    def bands(self) -> dict[str, Band]:
        """Those of its answers that are age bands."""
        found = {key: find_band(key) or find_band(label) for key, label in self.options}
        return {key: band for key, band in found.items() if band is not None}

    @property
    def is_about_age(self) -> bool:
        """Whether its answers are age bands."""
        return plain(self.key) in AGE_KEYS or len(self.bands) >= max(SPARSE_AGES, len(self.options) - 1)

    @property
    def told(self) -> str:
        """The answers as a sentence names them: by label, and by key where that says something else."""
        return ", ".join(
            label if plain(label) == plain(key) or key in self.bands else f"{label} ({key})"
            for key, label in self.options
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the categories of a table went, by their places in it.

    Attributes
    ----------
    parts
        For each answer the categories that make it up; an answer without any is not there.
    lost
        Categories that belong nowhere.
    unanswered, younger, older
        What is left out on purpose: people who gave no answer, people below and above all bands.
    """

    parts: Mapping[str, tuple[int, ...]]
    lost: tuple[int, ...] = ()
    unanswered: tuple[int, ...] = ()
    younger: tuple[int, ...] = ()
    older: tuple[int, ...] = ()


def plain(text: str) -> str:
    """A name as it counts when two are compared: letters and digits only, in lower case."""
    return "".join(c for c in text.casefold().replace("+", " and over").replace("&", "and") if c.isalnum())


def topic(text: str) -> str:
    """The name of a variable as it counts: without "(5)" or "(19 categories)" at its end."""
    return plain(_IN_BRACKETS.sub("", text))


def place(question: Question, categories: Sequence[str]) -> Placed:
    """Put every category of a table where it belongs in the question."""
    if question.is_about_age:
        return _place_ages(question, categories)
    answers = dict(_names(question))
    no_answer = NO_ANSWER | {plain(name) for name in question.left_out}
    names = [plain(category) for category in categories]
    above = [_above(category) for category in categories]
    there = set(names)
    parts: dict[str, list[int]] = {}
    lost: list[int] = []
    unanswered: list[int] = []
    for n, name in enumerate(names):
        option = answers.get(name)
        if name in TOTALS:
            continue
        if option is None and name in no_answer:
            unanswered.append(n)
            continue
        if any(group in there and group in answers for group in above[n]):
            continue  # its group is in the table, and counted
        if option is None:
            option = next((answers[group] for group in above[n] if group in answers), None)
        if option is not None:
            parts.setdefault(option, []).append(n)
        else:
            lost.append(n)
    ordered = {key: tuple(parts[key]) for key in question.keys if key in parts}
    lost = _without_made_up(lost, names, above, {n for places in parts.values() for n in places})
    return Placed(ordered, tuple(lost), tuple(unanswered))


def _names(question: Question) -> Iterator[tuple[str, str]]:
    """What the answers may be called, weakest first: a key counts before a label, that before a census."""
    for key, names in question.census.items():
        for name in names:
            yield plain(name), key
    for key, label in question.options:
        yield plain(label), key
    for key, _label in question.options:
        yield plain(key), key


def _above(category: str) -> list[str]:
    """The groups that a category says it is in, the nearest first: "White: Irish" is in "White"."""
    found = [""]
    for level in category.split(":")[:-1]:  # with a space after it or without: plain names have neither
        found.append(found[-1] + plain(level))
    return found[:0:-1]


def _without_made_up(
    lost: Sequence[int], names: Sequence[str], above: Sequence[Sequence[str]], taken: set[int]
) -> list[int]:
    """Leave out groups of which all the smallest parts have places of their own."""
    inside: dict[str, list[int]] = {}
    for n, groups in enumerate(above):
        for group in groups:
            inside.setdefault(group, []).append(n)

    def is_made_up(name: str) -> bool:
        smallest = [n for n in inside.get(name, ()) if names[n] not in inside]
        return bool(smallest) and taken.issuperset(smallest)

    return [n for n in lost if not is_made_up(names[n])]


def _place_ages(question: Question, categories: Sequence[str]) -> Placed:
    """The same for ages: each answer is put together from bands or single years."""
    bands = question.bands
    names = {plain(text): key for key, label in question.options for text in (label, key) if key not in bands}
    ages: list[tuple[int, Band]] = []
    parts: dict[str, tuple[int, ...]] = {}
    lost: list[int] = []
    unanswered: list[int] = []
    for n, category in enumerate(categories):
        band = find_band(category)
        if band is not None:
            ages.append((n, band))
        elif plain(category) in names:
            key = names[plain(category)]
            parts[key] = (*parts.get(key, ()), n)
        elif plain(category) in NO_ANSWER:
            unanswered.append(n)
        elif plain(category) not in TOTALS:
            lost.append(n)
    for key, band in bands.items():
        together = put_together(band, [there for _n, there in ages])
        if together is not None:
            parts[key] = tuple(ages[m][0] for m in together)
    youngest = min((band.low for band in bands.values()), default=0)
    oldest = max((band.end for band in bands.values()), default=float("inf"))
    counted = [there for n, there in ages if any(n in places for places in parts.values())]
    younger = _apart([(n, b) for n, b in ages if b.end < youngest], Band(0, youngest - 1))
    older = [(n, b) for n, b in ages if b.low > oldest]
    for n, there in ages:
        if there.end < youngest or there.low > oldest or _is_made_of(there, counted):
            continue
        lost.append(n)
    ordered = {key: parts[key] for key in question.keys if key in parts}
    return Placed(ordered, tuple(lost), tuple(unanswered), younger, _apart(older, _upper(older)))


def _is_made_of(band: Band, counted: Sequence[Band]) -> bool:
    """Whether all of a band is counted already, by itself, its parts, or what it is a part of."""
    return any(other.holds(band) for other in counted) or put_together(band, counted) is not None


def _apart(ages: Sequence[tuple[int, Band]], whole: Band) -> tuple[int, ...]:
    """Those of the ages that count everybody once."""
    together = put_together(whole, [band for _n, band in ages]) if ages else None
    if together is not None:
        return tuple(ages[m][0] for m in together)
    return tuple(n for n, _band in ages)


def _upper(ages: Sequence[tuple[int, Band]]) -> Band:
    if not ages:
        return Band(0, 0)
    last = max(ages, key=lambda age: age[1].end)[1]
    return Band(min(band.low for _n, band in ages), last.high)
