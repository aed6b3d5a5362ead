"""The short address on posters and letters: it leads to joining, and joining knows the channel."""

from typing import Any

from flask import Blueprint, redirect, url_for

from consult.publicity.queries import find_key

blueprint = Blueprint("publicity", __name__)


@blueprint.get("/go/<slug>/<path:channel>")
def arrive(slug: str, channel: str) -> Any:
    """Lead to joining. An address that we do not know leads there too: it is for that page to say so."""
    slug = slug.lower()  # as somebody types it who reads capitals on a poster
    return redirect(
        url_for("public.recruitment.join", slug=slug, channel=find_key(slug, channel) or channel), code=302
    )
