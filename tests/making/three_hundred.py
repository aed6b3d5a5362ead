"""Three hundred made-up completions of one sentence, each with the themes that its writer had in mind."""

from random import Random
from typing import NamedTuple

STEM = "When I think about Saturday nights in Abbeyford, I …"
THEMES = {
    "noise": "Noise at night",
    "safety": "Feeling safe",
    "going-out": "Somewhere to go",
    "litter": "Litter in the morning",
    "trade": "Trade for the town",
}
PHRASES = {
    "noise": (
        "cannot sleep for the noise under my window",
        "hear shouting and loud music until three",
        "put plugs in my ears because the bars are so loud",
        "lie awake with the noise of people shouting in the street",
    ),
    "safety": (
        "do not feel safe walking home past the square",
        "keep away from the square because I am afraid of fights",
        "wait for a taxi in the dark and feel unsafe",
        "worry that my daughter is not safe on the way home",
    ),
    "going-out": (
        "wish there was somewhere to go after the cinema closes",
        "have nowhere to go with my friends after eleven",
        "would like more places to go out, dance and eat late",
        "take the train to another town because nothing is open here",
    ),
    "litter": (
        "think of the litter and broken glass on Sunday morning",
        "see litter, bottles and chip boxes all over the market",
        "pick bottles and litter out of my front garden",
        "am tired of broken glass and rubbish on the pavement",
    ),
    "trade": (
        "think of the jobs and trade that late cafes bring",
        "am glad that the pubs bring trade and wages to town",
        "know that my shop lives from the trade of weekend visitors",
        "see money and jobs coming to the town with the visitors",
    ),
}
JOINS = (" and ", ", and also ", ". I ", "; I ")
ENDS = ("", ".", " every week.", " most of the year.", ", as everybody in my street does.")


class Completion(NamedTuple):
    """What somebody wrote, and the keys of its themes."""

    words: str
    themes: frozenset[str]


def make_completions(count: int = 300, *, seed: int = 5) -> list[Completion]:
    """Completions of `STEM`: most hold one theme, some two; the same every time."""
    chance, found = Random(seed), []
    weights = (5, 4, 4, 3, 2)
    for _ in range(count):
        first, second = chance.choices(list(THEMES), weights, k=2)
        themes = [first] if chance.random() < 0.7 or first == second else [first, second]
        said = chance.choice(JOINS).join(chance.choice(PHRASES[theme]) for theme in themes)
        found.append(Completion(f"{said}{chance.choice(ENDS)}", frozenset(themes)))
    return found
