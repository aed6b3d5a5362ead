"""Summaries before they are out, and what the council says in the forum."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from consult.access import Action, Role, allows, require
from consult.accounts import current
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation, list_consultations, standing_of
from consult.db import db, reading
from consult.errors import Conflict, Invalid
from consult.forum import seeding, speaking, wording
from consult.forum.forms import SeedForm, SpeakForm, SureForm
from consult.forum.posting import TopicClosed
from consult.forum.seeds import get_seed, list_seeds
from consult.forum.thread_page import get_target
from consult.summaries import answers
from consult.summaries.publishing import Agreed, list_drafts, measure_agreements
from consult.summaries.queries import list_unpublished
from consult.summaries.wording import tell
from consult.web import once
from consult.web.forms import refuse
from consult.web.languages import translated
from consult.web.rendering import respond

blueprint = Blueprint("forum", __name__)


@blueprint.get("/")
def home() -> Any:
    """The consultations in whose forum the person has a part."""
    roles = current.actor().roles
    mine = {place for place, held in roles.items() if held & {Role.MODERATOR, Role.OFFICER}}
    found = [
        (
            place,
            _may(Action.VIEW_DRAFT_SUMMARY, place),
            _may(Action.READ_QUEUE, place),
            _may(Action.PREVIEW, place),
        )
        for place in list_consultations(mine)
    ]
    return respond("moderator/forum/home.html", consultations=found)


@blueprint.get("/<slug>/seeds")
def seeds(slug: str) -> Any:
    """The summaries in their order: drafts, and what is out."""
    consultation = _consultation(slug, Action.VIEW_DRAFT_SUMMARY)
    found = list_seeds(consultation)
    about = {seed.item for seed in found}
    return _page(
        "seeds",
        consultation,
        seeds=found,
        drafts=sum(not seed.is_published for seed in found),
        begun=bool(list_unpublished(consultation)),
        items=[
            (item, item.form in answers.COUNTED_FORMS, item.key in about)
            for item in answers.list_summarised_items(consultation)
        ],
        can_publish=_may(Action.PUBLISH_SUMMARIES, consultation),
        can_speak=_may(Action.POST_OFFICIALLY, consultation),
    )


@blueprint.route("/<slug>/seeds/new", methods=["GET", "POST"])
def add_seed(slug: str) -> Any:
    """A new summary: empty, or begun from how people completed an item."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    form = _seed_form(consultation, **(_drafted(consultation) if request.method == "GET" else {}))
    if form.validate_on_submit():
        where = url_for(".seeds", slug=slug)
        if again := once.sent_before(where):
            return again
        seeding.add_seed(current.actor(), consultation, **_said(form))
        db.session.commit()
        return redirect(where, code=303)
    return _page("seed", consultation, form=form, seed=None, theirs=None)


@blueprint.route("/<slug>/seeds/<thread>", methods=["GET", "POST"])
def edit_seed(slug: str, thread: str) -> Any:
    """A draft of a summary, to change."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    seed = get_seed(consultation, thread)
    held = {"title": seed.title, "body": seed.body, "item": seed.item or "", "version": seed.version}
    form = _seed_form(consultation, **(held if request.method == "GET" else {}))
    if form.validate_on_submit():
        if again := once.sent_before(url_for(".seeds", slug=slug)):
            return again
        try:
            seeding.edit_seed(current.actor(), consultation, thread, version=form.version.data, **_said(form))
        except Conflict as refusal:
            db.session.rollback()
            return _both_versions(consultation, form, thread, refusal)
        db.session.commit()
        return redirect(url_for(".seeds", slug=slug), code=303)
    return _page("seed", consultation, form=form, seed=seed, theirs=None)


@blueprint.post("/<slug>/seeds/<thread>/move")
def move_seed(slug: str, thread: str) -> Any:
    """A summary one place further up or down."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    if again := once.sent_before(url_for(".seeds", slug=slug)):
        return again
    seeding.move_seed(current.actor(), consultation, thread, up=request.form.get("move") == "up")
    db.session.commit()
    return redirect(url_for(".seeds", slug=slug), code=303)


