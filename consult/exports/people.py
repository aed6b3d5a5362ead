"""The rows: `people`, one row a person, and `answers`, one row for everything that was put to them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, repeat

from consult.consultations.models import WAVES, Wave
from consult.exports.disclosure import shuffled
from consult.exports.names import Names, distinct, plain
from consult.exports.record import NOTHING, OTHER, STATUSES, ExportedItem, Given, People, Rows
from consult.exports.tables import Cell, Column, Kind, Series, Table
from consult.exports.words import (
    ARMS,
    LOOKS_LIKE_ANOTHER,
    MODES,
    NO_ANSWER,
    NO_VALUE,
    ROW_KEY,
    STATUS_MEANS,
    SUBMITTED,
    WAVE_MEANS,
    YES_NO,
)

LOOKALIKE = "looks_like_another"
LONGEST_OPTION = 25  # of a ranked option in a column's name, so that the item's own key keeps as much
_STATUS_CELLS: Mapping[int, Cell] = dict(enumerate(STATUSES))
_YES_NO_CELLS: Mapping[int, Cell] = {0: "no", 1: "yes"}


def people_table(
    rows: Rows,
    design: Sequence[str],
    weight: tuple[Column, Sequence[Cell]] | None = None,
    lookalikes: Sequence[str] | None = None,
) -> Table:
    """One row a person: both waves side by side, with the design variables that may be shown.

    Parameters
    ----------
    design : sequence of str
        Out of ``arm``, ``group`` and ``mode``: what `disclosure.release` lets the rows show.
    weight : (column, cells), optional
        Everybody's weight as it may be shown.
    lookalikes : sequence of str, optional
        Whether each record looks like another one, where that may be shown.
    """
    people = rows.people
    made: list[tuple[Column, Iterable[Cell] | Series]] = [
        (Column("row", ROW_KEY, n=len(people)), people.keys)
    ]
    for wave in WAVES:
        column = Column(
            f"submitted_{wave.value}", SUBMITTED[wave], values=YES_NO, n=len(people), wave=wave.value
        )
        made.append((column, Series(people.submitted[wave], _YES_NO_CELLS)))
    made += [weight] if weight else []
    if lookalikes:
        column = Column(LOOKALIKE, LOOKS_LIKE_ANOTHER, values=YES_NO, n=len(people))
        made.append((column, lookalikes))
    made += _design_columns(people, design)
    names = Names(*(column.name for column, _ in made))
    for place, item in enumerate(rows.items, 1):
        made += _item_columns(item, place, rows, names)

    def cells() -> Iterable[Sequence[Cell]]:
        return zip(*(s.row_cells() if isinstance(s, Series) else s for _, s in made), strict=True)

    return Table(
        "people", "One row a person, before and after", tuple(c for c, _ in made), len(people), cells
    )


def _design_columns(people: People, design: Sequence[str]) -> Iterator[tuple[Column, Sequence[Cell]]]:
    if "arm" in design:
        yield _design("arm", "When they joined the forum", people.arm, ARMS)
    if "group" in design:
        yield _design("group", "Discussion group", people.group, {})
    if "mode" in design:
        for wave in WAVES:
            label = f"How the answers were given ({WAVE_MEANS[wave.value]})"
            yield _design(f"mode_{wave.value}", label, people.mode[wave], MODES, wave.value)


def _design(
    name: str, label: str, cells: Sequence[Cell], values: Mapping[Cell, str], wave: str = ""
) -> tuple[Column, Sequence[Cell]]:
    n = sum(cell is not None for cell in cells)
    return Column(name, label, values=values, empty=NO_VALUE, n=n, wave=wave), cells


def _item_columns(
    item: ExportedItem, place: int, rows: Rows, names: Names
) -> Iterator[tuple[Column, Series]]:
    """The value of each part and the status, wave by wave."""
    options = distinct([key for key, _ in item.options], otherwise="option", room=LONGEST_OPTION)
    marks = [f"_{name}" for name in options] if item.is_ranked else [""] * len(item.parts)
    plan = [
        (wave, part, f"{mark}_{wave.value}")
        for wave in item.waves
        for part, mark in zip(item.parts, marks, strict=True)
    ]
    endings = [ending for _, _, ending in plan] + [f"_{wave.value}_status" for wave in item.waves]
    taken = names.take(plain(item.key, otherwise=f"item_{place}"), endings)
    for (wave, part, _), name in zip(plan, taken, strict=False):
        yield _value_column(item, part, wave, name, rows.given[item.key, wave])
    for wave, name in zip(item.waves, taken[len(plan) :], strict=True):
        given = rows.given[item.key, wave]
        column = Column(
            name,
            f"Whether it was answered: {item.stem}",
            values=STATUS_MEANS,
            n=len(given.status),
            item=item.key,
            wave=wave.value,
        )
        yield column, Series(given.status, _STATUS_CELLS)


def _value_column(
    item: ExportedItem, part: str, wave: Wave, name: str, given: Given
) -> tuple[Column, Series]:
    codes = given.values[part]
    labels = dict(item.options)
    kind: Kind = "text" if item.has_options else "whole number"
    column = Column(
        name,
        f"{item.stem} [{labels[part]}]" if part else item.stem,
        kind=kind,
        unit={"rank": "place, 1 is the most preferred"}.get(item.form, "" if item.has_options else "points"),
        values=meanings(item),
        empty=NO_ANSWER,
        n=len(codes) - codes.count(NOTHING),
        item=item.key,
        option=part,
        wave=wave.value,
    )
    return column, Series(codes, value_cells(item))


def value_cells(item: ExportedItem) -> Mapping[int, Cell]:
    """The cell of each code: the number itself, or the key of the option."""
    if item.has_options:
        return {**dict(enumerate(item.choices)), NOTHING: None}
    numbers = range(1, len(item.options) + 1) if item.is_ranked else (value for value, _ in item.points)
    return {**{n: n for n in numbers}, NOTHING: None}


def meanings(item: ExportedItem) -> Mapping[Cell, str]:
    """What each value of an item means, in the words that people read."""
    if item.is_ranked:
        return {1: "most preferred", len(item.options): "least preferred"}
    if not item.has_options:
        return dict(item.points)
    right = {item.correct: " (the right answer)"}
    found: dict[Cell, str] = {key: label + right.get(key, "") for key, label in item.options}
    return found | ({OTHER: "something else, in their own words (not exported)"} if item.other else {})


def answers_table(rows: Rows) -> Table:
    """One row for each item put to each person in each wave that they sent in; a ranking has one an option.

    The order of the people is another than in `people`; the random key joins the two.
    """
    blocks = [(item, wave, part) for item, wave in rows.asked for part in (item.parts or ("",))]
    order = shuffled(len(rows.people))

    def cells() -> Iterable[Sequence[Cell]]:
        return chain.from_iterable(_block(rows, item, wave, part, order) for item, wave, part in blocks)

    sent_in = {wave: sum(rows.people.submitted[wave]) for wave in WAVES}
    n_rows = sum(sent_in[wave] for _, wave, _ in blocks)
    n_ranked = sum(sent_in[wave] for _, wave, part in blocks if part)
    numbers, choices = _filled(rows)
    columns = (
        Column("row", ROW_KEY + "; the same as in people", n=n_rows),
        Column("wave", "Before or after the forum", values=WAVE_MEANS, n=n_rows),
        Column("item", "Key of the item", values={i.key: i.stem for i in rows.items}, n=n_rows),
        Column("form", "Form of the item", n=n_rows),
        Column("option", "Key of the option, for a ranking", empty="The item is not a ranking", n=n_ranked),
        Column("status", "Whether it was answered", values=STATUS_MEANS, n=n_rows),
        Column(
            "number",
            "The point of the scale, or the place of the option",
            "whole number",
            unit="points, or places of which 1 is the most preferred",
            empty=NO_ANSWER,
            n=numbers,
        ),
        Column("choice", "Key of the option that was chosen", empty=NO_ANSWER, n=choices),
    )
    return Table("answers", "One row for each item, person and wave", columns, n_rows, cells)


def _filled(rows: Rows) -> tuple[int, int]:
    numbers = choices = 0
    for item, wave in rows.asked:
        for codes in rows.given[item.key, wave].values.values():
            n = len(codes) - codes.count(NOTHING)
            numbers, choices = (numbers, choices + n) if item.has_options else (numbers + n, choices)
    return numbers, choices


def _block(
    rows: Rows, item: ExportedItem, wave: Wave, part: str, order: list[int]
) -> Iterable[Sequence[Cell]]:
    given, submitted = rows.given[item.key, wave], rows.people.submitted[wave]
    who = list(compress(order, map(submitted.__getitem__, order)))
    values: Iterable[Cell] = repeat(None)
    if item.parts:
        values = Series(given.values[part], value_cells(item)).cells_of(who)
    nothing: Iterable[Cell] = repeat(None)
    return zip(
        map(rows.people.keys.__getitem__, who),
        repeat(wave.value),
        repeat(item.key),
        repeat(item.form),
        repeat(part or None),
        Series(given.status, _STATUS_CELLS).cells_of(who),
        nothing if item.has_options else values,
        values if item.has_options else nothing,
        strict=False,
    )
