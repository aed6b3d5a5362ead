"""Answering: one item a page, both waves; where one carries on; then and now."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, url_for

from consult import clock
from consult.access import Action, Moment, require
from consult.accounts import codes, current
from consult.consultations.entrance import Here, here
from consult.consultations.models import Wave
from consult.consultations.timeline import timeline
from consult.recruitment.about_you_pages import question_page
from consult.surveys import views_page
from consult.surveys.answer_pages import about_you_walk, check_page, goes_on_at, item_page
from consult.surveys.progress import FOLLOW_UP, SURVEY, Goal, Response, get_response, goal_of
from consult.surveys.queries import get_person

blueprint = Blueprint("surveys", __name__)
WAVE_OF = {Goal.SURVEY: Wave.PRE, Goal.FOLLOW_UP: Wave.POST}
ENDPOINT_OF = {
    Goal.FORUM: "public.forum.topics",
    Goal.YOUR_VIEWS: "resident.surveys.your_views",
    Goal.PAGE: "public.consultations.page",
    Goal.WAITING: "resident.surveys.waiting",
}


@blueprint.get("/continue")
def carry_on(slug: str) -> Any:
    """Lead to where this person goes on, on whichever computer they are."""
    return redirect(_where_next(here()), code=302)


@blueprint.get("/next")
def waiting(slug: str) -> str:
    """Where one is in the three stages, what is saved, and what comes when."""
    place = here()
    person = get_person(place.participant_id)
    goal = goal_of(place.standing.moment, person)
    response = _response(place, WAVE_OF[goal]) if goal in WAVE_OF else None
    return render_template(
        "resident/surveys/waiting.html",
        consultation=place.consultation,
        moment=place.standing.moment.name.lower(),
        person=person,
        goal=goal.value,
        response=response,
        lines=timeline(place.consultation.stages, clock.now()),
        goes_on=_where_next(place) if goal is not Goal.WAITING else None,
    )


@blueprint.get("/support")
def support(slug: str) -> str:
    """Where help is to be had; shown after a text that suggests that its writer is in danger."""
    return render_template("resident/surveys/support.html", consultation=here().consultation)


@blueprint.route("/survey/<int(min=1,max=999):n>", methods=["GET", "POST"])
def survey(slug: str, n: int) -> Any:
    """One item of the starting survey."""
    return item_page(SURVEY, n)


@blueprint.route("/survey/about-you/<int(min=1,max=99):n>", methods=["GET", "POST"])
def survey_about_you(slug: str, n: int) -> Any:
    """One question about the person, asked after the items so that it colours none of them."""
    place = here()
    require(place.actor, Action.SAVE_DEMOGRAPHICS, place.standing)
    if not _response(place, Wave.PRE).is_complete:
        return redirect(url_for(".carry_on", slug=slug), code=303)
    return question_page(place, about_you_walk(place.consultation.slug), n)


@blueprint.route("/survey/check", methods=["GET", "POST"])
def check_survey(slug: str) -> Any:
    """Every answer before it is sent."""
    return check_page(SURVEY)


@blueprint.get("/survey/sent")
def survey_sent(slug: str) -> Any:
    """That the starting survey has been sent, and what happens next."""
    return _sent(here(), Wave.PRE, Action.READ_OWN_SURVEY)


@blueprint.route("/follow-up/<int(min=1,max=999):n>", methods=["GET", "POST"])
def follow_up(slug: str, n: int) -> Any:
    """One item of the follow-up survey."""
    return item_page(FOLLOW_UP, n)


@blueprint.route("/follow-up/check", methods=["GET", "POST"])
def check_follow_up(slug: str) -> Any:
    """Every answer of the follow-up before it is sent."""
    return check_page(FOLLOW_UP)


@blueprint.get("/follow-up/sent")
def follow_up_sent(slug: str) -> Any:
    """That the follow-up has been sent, and that then and now can be seen."""
    return _sent(here(), Wave.POST, Action.READ_OWN_FOLLOW_UP)


@blueprint.route("/your-views", methods=["GET", "POST"])
def your_views(slug: str) -> Any:
    """Then and now, for this person alone, and what they say of it."""
    return views_page.page()


def _response(place: Here, wave: Wave) -> Response:
    return get_response(place.consultation.id, place.participant_id, wave)


def _where_next(place: Here) -> str:
    slug = place.consultation.slug
    session = current.resident()
    if session is not None and codes.held(session.session_id, current_app.config["CONSULT"]):
        return url_for("resident.recruitment.code", slug=slug)  # not yet written down
    goal = goal_of(place.standing.moment, get_person(place.participant_id))
    if goal in WAVE_OF and _is_open(place):
        return goes_on_at(place, _response(place, WAVE_OF[goal]))
    return url_for(ENDPOINT_OF.get(goal, "resident.surveys.waiting"), slug=slug)


def _is_open(place: Here) -> bool:
    """Whether a stage is open now; a consultation that has been published may still wait for its first."""
    return any(line.when == "now" for line in timeline(place.consultation.stages, clock.now()))


def _sent(place: Here, wave: Wave, action: Action) -> Any:
    require(place.actor, action, place.standing)
    response = _response(place, wave)
    if not response.is_sent:
        return redirect(url_for(".carry_on", slug=place.consultation.slug), code=302)
    return render_template(
        "resident/surveys/sent.html",
        consultation=place.consultation,
        wave=wave.value,
        has_perceived=bool(response.perceived),
        is_open=place.standing.moment is Moment.SURVEY,
        lines=timeline(place.consultation.stages, clock.now()),
    )
