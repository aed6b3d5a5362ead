"""What demographic questions, targets and channels may be. Plain values in, decisions out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from consult.cells import RESERVED, Refusal, key_problem, shown

# These have their own place in the record of a participant.
TAKEN_KEYS = frozenset({"participant", "joined_at", "channel", "group", "arm", "track", "language", "quote"})
PREFER_NOT = "prefer_not"
ASKED = ("joining", "after")  # when a question about the person is asked


class NewChannel(NamedTuple):
    """Where participants may come from."""

    key: str
    label: str
    aim: str | None = None
    cost: str | None = None

    @property
    def is_unlisted(self) -> bool:
        """Whether it says no more than a participant's mention of the key does."""
        return (self.label, self.aim, self.cost) == (self.key, None, None)


@dataclass(frozen=True, slots=True)
class NewCategory:
    """One option of a demographic question."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class NewDemographic:
    """A question about the person."""

    key: str
    question: str
    options: tuple[NewCategory, ...]
    why: str | None = None
    asked: str = ASKED[0]


class NewTarget(NamedTuple):
    """How many people of a category live here, and how many the panel should hold."""

    variable: str
    category: str
    population: int
    minimum: int | None = None
    maximum: int | None = None


def demographic_problems(demographic: NewDemographic) -> Iterator[Refusal]:
    """Everything that keeps a demographic question from being added."""
    if problem := key_problem(demographic.key):
        yield Refusal("key", problem)
    elif demographic.key in RESERVED | TAKEN_KEYS:
        yield Refusal("key", f"{demographic.key} is a reserved word")
    if not demographic.question.strip():
        yield Refusal("question", "must not be empty")
    if not demographic.options:
        yield Refusal("options", "must hold at least one option")
    seen: set[str] = set()
    for n, option in enumerate(demographic.options):
        if option.key in RESERVED:
            yield Refusal(f"options[{n}].key", f"{option.key} is a reserved word")
        elif problem := key_problem(option.key):
            yield Refusal(f"options[{n}].key", problem)
        elif option.key in seen:
            yield Refusal(f"options[{n}].key", f"{shown(option.key)} stands twice")
        if not option.label.strip():
            yield Refusal(f"options[{n}].label", "must not be empty")
        seen.add(option.key)


def check_limits(minimum: int | None, maximum: int | None) -> None:
    """A target's limits can both be kept.

    Raises
    ------
    Refusal
        If the least is more than the most.
    """
    if minimum is not None and maximum is not None and minimum > maximum:
        raise Refusal("max", f"{maximum} is less than min, which is {minimum}")
