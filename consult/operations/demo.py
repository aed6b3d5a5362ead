"""A made-up council to look at: `consult demo`.

Whatever is there already is left alone, so it can be said twice: the second time it prints fresh
codes. It refuses a database in which others have begun, because an account whose password stands on
a screen has no place beside real residents; once it has been in a database, what is set up there for
trying things out does not keep it away. The passwords and return codes come from this installation's
secret key, so two installations never share one.
"""

import hmac
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

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
from consult.operations.abbeyford.directions import Account, places, residents, staff
from consult.operations.abbeyford.folder import make_sample, write_bundle
from consult.operations.abbeyford.scripts import MAIL, Script, read_scripts
from consult.operations.abbeyford.settling import settle
from consult.operations.abbeyford.tries import give_codes
from consult.uktime import uk_time
from consult.weighting.service import freeze_weights

STEP = timedelta(seconds=totp.STEP_SECONDS)


def build_sample_council(actor: Actor, config: Config) -> str:
    """Abbeyford stands in the database, committed: four consultations and an account for each role.

    Returns
    -------
    str
        How to sign in and which return codes to try, for the person who asked.

    Raises
    ------
    Conflict
        If others have begun to use the database.
    """
    scripts = read_scripts(uk_time(clock.now()).date())
    _check_is_ours(scripts)
    consultations = [find_consultation(script.slug) or _load(actor, script, config) for script in scripts]
    db.session.commit()
    password = _password(config)
    accounts = [
        _account(actor, role, consultations if role in CONSULTATION_ROLES else [], password, config)
        for role in (*CONSULTATION_ROLES, Role.ADMINISTRATOR)
    ]
    tries = [
        tried
        for script, consultation in zip(scripts, consultations, strict=True)
        for tried in give_codes(script, consultation, config=config)
    ]
    db.session.commit()
    parts = (places(consultations, config), staff(accounts, password, config), residents(tries, config))
    return "\n\n".join("\n".join(part) for part in parts)


def _check_is_ours(scripts: list[Script]) -> None:
    """Nobody else has begun here, or the sample was here first."""
    ours = [script.slug for script in scripts]
    others = db.session.scalar(select(Consultation.slug).where(Consultation.slug.not_in(ours)).limit(1))
    if others is not None and find_staff(_email(Role.ADMINISTRATOR)) is None:
        raise Conflict("The sample council needs a database of its own: this one holds other consultations.")


def _load(actor: Actor, script: Script, config: Config) -> Consultation:
    """The consultation is in the record: what a bundle holds, and then the rest."""
    sample = make_sample(script)
    with TemporaryDirectory() as folder:
        path = Path(folder, script.slug)
        write_bundle(sample, path)
        loaded = load_bundle(actor, path, replace=False, progress=lambda _what, _done: None)
    settle(loaded.consultation, sample, config)
    if freeze_if_closed(actor, loaded.consultation):
        loaded.consultation.results_published_at = script.dates.results_published_at
        freeze_weights(actor, loaded.consultation)
    return loaded.consultation


def _email(role: Role) -> str:
    return f"{role.value}@{MAIL}"


def _account(
    actor: Actor, role: Role, consultations: list[Consultation], password: str, config: Config
) -> Account:
    """The account of ``role`` can sign in; what is missing of it, or does not fit any more, is made anew."""
    email = _email(role)
    staff = find_staff(email)
    secret = _secret(staff, password, config)
    if secret is None and staff is not None and staff.password_hash is not None:
        reset_staff(actor, email, config=config)
    link = None
    for consultation in consultations or (None,):
        if secret is None or staff is None or not _holds(staff, role, consultation):
            link = add_staff(actor, email, role=role, consultation=consultation, config=config)
    db.session.commit()  # the link is looked for in a transaction of its own
    if secret is None:
        assert link is not None, "an account without a secret has just been given a link"
        secret = _finish_set_up(link, password, config)
    return Account(role, email, secret)


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
    code = pyotp.TOTP(secret).at(clock.wall() - STEP)
    sessions.end(set_up(VISITOR, token, password=password, code=code, config=config))
    db.session.commit()
    return secret


def _password(config: Config) -> str:
    assert config.secret_key is not None, "the sample is shown on pages, and pages need a secret key"
    digest = hmac.new(config.secret_key.encode(), b"consult sample council 1", sha256).hexdigest()
    return "-".join(("sample", digest[:4], digest[4:8], digest[8:12]))
