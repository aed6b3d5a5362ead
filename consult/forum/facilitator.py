"""The council in its forum: what it is asked, what it shows first, how a topic ends, prompts by date."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import Field

from consult.access import Action, allows, require
from consult.accounts import current
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation, standing_of
from consult.db import db
from consult.errors import Conflict, DomainError, Invalid
from consult.forum import answering, concluding, pinning, prompting, prompts
from consult.forum.enquiries import count_enquiries, get_enquiry, list_owed
from consult.forum.forms import AnswerForm, ConcludeForm, DeclineForm, PromptForm, ReopenForm
from consult.forum.thread_page import get_target
from consult.web import once
from consult.web.dates import day_parts, refuse_part
from consult.web.forms import Form, refuse
from consult.web.rendering import respond

blueprint = Blueprint("facilitation", __name__)


@blueprint.get("/<slug>/asked")
def asked(slug: str) -> Any:
    """What the council is asked, the oldest promise first."""
    consultation = _consultation(slug, Action.READ_QUEUE)
    owed, counted = list_owed(consultation), count_enquiries(consultation)
    return _page("asked", consultation, owed=owed, counted=counted)


@blueprint.route("/<slug>/topics/<thread>/posts/<post>/answer", methods=["GET", "POST"])
def answer(slug: str, thread: str, post: str) -> Any:
    """Answer a question for the council."""
    consultation = _consultation(slug, Action.ANSWER)
    form = AnswerForm()
    if form.validate_on_submit():
        token = once.token_of(request.form)
        where = once.claim(token)
        if where is None:
            try:
                made = answering.answer(current.actor(), consultation, thread, post, body=form.text.data)
            except Conflict as refusal:
                return _refused(form.text, refusal, lambda: _asked("answer", slug, thread, post, form))
            where = _at(slug, made.thread, made.post)
            once.settle(token, where)
            db.session.commit()
        return redirect(where, code=303)
    return _asked("answer", slug, thread, post, form)


@blueprint.route("/<slug>/topics/<thread>/posts/<post>/not-for-us", methods=["GET", "POST"])
def decline(slug: str, thread: str, post: str) -> Any:
    """Say why something is no question for the council."""
    consultation = _consultation(slug, Action.ANSWER)
    form = DeclineForm()
    if form.validate_on_submit():
        where = url_for(".asked", slug=slug)
        if again := once.sent_before(where):
            return again
        try:
            answering.decline(current.actor(), consultation, thread, post, told=form.told.data)
        except Conflict as refusal:
            return _refused(form.told, refusal, lambda: _asked("decline", slug, thread, post, form))
        db.session.commit()
        flash(_("Saved. The writer can read it."), "success")
        return redirect(where, code=303)
    return _asked("decline", slug, thread, post, form)


@blueprint.route("/<slug>/topics/<thread>/posts/<post>/pin", methods=["GET", "POST"])
def pin(slug: str, thread: str, post: str) -> Any:
    """Show a contribution first in its topic, or no more."""
    consultation = _consultation(slug, Action.FACILITATE)
    if request.method == "POST":
        where = url_for("public.forum.thread", slug=slug, thread=thread)
        if again := once.sent_before(where):
            return again
        deed = pinning.unpin if request.form.get("do") == "unpin" else pinning.pin
        deed(current.actor(), consultation, thread, post)
        db.session.commit()
        return redirect(where, code=303)
    target = pinning.get_pinnable(consultation, thread, post)
    pinned = pinning.pinned_in(target.thread_id)
    is_pinned = pinned == target.post_id
    return _page("pin", consultation, target=target, is_pinned=is_pinned, takes_place=pinned is not None)


@blueprint.route("/<slug>/topics/<thread>/close", methods=["GET", "POST"])
def conclude(slug: str, thread: str) -> Any:
    """Close a topic with a written conclusion."""
    consultation = _consultation(slug, Action.FACILITATE)
    form = ConcludeForm()
    if form.validate_on_submit():
        where = url_for("public.forum.thread", slug=slug, thread=thread)
        if again := once.sent_before(where):
            return again
        try:
            concluding.conclude(current.actor(), consultation, thread, words=form.text.data)
        except Conflict as refusal:
            return _refused(form.text, refusal, lambda: _topic("conclude", slug, thread, form))
        db.session.commit()
        return redirect(where, code=303)
    return _topic("conclude", slug, thread, form)


@blueprint.route("/<slug>/topics/<thread>/reopen", methods=["GET", "POST"])
def reopen(slug: str, thread: str) -> Any:
    """Open a topic again, with a reason that everybody can read."""
    consultation = _consultation(slug, Action.FACILITATE)
    form = ReopenForm()
    if form.validate_on_submit():
        where = url_for("public.forum.thread", slug=slug, thread=thread)
        if again := once.sent_before(where):
            return again
        try:
            concluding.reopen(current.actor(), consultation, thread, why=form.why.data)
        except Conflict as refusal:
            return _refused(form.why, refusal, lambda: _topic("reopen", slug, thread, form))
        db.session.commit()
        return redirect(where, code=303)
    return _topic("reopen", slug, thread, form)


@blueprint.get("/<slug>/prompts")
def all_prompts(slug: str) -> Any:
    """Every prompt by its day, also those to come."""
    consultation = _consultation(slug, Action.SET_UP_FORUM)
    return _page("prompts", consultation, prompts=prompts.list_prompts(consultation))


@blueprint.route("/<slug>/prompts/new", methods=["GET", "POST"])
def add_prompt(slug: str) -> Any:
    """Write a prompt for a day."""
    consultation = _consultation(slug, Action.SET_UP_FORUM)
    form = PromptForm(leads=prompts.list_leads(consultation))
    if form.validate_on_submit():
        where = url_for(".all_prompts", slug=slug)
        if again := once.sent_before(where):
            return again
        try:
            prompting.add_prompt(current.actor(), consultation, **_prompted(form))
        except Invalid as refusal:
            return _refused_prompt(slug, form, None, refusal)
        db.session.commit()
        flash(_("The prompt is saved"), "success")
        return redirect(where, code=303)
    return _page("prompt", consultation, form=form, prompt=None)


@blueprint.route("/<slug>/prompts/<int(max=2147483647):number>", methods=["GET", "POST"])
def change_prompt(slug: str, number: int) -> Any:
    """Change a prompt that has not appeared."""
    consultation = _consultation(slug, Action.SET_UP_FORUM)
    prompt = _to_come(consultation, number)
    held: dict[str, Any] = {
        "version": prompt.version,
        "appears_on": day_parts(prompt.appears_on),
        "text": prompt.body,
        "lead": prompt.thread or "",
    }
    form = PromptForm(leads=prompts.list_leads(consultation), **(held if request.method == "GET" else {}))
    if form.validate_on_submit():
        where = url_for(".all_prompts", slug=slug)
        if again := once.sent_before(where):
            return again
        try:
            prompting.change_prompt(
                current.actor(), consultation, number, version=form.version.data, **_prompted(form)
            )
        except (Conflict, Invalid) as refusal:
            return _refused_prompt(slug, form, number, refusal)
        db.session.commit()
        flash(_("The prompt is saved"), "success")
        return redirect(where, code=303)
    return _page("prompt", consultation, form=form, prompt=prompt)


@blueprint.route("/<slug>/prompts/<int(max=2147483647):number>/remove", methods=["GET", "POST"])
def remove_prompt(slug: str, number: int) -> Any:
    """Throw a prompt away that has not appeared, after being asked once."""
    consultation = _consultation(slug, Action.SET_UP_FORUM)
    if request.method == "POST":
        where = url_for(".all_prompts", slug=slug)
        if again := once.sent_before(where):
            return again
        prompting.remove_prompt(current.actor(), consultation, number)
        db.session.commit()
        flash(_("The prompt is removed"), "success")
        return redirect(where, code=303)
    return _page("remove_prompt", consultation, prompt=_to_come(consultation, number))


def _to_come(consultation: Consultation, number: int) -> prompts.ShownPrompt:
    prompt = prompts.get_prompt(consultation, number)
    if prompt.has_appeared:
        raise Conflict(prompting.APPEARED)
    return prompt


def _prompted(form: PromptForm) -> dict[str, Any]:
    return {"appears_on": form.appears_on.value, "body": form.text.data, "thread": form.lead.data}


def _refused_prompt(
    slug: str, form: PromptForm, number: int | None, refusal: DomainError
) -> tuple[Response, int]:
    """The form again: what is wrong with the day stands at the day."""

    def page() -> Response:
        consultation = get_consultation(slug)
        prompt = _to_come(consultation, number) if number is not None else None
        if prompt is not None:
            form.version.data = prompt.version
        return _page("prompt", consultation, form=form, prompt=prompt)

    if isinstance(refusal, Invalid):
        db.session.rollback()
        refuse_part(form.appears_on, "day", refusal)
        return page(), refusal.status
    return _refused(form.text, refusal, page)


def _consultation(slug: str, action: Action) -> Consultation:
    """The consultation of the address, for staff who may do that there."""
    consultation = get_consultation(slug)
    require(current.actor(), action, standing_of(consultation))
    return consultation


def _refused(field: Field, refusal: DomainError, page: Callable[[], Response]) -> tuple[Response, int]:
    """The page again, with what was typed and what stood in the way, as the record is by now."""
    db.session.rollback()
    refuse(field, refusal)
    return page(), refusal.status


def _asked(name: str, slug: str, thread: str, post: str, form: Form) -> Response:
    consultation = get_consultation(slug)
    return _page(name, consultation, form=form, enquiry=get_enquiry(consultation, thread, post))


def _topic(name: str, slug: str, thread: str, form: Form) -> Response:
    consultation = get_consultation(slug)
    target = get_target(consultation, thread, "")
    return _page(name, consultation, form=form, target=target)


def _at(slug: str, thread: str, post: str) -> str:
    """Where a post stands: the page of the thread that has it, at the post."""
    return url_for("public.forum.thread", slug=slug, thread=thread, post=post, _anchor=f"post-{post}")


def _page(name: str, consultation: Consultation, **values: Any) -> Response:
    return respond(
        f"moderator/facilitation/{name}.html",
        consultation=consultation,
        slug=consultation.slug,
        can_oversee=_may(Action.OVERSEE, consultation),
        can_answer=_may(Action.ANSWER, consultation),
        **values,
    )


def _may(action: Action, consultation: Consultation) -> bool:
    return allows(current.actor(), action, standing_of(consultation))
