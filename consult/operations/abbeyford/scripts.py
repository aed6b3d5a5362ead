"""Reading what the files beside this module say, and the chance by which all of it is made."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from consult.consultations.rules import STAGE_ORDER
from consult.operations.abbeyford.dates import Dates

Row = dict[str, Any]

# In the order in which they are listed for somebody who looks: what is open first.
NAMES = ("bins", "depot", "late", "high-street")
MAIL = "abbeyford.example"
_HERE = Path(__file__).parent
_EITHER = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_FOR_A_BUNDLE = frozenset(
    {"key", "form", "role", "stem", "waves", "scale", "options", "ordered", "other", "correct"}
)


@dataclass(frozen=True, slots=True)
class Script:
    """One consultation as its file tells it."""

    name: str
    story: Row
    town: Row
    dates: Dates

    @property
    def slug(self) -> str:
        """The name of the consultation in addresses."""
        slug: str = self.story["consultation"]["slug"]
        return slug

    @property
    def title(self) -> str:
        """What the consultation is called."""
        title: str = self.story["consultation"]["title"]
        return title

    @property
    def people(self) -> Row:
        """How many people there are, and how likely they are to do what."""
        people: Row = self.story["people"]
        return people

    @property
    def tries(self) -> list[Row]:
        """The participants that somebody who looks may become: their key, and what they show."""
        tries: list[Row] = self.story["tries"]
        return tries

    @property
    def items(self) -> list[Row]:
        """The items, each with how people lean."""
        items: list[Row] = self.story["items"]
        return items

    @property
    def demographics(self) -> list[Row]:
        """What people are asked about themselves: when they join, then after the items."""
        return [*self.town["demographics"], *({**asked, "asked": "after"} for asked in self.story["after"])]

    def chance(self, what: str) -> Random:
        """The chance that decides about ``what``: its own, so that more of one thing changes no other."""
        return Random(f"{self.people['seed']} {what}")  # noqa: S311  (the same each time is the point)

    def scale(self, item: Row) -> Row:
        """The scale of an item, its own or one that several share."""
        named = item["scale"]
        scale: Row = self.town["scales"][named] if isinstance(named, str) else named
        return scale

    def manifest(self) -> Row:
        """What `consultation.toml` says."""
        stages: Row = {
            kind: {"opens": self.dates.opens(kind), "closes": self.dates.closes(kind)} for kind in STAGE_ORDER
        }
        stages["forum"]["presented"] = self.dates.presented_at or False
        return {
            **self.story["consultation"],
            "about": {**self.story["about"], "decides_on": self.dates.decides_on},
            "stages": stages,
            "demographics": [{**asked, "options": _bare(asked["options"])} for asked in self.demographics],
            "items": [self._bare_item(item) for item in self.items],
        }

    def _bare_item(self, item: Row) -> Row:
        bare = {key: value for key, value in item.items() if key in _FOR_A_BUNDLE}
        if "scale" in item:
            bare["scale"] = self.scale(item)
        if "options" in item:
            bare["options"] = _bare(item["options"])
        return bare


def read_script(name: str, built_on: date) -> Script:
    """One of the four consultations, as it is on that day."""
    story = _read(f"{name}.toml")
    return Script(name, story, _read("town.toml"), Dates(built_on, story["weeks"]))


def read_scripts(built_on: date) -> list[Script]:
    """All four consultations, as they are on that day."""
    return [read_script(name, built_on) for name in NAMES]


def read_forum(name: str) -> list[str]:
    """The lines of a consultation's forum; none if it has not come to that yet."""
    path = _HERE / f"{name}.forum.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def one_of_each(text: str, chance: Random) -> str:
    """The text with ``{this|that}`` decided."""
    while _EITHER.search(text):
        text = _EITHER.sub(lambda found: chance.choice(found[1].split("|")), text)
    return text


def weighted(chance: Random, rows: Sequence[Row], weight: str) -> Row:
    """One of the rows, by what they say is likely."""
    return chance.choices(rows, [row[weight] for row in rows])[0]


def _bare(options: list[Row]) -> list[Row]:
    return [{"key": option["key"], "label": option["label"]} for option in options]


@cache
def _read(name: str) -> Row:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))
