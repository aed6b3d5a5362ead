"""Taking typed values out of the tables of `consultation.toml`; what is left over is refused by name."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from consult.bundles.problems import Problems
from consult.cells import LARGEST, shown

T = TypeVar("T")
_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def _kind(value: object) -> str:
    """What a value of the file is, in words."""
    return _KINDS.get(type(value), "a date or time")


@dataclass(slots=True)
class Part:
    """One table of the file and the path that leads to it."""

    table: dict[str, Any]
    path: str
    problems: Problems
    taken: set[str] = field(default_factory=set)
    is_sound: bool = True

    def where(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, sentence: str) -> None:
        """The table has a problem, which stands at this key."""
        self.is_sound = False
        self.problems.key(self.where(key), sentence)

    def has(self, key: str) -> bool:
        """Whether the key is there; it then counts as known."""
        self.taken.add(key)
        return key in self.table

    def take(self, key: str, kind: type[T], *, is_required: bool = False) -> T | None:
        """The value of the key if it is of this kind; None if it is absent or refused."""
        if not self.has(key):
            if is_required:
                self.refuse(key, "is missing")
            return None
        value: T = self.table[key]
        # By type, not isinstance: TOML's true is no whole number.
        if type(value) is not kind:
            self.refuse(key, f"must be {_KINDS[kind]}, and is {_kind(value)}")
            return None
        if isinstance(value, str) and "\0" in value:
            self.refuse(key, "must not hold a NUL character")
            return None
        if isinstance(value, int) and abs(value) > LARGEST:
            self.refuse(key, "is too large")
            return None
        return value

    def text(self, key: str, *, is_required: bool = False) -> str | None:
        """A text; empty is the same as absent, and refused where it is required."""
        value = self.take(key, str, is_required=is_required)
        if value is not None and is_required and not value.strip():
            self.refuse(key, "must not be empty")
            return None
        return value or None

    def one_of(self, key: str, values: Collection[str], *, default: str | None = None) -> str | None:
        """One of a few words."""
        value = self.take(key, str, is_required=default is None)
        if value is None:
            return default
        if value not in values:
            self.refuse(key, f"{shown(value)} is not one of {', '.join(values)}")
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts."""
        found = self.take(key, list)
        if found is None:
            return None
        texts = []
        for n, value in enumerate(found):
            if type(value) is not str:
                self.refuse(f"{key}[{n}]", f"must be text, and is {_kind(value)}")
            elif "\0" in value:
                self.refuse(f"{key}[{n}]", "must not hold a NUL character")
            else:
                texts.append(value)
        return tuple(texts) if len(texts) == len(found) else None

    def flag(self, key: str) -> bool:
        """True or false; false if it is absent."""
        return self.take(key, bool) or False

    def local_time(self, key: str) -> datetime | None:
        """A time as a clock on the wall shows it."""
        value = self.table.get(key)
        if not self.has(key):
            self.refuse(key, "is missing")
        elif type(value) is not datetime:
            self.refuse(key, "must be a local date and time, such as 2026-01-05T09:00:00")
        elif value.tzinfo is not None:
            self.refuse(key, "must be local time, without an offset")
        else:
            return value
        return None

    def day(self, key: str) -> date | None:
        """A day of the calendar."""
        if not self.has(key):
            return None
        value = self.table[key]
        if type(value) is date:
            return value
        self.refuse(key, "must be a date such as 2026-06-01")
        return None

    def part(self, key: str, *, is_required: bool = False) -> "Part | None":
        """A table inside this one."""
        found = self.take(key, dict, is_required=is_required)
        return None if found is None else Part(found, self.where(key), self.problems)

    def parts(self, key: str, *, is_required: bool = False) -> Iterator["Part"]:
        """The tables of a list of tables."""
        for n, value in enumerate(self.take(key, list, is_required=is_required) or ()):
            if type(value) is dict:
                yield Part(value, f"{self.where(key)}[{n}]", self.problems)
            else:
                self.refuse(f"{key}[{n}]", f"must be a table, and is {_kind(value)}")

    def close(self) -> None:
        """Every key that nobody took is refused by name."""
        for key in self.table:
            if key not in self.taken:
                self.refuse(shown(key), "there is no such key here")
