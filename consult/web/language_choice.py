"""Choosing the language of the pages, from the foot of each of them."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consult.web import languages
from consult.web.audiences import local_path

blueprint = Blueprint("languages", __name__)


@blueprint.post("/language")
def choose() -> Response:
    """The browser is spoken to in the language that was chosen, on the page where that was."""
    languages.choose(request.form.get("language", ""))
    return redirect(local_path(request.form.get("back")) or "/", code=303)
