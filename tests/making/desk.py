"""Officers at their desk, and drafts that are ready to be published."""

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select, update

from consult import clock
from consult.access import OPERATOR, VISITOR, Actor, Role
from consult.accounts import service
from consult.accounts.models import StaffRole
from consult.accounts.queries import find_staff
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.desk.creating import create_from_template
from consult.surveys.models import Item, Option
from consult.uktime import uk_time
from tests.making.accounts import MadeStaff, make_staff, secret_of, sign_in
from tests.page_client import PageClient

OFFICER = "officer@abbeyford.example"
ONCE = re.compile(r'name="once" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="([^"]+)"')


def make_officer(email: str = OFFICER) -> MadeStaff:
    """Somebody who may set up consultations and has none yet; they set up signing in an hour ago."""
    with clock.frozen(clock.now() - timedelta(hours=1)):
        config = current_app.config["CONSULT"]
        link = service.add_staff(OPERATOR, email, role=Role.OFFICER, consultation=None, config=config)
        db.session.commit()
        made = MadeStaff(id=staff_id(email), email=email, secret=secret_of(link))
        token = link.rpartition("/")[2]
        service.set_up(VISITOR, token, password=made.password, code=made.code(), config=config)
        db.session.commit()
        return made


def officer_client(app: Flask) -> PageClient:
    """The browser of an officer who has no consultation yet and may set one up."""
    with app.app_context():
        made = make_officer()
    return sign_in(PageClient(app), made)


def another_officer(app: Flask, slug: str, email: str = "second.officer@abbeyford.example") -> PageClient:
    """The browser of one more officer of that consultation."""
    with app.app_context():
        staff = make_staff(email, Role.OFFICER, get_consultation(slug))
    return sign_in(PageClient(app), staff)


def staff_id(email: str = OFFICER) -> int:
    staff = find_staff(email)
    assert staff is not None
    return staff.id


def actor_of(email: str = OFFICER) -> Actor:
    """The officer as services see them, with the roles that they have now."""
    roles: dict[int, frozenset[Role]] = {}
    for row in db.session.scalars(select(StaffRole).where(StaffRole.staff_id == staff_id(email))):
        roles[row.consultation_id] = roles.get(row.consultation_id, frozenset()) | {row.role}
    return Actor(f"staff/{staff_id(email)}", frozenset(), roles, frozenset({Role.OFFICER}))


def make_draft(slug: str = "late-hours", *, title: str = "Late hours in Abbeyford") -> Consultation:
    """A draft from the ready template, of the officer. Committed."""
    consultation = create_from_template(actor_of(), slug=slug, title=title, staff_id=staff_id())
    db.session.commit()
    return consultation


def make_ready(slug: str = "late-hours", *, title: str = "Late hours in Abbeyford") -> Consultation:
    """A draft of the officer that lacks nothing: it can be published. Committed."""
    consultation = make_draft(slug, title=title)
    consultation.summary = "Shops want to open later. **Neighbours** want to sleep."
    consultation.decision = "Whether shops may open after 11pm."
    consultation.decided_by = "The council’s cabinet"
    consultation.area = "Abbeyford"
    consultation.use = "The cabinet reads the results before it decides."
    for item in db.session.scalars(select(Item).where(Item.consultation_id == consultation.id)):
        item.stem = item.stem.replace("[topic]", "late shops")
    mine = select(Item.id).where(Item.consultation_id == consultation.id)
    db.session.execute(update(Option).where(Option.item_id.in_(mine)).values(label=Option.label))
    db.session.execute(update(Item).where(Item.id.in_(mine)).values(approved_version=Item.version))
    db.session.commit()
    return consultation


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields by which a form is known: its token for once, and the version that it shows."""
    found = {"once": ONCE.search(page), "version": VERSION.search(page)}
    return {name: match[1] for name, match in found.items() if match}


def fill(client: PageClient, path: str, data: dict[str, Any], *, to: str | None = None):
    """Open the page, keep its hidden fields, and send the form."""
    page = client.get(path).text
    return client.post(to or path, data={"csrf_token": client.any_token(), **fields_of(page), **data})


def dates(kind: str, opens: datetime, closes: datetime) -> dict[str, str]:
    """Two instants as a form takes them, in civil time."""
    found: dict[str, str] = {}
    for end, at in (("opens", opens), ("closes", closes)):
        local = uk_time(at)
        name = f"{kind}_{end}" if kind else end
        found |= {
            f"{name}-day": str(local.day),
            f"{name}-month": str(local.month),
            f"{name}-year": str(local.year),
            f"{name}-time": f"{local:%H:%M:%S}",
        }
    return found


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def all_dates(first: float = 14) -> dict[str, str]:
    """A timetable that can stand, from so many days on, as a form takes it."""
    spans = {"survey": (0, 21), "forum": (28, 49), "follow_up": (56, 70)}
    return {
        name: value
        for kind, (opens, closes) in spans.items()
        for name, value in dates(kind, in_days(first + opens), in_days(first + closes)).items()
    }
