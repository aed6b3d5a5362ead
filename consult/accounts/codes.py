"""Return codes: given, held until they are written down, redeemed, replaced, forgotten.

The record keeps keyed hashes alone, so that a copy of the database tells no code, also not by trying all
of them. The one place where a code can be read is the row of the session in which it was made, sealed,
until the person says that they have written it down. A code serves as often as its owner comes; it ends
when it is replaced, when they withdraw, and with the consultation.

    pair = codes.new_pair()
    codes.give_code(participant_id, consultation_id, code=pair.code, serial=pair.serial, config=config)
    codes.hold(session_id, pair, config)
"""

import json
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import CursorResult, Update, delete, select, update

from consult import clock
from consult.access import Action, Actor, Moment, require
from consult.accounts import code_rules, keys, resident_sessions
from consult.accounts.models import KeptForm, ResidentSession, ReturnCode
from consult.audit.service import record
from consult.db import db
from consult.home import Config


class Place(Protocol):
    """A consultation, as far as access to it is concerned."""

    @property
    def id(self) -> int: ...

    @property
    def slug(self) -> str: ...

    @property
    def moment(self) -> Moment: ...


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """A return code and the serial that replaces it, as they are printed; never shown by accident."""

    code: str
    serial: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose code it is."""

    participant_id: int
    consultation_id: int


def new_pair() -> Pair:
    """A code and a serial that nobody has had."""
    return Pair(code_rules.new_code(), code_rules.new_serial())


def give_code(participant_id: int, consultation_id: int, *, code: str, serial: str, config: Config) -> None:
    """The participant comes back with this code, and replaces it with this serial; older ones are dead.

    Raises
    ------
    ValueError
        If either is not what people could type.
    """
    signs, serial_signs = code_rules.normal(code), code_rules.normal_serial(serial)
    if signs is None or serial_signs is None:
        raise ValueError("not a code and its serial")
    values = {
        "code_hash": _code_hash(signs, config),
        "serial_hash": _serial_hash(serial_signs, config),
        "made_at": clock.wall(),
    }
    theirs = update(ReturnCode).where(ReturnCode.participant_id == participant_id)
    if not _changed(theirs.values(**values)):
        db.session.add(ReturnCode(participant_id=participant_id, consultation_id=consultation_id, **values))
    db.session.flush()


def find_owner(typed: str, *, config: Config) -> Owner | None:
    """Find whose return code this is, whatever has become of them since."""
    signs = code_rules.normal(typed)
    return _find_owner(ReturnCode.code_hash == _code_hash(signs, config)) if signs else None


def find_owner_of_serial(typed: str, *, config: Config) -> Owner | None:
    """Find whose serial this is, whatever has become of them since."""
    signs = code_rules.normal_serial(typed)
    return _find_owner(ReturnCode.serial_hash == _serial_hash(signs, config)) if signs else None


def is_code_of(participant_id: int, typed: str, *, config: Config) -> bool:
    """Whether this is the return code of that participant: for asking again before something weighty."""
    owner = find_owner(typed, config=config)
    return owner is not None and owner.participant_id == participant_id


def spend_serial(typed: str, *, config: Config) -> bool:
    """The serial opens nothing any more; whether this caller was the one to use it up.

    A condition in the UPDATE, not a look before it: of two who send it at one moment, one gets the code.
    """
    signs = code_rules.normal_serial(typed)
    if signs is None:
        return False
    theirs = update(ReturnCode).where(ReturnCode.serial_hash == _serial_hash(signs, config))
    return _changed(theirs.values(serial_hash=keys.token_hash(keys.new_token())))


def replace_code(
    actor: Actor, place: Place, participant_id: int, *, session_id: str | None = None, config: Config
) -> Pair:
    """The participant has a new code and serial; the old ones are dead, and their other sessions over.

    In the session that is named they stay signed in, and it holds the new pair until it is written down.
    """
    require(actor, Action.REPLACE_CODE, place)
    pair = new_pair()
    give_code(participant_id, place.id, code=pair.code, serial=pair.serial, config=config)
    resident_sessions.end_all(participant_id, but=session_id)
    if session_id is not None:
        hold(session_id, pair, config)
    record(actor, Action.REPLACE_CODE, f"participant/{participant_id}", consultation=place.slug)
    db.session.flush()
    return pair


def forget_code(participant_id: int) -> None:
    """No code brings this participant back, and nothing that they typed waits for them."""
    db.session.execute(delete(ReturnCode).where(ReturnCode.participant_id == participant_id))
    db.session.execute(delete(KeptForm).where(KeptForm.participant_id == participant_id))


def hold(session_id: str, pair: Pair, config: Config) -> None:
    """The pair can be read in this session, and only there, until it is written down."""
    sealed = keys.seal(json.dumps([pair.code, pair.serial]), config=config, purpose=keys.HELD_CODES)
    db.session.execute(_held_in(session_id).values(sealed_code=sealed))


def held(session_id: str, config: Config) -> Pair | None:
    """The pair that waits in this session; None if it has been written down, or the session is over."""
    sealed = db.session.scalar(
        select(ResidentSession.sealed_code).where(
            ResidentSession.id_hash == keys.token_hash(session_id), ResidentSession.ended_at.is_(None)
        )
    )
    opened = keys.unseal(sealed, config=config, purpose=keys.HELD_CODES) if sealed else None
    return Pair(*json.loads(opened)) if opened else None


def release(session_id: str) -> None:
    """The pair has been written down: it can be read nowhere any more."""
    db.session.execute(_held_in(session_id).values(sealed_code=None))


def _held_in(session_id: str) -> Update:
    return update(ResidentSession).where(
        ResidentSession.id_hash == keys.token_hash(session_id), ResidentSession.ended_at.is_(None)
    )


def _find_owner(which: Any) -> Owner | None:
    found = db.session.execute(select(ReturnCode.participant_id, ReturnCode.consultation_id).where(which))
    row = found.one_or_none()
    return Owner(*row) if row else None


def _code_hash(signs: str, config: Config) -> str:
    return keys.keyed_hash(signs, config=config, purpose=keys.RETURN_CODES)


def _serial_hash(signs: str, config: Config) -> str:
    return keys.keyed_hash(f"serial {signs}", config=config, purpose=keys.RETURN_CODES)


def _changed(statement: Update) -> bool:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1
