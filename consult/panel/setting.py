"""Deeds of officers on a draft's panel: how many people it holds, and how many of whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import hold_draft, step
from consult.db import db
from consult.errors import Invalid, NotFound
from consult.panel.bands import is_below
from consult.panel.models import RETENTION, Panel
from consult.panel.rules import NO_LIMITS, Limits, is_in_order, shares_out
from consult.recruitment.models import Demographic, DemographicOption, Target
from consult.words import N_

MOST = 100_000
ORDER = N_(
    "%(category)s: the smallest number may not be more than the aim, and the aim not more than the most."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an officer wants of one category; nothing is known or limited where there is None."""

    population: int | None = None
    limits: Limits = NO_LIMITS

    @property
    def says_something(self) -> bool:
        """Whether there is anything to keep."""
        return self != Wanted()


def find_panel(consultation: Consultation) -> Panel | None:
    """Find the panel; None where everybody takes part in the open track."""
    return db.session.get(Panel, consultation.id, populate_existing=True)


def set_panel(
    actor: Actor, consultation: Consultation, *, size: int | None, retention: int = RETENTION, version: int
) -> None:
    """The draft has a panel of that many people, or none.

    Raises
    ------
    EditedMeanwhile
        If somebody saved the consultation meanwhile.
    """
    require(actor, Action.EDIT_TARGETS, standing_of(consultation))
    hold_draft(actor, consultation, version=version)
    panel = find_panel(consultation)
    if size is None:
        if panel is not None:
            db.session.delete(panel)
    elif panel is None:
        db.session.add(Panel(consultation_id=consultation.id, size=size, retention=retention))
    else:
        panel.size, panel.retention = size, retention
    step(consultation)
    record(actor, Action.EDIT_TARGETS, consultation.slug, deed="panel", size=size or 0)


def set_wanted(
    actor: Actor,
    consultation: Consultation,
    demographic: Demographic,
    wanted: Mapping[str, Wanted],
    *,
    base: str | None,
    source: str | None,
    version: int,
) -> None:
    """The draft wants so many of each category of this question, and no others of it.

    Raises
    ------
    Invalid
        If limits of a category contradict each other.
    EditedMeanwhile
        If somebody saved the consultation meanwhile.
    """
    require(actor, Action.EDIT_TARGETS, standing_of(consultation))
    hold_draft(actor, consultation, version=version)
    options = {option.key: option for option in demographic.options}
    for key, each in wanted.items():
        if not is_in_order(each.limits, MOST):
            raise Invalid(ORDER, category=options[key].label)
    plain = select(Target.id).where(
        Target.demographic_id == demographic.id, Target.crossed_option_id.is_(None)
    )
    db.session.execute(delete(Target).where(Target.id.in_(plain)))
    for key, each in wanted.items():
        if each.says_something:
            db.session.add(
                Target(
                    consultation_id=consultation.id,
                    demographic_id=demographic.id,
                    option_id=options[key].id,
                    population=each.population,
                    minimum=each.limits.minimum,
                    aim=each.limits.aim,
                    maximum=each.limits.maximum,
                )
            )
            db.session.flush()  # one by one, so that their ids keep their order
    demographic.base, demographic.source = base, source
    step(consultation)
    record(actor, Action.EDIT_TARGETS, consultation.slug, variable=demographic.key)


def share_out(actor: Actor, consultation: Consultation, demographic: Demographic, *, version: int) -> None:
    """Each category of the question has an aim by its share of those who live here and may take part.

    Raises
    ------
    Invalid
        If the panel has no size yet, or how many live here is not known of every category.
    """
    require(actor, Action.EDIT_TARGETS, standing_of(consultation))
    hold_draft(actor, consultation, version=version)
    panel = find_panel(consultation)
    if panel is None or panel.size is None:
        raise Invalid(N_("Say first how many people the panel should hold."))
    targets = [each for each in list_targets_of(demographic) if not _is_too_young(consultation, each)]
    aims = shares_out(panel.size, [target.population for target in targets])
    if not targets or aims is None:
        raise Invalid(N_("Enter first how many people of each group live here."))
    for target, aim in zip(targets, aims, strict=True):
        target.aim = aim
        if target.minimum is not None:
            target.minimum = min(target.minimum, aim)
        if target.maximum is not None:
            target.maximum = max(target.maximum, aim)
    step(consultation)
    record(actor, Action.EDIT_TARGETS, consultation.slug, deed="share out", variable=demographic.key)


def list_targets_of(demographic: Demographic) -> list[Target]:
    """List the targets of the question's categories by themselves, in their order."""
    return list(
        db.session.scalars(
            select(Target)
            .where(Target.demographic_id == demographic.id, Target.crossed_option_id.is_(None))
            .order_by(Target.id)
        )
    )


def get_demographic(consultation: Consultation, key: str) -> Demographic:
    """Get the consultation's question about people of that key.

    Raises
    ------
    NotFound
        If it has none.
    """
    found = (
        None
        if "\0" in key
        else db.session.scalar(select(Demographic).filter_by(consultation_id=consultation.id, key=key))
    )
    if found is None:
        raise NotFound
    return found


def _is_too_young(consultation: Consultation, target: Target) -> bool:
    """Whether everybody in the category is younger than those who may take part."""
    option = db.session.get_one(DemographicOption, target.option_id)
    return is_below(consultation.minimum_age, option.key, option.label)
