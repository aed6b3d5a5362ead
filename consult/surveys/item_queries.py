"""Reading the items of a consultation as officers write them, and what was corrected in them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from consult.consultations.models import WAVES, Consultation
from consult.db import db
from consult.errors import NotFound
from consult.surveys.models import NUMBER_FORMS, Item, ItemCorrection
from consult.surveys.rules import NewItem, NewOption, NewScale


@dataclass(frozen=True, slots=True)
class Correction:
    """A typing error that was put right: in which item and part of it, how, why and when."""

    item_key: str
    position: int
    part: str
    before: str
    after: str
    reason: str
    corrected_at: datetime


def list_items(consultation: Consultation) -> list[Item]:
    """List the items of the consultation in their order, whole, in a fixed number of statements."""
    return list(db.session.scalars(_whole(consultation).order_by(Item.position)))


def get_item(consultation: Consultation, key: str) -> Item:
    """Get the item of that key, whole.

    Raises
    ------
    NotFound
        If the consultation has none.
    """
    item = db.session.scalar(_whole(consultation).where(Item.key == key))
    if item is None:
        raise NotFound
    return item


def list_keys(consultation: Consultation) -> list[str]:
    """List the keys of the items, in the order of the items."""
    return list(
        db.session.scalars(
            select(Item.key).where(Item.consultation_id == consultation.id).order_by(Item.position)
        )
    )


def find_unapproved(consultation: Consultation, *, after: Item) -> str | None:
    """Find the key of the next item, round about, whose sentences nobody has approved as they are now."""
    waiting = db.session.execute(
        select(Item.key, Item.position)
        .where(Item.consultation_id == consultation.id, Item.approved_version.is_distinct_from(Item.version))
        .order_by(Item.position)
    ).all()
    later = [key for key, position in waiting if position > after.position]
    return later[0] if later else waiting[0].key if waiting else None


def list_corrections(consultation: Consultation, item: Item | None = None) -> list[Correction]:
    """List the typing errors that were corrected, in one item or in all, the newest first."""
    wanted = (
        select(ItemCorrection, Item.key, Item.position)
        .join(Item, Item.id == ItemCorrection.item_id)
        .where(Item.consultation_id == consultation.id)
        .order_by(ItemCorrection.corrected_at.desc(), ItemCorrection.id.desc())
    )
    if item is not None:
        wanted = wanted.where(Item.id == item.id)
    return [
        Correction(key, position, row.part, row.before, row.after, row.reason, row.corrected_at)
        for row, key, position in db.session.execute(wanted)
    ]


def new_item_of(item: Item) -> NewItem:
    """The item as somebody would define it: plain values, for the rules and for a copy."""
    asked = {asked.wave for asked in item.asked}
    return NewItem(
        key=item.key,
        form=item.form.value,
        stem=item.stem,
        role=item.role.value,
        waves=tuple(wave.value for wave in WAVES if wave in asked),
        scale=_scale_of(item),
        options=tuple(NewOption(option.key, option.label) for option in item.options),
        ordered=item.ordered,
        other=item.other,
        correct=next((option.key for option in item.options if option.is_correct), None),
    )


def _whole(consultation: Consultation) -> Select[Item]:
    return (
        select(Item)
        .where(Item.consultation_id == consultation.id)
        .options(selectinload(Item.options), selectinload(Item.points), selectinload(Item.asked))
    )


def _scale_of(item: Item) -> NewScale | None:
    if item.form not in NUMBER_FORMS:
        return None
    assert item.scale_min is not None
    assert item.scale_max is not None
    has_labels = any(point.label is not None for point in item.points)
    return NewScale(
        min=item.scale_min,
        max=item.scale_max,
        low=item.low_label,
        high=item.high_label,
        favour_from=item.favour_from,
        reversed=item.reversed,
        labels=tuple(point.label or "" for point in item.points) if has_labels else None,
    )
