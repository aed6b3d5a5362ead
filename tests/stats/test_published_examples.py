"""Published and reference examples, read from beside the project; what is not of this package is named."""

import csv

import numpy as np
import pytest

from consult.stats.agreement import Level, agreement
from consult.stats.change import change_of, paired_change
from consult.stats.effect_size import hedges_j, standardised_change
from consult.stats.equivalence import equivalence
from consult.stats.multiplicity import benjamini_hochberg, holm
from consult.stats.nominal import bowker, nominal_change
from consult.stats.pairs import Paired
from consult.stats.ranks import sign_test, signed_rank
from consult.stats.reasoning import correlations, reason_index
from consult.stats.shares import (
    Fourfold,
    bonett_price_interval,
    newcombe_interval,
    share_change,
    tango_interval,
    wald_interval,
)
from tests.stats.cases import SHARED, changes, close, reference, table

FILE = "golden/golden.json"
PRINTED = 5e-5
# Of another package, or in test_published_people.py: weights and who came back.
ELSEWHERE = {
    "van_der_eijk_A",
    "rake_api",
    "kish_deff",
    "pitman_morgan_corn",
    "r_indicator_risq",
    "rtm_barnett",
    "power_paired",
    "polis_metrics",
    "sortition",
}
# Exact unconditional McNemar and the interval of Agresti and Min: neither is shown, so neither is computed.
NOT_COMPUTED = {"p_exact_unconditional_gamma1e4", "ci_agresti_min"}


def zeros_and_ties(inputs):
    pairs = changes(*np.repeat(inputs["differences"], inputs["frequency"]).tolist())
    found = {"pratt_exact_permutation_p": signed_rank(pairs, exact_up_to=100).p}
    for zeros in ("pratt", "zsplit", "drop"):
        got = signed_rank(pairs, zeros=zeros)
        found[f"{zeros}.T"] = min(got.w_plus, got.w_minus)
        found[f"{zeros}.p"], found[f"{zeros}.abs_z"] = got.p, abs(got.z)
    return found


def signs(inputs):
    got = sign_test(inputs["up"], inputs["down"])
    return {"p_exact": got.p_exact, "p_mid": got.p_mid}


def shares(inputs):
    (both, fell), (rose, neither) = inputs["table_rows_before_yes_no_cols_after"]
    # The source takes before minus after: the waves change places.
    there = Fourfold(both, rose, fell, neither)
    got = share_change(there)
    return {
        "z": (fell - rose) / np.sqrt(fell + rose),
        "p_asymptotic": got.p_asymptotic,
        "p_cc": got.p_cc,
        "p_exact_conditional": got.p_exact,
        "p_mid": got.p_mid,
        "diff_before_minus_after": got.difference,
        "ci_wald": wald_interval(there),
        "ci_bonett_price": bonett_price_interval(there),
        "ci_newcombe": newcombe_interval(there),
        "ci_tango": tango_interval(there),
    }


def choices(inputs):
    got, traffic = nominal_change(table(inputs["table"])), bowker(table(inputs["table"]))
    return {
        "stuart": got.stuart_maxwell,
        "stuart_df": got.df,
        "stuart_p": got.p,
        "bhapkar": got.bhapkar,
        "bhapkar_p": got.p_bhapkar,
        "bowker": traffic.chi2,
        "bowker_df_full": traffic.df_full,
        "bowker_df_nonempty": traffic.df,
        "bowker_p_full": traffic.p_full,
        "bowker_p_nonempty": traffic.p,
    }


def sleep(inputs):
    pairs = Paired.from_scores(np.array(inputs["y"]), np.array(inputs["x"]))
    change, effect = change_of(pairs), standardised_change(pairs)
    got = equivalence(change, inputs["bound"])
    return {
        "t": change.t,
        "p": change.p,
        "df": change.df,
        "mean_diff": change.mean,
        "dz": effect.d_z,
        "gz": effect.g_z,
        "lower_t": got.t_lower,
        "lower_p": got.p_lower,
        "upper_t": got.t_upper,
        "upper_p": got.p_upper,
        "ci90": (got.low, got.high),
    }


