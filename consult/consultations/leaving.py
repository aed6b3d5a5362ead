"""Pages of leaving a computer so that nothing of the person stays on it.

*Nothing for the Back button.* A browser keeps whole pages in memory and shows them on Back, whatever
`Cache-Control` says, and it puts a page there only after the answer to the form by which one left has
been read. What clears that memory must therefore come later: the page after leaving loads a style sheet
without a rule, whose answer tells the browser to forget this site and changes a cookie that scripts
cannot read. Measured in Chromium with scripts and without; a test in a browser holds it.

Where there is a form, the sheet may not take the cookie away that the form needs. It then changes the
cookie, clears cache and storage, and leaves the rest. The sheet does nothing to a browser in which somebody
is signed in, nor when another site asks for it.

*Hide my screen* ends the session: whoever sits down next, or looks over a shoulder, meets a page that
says nothing about anybody, and no button brings the page back. The other way, a session on hold that goes
on by itself, would show everything again to whoever presses Back. The cost is typing the code again; what
stood in the form is kept and is there again.
"""

import logging
from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from consult import clock
from consult.accounts import codes, current, kept_forms, keys, resident_sessions
from consult.accounts.resident_sessions import SignedInResident
from consult.consultations.queries import slug_of
from consult.consultations.returning import blueprint
from consult.db import db
from consult.errors import NotPermitted
from consult.extensions import csrf
from consult.web.audiences import local_path
from consult.web.languages import CHOICE as LANGUAGE
from consult.web.rendering import respond
from consult.web.sender import Sender, asked_by, sender

log = logging.getLogger("consult.returning")
LEFT = "left"  # in the cookie: a random text, so that the cookie changes
RESIDENTS = "resident"  # the audience whose pages show something personal
WARN_SECONDS = 120


@csrf.exempt  # type: ignore[untyped-decorator]
@blueprint.post("/finish")
def finish() -> Any:
    """Finish on this computer, also when the session or the token of the page has died."""
    sent_by = sender()
    if sent_by is Sender.FOREIGN:
        raise CSRFError
    resident = _carried()
    if resident and sent_by is Sender.UNKNOWN:
        return respond("public/returning/finish.html")
    if resident and "anyway" not in request.form and _has_unwritten_code(resident):
        return respond("public/returning/code_first.html", slug=slug_of(resident.consultation_id))
    if resident:
        resident_sessions.end(resident.session_id)
        db.session.commit()
    current.leave_as_resident()
    return redirect(url_for(".finished"), code=303)


@blueprint.get("/finished")
def finished() -> str:
    """That it worked, how to come back, and what to do on a shared computer."""
    return render_template("public/returning/finished.html")


@csrf.exempt  # type: ignore[untyped-decorator]
@blueprint.post("/hide")
def hide() -> Response:
    """Leave the page at once for one that says nothing; what was typed waits until its owner is back."""
    sent_by = sender()
    if sent_by is Sender.FOREIGN:
        raise CSRFError
    resident = _carried()
    if resident:
        try:
            _keep_and_end(resident, is_ours=sent_by is Sender.OURS)
        except OperationalError:
            db.session.rollback()  # a full disk must not keep the screen in sight
            log.warning("a session could not be ended on hiding the screen")
    current.leave_as_resident()
    if "idle" in request.args:
        return redirect(url_for(".enter_code", closed="1"), code=303)
    return redirect(url_for(".hidden"), code=303)


@blueprint.get("/hidden")
def hidden() -> str:
    """A page of the council like any other."""
    return render_template("public/returning/hidden.html")


@blueprint.post("/stay")
def stay() -> Response:
    """The person is still there: the session counts from now. The request itself has noted that."""
    resident = current.resident()
    if resident is None:
        raise NotPermitted
    return Response(status=204)


@blueprint.get("/finished.css")
def clear_sheet() -> Response:
    """A style sheet without a rule, with which the browser forgets this site."""
    if not _may_clear():
        return _sheet()
    session.clear()
    session[LEFT] = keys.new_token()
    return _sheet('"cache", "cookies", "storage"')


@blueprint.get("/closed.css")
def closed_sheet() -> Response:
    """A style sheet without a rule, with which the browser forgets the pages before, not this form."""
    if not _may_clear():
        return _sheet()
    session.pop(LANGUAGE, None)
    session[LEFT] = keys.new_token()
    return _sheet('"cache", "storage"')


@blueprint.app_context_processor
def _ways_out() -> dict[str, Any]:
    """What a page of somebody who takes part leads to, and when it closes."""
    try:
        resident = current.resident()
    except OperationalError:  # the page that says so must still come
        resident = None
    if resident is None:
        return {"finish_url": None, "hide_url": None, "idle": None}
    here = request.path if RESIDENTS in request.blueprints else None
    return {
        "finish_url": url_for("public.returning.finish"),
        "hide_url": url_for("public.returning.hide", here=here) if here else None,
        "idle": _idle(resident, here) if here and resident.is_shared else None,
    }


def ways_out_at(here: str) -> dict[str, Any]:
    """The ways out of a public page on which somebody writes, in a form that is sent to ``here``.

    What stands in that form is kept as on a page of residents: it waits there.
    """
    resident = current.resident()
    if resident is None:
        return {}
    return {
        "hide_url": url_for("public.returning.hide", here=here),
        "idle": _idle(resident, here) if resident.is_shared else None,
    }


def _idle(resident: SignedInResident, here: str) -> dict[str, Any]:
    return {
        "lasts": int(resident_sessions.IDLE_SHARED.total_seconds()),
        "closes_in": int((resident_sessions.ends_at(resident) - clock.wall()).total_seconds()),
        "warn_before": WARN_SECONDS,
        "stay_url": url_for("public.returning.stay"),
        "close_url": url_for("public.returning.hide", here=here, idle="1"),
    }


def _carried() -> SignedInResident | None:
    """Whose session this browser carries, over or not."""
    return current.resident() or current.resident_of_lost_session()


def _has_unwritten_code(resident: SignedInResident) -> bool:
    """Whether they could not come back if they left now."""
    return not resident.is_over and codes.held(resident.session_id, current_app.config["CONSULT"]) is not None


def _keep_and_end(resident: SignedInResident, *, is_ours: bool) -> None:
    path = local_path(request.args.get("here"))
    if path and is_ours:
        kept_forms.keep(
            resident.participant_id,
            resident.consultation_id,
            path,
            request.form,
            config=current_app.config["CONSULT"],
        )
    resident_sessions.end(resident.session_id)
    db.session.commit()


def _may_clear() -> bool:
    """Whether a page of ours asks, in a browser in which nobody is signed in."""
    return asked_by() is Sender.OURS and current.resident() is None and current.staff() is None


def _sheet(cleared: str | None = None) -> Response:
    sheet = Response("/* nothing */\n", mimetype="text/css")
    if cleared:
        sheet.headers["Clear-Site-Data"] = cleared
    return sheet
