"""Agreement between coders: by hand, beside a library, and what must hold whatever they gave."""

import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.stats.agreement import (
    NO_INTERVAL,
    NO_VARIATION,
    NOBODY_TWICE,
    Level,
    Reading,
    agreement,
    reading_of,
)
from consult.stats.refusals import NotFinite, ShapeMismatch
from tests.stats.cases import steady

codes = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=3, max_size=3), min_size=1, max_size=25
)


def test_an_alpha_that_can_be_worked_out_by_hand():
    # Pairs: aa, aa, ab, bb, and one text that one coder alone read. Eight codes: five a, three b.
    # Observed: one of four pairs differs, 2 of 8 coincidences. Expected: 2 x 5 x 3 of 8 x 7.
    found = agreement([("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("b", None)])
    assert found.alpha == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert (found.n, found.percent, found.noise_floor) == (4, 0.75, 0.25)
    assert found.reading is Reading.QUOTATIONS


def test_three_coders_of_whom_one_differs_make_two_pairs_of_three_that_differ():
    # Five codes of two texts: three a, two b. In the first 2 pairs of 3 differ: 4 / 2 coincidences.
    found = agreement([("a", "a", "b"), ("b", "a", None), ("a", None, None)])
    # The second gives 2 more: 4 of 5 observed, against 2 x 3 x 2 of 5 x 4.
    assert found.alpha == pytest.approx(1 - (4 / 5) / (12 / 20))
    assert found.percent == pytest.approx(1 / 4)  # of three pairs and one
    assert found.noise_floor == 1.0


def test_sets_of_themes_agree_only_as_wholes():
    cost, noise = frozenset({"cost"}), frozenset({"noise"})
    found = agreement([(cost, cost), (cost | noise, noise), (frozenset(), frozenset()), (noise, noise)])
    assert found.percent == 0.75
    assert found.alpha == pytest.approx(1 - (2 / 8) / (1 - (2 * 1 + 1 * 0 + 3 * 2 + 2 * 1) / 56))


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("seed", range(12))
def test_a_library_finds_the_same_alpha_where_codes_are_missing(level: Level, seed: int):
    dice = np.random.default_rng(seed)
    truth = dice.integers(1, 6, 60)
    given_codes = np.where(dice.random((4, 60)) < 0.7, truth, dice.integers(1, 6, (4, 60))).astype(float)
    given_codes[dice.random((4, 60)) < 0.4] = np.nan
    units = [[None if np.isnan(code) else int(code) for code in unit] for unit in given_codes.T]
    expected = krippendorff.alpha(reliability_data=given_codes, level_of_measurement=level.value)
    assert agreement(units, level=level, replicates=10).alpha == pytest.approx(expected, rel=1e-12)


@steady
@given(codes)
def test_what_must_hold_whatever_was_coded(units):
    found = agreement(units, replicates=50)
    again = agreement([unit[::-1] for unit in reversed(units)], replicates=50)
    assert (found.alpha is None) == (again.alpha is None)
    if found.alpha is None:
        assert found.why_not in {NOBODY_TWICE, NO_VARIATION}
        return
    assert found.alpha == pytest.approx(again.alpha)
    assert found.alpha <= 1
    assert (found.alpha == 1) == (found.noise_floor == 0)
    assert 0 <= found.percent <= 1
    if found.low is not None:
        assert found.low <= found.high <= 1


@steady
@given(codes)
def test_everything_twice_changes_alpha_only_by_what_chance_knows(units):
    once, twice = agreement(units, replicates=10), agreement([*units, *units], replicates=10)
    assert twice.percent == once.percent
    if once.alpha is not None:
        # D_o stays, D_e has 2n - 1 instead of 2(n - 1): the same sums, a little less corrected.
        n = sum(len(unit) - unit.count(None) for unit in units if len(unit) - unit.count(None) > 1)
        assert 1 - twice.alpha == pytest.approx((1 - once.alpha) * (2 * n - 1) / (2 * n - 2))


def test_coders_who_never_differ_agree_fully():
    found = agreement([("a", "a"), ("b", "b")] * 10)
    assert (found.alpha, found.low, found.high, found.noise_floor) == (1.0, 1.0, 1.0, 0.0)
    assert found.reading is Reading.COUNTS


def test_what_cannot_be_told_is_none_with_a_reason_and_never_not_a_number():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nobody = agreement([("a", None), (None, None), ()])
        alike = agreement([("a", "a"), ("a", "a")])
        thin = agreement([("a", "a")] * 30 + [("a", "b")])
    assert (nobody.n, nobody.alpha, nobody.percent, nobody.why_not) == (0, None, None, NOBODY_TWICE)
    assert (alike.n, alike.alpha, alike.percent, alike.why_not) == (2, None, 1.0, NO_VARIATION)
    assert alike.reading is None
    # A third of the draws have no text that differs, so no interval can be said; alpha itself can.
    assert thin.alpha is not None
    assert (thin.low, thin.high, thin.why_not) == (None, None, NO_INTERVAL)


def test_the_interval_is_the_same_each_time_and_narrower_with_more_texts():
    dice = np.random.default_rng(7)
    units = [(a, a if dice.random() < 0.8 else 1 - a) for a in dice.integers(0, 2, 400).tolist()]
    few, many = agreement(units[:60]), agreement(units)
    assert agreement(units) == many
    assert many.low < many.alpha < many.high
    assert many.high - many.low < few.high - few.low
    # For two equally frequent codes alpha is about 2 x percent - 1, with the standard error of a share.
    error = 2 * (0.8 * 0.2 / 400) ** 0.5
    assert many.high - many.low == pytest.approx(2 * 1.96 * error, rel=0.2)


def test_cells_of_one_text_are_drawn_together():
    dice = np.random.default_rng(3)
    texts = [(a, a if dice.random() < 0.8 else 1 - a) for a in dice.integers(0, 2, 80).tolist()]
    cells = [unit for unit in texts for _ in range(9)]
    names = [text for text in range(80) for _ in range(9)]
    apart, together = agreement(cells), agreement(cells, drawn_with=names)
    assert together.alpha == apart.alpha
    assert together.high - together.low > 2 * (apart.high - apart.low)


@pytest.mark.parametrize(
    ("alpha", "reading"),
    [
        (0.8, Reading.COUNTS),
        (0.7999, Reading.TENTATIVE),
        (0.667, Reading.TENTATIVE),
        (0.6669, Reading.QUOTATIONS),
        (-0.2, Reading.QUOTATIONS),
    ],
)
def test_alpha_says_what_codes_are_good_for(alpha: float, reading: Reading):
    assert reading_of(alpha) is reading


def test_codes_without_numbers_have_no_distance_and_texts_need_a_name_each():
    with pytest.raises(NotFinite):
        agreement([("a", "b")], level=Level.ORDINAL)
    with pytest.raises(NotFinite):
        agreement([(1.0, float("inf"))], level=Level.INTERVAL)
    with pytest.raises(ShapeMismatch):
        agreement([(1, 2)], drawn_with=[])
