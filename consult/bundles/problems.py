"""What is wrong with a bundle: every problem named, one a line."""

from collections import defaultdict

from consult.cells import Refusal, shown
from consult.errors import DomainError

CONSULTATION = "consultation.toml"
MOST_PER_FILE = 1000  # a file of another kind would otherwise name every row


class BundleRefused(DomainError):
    """The bundle is refused whole; the message names every problem, one a line."""


class Problems:
    """The problems found so far; true if there are any."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}
        self._more: dict[str, int] = defaultdict(int)

    def __bool__(self) -> bool:
        return bool(self._lines)

    def _add(self, file: str, line: str) -> None:
        lines = self._lines.setdefault(file, [])
        if len(lines) < MOST_PER_FILE:
            lines.append(line)
        else:
            self._more[file] += 1

    def whole_file(self, file: str, sentence: str) -> None:
        """A file as a whole is at fault."""
        self._add(file, f"{shown(file)}: {sentence}")

    def cell(self, file: str, line: int, column: str, sentence: str) -> None:
        """A cell is at fault, or a row, which its first column stands for."""
        self._add(file, f"{file}:{line}: {shown(column)}: {sentence}")

    def syntax(self, line: int, sentence: str) -> None:
        """`consultation.toml` cannot be read from this line on."""
        self._add(CONSULTATION, f"{CONSULTATION}:{line}: {sentence}")

    def key(self, path: str, sentence: str) -> None:
        """A key of `consultation.toml` is at fault."""
        self._add(CONSULTATION, f"{CONSULTATION}: {path}: {sentence}")

    def refusal(self, file: str, line: int, refusal: Refusal) -> None:
        """A rule refuses a cell."""
        self.cell(file, line, refusal.where, refusal.sentence)

    def refuse(self) -> None:
        """Nothing was wrong.

        Raises
        ------
        BundleRefused
            If something was.
        """
        if not self:
            return
        lines = []
        for file, found in self._lines.items():
            lines += found
            if self._more[file]:
                lines.append(f"{file}: and {self._more[file]:,} more")
        raise BundleRefused("\n".join(lines))
