"""Tables with a row for each category: our own, those that offices publish, those of tools that draw lots.

The columns are known by several names. A table with a column for the area is a published one: it may hold
variables that nobody asks about. One without was made for this consultation, so all of it must have a place.
"""

from collections.abc import Callable, Sequence

from consult.cells import shown
from consult.panel.census import find_area
from consult.panel.entries import Cell, Content, Entry, Variable
from consult.panel.grid import Grid, Row
from consult.panel.placing import plain
from consult.panel.refused import Problems
from consult.words import N_, say

# What a column may be called, as it counts when names are compared.
COLUMNS: dict[str, frozenset[str]] = {
    "variable": frozenset({"variable", "feature", "question", "demographic", "characteristic", "topic"}),
    "category": frozenset({"category", "option", "answer", "value", "name"}),
    "population": frozenset(
        {"population", "n", "count", "counts", "number", "people", "residents", "observation", "value"}
    ),
    "minimum": frozenset({"min", "minimum", "least", "minpeople"}),
    "maximum": frozenset({"max", "maximum", "most", "maxpeople"}),
    "aim": frozenset({"aim", "target"}),
    "minimum_flex": frozenset({"minflex", "minimumflex"}),
    "maximum_flex": frozenset({"maxflex", "maximumflex"}),
    "crossed_variable": frozenset({"withvariable", "crossedvariable"}),
    "crossed_category": frozenset({"withcategory", "crossedcategory"}),
    "base": frozenset({"base", "populationbase"}),
    "source": frozenset({"source"}),
    "table": frozenset({"onstable", "table", "dataset"}),
    "area": frozenset(
        {"geography", "geographyname", "area", "areaname", "localauthority", "ward", "mnemonic"}
    ),
    "code": frozenset({"geographycode", "areacode", "wardcode", "localauthoritycode", "gsscode", "ladcode"}),
    "date": frozenset({"date", "year"}),
    "share": frozenset({"percent", "percentage", "pct", "share", "proportion", "pctofvariable"}),
}
FIGURES = ("population", "minimum", "maximum", "aim", "minimum_flex", "maximum_flex")
AREA_COLUMNS = {"area": "geography", "code": "geography code"}
LONGEST_WORDS = 500  # characters of a base or a source

Columns = dict[str, int]
Words = Callable[[str], str | None]


def columns_of(header: Sequence[str]) -> Columns:
    """Where each thing stands; a name that two things share goes to the one that lacks another."""
    names = [plain(name) for name in header]
    found: Columns = {}
    if {"category", "name"} <= set(names) and not COLUMNS["variable"] & set(names):
        found = {
            "variable": names.index("category"),
            "category": names.index("name"),
        }  # as older tools wrote it
    for what, synonyms in COLUMNS.items():
        if what in found:
            continue
        if what == "category":  # the plainest name first: "value" may be the number of people
            order = ("category", "option", "answer", "value", "name")
            place = next((names.index(name) for name in order if name in names), None)
        else:
            place = next(
                (n for n, name in enumerate(names) if name in synonyms and n not in found.values()), None
            )
        if place is not None:
            found[what] = place
    return found


def is_tidy(header: Sequence[str]) -> bool:
    """Whether these are the heads of such a table."""
    found = columns_of(header)
    return {"variable", "category"} <= found.keys() and bool({*FIGURES} & found.keys())


