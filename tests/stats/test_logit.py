import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st

from consult.stats.logit import Term, design_of, logit
from consult.stats.refusals import (
    BadBound,
    Entangled,
    NotFinite,
    NotWholeNumbers,
    Separated,
    ShapeMismatch,
    TooFewPeople,
)
from tests.stats.cases import steady


def made_up(seed, n=80, k=3):
    dice = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), *[dice.integers(0, 3, n) for _ in range(k)]]).astype(float)
    odds = x @ dice.normal(scale=0.7, size=k + 1)
    return x, dice.random(n) < 1 / (1 + np.exp(-odds))


@steady
@given(st.integers(0, 10**6))
def test_the_fit_is_that_of_statsmodels(seed):
    x, y = made_up(seed)
    assume(0 < y.sum() < y.size)
    try:
        got = logit(x, y)
    except Separated:
        return
    there = sm.GLM(y.astype(float), x, family=sm.families.Binomial()).fit(tol=1e-12)
    assert got.coefficients == pytest.approx(there.params, rel=1e-6, abs=1e-6)
    assert got.chances == pytest.approx(there.fittedvalues, rel=1e-6)
    assert np.sqrt(np.diag(got.covariance)) == pytest.approx(there.bse, rel=1e-6)
    # Chances add up to how many came, in all and over every column.
    assert x.T @ got.chances == pytest.approx(x.T @ y, rel=1e-9, abs=1e-9)


def test_few_of_these_fits_are_refused():
    refused = 0
    for seed in range(100):
        try:
            logit(*made_up(seed))
        except (Separated, TooFewPeople):
            refused += 1
    assert refused < 10


def test_two_categories_give_their_own_shares():
    came = np.array([1] * 8 + [0] * 2 + [1] * 3 + [0] * 7, dtype=bool)
    group = np.repeat([0, 1], 10)
    got = logit(np.column_stack([np.ones(20), group]), came)
    assert got.chances[[0, 10]] == pytest.approx([0.8, 0.3])
    assert got.coefficients[1] == pytest.approx(np.log((0.3 / 0.7) / (0.8 / 0.2)))


def test_a_nearly_certain_chance_that_the_others_imply_is_fitted():
    """Log odds beyond the point of doubt that come from the numbers and not from separation."""
    score = np.append(np.repeat([0.0, 1.0, 2.0], 100), 12.0)
    came = np.append(np.concatenate([np.arange(100) < n for n in (10, 50, 90)]), True)
    x = np.column_stack([np.ones(301), score])
    got = logit(x, came)
    there = sm.GLM(came.astype(float), x, family=sm.families.Binomial()).fit(tol=1e-13)
    assert got.coefficients == pytest.approx(there.params, rel=1e-8)
    assert x[-1] @ got.coefficients > 20


def dummies(*columns):
    return np.column_stack([np.ones(len(columns[0])), *columns]).astype(float)


def test_a_category_that_nobody_left_is_refused_and_named():
    old = np.array([1, 1, 1, 0, 0, 0, 0, 0])
    score = np.array([1, 2, 3, 1, 2, 3, 2, 1])
    came = np.array([1, 1, 1, 1, 0, 1, 0, 0], dtype=bool)
    with pytest.raises(Separated) as refused:
        logit(dummies(score, old), came)
    assert 2 in refused.value.columns
    assert 1 not in refused.value.columns


def test_a_score_that_settles_it_is_refused():
    with pytest.raises(Separated) as refused:
        logit(dummies([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1]), np.array([0, 0, 0, 1, 1, 1]))
    assert 1 in refused.value.columns


def test_only_a_mix_of_two_columns_may_settle_it():
    a, b = np.array([0, 1, 0, 1, 2, 0, 2, 1]), np.array([0, 0, 1, 1, 0, 2, 1, 2])
    with pytest.raises(Separated) as refused:
        logit(dummies(a, b, [0, 1, 1, 0, 1, 0, 1, 0]), a + b > 1)
    assert {1, 2} <= set(refused.value.columns)


def test_columns_that_follow_from_others_are_refused_and_named():
    x, y = made_up(3)
    with pytest.raises(Entangled) as refused:
        logit(np.column_stack([x, x[:, 1] + x[:, 2]]), y)
    assert refused.value.columns == (4,)
    with pytest.raises(Entangled) as refused:
        logit(np.column_stack([x[:, :1], np.zeros(80), x[:, 1:]]), y)
    assert refused.value.columns == (1,)
    with pytest.raises(Entangled):
        logit(np.ones((2, 3)), [0, 1])


@pytest.mark.parametrize(
    ("design", "came", "refusal"),
    [
        ([[1.0], [1.0]], [1], ShapeMismatch),
        ([1.0, 1.0], [1, 0], ShapeMismatch),
        ([[1.0], [np.nan]], [1, 0], NotFinite),
        ([[1.0], [1.0]], [1, 2], BadBound),
        ([[1.0], [1.0]], [1, np.nan], BadBound),
        ([[1.0], [1.0]], [1, 1], TooFewPeople),
        ([[1.0], [1.0]], [0, 0], TooFewPeople),
    ],
)
def test_what_is_no_yes_and_no_is_refused(design, came, refusal):
    with pytest.raises(refusal):
        logit(design, came)


def test_a_design_leaves_out_the_commonest_category_and_keeps_silence_as_one():
    got = design_of({"t1": [1, 2, 3, 4]}, {"age": np.array([2, 0, -1, 2]), "sex": np.array([1, 0, 1, 0])})
    assert got.terms == (Term(None), Term("t1"), Term("age", -1), Term("age", 0), Term("sex", 1))
    assert got.matrix.tolist() == [[1, 1, 0, 0, 1], [1, 2, 0, 1, 0], [1, 3, 1, 0, 1], [1, 4, 0, 0, 0]]


@pytest.mark.parametrize(
    ("scores", "categories", "refusal"),
    [
        ({}, {}, TooFewPeople),
        ({"a": []}, {}, TooFewPeople),
        ({"a": [1.0, np.nan]}, {}, NotFinite),
        ({"a": [1.0, 2.0]}, {"b": np.array([1])}, ShapeMismatch),
        ({}, {"b": np.array([1.0, 2.0])}, NotWholeNumbers),
    ],
)
def test_what_makes_no_design_is_refused(scores, categories, refusal):
    with pytest.raises(refusal):
        design_of(scores, categories)
