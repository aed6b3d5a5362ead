"""Thanks, for officers: what a draft offers, what is owed, issued and collected, a file for finance."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from consult.access import Action, allows
from consult.consultations.models import Consultation, State
from consult.consultations.oversight import overseen
from consult.consultations.setting_up import EditedMeanwhile
from consult.db import db
from consult.errors import Invalid, NotFound
from consult.incentives import finance, ledger, offering, queries, shown
from consult.incentives.forms import (
    EVERYBODY,
    PANEL,
    ChoiceForm,
    IssueForm,
    NumberForm,
    PlanForm,
    SureForm,
    UndoForm,
)
from consult.incentives.ledger import Why
from consult.incentives.rules import DueState
from consult.web import once
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("incentives", __name__)
MEANWHILE = 409
ON_A_PAGE = 50
LAST_PAGE = 9999
ALL = "all"


@blueprint.get("/<slug>/thanks")
def offer(slug: str) -> Any:
    """What people can choose from; once it is published, how many did."""
    place = overseen(slug)
    consultation = place.consultation
    may_list = allows(place.actor, Action.LIST_INCENTIVES, place.standing)
    return respond(
        "officer/incentives/offer.html",
        consultation=consultation,
        is_draft=consultation.state is State.DRAFT,
        offered=shown.choices_told(queries.list_incentives(consultation.id)),
        is_for_panel=queries.is_for_panel(consultation.id),
        collected_from=queries.where_collected(consultation.id),
        may_list=may_list,
        **(shown.counts_told(consultation, place.standing.moment) if may_list else {}),
    )


@blueprint.route("/<slug>/thanks/who", methods=["GET", "POST"])
def plan(slug: str) -> Any:
    """To whom the thanks go."""
    place = overseen(slug, Action.EDIT_INCENTIVES)
    consultation = place.consultation
    now = PANEL if queries.is_for_panel(consultation.id) else EVERYBODY
    form = PlanForm(
        data={
            "version": consultation.version,
            "for_whom": now,
            "collected_from": queries.where_collected(consultation.id),
        }
    )
    if form.validate_on_submit():
        if again := once.sent_before(_offer_of(slug)):
            return again
        try:
            offering.set_plan(
                place.actor,
                consultation,
                for_panel=form.for_whom.data == PANEL,
                collected_from=form.collected_from.data,
                version=form.version.data,
            )
        except EditedMeanwhile:
            return _meanwhile("plan", consultation, form)
        return _saved(slug)
    return _page("plan", consultation, form)


@blueprint.route("/<slug>/thanks/add", methods=["GET", "POST"])
def add(slug: str) -> Any:
    """One more thing to choose from."""
    place = overseen(slug, Action.EDIT_INCENTIVES)
    consultation = place.consultation
    form = ChoiceForm(data={"version": consultation.version})
    if form.validate_on_submit():
        if again := once.sent_before(_offer_of(slug)):
            return again
        try:
            offering.add_choice(place.actor, consultation, form.choice(), version=form.version.data)
        except EditedMeanwhile:
            return _meanwhile("choice", consultation, form, row=None)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.label, refusal)
        else:
            return _saved(slug)
    return _page("choice", consultation, form, row=None)


@blueprint.route("/<slug>/thanks/<key>/change", methods=["GET", "POST"])
def change(slug: str, key: str) -> Any:
    """Change one thing that can be chosen."""
    place = overseen(slug, Action.EDIT_INCENTIVES)
    consultation = place.consultation
    row = queries.get_incentive(consultation.id, key)
    form = ChoiceForm.showing(row, version=consultation.version)
    if form.validate_on_submit():
        if again := once.sent_before(_offer_of(slug)):
            return again
        try:
            offering.change_choice(place.actor, consultation, key, form.choice(), version=form.version.data)
        except EditedMeanwhile:
            return _meanwhile("choice", consultation, form, row=row)
        return _saved(slug)
    return _page("choice", consultation, form, row=row)


@blueprint.route("/<slug>/thanks/<key>/remove", methods=["GET", "POST"])
def remove(slug: str, key: str) -> Any:
    """Offer something no longer."""
    place = overseen(slug, Action.EDIT_INCENTIVES)
    consultation = place.consultation
    if request.method == "POST" and (again := once.sent_before(_offer_of(slug))):
        return again
    row = queries.get_incentive(consultation.id, key)
    form = SureForm(data={"version": consultation.version})
    if form.validate_on_submit():
        try:
            offering.remove_choice(place.actor, consultation, key, version=form.version.data)
        except EditedMeanwhile:
            return _meanwhile("remove", consultation, form, row=row)
        db.session.commit()
        flash(_("It is removed."), "success")
        return redirect(_offer_of(slug), code=303)
    return _page("remove", consultation, form, row=row)


@blueprint.route("/<slug>/thanks/list", methods=["GET", "POST"], endpoint="ledger")
def ledger_page(slug: str) -> Any:
    """What is owed, by claim number; those that are ticked are issued."""
    is_sent = request.method == "POST"
    place = overseen(slug, Action.PAY_INCENTIVE if is_sent else Action.LIST_INCENTIVES)
    consultation, form = place.consultation, IssueForm()
    form.number.errors = []
    if is_sent and form.validate():
        wanted = request.form.getlist("shown") if request.form.get("which") == ALL else form.references
        there = url_for(".ledger", slug=slug)
        if wanted and (again := once.sent_before(there)):
            return again
        if wanted:
            issued = ledger.issue(place.actor, consultation, wanted)
            db.session.commit()
            flash(
                ngettext("%(num)s is marked as issued.", "%(num)s are marked as issued.", issued), "success"
            )
            return redirect(there, code=303)
    state = _asked_state()
    number = max(min(request.args.get("page", 1, type=int), LAST_PAGE), 1)
    listed = shown.list_told(consultation, state, page=number, most=ON_A_PAGE)
    if is_sent:
        errors = form.number.errors if listed["has_owed"] else form.form_errors  # else there is no box
        errors.append(_("Tick the numbers that you have issued"))
    return respond("officer/incentives/ledger.html", consultation=consultation, form=form, **listed)


@blueprint.route("/<slug>/thanks/number", methods=["GET", "POST"])
def find(slug: str) -> Any:
    """What is owed under the number that somebody shows."""
    place = overseen(slug, Action.LIST_INCENTIVES)
    form = NumberForm()
    if form.validate_on_submit():
        due = queries.find_due(place.consultation.id, form.reference)
        if due is not None:
            return _due(place.consultation, form.reference, None)
        form.number.errors = [_("There is no such number in this consultation. Check it with the person")]
    return respond("officer/incentives/find.html", consultation=place.consultation, form=form)


@blueprint.post("/<slug>/thanks/collect")
def collect(slug: str) -> Response:
    """The person at the desk has it now."""
    place = overseen(slug, Action.PAY_INCENTIVE)
    form, there = NumberForm(), url_for(".find", slug=slug)
    if not form.validate():
        raise NotFound
    if again := once.sent_before(there):
        return again
    ledger.collect(place.actor, place.consultation, form.reference)
    db.session.commit()
    flash(_("It is marked as collected."), "success")
    return redirect(there, code=303)


@blueprint.post("/<slug>/thanks/undo")
def undo(slug: str) -> Response:
    """The last mark of today was wrong."""
    place = overseen(slug, Action.PAY_INCENTIVE)
    form, there = UndoForm(), url_for(".find", slug=slug)
    if not form.validate():
        if form.number.errors:
            raise NotFound
        return _due(place.consultation, form.reference, form)
    if again := once.sent_before(there):
        return again
    ledger.undo(place.actor, place.consultation, form.reference, why=Why(form.why.data))
    db.session.commit()
    flash(_("The mark is taken back."), "success")
    return redirect(there, code=303)


@blueprint.post("/<slug>/thanks/file", endpoint="file")
def finance_file(slug: str) -> Response:
    """Everything that is owed, for finance; made while it is sent, and kept nowhere."""
    place = overseen(slug, Action.PAY_INCENTIVE)
    name, content = finance.finance_file(
        place.actor, place.consultation, config=current_app.config["CONSULT"]
    )
    db.session.commit()
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=disposition)


def _due(consultation: Consultation, reference: str, undoing: UndoForm | None) -> Response:
    """One due, with what can be done with it."""
    due = queries.find_due(consultation.id, reference)
    if due is None:
        raise NotFound
    return respond(
        "officer/incentives/due.html",
        consultation=consultation,
        form=undoing or UndoForm(formdata=None, data={"number": reference}),
        **shown.due_told(due),
    )


def _asked_state() -> DueState | None:
    """Which dues the address asks for: those that wait to be issued, unless it says else."""
    asked = request.args.get("show", DueState.OWED.value)
    return next((state for state in DueState if state.value == asked), None)


def _page(name: str, consultation: Consultation, form: Any, **values: Any) -> Response:
    """A form about what is offered; ``meanwhile`` is what stands now, if somebody else was first."""
    values.setdefault("meanwhile", None)
    return respond(f"officer/incentives/{name}.html", consultation=consultation, form=form, **values)


def _meanwhile(name: str, consultation: Consultation, form: Any, **values: Any) -> Response:
    """Somebody else was first: what they saved is shown, and what was typed can be saved in its place."""
    db.session.rollback()
    db.session.refresh(consultation)
    form.version.data = consultation.version
    there = {
        "offered": shown.choices_told(queries.list_incentives(consultation.id)),
        "is_for_panel": queries.is_for_panel(consultation.id),
    }
    answer = _page(name, consultation, form, meanwhile=there, **values)
    answer.status_code = MEANWHILE
    return answer


def _offer_of(slug: str) -> str:
    return url_for("officer.incentives.offer", slug=slug)


def _saved(slug: str) -> Response:
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(_offer_of(slug), code=303)
