"""The bytes of a CSV file as it comes, read into a header and rows, or refused where it goes wrong.

Situation: an officer saves a table from a census site, a spreadsheet or a sortition tool, and nobody
tells them what an encoding is. Choice: UTF-8 with or without its mark; commas, tabs, semicolons or bars,
whichever makes the header one that is known. Any other encoding is refused by its name with what to do:
a guess between Windows-1252 and a damaged file would sooner or later turn an é into something else.
Empty lines are left out wherever they stand. The price: a file of 5 MB is in memory once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

from consult.cells import shown
from consult.panel.refused import FileRefused, Problems, refused
from consult.sheets import BYTE_ORDER_MARK, NOT_UTF8, Unreadable, cells_of, records
from consult.words import N_

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 50_000
MOST_COLUMNS = 2000
LONGEST_CELL = 1000  # characters
SEPARATORS = (",", "\t", ";", "|")
SHOWN_NAMES = 8

NOT_CLOSED = N_("A quotation mark is not closed, or stands where none may.")
SPREADSHEET = N_("This is a spreadsheet, not a CSV file. Open it, choose Save as, then “CSV UTF-8”.")
UTF_16 = N_("This file is in UTF-16. Open it, choose Save as, then “CSV UTF-8”.")
OTHER_KINDS = (
    (b"PK\x03\x04", SPREADSHEET),
    (b"\xd0\xcf\x11\xe0", SPREADSHEET),
    (b"%PDF", N_("This is a PDF, not a CSV file. Find the table as a CSV file and choose that.")),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line of the file on which it begins."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the names of its columns without spaces around them, and rows of as many cells."""

    header: list[str]
    header_line: int
    rows: list[Row]


def read_grid(data: bytes, knows: Callable[[Sequence[str]], bool]) -> Grid:
    """Read a table whose header ``knows`` recognises.

    Raises
    ------
    FileRefused
        If it is too large, empty, of another kind or encoding, or broken in some row.
    """
    _check_whole(data)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # as the first Macintosh ended its lines
    found = _without_blank(data)
    line, first = found[0]
    separator, header = _header(line, first, knows)
    problems = Problems()
    seen: set[str] = set()
    for name in header:
        if name and name in seen:
            problems.add(N_("This column stands twice."), line=line, column=name)
        seen.add(name)
        if len(name) > LONGEST_CELL:
            problems.add(
                N_("This cell is longer than %(n)s characters."), line=line, column=name, n=LONGEST_CELL
            )
    if len(header) > MOST_COLUMNS:
        problems.add(N_("The file has more than %(n)s columns."), line=line, column=header[0], n=MOST_COLUMNS)
    problems.refuse()
    rows = list(_rows(found[1:], header, separator, problems))
    if not rows and not problems:
        problems.add(N_("The file has a header and no rows under it."), line=line + 1, column=header[0])
    problems.refuse()
    return Grid(header, line, rows)


def _check_whole(data: bytes) -> None:
    if not data.removeprefix(BYTE_ORDER_MARK).strip():
        if data.count(b"\n") > MOST_LINES:
            _refuse_length(data)
        raise refused(N_("The file is empty. It needs a header and a row for each category."))
    if len(data) > MOST_BYTES:
        raise refused(N_("The file is larger than 5 MB. Leave out the areas that you do not need."))
    for beginning, sentence in OTHER_KINDS:
        if data.startswith(beginning):
            raise refused(sentence)
    if data.count(b"\n") > MOST_LINES:
        _refuse_length(data)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise refused(
            N_("This row holds a NUL character, which no text has. Save the table again as “CSV UTF-8”."),
            line=line,
            column=_column_at(data, data.index(b"\0")),
        )


def _refuse_length(data: bytes) -> None:
    raise refused(
        N_("The file has %(n)s lines. It may have %(most)s: leave out the areas that you do not need."),
        line=MOST_LINES + 1,
        column="1",
        n=data.count(b"\n"),
        most=MOST_LINES,
    )


