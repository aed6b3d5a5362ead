"""Reading accounts.

Whatever is asked before a deed begins is asked in a short transaction of its own, which is over when
the answer is there: a password takes 20 ms to check, and no transaction of SQLite waits meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from consult import clock
from consult.access import Role
from consult.accounts import keys, rules
from consult.accounts.models import SetUpLink, Staff, StaffRole, StaffSession
from consult.db import db, reading
from consult.errors import NotFound


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member of staff in one browser, as flask-login wants a user to be.

    Plain values: they can still be read when a request has failed and its transaction is undone.
    """

    session_id: str
    staff_id: int
    email: str
    is_administrator: bool
    is_officer: bool
    last_seen_at: datetime

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What flask-login puts into the cookie: the session, not the person."""
        return self.session_id


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    staff_id: int
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A set-up link that can still be used."""

    staff_id: int
    email: str
    sealed_totp: str


@contextmanager
def briefly() -> Iterator[Session]:
    """Inside, the record is read in a transaction that is over before the deed begins."""
    with reading(), Session(db.engine) as session:
        yield session


def find_staff(email: str) -> Staff | None:
    """Find the account with this e-mail address, in lower case."""
    return db.session.scalar(select(Staff).where(Staff.email == email))


def find_credentials(email: str) -> Credentials | None:
    """Find what is needed to check a password; nothing for an account that is switched off."""
    asked = select(Staff.id, Staff.password_hash).where(Staff.email == email, Staff.disabled_at.is_(None))
    with briefly() as session:
        found = session.execute(asked).one_or_none()
    return Credentials(found.id, found.password_hash) if found else None


def find_signed_in(session_id: str) -> SignedIn | None:
    """Find who uses the browser with this session, if it still holds."""
    found = _session(keys.token_hash(session_id))
    if found is None or not rules.is_live(
        began_at=found.began_at, last_seen_at=found.last_seen_at, now=clock.wall()
    ):
        return None
    return SignedIn(
        session_id, found.id, found.email, found.is_administrator, found.is_officer, found.last_seen_at
    )


def find_half_signed_in(half_id: str) -> tuple[int, str] | None:
    """Find whose password was right in this browser a few minutes ago: the id and e-mail address."""
    found = _session(half_hash(half_id))
    if found is None or clock.wall() - found.began_at >= rules.CODE_WAITS:
        return None
    return found.id, found.email


def half_hash(half_id: str) -> str:
    """The stored hash of a session that has shown a password and no code.

    Another hash than that of a whole session, so that the one can never be taken for the other.
    """
    return keys.token_hash(f"password only:{half_id}")


def _session(id_hash: str) -> Row[datetime, datetime, int, str, bool, bool] | None:
    asked = (
        select(
            StaffSession.began_at,
            StaffSession.last_seen_at,
            Staff.id,
            Staff.email,
            Staff.is_administrator,
            Staff.is_officer,
        )
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.id_hash == id_hash, StaffSession.ended_at.is_(None), Staff.disabled_at.is_(None))
    )
    with briefly() as session:
        return session.execute(asked).one_or_none()


def find_open_link(token: str) -> OpenLink | None:
    """Find what a set-up link opens; nothing if it is wrong, used or too old."""
    asked = (
        select(Staff.id, Staff.email, SetUpLink.sealed_totp)
        .join(Staff, Staff.id == SetUpLink.staff_id)
        .where(
            SetUpLink.token_hash == keys.token_hash(token),
            SetUpLink.used_at.is_(None),
            SetUpLink.expires_at > clock.wall(),
            Staff.disabled_at.is_(None),
        )
    )
    with briefly() as session:
        found = session.execute(asked).one_or_none()
    return OpenLink(found.id, found.email, found.sealed_totp) if found else None


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff as administrators see them; ``roles`` by the id of the consultation."""

    id: int
    email: str
    is_administrator: bool
    is_officer: bool
    is_set_up: bool
    is_off: bool
    roles: dict[int, frozenset[Role]]


def list_staff() -> list[Account]:
    """List every account by e-mail address, in two statements however many there are."""
    roles: defaultdict[int, dict[int, frozenset[Role]]] = defaultdict(dict)
    for held in db.session.execute(select(StaffRole.staff_id, StaffRole.consultation_id, StaffRole.role)):
        there = roles[held.staff_id].get(held.consultation_id, frozenset())
        roles[held.staff_id][held.consultation_id] = there | {held.role}
    everybody = db.session.scalars(select(Staff).order_by(Staff.email))
    return [_account(staff, roles[staff.id]) for staff in everybody]


def get_staff(staff_id: int) -> Account:
    """Get one account.

    Raises
    ------
    NotFound
        If there is none with this id.
    """
    staff = db.session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    return _account(staff, list_roles(staff_id))


def _account(staff: Staff, roles: dict[int, frozenset[Role]]) -> Account:
    return Account(
        id=staff.id,
        email=staff.email,
        is_administrator=staff.is_administrator,
        is_officer=staff.is_officer,
        is_set_up=staff.password_hash is not None,
        is_off=staff.disabled_at is not None,
        roles=roles,
    )


def list_roles(staff_id: int) -> dict[int, frozenset[Role]]:
    """List what somebody is in each consultation, by its id."""
    roles: defaultdict[int, set[Role]] = defaultdict(set)
    for row in db.session.execute(
        select(StaffRole.consultation_id, StaffRole.role).where(StaffRole.staff_id == staff_id)
    ):
        roles[row.consultation_id].add(row.role)
    return {consultation: frozenset(held) for consultation, held in roles.items()}
