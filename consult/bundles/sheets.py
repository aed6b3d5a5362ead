"""The CSV files of a bundle: their columns by name, their rows one at a time, every fault where it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from consult.bundles.problems import MOST_PER_FILE, Problems
from consult.cells import Refusal
from consult.sheets import Unreadable, cells_of, records

LONGEST_FIELD = 1024 * 1024  # characters

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a file must have and those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(slots=True)
class Row:
    """One row: its cells by column; an optional column that the file lacks is empty."""

    sheet: "Sheet"
    line: int
    cells: list[str]
    is_sound: bool = True

    def __getitem__(self, column: str) -> str:
        return self.cells[self.sheet.places[column]]

    def refuse(self, column: str, sentence: str) -> None:
        """The row has a problem, which stands in this column."""
        self.is_sound = False
        self.sheet.problems.cell(self.sheet.name, self.line, column, sentence)

    def refuse_whole(self, sentence: str) -> None:
        """The row has a problem, which stands in no single column."""
        self.refuse(self.sheet.first_column, sentence)

    def take(self, check: Callable[[str, str], T], column: str) -> T | None:
        """What ``check`` makes of the cell; None if it refuses."""
        try:
            return check(column, self[column])
        except Refusal as refusal:
            self.refuse(refusal.where, refusal.sentence)
            return None

    def take_if_given(self, check: Callable[[str, str], T], column: str) -> T | None:
        """What ``check`` makes of the cell; None if it is empty."""
        return self.take(check, column) if self[column] else None


@dataclass
class Sheet:
    """One CSV file of a bundle, read once from top to bottom."""

    path: Path
    columns: Columns
    problems: Problems
    takes_any_column: bool = False  # where the columns are defined by a file that cannot be read
    places: dict[str, int] = field(default_factory=dict)
    is_whole: bool = True  # false once something kept the rest of the file from being read
    set_aside: list[list[str]] = field(default_factory=list)  # rows that cannot be read as cells by column
    first_column: str = ""

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def rows(self) -> Iterator[Row]:
        """Read the rows in their order."""
        for line, cells in self.raw_rows():
            yield Row(self, line, cells)

    def raw_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Read line numbers and cells in their order; `places` says where which column stands.

        The last cell of each is empty and stands for the optional columns that the file lacks.
        """
        self.first_column = self.columns.required[0]
        try:
            with self.path.open("rb") as stream:
                yield from self._read(records(stream))
        except Unreadable as fault:
            self.is_whole = False
            self.problems.cell(self.name, fault.line, self.first_column, fault.sentence)
        except OSError:
            self.is_whole = False
            self.problems.whole_file(self.name, "this file cannot be read")

    def _read(self, records: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
        header = next(records, None)
        if header is None or not header[1]:
            self.is_whole = False
            self.problems.whole_file(self.name, "the file is empty; it needs at least a header")
            return
        names = cells_of(1, header[1])
        if not self._takes(names):
            self.is_whole = False
            return
        width = len(names)
        for line, text in self._without_blank(records):
            cells = text.split(",") if '"' not in text and "\r" not in text else cells_of(line, text)
            if len(cells) != width:
                self._refuse(line, f"the row has {len(cells)} cells and the header {width}")
                self._set_aside(cells)
                continue
            if "\0" in text or len(text) > LONGEST_FIELD:
                sound = True
                for name, cell in zip(names, cells, strict=True):
                    problem = _cell_problem(cell)
                    if problem:
                        sound = False
                        self.problems.cell(self.name, line, name, problem)
                if not sound:
                    self._set_aside(cells)
                    continue
            cells.append("")
            yield line, cells

    def _without_blank(self, records: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """Skip empty lines at the end; anywhere else they are a fault."""
        blank: int | None = None
        for line, text in records:
            if not text:
                blank = blank or line
                continue
            if blank is not None:
                self._refuse(blank, "the line is empty")
                blank = None
            yield line, text

    def _set_aside(self, cells: list[str]) -> None:
        if len(self.set_aside) < MOST_PER_FILE:
            self.set_aside.append(cells)
        else:
            self.is_whole = False

    def found_aside(self, *columns: str) -> set[tuple[str, ...]]:
        """What rows that were set aside hold in these columns, as far as can be told.

        One broken row is one problem: what it would have said is not reported missing elsewhere.
        """
        wanted = [self.places[column] for column in columns]
        return {
            tuple(cells[place] for place in wanted) for cells in self.set_aside if max(wanted) < len(cells)
        }

    def _refuse(self, line: int, sentence: str) -> None:
        self.problems.cell(self.name, line, self.first_column, sentence)

    def _takes(self, names: list[str]) -> bool:
        """Whether the rows can be read under this header; says what is wrong with it."""
        self.first_column = names[0] or self.first_column
        known = (*self.columns.required, *self.columns.optional)
        can_read = True
        for n, name in enumerate(names):
            if name in names[:n]:
                can_read = False
                self.problems.cell(self.name, 1, _called(name, n), "this column stands twice")
            elif name not in known and not self.takes_any_column:
                self.problems.cell(self.name, 1, _called(name, n), "there is no such column in this file")
            elif "\0" in name:
                self.problems.cell(self.name, 1, name, "must not hold a NUL character")
        for name in self.columns.required:
            if name not in names:
                can_read = False
                self.problems.cell(self.name, 1, name, "this column is missing")
        self.places = {name: names.index(name) if name in names else len(names) for name in known}
        return can_read


def _cell_problem(cell: str) -> str | None:
    if "\0" in cell:
        return "must not hold a NUL character"
    return "is longer than 1 MB" if len(cell) > LONGEST_FIELD else None


def _called(name: str, place: int) -> str:
    """What a column is called in a sentence: its name, or its number where it has none."""
    return name.strip() or f"column {place + 1}"
