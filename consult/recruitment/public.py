"""Joining a consultation: what it takes, and what one agrees to."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from consult import clock
from consult.access import VISITOR, Action, Actor, require
from consult.accounts import current, limits, resident_sessions
from consult.consultations.entrance import Here, here
from consult.consultations.models import Consultation, StageKind
from consult.consultations.rehearsing import is_rehearsed
from consult.consultations.timeline import timeline
from consult.db import db
from consult.recruitment import agreement, joining
from consult.recruitment.joining import Choices, Entrance
from consult.recruitment.joining_forms import YES, JoinForm
from consult.web import once
from consult.web.rendering import respond

blueprint = Blueprint("recruitment", __name__)
# From one address of a network: a library, or everybody behind a council's own gateway.
SIGN_UPS, SIGN_UPS_WITHIN = 300, timedelta(minutes=15)


@blueprint.route("/consultations/<slug>/join", methods=["GET", "POST"])
def join(slug: str) -> Any:
    """Before you start: the three stages, what others see, what one agrees to."""
    if request.method == "POST":
        # Before anything else is asked of the database: the count is a transaction of its own.
        limits.count(
            "join", request.remote_addr or "", SIGN_UPS, SIGN_UPS_WITHIN, config=current_app.config["CONSULT"]
        )
    place = here()
    if place.actor.participant_id is not None:
        return _taking_part_already(place)
    entrance = joining.entrance_of(place.consultation)
    actor = _as_visitor(place)
    if request.method == "POST" or entrance is Entrance.OPEN:
        require(actor, Action.JOIN, place.standing)
    else:
        require(place.actor, Action.READ_CONSULTATION, place.standing)
        return respond("public/recruitment/not_now.html", entrance=entrance, **_timetable(place.consultation))
    consultation = place.consultation
    form = JoinForm(
        asks_area=bool(consultation.area),
        asks_age=consultation.minimum_age is not None,
        data={"channel": request.args.get("channel", "")},
    )
    if not form.validate_on_submit():
        return respond(
            "public/recruitment/join.html",
            form=form,
            **_timetable(consultation),
            agreement=agreement.AGREEMENTS[agreement.CURRENT],
        )
    reasons = [question for question in ("age", "area") if form.says_no(question)]
    if reasons:
        return respond("public/recruitment/not_for_you.html", consultation=consultation, reasons=reasons)
    return _let_join(actor, place, form)


@blueprint.get("/withdrawn")
def withdrawn() -> str:
    """That somebody has left for good, on a page that says nothing of who."""
    return render_template("public/recruitment/withdrawn.html")


def _timetable(consultation: Consultation) -> dict[str, Any]:
    lines = timeline(consultation.stages, clock.now())
    survey = next((line for line in lines if line.kind == StageKind.SURVEY), None)
    return {"consultation": consultation, "lines": lines, "survey": survey}


def _as_visitor(place: Here) -> Actor:
    """Who asks to join: an officer who rehearses does so as anybody would."""
    return VISITOR if is_rehearsed(place.consultation.id) else place.actor


def _taking_part_already(place: Here) -> Any:
    """Lead a participant on; on a library's computer it may be somebody else who stands here now."""
    if request.method == "POST":
        return redirect(url_for("resident.surveys.carry_on", slug=place.consultation.slug), code=303)
    require(place.actor, Action.READ_CONSULTATION, place.standing)
    return respond("public/recruitment/already.html", consultation=place.consultation)


def _let_join(actor: Actor, place: Here, form: JoinForm) -> Response:
    config = current_app.config["CONSULT"]
    consultation = place.consultation
    form_token = once.token_of(request.form)
    session_id = resident_sessions.id_for(form_token, session.get("csrf_token", ""), config=config)
    location = url_for("resident.recruitment.name", slug=consultation.slug)
    if once.claim(form_token, location) is not None:
        return _sent_again(session_id, location)
    before = current.resident()
    if before is not None:  # of another consultation: one browser carries one participant
        resident_sessions.end(before.session_id)
    joining.join(
        actor,
        consultation,
        choices=Choices(
            quote=form.quote.data == YES,
            is_shared=form.shared.data == YES,
            language=str(get_locale()).replace("_", "-"),
            channel=form.channel.data or "",
        ),
        session_id=session_id,
        config=config,
    )
    db.session.commit()
    current.enter_as_resident(session_id)
    return redirect(location, code=303)


def _sent_again(session_id: str, location: str) -> Response:
    """Lead to where the first one led; a browser that lost the first answer gets its session too."""
    db.session.rollback()  # nothing was written: no lock is held while the session is looked up apart
    if resident_sessions.find_begun_just_now(session_id):
        current.enter_as_resident(session_id)
    return redirect(location, code=303)
