"""The submitted answers of one consultation as arrays, read once, for the method to work on.

Only this module and those that import it know NumPy; they are imported when a comparison is made
and never when the web application starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Case, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from consult.analysis.models import Plan, PlannedItem
from consult.analysis.people import split_by_group
from consult.analysis.rules import ItemShape, Split
from consult.consultations.models import WAVES, Wave
from consult.db import db
from consult.stats.pairs import MISSING
from consult.surveys.models import Answer, AnswerStatus, Form, Item, Placing
from consult.weighting.people import Flags, People, find_submitted
from consult.weighting.rows import number_rows

Numbers = NDArray[np.int16]
Keyed = dict[tuple[str, str, Wave], "Column"]


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
    """Read the submitted answers of a consultation, in one pass over its people."""
    people = People(consultation_id)
    items = list(
        db.session.scalars(
            select(Item)
            .where(Item.consultation_id == consultation_id)
            .options(selectinload(Item.options), selectinload(Item.asked))
            .order_by(Item.position)
        )
    )
    submitted = {wave: find_submitted(people, wave) for wave in WAVES}
    sheet = _Sheet(people, items)
    for wave in WAVES:
        sheet.forget(wave, ~submitted[wave])
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
        n_people=people.n,
        items=tuple(shape_of(item) for item in items),
        columns=sheet.columns() | _ranked_columns(people, sheet),
        took_part={wave: sheet.took_part(wave) for wave in WAVES},
        groups=split_by_group(people),
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
        waves=frozenset(a.wave.value for a in item.asked),
    )


class _Sheet:
    """Answers by item, wave and person: ``numbers`` and ``unsure`` have shape (n_items, 2, n_people).

    An answer that is no number (words, a ranking) stands as 0, to say that it was given.
    """

    def __init__(self, people: People, items: list[Item]) -> None:
        self.items = items
        self.numbers = np.full((len(items), len(WAVES), people.n), MISSING, dtype=np.int16)
        self.unsure = np.zeros(self.numbers.shape, dtype=bool)
        places = _Places([item.id for item in items])
        # The place of an option within its item; 0 is no option's id and stands for "something else".
        options = {option.id: n for item in items for n, option in enumerate(item.options)}
        option_ids = np.array(sorted(options), dtype=np.int64)
        option_places = np.array([options[n] for n in sorted(options)], dtype=np.int64)
        other = np.array([len(item.options) for item in items], dtype=np.int64)
        chosen = np.array([item.form in {Form.CHOICE, Form.KNOWLEDGE} for item in items], dtype=bool)
        for rows in number_rows(
            people.ids,
            Answer.participant_id,
            [
                Answer.item_id,
                _wave_number(Answer.wave),
                case(
                    (
                        Answer.status == AnswerStatus.ANSWERED,
                        func.coalesce(Answer.number, Answer.option_id, 0),
                    ),
                    else_=MISSING,
                ),
            ],
            Answer.consultation_id == people.consultation_id,
            Answer.status.in_((AnswerStatus.ANSWERED, AnswerStatus.DONT_KNOW)),
        ):
            who, item, wave, value = people.places(rows[:, 0]), places.of(rows[:, 1]), rows[:, 2], rows[:, 3]
            is_choice = chosen[item] & (value != MISSING)
            if is_choice.any():
                found = np.searchsorted(option_ids, value[is_choice])
                value[is_choice] = np.where(
                    value[is_choice] == 0,
                    other[item[is_choice]],
                    option_places[np.minimum(found, len(option_places) - 1)],
                )
            self.numbers[item, wave, who] = value
            self.unsure[item, wave, who] = value == MISSING

    def forget(self, wave: Wave, people: Flags) -> None:
        """Leave out what these people answered in a wave."""
        self.numbers[:, WAVES.index(wave), people] = MISSING
        self.unsure[:, WAVES.index(wave), people] = False

    def took_part(self, wave: Wave) -> Flags:
        """Who answered at least one item in a wave."""
        flags: Flags = (self.numbers[:, WAVES.index(wave), :] != MISSING).any(axis=0)
        return flags

    def columns(self) -> Keyed:
        """Columns of the items that are answered with one number."""
        return {
            (item.key, "", wave): Column(self.numbers[n, w], self.unsure[n, w])
            for n, item in enumerate(self.items)
            if item.form not in {Form.OPEN, Form.RANK}
            for w, wave in enumerate(WAVES)
            if wave in {asked.wave for asked in item.asked}
        }


def _ranked_columns(people: People, sheet: _Sheet) -> Keyed:
    """Columns of the rankings, one for each option."""
    rankings = [(n, item) for n, item in enumerate(sheet.items) if item.form is Form.RANK]
    options = [(n, item, option) for n, item in rankings for option in item.options]
    if not options:
        return {}
    numbers = np.full((len(options), len(WAVES), people.n), MISSING, dtype=np.int16)
    places = _Places([option.id for _, _, option in options])
    for rows in number_rows(
        people.ids,
        Answer.participant_id,
        [Placing.option_id, _wave_number(Answer.wave), Placing.place],
        Placing.answer_id == Answer.id,
        Answer.consultation_id == people.consultation_id,
    ):
        numbers[places.of(rows[:, 1]), rows[:, 2], people.places(rows[:, 0])] = rows[:, 3]
    found: Keyed = {}
    for place, (n, item, option) in enumerate(options):
        for w, wave in enumerate(WAVES):
            if wave in {asked.wave for asked in item.asked}:
                answered = sheet.numbers[n, w] != MISSING
                column = np.where(answered, numbers[place, w], MISSING).astype(np.int16)
                found[item.key, option.key, wave] = Column(column, sheet.unsure[n, w])
    return found


class _Places:
    """Places of ids in a list."""

    def __init__(self, ids: list[int]) -> None:
        self._order = np.argsort(ids)
        self._sorted = np.array(ids, dtype=np.int64)[self._order]

    def of(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Where each of ``ids`` stands in the list."""
        found: NDArray[np.intp] = self._order[np.searchsorted(self._sorted, ids)]
        return found


def _wave_number(column: InstrumentedAttribute[Wave]) -> Case[int]:
    return case({wave: n for n, wave in enumerate(WAVES)}, value=column)
