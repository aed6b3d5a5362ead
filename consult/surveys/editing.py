"""Deeds of officers on the items of a draft.

Two officers may work on one draft. Each deed therefore says what its author saw: the version of the item,
or which item stood beside it. If that is no longer so, nothing is written and the author is shown both.
Deeds of one consultation come one after the other, because each begins by holding its row; so does
publishing, after which none of them is allowed, and the database refuses them as well (`freezing`).

An item that was answered in a rehearsal can be changed: those answers were never to be counted, and go.
"""

from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Participant
from consult.consultations.queries import standing_of
from consult.db import Base, db
from consult.errors import Conflict, Invalid
from consult.surveys.item_queries import list_items, new_item_of
from consult.surveys.models import Answer, Asked, Item, Option, Point
from consult.surveys.rules import NewItem, item_problems
from consult.surveys.service import columns_of, options_of, points_of, row_of, waves_of
from consult.words import N_

UP, DOWN = "up", "down"
_IN_THE_WAY = -1  # where an item waits while two change places: no two may stand in one place


class EditedMeanwhile(Conflict):
    """Somebody else changed the item after this person had opened it."""

    default = N_("Somebody else changed this question while you had it open.")


class KeyTaken(Invalid):
    """Another item of the consultation has that key."""

    default = N_("Another question has this short name. Choose a different one.")


def add_item(actor: Actor, consultation: Consultation, item: NewItem) -> Item:
    """The surveys ask this item too, after those they asked before; its sentences wait for approval.

    Raises
    ------
    Refusal
        If it breaks a rule; the first thing that is wrong with it.
    KeyTaken
        If another item has its key.
    """
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))
    _hold(actor, consultation)
    [added] = _append(consultation, [item])
    record(actor, Action.EDIT_CONSULTATION, consultation.slug, deed="add item", item=item.key)
    return added


def copy_items(actor: Actor, source: Consultation, target: Consultation) -> list[Item]:
    """The draft asks the items of another consultation too, in the same order; none is approved yet.

    The actor must be an officer of both.
    """
    require(actor, Action.EDIT_CONSULTATION, standing_of(target))
    require(actor, Action.OVERSEE, standing_of(source))
    _hold(actor, target)
    added = _append(target, [new_item_of(item) for item in list_items(source)])
    record(actor, Action.EDIT_CONSULTATION, target.slug, deed="copy items", count=len(added))
    return added


def change_item(actor: Actor, consultation: Consultation, item: Item, new: NewItem, *, version: int) -> Item:
    """The item is as ``new`` says, and waits for approval if that is anything else than before.

    Its form stays: an item of another form is another item.

    Raises
    ------
    EditedMeanwhile
        If it has another version than ``version``, the one that the officer saw.
    Refusal, KeyTaken
        As for `add_item`.
    Conflict
        If people who are not rehearsing have answered it.
    """
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))
    _hold(actor, consultation)
    _check(new)
    if new.form != item.form:
        raise Invalid("A question keeps its kind. Add a new one instead.")
    if item.version == version and new == new_item_of(item):
        return item
    _step(item, version, version=version + 1, **columns_of(new))
    _forget_rehearsal(item)
    _drop_parts(item)
    parts: list[Option | Point | Asked] = [*options_of(new), *points_of(new), *waves_of(consultation, new)]
    for part in parts:
        part.item_id = item.id
    db.session.add_all(parts)
    db.session.flush()
    db.session.expire(item)
    record(actor, Action.EDIT_CONSULTATION, consultation.slug, deed="change item", item=new.key)
    return item


def approve_item(actor: Actor, consultation: Consultation, item: Item, *, version: int) -> None:
    """Somebody has read every sentence of this version of the item and found it good.

    Raises
    ------
    EditedMeanwhile
        If the item has become another than the one that was read.
    """
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))
    _hold(actor, consultation)
    _step(item, version, approved_version=version)
    db.session.expire(item)
    record(actor, Action.EDIT_CONSULTATION, consultation.slug, deed="approve item", item=item.key)


