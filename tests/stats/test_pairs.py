import numpy as np
import pytest
from hypothesis import given

from consult.stats.pairs import MISSING, MOST_POINTS, Paired
from consult.stats.refusals import (
    BadBound,
    NotATable,
    NotFinite,
    NotWholeNumbers,
    OffScale,
    Refusal,
    ShapeMismatch,
    TooManyPoints,
)
from tests.stats.cases import paired, people, scores, steady, table

NAN = float("nan")


def test_the_table_has_before_in_rows_and_after_in_columns():
    pairs = paired([(1, 2), (1, 2), (3, 1)], high=3)
    assert pairs.points.tolist() == [1, 2, 3]
    assert pairs.counts.tolist() == [[0, 2, 0], [0, 0, 0], [1, 0, 0]]
    assert pairs.before_counts.tolist() == [2, 0, 1]
    assert pairs.after_counts.tolist() == [1, 2, 0]
    assert (pairs.n, pairs.n_up, pairs.n_same, pairs.n_down) == (3, 2, 0, 1)


def test_differences_ascend_and_carry_how_many_people_made_them():
    values, counts = paired([(1, 3), (2, 2), (5, 4), (4, 3), (1, 3)]).differences
    assert values.tolist() == [-1, 0, 2]
    assert counts.tolist() == [2, 1, 2]


def test_who_lacks_an_answer_is_dropped_and_nobody_is_realigned():
    before = np.array([1.0, NAN, 3.0, 4.0])
    after = np.array([2.0, 5.0, NAN, 4.0])
    pairs = Paired.from_scores(before, after)
    assert pairs.n == 2
    assert pairs.points.tolist() == [1, 2, 4]
    whole = Paired.from_points(
        np.array([1, MISSING, 3, 4], dtype=np.int16),
        np.array([2, 5, MISSING, 4], dtype=np.int16),
        low=1,
        high=5,
    )
    assert whole.n == 2
    assert whole.counts[0, 1] == whole.counts[3, 3] == 1


def test_scores_that_are_not_whole_keep_their_values():
    pairs = Paired.from_scores(np.array([1.5, 2.25]), np.array([2.25, 2.25]))
    assert pairs.points.tolist() == [1.5, 2.25]
    assert pairs.counts.tolist() == [[0, 1], [0, 1]]


def test_rounding_of_floats_makes_no_new_difference():
    pairs = Paired.from_scores(np.array([1.1, 2.1, 0.3]), np.array([1.2, 2.2, 0.4]))
    assert pairs.sizes.size == 1
    assert pairs.ups.tolist() == [3]


def test_thirds_that_return_to_where_they_were_did_not_move():
    pairs = Paired.from_scores(np.array([0.1 + 0.2, 1.0]), np.array([0.3, 1.0]))
    assert (pairs.n_up, pairs.n_same, pairs.n_down) == (0, 2, 0)


def test_nobody_is_an_empty_table():
    nobody = Paired.from_scores(np.array([NAN]), np.array([1.0]))
    assert (nobody.n, nobody.n_up, nobody.n_same, nobody.n_down) == (0, 0, 0, 0)
    assert nobody.differences[0].size == 0
    assert Paired.from_points(np.array([], dtype=int), np.array([], dtype=int), low=1, high=5).n == 0


def test_a_table_cannot_be_changed_afterwards():
    with pytest.raises(ValueError, match="read-only"):
        paired([(1, 2)]).counts[0, 0] = 7


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.uint8])
def test_every_integer_type_gives_the_same_table(kind):
    rng = np.random.default_rng(3)
    before, after = rng.integers(0, 11, size=(2, 500))
    before[::7], after[::5] = 99, 99
    expected = np.zeros((11, 11), dtype=int)
    for b, a in zip(before, after, strict=True):
        if b != 99 and a != 99:
            expected[b, a] += 1
    got = Paired.from_points(before.astype(kind), after.astype(kind), low=0, high=10, missing=99)
    assert (got.counts == expected).all()


@pytest.mark.parametrize(("low", "high"), [(-128, -120), (120, 127), (1, 12), (1, 400)])
def test_a_narrow_type_that_cannot_hold_the_margins_is_widened(low, high):
    top = min(high, 127)
    pairs = Paired.from_points(
        np.array([low, top], dtype=np.int8), np.array([top, low], dtype=np.int8), low=low, high=high
    )
    assert pairs.n == 2
    assert pairs.counts[0, top - low] == pairs.counts[top - low, 0] == 1


