"""Counting who takes part by what they said of themselves: who has sent stage one and still belongs here."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Membership, Participant, Progress, Submission, Wave
from consult.db import db
from consult.recruitment import turnout
from consult.recruitment.models import ParticipantDemographic
from consult.recruitment.turnout_record import Numbers

Counts = Mapping[tuple[int, int | None], int]  # people by question and option; no option: prefer not to say


def count_answers(consultation_id: int, demographics: Collection[int]) -> Counts:
    """Count how many of those who take part gave each answer to these questions: from the kept numbers."""
    return answers_in(turnout.read(consultation_id), demographics)


def answers_in(numbers: Numbers, demographics: Collection[int]) -> Counts:
    """Add up the channels: how many of those who take part gave each answer to these questions."""
    found: dict[tuple[int, int | None], int] = defaultdict(int)
    for kind, come in numbers.items():
        if kind.demographic in demographics:
            found[kind.demographic, kind.option or None] += come.sent
    return found


def count_both(consultation_id: int, one: int, other: int) -> dict[tuple[int, int], int]:
    """Count how many of those who take part gave each pair of answers to two questions."""
    people = counted_people(consultation_id).subquery()
    first, second = aliased(ParticipantDemographic), aliased(ParticipantDemographic)
    found = db.session.execute(
        select(first.option_id, second.option_id, func.count())
        .join(people, people.c.participant_id == first.participant_id)
        .join(second, second.participant_id == first.participant_id)
        .where(first.demographic_id == one, second.demographic_id == other)
        .group_by(first.option_id, second.option_id)
    )
    return {(a, b): n for a, b, n in found if a is not None and b is not None}


def counted_people(consultation_id: int) -> Select[int]:
    """Select the participants who have sent stage one and still belong to the consultation."""
    return (
        select(Submission.participant_id)
        .join(Participant, Participant.id == Submission.participant_id)
        .outerjoin(Membership, Membership.participant_id == Submission.participant_id)
        .where(
            Submission.consultation_id == consultation_id,
            Submission.wave == Wave.PRE,
            Submission.status == Progress.SUBMITTED,
            Participant.is_rehearsal.is_(False),
            Membership.withdrawn_at.is_(None),
        )
    )
