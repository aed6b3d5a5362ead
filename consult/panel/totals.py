"""Whether the totals of variables fit each other, and limits the panel: what cannot be is told in words."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from consult.panel.placing import plain
from consult.recruitment.rules import NewTarget
from consult.words import N_, Sentence, say

FARTHEST = 0.02  # share by which totals of the same people may differ: census tables are disturbed a little

Names = Mapping[tuple[str, str | None], str]
Bases = Mapping[str, tuple[str | None, int]]  # base and total by variable


def are_far_apart(one: int, other: int) -> bool:
    """Whether two totals cannot be of the same people."""
    return abs(one - other) > FARTHEST * max(one, other)


def compare_totals(bases: Bases) -> Iterator[tuple[str, str, bool]]:
    """Go through the pairs of variables whose totals differ though they count the same people.

    Yields
    ------
    tuple
        Both variables, and whether that is too much. Where neither says whom it counts it never is.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for variable, (base, _total) in bases.items():
        alike[plain(base or "")].append(variable)
    for name, variables in alike.items():
        for one, other in combinations(variables, 2):
            total, other_total = bases[one][1], bases[other][1]
            if are_far_apart(total, other_total):
                if name:
                    yield one, other, True
            elif total != other_total and one == variables[0]:  # each beside the first is enough to know
                yield one, other, False


def contradictions(
    targets: Collection[NewTarget],
    size: int | None,
    *,
    options: Mapping[str, Collection[str]] | None = None,
    names: Names | None = None,
) -> list[Sentence]:
    """Find why no panel can keep all the limits; nothing means that no reason was found.

    Parameters
    ----------
    targets
        All targets of the consultation, those of crossed categories too.
    size
        How many people the panel holds; None while nobody has said.
    options
        The answers of each question. One without a target has no limits, so its question has no most.
    names
        What a variable (its key and None) and a category are called.
    """
    told = _Told(names or {})
    single = _by_variable(target for target in targets if not target.is_crossed)
    found = [
        sentence
        for variable, mine in single.items()
        for sentence in _of_one(variable, mine, size, options, told)
    ]
    found += _between(single, size, options, told)
    return found + list(_crossed(targets, size, options, told))


class _Told:
    def __init__(self, names: Names) -> None:
        self._names = names

    def variable(self, key: str) -> str:
        return self._names.get((key, None), key)

    def category(self, variable: str, category: str) -> str:
        return self._names.get((variable, category), category)


def _by_variable(targets: Iterator[NewTarget]) -> dict[str, list[NewTarget]]:
    found: dict[str, list[NewTarget]] = defaultdict(list)
    for target in targets:
        found[target.variable].append(target)
    return found


def _least(targets: Sequence[NewTarget]) -> int:
    return sum(target.minimum or 0 for target in targets)


def _most(
    variable: str, targets: Sequence[NewTarget], options: Mapping[str, Collection[str]] | None
) -> int | None:
    """The most people whom the targets of a variable let in; None if one of its answers has no limit."""
    if options is not None and set(options.get(variable, ())) - {target.category for target in targets}:
        return None
    found = 0
    for target in targets:
        if target.maximum is None:
            return None
        found += target.maximum
    return found


def _of_one(
    variable: str,
    targets: Sequence[NewTarget],
    size: int | None,
    options: Mapping[str, Collection[str]] | None,
    told: _Told,
) -> Iterator[Sentence]:
    if size is None:
        return
    least, most = _least(targets), _most(variable, targets, options)
    if least > size:
        yield say(
            N_(
                "The least numbers for %(variable)s add up to %(least)s people and the panel holds %(size)s."
                " Lower some of them, or make the panel larger by %(more)s."
            ),
            variable=told.variable(variable),
            least=least,
            size=size,
            more=least - size,
        )
    if most is not None and most < size:
        yield say(
            N_(
                "The most numbers for %(variable)s add up to %(most)s people and the panel holds %(size)s."
                " It could never be full: raise some of them, or make the panel smaller by %(less)s."
            ),
            variable=told.variable(variable),
            most=most,
            size=size,
            less=size - most,
        )


def _between(
    single: Mapping[str, Sequence[NewTarget]],
    size: int | None,
    options: Mapping[str, Collection[str]] | None,
    told: _Told,
) -> Iterator[Sentence]:
    """Everybody on the panel is in one category of each variable: the sums must meet."""
    if size is not None:
        return  # each is held against the size already
    for one, other in [*combinations(single, 2), *((b, a) for a, b in combinations(single, 2))]:
        least, most = _least(single[one]), _most(other, single[other], options)
        if most is not None and least > most:
            yield say(
                N_(
                    "The least numbers for %(one)s add up to %(least)s people, and the most numbers for"
                    " %(other)s to %(most)s. No panel is both: lower the first or raise the second."
                ),
                one=told.variable(one),
                least=least,
                other=told.variable(other),
                most=most,
            )


def _crossed(
    targets: Collection[NewTarget],
    size: int | None,
    options: Mapping[str, Collection[str]] | None,
    told: _Told,
) -> Iterator[Sentence]:
    """The cells of two variables against the targets of either, and against the panel."""
    margins = {(t.variable, t.category): t for t in targets if not t.is_crossed}
    rows: dict[tuple[str, str, str], dict[str, NewTarget]] = defaultdict(dict)
    for target in targets:
        if target.crossed_variable is None or target.crossed_category is None:
            continue
        rows[target.variable, target.category, target.crossed_variable][target.crossed_category] = target
        rows[target.crossed_variable, target.crossed_category, target.variable][target.category] = target
    for (variable, category, other), cells in rows.items():
        margin = margins.get((variable, category))
        least = sum(cell.minimum or 0 for cell in cells.values())
        most = sum(cell.maximum or 0 for cell in cells.values())
        others = set(options.get(other, ())) if options is not None else {c for v, c in margins if v == other}
        is_limited = others <= cells.keys() and all(cell.maximum is not None for cell in cells.values())
        names = {
            "variable": told.variable(variable),
            "category": told.category(variable, category),
            "other": told.variable(other),
        }
        if margin is not None and margin.maximum is not None and least > margin.maximum:
            yield say(
                N_(
                    "For %(category)s (%(variable)s) divided by %(other)s the least numbers add up to"
                    " %(least)s people, and %(category)s may have at most %(most)s."
                    " Lower the first or raise the second."
                ),
                **names,
                least=least,
                most=margin.maximum,
            )
        if margin is not None and margin.minimum is not None and is_limited and most < margin.minimum:
            yield say(
                N_(
                    "For %(category)s (%(variable)s) divided by %(other)s the most numbers add up to"
                    " %(most)s people, and %(category)s needs at least %(least)s."
                    " Raise the first or lower the second."
                ),
                **names,
                most=most,
                least=margin.minimum,
            )
    yield from _crossed_with_size(targets, size, told)


def _crossed_with_size(targets: Collection[NewTarget], size: int | None, told: _Told) -> Iterator[Sentence]:
    least: dict[frozenset[str], int] = defaultdict(int)
    for target in targets:
        if target.crossed_variable is not None:
            least[frozenset({target.variable, target.crossed_variable})] += target.minimum or 0
    for pair, people in least.items():
        if size is not None and people > size:
            yield say(
                N_(
                    "The least numbers for %(variables)s together add up to %(least)s people and the panel"
                    " holds %(size)s. Lower some of them, or make the panel larger by %(more)s."
                ),
                variables=", ".join(sorted(told.variable(variable) for variable in pair)),
                least=people,
                size=size,
                more=people - size,
            )
