"""Groups, for officers: make them, see how they were drawn, draw them again.

Every look at the page does the draw again, and says whether it gives the same groups.

How many people a group has is told exactly, also under ten: that is how groups are made, it says nothing of
anybody in them, and everybody in a group can count its names. What people answered is told of no group.
"""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult.access import Action, Moment, allows
from consult.consultations.oversight import Overseen, overseen
from consult.db import db
from consult.errors import DomainError
from consult.forum.grouping import service
from consult.forum.grouping.factors import count_people, from_text, told_of
from consult.forum.grouping.forms import SIZES, WITHOUT, AgainForm, MakeForm
from consult.forum.grouping.queries import check_draw, find_draw, has_talk, list_ended_draws, list_groups
from consult.forum.grouping.rules import FEWEST_PEOPLE
from consult.web import once
from consult.web.languages import translated
from consult.web.rendering import respond

blueprint = Blueprint("groups", __name__)
DRAWN_AT = frozenset({Moment.SUMMARISING, Moment.FORUM})


@blueprint.route("/<slug>/groups", methods=["GET", "POST"])
def page(slug: str) -> Any:
    """Whether people talk in groups, and how these were drawn; or make them."""
    is_making = request.method == "POST"
    place = overseen(slug, Action.SET_UP_FORUM if is_making else Action.OVERSEE)
    form = MakeForm()
    if form.validate_on_submit():
        where = url_for(".page", slug=slug)
        if again := once.sent_before(where):
            return again
        try:
            service.make_groups(place.actor, place.consultation, size=SIZES[form.size.data])
        except DomainError as refusal:
            db.session.rollback()
            form.form_errors.append(translated(refusal))
            return _groups_page(overseen(slug), form), refusal.status
        return _saved(_("The groups are made."), where)
    return _groups_page(place, form)


@blueprint.route("/<slug>/groups/again", methods=["GET", "POST"])
def again(slug: str) -> Any:
    """Take the draw back with a reason, as long as nobody has written in a group."""
    place = overseen(slug, Action.SET_UP_FORUM)
    where = url_for(".page", slug=slug)
    form = AgainForm()
    if form.validate_on_submit():
        if sent := once.sent_before(where):
            return sent
        try:
            told = _drawn_again(place, form)
        except DomainError as refusal:
            db.session.rollback()
            form.form_errors.append(translated(refusal))
            place = overseen(slug)
            page = _page("again", place, form=form, draw=find_draw(place.consultation))
            return page, refusal.status
        return _saved(told, where)
    draw = find_draw(place.consultation)
    if request.method == "GET" and draw is not None:
        form = AgainForm(formdata=None, version=draw.number, size=str(draw.size))
    return _page("again", place, form=form, draw=draw)


def _drawn_again(place: Overseen, form: AgainForm) -> str:
    about = {"number": form.version.data, "reason": form.reason.data}
    if form.instead.data == WITHOUT:
        service.do_without(place.actor, place.consultation, **about)
        return str(_("There are no groups any more."))
    service.draw_again(place.actor, place.consultation, size=SIZES[form.size.data], **about)
    return str(_("The groups are drawn again."))


def _groups_page(place: Overseen, form: MakeForm) -> Response:
    draw = find_draw(place.consultation)
    is_time = place.standing.moment in DRAWN_AT and allows(place.actor, Action.SET_UP_FORUM, place.standing)
    has_begun = has_talk(place.consultation)
    groups = list_groups(place.consultation)
    return _page(
        "page",
        place,
        form=form,
        draw=draw,
        checked=check_draw(draw) if draw else None,
        told=told_of(place.consultation, from_text(draw.factors)) if draw else [],
        groups=groups,
        ended=list_ended_draws(place.consultation),
        is_early=place.standing.moment in {Moment.DRAFT, Moment.SURVEY},
        is_time=is_time,
        has_begun=has_begun,
        can_make=is_time and not has_begun and not groups,
        can_draw_again=is_time and not has_begun and draw is not None,
        is_enough=count_people(place.consultation) >= FEWEST_PEOPLE,
        fewest=FEWEST_PEOPLE,
    )


def _page(name: str, place: Overseen, **values: Any) -> Response:
    slug = place.consultation.slug
    return respond(f"officer/groups/{name}.html", consultation=place.consultation, slug=slug, **values)


def _saved(told: str, where: str) -> Response:
    db.session.commit()
    flash(told, "success")
    return redirect(where, code=303)
