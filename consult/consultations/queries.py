"""Reading consultations."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult import clock
from consult.access import Moment
from consult.consultations.models import Consultation, StageChange, State
from consult.consultations.rehearsing import is_rehearsed
from consult.consultations.rules import Window, moment_of
from consult.db import db
from consult.errors import NotFound


@dataclass(frozen=True, slots=True)
class Standing:
    """A consultation as access sees it: which one, and where in its life at one instant."""

    id: int
    slug: str
    moment: Moment


def find_consultation(slug: str) -> Consultation | None:
    """Find the consultation of that slug, if there is one."""
    return db.session.scalar(
        select(Consultation).where(Consultation.slug == slug).options(selectinload(Consultation.stages))
    )


def get_consultation(slug: str) -> Consultation:
    """Get the consultation of that slug.

    Raises
    ------
    NotFound
        If there is none.
    """
    consultation = find_consultation(slug)
    if consultation is None:
        raise NotFound
    return consultation


def slug_of(consultation_id: int) -> str:
    """The slug of the consultation with this id, which there is."""
    return db.session.scalars(select(Consultation.slug).where(Consultation.id == consultation_id)).one()


def list_consultations(ids: set[int]) -> list[Consultation]:
    """List the consultations with these ids, by title."""
    return list(
        db.session.scalars(
            select(Consultation)
            .where(Consultation.id.in_(ids))
            .options(selectinload(Consultation.stages))
            .order_by(Consultation.title, Consultation.id)
        )
    )


def list_all() -> list[Consultation]:
    """List every consultation, drafts too, by title: for those who manage accounts."""
    return list(db.session.scalars(select(Consultation).order_by(Consultation.title, Consultation.id)))


def list_public() -> list[Consultation]:
    """List the consultations that everybody may know of, by title; drafts are nobody's business."""
    return list(
        db.session.scalars(
            select(Consultation)
            .where(Consultation.state != State.DRAFT)
            .options(selectinload(Consultation.stages))
            .order_by(Consultation.title, Consultation.id)
        )
    )


def list_stage_changes(consultation: Consultation) -> list[StageChange]:
    """List how officers moved the stages after publishing, the newest first."""
    return list(
        db.session.scalars(
            select(StageChange)
            .where(StageChange.consultation_id == consultation.id)
            .order_by(StageChange.changed_at.desc(), StageChange.id.desc())
        )
    )


def standing_of(consultation: Consultation, now: datetime | None = None) -> Standing:
    """Where the consultation is now (or at ``now``)."""
    stages = {s.kind.value: Window(s.opens_at, s.closes_at, s.closed_at) for s in consultation.stages}
    state, presented = consultation.state, consultation.presented_at is not None
    if state is State.DRAFT and is_rehearsed(consultation.id):
        state, presented = State.PUBLISHED, True
    moment = moment_of(
        state.value,
        stages,
        now or clock.now(),
        presented=presented,
        results_published=consultation.results_published_at is not None,
    )
    return Standing(consultation.id, consultation.slug, moment)
