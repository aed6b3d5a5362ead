"""What `consult compare --weights raked` promises beyond the figures: keys, notes, parts, refusals, words."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.access import OPERATOR
from consult.analysis.models import Snapshot
from consult.analysis.service import comparison, freeze_weighted
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.db import db
from consult.weighting.rules import Settings
from tests.analysis.test_contract import ITEM, TOP
from tests.conftest import Run
from tests.making.bundles import HOURS, POLICY, csv_text, make_bundle
from tests.making.crowds import crowd_bundle
from tests.making.worked import worked_bundle


def loaded(path: Path) -> Consultation:
    return load_bundle(OPERATOR, path, replace=True, progress=None).consultation


def test_the_object_has_the_keys_of_the_contract_and_one_more(in_app: Flask, tmp_path: Path) -> None:
    found = comparison(
        OPERATOR, loaded(worked_bundle(tmp_path / "in")), weights="raked", settings=Settings(collapse=None)
    )
    assert list(found) == [*TOP[:2], "weighting", *TOP[2:]]
    assert [list(entry) for entry in found["items"]] == [ITEM]
    assert list(found["weighting"]) == ["version", "settings", "report", "items"]
    json.dumps(found, allow_nan=False)


def test_every_null_has_its_note_and_every_caution_is_said_once(in_app: Flask, tmp_path: Path) -> None:
    found = comparison(
        OPERATOR, loaded(worked_bundle(tmp_path / "in")), weights="raked", settings=Settings(collapse=None)
    )
    entry = found["items"][0]
    paths = [note["path"] for note in found["notes"]]
    assert {key for key in ITEM if entry[key] is None} == {
        path.removeprefix("items[0].") for path in paths if path.startswith("items[0].")
    }
    said = [note["reason"] for note in found["notes"] if note["path"] in {"items", "nominal", "weighting"}]
    assert len(said) == len(set(said)) == 5
    assert any("no agreed way to weight these tests" in reason for reason in said)
    assert any("people like those who did not take part" in reason for reason in said)


def test_how_precise_a_change_is_has_a_note_where_it_is_not_known(in_app: Flask, tmp_path: Path) -> None:
    people = [[f"p{n}", "F" if n % 3 else "M"] for n in range(12)]
    alike, one, nobody = ({**HOURS, "key": key} for key in ("alike", "one", "nobody"))
    rows = [
        [person, wave, "alike", "", "answered", 2 + (wave == "post"), ""]
        for person, _ in people
        for wave in ("pre", "post")
    ]
    rows += [["p0", wave, "one", "", "answered", 3, ""] for wave in ("pre", "post")]
    options = [{"key": key, "label": key} for key in ("F", "M")]
    path = make_bundle(
        tmp_path / "in",
        items=[alike, one, nobody],
        demographics=[{"key": "sex", "question": "Sex?", "options": options}],
        participants=people,
        participant_columns=("participant", "sex"),
        responses=rows,
        files={
            "targets.csv": csv_text(
                ("variable", "category", "population"), [["sex", "F", 50], ["sex", "M", 50]]
            )
        },
    )
    found = comparison(OPERATOR, loaded(path), weights="raked", settings=Settings(collapse=None))
    reasons = {
        note["path"].removeprefix("weighting.items"): note["reason"]
        for note in found["notes"]
        if note["path"].startswith("weighting.items")
    }
    assert reasons.keys() == {
        *("[0].deff", "[1].deff", "[1].se_raking_aware"),
        *(f"[2].{name}" for name in ("deff", "kish_deff", "se_raking_aware")),
    }
    assert "everybody changed by the same amount" in reasons["[0].deff"]
    assert "only one person" in reasons["[1].deff"]
    assert reasons["[2].deff"] == "nobody who answered this has a weight"
    first = found["items"][0]
    assert (first["mean_change"], first["ci_low"], first["t"], first["verdict"]) == (1.0, 1.0, None, "moved")
    assert (found["items"][2]["n_eff"], found["items"][2]["verdict"]) == (0.0, "cannot_tell")


def test_a_ranking_and_a_part_are_weighted_too(in_app: Flask, tmp_path: Path) -> None:
    people = [[f"p{n}", "F" if n % 3 else "M"] for n in range(12)]
    places = [
        [person, wave, "policy", option, "answered", place, ""]
        for n, (person, _) in enumerate(people)
        for wave, order in (("pre", "abc"), ("post", "bca" if n % 3 else "abc"))
        for place, option in enumerate(order, start=1)
    ]
    options = [{"key": key, "label": key} for key in ("F", "M")]
    path = make_bundle(
        tmp_path / "in",
        items=[POLICY],
        demographics=[{"key": "sex", "question": "Sex?", "options": options}],
        participants=people,
        participant_columns=("participant", "sex"),
        responses=places,
        files={
            "targets.csv": csv_text(
                ("variable", "category", "population"), [["sex", "F", 50], ["sex", "M", 50]]
            )
        },
    )
    found = comparison(
        OPERATOR, loaded(path), weights="raked", by="sex", settings=Settings(collapse=None, trim=None)
    )
    first = next(entry for entry in found["ranks"] if entry["option"] == "a")
    beside = next(entry for entry in found["weighting"]["items"] if entry["option"] == "a")
    # Two thirds are women, who moved it by two places; weighted they are half of all.
    assert beside["unweighted"]["mean_change"] == pytest.approx(4 / 3)
    assert first["mean_change"] == pytest.approx(1.0)
    assert (first["delta"], first["verdict"], first["tost_p"]) == (None, None, None)
    women = next(part for part in found["by"] if part["value"] == "F")
    assert next(e for e in women["ranks"] if e["option"] == "a")["mean_change"] == pytest.approx(2.0)
    assert found["attrition"]["by"]["n_left"] == 0


def test_one_item_leaves_the_weights_as_they_are(in_app: Flask, tmp_path: Path) -> None:
    consultation = loaded(crowd_bundle(tmp_path / "in", people=200))
    whole = comparison(OPERATOR, consultation, weights="raked")
    one = comparison(OPERATOR, consultation, weights="raked", item="hours")
    assert one == whole


def test_comparisons_with_weights_stand_beside_the_one_without(in_app: Flask, tmp_path: Path) -> None:
    consultation = loaded(crowd_bundle(tmp_path / "in", people=200))
    plain = comparison(OPERATOR, consultation)
    first = comparison(OPERATOR, consultation, weights="raked")
    freeze_weighted(OPERATOR, consultation, Settings(trim=None, for_staying=True))
    stored = {row.weights for row in db.session.scalars(select(Snapshot).where(Snapshot.split_by == ""))}
    assert stored == {"none", "raked-1", "raked-2"}
    assert comparison(OPERATOR, consultation, weights="raked") == first
    assert comparison(OPERATOR, consultation) == plain
    assert (plain["weights"], "weighting" in plain) == ("none", False)


def test_people_who_left_have_no_weight_and_are_in_no_weighted_mean(in_app: Flask, tmp_path: Path) -> None:
    consultation = loaded(crowd_bundle(tmp_path / "in", people=200, leave=0.5))
    plain, found = comparison(OPERATOR, consultation), comparison(OPERATOR, consultation, weights="raked")
    without, entry = plain["items"][0], found["items"][0]
    assert entry["n_pre"] == without["n_pre"] == 200
    assert entry["mean_pre"] == entry["mean_pre_paired"]
    assert without["mean_pre"] != without["mean_pre_paired"]


@pytest.mark.slow
def test_the_command_prints_what_weights_cost_and_refuses_with_reasons(consult: Run, tmp_path: Path) -> None:
    assert consult("load", crowd_bundle(tmp_path / "in", people=200)).returncode == 0
    done = consult("compare", "crowd", "--weights", "raked")
    assert done.returncode == 0, done.stderr
    assert "With weights (version 1): " in done.stdout
    assert "change without weights" in done.stdout
    assert "would answer as those who did" in done.stdout
    assert consult("load", worked_bundle(tmp_path / "small")).returncode == 0
    done = consult("compare", "worked", "--weights", "raked", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["sex", "age", "eth"]


def test_nobody_is_told_of_evenness_where_nobody_left(in_app: Flask, tmp_path: Path) -> None:
    found = comparison(OPERATOR, loaded(crowd_bundle(tmp_path / "in", people=60, leave=0.0)))
    assert found["attrition"]["retention"] == 1.0
    assert set(found["attrition"]["evenness"].values()) == {None}
    reasons = {n["reason"] for n in found["notes"] if n["path"].startswith("attrition.evenness")}
    assert reasons == {"everybody who sent the starting survey sent the follow-up"}


def test_many_people_are_told_how_evenly_they_came_back(in_app: Flask, tmp_path: Path) -> None:
    found = comparison(OPERATOR, loaded(crowd_bundle(tmp_path / "in", people=4000)))
    evenness = found["attrition"]["evenness"]
    assert evenness["r_se"] <= 0.05
    assert 0.7 < evenness["r"] < 1.0
    assert not [note for note in found["notes"] if note["path"].startswith("attrition.")]


def test_every_null_of_who_stayed_has_its_note(in_app: Flask, tmp_path: Path) -> None:
    once = {**HOURS, "key": "once", "waves": ["pre"]}
    for n, people in enumerate((0, 1, 2, 5)):
        rows = [
            [f"p{i}", "pre", key, "", "answered", 3, ""] for i in range(people) for key in ("hours", "once")
        ]
        rows += [[f"p{i}", "post", "hours", "", "answered", 4, ""] for i in range(people // 2)]
        path = make_bundle(
            tmp_path / str(n),
            slug=f"few-{n}",
            items=[HOURS, once],
            demographics=(),
            participants=[[f"p{i}"] for i in range(5)],
            participant_columns=("participant",),
            responses=rows,
        )
        found = comparison(OPERATOR, loaded(path))
        nulls = set(nulls_of(found["attrition"], "attrition"))
        assert {note["path"] for note in found["notes"] if note["path"].startswith("attrition")} == nulls


def nulls_of(value: Any, path: str) -> list[str]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in nulls_of(inner, f"{path}.{key}")]
    if isinstance(value, list):
        return [found for n, inner in enumerate(value) for found in nulls_of(inner, f"{path}[{n}]")]
    return [path] if value is None else []
