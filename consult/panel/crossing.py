"""Deeds of officers on two questions at once: how many people of both groups a draft's panel should hold."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.cells import Refusal
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import hold_draft, step
from consult.db import db
from consult.errors import Invalid, NotFound
from consult.panel.rules import Limits, is_in_order
from consult.panel.setting import MOST, Wanted
from consult.recruitment import target_rows
from consult.recruitment.models import Demographic, Target
from consult.recruitment.rules import NewTarget
from consult.words import N_

MOST_ANSWERS = 12  # of each of the two questions: more make a page that nobody fills in
ORDER = N_(
    "%(category)s, %(other)s: the smallest number may not be more than the aim, and the aim not more than"
    " the most."
)

Cell = tuple[str, str]  # the key of an answer to the one question and of one to the other


def list_crossable(consultation: Consultation) -> list[Demographic]:
    """List the questions about people that are short enough to be crossed with another."""
    asked = db.session.scalars(
        select(Demographic)
        .where(Demographic.consultation_id == consultation.id)
        .options(selectinload(Demographic.options))
        .order_by(Demographic.position)
    )
    return [demographic for demographic in asked if 0 < len(demographic.options) <= MOST_ANSWERS]


def get_pair(consultation: Consultation, one: str, other: str) -> tuple[Demographic, Demographic]:
    """Get the two questions of these keys.

    Raises
    ------
    NotFound
        If they are the same, or one is not there or too long.
    """
    known = {demographic.key: demographic for demographic in list_crossable(consultation)}
    if one == other or one not in known or other not in known:
        raise NotFound
    return known[one], known[other]


def crossed_wanted(consultation: Consultation, one: Demographic, other: Demographic) -> dict[Cell, Wanted]:
    """What is wanted of people who are in both, by the answers' keys, whichever of the two came first."""
    return {
        cell: Wanted(target.population, Limits(target.minimum, target.aim, target.maximum))
        for cell, (target, _row) in _held(consultation, one, other).items()
    }


def set_crossed(
    actor: Actor,
    consultation: Consultation,
    pair: tuple[Demographic, Demographic],
    wanted: Mapping[Cell, Wanted],
    *,
    version: int,
) -> None:
    """The draft wants so many people of each two groups, and no others of these two questions.

    How far a draw by lot may go beyond the limits stays as a file said it, where it still fits them.

    Raises
    ------
    Invalid
        If limits of a cell contradict each other.
    EditedMeanwhile
        If somebody saved the consultation meanwhile.
    """
    require(actor, Action.EDIT_TARGETS, standing_of(consultation))
    hold_draft(actor, consultation, version=version)
    one, other = pair
    _check(pair, wanted)
    held = _held(consultation, one, other)
    said = [
        _target(pair, cell, each, held[cell][0] if cell in held else None)
        for cell, each in wanted.items()
        if each.says_something
    ]
    if said:
        target_rows.put(consultation.id, said)
    else:
        for _target_that_was, row in held.values():
            db.session.delete(row)
        db.session.flush()
    step(consultation)
    record(
        actor,
        Action.EDIT_TARGETS,
        consultation.slug,
        deed="crossed",
        variable=one.key,
        crossed=other.key,
        count=len(said),
    )


def _check(pair: tuple[Demographic, Demographic], wanted: Mapping[Cell, Wanted]) -> None:
    labels, others = ({option.key: option.label for option in each.options} for each in pair)
    for (key, other_key), each in wanted.items():
        if not is_in_order(each.limits, MOST):
            raise Invalid(ORDER, category=labels[key], other=others[other_key])


def _held(
    consultation: Consultation, one: Demographic, other: Demographic
) -> dict[Cell, tuple[NewTarget, Target]]:
    """The rows of these two questions, as one by other."""
    found = {}
    for target, row in target_rows.list_kept(consultation.id):
        if (target.variable, target.crossed_variable) == (one.key, other.key):
            found[target.category, target.crossed_category or ""] = target, row
        elif (target.variable, target.crossed_variable) == (other.key, one.key):
            found[target.crossed_category or "", target.category] = target, row
    return found


def _target(pair: Sequence[Demographic], cell: Cell, wanted: Wanted, before: NewTarget | None) -> NewTarget:
    limits = wanted.limits
    target = NewTarget(
        pair[0].key,
        cell[0],
        population=wanted.population,
        minimum=limits.minimum,
        maximum=limits.maximum,
        aim=limits.aim,
        crossed_variable=pair[1].key,
        crossed_category=cell[1],
    )
    if before is None:
        return target
    flexible = target._replace(minimum_flex=before.minimum_flex, maximum_flex=before.maximum_flex)
    return flexible if _fits(flexible) else target


def _fits(target: NewTarget) -> bool:
    try:
        target.check_limits()
    except Refusal:
        return False
    return True
