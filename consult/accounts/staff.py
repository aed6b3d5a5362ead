"""Pages on which staff set up signing in, sign in and sign out."""

from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from consult.access import VISITOR, Role
from consult.accounts import current, keys, queries, service, totp
from consult.accounts.forms import CodeForm, SetUpForm, SignInForm
from consult.accounts.rules import ROLE_NAMES
from consult.db import db
from consult.errors import Invalid, NotPermitted
from consult.extensions import csrf
from consult.home import Config
from consult.web.audiences import local_path
from consult.web.forms import refuse
from consult.web.rendering import respond
from consult.web.sender import Sender, sender
from consult.words import N_

blueprint = Blueprint("accounts", __name__)
# Where each role works, the first that somebody holds being where they begin. Addresses and not endpoints:
# those rooms are above this one.
ROOMS = {
    Role.OFFICER: ("/officer/", N_("Set up and run consultations")),
    Role.ANALYST: ("/analyst/", N_("Compare before and after")),
    Role.MODERATOR: ("/moderator/", N_("Write summaries and speak in the forum")),
    Role.ADMINISTRATOR: ("/admin/", N_("Manage staff accounts")),
}


@blueprint.get("/")
def home() -> Any:
    """What this account is for, and the ways to where its work is."""
    member = current.staff()
    if member is None:
        return redirect(url_for(".sign_in", next=request.path))
    roles = [gettext(ROLE_NAMES[role]) for role in sorted(current.roles_anywhere())]
    rooms = [(gettext(name), address) for address, name in _rooms()]
    return respond("staff/accounts/home.html", roles=roles, rooms=rooms)


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
    if current.resident():
        return _taken()
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
    sent_by = sender()
    if sent_by is Sender.FOREIGN:
        raise CSRFError
    member = current.staff()
    if member and sent_by is Sender.UNKNOWN:
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


def _taken() -> Response:
    """Nobody signs in beside somebody who takes part: their page may still stand in another tab."""
    page = respond("staff/accounts/taken.html")
    if request.method != "GET":
        page.status_code = NotPermitted.status
    return page


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
    wanted, rooms = local_path(request.args.get("next")), _rooms()
    if wanted is not None and _can_be_opened(wanted):
        return wanted
    return rooms[0][0] if rooms else url_for(".home")


def _can_be_opened(address: str) -> bool:
    """Whether there is such a page, and it is none of signing in and out."""
    routes = current_app.create_url_adapter(request)
    assert routes is not None  # there is a request
    try:
        endpoint, _values = routes.match(unquote(urlsplit(address).path), method="GET")
    except RequestRedirect:  # the same with a slash at its end
        return True
    except HTTPException:
        return False
    return endpoint == f"{request.blueprint}.home" or not endpoint.startswith(f"{request.blueprint}.")


def _rooms() -> list[tuple[str, str]]:
    """The address and the name of each place where the person behind this request works."""
    roles = current.roles_anywhere()
    return [room for role, room in ROOMS.items() if role in roles]


def _config() -> Config:
    config: Config = current_app.config["CONSULT"]
    return config
