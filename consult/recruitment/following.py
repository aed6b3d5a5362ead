"""What one person says of themselves, written with all that follows from it for further questions.

A further question is asked only of those whose answer to the first leads to it. If it has an implied
option, everybody who has said something to the first has an answer to it too: whoever is not asked gets
that option, and whoever prefers not to say the first is taken to prefer it of both. So it can be counted
like any other question. Without one it is a detail of a few, and the others have no answer to it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import delete

from consult.db import db
from consult.errors import Conflict, Invalid
from consult.recruitment import queries
from consult.recruitment.models import AskedAt, Demographic, ParticipantDemographic
from consult.recruitment.queries import Further, Said
from consult.words import N_

FIXED = N_(
    "You have sent the starting survey, so what you told us about yourself when you joined cannot be changed."
)
NOT_ASKED = N_(
    "This question does not fit what you answered before. Skip it, or go back and change that answer"
)


class Given(NamedTuple):
    """An answer: an option, or None for "prefer not to say"."""

    option_id: int | None


NOTHING = None  # no answer: the question was skipped, or is not asked


def write(consultation_id: int, participant_id: int, demographic: Demographic, given: Given | None) -> None:
    """The record holds this answer, and what follows from it. The person's membership is locked.

    Raises
    ------
    Invalid
        If the question is not asked of somebody who has said what they have.
    Conflict
        If it was asked at joining and they have taken part since.
    """
    said = queries.said_by(participant_id)
    further = queries.list_further(consultation_id)
    if given == _given(said, demographic.id):
        return
    if demographic.asked is AskedAt.JOINING and queries.has_taken_part(participant_id):
        raise Conflict(FIXED)
    mine = next((each for each in further if each.demographic_id == demographic.id), None)
    if mine is not None and not mine.is_asked(said):
        if given is NOTHING:  # what follows from the first stays
            return
        raise Invalid(NOT_ASKED)
    now: dict[int, int | None] = dict(said)
    _put(now, demographic.id, given)
    _follow(demographic.id, said, now, further)
    _store(consultation_id, participant_id, said, now)


def _follow(first_id: int, said: Said, now: dict[int, int | None], further: Iterable[Further]) -> None:
    """``now`` holds what follows from the new answer to a question, and what follows from that."""
    for each in further:
        if each.first_id != first_id or (each.is_asked(said) and each.is_asked(now)):
            continue
        _put(now, each.demographic_id, _implied(each, now))
        _follow(each.demographic_id, said, now, further)


def _implied(further: Further, now: Said) -> Given | None:
    """What somebody has said to a further question when they have only just answered the first."""
    first = _given(now, further.first_id)
    if first is NOTHING or further.is_asked(now) or further.implied is None:
        return NOTHING
    return Given(None if first.option_id is None else further.implied)


def _given(said: Said, demographic_id: int) -> Given | None:
    return Given(said[demographic_id]) if demographic_id in said else NOTHING


def _put(now: dict[int, int | None], demographic_id: int, given: Given | None) -> None:
    now.pop(demographic_id, None)
    if given is not NOTHING:
        now[demographic_id] = given.option_id


def _store(consultation_id: int, participant_id: int, said: Said, now: Said) -> None:
    """The rows of this person are those of ``now``."""
    changed = [key for key in {*said, *now} if _given(said, key) != _given(now, key)]
    db.session.execute(
        delete(ParticipantDemographic).where(
            ParticipantDemographic.participant_id == participant_id,
            ParticipantDemographic.demographic_id.in_(changed),
        )
    )
    db.session.add_all(
        ParticipantDemographic(
            consultation_id=consultation_id,
            participant_id=participant_id,
            demographic_id=key,
            option_id=now[key],
        )
        for key in changed
        if key in now
    )
    db.session.flush()
