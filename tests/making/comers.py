"""People who join, say who they are, answer, send and leave, by the deeds that the pages call. Committed."""

from contextlib import AbstractContextManager
from datetime import timedelta
from secrets import token_hex

from flask import current_app
from sqlalchemy import select

from consult import clock
from consult.access import OPERATOR, VISITOR, Actor, Role
from consult.consultations.models import Consultation, Mode, Wave
from consult.db import db
from consult.recruitment.joining import Choices, join
from consult.recruitment.models import Channel, Demographic
from consult.recruitment.service import save_demographic
from consult.rights.service import withdraw
from consult.surveys import answering
from consult.surveys.models import Item
from consult.surveys.progress import WALKS
from consult.surveys.queries import get_sheet
from consult.surveys.rules import Given
from consult.surveys.service import NewAnswer, record_answers

SKIPPED = Given("skipped")


def themselves(place: Consultation, participant_id: int) -> Actor:
    """Who this person is to a deed."""
    roles = {place.id: frozenset({Role.RESIDENT})}
    return Actor("participant", frozenset(), roles, participant_id=participant_id)


def come(place: Consultation, channel: Channel | None = None) -> int:
    """Somebody joins by that channel; their id."""
    choices = Choices(quote=True, is_shared=False, language="en", channel=channel.key if channel else "")
    config = current_app.config["CONSULT"]
    number = join(VISITOR, place, choices=choices, session_id=token_hex(16), config=config)
    db.session.commit()
    return number


def tell(place: Consultation, participant_id: int, key: str, said: str | None) -> None:
    """They say that of themselves, or skip the question."""
    asked = db.session.scalars(select(Demographic).filter_by(consultation_id=place.id, key=key)).one()
    save_demographic(themselves(place, participant_id), place, participant_id, asked, said)
    db.session.commit()


def begin(place: Consultation, participant_id: int, wave: Wave = Wave.PRE) -> None:
    """They skip the first question of the survey."""
    actor = themselves(place, participant_id)
    response = answering.take_up(actor, place, WALKS[wave])
    sheet = get_sheet(response.items[0], response.person.seed)
    answering.save_answer(actor, place, response, sheet, [SKIPPED], opened_at=None, mode=Mode.OWN)
    db.session.commit()


def finish(place: Consultation, participant_id: int, wave: Wave = Wave.PRE) -> None:
    """They skip what is left of the survey and send it."""
    actor = themselves(place, participant_id)
    response = answering.take_up(actor, place, WALKS[wave])
    left = {item.id for item in response.items if item.answer is None}
    items = db.session.scalars(select(Item).where(Item.id.in_(left)))
    answers = [NewAnswer(participant_id, item.id, wave.value, item.form.value, "skipped") for item in items]
    record_answers(OPERATOR, place, answers)
    response = answering.take_up(actor, place, WALKS[wave])
    answering.send(actor, place, response, opened_at=None, mode=Mode.OWN)
    db.session.commit()


def leave(place: Consultation, participant_id: int, *, keeps_answers: bool) -> None:
    """They withdraw."""
    config = current_app.config["CONSULT"]
    actor = themselves(place, participant_id)
    withdraw(actor, place, participant_id, keeps_answers=keeps_answers, config=config)
    db.session.commit()


def in_follow_up(place: Consultation) -> AbstractContextManager[None]:
    """The time at which the follow-up of a place at its survey has been open for a day."""
    return clock.frozen(max(stage.opens_at for stage in place.stages) + timedelta(days=1))
