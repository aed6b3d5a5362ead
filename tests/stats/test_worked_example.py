"""Every value of the worked example that the method computes, and none forgotten."""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from consult.stats.agreement import agreement
from consult.stats.change import change_of, paired_change
from consult.stats.effect_size import d_z_interval, hedges_j, standardised_change
from consult.stats.equivalence import equivalence
from consult.stats.multiplicity import benjamini_hochberg, holm
from consult.stats.nominal import bowker, nominal_change
from consult.stats.pairs import Paired
from consult.stats.ranks import hodges_lehmann, sign_test, signed_rank
from consult.stats.reasoning import correlations, reason_index
from consult.stats.shares import (
    bonett_price_interval,
    newcombe_interval,
    share_change,
    shares_from,
    tango_interval,
    wald_interval,
)
from consult.stats.transition import noise_floor, transition_of
from tests.stats.cases import close, reference

FILE = "golden/worked_example.json"
OURS = [
    "desc",
    "paired",
    "effect",
    "wilcoxon",
    "sign",
    "mcnemar",
    "tost",
    "change",
    "dri",
    "cat3",
    "cat5",
    "noise",
    "multi",
    "coding",
]
THREE_SIDES = np.array([-1, 0, 0, 1, 2, 2])
NOISE_MARGIN = [0.12, 0.21, 0.22, 0.27, 0.18]


def answers():
    people = reference(FILE)["data"]["respondents"]
    return np.array([who["t1"] for who in people]), np.array([who["t3"] for who in people])


def described(pairs, change):
    return {
        "desc.n": pairs.n,
        "desc.mean_t1": change.mean_before,
        "desc.mean_t3": change.mean_after,
        "desc.sd_t1": change.sd_before,
        "desc.sd_t3": change.sd_after,
        "desc.freq_t1": pairs.before_counts,
        "desc.freq_t3": pairs.after_counts,
        "desc.transition_counts": pairs.counts,
        "paired.mean_diff": change.mean,
        "paired.sd_diff": change.sd,
        "paired.se": change.se,
        "paired.t": change.t,
        "paired.df": change.df,
        "paired.p": change.p,
        "paired.ci95": (change.low, change.high),
    }


def standardised(pairs):
    effect = standardised_change(pairs)
    return {
        "effect.dz": effect.d_z,
        "effect.gz": effect.g_z,
        "effect.dav_rms_sds": effect.d_av,
        "effect.gav_rms": effect.g_av,
        "effect.dav_mean_of_sds": effect.d_av_mean_sds,
        "effect.drm": effect.d_rm,
        "effect.dz_ci95_nct": d_z_interval(pairs),
        "effect.hedges_J_exact": hedges_j(pairs.n - 1),
    }


def ranked(pairs):
    signs = sign_test(pairs.n_up, pairs.n_down)
    found = {
        "sign.up": pairs.n_up,
        "sign.down": pairs.n_down,
        "sign.p_exact": signs.p_exact,
        "sign.p_mid": signs.p_mid,
        "wilcoxon.n_nonzero": pairs.n_up + pairs.n_down,
        "wilcoxon.hodges_lehmann": hodges_lehmann(pairs),
    }
    for zeros in ("drop", "pratt", "zsplit"):
        got = signed_rank(pairs, zeros=zeros)
        found |= {
            f"wilcoxon.{zeros}.Wplus": got.w_plus,
            f"wilcoxon.{zeros}.Wminus": got.w_minus,
            f"wilcoxon.{zeros}.T_min": min(got.w_plus, got.w_minus),
            f"wilcoxon.{zeros}.z_abs": abs(got.z),
            f"wilcoxon.{zeros}.p_asymptotic": got.p_asymptotic,
            f"wilcoxon.{zeros}.p_asymptotic_cc": got.p_asymptotic_cc,
            f"wilcoxon.{zeros}.p_exact_permutation": got.p_exact,
            f"wilcoxon.rank_biserial_{zeros}": got.rank_biserial,
        }
    return found


def supported(pairs):
    table = shares_from(pairs, 4)
    got = share_change(table)
    return {
        "mcnemar.table_rowsT1_yes_no": [[table.both, table.only_before], [table.only_after, table.neither]],
        "mcnemar.diff_T3_minus_T1": got.difference,
        "mcnemar.chi2": got.chi2,
        "mcnemar.chi2_cc": got.chi2_cc,
        "mcnemar.p_asymptotic": got.p_asymptotic,
        "mcnemar.p_cc": got.p_cc,
        "mcnemar.p_exact": got.p_exact,
        "mcnemar.p_mid": got.p_mid,
        "mcnemar.ci_newcombe": newcombe_interval(table),
        "mcnemar.ci_tango": tango_interval(table),
        "mcnemar.ci_wald": wald_interval(table),
        "mcnemar.ci_bonett_price": bonett_price_interval(table),
    }


def equivalent(change):
    found = {}
    for delta in (0.25, 0.5, 1.0):
        got = equivalence(change, delta)
        found |= {
            "tost.ci90": (got.low, got.high),
            f"tost.bound_{delta}.p": got.p,
            f"tost.bound_{delta}.p_lower": got.p_lower,
            f"tost.bound_{delta}.p_upper": got.p_upper,
            f"tost.bound_{delta}.t_lower": got.t_lower,
            f"tost.bound_{delta}.t_upper": got.t_upper,
        }
    return found


