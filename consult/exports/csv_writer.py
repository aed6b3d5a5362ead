"""Tables as CSV: UTF-8 with a byte-order mark (Excel), RFC 4180, text guarded, numbers untouched."""

import csv
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from consult.exports.tables import Cell, Table
from consult.safe_text import guarded

MOST_TEXTS = 200_000


def write_csv(table: Table, folder: Path) -> str:
    """The table stands in a file of its name in the folder; its file name.

    Numbers are written with as many digits as it takes to read the same number again, never quoted;
    nothing is an empty cell.
    """
    name = f"{table.name}.csv"
    with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerows(_guarded(table))
    return name


def _guarded(table: Table) -> Iterator[Sequence[Cell]]:
    # Millions of cells hold few different texts: each is looked at once, row keys among them.
    guard = lru_cache(maxsize=MOST_TEXTS)(guarded)
    for row in table.rows():
        yield [guard(cell) if type(cell) is str else cell for cell in row]
