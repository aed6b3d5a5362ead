"""What a request may bring: forms in UTF-8 and nothing else, refused before anything reads it.

And what asks for the head of a page alone is a reading of that page: a route that tells reading from
sending must never take it for the sending of a form, which has a token that nobody would ask for here.

Every page takes forms. A body of another kind would reach a route as a form without fields, and tell
the person that they had left everything out. Flask's limits of size and number of fields hold for forms
in parts alone; here they hold for the plain ones too.
"""

from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
NUL = "\0"


def init_app(app: Flask) -> None:
    """A body that is no form is refused (415), and so is a text that is not UTF-8 (400); call it first."""

    @app.before_request
    def _judge() -> None:
        if request.method == "HEAD":
            request.method = "GET"  # the server still sends no content
        # No address of ours has a NUL, and PostgreSQL takes none in a text.
        if NUL in request.path:
            abort(404)
        if any(NUL in value for values in request.args.listvalues() for value in values):
            abort(400)
        if request.method in {"GET", "HEAD", "OPTIONS"} or not _has_body():
            return
        if request.mimetype not in FORMS:
            abort(415)
        if request.mimetype == "application/x-www-form-urlencoded":
            _require_plain_form()


def _has_body() -> bool:
    return bool(request.content_length) or "chunked" in request.headers.get("Transfer-Encoding", "")


def _require_plain_form() -> None:
    most = request.max_form_memory_size or 0
    if (request.content_length or 0) > most:
        abort(413)
    body = request.get_data(cache=True)
    if len(body) > most or body.count(b"&") >= (request.max_form_parts or 0):
        abort(413)
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        abort(400)