@blueprint.route("/<slug>/seeds/<thread>/remove", methods=["GET", "POST"])
def remove_seed(slug: str, thread: str) -> Any:
    """Throw a draft away, after being asked once."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    if request.method == "POST":
        if again := once.sent_before(url_for(".seeds", slug=slug)):
            return again
        seeding.remove_seed(current.actor(), consultation, thread)
        db.session.commit()
        return redirect(url_for(".seeds", slug=slug), code=303)
    return _page("remove", consultation, seed=get_seed(consultation, thread))


@blueprint.route("/<slug>/seeds/publish", methods=["GET", "POST"])
def publish(slug: str) -> Any:
    """Everybody may read the summaries, once an officer has read what that means."""
    where = url_for(".seeds", slug=slug)
    agreements = _measured(slug) if request.method == "POST" else {}
    # Before it is asked what may be done now: publishing itself ends the time for publishing.
    if request.method == "POST" and (again := once.sent_before(where)):
        return again
    consultation = _consultation(slug, Action.PUBLISH_SUMMARIES)
    form = SureForm()
    if form.validate_on_submit():
        try:
            count = seeding.publish(current.actor(), consultation, agreements=agreements)
        except Invalid as refusal:
            db.session.rollback()
            form.form_errors.append(translated(refusal))
        else:
            db.session.commit()
            flash(
                ngettext("%(num)s summary is published", "%(num)s summaries are published", count), "success"
            )
            return redirect(where, code=303)
    drafts = [seed for seed in list_seeds(consultation) if not seed.is_published]
    return _page(
        "publish",
        consultation,
        form=form,
        drafts=drafts,
        summaries=list_drafts(consultation),
        tell=tell,
    )


def _measured(slug: str) -> dict[int, Agreed]:
    """How far coders agreed, asked before this request holds anything; nothing if it may not publish now."""
    actor = current.actor()
    db.session.rollback()  # a transaction for writing would keep everybody waiting meanwhile
    with reading():
        consultation = get_consultation(slug)
        is_allowed = _may(Action.PUBLISH_SUMMARIES, consultation)
        found = measure_agreements(actor, consultation) if is_allowed else {}
        db.session.rollback()
    return found


@blueprint.route("/<slug>/speak", methods=["GET", "POST"])
def speak(slug: str) -> Any:
    """Say something for the council: in a topic, or in a new one."""
    consultation = _consultation(slug, Action.POST_OFFICIALLY)
    thread, to = request.args.get("thread", ""), request.args.get("to", "")
    form = SpeakForm(needs_title=not thread)
    if form.validate_on_submit():
        token = once.token_of(request.form)
        where = once.claim(token)
        if where is None:
            try:
                posted = speaking.speak(
                    current.actor(),
                    consultation,
                    thread=thread,
                    to=to,
                    title=form.title.data or "",
                    body=form.text.data,
                )
            except TopicClosed as refusal:
                db.session.rollback()
                refuse(form.text, refusal)
                consultation = get_consultation(slug)
                spoken_to = get_target(consultation, thread, to)
                return _page("speak", consultation, form=form, target=spoken_to), refusal.status
            where = url_for(
                "public.forum.thread",
                slug=slug,
                thread=posted.thread,
                post=posted.post,
                _anchor=f"post-{posted.post}",
            )
            once.settle(token, where)
            db.session.commit()
        return redirect(where, code=303)
    target = get_target(consultation, thread, to) if thread else None
    return _page("speak", consultation, form=form, target=target)


def _consultation(slug: str, action: Action) -> Consultation:
    """The consultation of the address, for staff who may do that there."""
    consultation = get_consultation(slug)
    require(current.actor(), action, standing_of(consultation))
    return consultation


def _page(name: str, consultation: Consultation, **values: Any) -> Response:
    """A page of these, with what each may lead to."""
    return respond(
        f"moderator/forum/{name}.html",
        consultation=consultation,
        slug=consultation.slug,
        can_draft=_may(Action.DRAFT_SUMMARY, consultation),
        can_oversee=_may(Action.OVERSEE, consultation),
        **values,
    )


def _may(action: Action, consultation: Consultation) -> bool:
    return allows(current.actor(), action, standing_of(consultation))


def _seed_form(consultation: Consultation, **values: Any) -> SeedForm:
    items = [(item.key, item.stem) for item in answers.list_summarised_items(consultation)]
    return SeedForm(items=items, **values)


def _drafted(consultation: Consultation) -> dict[str, str]:
    """A first draft from how people completed the item that the address names, if it names one."""
    key = request.args.get("item")
    if not key:
        return {}
    found = answers.get_distribution(consultation, key)
    return {
        "title": wording.drafted_title(found.item),
        "body": wording.drafted_body(found),
        "item": key,
    }


def _said(form: SeedForm) -> dict[str, str]:
    return {"title": form.title.data, "body": form.body.data, "item": form.item.data}


def _both_versions(
    consultation: Consultation, form: SeedForm, thread: str, refusal: Conflict
) -> tuple[Response, int]:
    """Theirs, to be read, and one's own, to be saved over it or thrown away."""
    theirs = get_seed(consultation, thread)
    if not theirs.is_published:
        form.version.data = theirs.version
    refuse(form.body, refusal)
    return _page("seed", consultation, form=form, seed=theirs, theirs=theirs), refusal.status
