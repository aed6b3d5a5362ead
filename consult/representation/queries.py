"""Reading how many people there are in all, in one statement however many, and what is wanted of whom."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased, selectinload

from consult.consultations.models import Consultation, Membership, Participant, Progress, Submission, Wave
from consult.db import db
from consult.panel.models import Place
from consult.recruitment.models import Demographic, Target


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


def count_people(consultation: Consultation) -> People:
    """Count everybody who joined, rehearsals apart."""
    pre, post = aliased(Submission), aliased(Submission)
    is_gone = Membership.withdrawn_at.is_not(None)
    is_placed = Place.participant_id.is_not(None)
    is_here = Membership.withdrawn_at.is_(None)
    row = db.session.execute(
        select(
            func.count(),
            _how_many(and_(is_here, is_placed)),
            _how_many(and_(is_here, ~is_placed)),
            _how_many(is_gone),
            _how_many(and_(is_here, Participant.waiting_since.is_not(None))),
            _how_many(and_(is_here, pre.participant_id.is_not(None))),
            _how_many(and_(is_here, post.participant_id.is_not(None))),
        )
        .select_from(Participant)
        .outerjoin(pre, _is_sent(pre, Wave.PRE))
        .outerjoin(post, _is_sent(post, Wave.POST))
        .outerjoin(Place, Place.participant_id == Participant.id)
        .outerjoin(Membership, Membership.participant_id == Participant.id)
        .where(Participant.consultation_id == consultation.id, Participant.is_rehearsal.is_(False))
    ).one()
    return People(*row)


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


def _is_sent(sent: type[Submission], wave: Wave) -> ColumnElement[bool]:
    return and_(sent.participant_id == Participant.id, sent.wave == wave, sent.status == Progress.SUBMITTED)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
