"""Writing summaries: views side by side, quotations that are drawn, what holders say of the account."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from consult.access import Action, allows, require
from consult.accounts import current
from consult.coding.counting import count_queued
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation, standing_of
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.summaries import fairness, quoting, service
from consult.summaries.draft import Draft, DraftPosition, get_draft
from consult.summaries.forms import PositionForm, SummaryForm, SureForm
from consult.summaries.models import CountsShown
from consult.summaries.queries import get_item, get_quoted_text, list_items, list_positions, list_texts
from consult.summaries.rules import room, word_count
from consult.summaries.service import Words
from consult.summaries.wording import tell
from consult.surveys.models import Form as ItemForm
from consult.web import once
from consult.web.forms import refuse
from consult.web.languages import translated
from consult.web.rendering import errors_of, respond

blueprint = Blueprint("summaries", __name__)
TEXTS_A_PAGE = 50


@blueprint.get("/<slug>/summaries")
def items(slug: str) -> Any:
    """The questions of the starting survey, and how far the summary of each has come."""
    consultation = _consultation(slug, Action.VIEW_DRAFT_SUMMARY)
    lines = list_items(consultation)
    opens = [line.item.id for line in lines if line.item.form is ItemForm.OPEN]
    return _page("items", consultation, lines=lines, coding=count_queued(opens))


@blueprint.post("/<slug>/summaries/<int(max=2147483647):item>/begin")
def begin(slug: str, item: int) -> Any:
    """A summary of a question that has none."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    where = url_for(".summary", slug=slug, item=item)
    if again := once.sent_before(where):
        return again
    service.begin(current.actor(), consultation, item)
    db.session.commit()
    return redirect(where, code=303)


@blueprint.route("/<slug>/summaries/<int(max=2147483647):item>", methods=["GET", "POST"])
def summary(slug: str, item: int) -> Any:
    """The views side by side, to be written in equal length."""
    is_writing = request.method == "POST"
    consultation = _consultation(slug, Action.DRAFT_SUMMARY if is_writing else Action.VIEW_DRAFT_SUMMARY)
    draft = _draft(consultation, item)
    form, views = (_sent if is_writing else _saved)(draft)
    if not is_writing:
        return _summary_page(consultation, draft, form, views)
    if not all([form.validate_on_submit(), *(view.form.validate() for view in views)]):
        return _summary_page(consultation, draft, form, views)
    if "check" in request.form:  # without a script: count, and save nothing
        return _summary_page(consultation, draft, form, views, is_checked=True)
    where = url_for(".summary", slug=slug, item=item)
    if again := once.sent_before(where):
        return again
    try:
        _write(consultation, draft, form, views)
    except Conflict as refusal:
        db.session.rollback()
        draft = _draft(consultation, item)
        if draft.summary.published_at is None:
            form.version.data = draft.summary.version
        refuse(form.title, refusal)
        return _summary_page(consultation, draft, form, views, theirs=True, status=refusal.status)
    db.session.commit()
    flash(_("The summary is saved."), "success")
    return redirect(where, code=303)


@blueprint.route("/<slug>/summaries/<int(max=2147483647):item>/remove", methods=["GET", "POST"])
def remove(slug: str, item: int) -> Any:
    """Throw a draft away, after being asked once."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    if request.method == "POST":
        if again := once.sent_before(url_for(".items", slug=slug)):
            return again
        service.remove(current.actor(), consultation, item)
        db.session.commit()
        return redirect(url_for(".items", slug=slug), code=303)
    return _page("remove", consultation, draft=_draft(consultation, item), form=SureForm())


@blueprint.post("/<slug>/summaries/<int(max=2147483647):item>/draw")
def draw(slug: str, item: int) -> Any:
    """One more quotation for a view."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    where = url_for(".summary", slug=slug, item=item, _anchor="quotations")
    if again := once.sent_before(where):
        return again
    try:
        quoting.draw(current.actor(), consultation, item, request.form.get("position", ""))
    except Invalid as refusal:
        db.session.rollback()
        flash(translated(refusal), "notice")
        return redirect(where, code=303)
    db.session.commit()
    return redirect(where, code=303)


