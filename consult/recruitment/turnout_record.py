"""What people count as, by the record itself: one person, or everybody anew."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from consult.consultations.models import Membership, Participant, Progress, Submission, Wave
from consult.db import db
from consult.recruitment.models import ParticipantDemographic

NONE = 0  # no channel, no question, no option


class Kind(NamedTuple):
    """Whom a number counts: people of a channel, all of them or those who gave one answer."""

    channel: int = NONE
    demographic: int = NONE
    option: int = NONE


class Come(NamedTuple):
    """How many people have come how far.

    Everybody ``joined``; of those ``withdrawn`` have left. The rest are here: ``began`` the starting survey
    and have not sent it, ``sent`` it, ``stayed`` to send the follow-up, ``completed`` both.
    """

    joined: int = 0
    withdrawn: int = 0
    began: int = 0
    sent: int = 0
    stayed: int = 0
    completed: int = 0

    def plus(self, other: "Come", sign: int = 1) -> "Come":
        """The people of both together; with a sign of -1, without the other."""
        return Come(*(one + sign * two for one, two in zip(self, other, strict=True)))


Numbers = Mapping[Kind, Come]
_PRE, _POST = aliased(Submission), aliased(Submission)


def of_person(participant_id: int) -> Numbers:
    """What one person counts as; nothing for somebody who rehearses."""
    row = db.session.execute(_ONE, {"participant_id": participant_id}).one_or_none()
    if row is None:
        return {}
    channel, *steps = row
    said = db.session.execute(_SAID, {"participant_id": participant_id})
    kinds = [Kind(channel), *(Kind(channel, question, option or NONE) for question, option in said)]
    return dict.fromkeys(kinds, Come(*steps))


def fresh(consultation_id: int) -> CompoundSelect[Any]:
    """Select everybody of a consultation, counted anew: rows as the table of kept numbers has them."""
    channel, said = func.coalesce(Participant.channel_id, NONE), ParticipantDemographic
    option = func.coalesce(said.option_id, NONE)
    place = literal(consultation_id).label("consultation_id")
    no_question, no_option = (literal(NONE).label(name) for name in ("demographic_id", "option_id"))
    keys = [channel.label("channel_id"), no_question, no_option]
    sums = [func.sum(step).label(name) for name, step in zip(Come._fields, _steps(), strict=True)]
    here = (Participant.consultation_id == consultation_id, Participant.is_rehearsal.is_(False))
    all_of_them = _people(select(place, *keys, *sums)).where(*here).group_by(channel)
    by_answer = (
        _people(select(place, channel, said.demographic_id, option, *sums))
        .join(said, said.participant_id == Participant.id)
        .where(*here)
        .group_by(channel, said.demographic_id, option)
    )
    return union_all(all_of_them, by_answer)


def _steps() -> list[ColumnElement[int]]:
    """How far one person has come: 1 or 0 for each number."""
    is_here = Membership.withdrawn_at.is_(None)
    has_sent, has_stayed = (each.status == Progress.SUBMITTED for each in (_PRE, _POST))
    conditions = (
        Membership.withdrawn_at.is_not(None),
        and_(is_here, _PRE.status == Progress.STARTED),
        and_(is_here, has_sent),
        and_(is_here, has_stayed),
        and_(is_here, has_sent, has_stayed),
    )
    return [literal(1), *(case((condition, 1), else_=0) for condition in conditions)]


def _people(columns: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        columns.select_from(Participant)
        .outerjoin(Membership, Membership.participant_id == Participant.id)
        .outerjoin(_PRE, and_(_PRE.participant_id == Participant.id, _PRE.wave == Wave.PRE))
        .outerjoin(_POST, and_(_POST.participant_id == Participant.id, _POST.wave == Wave.POST))
    )


# Statements are made once: making one costs more than asking it.
_ONE = _people(select(func.coalesce(Participant.channel_id, NONE), *_steps())).where(
    Participant.id == bindparam("participant_id"), Participant.is_rehearsal.is_(False)
)
_SAID = select(ParticipantDemographic.demographic_id, ParticipantDemographic.option_id).where(
    ParticipantDemographic.participant_id == bindparam("participant_id")
)
