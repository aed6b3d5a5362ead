import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from consult.stats.attrition import change_bounds, compare_categories, compare_scores, weights_for_staying
from consult.stats.margins import Variable
from consult.stats.raking import RakingSettings, rake
from consult.stats.refusals import (
    BadBound,
    NotAProbability,
    NotFinite,
    NotWholeNumbers,
    OffScale,
    ShapeMismatch,
    TooFewPeople,
)
from tests.stats.cases import steady

points = st.lists(st.integers(1, 5), min_size=2, max_size=40)
counts = st.integers(2, 6).flatmap(
    lambda k: st.tuples(*[st.lists(st.integers(0, 60), min_size=k, max_size=k).filter(any)] * 2)
)


@steady
@given(points, points)
def test_scores_are_compared_as_scipy_compares_them(stayed, left):
    got = compare_scores(np.array(stayed, dtype=float), np.array(left, dtype=float))
    one, other = np.std(stayed, ddof=1), np.std(left, ddof=1)
    assume(one > 0 < other)
    there = stats.ttest_ind(stayed, left, equal_var=False)
    assert (got.t, got.p) == (pytest.approx(there.statistic), pytest.approx(there.pvalue))
    assert got.df == pytest.approx(there.df)
    pooled = np.sqrt(
        ((len(stayed) - 1) * one**2 + (len(left) - 1) * other**2) / (len(stayed) + len(left) - 2)
    )
    assert got.smd == pytest.approx((np.mean(stayed) - np.mean(left)) / pooled)


def test_scores_of_which_one_side_all_say_the_same_are_compared():
    got = compare_scores([1, 1], [1, 2])
    assert (got.t, got.df, got.smd) == (pytest.approx(-1), pytest.approx(1), pytest.approx(-1))
    assert got.p == pytest.approx(0.5)
    level = compare_scores([1, 1], [2, 2])
    assert (level.t, level.smd) == (None, None)


def test_scores_not_given_are_left_out_and_one_person_has_no_spread():
    got = compare_scores([1, 2, np.nan], [4, np.nan])
    assert (got.stayed.n, got.stayed.mean, got.left.n) == (2, 1.5, 1)
    assert (got.smd, got.t, got.df, got.p) == (None,) * 4


@pytest.mark.parametrize(
    ("stayed", "refusal"),
    [([], TooFewPeople), ([np.nan], TooFewPeople), ([np.inf], NotFinite), ([[1.0]], ShapeMismatch)],
)
def test_what_is_no_score_is_refused(stayed, refusal):
    with pytest.raises(refusal):
        compare_scores(stayed, [1.0, 2.0])
    with pytest.raises(refusal):
        compare_scores([1.0, 2.0], stayed)


@steady
@given(counts)
def test_categories_are_compared_as_scipy_compares_them(case):
    stayed, left = case
    got = compare_categories(stayed, left)
    held = np.array(case)[:, np.sum(case, axis=0) > 0]
    assert got.retention == pytest.approx(sum(stayed) / np.sum(case))
    if held.shape[1] > 1:
        there = stats.chi2_contingency(held, correction=False)
        assert (got.chi2, got.df) == (pytest.approx(there.statistic), there.dof)
        assert got.p == pytest.approx(there.pvalue)
    else:
        assert (got.chi2, got.p, got.df) == (None, None, 0)
    if held.shape[1] == 2:
        assert got.p_exact == pytest.approx(stats.fisher_exact(held).pvalue, rel=1e-9)
    else:
        assert got.p_exact is None


def test_the_gap_of_shares_is_in_standard_deviations():
    got = compare_categories([30, 70, 0], [25, 25, 0])
    assert got.smd_by_category[0] == pytest.approx((0.3 - 0.5) / np.sqrt((0.21 + 0.25) / 2))
    assert got.smd_by_category[2] is None
    assert got.retention_by_category == (pytest.approx(30 / 55), pytest.approx(70 / 95), None)
    assert compare_categories([5], [5]).smd_by_category == (None,)


def test_the_exact_test_of_a_large_table_neither_overflows_nor_stalls():
    got = compare_categories([40_000, 30_000], [10_000, 20_000])
    assert 0.0 <= got.p_exact < 1e-100
    assert compare_categories([30_000, 30_000], [30_000, 30_000]).p_exact == pytest.approx(1)


