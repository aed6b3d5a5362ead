"""Ready questions about people, asked in a made consultation, and what somebody has said to them."""

from sqlalchemy import func, select

from consult.access import Actor, Role
from consult.consultations.models import Consultation, Progress, Submission, Wave
from consult.db import db
from consult.desk.ready import asked_with
from consult.recruitment import turnout
from consult.recruitment.models import AskedAt, Demographic, DemographicOption, ParticipantDemographic
from consult.recruitment.question_sets import list_firsts
from consult.recruitment.rules import NewDemographic
from consult.recruitment.service import add_rows
from tests.making.places import MadeResident


def make_asked(
    consultation: Consultation, *keys: str, asked: AskedAt = AskedAt.JOINING, with_detail: bool = True
) -> dict[str, Demographic]:
    """The consultation asks these ready questions too, with their further ones. Committed."""
    ready = {each.key: each for each in list_firsts()}
    found = [question for key in keys for question in asked_with(ready[key], asked, with_detail=with_detail)]
    return make_questions(consultation, *found)


def make_questions(consultation: Consultation, *questions: NewDemographic) -> dict[str, Demographic]:
    """The consultation asks these too. Committed."""
    mine = select(func.max(Demographic.position)).where(Demographic.consultation_id == consultation.id)
    last = db.session.scalar(mine)
    rows = add_rows(consultation, questions, position=0 if last is None else last + 1)
    db.session.commit()
    return {row.key: row for row in rows}


def make_sent(resident: MadeResident) -> None:
    """The resident has sent the starting survey. Committed."""
    db.session.add(
        Submission(
            participant_id=resident.participant_id,
            consultation_id=resident.consultation_id,
            wave=Wave.PRE,
            status=Progress.SUBMITTED,
        )
    )
    turnout.recount(resident.consultation_id)
    db.session.commit()


def said_by(resident: MadeResident) -> dict[str, str | None]:
    """What the record holds of the resident: the key of an option by that of the question."""
    db.session.rollback()
    rows = db.session.execute(
        select(Demographic.key, DemographicOption.key.label("said"))
        .join(ParticipantDemographic, ParticipantDemographic.demographic_id == Demographic.id)
        .outerjoin(DemographicOption, DemographicOption.id == ParticipantDemographic.option_id)
        .where(ParticipantDemographic.participant_id == resident.participant_id)
    )
    return {row.key: row.said for row in rows}


def actor_of(resident: MadeResident) -> Actor:
    """Who the resident is to a deed."""
    return Actor(
        f"participant/{resident.participant_id}",
        frozenset(),
        {resident.consultation_id: frozenset({Role.RESIDENT})},
        participant_id=resident.participant_id,
    )
