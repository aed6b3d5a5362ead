"""Looking after the forum: one queue, decisions with reasons, answers to appeals, who may post."""

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
from consult.errors import Conflict, NotFound, NotPermitted
from consult.forum.checking import checked_in
from consult.forum.models import Checked
from consult.forum.starting import residents_start
from consult.moderation import deciding, messages, setting, suspending
from consult.moderation.forms import AnswerForm, CheckedForm, DecideForm, MessageAnswerForm, SuspendForm
from consult.moderation.queries import Case, get_account, get_appealed, get_case, list_done
from consult.moderation.rules import CONCERNS_TOLD, DECIDED_TOLD, REASONS_TOLD, Reason, Verdict, choices
from consult.moderation.waiting import get_message, get_queue
from consult.web import once
from consult.web.forms import Form, refuse
from consult.web.languages import translated
from consult.web.rendering import respond

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/<slug>/queue")
def queue(slug: str) -> Any:
    """What waits for a moderator, the oldest promise first."""
    consultation = _consultation(slug, Action.READ_QUEUE)
    return _page("queue", consultation, queue=get_queue(consultation), me=_me())


@blueprint.get("/<slug>/next")
def following(slug: str) -> Any:
    """Lead to what this person can do next, the oldest promise first; to the queue when that is nothing."""
    consultation = _consultation(slug, Action.READ_QUEUE)
    can_answer = _may(Action.DECIDE_APPEAL, consultation)
    for each in get_queue(consultation).waiting:
        if each.kind == "message":
            return redirect(url_for(".reply", slug=slug, number=each.message_id))
        if each.kind != "appeal":
            return redirect(url_for(".decide", slug=slug, post=each.address))
        if can_answer and each.against_id != _me():
            return redirect(url_for(".answer", slug=slug, number=each.appeal_id))
    return redirect(url_for(".queue", slug=slug))


@blueprint.route("/<slug>/posts/<post>", methods=["GET", "POST"])
def decide(slug: str, post: str) -> Any:
    """One post with all that is known about it, and the decision."""
    is_deciding = request.method == "POST"
    consultation = _consultation(slug, Action.MODERATE if is_deciding else Action.READ_HIDDEN)
    case = get_case(consultation, post)
    form = DecideForm(version=case.version)
    form.offer(_choices(case))
    if form.validate_on_submit():
        where = url_for(".following", slug=slug)
        if again := once.sent_before(where):
            return again
        try:
            deciding.decide(
                current.actor(),
                consultation,
                post,
                verdict=Verdict(form.verdict.data),
                reason=Reason(form.reason.data) if form.reason.data in set(Reason) else None,
                note=form.note.data,
                version=form.version.data,
                staff_id=_me(),
            )
        except Conflict as refusal:
            db.session.rollback()
            case = get_case(consultation, post)
            form.version.data = case.version
            form.offer(_choices(case))
            _tell(form, form.verdict if form.verdict.choices else None, refusal)
            return _case(consultation, case, form), refusal.status
        db.session.commit()
        flash(_("Your decision is saved. The writer can read it."), "success")
        return redirect(where, code=303)
    return _case(consultation, case, form)


@blueprint.route("/<slug>/appeals/<int(max=2147483647):number>", methods=["GET", "POST"])
def answer(slug: str, number: int) -> Any:
    """What a writer says about a decision, and the answer of somebody else than who made it."""
    consultation = _consultation(slug, Action.DECIDE_APPEAL)
    appeal, decision, case = get_appealed(consultation, number)
    if appeal.against_id == _me():
        raise NotPermitted(deciding.OWN_DECISION)
    form = AnswerForm()
    if form.validate_on_submit():
        where = url_for(".following", slug=slug)
        if again := once.sent_before(where):
            return again
        try:
            deciding.decide_appeal(
                current.actor(),
                consultation,
                number,
                is_upheld=form.outcome.data == "upheld",
                answer=form.answer.data,
                staff_id=_me(),
            )
        except Conflict as refusal:
            db.session.rollback()
            _tell(form, None, refusal)
            appeal, decision, case = get_appealed(consultation, number)
            page = _page("answer", consultation, form=form, appeal=appeal, decision=decision, case=case)
            return page, refusal.status
        db.session.commit()
        flash(_("Your answer is saved. The writer can read it."), "success")
        return redirect(where, code=303)
    return _page("answer", consultation, form=form, appeal=appeal, decision=decision, case=case)


@blueprint.route("/<slug>/messages/<int(max=2147483647):number>", methods=["GET", "POST"])
def reply(slug: str, number: int) -> Any:
    """What somebody wrote to the moderators, and the answer."""
    consultation = _consultation(slug, Action.MODERATE)
    written = get_message(consultation, number)
    form = MessageAnswerForm()
    if form.validate_on_submit():
        where = url_for(".following", slug=slug)
        if again := once.sent_before(where):
            return again
        try:
            messages.answer(
                current.actor(),
                consultation,
                written.message,
                words=form.answer.data,
                staff_id=_me(),
            )
        except Conflict as refusal:
            db.session.rollback()
            _tell(form, None, refusal)
            page = _page("reply", consultation, form=form, written=get_message(consultation, number))
            return page, refusal.status
        db.session.commit()
        flash(_("Your answer is saved. The writer can read it."), "success")
        return redirect(where, code=303)
    return _page("reply", consultation, form=form, written=written)


