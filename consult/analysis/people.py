"""How the people of one consultation divide."""

import numpy as np
from sqlalchemy import case, literal, select
from sqlalchemy.orm import selectinload

from consult.analysis.rules import Split
from consult.consultations.models import Arm, DiscussionGroup, Participant
from consult.db import db
from consult.recruitment.models import Demographic, ParticipantDemographic
from consult.weighting.people import People
from consult.weighting.rows import Ids, number_rows


def divide(people: People, values: list[str], rows: list[Ids]) -> Split:
    """Divide people by rows of (participant, place of the value); only values that somebody has."""
    codes = np.full(people.n, -1, dtype=np.int64)
    for found in rows:
        codes[people.places(found[:, 0])] = found[:, 1]
    used = np.unique(codes[codes >= 0])
    codes[codes >= 0] = np.searchsorted(used, codes[codes >= 0])
    return Split(tuple(values[n] for n in used), codes)


def split_by_group(people: People) -> Split:
    """Divide people by their discussion groups, in the order in which these were made."""
    groups = list(
        db.session.execute(
            select(DiscussionGroup.id, DiscussionGroup.key)
            .where(DiscussionGroup.consultation_id == people.consultation_id)
            .order_by(DiscussionGroup.id)
        )
    )
    ids = np.array([group_id for group_id, _ in groups], dtype=np.int64)
    rows = list(
        number_rows(
            people.ids,
            Participant.id,
            [Participant.group_id],
            Participant.consultation_id == people.consultation_id,
            Participant.group_id.is_not(None),
        )
    )
    for found in rows:
        found[:, 1] = np.searchsorted(ids, found[:, 1])
    return divide(people, [key for _, key in groups], rows)


def read_split(consultation_id: int, variable: str) -> Split | None:
    """Read how ``group``, ``arm`` or a demographic divides people; None if there is no such variable.

    Values come in the order in which they are defined, ``prefer_not`` last; only values that
    somebody has. People without a value have code -1.
    """
    people = People(consultation_id)
    if variable == "group":
        return split_by_group(people)
    if variable == "arm":
        arms = {arm: n for n, arm in enumerate(Arm)}
        rows = number_rows(
            people.ids,
            Participant.id,
            [case(arms, value=Participant.arm)],
            Participant.consultation_id == consultation_id,
            Participant.arm.is_not(None),
        )
        return divide(people, [arm.value for arm in Arm], list(rows))
    demographic = db.session.scalar(
        select(Demographic)
        .where(Demographic.consultation_id == consultation_id, Demographic.key == variable)
        .options(selectinload(Demographic.options))
    )
    if demographic is None:
        return None
    given = ParticipantDemographic
    options = {option.id: n for n, option in enumerate(demographic.options)}
    rows = number_rows(
        people.ids,
        given.participant_id,
        [case(options, value=given.option_id, else_=len(options)) if options else literal(0)],
        given.demographic_id == demographic.id,
    )
    return divide(people, [*(option.key for option in demographic.options), "prefer_not"], list(rows))
