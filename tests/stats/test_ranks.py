from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from consult.stats.pairs import Paired
from consult.stats.ranks import hodges_lehmann, sign_test, signed_rank
from consult.stats.refusals import BadBound, NotWholeNumbers, TooFewPeople, TooManyPoints
from tests.stats.cases import changes, paired, people, scores, steady

# scipy's own test of zeros and ties (test_accuracy_wilcoxon), whose Pratt and drop are those of R's coin.
PUBLISHED = changes(*np.repeat(range(-4, 5), [1, 4, 16, 15, 8, 4, 5, 1, 2]).tolist())
few_changes = st.lists(st.integers(-4, 4), min_size=1, max_size=9)


def flipped(differences, zeros):
    """Two-sided p by writing down every pattern of signs."""
    d = np.array([x for x in differences if x or zeros == "pratt"], dtype=float)
    ranks = stats.rankdata(np.abs(d))[d != 0]
    signs = np.sign(d[d != 0])
    observed = abs((signs * ranks).sum())
    every = [
        abs(np.dot(pattern, ranks)) >= observed - 1e-9 for pattern in product((-1, 1), repeat=len(ranks))
    ]
    return np.mean(every)


def test_pratt_by_hand():
    # |d| = 0 0 1 1 2: mid-ranks 1.5 1.5 3.5 3.5 5; up 1 and 2, down 1.
    got = signed_rank(changes(0, 0, 1, -1, 2))
    assert (got.n_nonzero, got.w_plus, got.w_minus) == (3, 8.5, 3.5)
    assert got.z == pytest.approx(2.5 / np.sqrt((2 * 3.5**2 + 25) / 4), rel=1e-15)
    # The 8 patterns of 3.5, 3.5 and 5 are 12 apart (2 of them), 5 apart (4) or 2 apart (2).
    assert got.p == got.p_exact == 6 / 8
    assert got.method == "exact"
    assert got.rank_biserial == pytest.approx(5 / 12)


@pytest.mark.parametrize(
    ("zeros", "smaller", "p", "z"),
    [
        ("pratt", 423.0, 0.0031724568006762576, 2.95051398689876),
        ("zsplit", 441.0, 0.0032145343172473055, None),
        ("drop", 327.0, 0.0064134611586072355, 2.72585785526693),
    ],
)
def test_zeros_and_ties_give_the_published_values(zeros, smaller, p, z):
    got = signed_rank(PUBLISHED, zeros=zeros)
    assert min(got.w_plus, got.w_minus) == smaller
    assert got.p == got.p_asymptotic == pytest.approx(p, rel=1e-10)
    assert got.method == "asymptotic"
    assert z is None or abs(got.z) == pytest.approx(z, rel=1e-12)


def test_the_exact_p_of_coin_is_reached_when_asked_for():
    got = signed_rank(PUBLISHED, exact_up_to=48)
    assert got.p == pytest.approx(0.00279616521155646, rel=1e-10)
    assert got.method == "exact"


def test_the_exact_p_is_used_up_to_25_people_who_moved():
    moved = [1] * 13 + [-1] * 12 + [0] * 40
    assert signed_rank(changes(*moved)).method == "exact"
    assert signed_rank(changes(*moved, 2)).method == "asymptotic"


def test_25_people_who_all_moved_differently_are_still_exact():
    got = signed_rank(
        Paired.from_scores(np.zeros(25), np.arange(1, 26) * np.where(np.arange(25) % 3, 1.0, -1.0))
    )
    # Without ties or zeros SciPy's exact distribution is right.
    oracle = stats.wilcoxon(np.arange(1, 26) * np.where(np.arange(25) % 3, 1.0, -1.0), method="exact")
    assert got.p == pytest.approx(oracle.pvalue, rel=1e-12)


@pytest.mark.parametrize("zeros", ["pratt", "drop", "zsplit"])
@pytest.mark.parametrize("answers", [[], [(2, 2)], [(1, 1), (3, 3), (3, 3)]])
def test_where_nobody_moved_there_is_no_z_and_no_p(answers, zeros):
    got = signed_rank(paired(answers), zeros=zeros)
    assert (got.n_nonzero, got.z, got.p, got.method, got.p_asymptotic_cc) == (0, None, None, None, None)
    assert got.w_plus == got.w_minus
    if zeros != "zsplit":
        assert got.rank_biserial is None


