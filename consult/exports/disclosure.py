"""What may leave the platform, row by row: keys, order, and variables with enough people in each class.

Two exports must not be joined, a row must not tell when somebody joined, and no combination of what
others could know of a person (group, arm, mode) may hold fewer than ten people. There are no
demographics here: without them nobody's approval is needed.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom
from secrets import token_hex

SMALLEST_CLASS = 10
_NEVER_A_NUMBER = frozenset("abcdf")


def row_keys(n: int) -> list[str]:
    """Make ``n`` new random keys of 128 bits, as 32 hexadecimal digits.

    A spreadsheet takes ``12e45…`` for a number and loses its digits, so a key begins with a letter
    that no number can begin with: that costs less than two of the 128 bits.
    """
    return [_row_key() for _ in range(n)]


def _row_key() -> str:
    while True:
        key = token_hex(16)
        if key[0] in _NEVER_A_NUMBER:
            return key


def shuffled(n: int) -> list[int]:
    """The numbers below ``n`` in an order that nobody can guess: drawn by the system's own source."""
    order = list(range(n))
    SystemRandom().shuffle(order)
    return order


def smallest_class(variables: Sequence[Sequence[Hashable]]) -> int:
    """How many people share the rarest combination of values; nobody at all is 0.

    Having no value is a value: whoever is in no group can be found by that.
    """
    return min(Counter(zip(*variables, strict=True)).values(), default=0)


@dataclass(frozen=True, slots=True)
class Release:
    """Which variables the rows may show, which they may not, and which may divide a table."""

    in_rows: tuple[str, ...]
    withheld: tuple[str, ...]
    in_tables: frozenset[str]


def release(variables: Mapping[str, Sequence[Hashable]]) -> Release:
    """Decide which variables the rows may show together.

    Parameters
    ----------
    variables : mapping of name to one value for each person
        In the order of their importance: each is kept if its combinations with those already kept
        have ten people or more. A table by one variable needs ten in each of its own classes only.
    """
    kept: list[str] = []
    for name in variables:
        if smallest_class([variables[k] for k in (*kept, name)]) >= SMALLEST_CLASS:
            kept.append(name)
    return Release(
        in_rows=tuple(kept),
        withheld=tuple(name for name in variables if name not in kept),
        in_tables=frozenset(n for n, of in variables.items() if smallest_class([of]) >= SMALLEST_CLASS),
    )


def in_classes(values: Sequence[float | None], smallest: int) -> list[float | None] | None:
    """Numbers each of which ``smallest`` people or more share; None where fewer have any.

    From the lowest on, a number that too few share is put together with the next ones until enough people
    share them, and all of these get their mean: the sum stays what it was. What is left over at the end
    joins the class before it.
    """
    classes: list[list[tuple[float, int]]] = [[]]
    for value, n in sorted(Counter(value for value in values if value is not None).items()):
        classes[-1].append((value, n))
        if _people(classes[-1]) >= smallest:
            classes.append([])
    rest = classes.pop()
    if not classes:
        return None
    classes[-1] += rest
    shown = {value: _shared(each) for each in classes for value, _ in each}
    return [None if value is None else shown[value] for value in values]


def _people(of: Sequence[tuple[float, int]]) -> int:
    return sum(n for _, n in of)


def _shared(of: Sequence[tuple[float, int]]) -> float:
    return of[0][0] if len(of) == 1 else sum(value * n for value, n in of) / _people(of)
