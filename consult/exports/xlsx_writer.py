"""Tables as one Excel workbook: every text a text, every number a number, no formula and no link."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from consult.exports.tables import Cell, Table
from consult.safe_text import REPLACEMENT, printable

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_CHARACTERS = 16_000  # Excel holds 32,767 units; a character beyond the common ones takes two
CUT = " … (cut: a cell holds no more)"
_RICH = "<r>"


def fits_a_sheet(table: Table) -> bool:
    """Whether Excel can hold the table with its header."""
    return table.n_rows < MOST_ROWS and len(table.columns) <= MOST_COLUMNS


def write_workbook(
    path: Path, tables: Sequence[Table], *, pages: Sequence[tuple[str, str]], title: str, made_at: datetime
) -> None:
    """The workbook holds a sheet of lines for each page of text, then one for each table.

    Parameters
    ----------
    pages : sequence of (sheet name, text)
    made_at : datetime
        Stands as the date of the workbook, so that the same tables make the same file.
    """
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),  # rows never lie in a folder that others can read
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(str(path), options) as workbook:
        workbook.set_properties(
            {"title": excel_text(title)[:255], "created": made_at.astimezone(UTC).replace(tzinfo=None)}
        )
        bold = workbook.add_format({"bold": True})
        for name, text in pages:
            sheet = workbook.add_worksheet(name)
            sheet.set_column(0, 0, 120)
            for place, line in enumerate(text.splitlines()):
                sheet.write_string(place, 0, excel_text(line))
        for table in tables:
            sheet = workbook.add_worksheet(table.name)
            sheet.freeze_panes(1, 1)
            for place, column in enumerate(table.columns):
                sheet.write_string(0, place, column.name, bold)
            _write_rows(sheet, table)


def _write_rows(sheet: Worksheet, table: Table) -> None:
    for place, row in enumerate(table.rows(), 1):
        for column, cell in enumerate(row):
            _write(sheet, place, column, cell)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, excel_text(cell))
    else:
        sheet.write_number(row, column, cell)


@lru_cache(maxsize=4096)
def excel_text(text: str) -> str:
    """The text as a cell can hold it: without control characters, and not too long.

    The library copies a text between ``<r>`` and ``</r>`` into the file as it is, which lets
    anybody who can write a label break the workbook; such a text gets a mark in front.
    """
    text = printable(text)
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - len(CUT)] + CUT
    return f"{REPLACEMENT}{text}" if text.startswith(_RICH) else text
