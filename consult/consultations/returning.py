"""Pages of coming back with a return code."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import Field

from consult.access import VISITOR, Actor
from consult.accounts import current, resident_sessions
from consult.consultations.coming_back import Returned, come_back, come_back_by_serial
from consult.consultations.queries import slug_of
from consult.consultations.returning_forms import LostForm, ReturnForm
from consult.db import db
from consult.errors import Invalid, NotPermitted
from consult.web import languages, once
from consult.web.forms import refuse
from consult.web.rendering import respond
from consult.words import N_

blueprint = Blueprint("returning", __name__)
STAFF_HERE = N_(
    "You are signed in as a member of staff. Sign out before somebody takes part on this computer."
)


@blueprint.route("/return", methods=["GET", "POST"])
def enter_code() -> Any:
    """Come back with the return code; also where somebody is led whose time was over."""
    if "code" in request.args:  # an address stays in the history of a shared computer
        return redirect(url_for(".enter_code", closed=request.args.get("closed")), code=303)
    form = ReturnForm()
    if form.validate_on_submit():
        returned = _tried(come_back, form.code, is_shared=form.is_shared)
        if returned:
            carry_on = url_for("resident.surveys.carry_on", slug=returned.slug)
            return _let_in(returned, returned.cut_off_at or carry_on)
    return respond("public/returning/enter_code.html", form=form, was_closed="closed" in request.args)


@blueprint.route("/return/lost", methods=["GET", "POST"])
def lost() -> Any:
    """Get a new code for the serial on the other part of the slip."""
    form = LostForm()
    if form.validate_on_submit():
        session_id = resident_sessions.id_for(
            once.token_of(request.form), session.get("csrf_token", ""), config=current_app.config["CONSULT"]
        )
        returned = _tried(come_back_by_serial, form.serial, is_shared=form.is_shared, session_id=session_id)
        if returned:
            return _let_in(returned, _code_page(returned.slug))
        begun = resident_sessions.find_begun_just_now(session_id)
        if begun:  # the same form, sent again: the serial has served, and its code waits in that session
            current.enter_as_resident(session_id)
            return redirect(_code_page(slug_of(begun.consultation_id)), code=303)
    return respond("public/returning/lost.html", form=form)


def _code_page(slug: str) -> str:
    return url_for("resident.recruitment.code", slug=slug)


def _tried(deed: Callable[..., Returned], field: Field, **more: Any) -> Returned | None:
    """What the deed made of the field, or None, and then the field says why."""
    try:
        return deed(
            _asker(),
            field.data,
            address=request.remote_addr or "",
            config=current_app.config["CONSULT"],
            **more,
        )
    except Invalid as refusal:
        db.session.rollback()
        refuse(field, refusal)
        return None


def _asker() -> Actor:
    """Whoever has a code is a visitor until we know it; staff are not, unless they rehearse."""
    if current.staff() is not None and current.REHEARSAL not in session:
        raise NotPermitted(STAFF_HERE)
    return VISITOR


def _let_in(returned: Returned, page: str) -> Response:
    """The browser has its new session; the one that it may have had before is over."""
    before = current.resident()
    if before:
        resident_sessions.end(before.session_id)
    db.session.commit()
    current.enter_as_resident(returned.session_id)
    if returned.language and languages.CHOICE not in session:
        languages.choose(returned.language)
    return redirect(page, code=303)
