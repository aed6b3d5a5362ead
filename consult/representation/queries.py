"""Counting who takes part: by category and in all, each in one statement, however many people there are."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased, selectinload

from consult.consultations.models import Consultation, Membership, Participant, Progress, Submission, Wave
from consult.db import db
from consult.panel.models import Place
from consult.recruitment.models import Demographic, ParticipantDemographic, Target


@dataclass(frozen=True, slots=True)
class People:
    """How many people there are, each in one place: joined = panel + open track + withdrawn.

    ``sent`` and ``stayed`` sent the starting survey and the follow-up and have not withdrawn; ``waiting``
    are those of the open track who wait for a place on the panel.
    """

    joined: int = 0
    on_panel: int = 0
    in_open: int = 0
    withdrawn: int = 0
    waiting: int = 0
    sent: int = 0
    stayed: int = 0


@dataclass(frozen=True, slots=True)
class Fill:
    """How many of one category sent the starting survey, have a place, and sent the follow-up."""

    sent: int = 0
    placed: int = 0
    stayed: int = 0


Category = tuple[int, int | None]  # question and option; no option is "prefer not to say"


def count_people(consultation: Consultation) -> People:
    """Count everybody who joined, rehearsals apart."""
    pre, post = _sent(Wave.PRE), _sent(Wave.POST)
    is_gone = Membership.withdrawn_at.is_not(None)
    is_placed = Place.participant_id.is_not(None)
    is_here = Membership.withdrawn_at.is_(None)
    counted = select(
        func.count(),
        _how_many(and_(is_here, is_placed)),
        _how_many(and_(is_here, ~is_placed)),
        _how_many(is_gone),
        _how_many(and_(is_here, Participant.waiting_since.is_not(None))),
        _how_many(and_(is_here, pre.participant_id.is_not(None))),
        _how_many(and_(is_here, post.participant_id.is_not(None))),
    ).select_from(Participant)
    row = db.session.execute(
        _joined(counted, pre, post).where(
            Participant.consultation_id == consultation.id, Participant.is_rehearsal.is_(False)
        )
    ).one()
    return People(*row)


def count_by_category(consultation: Consultation) -> dict[Category, Fill]:
    """Count those who sent the starting survey by what they said of themselves."""
    pre, post = _sent(Wave.PRE), _sent(Wave.POST)
    said = ParticipantDemographic
    counted = (
        select(
            said.demographic_id,
            said.option_id,
            func.count(),
            _how_many(Place.participant_id.is_not(None)),
            _how_many(post.participant_id.is_not(None)),
        )
        .select_from(said)
        .join(Participant, Participant.id == said.participant_id)
    )
    rows = db.session.execute(
        _joined(counted, pre, post)
        .where(
            said.consultation_id == consultation.id,
            Participant.is_rehearsal.is_(False),
            Membership.withdrawn_at.is_(None),
            pre.participant_id.is_not(None),
        )
        .group_by(said.demographic_id, said.option_id)
    )
    return {(row[0], row[1]): Fill(*row[2:]) for row in rows}


def list_variables(consultation: Consultation) -> list[Demographic]:
    """List the questions about people with their options, in their order."""
    return list(
        db.session.scalars(
            select(Demographic)
            .filter_by(consultation_id=consultation.id)
            .options(selectinload(Demographic.options))
            .order_by(Demographic.position)
        )
    )


def list_targets(consultation: Consultation) -> list[Target]:
    """List every target in the order in which they were set."""
    return list(
        db.session.scalars(select(Target).filter_by(consultation_id=consultation.id).order_by(Target.id))
    )


def _sent(wave: Wave) -> type[Submission]:
    sent: type[Submission] = aliased(Submission, name=f"sent_{wave.value}")
    return sent


def _joined(counted: Select[*tuple[Any, ...]], *waves: type[Submission]) -> Select[*tuple[Any, ...]]:
    """With what each participant sent in each wave, their place and how they belong here, if they do."""
    for sent, wave in zip(waves, (Wave.PRE, Wave.POST), strict=True):
        counted = counted.outerjoin(
            sent,
            and_(
                sent.participant_id == Participant.id,
                sent.wave == wave,
                sent.status == Progress.SUBMITTED,
            ),
        )
    return counted.outerjoin(Place, Place.participant_id == Participant.id).outerjoin(
        Membership, Membership.participant_id == Participant.id
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
