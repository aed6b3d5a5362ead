import csv
import tomllib
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from consult.stats.reasoning import constant_raters, correlations, reason_index
from consult.stats.refusals import ConstantRater, NotFinite, ShapeMismatch, TooFewPeople
from tests.stats.cases import SHARED, steady

# deliberr 0.1.0 (CRAN), help(get_dri).
TOY_C = [[1, 2, 3, 4], [2, 3, 2, 3], [3, 4, 4, 3], [4, 3, 2, 1]]
TOY_P = [[1, 2, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]]
PAIRS = np.triu_indices(4, k=1)


def group(seed, n=7, considerations=6, options=4):
    rng = np.random.default_rng(seed)
    preferences = np.array([rng.permutation(options) for _ in range(n)])
    ratings = rng.integers(1, 8, size=(n, considerations))
    ratings[:, 0], ratings[:, 1] = 1, 7
    return ratings, preferences


groups = st.builds(group, st.integers(0, 10**6), st.integers(2, 12), st.integers(2, 9), st.integers(2, 6))


def test_the_toy_example_of_the_authors_package():
    rho_c, rho_p = correlations(TOY_C, TOY_P)
    assert rho_c[PAIRS] == pytest.approx([0.4472135955, 0, -1, 0, -0.4472135955, 0])
    assert rho_p[PAIRS] == pytest.approx([-0.5, -0.5, -1, -0.5, 0.5, 0.5])
    got = reason_index(TOY_C, TOY_P)
    assert got.n == 4
    assert got.dri == pytest.approx(-0.131475730333305, rel=1e-12)
    assert got.adjusted == pytest.approx(-0.131475730333305, rel=1e-12)
    assert got.individual == pytest.approx([0.0351909363333615, -0.596284793999944, 0.0, 0.0351909363333615])


def test_correlations_of_nothing_and_of_everything_are_exact():
    rho_c, _ = correlations(TOY_C, TOY_P)
    assert rho_c[0, 2] == 0.0
    assert rho_c[0, 3] == -1.0
    assert (np.diag(rho_c) == 1.0).all()


def test_two_people_who_agree_on_everything_have_the_highest_index():
    got = reason_index([[1, 2, 3]] * 2, [[1, 2]] * 2)
    assert (got.dri, got.adjusted, got.chance, got.excess) == (1.0, pytest.approx(1.0), 1.0, 0.0)


def test_two_people_who_reason_alike_and_prefer_the_opposite_have_the_lowest():
    assert reason_index([[1, 2, 3]] * 2, [[1, 2], [2, 1]]).dri == -3.0


def test_fewer_than_two_people_are_refused():
    with pytest.raises(TooFewPeople):
        reason_index([[1, 2, 3]], [[1, 2]])
    with pytest.raises(TooFewPeople):
        reason_index(np.empty((0, 3)), np.empty((0, 2)))


def test_who_gave_one_rating_to_everything_is_refused_and_can_be_found():
    ratings, places = [[1, 2, 3], [4, 4, 4], [3, 2, 1], [1, 3, 2]], [[1, 2], [1, 2], [2, 1], [1, 1]]
    assert constant_raters(ratings, places).tolist() == [False, True, False, True]
    with pytest.raises(ConstantRater) as refused:
        reason_index(ratings, places)
    assert refused.value.rows == (1, 3)


def test_one_item_or_none_makes_everybody_constant():
    assert constant_raters([[1], [2]], [[1, 2], [2, 1]]).all()
    assert constant_raters(np.empty((2, 0)), [[1, 2], [2, 1]]).all()


def test_different_people_and_flat_lists_are_refused():
    with pytest.raises(ShapeMismatch):
        reason_index(TOY_C, TOY_P[:3])
    with pytest.raises(ShapeMismatch):
        reason_index(TOY_C[0], TOY_P[0])


@pytest.mark.parametrize("hole", [np.nan, np.inf])
def test_an_answer_that_is_missing_is_refused(hole):
    ratings = np.array(TOY_C, dtype=float)
    ratings[1, 2] = hole
    with pytest.raises(NotFinite):
        reason_index(ratings, TOY_P)


@steady
@given(groups)
def test_correlations_are_those_of_scipy(people):
    for got, answers in zip(correlations(*people), people, strict=True):
        for i, j in zip(*np.triu_indices(len(answers), k=1), strict=True):
            assert got[i, j] == pytest.approx(stats.spearmanr(answers[i], answers[j]).statistic, abs=1e-12)


