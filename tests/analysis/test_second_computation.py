"""The comparison agrees with a second computation on consultations of many shapes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.analysis import oracle
from tests.conftest import Run
from tests.making.forums import random_forum


def compared(consult: Run, *args: str) -> dict[str, Any]:
    done = consult("compare", "second", "--json", *args)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def agree(entry: dict[str, Any], expected: dict[str, Any]) -> None:
    for key, value in expected.items():
        assert entry[key] == pytest.approx(value, rel=1e-9, abs=1e-9), (entry["item"], key)


@pytest.mark.parametrize(
    ("people", "scales", "with_submissions"),
    [
        (6, [(1, 5), (1, 2), (-3, 3)], False),
        (30, [(0, 10), (1, 7), (1, 2), (-5, 15), (0, 20)], True),
        (80, [(1, 5)] * 12, False),
    ],
)
def test_every_figure_agrees_with_a_second_computation(
    consult: Run, tmp_path: Path, people: int, scales: list[tuple[int, int]], with_submissions: bool
) -> None:
    bundle = random_forum(
        tmp_path / "second", people=people, scales=scales, seed=people, with_submissions=with_submissions
    )
    loaded = consult("load", bundle)
    assert loaded.returncode == 0, loaded.stderr
    data = oracle.read(bundle)
    found = compared(consult)

    for entry in found["items"]:
        agree(entry, oracle.paired(data, entry["item"]))
    for entry in found["ranks"]:
        agree(entry, oracle.paired(data, entry["item"], entry["option"]))
    for wave in ("pre", "post"):
        answered = {person for person, w, _, _ in data["answers"] if w == wave}
        assert found["n"][wave] == len(answered)
        for entry in found["items"]:
            unsure = [key for key in data["unsure"] if key[1:] == (wave, entry["item"])]
            assert entry[f"dont_know_{wave}"] == len(unsure)

    for row in found["reasoning"]:
        members = {p for p, r in data["people"].items() if row["group"] in (None, r["group"])}
        expected = oracle.reason_index(data, members)
        assert row["n"] == expected["n"]
        for key in ("dri_pre", "dri_post", "chance_pre", "chance_post"):
            assert row[key] == (pytest.approx(expected[key], abs=1e-9) if key in expected else None)
    assert next(row["group"] for row in found["reasoning"]) is None
    assert len(found["reasoning"]) == 1 + len({r["group"] for r in data["people"].values()})

    by = compared(consult, "--by", "sex")["by"]
    assert {part["value"] for part in by} == {r["sex"] for r in data["people"].values()} - {""}
    for part in by:
        members = {p for p, r in data["people"].items() if r["sex"] == part["value"]}
        for entry in part["items"]:
            agree(entry, oracle.paired(data, entry["item"], people=members))


def test_one_item_keeps_its_corrected_p_and_its_notes(consult: Run, tmp_path: Path) -> None:
    bundle = random_forum(tmp_path / "second", people=25, scales=[(1, 5)] * 4, seed=3, with_submissions=False)
    assert consult("load", bundle).returncode == 0
    whole, one = compared(consult), compared(consult, "--item", "c2")
    assert one["items"] == [entry for entry in whole["items"] if entry["item"] == "c2"]
    assert (one["nominal"], one["ranks"]) == ([], [])
    assert one["reasoning"] == whole["reasoning"]
