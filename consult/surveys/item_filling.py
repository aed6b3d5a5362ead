"""The form of an item filled in: empty, with an item of the record, or with what was sent.

The buttons beside the options send the whole form; what they do to it is done here, to what was sent,
so that nothing that somebody typed is lost on the way.
"""

import re
from collections.abc import Collection, Mapping

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from consult.surveys import item_words
from consult.surveys.officer_forms import ItemForm, item_form
from consult.surveys.rules import MOST_POINTS, NewItem
from consult.surveys.typed_items import whole

MOST_OPTIONS = 30  # that a page offers to add; an item that holds more keeps them
_OPTION = re.compile(r"option_([0-9]{1,2})")
_BETWEEN = re.compile(r"between_([0-9]{1,2})")


def form_of(item: NewItem, *, version: int, taken: Collection[str]) -> ItemForm:
    """The form filled in with an item."""
    scale, values = item.scale, {"stem": item.stem, "key": item.key, "role": item.role, "version": version}
    values |= {"waves": item_words.waves_key(item.waves), "ordered": item.ordered, "other": item.other}
    for n, option in enumerate(item.options):
        values |= {f"option_{n}": option.label, f"option_key_{n}": option.key}
        if option.key == item.correct:
            values["correct"] = str(n)
    size = 2
    if scale:
        size = scale.max - scale.min + 1
        labels = scale.labels or ("",) * size
        values |= {f"between_{n}": label for n, label in enumerate(labels[1:-1])}
        values |= {"points": str(size), "first": str(scale.min), "reversed": scale.reversed}
        values |= {"low": scale.low or labels[0], "high": scale.high or labels[-1]}
        values["favour_from"] = "" if scale.favour_from is None else str(scale.favour_from)
    kind = item_form(item.form, n_options=max(len(item.options), 2), n_between=size - 2)
    return kind(taken=taken, held=item, formdata=None, data=values)


def empty_form(kind: str, *, taken: Collection[str]) -> ItemForm:
    """The form for a new item, with what most items of its form have."""
    values: dict[str, Mapping[str, str]] = {
        "scale": {"points": "5", "first": "1"},
        "agreement": {
            "points": "5",
            "first": "1",
            "low": gettext("strongly disagree"),
            "high": gettext("strongly agree"),
            "favour_from": "4",
        },
        "evaluation": {
            "points": "11",
            "first": "0",
            "low": gettext("not at all"),
            "high": gettext("very much"),
        },
    }
    given = values.get(kind, {})
    made = item_form(kind, n_between=int(given.get("points", "5")) - 2)
    return made(taken=taken, formdata=None, data=given)


def sent_form(
    kind: str, sent: "MultiDict[str, str]", *, taken: Collection[str], held: NewItem | None = None
) -> ItemForm:
    """The form as it was sent, or as the button that was pressed has changed it."""
    action = sent.get("action", "")
    sent, focus = _pressed(sent, action)
    n_between = _count(_BETWEEN, sent)
    if action == "points":
        n_between, focus = (whole(sent.get("points", "")) or 2) - 2, "between_0"
    made = item_form(
        kind,
        n_options=max(2, _count(_OPTION, sent)),
        n_between=max(0, min(n_between, MOST_POINTS - 2)),
    )
    form = made(taken=taken, held=held, formdata=sent)
    if focus and focus in form:
        form[focus].render_kw = {**(form[focus].render_kw or {}), "autofocus": True}
    return form


def _pressed(sent: "MultiDict[str, str]", action: str) -> tuple["MultiDict[str, str]", str]:
    """What was sent, with one option more, one less, or one moved up; and the field to go on with."""
    word, _hyphen, where = action.partition("-")
    n = whole(where)
    boxes = [
        (sent.get(f"option_{place}", ""), sent.get(f"option_key_{place}", ""), str(place))
        for place in range(_count(_OPTION, sent))
    ]
    if word == "add" and len(boxes) < MOST_OPTIONS:
        boxes.append(("", "", ""))
        n = len(boxes) - 1
    elif word == "remove" and n is not None and 0 <= n < len(boxes):
        del boxes[n]
        n = min(n, len(boxes) - 1)
    elif word == "up" and n is not None and 0 < n < len(boxes):
        boxes[n - 1], boxes[n] = boxes[n], boxes[n - 1]
        n -= 1
    else:
        return sent, ""
    return _with_options(sent, boxes), f"option_{n}"


def _with_options(sent: "MultiDict[str, str]", boxes: list[tuple[str, str, str]]) -> "MultiDict[str, str]":
    """What was sent with these options: label, key, and at which place each stood before."""
    kept = MultiDict(
        (name, text) for name, text in sent.items(multi=True) if not name.startswith(("option_", "correct"))
    )
    for place, (label, key, before) in enumerate(boxes):
        kept[f"option_{place}"], kept[f"option_key_{place}"] = label, key
        if before and before == sent.get("correct"):
            kept["correct"] = str(place)
    return kept


def _count(pattern: re.Pattern[str], sent: Mapping[str, str]) -> int:
    """How many numbered fields of that kind there are, up to the last."""
    return 1 + max((int(found[1]) for name in sent if (found := pattern.fullmatch(name))), default=-1)
