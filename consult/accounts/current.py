"""Who is asking: the session cookie, flask-login, and the roles of the person behind a request.

The cookie holds a random id and nothing about anybody; the row of that id says who it is and whether
it still holds, and is asked on every request. flask-login's own protection is off: it ties a session
to the address of the network and the name of the browser, which changes on a council's network
in the middle of a morning, proves nothing about a thief on the same network, and would put a hash of
both into the cookie. There is no "remember me".
"""

import logging

from flask import Flask, g, session, url_for
from flask_login import current_user, login_user
from sqlalchemy.exc import OperationalError

from consult.access import VISITOR, Actor, Role
from consult.accounts import queries, sessions
from consult.accounts.queries import SignedIn
from consult.extensions import login_manager

log = logging.getLogger("consult.accounts")
HALF = "half"  # in the cookie: the id of a session whose code is still missing
WHOLE = "_user_id"  # in the cookie: the id of a session, under flask-login's name


def staff() -> SignedIn | None:
    """The signed-in member of staff behind this request, if there is one."""
    user = current_user
    return user._get_current_object() if user and user.is_authenticated else None  # noqa: SLF001


def actor() -> Actor:
    """The person behind this request, with their roles in each consultation."""
    if "actor" not in g:
        g.actor = _actor(staff())
    found: Actor = g.actor
    return found


def _actor(member: SignedIn | None) -> Actor:
    if member is None:
        return VISITOR
    return Actor(
        name=f"staff/{member.staff_id}",
        site_roles=frozenset({Role.ADMINISTRATOR} if member.is_administrator else ()),
        roles=queries.list_roles(member.staff_id),
    )


def roles_anywhere() -> frozenset[Role]:
    """Every role that the person behind this request holds, in any consultation."""
    return actor().site_roles.union(*actor().roles.values())


def enter(session_id: str) -> None:
    """The browser carries that session, and nothing of what it carried before."""
    session.clear()
    member = queries.find_signed_in(session_id)
    if member is not None:
        login_user(member)
        for unused in ("_id", "_fresh"):  # a hash of address and browser; a mark that nothing reads
            session.pop(unused, None)
    g.pop("actor", None)


def wait_for_code(half_id: str) -> None:
    """The browser has shown a password, and carries nothing of what it carried before."""
    session.clear()
    session[HALF] = half_id


def waiting() -> str | None:
    """The id of the session in this browser that waits for its code."""
    found: str | None = session.get(HALF)
    return found


def has_lost_session() -> bool:
    """Whether this browser carries a session that no longer holds."""
    return WHOLE in session and staff() is None


def leave() -> None:
    """The browser carries nothing any more."""
    session.clear()
    g.pop("actor", None)
    login_manager._update_request_context_with_user()  # noqa: SLF001  (its own logout would leave a mark)


def init_app(app: Flask) -> None:
    """Every request knows who is asking, before it touches anything else."""
    login_manager.session_protection = None
    login_manager.user_loader(queries.find_signed_in)
    login_manager.init_app(app)

    @app.before_request
    def _who() -> None:
        # A test may hold one context around several requests; nobody is to be taken for the one before.
        for kept in ("actor", "_login_user"):
            g.pop(kept, None)
        member = staff()
        if member is None:
            return
        try:
            sessions.note_use(member)
        except OperationalError:
            # A full disk or a long write elsewhere must not stop people from reading.
            log.warning("last use of a session could not be noted")

    @app.context_processor
    def _for_templates() -> dict[str, object]:
        member = staff()
        return {
            "current_staff": member,
            "sign_out_url": url_for("staff.accounts.sign_out") if member else None,
        }
