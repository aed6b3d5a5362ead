"""One consultation of the sample, whole, and as a bundle: the way in which real data comes, too."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tomli_w

from consult.operations.abbeyford.answers import Answers, make_answers
from consult.operations.abbeyford.coding import make_coding, make_themes
from consult.operations.abbeyford.conversations import make_posts
from consult.operations.abbeyford.dates import written
from consult.operations.abbeyford.panels import Seats, make_seats, target_rows
from consult.operations.abbeyford.people import Person, make_people, participant_row
from consult.operations.abbeyford.scripts import Row, Script


@dataclass(frozen=True, slots=True)
class Sample:
    """One consultation with everything that has happened in it: people in the order in which they came."""

    script: Script
    people: list[Person]
    answers: Answers
    posts: list[Row]
    seats: Seats


def make_sample(script: Script) -> Sample:
    """Everything that has happened in a consultation by the day on which the sample is made."""
    people = sorted(make_people(script), key=lambda person: (person.joined, person.key))
    answers = make_answers(script, people)
    sent = {row["participant"] for row in answers.submissions if row["wave"] == "pre" and row["submitted_at"]}
    return Sample(script, people, answers, make_posts(script, people), make_seats(script, people, sent))


def write_bundle(sample: Sample, folder: Path) -> None:
    """The folder holds the consultation as a bundle."""
    script = sample.script
    chance, on_panel = script.chance("participants"), set(sample.seats.taken)
    coding = make_coding(script, sample.answers)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "consultation.toml").write_text(tomli_w.dumps(script.manifest()), encoding="utf-8")
    for name, rows in {
        "participants": [
            participant_row(script, person, chance, on_panel=person.key in on_panel)
            for person in sample.people
        ],
        "channels": [_without(channel, "joins", "draws") for channel in script.town["channels"]],
        "targets": target_rows(script),
        "responses": sample.answers.responses,
        "submissions": sample.answers.submissions,
        "posts": sample.posts,
        "themes": make_themes(script),
        "codes": coding.codes,
        "judgements": coding.judgements,
    }.items():
        if rows:
            _write(folder / f"{name}.csv", rows)


def _without(row: Row, *names: str) -> Row:
    return {key: value for key, value in row.items() if key not in names}


def _write(path: Path, rows: list[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> object:
    return written(value) if isinstance(value, datetime) else value
