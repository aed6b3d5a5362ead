"""What the page of who is missing shows, to officers who can change it and to analysts who cannot."""

from typing import Any

from consult import clock
from consult.access import Action, allows
from consult.consultations.models import State
from consult.consultations.oversight import Overseen
from consult.publicity.reminding import reminding
from consult.publicity.yields import best_channels
from consult.representation.advice import advice_on
from consult.representation.next_step import next_step
from consult.representation.picture import picture_of
from consult.representation.reminders import reminders
from consult.representation.words import changes_told, contradictions_told


def shown_to(place: Overseen, staff_id: int) -> dict[str, Any]:
    """The values of the page, for somebody who may see it."""
    consultation = place.consultation
    now = clock.now()
    picture = picture_of(consultation, now)
    is_draft = consultation.state is State.DRAFT
    behind = reminding(consultation, now)
    return {
        "consultation": consultation,
        "picture": picture,
        "is_draft": is_draft,
        "advice": [] if is_draft or picture.is_over else advice_on(picture, best_channels(consultation)),
        "contradictions": contradictions_told(consultation) if is_draft else [],
        "next_step": next_step(picture) if is_draft else None,
        "reminders": reminders(behind) if behind else None,
        "changes": changes_told(consultation, picture, staff_id),
        "may_raise": allows(place.actor, Action.OVERRIDE_TARGETS, place.standing),
        "may_edit": allows(place.actor, Action.EDIT_TARGETS, place.standing),
        "may_bring_in": allows(place.actor, Action.IMPORT_MARGINS, place.standing),
    }