@blueprint.post("/<slug>/posts/<post>/seen-to")
def seen_to(slug: str, post: str) -> Any:
    """Somebody has seen to whether the writer of this is in danger."""
    consultation = _consultation(slug, Action.MODERATE)
    where = url_for(".queue", slug=slug)
    if again := once.sent_before(where):
        return again
    messages.see_to(current.actor(), consultation, post)
    db.session.commit()
    flash(_("Saved. The record says that you have seen to it."), "success")
    return redirect(where, code=303)


@blueprint.route("/<slug>/posts/<post>/stop", methods=["GET", "POST"])
def stop(slug: str, post: str) -> Any:
    """Stop whoever wrote this from posting, after saying why."""
    consultation = _consultation(slug, Action.SUSPEND)
    case = get_case(consultation, post)
    if not case.is_participants:
        raise NotFound
    form = SuspendForm()
    if form.validate_on_submit():
        where = url_for(".decide", slug=slug, post=post)
        if again := once.sent_before(where):
            return again
        try:
            suspending.suspend(current.actor(), consultation, post, told=form.told.data, staff_id=_me())
        except Conflict as refusal:
            db.session.rollback()
            _tell(form, None, refusal)
            case = get_case(consultation, post)
            return _page("stop", consultation, form=form, case=case), refusal.status
        db.session.commit()
        return redirect(where, code=303)
    return _page("stop", consultation, form=form, case=case)


@blueprint.post("/<slug>/posts/<post>/let-post")
def let_post(slug: str, post: str) -> Any:
    """Let whoever wrote this post again."""
    consultation = _consultation(slug, Action.SUSPEND)
    where = url_for(".decide", slug=slug, post=post)
    if again := once.sent_before(where):
        return again
    suspending.end_suspension(current.actor(), consultation, post, staff_id=_me())
    db.session.commit()
    return redirect(where, code=303)


@blueprint.get("/<slug>/decisions")
def decisions(slug: str) -> Any:
    """What was decided lately, and what became of every post."""
    consultation = _consultation(slug, Action.READ_QUEUE)
    return _page("decisions", consultation, done=list_done(consultation), counted=get_account(consultation))


@blueprint.route("/<slug>/read-first", methods=["GET", "POST"])
def read_first(slug: str) -> Any:
    """Which posts a moderator reads before everybody else can, and who begins topics."""
    consultation = _consultation(slug, Action.SET_UP_FORUM)
    form = CheckedForm(
        checked=checked_in(consultation.id).value, residents_start=residents_start(consultation.id)
    )
    if form.validate_on_submit():
        setting.set_up_forum(
            current.actor(),
            consultation,
            checked=Checked(form.checked.data),
            residents_start=form.residents_start.data,
        )
        db.session.commit()
        flash(_("Saved"), "success")
        return redirect(url_for(".read_first", slug=slug), code=303)
    return _page("read_first", consultation, form=form)


def _case(consultation: Consultation, case: Case, form: DecideForm) -> Response:
    return _page("decide", consultation, form=form, case=case, can_stop=_may(Action.SUSPEND, consultation))


def _tell(form: Form, field: Field | None, refusal: Conflict) -> None:
    """The page says what stood in the way: at the field, or where it has no field any more by itself."""
    if field is not None:
        refuse(field, refusal)
    else:
        form.form_errors.append(translated(refusal))


def _choices(case: Case) -> list[Verdict]:
    if case.appeal is not None and case.appeal.decided_at is None:
        return []
    is_reported = any(report.decision_id is None for report in case.reports)
    return choices(case.state, is_reported=is_reported)


def _me() -> int:
    member = current.staff()
    if member is None:
        raise NotPermitted
    return member.staff_id


def _consultation(slug: str, action: Action) -> Consultation:
    """The consultation of the address, for staff who may do that there."""
    consultation = get_consultation(slug)
    require(current.actor(), action, standing_of(consultation))
    return consultation


def _page(name: str, consultation: Consultation, **values: Any) -> Response:
    return respond(
        f"moderator/moderation/{name}.html",
        consultation=consultation,
        slug=consultation.slug,
        can_oversee=_may(Action.OVERSEE, consultation),
        can_answer=_may(Action.DECIDE_APPEAL, consultation),
        can_set_up=_may(Action.SET_UP_FORUM, consultation),
        can_read_queue=_may(Action.READ_QUEUE, consultation),
        concerns=CONCERNS_TOLD,
        reasons=REASONS_TOLD,
        verdicts=DECIDED_TOLD,
        **values,
    )


def _may(action: Action, consultation: Consultation) -> bool:
    return allows(current.actor(), action, standing_of(consultation))
