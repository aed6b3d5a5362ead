"""The page of a topic of one's own: written, asked about, posted."""

from datetime import datetime
from typing import Any

from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from consult.accounts import kept_forms
from consult.consultations.entrance import Here
from consult.db import db
from consult.forum import starting
from consult.forum.forms import StartForm
from consult.forum.posting import TooManyPosts
from consult.forum.reply_pages import all_said, at_post, looks_like_contact, means_it, waits
from consult.forum.rules import stamped_to_start
from consult.surveys.danger import suggests_danger
from consult.web import once, opened
from consult.web.forms import refuse
from consult.web.rendering import respond


def stamp_of(place: Here) -> datetime | None:
    """When the form was opened that was sent, if it is one of ours."""
    return opened.opened_at(request.form.get(opened.FIELD), place.participant_id, stamped_to_start())


def post(place: Here, form: StartForm, *, opened_at: datetime | None) -> Any:
    """The topic stands, once; or the form comes back with what to do and everything that was typed."""
    if form.validate_on_submit() and means_it(form):
        try:
            return _posted(place, form, opened_at=opened_at)
        except TooManyPosts as refusal:
            db.session.rollback()
            refuse(form.text, refusal)
            return make_response(_page(place, form, opened_at), refusal.status, waits(refusal))
    return _page(place, form, opened_at)


def _posted(place: Here, form: StartForm, *, opened_at: datetime | None) -> Response:
    """What was said stands, once, and the browser is led to it."""
    slug = place.consultation.slug
    token = once.token_of(request.form)
    led_to = once.claim(token)
    if led_to:
        return redirect(led_to, code=303)
    posted = starting.start(
        place.actor,
        place.consultation,
        title=form.title.data,
        body=form.text.data,
        asks=form.asks.data,
        opened_at=opened_at,
    )
    where = at_post(slug, posted.thread, posted.post)
    if suggests_danger(all_said(form)):
        where = url_for("resident.surveys.support", slug=slug)
    once.settle(token, where)
    kept_forms.drop(place.participant_id, request.path)
    db.session.commit()
    return redirect(where, code=303)


def _page(place: Here, form: StartForm, began: datetime | None) -> Response:
    me = place.participant_id
    return respond(
        "resident/forum/start.html",
        form=form,
        consultation=place.consultation,
        slug=place.consultation.slug,
        opened=opened.stamp(me, stamped_to_start()) if began is None else request.form[opened.FIELD],
        anyway=looks_like_contact(form),
    )
