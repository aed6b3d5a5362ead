"""What still stands of what coders said, now that the codebook is another.

A theme that the last frozen version does not hold counts nowhere, though its codes stay in the record. A
reading that found nothing else has lapsed: that text waits to be read with the themes as they are now,
by its own coder or by anybody. A theme that comes back in a later version brings its codes back.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update

from consult.coding.models import Agreement, Code, CodingQueue, Judgement, QueuedText, Theme
from consult.coding.queries import latest_contents
from consult.coding.rules import ADJUDICATED, Reading, agreement_of, standing_readings, themes_in
from consult.db import db

BATCH = 500  # texts that are looked at together

Key = tuple[int, bool]  # an answer, and whether it is read once more


def themes_in_use(item_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The ids of the themes that count, by item: those of its last frozen version.

    Of an item without any version they are those that nobody has taken out.
    """
    frozen = {
        item_id: {key for key, _ in themes_in(content)} for item_id, content in latest_contents(item_ids)
    }
    used: dict[int, set[int]] = defaultdict(set)
    for item_id, theme_id, key, is_retired in db.session.execute(
        select(Theme.item_id, Theme.id, Theme.key, Theme.is_retired).where(Theme.item_id.in_(item_ids))
    ):
        if key in frozen[item_id] if item_id in frozen else not is_retired:
            used[item_id].add(theme_id)
    return {item_id: frozenset(used[item_id]) for item_id in item_ids}


def state_of(
    row: QueuedText,
    judgements: Mapping[str, Judgement],
    codes: Mapping[str, Collection[int]],
    used: Collection[int],
) -> dict[str, Any]:
    """How many have read the text, and whether they agree, by what stands of their readings."""
    readings = standing_readings(
        {coder: Reading(each.outcome, frozenset(codes.get(coder, ()))) for coder, each in judgements.items()},
        used,
    )
    return {
        "id": row.id,
        "judged": sum(coder != ADJUDICATED for coder in readings),
        "agreement": Agreement(agreement_of(readings, needed=row.needed)),
    }


def hold_queue(item_id: int) -> None:
    """Nobody judges a text of the item until this transaction is over."""
    db.session.execute(
        select(CodingQueue.item_id).where(CodingQueue.item_id == item_id).with_for_update()
    ).all()


def restate(item_id: int, keys: Collection[str]) -> None:
    """What is known of the texts to which somebody gave one of these themes is worked out anew.

    The queue is held by now, and the last version is the one that counts.
    """
    used = themes_in_use([item_id])[item_id]
    touched = (
        select(Code.answer_id)
        .join(Theme, Theme.id == Code.theme_id)
        .where(Code.item_id == item_id, Theme.key.in_(keys))
    )
    rows = db.session.scalars(
        select(QueuedText)
        .where(QueuedText.item_id == item_id, QueuedText.answer_id.in_(touched))
        .order_by(QueuedText.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        judgements, codes = said_of({row.answer_id for row in batch})
        states = [
            state_of(row, judgements[row.answer_id, row.is_again], codes[row.answer_id, row.is_again], used)
            for row in batch
        ]
        db.session.execute(update(QueuedText), states)


def said_of(
    answers: Collection[int],
) -> tuple[dict[Key, dict[str, Judgement]], dict[Key, dict[str, set[int]]]]:
    """What was judged of these answers by coder, and the themes that each coder gave."""
    judgements: dict[Key, dict[str, Judgement]] = defaultdict(dict)
    for each in db.session.scalars(select(Judgement).where(Judgement.answer_id.in_(answers))):
        judgements[each.answer_id, each.is_again][each.coder] = each
    codes: dict[Key, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for answer_id, is_again, whose, theme_id in db.session.execute(
        select(Code.answer_id, Code.is_again, Code.coder, Code.theme_id).where(Code.answer_id.in_(answers))
    ):
        codes[answer_id, is_again][whose].add(theme_id)
    return judgements, codes


def count_lapsed(item_ids: Collection[int]) -> dict[int, int]:
    """How many texts of each item wait because all that somebody found in them was taken out."""
    used = frozenset[int]().union(*themes_in_use(item_ids).values())
    given = and_(
        Code.answer_id == Judgement.answer_id,
        Code.coder == Judgement.coder,
        Code.is_again == Judgement.is_again,
    )
    has_lapsed = exists().where(
        Judgement.answer_id == QueuedText.answer_id,
        Judgement.is_again == QueuedText.is_again,
        exists().where(given).correlate(Judgement),
        ~exists().where(given, Code.theme_id.in_(used)).correlate(Judgement),
    )
    waits = or_(QueuedText.judged < QueuedText.needed, QueuedText.agreement == Agreement.DISPUTED)
    rows = db.session.execute(
        select(QueuedText.item_id, func.count())
        .where(QueuedText.item_id.in_(item_ids), waits, has_lapsed)
        .group_by(QueuedText.item_id)
    )
    return dict(rows.all())
