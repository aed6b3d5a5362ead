"""Dividing the question about age into other bands, as long as nobody has answered it."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Participant, State
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic
from consult.recruitment.question_sets import list_ready
from consult.recruitment.rules import NewCategory, NewDemographic
from consult.recruitment.service import add_rows
from consult.words import N_

KEY = "age_band"
NOT_ASKED = N_(
    "This consultation does not ask about age, and its questions were fixed when it was published."
)
OTHER_BANDS = N_(
    "The question about age has other answers than these bands, and it was fixed when the consultation was"
    " published. Leave the bands out, or name those that are asked."
)
ANSWERED = N_(
    "Somebody has answered the question about age, so its answers cannot change."
    " Leave the bands out, or name those that are asked."
)


def divide_ages(
    actor: Actor, consultation: Consultation, demographic: Demographic | None, bands: Sequence[NewCategory]
) -> Demographic:
    """The draft asks about age with these answers; without a question about it, it asks one now.

    What was answered in a rehearsal is gone, and so are targets for the answers that were there.

    Raises
    ------
    Invalid
        If it is no draft any more, or somebody has answered the question.
    """
    require(actor, Action.EDIT_TARGETS, standing_of(consultation))
    if consultation.state is not State.DRAFT:
        raise Invalid(NOT_ASKED if demographic is None else OTHER_BANDS)
    if demographic is None:
        demographic = _added(consultation, bands)
    elif _is_answered(demographic):
        raise Invalid(ANSWERED)
    else:
        _divide(demographic, bands)
    record(actor, Action.EDIT_TARGETS, consultation.slug, deed="age bands", count=len(bands))
    return demographic


def _added(consultation: Consultation, bands: Sequence[NewCategory]) -> Demographic:
    ready = next((question for question in list_ready() if question.key == KEY), None)
    asked = NewDemographic(
        KEY,
        ready.question if ready else "How old are you?",
        tuple(bands),
        ready.why if ready else None,
    )
    last = db.session.scalar(
        select(func.max(Demographic.position)).where(Demographic.consultation_id == consultation.id)
    )
    return add_rows(consultation, [asked], position=0 if last is None else last + 1)[0]


def _divide(demographic: Demographic, bands: Sequence[NewCategory]) -> None:
    db.session.execute(
        delete(ParticipantDemographic).where(ParticipantDemographic.demographic_id == demographic.id)
    )
    db.session.execute(delete(DemographicOption).where(DemographicOption.demographic_id == demographic.id))
    db.session.expire(demographic, ["options"])
    db.session.add_all(
        DemographicOption(demographic_id=demographic.id, position=n, key=band.key, label=band.label)
        for n, band in enumerate(bands)
    )
    demographic.standard = None  # the wording that it was taken from has other answers
    db.session.flush()
    db.session.expire(demographic, ["options"])


def _is_answered(demographic: Demographic) -> bool:
    """Whether anybody said something there, but for a rehearsal."""
    return (
        db.session.scalar(
            select(ParticipantDemographic.participant_id)
            .join(Participant, Participant.id == ParticipantDemographic.participant_id)
            .where(
                ParticipantDemographic.demographic_id == demographic.id,
                Participant.is_rehearsal.is_(False),
            )
            .limit(1)
        )
        is not None
    )
