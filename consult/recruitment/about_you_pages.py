"""The pages of the questions about the person: one question each, when people join and after the items.

A question has the same address for everybody. One that is not asked of this person, because of what they
said before, is passed over and not counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, request

from consult.access import Action, require
from consult.accounts import kept_forms
from consult.consultations.entrance import Here
from consult.db import db
from consult.errors import Invalid
from consult.recruitment import queries
from consult.recruitment.about_you import SKIP, AboutYouForm, question_page_form
from consult.recruitment.models import AskedAt
from consult.recruitment.queries import Place
from consult.recruitment.service import save_demographic
from consult.web.forms import refuse
from consult.web.rendering import respond


@dataclass(frozen=True, slots=True)
class Walk:
    """The questions that are asked at one time, and where one comes from and goes to."""

    asked: AskedAt
    template: str
    address_of: Callable[[int], str]
    before: Callable[[], str]
    after: Callable[[], str]


def question_page(place: Here, walk: Walk, n: int) -> Any:
    """Answer with the n-th question, or with where one goes on once it is answered."""
    require(place.actor, Action.SAVE_DEMOGRAPHICS, place.standing)
    stands = queries.get_place(place.consultation.id, place.participant_id, walk.asked, n)
    if request.method in {"GET", "HEAD"}:
        if not stands.is_asked:
            return redirect(_onward(place, walk, n), code=302)
        if walk.asked is AskedAt.JOINING and queries.has_taken_part(place.participant_id):
            return _fixed(place, stands, walk)
    said = queries.find_said(place.participant_id, stands.demographic)
    form = question_page_form(stands.demographic, said=said, **_waiting())
    if form.validate_on_submit() and _has_saved(place, stands, form):
        return redirect(_onward(place, walk, n), code=303)
    return respond(walk.template, form=form, n=stands.number, count=stands.count, back=_back(stands, walk))


def first_address(place: Here, walk: Walk) -> str | None:
    """Where the first of the questions is that this person can still answer, if there is one."""
    if walk.asked is AskedAt.JOINING and queries.has_taken_part(place.participant_id):
        return None
    n = queries.find_next(place.consultation.id, place.participant_id, walk.asked)
    return walk.address_of(n) if n else None


def _has_saved(place: Here, stands: Place, form: AboutYouForm) -> bool:
    """Whether the record holds the answer now; if not, the form says why."""
    chosen = None if request.form.get("action") == SKIP else form.chosen
    try:
        save_demographic(place.actor, place.consultation, place.participant_id, stands.demographic, chosen)
    except Invalid as refusal:
        db.session.rollback()
        refuse(form.said, refusal)
        return False
    kept_forms.drop(place.participant_id, request.path)
    db.session.commit()
    return True


def _onward(place: Here, walk: Walk, n: int) -> str:
    """Where one goes from the n-th question, as the answers are now."""
    following = queries.find_next(place.consultation.id, place.participant_id, walk.asked, after=n)
    return walk.address_of(following) if following else walk.after()


def _fixed(place: Here, stands: Place, walk: Walk) -> Any:
    return respond(
        "resident/recruitment/about_you_fixed.html",
        slug=place.consultation.slug,
        question=stands.demographic.question,
        n=stands.number,
        count=stands.count,
        back=_back(stands, walk),
        onward=walk.address_of(stands.after) if stands.after else walk.after(),
    )


def _back(stands: Place, walk: Walk) -> str:
    return walk.address_of(stands.before) if stands.before else walk.before()


def _waiting() -> dict[str, Any]:
    """What was typed on this page before the session ended, for its form."""
    typed = kept_forms.restored()
    return {"formdata": typed} if typed else {}
