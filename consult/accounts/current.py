"""Who is asking: the session cookie, flask-login, and the roles of the person behind a request.

The cookie holds a random id and nothing about anybody; the row of that id says who it is and whether
it still holds, and is asked on every request. flask-login's own protection is off: it ties a session
to the address of the network and the name of the browser, which changes on a council's network
in the middle of a morning, proves nothing about a thief on the same network, and would put a hash of
both into the cookie. There is no "remember me".
"""

import logging

from flask import Flask, g, request, session, url_for
from flask_login import current_user, login_user
from sqlalchemy.exc import OperationalError

from consult.access import VISITOR, Actor, Role
from consult.accounts import queries, resident_sessions, sessions
from consult.accounts.queries import SignedIn
from consult.accounts.resident_sessions import SignedInResident
from consult.extensions import login_manager
from consult.web.languages import CHOICE as LANGUAGE

log = logging.getLogger("consult.accounts")
REHEARSAL = "rehearsal"  # in the cookie: the id of a rehearsal that an officer walks
HALF = "half"  # in the cookie: the id of a session whose code is still missing
RESIDENT = "resident"  # in the cookie: the id of a participant's session
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
    roles = queries.list_roles(member.staff_id)
    is_officer = member.is_officer or any(Role.OFFICER in held for held in roles.values())
    return Actor(
        name=f"staff/{member.staff_id}",
        site_roles=frozenset({Role.ADMINISTRATOR} if member.is_administrator else ()),
        roles=roles,
        council_roles=frozenset({Role.OFFICER} if is_officer else ()),
    )


def roles_anywhere() -> frozenset[Role]:
    """Every role that the member of staff behind this request holds, in any consultation."""
    return (actor().site_roles | actor().council_roles).union(*actor().roles.values())


def resident() -> SignedInResident | None:
    """The participant whose session this browser carries, if it still holds."""
    found = _carried()
    return None if found is None or found.is_over else found


def resident_of_lost_session() -> SignedInResident | None:
    """The participant whose session in this browser ended by itself: what they typed is theirs."""
    found = _carried()
    return found if found is not None and found.is_over else None


def _carried() -> SignedInResident | None:
    if "resident" not in g:
        session_id = session.get(RESIDENT)
        g.resident = resident_sessions.find(session_id) if isinstance(session_id, str) else None
    found: SignedInResident | None = g.resident
    return found


def resident_actor() -> Actor:
    """The participant behind this request, as access sees them; a visitor if there is none."""
    found = resident()
    if found is None:
        return VISITOR
    return Actor(
        name=f"participant/{found.participant_id}",
        site_roles=frozenset(),
        roles={found.consultation_id: frozenset({Role.RESIDENT})},
        participant_id=found.participant_id,
    )


def reader(consultation_id: int) -> Actor:
    """Whoever reads a public page of this consultation: as participant, as its staff, or as anybody."""
    found = resident()
    if found is not None and found.consultation_id == consultation_id:
        return resident_actor()
    member = actor()
    return member if member.site_roles - {Role.VISITOR} or member.roles.get(consultation_id) else VISITOR


def enter_as_resident(session_id: str) -> None:
    """The browser carries that participant's session, beside its member of staff if it has one."""
    kept = {name: session[name] for name in (WHOLE, REHEARSAL, LANGUAGE) if name in session}
    session.clear()
    session.update(kept)
    session[RESIDENT] = session_id
    g.pop("resident", None)


def leave_as_resident() -> None:
    """The browser carries nothing of a participant any more: the next one may be somebody else.

    A member of staff in the same browser, who rehearses, stays.
    """
    kept = {name: session[name] for name in (WHOLE, REHEARSAL) if name in session}
    session.clear()
    session.update(kept)
    g.pop("resident", None)


def enter(session_id: str) -> None:
    """The browser carries that session, and nothing of what it carried before but its language."""
    _clear_but_language()
    member = queries.find_signed_in(session_id)
    if member is not None:
        login_user(member)
        for unused in ("_id", "_fresh"):  # a hash of address and browser; a mark that nothing reads
            session.pop(unused, None)
    g.pop("actor", None)


def wait_for_code(half_id: str) -> None:
    """The browser has shown a password, and carries nothing of what it carried before but its language."""
    _clear_but_language()
    session[HALF] = half_id


def _clear_but_language() -> None:
    language = session.get(LANGUAGE)
    session.clear()
    if language is not None:
        session[LANGUAGE] = language


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


def _is_background() -> bool:
    """Whether a script or the browser itself asks for this, and nobody has done anything.

    Browsers say so themselves where the site is reached over HTTPS, and only there: a script of ours that
    asks by the clock says it too.
    """
    if request.method == "GET" and "X-Background" in request.headers:
        return True
    asked_for = request.headers.get("Sec-Fetch-Dest", "document")
    is_guess = "prefetch" in request.headers.get("Sec-Purpose", "")
    return request.method == "GET" and (asked_for != "document" or is_guess)


def init_app(app: Flask) -> None:
    """Every request knows who is asking, before it touches anything else."""
    login_manager.session_protection = None
    login_manager.user_loader(queries.find_signed_in)
    login_manager.init_app(app)

    @app.before_request
    def _who() -> None:
        # A test may hold one context around several requests; nobody is to be taken for the one before.
        for kept in ("actor", "_login_user", "resident"):
            g.pop(kept, None)
        try:
            member, participant = staff(), resident()
            if member is not None:
                sessions.note_use(member)
            if participant is not None and not _is_background():
                resident_sessions.note_use(participant)
        except OperationalError:
            # A full disk or a long write elsewhere must not stop people from reading.
            log.warning("last use of a session could not be noted")
        # The cookie is signed anew with every page. Browsers keep whole pages in memory for Back, and throw
        # away those that are not to be stored as soon as such a cookie changes; also when the time is over.
        session.modified = session.modified or WHOLE in session or RESIDENT in session

    @app.context_processor
    def _for_templates() -> dict[str, object]:
        member = staff()
        return {
            "current_staff": member,
            "sign_out_url": url_for("staff.accounts.sign_out") if member else None,
        }
