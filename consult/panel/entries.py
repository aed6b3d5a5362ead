"""What every shape of file says: variables and their categories, before and after they have their place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from consult.panel.placing import Question
from consult.recruitment.rules import NewTarget

# In the order of a target's own.
FIGURES = ("population", "minimum", "maximum", "aim", "minimum_flex", "maximum_flex")
Figures = dict[str, int | None]


class Cell(NamedTuple):
    """Something that a file says, and the column in which it does."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One category of a variable: its figures as they are written, by the name of the figure."""

    line: int
    column: str  # where the category is named
    category: str
    figures: Mapping[str, Cell]
    crossed_variable: Cell | None = None
    crossed_category: Cell | None = None


@dataclass(slots=True)
class Variable:
    """One variable of a table."""

    name: str
    line: int
    column: str
    entries: list[Entry] = field(default_factory=list)
    base: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """All that a file says.

    Attributes
    ----------
    is_published
        Whether it is a table of a census, which holds more than one consultation asks for.
    says
        The figures for which it has a column.
    notices
        What was left out while it was read.
    """

    variables: tuple[Variable, ...]
    says: frozenset[str]
    is_published: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembled:
    """The targets of one question and whom they count; ``is_whole`` if every answer has a figure."""

    question: Question
    variable: Variable
    targets: tuple[NewTarget, ...]
    base: str | None
    is_whole: bool

    @property
    def total(self) -> int | None:
        """How many people they count together; None where one is not known."""
        people = [target.population for target in self.targets if not target.is_crossed]
        known = [n for n in people if n is not None]
        return sum(known) if self.is_whole and known and len(known) == len(people) else None
