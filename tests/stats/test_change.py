from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from consult.stats.change import change_of, paired_change
from consult.stats.pairs import Paired
from consult.stats.refusals import BadBound, ShapeMismatch, TooFewPeople
from tests.stats.cases import changes, paired, people, scores, steady

SLEEP_BEFORE = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SLEEP_AFTER = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


def test_student_s_sleep_gives_the_published_t():
    # Student (1908); R: t.test(extra ~ group, data = sleep, paired = TRUE), with after and before exchanged.
    got = paired_change(SLEEP_BEFORE, SLEEP_AFTER)
    assert (got.n, got.df) == (10, 9)
    assert got.mean == pytest.approx(1.58, rel=1e-12)
    assert got.t == pytest.approx(4.06212768338204, rel=1e-12)
    assert got.p == pytest.approx(0.00283289019738427, rel=1e-10)
    assert (got.low, got.high) == pytest.approx((0.7001142, 2.4598858), abs=5e-8)


def test_a_tiny_case_by_hand():
    got = change_of(changes(0, 1, 2))
    assert (got.n, got.mean, got.sd, got.df) == (3, 1.0, 1.0, 2)
    assert got.se == pytest.approx(1 / np.sqrt(3), rel=1e-15)
    assert got.t == pytest.approx(np.sqrt(3), rel=1e-15)
    # With 2 degrees of freedom P(|T| > t) = 1 - t / sqrt(2 + t^2).
    assert got.p == pytest.approx(1 - np.sqrt(3 / 5), rel=1e-14)


def test_one_person_has_means_and_nothing_else():
    got = change_of(paired([(2, 5)]))
    assert astuple(got) == (1, 2.0, 5.0, 3.0, *(None,) * 9)


def test_nobody_is_refused():
    with pytest.raises(TooFewPeople):
        paired_change(np.array([np.nan]), np.array([1.0]))


@pytest.mark.parametrize("step", [0, 1, -2])
def test_a_constant_change_has_no_t_and_an_interval_of_one_point(step):
    got = change_of(paired([(3, 3 + step), (3, 3 + step)]))
    assert (got.sd, got.se, got.t, got.p) == (0.0, 0.0, None, None)
    assert got.low == got.high == got.mean == step


def test_a_constant_change_of_a_tenth_has_a_spread_of_exactly_nothing():
    got = paired_change(np.array([1.1, 2.1, 0.3, 0.7]), np.array([1.2, 2.2, 0.4, 0.8]))
    assert got.sd == 0.0
    assert got.low == got.high == got.mean == pytest.approx(0.1)


def test_people_who_all_give_one_answer_before_have_no_spread_there():
    got = change_of(paired([(3, 1), (3, 5), (3, 4)]))
    assert got.sd_before == 0.0
    assert got.sd_after == got.sd


def test_arrays_of_different_people_are_refused():
    with pytest.raises(ShapeMismatch):
        paired_change(np.zeros(3), np.zeros(4))


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0, float("nan")])
def test_a_confidence_that_is_no_share_is_refused(confidence):
    with pytest.raises(BadBound):
        change_of(changes(0, 1), confidence=confidence)


def test_a_hundred_thousand_people_keep_all_digits():
    rng = np.random.default_rng(5)
    before, after = rng.integers(1, 6, size=(2, 100_000))
    got = change_of(Paired.from_points(before, after, low=1, high=5))
    oracle = stats.ttest_rel(after, before)
    assert got.t == pytest.approx(oracle.statistic, rel=1e-9)
    assert got.p == pytest.approx(oracle.pvalue, rel=1e-9)


@steady
@given(scores, st.sampled_from([0.8, 0.95, 0.99]))
def test_t_p_and_interval_are_those_of_scipy(answers, confidence):
    before, after = np.array(answers).T
    got = paired_change(before, after, confidence=confidence)
    if not got.sd or got.sd < 1e-6:
        return
    oracle = stats.ttest_rel(after, before)
    assert got.t == pytest.approx(oracle.statistic, rel=1e-7, abs=1e-9)
    assert got.p == pytest.approx(oracle.pvalue, rel=1e-6, abs=1e-12)
    interval = oracle.confidence_interval(confidence)
    assert (got.low, got.high) == pytest.approx((interval.low, interval.high), rel=1e-7, abs=1e-8)


@steady
@given(scores)
def test_swapping_the_waves_flips_the_signs(answers):
    pairs = Paired.from_scores(*np.array(answers).T)
    there, back = change_of(pairs), change_of(pairs.swapped())
    assert (back.mean, back.sd) == pytest.approx((-there.mean, there.sd), rel=1e-12)
    assert back.p == (None if there.p is None else pytest.approx(there.p, rel=1e-9))
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), rel=1e-12, abs=1e-12)
    assert (back.mean_before, back.mean_after) == (there.mean_after, there.mean_before)


@steady
@given(people, st.integers(-3, 7))
def test_naming_the_points_otherwise_changes_only_the_means(answers, shift):
    before, after = np.array(answers).T
    one = change_of(paired(answers))
    other = change_of(Paired.from_points(before + shift, after + shift, low=1 + shift, high=5 + shift))
    assert astuple(one)[3:] == astuple(other)[3:]
    assert other.mean_before == pytest.approx(one.mean_before + shift)


@steady
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(answers, rng):
    shuffled = answers.copy()
    rng.shuffle(shuffled)
    assert change_of(paired(shuffled)) == change_of(paired(answers))


@steady
@given(people)
def test_asking_everybody_twice_keeps_the_mean_and_narrows_the_interval(answers):
    once, twice = change_of(paired(answers)), change_of(paired(answers * 2))
    assert twice.mean == once.mean
    assert twice.n == 2 * once.n
    assert twice.high - twice.low <= once.high - once.low
