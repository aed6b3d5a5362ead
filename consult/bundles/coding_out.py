"""Writing `themes.csv`, `codes.csv` and `judgements.csv`."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from consult.bundles.coding import CODES, JUDGEMENTS, THEMES
from consult.bundles.tables import Table, text_cell
from consult.coding.models import Code, Judgement, Outcome, Theme
from consult.consultations.models import Participant
from consult.surveys.models import Answer, Item

ROWS_AT_ONCE = 5000


def themes(session: Session, consultation_id: int) -> Table:
    """Make the file of themes, in their order."""
    rows = session.execute(
        select(
            Item.key,
            Theme.key,
            Theme.label,
            Theme.description,
            Theme.include,
            Theme.exclude,
            Theme.examples,
            Theme.is_retired,
        )
        .join(Item, Item.id == Theme.item_id)
        .where(Item.consultation_id == consultation_id)
        .order_by(Theme.position, Theme.id)
    ).all()
    cells = [[*map(text_cell, row[:-1]), "yes" if row[-1] else ""] for row in rows]
    names = ["item", "theme", "label", "description", "include", "exclude", "examples", "retired"]
    kept = [n for n in range(len(names)) if n < 3 or any(row[n] for row in cells)]  # noqa: PLR2004
    return Table(THEMES, [names[n] for n in kept], [[row[n] for n in kept] for row in cells], bool(rows))


def codes(session: Session, consultation_id: int) -> Table:
    """Make the file of codes, as they came."""
    mine = Item.consultation_id == consultation_id
    wanted = select(Code.id).join(Item, Item.id == Code.item_id).where(mine)
    has_again = session.scalar(wanted.where(Code.is_again).limit(1)) is not None
    columns = ["participant", "wave", "item", "coder", "theme", *(["again"] if has_again else [])]
    rows = _codes(session, consultation_id, len(columns))
    return Table(CODES, columns, rows, session.scalar(wanted.limit(1)) is not None)


def _codes(session: Session, consultation_id: int, width: int) -> Iterator[list[str]]:
    for person, wave, item, coder, theme, is_again in session.execute(
        select(Participant.key, Answer.wave, Item.key, Code.coder, Theme.key, Code.is_again)
        .select_from(Code)
        .join(Answer, Answer.id == Code.answer_id)
        .join(Participant, Participant.id == Answer.participant_id)
        .join(Item, Item.id == Code.item_id)
        .join(Theme, Theme.id == Code.theme_id)
        .where(Item.consultation_id == consultation_id)
        .order_by(Code.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    ):
        yield [person, wave.value, item, coder, theme, "yes" if is_again else ""][:width]


def judgements(session: Session, consultation_id: int) -> Table:
    """Make the file of judgements that say more than their codes, as they came."""
    conditions = _says_more(select(Judgement.id).join(Item, Item.id == Judgement.item_id), consultation_id)
    is_wanted = session.scalar(conditions.limit(1)) is not None
    has_outcomes = conditions.where(Judgement.outcome != Outcome.CODED).limit(1)
    has_notes, has_again = conditions.where(Judgement.note.is_not(None)), conditions.where(Judgement.is_again)
    asked = {"outcome": has_outcomes, "note": has_notes.limit(1), "again": has_again.limit(1)}
    further = [name for name, found in asked.items() if session.scalar(found) is not None]
    columns = ["participant", "wave", "item", "coder", *further]
    return Table(JUDGEMENTS, columns, _judgements(session, consultation_id, further), is_wanted)


def _judgements(session: Session, consultation_id: int, further: list[str]) -> Iterator[list[str]]:
    wanted = (
        select(
            Participant.key,
            Answer.wave,
            Item.key,
            Judgement.coder,
            Judgement.outcome,
            Judgement.note,
            Judgement.is_again,
        )
        .select_from(Judgement)
        .join(Answer, Answer.id == Judgement.answer_id)
        .join(Participant, Participant.id == Answer.participant_id)
        .join(Item, Item.id == Judgement.item_id)
        .order_by(Judgement.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for person, wave, item, coder, outcome, note, is_again in session.execute(
        _says_more(wanted, consultation_id)
    ):
        more = {"outcome": outcome.value, "note": text_cell(note), "again": "yes" if is_again else ""}
        yield [person, wave.value, item, coder, *(more[name] for name in further)]


def _says_more(wanted: Any, consultation_id: int) -> Any:
    """Keep the judgements that one could not make again from codes alone."""
    has_codes = select(Code.id).where(
        and_(
            Code.answer_id == Judgement.answer_id,
            Code.coder == Judgement.coder,
            Code.is_again == Judgement.is_again,
        )
    )
    return wanted.where(
        Item.consultation_id == consultation_id,
        (Judgement.outcome != Outcome.CODED) | Judgement.note.is_not(None) | ~has_codes.exists(),
    )
