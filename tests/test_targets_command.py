"""`consult targets` as an operator runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run, run_consult
from tests.making.bundles import make_bundle
from tests.making.target_files import BANDS, SEXES, tidy

SEX: dict[str, Any] = {
    "key": "sex",
    "question": "What is your sex?",
    "options": [{"key": "f", "label": "Female"}, {"key": "m", "label": "Male"}],
}
AGE: dict[str, Any] = {
    "key": "age_band",
    "question": "How old are you?",
    "options": [{"key": band, "label": band} for band in BANDS.split(",")],
}
KEYS = {
    "variable",
    "base",
    "source",
    "n",
    "missing",
    "categories",
    "people_to_swap",
    "cv_participation",
    "chi2",
    "p",
    "price_of_weighting",
    "forecast_effective_n",
}
CATEGORY_KEYS = {
    "category",
    "population",
    "share_population",
    "min",
    "target",
    "max",
    "n",
    "share",
    "gap",
    "gap_people",
    "ratio",
    "state",
}


def make(path: Path) -> Path:
    people = [[f"p{n}", BANDS.split(",")[1 + n % 9], "fm"[n % 2]] for n in range(20)]
    return make_bundle(
        path,
        demographics=(AGE, SEX),
        participant_columns=("participant", "age_band", "sex"),
        participants=people,
        responses=[[person[0], "pre", "hours", "", "answered", "2", ""] for person in people[:18]],
    )


def test_targets_come_in_and_say_who_is_missing(consult: Run, tmp_path: Path):
    assert consult("load", make(tmp_path / "in")).returncode == 0
    empty = consult("targets", "licensing-2026")
    assert (empty.returncode, empty.stdout) == (0, "licensing-2026: no panel\n\nThere are no targets yet.\n")
    (tmp_path / "sex.csv").write_bytes(tidy(*SEXES))
    done = consult("targets", "licensing-2026", "--import", tmp_path / "sex.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Imported 2 targets: sex",
        "",
        "licensing-2026: no panel",
        "",
        "sex",
        "18 people here, 0 without an answer",
        "     live here  share  here  share       gap  people  ratio  min  aim  max  state",
        "  f    110,648  52.7%     9  50.0%  −2.7 pts    −0.5   0.95    –    –    –  open",
        "  m     99,483  47.3%     9  50.0%  +2.7 pts    +0.5   1.06    –    –    –  open",
        (
            "people to swap 0.5; CV of participation 0.05; chi-square 0.05, p 0.821; price of weighting 1.00"
            " (as good as 18 people)"
        ),
    ]
    content = json.loads(consult("targets", "licensing-2026", "--json").stdout)
    assert set(content) == {"consultation", "panel", "variables", "notes"}
    assert content["panel"] == {"size": None, "filled": 0, "waiting": 0}
    assert set(content["variables"][0]) == KEYS
    assert set(content["variables"][0]["categories"][0]) == CATEGORY_KEYS


@pytest.mark.slow
def test_a_census_download_gives_the_bands_of_the_authority(sqlite_url: str, shared: Path, tmp_path: Path):
    folder = shared / "data" / "census2021_camden"
    if not folder.is_dir():
        pytest.skip("needs the census tables beside the project")
    assert run_consult(sqlite_url, "load", make(tmp_path / "in")).returncode == 0
    census = ("--import", folder / "census2021-ts007-ltla.csv", "--area", "E09000007", "--bands", BANDS)
    done = run_consult(sqlite_url, "targets", "licensing-2026", "--json", *census)
    assert (done.returncode, done.stderr) == (0, "Imported 10 targets: age_band\n\n")
    (age,) = json.loads(done.stdout)["variables"]
    assert [category["population"] for category in age["categories"]] == [
        32_228,
        4_281,
        27_692,
        42_543,
        31_048,
        26_629,
        20_888,
        13_663,
        8_099,
        3_063,
    ]
    margins = ("--import", folder / "camden_margins_2021.csv", "--json")
    others = json.loads(run_consult(sqlite_url, "targets", "licensing-2026", *margins).stdout)["variables"]
    assert {v["variable"]: sum(c["population"] for c in v["categories"]) for v in others} == {
        "age_band": 210_134,
        "sex": 210_131,
    }
    assert run_consult(sqlite_url, "dump", "licensing-2026", tmp_path / "out").returncode == 0
    assert (tmp_path / "out" / "targets.csv").read_text().splitlines()[1] == "age_band,0-15,32228"


@pytest.mark.slow
def test_what_is_refused_is_named_on_standard_error_and_nothing_changes(sqlite_url: str, tmp_path: Path):
    assert run_consult(sqlite_url, "load", make(tmp_path / "in")).returncode == 0
    (tmp_path / "bad.csv").write_bytes(tidy(["sex", "f", "1e5"], ["sex", "m", "*"], ["sex", "x", 5]))
    refused = run_consult(sqlite_url, "targets", "licensing-2026", "--import", tmp_path / "bad.csv")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert [line.partition(": ")[0] for line in refused.stderr.splitlines()] == [
        "bad.csv:2",
        "bad.csv:3",
        "bad.csv:4",
    ]
    for wrong in (
        ("nowhere-2026",),
        ("licensing-2026", "--import", tmp_path / "none.csv"),
        ("licensing-2026", "--import", tmp_path),
        ("licensing-2026", "--area", "E09000007"),
        ("licensing-2026", "--import", tmp_path / "bad.csv", "--bands", "24-16"),
    ):
        answer = run_consult(sqlite_url, "targets", *wrong)
        assert (answer.returncode, answer.stdout) == (2, ""), wrong
        assert "Traceback" not in answer.stderr
    assert (
        json.loads(run_consult(sqlite_url, "targets", "licensing-2026", "--json").stdout)["variables"] == []
    )
