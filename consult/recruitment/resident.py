"""Joining, once one has: a name, a few questions about you, the return code."""

from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from wtforms.fields.choices import SelectChoice

from consult import clock
from consult.access import Action, allows, require
from consult.accounts import codes, current, kept_forms
from consult.accounts.codes import Pair
from consult.accounts.resident_sessions import SignedInResident
from consult.consultations.entrance import Here, here
from consult.consultations.timeline import timeline
from consult.db import db
from consult.errors import Invalid
from consult.home import Config
from consult.recruitment import joining, queries, slip
from consult.recruitment.about_you_pages import Walk, first_address, question_page
from consult.recruitment.joining_forms import OWN, NameForm, WrittenDownForm
from consult.recruitment.models import AskedAt
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("recruitment", __name__)


@blueprint.route("/join/name", methods=["GET", "POST"])
def name(slug: str) -> Any:
    """Choose a name for the forum."""
    place = here()
    if request.method == "GET" and not allows(place.actor, Action.JOIN, place.standing):
        return redirect(_after_questions(place), code=303)
    require(place.actor, Action.JOIN, place.standing)
    member = queries.get_membership(place.consultation.id, place.participant_id)
    form = NameForm(**_waiting())
    if form.validate_on_submit() and _has_chosen(place, form):
        return redirect(_after_name(place), code=303)
    offered = joining.free_names(place.consultation.id, joining.SUGGESTED - 1)
    form.choice.choices = [SelectChoice(each) for each in filter(None, (member.display_name, *offered))]
    # None is ticked beforehand: whoever types a name of their own need not untick ours.
    chosen = OWN if form.is_own else form.choice.data
    return respond("resident/recruitment/name.html", form=form, chosen=chosen)


@blueprint.route("/join/about-you/<int(min=1,max=99):n>", methods=["GET", "POST"])
def about_you(slug: str, n: int) -> Any:
    """One question about the person."""
    place = here()
    return question_page(place, _walk(place), n)


@blueprint.route("/join/code", methods=["GET", "POST"])
def code(slug: str) -> Any:
    """The return code, until the person says that they have it on paper."""
    place = here()
    require(place.actor, Action.RETURN, place.standing)
    pair = _held()
    if pair is None:
        return respond("resident/recruitment/code_gone.html", slug=slug)
    form = WrittenDownForm()
    if form.validate_on_submit():
        codes.release(_session().session_id)
        kept_forms.drop(place.participant_id, request.path)
        db.session.commit()
        return redirect(url_for("resident.surveys.carry_on", slug=slug), code=303)
    return respond("resident/recruitment/code.html", form=form, pair=pair, slug=slug)


@blueprint.get("/join/slip", endpoint="slip")
def slip_page(slug: str) -> Any:
    """The code on a page that is made for printing."""
    place = here()
    require(place.actor, Action.RETURN, place.standing)
    pair = _held()
    if pair is None:
        return redirect(url_for(".code", slug=slug), code=303)
    address = _config().base_url + url_for("public.returning.enter_code")
    return respond(
        "resident/recruitment/slip.html",
        pair=pair,
        slug=slug,
        consultation=place.consultation,
        lines=timeline(place.consultation.stages, clock.now()),
        is_shared=_session().is_shared,
        address=address,
        lost_address=_config().base_url + url_for("public.returning.lost"),
        picture=slip.picture_of(address),
    )


def _waiting() -> dict[str, Any]:
    """What was typed on this page before the session ended, for its form."""
    typed = kept_forms.restored()
    return {"formdata": typed} if typed else {}


def _has_chosen(place: Here, form: NameForm) -> bool:
    """Whether the person has the name now; if not, the form says why."""
    try:
        joining.choose_name(place.actor, place.consultation, place.participant_id, name=form.name)
    except Invalid as refusal:
        db.session.rollback()
        refuse(form.name_field, refusal)
        return False
    kept_forms.drop(place.participant_id, request.path)
    db.session.commit()
    return True


def _walk(place: Here) -> Walk:
    """The questions that are asked when people join."""
    slug = place.consultation.slug
    return Walk(
        AskedAt.JOINING,
        "resident/recruitment/about_you.html",
        address_of=lambda n: url_for(".about_you", slug=slug, n=n),
        before=lambda: url_for(".name", slug=slug),
        after=lambda: _after_questions(place),
    )


def _after_name(place: Here) -> str:
    """Where the first question about the person is, or what comes after the last."""
    may_answer = allows(place.actor, Action.SAVE_DEMOGRAPHICS, place.standing)
    first = first_address(place, _walk(place)) if may_answer else None
    return first or _after_questions(place)


def _after_questions(place: Here) -> str:
    page = ".code" if _held() else "resident.surveys.carry_on"
    return url_for(page, slug=place.consultation.slug)


def _held() -> Pair | None:
    """The code that waits in this session, if it does."""
    found: Pair | None = codes.held(_session().session_id, _config())
    return found


def _session() -> SignedInResident:
    found = current.resident()
    assert found is not None  # the residents' door has let them in
    return found


def _config() -> Config:
    config: Config = current_app.config["CONSULT"]
    return config