@pytest.mark.parametrize(
    ("stayed", "left", "refusal"),
    [
        ([1, 2], [1], ShapeMismatch),
        ([1, -2], [1, 1], NotWholeNumbers),
        ([1, 2.5], [1, 1], NotWholeNumbers),
        ([0, 0], [1, 1], TooFewPeople),
        ([1, 1], [0, 0], TooFewPeople),
    ],
)
def test_what_is_no_count_of_people_is_refused(stayed, left, refusal):
    with pytest.raises(refusal):
        compare_categories(stayed, left)


def test_who_was_likely_to_leave_counts_for_more():
    assert weights_for_staying([0.5, 0.25], top=1.0) == pytest.approx([2 / 3, 4 / 3])


def test_the_heaviest_hundredth_is_cut():
    chances = np.append(np.full(999, 0.5), 0.001)
    got = weights_for_staying(chances)
    assert got == pytest.approx(np.ones(1000))
    assert weights_for_staying(chances, top=1.0).max() == pytest.approx(500, rel=0.6)
    spread = np.linspace(0.2, 0.9, 1001)
    inverse = 1 / spread
    cut = np.minimum(inverse, np.percentile(inverse, 99))
    assert weights_for_staying(spread) == pytest.approx(cut / cut.mean())


@pytest.mark.parametrize(
    ("chances", "more", "refusal"),
    [
        ([], {}, TooFewPeople),
        ([0.0, 0.5], {}, NotAProbability),
        ([1.1], {}, NotAProbability),
        ([np.nan], {}, NotAProbability),
        ([0.5], {"top": 0.0}, BadBound),
        ([0.5], {"top": 1.5}, BadBound),
    ],
)
def test_what_is_no_chance_of_staying_is_refused(chances, more, refusal):
    with pytest.raises(refusal):
        weights_for_staying(chances, **more)


def test_weights_for_staying_are_where_raking_begins():
    dice = np.random.default_rng(6)
    sex, age = dice.integers(0, 2, 200), dice.integers(0, 3, 200)
    start = weights_for_staying(dice.uniform(0.4, 0.9, 200))
    raked = rake(
        [Variable("sex", sex, [0.5, 0.5]), Variable("age", age, [0.3, 0.4, 0.3], is_ordered=True)],
        base=start,
        settings=RakingSettings(limits=None),
    )
    assert np.bincount(sex, weights=raked.weights) / 200 == pytest.approx([0.5, 0.5])
    # Within a cell of sex and age people keep the proportions that staying gave them.
    cell = (sex == 0) & (age == 1)
    assert (raked.weights / start)[cell] == pytest.approx((raked.weights / start)[cell][0].repeat(cell.sum()))


def test_bounds_hold_what_those_who_left_may_have_said():
    before = np.array([1.0, 2.0, 5.0, 3.0, np.nan])
    after = np.array([2.0, 2.0, np.nan, np.nan, 4.0])
    got = change_bounds(before, after, low=1, high=5)
    assert (got.n, got.n_missing) == (4, 2)
    assert got.low == pytest.approx((1 + 0 - 4 - 2) / 4)
    assert got.high == pytest.approx((1 + 0 + 0 + 2) / 4)
    assert got.carried_forward == pytest.approx(1 / 4)


@steady
@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.booleans()), min_size=1, max_size=40),
)
def test_whatever_they_would_have_said_lies_within_the_bounds(answers):
    before, after, came = (np.array(column) for column in zip(*answers, strict=True))
    got = change_bounds(before, np.where(came, after, np.nan), low=1, high=5)
    assert got.low - 1e-9 <= (after - before).mean() <= got.high + 1e-9
    assert got.low - 1e-9 <= got.carried_forward <= got.high + 1e-9
    assert got.high - got.low == pytest.approx(4 * (~came).mean())


def test_answers_off_the_scale_of_other_people_or_of_nobody_are_refused():
    for before, after in (([0.0], [1.0]), ([1.0], [6.0])):
        with pytest.raises(OffScale):
            change_bounds(before, after, low=1, high=5)
    with pytest.raises(ShapeMismatch):
        change_bounds([1.0], [1.0, 2.0], low=1, high=5)
    with pytest.raises(TooFewPeople):
        change_bounds([np.nan], [1.0], low=1, high=5)