def moved(pairs):
    got = transition_of(pairs, midpoint=3)
    return {
        "change.share_up": got.share_up,
        "change.share_same": got.share_same,
        "change.share_down": got.share_down,
        "change.gross_share_changed": got.gross,
        "change.gross_mean_abs": got.mean_abs,
        "change.net_mean": got.net,
        "change.net_categorical_TV": got.net_categorical,
        "change.net_to_gross": got.net_to_gross,
        "change.crossed_midpoint": got.crossed_midpoint,
        "change.moved_side_3cat": got.moved_side,
        "change.transition_row_props": got.row_shares,
    } | {
        f"noise.share_changing_answer_no_true_change_rel{reliability}": noise_floor(NOISE_MARGIN, reliability)
        for reliability in (0.5, 0.6, 0.7, 0.8, 0.9)
    }


def chosen(name, pairs):
    got, traffic = nominal_change(pairs), bowker(pairs)
    return {
        f"{name}.stuart_maxwell": got.stuart_maxwell,
        f"{name}.stuart_df": got.df,
        f"{name}.stuart_p": got.p,
        f"{name}.stuart_p_exact": got.p_exact,
        f"{name}.bhapkar": got.bhapkar,
        f"{name}.bhapkar_p": got.p_bhapkar,
        f"{name}.bowker": traffic.chi2,
        f"{name}.bowker_df_nonempty": traffic.df,
        f"{name}.bowker_p_df_nonempty": traffic.p,
        f"{name}.bowker_df_full": traffic.df_full,
        f"{name}.bowker_p_df_full": traffic.p_full,
        f"{name}.bowker_p_exact": traffic.p_exact,
    }


def reasoned():
    data = reference(FILE)["data"]
    found, indices = {}, []
    for wave in ("1", "3"):
        who = list(data["considerations"][wave])
        ratings = [data["considerations"][wave][name] for name in who]
        places = [data["preferences"][wave][name] for name in who]
        got = reason_index(ratings, places)
        indices.append(got)
        pair = np.triu_indices(got.n, k=1)
        rho_c, rho_p = correlations(ratings, places)
        found |= {
            f"dri.group_t{wave}": got.dri,
            f"dri.adjusted_tau02_t{wave}": got.adjusted,
            f"dri.permutation_mean_exact_t{wave}": got.chance,
            f"dri.excess_over_chance_t{wave}": got.excess,
            f"dri.individual_t{wave}": got.individual,
            f"dri.pearson_rC_rP_t{wave}": stats.pearsonr(rho_c[pair], rho_p[pair]).statistic,
        }
    before, after = indices
    change = paired_change(before.individual, after.individual)
    return found | {
        "dri.change_group": after.dri - before.dri,
        "dri.individual_change_mean": change.mean,
        "dri.individual_change_t": change.t,
        "dri.individual_change_p": change.p,
    }


def by_a_library_or_by_hand(pairs):
    """What the reference names and the product does not show; so that no key goes unread."""
    p_values = reference(FILE)["data"]["item_pvalues"]
    return {
        "effect.hedges_J_approx": 1 - 3 / (4 * (pairs.n - 1) - 1),
        "effect.r_t1_t3": stats.pearsonr(*answers()).statistic,
        "multi.holm": holm(p_values),
        "multi.bh": benjamini_hochberg(p_values),
        "multi.bonferroni": np.minimum(1.0, np.array(p_values) * len(p_values)),
    }


@cache
def computed():
    before, after = answers()
    pairs = Paired.from_points(before, after, low=1, high=5)
    sides = Paired.from_points(THREE_SIDES[before], THREE_SIDES[after], low=0, high=2)
    change = change_of(pairs)
    return {
        **described(pairs, change),
        **standardised(pairs),
        **ranked(pairs),
        **supported(pairs),
        **equivalent(change),
        **moved(pairs),
        **chosen("cat5", pairs),
        **chosen("cat3", sides),
        **reasoned(),
        **by_a_library_or_by_hand(pairs),
        **coded(),
    }


def coded():
    by = reference(FILE)["data"]["coding"]
    found = agreement(list(zip(by["coder_A"], by["coder_B"], strict=True)))
    return {"coding.krippendorff_nominal": found.alpha, "coding.percent_agreement": found.percent}


def test_every_value_of_the_worked_example_is_reached():
    expected = {key: value for key, value in reference(FILE)["expected"].items() if key.split(".")[0] in OURS}
    got = computed()
    unread = sorted(expected.keys() - got.keys())
    assert not unread, "values of the worked example that nothing computes"
    apart = {
        key: (got[key], value["value"])
        for key, value in expected.items()
        if not close(got[key], value["value"], value["rel_tol"])
    }
    assert not apart
    assert len(expected) > 80


def test_the_comparison_notices_a_wrong_value_and_a_wrong_shape():
    assert close(1.0, 1.0 + 5e-7, 1e-6)
    assert not close(1.0, 1.0 + 5e-6, 1e-6)
    assert not close([1.0, 2.0], [1.0], 1e-6)
    assert not close(float("nan"), 1.0, 1e-6)


@pytest.mark.parametrize("wave", [0, 1])
def test_the_example_has_twenty_people_on_five_points(wave):
    assert len(answers()[wave]) == 20
    assert set(answers()[wave]) == {1, 2, 3, 4, 5}
