"""Whose page this is, for the pages on which officers set up and watch over one consultation.

The person is asked for as a member of staff, also in a browser in which they rehearse as a resident.
"""

from dataclasses import dataclass

from consult.access import Action, Actor, require
from consult.accounts import current
from consult.consultations.models import Consultation
from consult.consultations.queries import Standing, get_consultation, standing_of


@dataclass(frozen=True, slots=True)
class Overseen:
    """The consultation of the address, where it is in its life, and the member of staff who asks."""

    consultation: Consultation
    standing: Standing
    actor: Actor


def overseen(slug: str, action: Action = Action.OVERSEE) -> Overseen:
    """The consultation of that slug, for somebody who may do this with it now.

    Raises
    ------
    NotFound
        If there is none, or none of this person's.
    NotPermitted, Conflict
        As `access.require`.
    """
    consultation = get_consultation(slug)
    standing = standing_of(consultation)
    require(current.actor(), action, standing)
    return Overseen(consultation, standing, current.actor())
