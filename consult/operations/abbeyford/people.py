"""The people of the sample: who they are, what they lean to, how far they go.

Each has a wish, from about -2 to 2, which leans on who they are; every answer comes from it, with
noise. Some leave half way, some never come back, some write a lot and most do not.
"""

from dataclasses import dataclass
from math import exp
from random import Random

from consult.operations.abbeyford.scripts import Row, Script, weighted

SPREAD = 0.8  # of the wish, between people who are alike in every other way
PREFER_NOT = 0.03
LANGUAGES = ("cy", "pl", "ar")
EVERY = 19  # one in so many writes in another language
WRITERS_MOVE, READERS_MOVE = 1.5, 0.8
VOICES = ("plain", "lower", "typing")
HOW_MANY_OF_EACH = (76, 12, 12)
SURE, UNSURE = 0.01, 0.14  # how often people of two kinds have not made up their mind about an item


@dataclass(slots=True)
class Person:
    """Somebody who does not exist.

    ``joined`` is a share of the survey stage; ``moves`` says how strongly the forum works on them.
    """

    key: str
    who: dict[str, str]
    wish: float
    joined: float
    channel: str
    language: str
    voice: str
    arm: str
    group: str
    leaves_early: bool
    is_half_way: bool
    comes_back: bool
    writes: bool
    unsure: float
    how_often: float
    moves: float


def make_people(script: Script) -> list[Person]:
    """Everybody who joined, in no order yet."""
    chance = script.chance("people")
    people = [_person(script, number, chance) for number in range(script.people["count"])]
    tries = {tried["participant"]: tried["does"] for tried in script.tries}
    size = script.people["group_size"]
    in_forum = 0
    for person in people:
        _settle(person, tries.get(person.key, {}))
        if size and person.arm == "forum":
            person.group = f"group-{in_forum // size + 1:02d}"
            in_forum += 1
    return people


def _person(script: Script, number: int, chance: Random) -> Person:
    who = {asked["key"]: weighted(chance, asked["options"], "joins")["key"] for asked in script.demographics}
    leaning = sum(by.get(who[key], 0.0) for key, by in script.story["leaning"].items())
    likely = script.people
    return Person(
        key=f"p{number + 1:03d}",
        who={key: "prefer_not" if chance.random() < PREFER_NOT else said for key, said in who.items()},
        wish=leaning + chance.gauss(0, SPREAD),
        joined=chance.random() ** 1.4,  # more in the first days than in the last
        channel=weighted(chance, [_as_drawn(channel, who) for channel in script.town["channels"]], "joins")[
            "channel"
        ],
        language=LANGUAGES[number // EVERY % len(LANGUAGES)] if number % EVERY == EVERY - 1 else "en",
        voice=chance.choices(VOICES, HOW_MANY_OF_EACH)[0],
        arm="delayed" if chance.random() < likely["delayed"] else "forum",
        group="",
        leaves_early=chance.random() < likely["leaves_early"],
        is_half_way=False,
        comes_back=chance.random() < likely["comes_back"],
        writes=chance.random() < likely["writes"],
        unsure=chance.choices((SURE, UNSURE), (70, 30))[0],
        how_often=exp(chance.gauss(0, 0.6)),
        moves=0.0,
    )


def _as_drawn(channel: Row, who: dict[str, str]) -> Row:
    """The channel, as likely as it is for somebody like this: each reaches some people more than others."""
    joins = channel["joins"]
    for key, draws in channel.get("draws", {}).items():
        joins *= draws.get(who[key], 1.0)
    return {**channel, "joins": joins}


def _settle(person: Person, does: Row) -> None:
    """What is decided about somebody does not contradict itself."""
    if does or person.language != "en":
        person.arm, person.leaves_early, person.writes = "forum", False, True
    if does:
        person.language, person.voice = "en", "plain"
        person.leaves_early = does.get("leaves_early", False)
        person.is_half_way = does.get("half_way", False)
        person.comes_back = does.get("comes_back", person.comes_back)
        person.how_often = 2.0
    if person.leaves_early:
        person.comes_back = person.writes = False
    if person.arm == "delayed":
        person.writes = False
    else:
        person.moves = WRITERS_MOVE if person.writes else READERS_MOVE


def participant_row(script: Script, person: Person, chance: Random, *, on_panel: bool) -> Row:
    """What `participants.csv` says of somebody; whoever left early was not asked what comes at the end."""
    asked = [of["key"] for of in script.demographics if of["asked"] == "joining" or not person.leaves_early]
    return {
        "participant": person.key,
        "joined_at": script.dates.during("survey", person.joined),
        "channel": person.channel,
        "group": person.group,
        "arm": person.arm,
        "track": "panel" if on_panel else "open",
        "language": person.language,
        "quote": "yes" if chance.random() < 0.7 else "no",  # noqa: PLR2004
        **{key: person.who[key] for key in asked},
    }
