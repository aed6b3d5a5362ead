"""Limits as a page tells them: what is wanted, what cannot be kept, what was raised or should be."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from consult.consultations.models import Consultation
from consult.panel import limits
from consult.panel.importing import list_contradictions
from consult.panel.models import LimitChange
from consult.recruitment.models import Target
from consult.representation.picture import Picture
from consult.web import telling


@dataclass(frozen=True, slots=True)
class Told:
    """One change: of what, from where to where, why, and whether this officer may confirm it."""

    id: int
    what: str | None  # the group; None for the whole panel
    before: int
    after: int
    reason: str
    asked_at: datetime
    is_waiting: bool
    is_mine: bool


def changes_told(consultation: Consultation, picture: Picture, staff_id: int) -> list[Told]:
    """Changes that wait, then those that hold."""
    names: dict[int | None, str] = {
        group.target_id: group.label
        for variable in picture.variables
        for group in variable.groups
        if group.target_id is not None
    }
    names |= {
        crossed.target_id: f"{crossed.label}, {crossed.other}"
        for variable in picture.variables
        for crossed in variable.crossed
    }
    found = [*limits.list_waiting_changes(consultation), *limits.list_changes(consultation)]
    return [_told(change, names, staff_id) for change in found]


def _told(change: LimitChange, names: dict[int | None, str], staff_id: int) -> Told:
    return Told(
        change.id,
        names.get(change.target_id) if change.target_id is not None else None,
        change.before,
        change.after,
        change.reason,
        change.asked_at,
        change.confirmed_at is None,
        change.asked_by_id == staff_id,
    )


def contradictions_told(consultation: Consultation) -> list[str]:
    """Why no panel can keep all the limits, in sentences that say what to change."""
    return [
        _(sentence.text, **{name: _value_told(value) for name, value in sentence.values.items()})
        for sentence in list_contradictions(consultation, by_name=True)
    ]


def limits_told(target: Target | None) -> str:
    """What is wanted of one group: "at least 20, aim 25, at most 30"; empty where nothing is."""
    if target is None:
        return ""
    told = [
        _("at least %(n)s", n=telling.number(target.minimum)) if target.minimum is not None else "",
        _("aim %(n)s", n=telling.number(target.aim)) if target.aim is not None else "",
        _("at most %(n)s", n=telling.number(target.maximum)) if target.maximum is not None else "",
    ]
    return ", ".join(each for each in told if each)


def _value_told(value: object) -> str:
    return telling.number(value) if isinstance(value, int) else telling.isolated(str(value))
