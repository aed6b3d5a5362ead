"""Who is missing, for analysts: the same picture as officers have, and the file of figures of a draft."""

from typing import Any

from flask import Blueprint

from consult.access import Action
from consult.accounts import current
from consult.consultations.oversight import overseen
from consult.errors import NotPermitted
from consult.representation import bringing_in
from consult.representation.page import shown_to
from consult.web.rendering import respond

blueprint = Blueprint("representation", __name__)
blueprint.url_value_preprocessor(bringing_in.room_for_files)
LAYOUT = "layouts/staff.html"


@blueprint.get("/<slug>/who-takes-part")
def page(slug: str) -> Any:
    """How many of whom take part, beside who lives here."""
    place, member = overseen(slug, Action.VIEW_TARGETS), current.staff()
    if member is None:
        raise NotPermitted
    values = {**shown_to(place, member.staff_id), "may_raise": False, "may_edit": False}
    return respond("officer/representation/page.html", layout=LAYOUT, **values)


@blueprint.route("/<slug>/who-takes-part/file", methods=["GET", "POST"])
def bring_in(slug: str) -> Any:
    """How many people of each group live here, from a file."""
    return bringing_in.bring_in(slug, layout=LAYOUT, overview="analyst.representation.page")
