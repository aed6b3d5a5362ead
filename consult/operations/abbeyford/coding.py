"""What two coders made of the open answers: mostly the same, as in life."""

from collections.abc import Iterator
from random import Random

from consult.operations.abbeyford.answers import Answers
from consult.operations.abbeyford.scripts import Row, Script

CODERS = ("coder-1", "coder-2")
MISSES, ADDS, ERRS = 0.05, 0.04, 0.05


def make_themes(script: Script) -> list[Row]:
    """The codebook: the themes of every open item."""
    return [
        {
            "item": item["key"],
            "theme": theme["key"],
            "label": theme["label"],
            "description": theme.get("description", ""),
        }
        for item in _open_items(script)
        for theme in item["themes"]
    ]


def make_codes(script: Script, answers: Answers) -> list[Row]:
    """What each coder saw in each answer. There are none before the survey has closed."""
    if not script.dates.has_begun("forum"):
        return []
    chance = script.chance("coding")
    known = {item["key"]: [theme["key"] for theme in item["themes"]] for item in _open_items(script)}
    return [
        {"participant": participant, "wave": wave, "item": item, "coder": coder, "theme": theme}
        for (participant, wave, item), themes in answers.themes.items()
        for coder in CODERS
        for theme in dict.fromkeys(_seen(themes, known[item], chance))
    ]


def _open_items(script: Script) -> list[Row]:
    return [item for item in script.items if item["form"] == "open"]


def _seen(themes: list[str], known: list[str], chance: Random) -> Iterator[str]:
    for theme in themes:
        if chance.random() < MISSES:
            continue
        yield chance.choice(known) if chance.random() < ERRS else theme
    if chance.random() < ADDS:
        yield chance.choice(known)
