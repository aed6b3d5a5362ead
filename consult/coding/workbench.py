"""Reading one text after the other: judging it, deciding where coders differ, and the same as a table.

Nothing on these pages, in their addresses or in their order tells which survey a text is from, who wrote
it, or what the other coder made of it.
"""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from consult.access import Action
from consult.audit.service import record
from consult.coding import counting, disputes, judging, turns, two_columns
from consult.coding.forms import ColumnsForm, DecidingForm, ReadingForm, deciding_form, reading_form
from consult.coding.judging import AlreadySettled, CodebookChanged, DecidedMeanwhile, Gone
from consult.coding.places import Place, seen_item
from consult.coding.queries import latest_codebook
from consult.coding.queueing import NO_CODEBOOK
from consult.coding.rules import ThemeWords, themes_in
from consult.coding.two_columns import MOST_BYTES, ColumnsRefused
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.surveys.models import Item
from consult.web.forms import refuse
from consult.web.languages import spoken, translated
from consult.web.rendering import respond

blueprint = Blueprint("texts", __name__)
CODE, DECIDE = Action.CODE_TEXTS, Action.ADJUDICATE_CODES
FEW_MEGABYTES = 6_000_000  # a file of 5 MB, and the form around it

Themes = list[tuple[str, ThemeWords]]


@blueprint.url_value_preprocessor
def _room_for_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A file may be larger than the forms of residents; this is asked before the form is read."""
    if endpoint is not None and endpoint.endswith(".texts.columns"):
        request.max_content_length = FEW_MEGABYTES


@blueprint.route("/<slug>/coding/<path:key>/read", methods=["GET", "POST"])
def read(slug: str, key: str) -> Any:
    """One text to judge: the next, or one of one's own that is looked at again."""
    place, item = seen_item(slug, key, CODE)
    number, themes = _themes(item)
    form = reading_form(themes, codebook=number)
    if request.method == "GET":
        again = request.args.get("text", type=int)
        return _read_page(place, item, None, again=again)
    if not form.validate():
        return _read_page(place, item, form)
    try:
        judging.judge(
            place.actor,
            place.consultation,
            item,
            form.judged,
            staff_id=place.staff_id,
            codebook=form.codebook.data,
        )
    except CodebookChanged as refusal:
        db.session.rollback()
        form.codebook.data = number
        form.form_errors = [translated(refusal)]
        page = _read_page(*seen_item(slug, key, CODE), form)
        page.status_code = 409
        return page
    except (Gone, AlreadySettled) as refusal:
        db.session.rollback()
        flash(translated(refusal))
    except Invalid as refusal:
        db.session.rollback()
        refuse(form.held, refusal)
        return _read_page(*seen_item(slug, key, CODE), form)
    else:
        db.session.commit()
    return redirect(url_for(".read", slug=slug, key=key), code=303)


def _read_page(place: Place, item: Item, form: ReadingForm | None, *, again: int | None = None) -> Response:
    """The page of the text that the form is about; or of the next, or of one that was judged before."""
    number, themes = _themes(item)
    wanted = form.place.data if form else again
    own = turns.find_own_text(item.id, place.staff_id, wanted) if wanted else None
    text, judgement = own or (None, None)
    if text is None and form and wanted:
        # What is typed belongs to a text that others may have judged meanwhile: it is still shown.
        text = turns.find_text(item.id, wanted)
    text = text or turns.next_text(item.id, place.staff_id, codebook=number)
    if form is None:
        said = turns.own_reading(judgement) if judgement is not None else None
        form = reading_form(themes, codebook=number, place=text.place if text else None, said=said)
    elif text is not None:
        form.place.data = text.place
    before = judgement.id if judgement is not None else None
    return respond(
        "analyst/coding/read.html",
        form=form,
        text=text,
        themes=themes,
        is_again=judgement is not None,
        previous=turns.find_previous(item.id, place.staff_id, before=before),
        n_own=counting.count_own(item.id, place.staff_id),
        n_mine=counting.count_waiting([item.id], place.staff_id).get(item.id, 0),
        counts=counting.count_queued([item.id]).get(item.id, counting.QueueCounts()),
        **place.frame(item),
    )