@blueprint.post("/<slug>/summaries/<int(max=2147483647):item>/quotations/<int(max=2147483647):quotation>")
def review(slug: str, item: int, quotation: int) -> Any:
    """Accept a quotation as it stands, or refuse it; with another one in its place if that is wanted."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    where = url_for(".summary", slug=slug, item=item, _anchor="quotations")
    if again := once.sent_before(where):
        return again
    verdict = request.form.get("verdict", "")
    if verdict not in {"accept", "refuse"}:
        raise Invalid("Accept the quotation or refuse it.")
    quoting.review(current.actor(), consultation, item, quotation, accepts=verdict == "accept")
    db.session.commit()
    return redirect(where, code=303)


@blueprint.post("/<slug>/summaries/<int(max=2147483647):item>/invite")
def invite(slug: str, item: int) -> Any:
    """Ask people who hold the views whether the account is fair."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    where = url_for(".summary", slug=slug, item=item, _anchor="fairness")
    if again := once.sent_before(where):
        return again
    try:
        count = fairness.invite(current.actor(), consultation, item)
    except Invalid as refusal:
        db.session.rollback()
        flash(translated(refusal), "notice")
        return redirect(where, code=303)
    db.session.commit()
    flash(
        ngettext(
            "%(num)s question is asked. People see it when they come back.",
            "%(num)s questions are asked. People see them when they come back.",
            count,
        ),
        "success",
    )
    return redirect(where, code=303)


