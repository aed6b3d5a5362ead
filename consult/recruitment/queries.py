"""Reading who takes part, and what they are asked about themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from consult.consultations.models import Membership, Progress, Submission, Wave
from consult.db import db
from consult.errors import NotFound, NotPermitted
from consult.recruitment.models import (
    AskedAt,
    Channel,
    Demographic,
    DemographicOption,
    ParticipantDemographic,
)

Said = Mapping[int, int | None]  # demographic → option, None is "prefer not to say"; no entry: skipped


@dataclass(frozen=True, slots=True)
class Further:
    """A question that is asked only of those who chose one of some options of another question."""

    demographic_id: int
    first_id: int
    leading: frozenset[int]
    implied: int | None  # the option that everybody else gets

    def is_asked(self, said: Said) -> bool:
        """Whether it is asked of somebody who said this."""
        return said.get(self.first_id) in self.leading


@dataclass(frozen=True, slots=True)
class Place:
    """Where one question about the person stands among those that are asked of them.

    ``n`` is its number in the address, which stays the same; ``number`` of ``count`` is what they read,
    where a question that is not asked of them is not counted. ``before`` and ``after`` are the numbers
    of the addresses next to it.
    """

    demographic: Demographic
    n: int
    number: int
    count: int
    before: int | None
    after: int | None
    is_asked: bool


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


def get_place(consultation_id: int, participant_id: int, asked: AskedAt, n: int) -> Place:
    """Get the n-th question that is asked then, counted from 1, as it stands for this participant.

    Raises
    ------
    NotFound
        If there are fewer.
    """
    found = list_demographics(consultation_id, asked)
    if not 1 <= n <= len(found):
        raise NotFound
    places = _asked_of(consultation_id, participant_id, found)
    is_asked = n in places
    return Place(
        demographic=found[n - 1],
        n=n,
        number=sum(place < n for place in places) + 1,
        count=len(places) + (not is_asked),
        before=next((place for place in reversed(places) if place < n), None),
        after=next((place for place in places if place > n), None),
        is_asked=is_asked,
    )


def find_next(consultation_id: int, participant_id: int, asked: AskedAt, after: int = 0) -> int | None:
    """Find the number of the next question that is asked of this participant then, if there is one."""
    places = _asked_of(consultation_id, participant_id, list_demographics(consultation_id, asked))
    return next((place for place in places if place > after), None)


def list_further(consultation_id: int) -> list[Further]:
    """List the questions that are not asked of everybody, with what leads to them."""
    rows = db.session.execute(
        select(
            DemographicOption.id,
            DemographicOption.demographic_id,
            DemographicOption.leads_to_id,
            DemographicOption.is_implied,
        )
        .join(Demographic, Demographic.id == DemographicOption.demographic_id)
        .where(
            Demographic.consultation_id == consultation_id,
            or_(DemographicOption.leads_to_id.is_not(None), DemographicOption.is_implied),
        )
        .order_by(DemographicOption.id)
    ).all()
    implied = {row.demographic_id: row.id for row in rows if row.is_implied}
    leading: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        if row.leads_to_id is not None:
            leading.setdefault((row.leads_to_id, row.demographic_id), set()).add(row.id)
    return [
        Further(further, first, frozenset(options), implied.get(further))
        for (further, first), options in leading.items()
    ]


def said_by(participant_id: int) -> Said:
    """What this participant has said of themselves, with what follows from it."""
    mine = select(ParticipantDemographic.demographic_id, ParticipantDemographic.option_id).where(
        ParticipantDemographic.participant_id == participant_id
    )
    return {row.demographic_id: row.option_id for row in db.session.execute(mine)}


def has_taken_part(participant_id: int) -> bool:
    """Whether this participant has sent the starting survey: from then on they count."""
    sent = select(Submission.participant_id).filter_by(
        participant_id=participant_id, wave=Wave.PRE, status=Progress.SUBMITTED
    )
    return db.session.scalar(sent) is not None


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


def _asked_of(consultation_id: int, participant_id: int, found: list[Demographic]) -> list[int]:
    """The numbers of those of the questions that are asked of this participant."""
    further = {each.demographic_id: each for each in list_further(consultation_id)}
    said = said_by(participant_id) if further else {}
    return [
        n
        for n, demographic in enumerate(found, 1)
        if demographic.id not in further or further[demographic.id].is_asked(said)
    ]


def _membership(consultation_id: int, participant_id: int) -> Select[Membership]:
    return select(Membership).filter_by(consultation_id=consultation_id, participant_id=participant_id)


def _live(found: Membership | None) -> Membership:
    if found is None or found.withdrawn_at is not None:
        raise NotPermitted
    return found
