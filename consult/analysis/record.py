"""The submitted answers of one consultation as arrays, read once, for the method to work on.

Only this module and those that import it know NumPy; they are imported when a comparison is made
and never when the web application starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Executable, case, select
from sqlalchemy.orm import selectinload

from consult.analysis.models import Plan, PlannedItem
from consult.analysis.rules import ItemShape, Split
from consult.consultations.models import WAVES, Arm, DiscussionGroup, Participant, Progress, Submission, Wave
from consult.db import db
from consult.recruitment.models import Demographic, ParticipantDemographic
from consult.stats.pairs import MISSING
from consult.surveys.models import (
    NUMBER_FORMS,
    OPTION_FORMS,
    Answer,
    AnswerStatus,
    Form,
    Item,
    Option,
    Placing,
)

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int16]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What everybody answered to one item (or gave one option of a ranking) in one wave.

    Attributes
    ----------
    numbers : int16 array, shape (n_people,)
        The point, the place, or the position of the option chosen (from 0; "something else" comes
        last); ``MISSING`` where the person gave none, or has not submitted that wave.
    unsure : bool array, shape (n_people,)
        Who said that they had not made up their mind.
    """

    numbers: Numbers
    unsure: Flags

    def of(self, people: Flags) -> "Column":
        """Keep some of the people."""
        return Column(self.numbers[people], self.unsure[people])

    @property
    def answered(self) -> Flags:
        """Who gave an answer."""
        answered: Flags = self.numbers != MISSING
        return answered


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Everything that a comparison needs to know.

    Attributes
    ----------
    items : tuple of ItemShape
        In the order of the survey.
    columns : mapping of (item key, option key or "", wave) to Column
        For number and option forms the option is ""; a ranking has a column for each option.
    took_part : mapping of wave to bool array, shape (n_people,)
        Who submitted that wave and answered at least one item in it, of any form.
    groups : Split
        The discussion groups.
    primary : tuple of str, or None
        Keys of the plan's primary items.
    delta : mapping of item key to float
        The plan's smallest changes that matter, in points.
    """

    n_people: int
    items: tuple[ItemShape, ...]
    columns: Mapping[tuple[str, str, Wave], Column]
    took_part: Mapping[Wave, Flags]
    groups: Split
    primary: tuple[str, ...] | None
    delta: Mapping[str, float]


def read_record(consultation_id: int) -> Record:
    """Read the submitted answers of a consultation, with two statements for each item asked."""
    reader = _Reader(consultation_id)
    rows = list(
        db.session.scalars(
            select(Item)
            .where(Item.consultation_id == consultation_id)
            .options(selectinload(Item.options), selectinload(Item.asked))
            .order_by(Item.position)
        )
    )
    columns: dict[tuple[str, str, Wave], Column] = {}
    for row in rows:
        for wave in WAVES:
            if wave in {a.wave for a in row.asked}:
                columns |= {(row.key, option, wave): c for option, c in reader.read(row, wave).items()}
    plan = db.session.get(Plan, consultation_id)
    planned = list(
        db.session.execute(
            select(Item.key, PlannedItem.primary_position, PlannedItem.delta)
            .join(Item, Item.id == PlannedItem.item_id)
            .where(PlannedItem.consultation_id == consultation_id)
            .order_by(PlannedItem.primary_position)
        )
    )
    return Record(
        n_people=reader.n_people,
        items=tuple(shape_of(row) for row in rows),
        columns=columns,
        took_part=reader.took_part,
        groups=reader.split_by_group(),
        primary=tuple(k for k, position, _ in planned if position is not None)
        if plan is not None and plan.names_primary
        else None,
        delta={k: delta for k, _, delta in planned if delta is not None},
    )


def shape_of(item: Item) -> ItemShape:
    """What the analysis needs to know of an item."""
    options = tuple(option.key for option in item.options)
    return ItemShape(
        key=item.key,
        form=item.form.value,
        role=item.role.value,
        stem=item.stem,
        low=item.scale_min if item.scale_min is not None else (1 if item.form is Form.RANK else 0),
        high=item.scale_max
        if item.scale_max is not None
        else (len(options) if item.form is Form.RANK else len(options) - 1 + int(item.other)),
        favour_from=item.favour_from,
        options=options,
        is_paired={a.wave for a in item.asked} == set(WAVES),
    )


def read_split(consultation_id: int, variable: str) -> Split | None:
    """Read which value of ``group``, ``arm`` or a demographic each person has; None if there is none.

    Values come in the order in which they are defined, ``prefer_not`` last; only values that
    somebody has. People without a value have code -1.
    """
    reader = _Reader(consultation_id, people_only=True)
    if variable == "group":
        return reader.split_by_group()
    if variable == "arm":
        arms = {arm: n for n, arm in enumerate(Arm)}
        return reader.split(
            [arm.value for arm in Arm],
            select(Participant.id, case(arms, value=Participant.arm)).where(
                Participant.consultation_id == consultation_id, Participant.arm.is_not(None)
            ),
        )
    demographic = db.session.scalar(
        select(Demographic)
        .where(Demographic.consultation_id == consultation_id, Demographic.key == variable)
        .options(selectinload(Demographic.options))
    )
    if demographic is None:
        return None
    places = {option.id: n for n, option in enumerate(demographic.options)}
    given = ParticipantDemographic
    return reader.split(
        [*(option.key for option in demographic.options), "prefer_not"],
        select(given.participant_id, case(places, value=given.option_id, else_=len(places))).where(
            given.demographic_id == demographic.id
        ),
    )


class _Reader:
    """People by position, and answers turned into columns over them."""

    def __init__(self, consultation_id: int, *, people_only: bool = False) -> None:
        self.consultation_id = consultation_id
        self.ids = _rows(
            select(Participant.id)
            .where(Participant.consultation_id == consultation_id)
            .order_by(Participant.position),
            1,
        )[:, 0]
        self.n_people = len(self.ids)
        self._order = np.argsort(self.ids)
        self._sorted = self.ids[self._order]
        if people_only:
            return
        self.submitted = {wave: self._who_submitted(wave) for wave in WAVES}
        self.took_part = {wave: np.zeros(self.n_people, dtype=bool) for wave in WAVES}

    def _places(self, ids: Ids) -> NDArray[np.intp]:
        found: NDArray[np.intp] = self._order[np.searchsorted(self._sorted, ids)]
        return found

    def _who_submitted(self, wave: Wave) -> Flags:
        flags = np.zeros(self.n_people, dtype=bool)
        found = _rows(
            select(Submission.participant_id).where(
                Submission.consultation_id == self.consultation_id,
                Submission.wave == wave,
                Submission.status == Progress.SUBMITTED,
            ),
            1,
        )
        flags[self._places(found[:, 0])] = True
        return flags

    def read(self, item: Item, wave: Wave) -> dict[str, Column]:
        """Read the columns of one item in one wave, by option ("" where the form has none)."""
        value: Any = Answer.number
        if item.form in OPTION_FORMS:
            places = {option.id: n for n, option in enumerate(item.options)}
            value = case(places, value=Answer.option_id, else_=len(places))
        elif item.form not in NUMBER_FORMS:
            value = 0
        found = _rows(
            select(
                Answer.participant_id,
                case((Answer.status == AnswerStatus.ANSWERED, value), else_=MISSING),
            ).where(
                Answer.item_id == item.id,
                Answer.wave == wave,
                Answer.status.in_((AnswerStatus.ANSWERED, AnswerStatus.DONT_KNOW)),
            ),
            2,
        )
        column = self._column(found, wave)
        self.took_part[wave] |= column.answered
        if item.form is Form.OPEN:
            return {}
        if item.form is Form.RANK:
            return {option.key: self._ranked(item, option, wave, column.unsure) for option in item.options}
        return {"": column}

    def _column(self, found: Ids, wave: Wave) -> Column:
        numbers = np.full(self.n_people, MISSING, dtype=np.int16)
        unsure = np.zeros(self.n_people, dtype=bool)
        where = self._places(found[:, 0])
        numbers[where] = found[:, 1]
        unsure[where] = found[:, 1] == MISSING
        numbers[~self.submitted[wave]] = MISSING
        return Column(numbers, unsure & self.submitted[wave])

    def _ranked(self, item: Item, option: Option, wave: Wave, unsure: Flags) -> Column:
        found = _rows(
            select(Answer.participant_id, Placing.place)
            .join(Answer, Answer.id == Placing.answer_id)
            .where(Answer.item_id == item.id, Answer.wave == wave, Placing.option_id == option.id),
            2,
        )
        return Column(self._column(found, wave).numbers, unsure)

    def split_by_group(self) -> Split:
        """Which discussion group each person is in."""
        groups = list(
            db.session.execute(
                select(DiscussionGroup.id, DiscussionGroup.key)
                .where(DiscussionGroup.consultation_id == self.consultation_id)
                .order_by(DiscussionGroup.id)
            )
        )
        found = _rows(
            select(Participant.id, Participant.group_id).where(
                Participant.consultation_id == self.consultation_id, Participant.group_id.is_not(None)
            ),
            2,
        )
        ids = np.array([group_id for group_id, _ in groups], dtype=np.int64)
        found[:, 1] = np.searchsorted(ids, found[:, 1])
        return self._split([key for _, key in groups], found)

    def split(self, values: list[str], statement: Executable) -> Split:
        """Make a split from rows of (participant, place of the value in ``values``)."""
        return self._split(values, _rows(statement, 2))

    def _split(self, values: list[str], found: Ids) -> Split:
        # Only values that somebody has, in the order in which they are defined.
        codes = np.full(self.n_people, -1, dtype=np.int64)
        codes[self._places(found[:, 0])] = found[:, 1]
        used = np.unique(codes[codes >= 0])
        codes[codes >= 0] = np.searchsorted(used, codes[codes >= 0])
        return Split(tuple(values[n] for n in used), codes)


def _rows(statement: Executable, width: int) -> Ids:
    """Run a statement of whole numbers; shape (n_rows, width)."""
    found = db.session.execute(statement)
    return np.fromiter(chain.from_iterable(found), dtype=np.int64).reshape(-1, width)
