"""Members of staff and how they sign in, by the real services and real requests."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from flask import Flask, current_app

from consult import clock
from consult.access import CONSULTATION_ROLES, OPERATOR, VISITOR, Role
from consult.accounts import keys, queries, service, totp
from consult.consultations.models import Consultation, State
from consult.db import db
from tests.page_client import PageClient

PASSWORD = "violet teapot marching"


@dataclass
class MadeStaff:
    """A member of staff, with what only they know."""

    id: int
    email: str
    secret: str
    password: str = PASSWORD
    last_step: int = 0

    def code(self) -> str:
        """The next code of their app that has not been used; there are two in each 30 seconds.

        Never that of the step before, which would be too old if the step ends while a test runs.
        """
        step = int(clock.now().timestamp()) // totp.STEP_SECONDS
        self.last_step = max(step, self.last_step + 1)
        assert self.last_step <= step + totp.DRIFT, "move a frozen clock on: this app has no new code yet"
        return pyotp.TOTP(self.secret).generate_otp(self.last_step)


def make_consultation(slug: str = "licensing-2026", *, state: State = State.CLOSED) -> Consultation:
    consultation = Consultation(slug=slug, title=slug.replace("-", " ").capitalize(), state=state)
    db.session.add(consultation)
    db.session.commit()
    return consultation


def make_link(
    email: str = "ana.lyst@abbeyford.example",
    role: Role = Role.ANALYST,
    consultation: Consultation | None = None,
) -> str:
    """The path of a link for a new account, which has the role in ``consultation`` (made if needed)."""
    if role in CONSULTATION_ROLES and consultation is None:
        slug = "licensing-2026"
        consultation = db.session.query(Consultation).filter_by(slug=slug).one_or_none()
        consultation = consultation or make_consultation(slug)
    config = current_app.config["CONSULT"]
    link = service.add_staff(OPERATOR, email, role=role, consultation=consultation, config=config)
    db.session.commit()
    return link.removeprefix(config.base_url)


def secret_of(path: str) -> str:
    """What an app reads from the picture behind a link."""
    link = queries.find_open_link(path.rpartition("/")[2])
    assert link is not None
    return keys.unseal(link.sealed_totp, config=current_app.config["CONSULT"])


def make_staff(
    email: str = "ana.lyst@abbeyford.example",
    role: Role = Role.ANALYST,
    consultation: Consultation | None = None,
) -> MadeStaff:
    """Somebody who set up signing in an hour ago, so that the codes of now are unused."""
    with clock.frozen(clock.now() - timedelta(hours=1)):
        return _make_staff(email, role, consultation)


def _make_staff(email: str, role: Role, consultation: Consultation | None) -> MadeStaff:
    path = make_link(email, role, consultation)
    made = MadeStaff(id=queries.find_staff(email).id, email=email, secret=secret_of(path))
    db.session.commit()
    token = path.rpartition("/")[2]
    config = current_app.config["CONSULT"]
    service.set_up(VISITOR, token, password=made.password, code=made.code(), config=config)
    db.session.commit()
    return made


def enter_password(client: PageClient, staff: MadeStaff) -> None:
    """The browser stands before the second step."""
    answer = client.send("/staff/sign-in", {"email": staff.email, "password": staff.password})
    assert answer.location == "/staff/sign-in/code", answer.text


def sign_in(client: PageClient, staff: MadeStaff) -> PageClient:
    """The browser is signed in, by both steps."""
    enter_password(client, staff)
    answer = client.send("/staff/sign-in/code", {"code": staff.code()})
    assert answer.status_code == 303, answer.text
    return client


def client_as(app: Flask, role: Role, consultation: Consultation | None = None) -> PageClient:
    """A browser of somebody new with this role; of nobody in particular for a visitor."""
    client = PageClient(app)
    if role is Role.VISITOR:
        return client
    where = f".{consultation.slug}" if consultation else ""
    with app.app_context():
        staff = make_staff(f"{role.value}{where}@abbeyford.example", role, consultation)
    return sign_in(client, staff)


def is_signed_in(client: PageClient) -> bool:
    return client.get("/staff/").status_code == 200


def cookie_of(client: PageClient) -> str:
    """What the browser would send."""
    cookie = client.get_cookie("session")
    return cookie.value if cookie else ""


def with_cookie(app: Flask, value: str) -> PageClient:
    """Another browser that carries a cookie that somebody copied."""
    client = PageClient(app)
    client.set_cookie("session", value)
    return client


def shown_secret(html: str) -> str:
    """The secret as the set-up page shows it for typing."""
    found = re.search(r"app-code\">([A-Z2-7 ]+)<", html)
    assert found
    return found[1].replace(" ", "")
