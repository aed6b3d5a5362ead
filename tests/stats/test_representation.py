import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from consult.stats.refusals import BadBound, NobodyLivesThere, NotWholeNumbers, ShapeMismatch, TooFewPeople
from consult.stats.representation import chi2_tail, population_shares, representation
from tests.stats.cases import steady

ROOT = Path(__file__).resolve().parents[2]

counted = st.integers(2, 7).flatmap(
    lambda k: st.tuples(
        st.lists(st.integers(0, 400), min_size=k, max_size=k).filter(any),
        st.lists(st.integers(1, 90_000), min_size=k, max_size=k),
    )
)


def test_a_small_case_by_hand():
    # 12 women and 8 men where half are women: two people would have to be somebody else.
    got = representation([12, 8], [500, 500], unknown=3)
    assert (got.n, got.unknown) == (20, 3)
    assert got.total_variation == pytest.approx(0.1)
    assert got.people_to_swap == pytest.approx(2)
    assert got.max_gap_points == pytest.approx(10)
    assert got.min_ratio == pytest.approx(0.8)
    assert got.chi2 == pytest.approx(0.8)
    assert got.participation_cv == pytest.approx(0.2)
    assert got.weighting_price == pytest.approx(0.25 / 0.6 + 0.25 / 0.4)
    assert got.forecast_n_eff == pytest.approx(19.2)
    women, men = got.categories
    assert (women.people, men.people) == (12, 8)
    assert women.gap_points == pytest.approx(10)
    assert women.gap_people == pytest.approx(2)
    assert men.gap_people == pytest.approx(-2)


@pytest.mark.parametrize(
    ("people", "light"),
    [
        (800, "green"),
        (799, "amber"),
        (1250, "green"),
        (600, "amber"),
        (599, "red"),
        (1670, "amber"),
        (1680, "red"),
    ],
)
def test_the_light_turns_at_its_ratios(people, light):
    got = representation([people, 10_000 - people], [1000, 9000])
    assert got.categories[0].light == light


def test_an_empty_category_leaves_the_price_open_and_is_named():
    got = representation([10, 0, 5], [2, 1, 2])
    assert got.empty == (1,)
    assert (got.weighting_price, got.forecast_n_eff) == (None, None)
    assert (got.min_ratio, got.categories[1].light) == (0.0, "red")
    assert got.chi2 == pytest.approx(stats.chisquare([10, 0, 5], [6, 3, 6]).statistic)


def test_a_category_with_nobody_on_both_sides_counts_for_nothing():
    got, without = representation([12, 0, 8], [3, 0, 3]), representation([12, 8], [3, 3])
    assert got.categories[1].ratio is None
    assert (got.df, got.p, got.weighting_price, got.empty) == (
        without.df,
        without.p,
        without.weighting_price,
        (),
    )


def test_one_category_cannot_be_tested():
    got = representation([5], [9])
    assert (got.chi2, got.p, got.df, got.total_variation, got.weighting_price) == (None, None, 0, 0.0, 1.0)


@steady
@given(counted)
def test_the_numbers_are_those_of_a_loop_over_people_and_of_scipy(case):
    people, population = case
    got = representation(people, population)
    q = np.array(population) / sum(population)
    who = np.repeat(np.arange(len(people)), people)
    p = np.array([(who == place).mean() for place in range(len(people))])
    scipy = stats.chisquare(people, q * len(who))
    assert got.chi2 == pytest.approx(scipy.statistic)
    assert got.p == pytest.approx(scipy.pvalue, rel=1e-9, abs=1e-300)
    assert got.people_to_swap == pytest.approx(
        sum(max(0, c - len(who) * s) for c, s in zip(people, q, strict=True))
    )
    assert got.participation_cv == pytest.approx(np.sqrt(got.chi2 / got.n))
    # The coefficient of variation over everybody living here of the chance to be here.
    chance = np.array(people) / np.array(population)
    mean = np.average(chance, weights=population)
    sd = np.sqrt(np.average((chance - mean) ** 2, weights=population))
    assert got.participation_cv == pytest.approx(sd / mean, rel=1e-6)
    if min(people):
        weights = (q / p)[who]
        assert got.weighting_price == pytest.approx(len(who) * (weights**2).sum() / weights.sum() ** 2)
    else:
        assert got.weighting_price is None


@steady
@given(counted, st.integers(2, 1000))
def test_the_scale_of_the_population_and_the_order_of_categories_are_of_no_consequence(case, times):
    people, population = case
    got, other = (
        representation(people, population),
        representation(people[::-1], [times * n for n in population[::-1]]),
    )
    for name in ("total_variation", "participation_cv", "p", "min_ratio"):
        assert getattr(other, name) == pytest.approx(getattr(got, name), rel=1e-9)
    assert [len(people) - 1 - place for place in other.empty[::-1]] == list(got.empty)
    if got.weighting_price is not None:
        assert other.weighting_price == pytest.approx(got.weighting_price, rel=1e-9)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 8, 18, 19, 60])
@pytest.mark.parametrize("chi2", [0.0, 1e-9, 0.3, 1.0, 7.7, 40.0, 400.0, 1e5])
def test_the_tail_of_chi_square_is_scipy_s(df, chi2):
    assert chi2_tail(chi2, df) == pytest.approx(stats.chi2.sf(chi2, df), rel=1e-12, abs=1e-300)


def test_a_tail_without_degrees_of_freedom_or_of_a_negative_number_is_refused():
    for chi2, df in ((1.0, 0), (-1.0, 2), (float("nan"), 2)):
        with pytest.raises(BadBound):
            chi2_tail(chi2, df)


def test_people_where_nobody_lives_are_refused_and_the_category_named():
    with pytest.raises(NobodyLivesThere) as refused:
        representation([5, 1], [9, 0])
    assert refused.value.category == 1


@pytest.mark.parametrize(
    ("people", "population", "unknown", "refusal"),
    [
        ([1, 2], [1], 0, ShapeMismatch),
        ([1.5, 2], [1, 1], 0, NotWholeNumbers),
        ([-1, 2], [1, 1], 0, NotWholeNumbers),
        ([1, 2], [1, 1], -1, NotWholeNumbers),
        ([1, 2], [1, -1], 0, BadBound),
        ([1, 2], [1, float("inf")], 0, BadBound),
        ([1, 2], [1, float("nan")], 0, BadBound),
        ([0, 0], [1, 1], 4, TooFewPeople),
    ],
)
def test_what_is_no_count_of_people_is_refused(people, population, unknown, refusal):
    with pytest.raises(refusal):
        representation(people, population, unknown=unknown)


def test_a_population_of_nobody_is_refused():
    with pytest.raises(BadBound):
        population_shares([0, 0])
    assert population_shares([1, 3]) == [0.25, 0.75]


def test_a_web_worker_may_import_it_without_the_libraries():
    # The package's own front door is left out: another test says that it brings none of them.
    program = (
        "import sys, types; package = types.ModuleType('consult'); package.__path__ = ['consult'];"
        "sys.modules['consult'] = package;"
        "from consult.stats.representation import representation; representation([12, 8], [5, 5]);"
        "print(sorted({'numpy', 'scipy'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
