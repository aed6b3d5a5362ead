"""The end of coding: what the texts of an item hold is compared, and no code changes any more."""

from collections.abc import Sequence

from sqlalchemy import select

from consult import clock
from consult.access import Action, Actor, Moment, require
from consult.audit.service import record
from consult.coding.final import final_codes
from consult.coding.models import CodingEnd, CodingQueue
from consult.consultations.models import WAVES, Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict
from consult.surveys.models import Item
from consult.words import N_


class CodingEnded(Conflict):
    """The coding of this item has ended."""

    default = N_("The coding of this question has ended, so its codes stay as they are.")


def end_coding(actor: Actor, consultation: Consultation, item: Item) -> None:
    """No code of the item changes any more; safe to repeat.

    Raises
    ------
    Conflict
        If a stage has not closed, a text waits to be read, or somebody has to decide about one.
    """
    standing = standing_of(consultation)
    require(actor, Action.CODE_TEXTS, standing)
    if standing.moment is not Moment.CLOSED:
        raise Conflict("Coding can end when every stage has closed and every text has been read.")
    queue = select(CodingQueue.item_id).where(CodingQueue.item_id == item.id)
    db.session.execute(queue.with_for_update()).all()  # whoever is judging has finished first
    if ended_items([item.id]):
        return
    found = [final_codes(item.id, wave) for wave in WAVES]
    if not any(codes.n_texts for codes in found) or any(codes.unread for codes in found):
        raise Conflict("Some texts have not been read yet. Read them first.")
    if any(codes.disputed for codes in found):
        raise Conflict("Somebody has to decide about some texts first.")
    db.session.add(CodingEnd(item_id=item.id, ended_at=clock.now()))
    db.session.flush()
    record(actor, Action.CODE_TEXTS, consultation.slug, deed="end coding", item=item.key)


def ended_items(item_ids: Sequence[int]) -> set[int]:
    """The items among these whose coding has ended."""
    return set(db.session.scalars(select(CodingEnd.item_id).where(CodingEnd.item_id.in_(item_ids))))


def check_goes_on(item_id: int) -> None:
    """Let the item be coded; nobody ends it before this transaction is over.

    Raises
    ------
    CodingEnded
        If it has ended.
    """
    queue = select(CodingQueue.item_id).where(CodingQueue.item_id == item_id)
    db.session.execute(queue.with_for_update(read=True)).all()
    if ended_items([item_id]):
        raise CodingEnded
