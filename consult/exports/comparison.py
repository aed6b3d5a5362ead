"""The comparison as tables: every figure of the snapshot, once, in full precision.

Lists of counts and tables of before by after become long tables with a row for each cell, because
no program reads a list inside a cell. Parts by group and arm have the same figures with two more
columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consult.exports.record import ExportedItem
from consult.exports.tables import Cell, Column, Kind, Table, table_of
from consult.exports.words import FIGURES, NOT_COMPUTED, VERDICTS, WAVE_MEANS

Content = Mapping[str, Any]
Parts = Mapping[str, Content]


@dataclass(frozen=True, slots=True, eq=False)
class Frozen:
    """The stored comparison.

    Attributes
    ----------
    text : str
        The JSON text as it was stored; ``content`` is the same, read.
    parts : mapping of variable to mapping
        ``by`` and ``notes`` of each stored part that may be shown.
    made_at : datetime
        When the comparison was made; aware.
    sha256 : str
        Of the text.
    """

    text: str
    content: Content
    parts: Parts
    made_at: datetime
    sha256: str

    @property
    def libraries(self) -> str:
        """What did the arithmetic, with versions."""
        return ", ".join(f"{name} {version}" for name, version in self.content["method"]["libraries"].items())


LISTS = frozenset({"counts_pre", "counts_post", "transition"})
TEXTS = frozenset(
    {"item", "form", "role", "stem", "option", "group", "verdict", "method", "by", "value", "part"}
)
WHOLE = frozenset({"n", "df"})
SECTIONS = ("items", "nominal", "ranks")
_NAMES = tuple(FIGURES)
_NUMBERS = _NAMES[: _NAMES.index("stuart_maxwell")]
_HEADS = {
    "items": ("item", "form", "role", "stem", *_NUMBERS),
    "nominal": (
        "item",
        "form",
        "n_paired",
        "stuart_maxwell",
        "df",
        *_NAMES[_NAMES.index("p") : _NAMES.index("dri_pre")],
    ),
    "ranks": ("item", "option", *_NUMBERS),
    "reasoning": ("group", "n", *_NAMES[_NAMES.index("dri_pre") :]),
    "by": ("value", "people_pre", "people_post", "people_paired", "part", "item", "option", *_NUMBERS),
}
"""Columns of a part without entries: a file has its header even then."""
_EMPTY = {
    "by": "Everybody",
    "value": "Everybody",
    "group": "Everybody",
    "option": "The item is not a ranking",
}
_LABELS = {
    "people_pre": "People of this value who took part before",
    "people_post": "People of this value who took part after",
    "people_paired": "People of this value who took part both times",
    "item": "Key of the item",
    "form": "Form of the item",
    "role": "What the item is for",
    "stem": "The unfinished sentence",
    "option": "Key of the option, for a ranking",
    "group": "Discussion group",
    "by": "Variable by which people are divided",
    "value": "Value of that variable",
    "part": "Part of the comparison: items (scales), nominal (choices) or ranks (rankings)",
    "n": "People who rated and ranked everything both times",
}


def comparison_tables(snapshot: Frozen, items: Sequence[ExportedItem]) -> list[Table]:
    """Turn the snapshot into tables.

    Parameters
    ----------
    snapshot : Frozen
        The stored comparison, with the parts that may be shown.
    items : sequence of ExportedItem
        For the points and options that counts stand for.
    """
    shapes = {item.key: item for item in items}
    content, parts = snapshot.content, snapshot.parts
    found = [_about(snapshot)]
    found += [
        _flat(f"comparison_{name}", title, content[name], otherwise=_HEADS[name])
        for name, title in (
            ("items", "Before and after: scales"),
            ("nominal", "Before and after: choices"),
            ("ranks", "Before and after: rankings"),
            ("reasoning", "Reason index, for everybody and each group"),
        )
    ]
    found += [_by(variable, part["by"]) for variable, part in parts.items()]
    sources = list(_sources(content, parts))
    found.append(_counts(sources, shapes))
    found.append(_transitions(sources, shapes))
    found.append(_notes(content, parts))
    return found


def _figure(name: str) -> Column:
    label, unit = FIGURES.get(name, (_LABELS.get(name, name), ""))
    kind: Kind = "text" if name in TEXTS else "number"
    if name in WHOLE or name.startswith("people_") or (unit == "people" and name != "n_eff"):
        kind = "whole number"
    empty = _EMPTY.get(name, "" if name in TEXTS - {"verdict"} else NOT_COMPUTED)
    return Column(name, label, kind, unit, VERDICTS if name == "verdict" else {}, empty)


def _about(snapshot: Frozen) -> Table:
    """One row: whose comparison this is, how many took part, when and by what it was made."""
    content = snapshot.content
    columns = [
        Column("consultation", "Name of the consultation in addresses"),
        Column("weights", "Which weights were used"),
        Column("n_pre", "People with at least one answer before", "whole number", "people"),
        Column("n_post", "People with at least one answer after", "whole number", "people"),
        Column("n_paired", "People with at least one answer both times", "whole number", "people"),
        Column("made_at", "When the comparison was made (UTC)"),
        Column("sha256", "SHA-256 of comparison.json"),
        Column("method_version", "Version of the method"),
        Column("libraries", "What did the arithmetic"),
    ]
    row: list[Cell] = [
        content["consultation"],
        content["weights"],
        *(content["n"][who] for who in ("pre", "post", "paired")),
        f"{snapshot.made_at:%Y-%m-%dT%H:%M:%SZ}",
        snapshot.sha256,
        content["method"]["version"],
        snapshot.libraries,
    ]
    return table_of("comparison_about", "About the comparison", columns, [row])


def _flat(name: str, title: str, entries: Sequence[Content], *, otherwise: Sequence[str]) -> Table:
    """One row an entry, with every figure that is not a list."""
    heads = [key for key in (entries[0] if entries else otherwise) if key not in LISTS]
    rows: list[list[Cell]] = [[entry[key] for key in heads] for entry in entries]
    return table_of(name, title, [_figure(key) for key in heads], rows)


def _by(variable: str, values: Sequence[Content]) -> Table:
    """One row for each value and item, or option of a ranking; the same figures as for everybody."""
    entries = [
        {
            "value": value["value"],
            **{f"people_{wave}": n for wave, n in value["n"].items()},
            "part": part,
            "item": entry["item"],
            "option": entry.get("option"),
            **{k: v for k, v in entry.items() if k not in {"item", "option", "form", "role", "stem"}},
        }
        for value in values
        for part in ("items", "ranks")
        for entry in value[part]
    ]
    return _flat(
        f"comparison_by_{variable}", f"Before and after, by {variable}", entries, otherwise=_HEADS["by"]
    )


def _sources(content: Content, parts: Parts) -> Iterator[tuple[str | None, str | None, str, Content]]:
    """Every entry that has counts: by which variable, for which value, in which part."""
    for part in SECTIONS:
        for entry in content[part]:
            yield None, None, part, entry
    for variable, stored in parts.items():
        for value in stored["by"]:
            for part in ("items", "ranks"):
                for entry in value[part]:
                    yield variable, value["value"], part, entry


Sources = Sequence[tuple[str | None, str | None, str, Content]]
_WHERE = tuple(_figure(name) for name in ("by", "value", "part", "item", "option"))


def _answers_of(item: ExportedItem) -> list[tuple[int, str | None]]:
    """What the counts of an item stand for, in their order: the number, and the option if it is a choice."""
    if item.has_options:
        return [(place, key) for place, key in enumerate(item.choices, 1)]
    if item.is_ranked:
        return [(place, None) for place in range(1, len(item.options) + 1)]
    return [(value, None) for value, _ in item.points]


def _answer_columns(name: str, when: str) -> list[Column]:
    return [
        Column(name, f"Answer{when}: point of the scale, place, or position of the option", "whole number"),
        Column(
            f"{name}_option",
            f"Answer{when}: key of the option, for a choice",
            empty="The item is not a choice",
        ),
    ]


def _counts(sources: Sources, shapes: Mapping[str, ExportedItem]) -> Table:
    """How many gave each answer, of everyone who answered in that wave."""
    rows: list[list[Cell]] = [
        [by, value, part, entry["item"], entry.get("option"), wave, *answer, n]
        for by, value, part, entry in sources
        for wave in ("pre", "post")
        for answer, n in zip(_answers_of(shapes[entry["item"]]), entry[f"counts_{wave}"], strict=True)
    ]
    columns = [
        *_WHERE,
        Column("wave", "Before or after the forum", values=WAVE_MEANS),
        *_answer_columns("answer", ""),
        Column("n", "People who gave this answer, of everyone who answered then", "whole number", "people"),
    ]
    return table_of("comparison_counts", "How many gave each answer, by wave", columns, rows)


def _transitions(sources: Sources, shapes: Mapping[str, ExportedItem]) -> Table:
    """How many gave each pair of answers, of those who answered both times."""
    rows: list[list[Cell]] = []
    for by, value, part, entry in sources:
        answers = _answers_of(shapes[entry["item"]])
        rows += [
            [by, value, part, entry["item"], entry.get("option"), *before, *after, n]
            for before, line in zip(answers, entry["transition"], strict=True)
            for after, n in zip(answers, line, strict=True)
        ]
    columns = [
        *_WHERE,
        *_answer_columns("before", " before"),
        *_answer_columns("after", " after"),
        Column("n", "People who gave these two answers", "whole number", "people"),
    ]
    return table_of("comparison_transitions", "Who moved from where to where", columns, rows)


def _notes(content: Content, parts: Parts) -> Table:
    """Why figures are missing."""
    rows: list[list[Cell]] = [[None, note["path"], note["reason"]] for note in content["notes"]]
    rows += [[by, note["path"], note["reason"]] for by, part in parts.items() for note in part["notes"]]
    columns = [
        _figure("by"),
        Column("path", "Where in comparison.json the figure stands; entries are counted from 0"),
        Column("reason", "Why it is missing, or what to mind"),
    ]
    return table_of("comparison_notes", "Why figures are missing", columns, rows)
