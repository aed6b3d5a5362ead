"""Who may do what, and when: the one table, and the one question asked of it.

Situation: a consultation passes through nine moments, and what a person may do depends on their
role in that consultation and on the moment. Choice: one table of role × action × moments, read by
every service function (`require`) and every template (`allows`). Whatever is not in the table is
refused. Names of actions are the ids of the permission matrix, so that the two can be compared by
a test. The operator is whoever holds a shell on the machine: the command line acts in that role,
through the same table, and no page can.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from consult.errors import Conflict, NotFound, NotPermitted


class Role(StrEnum):
    """What a person is, in one consultation or on the whole site."""

    VISITOR = "visitor"
    RESIDENT = "resident"
    ASSISTANT = "assistant"
    MODERATOR = "moderator"
    OFFICER = "officer"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


CONSULTATION_ROLES = (Role.OFFICER, Role.MODERATOR, Role.ANALYST, Role.ASSISTANT)
STAFF_ROLES = (*CONSULTATION_ROLES, Role.ADMINISTRATOR)


class Moment(StrEnum):
    """Where a consultation is in its life; the letters of the permission matrix."""

    DRAFT = "D"
    SURVEY = "1"
    SUMMARISING = "A"
    FORUM = "2"
    BETWEEN = "B"
    FOLLOW_UP = "3"
    CLOSED = "C"
    PUBLISHED = "P"
    ARCHIVED = "X"


class Action(StrEnum):
    """Everything that can be done, by its id in the permission matrix."""

    HEALTH = "ops.health"
    STAFF_SIGN_IN = "acct.staff_signin"
    SIGN_OUT = "sess.signout"
    READ_RESULTS = "pub.results"
    FREEZE_RESULTS = "res.freeze"
    EXPORT_TABLES = "x.tables"
    EXPORT_ROWS = "x.rows"
    LOAD_BUNDLE = "op.load"
    DUMP_BUNDLE = "op.dump"
    WRITE_RECORD = "op.record"
    ADD_STAFF = "op.staff"


ALWAYS = frozenset(Moment)
AFTER_CLOSING = frozenset({Moment.CLOSED, Moment.PUBLISHED, Moment.ARCHIVED})
WITH_ROWS = frozenset({Moment.CLOSED, Moment.PUBLISHED})

TABLE: Mapping[Action, Mapping[Role, frozenset[Moment]]] = {
    Action.HEALTH: dict.fromkeys(Role, ALWAYS),
    Action.STAFF_SIGN_IN: dict.fromkeys((Role.VISITOR, *STAFF_ROLES), ALWAYS),
    Action.SIGN_OUT: dict.fromkeys(Role, ALWAYS),
    Action.READ_RESULTS: dict.fromkeys((Role.OFFICER, Role.ANALYST, Role.OPERATOR), AFTER_CLOSING),
    Action.FREEZE_RESULTS: dict.fromkeys((Role.OFFICER, Role.ANALYST, Role.OPERATOR), AFTER_CLOSING),
    Action.EXPORT_TABLES: dict.fromkeys((Role.OFFICER, Role.ANALYST, Role.OPERATOR), WITH_ROWS),
    Action.EXPORT_ROWS: dict.fromkeys((Role.ANALYST, Role.OPERATOR), WITH_ROWS),
    Action.LOAD_BUNDLE: {Role.OPERATOR: ALWAYS},
    Action.DUMP_BUNDLE: {Role.OPERATOR: ALWAYS},
    Action.WRITE_RECORD: {Role.OPERATOR: ALWAYS},
    Action.ADD_STAFF: {Role.OPERATOR: ALWAYS},
}

TOO_EARLY: Mapping[Action, str] = {
    Action.READ_RESULTS: "There are no results until every stage has closed.",
    Action.FREEZE_RESULTS: "The comparison can be made when every stage has closed.",
    Action.EXPORT_TABLES: "Data can be downloaded after every stage has closed and before it is archived.",
    Action.EXPORT_ROWS: "Data can be downloaded after every stage has closed and before it is archived.",
}


class Target(Protocol):
    """A consultation, as far as access is concerned."""

    @property
    def id(self) -> int: ...

    @property
    def moment(self) -> Moment: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: their site-wide roles, and their roles in each consultation (by its id)."""

    name: str
    site_roles: frozenset[Role] = frozenset({Role.VISITOR})
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)

    def roles_for(self, target: Target | None) -> frozenset[Role]:
        """Every role that this person has towards ``target``."""
        return self.site_roles | (self.roles.get(target.id, frozenset()) if target else frozenset())


OPERATOR = Actor("operator", frozenset({Role.OPERATOR}))
VISITOR = Actor("visitor")


def allows(actor: Actor, action: Action, target: Target | None = None) -> bool:
    """Whether ``actor`` may do ``action`` with ``target`` now."""
    allowed = TABLE.get(action, {})
    if target is None:
        return any(role in allowed for role in actor.roles_for(None))
    return any(target.moment in allowed.get(role, frozenset()) for role in actor.roles_for(target))


def require(actor: Actor, action: Action, target: Target | None = None) -> None:
    """Let ``actor`` go on, or refuse.

    Raises
    ------
    NotFound
        If the actor has no part in this consultation: it may not even be known to them.
    NotPermitted
        If none of the actor's roles ever does this.
    Conflict
        If the role is right and the moment is wrong.
    """
    if allows(actor, action, target):
        return
    allowed = TABLE.get(action, {})
    roles = actor.roles_for(target)
    if target is not None and not (roles - {Role.VISITOR, Role.ADMINISTRATOR}):
        raise NotFound
    if not any(role in allowed for role in roles):
        raise NotPermitted
    raise Conflict(TOO_EARLY.get(action))
