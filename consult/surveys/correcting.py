"""Putting right a typing error in an item that people may have answered already.

The wording of an item is fixed from publishing on. A typing error may be corrected while a stage is
open, by an officer who says that the meaning is unchanged and why. The old words, the new ones and the
reason stay in the record for good and can be read by everybody; answers go on pointing to the same
item. The database itself lets no word change without such a line (`freezing`).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid
from consult.surveys.editing import EditedMeanwhile
from consult.surveys.models import Item, ItemCorrection, Option, Point
from consult.surveys.typing_errors import meaning_problem


class Text(NamedTuple):
    """One text of an item, by the name of its part: ``stem``, ``option a``, ``point 3`` and so on."""

    part: str
    words: str


class NotTyping(Invalid):
    """The new words of ``part`` cannot be a typing error put right."""

    def __init__(self, part: str, sentence: str) -> None:
        super().__init__(sentence)
        self.part = part


def texts_of(item: Item) -> list[Text]:
    """Every text of the item that a resident reads, in the order in which they stand."""
    return list(_texts(item))


def correct_item(
    actor: Actor,
    consultation: Consultation,
    item: Item,
    texts: Mapping[str, str],
    *,
    reason: str,
    version: int,
) -> int:
    """The texts have their new words, each with a line of what it was, and why; says how many changed.

    Parameters
    ----------
    texts : mapping of part to its words
        Parts whose words are as before are left alone.
    version : int
        Which version of the item the officer saw.

    Raises
    ------
    NotTyping
        If the new words of a part mean something else, or are none.
    Invalid
        If nothing has changed, or there is no reason.
    EditedMeanwhile
        If the item has another version by now.
    """
    require(actor, Action.CORRECT_TYPING, standing_of(consultation))
    held = db.session.scalar(select(Item.version).where(Item.id == item.id).with_for_update())
    if held != version or item.version != version:
        raise EditedMeanwhile
    changed = [
        (text, texts[text.part]) for text in texts_of(item) if texts.get(text.part, text.words) != text.words
    ]
    if not changed:
        raise Invalid("Change the words that have the typing error.")
    if not reason:
        raise Invalid("Say what was wrong.")
    for text, after in changed:
        if not after:
            raise NotTyping(text.part, "Enter the words. They cannot be left out.")
        if problem := meaning_problem(text.words, after):
            raise NotTyping(text.part, problem)
    for text, after in changed:
        _log(item, text, after, reason)
    db.session.flush()  # the lines first: the database lets no word change without its line
    for text, after in changed:
        _write(item, text.part, after)
    was_approved = item.approved_version == version
    item.version = version + 1
    item.approved_version = version + 1 if was_approved else item.approved_version
    db.session.flush()
    db.session.expire(item)
    record(actor, Action.CORRECT_TYPING, consultation.slug, item=item.key, count=len(changed))
    return len(changed)


def _texts(item: Item) -> Iterator[Text]:
    yield Text("stem", item.stem)
    if item.low_label:
        yield Text("low_label", item.low_label)
    for point in item.points:
        if point.label:
            yield Text(f"point {point.value}", point.label)
    if item.high_label:
        yield Text("high_label", item.high_label)
    for option in item.options:
        yield Text(f"option {option.key}", option.label)


def _log(item: Item, text: Text, after: str, reason: str) -> None:
    db.session.add(
        ItemCorrection(
            item_id=item.id,
            part=text.part,
            before=text.words,
            after=after,
            reason=reason,
            corrected_at=clock.now(),
        )
    )


def _write(item: Item, part: str, after: str) -> None:
    """The part has these words."""
    kind, _, name = part.partition(" ")
    if kind == "option":
        changed = update(Option).where(Option.item_id == item.id, Option.key == name).values(label=after)
    elif kind == "point":
        changed = update(Point).where(Point.item_id == item.id, Point.value == int(name)).values(label=after)
    else:
        changed = update(Item).where(Item.id == item.id).values({kind: after})
    db.session.execute(changed.execution_options(synchronize_session=False))
