"""Deeds of officers on what is owed: issued, collected at a desk, one step taken back, a file for finance.

Each is a condition in one UPDATE and not a look before it: of two officers who mark the same number at one
moment, one does. A line of the trail names the row by its own number, not by the claim number: whoever
reads the trail can collect nothing.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Update, func, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, NotFound
from consult.incentives.models import Due
from consult.incentives.rules import day_of
from consult.words import N_

COLLECTED_ALREADY = N_("This has been collected already.")
TOO_LATE = N_("A mark can be taken back only on the day on which it was made.")


class Why(StrEnum):
    """Why a mark is taken back."""

    WRONG_NUMBER = "wrong_number"
    NOT_GIVEN = "not_given"
    GIVEN_BACK = "given_back"


def issue(actor: Actor, consultation: Consultation, references: Collection[str]) -> int:
    """What is owed under these claim numbers is issued; how many were not before.

    Raises
    ------
    NotFound
        If one of them is no claim number of this consultation.
    """
    require(actor, Action.PAY_INCENTIVE, standing_of(consultation))
    theirs = (Due.consultation_id == consultation.id, Due.reference.in_(references))
    known = db.session.scalar(select(func.count()).select_from(Due).where(*theirs))
    if known != len(set(references)):
        raise NotFound
    marked = _mark(update(Due).where(*theirs, Due.issued_at.is_(None)).values(issued_at=_today()))
    for due_id in marked:
        _note(actor, consultation, due_id, deed="issue")
    return len(marked)


def collect(actor: Actor, consultation: Consultation, reference: str) -> None:
    """The person with this claim number has what they were owed; it counts as issued too.

    Raises
    ------
    NotFound
        If it is no claim number of this consultation.
    Conflict
        If it was collected before.
    """
    require(actor, Action.PAY_INCENTIVE, standing_of(consultation))
    _require_known(consultation, reference)
    marked = _mark(
        _under(consultation, reference)
        .where(Due.collected_at.is_(None))
        .values(collected_at=_today(), issued_at=func.coalesce(Due.issued_at, _today()))
    )
    if not marked:
        raise Conflict(COLLECTED_ALREADY)
    _note(actor, consultation, marked[0], deed="collect")


def undo(actor: Actor, consultation: Consultation, reference: str, *, why: Why) -> None:
    """The last mark of today on this claim number is gone: not collected, or not issued.

    Raises
    ------
    NotFound
        If it is no claim number of this consultation.
    Conflict
        If nothing was marked on it today.
    """
    require(actor, Action.PAY_INCENTIVE, standing_of(consultation))
    _require_known(consultation, reference)
    today = _today()
    marked = _mark(
        _under(consultation, reference).where(Due.collected_at == today).values(collected_at=None)
    ) or _mark(
        _under(consultation, reference)
        .where(Due.collected_at.is_(None), Due.issued_at == today)
        .values(issued_at=None)
    )
    if not marked:
        raise Conflict(TOO_LATE)
    _note(actor, consultation, marked[0], deed="undo", why=why.value)


def _under(consultation: Consultation, reference: str) -> Update:
    return update(Due).where(Due.consultation_id == consultation.id, Due.reference == reference)


def _mark(statement: Update) -> list[int]:
    """The rows that the statement has changed, by their numbers."""
    returning: Any = statement.returning(Due.id).execution_options(synchronize_session=False)
    return sorted(db.session.scalars(returning))


def _require_known(consultation: Consultation, reference: str) -> None:
    asked = select(Due.id).filter_by(consultation_id=consultation.id, reference=reference)
    if db.session.scalar(asked) is None:
        raise NotFound


def _note(actor: Actor, consultation: Consultation, due_id: int, **detail: str) -> None:
    record(actor, Action.PAY_INCENTIVE, f"thanks/{due_id}", consultation=consultation.slug, **detail)


def _today() -> datetime:
    return day_of(clock.now())
