"""Deeds on items and answers.

An answer's own row is its trail: the audit trail counts items, never who answered when.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.batches import batches, insert_rows
from consult.consultations.models import WAVES, Consultation, Wave
from consult.consultations.queries import standing_of
from consult.db import db
from consult.surveys.models import Answer, Asked, Form, Item, ItemRole, Option, Placing, Point
from consult.surveys.rules import NewItem, item_problems

Progress = Callable[[int], None]


class NewPlacing(NamedTuple):
    """The place of one option in a ranking."""

    option_id: int
    place: int
    answered_at: datetime | None


class NewAnswer(NamedTuple):
    """What one person answered to one item in one wave, checked by `rules.check_answer`."""

    participant_id: int
    item_id: int
    wave: str
    form: str
    status: str
    number: int | None = None
    option_id: int | None = None
    text: str | None = None
    answered_at: datetime | None = None
    places: tuple[NewPlacing, ...] = ()


_COLUMNS = ("consultation_id", *NewAnswer._fields[:-1])


def add_items(actor: Actor, consultation: Consultation, items: Sequence[NewItem]) -> list[Item]:
    """The surveys ask these items too, after those they asked before, in this order.

    Raises
    ------
    Refusal
        If an item breaks a rule; the first thing that is wrong with it.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    last = db.session.scalar(select(func.max(Item.position)).where(Item.consultation_id == consultation.id))
    added = []
    for position, item in enumerate(items, 0 if last is None else last + 1):
        for problem in item_problems(item):
            raise problem
        added.append(row_of(consultation, item, position))
    db.session.add_all(added)
    db.session.flush()
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="items", count=len(added))
    return added


def row_of(consultation: Consultation, item: NewItem, position: int) -> Item:
    """A row for the item, with those of its options, points and waves; it is not in the record yet."""
    return Item(
        consultation_id=consultation.id,
        position=position,
        **columns_of(item),
        options=options_of(item),
        points=points_of(item),
        asked=waves_of(consultation, item),
    )


def columns_of(item: NewItem) -> dict[str, Any]:
    """What the item's own row says of it, but for whose it is and where it stands."""
    scale = item.scale
    return {
        "key": item.key,
        "form": Form(item.form),
        "role": ItemRole(item.role),
        "stem": item.stem,
        "scale_min": scale.min if scale else None,
        "scale_max": scale.max if scale else None,
        "low_label": scale.low if scale else None,
        "high_label": scale.high if scale else None,
        "favour_from": scale.favour_from if scale else None,
        "reversed": scale.reversed if scale else False,
        "ordered": item.ordered,
        "other": item.other,
    }


def options_of(item: NewItem) -> list[Option]:
    """The options, in their order."""
    return [
        Option(position=n, key=option.key, label=option.label, is_correct=option.key == item.correct)
        for n, option in enumerate(item.options)
    ]


def points_of(item: NewItem) -> list[Point]:
    """The whole numbers that an answer may hold: points of the scale, or places of the ranking."""
    if item.scale:
        labels = item.scale.labels or ()
        return [
            Point(value=value, label=labels[n] if labels else None)
            for n, value in enumerate(range(item.scale.min, item.scale.max + 1))
        ]
    if item.form == Form.RANK:
        return [Point(value=place) for place in range(1, len(item.options) + 1)]
    return []


def waves_of(consultation: Consultation, item: NewItem) -> list[Asked]:
    """The waves in which the item is asked, in the order in which they happen."""
    form = Form(item.form)
    return [
        Asked(wave=Wave(wave), consultation_id=consultation.id, form=form)
        for wave in WAVES
        if wave in item.waves
    ]


def record_answers(
    actor: Actor,
    consultation: Consultation,
    answers: Iterable[NewAnswer],
    *,
    progress: Progress | None = None,
) -> int:
    """The record holds these answers; says how many.

    One answer of a page and four million of a bundle are the same deed.

    Raises
    ------
    Conflict
        If one of them stands in the record already, or does not fit it.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    consultation_id = consultation.id
    written = 0
    for batch in batches(answers):
        written += insert_rows(Answer, _COLUMNS, [(consultation_id, *answer[:-1]) for answer in batch])
        ranked = [answer for answer in batch if answer.places]
        if ranked:
            _place(ranked)
        if progress:
            progress(written)
    return written


def _place(ranked: list[NewAnswer]) -> None:
    """Write the places of rankings whose answers have just been written."""
    found = db.session.execute(
        select(Answer.id, Answer.item_id, Answer.wave, Answer.participant_id).where(
            Answer.item_id.in_({answer.item_id for answer in ranked}),
            Answer.wave.in_({Wave(answer.wave) for answer in ranked}),
            Answer.participant_id.in_({answer.participant_id for answer in ranked}),
        )
    )
    ids = {(item, wave.value, participant): answer for answer, item, wave, participant in found}
    insert_rows(
        Placing,
        ("answer_id", "item_id", *NewPlacing._fields),
        (
            (ids[answer.item_id, answer.wave, answer.participant_id], answer.item_id, *place)
            for answer in ranked
            for place in answer.places
        ),
    )
