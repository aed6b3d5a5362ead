"""What each text holds in the end, worked out anew from the judgements each time it is asked.

A decision between coders counts before what they had found; where all who read a text found the same,
that counts; where they differ and nobody has decided, the text has no codes yet and is counted apart.
A theme that was taken out of the codebook counts no more; a text in which nothing else was found waits to
be read again, so it counts among those that nobody has read. Nothing of this is stored, so that a code that
is changed is changed wherever it is shown.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select

from consult.coding.counting import countable
from consult.coding.models import Code, Judgement, Outcome
from consult.coding.rules import Reading, final_reading, standing_readings
from consult.coding.standing import themes_in_use
from consult.consultations.models import Wave
from consult.db import db
from consult.surveys.models import Answer


@dataclass(frozen=True, slots=True)
class FinalCodes:
    """The texts of one item in one wave, by how their coding ended; every text stands in one of these.

    Attributes
    ----------
    themes : mapping of answer id to set of theme ids
        The texts that are coded; the set is empty where a text holds none of the themes.
    cannot_code, disputed, unread : set of answer ids
        Nobody could code it; its coders differ and nobody has decided; nobody has read it
        with the themes that count now.
    """

    themes: dict[int, frozenset[int]] = field(default_factory=dict)
    cannot_code: set[int] = field(default_factory=set)
    disputed: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)

    @property
    def texts(self) -> set[int]:
        """Every text."""
        return self.themes.keys() | self.cannot_code | self.disputed | self.unread

    @property
    def n_texts(self) -> int:
        """How many texts there are."""
        return len(self.texts)


def final_codes(item_id: int, wave: Wave) -> FinalCodes:
    """How the coding of each text of the item in this wave ended; five statements, however many texts."""
    found, readings = FinalCodes(), readings_of(item_id, wave, themes_in_use([item_id])[item_id])
    for answer_id in db.session.scalars(countable(Answer.id, [item_id], [wave]).order_by(Answer.id)):
        by_coder = readings.get(answer_id)
        final = final_reading(by_coder) if by_coder else None
        if not by_coder:
            found.unread.add(answer_id)
        elif final is None:
            found.disputed.add(answer_id)
        elif final.outcome == Outcome.CANNOT_CODE:
            found.cannot_code.add(answer_id)
        else:
            found.themes[answer_id] = final.themes
    return found


def readings_of(item_id: int, wave: Wave, used: Collection[int]) -> dict[int, dict[str, Reading]]:
    """What each coder found in each text when they first read it, by answer and coder.

    As far as it stands: ``used`` are the themes that count.
    """
    themes: dict[tuple[int, str], set[int]] = defaultdict(set)
    for answer_id, coder, theme_id in db.session.execute(
        select(Code.answer_id, Code.coder, Code.theme_id)
        .join(Answer, Answer.id == Code.answer_id)
        .where(Code.item_id == item_id, Answer.wave == wave, Code.is_again.is_(False))
    ):
        themes[answer_id, coder].add(theme_id)
    found: dict[int, dict[str, Reading]] = defaultdict(dict)
    for answer_id, coder, outcome in db.session.execute(
        select(Judgement.answer_id, Judgement.coder, Judgement.outcome)
        .join(Answer, Answer.id == Judgement.answer_id)
        .where(Judgement.item_id == item_id, Answer.wave == wave, Judgement.is_again.is_(False))
    ):
        found[answer_id][coder] = Reading(outcome, frozenset(themes.get((answer_id, coder), ())))
    return {answer_id: standing_readings(by_coder, used) for answer_id, by_coder in found.items()}
