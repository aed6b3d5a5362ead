"""The formats of a package: what each can hold, and how it is written. A new format is one more line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from consult.exports.csv_writer import write_csv
from consult.exports.package import SUMS, Package
from consult.exports.tables import Table
from consult.exports.xlsx_writer import fits_a_sheet, write_workbook

README, METHOD, CODEBOOK, COMPARISON = "README.txt", "method.txt", "codebook.html", "comparison.json"
FILES = {
    README: "this text",
    METHOD: "how each figure is computed, and its source",
    CODEBOOK: "the codebook as a page; needs nothing from elsewhere",
    COMPARISON: "the comparison as `consult compare --json` prints it, in full precision",
    SUMS: "SHA-256 of each file",
}
"""What the files besides the tables are."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a package is written, and what the format can take.

    Attributes
    ----------
    holds : callable
        Whether the format can hold a table.
    files : tuple of str
        Those that stand beside the tables.
    most_cells_by_page : int
        Beyond it somebody at a page would wait for more than some fifteen seconds; 5,000 people
        with 20 items are 2 million. The command has no such limit.
    """

    write: Callable[[Package, Path], list[str]]
    holds: Callable[[Table], bool]
    files: tuple[str, ...]
    most_cells_by_page: int


def _texts(package: Package, folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).write_bytes(package.texts[name].encode())
    return list(names)


def write_csv_files(package: Package, folder: Path) -> list[str]:
    """Each table and each text stands in a file of its own; the names of the files."""
    names = [write_csv(table, folder) for table in package.tables]
    return names + _texts(package, folder, README, METHOD, CODEBOOK, COMPARISON)


def write_xlsx_files(package: Package, folder: Path) -> list[str]:
    """The tables stand in one workbook, with read-me and method as sheets; the names of the files."""
    name = f"{package.slug}.xlsx"
    write_workbook(
        folder / name,
        package.tables,
        pages=[("read_me", package.texts[README]), ("method", package.texts[METHOD])],
        title=package.title,
        made_at=package.made_at,
    )
    return [name, *_texts(package, folder, README, COMPARISON)]


FORMATS: Mapping[str, Format] = {
    "csv": Format(write_csv_files, lambda _: True, tuple(FILES), 15_000_000),
    "xlsx": Format(write_xlsx_files, fits_a_sheet, (README, COMPARISON, SUMS), 3_000_000),
}
