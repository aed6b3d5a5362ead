import numpy as np
import pytest
from hypothesis import given
from scipy import special, stats

from consult.stats.change import change_of
from consult.stats.effect_size import d_z_interval, hedges_j, standardised_change
from consult.stats.pairs import Paired
from consult.stats.refusals import BadBound, TooFewPeople
from tests.stats.cases import changes, paired, people, steady
from tests.stats.test_change import SLEEP_AFTER, SLEEP_BEFORE


def test_hedges_j_is_the_published_table():
    # Hedges and Olkin (1985), table of c(m); its last digit is not always rounded to nearest.
    published = {2: 0.5642, 3: 0.7236, 4: 0.7979, 5: 0.8408, 6: 0.8686, 7: 0.8882, 8: 0.9027, 20: 0.9619}
    for df, value in published.items():
        assert hedges_j(df) == pytest.approx(value, abs=1e-4)


def test_hedges_j_of_two_and_of_four_by_hand():
    assert hedges_j(2) == pytest.approx(1 / np.sqrt(np.pi), rel=1e-14)
    assert hedges_j(4) == pytest.approx(np.sqrt(2 / np.pi), rel=1e-14)


def test_series_and_gamma_form_of_hedges_j_meet():
    for df in (100, 101, 250):
        gamma = np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / np.sqrt(df / 2)
        assert hedges_j(df) == pytest.approx(gamma, rel=1e-12)
    assert hedges_j(99.999) == pytest.approx(hedges_j(100.0), rel=1e-6)


def test_hedges_j_stays_exact_for_a_million_people():
    # 1 - 3/(4 df) - 7/(32 df^2) is the start of the same series.
    assert hedges_j(1e6) == pytest.approx(1 - 0.75e-6 - 7 / 32 * 1e-12, rel=1e-15)


@pytest.mark.parametrize("df", [1, 0, -3, float("nan")])
def test_a_correction_that_does_not_exist_is_refused(df):
    with pytest.raises(BadBound):
        hedges_j(df)


def test_the_sleep_example_has_the_published_effect():
    # TOSTER vignette IntroTOSTt: dz = 1.284558 and gz = 1.174 (group 1 minus group 2 there).
    got = standardised_change(Paired.from_scores(SLEEP_BEFORE, SLEEP_AFTER))
    assert got.d_z == pytest.approx(1.2845575625910546, rel=1e-10)
    assert got.g_z == pytest.approx(1.1739249035142048, rel=1e-10)


@steady
@given(people)
def test_every_form_is_its_definition(answers):
    before, after = np.array(answers, dtype=float).T
    sd = np.std(after - before, ddof=1)
    one, two = before.std(ddof=1), after.std(ddof=1)
    got = standardised_change(paired(answers))
    mean = (after - before).mean()
    if sd > 0:
        assert got.d_z == pytest.approx(mean / sd, abs=1e-12)
    else:
        assert got.d_z is None
        assert got.d_rm is None
    if one + two > 0:
        assert got.d_av == pytest.approx(mean / np.sqrt((one**2 + two**2) / 2), abs=1e-12)
        assert got.d_av_mean_sds == pytest.approx(mean / ((one + two) / 2), abs=1e-12)
    else:
        assert got.d_av is None
    if sd > 0 and one > 0 and two > 0:
        r = np.corrcoef(before, after)[0, 1]
        assert got.d_rm == pytest.approx(mean / sd * np.sqrt(max(0, 2 * (1 - r))), abs=1e-7)
    if got.d_av is not None and len(answers) > 2:
        assert got.g_av == pytest.approx(got.d_av * hedges_j(len(answers) - 1), rel=1e-12)


def test_two_people_have_an_effect_but_no_correction_of_it():
    got = standardised_change(changes(0, 1))
    assert got.d_z == pytest.approx(np.sqrt(0.5))
    assert got.g_z is None


def test_a_constant_change_can_be_standardised_only_by_the_spread_of_people():
    got = standardised_change(paired([(1, 2), (2, 3), (4, 5)]))
    assert got.d_z is None
    assert got.d_av == pytest.approx(1 / np.std([1, 2, 4], ddof=1))
    assert d_z_interval(paired([(1, 2), (2, 3)])) is None


def test_one_person_has_no_effect_size_and_nobody_is_refused():
    assert standardised_change(paired([(1, 2)])).d_z is None
    assert d_z_interval(paired([(1, 2)])) is None
    with pytest.raises(TooFewPeople):
        standardised_change(paired([]))


@pytest.mark.parametrize(
    "answers",
    [[(1, 2), (1, 1), (2, 5), (3, 2)], [(1, 2), (1, 4)], [(3, 3), (2, 4), (4, 2)], [(1, 4)] * 30 + [(1, 5)]],
)
def test_the_interval_leaves_the_observed_t_in_both_tails(answers):
    pairs = paired(answers)
    change = change_of(pairs)
    low, high = d_z_interval(pairs)
    root = np.sqrt(change.n)
    assert stats.nct.sf(change.t, change.df, low * root) == pytest.approx(0.025, rel=1e-6)
    assert stats.nct.cdf(change.t, change.df, high * root) == pytest.approx(0.025, rel=1e-6)


def test_the_interval_flips_with_the_waves():
    pairs = paired([(1, 2), (1, 1), (2, 5), (3, 2)])
    low, high = d_z_interval(pairs)
    assert d_z_interval(pairs.swapped()) == pytest.approx((-high, -low), abs=1e-9)


def test_people_who_change_almost_alike_still_have_an_interval():
    # Where t is huge the normal part no longer matters: the ends are t times quantiles of a chi.
    pairs = Paired.from_scores(np.zeros(5), np.array([1, 1, 1, 1, 1.0001]))
    change = change_of(pairs)
    expected = change.t / np.sqrt(5) * np.sqrt(stats.chi2.ppf([0.025, 0.975], 4) / 4)
    assert d_z_interval(pairs) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("answers", [[1.0] * 40 + [0.97] * 40, [1.0] * 4 + [0.96]])
def test_both_ways_to_the_interval_meet(answers):
    pairs = Paired.from_scores(np.zeros(len(answers)), np.array(answers))
    change = change_of(pairs)
    assert change.t > 100
    low, high = np.array(d_z_interval(pairs)) * np.sqrt(change.n)
    assert stats.nct.cdf(change.t, change.df, low) == pytest.approx(0.975, abs=1e-8)
    assert stats.nct.cdf(change.t, change.df, high) == pytest.approx(0.025, abs=1e-8)