def _without_blank(data: bytes) -> list[tuple[int, str]]:
    """The records with something in them, by line."""
    try:
        return [
            (line, text)
            for line, text in islice(records(BytesIO(data)), MOST_LINES + 1)
            if text.strip(" ,;|\t\r")
        ]
    except Unreadable as fault:
        if fault.sentence == NOT_UTF8:
            raise _other_encoding(data) from fault
        raise refused(NOT_CLOSED, line=fault.line, column=_first_name(data)) from fault


def _other_encoding(data: bytes) -> FileRefused:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
    else:
        at = 0  # nothing else is asked for here
    return refused(
        N_(
            "This row is not in UTF-8. It may be in Windows-1252, which Excel writes for “CSV”."
            " Open the file, choose Save as, then “CSV UTF-8”."
        ),
        line=data.count(b"\n", 0, at) + 1,
        column=_column_at(data, at),
    )


def _column_at(data: bytes, at: int) -> str:
    """The name of the column that holds this byte, as far as can be told; else its number."""
    start = data.rfind(b"\n", 0, at) + 1
    head = data.removeprefix(BYTE_ORDER_MARK).partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r")
    try:
        place = len(cells_of(1, data[start:at].decode("utf-8", "replace").replace('"', ""), ",")) - 1
        names = cells_of(1, head.replace("\0", ""), ",")
    except Unreadable:
        return "1"
    return names[place].strip() if start and place < len(names) and names[place].strip() else str(place + 1)


def _first_name(data: bytes) -> str:
    head = data.removeprefix(BYTE_ORDER_MARK).partition(b"\n")[0].decode("utf-8", "replace")
    return head.partition(",")[0].strip(' "\r\t') or "1"


def _header(line: int, text: str, knows: Callable[[Sequence[str]], bool]) -> tuple[str, list[str]]:
    """The separator under which the header is one that is known, and its names."""
    readings: list[tuple[str, list[str]]] = []
    for separator in SEPARATORS:
        try:
            names = [" ".join(name.split()) for name in cells_of(line, text, separator)]
        except Unreadable:
            continue
        readings.append((separator, names))
    known = [reading for reading in readings if knows(reading[1])]
    if known:
        return max(known, key=lambda reading: len(reading[1]))
    if not readings:
        raise refused(NOT_CLOSED, line=line, column="1")
    _separator, names = max(readings, key=lambda reading: len(reading[1]))
    told = ", ".join(shown(name) for name in names[:SHOWN_NAMES] if name)
    raise refused(
        N_(
            "The first row must name the columns, and these are none that we know: %(names)s."
            " Name them variable, category and population, or bring a census table as it was downloaded."
        ),
        line=line,
        column=shown(names[0]) or "1",
        names=told,
    )


def _rows(found: list[tuple[int, str]], header: list[str], separator: str, problems: Problems) -> list[Row]:
    """The rows under the header; those that do not fit it are named."""
    rows = []
    width = len(header)
    for line, text in found:
        try:
            cells = (
                text.split(separator)
                if '"' not in text and "\r" not in text
                else cells_of(line, text, separator)
            )
        except Unreadable as fault:  # what follows may all be inside one quotation
            problems.add(fault.sentence, line=line, column=header[0])
            break
        if len(cells) != width:
            problems.add(
                N_("Cells in this row: %(n)s. Cells in the header: %(width)s. Both must be the same."),
                line=line,
                column=header[min(len(cells), width) - 1] or header[0],
                n=len(cells),
                width=width,
            )
            continue
        for name, cell in zip(header, cells, strict=True):
            if not name and cell.strip():
                problems.add(N_("This cell stands under no name."), line=line, column=header[0])
            if len(cell) > LONGEST_CELL:
                problems.add(
                    N_("This cell is longer than %(n)s characters."), line=line, column=name, n=LONGEST_CELL
                )
        rows.append(Row(line, cells))
    return rows
