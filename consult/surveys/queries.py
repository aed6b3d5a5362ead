"""Reading items as one person meets them: what is asked of them in a wave and what they answered.

A page with one item, the list before sending and the comparison afterwards ask the same few statements,
however many items there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Membership, Participant, Progress, Submission, Wave
from consult.db import db
from consult.surveys.models import (
    NUMBER_FORMS,
    Answer,
    AnswerStatus,
    Asked,
    Form,
    Item,
    ItemRole,
    Option,
    Placing,
    Point,
)
from consult.surveys.ordering import in_own_order
from consult.surveys.rules import ItemShape

WITH_OPTIONS = (Form.CHOICE, Form.RANK, Form.KNOWLEDGE)


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What one person answered to one item in one wave; a ranking's places stand beside its options."""

    id: int
    status: AnswerStatus
    number: int | None
    option_id: int | None
    text: str | None


@dataclass(frozen=True, slots=True)
class OwnItem:
    """An item that is asked of somebody in a wave, with their answer if there is one."""

    id: int
    position: int
    key: str
    form: Form
    role: ItemRole
    stem: str
    low: int | None
    high: int | None
    low_label: str | None
    high_label: str | None
    ordered: bool
    other: bool
    answer: OwnAnswer | None


@dataclass(frozen=True, slots=True)
class OwnOption:
    """An option as this person sees it; ``position`` is as defined, ``place`` is theirs in a ranking."""

    id: int
    key: str
    label: str
    position: int
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the page of one item needs: options in this person's order, or points with labels."""

    item: OwnItem
    options: tuple[OwnOption, ...] = ()
    points: Mapping[int, str | None] = field(default_factory=dict)

    @property
    def chosen(self) -> OwnOption | None:
        """The option that was answered."""
        answer = self.item.answer
        return next((o for o in self.options if answer is not None and o.id == answer.option_id), None)

    @property
    def ranked(self) -> list[OwnOption]:
        """The options with a place, from the first place to the last."""
        return sorted((o for o in self.options if o.place is not None), key=lambda o: o.place or 0)

    @property
    def shape(self) -> ItemShape:
        """What answers must fit."""
        return ItemShape(
            form=self.item.form.value,
            waves=frozenset(),
            low=self.item.low,
            high=self.item.high,
            options=frozenset(option.key for option in self.options),
            other=self.item.other,
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever answers: the seed of their order, and how far they have come in each wave."""

    seed: int | None
    has_withdrawn: bool
    pre: Progress | None
    pre_late: bool
    post: Progress | None
    post_late: bool

    def progress(self, wave: Wave) -> Progress | None:
        """How far this person has come in that wave; None if they never began."""
        return self.pre if wave == Wave.PRE else self.post

    def has_sent(self, wave: Wave) -> bool:
        """Whether this person has sent that wave's answers."""
        return self.progress(wave) is Progress.SUBMITTED

    def is_late(self, wave: Wave) -> bool:
        """Whether something in that wave came after the close."""
        return self.pre_late if wave == Wave.PRE else self.post_late


def lock_person(participant_id: int) -> None:
    """Whatever else this person is sending waits until this transaction has ended.

    Without it two sendings of one ranking could mix their places on PostgreSQL. On SQLite a writing
    transaction is alone anyway.
    """
    db.session.execute(_LOCK, {"participant_id": participant_id})


# Statements are made once: making one costs more than asking it.
_PRE, _POST = aliased(Submission), aliased(Submission)
_PERSON = (
    select(
        Membership.order_seed,
        Membership.withdrawn_at,
        _PRE.status,
        _PRE.late,
        _POST.status,
        _POST.late,
    )
    .select_from(Participant)
    .outerjoin(Membership, Membership.participant_id == Participant.id)
    .outerjoin(_PRE, and_(_PRE.participant_id == Participant.id, _PRE.wave == Wave.PRE))
    .outerjoin(_POST, and_(_POST.participant_id == Participant.id, _POST.wave == Wave.POST))
    .where(Participant.id == bindparam("participant_id"))
)
_POINTS = (
    select(Point.item_id, Point.value, Point.label)
    .where(Point.item_id.in_(bindparam("items", expanding=True)))
    .order_by(Point.item_id, Point.value)
)
_LOCK = (
    select(Membership.participant_id)
    .where(Membership.participant_id == bindparam("participant_id"))
    .with_for_update(key_share=True)
)
_ITEMS = (
    select(
        Item.id,
        Item.position,
        Item.key,
        Item.form,
        Item.role,
        Item.stem,
        Item.scale_min,
        Item.scale_max,
        Item.low_label,
        Item.high_label,
        Item.ordered,
        Item.other,
        Answer.id,
        Answer.status,
        Answer.number,
        Answer.option_id,
        Answer.text,
    )
    .join(Asked, and_(Asked.item_id == Item.id, Asked.wave == bindparam("wave")))
    .outerjoin(
        Answer,
        and_(
            Answer.item_id == Item.id,
            Answer.wave == Asked.wave,
            Answer.participant_id == bindparam("participant_id"),
        ),
    )
    .where(Item.consultation_id == bindparam("consultation_id"))
    .order_by(Item.position)
)


def get_person(participant_id: int) -> Person:
    """Get how far this participant has come."""
    row = db.session.execute(_PERSON, {"participant_id": participant_id}).one()
    seed, withdrawn_at, pre, pre_late, post, post_late = row
    return Person(seed, withdrawn_at is not None, pre, bool(pre_late), post, bool(post_late))


def list_items(consultation_id: int, participant_id: int, wave: Wave) -> list[OwnItem]:
    """List what the consultation asks in that wave, in its order, with this person's answers."""
    values = {"consultation_id": consultation_id, "participant_id": participant_id, "wave": wave}
    rows: Iterable[tuple[Any, ...]] = db.session.execute(_ITEMS, values)
    return [_own_item(row) for row in rows]


def _own_item(row: tuple[Any, ...]) -> OwnItem:
    """An item from its columns and, after them, those of its answer."""
    *columns, answer_id, status, number, option_id, text = row
    answer = None if answer_id is None else OwnAnswer(answer_id, status, number, option_id, text)
    values: tuple[Any, ...] = (*columns, answer)
    return OwnItem(*values)


def _answer(columns: tuple[Any, ...]) -> tuple[OwnAnswer | None]:
    """The answer of a row, or none, as the last column of an item."""
    return (OwnAnswer(*columns) if columns[0] is not None else None,)


def list_sheets(items: Collection[OwnItem], seed: int | None) -> list[Sheet]:
    """List these items with their options and points, in at most two statements."""
    options = _options([item for item in items if item.form in WITH_OPTIONS])
    points = _points([item for item in items if item.form in NUMBER_FORMS])
    return [
        Sheet(
            item,
            tuple(
                in_own_order(
                    options[item.id],
                    lambda option: option.key,
                    seed=seed,
                    item_key=item.key,
                    form=item.form.value,
                    ordered=item.ordered,
                )
            ),
            points[item.id],
        )
        for item in items
    ]


def get_sheet(item: OwnItem, seed: int | None) -> Sheet:
    """Get one item with its options or points, in at most one statement."""
    return list_sheets([item], seed)[0]


def _options(items: Collection[OwnItem]) -> dict[int, list[OwnOption]]:
    """The options of these items as they were defined, with the places that were given to them."""
    found: dict[int, list[OwnOption]] = defaultdict(list)
    if not items:
        return found
    rankings = [item.answer.id for item in items if item.form is Form.RANK and item.answer is not None]
    asked = select(Option.item_id, Option.id, Option.key, Option.label, Option.position)
    if rankings:
        mine = and_(Placing.option_id == Option.id, Placing.answer_id.in_(rankings))
        asked = asked.add_columns(Placing.place).outerjoin(Placing, mine)
    asked = asked.where(Option.item_id.in_([item.id for item in items]))
    rows: Iterable[tuple[Any, ...]] = db.session.execute(asked.order_by(Option.item_id, Option.position))
    for item_id, *values in rows:
        found[item_id].append(OwnOption(*values))
    return found


def _points(items: Collection[OwnItem]) -> dict[int, dict[int, str | None]]:
    """The points of these items, in their order, with their labels."""
    found: dict[int, dict[int, str | None]] = defaultdict(dict)
    if not items:
        return found
    for item_id, value, label in db.session.execute(_POINTS, {"items": [item.id for item in items]}):
        found[item_id][value] = label
    return found
