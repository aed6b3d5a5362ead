"""Why a figure of the standing is missing: a reason for each, by its path."""

from collections.abc import Iterator
from typing import Any

Content = dict[str, Any]

NO_SIZE = "nobody has said how many people the panel holds"
NO_LIMIT = "nobody has set it"
NO_POPULATION = "nobody has said how many of them live here"
NOT_ALL = "it is not known of every category how many live here"
NOBODY = "nobody who counts has answered this question"
NOBODY_THERE = "in one of the categories people live and nobody is here, so nobody can be weighted up"
ONE_CATEGORY = "people live in one category only"
NOBODY_LIVES = "nobody lives in this category"
NO_WORDS = "nobody has said it"
NOBODY_LIVES_ANYWHERE = "all the populations are 0"
NOT_ALIKE = "somebody is here in a category in which nobody lives, so the two are not counted alike"
NOT_SAID = {
    "base": NO_WORDS,
    "source": NO_WORDS,
    "min": NO_LIMIT,
    "target": NO_LIMIT,
    "max": NO_LIMIT,
    "population": NO_POPULATION,
}


def notes_on(content: Content) -> Iterator[dict[str, str]]:
    """Why a figure is missing: a note for each."""
    if content["panel"]["size"] is None:
        yield {"path": "panel.size", "reason": NO_SIZE}
    for v, variable in enumerate(content["variables"]):
        path = f"variables[{v}]"
        is_known = all(category["population"] is not None for category in variable["categories"])
        for key in [key for key, value in variable.items() if value is None]:
            yield {"path": f"{path}.{key}", "reason": _reason(key, variable, is_known=is_known)}
        for c, category in enumerate(variable["categories"]):
            for key in [key for key, value in category.items() if value is None]:
                reason = _reason(key, variable, is_known=is_known)
                if key == "ratio" and category["gap"] is not None:
                    reason = NOBODY_LIVES
                yield {"path": f"{path}.categories[{c}].{key}", "reason": reason}
    for n, cell in enumerate(content.get("interlocked", ())):
        for key in [key for key, value in cell.items() if value is None]:
            reason = NO_POPULATION if key == "population" else NO_LIMIT
            yield {"path": f"interlocked[{n}].{key}", "reason": reason}


def _reason(key: str, variable: Content, *, is_known: bool) -> str:
    if key in NOT_SAID:
        return NOT_SAID[key]
    if key == "share" or (is_known and variable["n"] == 0 and key != "share_population"):
        return NOBODY
    if not is_known:
        return NOT_ALL
    if key == "share_population":
        return NOBODY_LIVES_ANYWHERE
    if variable["people_to_swap"] is None:
        return NOT_ALIKE
    return ONE_CATEGORY if key in {"chi2", "p"} else NOBODY_THERE