def read_tidy(grid: Grid, *, area: str | None) -> Content:
    """Read what the table says of one area, or of the only one that it is about.

    Raises
    ------
    FileRefused
        If a column is not known, an area is missing, or a variable contradicts itself.
    """
    places = columns_of(grid.header)
    problems = Problems()
    for n, name in enumerate(grid.header):
        if name and n not in places.values() and not plain(name).startswith(("pct", "percent")):
            problems.add(
                N_("There is no such column here. The columns may be %(columns)s."),
                line=grid.header_line,
                column=name,
                columns="variable, category, population, min, aim, max, min_flex, max_flex, with_variable,"
                " with_category, base, source, geography, geography code, date",
            )
    if ("crossed_variable" in places) != ("crossed_category" in places):
        problems.add(
            N_("with_variable and with_category belong together: one of them is missing."),
            line=grid.header_line,
            column=grid.header[0],
        )
    problems.refuse()
    is_published = bool({"area", "code"} & places.keys())
    notices = []
    rows = grid.rows
    if is_published:
        rows = _of_one_area(grid, places, area)
    elif area:
        notices.append(
            str(say(N_("The file names no area, so %(area)s was not looked for."), area=shown(area)))
        )
    variables: dict[str, Variable] = {}
    for row in rows:
        _take(row, grid.header, places, variables, problems)
    problems.refuse()
    says = frozenset(what for what in FIGURES if what in places)
    return Content(tuple(variables.values()), says, is_published, tuple(notices))


def _of_one_area(grid: Grid, places: Columns, area: str | None) -> list[Row]:
    """The rows of the area that is meant."""
    where = [places[what] for what in AREA_COLUMNS if what in places]
    areas: dict[tuple[str, ...], Row] = {}
    for row in grid.rows:
        areas.setdefault(tuple(plain(row.cells[n]) for n in where), row)
    # The names of the columns as a census table has them, in which areas are looked for.
    called = [name for what, name in AREA_COLUMNS.items() if what in places]
    listed = [Row(row.line, [row.cells[n] for n in where]) for row in areas.values()]
    found = find_area(Grid(called, grid.header_line, listed), area)
    wanted = tuple(plain(cell) for cell in found.cells)
    return [row for row in grid.rows if tuple(plain(row.cells[n]) for n in where) == wanted]


def _take(
    row: Row, header: Sequence[str], places: Columns, variables: dict[str, Variable], problems: Problems
) -> None:
    """The row is an entry of its variable."""

    def cell(what: str) -> Cell | None:
        return Cell(header[places[what]], row.cells[places[what]].strip()) if what in places else None

    def words(what: str) -> str | None:
        found = cell(what)
        return " ".join(found.text.split())[:LONGEST_WORDS] or None if found else None

    name, category = cell("variable"), cell("category")
    assert name is not None  # the header has both
    assert category is not None
    for part in (name, category):
        if not part.text:
            problems.add(N_("This cell is empty."), line=row.line, column=part.column)
    variable = variables.get(plain(name.text))
    if variable is None:
        variable = Variable(name.text, row.line, name.column, base=words("base"), source=_source(words))
        variables[plain(name.text)] = variable
    elif plain(words("base") or "") != plain(variable.base or ""):
        problems.add(
            N_("%(variable)s has two bases, %(first)s and %(second)s. A variable counts one kind of people."),
            line=row.line,
            column=header[places["base"]],
            variable=shown(name.text),
            first=shown(variable.base or "“”"),
            second=shown(words("base") or "“”"),
        )
    figures = {what: found for what in FIGURES if (found := cell(what)) is not None}
    crossed = cell("crossed_variable"), cell("crossed_category")
    if crossed[0] and crossed[1] and bool(crossed[0].text) != bool(crossed[1].text):
        problems.add(
            N_("with_variable and with_category belong together: one of them is empty."),
            line=row.line,
            column=crossed[0].column,
        )
    is_crossed = bool(crossed[0] and crossed[0].text)
    variable.entries.append(
        Entry(
            row.line,
            category.column,
            category.text,
            figures,
            crossed[0] if is_crossed else None,
            crossed[1] if is_crossed else None,
        )
    )


def _source(words: Words) -> str | None:
    said = words("source")
    table, area, date = words("table"), words("area"), words("date")
    made = ", ".join(part for part in (table, area, date) if part)
    whole = said if said and not table else ": ".join(part for part in (made, said) if part)
    return (whole or "")[:LONGEST_WORDS] or None
