"""Targets from a file: a census download, a table of our own, or one of a tool that draws lots.

The officer need not say which it is: the header does. A table that was made for this consultation must fit
it whole. A published one holds more than is asked: what is not asked is left out and told by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consult.cells import shown
from consult.panel import assembling, census, tidy
from consult.panel.grid import read_grid
from consult.panel.placing import Question
from consult.panel.told import Told
from consult.panel.totals import Bases
from consult.recruitment.rules import NewTarget


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says, as the consultation would keep it.

    Attributes
    ----------
    targets
        In the order of the file's variables and the question's answers.
    bases
        For each variable of the file whom it counts, and where the figures come from.
    says
        The figures that the file gives; what it does not give is not to be forgotten.
    notices
        What was left out, and what to look at, in English.
    """

    targets: tuple[NewTarget, ...]
    bases: Mapping[str, tuple[str | None, str | None]]
    says: frozenset[str]
    notices: tuple[str, ...]


def read_targets(
    data: bytes,
    questions: Sequence[Question],
    *,
    area: str | None = None,
    variable: str | None = None,
    is_partial: bool = False,
    known: Bases | None = None,
) -> Read:
    """Read targets from the bytes of a file.

    Parameters
    ----------
    questions
        What the consultation asks people about themselves.
    area
        Code or name of the area, where the file has several.
    variable
        Key of the only question for which targets are wanted.
    is_partial
        Whether answers may stay without a target.
    known
        Base and total of the targets that the consultation has: those of other variables must fit.

    Raises
    ------
    FileRefused
        Naming every problem by line and column.
    """
    grid = read_grid(data, lambda header: census.is_census(header) or tidy.is_tidy(header))
    read = census.read_census if census.is_census(grid.header) else tidy.read_tidy
    content = read(grid, area=area)
    told = Told(content.notices)
    assembled = assembling.assemble(
        content, questions, wanted=variable, is_partial=is_partial, known=known or {}, told=told
    )
    return Read(
        targets=tuple(target for part in assembled for target in part.targets),
        bases={part.question.key: (part.base, part.variable.source) for part in assembled},
        says=content.says,
        notices=tuple(told.notices),
    )


def file_name(name: str) -> str:
    """The name of a file as a message may show it: without folders, one line."""
    return shown(name.replace("\\", "/").rpartition("/")[2]) or "the file"
