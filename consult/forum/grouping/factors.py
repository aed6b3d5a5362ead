"""What groups are made alike in: what people answered before the forum, and what they said of themselves.

First of all the view: the first scale about an attitude, or else the first choice or ranking. Then the
other items about attitudes, and every question about people. A code is the place of the answer among the
possible ones, from 1; 0 stands for what is not known, also for "I'd rather not say".
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, or_, select

from consult.consultations.models import (
    Arm,
    Consultation,
    Membership,
    Participant,
    Progress,
    Submission,
    Wave,
)
from consult.db import db
from consult.forum.grouping.rules import NOT_KNOWN
from consult.forum.standpoints import standpoints_on
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic
from consult.surveys.models import NUMBER_FORMS, Asked, Form, Item, ItemRole

FORMS = (Form.SCALE, Form.AGREEMENT, Form.CHOICE, Form.RANK)
ITEM, ABOUT_PEOPLE = "item", "about"


class Factor(NamedTuple):
    """One thing that groups are made alike in; ``kind`` says whether it is an item or about people."""

    kind: str
    key: str


def list_factors(consultation: Consultation) -> list[Factor]:
    """List what the groups of this consultation are made alike in, the view first if there is one."""
    items = db.session.scalars(
        select(Item.key)
        .join(Asked, and_(Asked.item_id == Item.id, Asked.wave == Wave.PRE))
        .where(
            Item.consultation_id == consultation.id,
            Item.role == ItemRole.ATTITUDE,
            Item.form.in_(FORMS),
        )
        .order_by(case((Item.form.in_(NUMBER_FORMS), 0), else_=1), Item.position)
    )
    about = db.session.scalars(
        select(Demographic.key)
        .where(Demographic.consultation_id == consultation.id)
        .order_by(Demographic.position)
    )
    return [*(Factor(ITEM, key) for key in items), *(Factor(ABOUT_PEOPLE, key) for key in about)]


def as_text(factors: Sequence[Factor]) -> str:
    """Factors as they are kept with a draw."""
    return json.dumps([list(factor) for factor in factors])


def from_text(text: str) -> list[Factor]:
    """Factors as they were kept."""
    return [Factor(*each) for each in json.loads(text)]


def told_of(consultation: Consultation, factors: Sequence[Factor]) -> list[str]:
    """What these are called: the stem of the item, or the question about people."""
    stems = select(Item.key, Item.stem).where(Item.consultation_id == consultation.id)
    about = select(Demographic.key, Demographic.question).where(
        Demographic.consultation_id == consultation.id
    )
    words = {(ITEM, key): stem for key, stem in db.session.execute(stems)}
    words |= {(ABOUT_PEOPLE, key): question for key, question in db.session.execute(about)}
    return [words[factor.kind, factor.key] for factor in factors if (factor.kind, factor.key) in words]


def codes_of(
    consultation: Consultation, factors: Sequence[Factor], people: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """What each of these people answered, a number for each factor."""
    columns = [
        _of_item(consultation, factor.key)
        if factor.kind == ITEM
        else _about_people(consultation, factor.key, people)
        for factor in factors
    ]
    return {person: tuple(column.get(person, NOT_KNOWN) for column in columns) for person in people}


def list_people(consultation: Consultation) -> list[int]:
    """List who is drawn: everybody who has sent the starting survey, is still here, and does not wait."""
    asked = (
        select(Participant.id)
        .join(
            Submission,
            and_(
                Submission.participant_id == Participant.id,
                Submission.wave == Wave.PRE,
                Submission.status == Progress.SUBMITTED,
            ),
        )
        .where(*can_be_grouped(consultation))
    )
    return list(db.session.scalars(asked.order_by(Participant.id)))


def count_people(consultation: Consultation) -> int:
    """Count who would be drawn now."""
    return len(list_people(consultation))


def can_be_grouped(consultation: Consultation) -> tuple[ColumnElement[bool], ...]:
    """The conditions for somebody who may be in a group."""
    return (
        Participant.consultation_id == consultation.id,
        Participant.is_rehearsal.is_(False),
        or_(Participant.arm.is_(None), Participant.arm != Arm.DELAYED),
        Participant.id.not_in(
            select(Membership.participant_id).where(
                Membership.consultation_id == consultation.id, Membership.withdrawn_at.is_not(None)
            )
        ),
    )


def _of_item(consultation: Consultation, key: str) -> dict[int, int]:
    item_id = db.session.scalar(
        select(Item.id).where(Item.consultation_id == consultation.id, Item.key == key)
    )
    if item_id is None:
        return {}
    found = standpoints_on(item_id)
    places = {position: n for n, position in enumerate(found.positions.get(item_id, ()), start=1)}
    return {
        person: min((places[each] for each in held.get(item_id, ()) if each in places), default=NOT_KNOWN)
        for person, held in found.held.items()
    }


def _about_people(consultation: Consultation, key: str, people: Sequence[int]) -> dict[int, int]:
    asked = (
        select(ParticipantDemographic.participant_id, DemographicOption.position)
        .join(Demographic, Demographic.id == ParticipantDemographic.demographic_id)
        .join(DemographicOption, DemographicOption.id == ParticipantDemographic.option_id)
        .where(Demographic.consultation_id == consultation.id, Demographic.key == key)
    )
    if len(people) == 1:
        asked = asked.where(ParticipantDemographic.participant_id == people[0])
    return {person: position + 1 for person, position in db.session.execute(asked)}
