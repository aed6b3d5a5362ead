from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable

from consult.stats.nominal import bowker, nominal_change
from consult.stats.pairs import Paired
from consult.stats.ranks import sign_test
from consult.stats.refusals import TooFewPeople
from tests.stats.cases import steady, table

# Stuart (1955): unaided distance vision of 7,477 women, right and left eye.
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
# Fagerland, Lydersen and Laake (2017), chapter 9: Peterson et al. (2007).
PETERSON = [[596, 18, 6, 5], [0, 2, 0, 0], [0, 0, 42, 0], [11, 0, 0, 0]]
busy = st.lists(st.lists(st.integers(1, 30), min_size=4, max_size=4), min_size=4, max_size=4)
sparse = st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=3, max_size=3)


def test_vision_gives_the_published_values():
    got = nominal_change(table(VISION))
    assert (got.stuart_maxwell, got.df, got.p) == pytest.approx((11.957, 3, 0.00753), abs=5e-4)
    assert got.bhapkar == pytest.approx(11.9757201555257, rel=1e-10)
    assert got.p_exact is None
    symmetry = bowker(table(VISION))
    assert (symmetry.chi2, symmetry.df, symmetry.p) == pytest.approx((19.107, 6, 0.0040), abs=5e-4)


def test_a_table_with_empty_cells_gives_the_published_values():
    got = nominal_change(table(PETERSON))
    assert (got.stuart_maxwell, got.df) == pytest.approx((26.25, 3))
    assert (got.bhapkar, got.p_bhapkar) == pytest.approx((27.304, 0.000005), abs=5e-4)
    symmetry = bowker(table(PETERSON))
    assert (symmetry.chi2, symmetry.df, symmetry.df_full) == pytest.approx((26.25, 3, 6))
    assert symmetry.p_full == pytest.approx(0.0002, abs=5e-7)


@steady
@given(busy)
def test_the_statistics_are_those_of_statsmodels(counts):
    got, symmetry = nominal_change(table(counts)), bowker(table(counts))
    square = SquareTable(np.array(counts, dtype=float), shift_zeros=False)
    oracle = square.homogeneity()
    assert (got.stuart_maxwell, got.df) == pytest.approx((oracle.statistic, oracle.df), rel=1e-8, abs=1e-10)
    assert got.p == pytest.approx(oracle.pvalue, rel=1e-8)
    weighted = square.homogeneity(method="bhapkar")
    assert got.bhapkar == pytest.approx(weighted.statistic, rel=1e-8, abs=1e-10)
    assert symmetry.chi2 == pytest.approx(square.symmetry(method="bowker").statistic, rel=1e-10)


@steady
@given(busy, st.integers(0, 4))
def test_an_option_that_nobody_entered_or_left_changes_nothing(counts, place):
    wider = np.insert(np.insert(np.array(counts), place, 0, axis=0), place, 0, axis=1)
    wider[place, place] = 5
    one, other = nominal_change(table(counts)), nominal_change(table(wider.tolist()))
    assert (other.stuart_maxwell, other.df) == pytest.approx(
        (one.stuart_maxwell, one.df), rel=1e-9, abs=1e-12
    )


def test_groups_without_traffic_between_them_add_up():
    # Two options exchange 5 for 1, two others 7 for 2: McNemar's statistics add up, one df each.
    counts = np.zeros((4, 4), dtype=int)
    counts[0, 1], counts[1, 0], counts[2, 3], counts[3, 2] = 5, 1, 7, 2
    got = nominal_change(table(counts.tolist()))
    assert (got.stuart_maxwell, got.df) == pytest.approx((16 / 6 + 25 / 9, 2))
    variance = np.diag(counts.sum(1) + counts.sum(0)) - counts - counts.T
    totals = counts.sum(1) - counts.sum(0)
    assert np.linalg.matrix_rank(variance) == got.df
    assert got.stuart_maxwell == pytest.approx(totals @ np.linalg.pinv(variance) @ totals)


def test_where_everybody_moved_one_way_bhapkar_does_not_exist():
    got = nominal_change(table([[0, 4, 0], [0, 0, 0], [0, 0, 0]]))
    assert (got.stuart_maxwell, got.df, got.bhapkar, got.p_bhapkar) == (4.0, 1, None, None)
    assert (got.gross, got.net, got.p_exact) == (1.0, 1.0, 2 / 16)


def test_where_nobody_moved_there_is_no_test():
    got = nominal_change(table([[3, 0], [0, 2]]))
    assert (got.stuart_maxwell, got.df, got.p, got.bhapkar, got.p_exact) == (None,) * 5
    assert (got.gross, got.net) == (0.0, 0.0)
    symmetry = bowker(table([[3, 0], [0, 2]]))
    assert (symmetry.chi2, symmetry.df, symmetry.p, symmetry.p_exact) == (0.0, 0, None, None)


def test_nobody_is_refused():
    with pytest.raises(TooFewPeople):
        nominal_change(table([[0, 0], [0, 0]]))


@steady
@given(st.integers(0, 40), st.integers(0, 40))
def test_two_options_are_mcnemar(there, back):
    got = nominal_change(table([[3, there], [back, 4]]))
    if there + back:
        assert got.stuart_maxwell == pytest.approx((there - back) ** 2 / (there + back))
        assert got.p_exact == pytest.approx(sign_test(there, back).p_exact, rel=1e-9)


def enumerated(counts, statistic):
    """Exact p by writing down every way in which the movers could have split."""
    pairs = [(i, j) for i in range(3) for j in range(i)]
    movers = [counts[i][j] + counts[j][i] for i, j in pairs]
    observed, p = statistic(counts), 0.0
    for split in product(*[range(m + 1) for m in movers]):
        other = np.diag(np.diag(counts))
        chance = 1.0
        for (i, j), m, x in zip(pairs, movers, split, strict=True):
            other[i, j], other[j, i] = x, m - x
            chance *= comb(m, x) / 2**m
        p += chance * (statistic(other) >= observed - 1e-9)
    return p


@steady
@given(sparse)
def test_exact_p_values_are_those_of_every_split(counts):
    counts = np.array(counts)
    if counts.sum() == np.trace(counts):
        return
    got = nominal_change(table(counts.tolist()))
    assert got.p_exact == pytest.approx(enumerated(counts, lambda t: nominal_change(table(t)).stuart_maxwell))
    assert bowker(table(counts)).p_exact == pytest.approx(enumerated(counts, lambda t: bowker(table(t)).chi2))


@steady
@given(busy, st.permutations(range(4)))
def test_neither_the_order_of_options_nor_of_waves_matters(counts, order):
    here = nominal_change(table(counts))
    renamed = np.array(counts)[np.ix_(order, order)].T
    there = nominal_change(Paired(np.arange(4.0), renamed))
    for name in ("stuart_maxwell", "df", "p", "bhapkar", "gross", "net"):
        assert getattr(there, name) == pytest.approx(getattr(here, name), rel=1e-8, abs=1e-10)


def test_the_exact_p_of_a_larger_table_nears_the_asymptotic():
    got = nominal_change(table([[40, 22, 12], [12, 40, 20], [11, 12, 40]]))
    assert got.p_exact == pytest.approx(got.p, abs=0.01)
    assert got.p == pytest.approx(stats.chi2.sf(got.stuart_maxwell, 2), rel=1e-12)
