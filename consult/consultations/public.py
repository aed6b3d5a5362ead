"""Pages for everybody: the front page, and whether the service is up."""

from flask import Blueprint, Response, render_template
from sqlalchemy import text

from consult.consultations.queries import list_public
from consult.db import db

blueprint = Blueprint("consultations", __name__)
STAGE_NAMES = {"survey": "Starting survey", "forum": "Forum", "follow_up": "Follow-up survey"}


@blueprint.get("/")
def home() -> str:
    """What the council asks now, and what it asked before."""
    return render_template(
        "public/consultations/home.html", consultations=list_public(), stage_names=STAGE_NAMES
    )


@blueprint.get("/healthz")
def health() -> Response:
    """Whether the application and its database answer; no detail."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
