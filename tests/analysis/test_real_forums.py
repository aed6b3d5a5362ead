"""The forums that real people took part in, against figures computed elsewhere."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

WITHIN = 2e-6
CASES = {
    "Aargau": ("aargau", None),
    "Fremantle": ("fremantle-bridge", None),
    "Activate": ("uppsala-speaks", "Activate"),
    "Standard": ("uppsala-speaks", "Standard"),
}
NAMES = {
    "n_pre": "n_pre",
    "n_post": "n_post",
    "n_paired": "n_paired",
    "mean_pre_all": "mean_pre",
    "mean_post_all": "mean_post",
    "mean_pre_paired": "mean_pre_paired",
    "mean_post_paired": "mean_post_paired",
    "mean_change_paired": "mean_change",
    "sd_change": "sd_change",
    "t": "t",
    "p_t": "p_t",
    "n_up": "n_up",
    "n_same": "n_same",
    "n_down": "n_down",
    "cohen_dz": "d_z",
}


def expected(shared: Path, name: str, case: str) -> list[dict[str, str]]:
    with (shared / "data" / "bundles" / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["case"] == case]


def compared(consult: Run, shared: Path, slug: str) -> dict[str, Any]:
    loaded = consult("load", shared / "data" / "bundles" / slug)
    assert loaded.returncode == 0, loaded.stderr
    done = consult("compare", slug, "--by", "group", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("case", CASES)
def test_who_moved_and_by_how_much_agrees(consult: Run, shared: Path, case: str) -> None:
    slug, group = CASES[case]
    found = compared(consult, shared, slug)
    source = found if group is None else next(part for part in found["by"] if part["value"] == group)
    items = {entry["item"]: entry for entry in source["items"]}
    ranks = {entry["option"]: entry for entry in source["ranks"]}
    rows = expected(shared, "expected_paired_shift.csv", case)
    assert len(rows) > len(ranks)
    for row in rows:
        entry = items.get(row["item"]) or ranks[row["item"]]
        for theirs, ours in NAMES.items():
            if row[theirs]:
                assert entry[ours] == pytest.approx(float(row[theirs]), abs=WITHIN), (row["item"], ours)


@pytest.mark.parametrize("case", CASES)
def test_the_reason_index_agrees(consult: Run, shared: Path, case: str) -> None:
    slug, group = CASES[case]
    found = compared(consult, shared, slug)
    row = next(r for r in found["reasoning"] if r["group"] == group)
    (theirs,) = expected(shared, "expected_reason_index.csv", case)
    assert row["n"] == int(theirs["n"])
    for wave in ("pre", "post"):
        assert row[f"dri_{wave}"] == pytest.approx(float(theirs[f"orig_{wave}"]), abs=WITHIN)
        assert row[f"dri_adjusted_{wave}"] == pytest.approx(float(theirs[f"adj_{wave}"]), abs=WITHIN)
        assert row[f"chance_{wave}"] == pytest.approx(float(theirs[f"chance_{wave}"]), abs=WITHIN)
        assert row[f"excess_{wave}"] == pytest.approx(row[f"dri_{wave}"] - row[f"chance_{wave}"], abs=1e-12)
