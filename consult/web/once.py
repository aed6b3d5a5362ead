"""A form that makes something has one effect, however often it is sent.

A double click, a reload, a browser that tries again because the line broke after the commit: each
sends the same form. Choice: every such form carries a random token; its hash is written in the same
transaction as the effect, under a unique key. Whoever comes second waits for the first at that key,
then is led to where the first one was. A script that greys out the button is not enough: it does not
run for everybody, and not when the network repeats.

    {{ hidden("once", once_token()) }}                 in the form

    if again := once.sent_before(location):            the first thing that the transaction writes
        return again

The location may be found only after the effect (the address of what was made): then `claim` is asked
without it, and `settle` writes it before the commit. A form with errors is shown again without a commit,
so that its token is not used up.
"""

from collections.abc import Mapping
from hashlib import sha256
from secrets import token_urlsafe

from flask import Flask, redirect, request
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from consult import clock
from consult.db import db
from consult.errors import Invalid
from consult.web.models import SentForm

FIELD = "once"
LONGEST, SHORTEST = 64, 20


def new_token() -> str:
    """A token for one printed form."""
    return token_urlsafe(24)


def token_of(form: Mapping[str, str]) -> str:
    """The token that came with a form.

    Raises
    ------
    Invalid
        If there is none: the form was not one of ours.
    """
    token = form.get(FIELD, "")
    if not SHORTEST <= len(token) <= LONGEST:
        raise Invalid("This form was not complete. Go back, refresh the page and send it again.")
    return token


def claim(token: str, location: str | None = None) -> str | None:
    """The form has its effect now: None; or it has had it: the address to which it led.

    Nothing may have been written in this transaction: where the token is taken, it is undone.
    """
    row = SentForm(token_hash=_hash(token), location=location or "", sent_at=clock.wall())
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return db.session.scalar(select(SentForm.location).where(SentForm.token_hash == _hash(token)))
    return None


def sent_before(location: str) -> Response | None:
    """Lead to where the form of this request led when it was first sent; None if it has its effect now."""
    led_to = claim(token_of(request.form), location)
    return redirect(led_to, code=303) if led_to else None


def led_to() -> Response | None:
    """Lead to where the form of this request led, for somebody who may send no form here any more.

    Who leaves for good by a double click has left with the first.
    """
    token = request.form.get(FIELD)
    asked = select(SentForm.location).where(SentForm.token_hash == _hash(token or ""))
    location = db.session.scalar(asked) if token else None
    return redirect(location, code=303) if location else None


def init_app(app: Flask) -> None:
    """Templates print a token into each form that makes or changes something once."""
    app.jinja_env.globals["once_token"] = new_token


def settle(token: str, location: str) -> None:
    """The form with this token leads there, also when it is sent again."""
    db.session.execute(update(SentForm).where(SentForm.token_hash == _hash(token)).values(location=location))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
