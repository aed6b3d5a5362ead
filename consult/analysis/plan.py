"""The analysis plan: fixed beforehand, never changed afterwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from sqlalchemy import select

from consult.access import Action, Actor, require
from consult.analysis.models import Plan, PlannedItem
from consult.audit.service import record
from consult.cells import Refusal, shown
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.surveys.models import Item

WITH_POINTS = ("scale", "agreement", "evaluation")


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What is fixed: the primary items in their order, and the smallest changes that matter, in points.

    None means that the plan does not speak of it; an empty list or mapping, that it names none.
    """

    primary: tuple[str, ...] | None = None
    delta: Mapping[str, float] | None = None


def plan_problems(plan: NewPlan, forms: Mapping[str, str]) -> Iterator[Refusal]:
    """Everything that keeps a plan from being set.

    Parameters
    ----------
    plan : NewPlan
    forms : mapping of item key to form
        Every item of the consultation.
    """
    primary = plan.primary or ()
    for n, key in enumerate(primary):
        where = f"primary[{n}]"
        if key not in forms:
            yield Refusal(where, f"there is no item {shown(key)}")
        elif key in primary[:n]:
            yield Refusal(where, f"{shown(key)} stands twice")
    for key, points in (plan.delta or {}).items():
        where = f"delta.{shown(key)}"
        if key not in forms:
            yield Refusal(where, f"there is no item {shown(key)}")
        elif forms[key] not in WITH_POINTS:
            yield Refusal(where, f"{shown(key)} is of form {forms[key]}, which has no points")
        if not (isfinite(points) and points > 0):
            yield Refusal(where, f"{points} is not a number above 0")


def set_plan(actor: Actor, consultation: Consultation, plan: NewPlan) -> Plan:
    """The analysis of the consultation is fixed.

    Raises
    ------
    Refusal
        If the plan names what cannot be planned; the first thing that is wrong with it.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    items = {
        item.key: item
        for item in db.session.scalars(select(Item).where(Item.consultation_id == consultation.id))
    }
    for problem in plan_problems(plan, {key: item.form.value for key, item in items.items()}):
        raise problem
    row = Plan(
        consultation_id=consultation.id,
        names_primary=plan.primary is not None,
        names_delta=plan.delta is not None,
    )
    db.session.add(row)
    db.session.flush()
    primary = plan.primary or ()
    delta = plan.delta or {}
    for key, item in items.items():
        if key in primary or key in delta:
            db.session.add(
                PlannedItem(
                    item_id=item.id,
                    consultation_id=consultation.id,
                    primary_position=primary.index(key) if key in primary else None,
                    delta=delta.get(key),
                )
            )
    db.session.flush()
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="plan")
    return row
