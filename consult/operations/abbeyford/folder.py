"""One consultation of the sample, whole, and as a bundle: the way in which real data comes, too."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tomli_w

from consult.operations.abbeyford.answers import Answers, make_answers
from consult.operations.abbeyford.coding import make_codes, make_themes
from consult.operations.abbeyford.conversations import make_posts
from consult.operations.abbeyford.dates import written
from consult.operations.abbeyford.people import Person, make_people, participant_row
from consult.operations.abbeyford.scripts import Row, Script

SLACK = 0.1  # of a category's share, up and down, that a panel may differ


@dataclass(frozen=True, slots=True)
class Sample:
    """One consultation with everything that has happened in it: people in the order in which they came."""

    script: Script
    people: list[Person]
    answers: Answers
    posts: list[Row]


def make_sample(script: Script) -> Sample:
    """Everything that has happened in a consultation by the day on which the sample is made."""
    people = sorted(make_people(script), key=lambda person: (person.joined, person.key))
    return Sample(script, people, make_answers(script, people), make_posts(script, people))


def write_bundle(sample: Sample, folder: Path) -> None:
    """The folder holds the consultation as a bundle."""
    script = sample.script
    chance = script.chance("participants")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "consultation.toml").write_text(tomli_w.dumps(script.manifest()), encoding="utf-8")
    for name, rows in {
        "participants": [participant_row(script, person, chance) for person in sample.people],
        "channels": [_without(channel, "joins") for channel in script.town["channels"]],
        "targets": _targets(script),
        "responses": sample.answers.responses,
        "submissions": sample.answers.submissions,
        "posts": sample.posts,
        "themes": make_themes(script),
        "codes": make_codes(script, sample.answers),
    }.items():
        if rows:
            _write(folder / f"{name}.csv", rows)


def _targets(script: Script) -> list[Row]:
    """How many of each category live here, and how many of them the panel should hold."""
    panel, rows = script.people["panel"], []
    for asked in script.town["demographics"]:
        everybody = sum(option["lives"] for option in asked["options"])
        for option in asked["options"]:
            wanted = panel * option["lives"] / everybody
            rows.append(
                {
                    "variable": asked["key"],
                    "category": option["key"],
                    "population": option["lives"],
                    "min": int(wanted * (1 - SLACK)),
                    "max": int(wanted * (1 + SLACK)) + 1,
                }
            )
    return rows


def _without(row: Row, name: str) -> Row:
    return {key: value for key, value in row.items() if key != name}


def _write(path: Path, rows: list[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> object:
    return written(value) if isinstance(value, datetime) else value
