"""Deeds with staff accounts: adding them, setting them up, signing in and out.

Signing in has two steps, password and code, and each step gives the browser a new session id. An
account has both factors or neither: there is no time in which a password alone would do.
"""

from typing import Any, Protocol, cast

from sqlalchemy import CursorResult, Update, delete, select, update
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import CONSULTATION_ROLES, STAFF_ROLES, Action, Actor, Role, require
from consult.accounts import keys, queries, rules, sessions, totp, tries
from consult.accounts.models import SetUpLink, Staff, StaffRole
from consult.accounts.passwords import hash_password, is_password
from consult.audit.service import record
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.home import Config
from consult.words import N_

WRONG_PASSWORD = N_("Check your e-mail address and password. One of them is wrong")
WRONG_CODE = N_("Check the 6 numbers and enter those that your app shows now. Each of them works once")
START_AGAIN = N_("Too much time has passed. Sign in again from the start.")
DEAD_LINK = N_("This link does not work any more. Ask for a new one.")
UNREADABLE = N_("We cannot check your codes any more. Ask for a new link to set up signing in.")


class Place(Protocol):
    """A consultation, as far as roles are concerned."""

    @property
    def id(self) -> int: ...

    @property
    def slug(self) -> str: ...


def add_staff(actor: Actor, email: str, *, role: Role, consultation: Place | None, config: Config) -> str:
    """The person has an account with this role; what to tell them.

    Returns
    -------
    str
        The one-time link for setting up signing in; or, for somebody who has done that already, a
        sentence that says so. Their sessions end, so that the new role holds from the next sign-in.

    Raises
    ------
    Invalid
        If the e-mail address cannot be one, or role and consultation do not go together.
    Conflict
        If the account is switched off, or is being added by somebody else just now.
    """
    require(actor, Action.CHANGE_ROLES)
    address = _email(email)
    if role not in STAFF_ROLES:
        raise Invalid(f"{role.value} is not a role of staff.")
    needs_place = role in CONSULTATION_ROLES and role is not Role.OFFICER
    if consultation is None and needs_place:
        raise Invalid("Say which consultation this is for.")
    if consultation is not None and role is Role.ADMINISTRATOR:
        raise Invalid("An administrator is for the whole site.")
    staff = queries.find_staff(address) or Staff(email=address, added_at=clock.wall())
    if staff.disabled_at is not None:
        raise Conflict("This account is switched off.")
    db.session.add(staff)
    try:
        db.session.flush()
        _give_role(staff, role, consultation)
    except IntegrityError as error:
        raise Conflict("Somebody else added this account just now. Try again.") from error
    sessions.end_all(staff.id)
    where = {"consultation": consultation.slug} if consultation else {}
    record(actor, Action.CHANGE_ROLES, _subject(staff.id), role=role.value, **where)
    if staff.password_hash is not None:
        return f"{address} can already sign in, at {config.base_url}/staff/sign-in. No new link is needed."
    return _new_link(staff, config=config)


def reset_staff(actor: Actor, email: str, *, config: Config) -> str:
    """The person's password and second factor are gone and their sessions over; a link to set up anew.

    Raises
    ------
    Invalid
        If there is no such account.
    """
    require(actor, Action.RESET_STAFF)
    staff = queries.find_staff(_email(email))
    if staff is None:
        raise Invalid("There is no account with this e-mail address.")
    staff.password_hash = staff.sealed_totp = None
    sessions.end_all(staff.id)
    record(actor, Action.RESET_STAFF, _subject(staff.id), step="reset")
    return _new_link(staff, config=config)


def set_up(actor: Actor, token: str, *, password: str, code: str, config: Config) -> str:
    """The person has a password and a second factor, and is signed in; the id of their session.

    Raises
    ------
    Conflict
        If the link is wrong, used or too old, also if somebody else uses it at this moment.
    Invalid
        If the password will not do, or the code is not what the app shows now.
    """
    require(actor, Action.STAFF_SIGN_IN)
    link = queries.find_open_link(token)
    if link is None:
        raise Conflict(DEAD_LINK)
    problem = rules.password_problem(password, names=public_names(config, link.email))
    if problem:
        raise problem
    step = totp.matching_step(_opened(link.sealed_totp, config), code, clock.wall())
    if step is None:
        raise Invalid(WRONG_CODE)
    hashed = hash_password(password)
    now = clock.wall()
    if not _changed(
        update(SetUpLink)
        .where(SetUpLink.token_hash == keys.token_hash(token))
        .where(SetUpLink.used_at.is_(None), SetUpLink.expires_at > now)
        .values(used_at=now)
    ):
        raise Conflict(DEAD_LINK)
    staff = _get_staff(link.staff_id)
    staff.password_hash, staff.sealed_totp, staff.last_totp_step = hashed, link.sealed_totp, step
    sessions.end_all(staff.id)
    record(actor, Action.STAFF_SIGN_IN, _subject(staff.id), step="set up")
    return sessions.begin(staff.id)


