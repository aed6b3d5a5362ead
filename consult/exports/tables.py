"""What every writer is given: tables of plain values, whose columns say what they mean."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Cell = str | int | float | None
"""A text, a whole number, a number; None where there is nothing."""

Kind = Literal["text", "whole number", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, with everything that a codebook says of it.

    Attributes
    ----------
    name : str
        Letters, digits and underscores; begins with a letter; at most 64 characters.
    label : str
        What it holds, in words; for an item, its stem.
    values : mapping of cell to str
        What single values mean; empty where the values speak for themselves.
    empty : str
        What an empty cell means.
    n : int, optional
        How many cells are not empty; None where it was not counted.
    item, option, wave : str
        Key of the item, key of the option, ``pre`` or ``post``; empty where it belongs to none.
    """

    name: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    values: Mapping[Cell, str] = field(default_factory=dict)
    empty: str = ""
    n: int | None = None
    item: str = ""
    option: str = ""
    wave: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns.

    ``rows`` gives the rows anew each time it is called, so that a table of millions is never held
    in memory and several writers can go over it.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    n_rows: int
    rows: Callable[[], Iterable[Sequence[Cell]]]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """What everybody has in one column: a whole number for each person, and the cell it stands for.

    ``codes`` are in the order of the people; ``cells`` has every code that occurs.
    """

    codes: Sequence[int]
    cells: Mapping[int, Cell]

    def row_cells(self) -> Iterable[Cell]:
        """The cells in the order of the people."""
        return map(self.cells.__getitem__, self.codes)

    def cells_of(self, people: Iterable[int]) -> Iterable[Cell]:
        """The cells of these people, in their order."""
        return map(self.cells.__getitem__, map(self.codes.__getitem__, people))


def table_of(name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Table:
    """Make a table of rows that are already in memory; each column's ``n`` is counted."""
    counted = tuple(
        replace(column, n=sum(row[place] is not None for row in rows)) for place, column in enumerate(columns)
    )
    return Table(name, title, counted, len(rows), lambda: rows)


def rows_of(table: Table) -> str:
    """How many rows the table has, in words: "1 row", "4,000 rows"."""
    return f"{table.n_rows:,} {'row' if table.n_rows == 1 else 'rows'}"
