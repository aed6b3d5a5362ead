"""Deeds of the person who is thanked: choose, give it up, say how to be reached, leave.

The trail of the audit holds no line of these. It would name the participant beside a time, and then the
trail would lead from a claim number to a person: the row of the due is the trace. For the same reason
the number of a row is drawn at random and only the day is kept on which something was.
"""

from datetime import datetime
from secrets import randbelow
from typing import Any, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Action, Actor, require
from consult.consultations.models import Consultation, Wave
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid, NotPermitted
from consult.home import Config
from consult.incentives import holders
from consult.incentives.claim_numbers import new_number
from consult.incentives.models import Contact, Due
from consult.incentives.queries import Offered, list_dues_of, list_earned, list_incentives, offered_in
from consult.incentives.rules import day_of, plain_contact
from consult.recruitment.queries import lock_membership
from consult.words import N_

NOT_EARNED = N_("You can choose a thank-you after you have sent the survey.")
ISSUED = N_("Your thank-you is on its way. It cannot be changed any more.")
NOT_OFFERED = N_("Choose one of these")
TRIES = 5  # a number that is taken already is drawn once in millions of years
IDS = 2_000_000_000


def choose(
    actor: Actor, consultation: Consultation, participant_id: int, wave: Wave, key: str, *, config: Config
) -> None:
    """The participant is owed this for that wave, once, in place of what they may have chosen before.

    Raises
    ------
    NotPermitted
        If they have not sent that survey, have no place where only the panel is thanked, or have left.
    Conflict
        If what they chose before has been issued.
    Invalid
        If nothing of that key is offered for that wave.
    """
    holder = _hold(actor, consultation, participant_id, wave, config)
    chosen = next((each for each in _offered(consultation, wave) if each.key == key), None)
    if chosen is None:
        raise Invalid(NOT_OFFERED)
    there = list_dues_of(consultation.id, holder).get(wave)
    if there is None:
        _add(consultation, holder, wave, chosen)
    elif not _changed(
        update(Due)
        .where(Due.id == there.id, Due.issued_at.is_(None))
        .values(incentive_id=chosen.id, pence=chosen.pence)
    ):
        raise Conflict(ISSUED)


def give_up(
    actor: Actor, consultation: Consultation, participant_id: int, wave: Wave, *, config: Config
) -> None:
    """The participant is owed nothing for that wave, until they choose something after all.

    Raises
    ------
    NotPermitted, Conflict
        As `choose`.
    """
    holder = _hold(actor, consultation, participant_id, wave, config)
    there = list_dues_of(consultation.id, holder).get(wave)
    if there is not None and not _changed(delete(Due).where(Due.id == there.id, Due.issued_at.is_(None))):
        raise Conflict(ISSUED)


def give_contact(
    actor: Actor, consultation: Consultation, participant_id: int, typed: str, *, config: Config
) -> None:
    """What the participant is owed is sent there, in place of where it was sent before.

    Raises
    ------
    NotPermitted
        If they have earned nothing, or have left.
    Invalid
        If it is no e-mail address and no mobile number.
    """
    require(actor, Action.CLAIM_INCENTIVE, standing_of(consultation))
    lock_membership(consultation.id, participant_id)
    if not list_earned(consultation.id, participant_id):
        raise NotPermitted(NOT_EARNED)
    holder = holders.holder_of(participant_id, config=config)
    _forget_contact(consultation.id, holder)
    db.session.add(
        Contact(
            id=randbelow(IDS) + 1,
            consultation_id=consultation.id,
            holder=holder,
            sealed_contact=holders.seal(plain_contact(typed), config=config),
            given_at=_today(),
        )
    )
    db.session.flush()


def forget_contact(actor: Actor, consultation: Consultation, participant_id: int, *, config: Config) -> None:
    """Nobody knows how to reach the participant any more."""
    require(actor, Action.CHANGE_CONSENT, standing_of(consultation))
    lock_membership(consultation.id, participant_id)
    _forget_contact(consultation.id, holders.holder_of(participant_id, config=config))


def leave(consultation_id: int, participant_id: int, *, config: Config) -> None:
    """Nothing leads from what this participant is owed to them; it can still be collected by its number.

    For the deed of withdrawing, which asks whether that may be.
    """
    holder = holders.holder_of(participant_id, config=config)
    _forget_contact(consultation_id, holder)
    for due in list_dues_of(consultation_id, holder).values():
        db.session.execute(update(Due).where(Due.id == due.id).values(holder=holders.nobody()))


def _hold(actor: Actor, consultation: Consultation, participant_id: int, wave: Wave, config: Config) -> str:
    """The holder that this participant is; nothing else of theirs is written until this request ends."""
    require(actor, Action.CLAIM_INCENTIVE, standing_of(consultation))
    lock_membership(consultation.id, participant_id)
    if wave not in list_earned(consultation.id, participant_id) or not _offered(consultation, wave):
        raise NotPermitted(NOT_EARNED)
    return holders.holder_of(participant_id, config=config)


def _offered(consultation: Consultation, wave: Wave) -> list[Offered]:
    return offered_in(list_incentives(consultation.id), wave)


def _add(consultation: Consultation, holder: str, wave: Wave, chosen: Offered) -> None:
    for _ in range(TRIES):
        due = Due(
            id=randbelow(IDS) + 1,
            consultation_id=consultation.id,
            holder=holder,
            wave=wave,
            incentive_id=chosen.id,
            pence=chosen.pence,
            reference=new_number(),
            owed_at=_today(),
        )
        try:
            with db.session.begin_nested():
                db.session.add(due)
        except IntegrityError:
            continue
        return
    raise Conflict


def _forget_contact(consultation_id: int, holder: str) -> None:
    db.session.execute(
        delete(Contact).where(Contact.consultation_id == consultation_id, Contact.holder == holder)
    )


def _today() -> datetime:
    return day_of(clock.now())


def _changed(statement: Any) -> bool:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1
