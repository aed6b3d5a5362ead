"""Whose page of coding this is: the consultation and the item of the address, and who asks."""

from dataclasses import dataclass
from typing import Any

from consult.access import AFTER_CLOSING, Action, Actor, Moment, allows, require
from consult.accounts import current
from consult.coding.queries import get_item
from consult.consultations.analyst_sections import CODING, sections
from consult.consultations.models import Consultation
from consult.consultations.queries import Standing, get_consultation, standing_of
from consult.errors import NotPermitted
from consult.surveys.models import Item

SEEN_BY = (Action.EDIT_CODEBOOK, Action.CODE_TEXTS, Action.READ_RESULTS)


@dataclass(frozen=True, slots=True)
class Place:
    """The consultation of the address, where it is in its life, and the member of staff who asks."""

    consultation: Consultation
    standing: Standing
    actor: Actor
    staff_id: int

    @property
    def moment(self) -> Moment:
        """Where the consultation is in its life."""
        return self.standing.moment

    def may(self, action: Action) -> bool:
        """Whether this person may do that now."""
        return allows(self.actor, action, self.standing)

    def frame(self, item: Item | None = None, **more: Any) -> dict[str, Any]:
        """What every page of coding gives its template."""
        return {
            "slug": self.consultation.slug,
            "item": item,
            "may_edit": self.may(Action.EDIT_CODEBOOK),
            "may_code": self.may(Action.CODE_TEXTS),
            **sections(self.consultation, CODING, is_over=self.moment in AFTER_CLOSING),
            **more,
        }


def seen(slug: str, *actions: Action) -> Place:
    """The consultation of that slug, for somebody who may do one of ``actions`` with it now.

    Without any it is for whoever may see how its texts are coded.
    """
    consultation, actor = get_consultation(slug), current.actor()
    standing, member = standing_of(consultation), current.staff()
    wanted = actions or SEEN_BY
    if not any(allows(actor, action, standing) for action in wanted):
        require(actor, wanted[0] if actions else Action.CODE_TEXTS, standing)
    if member is None:
        raise NotPermitted
    return Place(consultation, standing, actor, member.staff_id)


def seen_item(slug: str, key: str, *actions: Action) -> tuple[Place, Item]:
    """The same with an item of the consultation that takes words."""
    place = seen(slug, *actions)
    return place, get_item(place.consultation, key)