def move_item(actor: Actor, consultation: Consultation, item: Item, *, way: str, past: str) -> None:
    """The item has changed places with its neighbour, the item with the key ``past``.

    Parameters
    ----------
    way : str
        ``up`` or ``down``.
    past : str
        The neighbour that the officer saw on that side. The same move sent twice has one effect.

    Raises
    ------
    EditedMeanwhile
        If that item does not stand there any more.
    """
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))
    _hold(actor, consultation)
    items = list_items(consultation)
    keys = [each.key for each in items]
    if past not in keys or item.key not in keys:
        raise EditedMeanwhile
    here, there = keys.index(item.key), keys.index(past)
    step = -1 if way == UP else 1
    if there == here - step:
        return  # the same move has been made already
    if there != here + step:
        raise EditedMeanwhile
    places = items[here].position, items[there].position
    for moved, place in ((items[here], _IN_THE_WAY), (items[there], places[0]), (items[here], places[1])):
        moved.position = place
        db.session.flush()
    record(actor, Action.EDIT_CONSULTATION, consultation.slug, deed="move item", item=item.key)


def remove_item(actor: Actor, consultation: Consultation, item: Item, *, version: int) -> None:
    """The surveys do not ask this item, and never have.

    Raises
    ------
    EditedMeanwhile
        If it has become another than the one that the officer saw.
    Conflict
        If people who are not rehearsing have answered it, or something else in the record needs it.
    """
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))
    _hold(actor, consultation)
    key = item.key
    _step(item, version, version=version + 1)
    _forget_rehearsal(item)
    _drop_parts(item)
    db.session.expunge(item)
    try:
        db.session.execute(delete(Item).where(Item.id == item.id))
    except IntegrityError as error:
        raise Conflict(
            "Something in this consultation belongs to this question, so it has to stay."
        ) from error
    record(actor, Action.EDIT_CONSULTATION, consultation.slug, deed="remove item", item=key)


def _hold(actor: Actor, consultation: Consultation) -> None:
    """No other deed on this consultation happens until this one is over; it may still be done."""
    db.session.refresh(consultation, with_for_update=True)
    require(actor, Action.EDIT_CONSULTATION, standing_of(consultation))


def _check(item: NewItem) -> None:
    for problem in item_problems(item):
        raise problem


def _append(consultation: Consultation, items: list[NewItem]) -> list[Item]:
    """Write the items after those that are there."""
    last = db.session.scalar(select(func.max(Item.position)).where(Item.consultation_id == consultation.id))
    for item in items:
        _check(item)
    rows = [row_of(consultation, item, n) for n, item in enumerate(items, 0 if last is None else last + 1)]
    db.session.add_all(rows)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise KeyTaken from error
    return rows


def _step(item: Item, seen: int, /, **columns: Any) -> None:
    """Write the columns if the item still has the version that was seen."""
    stepped = (
        update(Item)
        .where(Item.id == item.id, Item.version == seen)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
    try:
        written = cast("CursorResult[Any]", db.session.execute(stepped)).rowcount
    except IntegrityError as error:
        raise KeyTaken from error
    if written != 1:
        raise EditedMeanwhile


def _forget_rehearsal(item: Item) -> None:
    """What was answered to the item in a rehearsal is gone.

    Raises
    ------
    Conflict
        If it has other answers.
    """
    rehearsing = select(Participant.id).where(
        Participant.consultation_id == item.consultation_id, Participant.is_rehearsal
    )
    db.session.execute(delete(Answer).where(Answer.item_id == item.id, Answer.participant_id.in_(rehearsing)))
    if db.session.scalar(select(select(Answer.id).where(Answer.item_id == item.id).exists())):
        raise Conflict("People have answered this question, so it has to stay as it is.")
    threads = Base.metadata.tables["thread"]
    db.session.execute(
        update(threads).where(threads.c.item_id == item.id, threads.c.is_rehearsal).values(item_id=None)
    )


def _drop_parts(item: Item) -> None:
    """The item has no options, points and waves, in the record and in this session."""
    for row in (*item.options, *item.points, *item.asked):
        db.session.expunge(row)
    db.session.execute(delete(Option).where(Option.item_id == item.id))
    db.session.execute(delete(Point).where(Point.item_id == item.id))
    db.session.execute(delete(Asked).where(Asked.item_id == item.id))