def test_another_way_with_zeros_is_refused():
    with pytest.raises(BadBound):
        signed_rank(changes(1), zeros="wilcox")


@steady
@given(few_changes, st.sampled_from(["pratt", "drop"]))
def test_the_exact_p_is_that_of_every_pattern_of_signs(differences, zeros):
    got = signed_rank(changes(*differences), zeros=zeros)
    if any(differences):
        assert got.p == pytest.approx(flipped(differences, zeros), rel=1e-12)


@steady
@given(people, st.sampled_from([("pratt", "pratt"), ("wilcox", "drop"), ("zsplit", "zsplit")]))
def test_the_asymptotic_p_is_that_of_scipy(answers, names):
    before, after = np.array(answers).T
    if (before == after).all():
        return
    theirs, ours = names
    got = signed_rank(paired(answers), zeros=ours)
    plain = stats.wilcoxon(after, before, zero_method=theirs, method="asymptotic", correction=False)
    assert min(got.w_plus, got.w_minus) == plain.statistic
    assert got.p_asymptotic == pytest.approx(plain.pvalue, rel=1e-10)


@steady
@given(scores)
def test_swapping_the_waves_swaps_the_rank_sums(answers):
    pairs = Paired.from_scores(*np.array(answers).T)
    there, back = signed_rank(pairs), signed_rank(pairs.swapped())
    assert (back.w_plus, back.w_minus, back.p) == (there.w_minus, there.w_plus, there.p)
    assert back.z == (None if there.z is None else -there.z)


def test_a_hundred_thousand_people_do_not_overflow():
    rng = np.random.default_rng(2)
    before, after = rng.integers(1, 6, size=(2, 100_000))
    got = signed_rank(Paired.from_points(before, after, low=1, high=5))
    oracle = stats.wilcoxon(after, before, zero_method="pratt", method="asymptotic")
    assert got.p == pytest.approx(oracle.pvalue, rel=1e-9)


def test_the_sign_test_of_eleven_up_and_three_down_by_the_binomial_table():
    got = sign_test(11, 3)
    assert got.n == 14
    assert got.p_exact == pytest.approx(2 * 470 / 16384, rel=1e-12)
    assert got.p_mid == pytest.approx((470 + 106) / 16384, rel=1e-12)


@pytest.mark.parametrize("each", [1, 2, 7, 500, 50_000])
def test_as_many_up_as_down_has_a_mid_p_of_exactly_one(each):
    assert sign_test(each, each).p_mid == 1.0
    assert sign_test(each, each).p_exact == 1.0


def test_nobody_who_moved_has_no_sign_test():
    got = sign_test(0, 0)
    assert (got.n, got.p_exact, got.p_mid) == (0, None, None)


@pytest.mark.parametrize(("up", "down"), [(-1, 3), (1, -2), (1.5, 2)])
def test_counts_that_are_no_counts_are_refused(up, down):
    with pytest.raises(NotWholeNumbers):
        sign_test(up, down)


@steady
@given(st.integers(0, 300), st.integers(0, 300))
def test_the_sign_test_is_the_binomial_test_of_scipy(up, down):
    got = sign_test(up, down)
    if up + down:
        assert got.p_exact == pytest.approx(stats.binomtest(up, up + down).pvalue, rel=1e-9)
        mass = stats.binom.pmf(min(up, down), up + down, 0.5)
        both = 2 * stats.binom.cdf(min(up, down), up + down, 0.5)
        assert got.p_mid == pytest.approx(min(1.0, both - mass), rel=1e-9)
        assert got == sign_test(down, up)
        assert got.p_mid <= got.p_exact <= 1.0


@steady
@given(scores)
def test_hodges_lehmann_is_the_median_of_all_averages(answers):
    before, after = np.array(answers).T
    d = after - before
    one, other = np.triu_indices(len(d))
    expected = np.median((d[one] + d[other]) / 2)
    assert hodges_lehmann(Paired.from_scores(before, after)) == pytest.approx(expected, abs=1e-9)


def test_hodges_lehmann_of_nobody_and_of_a_continuum_is_refused():
    with pytest.raises(TooFewPeople):
        hodges_lehmann(paired([]))
    squares = np.arange(100.0) ** 2 + 0.5
    before, after = (grid.ravel() for grid in np.meshgrid(squares, squares))
    with pytest.raises(TooManyPoints):
        hodges_lehmann(Paired.from_scores(before, after))
