"""Reading the items of `consultation.toml`."""

from collections.abc import Iterator

from consult.bundles.parts import Part
from consult.cells import RESERVED, key_problem, shown
from consult.surveys.rules import (
    FORMS,
    ROLES,
    TAKES,
    WAVES,
    WITH_OPTIONS,
    ItemShape,
    NewItem,
    NewOption,
    NewScale,
    default_role,
    default_waves,
    option_problems,
    role_problems,
    scale_problems,
    shape_of,
)

Known = dict[str, ItemShape | None]
_OF_SOME_FORMS = ("scale", "options", "correct", "ordered", "other")


def read_items(top: Part, shapes: Known) -> Iterator[NewItem]:
    """Read the items, in their order; every key that is defined gets a place in ``shapes``."""
    for part in top.parts("items"):
        key = part.text("key", is_required=True)
        if key is not None:
            problem = f"{key} is a reserved word" if key in RESERVED else key_problem(key)
            if problem:
                part.refuse("key", problem)
            elif key in shapes:
                part.refuse("key", f"another item has the key {shown(key)}")
        item = _read_item(part, key or "")
        part.close()
        if key is not None:
            shapes.setdefault(key, shape_of(item) if item and part.is_sound else None)
        if item and part.is_sound:
            yield item


def _read_item(part: Part, key: str) -> NewItem | None:
    stem = part.text("stem", is_required=True)
    form = part.one_of("form", FORMS)
    default = default_role(form) if form else "attitude"
    role = part.one_of("role", ROLES, default=default)
    waves = _waves(part, form, role or default)
    if form is None:  # what else may stand here depends on it
        part.taken.update(_OF_SOME_FORMS)
        return None
    if role is not None and waves is not None:
        for problem in role_problems(form, role, waves):
            part.refuse(problem.where, problem.sentence)
    takes = TAKES[form]
    flags = {name: _flag(part, name, form) for name in ("ordered", "other")}
    for name in ("scale", "options", "correct"):
        if name not in takes and part.has(name):
            part.refuse(name, f"an item of form {form} has none")
    scale = _scale(part) if "scale" in takes else None
    options = _options(part) if "options" in takes else ()
    correct = part.text("correct", is_required=True) if "correct" in takes else None
    if correct is not None and options is not None and correct not in {option.key for option in options}:
        part.refuse("correct", f"{shown(correct)} is not one of the options")
    if None in (stem, role, waves, options):
        part.is_sound = False
        return None
    assert stem is not None
    assert role is not None
    assert waves is not None
    assert options is not None
    return NewItem(
        key=key,
        form=form,
        stem=stem,
        role=role,
        waves=waves,
        scale=scale,
        options=options,
        correct=correct,
        **flags,
    )


def _waves(part: Part, form: str | None, role: str) -> tuple[str, ...] | None:
    if not part.has("waves"):
        return default_waves(form or "", role)
    waves = part.texts("waves")
    for n, wave in enumerate(waves or ()):
        if wave not in WAVES:
            part.refuse(f"waves[{n}]", f"{shown(wave)} is not one of {', '.join(WAVES)}")
    return waves if waves is not None and set(waves) <= set(WAVES) else None


def _flag(part: Part, name: str, form: str) -> bool:
    """A flag that only a choice may raise; the other forms with options may say that it is down."""
    if form not in WITH_OPTIONS:
        if part.has(name):
            part.refuse(name, f"an item of form {form} has none")
        return False
    value = part.flag(name)
    if value and name not in TAKES[form]:
        part.refuse(name, f"an item of form {form} has none")
    return value


def _scale(part: Part) -> NewScale | None:
    inner = part.part("scale", is_required=True)
    if inner is None:
        return None
    low, high = inner.take("min", int, is_required=True), inner.take("max", int, is_required=True)
    scale_low, scale_high = inner.text("low"), inner.text("high")
    favour_from = inner.take("favour_from", int)
    is_reversed = inner.flag("reversed")
    labels = inner.texts("labels")
    inner.close()
    if not inner.is_sound:
        part.is_sound = False
    if low is None or high is None:
        return None
    scale = NewScale(low, high, scale_low, scale_high, favour_from, is_reversed, labels)
    for problem in scale_problems(scale):
        part.refuse(problem.where, problem.sentence)
    return scale


def _options(part: Part) -> tuple[NewOption, ...] | None:
    options = []
    for listed in part.parts("options", is_required=True):
        key, label = listed.text("key", is_required=True), listed.text("label", is_required=True)
        listed.close()
        part.is_sound = part.is_sound and listed.is_sound
        options.append(NewOption(key or "", label or ""))
    if not part.has("options") or type(part.table["options"]) is not list:
        return None
    for problem in option_problems(options):
        if problem.sentence != "must not be empty":  # which has been named already
            part.refuse(problem.where, problem.sentence)
    return tuple(options)
