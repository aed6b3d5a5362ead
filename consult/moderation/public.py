"""Reporting a post, which needs no account, and how the forum is looked after, for everybody to read."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for

from consult import clock
from consult.access import Action, allows, require
from consult.accounts import current, limits
from consult.consultations.entrance import here
from consult.db import db
from consult.errors import NotFound
from consult.forum.checking import checked_in
from consult.forum.enquiries import count_enquiries
from consult.forum.promise import due
from consult.forum.thread_page import get_readable
from consult.moderation import reporting
from consult.moderation.forms import ReportForm
from consult.moderation.queries import get_account
from consult.moderation.rules import REASONS_TOLD, Concern
from consult.web import once
from consult.web.rendering import respond

blueprint = Blueprint("moderation", __name__)
REPORTS, REPORTS_WITHIN = 60, timedelta(minutes=15)  # from one address of the network: a library has one


@blueprint.route("/consultations/<slug>/forum/posts/<post>/report", methods=["GET", "POST"])
def report(slug: str, post: str) -> Any:
    """Say what worries one about a post."""
    if request.method == "POST":
        # Before anything else is asked of the database: the count is a transaction of its own.
        who = _who_reports()
        limits.count("report", who, REPORTS, REPORTS_WITHIN, config=current_app.config["CONSULT"])
    place = here()
    require(place.actor, Action.REPORT, place.standing)
    found = get_readable(place.consultation, post)
    form = ReportForm()
    if form.validate_on_submit():
        where = url_for(".reported", slug=slug)
        if again := once.sent_before(where):
            return again
        reporting.report(
            place.actor,
            place.consultation,
            post,
            concern=Concern(form.concern.data),
            words=form.words.data or None,
        )
        db.session.commit()
        return redirect(where, code=303)
    return respond(
        "public/moderation/report.html",
        form=form,
        found=found,
        slug=slug,
        takes_part=place.actor.participant_id is not None,
        due_at=due(clock.now()),
    )


@blueprint.get("/consultations/<slug>/forum/reported")
def reported(slug: str) -> Any:
    """The report has come in, and what happens now."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    return respond(
        "public/moderation/reported.html",
        slug=slug,
        takes_part=place.actor.participant_id is not None,
        due_at=due(clock.now()),
    )


@blueprint.get("/consultations/<slug>/forum/looked-after")
def account(slug: str) -> Any:
    """What may be posted, who reads it, and what became of every post, counted by reason."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    return respond(
        "public/moderation/account.html",
        consultation=place.consultation,
        slug=slug,
        takes_part=place.actor.participant_id is not None,
        counted=get_account(place.consultation),
        asked=count_enquiries(place.consultation),
        reasons=REASONS_TOLD,
        checked=checked_in(place.consultation.id).value,
    )


@blueprint.app_template_global("can_report")
def can_report() -> bool:
    """Whether whoever reads this page may report a post on it."""
    try:
        place = here()
    except NotFound:
        return False
    return allows(place.actor, Action.REPORT, place.standing)


@blueprint.app_template_global("can_moderate")
def can_moderate() -> bool:
    """Whether whoever reads this page may decide about the posts on it."""
    try:
        place = here()
    except NotFound:
        return False
    return allows(place.actor, Action.MODERATE, place.standing)


def _who_reports() -> str:
    resident = current.resident()
    return f"participant {resident.participant_id}" if resident else request.remote_addr or ""
