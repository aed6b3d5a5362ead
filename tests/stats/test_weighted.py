import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from consult.stats.change import paired_change
from consult.stats.margins import Variable
from consult.stats.raking import RakingSettings, rake
from consult.stats.refusals import BadBound, NotFinite, NotWholeNumbers, ShapeMismatch, TooFewPeople
from consult.stats.weighted import weighted_change, weighted_mean, weighted_share_change
from tests.stats.cases import scores, steady
from tests.stats.test_raking import AS_THEY_ARE, crowd

CHANGES = np.array([1.0, 0.0, 2.0, -1.0, 0.0, 1.0, 3.0, 0.0, -2.0, 1.0])
WEIGHTS = np.array([0.4, 1.1, 0.8, 2.0, 1.0, 0.6, 1.3, 0.9, 1.5, 0.4])
GROUPS = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 1])


@steady
@given(scores, st.floats(0.1, 10.0))
def test_equal_weights_give_the_change_without_weights(answers, weight):
    before, after = np.array(answers).T
    got = weighted_change(before, after, np.full(len(answers), weight))
    plain = paired_change(before, after)
    for name in ("n", "mean", "se", "df", "low", "high"):
        assert getattr(got.change, name) == pytest.approx(getattr(plain, name), rel=1e-9, abs=1e-9)
    assert (got.before, got.after) == (pytest.approx(plain.mean_before), pytest.approx(plain.mean_after))
    assert got.change.kish_deff == pytest.approx(1)
    if plain.t is not None and plain.se > 1e-3:
        assert got.change.p == pytest.approx(plain.p, rel=1e-6)
        assert got.change.deff == pytest.approx(1)


def test_the_linearised_error_is_that_of_a_robust_weighted_regression():
    got = weighted_mean(CHANGES, WEIGHTS)
    model = sm.WLS(CHANGES, np.ones(10), weights=WEIGHTS).fit(cov_type="HC1", use_t=True)
    assert got.mean == pytest.approx(model.params[0], rel=1e-12)
    assert got.se == pytest.approx(model.bse[0], rel=1e-12)
    assert (got.t, got.p) == (pytest.approx(model.tvalues[0]), pytest.approx(model.pvalues[0]))
    assert (got.low, got.high) == pytest.approx(tuple(model.conf_int()[0]))
    assert (got.n, got.df) == (10, 9)
    assert got.deff == pytest.approx(model.bse[0] ** 2 / (CHANGES.var(ddof=1) / 10))


def test_the_error_of_groups_is_that_of_a_clustered_weighted_regression():
    got = weighted_mean(CHANGES, WEIGHTS, groups=GROUPS)
    model = sm.WLS(CHANGES, np.ones(10), weights=WEIGHTS).fit(
        cov_type="cluster",
        cov_kwds={"groups": GROUPS, "use_correction": True, "df_correction": True},
        use_t=True,
    )
    # statsmodels corrects by G / (G - 1) and by (n - 1) / (n - k), which is 1 for a mean.
    assert got.se == pytest.approx(model.bse[0], rel=1e-12)
    assert (got.df, got.p) == (2, pytest.approx(model.pvalues[0]))
    assert (got.low, got.high) == pytest.approx(tuple(model.conf_int()[0]))


def test_who_was_in_no_group_counts_as_a_group_of_their_own():
    alone = np.where(GROUPS == 0, -1, GROUPS)
    apart = np.array([7, 8, 9, *GROUPS[3:]])
    got, same = (weighted_mean(CHANGES, WEIGHTS, groups=g) for g in (alone, apart))
    assert (got.df, got.se) == (4, pytest.approx(same.se))
    each = weighted_mean(CHANGES, WEIGHTS, groups=[-1] * 10)
    assert (each.df, each.se) == (9, pytest.approx(weighted_mean(CHANGES, WEIGHTS).se))


def test_a_weight_is_not_a_number_of_people():
    """The library's reading understates the error by the scale of the weights."""
    got = weighted_mean(CHANGES, 100 * WEIGHTS)
    assert got.se == pytest.approx(weighted_mean(CHANGES, WEIGHTS).se)
    assert DescrStatsW(CHANGES, 100 * WEIGHTS).std_mean < got.se / 5


def test_the_error_that_is_aware_of_raking_is_that_of_what_a_regression_leaves():
    variables = crowd(11, silent=0.3)
    base = np.random.default_rng(2).uniform(0.5, 2.0, 60)
    raked = rake(variables, base=base, settings=AS_THEY_ARE)
    change = np.random.default_rng(5).integers(-2, 3, 60) + variables[1].codes
    # Columns laid out by hand, one person after the other.
    rows = [
        [1.0]
        + [
            (float(code == k) - share) if code >= 0 else 0.0
            for v in variables
            for code, shares in [(v.codes[person], v.population)]
            for k, share in list(enumerate(shares))[1:]
        ]
        for person in range(60)
    ]
    w = raked.weights
    off = change - (w @ change) / w.sum()
    left = sm.WLS(off, np.array(rows), weights=base).fit().resid
    got = weighted_mean(change, w, columns=raked.columns())
    assert got.se_raking_aware == pytest.approx(
        np.sqrt(60 / 59 * ((w * left) ** 2).sum()) / w.sum(), rel=1e-9
    )
    assert raked.columns().matrix() == pytest.approx(np.array(rows))
    assert raked.columns().unexplained(off) == pytest.approx(left, abs=1e-9)


def test_what_raking_fixed_has_no_error_left():
    variables = crowd(4)
    raked = rake(variables, settings=AS_THEY_ARE)
    got = weighted_mean((variables[2].codes == 1).astype(float), raked.weights, columns=raked.columns())
    assert got.mean == pytest.approx(variables[2].population[1])
    assert got.se_raking_aware == pytest.approx(0, abs=1e-12)
    assert got.se > 0.01


