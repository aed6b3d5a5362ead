"""Under which name a post stands: that of the council, the one its writer chose, or a number."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from consult.consultations.models import Membership, Participant

# What `author_of` needs; the statement joins the writer as below.
AUTHOR_COLUMNS = (
    Participant.id.label("author_id"),
    Participant.position.label("author_position"),
    Membership.display_name.label("author_name"),
    Membership.withdrawn_at.label("author_left_at"),
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post, as far as readers may know.

    ``name`` is the one that they chose. Without one, ``number`` says in which place they came.
    """

    is_council: bool = False
    has_left: bool = False
    name: str | None = None
    number: int | None = None


def is_membership(participant_id: Any) -> ColumnElement[bool]:
    """The condition by which a statement joins the membership of a writer."""
    joined: ColumnElement[bool] = Membership.participant_id == participant_id
    return joined


def author_of(row: Any) -> Author:
    """The writer of a row that has `AUTHOR_COLUMNS`; the council's staff stand without a participant."""
    if row.author_id is None:
        return Author(is_council=True)
    if row.author_left_at is not None:
        return Author(has_left=True)
    if row.author_name:
        return Author(name=row.author_name)
    return Author(number=row.author_position + 1)
