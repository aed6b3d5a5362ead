"""The pages of answering, the same for both surveys: one item, the list before sending, what cannot be kept.

A page that was opened in time is taken for half an hour after the stage has closed. What comes later is
shown back for copying and never thrown away.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Page

from consult.accounts import current, kept_forms
from consult.consultations.entrance import Here, here
from consult.consultations.grace import GRACE, require_in_time, stage_of
from consult.consultations.models import Mode, Wave
from consult.db import db
from consult.errors import Conflict, DomainError, NotPermitted
from consult.recruitment import about_you_pages
from consult.recruitment.models import AskedAt
from consult.surveys import answering, wording
from consult.surveys.progress import WALKS, Response, Walk, get_response, was_caught
from consult.surveys.queries import OwnItem, Sheet, get_sheet, list_sheets
from consult.surveys.resident_forms import SKIPPED, Errors, Typed, read, texts_of, typed_before, typed_in
from consult.web.languages import translated
from consult.web.opened import FIELD, opened_at, stamp, what_for

SEND = "send"
ITEM = {Wave.PRE: "resident.surveys.survey", Wave.POST: "resident.surveys.follow_up"}
CHECK = {Wave.PRE: "resident.surveys.check_survey", Wave.POST: "resident.surveys.check_follow_up"}
SENT = {Wave.PRE: "resident.surveys.survey_sent", Wave.POST: "resident.surveys.follow_up_sent"}
Form = MultiDict[str, str]


def item_page(walk: Walk, n: int) -> Any:
    """Show item number ``n``, or take its answer."""
    place = here()
    if request.method == "POST":
        return _take(place, walk, n)
    response = get_response(place.consultation.id, place.participant_id, walk.wave)
    kept = kept_forms.restored()
    try:
        is_late = require_in_time(
            place.actor, walk.view, place.consultation, walk.kind, opened_at=_opened(place, kept)
        )
    except (NotPermitted, Conflict) as refusal:
        return not_kept(place, refusal, kept)
    if away := _elsewhere(place, response):
        return away
    item = response.get_item(n)
    if response.is_ahead(n):
        return redirect(item_url(place, walk.wave, response.first_unreached or 1), code=302)
    sheet = get_sheet(item, response.person.seed)
    typed = typed_in(sheet, kept) if kept else typed_before(sheet)
    # A page that is given back after the close keeps the time at which it was first opened.
    opened = kept.get(FIELD, "") if kept and is_late else stamp(place.participant_id, _what(walk.wave, item))
    return _show(place, response, n, sheet, typed, opened=opened, errors={})


def check_page(walk: Walk) -> Any:
    """Show everything that was answered, or send it."""
    place = here()
    if request.method == "POST":
        return _send(place, walk)
    response = get_response(place.consultation.id, place.participant_id, walk.wave)
    try:
        is_late = require_in_time(
            place.actor,
            walk.view,
            place.consultation,
            walk.kind,
            began_in_time=was_caught(response.person, walk.wave),
        )
    except (NotPermitted, Conflict) as refusal:
        return not_kept(place, refusal, None)
    if away := _elsewhere(place, response):
        return away
    if not (response.is_complete or is_late):
        return redirect(item_url(place, walk.wave, response.first_unreached or 1), code=302)
    return _show_check(place, response, is_late=is_late)


def item_url(place: Here, wave: Wave, n: int) -> str:
    """The address of item number ``n``."""
    return url_for(ITEM[wave], slug=place.consultation.slug, n=n)


def goes_on_at(place: Here, response: Response) -> str:
    """Where the person of this response goes on: the first item that they have not reached, or the list."""
    first = response.first_unreached
    if first is None:
        return url_for(CHECK[response.wave], slug=place.consultation.slug)
    return item_url(place, response.wave, first)


def mode_of() -> Mode:
    """How the answers of this request are given."""
    session = current.resident()
    return Mode.LIBRARY if session is not None and session.is_shared else Mode.OWN


def not_kept(place: Here, refusal: DomainError, form: Form | None) -> Page:
    """Say that this was not kept, and why, with every word that was typed, for copying."""
    return make_response(
        render_template(
            "resident/surveys/not_kept.html",
            consultation=place.consultation,
            message=translated(refusal),
            texts=texts_of(form),
            was_sent=request.method == "POST",
        ),
        refusal.status,
    )


def _take(place: Here, walk: Walk, n: int) -> Any:
    form = request.form
    response = answering.take_up(place.actor, place.consultation, walk)
    opened = _opened(place, form)
    try:
        item = _item_of(place, response, n, form)
        answering.require_answering(place.actor, place.consultation, response, opened_at=opened)
        if response.is_ahead(n):
            db.session.rollback()
            return redirect(item_url(place, walk.wave, response.first_unreached or 1), code=303)
        sheet = get_sheet(item, response.person.seed)
        typed, action = typed_in(sheet, form), form.get("action", "")
        given, errors = (SKIPPED, {}) if action == "skip" else read(sheet, typed)
        if errors and not (action == "later" and typed.is_empty):
            db.session.rollback()
            again = form[FIELD] if opened else stamp(place.participant_id, _what(walk.wave, item))
            return _show(place, response, n, sheet, typed, opened=again, errors=errors)
        saved = None
        if given:
            saved = answering.save_answer(
                place.actor, place.consultation, response, sheet, given, opened_at=opened, mode=mode_of()
            )
    except (NotPermitted, Conflict) as refusal:
        db.session.rollback()
        return not_kept(place, refusal, form)
    kept_forms.drop(place.participant_id, request.path)
    db.session.commit()
    return redirect(_after(place, response, n, saved, is_leaving=action == "later"), code=303)


def _after(place: Here, before: Response, n: int, saved: answering.Saved | None, *, is_leaving: bool) -> str:
    """Where somebody goes who has answered item number ``n``."""
    slug = place.consultation.slug
    if saved is not None and saved.needs_support:
        return url_for("resident.surveys.support", slug=slug)
    if is_leaving:
        return url_for("resident.surveys.waiting", slug=slug)
    if before.is_complete or (saved is not None and saved.is_late):
        return url_for(CHECK[before.wave], slug=slug)
    if n < len(before.items):
        return item_url(place, before.wave, n + 1)
    return _about_you(place, before) or url_for(CHECK[before.wave], slug=slug)


def _send(place: Here, walk: Walk) -> Any:
    response = answering.take_up(place.actor, place.consultation, walk)
    opened = opened_at(request.form.get(FIELD), place.participant_id, f"{walk.wave}/{SEND}")
    try:
        is_late = answering.require_answering(
            place.actor, place.consultation, response, opened_at=opened, is_sending=True
        )
        if not (response.is_complete or is_late):
            db.session.rollback()
            return redirect(item_url(place, walk.wave, response.first_unreached or 1), code=303)
        answering.send(place.actor, place.consultation, response, opened_at=opened, mode=mode_of())
    except (NotPermitted, Conflict) as refusal:
        db.session.rollback()
        return not_kept(place, refusal, None)
    db.session.commit()
    return redirect(url_for(SENT[walk.wave], slug=place.consultation.slug), code=303)


def _elsewhere(place: Here, response: Response) -> Page | None:
    """Lead to where it can be told kindly: no first survey, or a follow-up that is final."""
    if response.wave is Wave.PRE:
        return None
    if not response.person.has_sent(Wave.PRE):
        return redirect(url_for("resident.surveys.waiting", slug=place.consultation.slug), code=302)
    if response.is_sent:
        return redirect(url_for("resident.surveys.your_views", slug=place.consultation.slug), code=302)
    return None


def _item_of(place: Here, response: Response, n: int, form: Form) -> OwnItem:
    """The item that the form was about; it must still be number ``n``."""
    what = what_for(form.get(FIELD), place.participant_id)
    item = response.items[n - 1] if n <= len(response.items) else None
    if what is not None and (item is None or what != _what(response.wave, item)):
        raise Conflict(
            "This question was changed or taken out after you opened it. Your answer is not saved."
        )
    return response.get_item(n)


def _what(wave: Wave, item: OwnItem) -> str:
    return f"{wave}/{item.id}"


def _opened(place: Here, form: Form | None) -> datetime | None:
    """When the form was opened, whichever item it was about."""
    typed = form.get(FIELD) if form else None
    what = what_for(typed, place.participant_id)
    return opened_at(typed, place.participant_id, what) if what else None


def _show(
    place: Here, response: Response, n: int, sheet: Sheet, typed: Typed, *, opened: str, errors: Errors
) -> Page:
    walk = WALKS[response.wave]
    stage = stage_of(place.consultation, walk.kind)
    page = render_template(
        "resident/surveys/item.html",
        consultation=place.consultation,
        wave=response.wave.value,
        n=n,
        count=len(response.items),
        has_saved=response.count_reached > 0,
        sheet=sheet,
        points=wording.point_words(sheet),
        caption=wording.caption(sheet.item),
        typed=typed,
        wrong=errors,
        errors=[{"text": text, "href": f"#{where}"} for where, text in errors.items()],
        opened=opened,
        closes_at=stage.closes_at if stage else None,
        back=item_url(place, response.wave, n - 1)
        if n > 1
        else url_for("resident.surveys.waiting", slug=place.consultation.slug),
    )
    return make_response(page, 422 if errors else 200)


def _show_check(place: Here, response: Response, *, is_late: bool) -> str:
    sheets = list_sheets(response.items, response.person.seed)
    stage = stage_of(place.consultation, WALKS[response.wave].kind)
    return render_template(
        "resident/surveys/check.html",
        consultation=place.consultation,
        wave=response.wave.value,
        rows=_rows(place, response, sheets, can_change=not is_late),
        is_sent=response.is_sent,
        is_late=is_late,
        until=stage.closes_at + GRACE if stage and is_late else stage.closes_at if stage else None,
        opened=stamp(place.participant_id, f"{response.wave}/{SEND}"),
        about_you=_about_you(place, response),
    )


def _rows(
    place: Here, response: Response, sheets: Sequence[Sheet], *, can_change: bool
) -> list[dict[str, Any]]:
    return [
        {
            "stem": sheet.item.stem,
            "lines": wording.said(sheet) or [_("You did not come to this one")],
            "href": item_url(place, response.wave, n) if can_change else None,
            "n": n,
        }
        for n, sheet in enumerate(sheets, 1)
    ]


def about_you_walk(slug: str) -> about_you_pages.Walk:
    """The questions about the person that are asked after the items."""
    return about_you_pages.Walk(
        AskedAt.AFTER,
        "resident/surveys/about_you.html",
        address_of=lambda n: url_for("resident.surveys.survey_about_you", slug=slug, n=n),
        before=lambda: url_for("resident.surveys.waiting", slug=slug),
        after=lambda: url_for("resident.surveys.check_survey", slug=slug),
    )


def _about_you(place: Here, response: Response) -> str | None:
    """Where the questions about the person stand, if any are asked of them after the items."""
    if response.wave is Wave.POST:
        return None
    return about_you_pages.first_address(place, about_you_walk(place.consultation.slug))
