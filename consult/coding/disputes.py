"""The texts about which their coders differ, for somebody who is none of them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from consult.coding.models import Agreement, Code, Judgement, QueuedText, Theme
from consult.coding.rules import ADJUDICATED, fingerprint
from consult.coding.turns import OwnReading, own_judgement
from consult.db import db
from consult.surveys.models import Answer


@dataclass(frozen=True, slots=True)
class DisputedText:
    """A text about which its coders differ: its words, and what each of them said, without names."""

    place: int
    words: str
    readings: tuple[OwnReading, ...]


def next_dispute(item_id: int, staff_id: int, *, codebook: int) -> int | None:
    """Find the place of the next text about which this person may decide.

    After those about which nobody has come the texts that were decided with an older codebook.
    """
    may = (
        select(QueuedText.place)
        .where(
            QueuedText.item_id == item_id,
            QueuedText.is_again.is_(False),
            ~own_judgement(staff_id).exists(),
        )
        .order_by(QueuedText.place)
        .limit(1)
    )
    found = db.session.scalar(may.where(QueuedText.agreement == Agreement.DISPUTED))
    if found is not None:
        return found
    decided = aliased(Judgement)
    is_old = select(decided.id).where(
        decided.answer_id == QueuedText.answer_id,
        decided.is_again.is_(False),
        decided.coder == ADJUDICATED,
        decided.codebook < codebook,
    )
    return db.session.scalar(may.where(QueuedText.agreement == Agreement.SETTLED, is_old.exists()))


def find_dispute(item_id: int, place: int, staff_id: int) -> DisputedText | None:
    """Find the text at this place about which its coders differ or differed, with both codings.

    None where this person is one of them: they may not see what the other found.
    """
    row = db.session.execute(
        select(QueuedText.answer_id, Answer.text)
        .join(Answer, Answer.id == QueuedText.answer_id)
        .where(
            QueuedText.item_id == item_id,
            QueuedText.place == place,
            QueuedText.is_again.is_(False),
            QueuedText.agreement.in_((Agreement.DISPUTED, Agreement.SETTLED)),
            ~own_judgement(staff_id).exists(),
        )
    ).one_or_none()
    if row is None:
        return None
    keys: dict[str, set[str]] = {}
    for coder, key in db.session.execute(
        select(Code.coder, Theme.key)
        .join(Theme, Theme.id == Code.theme_id)
        .where(Code.answer_id == row.answer_id, Code.is_again.is_(False))
    ):
        keys.setdefault(coder, set()).add(key)
    judged = db.session.execute(
        select(Judgement.coder, Judgement.outcome, Judgement.note)
        .where(
            Judgement.answer_id == row.answer_id,
            Judgement.is_again.is_(False),
            Judgement.coder != ADJUDICATED,
        )
        .order_by(Judgement.id)
    ).all()
    # In an order that tells nothing of who they are.
    judged = sorted(judged, key=lambda each: fingerprint(str(place), each.coder))
    readings = tuple(
        OwnReading(each.outcome, each.note, frozenset(keys.get(each.coder, ()))) for each in judged
    )
    return DisputedText(place, row.text, readings)


def count_own_disputes(item_id: int, staff_id: int) -> int:
    """How many texts wait for a decision that this person has read, so that somebody else must decide."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(QueuedText)
            .where(
                QueuedText.item_id == item_id,
                QueuedText.is_again.is_(False),
                QueuedText.agreement == Agreement.DISPUTED,
                own_judgement(staff_id).exists(),
            )
        )
        or 0
    )


def labels_of(item_id: int) -> dict[str, str]:
    """The names of all themes of the item by key, those that were taken out too."""
    return dict(db.session.execute(select(Theme.key, Theme.label).where(Theme.item_id == item_id)).all())
