"""Writing in the forum: answers, changes to them, taking them back, and all that is one's own."""

from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for

from consult.access import Action, allows, require
from consult.accounts import kept_forms
from consult.consultations.entrance import here
from consult.db import db
from consult.errors import Invalid
from consult.forum import (
    changing,
    digests,
    drafting,
    drafts,
    own,
    posting,
    reply_pages,
    start_pages,
    starting,
)
from consult.forum.forms import EditForm, MailForm, ReplyForm, StartForm
from consult.forum.unlike_page import get_unlike_page
from consult.web import once
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("forum", __name__)


@blueprint.route("/forum/<thread>/reply", methods=["GET", "POST"])
def reply(slug: str, thread: str) -> Any:
    """Answer a post, or the whole of a topic."""
    place = here()
    began = reply_pages.stamp_of(place, thread)
    posting.require_posting(place.actor, place.consultation, opened_at=began)
    if request.method == "GET":
        return reply_pages.begin(place, thread)
    form = ReplyForm()
    if reply_pages.KEEP in request.form:
        return reply_pages.keep(place, thread, form, opened_at=began)
    if reply_pages.QUOTE in request.form:
        return reply_pages.quote(place, thread, form)
    return reply_pages.post(place, thread, form, opened_at=began)


@blueprint.route("/forum/start", methods=["GET", "POST"])
def start(slug: str) -> Any:
    """Begin a topic of one's own, where the council lets residents do so."""
    place = here()
    began = start_pages.stamp_of(place)
    starting.require_starting(place.actor, place.consultation, opened_at=began)
    form = StartForm(formdata=kept_forms.restored()) if request.method == "GET" else StartForm()
    return start_pages.post(place, form, opened_at=began)


@blueprint.post("/forum/drafts/<int:number>/throw-away")
def throw_away(slug: str, number: int) -> Any:
    """What one has typed and not posted does not wait any more."""
    place = here()
    location = url_for(".mine", slug=slug)
    if again := once.sent_before(location):
        return again
    drafting.throw_away(place.actor, place.consultation, number)
    db.session.commit()
    return redirect(location, code=303)


@blueprint.route("/forum/posts/<post>/edit", methods=["GET", "POST"])
def edit(slug: str, post: str) -> Any:
    """Change the words of one's own post, within a quarter of an hour."""
    place = here()
    require(place.actor, Action.EDIT_OWN_POST, place.standing)
    found = changing.get_editable(place.consultation, place.participant_id, post)
    if request.method == "GET":
        form = EditForm(formdata=kept_forms.restored(), text=found.post.body, version=found.version)
    else:
        form = EditForm()
    if form.validate_on_submit() and reply_pages.means_it(form):
        changing.edit(place.actor, place.consultation, post, version=form.version.data, body=form.text.data)
        kept_forms.drop(place.participant_id, request.path)
        db.session.commit()
        return redirect(reply_pages.at_post(slug, found.thread, post), code=303)
    return respond(
        "resident/forum/edit.html",
        form=form,
        own=found,
        slug=slug,
        anyway=reply_pages.looks_like_contact(form),
    )


@blueprint.route("/forum/posts/<post>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, post: str) -> Any:
    """Take back one's own post, after being asked once."""
    place = here()
    require(place.actor, Action.WITHDRAW_OWN_POST, place.standing)
    if request.method == "POST":
        found = changing.withdraw(place.actor, place.consultation, post)
        db.session.commit()
        return redirect(reply_pages.at_post(slug, found.thread, post), code=303)
    found = own.get_own_post(place.consultation, place.participant_id, post)
    return respond("resident/forum/withdraw.html", own=found, slug=slug)


@blueprint.get("/forum/mine")
def mine(slug: str) -> Any:
    """All that one wrote, and what others answered."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    can_post = allows(place.actor, Action.POST, place.standing)
    config = current_app.config["CONSULT"]
    return respond(
        "resident/forum/mine.html",
        consultation=place.consultation,
        slug=slug,
        posts=own.list_own_posts(place.consultation, place.participant_id),
        answers=own.list_answers_to(place.consultation, place.participant_id),
        drafts=drafts.list_drafts(place.consultation, place.participant_id, config=config)
        if can_post
        else [],
        address=digests.find_address(place.consultation.id, place.participant_id, config=config),
        can_mail=can_post and config.mail_server is not None,
        can_edit=allows(place.actor, Action.EDIT_OWN_POST, place.standing),
        can_withdraw=allows(place.actor, Action.WITHDRAW_OWN_POST, place.standing),
        can_post=can_post,
    )


@blueprint.route("/forum/mail", methods=["GET", "POST"])
def mail(slug: str) -> Any:
    """Be told by e-mail of replies to oneself, or no longer."""
    place = here()
    require(place.actor, Action.CHANGE_CONSENT, place.standing)
    config = current_app.config["CONSULT"]
    form = MailForm() if request.method == "POST" else MailForm(formdata=kept_forms.restored())
    location = url_for(".mine", slug=slug, _anchor="mail")
    if "stop" in request.form:
        digests.want_no_mails(place.actor, place.consultation, config=config)
        db.session.commit()
        return redirect(location, code=303)
    if form.validate_on_submit():
        try:
            digests.want_mails(place.actor, place.consultation, form.address.data, config=config)
            kept_forms.drop(place.participant_id, request.path)
            db.session.commit()
            return redirect(location, code=303)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.address, refusal)
    address = digests.find_address(place.consultation.id, place.participant_id, config=config)
    can_post = allows(place.actor, Action.POST, place.standing)
    return respond("resident/forum/mail.html", form=form, slug=slug, address=address, can_post=can_post)


@blueprint.get("/forum/unlike")
def unlike(slug: str) -> Any:
    """Contributions by people who may see it differently, in one topic or in all."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    page = get_unlike_page(
        place.consultation,
        place.participant_id,
        thread=request.args.get("thread"),
        config=current_app.config["CONSULT"],
    )
    return respond("resident/forum/unlike.html", slug=slug, page=page)
