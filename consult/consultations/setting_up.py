"""Deeds of officers on a draft: it is made, its texts are written, its dates are set.

Two officers may work on one draft. What they edit carries the version of the consultation that they saw;
if it has become another one, nothing is written and they are shown both. Deeds of one consultation come
one after the other, because each begins by holding its row; publishing holds it too.
"""

from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Action, Actor, Role, require
from consult.accounts.models import StaffRole
from consult.audit.service import record
from consult.cells import as_slug
from consult.consultations.about import About, check_about
from consult.consultations.models import Consultation, Stage, StageKind, State
from consult.consultations.planning import Timetable, faults
from consult.consultations.queries import standing_of
from consult.consultations.rules import STAGE_ORDER
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.words import N_

LONGEST_SLUG = 60
NOT_SLUGS = frozenset({"new"})  # an address of the desk itself
SLUG_TAKEN = N_("Another consultation has this address. Choose a different one")


class SlugTaken(Conflict):
    """Another consultation has that slug; it may be a draft of somebody else, so no more is said."""

    default = SLUG_TAKEN


class EditedMeanwhile(Conflict):
    """Somebody else changed the consultation after this person had opened it."""

    default = N_("Somebody else changed this consultation while you had it open.")


def create(
    actor: Actor, *, slug: str, about: About, timetable: Timetable, staff_id: int | None = None
) -> tuple[Consultation, Actor]:
    """There is a new draft, with these texts and dates; and who its maker is now.

    An officer is its officer from now on. An administrator who sets one up is not: they do not give
    themselves roles; they give it to somebody. Whoever it is, the actor that is returned may fill the
    draft as its officer, for as long as this request lasts.

    Parameters
    ----------
    staff_id : int, optional
        The account that becomes officer.

    Raises
    ------
    SlugTaken
        If another consultation has the slug.
    """
    require(actor, Action.CREATE_CONSULTATION)
    check_slug(slug)
    check_about(about)
    consultation = Consultation(slug=slug, state=State.DRAFT, created_at=clock.wall(), **asdict(about))
    db.session.add(consultation)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise SlugTaken from error
    write_stages(consultation, timetable)
    record(actor, Action.CREATE_CONSULTATION, slug)
    return consultation, make_officer(actor, consultation, staff_id=staff_id)


def make_officer(actor: Actor, consultation: Consultation, *, staff_id: int | None) -> Actor:
    """The account is officer of the consultation that its owner has just made."""
    if staff_id is not None:
        db.session.add(StaffRole(staff_id=staff_id, consultation_id=consultation.id, role=Role.OFFICER))
        db.session.flush()
        record(
            actor,
            Action.CREATE_CONSULTATION,
            f"staff/{staff_id}",
            role="officer",
            consultation=consultation.slug,
        )
    held = actor.roles.get(consultation.id, frozenset()) | {Role.OFFICER}
    return replace(actor, roles={**actor.roles, consultation.id: held})


def change_about(actor: Actor, consultation: Consultation, about: About, *, version: int) -> None:
    """People will be told this of the consultation.

    Raises
    ------
    EditedMeanwhile
        If it has another version than ``version``, the one that the officer saw.
    Invalid
        If a text that must be there is missing, or the age is out of range.
    """
    hold_draft(actor, consultation, version=version)
    check_about(about)
    for name, value in asdict(about).items():
        setattr(consultation, name, value)
    step(consultation)
    record(actor, Action.EDIT_CONSULTATION, consultation.slug, deed="texts")


def set_timetable(actor: Actor, consultation: Consultation, timetable: Timetable, *, version: int) -> None:
    """The stages of the draft open and close then.

    Raises
    ------
    EditedMeanwhile
        As `change_about`.
    Invalid
        If a stage would close before it opens, lie in the past, or reach into the next.
    """
    hold_draft(actor, consultation, version=version)
    for fault in faults(timetable, clock.wall()):
        raise fault.refusal
    write_stages(consultation, timetable)
    step(consultation)
    record(actor, Action.EDIT_CONSULTATION, consultation.slug, deed="timetable")


def hold_draft(actor: Actor, consultation: Consultation, *, version: int | None = None) -> None:
    """No other deed on this draft happens until this transaction is over; it may still be edited.

    Raises
    ------
    Conflict
        If it is no draft any more, or has another version than ``version``.
    """
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))
    db.session.refresh(consultation, with_for_update=True)
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))
    if version is not None and consultation.version != version:
        raise EditedMeanwhile


def step(consultation: Consultation) -> None:
    """The consultation has its next version; its row is held."""
    consultation.version += 1
    db.session.flush()


def write_stages(consultation: Consultation, timetable: Timetable) -> None:
    """The stages have these dates, those that were there and those that were not."""
    there = {stage.kind.value: stage for stage in consultation.stages}
    for kind in STAGE_ORDER:
        opens, closes = timetable[kind]
        stage = there.get(kind)
        if stage is None:
            db.session.add(
                Stage(consultation_id=consultation.id, kind=StageKind(kind), opens_at=opens, closes_at=closes)
            )
        else:
            stage.opens_at, stage.closes_at = opens, closes
    db.session.flush()
    db.session.expire(consultation, ["stages"])


def about_of(consultation: Consultation) -> About:
    """What people are told of the consultation now."""
    said: dict[str, Any] = {field.name: getattr(consultation, field.name) for field in fields(About)}
    return About(**said)


def spans_of(consultation: Consultation) -> dict[str, tuple[datetime, datetime]]:
    """When its stages open and close."""
    return {stage.kind.value: (stage.opens_at, stage.closes_at) for stage in consultation.stages}


def check_slug(slug: str) -> None:
    """The slug can stand in an address.

    Raises
    ------
    Invalid
        If it cannot; the sentence says what it may hold.
    """
    try:
        as_slug("slug", slug)
    except Invalid:
        raise Invalid("The address must hold only small letters from a to z, numbers and hyphens") from None
    if len(slug) > LONGEST_SLUG:
        raise Invalid("The address must have %(n)s characters or fewer", n=LONGEST_SLUG)
    if slug in NOT_SLUGS:
        raise SlugTaken
