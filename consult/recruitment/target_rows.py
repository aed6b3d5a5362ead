"""The rows of targets: checked against what is asked, and put in the place of those that were there.

Targets belong together by what they divide: those of one question, or of two that are crossed. Whoever
sets some of a kind sets all of that kind; the others stay. A target that is kept keeps its row, because
places on the panel were counted under it.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from consult.batches import insert_rows
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.recruitment.models import Demographic, DemographicOption, Target
from consult.recruitment.rules import NewTarget

COLUMNS = (
    "consultation_id",
    "demographic_id",
    "option_id",
    "crossed_demographic_id",
    "crossed_option_id",
    "population",
    "minimum",
    "maximum",
    "aim",
    "minimum_flex",
    "maximum_flex",
)
FIGURES = COLUMNS[5:]

Category = tuple[str, str | None]
Ids = Mapping[tuple[str, str], tuple[int, int]]  # question and option by their keys


def list_kept(consultation_id: int, *, is_locked: bool = False) -> list[tuple[NewTarget, Target]]:
    """List the targets that there are, in the order in which they came."""
    crossed, crossed_option = aliased(Demographic), aliased(DemographicOption)
    asked = (
        select(Target, Demographic.key, DemographicOption.key, crossed.key, crossed_option.key)
        .join(Demographic, Demographic.id == Target.demographic_id)
        .join(DemographicOption, DemographicOption.id == Target.option_id)
        .outerjoin(crossed, crossed.id == Target.crossed_demographic_id)
        .outerjoin(crossed_option, crossed_option.id == Target.crossed_option_id)
        .where(Target.consultation_id == consultation_id)
        .order_by(Target.id)
        .execution_options(populate_existing=True)
    )
    if is_locked:
        asked = asked.with_for_update(of=Target)
    return [
        (NewTarget(variable, category, *(getattr(row, name) for name in FIGURES), *crossed_with), row)
        for row, variable, category, *crossed_with in db.session.execute(asked)
    ]


def put(consultation_id: int, targets: Iterable[NewTarget]) -> int:
    """These are the targets of the questions that they divide; says how many they are.

    Raises
    ------
    Invalid
        If one names what is not asked, stands twice, or contradicts itself.
    Conflict
        If more people were counted under a target than it would let in.
    """
    wanted = list(targets)
    ids = _ids(consultation_id)
    _check(wanted, ids)
    kinds = {_kind(target) for target in wanted}
    kept = {
        target.categories: row
        for target, row in list_kept(consultation_id, is_locked=True)
        if _kind(target) in kinds
    }
    added = []
    for target in wanted:
        row = kept.pop(target.categories, None)
        figures = tuple(getattr(target, name) for name in FIGURES)
        if row is None:
            added.append((consultation_id, *_places(target, ids), *figures))
            continue
        if target.maximum is not None and target.maximum < row.filled:
            raise Conflict(
                "Places that are taken as %(category)s: %(n)s. There cannot be room for only %(most)s.",
                n=row.filled,
                category=target.category,
                most=target.maximum,
            )
        for name, figure in zip(FIGURES, figures, strict=True):
            setattr(row, name, figure)
    _remove(list(kept.values()))
    db.session.flush()
    insert_rows(Target, COLUMNS, added)
    return len(wanted)


def _kind(target: NewTarget) -> frozenset[str]:
    return frozenset(variable for variable, _category in target.categories)


def _ids(consultation_id: int) -> Ids:
    return {
        (demographic, option): (demographic_id, option_id)
        for demographic, demographic_id, option, option_id in db.session.execute(
            select(Demographic.key, Demographic.id, DemographicOption.key, DemographicOption.id)
            .join(DemographicOption, DemographicOption.demographic_id == Demographic.id)
            .where(Demographic.consultation_id == consultation_id)
        )
    }


def _check(targets: Sequence[NewTarget], ids: Ids) -> None:
    seen: set[frozenset[Category]] = set()
    for target in targets:
        if any(category not in ids for category in target.categories):
            raise Invalid("A target must name a demographic question and one of its options.")
        if target.is_crossed and target.variable == target.crossed_variable:
            raise Invalid("A target can be crossed with another question only.")
        if target.categories in seen:
            raise Invalid("A category has two targets.")
        seen.add(target.categories)
        target.check_limits()


def _places(target: NewTarget, ids: Ids) -> tuple[int | None, ...]:
    crossed: tuple[int | None, ...] = (None, None)
    if target.crossed_variable is not None and target.crossed_category is not None:
        crossed = ids[target.crossed_variable, target.crossed_category]
    return (*ids[target.variable, target.category], *crossed)


def _remove(rows: Sequence[Target]) -> None:
    for row in rows:
        if row.filled:
            raise Conflict("People have a place under a target that would go. Keep it, with no limits.")
        db.session.delete(row)
