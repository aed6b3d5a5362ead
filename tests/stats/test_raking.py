import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.stats.margins import Collapsing, Variable
from consult.stats.raking import RakingSettings, rake
from consult.stats.refusals import (
    BadBound,
    EmptyCategory,
    NotFinite,
    NothingToRake,
    ShapeMismatch,
    TooFewPeople,
    Unreachable,
)
from consult.stats.weights import Limits
from tests.stats.cases import steady

AS_THEY_ARE = RakingSettings(collapsing=None, limits=None, unanswered_limit=1.0)


def crowd(seed, n=60, sizes=(2, 3, 4), silent=0.0):
    """People with everybody's category present in every combination of the first two, so that margins fit."""
    dice = np.random.default_rng(seed)
    found = []
    for place, size in enumerate(sizes):
        codes = dice.integers(0, size, n)
        codes[: np.prod(sizes)] = np.indices(sizes)[place].ravel()
        codes[np.prod(sizes) :][dice.random(n - np.prod(sizes)) < silent] = -1
        found.append(Variable(f"v{place}", codes, dice.uniform(0.5, 2.0, size)))
    return found


crowds = st.builds(crowd, st.integers(0, 10**6), silent=st.sampled_from([0.0, 0.3]))


def shares(variable, weights):
    said = variable.codes >= 0
    held = np.bincount(variable.codes[said], weights=weights[said], minlength=variable.population.size)
    return held / held.sum()


def by_loops(variables, base):
    """The same, one person after the other, in plain Python."""
    weights = [float(w) for w in base]
    for _ in range(2000):
        for variable in variables:
            codes, living = variable.codes.tolist(), variable.population.tolist()
            total = sum(w for w, c in zip(weights, codes, strict=True) if c >= 0)
            for place, share in enumerate(living):
                inside = [i for i, c in enumerate(codes) if c == place]
                held = sum(weights[i] for i in inside)
                for i in inside:
                    weights[i] *= share * total / held
    return np.array(weights) * len(weights) / sum(weights)


def by_newton(variables, base):
    """Weights of the form base * exp(columns @ slopes) that have the margins, by Newton's method."""
    n = len(base)
    columns = [np.ones(n)] + [
        (v.codes == k).astype(float) for v in variables for k in range(1, v.population.size)
    ]
    x = np.column_stack(columns)
    totals = np.concatenate([[n], *[n * v.population[1:] for v in variables]])
    slopes = np.zeros(x.shape[1])
    for _ in range(100):
        weights = base * np.exp(x @ slopes)
        slopes += np.linalg.solve(x.T @ (x * weights[:, None]), totals - x.T @ weights)
    return base * np.exp(x @ slopes)


@steady
@given(crowds)
def test_margins_hold_where_nothing_is_cut(variables):
    raked = rake(variables, settings=AS_THEY_ARE)
    for variable in variables:
        assert shares(variable, raked.weights) == pytest.approx(variable.population, abs=1e-9)
    assert raked.weights.mean() == pytest.approx(1)
    assert (raked.report.converged, raked.report.cycles) == (True, 0)
    assert raked.report.largest_error < 1e-9


