"""Whether the account of one's own view is fair: asked of people who hold it, before others read it."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from consult.access import Action, allows, require
from consult.accounts import kept_forms
from consult.consultations.entrance import here
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import Conflict, NotFound
from consult.summaries import fairness
from consult.summaries.forms import FairForm
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("summaries", __name__)


@blueprint.route("/fair-account/<int(min=1,max=99):n>", methods=["GET", "POST"])
def account(slug: str, n: int) -> Any:
    """One view that this person holds, as the council tells it, and how fair they find that."""
    place = here()
    require(place.actor, Action.RATE_SUMMARY, place.standing)
    accounts = fairness.list_accounts(place.consultation, place.participant_id)
    if n > len(accounts):
        raise NotFound
    asked = accounts[n - 1]
    said = {
        "rating": str(asked.rating) if asked.rating and not asked.has_changed else None,
        "suggestion": asked.suggestion or "",
        "version": asked.version,
        "position": asked.position_id,
    }
    is_read = request.method == "GET"
    form = FairForm(formdata=kept_forms.restored(), **said) if is_read else FairForm()
    if form.validate_on_submit():
        try:
            fairness.rate(
                place.actor,
                place.consultation,
                form.position.data,  # the one that was read: another may stand in its place by now
                version=form.version.data,
                rating=int(form.rating.data),
                suggestion=form.suggestion.data,
            )
        except Conflict as refusal:
            db.session.rollback()
            form.version.data, form.position.data = asked.version, asked.position_id
            refuse(form.rating, refusal)
        else:
            kept_forms.drop(place.participant_id, request.path)
            db.session.commit()
            return redirect(_next(slug, n, len(accounts)), code=303)
    return respond(
        "resident/summaries/account.html",
        slug=slug,
        consultation=place.consultation,
        form=form,
        asked=asked,
        n=n,
        of=len(accounts),
    )


@blueprint.app_template_global("accounts_to_check")
def accounts_to_check(consultation: Consultation) -> tuple[int, int] | None:
    """How many accounts the person of this request is asked about, and how many still wait for an answer."""
    place = here()
    me = place.actor.participant_id
    if me is None or not allows(place.actor, Action.RATE_SUMMARY, place.standing):
        return None
    found = fairness.list_accounts(consultation, me)
    if not found:
        return None
    return len(found), sum(each.rating is None or each.has_changed for each in found)


def _next(slug: str, n: int, of: int) -> str:
    if n < of:
        return url_for(".account", slug=slug, n=n + 1)
    flash(_("Thank you. We have saved what you said. You can change it until the forum opens."), "success")
    return url_for("resident.surveys.waiting", slug=slug)
