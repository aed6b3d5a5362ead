"""From what somebody typed to an item, or to what is wrong and at which field. Plain values.

The rules of an item are those of `rules.item_problems`, as for a bundle. Here they get the words that a
person at a form needs, who sees fields and not columns.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from consult.surveys.naming import ADDRESSES, item_key, option_key
from consult.surveys.rules import (
    ROLES,
    SCALED,
    WAVES,
    NewItem,
    NewOption,
    NewScale,
    default_role,
    default_waves,
    is_asked_after_only,
    item_problems,
)
from consult.surveys.sentences import with_ellipsis
from consult.words import N_

OFFERED_POINTS = range(5, 12)
LONGEST = {"stem": 500, "key": 100}
LONGEST_LABEL = 200
_WHOLE = re.compile(r"[-−]?[0-9]{1,3}")
_USUAL_ROLES = {"agreement": "consideration", "rank": "preference"}
_ROLE = N_("Choose what the question is about")
_BAD_KEY = N_("This short name is not possible. Choose a different one")


class Wrong(NamedTuple):
    """What is wrong at one field, as a sentence for the person and its values."""

    field: str
    sentence: str
    values: Mapping[str, object] = {}


class TypedOption(NamedTuple):
    """An option as typed, and its key if it had one before."""

    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class TypedItem:
    """An item of one form as it stands in the fields of a page, each still text."""

    form: str
    stem: str
    key: str = ""
    role: str = ""
    waves: str = ""
    options: Sequence[TypedOption] = ()
    correct: str = ""
    ordered: bool = False
    other: bool = False
    points: str = ""
    first: str = ""
    low: str = ""
    high: str = ""
    between: Sequence[str] = field(default=())
    favour_from: str = ""
    reversed: bool = False


def usual_role(form: str) -> str:
    """The role that a new item of this form has unless its author says otherwise."""
    return _USUAL_ROLES.get(form, default_role(form))


def whole(text: str) -> int | None:
    """The whole number of up to three digits that somebody typed; None if it is none."""
    text = text.strip()
    return int(text.replace("−", "-")) if _WHOLE.fullmatch(text) else None


def wrong_with(typed: TypedItem, *, taken: Collection[str], sizes: Collection[int]) -> Iterator[Wrong]:
    """Everything that is wrong, each with its field, from the top of the page to its foot.

    Parameters
    ----------
    taken : collection of str
        Keys of the other items.
    sizes : collection of int
        How many points a scale may have here.
    """
    found = [*_about_texts(typed, taken), *_about_scale(typed, sizes), *_about_options(typed)]
    yield from found
    if not found:
        yield from _about_whole(typed, taken)


def item_of(typed: TypedItem, *, taken: Collection[str], held: NewItem | None = None) -> NewItem:
    """The item that was typed, in which nothing is wrong; what has a key already keeps it.

    Parameters
    ----------
    held : NewItem, optional
        The item as it is in the record, if it is there.
    """
    stem, role = with_ellipsis(typed.stem), typed.role or usual_role(typed.form)
    options = list(_keyed(typed.options, {option.key for option in held.options} if held else set()))
    right = whole(typed.correct)
    is_chosen = right is not None and 0 <= right < len(options) and options[right] is not None
    chosen = options[right] if is_chosen and right is not None else None
    return NewItem(
        key=typed.key or (held.key if held else item_key(stem, taken)),
        form=typed.form,
        stem=stem,
        role=role,
        waves=_waves(typed, role),
        scale=_scale(typed),
        options=tuple(option for option in options if option is not None),
        ordered=typed.ordered,
        other=typed.other,
        correct=chosen.key if chosen else None,
    )


def _about_texts(typed: TypedItem, taken: Collection[str]) -> Iterator[Wrong]:
    if not typed.stem:
        yield Wrong("stem", N_("Write the sentence"))
    labels = {f"option_{n}": option.label for n, option in enumerate(typed.options)}
    between = {f"between_{n}": label for n, label in enumerate(typed.between)}
    texts = {"stem": typed.stem, "low": typed.low, "high": typed.high, **between, **labels, "key": typed.key}
    for name, text in texts.items():
        limit = LONGEST.get(name, LONGEST_LABEL)
        if len(text) > limit:
            yield Wrong(name, N_("Enter %(n)s characters or fewer"), {"n": limit})
    if typed.role and typed.role not in ROLES:
        yield Wrong("role", _ROLE)
    if typed.key in taken:
        yield Wrong("key", N_("Another question has this short name. Choose a different one"))
    elif typed.key in ADDRESSES:
        yield Wrong("key", _BAD_KEY)


def _about_scale(typed: TypedItem, sizes: Collection[int]) -> Iterator[Wrong]:
    if typed.form not in SCALED:
        return
    size = whole(typed.points)
    if size is None or size not in sizes:
        yield Wrong("points", N_("Choose how many points the scale has"))
    elif any(typed.between[max(0, size - 2) :]):
        yield Wrong("points", N_("There are words for more points than the scale has"))
    if whole(typed.first) is None:
        yield Wrong("first", N_("Enter the first number of the scale, such as 0 or 1"))
    if not typed.low:
        yield Wrong("low", N_("Enter the words for the first point"))
    if not typed.high:
        yield Wrong("high", N_("Enter the words for the last point"))
    if typed.favour_from and whole(typed.favour_from) is None:
        yield Wrong("favour_from", N_("Enter a number such as 4, or leave it empty"))


def _about_options(typed: TypedItem) -> Iterator[Wrong]:
    """Two options with the same words."""
    seen: dict[str, int] = {}
    for n, (label, _key) in enumerate(typed.options):
        same = label.casefold()
        if label and same in seen:
            values = {"one": seen[same] + 1, "two": n + 1}
            yield Wrong(f"option_{n}", N_("Options %(one)s and %(two)s say the same. Change one"), values)
        seen.setdefault(same, n)


def _about_whole(typed: TypedItem, taken: Collection[str]) -> Iterator[Wrong]:
    """What the rules of an item say of it, each field once."""
    item = item_of(typed, taken=taken)
    named: set[str] = set()
    for problem in item_problems(item):
        wrong = _in_plain_words(problem.where, item.scale)
        if wrong.field not in named:
            yield wrong
        named.add(wrong.field)


def _in_plain_words(where: str, scale: NewScale | None) -> Wrong:
    if where.startswith("scale") and scale:
        values = {"low": scale.min, "high": scale.max}
        return Wrong("favour_from", N_("Enter a number from %(low)s to %(high)s, or leave it empty"), values)
    known = {
        "key": Wrong("key", _BAD_KEY),
        "options": Wrong("option_0", N_("Write at least 2 options")),
        "correct": Wrong("correct", N_("Choose which option is right")),
        "role": Wrong("role", _ROLE),
        "waves": Wrong("waves", N_("Choose when it is asked")),
    }
    return known.get(where.partition("[")[0], Wrong("stem", N_("Write the sentence")))


def _keyed(typed: Sequence[TypedOption], held: Collection[str]) -> Iterator[NewOption | None]:
    """The options in their places, None where nothing was typed."""
    kept = {option.key for option in typed if option.label and option.key in held}
    used: set[str] = set()
    for label, key in typed:
        if not label:
            yield None
            continue
        own = key if key in held and key not in used else option_key(label, kept | used)
        used.add(own)
        yield NewOption(own, label)


def _waves(typed: TypedItem, role: str) -> tuple[str, ...]:
    if is_asked_after_only(typed.form, role):
        return default_waves(typed.form, role)
    return {"both": WAVES, "pre": ("pre",), "post": ("post",)}.get(typed.waves, ())


def _scale(typed: TypedItem) -> NewScale | None:
    low, size = whole(typed.first), whole(typed.points)
    if typed.form not in SCALED or low is None or size is None:
        return None
    between = [*typed.between, *[""] * size][: size - 2]
    return NewScale(
        min=low,
        max=low + size - 1,
        low=typed.low,
        high=typed.high,
        favour_from=whole(typed.favour_from),
        reversed=typed.reversed,
        labels=(typed.low, *between, typed.high) if any(between) else None,
    )