@blueprint.get("/<slug>/summaries/<int(max=2147483647):item>/answers")
def texts(slug: str, item: int) -> Any:
    """What those who hold a view wrote, for whoever tells it; no name, and nobody else's answer."""
    consultation = _consultation(slug, Action.DRAFT_SUMMARY)
    draft = _draft(consultation, item)
    view = request.args.get("view") or next((part.held.key for part in draft.parts), "")
    part = next((part for part in draft.parts if part.held.key == view), None)
    if part is None or not draft.is_open:
        raise NotFound
    answers = sorted(part.held.holders.values())
    pages = max(1, -(-len(answers) // TEXTS_A_PAGE))
    asked = request.args.get("page", "1")
    page = min(int(asked), pages) if asked.isdecimal() and len(asked) < 6 and int(asked) else 1  # noqa: PLR2004
    shown = list_texts(answers[(page - 1) * TEXTS_A_PAGE : page * TEXTS_A_PAGE])
    return _page("texts", consultation, draft=draft, part=part, texts=shown, page=page, pages=pages)


@blueprint.get("/<slug>/summaries/<int(max=2147483647):item>/answers/<int(max=2147483647):answer>")
def quoted(slug: str, item: int, answer: int) -> Any:
    """The answer from which a quotation was drawn, by its number; no name, and no other answer."""
    consultation = _consultation(slug, Action.VIEW_DRAFT_SUMMARY)
    line = get_item(consultation, item)
    words = get_quoted_text(consultation, item, answer)
    return _page("quoted", consultation, line=line, answer=answer, words=words)


@dataclass(frozen=True, slots=True)
class View:
    """One view on the page: its key, what is typed for it, and who holds it, if anybody still does."""

    key: str
    form: PositionForm
    part: DraftPosition | None


def _write(consultation: Consultation, draft: Draft, form: SummaryForm, views: list[View]) -> None:
    service.write(
        current.actor(),
        consultation,
        draft.line.item.id,
        version=form.version.data,
        title=form.title.data,
        counts_shown=CountsShown(form.counts_shown.data),
        override=form.override.data,
        positions={view.key: _words(view.form) for view in views},
    )


def _words(form: PositionForm) -> Words:
    return Words(form.completion.data, form.reasons.data, form.worry.data, form.opposes.data)


def _saved(draft: Draft) -> tuple[SummaryForm, list[View]]:
    """The form of the whole, and one for each view, with what is saved."""
    held = draft.summary
    form = SummaryForm(
        version=held.version,
        title=held.title,
        counts_shown=held.counts_shown.value,
        override=held.override or "",
    )
    return form, [_saved_view(draft, part, n) for n, part in enumerate(draft.parts)]


def _saved_view(draft: Draft, part: DraftPosition, n: int) -> View:
    keys = {each.words.id: each.held.key for each in draft.parts if each.words}
    completion, reasons, worry = part.texts
    opposes = keys.get(part.words.opposes_id, "") if part.words and part.words.opposes_id else ""
    form = PositionForm(
        others=_others(draft, part.held.key),
        prefix=f"view{n}-",
        completion=completion or part.held.completion,
        reasons=reasons,
        worry=worry,
        opposes=opposes,
    )
    return View(part.held.key, form, part)


def _sent(draft: Draft) -> tuple[SummaryForm, list[View]]:
    """The same with what was sent, each view by its key: codes may have changed since the page was made.

    What was typed for a view that nobody holds any more is kept with it, for the case that somebody does
    again; a view that has come up since stands after the others.
    """
    parts = {part.held.key: part for part in draft.parts}
    known = {*parts, *list_positions(draft.summary.id)}
    sent = request.form.getlist("view")
    places = {key: n for n, key in enumerate(sent) if key in known}
    views = [
        View(key, PositionForm(others=_others(draft, key), prefix=f"view{n}-"), parts.get(key))
        for key, n in places.items()
    ]
    new = [part for key, part in parts.items() if key not in {view.key for view in views}]
    return SummaryForm(), [*views, *(_saved_view(draft, part, n) for n, part in enumerate(new, len(sent)))]


def _others(draft: Draft, key: str) -> list[tuple[str, str]]:
    return [(part.held.key, part.held.completion) for part in draft.parts if part.held.key != key]


def _summary_page(
    consultation: Consultation,
    draft: Draft,
    form: SummaryForm,
    views: list[View],
    *,
    theirs: bool = False,
    is_checked: bool = False,
    status: int | None = None,
) -> Response:
    errors = [*errors_of(form), *(error for view in views for error in errors_of(view.form))]
    page = render_template(
        "moderator/summaries/summary.html",
        **_around(consultation),
        draft=draft,
        form=form,
        views=views,
        errors=errors,
        theirs=theirs,
        is_checked=is_checked,
        tell=tell,
        length_of=_length_of,
        room=room([_length_of(view.form) for view in views]),
    )
    return make_response(page, status or (422 if errors else 200))


def _length_of(form: PositionForm) -> int:
    """How many words stand in the form now."""
    return word_count(*(field.data or "" for field in (form.completion, form.reasons, form.worry)))


def _draft(consultation: Consultation, item_id: int) -> Draft:
    found = get_draft(consultation, item_id)
    if found is None:
        raise NotFound
    return found


def _consultation(slug: str, action: Action) -> Consultation:
    """The consultation of the address, for staff who may do that there."""
    consultation = get_consultation(slug)
    require(current.actor(), action, standing_of(consultation))
    return consultation


def _page(name: str, consultation: Consultation, **values: Any) -> Response:
    return respond(f"moderator/summaries/{name}.html", **_around(consultation), **values)


def _around(consultation: Consultation) -> dict[str, Any]:
    """What every page of these has, and what it may lead to."""
    return {
        "consultation": consultation,
        "slug": consultation.slug,
        "can_draft": _may(Action.DRAFT_SUMMARY, consultation),
        "can_publish": _may(Action.PUBLISH_SUMMARIES, consultation),
        "can_oversee": _may(Action.OVERSEE, consultation),
    }


def _may(action: Action, consultation: Consultation) -> bool:
    return allows(current.actor(), action, standing_of(consultation))