@pytest.mark.parametrize("silent", [0.0, 0.3])
def test_weights_are_those_of_a_loop_over_people(silent):
    variables = crowd(7, silent=silent)
    base = np.random.default_rng(1).uniform(0.5, 2.0, 60)
    raked = rake(variables, base=base, settings=AS_THEY_ARE)
    assert raked.weights == pytest.approx(by_loops(variables, base), rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_weights_are_those_of_newton_s_method(seed):
    variables = crowd(seed)
    base = np.random.default_rng(seed).uniform(0.5, 2.0, 60)
    raked = rake(variables, base=base, settings=AS_THEY_ARE)
    expected = by_newton(variables, base)
    assert raked.weights == pytest.approx(expected / expected.mean(), rel=1e-8)


@steady
@given(crowds, st.integers(0, 10**6), st.booleans())
def test_the_order_of_people_is_of_no_consequence(variables, seed, as_they_are):
    settings = AS_THEY_ARE if as_they_are else RakingSettings(unanswered_limit=1.0)
    order = np.random.default_rng(seed).permutation(60)
    mixed = [Variable(v.name, v.codes[order], v.population, is_ordered=v.is_ordered) for v in variables]
    got, other = rake(variables, settings=settings), rake(mixed, settings=settings)
    assert other.weights == pytest.approx(got.weights[order], rel=1e-9)


@steady
@given(crowds, st.floats(0.01, 1000.0), st.floats(0.01, 1000.0))
def test_the_scales_of_margins_and_base_are_of_no_consequence(variables, times, of_base):
    larger = [Variable(v.name, v.codes, v.population * times) for v in variables]
    base = np.linspace(1, 2, 60)
    got = rake(variables, base=base, settings=AS_THEY_ARE)
    assert rake(larger, base=base * of_base, settings=AS_THEY_ARE).weights == pytest.approx(
        got.weights, rel=1e-8
    )


@steady
@given(crowds)
def test_equal_people_may_be_one_row_that_begins_with_their_number(variables):
    rows = np.column_stack([variable.codes for variable in variables])
    kinds, place, count = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    merged = [Variable(v.name, kinds[:, k], v.population) for k, v in enumerate(variables)]
    got = rake(merged, base=count, settings=AS_THEY_ARE).weights
    each = got / count
    expected = rake(variables, settings=AS_THEY_ARE).weights
    assert (each / each[place].mean())[place.ravel()] == pytest.approx(expected, rel=1e-8)


@steady
@given(crowds)
def test_who_has_the_population_s_margins_already_keeps_the_weights(variables):
    first = rake(variables, settings=AS_THEY_ARE)
    again = rake(variables, base=first.weights, settings=AS_THEY_ARE)
    assert again.weights == pytest.approx(first.weights, rel=1e-9)
    assert again.report.rounds <= 2


def test_who_gave_no_answer_to_anything_keeps_the_mean_of_what_they_began_with():
    codes = np.array([0] * 30 + [1] * 10 + [-1])
    raked = rake([Variable("sex", codes, [1, 1])], settings=AS_THEY_ARE)
    assert raked.weights[-1] == pytest.approx(1)
    assert raked.report.variables[0].unanswered == 1


def lopsided():
    """Two variables of which few people make a large part of the population."""
    first = np.repeat([0, 1], [460, 40])
    second = np.concatenate([np.arange(460) % 3, np.arange(40) % 10 // 5])
    return [Variable("a", first, [70, 30]), Variable("b", second, [20, 20, 60])]


def test_weights_are_cut_and_raked_again_and_what_that_cost_is_told():
    raked = rake(lopsided())
    report = raked.report
    assert (report.too_heavy, report.cycles) == (40, 5)
    assert raked.weights.max() <= 3.0000001
    assert raked.weights.min() >= 0.2999999
    assert raked.weights.mean() == pytest.approx(1)
    assert not report.converged
    for variable, balance in zip(lopsided(), report.variables, strict=True):
        got = shares(variable, raked.weights)
        assert [c.after for c in balance.categories] == pytest.approx(got)
        assert [c.error for c in balance.categories] == pytest.approx(got - variable.population)
        assert balance.largest_error == pytest.approx(np.abs(got - variable.population).max())
    assert report.largest_error == max(v.largest_error for v in report.variables) > 1e-6


def test_margins_can_hold_after_cutting():
    codes = np.repeat([0, 1], [190, 10])
    other = np.arange(200) % 2
    other[-10:] = [0] * 9 + [1]
    raked = rake(
        [Variable("a", codes, [88, 12]), Variable("b", other, [45, 55])],
        settings=RakingSettings(collapsing=None),
    )
    assert raked.report.too_heavy
    assert raked.report.converged
    assert 1 <= raked.report.cycles <= 5
    assert raked.weights.max() <= 3.00001


def test_the_report_says_what_was_put_together_and_what_was_dropped():
    dice = np.random.default_rng(3)
    age = np.repeat(np.arange(4), [100, 12, 80, 108])
    faith = np.where(dice.random(300) < 0.2, -1, dice.integers(0, 2, 300))
    report = rake(
        [
            Variable("age", age, [1, 1, 1, 1], is_ordered=True),
            Variable("faith", faith, [1, 1]),
            Variable("all", np.zeros(300, dtype=int), [1]),
        ]
    ).report
    bands, silent, alone = report.variables
    assert (bands.groups, bands.is_collapsed, bands.dropped) == (((0,), (1, 2), (3,)), True, None)
    # The group holds its margin; the bands within it do not, and that is told as well.
    assert bands.largest_error < 1e-9
    assert sum(c.error for c in bands.categories[1:3]) == pytest.approx(0, abs=1e-9)
    assert bands.categories[1].error < -0.1
    assert [c.people for c in bands.categories] == [100, 12, 80, 108]
    assert (silent.dropped, silent.largest_error, silent.unanswered) == (
        "unanswered",
        None,
        int((faith < 0).sum()),
    )
    assert alone.dropped == "one_group"
    assert report.converged
    assert json.loads(json.dumps(asdict(report)))["variables"][0]["groups"] == [[0], [1, 2], [3]]


def test_a_dropped_variable_that_nobody_answered_has_no_shares():
    report = rake([Variable("a", np.arange(100) % 2, [1, 2]), Variable("b", np.full(100, -1), [1, 1])]).report
    assert [c.after for c in report.variables[1].categories] == [None, None]


def test_numbers_about_the_weights_are_theirs():
    raked = rake(lopsided())
    w, report = raked.weights, raked.report
    assert report.kish_deff == pytest.approx(len(w) * (w**2).sum() / w.sum() ** 2)
    assert report.n_eff == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert (report.least, report.greatest) == (w.min(), w.max())
    assert report.max_to_min == pytest.approx(w.max() / w.min())
    with pytest.raises(ValueError, match="read-only"):
        w[0] = 9.0


def test_margins_that_contradict_each_other_are_refused():
    # Every woman is young, every man old: there is no way to have half women and nine tenths old.
    same = np.repeat([0, 1], 50)
    with pytest.raises(Unreachable) as refused:
        rake([Variable("sex", same, [1, 1]), Variable("age", same, [1, 9])])
    assert refused.value.difference > 0.01


def test_without_a_variable_there_is_nothing_to_rake():
    with pytest.raises(NothingToRake):
        rake([])
    with pytest.raises(NothingToRake):
        rake([Variable("few", np.array([0, 1]), [1, 1])])


@pytest.mark.parametrize(
    ("base", "refusal"),
    [
        ([1.0] * 59, ShapeMismatch),
        ([1.0] * 59 + [0.0], BadBound),
        ([1.0] * 59 + [-1.0], BadBound),
        ([1.0] * 59 + [float("nan")], NotFinite),
    ],
)
def test_base_weights_that_are_none_are_refused(base, refusal):
    with pytest.raises(refusal):
        rake(crowd(1), base=base, settings=AS_THEY_ARE)


def test_variables_of_other_people_are_refused():
    with pytest.raises(ShapeMismatch):
        rake([Variable("a", np.array([0, 1]), [1, 1]), Variable("b", np.array([0, 1, 1]), [1, 1])])


def test_nobody_and_an_empty_category_are_refused():
    with pytest.raises(TooFewPeople):
        rake([Variable("a", np.empty(0, dtype=int), [1, 1])])
    with pytest.raises(EmptyCategory):
        rake([Variable("a", np.array([0, 0]), [1, 1])], settings=AS_THEY_ARE)


def test_limits_that_leave_out_the_mean_are_refused():
    with pytest.raises(BadBound):
        rake(crowd(1), settings=RakingSettings(limits=Limits(2.0, 3.0)))


def test_the_method_s_own_settings_are_those_of_the_method():
    assert RakingSettings() == RakingSettings(
        collapsing=Collapsing(smallest=20, largest_ratio=5.0),
        limits=Limits(low=0.3, high=3.0),
        cycles=5,
        unanswered_limit=0.1,
    )
