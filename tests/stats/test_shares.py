import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar

from consult.stats.refusals import BadBound, NotWholeNumbers, TooFewPeople
from consult.stats.shares import (
    Fourfold,
    bonett_price_interval,
    newcombe_interval,
    share_change,
    shares_from,
    tango_interval,
    wald_interval,
)
from tests.stats.cases import paired, people, steady

INTERVALS = (newcombe_interval, tango_interval, wald_interval, bonett_price_interval)
# Fagerland, Lydersen and Laake (2013), Table 1 (Bentur et al. 2009), which takes before minus after.
BENTUR = Fourfold(both=1, only_before=1, only_after=7, neither=12)
counts = st.tuples(*[st.integers(0, 30)] * 4).filter(any)


@pytest.mark.parametrize(
    ("interval", "published"),
    [
        (newcombe_interval, (0.0256, 0.5069)),
        (tango_interval, (0.0260, 0.5172)),
        (wald_interval, (0.0517, 0.5197)),
        (bonett_price_interval, (0.0134, 0.5084)),
    ],
)
def test_intervals_of_a_published_table(interval, published):
    assert interval(BENTUR) == pytest.approx(published, abs=5e-5)


def test_tests_of_a_published_table():
    got = share_change(BENTUR)
    assert got.difference == pytest.approx(6 / 21)
    assert got.p_asymptotic == pytest.approx(0.0339, abs=5e-5)
    assert got.p_cc == pytest.approx(0.0771, abs=5e-5)
    assert got.p_exact == pytest.approx(0.0703125, rel=1e-12)
    assert got.p_mid == pytest.approx(0.0390625, rel=1e-12)


def test_tests_of_a_second_published_table():
    # The same paper, Table 2 (Cavo et al. 2012).
    got = share_change(Fourfold(both=59, only_before=6, only_after=16, neither=80))
    printed = (got.p_asymptotic, got.p_cc, got.p_exact, got.p_mid)
    assert printed == pytest.approx((0.033, 0.055, 0.053, 0.035), abs=6e-4)


def test_support_is_counted_at_or_above_the_point():
    got = shares_from(paired([(4, 5), (5, 3), (3, 4), (1, 4), (2, 3), (3, 3)]), 4)
    assert (got.both, got.only_before, got.only_after, got.neither) == (1, 1, 2, 2)
    everybody = shares_from(paired([(1, 5), (2, 2)]), 0)
    assert (everybody.both, everybody.neither) == (2, 0)


def test_shares_of_nobody_are_refused():
    with pytest.raises(TooFewPeople):
        shares_from(paired([]), 4)


@pytest.mark.parametrize("counts", [(-1, 2, 3, 4), (1.5, 2, 3, 4)])
def test_counts_that_are_no_counts_are_refused(counts):
    with pytest.raises(NotWholeNumbers):
        Fourfold(*counts)


@pytest.mark.parametrize("interval", INTERVALS)
def test_a_confidence_that_is_no_share_is_refused(interval):
    with pytest.raises(BadBound):
        interval(BENTUR, confidence=95)


@pytest.mark.parametrize("table", [(3, 0, 0, 4), (1, 0, 0, 0), (0, 0, 0, 9)])
def test_where_nobody_changed_side_there_is_an_interval_but_no_test(table):
    got = share_change(Fourfold(*table))
    assert (got.p_mid, got.p_exact, got.chi2, got.p_asymptotic, got.chi2_cc, got.p_cc) == (None,) * 6
    assert got.difference == 0.0
    assert got.low < 0.0 < got.high
    low, high = tango_interval(Fourfold(*table))
    n = sum(table)
    reach = 1.959963984540054**2 / (n + 1.959963984540054**2)
    assert (low, high) == pytest.approx((-reach, reach), rel=1e-9)


def test_where_everybody_changed_side_the_score_interval_ends_at_one():
    assert tango_interval(Fourfold(0, 0, 5, 0))[1] == 1.0
    assert tango_interval(Fourfold(0, 5, 0, 0))[0] == -1.0


@steady
@given(counts)
def test_the_tests_are_those_of_statsmodels(table):
    both, fell, rose, neither = table
    if not fell + rose:
        return
    got = share_change(Fourfold(*table))
    square = [[both, fell], [rose, neither]]
    assert got.p_exact == pytest.approx(mcnemar(square, exact=True).pvalue, rel=1e-9)
    plain = mcnemar(square, exact=False, correction=False)
    assert (got.chi2, got.p_asymptotic) == pytest.approx((plain.statistic, plain.pvalue), rel=1e-9)
    if fell != rose:  # statsmodels squares the correction of a difference of nothing
        corrected = mcnemar(square, exact=False, correction=True)
        assert (got.chi2_cc, got.p_cc) == pytest.approx((corrected.statistic, corrected.pvalue), rel=1e-9)


@steady
@given(counts, st.sampled_from(INTERVALS))
def test_every_interval_holds_the_difference_and_flips_with_the_waves(table, interval):
    both, fell, rose, neither = table
    low, high = interval(Fourfold(both, fell, rose, neither))
    assert -1.0 <= low <= high <= 1.0
    if interval is not bonett_price_interval:
        assert low - 1e-12 <= (rose - fell) / sum(table) <= high + 1e-12
    assert interval(Fourfold(both, rose, fell, neither)) == pytest.approx((-high, -low), abs=1e-9)


@steady
@given(counts)
def test_the_score_interval_is_where_a_numerical_likelihood_rejects(table):
    both, fell, rose, neither = table
    n = sum(table)
    for end in tango_interval(Fourfold(both, fell, rose, neither)):
        if abs(end) > 0.999 or abs(end - (rose - fell) / n) < 1e-9:
            continue

        def minus_log(share, end=end):
            cells = ((fell, share), (rose, share + end), (both + neither, 1 - 2 * share - end))
            return -sum(count * np.log(max(chance, 1e-300)) for count, chance in cells if count)

        inside = (max(0.0, -end), (1 - end) / 2)
        share = optimize.minimize_scalar(
            minus_log, bounds=inside, method="bounded", options={"xatol": 1e-12}
        ).x
        score = (rose - fell - n * end) / np.sqrt(n * (2 * share + end - end * end))
        assert abs(score) == pytest.approx(stats.norm.ppf(0.975), rel=1e-3)


@steady
@given(people, st.integers(1, 5))
def test_shares_before_and_after_are_those_of_the_people(answers, at_least):
    before, after = np.array(answers).T
    got = share_change(shares_from(paired(answers), at_least))
    assert got.before == pytest.approx((before >= at_least).mean())
    assert got.after == pytest.approx((after >= at_least).mean())
    assert got.difference == pytest.approx(got.after - got.before, abs=1e-12)
