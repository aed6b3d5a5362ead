"""What the pages say of an item and of an answer, in the language of the page."""

from dataclasses import dataclass

from flask_babel import gettext as _

from consult.surveys.models import AnswerStatus, Form
from consult.surveys.queries import OwnItem, Sheet
from consult.words import N_

DONT_KNOW = N_("I haven’t made up my mind yet")
PREFER_NOT = N_("I’d rather not say")
SOMETHING_ELSE = N_("Something else")
STATUS_WORDS = {
    AnswerStatus.DONT_KNOW: DONT_KNOW,
    AnswerStatus.PREFER_NOT: PREFER_NOT,
    AnswerStatus.SKIPPED: N_("You skipped this one"),
}
CAPTIONS = {
    Form.OPEN: N_("Finish this sentence"),
    Form.CHOICE: N_("Finish this sentence"),
    Form.SCALE: N_("Finish this sentence"),
    Form.RANK: N_("Put these in your order"),
    Form.AGREEMENT: N_("How far do you agree?"),
    Form.KNOWLEDGE: N_("Which one do you think is right?"),
    Form.EVALUATION: N_("How was it for you?"),
}


@dataclass(frozen=True, slots=True)
class PointWords:
    """A point of a scale: its number as it is printed, and its words if it has any."""

    value: int
    number: str
    words: str | None


def caption(item: OwnItem) -> str:
    """What to do with the stem; a stem that asks something is not called a sentence."""
    if item.form in {Form.OPEN, Form.CHOICE, Form.SCALE} and item.stem.rstrip().endswith("?"):
        asked: str = _("Your answer to this question")
        return asked
    told: str = _(CAPTIONS[item.form])
    return told


def point_words(sheet: Sheet) -> list[PointWords]:
    """Every point with its words: those of the officer, else those of the two ends and the middle."""
    item = sheet.item
    low, high = item.low or 0, item.high or 0
    ends = {low: item.low_label, high: item.high_label}
    ours = _our_words(sheet, low, high)
    return [
        PointWords(value, str(value).replace("-", "−"), label or ends.get(value) or ours.get(value))
        for value, label in sheet.points.items()
    ]


def _our_words(sheet: Sheet, low: int, high: int) -> dict[int, str]:
    """Words for both ends and the middle, where the officer gave none."""
    is_bare = not (sheet.item.low_label or sheet.item.high_label or any(sheet.points.values()))
    agrees = sheet.item.form is Form.AGREEMENT and is_bare
    words = {
        low: _("strongly disagree") if agrees else _("lowest"),
        high: _("strongly agree") if agrees else _("highest"),
    }
    middle, rest = divmod(low + high, 2)
    if not rest and middle not in words:
        words[middle] = _("neither agree nor disagree") if agrees else _("in the middle")
    return words


def said(sheet: Sheet) -> list[str]:
    """What was answered, in words; one line, or for a ranking one for each place. Empty if nothing was."""
    answer = sheet.item.answer
    if answer is None:
        return []
    if answer.status is not AnswerStatus.ANSWERED:
        return [_(STATUS_WORDS[answer.status])]
    if sheet.item.form is Form.RANK:
        return [_("%(place)s. %(option)s", place=o.place, option=o.label) for o in sheet.ranked]
    if answer.number is not None:
        return [_told(point) for point in point_words(sheet) if point.value == answer.number]
    return [sheet.chosen.label if sheet.chosen else answer.text or ""]


def _told(point: PointWords) -> str:
    if not point.words:
        return point.number
    told: str = _("%(number)s – %(words)s", number=point.number, words=point.words)
    return told
