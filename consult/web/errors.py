"""Every error becomes a plain page that says what to do, and a log line without anybody's words."""

import logging
from typing import Any
from uuid import uuid4

from flask import Flask, current_app, g, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from consult.db import db
from consult.errors import DomainError, TooMany
from consult.web.languages import translated
from consult.web.plain_text import clean

log = logging.getLogger("consult.errors")
NOT_SHOWN = frozenset({"csrf_token", "once", "opened", "password", "code", "serial", "token"})


def request_number() -> str:
    """Number of this request: shown on an error page and written to the log."""
    if "request_number" not in g:
        g.request_number = uuid4().hex[:12]
    number: str = g.request_number
    return number


def _typed() -> dict[str, str]:
    """What was typed into the form that failed, so that nobody loses a long answer."""
    if request.method != "POST":
        return {}
    try:
        sent = request.form
    except HTTPException:  # too large to be read: it is that which went wrong
        return {}
    texts = [
        clean(value)
        for name, value in sent.items()
        if name not in NOT_SHOWN and len(value.strip()) > 20  # noqa: PLR2004  (a text, not a choice)
    ]
    return {gettext("Text %(n)s", n=n): text for n, text in enumerate(texts, 1)}


def page(status: int, message: str | None = None) -> tuple[str, int]:
    """Render the error page of ``status``."""
    return (
        render_template(
            "errors/error.html",
            status=status,
            message=message,
            request_number=request_number(),
            typed=_typed(),
        ),
        status,
    )


def _domain(error: DomainError) -> Any:
    db.session.rollback()
    answer = page(error.status, translated(error))
    if isinstance(error, TooMany):
        return *answer, {"Retry-After": str(error.wait_seconds)}
    return answer


def _csrf(_error: CSRFError) -> Any:
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        message = gettext(
            "Your browser did not send our cookie, so we cannot tell your page from somebody else’s."
            " Allow cookies for this site, go back, refresh the page and send it again."
        )
    else:
        message = gettext("This page was open for too long. Go back, refresh the page and send it again.")
    return page(400, message)


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if error.response is not None or status < 400:  # noqa: PLR2004  (a redirect)
        return error
    response = make_response(page(status))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _database(error: OperationalError) -> Any:
    db.session.rollback()
    log.error("request %s: database: %s", request_number(), type(error.orig).__name__)
    return *page(503), {"Retry-After": "5"}


def _unexpected(error: Exception) -> Any:
    db.session.rollback()
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    # The text of an unexpected error may hold somebody's answer: only its kind and place are logged.
    log.error(
        "request %s: %s at %s:%s, endpoint %s",
        request_number(),
        type(error).__name__,
        place.tb_frame.f_code.co_filename if place else "?",
        place.tb_lineno if place else "?",
        request.endpoint,
    )
    if current_app.config.get("PROPAGATE_UNEXPECTED"):
        raise error
    return page(500)


def init_app(app: Flask) -> None:
    """Every error ends in a plain page, never in a stack trace."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _unexpected)
