"""What `consult compare` promises beyond the figures: keys, nulls with their reasons, refusals."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.analysis.service import comparison
from consult.bundles.service import load_bundle
from tests.conftest import Run
from tests.making.bundles import HOURS, POLICY, csv_text, make_bundle

TOP = [
    "consultation",
    "weights",
    "n",
    "items",
    "nominal",
    "ranks",
    "reasoning",
    "knowledge",
    "polarisation",
    "attrition",
    "forum",
    "voice",
    "exposure",
    "themes",
    "notes",
    "method",
]
ITEM = [
    "item",
    "form",
    "role",
    "stem",
    "n_pre",
    "n_post",
    "n_paired",
    "mean_pre",
    "mean_post",
    "mean_pre_paired",
    "mean_post_paired",
    "mean_change",
    "sd_change",
    "se_change",
    "ci_low",
    "ci_high",
    "t",
    "df",
    "p_t",
    "w_plus",
    "z_pratt",
    "p_wilcoxon",
    "p_sign",
    "d_z",
    "d_av",
    "g_av",
    "n_up",
    "n_same",
    "n_down",
    "share_pre",
    "share_post",
    "share_change",
    "share_ci_low",
    "share_ci_high",
    "p_mcnemar",
    "delta",
    "tost_p",
    "verdict",
    "p_holm",
    "n_eff",
    "method",
    "dont_know_pre",
    "dont_know_post",
    "counts_pre",
    "counts_post",
    "transition",
]
NOMINAL = [
    "item",
    "form",
    "n_paired",
    "counts_pre",
    "counts_post",
    "transition",
    "stuart_maxwell",
    "df",
    "p",
    "bhapkar",
    "p_bhapkar",
    "p_exact",
    "gross",
    "net",
]
REASONING = [
    "group",
    "n",
    "dri_pre",
    "dri_post",
    "dri_adjusted_pre",
    "dri_adjusted_post",
    "chance_pre",
    "chance_post",
    "excess_pre",
    "excess_post",
]
PICK: dict[str, Any] = {
    "key": "pick",
    "form": "choice",
    "stem": "The council should mainly …",
    "options": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}],
}


def answers(key: str, pairs: list[tuple[object, object]]) -> list[list[object]]:
    """Rows of people who gave these answers before and after; None for not reached."""
    return [
        [f"p{n}", wave, key, "", "answered", value, ""]
        for n, pair in enumerate(pairs)
        for wave, value in zip(("pre", "post"), pair, strict=True)
        if value is not None
    ]


def made(tmp_path: Path, *, people: int = 8, **bundle: Any) -> Path:
    """A closed consultation of people p0, p1 and so on, as a bundle."""
    return make_bundle(
        tmp_path / "bundle",
        slug="contract",
        demographics=(),
        participants=[[f"p{n}"] for n in range(people)],
        participant_columns=("participant",),
        **bundle,
    )


def compared(tmp_path: Path, *, by: str | None = None, **bundle: Any) -> dict[str, Any]:
    """The comparison of such a consultation, through the services that the command calls."""
    loaded = load_bundle(OPERATOR, made(tmp_path, **bundle), replace=True, progress=None)
    return comparison(OPERATOR, loaded.consultation, by=by)


def reasons(found: dict[str, Any], path: str) -> dict[str, str]:
    return {
        note["path"].removeprefix(f"{path}."): note["reason"]
        for note in found["notes"]
        if note["path"].startswith(f"{path}.")
    }


def test_the_object_has_the_keys_of_the_contract_in_their_order(in_app: Flask, tmp_path: Path) -> None:
    consideration = {**HOURS, "key": "con", "role": "consideration"}
    rows = answers("hours", [(1, 2), (2, 4), (3, 3)]) + answers("con", [(1, 2), (2, 4), (3, 3)])
    rows += answers("pick", [("a", "b"), ("b", "b"), ("a", "a")])
    found = compared(tmp_path, items=[HOURS, consideration, PICK, POLICY], responses=rows)
    assert list(found) == TOP
    assert [list(entry) for entry in found["items"]] == [ITEM, ITEM]
    assert [list(entry) for entry in found["nominal"]] == [NOMINAL]
    assert list(found["ranks"][0]) == ["item", "option", *ITEM[4:]]
    assert list(found["reasoning"][0]) == REASONING
    assert found["n"] == {"pre": 3, "post": 3, "paired": 3}
    by = compared(tmp_path, by="group", items=[HOURS], responses=rows[:6])
    assert list(by) == [*TOP[:7], "by", *TOP[7:]]


def test_a_constant_change_has_its_mean_as_interval_and_no_t(in_app: Flask, tmp_path: Path) -> None:
    found = compared(tmp_path, items=[HOURS], responses=answers("hours", [(1, 2), (2, 3), (4, 5)]))
    entry = found["items"][0]
    assert (entry["mean_change"], entry["ci_low"], entry["ci_high"]) == (1.0, 1.0, 1.0)
    assert (entry["t"], entry["p_t"], entry["d_z"], entry["p_holm"]) == (None,) * 4
    assert (entry["tost_p"], entry["verdict"]) == (1.0, "moved")
    assert reasons(found, "items[0]").keys() == {"t", "p_t", "d_z", "p_holm"}


def test_nobody_moving_is_about_the_same_and_has_no_rank_tests(in_app: Flask, tmp_path: Path) -> None:
    found = compared(tmp_path, items=[HOURS], responses=answers("hours", [(1, 1), (2, 2), (4, 4)]))
    entry = found["items"][0]
    assert (entry["z_pratt"], entry["p_wilcoxon"], entry["p_sign"], entry["w_plus"]) == (
        None,
        None,
        None,
        0.0,
    )
    assert (entry["tost_p"], entry["verdict"], entry["p_mcnemar"]) == (0.0, "about_the_same", 1.0)
    assert set(reasons(found, "items[0]").values()) >= {"nobody gave a different answer"}


def test_one_person_has_a_mean_and_nothing_that_needs_spread(in_app: Flask, tmp_path: Path) -> None:
    found = compared(tmp_path, items=[HOURS], responses=answers("hours", [(1, 3)]))
    entry = found["items"][0]
    assert (entry["n_paired"], entry["mean_change"], entry["verdict"]) == (1, 2.0, "cannot_tell")
    missing = {key for key in ITEM if entry[key] is None}
    assert missing == reasons(found, "items[0]").keys()
    assert {"sd_change", "ci_low", "t", "d_z", "tost_p"} <= missing


def test_nobody_answering_twice_leaves_every_paired_figure_null_with_a_reason(
    in_app: Flask, tmp_path: Path
) -> None:
    rows = answers("hours", [(1, None), (None, 3)])
    found = compared(tmp_path, items=[HOURS], responses=rows)
    entry = found["items"][0]
    assert (entry["n_pre"], entry["n_post"], entry["n_paired"], entry["verdict"]) == (1, 1, 0, "cannot_tell")
    assert {key for key in ITEM if entry[key] is None} == reasons(found, "items[0]").keys()
    assert found["n"] == {"pre": 1, "post": 1, "paired": 0}


def test_shares_without_favour_from_are_null_without_a_note(in_app: Flask, tmp_path: Path) -> None:
    plain = {**HOURS, "scale": {"min": 1, "max": 5}}
    found = compared(tmp_path, items=[plain], responses=answers("hours", [(1, 2), (2, 4), (3, 3)]))
    assert found["items"][0]["share_pre"] is None
    assert reasons(found, "items[0]") == {}


def test_a_ranking_has_neither_delta_nor_verdict_and_no_note_of_it(in_app: Flask, tmp_path: Path) -> None:
    rows = [
        [f"p{n}", wave, "policy", option, "answered", place, ""]
        for n in range(3)
        for wave, order in (("pre", "abc"), ("post", "bca" if n else "bac"))
        for place, option in enumerate(order, start=1)
    ]
    found = compared(tmp_path, items=[POLICY], responses=rows)
    entry = next(e for e in found["ranks"] if e["option"] == "a")
    assert entry["mean_change"] == pytest.approx(5 / 3)  # a worse place
    assert (entry["delta"], entry["verdict"], entry["tost_p"], entry["p_holm"]) == (None,) * 4
    assert not any(note["path"].endswith(("delta", "verdict", "tost_p", "p_holm")) for note in found["notes"])


def test_the_plan_decides_what_is_corrected_and_what_matters(in_app: Flask, tmp_path: Path) -> None:
    other = {**HOURS, "key": "other-item"}
    pairs = [(1, 2), (2, 4), (3, 3), (2, 3)]
    found = compared(
        tmp_path,
        items=[HOURS, other],
        responses=answers("hours", pairs) + answers("other-item", pairs),
        plan={"primary": ["hours"], "delta": {"hours": 2.0}},
    )
    first, second = found["items"]
    assert (first["delta"], second["delta"]) == (2.0, 0.25)
    assert (first["p_holm"], second["p_holm"]) == (first["p_t"], None)
    assert (first["verdict"], second["verdict"]) == ("about_the_same", "cannot_tell")


def test_an_evaluation_is_a_distribution_without_notes(in_app: Flask, tmp_path: Path) -> None:
    learnt = {"key": "learnt", "form": "evaluation", "stem": "I learnt …", "scale": {"min": 0, "max": 10}}
    rows = answers("hours", [(1, 2)]) + answers("learnt", [(None, 7), (None, 9)])
    found = compared(tmp_path, items=[HOURS, learnt], responses=rows)
    entry = found["items"][1]
    assert (entry["n_pre"], entry["n_post"], entry["mean_post"], entry["verdict"]) == (0, 2, 8.0, None)
    assert entry["counts_post"] == [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0]
    assert reasons(found, "items[1]") == {}


@pytest.mark.parametrize(("waves", "missing"), [(["post"], "post"), (["pre"], "pre")])
def test_an_item_asked_once_and_answered_by_nobody_says_so(
    in_app: Flask, tmp_path: Path, waves: list[str], missing: str
) -> None:
    once = {**HOURS, "key": "once", "waves": waves}
    found = compared(tmp_path, items=[HOURS, once], responses=answers("hours", [(1, 2)]))
    assert found["items"][1][f"mean_{missing}"] is None
    assert reasons(found, "items[1]").keys() == {f"mean_{missing}", f"share_{missing}"}


def test_raked_weights_are_refused_for_the_true_reason(consult: Run, tmp_path: Path) -> None:
    targets = csv_text(("variable", "category", "population"), [["age_band", "16-24", 100]])
    path = make_bundle(tmp_path / "targets", slug="targets", files={"targets.csv": targets})
    assert consult("load", path).returncode == 0
    done = consult("compare", "targets", "--weights", "raked")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == (
        "age_band: nobody has said how many people live here of 25-64, and it is needed of every group."
    )


def test_started_responses_are_not_counted(in_app: Flask, tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        items=[HOURS],
        responses=answers("hours", [(1, 2), (2, 4)]),
        files={
            "submissions.csv": csv_text(
                ("participant", "wave", "status"),
                [["p0", "pre", "submitted"], ["p0", "post", "submitted"], ["p1", "pre", "submitted"]],
            )
        },
    )
    assert (found["items"][0]["n_pre"], found["items"][0]["n_post"]) == (2, 1)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("nowhere",), "no consultation"),
        (("contract", "--item", "nothing"), "no item"),
        (("contract", "--by", "shoe_size"), "nothing called 'shoe_size'"),
        (("contract", "--weights", "raked"), "no targets"),
        (("contract", "--weights", "heavy"), "Invalid value"),
    ],
)
def test_an_unknown_name_is_refused(consult: Run, tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    assert (
        consult("load", made(tmp_path, items=[HOURS], responses=answers("hours", [(1, 2)]))).returncode == 0
    )
    done = consult("compare", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_there_is_no_comparison_before_every_stage_has_closed(consult: Run, tmp_path: Path) -> None:
    def stage(opens: str, closes: str) -> dict[str, Any]:
        return {"opens": datetime.fromisoformat(opens), "closes": datetime.fromisoformat(closes)}

    stages = {
        "survey": stage("2020-01-06T09:00", "2020-01-20T17:00"),
        "forum": stage("2020-02-03T09:00", "2020-02-20T17:00"),
        "follow_up": stage("2020-03-02T09:00", "2999-03-20T17:00"),
    }
    path = make_bundle(tmp_path / "open", slug="open-now", state="published", stages=stages)
    assert consult("load", path).returncode == 0
    done = consult("compare", "open-now", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "until every stage has closed" in done.stderr
