"""The people of the sample: about 120 of them, made by chance from one seed, the same each time.

Each has a wish for a calmer street, which leans on their age and how they travel, and answers every
item from it, with noise. The forum moves those who came back by the little that `PULL` says, more
for those who wrote. Some leave half way, some never come back, some do not know.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import tomli_w

from consult.operations.abbeyford import (
    CALM,
    CHANNELS,
    CONSULTATION,
    FACILITATOR,
    PULL,
    REASONS,
    THINGS,
    THREADS,
)

SEED = 20260105
PEOPLE = 120
GROUP_SIZE = 10
Row = dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    age_band: str
    travel: str
    wish: float
    joined_at: datetime
    channel: str
    group: str
    comes_back: bool
    leaves_early: bool
    writes: bool


def write_sample(folder: Path) -> None:
    """The folder holds the sample consultation as a bundle."""
    chance = Random(SEED)  # noqa: S311  (the same people each time is the point)
    people = [_person(number, chance) for number in range(PEOPLE)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "consultation.toml").write_text(tomli_w.dumps(CONSULTATION), encoding="utf-8")
    _write(folder / "participants.csv", [_participant(person, chance) for person in people])
    answers = [row for person in people for row in _answers(person, chance)]
    _write(folder / "responses.csv", answers)
    _write(folder / "submissions.csv", [row for person in people for row in _submissions(person, chance)])
    _write(folder / "posts.csv", list(_posts([person for person in people if person.writes], chance)))
    _write(
        folder / "channels.csv",
        [dict(zip(("channel", "label", "aim", "cost"), channel, strict=True)) for channel in CHANNELS],
    )
    lives_here = {"16-34": 4210, "35-64": 6380, "65-plus": 3140}
    _write(
        folder / "targets.csv",
        [
            {"variable": "age_band", "category": band, "population": population}
            for band, population in lives_here.items()
        ],
    )


def _person(number: int, chance: Random) -> Person:
    age_band = chance.choices(("16-34", "35-64", "65-plus"), (22, 55, 43))[0]
    by_car = {"16-34": 25, "35-64": 50, "65-plus": 55}[age_band]
    travel = chance.choices(("foot", "bus", "car"), (100 - by_car, 30, by_car))[0]
    leaning = {"foot": 0.6, "bus": 0.2, "car": -0.8}[travel] + {"16-34": 0.3, "35-64": 0.0, "65-plus": -0.2}[
        age_band
    ]
    comes_back = chance.random() < 0.76  # noqa: PLR2004  (three in four, as in the better panels)
    return Person(
        name=f"p{number + 1:03d}",
        age_band=age_band,
        travel=travel,
        wish=leaning + chance.gauss(0, 0.8),
        joined_at=datetime(2026, 1, 5, 10, tzinfo=UTC) + timedelta(minutes=chance.randrange(20 * 24 * 60)),
        channel=chance.choices([channel[0] for channel in CHANNELS], (30, 45, 25, 20))[0],
        group=f"group-{number // GROUP_SIZE + 1:02d}",
        comes_back=comes_back,
        leaves_early=chance.random() < 0.05,  # noqa: PLR2004
        writes=comes_back and chance.random() < 0.4,  # noqa: PLR2004
    )


def _participant(person: Person, chance: Random) -> Row:
    return {
        "participant": person.name,
        "joined_at": _instant(person.joined_at),
        "channel": person.channel,
        "group": person.group,
        "arm": "forum",
        "track": "panel" if person.channel == "letter" else "open",
        "quote": "yes" if chance.random() < 0.7 else "no",  # noqa: PLR2004
        "age_band": _or_not(person.age_band, chance),
        "travel": _or_not(person.travel, chance),
    }


def _or_not(value: str, chance: Random) -> str:
    return "prefer_not" if chance.random() < 0.03 else value  # noqa: PLR2004


def _answers(person: Person, chance: Random) -> Iterator[Row]:
    """What one person answered: the same person both times, not the same mood."""
    for wave in ("pre", "post") if person.comes_back and not person.leaves_early else ("pre",):
        items = [item for item in CONSULTATION["items"] if item["form"] != "evaluation" or wave == "post"]
        if person.leaves_early:
            items = items[: chance.randrange(2, 8)]
        for item in items:
            blank = {"participant": person.name, "wave": wave, "item": item["key"], "option": "", "text": ""}
            status = chance.choices(
                ("answered", "dont_know", "prefer_not", "skipped"),
                (94, 4, 1, 1) if wave == "pre" else (97, 1, 1, 1),
            )[0]
            if status == "answered":
                yield from ({**blank, "status": status, **said} for said in _said(person, wave, item, chance))
            else:
                yield {**blank, "status": status, "value": ""}


def _said(person: Person, wave: str, item: Row, chance: Random) -> Iterator[Row]:
    key, form = item["key"], item["form"]
    if form == "open":
        side = "both" if chance.random() < 0.4 else "calm" if person.wish > 0 else "cars"  # noqa: PLR2004
        yield {"value": "", "text": f"{chance.choice(THINGS[side])} {chance.choice(REASONS)}".strip()}
    elif form == "choice":
        if chance.random() < 0.05:  # noqa: PLR2004
            yield {"value": "other", "text": chance.choice(THINGS["both"])}
            return
        lean = person.wish + _moved(person, wave, 0.3)
        weights = (1.5 - lean, 1.0, 1.5 + lean, 1.0)
        options = [option["key"] for option in item["options"]]
        yield {"value": chance.choices(options, [max(weight, 0.1) for weight in weights])[0]}
    elif form == "rank":
        lean = person.wish + _moved(person, wave, 0.4)
        liking = {option: lean * calm + chance.gauss(0, 0.6) for option, calm in CALM.items()}
        if wave == "post":
            liking["one-way"] += 0.5  # the plan that people who differ could live with
        for place, option in enumerate(sorted(liking, key=liking.__getitem__, reverse=True), start=1):
            yield {"option": option, "value": place}
    elif form == "evaluation":
        yield {"value": min(10, max(0, round(chance.gauss(7.5 if person.writes else 6, 2))))}
    else:
        pull, shift = PULL[key]
        lowest, highest = item["scale"]["min"], item["scale"]["max"]
        score = 3 + pull * person.wish + _moved(person, wave, shift) + chance.gauss(0, 0.7)
        yield {"value": min(highest, max(lowest, round(score)))}


def _moved(person: Person, wave: str, shift: float) -> float:
    if wave == "pre":
        return 0.0
    return shift * (1.6 if person.writes else 0.8)


def _submissions(person: Person, chance: Random) -> Iterator[Row]:
    mode = chance.choices(("own", "library", "assisted", "paper"), (70, 20, 6, 4))[0]
    done = person.joined_at + timedelta(minutes=chance.randrange(8, 35))
    if person.leaves_early:
        yield {
            "participant": person.name,
            "wave": "pre",
            "status": "started",
            "submitted_at": "",
            "mode": mode,
        }
        return
    yield {
        "participant": person.name,
        "wave": "pre",
        "status": "submitted",
        "submitted_at": _instant(done),
        "mode": mode,
    }
    if person.comes_back:
        again = datetime(2026, 3, 16, 10, tzinfo=UTC) + timedelta(minutes=chance.randrange(13 * 24 * 60))
        yield {
            "participant": person.name,
            "wave": "post",
            "status": "submitted",
            "submitted_at": _instant(again),
            "mode": mode,
        }


def _posts(writers: list[Person], chance: Random) -> Iterator[Row]:
    """Three threads: what the council presents back, then people, often in reply to each other."""
    for thread, title, body, texts in THREADS:
        at = datetime(2026, 2, 9, 9, tzinfo=UTC)
        earlier = [f"{thread}-0"]
        yield _post(earlier[0], thread, at, kind="seed", title=title, body=body)
        for number, text in enumerate(texts, start=1):
            at += timedelta(minutes=chance.randrange(60, 4000))
            key, parent, writer = f"{thread}-{number}", chance.choice(earlier), chance.choice(writers).name
            yield _post(key, thread, at, kind="post", parent=parent, participant=writer, body=text)
            earlier.append(key)
        yield _post(f"{thread}-last", thread, at + timedelta(hours=9), kind="facilitator", body=FACILITATOR)


def _post(key: str, thread: str, at: datetime, **rest: str) -> Row:
    names = ("parent", "participant", "kind", "title", "body")
    return {
        "post": key,
        "thread": thread,
        "created_at": _instant(at),
        **{name: rest.get(name, "") for name in names},
    }


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _write(path: Path, rows: list[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
