"""What an item may be and what may be answered to it. Plain values in, decisions out.

The builder, the resident's page, typed-in paper and bundles all ask these functions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from consult.cells import (
    LARGEST,
    RESERVED,
    Refusal,
    as_one_of,
    as_whole,
    as_words,
    key_problem,
    refused,
    shown,
)

SCALED = ("scale", "agreement", "evaluation")
FORMS = ("open", "choice", *SCALED, "rank", "knowledge")
WITH_OPTIONS = ("choice", "rank", "knowledge")
ROLES = ("attitude", "consideration", "preference", "knowledge", "evaluation", "perceived")
WAVES = ("pre", "post")
STATUSES = ("answered", "dont_know", "prefer_not", "skipped")
OTHER = "other"  # the value of "something else", whose words stand beside it

# What each form takes besides key, form, role, stem and waves.
TAKES: Mapping[str, frozenset[str]] = {
    "open": frozenset(),
    "choice": frozenset({"options", "ordered", "other"}),
    "rank": frozenset({"options"}),
    "knowledge": frozenset({"options", "correct"}),
    **dict.fromkeys(SCALED, frozenset({"scale"})),
}
FEWEST_POINTS, MOST_POINTS = 2, 21
FEWEST_OPTIONS = 2


@dataclass(frozen=True, slots=True)
class NewOption:
    """A completion of the stem, or an answer to choose or rank."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class NewScale:
    """The points of a scale and their words."""

    min: int
    max: int
    low: str | None = None
    high: str | None = None
    favour_from: int | None = None
    reversed: bool = False
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class NewItem:
    """One item as somebody defines it."""

    key: str
    form: str
    stem: str
    role: str
    waves: tuple[str, ...]
    scale: NewScale | None = None
    options: tuple[NewOption, ...] = ()
    ordered: bool = False
    other: bool = False
    correct: str | None = None


@dataclass(frozen=True, slots=True)
class ItemShape:
    """As much of an item as an answer must fit."""

    form: str
    waves: frozenset[str]
    low: int | None = None
    high: int | None = None
    options: frozenset[str] = frozenset()
    other: bool = False

    @property
    def takes_text(self) -> bool:
        """Whether an answer may hold words."""
        return self.form == "open" or self.other


class Given(NamedTuple):
    """One checked answer, or one place of a ranking."""

    status: str
    number: int | None = None
    option: str | None = None
    text: str | None = None
    place: int | None = None


def default_role(form: str) -> str:
    """The role of an item that names none."""
    return form if form in {"knowledge", "evaluation"} else "attitude"


def is_asked_after_only(form: str, role: str) -> bool:
    """Whether the item makes sense only in the follow-up."""
    return form == "evaluation" or role in {"evaluation", "perceived"}


def default_waves(form: str, role: str) -> tuple[str, ...]:
    """The waves of an item that names none."""
    return ("post",) if is_asked_after_only(form, role) else WAVES


def shape_of(item: NewItem) -> ItemShape:
    """What answers to the item must fit."""
    return ItemShape(
        form=item.form,
        waves=frozenset(item.waves),
        low=item.scale.min if item.scale else None,
        high=item.scale.max if item.scale else None,
        options=frozenset(option.key for option in item.options),
        other=item.other,
    )


def role_problems(form: str, role: str, waves: Sequence[str]) -> Iterator[Refusal]:
    """What is wrong with the role and the waves of an item of this form."""
    if form == "knowledge" and role != "knowledge":
        yield Refusal("role", "an item of form knowledge has role knowledge")
    if not waves:
        yield Refusal("waves", "must name pre, post or both")
    if len(set(waves)) != len(waves):
        yield Refusal("waves", "names a wave twice")
    if "pre" in waves and is_asked_after_only(form, role):
        kind = "form evaluation" if form == "evaluation" else f"role {role}"
        yield Refusal("waves", f"an item of {kind} is asked after only")


def scale_problems(scale: NewScale) -> Iterator[Refusal]:
    """What is wrong with a scale."""
    points = scale.max - scale.min + 1
    if max(abs(scale.min), abs(scale.max)) > LARGEST:
        yield Refusal("scale", "the numbers are too large")
    elif scale.max <= scale.min:
        yield Refusal("scale.max", f"{scale.max} is not above min, which is {scale.min}")
    elif points > MOST_POINTS:
        yield Refusal("scale", f"has {points} points; {FEWEST_POINTS} to {MOST_POINTS} are possible")
    elif scale.labels is not None and len(scale.labels) != points:
        yield Refusal("scale.labels", f"has {len(scale.labels)} labels for {points} points")
    if scale.favour_from is not None and not scale.min <= scale.favour_from <= scale.max:
        yield Refusal("scale.favour_from", _off_scale(scale.favour_from, scale.min, scale.max))


