"""Who is missing, for analysts: the same picture as officers have, and nothing to change."""

from typing import Any

from flask import Blueprint

from consult.access import Action
from consult.accounts import current
from consult.consultations.oversight import overseen
from consult.errors import NotPermitted
from consult.representation.page import shown_to
from consult.web.rendering import respond

blueprint = Blueprint("representation", __name__)


@blueprint.get("/<slug>/who-takes-part")
def page(slug: str) -> Any:
    """How many of whom take part, beside who lives here."""
    place, member = overseen(slug, Action.VIEW_TARGETS), current.staff()
    if member is None:
        raise NotPermitted
    values = {
        **shown_to(place, member.staff_id),
        "may_raise": False,
        "may_edit": False,
        "may_bring_in": False,
    }
    return respond("officer/representation/page.html", layout="layouts/staff.html", **values)