def corrections(inputs):
    return {"J": [hedges_j(df) for df in inputs["df"]]}


def many(inputs):
    p_values = inputs["p"]
    return {
        "BH_adjusted": benjamini_hochberg(p_values),
        "holm_adjusted": holm(p_values),
        "rejected_BH_05": sum(p <= 0.05 for p in benjamini_hochberg(p_values)),
        "rejected_holm_05": sum(p <= 0.05 for p in holm(p_values)),
        "rejected_bonferroni_05": sum(p * len(p_values) <= 0.05 for p in p_values),
    }


def toy_reasons(inputs):
    got = reason_index(inputs["C"], inputs["P"])
    rho_c, rho_p = (rho[np.triu_indices(got.n, k=1)] for rho in correlations(inputs["C"], inputs["P"]))
    return {
        "rho_C": rho_c,
        "rho_P": rho_p,
        "d": np.abs(rho_c - rho_p) / np.sqrt(2),
        "DRI": got.dri,
        "DRI_individual": got.individual,
    }


def coders(inputs):
    units = list(zip(*inputs["data_rows_are_observers"], strict=True))
    return {level.value: agreement(units, level=level).alpha for level in Level}


CHECKS = {
    "wilcoxon_zeros": zeros_and_ties,
    "sign_test": signs,
    "mcnemar_bentur2009": shares,
    "stuart1955_vision": choices,
    "peterson2007": choices,
    "tost_sleep": sleep,
    "dri_toy": toy_reasons,
    "bh1995": many,
    "hedges_J": corrections,
    "krippendorff_C": coders,
}


def flat(expected, prefix=""):
    for key, value in expected.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def test_every_published_example_is_checked_or_belongs_elsewhere():
    there = {example["id"] for example in reference(FILE)["examples"]}
    assert there <= CHECKS.keys() | ELSEWHERE


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_published_example_is_reproduced(name):
    example = next(e for e in reference(FILE)["examples"] if e["id"] == name)
    got = CHECKS[name](example["inputs"])
    expected = {key: value for key, value in flat(example["expected"]) if key not in NOT_COMPUTED}
    assert expected.keys() <= got.keys()
    for key, value in expected.items():
        # Intervals and the toy's correlations are given as they were printed.
        loose = max(example["rel_tol"], PRINTED) if key.startswith("ci_") else example["rel_tol"]
        assert close(got[key], value, loose), key


def test_real_items_moved_as_an_independent_count_says():
    folder = SHARED / "data" / "bundles"
    if not folder.exists():
        pytest.skip("the bundles of real cases are not beside the project")
    places = {"Aargau": "aargau", "Activate": "uppsala-speaks", "Standard": "uppsala-speaks"}
    places["Fremantle"] = "fremantle-bridge"
    found = {}
    for bundle in set(places.values()):
        with (folder / bundle / "responses.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["status"] == "answered":
                    item = row["option"] or row["item"]
                    found.setdefault((bundle, item), {}).setdefault(row["participant"], {})[row["wave"]] = (
                        float(row["value"])
                    )
    members = {}
    for bundle in set(places.values()):
        with (folder / bundle / "participants.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                members.setdefault(row["group"], set()).add(row["participant"])
    with (folder / "expected_paired_shift.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        people = found[places[row["case"]], row["item"]]
        both = [waves for who, waves in people.items() if who in members[row["case"]]]
        before, after = (np.array([waves.get(wave, np.nan) for waves in both]) for wave in ("pre", "post"))
        got = paired_change(before, after)
        pairs = Paired.from_scores(before, after)
        assert [got.n, pairs.n_up, pairs.n_same, pairs.n_down] == [
            int(row[name]) for name in ("n_paired", "n_up", "n_same", "n_down")
        ]
        for value, name in (
            (got.mean, "mean_change_paired"),
            (got.sd, "sd_change"),
            (got.t, "t"),
            (got.p, "p_t"),
        ):
            expected = float(row[name]) if row[name] not in ("", "nan") else None
            assert value == (None if expected is None else pytest.approx(expected, abs=2e-6)), (
                row["case"],
                row["item"],
            )
    assert len(rows) > 100
