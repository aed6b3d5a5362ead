"""A made-up council to look at: `consult demo`.

Whatever is there already is left alone, so it can be said twice: the second time it prints fresh
codes. It refuses a database with any other consultation, because an account whose password stands on
a screen has no place beside real residents. The passwords come from this installation's secret key,
so two installations never share one.
"""

import hmac
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyotp
from sqlalchemy import select

from consult import clock
from consult.access import CONSULTATION_ROLES, VISITOR, Actor, Role
from consult.accounts import keys, sessions, totp
from consult.accounts.models import Staff
from consult.accounts.passwords import is_password
from consult.accounts.queries import find_open_link, find_staff, list_roles
from consult.accounts.service import add_staff, reset_staff, set_up
from consult.analysis.service import freeze_if_closed
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.consultations.queries import find_consultation
from consult.db import db
from consult.errors import Conflict
from consult.home import Config
from consult.operations.abbeyford import MAIL, SLUG
from consult.operations.sample import write_sample

STEP = timedelta(seconds=totp.STEP_SECONDS)


class Account(NamedTuple):
    """How one of the sample's staff signs in."""

    role: Role
    email: str
    secret: str


def build_sample_council(actor: Actor, config: Config) -> str:
    """Abbeyford stands in the database, committed: a closed consultation and an account for each role.

    Returns
    -------
    str
        How to sign in, for the person who asked.

    Raises
    ------
    Conflict
        If the database holds another consultation.
    """
    others = db.session.scalar(select(Consultation.slug).where(Consultation.slug != SLUG).limit(1))
    if others is not None:
        raise Conflict("The sample council needs a database of its own: this one holds other consultations.")
    consultation = find_consultation(SLUG) or _load(actor)
    db.session.commit()
    password = _password(config)
    accounts = [
        _account(actor, role, consultation if role in CONSULTATION_ROLES else None, password, config)
        for role in (*CONSULTATION_ROLES, Role.ADMINISTRATOR)
    ]
    return "\n".join(_how_to_sign_in(accounts, password, config))


def _load(actor: Actor) -> Consultation:
    with TemporaryDirectory() as folder:
        path = Path(folder, SLUG)
        write_sample(path)
        loaded = load_bundle(actor, path, replace=False, progress=lambda _what, _done: None)
        freeze_if_closed(actor, loaded.consultation)
        return loaded.consultation


def _account(
    actor: Actor, role: Role, consultation: Consultation | None, password: str, config: Config
) -> Account:
    """The account of ``role`` can sign in; what is missing of it, or does not fit any more, is made anew."""
    email = f"{role.value}@{MAIL}"
    staff = find_staff(email)
    secret = _secret(staff, password, config)
    if secret is None and staff is not None and staff.password_hash is not None:
        reset_staff(actor, email, config=config)
    if secret is not None and staff is not None and _holds(staff, role, consultation):
        return Account(role, email, secret)
    link = add_staff(actor, email, role=role, consultation=consultation, config=config)
    db.session.commit()  # the link is looked for in a transaction of its own
    return Account(role, email, secret or _finish_set_up(link, password, config))


def _secret(staff: Staff | None, password: str, config: Config) -> str | None:
    """The second factor's secret, if this password and this installation's key are still the account's."""
    if staff is None or staff.sealed_totp is None or not is_password(staff.password_hash, password):
        return None
    return keys.unseal(staff.sealed_totp, config=config)


def _holds(staff: Staff, role: Role, consultation: Consultation | None) -> bool:
    if consultation is None:
        return staff.is_administrator
    return role in list_roles(staff.id).get(consultation.id, frozenset())


def _finish_set_up(link: str, password: str, config: Config) -> str:
    """The account behind the link has its password; the secret of its second factor."""
    token = link.rpartition("/")[2]
    opened = find_open_link(token)
    secret = keys.unseal(opened.sealed_totp, config=config) if opened else None
    assert secret is not None, "the link was made a moment ago with the same key"
    # Each code serves once: the one before is spent here, so that the one on the screen still works.
    code = pyotp.TOTP(secret).at(clock.now() - STEP)
    sessions.end(set_up(VISITOR, token, password=password, code=code, config=config))
    db.session.commit()
    return secret


def _password(config: Config) -> str:
    assert config.secret_key is not None, "the sample is shown on pages, and pages need a secret key"
    digest = hmac.new(config.secret_key.encode(), b"consult sample council 1", sha256).hexdigest()
    return "-".join(("sample", digest[:4], digest[4:8], digest[8:12]))


def _how_to_sign_in(accounts: list[Account], password: str, config: Config) -> Iterator[str]:
    now = clock.now()
    yield "Abbeyford, a made-up council, is ready."
    yield ""
    yield f"Look:     {config.base_url}/"
    yield f"Sign in:  {config.base_url}/staff/sign-in"
    yield f"Password: {password}"
    yield ""
    yield f"{'E-mail address':34} {'Code now':9} Secret for an authenticator app"
    for account in accounts:
        yield f"{account.email:34} {pyotp.TOTP(account.secret).at(now):9} {totp.in_groups(account.secret)}"
    yield ""
    yield "Each code serves once, for the next half minute. Run the same command again for new ones."
