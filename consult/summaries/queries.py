"""Reading summaries as those who write them do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from consult.coding.models import Codebook
from consult.consultations.models import Consultation, Participant, Wave
from consult.db import db
from consult.errors import NotFound
from consult.summaries.models import Position, Quotation, QuotationState, Summary
from consult.summaries.positions import SUMMARISED_FORMS
from consult.summaries.rules import runs
from consult.surveys.models import Answer, Asked, Item


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of the starting survey, its number as people know it, and its summary if there is one."""

    number: int
    item: Item
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class ShownQuotation:
    """A quotation as officers see it; it counts as theirs only as long as its writer agrees."""

    id: int
    position_id: int
    participant_id: int
    answer_id: int
    words: str
    state: QuotationState


def list_items(consultation: Consultation) -> list[ItemLine]:
    """List the items of the starting survey that can be summed up, each with its summary."""
    rows = db.session.execute(
        select(Item, Summary)
        .join(Asked, and_(Asked.item_id == Item.id, Asked.wave == Wave.PRE))
        .outerjoin(Summary, Summary.item_id == Item.id)
        .where(Item.consultation_id == consultation.id)
        .order_by(Item.position)
    ).all()
    return [
        ItemLine(number, item, summary)
        for number, (item, summary) in enumerate(rows, start=1)
        if item.form in SUMMARISED_FORMS
    ]


def get_item(consultation: Consultation, item_id: int) -> ItemLine:
    """Get the item of that id.

    Raises
    ------
    NotFound
        If it is not one of the starting survey of this consultation that can be summed up.
    """
    found = next((line for line in list_items(consultation) if line.item.id == item_id), None)
    if found is None:
        raise NotFound
    return found


def get_summary(consultation: Consultation, item_id: int) -> Summary:
    """Get the summary of that item.

    Raises
    ------
    NotFound
        If there is none in this consultation.
    """
    found = db.session.scalar(
        select(Summary)
        .where(Summary.item_id == item_id, Summary.consultation_id == consultation.id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def list_unpublished(consultation: Consultation) -> list[Summary]:
    """List the summaries that have been begun and are not published, in the order of their items."""
    return list(
        db.session.scalars(
            select(Summary)
            .join(Item, Item.id == Summary.item_id)
            .where(Summary.consultation_id == consultation.id, Summary.published_at.is_(None))
            .order_by(Item.position)
        )
    )


def list_positions(summary_id: int) -> dict[str, Position]:
    """The words that were written for each position, by its key; also of those that nobody holds now."""
    asked = select(Position).where(Position.summary_id == summary_id).order_by(Position.id)
    asked = asked.execution_options(populate_existing=True)
    return {position.key: position for position in db.session.scalars(asked)}


def list_quotations(summary_id: int) -> list[ShownQuotation]:
    """List what was drawn and not refused, from people who still agree to be quoted."""
    rows = db.session.execute(
        select(
            Quotation.id,
            Quotation.position_id,
            Quotation.participant_id,
            Quotation.answer_id,
            Quotation.words,
            Quotation.state,
        )
        .join(Participant, Participant.id == Quotation.participant_id)
        .where(
            Quotation.summary_id == summary_id,
            Quotation.state != QuotationState.REFUSED,
            Participant.quote.is_(True),
        )
        .order_by(Quotation.id)
    )
    return [ShownQuotation(*row) for row in rows]


def get_quoted_text(consultation: Consultation, item_id: int, answer_id: int) -> str:
    """Get the words of an answer that was drawn for the summary of that item, and not refused.

    Raises
    ------
    NotFound
        If it was not: other answers are not for this page.
    """
    found = db.session.scalar(
        select(Answer.text)
        .join(Quotation, Quotation.answer_id == Answer.id)
        .join(Summary, Summary.id == Quotation.summary_id)
        .where(
            Answer.id == answer_id,
            Answer.item_id == item_id,
            Summary.consultation_id == consultation.id,
            Quotation.consultation_id == consultation.id,
            Quotation.state != QuotationState.REFUSED,
        )
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def repeats_a_refusal(item_id: int, texts: Sequence[str]) -> bool:
    """Whether one of the texts repeats many words in a row of somebody who is not to be quoted."""
    written = runs(*texts)
    if not written:
        return False
    answers = (
        select(Answer.text)
        .join(Participant, Participant.id == Answer.participant_id)
        .where(Answer.item_id == item_id, Participant.quote.is_not(True))
    )
    return any(not written.isdisjoint(runs(text or "")) for text in db.session.scalars(answers))


@dataclass(frozen=True, slots=True)
class HeldText:
    """What somebody wrote who holds a view, by the number of the answer; whether it may be quoted."""

    answer_id: int
    text: str
    may_be_quoted: bool


def list_texts(answer_ids: Iterable[int]) -> list[HeldText]:
    """List what these answers say, in the order of their numbers."""
    rows = db.session.execute(
        select(Answer.id, Answer.text, Participant.quote)
        .join(Participant, Participant.id == Answer.participant_id)
        .where(Answer.id.in_(list(answer_ids)), Answer.text.is_not(None))
        .order_by(Answer.id)
    )
    return [HeldText(row.id, row.text, row.quote is True) for row in rows]


def codebook_number(item_id: int) -> int | None:
    """The number of the codebook with which the texts of the item were read last, if there is one."""
    return db.session.scalar(select(func.max(Codebook.number)).where(Codebook.item_id == item_id))
