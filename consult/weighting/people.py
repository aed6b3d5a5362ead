"""The people of one consultation by their place: what every array of weights and answers is over."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from consult.consultations.models import Participant, Progress, Submission, Wave
from consult.db import db
from consult.weighting.rows import Ids, number_rows

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


def find_submitted(people: People, wave: Wave) -> Flags:
    """Find who submitted a wave; shape (n_people,)."""
    flags = np.zeros(people.n, dtype=bool)
    for rows in number_rows(
        people.ids,
        Submission.participant_id,
        [],
        Submission.consultation_id == people.consultation_id,
        Submission.wave == wave,
        Submission.status == Progress.SUBMITTED,
    ):
        flags[people.places(rows[:, 0])] = True
    return flags
