"""Whose turn it is to read which text, and what somebody said of the texts that they have read.

Nobody claims a text: a claim could be lost with its browser. Each coder begins at a place of their own
and goes round, reading what still needs somebody. If two read a text that needed one, both are kept.
A text is known by its place in the shuffled order alone, which tells nothing of its wave or its writer.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select

from consult.coding.coders import is_by
from consult.coding.models import Agreement, Code, CodingQueue, Judgement, Outcome, QueuedText, Theme
from consult.coding.rules import ADJUDICATED, first_place
from consult.db import db
from consult.surveys.models import Answer


@dataclass(frozen=True, slots=True)
class WaitingText:
    """A text that somebody is to read: its place in the order, and its words. Nothing else of it is known."""

    place: int
    words: str


@dataclass(frozen=True, slots=True)
class OwnReading:
    """What one coder said of a text, to be shown again."""

    outcome: Outcome
    note: str | None
    themes: frozenset[str]


def next_text(item_id: int, staff_id: int, *, codebook: int) -> WaitingText | None:
    """Find the text that this person reads next: one that still needs somebody and that they have not read.

    After those come the texts that they have read with an older version of the codebook.
    """
    last = db.session.execute(
        select(CodingQueue.seed, func.max(QueuedText.place))
        .join(QueuedText, QueuedText.item_id == CodingQueue.item_id)
        .where(CodingQueue.item_id == item_id)
        .group_by(CodingQueue.seed)
    ).one_or_none()
    if last is None:
        return None
    start = first_place(staff_id, last[0], last[1] + 1)
    in_turn = (
        select(QueuedText.place, Answer.text)
        .join(Answer, Answer.id == QueuedText.answer_id)
        .where(
            QueuedText.item_id == item_id,
            QueuedText.judged < QueuedText.needed,
            ~own_judgement(staff_id).exists(),
        )
        .order_by(QueuedText.place)
        .limit(1)
    )
    outdated = (
        select(QueuedText.place, Answer.text)
        .join(Answer, Answer.id == QueuedText.answer_id)
        .join(Judgement, _is_of(is_by(staff_id)))
        .where(
            QueuedText.item_id == item_id,
            Judgement.codebook < codebook,
            QueuedText.agreement != Agreement.SETTLED,
        )
        .order_by(QueuedText.place)
        .limit(1)
    )
    for wanted in (in_turn.where(QueuedText.place >= start), in_turn, outdated):
        row = db.session.execute(wanted).one_or_none()
        if row is not None:
            return WaitingText(row.place, row.text)
    return None


def find_text(item_id: int, place: int) -> WaitingText | None:
    """Find the text at this place, while its coders may still judge it."""
    row = db.session.execute(
        select(QueuedText.place, Answer.text)
        .join(Answer, Answer.id == QueuedText.answer_id)
        .where(
            QueuedText.item_id == item_id,
            QueuedText.place == place,
            QueuedText.agreement != Agreement.SETTLED,
        )
    ).one_or_none()
    return None if row is None else WaitingText(row.place, row.text)


def list_waiting(item_id: int, staff_id: int) -> list[WaitingText]:
    """List the texts that still need somebody and that this person has not read, in their order."""
    rows = db.session.execute(
        select(QueuedText.place, Answer.text)
        .join(Answer, Answer.id == QueuedText.answer_id)
        .where(
            QueuedText.item_id == item_id,
            QueuedText.judged < QueuedText.needed,
            ~own_judgement(staff_id).exists(),
        )
        .order_by(QueuedText.place)
    )
    return [WaitingText(place, text or "") for place, text in rows]


def _is_of(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(
        Judgement.answer_id == QueuedText.answer_id,
        Judgement.is_again == QueuedText.is_again,
        whose,
    )


def own_judgement(staff_id: int) -> Select[int]:
    """Select what this person said of the queued text beside which this stands."""
    return select(Judgement.id).where(_is_of(is_by(staff_id)))


def find_own_text(item_id: int, staff_id: int, place: int) -> tuple[WaitingText, Judgement] | None:
    """Find the text at this place with what this person said of it, while it can be changed."""
    own = _text_with(item_id, place, is_by(staff_id)).where(QueuedText.agreement != Agreement.SETTLED)
    row = db.session.execute(own).one_or_none()
    return None if row is None else (WaitingText(row.place, row.text), row.Judgement)


def find_decision(item_id: int, place: int) -> Judgement | None:
    """Find what was decided between the coders of the text at this place."""
    row = db.session.execute(_text_with(item_id, place, Judgement.coder == ADJUDICATED)).one_or_none()
    return None if row is None else row.Judgement


def _text_with(item_id: int, place: int, whose: ColumnElement[bool]) -> Select[int, str | None, Judgement]:
    return (
        select(QueuedText.place, Answer.text, Judgement)
        .join(Answer, Answer.id == QueuedText.answer_id)
        .join(Judgement, _is_of(whose))
        .where(QueuedText.item_id == item_id, QueuedText.place == place)
    )


def own_reading(judgement: Judgement) -> OwnReading:
    """What the coder of this judgement said, with the keys of its themes."""
    keys = db.session.scalars(
        select(Theme.key)
        .join(Code, Code.theme_id == Theme.id)
        .where(
            Code.answer_id == judgement.answer_id,
            Code.coder == judgement.coder,
            Code.is_again == judgement.is_again,
        )
    )
    return OwnReading(judgement.outcome, judgement.note, frozenset(keys))


def find_previous(item_id: int, staff_id: int, *, before: int | None) -> int | None:
    """Find the place of the text that this person read before the judgement with the id ``before``.

    Without ``before`` it is the last that they have read. Texts that are settled are passed over.
    """
    wanted = _places_with(item_id, is_by(staff_id), before)
    return db.session.scalar(wanted.where(QueuedText.agreement != Agreement.SETTLED))


def find_previous_decision(item_id: int, staff_id: int, *, before: int | None) -> int | None:
    """Find the place of the text about which this person decided before that, or last."""
    decided = and_(Judgement.coder == ADJUDICATED, Judgement.staff_id == staff_id)
    return db.session.scalar(_places_with(item_id, decided, before))


def _places_with(item_id: int, whose: ColumnElement[bool], before: int | None) -> Select[int]:
    wanted = (
        select(QueuedText.place)
        .join(Judgement, _is_of(whose))
        .where(QueuedText.item_id == item_id, Judgement.item_id == item_id)
        .order_by(Judgement.id.desc())
        .limit(1)
    )
    return wanted if before is None else wanted.where(Judgement.id < before)
