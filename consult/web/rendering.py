"""What templates know, and how a page with a form is answered."""

from typing import Any

from flask import Flask, make_response, render_template
from flask_wtf import FlaskForm
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response

from consult.access import allows
from consult.home import Config
from consult.web import script_words
from consult.web.rich_text import rich


def errors_of(form: FlaskForm | None) -> list[dict[str, str]]:
    """List the error summary of a form: each text, and the field that it leads to.

    A field made of parts, such as a date, leads to the part that is wrong.
    """
    if form is None:
        return []
    found = [{"text": str(text), "href": ""} for text in form.form_errors]
    for name, errors in form.errors.items():
        if not name:
            continue
        field = form[name]
        if isinstance(errors, dict):
            found += [
                {"text": str(texts[0]), "href": f"#{field.id}-{part}"}
                for part, texts in errors.items()
                if texts
            ]
        else:
            found += [{"text": str(text), "href": f"#{field.id}"} for text in errors]
    return found


def respond(template: str, *, form: FlaskForm | None = None, **values: Any) -> Response:
    """Answer with a page; a form with errors makes it 422, with everything that was typed."""
    errors = errors_of(form)
    return make_response(
        render_template(template, form=form, errors=errors, **values), 422 if errors else 200
    )


def init_app(app: Flask, config: Config) -> None:
    """Templates are strict about names that do not exist, and know the council's name."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["rich"] = rich
    app.jinja_env.globals.update(
        council_name=config.council_name,
        service_name=config.service_name,
        allows=allows,
        errors=[],
        footer_links=[],
        script_words=script_words.attributes,
    )