def enter_password(actor: Actor, email: str, password: str, *, config: Config) -> str:
    """The first of two steps is done: the id of a session that waits for the code.

    Raises
    ------
    Invalid
        In the same words and the same time for an unknown address, a wrong password, and an account
        that is switched off or not set up.
    TooMany
        If there were too many tries for this address.
    """
    require(actor, Action.STAFF_SIGN_IN)
    this_try = tries.count_try(email, config=config)
    address = rules.plain_email(email)
    found = queries.find_credentials(address) if address else None
    is_right = is_password(found.password_hash if found else None, password)
    if found is None or not is_right:
        raise Invalid(WRONG_PASSWORD)
    tries.take_back(this_try)
    return sessions.begin_half(found.staff_id)


def enter_code(actor: Actor, half_id: str, code: str, *, config: Config) -> str:
    """The person is signed in: the id of a new session.

    Raises
    ------
    Invalid
        If the code is not what the app shows now, or has been used.
    Conflict
        If the password was entered too long ago, or the second factor cannot be read any more.
    TooMany
        If there were too many tries for this account.
    """
    require(actor, Action.STAFF_SIGN_IN)
    found = queries.find_half_signed_in(half_id)
    if found is None:
        raise Conflict(START_AGAIN)
    staff_id, email = found
    this_try = tries.count_try(email, config=config)
    staff = _get_staff(staff_id)
    if staff.disabled_at is not None or staff.sealed_totp is None:
        raise Conflict(START_AGAIN)
    step = totp.matching_step(_opened(staff.sealed_totp, config), code, clock.wall())
    # A condition in the UPDATE, not a look before it: of two browsers with one code, one comes in.
    if step is None or not _changed(
        update(Staff).where(Staff.id == staff_id, Staff.last_totp_step < step).values(last_totp_step=step)
    ):
        raise Invalid(WRONG_CODE)
    if not sessions.finish_half(half_id):
        raise Conflict(START_AGAIN)
    tries.take_back(this_try)
    record(actor, Action.STAFF_SIGN_IN, _subject(staff_id), step="signed in")
    return sessions.begin(staff_id)


def sign_out(actor: Actor, session_id: str) -> None:
    """That session is over and its cookie opens nothing.

    It asks for no permission: whoever holds a session may end it, whatever became of their roles.
    """
    sessions.end(session_id)
    record(actor, Action.SIGN_OUT, actor.name)


def end_sessions(actor: Actor, email: str) -> int:
    """Every session of this person is over, in every browser; how many there were.

    Raises
    ------
    Invalid
        If there is no such account.
    """
    require(actor, Action.END_SESSIONS)
    staff = queries.find_staff(_email(email))
    if staff is None:
        raise Invalid("There is no account with this e-mail address.")
    ended = sessions.end_all(staff.id)
    record(actor, Action.END_SESSIONS, _subject(staff.id), sessions=ended)
    return ended


def public_names(config: Config, email: str) -> tuple[str, ...]:
    """What everybody can guess about this person's password."""
    return config.council_name, config.service_name, email.partition("@")[0]


def _email(typed: str) -> str:
    address = rules.plain_email(typed)
    if address is None:
        raise Invalid("Enter an e-mail address, like name@example.org.")
    return address


def _give_role(staff: Staff, role: Role, consultation: Place | None) -> None:
    if consultation is None:
        staff.is_administrator |= role is Role.ADMINISTRATOR
        staff.is_officer |= role is Role.OFFICER  # may set up consultations of their own
        return
    held = select(StaffRole).filter_by(staff_id=staff.id, consultation_id=consultation.id, role=role)
    if db.session.scalar(held) is None:
        db.session.add(StaffRole(staff_id=staff.id, consultation_id=consultation.id, role=role))
        db.session.flush()


def _new_link(staff: Staff, *, config: Config) -> str:
    """A fresh link; older ones stop working, so that there is never more than one way in."""
    # Two at once wait for each other here, on PostgreSQL; else neither would see the other's link.
    db.session.execute(select(Staff.id).where(Staff.id == staff.id).with_for_update())
    db.session.execute(delete(SetUpLink).where(SetUpLink.staff_id == staff.id, SetUpLink.used_at.is_(None)))
    token = keys.new_token()
    db.session.add(
        SetUpLink(
            token_hash=keys.token_hash(token),
            staff_id=staff.id,
            # Made now and not when the page is opened, so that the page shows the same picture each time.
            sealed_totp=keys.seal(totp.new_secret(), config=config),
            expires_at=clock.wall() + rules.LINK_LASTS,
        )
    )
    db.session.flush()
    return f"{config.base_url}/staff/set-up/{token}"


def _opened(sealed: str, config: Config) -> str:
    secret = keys.unseal(sealed, config=config)
    if secret is None:
        raise Conflict(UNREADABLE)
    return secret


def _get_staff(staff_id: int) -> Staff:
    staff = db.session.get(Staff, staff_id, populate_existing=True)
    if staff is None:
        raise NotFound
    return staff


def _changed(statement: Update) -> bool:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1


def _subject(staff_id: int) -> str:
    return f"staff/{staff_id}"
