"""What two coders made of the open answers: mostly the same, as in life; a third person decided the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from consult.coding.rules import ADJUDICATED
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


@dataclass(frozen=True, slots=True)
class Coding:
    """What coders found in the answers: a row for each theme, and one for each text without any."""

    codes: list[Row]
    judgements: list[Row]


def make_coding(script: Script, answers: Answers) -> Coding:
    """What each coder saw in each answer, and what was decided where they differ.

    There is nothing before the survey has closed, and of the follow-up nothing before that has.
    """
    found = Coding([], [])
    if not script.dates.has_begun("forum"):
        return found
    chance = script.chance("coding")
    known = {item["key"]: [theme["key"] for theme in item["themes"]] for item in _open_items(script)}
    for (participant, wave, item), themes in answers.themes.items():
        if wave == "post" and script.dates.results_published_at is None:
            continue
        text = {"participant": participant, "wave": wave, "item": item}
        seen = {coder: list(dict.fromkeys(_seen(themes, known[item], chance))) for coder in CODERS}
        if len({frozenset(found) for found in seen.values()}) > 1:
            seen[ADJUDICATED] = list(dict.fromkeys(themes))
        for coder, theirs in seen.items():
            found.codes.extend({**text, "coder": coder, "theme": theme} for theme in theirs)
            if not theirs:
                found.judgements.append({**text, "coder": coder})
    return found


def _open_items(script: Script) -> list[Row]:
    return [item for item in script.items if item["form"] == "open"]


def _seen(themes: list[str], known: list[str], chance: Random) -> Iterator[str]:
    for theme in themes:
        if chance.random() < MISSES:
            continue
        yield chance.choice(known) if chance.random() < ERRS else theme
    if chance.random() < ADDS:
        yield chance.choice(known)
