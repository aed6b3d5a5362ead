"""The officer's desk: what waits, a new consultation, its overview, rehearsing and publishing it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult import clock
from consult.access import Action, Role, allows, require
from consult.accounts import current, resident_sessions
from consult.bundles.problems import BundleRefused
from consult.consultations.models import Consultation, State
from consult.consultations.oversight import Overseen, overseen
from consult.consultations.planning import warnings
from consult.consultations.queries import list_consultations
from consult.consultations.setting_up import EditedMeanwhile, SlugTaken, spans_of
from consult.db import db
from consult.desk import bringing_in, creating, people, publishing, rehearsing
from consult.desk.forms import (
    COPY,
    FILES,
    NewConsultationForm,
    PublishForm,
    RehearseForm,
)
from consult.desk.home_page import listed, waiting
from consult.desk.overview_page import overview_of
from consult.desk.people_forms import choices_of, people_form, suffix
from consult.desk.queries import was_rehearsed
from consult.errors import Conflict, Invalid, NotPermitted
from consult.web import once, telling
from consult.web.dates import refuse_part
from consult.web.forms import refuse
from consult.web.languages import translated
from consult.web.rendering import respond

blueprint = Blueprint("desk", __name__)
MEANWHILE = 409
FEW_MEGABYTES = 6_000_000  # files of 5 MB, and the form around them


@blueprint.url_value_preprocessor
def _room_for_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A bundle may be larger than the forms of residents; this is asked before the form is read."""
    if endpoint == "officer.desk.create":
        request.max_content_length = FEW_MEGABYTES


@blueprint.get("/")
def home() -> str:
    """What waits to be done, and the officer's consultations."""
    actor = current.actor()
    places = listed(_mine(), clock.now())
    return render_template(
        "officer/desk/home.html",
        places=places,
        waiting=waiting(places),
        may_create=allows(actor, Action.CREATE_CONSULTATION),
        is_administrator=Role.ADMINISTRATOR in actor.site_roles,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def create() -> Any:
    """A new consultation."""
    require(current.actor(), Action.CREATE_CONSULTATION)
    form = NewConsultationForm(mine=_mine())
    try:
        return _create(form)
    finally:
        for file in request.files.values():
            file.close()  # the larger ones stand on the disk until they are


def _create(form: NewConsultationForm) -> Any:
    problems: list[str] = []
    if form.validate_on_submit():
        token = once.token_of(request.form)
        led_to = once.claim(token)
        if led_to:
            return redirect(led_to, code=303)
        try:
            consultation = _created(form)
        except SlugTaken as taken:
            db.session.rollback()
            refuse(form.slug, taken)
        except BundleRefused as refused:
            db.session.rollback()
            problems = refused.message.splitlines()
            refuse(form.files, Invalid("These files cannot be used. What is wrong stands below"))
        else:
            return _led_to(consultation, token)
    return respond(
        "officer/desk/create.html",
        form=form,
        problems=problems,
        has_own=bool(form.mine),
    )


@blueprint.get("/<slug>/")
def overview(slug: str) -> str:
    """Where the consultation is, what is to be done for it, and how many people came how far."""
    place = overseen(slug)
    return render_template(
        "officer/desk/overview.html",
        consultation=place.consultation,
        moment=place.standing.moment.name.lower(),
        **overview_of(place, clock.now()),
    )


@blueprint.route("/<slug>/people", methods=["GET", "POST"], endpoint="people")
def people_page(slug: str) -> Any:
    """What people are asked about themselves, and when."""
    place = overseen(slug)
    consultation = place.consultation
    questions = people.list_questions(consultation)
    if request.method == "GET" and consultation.state is not State.DRAFT:
        return respond("officer/desk/people_fixed.html", consultation=consultation, questions=questions)
    overseen(slug, Action.EDIT_DEMOGRAPHICS)
    form = people_form(questions, version=consultation.version)
    meanwhile = False
    if form.validate_on_submit():
        if again := once.sent_before(url_for(".overview", slug=slug)):
            return again
        try:
            people.choose_questions(
                place.actor, consultation, choices_of(form, questions), version=form.version.data
            )
        except EditedMeanwhile:
            db.session.rollback()
            meanwhile = True
            questions = people.list_questions(consultation)
            form = people_form(questions, version=consultation.version)
            form["version"].data = consultation.version
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".overview", slug=slug), code=303)
    answer = respond(
        "officer/desk/people.html",
        form=form,
        consultation=consultation,
        questions=questions,
        suffix=suffix,
        meanwhile=meanwhile,
    )
    if meanwhile:
        answer.status_code = MEANWHILE
    return answer


@blueprint.route("/<slug>/rehearse", methods=["GET", "POST"])
def rehearse(slug: str) -> Any:
    """Choose a moment and walk the consultation as a resident."""
    place = overseen(slug, Action.REHEARSE)
    consultation = place.consultation
    steps = rehearsing.steps_of(consultation)
    form = RehearseForm(steps, told=telling.uk_date_time)
    if form.validate_on_submit():
        if once.sent_before(url_for("public.consultations.page", slug=slug)):
            return _walk(slug, rehearsing.get_rehearsal(consultation, _staff_id()).id)
        try:
            begun = rehearsing.begin_rehearsal(place.actor, consultation, staff_id=_staff_id(), at=form.at)
        except Invalid as refusal:
            db.session.rollback()
            refuse_part(form.when, "year", refusal)
        else:
            db.session.commit()
            return _walk(slug, begun.id)
    going_on = rehearsing.find_rehearsal(consultation, _staff_id())
    return respond(
        "officer/desk/rehearse.html",
        form=form,
        consultation=consultation,
        going_on=going_on,
        is_here=going_on is not None and session.get(current.REHEARSAL) == going_on.id,
    )


