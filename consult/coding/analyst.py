"""Coding for officers and analysts: the open items, their codebooks, the queue, how far coders agree."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from consult.access import Action, Moment
from consult.coding import codebooks, counting, queries, queueing, suggesting, suggestions
from consult.coding.agreement_page import agreement_of_item
from consult.coding.codebooks import EditedMeanwhile
from consult.coding.forms import MarkForm, SuggestForm, ThemeForm, start_form, theme_form
from consult.coding.home_page import item_lines, next_step
from consult.coding.models import Theme
from consult.coding.places import Place, seen, seen_item
from consult.coding.reasons import reason_for
from consult.coding.rules import fingerprint, themes_in
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.surveys.models import Item
from consult.web import once
from consult.web.forms import refuse
from consult.web.languages import spoken, translated
from consult.web.rendering import respond

blueprint = Blueprint("coding", __name__)
EDIT, CODE = Action.EDIT_CODEBOOK, Action.CODE_TEXTS
THEME = "<int(max=2147483647):theme_id>"


@blueprint.get("/<slug>/coding/")
def home(slug: str) -> Response:
    """Every open item: how far it is, and what comes next."""
    place = seen(slug)
    lines = item_lines(place.consultation, place.moment, place.staff_id)
    return respond(
        "analyst/coding/home.html",
        moment=place.moment.name.lower(),
        lines=[(line, next_step(line, place.moment)) for line in lines],
        **place.frame(),
    )


@blueprint.get("/<slug>/coding/<path:key>/codebook")
def codebook(slug: str, key: str) -> Response:
    """The themes of an item, what the machine suggests, and the versions that were frozen."""
    return _codebook_page(*seen_item(slug, key))


@blueprint.route("/<slug>/coding/<path:key>/codebook/new", methods=["GET", "POST"])
def add_theme(slug: str, key: str) -> Any:
    """A new theme, from nothing or from a suggestion."""
    place, item = seen_item(slug, key, EDIT)
    suggested = _suggested(place, item)
    form = ThemeForm(data={"label": ", ".join(suggested["words"][:4])} if suggested else {})
    there = _codebook_url(slug, key)
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        try:
            codebooks.add_theme(place.actor, place.consultation, item, form.words)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.label, refusal)
        else:
            db.session.commit()
            flash(_("The theme is added."), "success")
            return redirect(there, code=303)
    return _theme_page(place, item, form, texts=suggested["quotations"] if suggested else [])


@blueprint.route(f"/<slug>/coding/<path:key>/codebook/themes/{THEME}", methods=["GET", "POST"])
def change_theme(slug: str, key: str, theme_id: int) -> Any:
    """One theme, to change what it says."""
    place, item = seen_item(slug, key, EDIT)
    theme = queries.get_theme(item, theme_id)
    form = theme_form(theme)
    if form.validate_on_submit():
        try:
            codebooks.change_theme(
                place.actor, place.consultation, item, theme, form.words, seen=form.seen.data or ""
            )
        except EditedMeanwhile:
            db.session.rollback()
            return _clash(slug, key, theme_id, form)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.label, refusal)
        else:
            db.session.commit()
            flash(_("The theme is saved."), "success")
            return redirect(_codebook_url(slug, key), code=303)
    return _theme_page(place, item, form, theme=theme)


def _clash(slug: str, key: str, theme_id: int, form: ThemeForm) -> Response:
    """Both versions side by side, and what was typed, to be saved on top or given up."""
    place, item = seen_item(slug, key, EDIT)
    theme = queries.get_theme(item, theme_id)
    theirs = queries.words_of(theme)
    form.seen.data = fingerprint(*theirs)
    form.form_errors = [_("Somebody else changed this theme while you had it open.")]
    versions = [
        (form[name].label.text, saved, typed)
        for (name, saved), typed in zip(theirs._asdict().items(), form.words, strict=True)
        if saved != typed
    ]
    page = _theme_page(place, item, form, theme=theme, versions=versions)
    page.status_code = 409
    return page


@blueprint.post(f"/<slug>/coding/<path:key>/codebook/themes/{THEME}/move")
def move_theme(slug: str, key: str, theme_id: int) -> Any:
    """The theme has changed places with its neighbour; the browser stays at its button."""
    place, item = seen_item(slug, key, EDIT)
    theme = queries.get_theme(item, theme_id)
    wanted, _space, past = request.form.get("move", "").partition(" ")
    way = codebooks.UP if wanted == codebooks.UP else codebooks.DOWN
    try:
        codebooks.move_theme(place.actor, place.consultation, item, theme, way=way, past=past)
    except EditedMeanwhile:
        db.session.rollback()
        form = MarkForm(formdata=None)
        form.form_errors = [_("Somebody else changed the list while you had it open. This is how it is now.")]
        page = _codebook_page(*seen_item(slug, key, EDIT), form=form)
        page.status_code = 409
        return page
    db.session.commit()
    ids = [each.id for each in queries.list_themes(item.id) if not each.is_retired]
    n = ids.index(theme_id) + 1
    at = "down" if n == 1 else "up" if n == len(ids) else way
    return redirect(url_for(".codebook", slug=slug, key=key, _anchor=f"{at}-{n}"), code=303)


@blueprint.post(f"/<slug>/coding/<path:key>/codebook/themes/{THEME}/out")
def retire_theme(slug: str, key: str, theme_id: int) -> Any:
    """The theme is taken out, or brought back."""
    place, item = seen_item(slug, key, EDIT)
    theme, is_retired = queries.get_theme(item, theme_id), request.form.get("to") != "in"
    try:
        codebooks.retire_theme(place.actor, place.consultation, item, theme, is_retired=is_retired)
    except Invalid as refusal:
        db.session.rollback()
        return _refused(slug, key, refusal)
    db.session.commit()
    said = _("The theme is taken out. You can bring it back.") if is_retired else _("The theme is back.")
    flash(said, "success")
    return redirect(_codebook_url(slug, key), code=303)


@blueprint.post("/<slug>/coding/<path:key>/codebook/freeze")
def freeze(slug: str, key: str) -> Any:
    """The themes as they are now are what coders work with."""
    place, item = seen_item(slug, key, EDIT)
    try:
        frozen = codebooks.freeze_codebook(place.actor, place.consultation, item)
    except Invalid as refusal:
        db.session.rollback()
        return _refused(slug, key, refusal)
    number = frozen.number
    db.session.commit()
    flash(_("Version %(n)s is frozen. Coders work with it from now on.", n=number), "success")
    return redirect(_codebook_url(slug, key), code=303)


@blueprint.post("/<slug>/coding/<path:key>/codebook/suggest")
def suggest(slug: str, key: str) -> Any:
    """The machine has proposed themes, in a process of its own; people decide."""
    place, item = seen_item(slug, key, EDIT)
    form = SuggestForm()
    if not form.validate():
        return _codebook_page(place, item, form=form)
    try:
        suggesting.suggest(place.actor, place.consultation, key, k=form.k.data)
    except Invalid as refusal:
        db.session.rollback()
        form = SuggestForm(formdata=None)
        refuse(form.k, refusal)
        return _codebook_page(*seen_item(slug, key, EDIT), form=form)
    db.session.commit()
    return redirect(url_for(".codebook", slug=slug, key=key, _anchor="suggested"), code=303)


@blueprint.get("/<slug>/coding/<path:key>/codebook/<int(max=2147483647):number>")
def version(slug: str, key: str, number: int) -> Response:
    """One frozen version, word for word."""
    place, item = seen_item(slug, key)
    found = queries.get_codebook(item, number)
    return respond(
        "analyst/coding/version.html", found=found, themes=themes_in(found.content), **place.frame(item)
    )


@blueprint.route("/<slug>/coding/<path:key>/start", methods=["GET", "POST"])
def start(slug: str, key: str) -> Any:
    """How texts are shared out; then they wait for their coders."""
    place, item = seen_item(slug, key, CODE)
    form, version = start_form(), queries.latest_codebook(item.id)
    if version is None and request.method == "POST":
        raise Conflict(queueing.NO_CODEBOOK)
    if form.validate_on_submit():
        try:
            queueing.start_coding(
                place.actor,
                place.consultation,
                item,
                double_percent=form.double_percent.number,
                again_percent=form.again_percent.number,
            )
        except Invalid as refusal:
            db.session.rollback()
            form.form_errors = [translated(refusal)]
        else:
            db.session.commit()
            return redirect(url_for("analyst.texts.read", slug=slug, key=key), code=303)
    waves = queueing.readable_waves(place.moment)
    return respond(
        "analyst/coding/start.html",
        form=form,
        n_texts=counting.count_texts([item.id], waves).get(item.id, 0),
        version=version,
        **place.frame(item),
    )


@blueprint.post("/<slug>/coding/<path:key>/more")
def bring_in(slug: str, key: str) -> Any:
    """Texts that came since stand in the queue too, shuffled among those that wait."""
    place, item = seen_item(slug, key, CODE)
    added = queueing.bring_in_texts(place.actor, place.consultation, item)
    db.session.commit()
    if added:
        flash(ngettext("%(num)s more text is in.", "%(num)s more texts are in.", added), "success")
    return redirect(url_for(".home", slug=slug), code=303)


@blueprint.get("/<slug>/coding/<path:key>/agreement")
def agreement(slug: str, key: str) -> Response:
    """How far coders agree, theme by theme, in words."""
    place, item = seen_item(slug, key, CODE)
    found = agreement_of_item(place.actor, place.consultation, item)
    return respond("analyst/coding/agreement.html", found=found, **place.frame(item))


def _codebook_url(slug: str, key: str) -> str:
    return url_for(".codebook", slug=slug, key=key)


def _theme_page(
    place: Place,
    item: Item,
    form: ThemeForm,
    *,
    theme: Theme | None = None,
    versions: Sequence[tuple[str, str | None, str | None]] = (),
    texts: Sequence[str] = (),
) -> Response:
    """The form of a theme; ``texts`` stand beside it to be read, and in no field that would keep them."""
    return respond(
        "analyst/coding/theme.html",
        form=form,
        theme=theme,
        versions=versions,
        texts=texts,
        **place.frame(item),
    )


def _suggested(place: Place, item: Item) -> dict[str, Any] | None:
    """The suggestion with which the theme of the address begins."""
    wanted = request.args.get("from", 0, type=int)
    found = _suggestions(place, item) if wanted else None
    themes = enumerate(found["themes"] if found else (), 1)
    return next((theme for number, theme in themes if number == wanted), None)


def _suggestions(place: Place, item: Item) -> dict[str, Any] | None:
    """What the machine proposed last; texts of a stage that is open are never shown."""
    return suggestions.latest(item.id) if place.moment is Moment.SUMMARISING else None


def _refused(slug: str, key: str, refusal: Invalid) -> Response:
    form = MarkForm(formdata=None)
    form.form_errors = [translated(refusal)]
    return _codebook_page(*seen_item(slug, key, EDIT), form=form)


def _codebook_page(place: Place, item: Item, *, form: Any = None) -> Response:
    themes = queries.list_themes(item.id)
    used = [theme for theme in themes if not theme.is_retired]
    versions = queries.list_codebooks(item.id)
    latest = versions[0] if versions else None
    may_suggest = place.may(EDIT) and place.moment is Moment.SUMMARISING
    suggested = _suggestions(place, item)
    asking = form if isinstance(form, SuggestForm) else SuggestForm(formdata=None)
    return respond(
        "analyst/coding/codebook.html",
        form=form,
        themes=[_line(used, n) for n in range(len(used))],
        retired=[theme for theme in themes if theme.is_retired],
        codes=queries.count_codes(item.id),
        codebooks=versions,
        is_changed=bool(used) and (latest is None or latest.content != codebooks.content_of(used)),
        suggested=suggested,
        reason=spoken(reason_for(suggested)) if suggested else None,
        may_suggest=may_suggest,
        asking=asking,
        is_coded=counting.find_queue(item.id) is not None,
        **place.frame(item),
    )


def _line(themes: list[Theme], n: int) -> dict[str, Any]:
    """One theme in its place, with its neighbours."""
    return {
        "theme": themes[n],
        "number": n + 1,
        "above": themes[n - 1].key if n else None,
        "below": themes[n + 1].key if n + 1 < len(themes) else None,
    }
