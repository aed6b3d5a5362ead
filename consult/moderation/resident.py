"""What somebody may know of decisions about their own posts, and how they answer them."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from consult.access import Action, allows, require
from consult.accounts import kept_forms
from consult.consultations.entrance import here
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound, TooMany
from consult.forum.checking import find_suspension
from consult.moderation import deciding, messages
from consult.moderation.forms import AppealForm, MessageForm
from consult.moderation.queries import get_told, list_hidden_of
from consult.moderation.rules import REASONS_TOLD
from consult.web import once
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("moderation", __name__)


@blueprint.route("/forum/posts/<post>/hidden", methods=["GET", "POST"])
def hidden(slug: str, post: str) -> Any:
    """Why one's own post is not shown; another person looks at it if one asks."""
    place = here()
    is_asking = request.method == "POST"
    require(place.actor, Action.APPEAL if is_asking else Action.READ_FORUM, place.standing)
    told = get_told(place.consultation, place.participant_id, post)
    form = AppealForm() if is_asking else AppealForm(formdata=kept_forms.restored())
    if form.validate_on_submit():
        where = url_for(".hidden", slug=slug, post=post)
        if again := once.sent_before(where):
            return again
        deciding.appeal(place.actor, place.consultation, post, words=form.words.data)
        kept_forms.drop(place.participant_id, request.path)
        db.session.commit()
        return redirect(where, code=303)
    return respond(
        "resident/moderation/hidden.html",
        form=form,
        told=told,
        slug=slug,
        reasons=REASONS_TOLD,
        can_appeal=told.can_appeal and allows(place.actor, Action.APPEAL, place.standing),
    )


@blueprint.route("/forum/message", methods=["GET", "POST"])
def message(slug: str) -> Any:
    """Write to the moderators about something that is no post, and read what they answered."""
    place = here()
    is_writing = request.method == "POST"
    require(place.actor, Action.WRITE_TO_MODERATORS if is_writing else Action.READ_FORUM, place.standing)
    form = MessageForm() if is_writing else MessageForm(formdata=kept_forms.restored())
    refused: TooMany | None = None
    if form.validate_on_submit():
        where = url_for(".message", slug=slug)
        if again := once.sent_before(where):
            return again
        try:
            messages.write(place.actor, place.consultation, words=form.words.data)
        except TooMany as refusal:
            db.session.rollback()
            refuse(form.words, refusal)
            refused = refusal
        else:
            kept_forms.drop(place.participant_id, request.path)
            db.session.commit()
            flash(_("Your message is sent. The answer will stand on this page."), "success")
            return redirect(where, code=303)
    page = respond(
        "resident/moderation/message.html",
        form=form,
        slug=slug,
        written=messages.list_messages_of(place.participant_id),
        can_write=allows(place.actor, Action.WRITE_TO_MODERATORS, place.standing),
    )
    return (page, refused.status) if refused else page


@blueprint.app_template_global("moderators_said")
def moderators_said(consultation: Consultation) -> dict[str, Any]:
    """What moderators have decided about the person of this request: posts hidden, and posting stopped."""
    nothing: dict[str, Any] = {"hidden": [], "stopped": None}
    try:
        me = here().actor.participant_id
    except NotFound:
        return nothing
    if me is None:
        return nothing
    suspension = find_suspension(me)
    return {
        "hidden": list_hidden_of(consultation, me),
        "stopped": suspension.told if suspension else None,
    }