@pytest.mark.parametrize("wrong", [0, 6, -32767, 32767])
@pytest.mark.parametrize("wave", ["before", "after"])
def test_an_answer_off_the_scale_is_refused_even_from_somebody_who_answered_once(wrong, wave):
    given_, other = np.array([1, wrong], dtype=np.int16), np.array([1, MISSING], dtype=np.int16)
    before, after = (given_, other) if wave == "before" else (other, given_)
    with pytest.raises(OffScale, match=f"{wave} lies outside the scale from 1 to 5"):
        Paired.from_points(before, after, low=1, high=5)


def test_refusals_are_one_family_and_value_errors():
    for refusal in (BadBound, NotATable, NotFinite, NotWholeNumbers, OffScale, ShapeMismatch, TooManyPoints):
        assert issubclass(refusal, Refusal)
        assert issubclass(refusal, ValueError)


def test_arrays_of_different_people_are_refused():
    with pytest.raises(ShapeMismatch):
        Paired.from_scores(np.zeros(3), np.zeros(2))
    with pytest.raises(ShapeMismatch):
        Paired.from_scores(np.zeros((2, 2)), np.zeros((2, 2)))
    with pytest.raises(ShapeMismatch):
        Paired.from_points(np.zeros(3, dtype=int), np.zeros(2, dtype=int), low=0, high=1)


def test_points_that_are_not_whole_numbers_are_refused():
    with pytest.raises(NotWholeNumbers):
        Paired.from_points(np.array([1.0]), np.array([1.0]), low=1, high=5)
    with pytest.raises(NotWholeNumbers):
        Paired(np.array([1.0]), np.array([[1.5]]))


@pytest.mark.parametrize("bounds", [{"low": 5, "high": 1}, {"low": 1, "high": 5, "missing": 3}])
def test_an_empty_scale_and_a_mark_on_the_scale_are_refused(bounds):
    with pytest.raises(BadBound):
        Paired.from_points(np.array([1]), np.array([1]), **bounds)


def test_infinite_scores_are_refused():
    with pytest.raises(NotFinite):
        Paired.from_scores(np.array([np.inf, 1.0]), np.array([1.0, 1.0]))


def test_more_distinct_scores_than_a_table_should_hold_are_refused():
    many = np.linspace(0.0, 1.0, MOST_POINTS + 1)
    with pytest.raises(TooManyPoints):
        Paired.from_scores(many, many)
    with pytest.raises(TooManyPoints):
        Paired.from_points(np.array([1]), np.array([1]), low=1, high=MOST_POINTS + 1)


@pytest.mark.parametrize(
    ("points", "counts"),
    [
        ([1.0, 2.0], [[1]]),
        ([2.0, 1.0], [[1, 0], [0, 1]]),
        ([1.0, 2.0], [[1, -1], [0, 1]]),
        ([1.0, NAN], [[1, 0], [0, 1]]),
    ],
)
def test_what_is_not_a_table_is_refused(points, counts):
    with pytest.raises(NotATable):
        Paired(np.array(points), np.array(counts))


@steady
@given(people)
def test_whole_scores_and_points_give_one_table(answers):
    before, after = np.array(answers).T
    points = paired(answers)
    floats = Paired.from_scores(before.astype(float), after.astype(float))
    used = np.isin(points.points, floats.points)
    assert (points.counts[np.ix_(used, used)] == floats.counts).all()
    assert points.counts.sum() == floats.counts.sum()


@steady
@given(scores)
def test_swapping_the_waves_mirrors_the_differences(answers):
    pairs = Paired.from_scores(*np.array(answers).T)
    values, counts = pairs.differences
    mirrored, mirrored_counts = pairs.swapped().differences
    assert (values == -mirrored[::-1]).all()
    assert (counts == mirrored_counts[::-1]).all()


@steady
@given(scores)
def test_differences_are_those_of_the_people(answers):
    before, after = np.array(answers).T
    values, counts = Paired.from_scores(before, after).differences
    assert counts.sum() == len(answers)
    assert np.allclose(np.repeat(values, counts), np.sort(after - before), atol=1e-10)


def test_a_table_of_counts_can_be_given_as_it_is():
    assert table([[1, 2], [3, 4]]).n == 10
