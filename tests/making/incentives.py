"""What a consultation offers as thanks, and what somebody is owed."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from consult import clock
from consult.access import Actor, Role
from consult.consultations.models import Consultation, Wave
from consult.db import db
from consult.incentives import holders
from consult.incentives.claim_numbers import with_check
from consult.incentives.models import Contact, Due, Incentive, IncentiveKind, IncentivePlan
from consult.incentives.rules import day_of
from tests.making.places import MadeResident

OWED, ISSUED = with_check("2345678"), with_check("8765432")


def make_offer(place: Consultation, *, for_panel: bool = False) -> dict[str, int]:
    """There is a voucher after both surveys, and a donation after the first; ids by key. Committed."""
    rows = [
        (IncentiveKind.VOUCHER, "Voucher for shops in Abbeyford", 500, 500),
        (IncentiveKind.DONATION, "Donation to Abbeyford Food Bank", 750, 0),
    ]
    made = [
        Incentive(
            consultation_id=place.id,
            position=n,
            key=f"choice-{n}",
            kind=kind,
            label=label,
            pence_survey=first,
            pence_follow_up=second,
        )
        for n, (kind, label, first, second) in enumerate(rows, 1)
    ]
    db.session.add_all([*made, IncentivePlan(consultation_id=place.id, is_for_panel=for_panel)])
    db.session.commit()
    return {row.key: row.id for row in made}


def make_due(place: Consultation, reference: str = OWED, *, holder: str | None = None, **more: Any) -> int:
    """Somebody who has left is owed a voucher for the starting survey; its id. Committed."""
    incentive = db.session.scalars(select(Incentive).filter_by(consultation_id=place.id, position=1)).one()
    due = Due(
        consultation_id=place.id,
        holder=holder or f"{holders.LEFT}{reference}",
        wave=more.pop("wave", Wave.PRE),
        incentive_id=incentive.id,
        pence=500,
        reference=reference,
        owed_at=today(),
        **more,
    )
    db.session.add(due)
    db.session.commit()
    return due.id


def make_contact(place: Consultation, holder: str, contact: str = "owl@post.example") -> None:
    """This holder wants what they are owed sent there. Committed."""
    sealed = holders.seal(contact, config=current_app.config["CONSULT"])
    db.session.add(Contact(consultation_id=place.id, holder=holder, sealed_contact=sealed, given_at=today()))
    db.session.commit()


def today() -> datetime:
    return day_of(clock.now())


def yesterday() -> datetime:
    return day_of(clock.now() - timedelta(days=1))


def holder_of(resident: MadeResident) -> str:
    return holders.holder_of(resident.participant_id, config=current_app.config["CONSULT"])


def dues() -> list[Due]:
    """Every due, as the database has it now."""
    db.session.rollback()
    asked = select(Due).order_by(Due.reference).execution_options(populate_existing=True)
    return list(db.session.scalars(asked))


def as_actor(resident: MadeResident) -> Actor:
    """The resident as services see them."""
    roles = {resident.consultation_id: frozenset({Role.RESIDENT})}
    return Actor("participant", frozenset(), roles, participant_id=resident.participant_id)
