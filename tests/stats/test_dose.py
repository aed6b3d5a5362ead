"""What people did and how they changed: the worked example, a second computation, and refusals."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from consult.stats.dose import dose_of
from consult.stats.refusals import NotFinite, ShapeMismatch, TooFewPeople
from tests.stats.cases import close, reference, steady

FILE = "golden/worked_example.json"
PEOPLE = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 20)), min_size=6, max_size=40
).map(lambda rows: np.array(rows, dtype=float).T)


def test_every_value_of_the_worked_example_comes_out():
    people = reference(FILE)["data"]["respondents"]
    before, after, read = (np.array([who[name] for who in people]) for name in ("t1", "t3", "posts_read"))
    found = dose_of(before, after, read)
    got = {
        "dose.ancova_se": found.after.se,
        "dose.se_classical": found.change.se,
        "dose.se_HC3": found.change.se_robust,
        "dose.p_classical": found.change.p,
        "dose.spearman": found.spearman,
    }
    expected = {key: of for key, of in reference(FILE)["expected"].items() if key.startswith("dose.")}
    assert got.keys() == expected.keys()
    for key, of in expected.items():
        assert close(got[key], of["value"], 1e-9), key


@steady
@given(PEOPLE)
def test_another_program_finds_the_same(rows):
    before, after, dose = rows
    found = dose_of(before, after, dose)
    if np.ptp(dose) == 0:
        assert found is None
        return
    fit = sm.OLS(after - before, sm.add_constant(dose)).fit()
    assert close(found.change.slope, fit.params[1], 1e-7)
    assert close(found.change.se, fit.bse[1], 1e-7)
    if found.change.se_robust is not None:
        assert close(found.change.se_robust, fit.HC3_se[1], 1e-6)
    if found.after is not None and np.ptp(before) > 0:
        fit = sm.OLS(after, sm.add_constant(np.column_stack([dose, before]))).fit()
        assert close(found.after.slope, fit.params[1], 1e-6)
    if found.spearman is not None:
        assert close(found.spearman, spearmanr(dose, after - before).statistic, 1e-9)


@steady
@given(PEOPLE)
def test_twice_the_dose_has_half_the_slope_and_order_does_not_matter(rows):
    before, after, dose = rows
    once, twice, back = (
        dose_of(*each) for each in (rows, (before, after, 2 * dose), [row[::-1] for row in rows])
    )
    if once is None:
        assert twice is None
        return
    assert close(2 * twice.change.slope, once.change.slope, 1e-9)
    assert close(back.change.slope, once.change.slope, 1e-9)


def test_an_interval_is_about_the_slope_and_there_is_none_where_one_person_decides():
    before, after = np.array([1, 2, 3, 4, 5.0]), np.array([2, 2, 3, 5, 5.0])
    low, high = dose_of(before, after, [0, 1, 2, 3, 5]).change.interval()
    assert low < dose_of(before, after, [0, 1, 2, 3, 5]).change.slope < high
    alone = dose_of(before, after, [0, 0, 0, 0, 7])
    assert alone.change.se_robust is None
    assert alone.change.interval() is None
    follows = dose_of(before, after, before)
    assert follows.after is None


def test_what_cannot_be_computed_is_refused():
    with pytest.raises(ShapeMismatch):
        dose_of([1, 2, 3, 4], [1, 2, 3], [1, 2, 3, 4])
    with pytest.raises(NotFinite):
        dose_of([1, 2, 3, np.nan], [1, 2, 3, 4], [1, 2, 3, 4])
    with pytest.raises(TooFewPeople):
        dose_of([1, 2, 3], [1, 2, 3], [1, 2, 3])
    assert dose_of([1, 2, 3, 4], [1, 2, 3, 4], [2, 2, 2, 2]) is None
    assert dose_of([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 2, 2]).spearman is None
