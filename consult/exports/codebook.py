"""The codebook: what every column of every file means, as a table like the others."""

from collections.abc import Iterable, Mapping, Sequence

from consult.exports.record import ExportedItem
from consult.exports.tables import Cell, Column, Table, table_of

SEPARATOR = " | "
_COLUMNS = (
    Column("file", "Name of the table: the file, or the sheet of the workbook"),
    Column("position", "Place of the column in its table, from 1", "whole number"),
    Column("name", "Name of the column"),
    Column("label", "What it holds; for an item, the unfinished sentence"),
    Column("kind", "Text, whole number or number"),
    Column("unit", "In what it is measured", empty="It has no unit"),
    Column(
        "value_labels", f"What single values mean, with '{SEPARATOR}' between", empty="They need no words"
    ),
    Column("empty_means", "What an empty cell means", empty="No cell is empty"),
    Column("n", "How many cells are not empty", "whole number", "rows"),
    Column("wave", "Before (pre) or after (post)", empty="Neither"),
    Column("item", "Key of the item", empty="It belongs to no item"),
    Column("option", "Key of the option, for a ranking", empty="It belongs to none"),
    Column("form", "Form of the item", empty="It belongs to no item"),
    Column("role", "What the item is for", empty="It belongs to no item"),
    Column("version", "Fingerprint of the item's wording, options and scale", empty="It belongs to no item"),
    Column("plan", "How the item stands in the plan", empty="It belongs to no item"),
    Column(
        "delta",
        "Smallest change that matters, if the plan names one",
        "number",
        "points",
        empty="The plan names none",
    ),
    Column(
        "favour_from",
        "Point from which an answer counts as in favour",
        "whole number",
        "points",
        empty="Has none",
    ),
    Column(
        "reversed", "Whether the words of the scale are reversed; numbers never are", empty="Has no scale"
    ),
)


def codebook_table(tables: Sequence[Table], items: Sequence[ExportedItem]) -> Table:
    """One row for each column of each table, and for its own."""
    shapes = {item.key: item for item in items}
    rows = [row for table in tables for row in _rows(table.name, table.columns, shapes)]
    # Its own columns are counted with their own rows, so these stand in with a first count before.
    first = table_of("codebook", "", _COLUMNS, rows).columns
    own = table_of("codebook", "", _COLUMNS, rows + _rows("codebook", first, shapes)).columns
    rows += _rows("codebook", own, shapes)
    return table_of("codebook", "What every column of every file means", _COLUMNS, rows)


def _rows(name: str, columns: Iterable[Column], shapes: Mapping[str, ExportedItem]) -> list[list[Cell]]:
    return [
        [
            name,
            place,
            column.name,
            column.label,
            column.kind,
            column.unit or None,
            value_labels(column.values) or None,
            column.empty or None,
            column.n,
            column.wave or None,
            column.item or None,
            column.option or None,
            *_of_item(shapes.get(column.item)),
        ]
        for place, column in enumerate(columns, 1)
    ]


def _of_item(item: ExportedItem | None) -> Sequence[Cell]:
    if item is None:
        return [None] * 7
    turned = ("yes" if item.reversed else "no") if item.has_numbers else None
    return [item.form, item.role, item.version, item.plan, item.delta, item.favour_from, turned]


def value_labels(values: Mapping[Cell, str]) -> str:
    """Values with their words in one text; a value without words stands alone."""
    return SEPARATOR.join(f"{value} = {words}" if words else f"{value}" for value, words in values.items())
