import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.stats.moments import moments
from consult.stats.refusals import TooFewPeople
from tests.stats.cases import steady


def test_mean_and_spread_by_hand():
    got = moments(np.array([1.0, 2.0, 5.0]), np.array([1, 0, 2]))
    assert (got.n, got.mean) == (3, 11 / 3)
    assert got.sd == pytest.approx(np.sqrt(16 / 3), rel=1e-15)


def test_one_person_has_a_mean_and_no_spread():
    got = moments(np.array([2.5]), np.array([1]))
    assert (got.n, got.mean, got.sd) == (1, 2.5, None)


def test_equal_answers_have_a_spread_of_exactly_nothing():
    assert moments(np.array([0.1, 0.7]), np.array([0, 33])).sd == 0.0


def test_the_mean_of_nobody_is_refused():
    with pytest.raises(TooFewPeople):
        moments(np.array([1.0]), np.array([0]))


def test_a_small_spread_far_from_zero_keeps_its_digits():
    got = moments(np.array([1e9 + 0.25, 1e9 + 0.5]), np.array([50, 50]))
    assert got.sd == pytest.approx(0.125 * np.sqrt(100 / 99), rel=1e-12)


@steady
@given(st.lists(st.floats(-100, 100, allow_subnormal=False), min_size=2, max_size=50))
def test_mean_and_spread_are_those_of_numpy(values):
    found, counts = np.unique(np.array(values), return_counts=True)
    got = moments(found, counts)
    assert got.mean == pytest.approx(np.mean(values), rel=1e-12, abs=1e-12)
    assert got.sd == pytest.approx(np.std(values, ddof=1), rel=1e-9, abs=1e-12)
