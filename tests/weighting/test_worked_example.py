"""The worked example of the method through the whole way: a bundle, its targets, weights, the comparison."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.analysis.service import comparison
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.stats.weights import kish_deff
from consult.weighting.queries import find_by_settings, weights_of
from consult.weighting.rules import Settings
from consult.weighting.service import freeze_weights
from tests.making.worked import YOUNG, example, margins, people, worked_bundle
from tests.stats.cases import close

AS_THEY_ARE = Settings(trim=None, collapse=None)
"""Twenty people are fewer than the smallest group that stays apart, so nothing is put together or cut."""


def loaded(path: Path, **bundle: Any) -> Consultation:
    return load_bundle(OPERATOR, worked_bundle(path, **bundle), replace=False, progress=None).consultation


def expected(kind: str) -> dict[str, tuple[Any, float]]:
    return {
        key: (entry["value"], entry["rel_tol"])
        for key, entry in example()["expected"].items()
        if key.startswith(f"{kind}.")
    }


def agree(got: dict[str, Any], kind: str, *, but: set[str]) -> None:
    there = expected(kind)
    assert there.keys() - got.keys() == but
    assert not {key: got[key] for key in got if not close(got[key], *there[key])}


# What the pipeline does not make: another way of trimming, which the method has no setting for.
TRIMMED = {
    "weight.trim_cap15_rescaled",
    "weight.trim_kish_deff",
    "weight.trim_mean_diff",
    "weight.trim_residual_margin_error",
}


def test_every_weighted_figure_comes_out_of_the_whole_way(in_app: Flask, tmp_path: Path) -> None:
    consultation = loaded(tmp_path / "in")
    found = comparison(OPERATOR, consultation, weights="raked", settings=AS_THEY_ARE)
    version = find_by_settings(consultation.id, AS_THEY_ARE)
    assert version is not None
    weights = list(weights_of(version).values())
    entry, beside, report = found["items"][0], found["weighting"]["items"][0], found["weighting"]["report"]
    agree(
        {
            "weight.raked": weights,
            "weight.kish_deff": report["kish_deff"],
            "weight.n_eff": entry["n_eff"],
            "weight.max_to_min": report["max_to_min"],
            "weight.mean_t1": entry["mean_pre_paired"],
            "weight.mean_t3": entry["mean_post_paired"],
            "weight.mean_diff": entry["mean_change"],
            "weight.se_linearised": entry["se_change"],
            "weight.se_raking_aware": beside["se_raking_aware"],
            "weight.df": entry["df"],
            "weight.t": entry["t"],
            "weight.p": entry["p_t"],
            "weight.ci95": (entry["ci_low"], entry["ci_high"]),
            "weight.deff_actual": beside["deff"],
            "weight.support_t1": entry["share_pre"],
            "weight.support_t3": entry["share_post"],
            "weight.support_change": entry["share_change"],
        },
        "weight",
        but=TRIMMED,
    )
    assert report["converged"]
    assert found["weights"] == "raked"
    assert found["weighting"]["version"] == version.number == 1
    assert (found["n"], entry["n_pre"]) == ({"pre": 28, "post": 20, "paired": 20}, 28)


def test_what_is_not_weighted_is_what_it_is_without_weights(in_app: Flask, tmp_path: Path) -> None:
    consultation = loaded(tmp_path / "in")
    plain = comparison(OPERATOR, consultation)
    found = comparison(OPERATOR, consultation, weights="raked", settings=AS_THEY_ARE)
    without, entry, beside = plain["items"][0], found["items"][0], found["weighting"]["items"][0]
    same = {
        *("n_pre", "n_post", "n_paired", "n_up", "n_same", "n_down", "counts_pre", "counts_post"),
        *("w_plus", "z_pratt", "p_wilcoxon", "p_sign", "p_mcnemar", "sd_change", "d_z", "d_av", "g_av"),
        *("dont_know_pre", "dont_know_post", "transition", "delta"),
    }
    assert {key: entry[key] for key in same} == {key: without[key] for key in same}
    assert beside["unweighted"] == {key: without[key] for key in beside["unweighted"]}
    assert list(entry) == list(without)
    assert (without["method"], entry["method"]) == ("paired-t", "raked-t")
    assert (without["verdict"], entry["verdict"]) == ("moved", "cannot_tell")
    assert found["attrition"] == plain["attrition"]


def test_who_stayed_is_compared_with_who_left(in_app: Flask, tmp_path: Path) -> None:
    consultation = loaded(tmp_path / "in", asked=YOUNG)
    found = comparison(OPERATOR, consultation, by="sex")["attrition"]
    (item,) = found["items"]
    bounds, sex = item["bounds"], found["by"]
    version = freeze_weights(OPERATOR, consultation, Settings(trim=None, collapse=None, for_staying=True))
    got = {
        "attr.retention": found["retention"],
        "attr.mean_t1_completers": item["mean_stayed"],
        "attr.mean_t1_dropouts": item["mean_left"],
        "attr.smd": item["smd"],
        "attr.welch_t": item["t"],
        "attr.welch_df": item["df"],
        "attr.fisher_sex_p": sex["p_exact"],
        "attr.ipw_deff_kish": version.report["staying"]["kish_deff"],
        "attr.manski_bounds": (bounds["low"], bounds["high"]),
        "attr.locf_mean_change": bounds["carried_forward"],
        "attr.CV": found["evenness"]["cv"],
        "attr.max_abs_bias_bound_in_points": item["largest_bias"],
    }
    # Inside the model: held by the tests of the method, and by what comes of it here. R is not told of 28.
    inside = {
        *("attr.ipw_normalised", "attr.ipw_mean_change", "attr.ipw_se_linearised", "attr.R_unadjusted"),
        *("attr.propensity_completers", "attr.logit_coef_const_t1_male_young"),
        *("attr.chi2_age", "attr.chi2_age_p"),
    }
    agree(got, "attr", but=inside)
    assert found["evenness"]["r"] is found["evenness"]["r_unadjusted"] is None
    assert found["evenness"]["r_se"] == pytest.approx(
        example()["r_only_reference"]["values"]["attr.R_se"], rel=1e-6
    )


def test_ages_are_compared_too(in_app: Flask, tmp_path: Path) -> None:
    found = comparison(OPERATOR, loaded(tmp_path / "in"), by="age")["attrition"]["by"]
    there = expected("attr")
    assert close(found["chi2"], *there["attr.chi2_age"])
    assert close(found["p"], *there["attr.chi2_age_p"])
    left = [sum(who["age"] == group and "t3" not in who for who in people()) for group in ("16-34", "35-64")]
    assert [category["n_left"] for category in found["categories"][:2]] == left


def test_weights_for_staying_are_where_raking_begins(in_app: Flask, tmp_path: Path) -> None:
    """Raked from the example's own weights for staying, person by person in plain Python."""
    consultation = loaded(tmp_path / "in", asked=YOUNG)
    settings = Settings(trim=None, collapse=None, for_staying=True)
    version = freeze_weights(OPERATOR, consultation, settings)
    base = example()["expected"]["attr.ipw_normalised"]["value"]
    assert kish_deff(base) == pytest.approx(version.report["staying"]["kish_deff"], rel=1e-6)
    here = people()[: len(base)]
    weights = list(base)
    shares = {
        name: {group: count / 10_000 for group, count in counts.items()}
        for name, counts in margins(YOUNG).items()
    }
    for _ in range(500):
        for name, living in shares.items():
            for group, share in living.items():
                inside = [n for n, who in enumerate(here) if YOUNG[name][who[name]] == group]
                held = sum(weights[n] for n in inside) / sum(weights)
                for n in inside:
                    weights[n] *= share / held
    wanted = np.array(weights) / np.mean(weights)
    assert list(weights_of(version).values()) == pytest.approx(wanted, rel=1e-6)
