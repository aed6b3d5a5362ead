"""Writing in the forum: answers, changes to them, taking them back, and all that is one's own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult.access import Action, allows, require
from consult.accounts import kept_forms
from consult.consultations.entrance import Here, here
from consult.db import db
from consult.forum import changing, own, posting, starting
from consult.forum.contact import Contact, contact_in
from consult.forum.forms import EditForm, ReplyForm, StartForm
from consult.forum.posting import Posted, TooManyPosts, TopicClosed
from consult.forum.rules import stamped, stamped_to_start
from consult.forum.thread_page import get_target
from consult.forum.unlike_page import get_unlike_page
from consult.surveys.danger import suggests_danger
from consult.web import once, opened
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("forum", __name__)
ANYWAY = "anyway"  # the name of the button that posts what looks like contact data


@blueprint.route("/forum/<thread>/reply", methods=["GET", "POST"])
def reply(slug: str, thread: str) -> Any:
    """Answer a post, or the whole of a topic."""
    place = here()
    began = _opened(place, thread)
    posting.require_posting(place.actor, place.consultation, opened_at=began)
    if request.method == "GET":
        form = ReplyForm(formdata=kept_forms.restored(), to=request.args.get("to", ""))
    else:
        form = ReplyForm()
    if form.validate_on_submit() and _means_it(form):
        try:
            return _posted(place, thread, form, opened_at=began)
        except TooManyPosts as refusal:
            return _too_many(form, refusal, lambda: _reply_page(place, thread, form))
        except TopicClosed as refusal:
            db.session.rollback()
            refuse(form.text, refusal)
            return make_response(_reply_page(place, thread, form), refusal.status)
    return _reply_page(place, thread, form)


@blueprint.route("/forum/start", methods=["GET", "POST"])
def start(slug: str) -> Any:
    """Begin a topic of one's own, where the council lets residents do so."""
    place = here()
    began = opened.opened_at(request.form.get(opened.FIELD), place.participant_id, stamped_to_start())
    starting.require_starting(place.actor, place.consultation, opened_at=began)
    form = StartForm(formdata=kept_forms.restored()) if request.method == "GET" else StartForm()
    if form.validate_on_submit() and _means_it(form):
        try:
            return _once(
                place,
                form,
                lambda: starting.start(
                    place.actor,
                    place.consultation,
                    title=form.title.data,
                    body=form.text.data,
                    asks=form.asks.data,
                    opened_at=began,
                ),
            )
        except TooManyPosts as refusal:
            return _too_many(form, refusal, lambda: _start_page(place, form, began))
    return _start_page(place, form, began)


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
    if form.validate_on_submit() and _means_it(form):
        changing.edit(place.actor, place.consultation, post, version=form.version.data, body=form.text.data)
        kept_forms.drop(place.participant_id, request.path)
        db.session.commit()
        return redirect(_at_post(slug, found.thread, post), code=303)
    return respond(
        "resident/forum/edit.html", form=form, own=found, slug=slug, anyway=_looks_like_contact(form)
    )


