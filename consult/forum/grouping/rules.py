"""Drawing people into groups that are alike. Plain values in, decisions out; nothing but the seed decides.

Situation: groups of 8 to 12 in each of which every view has its holders, and men and women, young and old
are found as in all groups together. Choice: people are taken view by view and in an order by lot, and each
goes to a group that has fewest people of that view; of these to one of the smallest; of these to the one in
which fewest are alike in everything else that was asked (minimisation, as trials of medicines do it:
Taves 1974, Pocock and Simon 1975); and of these by lot. Therefore

* sizes differ by one at the most,
* so do the numbers of people of one view in any two groups,
* and all else is as even as that leaves room for.

A lot is a hash of the seed and of what is drawn for, not a row of random numbers: it does not depend on the
order of rows, on the language's library or on its version, so that a draw can be done again years later.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

SMALLEST, LARGEST = 8, 12
FEWEST_PEOPLE = 2 * SMALLEST
SEEDS = 10**9  # a number of nine figures, which can be read out
COMPARED = 60  # equally good groups that are looked at for one person
NOT_KNOWN = 0  # what a code says of somebody who did not answer


class Ticket(NamedTuple):
    """One person in a draw: a name that says nothing, and what they answered, the view first."""

    name: str
    codes: tuple[int, ...]


class Company(NamedTuple):
    """One group as somebody meets it who comes later: how many it has, and how many like them."""

    group_id: int
    people: int
    alike: tuple[int, ...]  # for each code how many have the same one; none is counted for what is not known


@dataclass(slots=True)
class _Group:
    place: int
    lot: bytes
    people: int = 0
    of: Counter[tuple[int, int]] = field(default_factory=Counter)


def lot(seed: int, words: str) -> bytes:
    """What is drawn for these words; the same for the same seed, and nobody can foresee it."""
    return sha256(f"{seed} {words}".encode()).digest()


def count_groups(people: int, size: int) -> int:
    """How many groups to make, so that each has 8 to 12 people and as nearly ``size`` as may be.

    Parameters
    ----------
    people : int
        At least 16; from there on there is such a number.
    """
    fewest, most = -(-people // LARGEST), people // SMALLEST
    return min(range(fewest, most + 1), key=lambda n: (abs(people / n - size), n))


def deal(tickets: Iterable[Ticket], *, size: int, seed: int) -> dict[str, int]:
    """In which group everybody is: the place of it, from 0, by the name of the ticket.

    Parameters
    ----------
    tickets : iterable of Ticket
        In any order; each has as many codes.
    """
    drawn = sorted(tickets, key=lambda ticket: (lot(seed, ticket.name), ticket.name))
    groups = [_Group(n, lot(seed, f"group {n}")) for n in range(count_groups(len(drawn), size))]
    groups.sort(key=lambda group: group.lot)
    found = {}
    for view in sorted({_view(ticket) for ticket in drawn}):
        shelf: dict[tuple[int, int], list[_Group]] = {}
        for group in groups:
            shelf.setdefault((0, group.people), []).append(group)
        for ticket in drawn:
            if _view(ticket) == view:
                group = _taken(shelf, ticket.codes)
                found[ticket.name] = group.place
    return found


def choose(companies: Sequence[Company], *, seed: int, name: str) -> Company:
    """The group for somebody who comes later: the smallest; of these the one with fewest like them.

    A group of twelve gets nobody as long as there is a smaller one.
    """
    return min(
        companies,
        key=lambda each: (
            each.people,
            each.alike[0],
            sum(each.alike[1:]),
            lot(seed, f"{name} {each.group_id}"),
        ),
    )


def as_text(codes: Iterable[int]) -> str:
    """Codes as they are kept."""
    return " ".join(map(str, codes))


def as_codes(text: str) -> tuple[int, ...]:
    """Codes as they are counted."""
    return tuple(map(int, text.split()))


def _view(ticket: Ticket) -> int:
    return ticket.codes[0] if ticket.codes else NOT_KNOWN


def _taken(shelf: dict[tuple[int, int], list[_Group]], codes: tuple[int, ...]) -> _Group:
    """The best group for that person, who is in it now; groups stand by how many of the view they have."""
    best = min(key for key, groups in shelf.items() if groups)
    near = shelf[best]
    # The first of equals: groups stand in the order of their lots, and whoever got somebody goes to the end.
    n = min(range(min(len(near), COMPARED)), key=lambda n: sum(near[n].of[each] for each in _kinds(codes)))
    group = near.pop(n)
    group.people += 1
    group.of.update(_kinds(codes))
    of_view, people = best
    shelf.setdefault((of_view + 1, people + 1), []).append(group)
    return group


def _kinds(codes: tuple[int, ...]) -> list[tuple[int, int]]:
    """What somebody is alike in with others, apart from the view."""
    return [(n, code) for n, code in enumerate(codes) if n and code != NOT_KNOWN]
