"""Pages of administrators: who has an account, what each may do where, and the trail of what was done."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult.access import STAFF_ROLES, Action, Role, require
from consult.accounts import administration, current, service
from consult.accounts.queries import get_staff, list_staff
from consult.audit.queries import list_entries
from consult.consultations.admin_forms import ROLE_NAMES, NewStaffForm, RoleForm
from consult.consultations.queries import Standing, get_consultation, list_all, standing_of
from consult.db import db
from consult.errors import DomainError, Invalid
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("accounts", __name__)
A_PAGE = 100


@blueprint.get("/")
def home() -> str:
    """Everybody who has an account."""
    require(current.actor(), Action.LIST_STAFF)
    return render_template("admin/accounts/home.html", staff=list_staff(), titles=_titles(), names=ROLE_NAMES)


@blueprint.route("/staff/new", methods=["GET", "POST"])
def add() -> Any:
    """An account for somebody, or a further role; then the link to hand over, shown once."""
    require(current.actor(), Action.LIST_STAFF)
    form = NewStaffForm(_places())
    if form.validate_on_submit():
        try:
            said = _give(form.email.data, form)
        except DomainError as refusal:
            db.session.rollback()
            refuse(form.consultation if "consultation" in refusal.sentence else form.email, refusal)
        else:
            db.session.commit()
            return render_template("admin/accounts/link.html", said=said)
    return respond("admin/accounts/add.html", form=form)


@blueprint.get("/staff/<int(max=2147483647):staff_id>")
def member(staff_id: int) -> Any:
    """One account: its roles, and what can be done about it."""
    return _member(staff_id, RoleForm(_places()))


@blueprint.post("/staff/<int(max=2147483647):staff_id>/roles")
def give_role(staff_id: int) -> Any:
    """One more role."""
    form = RoleForm(_places())
    require(current.actor(), Action.CHANGE_ROLES)
    if form.validate_on_submit():
        try:
            _give(get_staff(staff_id).email, form)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.consultation, refusal)
        else:
            return _done(staff_id, _("The role has been given. They are signed out everywhere."))
    return _member(staff_id, form)


@blueprint.post("/staff/<int(max=2147483647):staff_id>/roles/take")
def take_role(staff_id: int) -> Response:
    """One role fewer."""
    role = request.form.get("role", "")
    if role not in {each.value for each in STAFF_ROLES}:
        raise Invalid("Choose a role")
    place = _standing(request.form.get("consultation", ""))
    administration.take_role(current.actor(), staff_id, role=Role(role), place=place)
    return _done(staff_id, _("The role has been taken away. They are signed out everywhere."))


@blueprint.post("/staff/<int(max=2147483647):staff_id>/reset")
def reset(staff_id: int) -> str:
    """A new link; password, app and sessions are gone."""
    require(current.actor(), Action.RESET_STAFF)
    link = service.reset_staff(
        current.actor(), get_staff(staff_id).email, config=current_app.config["CONSULT"]
    )
    db.session.commit()
    return render_template("admin/accounts/link.html", said=link)


@blueprint.post("/staff/<int(max=2147483647):staff_id>/sign-out")
def end_sessions(staff_id: int) -> Response:
    """Signed out everywhere."""
    require(current.actor(), Action.END_SESSIONS)
    service.end_sessions(current.actor(), get_staff(staff_id).email)
    return _done(staff_id, _("They are signed out everywhere."))


@blueprint.post("/staff/<int(max=2147483647):staff_id>/switch")
def switch(staff_id: int) -> Response:
    """Switched off, or on again."""
    if request.form.get("to") == "on":
        administration.switch_on(current.actor(), staff_id)
        return _done(staff_id, _("They can sign in again."))
    administration.switch_off(current.actor(), staff_id)
    return _done(staff_id, _("The account is switched off."))


@blueprint.get("/audit")
def audit() -> str:
    """Who did what, the newest first."""
    require(current.actor(), Action.READ_AUDIT)
    before = request.args.get("before", type=int)
    entries = list_entries(before=before, most=A_PAGE)
    older = entries[-1].id if len(entries) == A_PAGE else None
    return render_template("admin/accounts/audit.html", entries=entries, older=older)


def _member(staff_id: int, form: RoleForm) -> Response:
    require(current.actor(), Action.LIST_STAFF)
    found = get_staff(staff_id)
    return respond(
        "admin/accounts/member.html",
        form=form,
        member=found,
        titles=_titles(),
        names=ROLE_NAMES,
        is_own=current.actor().name == f"staff/{staff_id}",
    )


def _give(email: str, form: RoleForm) -> str:
    role = Role(form.role.data)
    place = _standing(form.consultation.data)
    config = current_app.config["CONSULT"]
    return administration.give_role(current.actor(), email, role=role, place=place, config=config)


def _standing(slug: str) -> Standing | None:
    return standing_of(get_consultation(slug)) if slug else None


def _places() -> list[tuple[str, str]]:
    return [(consultation.slug, consultation.title) for consultation in list_all()]


def _titles() -> dict[int, tuple[str, str]]:
    """Slug and title of each consultation by its id."""
    return {consultation.id: (consultation.slug, consultation.title) for consultation in list_all()}


def _done(staff_id: int, sentence: str) -> Response:
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for(".member", staff_id=staff_id), code=303)
