"""An example address of every page that can be fetched, a module for each room.

Each module has any of `OPEN` (seen by anybody), `RESIDENT` (by somebody who takes part), `STAFF` (by a
member of staff who holds every role) : mappings from an endpoint, with a word after a space where one
endpoint has several addresses worth looking at, to a path. `{survey}`, `{forum}`, `{follow_up}`,
`{closed}`, `{draft}` and `{summarising}` stand for the slug of a consultation at that moment; a resident's
page names its place by them and is opened by a participant of that consultation. `WALKED` names endpoints
that hold only once and are looked at in a test of their own; `NOT_PAGES` those that answer no page.
"""

from importlib import import_module
from pkgutil import iter_modules


def gathered(kind: str) -> dict[str, str]:
    """The addresses of that kind of every room."""
    found: dict[str, str] = {}
    for module in iter_modules(__path__):
        found |= getattr(import_module(f"{__name__}.{module.name}"), kind, {})
    return found


def named(kind: str) -> frozenset[str]:
    """The endpoints that every room sets aside as ``kind``."""
    return frozenset().union(
        *(getattr(import_module(f"{__name__}.{module.name}"), kind, ()) for module in iter_modules(__path__))
    )
