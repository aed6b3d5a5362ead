"""Then and now: what one person said in both surveys, side by side, for that person alone.

It is shown once the follow-up has been sent, because whoever sees their first answers before cannot give
the second ones freely. What others said comes only from the closing snapshot, after every stage.
"""

from dataclasses import dataclass

from consult.surveys import wording
from consult.surveys.models import NUMBER_FORMS, AnswerStatus, Form
from consult.surveys.progress import Response
from consult.surveys.queries import OwnItem, Sheet, list_sheets
from consult.surveys.wording import PointWords


@dataclass(frozen=True, slots=True)
class OnScale:
    """Where an answer stands on its scale, in per cent of the width from the low end."""

    at: float
    number: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One item with what was said before and after; one of them may be missing."""

    item: OwnItem
    then: tuple[str, ...]
    now: tuple[str, ...]
    was_asked_then: bool
    was_asked_now: bool
    has_both: bool  # answered both times, and not only reached
    low: PointWords | None = None
    high: PointWords | None = None
    then_at: OnScale | None = None
    now_at: OnScale | None = None

    @property
    def is_same(self) -> bool:
        """Whether there are two answers and they are the same."""
        return self.has_both and self.then == self.now

    @property
    def is_moved(self) -> bool:
        """Whether there are two answers and they differ."""
        return self.has_both and self.then != self.now

    @property
    def is_words(self) -> bool:
        """Whether it was answered in one's own words, which are never quite the same."""
        return self.item.form is Form.OPEN


def pairs_of(before: Response, after: Response) -> list[Pair]:
    """List every item that was asked, with both answers of this person, in at most four statements."""
    first, second = (
        {sheet.item.id: sheet for sheet in list_sheets(each.items, each.person.seed)}
        for each in (before, after)
    )
    position = {item.id: item.position for item in (*before.items, *after.items)}
    return [_pair(first.get(n), second.get(n)) for n in sorted(position, key=lambda n: position[n])]


def _pair(then: Sheet | None, now: Sheet | None) -> Pair:
    sheet = now or then
    assert sheet is not None
    item = sheet.item
    before, after = (tuple(wording.said(each)) if each else () for each in (then, now))
    asked = then is not None, now is not None
    has_both = _is_answered(then) and _is_answered(now)
    if item.form not in NUMBER_FORMS:
        return Pair(item, before, after, *asked, has_both)
    points = wording.point_words(sheet)
    return Pair(
        item,
        before,
        after,
        *asked,
        has_both,
        low=points[0],
        high=points[-1],
        then_at=_on_scale(then, points),
        now_at=_on_scale(now, points),
    )


def _is_answered(sheet: Sheet | None) -> bool:
    answer = sheet.item.answer if sheet else None
    return answer is not None and answer.status is AnswerStatus.ANSWERED


def _on_scale(sheet: Sheet | None, points: list[PointWords]) -> OnScale | None:
    answer = sheet.item.answer if sheet else None
    if answer is None or answer.status is not AnswerStatus.ANSWERED or answer.number is None:
        return None
    low, high = points[0].value, points[-1].value
    number = next(point.number for point in points if point.value == answer.number)
    return OnScale(100 * (answer.number - low) / (high - low), number)
