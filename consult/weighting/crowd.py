"""Who sent in what, and what they said of themselves and at first, as arrays for the method to work on.

Only this module and those that import it know NumPy; a web worker imports none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from consult.consultations.models import Participant, Wave
from consult.db import db
from consult.recruitment.models import Demographic, ParticipantDemographic
from consult.stats.margins import NO_ANSWER
from consult.surveys.models import NUMBER_FORMS, Answer, AnswerStatus, Asked, Item, ItemRole
from consult.weighting.people import Flags, People, find_submitted
from consult.weighting.rows import number_rows

Codes = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Everybody who joined; all arrays are over them, in the order in which they came.

    Attributes
    ----------
    people : People
    asked : bool array, shape (n_people,)
        Who sent the starting survey; nobody who was only rehearsed.
    stayed : bool array, shape (n_people,)
        Those of them who sent the follow-up too.
    """

    people: People
    asked: Flags
    stayed: Flags


def read_crowd(consultation_id: int) -> Crowd:
    """Read who joined, who sent the starting survey, and who of them sent the follow-up."""
    people = People(consultation_id)
    asked = find_submitted(people, Wave.PRE)
    rehearsed = db.session.scalars(
        select(Participant.id).where(
            Participant.consultation_id == consultation_id, Participant.is_rehearsal.is_(True)
        )
    ).all()
    asked[people.places(np.array(rehearsed, dtype=np.int64))] = False
    return Crowd(people, asked, asked & find_submitted(people, Wave.POST))


def read_codes(people: People, questions: Mapping[int, Sequence[int]]) -> dict[int, Codes]:
    """Read everybody's place among the options of each question, in one pass over the people.

    Parameters
    ----------
    questions : mapping of demographic id to ids of its options, in their order

    Returns
    -------
    dict of demographic id to int64 array, shape (n_people,)
        -1 for no answer and for "prefer not to say".
    """
    codes = {asked: np.full(people.n, NO_ANSWER, dtype=np.int64) for asked in questions}
    places = {option: place for options in questions.values() for place, option in enumerate(options)}
    ids = np.array(sorted(places), dtype=np.int64)
    place_of = np.array([places[option] for option in sorted(places)], dtype=np.int64)
    said = ParticipantDemographic
    for rows in number_rows(
        people.ids,
        said.participant_id,
        [said.demographic_id, func.coalesce(said.option_id, 0)],
        said.consultation_id == people.consultation_id,
        said.option_id.in_(places),
    ):
        for asked, column in codes.items():
            mine = rows[rows[:, 1] == asked]
            column[people.places(mine[:, 0])] = place_of[np.searchsorted(ids, mine[:, 2])]
    return codes


def read_all_codes(people: People) -> dict[str, Codes]:
    """Read everybody's group of every question about people, by its key."""
    asked = db.session.scalars(
        select(Demographic)
        .where(Demographic.consultation_id == people.consultation_id)
        .options(selectinload(Demographic.options))
        .order_by(Demographic.position)
    ).all()
    codes = read_codes(people, {each.id: [option.id for option in each.options] for each in asked})
    return {each.key: codes[each.id] for each in asked}


def read_attitudes(crowd: Crowd) -> dict[str, Scores]:
    """Read what everybody answered at first to the attitude items with points; NaN for no answer."""
    found = db.session.execute(
        select(Item.id, Item.key)
        .join(Asked, Asked.item_id == Item.id)
        .where(
            Item.consultation_id == crowd.people.consultation_id,
            Item.form.in_(NUMBER_FORMS),
            Item.role == ItemRole.ATTITUDE,
            Asked.wave == Wave.PRE,
        )
        .order_by(Item.position)
    )
    items = dict(found.all())
    scores = {item_id: np.full(crowd.people.n, np.nan) for item_id in items}
    for rows in number_rows(
        crowd.people.ids,
        Answer.participant_id,
        [Answer.item_id, func.coalesce(Answer.number, 0)],
        Answer.consultation_id == crowd.people.consultation_id,
        Answer.item_id.in_(items),
        Answer.wave == Wave.PRE,
        Answer.status == AnswerStatus.ANSWERED,
    ):
        for item_id, column in scores.items():
            mine = rows[rows[:, 1] == item_id]
            column[crowd.people.places(mine[:, 0])] = mine[:, 2]
    for column in scores.values():
        column[~crowd.asked] = np.nan
    return {items[item_id]: column for item_id, column in scores.items()}
