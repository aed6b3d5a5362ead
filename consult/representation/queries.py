"""Reading how many people there are in all, and what is wanted of whom."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import selectinload

from consult.consultations.models import Consultation, Participant
from consult.db import db
from consult.panel.models import Place
from consult.recruitment import turnout
from consult.recruitment.models import Demographic, Target
from consult.recruitment.turnout_record import Numbers


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


def count_people(consultation: Consultation, numbers: Numbers | None = None) -> People:
    """Count everybody who joined, rehearsals apart: from the kept numbers, which may be given."""
    come = turnout.everybody(turnout.read(consultation.id) if numbers is None else numbers)
    on_panel, waiting = db.session.execute(
        select(
            _how_many(Place.consultation_id == consultation.id),
            _how_many(Participant.consultation_id == consultation.id, Participant.waiting_since.is_not(None)),
        )
    ).one()
    return People(
        joined=come.joined,
        on_panel=on_panel,
        in_open=come.joined - come.withdrawn - on_panel,
        withdrawn=come.withdrawn,
        waiting=waiting,
        sent=come.sent,
        stayed=come.stayed,
    )


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


def _how_many(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(*conditions).scalar_subquery()
