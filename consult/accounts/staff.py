"""Pages on which staff set up signing in, sign in and sign out."""

from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from consult.access import VISITOR, Role
from consult.accounts import current, keys, queries, service, totp
from consult.accounts.forms import CodeForm, SetUpForm, SignInForm
from consult.db import db
from consult.errors import Invalid
from consult.extensions import csrf
from consult.home import Config
from consult.web.audiences import local_path
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("accounts", __name__)
ANALYST_PAGES = "/analyst/"  # an address and not an endpoint: those rooms are above this one


@blueprint.get("/")
def home() -> Any:
    """What this account is for, for staff who have no pages of their own yet."""
    member = current.staff()
    if member is None:
        return redirect(url_for(".sign_in", next=request.path))
    roles = sorted(role.value for role in current.roles_anywhere())
    return respond("staff/accounts/home.html", roles=roles, has_results=_has_results())


@blueprint.route("/set-up/<token>", methods=["GET", "POST"])
def set_up(token: str) -> Any:
    """Choose a password and connect an app. Opening the page uses nothing up: mail scanners open links."""
    link = queries.find_open_link(token)
    secret = keys.unseal(link.sealed_totp, config=_config()) if link else None
    if link is None or secret is None:
        return render_template("staff/accounts/dead_link.html"), 404
    form = SetUpForm(names=service.public_names(_config(), link.email))
    if form.validate_on_submit():
        try:
            session_id = service.set_up(
                VISITOR, token, password=form.password.data, code=form.code.data, config=_config()
            )
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.code, refusal)
        else:
            return _let_in(session_id)
    return respond(
        "staff/accounts/set_up.html",
        form=form,
        email=link.email,
        picture=totp.qr_code(secret, email=link.email, service=_config().service_name),
        secret=totp.in_groups(secret),
    )


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """The first step: e-mail address and password."""
    if current.staff():
        return redirect(_next(), code=303)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            half_id = service.enter_password(VISITOR, form.email.data, form.password.data, config=_config())
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.password, refusal)
        else:
            db.session.commit()
            current.wait_for_code(half_id)
            return redirect(url_for(".code", next=local_path(request.args.get("next"))), code=303)
    return respond("staff/accounts/sign_in.html", form=form, was_signed_out=current.has_lost_session())


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> Any:
    """The second step: the code from the app."""
    half_id = current.waiting()
    if half_id is None or queries.find_half_signed_in(half_id) is None:
        return redirect(url_for(".sign_in", next=local_path(request.args.get("next"))), code=303)
    form = CodeForm()
    if form.validate_on_submit():
        try:
            session_id = service.enter_code(VISITOR, half_id, form.code.data, config=_config())
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.code, refusal)
        else:
            return _let_in(session_id)
    return respond("staff/accounts/code.html", form=form)


@csrf.exempt  # type: ignore[untyped-decorator]
@blueprint.post("/sign-out")
def sign_out() -> Any:
    """Leave, also when the session or the token of the page has died.

    The page's token is therefore not asked for by the usual guard, which would end in an error page.
    A token or the browser's word that the form is ours will do. Where there is neither, the person is
    asked once more; a form of another site is refused.
    """
    sender = _sender()
    if sender is Sender.FOREIGN:
        raise CSRFError
    member = current.staff()
    if member and sender is Sender.UNKNOWN:
        return respond("staff/accounts/sign_out.html")
    if member:
        service.sign_out(current.actor(), member.session_id)
        db.session.commit()
    current.leave()
    return redirect(url_for(".signed_out"), code=303)


@blueprint.get("/signed-out")
def signed_out() -> str:
    """That it worked, and what to do on a shared computer."""
    return render_template("staff/accounts/signed_out.html")


class Sender(Enum):
    """Whose form was sent."""

    OURS = 1
    FOREIGN = 2
    UNKNOWN = 3


def _sender() -> Sender:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        pass
    else:
        return Sender.OURS
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is None and origin is None:
        return Sender.UNKNOWN
    is_ours = site == "same-origin" if site else urlsplit(origin or "").netloc == request.host
    return Sender.OURS if is_ours else Sender.FOREIGN


def _let_in(session_id: str) -> Response:
    """The browser has its new session; the one that it may have had before is over."""
    before = current.staff()
    if before:
        service.sign_out(current.actor(), before.session_id)
    db.session.commit()
    current.enter(session_id)
    return redirect(_next(), code=303)


def _next() -> str:
    """Where somebody who has signed in wanted to go, or where their work is."""
    return local_path(request.args.get("next")) or (ANALYST_PAGES if _has_results() else url_for(".home"))


def _has_results() -> bool:
    return bool(current.roles_anywhere() & {Role.ANALYST, Role.OFFICER})


def _config() -> Config:
    config: Config = current_app.config["CONSULT"]
    return config
