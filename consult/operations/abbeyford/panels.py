"""Who of the sample has a place on the panel: first come, first served, as long as there is room.

The same as what happens when people send the starting survey through the pages (`consult.panel.places`),
worked out here from plain values, because hundreds of people come at once. A test holds it against that.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.operations.abbeyford.people import Person
from consult.operations.abbeyford.scripts import Row, Script
from consult.panel.rules import shares_out

SLACK = 0.1  # of a category's share, up and down, that a panel may differ

Categories = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Seats:
    """Who has a place, who waits for one, and how many are counted under which categories."""

    taken: tuple[str, ...]
    waiting: tuple[str, ...]
    filled: Counter[Categories]


def target_rows(script: Script) -> list[Row]:
    """How many of each category live here, and how many of them the panel should hold."""
    rows: list[Row] = []
    for asked in script.town["demographics"]:
        living = [option["lives"] for option in asked["options"]]
        aims = shares_out(script.people["panel"], living)
        assert aims is not None, "of every category it is known how many live in the town"
        own = script.story.get("limits", {}).get(asked["key"], {})
        for option, aim in zip(asked["options"], aims, strict=True):
            wanted = script.people["panel"] * option["lives"] / sum(living)
            row = {
                "variable": asked["key"],
                "category": option["key"],
                "population": option["lives"],
                "min": int(wanted * (1 - SLACK)),
                "aim": aim,
                "max": int(wanted * (1 + SLACK)) + 1,
            }
            rows.append({**row, **own.get(option["key"], {})})
    return [*rows, *script.story.get("crossed", [])]


def categories_of(row: Row) -> Categories:
    """The category that a target is about, or both."""
    found = {(row["variable"], row["category"])}
    if "with_variable" in row:
        found.add((row["with_variable"], row["with_category"]))
    return frozenset(found)


def make_seats(script: Script, people: Sequence[Person], sent: set[str]) -> Seats:
    """Whoever has sent the starting survey has a place or waits for one, in the order in which they came."""
    targets = {categories_of(row): row for row in target_rows(script)}
    filled: Counter[Categories] = Counter()
    taken: list[str] = []
    waiting: list[str] = []
    for person in people:
        if person.key not in sent:
            continue
        mine = [each for each in targets if each <= set(person.who.items())]
        has_room = len(taken) < script.people["panel"] and all(
            filled[each] < targets[each]["max"] for each in mine
        )
        if has_room and _helps(mine, targets, filled):
            filled.update(mine)
            taken.append(person.key)
        else:
            waiting.append(person.key)
    return Seats(tuple(taken), tuple(waiting), filled)


def counted_under(script: Script, person: Person) -> Iterator[Categories]:
    """The targets under which somebody with a place is counted."""
    said = set(person.who.items())
    return (each for each in map(categories_of, target_rows(script)) if each <= said)


def _helps(mine: list[Categories], targets: dict[Categories, Row], filled: Counter[Categories]) -> bool:
    """Whether one of these is still short of its aim."""
    return not mine or any(filled[each] < targets[each]["aim"] for each in mine)
