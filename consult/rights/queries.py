"""Reading what is held about one person, for that person's own page."""

from dataclasses import dataclass

from sqlalchemy import func, select

from consult.access import Moment
from consult.consultations.models import (
    WAVES,
    Consultation,
    Participant,
    Progress,
    Stage,
    StageKind,
    Submission,
    Wave,
)
from consult.consultations.queries import Standing
from consult.db import db
from consult.forum.models import Exposure, Post
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic
from consult.surveys.models import Answer


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is held about one person, by kind."""

    answers: dict[str, int]  # by wave
    about_you: int
    posts: int
    threads_read: int


def get_participant(consultation_id: int, participant_id: int) -> Participant:
    """Get the participant's own row."""
    return db.session.scalars(
        select(Participant).filter_by(id=participant_id, consultation_id=consultation_id)
    ).one()


def counts_of(participant_id: int) -> Counts:
    """Count what is held about this participant."""
    waves = {
        wave.value: count
        for wave, count in db.session.execute(
            select(Answer.wave, func.count())
            .where(Answer.participant_id == participant_id)
            .group_by(Answer.wave)
        )
    }
    about_you, posts, threads_read = (
        db.session.scalar(select(func.count()).select_from(model).filter_by(participant_id=participant_id))
        or 0
        for model in (ParticipantDemographic, Post, Exposure)
    )
    return Counts({wave.value: waves.get(wave.value, 0) for wave in WAVES}, about_you, posts, threads_read)


def list_about_you(participant_id: int) -> list[tuple[str, str | None]]:
    """List the questions about the person that they answered; no answer means "prefer not to say"."""
    return [
        (question, label)
        for question, label in db.session.execute(
            select(Demographic.question, DemographicOption.label)
            .join(ParticipantDemographic, ParticipantDemographic.demographic_id == Demographic.id)
            .outerjoin(DemographicOption, DemographicOption.id == ParticipantDemographic.option_id)
            .where(ParticipantDemographic.participant_id == participant_id)
            .order_by(Demographic.position)
        )
    ]


def find_withholding(consultation: Consultation, standing: Standing, participant_id: int) -> Stage | None:
    """Find the follow-up until whose end the first answers are not shown to this person, if that holds now.

    Whoever reads their first answers while they give the second ones answers differently, and then
    nothing can be compared. So they are shown as soon as the follow-up is sent, or has closed.
    """
    if standing.moment is not Moment.FOLLOW_UP:
        return None
    sent = set(
        db.session.scalars(
            select(Submission.wave).where(
                Submission.participant_id == participant_id, Submission.status == Progress.SUBMITTED
            )
        )
    )
    if Wave.PRE not in sent or Wave.POST in sent:
        return None
    return next(stage for stage in consultation.stages if stage.kind is StageKind.FOLLOW_UP)
