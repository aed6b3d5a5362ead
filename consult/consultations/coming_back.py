"""Deeds of somebody who comes back: by their return code, or by the serial if the code is lost.

A code that is wrong, one that was replaced, one of somebody who has withdrawn and one of a consultation
that is over for good are refused in the same words, after the same work. Wrong tries are counted by the
address of the network, generously: a library has one address for everybody in it. Right ones do not
count, and neither do typing slips, which are told from the check sign alone. They are not counted by
browser, because a guesser throws the cookie away and a library's computer is one browser for many.
Where a proxy stands in front, it must pass the address on, or everybody shares one count.

Coming and going is not in the audit trail, where it would tell when a person sat at a computer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.access import VISITOR, Action, Actor, Role, allows, require
from consult.accounts import code_rules, codes, kept_forms, limits, resident_sessions
from consult.accounts.codes import Owner
from consult.consultations.models import Consultation, Membership, Participant
from consult.consultations.queries import Standing, standing_of
from consult.db import db
from consult.errors import Invalid
from consult.home import Config
from consult.words import N_

TRIES, TRIES_WITHIN = 100, timedelta(minutes=15)
UNKNOWN = N_("We do not know this code. Check it against your slip and enter it again")
UNKNOWN_SERIAL = N_("We do not know this number. Check it against your slip and enter it again")


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody who is back: the id of their session, where they take part, and where they were cut off."""

    session_id: str
    slug: str
    language: str | None
    cut_off_at: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """The owner of a code, in a consultation in which they still take part."""

    participant_id: int
    standing: Standing
    consultation: Consultation
    language: str | None


def come_back(actor: Actor, typed: str, *, address: str, is_shared: bool, config: Config) -> Returned:
    """The owner of the code is signed in, in a new session.

    Parameters
    ----------
    address : str
        Of the network that asks: wrong tries are counted by it.

    Raises
    ------
    Invalid
        If it cannot be a code, or is nobody's who takes part.
    NotPermitted
        If the actor is a member of staff.
    TooMany
        If too many wrong codes came from there lately.
    """
    require(actor, Action.RETURN)
    problem = code_rules.code_problem(typed)
    if problem:
        raise problem
    known = _recognised(codes.find_owner, typed, UNKNOWN, address=address, config=config)
    return _let_in(known, is_shared=is_shared)


def come_back_by_serial(
    actor: Actor, typed: str, *, address: str, is_shared: bool, session_id: str, config: Config
) -> Returned:
    """The owner of the serial is signed in and has a new code, which waits in their session.

    Parameters
    ----------
    session_id : str
        Of the session that begins, as `resident_sessions.id_for` makes it of the form: who sends the
        form twice is let into it again, and is not left with a code that nobody has seen.

    Raises
    ------
    Invalid, NotPermitted, TooMany
        As `come_back`.
    """
    require(actor, Action.RETURN)
    problem = code_rules.serial_problem(typed)
    if problem:
        raise problem
    known = _recognised(codes.find_owner_of_serial, typed, UNKNOWN_SERIAL, address=address, config=config)
    if not codes.spend_serial(typed, config=config):  # somebody was first, a moment ago
        raise Invalid(UNKNOWN_SERIAL)
    returned = _let_in(known, is_shared=is_shared, session_id=session_id)
    codes.replace_code(
        _as_resident(known), known.standing, known.participant_id, session_id=session_id, config=config
    )
    return returned


def _recognised(
    find: Callable[..., Owner | None], typed: str, unknown: str, *, address: str, config: Config
) -> _Known:
    """Who it is, if this is somebody's who takes part; the try counts until that is known."""
    this_try = limits.count("return", address, TRIES, TRIES_WITHIN, config=config)
    known = _find_known(find(typed, config=config) or Owner(0, 0))
    if known is None:
        raise Invalid(unknown)
    limits.take_back(this_try)
    return known


def _find_known(owner: Owner) -> _Known | None:
    """Find the owner where they still take part; asked of nobody as well, so that it takes as long."""
    asked = (
        select(Consultation, Participant.language)
        .join(Participant, Participant.consultation_id == Consultation.id)
        .outerjoin(Membership, Membership.participant_id == Participant.id)
        .where(Participant.id == owner.participant_id, Consultation.id == owner.consultation_id)
        .where(Membership.withdrawn_at.is_(None))
        .options(joinedload(Consultation.stages))  # one statement, whoever it is
    )
    row = db.session.execute(asked).unique().one_or_none()
    if row is None:
        return None
    standing = standing_of(row.Consultation)
    if not allows(VISITOR, Action.RETURN, standing):
        return None
    return _Known(owner.participant_id, standing, row.Consultation, row.language)


def _let_in(known: _Known, *, is_shared: bool, session_id: str | None = None) -> Returned:
    session_id = resident_sessions.begin(
        known.participant_id, known.standing.id, is_shared=is_shared, session_id=session_id
    )
    return Returned(session_id, known.standing.slug, known.language, _cut_off_at(known))


def _cut_off_at(known: _Known) -> str | None:
    """The page that they were cut off on, unless the consultation has moved on since."""
    kept = kept_forms.find_last(known.participant_id)
    if kept is None or not kept.path.startswith(f"/consultations/{known.standing.slug}/"):
        return None
    moment_then = standing_of(known.consultation, kept.kept_at).moment
    return kept.path if moment_then is known.standing.moment else None


def _as_resident(known: _Known) -> Actor:
    return Actor(
        name=f"participant/{known.participant_id}",
        site_roles=frozenset(),
        roles={known.standing.id: frozenset({Role.RESIDENT})},
        participant_id=known.participant_id,
    )
