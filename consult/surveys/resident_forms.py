"""What somebody typed on the page of an item, and whether it is an answer.

The fields of such a page come from a row of the database and not from a class: a form class for each
request would cost more than the rest of the page. So the form is read by hand. What it may hold is
decided by `rules.check_answer`, as for bundles and paper; here stand the fields and the sentences.

Nothing is chosen beforehand, nothing that was typed is thrown away, and only the named fields are read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from consult.cells import Refusal
from consult.surveys.models import AnswerStatus, Form
from consult.surveys.queries import OwnOption, Sheet
from consult.surveys.rules import OTHER, Given, check_answer
from consult.web.plain_text import clean

TEXT_LONGEST, OTHER_LONGEST = 500, 200  # code points, after composing (NFC)
STATUSES = {
    "status:dont_know": AnswerStatus.DONT_KNOW,
    "status:prefer_not": AnswerStatus.PREFER_NOT,
}
VALUES = {status: value for value, status in STATUSES.items()}
SKIPPED = (Given(AnswerStatus.SKIPPED.value),)
BOXES = (Form.OPEN, Form.RANK)  # where "not made up my mind" is a box to tick beside the answer

Errors = dict[str, str]  # a sentence for each field, by the id that it is linked to


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields: radios that are chosen, words, boxes that are ticked, places by option."""

    chosen: tuple[str, ...] = ()
    words: str = ""
    boxes: tuple[str, ...] = ()
    places: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen or written."""
        return not (self.chosen or self.words or self.boxes or any(self.places.values()))


def place_field(option: OwnOption) -> str:
    """The name of the field that gives this option its place; keys may hold any sign, so it is a number."""
    return f"place-{option.position + 1}"


def typed_in(sheet: Sheet, form: "MultiDict[str, str]", prefix: str = "") -> Typed:
    """What a form holds for this item."""
    if sheet.item.form is Form.OPEN:
        return Typed(words=clean(form.get(f"{prefix}answer")), boxes=tuple(form.getlist(f"{prefix}instead")))
    if sheet.item.form is Form.RANK:
        places = {option.id: form.get(prefix + place_field(option), "").strip() for option in sheet.options}
        return Typed(boxes=tuple(form.getlist(f"{prefix}instead")), places=places)
    return Typed(
        chosen=tuple(form.getlist(f"{prefix}answer")),
        words=clean(form.get(f"{prefix}other")) if sheet.item.other else "",
    )


def typed_before(sheet: Sheet) -> Typed:
    """What the fields held when the answer that is on the record was given."""
    answer = sheet.item.answer
    if answer is None:
        return Typed()
    status = (VALUES[answer.status],) if answer.status in VALUES else ()
    if sheet.item.form in BOXES:
        places = {option.id: str(option.place or "") for option in sheet.options}
        return Typed(words=answer.text or "", boxes=status, places=places)
    if answer.number is not None:
        return Typed(chosen=(str(answer.number),))
    if answer.text is not None:
        return Typed(chosen=(OTHER,), words=answer.text)
    return Typed(chosen=(sheet.chosen.key,) if sheet.chosen else status)


def texts_of(form: "MultiDict[str, str] | None") -> list[str]:
    """The words in a form, of whichever item: for giving them back when they cannot be kept."""
    names = [name for name in form or () if name.rpartition("-")[2] in {"answer", "other"}]
    texts = [clean(form.get(name)) for name in names] if form else []
    return [text for text in texts if text and text not in STATUSES]


def read(sheet: Sheet, typed: Typed, prefix: str = "") -> tuple[tuple[Given, ...], Errors]:
    """The answer, or what is wrong with it, by the field at fault."""
    form = sheet.item.form
    if form in BOXES:
        given, errors = _beside_boxes(sheet, typed)
    else:
        given, errors = _from_radios(sheet, typed)
    return given, {f"{prefix}{name}": sentence for name, sentence in errors.items()}


def _from_radios(sheet: Sheet, typed: Typed) -> tuple[tuple[Given, ...], Errors]:
    if not typed.chosen:
        return (), {"choice": _("Choose an answer, or skip this one")}
    [value, *more] = typed.chosen
    if more:
        return (), {"choice": _("Choose one answer only")}
    if value in STATUSES:
        return (Given(STATUSES[value].value),), {}
    if sheet.item.other and value == OTHER:
        if not typed.words:
            return (), {"other-words": _("Write what else it is, or choose another answer")}
        if problem := _too_long(typed.words, OTHER_LONGEST):
            return (), {"other-words": problem}
    return _checked(sheet, [("", value, typed.words if value == OTHER else "")], "choice")


def _beside_boxes(sheet: Sheet, typed: Typed) -> tuple[tuple[Given, ...], Errors]:
    is_open = sheet.item.form is Form.OPEN
    has_answer = bool(typed.words) if is_open else any(typed.places.values())
    if typed.boxes:
        if len(typed.boxes) > 1:
            return (), {"instead": _("Tick one box only")}
        if has_answer and is_open:
            return (), {
                "instead": _("You wrote an answer and ticked a box. Empty the text, or take the tick away")
            }
        if has_answer:
            return (), {"instead": _("You gave places and ticked a box. Take the tick away, or the places")}
        if typed.boxes[0] not in STATUSES:
            return (), {"instead": _("Tick one of the boxes on this page, or none")}
        return (Given(STATUSES[typed.boxes[0]].value),), {}
    return _from_words(sheet, typed) if is_open else _from_places(sheet, typed)


def _from_words(sheet: Sheet, typed: Typed) -> tuple[tuple[Given, ...], Errors]:
    if not typed.words:
        return (), {"words": _("Write an answer, or skip this one")}
    if problem := _too_long(typed.words, TEXT_LONGEST):
        return (), {"words": problem}
    return _checked(sheet, [("", "", typed.words)], "words")


def _from_places(sheet: Sheet, typed: Typed) -> tuple[tuple[Given, ...], Errors]:
    errors = _missing_places(sheet.options, typed.places) or _double_places(sheet.options, typed.places)
    if errors:
        return (), errors
    values = [(option.key, typed.places[option.id], "") for option in sheet.options]
    return _checked(sheet, values, place_field(sheet.options[0]))


def _missing_places(options: Iterable[OwnOption], places: Mapping[int, str]) -> Errors:
    missing = [option for option in options if not places.get(option.id)]
    if missing and not any(places.values()):
        return {place_field(missing[0]): _("Choose a place for each of these, or skip this one")}
    return {
        place_field(option): _("Choose a place for “%(option)s”", option=option.label) for option in missing
    }


def _double_places(options: Iterable[OwnOption], places: Mapping[int, str]) -> Errors:
    first: dict[str, OwnOption] = {}
    errors: Errors = {}
    for option in options:
        before = first.setdefault(places[option.id], option)
        if before is not option:
            errors[place_field(option)] = _(
                "“%(one)s” and “%(other)s” have the same place. Give each a place of its own",
                one=before.label,
                other=option.label,
            )
    return errors


def _checked(
    sheet: Sheet, values: Iterable[tuple[str, str, str]], where: str
) -> tuple[tuple[Given, ...], Errors]:
    """What the rules make of it; what they refuse here was not typed on our page."""
    try:
        return tuple(
            check_answer(sheet.shape, option=option, status="answered", value=value, text=text)
            for option, value, text in values
        ), {}
    except Refusal:
        return (), {where: _("Choose one of the answers on this page")}


def _too_long(text: str, longest: int) -> str | None:
    if len(text) <= longest:
        return None
    problem: str = _(
        "Your answer has %(n)s characters. Make it %(longest)s characters or fewer",
        n=len(text),
        longest=longest,
    )
    return problem