@blueprint.route("/<slug>/coding/<path:key>/decide", methods=["GET", "POST"])
def decide(slug: str, key: str) -> Any:
    """One text about which its coders differ, for somebody who is none of them."""
    place, item = seen_item(slug, key, DECIDE)
    number, themes = _themes(item)
    form = deciding_form(themes, codebook=number)
    if request.method == "GET":
        return _decide_page(place, item, None, again=request.args.get("text", type=int))
    if not form.validate():
        return _decide_page(place, item, form)
    try:
        judging.decide(
            place.actor,
            place.consultation,
            item,
            form.judged,
            staff_id=place.staff_id,
            codebook=form.codebook.data,
            seen=form.seen.data or "",
        )
    except DecidedMeanwhile as refusal:
        db.session.rollback()
        form.form_errors = [translated(refusal)]
        page = _decide_page(*seen_item(slug, key, DECIDE), form, is_clash=True)
        page.status_code = 409
        return page
    except CodebookChanged as refusal:
        db.session.rollback()
        form.codebook.data = number
        form.form_errors = [translated(refusal)]
        page = _decide_page(*seen_item(slug, key, DECIDE), form)
        page.status_code = 409
        return page
    except Conflict as refusal:
        db.session.rollback()
        flash(translated(refusal))
    except Invalid as refusal:
        db.session.rollback()
        refuse(form.held, refusal)
        return _decide_page(*seen_item(slug, key, DECIDE), form)
    else:
        db.session.commit()
    return redirect(url_for(".decide", slug=slug, key=key), code=303)


def _decide_page(
    place: Place,
    item: Item,
    form: DecidingForm | None,
    *,
    again: int | None = None,
    is_clash: bool = False,
) -> Response:
    """The page of a text to decide about; where two clash, with what the other one decided."""
    number, themes = _themes(item)
    wanted = form.place.data if form else again
    text = disputes.find_dispute(item.id, wanted, place.staff_id) if wanted else None
    if text is None:
        following = disputes.next_dispute(item.id, place.staff_id, codebook=number)
        text = disputes.find_dispute(item.id, following, place.staff_id) if following else None
    decision = turns.find_decision(item.id, text.place) if text else None
    sign = judging.sign_of(decision, judging.themes_of(decision))
    said = turns.own_reading(decision) if decision is not None else None
    if form is None:
        at = text.place if text else None
        form = deciding_form(themes, codebook=number, place=at, said=said, seen=sign)
    elif text is not None and (is_clash or text.place != form.place.data):
        form.place.data, form.seen.data = text.place, sign
    return respond(
        "analyst/coding/decide.html",
        form=form,
        text=text,
        decided=said if is_clash else None,
        themes=themes,
        labels=disputes.labels_of(item.id),
        is_again=decision is not None,
        previous=turns.find_previous_decision(
            item.id, place.staff_id, before=decision.id if decision is not None else None
        ),
        n_theirs=disputes.count_own_disputes(item.id, place.staff_id),
        counts=counting.count_queued([item.id]).get(item.id, counting.QueueCounts()),
        **place.frame(item),
    )


@blueprint.route("/<slug>/coding/<path:key>/file", methods=["GET", "POST"])
def columns(slug: str, key: str) -> Any:
    """The texts as a table to take away, and the codes that come back."""
    place, item = seen_item(slug, key, CODE)
    number, themes = _themes(item)
    form, problems = ColumnsForm(data={"codebook": number}), list[str]()
    if form.validate_on_submit():
        try:
            content = form.file.data.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise Invalid("The file is larger than 5 MB.")  # noqa: TRY301  (it belongs to the field)
            read_in = two_columns.read_columns(content, themes)
            wrong = judging.judge_all(
                place.actor,
                place.consultation,
                item,
                [judged for _, judged in read_in],
                staff_id=place.staff_id,
                codebook=form.codebook.data,
            )
            problems = [f"{read_in[n][0]}: id: {translated(problem)}" for n, problem in wrong]
        except ColumnsRefused as refused:
            problems = [f"{each.line}: {each.column}: {spoken(each.sentence)}" for each in refused.problems]
        except (CodebookChanged, Invalid) as refusal:
            db.session.rollback()
            refuse(form.file, refusal)
        else:
            if not problems:
                db.session.commit()
                n = len(read_in)
                flash(ngettext("%(num)s text is coded.", "%(num)s texts are coded.", n), "success")
                return redirect(url_for("analyst.coding.home", slug=slug), code=303)
        if problems:
            db.session.rollback()
            form.form_errors = [_("Nothing was saved. Mend the lines below and choose the file again.")]
            form.file.errors = []
        place, item = seen_item(slug, key, CODE)
    form.codebook.data = number
    return respond(
        "analyst/coding/columns.html",
        form=form,
        problems=problems,
        themes=themes,
        n_mine=counting.count_waiting([item.id], place.staff_id).get(item.id, 0),
        **place.frame(item),
    )


@blueprint.post("/<slug>/coding/<path:key>/texts.csv")
def download(slug: str, key: str) -> Response:
    """The texts that wait for this person, in a file; the trail says who took them away."""
    place, item = seen_item(slug, key, CODE)
    texts = turns.list_waiting(item.id, place.staff_id)
    record(place.actor, CODE, slug, deed="take texts away", item=key, n=len(texts))
    db.session.commit()
    return Response(
        two_columns.texts_file(texts),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="texts.csv"'},
    )


def _themes(item: Item) -> tuple[int, Themes]:
    """The number and the themes of the version that coders work with."""
    latest = latest_codebook(item.id)
    if latest is None:
        raise NotFound(NO_CODEBOOK)
    return latest.number, themes_in(latest.content)
