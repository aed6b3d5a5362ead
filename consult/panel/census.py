"""Census tables as they are downloaded: a row for each area, a column for each category.

The heads say "Age: Aged 16 years; measures: Value": a variable, its category, what is measured. Bulk files
give the total, five-year bands and single years side by side, and a file of wards several variables.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from consult.cells import shown
from consult.panel.entries import Cell, Content, Entry, Variable
from consult.panel.grid import Grid, Row
from consult.panel.placing import plain, topic
from consult.panel.refused import refused
from consult.words import N_

_MEASURE = re.compile(r"\s*;?\s*measures:\s*(\w+)\s*$", re.IGNORECASE)
_CODE = re.compile(r"(?:code|cd)$")
_NAMES = (
    "geography",
    "geographyname",
    "area",
    "areaname",
    "mnemonic",
    "localauthority",
    "name",
    "ward",
    "wardname",
)
_NAME = re.compile(r"(?:name|nm)$")
FEWEST_CATEGORIES = 2
NEAR = 5
FEW = 2000
LONGEST = 100
HOUSEHOLDS = frozenset(
    {
        "tenure",
        "tenureofhousehold",
        "householddeprivation",
        "accommodationtype",
        "householdsize",
        "carorvanavailability",
    }
)
EVERYBODY = frozenset({"age", "ageband", "sex", "ethnicgroup", "disability", "religion"})


def is_census(header: Sequence[str]) -> bool:
    """Whether these are the heads of such a table."""
    has_area = any(_is_code(name) or _is_name(name) for name in header)
    return has_area and sum(": " in name for name in header) >= FEWEST_CATEGORIES


def read_census(grid: Grid, *, area: str | None) -> Content:
    """Read the figures of one area.

    Raises
    ------
    FileRefused
        If the area is not there, or it cannot be told which one is meant.
    """
    row = find_area(grid, area)
    places = _places(grid.header)
    variables: dict[str, Variable] = {}
    for n, name in enumerate(grid.header):
        if ": " not in name:
            continue
        measure = _MEASURE.search(name)
        if measure and measure[1].casefold() != "value":
            continue
        about, _, category = _MEASURE.sub("", name).partition(": ")
        variable = variables.setdefault(about, Variable(about, row.line, name, base=base_of(about)))
        entry = Entry(row.line, name, category, {"population": Cell(name, row.cells[n])})
        variable.entries.append(entry)
    where = ", ".join(row.cells[n].strip() for n in places if row.cells[n].strip())
    dates = [n for n, name in enumerate(grid.header) if plain(name) in {"date", "year"}]
    when = "".join(f", {row.cells[n].strip()}" for n in dates[:1])
    for variable in variables.values():
        variable.source = f"{variable.name}: {where}{when}"[:500]
    return Content(tuple(variables.values()), frozenset({"population"}), is_published=True)


def base_of(variable: str) -> str | None:
    """Whom a census counts there, where everybody knows."""
    name = topic(variable)
    if name in EVERYBODY:
        return "All usual residents"
    return "All households" if name in HOUSEHOLDS else None


def find_area(grid: Grid, area: str | None) -> Row:
    """Find the one row of an area, by its code or its name.

    Raises
    ------
    FileRefused
        If there is none, or more than one.
    """
    places = _places(grid.header)
    column = grid.header[places[0]]
    if area is None or not area.strip():
        if len(grid.rows) == 1:
            return grid.rows[0]
        raise refused(
            N_("The file has %(n)s areas. Say which one: give its code or its name, such as %(example)s."),
            line=grid.rows[0].line,
            column=column,
            n=len(grid.rows),
            example=_called(grid.rows[0], places),
        )
    wanted = plain(area)
    rows = [row for row in grid.rows if wanted in {plain(row.cells[n]) for n in places}]
    codes = [n for n in places if _is_code(grid.header[n])]
    by_code = [row for row in rows if wanted in {plain(row.cells[n]) for n in codes}]
    rows = by_code or rows
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise refused(
            N_("%(area)s stands in %(n)s rows: %(near)s. Give the code of the one that you mean."),
            line=rows[1].line,
            column=column,
            area=shown(area),
            n=len(rows),
            near="; ".join(_called(row, places) for row in rows[:NEAR]),
        )
    near = _near(grid, places, area)
    if near:
        raise refused(
            N_("There is no area %(area)s in this file. Do you mean %(near)s?"),
            column=column,
            area=shown(area),
            near="; ".join(near),
        )
    raise refused(
        N_("There is no area %(area)s in this file. Its %(n)s areas begin with %(near)s."),
        column=column,
        area=shown(area),
        n=len(grid.rows),
        near="; ".join(_called(row, places) for row in grid.rows[:NEAR]),
    )


def _near(grid: Grid, places: Sequence[int], area: str) -> list[str]:
    names: dict[str, Row] = {}
    for row in grid.rows:
        for n in places:
            names.setdefault(row.cells[n].strip().casefold(), row)
    wanted = area.strip().casefold()
    found = [name for name in names if wanted in name][:NEAR]
    if not found and len(names) <= FEW:  # finding words that are alike takes its time
        found = get_close_matches(wanted[:LONGEST], names, n=NEAR)
    return list(dict.fromkeys(_called(names[name], places) for name in found))


def _called(row: Row, places: Sequence[int]) -> str:
    """An area as a sentence names it: "Camden (E09000007)"."""
    first, *more = [shown(row.cells[n].strip()) for n in places]
    return f"{first} ({', '.join(more)})" if more else first


def _places(header: Sequence[str]) -> list[int]:
    """The columns that say which area a row is about: its name, then its code."""
    names = [n for n, name in enumerate(header) if _is_name(name)]
    codes = [n for n, name in enumerate(header) if _is_code(name) and n not in names]
    return names + codes


def _is_code(name: str) -> bool:
    return ": " not in name and bool(_CODE.search(plain(name)))


def _is_name(name: str) -> bool:
    return ": " not in name and (plain(name) in _NAMES or bool(_NAME.search(plain(name))))
