"""Every value of the worked example about who took part, who stayed and what they weigh; none forgotten."""

from functools import cache

import numpy as np
import pytest

from consult.stats.attrition import change_bounds, compare_categories, compare_scores, weights_for_staying
from consult.stats.logit import logit
from consult.stats.margins import Variable
from consult.stats.raking import RakingSettings, rake
from consult.stats.representation import representation
from consult.stats.retention import retention_indicator
from consult.stats.weighted import weighted_change, weighted_mean, weighted_share_change
from consult.stats.weights import Limits, cut, kish_deff
from tests.stats.cases import close, reference

FILE = "golden/worked_example.json"
OURS = {"rep", "attr", "weight"}
AS_THEY_ARE = RakingSettings(collapsing=None, limits=None)
"""Twenty people are fewer than the smallest category that is raked to, so nothing is put together or cut."""


def people(*groups):
    return [who for group in groups for who in reference(FILE)["data"][group]]


def column(name, *groups):
    return np.array([who[name] for who in people(*groups)])


def margins():
    return reference(FILE)["data"]["population_margins"]


def codes(name, *groups):
    return np.array([list(margins()[name]).index(value) for value in column(name, *groups)])


def variables(*groups):
    return [
        Variable(name, codes(name, *groups), list(shares.values()), is_ordered=name == "age")
        for name, shares in margins().items()
    ]


def shown():
    found = {}
    for name, shares in margins().items():
        counts = np.bincount(codes(name, "respondents", "dropouts_t1_only"), minlength=len(shares))
        got = representation(counts.tolist(), list(shares.values()))
        found |= {
            f"rep.{name}.CV_propensity": got.participation_cv,
            f"rep.{name}.TV_duncan": got.total_variation,
            f"rep.{name}.people_to_swap": got.people_to_swap,
            f"rep.{name}.chi2": got.chi2,
            f"rep.{name}.p": got.p,
            f"rep.{name}.max_gap_pp": got.max_gap_points,
            f"rep.{name}.min_ratio": got.min_ratio,
            f"rep.{name}.poststrat_deff": got.weighting_price,
        }
    return found


def weighed():
    before, after = column("t1", "respondents"), column("t3", "respondents")
    raked = rake(variables("respondents"), settings=AS_THEY_ARE)
    got = weighted_change(before, after, raked.weights, columns=raked.columns())
    support = weighted_share_change(before, after, raked.weights, at_least=4)
    trimmed = cut(raked.weights, Limits(0.0, 1.5))
    errors = {
        name: {
            category: float(trimmed[codes(name, "respondents") == place].sum() / trimmed.sum() - living)
            for place, (category, living) in enumerate(shares.items())
        }
        for name, shares in margins().items()
    }
    return {
        "weight.raked": raked.weights,
        "weight.kish_deff": raked.report.kish_deff,
        "weight.n_eff": raked.report.n_eff,
        "weight.max_to_min": raked.report.max_to_min,
        "weight.mean_t1": got.before,
        "weight.mean_t3": got.after,
        "weight.mean_diff": got.change.mean,
        "weight.se_linearised": got.change.se,
        "weight.se_raking_aware": got.change.se_raking_aware,
        "weight.df": got.change.df,
        "weight.t": got.change.t,
        "weight.p": got.change.p,
        "weight.ci95": (got.change.low, got.change.high),
        "weight.deff_actual": got.change.deff,
        "weight.support_t1": support.before,
        "weight.support_t3": support.after,
        "weight.support_change": support.change.mean,
        "weight.trim_cap15_rescaled": trimmed,
        "weight.trim_kish_deff": kish_deff(trimmed),
        "weight.trim_mean_diff": weighted_mean(after - before, trimmed).mean,
        **{
            f"weight.trim_residual_margin_error.{name}.{category}": error
            for name, by_category in errors.items()
            for category, error in by_category.items()
        },
    }


