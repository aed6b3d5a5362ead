"""The page of then and now: both answers to each item, and what the person says of it themselves.

The items of role perceived ask it ("Has your view changed? In what way?"). They are answered here and
nowhere else, because they make sense only beside both answers, and as often as one likes until the
stage closes.
"""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Page

from consult import clock
from consult.access import Action, Moment, allows, require
from consult.accounts import kept_forms
from consult.consultations.entrance import Here, here
from consult.consultations.models import Wave
from consult.consultations.timeline import timeline
from consult.db import db
from consult.errors import Conflict, NotPermitted
from consult.surveys import answering, wording
from consult.surveys.answer_pages import mode_of, not_kept
from consult.surveys.own_views import pairs_of
from consult.surveys.progress import FOLLOW_UP, Response, get_response
from consult.surveys.queries import Sheet, list_sheets
from consult.surveys.resident_forms import SKIPPED, Errors, Typed, read, typed_before, typed_in
from consult.web.opened import FIELD, opened_at, stamp

WHAT = f"{Wave.POST}/perceived"


def page() -> Any:
    """Show then and now, or take what the person says of it."""
    place = here()
    if request.method == "POST":
        return _take(place)
    require(place.actor, Action.READ_OWN_FOLLOW_UP, place.standing)
    after = get_response(place.consultation.id, place.participant_id, Wave.POST)
    if not after.is_sent and place.standing.moment is Moment.FOLLOW_UP:
        # Nobody sees their first answers while they may still give the second ones.
        return redirect(url_for("resident.surveys.carry_on", slug=place.consultation.slug), code=302)
    sheets = list_sheets(after.perceived, after.person.seed)
    kept = kept_forms.restored()
    typed = {s.item.id: typed_in(s, kept, _prefix(s)) if kept else typed_before(s) for s in sheets}
    return _show(place, after, sheets, typed, opened=stamp(place.participant_id, WHAT), errors={})


def _take(place: Here) -> Any:
    form = request.form
    response = answering.take_up(place.actor, place.consultation, FOLLOW_UP)
    opened = opened_at(form.get(FIELD), place.participant_id, WHAT)
    sheets = list_sheets(response.perceived, response.person.seed)
    typed = {sheet.item.id: typed_in(sheet, form, _prefix(sheet)) for sheet in sheets}
    needs_support = False
    try:
        answering.require_answering(place.actor, place.consultation, response, opened_at=opened)
        given: dict[int, Any] = {}
        errors: Errors = {}
        for sheet in sheets:
            given[sheet.item.id], wrong = _read(sheet, typed[sheet.item.id])
            errors |= wrong
        if errors:
            db.session.rollback()
            again = form[FIELD] if opened else stamp(place.participant_id, WHAT)
            return _show(place, response, sheets, typed, opened=again, errors=errors)
        for sheet in sheets:
            saved = answering.save_answer(
                place.actor,
                place.consultation,
                response,
                sheet,
                given[sheet.item.id],
                opened_at=opened,
                mode=mode_of(),
            )
            needs_support = needs_support or saved.needs_support
    except (NotPermitted, Conflict) as refusal:
        db.session.rollback()
        return not_kept(place, refusal, form)
    kept_forms.drop(place.participant_id, request.path)
    db.session.commit()
    slug = place.consultation.slug
    if needs_support:
        return redirect(url_for("resident.surveys.support", slug=slug), code=303)
    return redirect(url_for("resident.surveys.your_views", slug=slug, saved="1"), code=303)


def _read(sheet: Sheet, typed: Typed) -> tuple[Any, Errors]:
    """The answer; all of them stand on one page, and leaving one of them is skipping it."""
    return (SKIPPED, {}) if typed.is_empty else read(sheet, typed, _prefix(sheet))


def _prefix(sheet: Sheet) -> str:
    return f"about-{sheet.item.position + 1}-"


def _show(
    place: Here,
    after: Response,
    sheets: list[Sheet],
    typed: dict[int, Typed],
    *,
    opened: str,
    errors: Errors,
) -> Any:
    before = get_response(place.consultation.id, place.participant_id, Wave.PRE, person=after.person)
    may_answer = after.is_sent and allows(place.actor, Action.SAVE_FOLLOW_UP, place.standing)
    rendered = render_template(
        "resident/surveys/your_views.html",
        consultation=place.consultation,
        pairs=pairs_of(before, after),
        has_sent=after.is_sent,
        asked=[
            {
                "sheet": sheet,
                "points": wording.point_words(sheet),
                "caption": wording.caption(sheet.item),
                "typed": typed[sheet.item.id],
                "prefix": _prefix(sheet),
                "said": wording.said(sheet),
            }
            for sheet in sheets
        ],
        may_answer=may_answer or bool(errors),
        was_saved=request.args.get("saved") == "1",
        wrong=errors,
        errors=[{"text": text, "href": f"#{where}"} for where, text in errors.items()],
        opened=opened,
        moment=place.standing.moment.name.lower(),
        lines=timeline(place.consultation.stages, clock.now()),
    )
    return Page(rendered, status=422 if errors else 200, mimetype="text/html")
