"""Two questions about people at once: which two, and how many people of both groups are wanted."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from consult.access import Action
from consult.consultations.oversight import overseen
from consult.consultations.setting_up import EditedMeanwhile
from consult.db import db
from consult.errors import Invalid
from consult.panel import crossing, setting
from consult.recruitment.models import Demographic
from consult.representation.crossed_forms import PairForm, crossed_form, wanted_of_cells
from consult.representation.saving import saved, saved_before, shown
from consult.representation.words import limits_told
from consult.web import once
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("two_questions", __name__)
MOST_FIELDS = 4 * crossing.MOST_ANSWERS**2 + 10  # four of each two groups, and what every form carries
Pair = tuple[Demographic, Demographic]


@blueprint.url_value_preprocessor
def _room_for_numbers(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """The grid has more fields than other forms may; this is asked before the form is read."""
    if endpoint == "officer.two_questions.numbers":
        request.max_form_parts = MOST_FIELDS


@blueprint.get("/<slug>/who-we-need/two-questions")
def choose(slug: str) -> Any:
    """Choose the two questions; choosing is no deed, so the choice stands in the address."""
    place = overseen(slug, Action.EDIT_TARGETS)
    questions = crossing.list_crossable(place.consultation)
    form = PairForm(request.args)
    is_sent = any(field.name in request.args for field in form)
    form.offer(questions)
    if is_sent and form.validate():
        return redirect(url_for(".numbers", slug=slug, one=form.one.data, other=form.other.data), code=302)
    return respond(
        "officer/representation/pair.html",
        form=form,
        consultation=place.consultation,
        is_enough=len(questions) > 1,
        most=crossing.MOST_ANSWERS,
    )


@blueprint.route("/<slug>/who-we-need/two-questions/numbers", methods=["GET", "POST"])
def numbers(slug: str) -> Any:
    """How many people are wanted who are in a group of each of the two questions."""
    place = overseen(slug, Action.EDIT_TARGETS)
    consultation, there = place.consultation, url_for("officer.representation.page", slug=slug)
    one, other = request.args.get("one", ""), request.args.get("other", "")
    pair = crossing.get_pair(consultation, one, other)
    held = crossing.crossed_wanted(consultation, *pair)
    form = crossed_form(pair, held, version=consultation.version)
    meanwhile = False
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        try:
            crossing.set_crossed(
                place.actor, consultation, pair, wanted_of_cells(form, pair), version=form["version"].data
            )
        except EditedMeanwhile:
            meanwhile = saved_before(form, consultation)
            pair = crossing.get_pair(consultation, one, other)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form["minimum_0_0"], refusal)
        else:
            # Numbers that no panel can keep are saved too: the officer may be about to change the others,
            # and the page that comes says which they are.
            return saved(there)
    margins = [_margins(demographic) for demographic in pair]
    return shown("crossed", consultation, form, meanwhile=meanwhile, pair=pair, margins=margins)


def _margins(demographic: Demographic) -> list[tuple[str, str]]:
    """The groups of a question and what is wanted of each by itself, in words; empty where nothing is."""
    held = {target.option_id: target for target in setting.list_targets_of(demographic)}
    return [(option.label, limits_told(held.get(option.id))) for option in demographic.options]
