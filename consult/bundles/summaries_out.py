"""Writing `summaries.csv`, `positions.csv` and `quotations.csv`: what has been published, no drafts."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from consult.bundles.summaries import POSITIONS, QUOTATIONS, SUMMARIES
from consult.bundles.tables import Table, instant_cell, text_cell
from consult.consultations.models import Participant
from consult.forum.models import Thread
from consult.summaries.models import Position, Quotation, QuotationState, Summary
from consult.surveys.models import Answer, Item


def summaries(session: Session, consultation_id: int) -> Table:
    """Make the file of published summaries, in the order of their threads."""
    rows = session.execute(
        select(Summary, Item.key, Thread.key, Thread.completions)
        .join(Item, Item.id == Summary.item_id)
        .outerjoin(Thread, and_(Thread.summary_id == Summary.id, Thread.group_id.is_(None)))
        .where(*_published(consultation_id))
        .order_by(Thread.position.is_(None), Thread.position, Summary.id)
    )
    cells = [
        {
            "item": item,
            "thread": text_cell(thread),
            "title": summary.title,
            "counts_shown": summary.counts_shown.value,
            "seed": str(summary.seed),
            "published_at": instant_cell(summary.published_at),
            "approved_by": text_cell(summary.approved_by),
            "override": text_cell(summary.override),
            "completions": "" if completions is None else str(completions),
            "content": text_cell(summary.content),
            "sha256": text_cell(summary.sha256),
        }
        for summary, item, thread, completions in rows
    ]
    return _table(SUMMARIES, cells, optional=("approved_by", "override", "completions"))


def positions(session: Session, consultation_id: int) -> Table:
    """Make the file of the words for each position, as they were begun."""
    other = aliased(Position)
    wanted = select(Position, Item.key, other.key).outerjoin(other, other.id == Position.opposes_id)
    cells = [
        {
            "item": item,
            "position": position.key,
            "completion": position.completion,
            "reasons": position.reasons,
            "worry": position.worry,
            "opposes": text_cell(opposes),
        }
        for position, item, opposes in session.execute(
            _of_published(wanted, Position.summary_id, consultation_id).order_by(Position.id)
        )
    ]
    return _table(POSITIONS, cells, optional=("opposes",))


def quotations(session: Session, consultation_id: int) -> Table:
    """Make the file of quotations that everybody may read, as they were drawn."""
    wanted = (
        select(Quotation, Item.key, Position.key, Participant.key, Answer.wave)
        .join(Position, Position.id == Quotation.position_id)
        .join(Participant, Participant.id == Quotation.participant_id)
        .join(Answer, Answer.id == Quotation.answer_id)
        .where(Quotation.state == QuotationState.ACCEPTED)
    )
    cells = [
        {
            "item": item,
            "position": position,
            "participant": participant,
            "wave": wave.value,
            "words": quotation.words,
            "state": quotation.state.value,
        }
        for quotation, item, position, participant, wave in session.execute(
            _of_published(wanted, Quotation.summary_id, consultation_id).order_by(Quotation.id)
        )
    ]
    return _table(QUOTATIONS, cells)


def _published(consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Summary.consultation_id == consultation_id, Summary.published_at.is_not(None))


def _of_published(wanted: Any, summary_id: Any, consultation_id: int) -> Any:
    return (
        wanted.join(Summary, Summary.id == summary_id)
        .join(Item, Item.id == Summary.item_id)
        .where(*_published(consultation_id))
    )


def _table(name: str, cells: list[dict[str, str]], *, optional: tuple[str, ...] = ()) -> Table:
    """Make the table, without the optional columns in which nothing stands."""
    names = list(cells[0]) if cells else []
    columns = [name for name in names if name not in optional or any(row[name] for row in cells)]
    return Table(name, columns, [[row[column] for column in columns] for row in cells], bool(cells))
