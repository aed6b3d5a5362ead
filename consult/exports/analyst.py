"""Pages on which the analyst takes the data away."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from consult.access import Action, allows, require
from consult.accounts import current
from consult.analysis.sections import sections
from consult.analysis.service import stored_comparison
from consult.consultations.queries import get_consultation, standing_of
from consult.db import db
from consult.exports.service import export_archive

blueprint = Blueprint("exports", __name__)


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
        **sections(consultation, "analyst.exports.downloads"),
    )


@blueprint.post("/<slug>/downloads")
def download(slug: str) -> Response:
    """One zip file with the comparison, the codebook and, for an analyst, the rows."""
    kind = request.form.get("kind", "")
    # Committing after the reading lets others write while the files are made; the last commit puts
    # the line into the audit trail before any data leave.
    name, content = export_archive(
        current.actor(), get_consultation(slug), kind=kind, after_reading=db.session.commit
    )
    db.session.commit()
    # Not Flask's send_file: it sets a Cache-Control of its own, which lets a cache keep the rows.
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/zip", headers=disposition)
