"""Forums: bundles of people who answered, drifted, skipped and left."""

import random
from pathlib import Path
from typing import Any

from tests.making.bundles import csv_text, make_bundle

WORRIES = ("the noise at night, number", "losing the pub, number", "=SUM(A1:A9) of it all,")
GROUPS = ("ash", "birch", "cedar")


def random_forum(
    path: Path, *, people: int, scales: list[tuple[int, int]], seed: int, with_submissions: bool
) -> Path:
    """Write a made-up forum with an item of every form, in which as much is missing as in real ones."""
    dice = random.Random(seed)
    items: list[dict[str, Any]] = [
        {
            "key": f"c{n}",
            "form": "agreement" if n % 2 else "scale",
            "role": "consideration" if n % 3 else "attitude",
            "stem": f"Statement {n}",
            "scale": {"min": low, "max": high, "favour_from": (low + high + 1) // 2},
        }
        for n, (low, high) in enumerate(scales)
    ]
    options = [{"key": k, "label": k.upper()} for k in "abcd"]
    items.append({"key": "rank", "form": "rank", "role": "preference", "stem": "Order", "options": options})
    items.append({"key": "pick", "form": "choice", "stem": "Pick", "options": options, "other": True})
    items.append({"key": "feel", "form": "evaluation", "stem": "Learnt?", "scale": {"min": 0, "max": 10}})
    items.append(
        {"key": "fact", "form": "knowledge", "stem": "A licence costs", "options": options, "correct": "b"}
    )
    items.append({"key": "mind", "form": "open", "stem": "What I worry about most is …"})
    rows: list[list[object]] = []
    submissions: list[list[object]] = []
    for n in range(people):
        person = f"p{n}"
        lazy = dice.random() < 0.04
        for wave in ("pre", "post"):
            if wave == "post" and dice.random() < 0.2:
                continue
            submissions.append([person, wave, "submitted" if dice.random() < 0.9 else "started"])
            for item, (low, high) in zip(items, scales, strict=False):
                roll = dice.random()
                if roll < 0.03:
                    continue
                if roll < 0.08:
                    status = dice.choice(["dont_know", "prefer_not", "skipped"])
                    rows.append([person, wave, item["key"], "", status, "", ""])
                    continue
                lean = (n + sum(map(ord, item["key"]))) % (high - low + 1)
                value = low if lazy else min(high, max(low, low + lean + dice.choice([-1, 0, 0, 0, 1])))
                rows.append([person, wave, item["key"], "", "answered", value, ""])
            order = list("abcd")
            dice.shuffle(order)
            if dice.random() < 0.92:
                places = [1, 2, 2, 4] if dice.random() < 0.2 else [1, 2, 3, 4]
                rows += [
                    [person, wave, "rank", k, "answered", place, ""]
                    for k, place in zip(order, places, strict=True)
                ]
            else:
                rows.append([person, wave, "rank", "", "dont_know", "", ""])
            pick = dice.choice(["a", "b", "c", "other"])
            rows.append(
                [person, wave, "pick", "", "answered", pick, "something of my own" if pick == "other" else ""]
            )
            rows.append([person, wave, "fact", "", "answered", dice.choice("abbd"), ""])
            rows.append([person, wave, "mind", "", "answered", "", f"{WORRIES[n % len(WORRIES)]} {n}"])
            if wave == "post":
                rows.append([person, wave, "feel", "", "answered", dice.randint(0, 10), ""])
    return make_bundle(
        path,
        slug="second",
        items=items,
        demographics=[
            {"key": "sex", "question": "Sex", "options": [{"key": k, "label": k} for k in ("F", "M")]},
        ],
        participants=[
            [f"p{n}", dice.choice(GROUPS), dice.choice(["F", "M", "prefer_not", ""])] for n in range(people)
        ],
        participant_columns=("participant", "group", "sex"),
        responses=rows,
        files={"submissions.csv": csv_text(("participant", "wave", "status"), submissions)}
        if with_submissions
        else {},
    )
