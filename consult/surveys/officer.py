"""Writing the items of a draft, reading their sentences, and correcting typing errors later."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from consult.access import Action, allows, require
from consult.accounts import current
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation, standing_of
from consult.db import db
from consult.errors import Invalid
from consult.surveys import correcting, editing, item_words
from consult.surveys.balance import survey_advice
from consult.surveys.correcting import NotTyping
from consult.surveys.editing import EditedMeanwhile, KeyTaken
from consult.surveys.item_filling import MOST_OPTIONS, empty_form, form_of, sent_form
from consult.surveys.item_pages import about_item, differences, item_lines, preview_of, told
from consult.surveys.item_queries import (
    find_unapproved,
    get_item,
    list_corrections,
    list_items,
    list_keys,
    new_item_of,
)
from consult.surveys.models import Item
from consult.surveys.officer_forms import (
    ApprovalForm,
    CorrectionForm,
    ItemForm,
    KindForm,
    VersionForm,
    correction_form,
)
from consult.web import once
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("surveys", __name__)
EDIT, CORRECT = Action.EDIT_CONSULTATION, Action.CORRECT_TYPING


@blueprint.get("/<slug>/items")
def items(slug: str) -> Response:
    """Every question in its order, what is still to do in it, and what to look at in all of them."""
    return _list(_consultation(slug))


@blueprint.route("/<slug>/items/new", methods=["GET", "POST"])
def add(slug: str) -> Any:
    """A new question: first its kind, then its words."""
    consultation = _consultation(slug, EDIT)
    kind = request.args.get("form", "")
    if kind not in item_words.FORMS:
        form = KindForm(formdata=request.args if "next" in request.args else None, meta={"csrf": False})
        _ = "next" in request.args and form.validate()
        return _page("add", consultation, form=form)
    taken = list_keys(consultation)
    if request.method == "GET":
        return _edit_page(consultation, None, empty_form(kind, taken=taken))
    form = sent_form(kind, request.form, taken=taken)
    if not _is_saved(form):
        return _edit_page(consultation, None, form)
    token = once.token_of(request.form)
    led_to = once.claim(token)
    if led_to is None:
        item = editing.add_item(current.actor(), consultation, form.item)
        led_to = url_for(".sentences", slug=slug, key=item.key)
        once.settle(token, led_to)
        db.session.commit()
    return redirect(led_to, code=303)


@blueprint.route("/<slug>/items/<path:key>", methods=["GET", "POST"])
def edit(slug: str, key: str) -> Any:
    """One question: to change in a draft, to read later."""
    consultation = _consultation(slug)
    item = get_item(consultation, key)
    if request.method == "GET" and not _may(EDIT, consultation):
        return _page("fixed", consultation, **_corrected(consultation, item), **about_item(item))
    require(current.actor(), EDIT, standing_of(consultation))
    taken, held = {*list_keys(consultation)} - {item.key}, new_item_of(item)
    if request.method == "GET":
        return _edit_page(consultation, item, form_of(held, version=item.version, taken=taken))
    form = sent_form(held.form, request.form, taken=taken, held=held)
    return _changed(consultation, item, form) if _is_saved(form) else _edit_page(consultation, item, form)


def _changed(consultation: Consultation, item: Item, form: ItemForm) -> Response:
    key, to = item.key, url_for(".sentences", slug=consultation.slug, key=form.item.key)
    if again := once.sent_before(to):
        return again
    try:
        editing.change_item(current.actor(), consultation, item, form.item, version=form.version.data)
    except EditedMeanwhile:
        return _clash(consultation, key, form)
    except KeyTaken as refusal:  # by somebody who saved in this very moment
        db.session.rollback()
        refuse(form.key, refusal)
        return _edit_page(consultation, get_item(consultation, key), form)
    db.session.commit()
    return redirect(to, code=303)


@blueprint.route("/<slug>/items/<path:key>/sentences", methods=["GET", "POST"])
def sentences(slug: str, key: str) -> Any:
    """Every sentence that the question can become, to be read and agreed to."""
    consultation = _consultation(slug, EDIT if request.method == "POST" else Action.OVERSEE)
    item, form = get_item(consultation, key), ApprovalForm()
    if request.method == "GET" or not form.validate():
        return _page("sentences", consultation, form=form, **about_item(item))
    try:
        editing.approve_item(current.actor(), consultation, item, version=form.version.data)
    except EditedMeanwhile:
        db.session.rollback()
        form = ApprovalForm(formdata=None)
        form.form_errors = [gettext("Somebody else changed this question. Read its sentences again.")]
        item = get_item(consultation, key)
        return _page("sentences", consultation, form=form, status=409, **about_item(item))
    db.session.commit()
    flash(gettext("You have approved the sentences of a question."), "success")
    waiting = find_unapproved(consultation, after=item)
    to = url_for(".sentences", slug=slug, key=waiting) if waiting else url_for(".items", slug=slug)
    return redirect(to, code=303)


@blueprint.post("/<slug>/items/<path:key>/move")
def move(slug: str, key: str) -> Any:
    """The question has changed places with its neighbour; the browser stays at its button."""
    consultation = _consultation(slug, EDIT)
    wanted, _space, past = request.form.get("move", "").partition(" ")
    way = editing.UP if wanted == editing.UP else editing.DOWN
    try:
        editing.move_item(current.actor(), consultation, get_item(consultation, key), way=way, past=past)
    except EditedMeanwhile:
        db.session.rollback()
        form = VersionForm(formdata=None)
        form.form_errors = [
            gettext("Somebody else changed the list while you had it open. This is how it is now.")
        ]
        return _list(consultation, form=form, status=409)
    db.session.commit()
    keys = list_keys(consultation)
    n, last = keys.index(key) + 1, len(keys)
    at = "down" if n == 1 else "up" if n == last else way
    return redirect(url_for(".items", slug=slug, _anchor=f"{at}-{n}"), code=303)


@blueprint.route("/<slug>/items/<path:key>/remove", methods=["GET", "POST"])
def remove(slug: str, key: str) -> Any:
    """The question is gone, once somebody has said so twice."""
    consultation = _consultation(slug, EDIT)
    to = url_for(".items", slug=slug)
    if request.method == "POST" and (again := once.sent_before(to)):
        return again
    item = get_item(consultation, key)
    form = VersionForm()
    if request.method == "GET":
        return _page("remove", consultation, form=form, **about_item(item))
    form.validate()
    try:
        editing.remove_item(current.actor(), consultation, item, version=form.version.data)
    except EditedMeanwhile:
        db.session.rollback()
        form = VersionForm(formdata=None)
        form.form_errors = [gettext("Somebody else changed this question. Look at it again.")]
        item = get_item(consultation, key)
        return _page("remove", consultation, form=form, status=409, **about_item(item))
    db.session.commit()
    flash(gettext("The question has been removed."), "success")
    return redirect(to, code=303)


@blueprint.get("/<slug>/items/<path:key>/preview")
def preview(slug: str, key: str) -> Response:
    """The question as a resident sees it on a phone; nothing is kept."""
    consultation = _consultation(slug, Action.PREVIEW)
    return _page("preview", consultation, shown=preview_of(consultation, get_item(consultation, key)))


@blueprint.route("/<slug>/items/<path:key>/correct", methods=["GET", "POST"])
def correct(slug: str, key: str) -> Any:
    """A typing error is put right after publishing, for all to read."""
    consultation = _consultation(slug, CORRECT)
    item = get_item(consultation, key)
    texts = correcting.texts_of(item)
    form = correction_form(texts, _option_numbers(item))()
    if request.method == "POST" and form.validate():
        to = url_for(".edit", slug=slug, key=key)
        if again := once.sent_before(to):
            return again
        words = {text.part: typed for text, typed in zip(texts, form.words(), strict=True)}
        try:
            correcting.correct_item(
                current.actor(), consultation, item, words, reason=form.reason.data, version=form.version.data
            )
        except EditedMeanwhile:
            db.session.rollback()
            return _second_correction(consultation, key, form)
        except NotTyping as refusal:
            db.session.rollback()
            place = next(n for n, text in enumerate(texts) if text.part == refusal.part)
            refuse(form[f"text_{place}"], refusal)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.text_0, refusal)
        else:
            db.session.commit()
            flash(gettext("The words are corrected. Everybody can see what you changed."), "success")
            return redirect(to, code=303)
    return _page("correct", consultation, form=form, item=item)


def _consultation(slug: str, action: Action = Action.OVERSEE) -> Consultation:
    """Get the consultation of the address, for somebody who may do this with it now."""
    consultation = get_consultation(slug)
    require(current.actor(), action, standing_of(consultation))
    return consultation


def _may(action: Action, consultation: Consultation) -> bool:
    return allows(current.actor(), action, standing_of(consultation))


def _is_saved(form: ItemForm) -> bool:
    """Whether the whole item is to be kept, and can be."""
    return request.form.get("action") == "save" and form.validate()


def _page(name: str, consultation: Consultation, *, status: int | None = None, **values: Any) -> Response:
    page = respond(
        f"officer/surveys/{name}.html",
        consultation=consultation,
        slug=consultation.slug,
        can_edit=_may(EDIT, consultation),
        can_correct=_may(CORRECT, consultation),
        **values,
    )
    page.status_code = status or page.status_code
    return page


def _list(consultation: Consultation, *, status: int | None = None, **values: Any) -> Response:
    found = list_items(consultation)
    advice = told(survey_advice([new_item_of(item) for item in found]))
    return _page("items", consultation, status=status, lines=item_lines(found), advice=advice, **values)


def _edit_page(
    consultation: Consultation,
    item: Item | None,
    form: ItemForm,
    *,
    status: int | None = None,
    versions: Any = (),
) -> Response:
    return _page(
        "edit",
        consultation,
        form=form,
        form_name=item_words.FORMS[form.kind].name,
        item=item,
        versions=versions,
        most_options=MOST_OPTIONS,
        resized=request.form.get("action") == "points",
        status=status,
    )


def _clash(consultation: Consultation, key: str, form: ItemForm) -> Response:
    """Both versions side by side, and what was typed, to be saved on top or given up."""
    db.session.rollback()
    item = get_item(consultation, key)
    form.version.data = item.version
    form.form_errors = [gettext("Somebody else changed this question while you had it open.")]
    versions = differences(new_item_of(item), form.item)
    return _edit_page(consultation, item, form, status=409, versions=versions)


def _second_correction(consultation: Consultation, key: str, form: CorrectionForm) -> Response:
    """The words as the first officer left them, with what the second had changed and not the rest."""
    item = get_item(consultation, key)
    before = {(each.part, each.before) for each in list_corrections(consultation, item)}
    for n, text in enumerate(correcting.texts_of(item)):
        field = form[f"text_{n}"]
        if (text.part, field.data) in before:
            field.data = text.words
    form.version.data = item.version
    form.form_errors = [gettext("Somebody else corrected this question. Look at its words again.")]
    return _page("correct", consultation, form=form, status=409, item=item)


def _corrected(consultation: Consultation, item: Item) -> dict[str, Any]:
    numbers = _option_numbers(item)
    return {
        "corrections": [
            (item_words.part_name(each.part, numbers), each) for each in list_corrections(consultation, item)
        ]
    }


def _option_numbers(item: Item) -> dict[str, str]:
    return {option.key: str(n) for n, option in enumerate(item.options, 1)}