def stayed():
    here, gone = "respondents", "dropouts_t1_only"
    before, after = column("t1", here, gone), column("t3", here)
    came = np.arange(before.size) < after.size
    fitted = logit(
        np.column_stack(
            [
                np.ones(before.size),
                before,
                column("sex", here, gone) == "M",
                column("age", here, gone) == "16-34",
            ]
        ),
        came,
    )
    even = retention_indicator(fitted)
    scores = compare_scores(column("t1", here), column("t1", gone))
    sex, age = (
        compare_categories(*(np.bincount(codes(name, g), minlength=k).tolist() for g in (here, gone)))
        for name, k in (("sex", 2), ("age", 3))
    )
    weights = weights_for_staying(fitted.chances[came])
    change = weighted_mean(after - before[came], weights)
    bounds = change_bounds(before, np.append(after, [np.nan] * int((~came).sum())), low=1, high=5)
    return {
        "attr.retention": sex.retention,
        "attr.mean_t1_completers": scores.stayed.mean,
        "attr.mean_t1_dropouts": scores.left.mean,
        "attr.smd": scores.smd,
        "attr.welch_t": scores.t,
        "attr.welch_df": scores.df,
        "attr.fisher_sex_p": sex.p_exact,
        "attr.chi2_age": age.chi2,
        "attr.chi2_age_p": age.p,
        "attr.logit_coef_const_t1_male_young": fitted.coefficients,
        "attr.propensity_completers": fitted.chances[came],
        "attr.ipw_normalised": weights,
        "attr.ipw_deff_kish": kish_deff(weights),
        "attr.ipw_mean_change": change.mean,
        "attr.ipw_se_linearised": change.se,
        "attr.manski_bounds": (bounds.low, bounds.high),
        "attr.locf_mean_change": bounds.carried_forward,
        "attr.R_unadjusted": even.r_unadjusted,
        "attr.CV": even.cv_unadjusted,
        "attr.max_abs_bias_bound_in_points": even.largest_bias(float(before.std(ddof=1))),
    }


@cache
def computed():
    return shown() | weighed() | stayed()


def flat(key, value):
    if not isinstance(value, dict):
        return {key: value}
    return {
        name: leaf for part, inner in value.items() for name, leaf in flat(f"{key}.{part}", inner).items()
    }


def test_every_value_of_the_worked_example_about_people_is_reached():
    expected, got = {}, computed()
    for key, entry in reference(FILE)["expected"].items():
        if key.split(".")[0] in OURS:
            expected |= {name: (value, entry["rel_tol"]) for name, value in flat(key, entry["value"]).items()}
    assert not sorted(expected.keys() - got.keys()), "values of the worked example that nothing computes"
    apart = {
        key: (got[key], value) for key, (value, tol) in expected.items() if not close(got[key], value, tol)
    }
    assert not apart
    assert len(expected) > 60


def test_what_only_r_computes_is_reached_too():
    there = reference(FILE)["r_only_reference"]["values"]
    raked = rake(variables("respondents"), settings=AS_THEY_ARE)
    change = column("t3", "respondents") - column("t1", "respondents")
    aware = weighted_mean(change, raked.weights, columns=raked.columns()).se_raking_aware
    assert aware == pytest.approx(there["weight.se_calibrated_design"], rel=1e-6)
    assert aware == pytest.approx(there["weight.se_raked_design"], rel=1e-6)


def test_an_indicator_of_28_people_is_not_shown():
    there = reference(FILE)["r_only_reference"]["values"]
    here, gone = "respondents", "dropouts_t1_only"
    before = column("t1", here, gone)
    came = np.arange(before.size) < len(people(here))
    sex, age = column("sex", here, gone) == "M", column("age", here, gone) == "16-34"
    got = retention_indicator(logit(np.column_stack([np.ones(before.size), before, sex, age]), came))
    assert got.r == there["attr.R_bias_adjusted"]
    assert got.se == pytest.approx(there["attr.R_se"], rel=1e-6)
    assert not got.may_be_shown


def test_who_would_rather_not_say_keeps_the_weight_that_the_other_variables_give():
    """R07 of the example says nothing of ethnicity: the targets apply to the nineteen who did."""
    sex, age, eth = variables("respondents")
    silent = eth.codes.copy()
    silent[6] = -1
    quiet = Variable("eth", silent, eth.population)
    raked = rake([sex, age, quiet], settings=AS_THEY_ARE)
    said = silent >= 0
    for variable in (sex, age):
        got = np.bincount(variable.codes, weights=raked.weights) / raked.weights.sum()
        assert got == pytest.approx(variable.population, abs=1e-9)
    among = np.bincount(silent[said], weights=raked.weights[said]) / raked.weights[said].sum()
    assert among == pytest.approx(eth.population, abs=1e-9)
    assert raked.report.variables[2].unanswered == 1
    # A man over 65 like R16, who is white: ethnicity scaled R16 and left R07 alone.
    assert raked.weights[6] != pytest.approx(raked.weights[15], rel=1e-3)
