import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.stats.refusals import BadBound, NotFinite, ShapeMismatch, TooFewPeople
from consult.stats.weights import Limits, checked_weights, cut, cut_for_good, keeps, kish_deff
from tests.stats.cases import steady

some = st.lists(st.floats(0.01, 50.0), min_size=2, max_size=40)


def test_equal_weights_cost_nothing():
    assert kish_deff([7.0] * 9) == 1.0


def test_weights_are_cut_once_and_scaled_again():
    # On a mean of 1 they are 0.5 and 2.5; cut to 2 their mean is 0.875.
    assert cut([1, 1, 1, 5], Limits(0.0, 2.0)) == pytest.approx([4 / 7, 4 / 7, 4 / 7, 16 / 7])
    assert cut([1, 1, 1, 1], Limits(0.3, 3.0)).tolist() == [1.0] * 4


def test_weights_are_cut_for_good():
    assert cut_for_good([1, 1, 1, 9], Limits(0.0, 1.5)) == pytest.approx([2.5 / 3] * 3 + [1.5])


@steady
@given(some, st.floats(0.0, 0.9), st.floats(1.1, 5.0), st.floats(0.1, 10.0))
def test_cutting_for_good_keeps_limits_mean_order_and_proportions(weights, low, high, times):
    limits = Limits(low, high)
    got = cut_for_good(weights, limits)
    assert keeps(got, limits)
    assert got.mean() == pytest.approx(1, rel=1e-9)
    assert cut_for_good(np.array(weights) * times, limits) == pytest.approx(got, rel=1e-6)
    between = (got > low * 1.000001) & (got < high * 0.999999)
    ratios = got[between] / np.array(weights)[between]
    assert ratios == pytest.approx(ratios[:1].repeat(ratios.size), rel=1e-9)
    assert (np.diff(got[np.argsort(weights, kind="stable")]) >= 0).all()


@pytest.mark.parametrize(
    ("weights", "refusal"),
    [
        ([], TooFewPeople),
        ([1.0, 0.0], BadBound),
        ([1.0, -1.0], BadBound),
        ([1.0, float("nan")], NotFinite),
        ([1.0, float("inf")], NotFinite),
        ([[1.0]], ShapeMismatch),
    ],
)
def test_what_is_no_weight_is_refused(weights, refusal):
    for ask in (kish_deff, checked_weights, lambda w: cut(w, Limits()), lambda w: cut_for_good(w, Limits())):
        with pytest.raises(refusal):
            ask(weights)


def test_weights_of_other_people_are_refused():
    with pytest.raises(ShapeMismatch):
        checked_weights([1.0, 1.0], 3)


@pytest.mark.parametrize("limits", [(1.0, 3.0), (0.3, 1.0), (-0.1, 3.0), (3.0, 0.3), (0.3, float("nan"))])
def test_limits_that_leave_out_the_mean_are_refused(limits):
    with pytest.raises(BadBound):
        cut([1.0, 2.0], Limits(*limits))
