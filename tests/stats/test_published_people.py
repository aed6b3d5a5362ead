"""Published and reference examples of weights and of who came back, read from beside the project."""

import numpy as np
import pytest

from consult.stats.logit import design_of, logit
from consult.stats.margins import Variable
from consult.stats.raking import RakingSettings, rake
from consult.stats.retention import partial_indicators, retention_indicator
from consult.stats.weighted import weighted_mean
from consult.stats.weights import kish_deff
from tests.stats.cases import close, reference

FILE = "golden/golden.json"


def example(name):
    return next(e for e in reference(FILE)["examples"] if e["id"] == name)


def rows(cells, *names):
    """Whole numbers for the columns of cells, in the order of their sorted values."""
    return [np.unique([cell[name] for cell in cells], return_inverse=True)[1] for name in names]


def test_schools_are_raked_as_the_survey_package_of_r_does_it():
    there = example("rake_api")
    cells, margins = there["inputs"]["cells"], there["inputs"]["margins"]
    kind, wide = rows(cells, "stype", "sch.wide")
    raked = rake(
        [
            Variable("stype", kind, list(margins["stype"].values())),
            Variable("sch.wide", wide, list(margins["sch_wide"].values())),
        ],
        base=[cell["pw"] for cell in cells],
        settings=RakingSettings(collapsing=None, limits=None),
    )
    expected = there["expected"]
    got = raked.weights / raked.weights.sum() * sum(margins["stype"].values())
    assert close(got, expected["cell_weight_raked"], there["rel_tol"])
    means = [cell["mean_api00"] for cell in cells]
    assert close(weighted_mean(means, raked.weights).mean, expected["mean_raked"], there["rel_tol"])
    assert close(weighted_mean(means, raked.base).mean, expected["mean_unraked"], there["rel_tol"])


def test_the_price_of_unequal_weights_is_kish_s():
    there = example("kish_deff")
    weights = [1.0] * 50 + [2.0] * 50
    assert close(kish_deff(weights), there["expected"]["two_class"], 1e-12)
    assert close(100 / kish_deff(weights), there["expected"]["n_eff_two_class"], 1e-12)
    # Only sums are published of the other: two weights that have the same sum and the same squares.
    nhis = there["inputs"]["nhis"]
    mean = nhis["sum_w"] / nhis["n"]
    apart = np.sqrt((nhis["sum_w2"] / nhis["n"] - mean**2) * nhis["n"] / (nhis["n"] - 1))
    alike = np.full(nhis["n"], mean)
    alike[: nhis["n"] - 1 : 2] += apart
    alike[1 : nhis["n"] : 2] -= apart
    assert alike.sum() == pytest.approx(nhis["sum_w"])
    assert (alike**2).sum() == pytest.approx(nhis["sum_w2"])
    assert close(kish_deff(alike), there["expected"]["nhis"], there["rel_tol"])


def test_the_indicators_of_risq_s_test_data_are_its_own():
    there = example("r_indicator_risq")
    cells, expected = there["inputs"]["cells"], there["expected"]
    names = ("gender", "urb", "job")
    asked = np.array([cell["n"] for cell in cells])
    came = np.concatenate([np.arange(cell["n"]) < cell["resp"] for cell in cells])
    codes = {name: np.repeat(codes, asked) for name, codes in zip(names, rows(cells, *names), strict=True)}
    fitted = logit(design_of({}, codes).matrix, came)
    got = retention_indicator(fitted)
    parts = partial_indicators(fitted, codes, bias_factor=got.bias_factor)
    found = {
        "R_unadjusted": got.r_unadjusted,
        "R_bias_adjusted": got.r,
        "R_se": got.se,
        "CV": got.cv_unadjusted,
        "CV_se": got.cv_se,
        "response_rate": got.rate,
    }
    for key, value in found.items():
        assert close(value, expected[key], there["rel_tol"] / 100), key  # R's fit stops at eight digits
    for name in names:
        assert close(
            parts[name].unconditional_unadjusted, expected["partial_unconditional_unadj"][name], 1e-8
        )
        assert close(parts[name].conditional_unadjusted, expected["partial_conditional_unadj"][name], 1e-8)
    assert got.may_be_shown
    assert expected.keys() - found.keys() == {
        "partial_unconditional_unadj",
        "partial_conditional_unadj",
        "R_full_model_gender_age_urb_job_phone",  # two columns of it are not in the file
    }
