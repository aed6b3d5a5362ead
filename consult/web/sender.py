"""Whose form was sent, for the few that must work with a dead token: leaving, hiding the screen.

The usual guard asks for the token of the page and ends in an error page where that has died, which is
no way to leave a shared computer. A token or the browser's word that the form is ours will do here.
"""

from enum import Enum
from urllib.parse import urlsplit

from flask import request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError


class Sender(Enum):
    """Whose form was sent, as far as that can be known."""

    OURS = 1
    FOREIGN = 2
    UNKNOWN = 3


def sender() -> Sender:
    """Whose form this request brings: by its token, or else by what the browser says of the page."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return asked_by()
    return Sender.OURS


def asked_by() -> Sender:
    """Whose page made the browser ask this, by its own word; not known of an old browser."""
    site = request.headers.get("Sec-Fetch-Site")
    page = request.headers.get("Origin") or request.headers.get("Referer")
    if site is None and page is None:
        return Sender.UNKNOWN
    is_ours = site == "same-origin" if site else urlsplit(page or "").netloc == request.host
    return Sender.OURS if is_ours else Sender.FOREIGN
