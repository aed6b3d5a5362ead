"""Made-up crowds that are not like those who live there, some of whom leave before the follow-up."""

import random
from pathlib import Path
from typing import Any

from tests.making.bundles import HOURS, csv_text, make_bundle

SEX, AGE = ("F", "M"), ("16-34", "35-64", "65+")
LIVING = {"sex": {"F": 510, "M": 490}, "age": {"16-34": 340, "35-64": 420, "65+": 240}}


def crowd_bundle(
    path: Path,
    *,
    people: int,
    slug: str = "crowd",
    seed: int = 5,
    thin: bool = False,
    silent: float = 0.0,
    leave: float = 0.25,
    targets: dict[str, dict[str, int]] | None = None,
    **more: Any,
) -> Path:
    """Write a closed consultation of so many people as a bundle.

    ``thin`` makes one combination of sex and age rare; ``silent`` is the share who would rather not say
    their age, ``leave`` the share who do not come back, more of the young than of the others.
    """
    dice = random.Random(seed)
    participants, answers = [], []
    for n in range(people):
        sex = "F" if dice.random() < 0.6 else "M"
        age = dice.choices(AGE, ((2, 3, 5) if not thin else (1, 1, 1) if sex == "F" else (0.15, 1, 1)))[0]
        told = "prefer_not" if dice.random() < silent else age
        person, before = f"p{n}", dice.randint(1, 5)
        participants.append([person, sex, told])
        answers.append([person, "pre", "hours", "", "answered", before, ""])
        if dice.random() >= leave * (1.5 if age == "16-34" else 0.9):
            after = min(5, max(1, before + dice.choice([-1, 0, 0, 1, 1])))
            answers.append([person, "post", "hours", "", "answered", after, ""])
    rows = [
        (variable, group, count)
        for variable, groups in (LIVING if targets is None else targets).items()
        for group, count in groups.items()
    ]
    return make_bundle(
        path,
        slug=slug,
        items=[HOURS],
        demographics=[_question("sex", SEX), _question("age", AGE)],
        participants=participants,
        participant_columns=("participant", "sex", "age"),
        responses=answers,
        files={"targets.csv": csv_text(("variable", "category", "population"), rows)} if rows else {},
        **more,
    )


def _question(key: str, groups: tuple[str, ...]) -> dict[str, Any]:
    options = [{"key": group, "label": group.replace("-", " to ")} for group in groups]
    return {"key": key, "question": f"What is your {key}?", "options": options}
