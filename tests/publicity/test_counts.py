"""How far people came, by channel: the counts of the database beside sets made in Python."""

from dataclasses import dataclass
from random import Random

import pytest
from flask import Flask

from consult.consultations.models import Consultation
from consult.db import db
from consult.publicity.queries import count_steps
from consult.publicity.rules import Steps
from consult.publicity.yields import best_channels, gaps_filled
from consult.recruitment.models import Channel, Target
from tests.making.panels import limit
from tests.making.places import make_place
from tests.making.publicity import make_channel, make_come, make_crowd

WAYS = ("sent", "wrote", "read", "stayed", "withdrew", "rehearses")


@dataclass(frozen=True)
class Person:
    channel: str | None
    did: frozenset[str]


def crowd(chance: Random, channels: list[Channel]) -> list[Person]:
    """People who did any of everything, also what no page would let them do."""
    return [
        Person(
            chance.choice([None, *(channel.key for channel in channels)]),
            frozenset(
                way for way in WAYS if chance.random() < (0.15 if way in {"withdrew", "rehearses"} else 0.6)
            ),
        )
        for _ in range(120)
    ]


def steps_of(people: list[Person]) -> Steps:
    joined = [each for each in people if "rehearses" not in each.did]
    here = [each for each in joined if "withdrew" not in each.did]
    sent = [each for each in here if "sent" in each.did]
    talked = [each for each in sent if each.did & {"wrote", "read"}]
    return Steps(
        joined=len(joined),
        withdrawn=len(joined) - len(here),
        sent=len(sent),
        talked=len(talked),
        stayed=len([each for each in talked if "stayed" in each.did]),
        completers=len([each for each in sent if "stayed" in each.did]),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_people_did_the_funnel_never_grows_and_counts_what_sets_count(in_app: Flask, seed: int):
    place = make_place("follow_up")
    channels = [make_channel(place, key, label=key) for key in ("library", "letter", "fair")]
    there_before = count_steps(place.id)[None]  # the two who wrote the replies of the forum
    people = crowd(Random(seed), channels)
    by_key = {channel.key: channel for channel in channels}
    for each in people:
        make_come(place, by_key.get(each.channel or ""), **dict.fromkeys(each.did, True))
    db.session.commit()
    counted = count_steps(place.id)
    for steps in counted.values():
        assert steps.joined >= steps.sent + steps.withdrawn
        assert steps.joined >= steps.sent >= steps.talked >= steps.stayed
        assert steps.sent >= steps.completers >= steps.stayed
    for channel in channels:
        assert counted[channel.id] == steps_of([each for each in people if each.channel == channel.key])
    assert there_before == Steps(joined=there_before.joined)
    without = steps_of([each for each in people if each.channel is None])
    assert counted[None].joined == without.joined + there_before.joined
    assert counted[None].stayed == without.stayed


def test_another_consultation_counts_for_itself(in_app: Flask):
    place, other = make_place("follow_up"), make_place("follow_up", slug="bins-2026")
    make_crowd(other, make_channel(other), 3, sent=True, wrote=True)
    assert set(count_steps(place.id)) == {None}


def options(place: Consultation) -> dict[str, int]:
    targets = {key: limit(place.id, "age_band", key, aim=1) for key in ("16-24", "25-64")}
    return {key: db.session.get_one(Target, target).option_id for key, target in targets.items()}


def test_the_best_channel_of_a_group_is_the_one_that_has_brought_most_of_it(in_app: Flask):
    place = make_place("survey")
    first, second, small = (
        make_channel(place, key, label=f"The {key}") for key in ("library", "school", "fair")
    )
    make_crowd(place, first, 11, sent=True, says="16-24")
    make_crowd(place, second, 12, sent=True, says="16-24")
    make_crowd(place, second, 30, says="25-64")  # joined, and sent nothing
    make_crowd(place, second, 30, sent=True, withdrew=True, says="25-64")
    make_crowd(place, second, 30, sent=True, rehearses=True, says="25-64")
    make_crowd(place, small, 9, sent=True, says="25-64")
    make_crowd(place, None, 40, sent=True, says="25-64")
    named = options(place)
    assert best_channels(place) == {named["16-24"]: "The school"}
    make_crowd(place, small, 1, sent=True, says="25-64")
    assert best_channels(place) == {named["16-24"]: "The school", named["25-64"]: "The fair"}
    make_crowd(place, first, 1, sent=True, says="16-24")
    assert best_channels(place)[named["16-24"]] == "The library"  # as many: the one that was there first


def test_each_channel_is_told_with_the_gap_that_it_filled(in_app: Flask):
    place = make_place("survey")
    library, school = make_channel(place), make_channel(place, "school", label="School")
    make_crowd(place, school, 15, sent=True, says="16-24")
    make_crowd(place, school, 5, sent=True, says="25-64")
    make_crowd(place, library, 20, sent=True, says="25-64")
    make_crowd(place, None, 10, sent=True, says="16-24")
    gaps = gaps_filled(place)
    assert (gaps[school.id].label, gaps[school.id].share, gaps[school.id].usual) == ("16 to 24", 0.75, 0.5)
    for key, population in (("16-24", 100), ("25-64", 900)):
        limit(place.id, "age_band", key, population=population)
    gaps = gaps_filled(place)
    assert (gaps[school.id].usual, gaps[school.id].is_of_population) == (0.1, True)
    assert gaps[library.id].label == "25 to 64"
