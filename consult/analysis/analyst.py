"""Pages for the analyst: overview, one item, groups and reasoning, downloads."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from consult.access import AFTER_CLOSING, Action, Moment, allows, require
from consult.accounts import current
from consult.analysis import queries
from consult.analysis.child import compare_in_child, make_in_child
from consult.analysis.forms import weights_form
from consult.analysis.item_page import one_item
from consult.analysis.overview_page import (
    cautions,
    item_lines,
    lookalike_sentences,
    reasoning_cautions,
    reasoning_lines,
    verdict_counts,
)
from consult.analysis.service import (
    check_is_complete,
    may_change_until,
    stored_attrition,
    stored_comparison,
)
from consult.analysis.staying_page import (
    attitude_lines,
    evenness_sentence,
    group_lines,
    live_groups,
    live_steps,
    steps,
)
from consult.analysis.talking_page import dose_lines, talk_table
from consult.analysis.weights_page import (
    beside_lines,
    left_out,
    price_sentences,
    raked_variables,
    said,
    told_settings,
)
from consult.audit.service import record
from consult.coding import ending
from consult.coding.queries import get_item as get_coded_item
from consult.consultations.analyst_sections import sections
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation, list_consultations, standing_of
from consult.db import db
from consult.errors import NotFound
from consult.web import once
from consult.web.rendering import respond
from consult.weighting.population import list_usable
from consult.weighting.queries import count_flow, count_group_flow, get_version, list_versions

blueprint = Blueprint("analysis", __name__)


@blueprint.get("/")
def home() -> str:
    """The consultations that I analyse, and how far each has come."""
    actor = current.actor()
    mine = list_consultations(set(actor.roles))
    standings = {c.id: standing_of(c) for c in mine}
    return render_template(
        "analyst/analysis/home.html",
        consultations=mine,
        ready={c.id for c in mine if allows(actor, Action.READ_RESULTS, standings[c.id])},
        running={
            c.id
            for c in mine
            if standings[c.id].moment is not Moment.DRAFT
            and allows(actor, Action.VIEW_TARGETS, standings[c.id])
        },
        counted={c.id for c in mine if allows(actor, Action.VIEW_TARGETS, standings[c.id])},
        shown={c.id for c in mine if allows(actor, Action.PREVIEW, standings[c.id])},
    )


@blueprint.get("/<slug>/")
def overview(slug: str) -> str:
    """Who took part, and what moved."""
    consultation = get_consultation(slug)
    content = stored_comparison(current.actor(), consultation)
    items = {item.key: item for item in queries.list_items(consultation.id)}
    lines = item_lines(content, items) if content else []
    shown = {line.key for line in lines}
    looked = queries.list_lookalikes(consultation.id) if content else []
    return render_template(
        "analyst/analysis/overview.html",
        content=content,
        incomplete_until=None if content else may_change_until(consultation),
        lines=lines,
        others=[item for key, item in items.items() if key not in shown],
        said=verdict_counts(content) if content else [],
        missing=cautions(content) if content else [],
        is_looked=bool(looked),
        lookalikes=lookalike_sentences(looked),
        **sections(consultation, "analyst.analysis.overview"),
    )


@blueprint.post("/<slug>/comparison")
def make_comparison(slug: str) -> Response:
    """The comparison is made, in a process of its own: a web worker never loads the arithmetic."""
    consultation = get_consultation(slug)
    require(current.actor(), Action.FREEZE_RESULTS, standing_of(consultation))
    check_is_complete(consultation)
    compare_in_child(slug)
    return redirect(url_for("analyst.analysis.overview", slug=slug), code=303)


@blueprint.route("/<slug>/weights", methods=["GET", "POST"])
def weights(slug: str) -> Any:
    """Who stayed and who left; and the weights: those that there are, and new ones."""
    actor, consultation = current.actor(), get_consultation(slug)
    standing = standing_of(consultation)
    if standing.moment not in AFTER_CLOSING:
        require(actor, Action.VIEW_TARGETS, standing)
        return _meanwhile(consultation)
    if request.method == "GET" and "version" in request.args:
        return _one_version(consultation, request.args.get("version", 0, type=int))
    content = stored_comparison(actor, consultation)
    form = weights_form(list_usable(consultation.id))
    if form.validate_on_submit():
        require(actor, Action.FREEZE_WEIGHTS, standing)
        check_is_complete(consultation)
        made = make_in_child(slug, form.settings())
        if isinstance(made, int):
            there = url_for(".weights", slug=slug, version=made)
            if again := once.sent_before(there):
                return again
            record(actor, Action.FREEZE_WEIGHTS, slug, version=made)
            db.session.commit()
            return redirect(there, code=303)
        form.variables.errors = [said(reason) for reason in made]
        consultation = get_consultation(slug)
    items = {item.key: item for item in queries.list_items(consultation.id)}
    variables = {variable.key: variable for variable in queries.list_variables(consultation.id)}
    questions = {key: variable.label for key, variable in variables.items()}
    has_attrition = content is not None and bool(content["attrition"])
    return respond(
        "analyst/analysis/weights.html",
        form=form,
        content=content,
        has_attrition=has_attrition,
        steps=steps(content["attrition"]["flow"]) if content and has_attrition else [],
        evenness=evenness_sentence(content) if content and has_attrition else "",
        attitudes=attitude_lines(content, items) if content and has_attrition else [],
        groups=[
            (variables[key].label, group_lines(variables[key], found))
            for key, found in stored_attrition(actor, consultation).items()
        ],
        versions=[
            (version, told_settings(version.settings, questions))
            for version in list_versions(consultation.id)
        ],
        **sections(consultation, "analyst.analysis.weights"),
    )


def _meanwhile(consultation: Consultation) -> Any:
    """Who has stayed so far: counts of people, nothing of what they answered."""
    if request.method != "GET":
        require(current.actor(), Action.FREEZE_WEIGHTS, standing_of(consultation))
    return respond(
        "analyst/analysis/staying.html",
        steps=live_steps(count_flow(consultation.id)),
        groups=live_groups(count_group_flow(consultation.id)),
        **sections(consultation, "analyst.analysis.weights", is_over=False),
    )


def _one_version(consultation: Consultation, number: int) -> Any:
    """One version of the weights: its price, and what changed with it and without."""
    actor = current.actor()
    require(actor, Action.READ_RESULTS, standing_of(consultation))
    version = get_version(consultation.id, number)
    content = stored_comparison(actor, consultation, version=version)
    items = {item.key: item for item in queries.list_items(consultation.id)}
    variables = {variable.key: variable for variable in queries.list_variables(consultation.id)}
    return respond(
        "analyst/analysis/weights_version.html",
        version=version,
        price=price_sentences(version),
        how=told_settings(version.settings, {key: variable.label for key, variable in variables.items()}),
        raked=raked_variables(version, variables),
        left_out=left_out(version),
        lines=beside_lines(content, items) if content else [],
        **sections(consultation, ""),
    )


@blueprint.get("/<slug>/items/<key>")
def item(slug: str, key: str) -> str:
    """One item: before and after, who moved where, and subgroups by the variable in the address."""
    consultation = get_consultation(slug)
    by = request.args.get("by") or None
    content = stored_comparison(current.actor(), consultation, by=by, item=key)
    if content is None:
        raise NotFound("The comparison has not been made yet. Make it on the overview page.")
    return render_template(
        "analyst/analysis/item.html",
        **one_item(
            queries.get_item(consultation.id, key),
            content,
            by=by,
            variables=queries.list_frozen_variables(consultation.id),
        ),
        **sections(consultation, ""),
    )


@blueprint.post("/<slug>/items/<path:key>/coding-end")
def end_coding(slug: str, key: str) -> Response:
    """The coding of an item ends; its themes before and after are compared in a process of its own."""
    consultation = get_consultation(slug)
    require(current.actor(), Action.CODE_TEXTS, standing_of(consultation))
    check_is_complete(consultation)
    ending.end_coding(current.actor(), consultation, get_coded_item(consultation, key))
    db.session.commit()
    compare_in_child(slug)
    return redirect(url_for(".item", slug=slug, key=key), code=303)


@blueprint.get("/<slug>/reasoning")
def reasoning(slug: str) -> str:
    """How far people's preferences follow from their considerations, for everybody and by group."""
    consultation = get_consultation(slug)
    content = stored_comparison(current.actor(), consultation)
    return render_template(
        "analyst/analysis/reasoning.html",
        content=content,
        rows=reasoning_lines(content) if content else [],
        cautions=reasoning_cautions(content) if content else [],
        talk=talk_table(content) if content else None,
        doses=dose_lines(content) if content else [],
        **sections(consultation, "analyst.analysis.reasoning"),
    )
