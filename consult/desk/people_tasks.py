"""How far a draft is with whom it needs, how they hear of it and what they get: tasks of its overview."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, or_, select

from consult.consultations.models import Consultation
from consult.db import db
from consult.incentives.models import Incentive
from consult.panel.importing import list_contradictions
from consult.panel.setting import find_panel
from consult.recruitment.models import Channel, Target
from consult.web import telling


@dataclass(frozen=True, slots=True)
class HowFar:
    """What is said of a task, and whether it is done."""

    said: str
    is_done: bool


def who_we_need(consultation: Consultation) -> HowFar:
    """Whether anybody has said how many of whom are wanted, and whether that can be."""
    if not _is_limited(consultation):
        return HowFar(_("How many of whom you want, and how large the panel is"), is_done=False)
    if list_contradictions(consultation):
        return HowFar(_("Some numbers cannot all be kept"), is_done=False)
    panel = find_panel(consultation)
    if panel is None or panel.size is None:
        return HowFar(_("You have said how many of whom you want. There is no panel"), is_done=True)
    return HowFar(_("A panel of %(n)s people", n=telling.number(panel.size)), is_done=True)


def publicity(consultation: Consultation) -> HowFar:
    """By how many ways people hear of it."""
    count = _count(Channel, consultation)
    if not count:
        return HowFar(_("How people hear of it: make a poster and a letter for each place"), is_done=False)
    said = ngettext(
        "%(num)s way by which people hear of it", "%(num)s ways by which people hear of it", count
    )
    return HowFar(said, is_done=True)


def thanks(consultation: Consultation) -> HowFar:
    """What people get for taking part; a consultation need not offer anything."""
    count = _count(Incentive, consultation)
    if not count:
        return HowFar(_("What people get for taking part, if they get anything"), is_done=False)
    said = ngettext(
        "%(num)s thing that people can choose", "%(num)s things that people can choose from", count
    )
    return HowFar(said, is_done=True)


def _is_limited(consultation: Consultation) -> bool:
    limits = or_(Target.minimum.is_not(None), Target.aim.is_not(None), Target.maximum.is_not(None))
    found = select(Target.id).where(Target.consultation_id == consultation.id, limits)
    return bool(db.session.scalar(select(found.exists())))


def _count(table: type[Channel | Incentive], consultation: Consultation) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(table).where(table.consultation_id == consultation.id)
        )
        or 0
    )