@blueprint.route("/forum/posts/<post>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, post: str) -> Any:
    """Take back one's own post, after being asked once."""
    place = here()
    require(place.actor, Action.WITHDRAW_OWN_POST, place.standing)
    if request.method == "POST":
        found = changing.withdraw(place.actor, place.consultation, post)
        db.session.commit()
        return redirect(_at_post(slug, found.thread, post), code=303)
    found = own.get_own_post(place.consultation, place.participant_id, post)
    return respond("resident/forum/withdraw.html", own=found, slug=slug)


@blueprint.get("/forum/mine")
def mine(slug: str) -> Any:
    """All that one wrote, and what others answered."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    return respond(
        "resident/forum/mine.html",
        consultation=place.consultation,
        slug=slug,
        posts=own.list_own_posts(place.consultation, place.participant_id),
        answers=own.list_answers_to(place.consultation, place.participant_id),
        can_edit=allows(place.actor, Action.EDIT_OWN_POST, place.standing),
        can_withdraw=allows(place.actor, Action.WITHDRAW_OWN_POST, place.standing),
        can_post=allows(place.actor, Action.POST, place.standing),
    )


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


def _posted(place: Here, thread: str, form: ReplyForm, *, opened_at: datetime | None) -> Response:
    return _once(
        place,
        form,
        lambda: posting.reply(
            place.actor,
            place.consultation,
            thread,
            to=form.to.data,
            body=form.text.data,
            asks=form.asks.data,
            opened_at=opened_at,
        ),
    )


def _once(place: Here, form: ReplyForm | StartForm, deed: Callable[[], Posted]) -> Response:
    """What was said stands, once, and the browser is led to it."""
    slug = place.consultation.slug
    token = once.token_of(request.form)
    led_to = once.claim(token)
    if led_to:
        return redirect(led_to, code=303)
    posted = deed()
    where = _at_post(slug, posted.thread, posted.post)
    if suggests_danger(_all_said(form)):
        where = url_for("resident.surveys.support", slug=slug)
    once.settle(token, where)
    kept_forms.drop(place.participant_id, request.path)
    db.session.commit()
    return redirect(where, code=303)


def _too_many(form: ReplyForm | StartForm, refusal: TooManyPosts, page: Callable[[], Response]) -> Response:
    """The page again with everything that was typed, and when it can be sent."""
    db.session.rollback()
    refuse(form.text, refusal)
    waits = {"Retry-After": str(int(refusal.wait.total_seconds()))}
    return make_response(page(), refusal.status, waits)


def _start_page(place: Here, form: StartForm, began: datetime | None) -> Response:
    me = place.participant_id
    return respond(
        "resident/forum/start.html",
        form=form,
        consultation=place.consultation,
        slug=place.consultation.slug,
        opened=opened.stamp(me, stamped_to_start()) if began is None else request.form[opened.FIELD],
        anyway=_looks_like_contact(form),
    )


def _reply_page(place: Here, thread: str, form: ReplyForm) -> Response:
    target = get_target(place.consultation, thread, form.to.data or "", place.participant_id)
    was_in_time = _opened(place, thread) is not None
    return respond(
        "resident/forum/reply.html",
        form=form,
        target=target,
        slug=place.consultation.slug,
        opened=request.form[opened.FIELD]
        if was_in_time
        else opened.stamp(place.participant_id, stamped(thread)),
        anyway=_looks_like_contact(form),
    )


def _opened(place: Here, thread: str) -> datetime | None:
    """When the form was opened that was sent, if it is one of ours."""
    return opened.opened_at(request.form.get(opened.FIELD), place.participant_id, stamped(thread))


def _means_it(form: ReplyForm | StartForm | EditForm) -> bool:
    """Whether to go on: somebody who seems to give away where they can be found is asked once."""
    found = contact_in(_all_said(form))
    if found is None or ANYWAY in request.form:
        return True
    warning = {
        Contact.E_MAIL: _("This looks as if it has an e-mail address in it. Take it out, or post it anyway"),
        Contact.PHONE: _("This looks as if it has a phone number in it. Take it out, or post it anyway"),
        Contact.POSTCODE: _("This looks as if it has a postcode in it. Take it out, or post it anyway"),
    }
    form.text.errors = [*form.text.errors, warning[found]]
    return False


def _looks_like_contact(form: ReplyForm | StartForm | EditForm) -> bool:
    """Whether the page offers to post it anyway."""
    return request.method == "POST" and contact_in(_all_said(form)) is not None


def _all_said(form: ReplyForm | StartForm | EditForm) -> str:
    """Everything in a form that others would read."""
    title = form.title.data if isinstance(form, StartForm) else ""
    return f"{title or ''}\n{form.text.data or ''}"


def _at_post(slug: str, thread: str, post: str) -> str:
    """Where a post stands: the page of the thread that has it, at the post."""
    return url_for("public.forum.thread", slug=slug, thread=thread, post=post, _anchor=f"post-{post}")
