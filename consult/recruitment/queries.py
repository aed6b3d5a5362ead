"""Reading who takes part, and what they are asked about themselves."""

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from consult.consultations.models import Membership
from consult.db import db
from consult.errors import NotFound, NotPermitted
from consult.recruitment.models import AskedAt, Channel, Demographic, ParticipantDemographic


def get_membership(consultation_id: int, participant_id: int) -> Membership:
    """Get how this participant belongs to the consultation, as long as they do.

    Raises
    ------
    NotPermitted
        If they have withdrawn, or never joined through the pages.
    """
    return _live(db.session.scalar(_membership(consultation_id, participant_id)))


def lock_membership(consultation_id: int, participant_id: int) -> Membership:
    """Get the same, and let no other request change anything of this person until this one ends.

    Whoever writes something of a person's asks for this first: then nothing of theirs is written while
    they withdraw in another window, or after that.

    Raises
    ------
    NotPermitted
        If they have withdrawn, or never joined through the pages.
    """
    asked = _membership(consultation_id, participant_id).with_for_update(key_share=True)
    return _live(db.session.scalar(asked.execution_options(populate_existing=True)))


def find_channel(consultation_id: int, key: str) -> Channel | None:
    """Find the channel of that key."""
    if not key or "\0" in key:  # no column of text holds a NUL
        return None
    return db.session.scalar(select(Channel).filter_by(consultation_id=consultation_id, key=key))


def list_demographics(consultation_id: int, asked: AskedAt) -> list[Demographic]:
    """List the questions about the person that are asked then, in their order, with their options."""
    return list(
        db.session.scalars(
            select(Demographic)
            .where(Demographic.consultation_id == consultation_id, Demographic.asked == asked)
            .options(selectinload(Demographic.options))
            .order_by(Demographic.position)
        )
    )


def get_demographic(consultation_id: int, asked: AskedAt, n: int) -> tuple[Demographic, int]:
    """Get the n-th question that is asked then, counted from 1, and how many there are.

    Raises
    ------
    NotFound
        If there are fewer.
    """
    found = list_demographics(consultation_id, asked)
    if not 1 <= n <= len(found):
        raise NotFound
    return found[n - 1], len(found)


def find_said(participant_id: int, demographic: Demographic) -> ParticipantDemographic | None:
    """Find what this participant answered to that question; None if they skipped it."""
    return db.session.scalar(
        select(ParticipantDemographic).filter_by(participant_id=participant_id, demographic_id=demographic.id)
    )


def list_taken(consultation_id: int, name_keys: list[str]) -> set[str]:
    """List which of these names, by their keys, somebody here has."""
    return set(
        db.session.scalars(
            select(Membership.name_key).where(
                Membership.consultation_id == consultation_id, Membership.name_key.in_(name_keys)
            )
        )
    )


def _membership(consultation_id: int, participant_id: int) -> Select[Membership]:
    return select(Membership).filter_by(consultation_id=consultation_id, participant_id=participant_id)


def _live(found: Membership | None) -> Membership:
    if found is None or found.withdrawn_at is not None:
        raise NotPermitted
    return found
