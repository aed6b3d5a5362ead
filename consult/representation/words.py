"""Limits that officers raised or want raised, as a page tells them."""

from dataclasses import dataclass
from datetime import datetime

from consult.consultations.models import Consultation
from consult.panel import limits
from consult.panel.models import LimitChange
from consult.representation.picture import Picture


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
