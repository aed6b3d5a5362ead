"""Who we need: the panel's size, how many of whom, who is missing while people join, limits raised."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.access import Action
from consult.accounts import current
from consult.consultations.oversight import overseen
from consult.consultations.setting_up import EditedMeanwhile
from consult.db import db
from consult.errors import Conflict, DomainError, Invalid, NotPermitted
from consult.panel import limits, setting
from consult.panel.limits import Limit
from consult.panel.models import RETENTION
from consult.representation import bringing_in
from consult.representation.forms import PanelForm, RaiseForm, SureForm, targets_form, wanted_of
from consult.representation.page import shown_to
from consult.representation.picture import picture_of
from consult.representation.saving import saved, saved_before, shown
from consult.representation.words import changes_told
from consult.web import once
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("representation", __name__)
blueprint.url_value_preprocessor(bringing_in.room_for_files)


@blueprint.get("/<slug>/who-we-need")
def page(slug: str) -> Any:
    """How many of whom are wanted, how many there are, and what would help."""
    place = overseen(slug, Action.VIEW_TARGETS)
    return respond(
        "officer/representation/page.html", layout="officer/_navigation.html", **shown_to(place, _staff_id())
    )


@blueprint.route("/<slug>/who-we-need/panel", methods=["GET", "POST"])
def panel(slug: str) -> Any:
    """How many people the panel holds."""
    place = overseen(slug, Action.EDIT_TARGETS)
    consultation, there = place.consultation, url_for(".page", slug=slug)
    held = setting.find_panel(consultation)
    form = PanelForm(
        data={
            "version": consultation.version,
            "size": held.size if held else None,
            "retention": held.retention if held else RETENTION,
        }
    )
    meanwhile = False
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        try:
            setting.set_panel(
                place.actor,
                consultation,
                size=form.size.data,
                retention=form.retention.number,
                version=form.version.data,
            )
        except EditedMeanwhile:
            meanwhile = saved_before(form, consultation)
        else:
            return saved(there)
    return shown("panel", consultation, form, meanwhile=meanwhile)


@blueprint.route("/<slug>/who-we-need/groups/<path:key>", methods=["GET", "POST"])
def groups(slug: str, key: str) -> Any:
    """How many of each group of one question live here, and how many are wanted."""
    place = overseen(slug, Action.EDIT_TARGETS)
    consultation, there = place.consultation, url_for(".page", slug=slug)
    demographic = setting.get_demographic(consultation, key)
    form = targets_form(demographic, setting.list_targets_of(demographic), version=consultation.version)
    meanwhile = False
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        try:
            setting.set_wanted(
                place.actor,
                consultation,
                demographic,
                wanted_of(form, demographic),
                base=form.base.data or None,
                source=form.source.data or None,
                version=form.version.data,
            )
            if "share" in request.form:
                setting.share_out(place.actor, consultation, demographic, version=consultation.version)
        except EditedMeanwhile:
            meanwhile = saved_before(form, consultation)
            demographic = setting.get_demographic(consultation, key)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form["population_0"], refusal)
        else:
            return saved(there)
    return shown("groups", consultation, form, meanwhile=meanwhile, demographic=demographic)


@blueprint.route("/<slug>/who-we-need/file", methods=["GET", "POST"])
def bring_in(slug: str) -> Any:
    """How many of whom, from a file: a census download as it comes, or a table."""
    return bringing_in.bring_in(slug)


@blueprint.route("/<slug>/who-we-need/raise", methods=["GET", "POST"], defaults={"target_id": None})
@blueprint.route("/<slug>/who-we-need/raise/<int(max=2147483647):target_id>", methods=["GET", "POST"])
def raise_limit(slug: str, target_id: int | None) -> Any:
    """Ask for a higher limit; another officer confirms it."""
    place = overseen(slug, Action.OVERRIDE_TARGETS)
    consultation, there = place.consultation, url_for(".page", slug=slug)
    limit: Limit = limits.find_limit(consultation, target_id)
    form = RaiseForm()
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        try:
            limits.ask_to_raise(
                place.actor,
                consultation,
                limit,
                to=form.to.number,
                reason=form.reason.data,
                staff_id=_staff_id(),
            )
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.to, refusal)
        else:
            db.session.commit()
            flash(_("The other officer can confirm it now. It holds once they have."), "success")
            return redirect(there, code=303)
    return respond("officer/representation/raise.html", consultation=consultation, form=form, limit=limit)


@blueprint.route("/<slug>/who-we-need/changes/<int(max=2147483647):change_id>", methods=["GET", "POST"])
def change(slug: str, change_id: int) -> Any:
    """Confirm what another officer asked for, or take back what one asked for oneself."""
    place = overseen(slug, Action.OVERRIDE_TARGETS)
    consultation, there = place.consultation, url_for(".page", slug=slug)
    asked, staff_id = limits.get_change(consultation, change_id), _staff_id()
    form = SureForm()
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        try:
            if "take_back" in request.form:
                limits.take_back(place.actor, consultation, change_id)
                said = _("It is taken back. The limit is as it was.")
            else:
                taken = limits.confirm(place.actor, consultation, change_id, staff_id=staff_id)
                said = ngettext(
                    "The limit is raised. %(num)s person who waited has a place now.",
                    "The limit is raised. %(num)s people who waited have a place now.",
                    taken,
                )
        except DomainError:
            db.session.rollback()
            raise
        db.session.commit()
        flash(said, "success")
        return redirect(there, code=303)
    if asked.confirmed_at or asked.taken_back_at:
        raise Conflict(limits.DONE)
    return respond(
        "officer/representation/change.html",
        consultation=consultation,
        form=form,
        asked=asked,
        told=changes_told(consultation, picture_of(consultation, clock.now()), staff_id),
        is_mine=asked.asked_by_id == staff_id,
    )


def _staff_id() -> int:
    member = current.staff()
    if member is None:
        raise NotPermitted
    return member.staff_id
