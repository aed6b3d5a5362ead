"""What every endpoint answers to every kind of person, a module for each room: `ROWS`, by endpoint."""

from importlib import import_module
from pkgutil import iter_modules

from tests.access_table import Row


def gathered() -> dict[str, Row]:
    """The rows of every room; an endpoint may stand in one only."""
    found: dict[str, Row] = {}
    for module in iter_modules(__path__):
        rows: dict[str, Row] = import_module(f"{__name__}.{module.name}").ROWS
        twice = found.keys() & rows.keys()
        assert not twice, f"these stand in two rooms: {twice}"
        found |= rows
    return found
