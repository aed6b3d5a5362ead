"""Deeds of officers on what a draft offers as thanks; from publishing on it is fixed."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import hold_draft, step
from consult.db import db
from consult.errors import Invalid
from consult.incentives.models import Contact, Due, Incentive, IncentiveKind, IncentivePlan
from consult.incentives.queries import get_incentive, is_for_panel, list_incentives, where_collected
from consult.incentives.rules import MOST_CHOICES, check_choice


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that people can choose, and its worth in pence after each of the two surveys."""

    kind: IncentiveKind
    label: str
    pence_survey: int
    pence_follow_up: int


def set_plan(
    actor: Actor, consultation: Consultation, *, for_panel: bool, collected_from: str = "", version: int
) -> None:
    """Thanks go to everybody who completes a stage, or only to the panel, and are collected there.

    Parameters
    ----------
    collected_from : str
        Where people collect what is handed over; nothing means the desk of their library, or the council.

    Raises
    ------
    EditedMeanwhile
        If the consultation has another version than ``version``, the one that the officer saw.
    """
    _hold(actor, consultation, version)
    _set_plan(consultation, for_panel=for_panel, collected_from=collected_from)
    step(consultation)
    record(actor, Action.EDIT_INCENTIVES, consultation.slug, deed="plan", panel=int(for_panel))


def add_choice(actor: Actor, consultation: Consultation, choice: Choice, *, version: int) -> Incentive:
    """People can choose this too, after what they could choose before.

    Raises
    ------
    EditedMeanwhile
        As `set_plan`.
    Invalid
        If it has no name, is worth nothing, or there are too many.
    """
    _hold(actor, consultation, version)
    _check(choice)
    made = _append(consultation, choice)
    step(consultation)
    record(actor, Action.EDIT_INCENTIVES, consultation.slug, deed="add", kind=choice.kind.value)
    return made


def change_choice(
    actor: Actor, consultation: Consultation, key: str, choice: Choice, *, version: int
) -> None:
    """What is offered under this key is this now.

    Raises
    ------
    EditedMeanwhile, Invalid
        As `add_choice`.
    NotFound
        If nothing is.
    """
    _hold(actor, consultation, version)
    _check(choice)
    row = get_incentive(consultation.id, key)
    row.kind, row.label = choice.kind, choice.label
    row.pence_survey, row.pence_follow_up = choice.pence_survey, choice.pence_follow_up
    step(consultation)
    record(actor, Action.EDIT_INCENTIVES, consultation.slug, deed="change", kind=choice.kind.value)


def remove_choice(actor: Actor, consultation: Consultation, key: str, *, version: int) -> None:
    """Nobody can choose this; who had chosen it in a rehearsal is owed nothing.

    Raises
    ------
    EditedMeanwhile
        As `set_plan`.
    NotFound
        If nothing is offered under this key.
    """
    _hold(actor, consultation, version)
    row = get_incentive(consultation.id, key)
    db.session.execute(delete(Due).where(Due.incentive_id == row.id))
    db.session.execute(delete(Incentive).where(Incentive.id == row.id))
    step(consultation)
    record(actor, Action.EDIT_INCENTIVES, consultation.slug, deed="remove")


def copy_offer(actor: Actor, source: Consultation, target: Consultation) -> None:
    """The draft offers what another consultation offers."""
    require(actor, Action.EDIT_INCENTIVES, standing_of(target))
    require(actor, Action.OVERSEE, standing_of(source))
    for row in list_incentives(source.id):
        _append(target, Choice(row.kind, row.label, row.pence_survey, row.pence_follow_up))
    _set_plan(target, for_panel=is_for_panel(source.id), collected_from=where_collected(source.id))


def forget_rehearsed(consultation: Consultation) -> None:
    """Nothing is owed to anybody in this consultation: all that was, was owed in a rehearsal.

    For the moment of publishing, while nobody but who rehearses has ever been in it.
    """
    for table in (Due, Contact):
        db.session.execute(delete(table).where(table.consultation_id == consultation.id))


def _hold(actor: Actor, consultation: Consultation, version: int) -> None:
    require(actor, Action.EDIT_INCENTIVES, standing_of(consultation))
    hold_draft(actor, consultation, version=version)


def _check(choice: Choice) -> None:
    check_choice(choice.label, choice.pence_survey, choice.pence_follow_up)


def _set_plan(consultation: Consultation, *, for_panel: bool, collected_from: str) -> None:
    plan = db.session.get(IncentivePlan, consultation.id, populate_existing=True)
    if plan is None:
        plan = IncentivePlan(consultation_id=consultation.id)
        db.session.add(plan)
    plan.is_for_panel, plan.collected_from = for_panel, collected_from
    db.session.flush()


def _append(consultation: Consultation, choice: Choice) -> Incentive:
    """What is offered has one more at its end; the row of the consultation is held."""
    count, last = db.session.execute(
        select(func.count(), func.max(Incentive.position)).where(Incentive.consultation_id == consultation.id)
    ).one()
    if count >= MOST_CHOICES:
        raise Invalid("There can be %(n)s things to choose from at most", n=MOST_CHOICES)
    position = 1 if last is None else last + 1  # a number that was removed from the end may come again
    made = Incentive(
        consultation_id=consultation.id,
        position=position,
        key=f"choice-{position}",
        kind=choice.kind,
        label=choice.label,
        pence_survey=choice.pence_survey,
        pence_follow_up=choice.pence_follow_up,
    )
    db.session.add(made)
    db.session.flush()
    return made