@steady
@given(groups)
def test_the_index_is_the_published_formula_and_stays_in_its_range(people):
    got = reason_index(*people)
    rho_c, rho_p = (rho[np.triu_indices(got.n, k=1)] for rho in correlations(*people))
    distance = np.abs(rho_c - rho_p) / sqrt(2)
    span = sqrt(2) / 2
    assert got.dri == pytest.approx((-2 * distance.mean() + span) / span)
    assert -3.0 - 1e-12 <= got.dri <= 1.0
    weight = np.minimum(1, np.maximum(abs(rho_c), abs(rho_p)) / 0.2)
    assert got.adjusted == pytest.approx(1 - 2 * sqrt(2) * (1 - (weight * (1 - distance)).mean()))
    assert got.individual.mean() == pytest.approx(got.dri)
    assert got.excess == got.dri - got.chance


@steady
@given(groups)
def test_chance_is_the_mean_over_every_pair_of_pairs(people):
    rho_c, rho_p = (rho[np.triu_indices(len(people[0]), k=1)] for rho in correlations(*people))
    expected = 1 - 2 * np.abs(rho_c[:, None] - rho_p).mean()
    assert reason_index(*people).chance == pytest.approx(expected, abs=1e-12)


def test_chance_is_the_mean_over_random_re_pairing():
    ratings, places = group(3, n=12, considerations=8, options=5)
    rng = np.random.default_rng(4)
    drawn = [reason_index(ratings, places[rng.permutation(12)]).dri for _ in range(2000)]
    assert reason_index(ratings, places).chance == pytest.approx(
        np.mean(drawn), abs=4 * np.std(drawn) / sqrt(2000)
    )


@steady
@given(groups, st.integers(0, 100))
def test_neither_the_order_of_people_nor_that_of_items_matters(people, seed):
    ratings, places = people
    rng = np.random.default_rng(seed)
    who, what, which = (rng.permutation(size) for size in (len(ratings), ratings.shape[1], places.shape[1]))
    here, there = reason_index(ratings, places), reason_index(ratings[who][:, what], places[who][:, which])
    for name in ("dri", "adjusted", "chance"):
        assert getattr(there, name) == pytest.approx(getattr(here, name), abs=1e-12)
    assert there.individual == pytest.approx(here.individual[who], abs=1e-12)


@steady
@given(groups)
def test_another_scale_of_the_same_order_changes_nothing(people):
    ratings, places = people
    assert reason_index(np.exp(ratings), 3 * places - 7).dri == pytest.approx(
        reason_index(ratings, places).dri
    )


def test_five_hundred_people_are_no_burden():
    got = reason_index(*group(1, n=500, considerations=30, options=7))
    assert got.individual.shape == (500,)


def wave_of(bundle, group_name, wave):
    """Ratings and places of a group's people in item and option order."""
    folder = SHARED / "data" / "bundles" / bundle
    items = tomllib.loads((folder / "consultation.toml").read_text(encoding="utf-8"))["items"]
    columns = {(item["key"], ""): None for item in items if item["role"] == "consideration"}
    ranks = {
        (item["key"], option["key"]): None
        for item in items
        if item["form"] == "rank"
        for option in item["options"]
    }
    with (folder / "participants.csv").open(encoding="utf-8", newline="") as file:
        members = [row["participant"] for row in csv.DictReader(file) if row["group"] == group_name]
    with (folder / "responses.csv").open(encoding="utf-8", newline="") as file:
        found = {
            (row["participant"], row["item"], row["option"]): int(row["value"])
            for row in csv.DictReader(file)
            if row["wave"] == wave and row["status"] == "answered"
        }
    everything = [who for who in members if all((who, *key) in found for key in (*columns, *ranks))]
    return tuple(
        np.array([[found[who, *key] for key in keys] for who in everything]) for keys in (columns, ranks)
    )


@pytest.mark.parametrize(
    ("bundle", "case"),
    [
        ("aargau", "Aargau"),
        ("uppsala-speaks", "Activate"),
        ("fremantle-bridge", "Fremantle"),
        ("uppsala-speaks", "Standard"),
    ],
)
def test_real_cases_give_the_index_of_the_authors_package(bundle, case):
    path = SHARED / "data" / "bundles" / "expected_reason_index.csv"
    if not path.exists():
        pytest.skip("the bundles of real cases are not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        expected = next(row for row in csv.DictReader(file) if row["case"] == case)
    for wave in ("pre", "post"):
        got = reason_index(*wave_of(bundle, case, wave))
        assert got.n == int(expected["n"])
        assert got.dri == pytest.approx(float(expected[f"orig_{wave}"]), abs=2e-6)
        assert got.adjusted == pytest.approx(float(expected[f"adj_{wave}"]), abs=2e-6)
        assert got.chance == pytest.approx(float(expected[f"chance_{wave}"]), abs=2e-6)