def option_problems(options: Sequence[NewOption]) -> Iterator[Refusal]:
    """What is wrong with a list of options."""
    if len(options) < FEWEST_OPTIONS:
        yield Refusal("options", f"must hold at least {FEWEST_OPTIONS} options")
    seen: set[str] = set()
    for n, option in enumerate(options):
        if option.key in RESERVED:
            yield Refusal(f"options[{n}].key", f"{option.key} is a reserved word")
        elif problem := key_problem(option.key):
            yield Refusal(f"options[{n}].key", problem)
        elif option.key in seen:
            yield Refusal(f"options[{n}].key", f"{shown(option.key)} stands twice")
        if not option.label.strip():
            yield Refusal(f"options[{n}].label", "must not be empty")
        seen.add(option.key)


def item_problems(item: NewItem) -> Iterator[Refusal]:
    """Everything that keeps an item from being added."""
    if problem := key_problem(item.key):
        yield Refusal("key", problem)
    if item.key in RESERVED:
        yield Refusal("key", f"{item.key} is a reserved word")
    if not item.stem.strip():
        yield Refusal("stem", "must not be empty")
    if item.form not in FORMS:
        yield Refusal("form", f"{shown(item.form)} is not one of {', '.join(FORMS)}")
        return
    yield from role_problems(item.form, item.role, item.waves)
    yield from _part_problems(item)
    if item.scale:
        yield from scale_problems(item.scale)
    if item.options:
        yield from option_problems(item.options)
    if item.correct is not None and item.correct not in {option.key for option in item.options}:
        yield Refusal("correct", f"{shown(item.correct)} is not one of the options")


def _part_problems(item: NewItem) -> Iterator[Refusal]:
    """Parts that the form does not take, and parts that it needs."""
    takes = TAKES[item.form]
    for name, is_given in (
        ("scale", item.scale is not None),
        ("options", bool(item.options)),
        ("correct", item.correct is not None),
        ("ordered", item.ordered),
        ("other", item.other),
    ):
        if is_given and name not in takes:
            yield Refusal(name, f"an item of form {item.form} has none")
        elif name in takes and not is_given and name in {"scale", "options", "correct"}:
            yield Refusal(name, "is missing")


def answer_problems(
    shape: ItemShape, *, option: str, status: str, value: str, text: str
) -> Iterator[Refusal]:
    """Everything that keeps this from being an answer to the item; arguments as in `check_answer`."""
    is_ranking = shape.form == "rank"
    yield from refused(as_one_of, "status", status, STATUSES)
    if option and not is_ranking:
        yield Refusal("option", "only rankings name an option here")
    if status == "answered":
        yield from _value_problems(shape, option=option, value=value, text=text)
    elif status in STATUSES:
        for where, said in (("option", option if is_ranking else ""), ("value", value), ("text", text)):
            if said:
                yield Refusal(where, f"must be empty where the status is {status}")


def _value_problems(shape: ItemShape, *, option: str, value: str, text: str) -> Iterator[Refusal]:
    """Everything that is wrong with what was answered, now that it was."""
    if shape.form == "open" and value:
        yield Refusal("value", "must be empty: an open item is answered in the column text")
    if _is_in_words(shape, value):
        yield from refused(as_words, "text", text)
        return
    if text:
        yield Refusal("text", "this answer takes no text")
    if shape.form == "rank" and not option:
        yield Refusal("option", "must not be empty where a ranking is answered")
    elif shape.form == "rank" and option not in shape.options:
        yield Refusal("option", f"{shown(option)} is not an option of this item")
    if not value:
        yield Refusal("value", "must not be empty where the status is answered")
    elif shape.form == "rank":
        yield from refused(_place, shape, value)
    elif shape.form in SCALED:
        yield from refused(_point, shape, value)
    elif value not in shape.options:
        yield Refusal("value", f"{shown(value)} is not an option of this item")


def _is_in_words(shape: ItemShape, value: str) -> bool:
    return shape.form == "open" or (shape.other and value == OTHER)


def check_answer(shape: ItemShape, *, option: str, status: str, value: str, text: str) -> Given:
    """What somebody answered, once it fits the item.

    Parameters
    ----------
    option : str
        For a ranking the option that ``value`` places; otherwise empty.
    value : str
        The number or the option's key, as written; for an open item empty.
    text : str
        The words, for an open item and for "something else"; otherwise empty.

    Raises
    ------
    Refusal
        Naming the column at fault; the first of `answer_problems`.
    """
    for problem in answer_problems(shape, option=option, status=status, value=value, text=text):
        raise problem
    if status != "answered":
        return Given(status)
    if _is_in_words(shape, value):
        return Given(status, text=text)
    if shape.form == "rank":
        return Given(status, option=option, place=_place(shape, value))
    if shape.form in SCALED:
        return Given(status, number=_point(shape, value))
    return Given(status, option=value)


def _off_scale(number: int, low: int, high: int) -> str:
    return f"{number} is not on the scale from {low} to {high}"


def _point(shape: ItemShape, value: str) -> int:
    number = as_whole("value", value)
    assert shape.low is not None
    assert shape.high is not None
    if not shape.low <= number <= shape.high:
        raise Refusal("value", _off_scale(number, shape.low, shape.high))
    return number


def _place(shape: ItemShape, value: str) -> int:
    place = as_whole("value", value)
    if not 1 <= place <= len(shape.options):
        raise Refusal("value", f"{place} is not a place from 1 to {len(shape.options)}")
    return place
