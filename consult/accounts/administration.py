"""Deeds of administrators on accounts: roles given and taken, accounts switched off and on.

Whatever changes what somebody may do ends their sessions, in every browser, in the same transaction.
Nobody changes an account of their own, and the last administrator who can sign in stays one: a
conditional UPDATE counts the others, so that two who take each other's role do not both succeed.
"""

from typing import Any, Protocol, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, select, update
from sqlalchemy.orm import aliased

from consult import clock
from consult.access import CONSULTATION_ROLES, Action, Actor, Moment, Role, require
from consult.accounts import sessions
from consult.accounts.models import Staff, StaffRole
from consult.accounts.service import add_staff
from consult.audit.service import record
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.home import Config

OWN = "You cannot change your own account. Ask another administrator."
LAST = "This is the last administrator who can sign in. Make somebody else an administrator first."


class Place(Protocol):
    """A consultation, as far as roles and access are concerned."""

    @property
    def id(self) -> int: ...

    @property
    def slug(self) -> str: ...

    @property
    def moment(self) -> Moment: ...


def give_role(actor: Actor, email: str, *, role: Role, place: Place | None, config: Config) -> str:
    """The person has this role; a one-time link if they have yet to set up signing in, else a sentence.

    Raises
    ------
    Invalid, Conflict
        As `service.add_staff`; also if it is the actor's own account.
    """
    require(actor, Action.CHANGE_ROLES)
    if place is not None:
        require(actor, Action.ASSIGN_STAFF, place)
    found = db.session.scalar(select(Staff.id).where(Staff.email == email.strip().lower()))
    if found is not None:
        _refuse_own(actor, found)
    return add_staff(actor, email, role=role, consultation=place, config=config)


def take_role(actor: Actor, staff_id: int, *, role: Role, place: Place | None) -> None:
    """The person has that role no more, and is signed out everywhere.

    Raises
    ------
    Conflict
        If it is the actor's own account, or the last administrator.
    Invalid
        If the role is one of a consultation and none is named.
    """
    require(actor, Action.CHANGE_ROLES)
    _refuse_own(actor, staff_id)
    staff = _get(staff_id)
    if place is not None:
        require(actor, Action.ASSIGN_STAFF, place)
        held = (StaffRole.staff_id == staff_id, StaffRole.consultation_id == place.id, StaffRole.role == role)
        db.session.execute(delete(StaffRole).where(*held))
    elif role is Role.ADMINISTRATOR:
        _unless_last(staff_id, is_administrator=False)
    elif role is Role.OFFICER:
        staff.is_officer = False
    elif role in CONSULTATION_ROLES:
        raise Invalid("Say which consultation this is for.")
    _ended(
        actor,
        staff_id,
        Action.CHANGE_ROLES,
        took=role.value,
        **({"consultation": place.slug} if place else {}),
    )


def switch_off(actor: Actor, staff_id: int) -> None:
    """The person cannot sign in, and is signed out everywhere. What they did stays on record.

    Raises
    ------
    Conflict
        If it is the actor's own account, or the last administrator.
    """
    require(actor, Action.CHANGE_ROLES)
    _refuse_own(actor, staff_id)
    staff = _get(staff_id)
    if staff.is_administrator:
        _unless_last(staff_id, disabled_at=clock.wall())
    else:
        staff.disabled_at = clock.wall()
    _ended(actor, staff_id, Action.CHANGE_ROLES, step="switched off")


def switch_on(actor: Actor, staff_id: int) -> None:
    """The person can sign in again, as before."""
    require(actor, Action.CHANGE_ROLES)
    _refuse_own(actor, staff_id)
    _get(staff_id).disabled_at = None
    record(actor, Action.CHANGE_ROLES, f"staff/{staff_id}", step="switched on")
    db.session.flush()


def _refuse_own(actor: Actor, staff_id: int) -> None:
    if actor.name == f"staff/{staff_id}":
        raise Conflict(OWN)


def _unless_last(staff_id: int, **values: object) -> None:
    """Change an administrator, unless there is no other who can sign in."""
    # Locks every administrator's row on PostgreSQL; on SQLite the transaction is alone anyway.
    db.session.execute(select(Staff.id).where(Staff.is_administrator).order_by(Staff.id).with_for_update())
    other = aliased(Staff)
    others: ColumnElement[int] = (
        select(func.count())
        .select_from(other)
        .where(other.is_administrator, other.disabled_at.is_(None), other.id != staff_id)
        .where(other.password_hash.is_not(None))
        .scalar_subquery()
    )
    changed = update(Staff).where(Staff.id == staff_id, others > 0).values(**values)
    if cast("CursorResult[Any]", db.session.execute(changed)).rowcount != 1:
        raise Conflict(LAST)
    db.session.expire_all()


def _ended(actor: Actor, staff_id: int, action: Action, **detail: str) -> None:
    sessions.end_all(staff_id)
    record(actor, action, f"staff/{staff_id}", **detail)
    db.session.flush()


def _get(staff_id: int) -> Staff:
    staff = db.session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    return staff
