"""The people of one consultation by their place, and how they divide."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, literal, select
from sqlalchemy.orm import selectinload

from consult.analysis.rows import Ids, number_rows
from consult.analysis.rules import Split
from consult.consultations.models import Arm, DiscussionGroup, Participant, Progress, Submission, Wave
from consult.db import db
from consult.recruitment.models import Demographic, ParticipantDemographic

Flags = NDArray[np.bool_]


class People:
    """Everybody who joined, in the order in which they came.

    Attributes
    ----------
    ids : int64 array, shape (n,)
        Ids of participants.
    """

    def __init__(self, consultation_id: int) -> None:
        self.consultation_id = consultation_id
        found = db.session.scalars(
            select(Participant.id)
            .where(Participant.consultation_id == consultation_id)
            .order_by(Participant.position)
        )
        self.ids: Ids = np.fromiter(found, dtype=np.int64)
        self._order = np.argsort(self.ids)
        self._sorted = self.ids[self._order]

    @property
    def n(self) -> int:
        """How many they are."""
        return len(self.ids)

    def places(self, ids: Ids) -> NDArray[np.intp]:
        """Where the participants with these ids stand."""
        found: NDArray[np.intp] = self._order[np.searchsorted(self._sorted, ids)]
        return found

    def split(self, values: list[str], rows: list[Ids]) -> Split:
        """Divide people by rows of (participant, place of the value); only values that somebody has."""
        codes = np.full(self.n, -1, dtype=np.int64)
        for found in rows:
            codes[self.places(found[:, 0])] = found[:, 1]
        used = np.unique(codes[codes >= 0])
        codes[codes >= 0] = np.searchsorted(used, codes[codes >= 0])
        return Split(tuple(values[n] for n in used), codes)


def find_submitted(people: People, wave: Wave) -> Flags:
    """Find who submitted a wave; shape (n_people,)."""
    flags = np.zeros(people.n, dtype=bool)
    for rows in number_rows(
        people,
        Submission.participant_id,
        [],
        Submission.consultation_id == people.consultation_id,
        Submission.wave == wave,
        Submission.status == Progress.SUBMITTED,
    ):
        flags[people.places(rows[:, 0])] = True
    return flags


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
            people,
            Participant.id,
            [Participant.group_id],
            Participant.consultation_id == people.consultation_id,
            Participant.group_id.is_not(None),
        )
    )
    for found in rows:
        found[:, 1] = np.searchsorted(ids, found[:, 1])
    return people.split([key for _, key in groups], rows)


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
            people,
            Participant.id,
            [case(arms, value=Participant.arm)],
            Participant.consultation_id == consultation_id,
            Participant.arm.is_not(None),
        )
        return people.split([arm.value for arm in Arm], list(rows))
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
        people,
        given.participant_id,
        [case(options, value=given.option_id, else_=len(options)) if options else literal(0)],
        given.demographic_id == demographic.id,
    )
    return people.split([*(option.key for option in demographic.options), "prefer_not"], list(rows))
