"""How the talk goes, for officers."""

from typing import Any

from flask import Blueprint

from consult.access import WITH_FORUM, Action, allows
from consult.analysis.service import stored_comparison
from consult.analysis.talk_page import talk_now, views_told, voices_told
from consult.consultations.oversight import overseen
from consult.web.rendering import respond

blueprint = Blueprint("talk", __name__)


@blueprint.get("/<slug>/talk")
def page(slug: str) -> Any:
    """How the talk in the forum goes; when all is over also how people of different views met."""
    place = overseen(slug)
    has_forum = place.standing.moment in WITH_FORUM
    is_over = allows(place.actor, Action.READ_RESULTS, place.standing)
    content = stored_comparison(place.actor, place.consultation) if is_over else None
    return respond(
        "officer/talk/page.html",
        consultation=place.consultation,
        slug=slug,
        talk=talk_now(place.consultation.id) if has_forum else None,
        is_over=is_over,
        is_compared=content is not None,
        views=views_told(content) if content else [],
        voices=voices_told(place.consultation.id, content) if content else [],
    )
