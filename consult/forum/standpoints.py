"""What people answered before the forum, as positions that divide them (see `unlike` for what counts as one).

A constant number of statements, however many people: two for scales, options and rankings, and those of
`final_codes` for what was written. Only what was sent counts, and only in earnest.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, exists, select

from consult.coding.final import final_codes
from consult.coding.standing import themes_in_use
from consult.consultations.models import Consultation, Progress, Submission, Wave
from consult.db import db
from consult.forum.unlike import Standpoints
from consult.summaries.answers import sent
from consult.surveys.models import (
    NUMBER_FORMS,
    Answer,
    AnswerStatus,
    Asked,
    Form,
    Item,
    ItemRole,
    Option,
    Placing,
)

SIDES = ("lower", "middle", "upper")
DIVIDING_FORMS = frozenset({Form.OPEN, Form.CHOICE, Form.SCALE, Form.AGREEMENT, Form.RANK})


def has_sent(participant_id: Any) -> Any:
    """The condition that this person has sent the starting survey."""
    return (
        exists()
        .where(
            Submission.participant_id == participant_id,
            Submission.wave == Wave.PRE,
            Submission.status == Progress.SUBMITTED,
        )
        .correlate(None)
    )


def has_answered(participant_id: int) -> bool:
    """Whether this person has sent the starting survey."""
    return bool(db.session.scalar(select(has_sent(participant_id))))


def standpoints_on(item_id: int) -> Standpoints:
    """What people hold on that item; nothing if it is of a form that divides nobody."""
    item = db.session.get_one(Item, item_id)
    if item.form not in DIVIDING_FORMS:
        return Standpoints({}, {})
    if item.form is Form.OPEN:
        return _of_texts(item)
    if item.form in NUMBER_FORMS:
        return _of_scales([item])
    return _of_options(item)


def standpoints_on_attitudes(consultation: Consultation) -> Standpoints:
    """On which side people stood on each scale about an attitude."""
    scales = (
        select(Item)
        .join(Asked, and_(Asked.item_id == Item.id, Asked.wave == Wave.PRE))
        .where(
            Item.consultation_id == consultation.id,
            Item.role == ItemRole.ATTITUDE,
            Item.form.in_({Form.SCALE, Form.AGREEMENT}),
        )
    )
    return _of_scales(db.session.scalars(scales).all())


def _of_scales(items: Sequence[Item]) -> Standpoints:
    """The side of the middle, as the measure of replies across sides has it (`analysis.talking`)."""
    ends = {item.id: (item.scale_min or 0) + (item.scale_max or 0) for item in items}  # twice the middle
    held: dict[int, dict[int, frozenset[str]]] = defaultdict(dict)
    for row in _answers(list(ends), Answer.participant_id, Answer.item_id, Answer.number):
        twice, both = 2 * row.number, ends[row.item_id]
        held[row.participant_id][row.item_id] = frozenset({SIDES[1 + (twice > both) - (twice < both)]})
    positions = {item.id: SIDES if ends[item.id] % 2 == 0 else (SIDES[0], SIDES[2]) for item in items}
    return Standpoints(positions, held)


def _of_options(item: Item) -> Standpoints:
    """The option that was chosen, or put first; who wrote something else holds none of them."""
    options = db.session.scalars(select(Option.id).where(Option.item_id == item.id)).all()
    if item.form is Form.RANK:
        asked = select(Answer.participant_id, Placing.option_id).join(
            Placing, and_(Placing.answer_id == Answer.id, Placing.place == 1)
        )
        rows = db.session.execute(sent(asked.where(Answer.item_id == item.id)))
    else:
        rows = _answers([item.id], Answer.participant_id, Answer.option_id)
    held = {who: {item.id: frozenset({str(option)})} for who, option in rows if option is not None}
    return Standpoints({item.id: [str(option) for option in options]}, held)


def _of_texts(item: Item) -> Standpoints:
    """The themes that a text holds in the end."""
    final = final_codes(item.id, Wave.PRE).themes
    writers = _answers([item.id], Answer.id, Answer.participant_id)
    held = {who: {item.id: frozenset(map(str, final[text]))} for text, who in writers if final.get(text)}
    return Standpoints({item.id: [str(theme) for theme in themes_in_use([item.id])[item.id]]}, held)


def _answers(item_ids: Sequence[int], *columns: Any) -> Any:
    asked = select(*columns).where(Answer.item_id.in_(item_ids), Answer.status == AnswerStatus.ANSWERED)
    return db.session.execute(sent(asked))
