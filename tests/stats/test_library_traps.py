"""What a library would have said instead: it falls into each of these, and the package goes round."""

import warnings

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable

from consult.stats.change import change_of
from consult.stats.effect_size import hedges_j, standardised_change
from consult.stats.nominal import bowker, nominal_change
from consult.stats.pairs import Paired
from consult.stats.ranks import signed_rank
from consult.stats.reasoning import reason_index
from consult.stats.shares import Fourfold, newcombe_interval
from tests.stats.cases import reference, table

# The worked example: 20 people on five points, rows before, columns after.
WORKED = [[1, 2, 1, 0, 0], [1, 2, 1, 2, 0], [0, 0, 1, 3, 0], [0, 0, 0, 1, 2], [0, 0, 1, 1, 1]]
BEFORE, AFTER = (np.repeat(axis.ravel() + 1, np.ravel(WORKED)) for axis in np.indices((5, 5)))
PAIRS = Paired(np.arange(1.0, 6.0), np.array(WORKED))

# How each trap begins, and the tests below that are about it; none: not of this package.
TRAPS = {
    'scipy.stats.wilcoxon(method="exact"': "scipy_s_exact_wilcoxon",
    "scipy.stats.wilcoxon default": "scipy_s_default_wilcoxon",
    "statsmodels SquareTable default": "statsmodels_replaces_zeros",
    "Stuart-Maxwell on the worked 5x5 table": "dropping_categories_with_equal_totals",
    "Bowker": "bowker_with_all_degrees_of_freedom",
    "pingouin": "pingouin_s_paired_effect",
    "deliberr": "the_adjusted_index",
    "Newcombe": "newcombe_without_the_correction",
    "survey::svyttest": None,
    "sortition-algorithms": None,
}


def test_every_trap_that_is_known_has_a_test_here():
    for trap in reference("golden/golden.json")["library_traps"]:
        about = [test for start, test in TRAPS.items() if trap.startswith(start)]
        assert len(about) == 1, trap
        assert about[0] is None or any(about[0] in name for name in globals())


def test_scipy_s_exact_wilcoxon_ignores_zeros_and_ties():
    def scipy(zeros):
        return stats.wilcoxon(AFTER, BEFORE, zero_method=zeros, method="exact").pvalue

    assert scipy("pratt") == pytest.approx(0.1231, abs=5e-5)
    assert signed_rank(PAIRS).p == pytest.approx(0.0496, abs=5e-5)
    assert scipy("wilcox") == pytest.approx(0.0785, abs=5e-5)
    assert signed_rank(PAIRS, zeros="drop").p == pytest.approx(0.0745, abs=5e-5)


def test_scipy_s_default_wilcoxon_drops_who_did_not_change():
    by_default = stats.wilcoxon(AFTER, BEFORE)
    assert by_default.statistic == signed_rank(PAIRS, zeros="drop").w_minus
    assert by_default.statistic != signed_rank(PAIRS).w_minus
    assert signed_rank(PAIRS).w_minus == 41.5


def test_statsmodels_replaces_zeros_and_without_that_fails_on_an_option_nobody_used():
    unused = np.array([[10, 0, 4, 2], [0, 0, 0, 0], [1, 0, 9, 3], [5, 0, 6, 8]])
    used = [0, 2, 3]
    right = SquareTable(unused[np.ix_(used, used)].astype(float), shift_zeros=False).homogeneity()
    shifted = SquareTable(unused.astype(float)).homogeneity()
    got = nominal_change(table(unused.tolist()))
    assert (got.stuart_maxwell, got.df) == pytest.approx((right.statistic, 2))
    assert abs(shifted.statistic - right.statistic) > 0.01
    assert shifted.df == 3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            failed = not np.isfinite(
                SquareTable(unused.astype(float), shift_zeros=False).homogeneity().statistic
            )
        except np.linalg.LinAlgError:
            failed = True
    assert failed


def test_dropping_categories_with_equal_totals_is_another_statistic():
    got = nominal_change(PAIRS)
    assert (got.stuart_maxwell, got.df) == (pytest.approx(5.2384, abs=5e-5), 4)  # R coin::mh_test
    unequal = PAIRS.before_counts != PAIRS.after_counts
    smaller = nominal_change(Paired(PAIRS.points[unequal], PAIRS.counts[np.ix_(unequal, unequal)]))
    assert smaller.df != got.df  # what R irr::stuart.maxwell.mh does
    assert smaller.stuart_maxwell < got.stuart_maxwell


def test_bowker_with_all_degrees_of_freedom_counts_pairs_without_traffic():
    got = bowker(PAIRS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = SquareTable(np.array(WORKED, dtype=float), shift_zeros=False).symmetry(method="bowker")
    assert theirs.df == got.df_full == 10
    assert got.df == 7
    assert got.p_exact == pytest.approx(0.3671875)


def test_pingouin_s_paired_effect_is_another_one_with_another_correction():
    # compute_effsize(paired=True) divides by the root mean square of both spreads, and corrects by J(2n - 2).
    change, got = change_of(PAIRS), standardised_change(PAIRS)
    theirs = change.mean / np.sqrt((change.sd_before**2 + change.sd_after**2) / 2)
    assert theirs == pytest.approx(got.d_av)
    assert theirs != pytest.approx(got.d_z, rel=0.1)
    assert got.g_av == pytest.approx(got.d_av * hedges_j(19))
    assert got.g_av != pytest.approx(got.d_av * hedges_j(38), rel=0.01)


def test_the_adjusted_index_is_not_the_published_one():
    # deliberr::get_dri() adjusts by default; both are given here, each by its name.
    rng = np.random.default_rng(8)
    got = reason_index(rng.integers(1, 8, (12, 6)), [rng.permutation(4) for _ in range(12)])
    assert got.adjusted < got.dri


def newcombe_with(table, numerator):
    """Newcombe's interval with the numerator of phi as it is given, from Wilson's limits of each share."""
    n = table.n
    firsts, seconds = table.both + table.only_before, table.both + table.only_after
    phi = numerator / np.sqrt(firsts * (n - firsts) * seconds * (n - seconds))
    one, other = firsts / n, seconds / n
    one_ends, other_ends = (
        stats.binomtest(count, n).proportion_ci(method="wilson") for count in (firsts, seconds)
    )

    def reach(x, y):
        return np.sqrt(x * x - 2 * phi * x * y + y * y)

    return (
        other - one - reach(other - other_ends.low, one_ends.high - one),
        other - one + reach(one - one_ends.low, other_ends.high - other),
    )


@pytest.mark.parametrize(
    ("table", "right"),
    [
        (Fourfold(59, 6, 16, 80), 59 * 80 - 6 * 16 - 161 / 2),  # A above n/2: half of n is taken off
        (Fourfold(2, 1, 2, 3), 0),  # A of 4 does not exceed n/2: no correlation
        (Fourfold(1, 5, 6, 2), 1 * 2 - 5 * 6),  # A below 0 stays
    ],
)
def test_newcombe_without_the_correction_of_phi_is_narrower(table, right):
    plain = table.both * table.neither - table.only_before * table.only_after
    low, high = newcombe_interval(table)
    assert (low, high) == pytest.approx(newcombe_with(table, right), rel=1e-9)
    wrong_low, wrong_high = newcombe_with(table, plain)
    assert (wrong_high - wrong_low < high - low - 1e-6) == (plain > 0)
