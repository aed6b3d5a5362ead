"""Which positions people hold on an item, worked out anew from codes and answers at every look.

Nothing of it is stored: one code that is changed changes the draft. Only what was sent in earnest counts,
and whoever deleted their answers is not there to be counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from consult.coding.final import final_codes
from consult.coding.models import Theme
from consult.consultations.models import Wave
from consult.db import db
from consult.summaries.answers import sent
from consult.summaries.release import Released, release, release_together
from consult.summaries.rules import HELD_FROM, bands
from consult.surveys.models import Answer, AnswerStatus, Form, Item, Option, Placing, Point

SUMMARISED_FORMS = frozenset({Form.OPEN, Form.CHOICE, Form.SCALE, Form.AGREEMENT, Form.RANK})
OTHER = "other"


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """One thing that people say to an item, and who: their answers by the participant who gave them."""

    key: str
    completion: str
    holders: Mapping[int, int]
    released: Released
    low: int | None = None
    high: int | None = None

    @property
    def count(self) -> int:
        """How many people hold it."""
        return len(self.holders)


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of an item that three people or more hold, in the order of the item.

    Attributes
    ----------
    completed : int
        How many people completed the item.
    others : int
        How many positions fewer than three people hold; they are counted for officers only.
    other_holders : int
        How many people hold one of those.
    themes : mapping of answer id to the keys of its themes
        Of an open item: the texts whose codes are final.
    disputed, uncoded : int
        Texts of an open item about which coders differ, and those that wait to be read.
    """

    completed: int
    held: tuple[HeldPosition, ...]
    others: int = 0
    other_holders: int = 0
    themes: Mapping[int, frozenset[str]] = field(default_factory=dict)
    disputed: int = 0
    uncoded: int = 0

    def find(self, key: str) -> HeldPosition | None:
        """Find the position of that key, if it is held."""
        return next((each for each in self.held if each.key == key), None)


@dataclass(slots=True)
class _Said:
    """A position before it is known whether it is held."""

    key: str
    completion: str
    holders: dict[int, int] = field(default_factory=dict)
    low: int | None = None
    high: int | None = None


def positions_of(item: Item) -> Positions:
    """The positions that people hold on the item; a constant number of statements, however many people."""
    if item.form is Form.OPEN:
        return _of_texts(item)
    if item.form is Form.RANK:
        return _of_ranking(item)
    if item.form in {Form.SCALE, Form.AGREEMENT}:
        return _of_scale(item)
    return _of_options(item)


def _of_texts(item: Item) -> Positions:
    texts = {row.id: row.participant_id for row in _sent(item, Answer.id, Answer.participant_id)}
    codes = final_codes(item.id, Wave.PRE)
    known = db.session.execute(
        select(Theme.id, Theme.key, Theme.label)
        .where(Theme.item_id == item.id)
        .order_by(Theme.position, Theme.id)
    ).all()
    said = {row.id: _Said(row.key, row.label) for row in known}
    keys = {row.id: row.key for row in known}
    themes: dict[int, frozenset[str]] = {}
    for answer_id in sorted(codes.themes.keys() & texts.keys()):
        themes[answer_id] = frozenset(keys[theme] for theme in codes.themes[answer_id])
        for theme in codes.themes[answer_id]:
            said[theme].holders[texts[answer_id]] = answer_id
    # A text may hold several themes, so that no count follows from the others.
    return _positions(
        len(texts),
        said.values(),
        [release(len(each.holders)) for each in said.values()],
        themes=themes,
        disputed=len(codes.disputed & texts.keys()),
        uncoded=len(codes.unread & texts.keys()),
    )


def _of_options(item: Item) -> Positions:
    said = {option.id: _Said(option.key, option.label) for option in _options(item)}
    elsewhere = _Said(OTHER, "")
    rows = list(_sent(item, Answer.id, Answer.participant_id, Answer.option_id))
    for row in rows:
        said.get(row.option_id, elsewhere).holders[row.participant_id] = row.id
    # Those who wrote something else hold no common position; but they are part of the whole.
    return _of_a_whole(len(rows), [*said.values(), *([elsewhere] if item.other else [])])


def _of_ranking(item: Item) -> Positions:
    said = {option.id: _Said(option.key, option.label) for option in _options(item)}
    firsts = defaultdict(list)
    places = select(Placing.answer_id, Placing.option_id).where(
        Placing.item_id == item.id, Placing.place == 1
    )
    for answer_id, option_id in db.session.execute(places):
        firsts[answer_id].append(option_id)
    rows = list(_sent(item, Answer.id, Answer.participant_id))
    for row in rows:
        for option_id in firsts[row.id]:
            said[option_id].holders[row.participant_id] = row.id
    return _of_a_whole(len(rows), list(said.values()))


def _of_scale(item: Item) -> Positions:
    points = db.session.execute(
        select(Point.value, Point.label).where(Point.item_id == item.id).order_by(Point.value)
    ).all()
    labels = {row.value: row.label for row in points}
    labels[points[0].value] = labels[points[0].value] or item.low_label
    labels[points[-1].value] = labels[points[-1].value] or item.high_label
    parts = bands(points[0].value, points[-1].value)
    said = [_Said(f"{low}..{high}", _named(labels, low, high), low=low, high=high) for low, high in parts]
    rows = list(_sent(item, Answer.id, Answer.participant_id, Answer.number))
    for row in rows:
        of = next(each for each, (low, high) in zip(said, parts, strict=True) if low <= row.number <= high)
        of.holders[row.participant_id] = row.id
    return _of_a_whole(len(rows), said)


def _named(labels: Mapping[int, str | None], low: int, high: int) -> str:
    ends = [f"{value} ({labels[value]})" if labels[value] else str(value) for value in (low, high)]
    return ends[0] if low == high else "–".join(ends)


def _of_a_whole(completed: int, said: list[_Said]) -> Positions:
    """Of answers that add up to those who completed: one that is held back could be got by subtracting."""
    told = release_together([len(each.holders) for each in said])
    return _positions(completed, said, told)


def _positions(
    completed: int,
    said: Iterable[_Said],
    told: Iterable[Released],
    *,
    themes: Mapping[int, frozenset[str]] | None = None,
    disputed: int = 0,
    uncoded: int = 0,
) -> Positions:
    held, few = [], []
    for each, released in zip(said, told, strict=True):
        if each.key == OTHER and not each.completion:
            continue
        if len(each.holders) >= HELD_FROM:
            held.append(HeldPosition(each.key, each.completion, each.holders, released, each.low, each.high))
        elif each.holders:
            few.append(each)
    return Positions(
        completed=completed,
        held=tuple(held),
        others=len(few),
        other_holders=len({person for each in few for person in each.holders}),
        themes=themes or {},
        disputed=disputed,
        uncoded=uncoded,
    )


def _options(item: Item) -> list[Option]:
    asked = select(Option).where(Option.item_id == item.id).order_by(Option.position)
    return list(db.session.scalars(asked))


def _sent(item: Item, *columns: Any) -> Iterable[Any]:
    """Those columns of every answer to the item that was sent in the starting survey, and in earnest."""
    asked = select(*columns).where(Answer.item_id == item.id, Answer.status == AnswerStatus.ANSWERED)
    return db.session.execute(sent(asked).order_by(Answer.id))
