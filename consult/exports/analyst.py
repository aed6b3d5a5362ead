"""Pages on which the analyst takes the data away."""

from contextlib import ExitStack

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from consult.access import Action, allows, require
from consult.accounts import current
from consult.analysis.queries import list_weighed
from consult.analysis.service import stored_comparison
from consult.consultations.analyst_sections import sections
from consult.consultations.queries import get_consultation, standing_of
from consult.db import db, reading
from consult.errors import Invalid
from consult.exports.service import export_archive
from consult.weighting.rules import NO_WEIGHTS

blueprint = Blueprint("exports", __name__)
LONGEST_NUMBER = 9  # digits: what every database holds as a whole number


@blueprint.get("/<slug>/downloads")
def downloads(slug: str) -> str:
    """What can be downloaded, in which form, and what is left out."""
    consultation = get_consultation(slug)
    actor = current.actor()
    standing = standing_of(consultation)
    require(actor, Action.EXPORT_TABLES, standing)
    return render_template(
        "analyst/exports/downloads.html",
        has_rows=allows(actor, Action.EXPORT_ROWS, standing),
        content=stored_comparison(actor, consultation),
        versions=[version.number for version in list_weighed(consultation.id)],
        **sections(consultation, "analyst.exports.downloads"),
    )


@blueprint.post("/<slug>/downloads")
def download(slug: str) -> Response:
    """One zip file with the comparison, the codebook and, for an analyst, the rows."""
    kind, weights = request.form.get("kind", ""), request.form.get("weights", NO_WEIGHTS)
    actor, consultation = current.actor(), get_consultation(slug)
    # Nobody who writes waits while this reads and makes the files; the last commit puts the line into
    # the audit trail before any data leave.
    db.session.commit()
    with ExitStack() as until_read:
        until_read.callback(db.session.commit)
        until_read.enter_context(reading())
        name, content = export_archive(
            actor, consultation, kind=kind, number=_number(weights), after_reading=until_read.close
        )
    db.session.commit()
    # Not Flask's send_file: it sets a Cache-Control of its own, which lets a cache keep the rows.
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/zip", headers=disposition)


def _number(weights: str) -> int | None:
    """The version of the weights that was chosen, if any.

    Raises
    ------
    Invalid
        If it is no number.
    """
    if weights == NO_WEIGHTS:
        return None
    if not (weights.isascii() and weights.isdigit() and len(weights) <= LONGEST_NUMBER):
        raise Invalid("Choose from the weights in the list.")
    return int(weights)
