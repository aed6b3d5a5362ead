"""Deeds of somebody who wants to be told by e-mail of replies to them: asked for here, stopped anywhere.

The address is asked for this alone, and is not the one to which a thank-you goes: who gave that one did not
ask for these mails. It stands sealed under a keyed hash, so that the record alone does not lead from it to
what its owner said; nor does the time, of which only the day is kept.
"""

from datetime import datetime, time
from secrets import randbelow

from sqlalchemy import ColumnElement, and_, delete, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.accounts import keys
from consult.accounts.rules import plain_email
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid
from consult.forum.writing_models import Digest
from consult.home import Config
from consult.recruitment.queries import lock_membership
from consult.uktime import uk_instant, uk_time
from consult.words import N_

HOLDERS = "consult digest holders 1"
ADDRESSES = "consult digest addresses 1"
STOPS = "consult digest stops 1"
IDS = 2**31 - 1  # their order says nothing of who came when
NOT_AN_ADDRESS = N_("Enter an e-mail address, like name@example.org")


def holder_of(participant_id: int, *, config: Config) -> str:
    """What this participant is called where addresses for mails are kept."""
    return keys.keyed_hash(str(participant_id), config=config, purpose=HOLDERS)


def stop_token(holder: str, *, config: Config) -> str:
    """What stops the mails to this holder; it says nothing, and the record keeps only a hash of it."""
    return keys.keyed_hash(holder, config=config, purpose=STOPS)


def address_in(sealed: str, *, config: Config) -> str | None:
    """The address that was sealed; None if the secret key has changed since."""
    return keys.unseal(sealed, config=config, purpose=ADDRESSES)


def find_address(consultation_id: int, participant_id: int, *, config: Config) -> str | None:
    """Find where this participant is told of replies."""
    asked = select(Digest.sealed_address).where(_is_of(consultation_id, participant_id, config))
    sealed = db.session.scalar(asked)
    return address_in(sealed, config=config) if sealed else None


def want_mails(actor: Actor, consultation: Consultation, typed: str, *, config: Config) -> None:
    """The participant is told there of replies, from tomorrow on and once a day at the most.

    So they agree to be sent messages.

    Raises
    ------
    NotPermitted
        If the forum is not open, or they have left.
    Invalid
        If it is no e-mail address.
    """
    require(actor, Action.POST, standing_of(consultation))
    address = plain_email(typed)
    if address is None:
        raise Invalid(NOT_AN_ADDRESS)
    assert actor.participant_id is not None
    member = lock_membership(consultation.id, actor.participant_id)
    sealed = keys.seal(address, config=config, purpose=ADDRESSES)
    changed = (
        update(Digest)
        .where(_is_of(consultation.id, actor.participant_id, config))
        .values(sealed_address=sealed)  # when the last mail went out stays: another address gets no second
        .returning(Digest.id)
    )
    if db.session.execute(changed).scalar() is None:
        db.session.add(_new(consultation.id, actor.participant_id, sealed, config))
    if not member.messages:
        member.messages = True
        record(actor, Action.CHANGE_CONSENT, consultation.slug)
    db.session.flush()


def want_no_mails(actor: Actor, consultation: Consultation, *, config: Config) -> None:
    """The participant is told of replies by no mail any more, and their address is gone."""
    require(actor, Action.CHANGE_CONSENT, standing_of(consultation))
    assert actor.participant_id is not None
    lock_membership(consultation.id, actor.participant_id)
    forget_address(consultation.id, actor.participant_id, config=config)


def stop_mails(token: str) -> None:
    """Whoever has the token of these mails gets none any more; of another token nothing comes."""
    db.session.execute(delete(Digest).where(Digest.stop_hash == keys.token_hash(token)))


def forget_address(consultation_id: int, participant_id: int, *, config: Config) -> None:
    """Nothing is left by which this participant was to be told; for deeds that ask whether that may be."""
    db.session.execute(delete(Digest).where(_is_of(consultation_id, participant_id, config)))


def _new(consultation_id: int, participant_id: int, sealed: str, config: Config) -> Digest:
    holder, today = holder_of(participant_id, config=config), uk_time(clock.now()).date()
    return Digest(
        id=randbelow(IDS) + 1,
        consultation_id=consultation_id,
        holder=holder,
        sealed_address=sealed,
        stop_hash=keys.token_hash(stop_token(holder, config=config)),
        told_until=uk_instant(datetime.combine(today, time.min)),
        sent_on=today,
    )


def _is_of(consultation_id: int, participant_id: int, config: Config) -> ColumnElement[bool]:
    return and_(
        Digest.consultation_id == consultation_id,
        Digest.holder == holder_of(participant_id, config=config),
    )
