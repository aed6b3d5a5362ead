"""The page of a reply, and the same form under a post of a thread: kept while one types, quoting, posted.

Without scripts each is a page of its own. Where scripts run, htmx asks the same addresses and gets the part
that belongs under the post; errors, and what was typed, are the same in both.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult.access import Action, allows
from consult.accounts import kept_forms
from consult.consultations.entrance import Here
from consult.db import db
from consult.errors import NotFound
from consult.forum import drafting, drafts, own, posting, quoting
from consult.forum.contact import Contact, contact_in
from consult.forum.drafts import Draft
from consult.forum.forms import EditForm, ReplyForm, StartForm
from consult.forum.posting import TooManyPosts, TopicClosed
from consult.forum.rules import stamped
from consult.forum.shown import Answered
from consult.forum.thread_page import Target, get_target
from consult.home import Config
from consult.surveys.danger import suggests_danger
from consult.web import once, opened
from consult.web.forms import refuse
from consult.web.plain_text import clean
from consult.web.rendering import respond
from consult.web.telling import uk_clock_time

ANYWAY = "anyway"  # the name of the button that posts what looks like contact data
KEEP = "keep"  # of the one that keeps the words as a draft, and what the script sends while one types
QUOTE = "quote"  # of the one that puts words of the post that is answered into the text
PASSAGE = "passage"  # with it: the words that somebody has chosen with the mouse, if a script knows them


def begin(place: Here, thread: str) -> Response:
    """The form, with what its writer had typed there before."""
    asked = request.args.get("to")
    kept = kept_forms.restored()
    if kept is not None and asked in (None, kept.get("to", "")):
        return reply_page(place, thread, ReplyForm(formdata=kept))
    to = asked or ""
    spot = drafts.get_spot(place.consultation, thread, to)
    draft = drafts.find_draft(place.participant_id, spot, config=_config())
    form = ReplyForm(formdata=None, to=to, text=draft.words if draft else "")
    if draft is not None and not spot.speaks:
        return respond(
            "resident/forum/cannot_reply.html", draft=draft, slug=place.consultation.slug, thread=thread
        )
    return reply_page(place, thread, form, draft=draft)


def keep(place: Here, thread: str, form: ReplyForm, *, opened_at: datetime | None) -> Any:
    """The words wait for their writer; said under the text where a script asks, else on a page."""
    config = _config()
    kept_at = drafting.keep_draft(
        place.actor,
        place.consultation,
        thread,
        to=form.to.data or "",
        words=form.text.data or "",
        config=config,
        opened_at=opened_at,
    )
    posted = once.led_to()
    if posted is not None:  # this very form was posted a moment ago: its words wait no longer
        db.session.rollback()
        return Response(status=204) if is_in_place() else posted
    _drop_kept(place, form)
    db.session.commit()
    if is_in_place():
        said = _("Draft kept at %(time)s", time=uk_clock_time(kept_at)) if kept_at else ""
        return render_template("resident/forum/_kept.html", said=said)
    where = url_for("resident.forum.reply", slug=place.consultation.slug, thread=thread, to=form.to.data)
    return redirect(where, code=303)


def quote(place: Here, thread: str, form: ReplyForm) -> Response:
    """The form again, its text followed by words of the post that is answered; nothing is written."""
    target = get_target(place.consultation, thread, form.to.data or "", place.participant_id)
    if target.post is not None:
        chosen = quoting.passage(target.post.body, clean(request.form.get(PASSAGE)))
        form.text.data = quoting.with_quotation(form.text.data or "", chosen)
    return reply_page(place, thread, form)


def post(place: Here, thread: str, form: ReplyForm, *, opened_at: datetime | None) -> Any:
    """The answer stands, once; or the form comes back with what to do and everything that was typed."""
    if form.validate_on_submit() and means_it(form):
        try:
            return _posted(place, thread, form, opened_at=opened_at)
        except TooManyPosts as refusal:
            db.session.rollback()
            refuse(form.text, refusal)
            return make_response(reply_page(place, thread, form), refusal.status, waits(refusal))
        except TopicClosed as refusal:
            db.session.rollback()
            refuse(form.text, refusal)
            return make_response(reply_page(place, thread, form), refusal.status)
    return reply_page(place, thread, form)


def reply_page(place: Here, thread: str, form: ReplyForm, *, draft: Draft | None = None) -> Response:
    """The page with the form, or only the form where a script puts it under the post."""
    target = get_target(place.consultation, thread, form.to.data or "", place.participant_id)
    slug = place.consultation.slug
    if is_in_place():
        form.text.id, form.asks.id = f"text-{form.to.data}", f"asks-{form.to.data}"
    wire(form, slug, thread)
    was_in_time = stamp_of(place, thread) is not None
    return respond(
        "resident/forum/_in_place.html" if is_in_place() else "resident/forum/reply.html",
        form=form,
        target=target,
        slug=slug,
        opened=request.form[opened.FIELD]
        if was_in_time
        else opened.stamp(place.participant_id, stamped(thread)),
        draft=draft,
        anyway=looks_like_contact(form),
    )


def wire(form: ReplyForm, slug: str, thread: str) -> None:
    """The text is kept two seconds after the last key, where scripts run."""
    form.text.render_kw = {
        **(form.text.render_kw or {}),
        "hx-post": url_for("resident.forum.reply", slug=slug, thread=thread),
        "hx-trigger": "input changed delay:2s",
        "hx-vals": '{"keep": "typing"}',
        "hx-target": "next [data-kept]",
        "hx-swap": "innerHTML",
        "hx-sync": "this:replace",
    }


def stamp_of(place: Here, thread: str) -> datetime | None:
    """When the form was opened that was sent, if it is one of ours."""
    return opened.opened_at(request.form.get(opened.FIELD), place.participant_id, stamped(thread))


def waits(refusal: TooManyPosts) -> dict[str, str]:
    """The header that says when to come again."""
    return {"Retry-After": str(int(refusal.wait.total_seconds()))}


def means_it(form: ReplyForm | StartForm | EditForm) -> bool:
    """Whether to go on: somebody who seems to give away where they can be found is asked once."""
    found = contact_in(all_said(form))
    if found is None or ANYWAY in request.form:
        return True
    warning = {
        Contact.E_MAIL: _("This looks as if it has an e-mail address in it. Take it out, or post it anyway"),
        Contact.PHONE: _("This looks as if it has a phone number in it. Take it out, or post it anyway"),
        Contact.POSTCODE: _("This looks as if it has a postcode in it. Take it out, or post it anyway"),
    }
    form.text.errors = [*form.text.errors, warning[found]]
    return False


def all_said(form: ReplyForm | StartForm | EditForm) -> str:
    """Everything in a form that others would read."""
    title = form.title.data if isinstance(form, StartForm) else ""
    return f"{title or ''}\n{form.text.data or ''}"


def looks_like_contact(form: ReplyForm | StartForm | EditForm) -> bool:
    """Whether the page offers to post it anyway."""
    is_asked = request.method == "POST" and QUOTE not in request.form
    return is_asked and contact_in(all_said(form)) is not None


def at_post(slug: str, thread: str, addressed: str) -> str:
    """Where a post stands: the page of the thread that has it, at the post."""
    return url_for(
        "public.forum.thread", slug=slug, thread=thread, post=addressed, _anchor=f"post-{addressed}"
    )


def is_in_place() -> bool:
    """Whether a script asks, for a part of the page that is there."""
    return request.headers.get("HX-Request") == "true"


def _posted(place: Here, thread: str, form: ReplyForm, *, opened_at: datetime | None) -> Response:
    """The answer stands, once, and the browser is led to it or gets it for where the form was."""
    slug = place.consultation.slug
    token = once.token_of(request.form)
    led_to = once.claim(token)
    if led_to:
        return _lead(led_to)
    posted = posting.reply(
        place.actor,
        place.consultation,
        thread,
        to=form.to.data,
        body=form.text.data,
        asks=form.asks.data,
        opened_at=opened_at,
    )
    where = at_post(slug, posted.thread, posted.post)
    is_danger = suggests_danger(form.text.data)
    if is_danger:
        where = url_for("resident.surveys.support", slug=slug)
    once.settle(token, where)
    _drop_kept(place, form)
    db.session.commit()
    if is_in_place() and form.to.data and not is_danger:
        return _arrived(place, posted, form)
    return _lead(where)


def _arrived(place: Here, posted: posting.Posted, form: ReplyForm) -> Response:
    """The new post, for where the form was."""
    mine = own.get_own_post(place.consultation, place.participant_id, posted.post).post
    try:
        target: Target | None = get_target(place.consultation, posted.thread, form.to.data)
    except NotFound:  # hidden a moment ago
        target = None
    author = target.post.author if target and target.post else None
    return respond(
        "resident/forum/_arrived.html",
        post=replace(mine, answers=Answered(form.to.data, author, is_here=True)),
        slug=place.consultation.slug,
        thread=posted.thread,
        can_withdraw=allows(place.actor, Action.WITHDRAW_OWN_POST, place.standing),
    )


def _lead(where: str) -> Response:
    if is_in_place():
        return Response(status=204, headers={"HX-Redirect": where})
    return redirect(where, code=303)


def _drop_kept(place: Here, form: ReplyForm) -> None:
    """What the page held when a session ended waits no longer, if it was typed to the same post."""
    kept = kept_forms.find(place.participant_id, request.path, config=_config())
    if kept is not None and kept.get("to", "") == (form.to.data or ""):
        kept_forms.drop(place.participant_id, request.path)


def _config() -> Config:
    config: Config = current_app.config["CONSULT"]
    return config
