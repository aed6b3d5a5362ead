import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.stats.margins import Collapsing, Variable, margin_of
from consult.stats.refusals import (
    BadBound,
    EmptyCategory,
    NobodyLivesThere,
    NotWholeNumbers,
    ShapeMismatch,
)
from tests.stats.cases import steady

METHOD = Collapsing()


def variable(counts, population, *, ordered=False, silent=0):
    codes = np.append(np.repeat(np.arange(len(counts)), counts), [-1] * silent).astype(int)
    return Variable("v", codes, population, is_ordered=ordered)


def planned(counts, population, *, ordered=False, silent=0, collapsing=METHOD, limit=0.1):
    given = variable(counts, population, ordered=ordered, silent=silent)
    return margin_of(given, np.ones(given.codes.size), collapsing=collapsing, unanswered_limit=limit)


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ([50, 50, 50, 50], ((0,), (1,), (2,), (3,))),
        ([50, 20, 40, 50], ((0,), (1,), (2,), (3,))),
        ([50, 19, 40, 50], ((0,), (1, 2), (3,))),  # the neighbour with fewer people
        ([50, 19, 50, 60], ((0, 1), (2,), (3,))),  # of equals the earlier
        ([5, 50, 50, 50], ((0, 1), (2,), (3,))),  # the first has one neighbour
        ([50, 50, 50, 5], ((0,), (1,), (2, 3))),  # so has the last
        ([50, 0, 9, 50], ((0, 1, 2), (3,))),  # nobody is thin too, and two together may be thin still
    ],
)
def test_thin_bands_of_an_ordered_variable_join_a_neighbour(counts, groups):
    got = planned(counts, [1] * 4, ordered=True)
    assert (got.groups, got.dropped) == (groups, None)


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ([50, 19, 40, 60], ((0,), (1, 2), (3,))),  # the smallest other, wherever it stands
        ([40, 50, 60, 19], ((0, 3), (1,), (2,))),
        ([9, 9, 60, 9], ((0, 1, 3), (2,))),
        ([19, 40, 40, 60], ((0, 1), (2,), (3,))),  # of equals the earlier
    ],
)
def test_thin_categories_of_an_unordered_variable_join_the_smallest_other(counts, groups):
    got = planned(counts, [1] * 4)
    assert (got.groups, got.dropped) == (groups, None)


def test_people_who_would_have_to_count_for_more_than_five_are_put_together_too():
    # 30 of 500 people for a third of the population: each would count for 5.6.
    assert planned([30, 200, 270], [1, 1, 1]).groups == ((0, 1), (2,))
    assert planned([34, 200, 266], [1, 1, 1]).groups == ((0,), (1,), (2,))
    assert planned([30, 200, 270], [1, 1, 1], collapsing=Collapsing(largest_ratio=6)).dropped is None


def test_a_base_weight_counts_where_the_ratio_is_looked_at():
    given = variable([30, 200, 270], [1, 1, 1])
    base = np.where(given.codes == 0, 2.0, 1.0)
    got = margin_of(given, base, collapsing=METHOD, unanswered_limit=0.1)
    assert got.groups == ((0,), (1,), (2,))


def test_people_where_nobody_lives_are_put_with_others_even_if_they_are_many():
    assert planned([100, 100, 30], [1, 1, 0]).groups == ((0, 2), (1,))


def test_a_category_with_nobody_on_both_sides_is_in_no_group():
    got = planned([50, 0, 50], [1, 0, 1])
    assert got.groups == ((0,), (2,))
    assert sorted(set(got.codes.tolist())) == [0, 1]


def test_a_variable_of_one_group_is_dropped():
    assert planned([5, 5, 5], [1, 1, 1]).dropped == "one_group"
    assert planned([500], [1]).dropped == "one_group"


def test_a_variable_that_more_than_a_tenth_leave_open_is_dropped():
    assert planned([45, 45], [1, 1], silent=10).dropped is None
    assert planned([45, 44], [1, 1], silent=11).dropped == "unanswered"
    assert planned([45, 44], [1, 1], silent=11, limit=0.2).dropped is None
    assert planned([0, 0], [1, 1], silent=5, limit=1.0).dropped == "unanswered"


def test_who_gave_no_answer_stays_in_no_group():
    got = planned([50, 10, 50], [1, 1, 1], silent=3)
    assert got.groups == ((0, 1), (2,))
    assert got.codes.tolist() == [0] * 60 + [1] * 50 + [-1] * 3
    assert got.shares == pytest.approx([2 / 3, 1 / 3])


def test_without_putting_together_a_category_empty_on_one_side_is_refused_and_named():
    with pytest.raises(EmptyCategory) as refused:
        planned([5, 0], [1, 1], collapsing=None)
    assert (refused.value.variable, refused.value.category) == ("v", 1)
    with pytest.raises(NobodyLivesThere) as refused:
        planned([5, 5], [1, 0], collapsing=None)
    assert (refused.value.variable, refused.value.category) == ("v", 1)
    assert planned([5, 5, 0], [1, 1, 0], collapsing=None).groups == ((0,), (1,))


@steady
@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 50)), min_size=2, max_size=9).filter(
        lambda rows: any(n for n, _ in rows) and any(q for _, q in rows)
    ),
    st.booleans(),
)
def test_groups_hold_every_category_once_and_are_thick_or_one(rows, ordered):
    counts, population = zip(*rows, strict=True)
    got = planned(counts, population, ordered=ordered)
    held = sorted(place for group in got.groups for place in group)
    assert held == [place for place, row in enumerate(rows) if any(row)]
    assert got.shares.sum() == pytest.approx(1)
    if len(got.groups) > 1:
        for group, share in zip(got.groups, got.shares, strict=True):
            people = sum(counts[place] for place in group)
            assert people >= 20
            assert share <= 5.000001 * people / sum(counts)
    if ordered:
        order = [place for group in got.groups for place in group]
        assert order == sorted(order)


@pytest.mark.parametrize(
    ("codes", "population", "refusal"),
    [
        ([0.0, 1.0], [1, 1], NotWholeNumbers),
        ([[0, 1]], [1, 1], ShapeMismatch),
        ([0, 2], [1, 1], BadBound),
        ([0, -2], [1, 1], BadBound),
        ([0, 1], [1, -1], BadBound),
        ([0, 1], [0, 0], BadBound),
    ],
)
def test_what_is_no_variable_is_refused(codes, population, refusal):
    with pytest.raises(refusal):
        Variable("v", np.array(codes), population)
