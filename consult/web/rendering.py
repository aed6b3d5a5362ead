"""What templates know, and the one helper that decides between a page and a fragment."""

from typing import Any

from flask import Flask, make_response, render_template, request
from flask_wtf import FlaskForm
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response

from consult.access import allows
from consult.home import Config
from consult.uktime import uk_date_time


def errors_of(form: FlaskForm | None) -> list[dict[str, str]]:
    """The error summary of a form: text and the field that each line leads to."""
    if form is None:
        return []
    found = [{"text": str(text), "href": ""} for text in form.form_errors]
    found += [
        {"text": str(text), "href": f"#{form[name].id}"}
        for name, texts in form.errors.items()
        if name
        for text in texts
    ]
    return found


def respond(
    template: str, *, fragment: str | None = None, form: FlaskForm | None = None, **values: Any
) -> Response:
    """Answer with a page, or with its fragment when htmx asks; a form with errors makes it 422.

    A page includes its own fragments, so that the two cannot differ.
    """
    wants_fragment = fragment is not None and request.headers.get("HX-Request") == "true"
    name = fragment if wants_fragment and fragment else template
    errors = errors_of(form)
    body = render_template(name, form=form, errors=errors, **values)
    response = make_response(body, 422 if errors else 200)
    if fragment is not None:
        response.vary.add("HX-Request")
    return response


def init_app(app: Flask, config: Config) -> None:
    """Templates are strict about names that do not exist, and know the council's name."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        council_name=config.council_name,
        service_name=config.service_name,
        allows=allows,
        errors=[],
        footer_links=[],
    )
    app.jinja_env.filters["uk_date_time"] = uk_date_time
