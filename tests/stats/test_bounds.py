import pytest

from consult.stats.bounds import crossing, tail_of
from consult.stats.refusals import BadBound


def test_a_confidence_of_95_leaves_a_fortieth_in_each_tail():
    assert tail_of(0.95) == pytest.approx(0.025)


def test_a_crossing_is_found_to_the_last_digit():
    assert crossing(lambda x: 2.0 - x * x, 0.0, 2.0) == pytest.approx(2**0.5, rel=1e-15)


def test_without_a_crossing_the_nearer_end_is_given():
    assert crossing(lambda x: -1.0 - x, 0.0, 1.0) == 0.0
    assert crossing(lambda x: 9.0 - x, 0.0, 1.0) == 1.0


@pytest.mark.parametrize("confidence", [-0.1, 0, 1, 1.5, float("nan")])
def test_what_is_no_share_is_refused(confidence):
    with pytest.raises(BadBound):
        tail_of(confidence)
