"""Reading back what an export wrote, as an analyst would."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl

from tests.making.bundles import make_bundle

Row = dict[str, str]


def read_table(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def head_of(path: Path) -> list[str]:
    """The names of the columns of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def read_json(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "comparison.json").read_text(encoding="utf-8"))


def read_workbook(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every sheet as rows of values; what openpyxl takes for a formula begins with an equals sign."""
    book = openpyxl.load_workbook(path, data_only=False)
    found = {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    book.close()
    return found


def cell_of(value: object) -> str:
    """A figure of the JSON as its cell in a CSV file."""
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def make_grouped(path: Path, *, sizes: dict[str, int], **more: Any) -> Path:
    """A bundle with discussion groups of these sizes, in which everybody answered one scale twice."""
    people = [(f"{group}-{n}", group) for group, size in sizes.items() for n in range(size)]
    return make_bundle(
        path,
        demographics=(),
        participant_columns=("participant", "group"),
        participants=people,
        responses=[
            [person, wave, "hours", "", "answered", 1 + (place + (wave == "post")) % 5, ""]
            for place, (person, _) in enumerate(people)
            for wave in ("pre", "post")
        ],
        **more,
    )