def test_who_did_not_answer_is_in_no_mean_but_was_raked():
    variables = crowd(4)
    raked = rake(variables, settings=AS_THEY_ARE)
    values = np.random.default_rng(8).normal(size=60)
    values[::5] = np.nan
    has = ~np.isnan(values)
    got = weighted_mean(values, raked.weights, columns=raked.columns())
    alone = weighted_mean(values[has], raked.weights[has])
    assert (got.n, got.mean, got.se, got.p) == (
        48,
        alone.mean,
        pytest.approx(alone.se),
        pytest.approx(alone.p),
    )
    # Of a ratio of two totals over everybody raked, the mean being the one over the other.
    w = raked.weights
    off = np.where(has, values - got.mean, 0.0)
    left = sm.WLS(off, raked.columns().matrix()).fit().resid
    expected = np.sqrt(60 / 59 * ((w * left) ** 2).sum()) / w[has].sum()
    assert got.se_raking_aware == pytest.approx(expected, rel=1e-9)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """People of two kinds answer at different rates; weights that know the rates make up for it."""
    dice = np.random.default_rng(20261122)
    held = 0
    for _ in range(400):
        young = dice.random(80) < 0.25
        values = np.where(young, 1.0, 0.0) + dice.normal(size=80)
        got = weighted_mean(values, np.where(young, 2.0, 2 / 3))
        held += got.low <= 0.5 <= got.high
    assert stats.binomtest(held, 400, 0.95).pvalue > 0.001


def test_a_share_is_the_mean_of_who_reached_it():
    before, after = np.array([1, 4, 5, np.nan, 3]), np.array([4, 4, 2, 5, np.nan])
    got = weighted_share_change(before, after, [1, 2, 1, 7, 9], at_least=4)
    assert (got.before, got.after) == (pytest.approx(3 / 4), pytest.approx(3 / 4))
    assert (got.change.n, got.change.mean) == (3, pytest.approx(0))
    assert (got.change.low, got.change.high) == (-1, 1)
    alone = weighted_mean([1, 0, -1], [1, 2, 1])
    assert got.change.se == pytest.approx(alone.se)


def test_one_person_has_a_mean_and_no_error():
    got = weighted_change([2.0, np.nan], [3.0, 4.0], [2.0, 1.0])
    assert (got.before, got.after, got.change.mean, got.change.n) == (2, 3, 1, 1)
    assert (got.change.se, got.change.t, got.change.low, got.change.deff) == (None,) * 4
    assert weighted_share_change([2.0], [3.0], [1.0], at_least=3).change.low is None


@pytest.mark.parametrize("groups", [None, GROUPS])
def test_where_everybody_changed_alike_the_error_is_exactly_nothing(groups):
    got = weighted_mean(np.full(10, 0.1), WEIGHTS, groups=groups)
    assert (got.mean, got.se, got.low, got.high) == (0.1, 0.0, 0.1, 0.1)
    assert (got.t, got.p, got.deff) == (None, None, None)


@steady
@given(st.permutations(range(10)), st.floats(0.1, 9.0))
def test_the_order_of_people_and_the_scale_of_weights_are_of_no_consequence(order, times):
    order = np.array(order)
    got, other = (
        weighted_mean(CHANGES, WEIGHTS, groups=GROUPS),
        weighted_mean(CHANGES[order], WEIGHTS[order] * times, groups=GROUPS[order] + 5),
    )
    for name in ("mean", "plain_mean", "se", "p", "kish_deff", "deff"):
        assert getattr(other, name) == pytest.approx(getattr(got, name))


@pytest.mark.parametrize(
    ("values", "weights", "more", "refusal"),
    [
        ([1.0], [1.0, 1.0], {}, ShapeMismatch),
        ([[1.0]], [1.0], {}, ShapeMismatch),
        ([np.nan], [1.0], {}, TooFewPeople),
        ([np.inf, 1.0], [1.0, 1.0], {}, NotFinite),
        ([1.0, 2.0], [1.0, 0.0], {}, BadBound),
        ([1.0, 2.0], [1.0, 1.0], {"confidence": 1.0}, BadBound),
        ([1.0, 2.0], [1.0, 1.0], {"groups": [0, 0]}, TooFewPeople),
        ([1.0, 2.0], [1.0, 1.0], {"groups": [0, 1, 2]}, ShapeMismatch),
        ([1.0, 2.0], [1.0, 1.0], {"groups": [0.0, 1.0]}, NotWholeNumbers),
    ],
)
def test_what_has_no_weighted_mean_is_refused(values, weights, more, refusal):
    with pytest.raises(refusal):
        weighted_mean(values, weights, **more)


def test_columns_of_other_people_are_refused():
    columns = rake(crowd(1), settings=AS_THEY_ARE).columns()
    with pytest.raises(ShapeMismatch):
        weighted_mean(CHANGES, WEIGHTS, columns=columns)


def test_changes_of_other_people_and_endless_ones_are_refused():
    with pytest.raises(ShapeMismatch):
        weighted_change([1.0, 2.0], [1.0], [1.0, 1.0])
    with pytest.raises(NotFinite):
        weighted_share_change([np.inf, 1.0], [1.0, 1.0], [1.0, 1.0], at_least=1)


def test_columns_leave_out_what_was_not_raked_to():
    few = Variable("few", np.array([0] * 98 + [1, -1]), [1, 1])
    many = Variable("many", np.arange(100) % 2, [1, 2])
    raked = rake([few, many], settings=RakingSettings())
    assert raked.columns().matrix().shape == (100, 2)
