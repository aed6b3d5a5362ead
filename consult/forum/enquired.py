"""What a post asks of the council, as one reader gets it: by when it is answered, or where the answer is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased

from consult import clock
from consult.forum.models import Enquiry, Post, PostState
from consult.forum.rules import address

OFFICIAL = aliased(Post, name="official")  # the reply that answers
# What `enquired` needs; the statement joins both outwards, as below.
ENQUIRY_COLUMNS = (
    Enquiry.due_at.label("asked_due_at"),
    Enquiry.told.label("asked_told"),
    OFFICIAL.id.label("official_id"),
    OFFICIAL.key.label("official_key"),
)


@dataclass(frozen=True, slots=True)
class Enquired:
    """A question for the council.

    ``answer`` is the address of the official reply; ``told``, for its writer alone, why there is none.
    """

    due_at: datetime
    is_late: bool
    answer: str | None
    told: str | None


def is_official() -> ColumnElement[bool]:
    """The condition by which a statement joins the answer: one that nobody can read is none."""
    return and_(OFFICIAL.id == Enquiry.answer_id, OFFICIAL.state == PostState.VISIBLE)


def is_unanswered() -> ColumnElement[bool]:
    """The condition that a question still waits; the statement has joined the answer."""
    return or_(Enquiry.settled_at.is_(None), and_(Enquiry.answer_id.is_not(None), OFFICIAL.id.is_(None)))


def enquired(row: Any, *, is_mine: bool) -> Enquired | None:
    """What a row with `ENQUIRY_COLUMNS` asks; none if it asks nothing, or nothing of the council."""
    if row.asked_due_at is None or (row.asked_told is not None and not is_mine):
        return None
    return Enquired(
        due_at=row.asked_due_at,
        is_late=clock.now() > row.asked_due_at,
        answer=address(row.official_key, row.official_id) if row.official_id is not None else None,
        told=row.asked_told,
    )
