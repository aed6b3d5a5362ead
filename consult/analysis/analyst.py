"""Pages for the analyst: overview, one item, groups and reasoning, downloads."""

import os
import subprocess
import sys

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from consult.access import Action, allows, require
from consult.accounts import current
from consult.analysis import queries
from consult.analysis.item_page import one_item
from consult.analysis.overview_page import (
    item_lines,
    reasoning_cautions,
    reasoning_lines,
    verdict_counts,
)
from consult.analysis.sections import sections
from consult.analysis.service import stored_comparison
from consult.consultations.queries import get_consultation, list_consultations, standing_of
from consult.db import db
from consult.errors import NotFound

blueprint = Blueprint("analysis", __name__)
MINUTES_TO_COMPARE = 10


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
    )


@blueprint.get("/<slug>/")
def overview(slug: str) -> str:
    """Who took part, and what moved."""
    consultation = get_consultation(slug)
    content = stored_comparison(current.actor(), consultation)
    items = {item.key: item for item in queries.list_items(consultation.id)}
    lines = item_lines(content, items) if content else []
    shown = {line.key for line in lines}
    return render_template(
        "analyst/analysis/overview.html",
        content=content,
        lines=lines,
        others=[item for key, item in items.items() if key not in shown],
        said=verdict_counts(content) if content else [],
        **sections(consultation, "analyst.analysis.overview"),
    )


@blueprint.post("/<slug>/comparison")
def make_comparison(slug: str) -> Response:
    """The comparison is made, in a process of its own: a web worker never loads the arithmetic."""
    consultation = get_consultation(slug)
    require(current.actor(), Action.FREEZE_RESULTS, standing_of(consultation))
    config = current_app.config["CONSULT"]
    db.session.rollback()  # the child writes; this process must hold no lock, so nothing is read again
    subprocess.run(  # noqa: S603  (our own program, with a slug that exists)
        [sys.executable, "-m", "consult", "compare", slug, "--json"],
        env={**os.environ, "CONSULT_DATABASE_URL": config.database_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=MINUTES_TO_COMPARE * 60,
    )
    return redirect(url_for("analyst.analysis.overview", slug=slug), code=303)


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
        **sections(consultation, "analyst.analysis.reasoning"),
    )
