import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttost_paired

from consult.stats.change import change_of, paired_change
from consult.stats.equivalence import equivalence, verdict
from consult.stats.refusals import BadBound
from tests.stats.cases import changes, paired, people, steady
from tests.stats.test_change import SLEEP_AFTER, SLEEP_BEFORE


def test_the_sleep_example_gives_the_published_tests():
    # TOSTER vignette IntroTOSTt: group 1 minus group 2, bounds of half an hour.
    got = equivalence(paired_change(SLEEP_AFTER, SLEEP_BEFORE), 0.5)
    assert (got.t_lower, got.p_lower) == pytest.approx((-2.7766442392738, 0.989240756621613), rel=1e-10)
    assert (got.t_upper, got.p_upper) == pytest.approx((-5.34761112749028, 0.000231902704481593), rel=1e-10)
    assert got.p == got.p_lower
    assert (got.low, got.high) == pytest.approx((-2.29300526702928, -0.866994732970716), rel=1e-10)


@steady
@given(people, st.sampled_from([0.25, 0.5, 1.0]))
def test_the_tests_are_those_of_statsmodels(answers, delta):
    change = change_of(paired(answers))
    got = equivalence(change, delta)
    assert not change.sd or got.p == pytest.approx(
        ttost_paired(*np.array(answers, dtype=float).T[::-1], -delta, delta)[0], rel=1e-8, abs=1e-14
    )


@steady
@given(people, st.sampled_from([0.25, 0.5, 1.0]))
def test_equivalence_passes_exactly_when_the_90_percent_interval_is_inside(answers, delta):
    got = equivalence(change_of(paired(answers)), delta)
    if abs(got.p - 0.05) > 1e-9:
        assert (got.p < 0.05) == (-delta < got.low and got.high < delta)


@pytest.mark.parametrize(
    ("step", "delta", "p"), [(0, 0.25, 0.0), (1, 0.25, 1.0), (1, 1.0, 1.0), (-1, 1.0, 1.0), (1, 1.5, 0.0)]
)
def test_a_constant_change_is_equivalent_exactly_when_it_is_smaller(step, delta, p):
    got = equivalence(change_of(changes(step, step, step)), delta)
    assert (got.p, got.t_lower, got.t_upper) == (p, None, None)
    assert (got.low, got.high) == (step, step)


def test_one_person_shows_no_equivalence():
    got = equivalence(change_of(changes(1)), 0.5)
    assert (got.p, got.p_lower, got.low) == (None, None, None)


@pytest.mark.parametrize("delta", [0, -0.5, float("nan"), float("inf")])
def test_a_smallest_change_that_is_no_change_is_refused(delta):
    change = change_of(changes(0, 1))
    with pytest.raises(BadBound):
        equivalence(change, delta)
    with pytest.raises(BadBound):
        verdict(change, delta, 0.5)


@pytest.mark.parametrize(
    ("steps", "delta", "said"),
    [
        ([1, 1, 1, 0, 1, 1], 0.5, "moved"),
        ([-1, -1, -1, 0, -1, -1], 0.5, "moved"),
        ([1, 1, 1, 0, 1, 1], 2.0, "moved_a_little"),
        ([0, 0, 0, 1, -1, 0] * 20, 0.25, "about_the_same"),
        ([3, -3, 1, 0], 0.25, "cannot_tell"),
        ([1], 0.25, "cannot_tell"),
        ([0, 0, 0], 0.25, "about_the_same"),
        ([1, 1, 1], 0.25, "moved"),
        ([1, 1, 1], 1.0, "moved"),
        ([1, 1, 1], 1.5, "moved_a_little"),
    ],
)
def test_the_four_sentences(steps, delta, said):
    change = change_of(changes(*steps))
    assert verdict(change, delta, equivalence(change, delta).p) == said


def test_without_a_test_of_equivalence_nothing_is_called_the_same():
    assert verdict(change_of(changes(1, -1, 0, 0)), 5.0, None) == "cannot_tell"


@steady
@given(people)
def test_the_sentence_does_not_depend_on_the_direction(answers):
    said = []
    for pairs in (paired(answers), paired(answers).swapped()):
        change = change_of(pairs)
        said.append(verdict(change, 0.25, equivalence(change, 0.25).p))
    assert said[0] == said[1]
