"""Where a person is in their answering: which item comes next, and where they carry on.

An item counts as reached once it has an answer, and every way past an item gives it one: answered, not
made up one's mind, rather not said, or skipped. So the record alone knows where somebody stopped, on
whichever computer they go on.
"""

from dataclasses import dataclass
from enum import StrEnum

from consult.access import Action, Moment
from consult.consultations.models import Progress, StageKind, Wave
from consult.errors import NotFound
from consult.surveys.models import ItemRole
from consult.surveys.queries import OwnItem, Person, get_person, list_items


@dataclass(frozen=True, slots=True)
class Walk:
    """One of the two surveys: its wave, its stage, and what one needs to be allowed for it."""

    wave: Wave
    kind: StageKind
    view: Action
    save: Action
    change: Action  # after it was sent
    submit: Action


SURVEY = Walk(
    Wave.PRE,
    StageKind.SURVEY,
    Action.VIEW_SURVEY,
    Action.SAVE_SURVEY,
    Action.CHANGE_SURVEY,
    Action.SUBMIT_SURVEY,
)
FOLLOW_UP = Walk(
    Wave.POST,
    StageKind.FOLLOW_UP,
    Action.VIEW_FOLLOW_UP,
    Action.SAVE_FOLLOW_UP,
    Action.SAVE_FOLLOW_UP,
    Action.SUBMIT_FOLLOW_UP,
)
WALKS = {walk.wave: walk for walk in (SURVEY, FOLLOW_UP)}


@dataclass(frozen=True, slots=True)
class Response:
    """One person's whole set of answers in a wave, as far as it has come.

    ``items`` are asked one after the other before sending; ``perceived`` after it, once then and now
    have been shown.
    """

    wave: Wave
    person: Person
    items: tuple[OwnItem, ...]
    perceived: tuple[OwnItem, ...]

    @property
    def is_sent(self) -> bool:
        """Whether this person has sent their answers."""
        return self.person.has_sent(self.wave)

    @property
    def has_begun(self) -> bool:
        """Whether anything has been saved."""
        return self.person.progress(self.wave) is not None

    @property
    def count_reached(self) -> int:
        """How many items have been reached."""
        return sum(item.answer is not None for item in self.items)

    @property
    def first_unreached(self) -> int | None:
        """The number of the first item that has not been reached, from 1; None if all have been."""
        return next((n for n, item in enumerate(self.items, 1) if item.answer is None), None)

    @property
    def is_complete(self) -> bool:
        """Whether every item has been reached."""
        return self.first_unreached is None

    def is_ahead(self, n: int) -> bool:
        """Whether item number ``n`` comes after one that has not been reached."""
        first = self.first_unreached
        return first is not None and n > first

    def get_item(self, n: int) -> OwnItem:
        """Get item number ``n``, from 1.

        Raises
        ------
        NotFound
            If there are not so many.
        """
        if not 1 <= n <= len(self.items):
            raise NotFound
        return self.items[n - 1]


def get_response(
    consultation_id: int, participant_id: int, wave: Wave, *, person: Person | None = None
) -> Response:
    """Get what is asked of this person in that wave and how far they have come, in two statements.

    One if the caller has read the ``person`` already.
    """
    person = person or get_person(participant_id)
    items = list_items(consultation_id, participant_id, wave)
    return Response(
        wave,
        person,
        tuple(item for item in items if item.role is not ItemRole.PERCEIVED),
        tuple(item for item in items if item.role is ItemRole.PERCEIVED),
    )


class Goal(StrEnum):
    """Where somebody who says "carry on" is led."""

    SURVEY = "survey"
    FORUM = "forum"
    FOLLOW_UP = "follow_up"
    YOUR_VIEWS = "your_views"
    PAGE = "page"  # the public page of the consultation
    WAITING = "waiting"  # a page that says what has been and what comes


def goal_of(moment: Moment, person: Person) -> Goal:
    """Where this person goes on at that moment.

    Nobody is led into the follow-up who never sent the starting survey: there is nothing to compare.
    """
    has_sent_first, has_sent_last = person.has_sent(Wave.PRE), person.has_sent(Wave.POST)
    if moment is Moment.SURVEY and not has_sent_first:
        return Goal.SURVEY
    if moment is Moment.FORUM:
        return Goal.FORUM
    if moment is Moment.FOLLOW_UP and has_sent_first and not has_sent_last:
        return Goal.FOLLOW_UP
    if moment in {Moment.FOLLOW_UP, Moment.CLOSED, Moment.PUBLISHED} and has_sent_last:
        return Goal.YOUR_VIEWS
    return Goal.PAGE if moment is Moment.ARCHIVED else Goal.WAITING


def was_caught(person: Person, wave: Wave) -> bool:
    """Whether the record knows that this person was in the middle of the wave when its stage closed."""
    return person.progress(wave) is Progress.STARTED and person.is_late(wave)
