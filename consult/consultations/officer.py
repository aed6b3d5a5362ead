"""A consultation's texts and dates: pages of its officers."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult import clock
from consult.access import Action
from consult.accounts import current
from consult.consultations import setting_up, timetable
from consult.consultations.models import Consultation, State
from consult.consultations.officer_forms import AboutForm, ReasonForm, TimetableForm, stage_form
from consult.consultations.oversight import Overseen, overseen
from consult.consultations.planning import faults, warnings
from consult.consultations.queries import list_stage_changes
from consult.consultations.sections import officer_sections
from consult.consultations.setting_up import EditedMeanwhile, spans_of
from consult.consultations.timeline import timeline
from consult.db import db
from consult.errors import Conflict, DomainError
from consult.web import once
from consult.web.dates import instant_parts, refuse_part
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("consultations", __name__)
blueprint.add_app_template_global(officer_sections)
MEANWHILE = 409


@blueprint.route("/<slug>/about", methods=["GET", "POST"])
def about(slug: str) -> Any:
    """What people are told; after publishing, as it was fixed."""
    place = overseen(slug)
    consultation = place.consultation
    if request.method == "GET" and consultation.state is not State.DRAFT:
        return respond("officer/consultations/about_fixed.html", consultation=consultation)
    overseen(slug, Action.EDIT_CONSULTATION)
    form = AboutForm.showing(consultation)
    if form.validate_on_submit():
        if again := once.sent_before(url_for("officer.desk.overview", slug=slug)):
            return again
        try:
            setting_up.change_about(current.actor(), consultation, form.about(), version=form.version.data)
        except EditedMeanwhile:
            return _show_both("officer/consultations/about.html", place, form)
        return _saved(_("The texts are saved."), "officer.desk.overview", slug=slug)
    return respond("officer/consultations/about.html", form=form, consultation=consultation, meanwhile=None)


@blueprint.route("/<slug>/timetable", methods=["GET", "POST"], endpoint="timetable")
def timetable_page(slug: str) -> Any:
    """When the stages open and close; after publishing, with the way to move them."""
    place = overseen(slug)
    consultation = place.consultation
    if request.method == "GET" and consultation.state is not State.DRAFT:
        return respond("officer/consultations/timetable_fixed.html", **_shown(consultation))
    overseen(slug, Action.EDIT_CONSULTATION)
    form = TimetableForm.showing(consultation)
    if form.validate_on_submit() and _can_stand(form):
        if "check" in request.form:  # look at it in words first; nothing is saved
            return _timetable_form(consultation, form)
        if again := once.sent_before(url_for(".timetable", slug=slug)):
            return again
        try:
            setting_up.set_timetable(
                current.actor(), consultation, form.timetable(), version=form.version.data
            )
        except EditedMeanwhile:
            return _show_both(
                "officer/consultations/timetable.html", place, form, **_planned(form.timetable())
            )
        return _saved(_("The timetable is saved."), "officer.consultations.timetable", slug=slug)
    return _timetable_form(consultation, form)


@blueprint.route("/<slug>/timetable/<any(survey,forum,follow_up):kind>", methods=["GET", "POST"])
def extend(slug: str, kind: str) -> Any:
    """Move one stage of a published consultation, or open it again."""
    place = overseen(slug, Action.CHANGE_STAGES)
    consultation = place.consultation
    there = url_for(".timetable", slug=slug)
    if consultation.state is State.DRAFT:
        return redirect(there, code=303)
    if request.method == "POST" and (again := once.sent_before(there)):
        return again
    stage = timetable.get_stage(consultation, kind)
    is_over = timetable.has_closed(consultation, kind)
    is_waiting = not is_over and not timetable.is_open(consultation, kind)
    form = stage_form(
        kind,
        with_opening=is_waiting,
        data={
            "version": consultation.version,
            "opens": instant_parts(stage.opens_at),
            "closes": instant_parts(stage.closes_at),
        },
    )
    if form.validate_on_submit():
        given = {
            "closes_at": form["closes"].value,
            "reason": form.reason.data,
            "version": form.version.data,
        }
        try:
            if is_over:
                timetable.reopen(current.actor(), consultation, kind, **given)
            else:
                opens_at = form["opens"].value if is_waiting else stage.opens_at
                timetable.change_stage(current.actor(), consultation, kind, opens_at=opens_at, **given)
        except EditedMeanwhile:
            return _show_both(
                "officer/consultations/stage.html", place, form, **_of_stage(consultation, kind)
            )
        except DomainError as refusal:
            db.session.rollback()
            refuse_part(form["closes"], "day", refusal)
        else:
            return _saved(
                _("The stage has new dates. Everybody can read what changed, and why."),
                ".timetable",
                slug=slug,
            )
    elif request.method == "POST":
        db.session.rollback()  # shown again, so that it can be sent once more
    return respond(
        "officer/consultations/stage.html",
        form=form,
        consultation=consultation,
        meanwhile=None,
        **_of_stage(consultation, kind),
    )


@blueprint.route("/<slug>/timetable/<any(survey,forum,follow_up):kind>/close", methods=["GET", "POST"])
def close(slug: str, kind: str) -> Any:
    """Close an open stage now."""
    place = overseen(slug, Action.CHANGE_STAGES)
    consultation = place.consultation
    # Before it is asked what may be done now: closing itself ends the time for closing.
    if request.method == "POST" and (again := once.sent_before(url_for(".timetable", slug=slug))):
        return again
    if not timetable.is_open(consultation, kind) or consultation.state is not State.PUBLISHED:
        raise Conflict("This stage is not open.")
    form = ReasonForm(data={"version": consultation.version})
    if form.validate_on_submit():
        try:
            timetable.close_now(
                current.actor(),
                consultation,
                kind,
                reason=form.reason.data,
                version=form.version.data,
            )
        except EditedMeanwhile:
            return _show_both(
                "officer/consultations/close.html", place, form, **_of_stage(consultation, kind)
            )
        except DomainError as refusal:
            db.session.rollback()
            refuse(form.reason, refusal)
        else:
            return _saved(_("The stage is closed."), ".timetable", slug=slug)
    elif request.method == "POST":
        db.session.rollback()
    return respond(
        "officer/consultations/close.html",
        form=form,
        consultation=consultation,
        meanwhile=None,
        **_of_stage(consultation, kind),
    )


def _can_stand(form: TimetableForm) -> bool:
    found = list(faults(form.timetable(), clock.wall()))
    for fault in found:
        refuse_part(form[f"{fault.kind}_{fault.end}"], "day", fault.refusal)
    return not found


def _timetable_form(consultation: Consultation, form: TimetableForm) -> Response:
    is_sound = form.is_submitted() and not form.errors
    planned = form.timetable() if is_sound else spans_of(consultation)
    return respond(
        "officer/consultations/timetable.html",
        form=form,
        consultation=consultation,
        meanwhile=None,
        is_checked=is_sound,
        **_planned(planned if not form.errors else {}),
    )


def _planned(spans: dict[str, Any]) -> dict[str, Any]:
    """The timetable in words, and what is unwise about it."""
    return {"spans": spans, "warnings": list(warnings(spans))}


def _shown(consultation: Consultation) -> dict[str, Any]:
    return {
        "consultation": consultation,
        "lines": timeline(consultation.stages, clock.now()),
        "changes": list_stage_changes(consultation),
        "can_change": consultation.state is State.PUBLISHED,
    }


def _of_stage(consultation: Consultation, kind: str) -> dict[str, Any]:
    [line] = [line for line in timeline(consultation.stages, clock.now()) if line.kind == kind]
    return {"line": line}


def _show_both(template: str, place: Overseen, form: Any, **values: Any) -> Response:
    """Somebody else was first: theirs is shown, and what was typed can be saved in its place."""
    db.session.rollback()
    consultation = place.consultation
    db.session.refresh(consultation)
    form.version.data = consultation.version
    values.setdefault("is_checked", False)
    answer = respond(template, form=form, consultation=consultation, meanwhile=consultation, **values)
    answer.status_code = MEANWHILE
    return answer


def _saved(sentence: str, endpoint: str, **values: Any) -> Response:
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for(endpoint, **values), code=303)
