"""The questions as residents see them, for whoever moderates or analyses a consultation and edits nothing."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from consult.access import Action
from consult.consultations.oversight import overseen
from consult.errors import NotFound
from consult.surveys.item_pages import preview_of
from consult.surveys.item_queries import get_item, list_keys
from consult.web.rendering import respond

blueprint = Blueprint("surveys", __name__)


@blueprint.get("/<slug>/questions/", defaults={"n": 1})
@blueprint.get("/<slug>/questions/<int(min=1, max=10000):n>")
def preview(slug: str, n: int) -> Any:
    """One question after the other as people see it on a phone; nothing is kept."""
    consultation = overseen(slug, Action.PREVIEW).consultation
    keys = list_keys(consultation)
    if n > max(len(keys), 1):
        raise NotFound
    shown = preview_of(consultation, get_item(consultation, keys[n - 1])) if keys else None
    steps = [
        (number, _("Question %(n)s", n=number)) if 1 <= number <= len(keys) else None
        for number in (n - 1, n + 1)
    ]
    return respond(
        "moderator/surveys/preview.html",
        consultation=consultation,
        shown=shown,
        before=steps[0],
        after=steps[1],
    )
