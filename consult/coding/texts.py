"""Reading what people wrote to one open item, once their stage is over."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select

from consult.access import AFTER_CLOSING, Moment
from consult.coding.counting import countable
from consult.consultations.models import Consultation, Participant, Wave
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.surveys.models import Answer, Asked, Form, Item
from consult.words import N_

STILL_OPEN = N_("The texts can be read when the survey in which people write them has closed.")
NO_ITEM = N_("There is no item with this key.")
NOT_OPEN = N_("This item is not open: people choose an answer to it and write none.")


class Text(NamedTuple):
    """What one person wrote."""

    answer_id: int
    participant: str  # the key, which is a pseudonym
    words: str


def get_open_item(consultation: Consultation, key: str) -> Item:
    """Get the open item with this key.

    Raises
    ------
    Invalid
        If there is none, or it takes no text.
    """
    item = db.session.scalar(select(Item).where(Item.consultation_id == consultation.id, Item.key == key))
    if item is None:
        raise Invalid(NO_ITEM)
    if item.form is not Form.OPEN:
        raise Invalid(NOT_OPEN)
    return item


def first_wave(consultation: Consultation, item: Item) -> Wave:
    """The wave whose texts themes are looked for in: the first in which the item is asked.

    The follow-up's texts are read for it only where there are no others: a codebook is made before
    anybody has seen them.

    Raises
    ------
    Conflict
        If the stage in which they are written has not closed.
    """
    asked = set(db.session.scalars(select(Asked.wave).where(Asked.item_id == item.id)))
    moment = standing_of(consultation).moment
    wave = Wave.PRE if Wave.PRE in asked else Wave.POST
    is_over = moment not in {Moment.DRAFT, Moment.SURVEY} if wave is Wave.PRE else moment in AFTER_CLOSING
    if not is_over:
        raise Conflict(STILL_OPEN)
    return wave


def list_texts(item: Item, wave: Wave) -> list[Text]:
    """List what everybody wrote who sent the survey, in the order in which they came; no rehearsals."""
    texts = countable(Answer.id, [item.id], [wave]).add_columns(Participant.key, Answer.text)
    found = db.session.execute(texts.order_by(Participant.position))
    return [Text(answer, key, words or "") for answer, key, words in found]


def texts_by_key(item_id: int, keys: Collection[str]) -> dict[str, str]:
    """What these people wrote to the item, by their key; in the first wave in which they wrote."""
    found = db.session.execute(
        select(Participant.key, Answer.text)
        .join(Participant, Participant.id == Answer.participant_id)
        .where(Answer.item_id == item_id, Participant.key.in_(list(keys)), Answer.text.is_not(None))
        .order_by(Answer.wave)  # post before pre, so that the first survey's text is what is left
    )
    return {key: text or "" for key, text in found}
