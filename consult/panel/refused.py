"""What is wrong with a file of targets: every problem where it stands, in words that can be translated."""

from collections.abc import Iterator
from dataclasses import dataclass

from consult.cells import shown
from consult.errors import DomainError
from consult.words import Sentence, say

MOST = 200  # problems that are named; a file of another kind would otherwise name every row


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, on which line (the header is line 1) and in which column; neither for a whole file."""

    sentence: Sentence
    line: int | None = None
    column: str | None = None

    def told(self, name: str) -> str:
        """The problem as one line of English that begins with the name of the file."""
        where = [shown(name), *([] if self.line is None else [str(self.line)])]
        column = [] if self.column is None else [shown(self.column)]
        return ": ".join([":".join(where), *column, str(self.sentence)])


class FileRefused(DomainError):
    """The file is refused whole and nothing has changed; ``problems`` are all that was found."""

    def __init__(self, problems: tuple[Problem, ...], more: int = 0) -> None:
        self.problems, self.more = problems, more
        super().__init__("\n".join(self.lines("the file")))

    @property
    def message(self) -> str:
        """Every problem in English, one a line."""
        return self.sentence

    def lines(self, name: str) -> Iterator[str]:
        """Tell every problem in English, a line each."""
        for problem in self.problems:
            yield problem.told(name)
        if self.more:
            yield f"{shown(name)}: and {self.more:,} more"


class Problems:
    """The problems found so far; true if there are any."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._more = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def found(self) -> tuple[Problem, ...]:
        """Those that are named."""
        return tuple(self._found)

    def add(
        self, text: str, /, *, line: int | None = None, column: str | None = None, **values: object
    ) -> None:
        """One more thing is wrong."""
        problem = Problem(say(text, **values), line, column)
        if len(self._found) < MOST:
            self._found.append(problem)
        else:
            self._more += 1

    def refuse(self) -> None:
        """Nothing was wrong.

        Raises
        ------
        FileRefused
            If something was.
        """
        if self:
            raise FileRefused(tuple(self._found), self._more)


def refused(
    text: str, /, *, line: int | None = None, column: str | None = None, **values: object
) -> FileRefused:
    """Make the refusal of a file for one reason."""
    return FileRefused((Problem(say(text, **values), line, column),))
