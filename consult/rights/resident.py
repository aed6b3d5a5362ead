"""What is held about me: see it, take it along, change what I agreed to, withdraw."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from consult.access import Action, require
from consult.accounts import codes, current, kept_forms, limits
from consult.consultations.entrance import Here, here
from consult.db import db
from consult.forum import digests, drafts
from consult.home import Config
from consult.incentives.queries import list_incentives
from consult.incentives.shown import contact_told
from consult.recruitment.agreement import AGREEMENTS
from consult.recruitment.queries import get_membership
from consult.rights import queries, readable, service
from consult.rights.forms import DATA, DELETE, KEEP, NO, YES, ConsentForm, DownloadForm, WithdrawForm
from consult.web import once
from consult.web.rendering import respond

blueprint = Blueprint("rights", __name__)
WRONG_CODES, WRONG_CODES_WITHIN = 10, timedelta(minutes=15)


@blueprint.get("/about-me")
def about_me(slug: str) -> Any:
    """What is held, what was agreed to, and what one can do about it."""
    place = here()
    require(place.actor, Action.READ_OWN_DEMOGRAPHICS, place.standing)
    member = get_membership(place.consultation.id, place.participant_id)
    is_shown = request.args.get("show") == "about-you"
    return respond(
        "resident/rights/about_me.html",
        slug=slug,
        member=member,
        participant=queries.get_participant(place.consultation.id, place.participant_id),
        agreement=AGREEMENTS.get(member.consent_version),
        counts=queries.counts_of(place.participant_id),
        about_you=queries.list_about_you(place.participant_id) if is_shown else None,
        told_at=digests.find_address(place.consultation.id, place.participant_id, config=_config()),
        drafts=drafts.count_drafts(place.participant_id),
        contact=contact_told(place.consultation, place.participant_id, config=_config()),
        has_thanks=bool(list_incentives(place.consultation.id)),
    )


@blueprint.route("/about-me/agreed", methods=["GET", "POST"])
def consent(slug: str) -> Any:
    """What I agreed to, and what of it I can change."""
    place = here()
    require(place.actor, Action.CHANGE_CONSENT, place.standing)
    member = get_membership(place.consultation.id, place.participant_id)
    participant = queries.get_participant(place.consultation.id, place.participant_id)
    form = ConsentForm(
        data={"quote": YES if participant.quote else NO, "messages": YES if member.messages else NO}
    )
    if form.validate_on_submit():
        service.change_consent(
            place.actor,
            place.consultation,
            place.participant_id,
            quote=form.quote.data == YES,
            messages=form.messages.data == YES,
            config=_config(),
        )
        kept_forms.drop(place.participant_id, request.path)
        db.session.commit()
        flash(_("We have saved what you agree to."), "success")
        return redirect(url_for(".about_me", slug=slug), code=303)
    return respond("resident/rights/consent.html", form=form, slug=slug)


@blueprint.route("/about-me/new-code", methods=["GET", "POST"])
def new_code(slug: str) -> Any:
    """A new return code in place of the old one."""
    place = here()
    require(place.actor, Action.REPLACE_CODE, place.standing)
    if request.method == "GET":
        return respond("resident/rights/new_code.html", slug=slug)
    location = url_for("resident.recruitment.code", slug=slug)
    if again := once.sent_before(location):
        return again
    codes.replace_code(
        place.actor, place.standing, place.participant_id, session_id=_session_id(), config=_config()
    )
    kept_forms.drop(place.participant_id, request.path)
    db.session.commit()
    return redirect(location, code=303)


@blueprint.route("/about-me/download", methods=["GET", "POST"])
def download(slug: str) -> Any:
    """Everything that is held about me, as a file that is made while it is sent and kept nowhere."""
    place = here()
    require(place.actor, Action.DOWNLOAD_OWN, place.standing)
    form = DownloadForm()
    if form.validate_on_submit() and _is_their_code(place, form):
        held = service.take_along(place.actor, place.consultation, place.participant_id, config=_config())
        kept_forms.drop(place.participant_id, request.path)
        db.session.commit()
        is_data = form.kind.data == DATA
        parts = list((readable.as_data if is_data else readable.as_text)(held))
        return Response(
            (part.encode() for part in parts),
            mimetype="application/json" if is_data else "text/plain; charset=utf-8",
            headers={"Content-Disposition": f"attachment; filename=my-record.{'json' if is_data else 'txt'}"},
        )
    withholding = queries.find_withholding(place.consultation, place.standing, place.participant_id)
    return respond("resident/rights/download.html", form=form, slug=slug, withholding=withholding)


@blueprint.route("/about-me/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> Any:
    """Leave for good, in two steps: what becomes of my answers, and yes."""
    place = here()
    require(place.actor, Action.WITHDRAW, place.standing)
    form = WithdrawForm()
    if form.validate_on_submit():
        answers = form.answers.data
        if request.form.get("confirmed") != YES:
            return redirect(url_for(".withdraw", slug=slug, answers=answers), code=303)
        left = url_for("public.recruitment.withdrawn")
        if again := once.sent_before(left):
            return again
        service.withdraw(
            place.actor,
            place.consultation,
            place.participant_id,
            keeps_answers=answers == KEEP,
            config=_config(),
        )
        db.session.commit()
        current.leave_as_resident()
        return redirect(left, code=303)
    answers = request.args.get("answers")
    if request.method == "GET" and answers in {KEEP, DELETE}:
        return respond("resident/rights/withdraw_sure.html", slug=slug, answers=answers)
    return respond(
        "resident/rights/withdraw.html",
        form=form,
        slug=slug,
        has_thanks=bool(list_incentives(place.consultation.id)),
    )


def _is_their_code(place: Here, form: DownloadForm) -> bool:
    """Whether the code is the one of the person who is signed in; if not, the form says so."""
    db.session.commit()  # nothing is written yet: the count is a transaction of its own
    this_try = limits.count(
        "download", str(place.participant_id), WRONG_CODES, WRONG_CODES_WITHIN, config=_config()
    )
    if not codes.is_code_of(place.participant_id, form.code.data, config=_config()):
        db.session.rollback()
        form.code.errors = [*form.code.errors, _("This is not your return code. Check it on your paper")]
        return False
    limits.take_back(this_try)
    return True


def _session_id() -> str:
    found = current.resident()
    assert found is not None  # the residents' door has let them in
    return found.session_id


def _config() -> Config:
    config: Config = current_app.config["CONSULT"]
    return config
