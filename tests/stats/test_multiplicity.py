import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from consult.stats.multiplicity import benjamini_hochberg, holm
from consult.stats.refusals import NotAProbability
from tests.stats.cases import steady

# Benjamini and Hochberg (1995), the 15 p-values of the thrombolysis example.
THROMBOLYSIS = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.324,
    0.4262,
    0.5719,
    0.6528,
]
THROMBOLYSIS += [0.759, 1.0]


def test_the_published_example_rejects_three_and_four():
    assert sum(p <= 0.05 for p in holm(THROMBOLYSIS)) == 3
    assert sum(p <= 0.05 for p in benjamini_hochberg(THROMBOLYSIS)) == 4
    assert holm(THROMBOLYSIS)[:4] == pytest.approx([0.0015, 0.0056, 0.0247, 0.114])


def test_three_by_hand():
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert benjamini_hochberg([0.04, 0.01, 0.03]) == pytest.approx([0.04, 0.03, 0.04])


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_an_item_without_p_stays_without_and_does_not_count(adjust):
    full, gaps = adjust([0.01, 0.04]), adjust([None, 0.01, None, 0.04])
    assert gaps == [None, full[0], None, full[1]]
    assert adjust([]) == []
    assert adjust([None]) == [None]


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan")])
def test_what_is_no_probability_is_refused(adjust, p):
    with pytest.raises(NotAProbability):
        adjust([0.5, p])


@steady
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_both_are_those_of_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], rel=1e-12, abs=1e-300)
    expected = multipletests(p_values, method="fdr_bh")[1]
    assert benjamini_hochberg(p_values) == pytest.approx(expected, rel=1e-12, abs=1e-300)
