import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from consult.stats.pairs import Paired
from consult.stats.refusals import BadBound, NotAProbability, TooFewPeople
from consult.stats.transition import noise_floor, transition_of
from tests.stats.cases import changes, paired, people, steady


def test_a_tiny_case_by_hand():
    got = transition_of(paired([(1, 4), (1, 1), (3, 4), (5, 2)]), midpoint=3)
    assert got.row_shares[0].tolist() == [0.5, 0, 0, 0.5, 0]
    assert np.isnan(got.row_shares[1]).all()
    assert (got.share_up, got.share_same, got.share_down, got.gross) == (0.5, 0.25, 0.25, 0.75)
    assert (got.mean_abs, got.net) == (7 / 4, 1 / 4)
    assert got.net_to_gross == pytest.approx(1 / 7)
    assert (got.crossed_midpoint, got.moved_side) == (2, 3)
    # Before 2 0 1 0 1, after 1 1 0 2 0.
    assert got.net_categorical == pytest.approx((1 + 1 + 1 + 2 + 1) / 2 / 4)


def test_on_four_points_nobody_sits_in_the_middle():
    got = transition_of(paired([(1, 2), (2, 3), (4, 1), (3, 3)], high=4), midpoint=2.5)
    assert (got.crossed_midpoint, got.moved_side) == (2, 2)


def test_where_nobody_moved_there_is_no_ratio():
    got = transition_of(paired([(1, 1), (4, 4)]), midpoint=3)
    assert (got.gross, got.net_categorical, got.net_to_gross) == (0.0, 0.0, None)


def test_nobody_is_refused():
    with pytest.raises(TooFewPeople):
        transition_of(paired([]), midpoint=3)


@steady
@given(people)
def test_net_never_exceeds_gross_and_flips_with_the_waves(answers):
    pairs = paired(answers)
    there, back = transition_of(pairs, midpoint=3), transition_of(pairs.swapped(), midpoint=3)
    before, after = np.array(answers).T
    assert there.gross == pytest.approx((before != after).mean())
    assert there.mean_abs == pytest.approx(np.abs(after - before).mean())
    assert there.net_categorical <= there.gross + 1e-12
    assert abs(there.net) <= there.mean_abs + 1e-12
    assert there.crossed_midpoint <= there.moved_side
    assert (back.net, back.gross, back.moved_side) == (-there.net, there.gross, there.moved_side)
    assert back.net_categorical == there.net_categorical
    assert np.nansum(there.row_shares, axis=1) == pytest.approx((pairs.before_counts > 0).astype(float))


def same_answer(low, high, reliability):
    """Probability that both answers lie between two cuts, by adaptive quadrature."""
    rest = np.sqrt(1 - reliability**2)

    def density(x):
        within = stats.norm.cdf((high - reliability * x) / rest) - stats.norm.cdf(
            (low - reliability * x) / rest
        )
        return stats.norm.pdf(x) * within

    return integrate.quad(density, max(low, -12), min(high, 12), epsabs=1e-12, epsrel=1e-12, limit=200)[0]


@pytest.mark.parametrize("reliability", [0.1, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.parametrize("shares", [[0.12, 0.21, 0.22, 0.27, 0.18], [0.5, 0.5], [0.01, 0.01, 0.98]])
def test_the_noise_floor_is_that_of_adaptive_quadrature(shares, reliability):
    cuts = np.concatenate(([-np.inf], stats.norm.ppf(np.cumsum(shares)[:-1]), [np.inf]))
    same = sum(same_answer(low, high, reliability) for low, high in itertools.pairwise(cuts))
    assert noise_floor(shares, reliability) == pytest.approx(1 - same, abs=1e-9)


def test_two_equal_halves_have_the_floor_of_the_arc_cosine():
    # Sheppard (1899): P(different sides) = arccos(correlation) / pi.
    assert noise_floor([0.5, 0.5], 0.7) == pytest.approx(np.arccos(0.7) / np.pi, rel=1e-12)


def test_answers_without_memory_differ_as_often_as_those_of_two_people():
    assert noise_floor([0.2, 0.3, 0.5], 0.0) == pytest.approx(1 - 0.04 - 0.09 - 0.25, rel=1e-12)


def test_answers_of_perfect_reliability_never_differ():
    assert noise_floor([0.2, 0.3, 0.5], 1.0) == 0.0


@steady
@given(st.lists(st.integers(0, 50), min_size=1, max_size=7).filter(any), st.floats(0, 0.99))
def test_the_floor_is_a_share_and_empty_points_do_not_matter(counts, reliability):
    floor = noise_floor(counts, reliability)
    assert 0.0 <= floor <= 1.0
    with_gaps = [share for count in counts for share in (count, 0)]
    assert noise_floor([0, *with_gaps], reliability) == pytest.approx(floor, abs=1e-9)
    assert noise_floor(counts[::-1], reliability) == pytest.approx(floor, abs=1e-9)


@pytest.mark.parametrize("reliability", [-0.1, 1.1, float("nan")])
def test_a_reliability_that_is_no_share_is_refused(reliability):
    with pytest.raises(BadBound):
        noise_floor([0.5, 0.5], reliability)


def test_shares_of_nobody_and_less_than_nobody_are_refused():
    with pytest.raises(TooFewPeople):
        noise_floor([0.0, 0.0], 0.7)
    with pytest.raises(NotAProbability):
        noise_floor([0.5, -0.1], 0.7)


def test_points_of_any_distance_are_measured_in_points():
    got = transition_of(Paired.from_scores(np.array([0.5, 2.5]), np.array([2.5, 2.5])), midpoint=1.5)
    assert (got.mean_abs, got.net, got.crossed_midpoint) == (1.0, 1.0, 1)
    assert transition_of(changes(2, -2), midpoint=0).net == 0.0