@blueprint.post("/<slug>/rehearse/carry-on")
def carry_on_rehearsing(slug: str) -> Response:
    """Go on with a rehearsal that this browser has lost, for example by finishing on this computer."""
    place = overseen(slug, Action.REHEARSE)
    found = rehearsing.get_rehearsal(place.consultation, _staff_id())
    return _walk(slug, found.id)


@blueprint.post("/<slug>/rehearse/again")
def rehearse_again(slug: str) -> Response:
    """Walk on at the same time as somebody new."""
    place = overseen(slug, Action.REHEARSE)
    found = rehearsing.get_rehearsal(place.consultation, _staff_id())
    _leave_as_resident(place)
    db.session.commit()
    return _walk(slug, found.id)


@blueprint.post("/<slug>/rehearse/end")
def end_rehearsal(slug: str) -> Response:
    """Rehearse no longer."""
    place = overseen(slug)
    rehearsing.end_rehearsal(place.actor, place.consultation, staff_id=_staff_id())
    _leave_as_resident(place)
    db.session.commit()
    session.pop(current.REHEARSAL, None)
    flash(_("The rehearsal is over. What you wrote in it is deleted when you publish."), "success")
    return redirect(url_for(".overview", slug=slug), code=303)


@blueprint.route("/<slug>/publish", methods=["GET", "POST"])
def publish(slug: str) -> Any:
    """Look at what is still missing, then let everybody in."""
    place = overseen(slug)
    consultation = place.consultation
    if request.method == "POST" and (again := once.sent_before(url_for(".overview", slug=slug))):
        return again
    if consultation.state is not State.DRAFT:
        if request.method == "GET":
            return redirect(url_for(".overview", slug=slug), code=302)
        raise Conflict(publishing.PUBLISHED_ALREADY)
    overseen(slug, Action.CHANGE_STAGES)
    form = PublishForm(consultation)
    is_ready = all(check.is_met for check in publishing.checks_of(consultation))
    if form.is_submitted() and not is_ready:
        form.form_errors.append(_("Something is still missing. Look at the list"))
    elif form.validate_on_submit():
        try:
            publishing.publish(place.actor, consultation, version=form.version.data)
        except EditedMeanwhile:
            form.form_errors.append(_("Somebody changed this consultation just now. Look at it again"))
        except Invalid as refusal:
            form.form_errors.append(translated(refusal))
        else:
            db.session.commit()
            session.pop(current.REHEARSAL, None)
            flash(_("The consultation is published. Everybody can read it now."), "success")
            return redirect(url_for(".overview", slug=slug), code=303)
    db.session.rollback()
    form.version.data = consultation.version
    checks = publishing.checks_of(consultation)
    spans = spans_of(consultation)
    return respond(
        "officer/desk/publish.html",
        form=form,
        consultation=consultation,
        checks=checks,
        is_ready=all(check.is_met for check in checks),
        spans=spans,
        warnings=list(warnings(spans)),
        was_rehearsed=was_rehearsed(consultation),
    )


def _mine() -> list[Consultation]:
    """The consultations of which this person is an officer."""
    roles = current.actor().roles
    return list_consultations({place for place, held in roles.items() if Role.OFFICER in held})


def _created(form: NewConsultationForm) -> Consultation:
    actor = current.actor()
    # An administrator gives roles to others, never to themselves.
    staff_id = _staff_id() if Role.OFFICER in actor.council_roles else None
    if form.start.data == FILES:
        files = [file for file in form.files.data if file and file.filename]
        return bringing_in.bring_in(actor, files, staff_id=staff_id)
    if form.start.data == COPY:
        source = form.mine[form.source.data]
        return creating.create_as_copy(
            actor, source, slug=form.wanted_slug, title=form.title.data, staff_id=staff_id
        )
    return creating.create_from_template(
        actor, slug=form.wanted_slug, title=form.title.data, topic=form.topic.data, staff_id=staff_id
    )


def _led_to(consultation: Consultation, token: str) -> Response:
    is_officer = Role.OFFICER in current.actor().council_roles
    location = url_for(".overview", slug=consultation.slug) if is_officer else url_for(".home")
    once.settle(token, location)
    db.session.commit()
    if is_officer:
        flash(_("The consultation is made. Nobody else can see it yet."), "success")
    else:
        flash(_("The consultation is made. Give somebody the role of officer for it now."), "success")
    return redirect(location, code=303)


def _walk(slug: str, rehearsal_id: int) -> Response:
    session[current.REHEARSAL] = rehearsal_id
    return redirect(url_for("public.consultations.page", slug=slug), code=303)


def _leave_as_resident(place: Overseen) -> None:
    """The browser carries nobody of this consultation any more."""
    found = current.resident()
    if found is not None and found.consultation_id == place.consultation.id:
        resident_sessions.end(found.session_id)
        current.leave_as_resident()


def _staff_id() -> int:
    member = current.staff()
    if member is None:
        raise NotPermitted
    return member.staff_id
