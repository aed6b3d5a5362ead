import numpy as np
import pytest

from consult.stats.logit import design_of, logit
from consult.stats.refusals import NotWholeNumbers, ShapeMismatch
from consult.stats.retention import partial_indicators, retention_indicator


def asked(seed, n=3000):
    dice = np.random.default_rng(seed)
    codes = {"sex": dice.integers(0, 2, n), "age": dice.integers(0, 4, n)}
    odds = np.array([0.0, 0.2, 0.6, 1.1])[codes["age"]] + 0.2 * codes["sex"]
    return codes, 1 / (1 + np.exp(-odds)), dice


def test_equal_chances_are_as_even_as_can_be():
    got = retention_indicator(logit(np.ones((10, 1)), [1] * 7 + [0] * 3))
    assert (got.r, got.r_unadjusted, got.cv, got.rate) == (1.0, 1.0, 0.0, pytest.approx(0.7))
    assert got.se is None
    assert not got.may_be_shown


def test_two_halves_have_the_value_by_hand():
    # Chances .8 and .4, ten people each: S squared is 20 * .04 / 19.
    came = [1] * 8 + [0] * 2 + [1] * 4 + [0] * 6
    fitted = logit(np.column_stack([np.ones(20), np.repeat([0, 1], 10)]), came)
    got = retention_indicator(fitted)
    assert got.r_unadjusted == pytest.approx(1 - 2 * np.sqrt(20 * 0.04 / 19))
    # The fitted share of a half has the variance p (1 - p) / 10.
    bias = (0.16 + 0.24) / 10 / 2
    assert got.bias_factor == pytest.approx(1 - bias / (20 * 0.04 / 19))
    part = partial_indicators(fitted, {"half": np.repeat([0, 1], 10)})["half"]
    assert part.unconditional_unadjusted == pytest.approx(0.2)
    assert part.categories == {0: pytest.approx(0.2 * np.sqrt(0.5)), 1: pytest.approx(-0.2 * np.sqrt(0.5))}


def test_the_error_and_the_adjustment_are_those_of_repeated_draws():
    codes, chance, dice = asked(1, 400)
    design = design_of({}, codes).matrix
    got = [retention_indicator(logit(design, dice.random(chance.size) < chance)) for _ in range(250)]
    raw = np.array([((1 - one.r_unadjusted) / 2) ** 2 for one in got])
    truth, error = chance.var(ddof=1), raw.std() / np.sqrt(250)
    # RISQ takes out the variance of the rate as well, which is a little too much.
    left = np.mean([variance * one.bias_factor for variance, one in zip(raw, got, strict=True)]) - truth
    assert raw.mean() - truth > 4 * error
    assert abs(left) < (raw.mean() - truth) / 2
    assert np.mean([one.se for one in got]) == pytest.approx(
        np.std([one.r_unadjusted for one in got]), rel=0.2
    )
    assert np.mean([one.cv_se for one in got]) == pytest.approx(np.std([one.cv for one in got]), rel=0.2)


def test_an_indicator_is_shown_from_about_five_hundred_people_on():
    for n, shown in ((250, False), (1000, True)):
        codes, chance, dice = asked(1, n)
        assert (
            retention_indicator(logit(design_of({}, codes).matrix, dice.random(n) < chance)).may_be_shown
            is shown
        )


def test_parts_of_independent_variables_add_up_to_the_whole():
    codes = {"sex": np.tile([0, 1], 200), "age": np.repeat(np.arange(4), 100)}
    came = np.random.default_rng(2).random(400) < np.array([0.4, 0.5, 0.6, 0.8])[codes["age"]]
    fitted = logit(design_of({}, codes).matrix, came)
    parts = partial_indicators(fitted, codes, bias_factor=0.5)
    whole = fitted.chances.var()
    between = [part.unconditional_unadjusted**2 for part in parts.values()]
    among = [part.conditional_unadjusted**2 for part in parts.values()]
    assert sum(between) == pytest.approx(whole, rel=0.01)
    assert among == pytest.approx(between, rel=0.05)
    for part in parts.values():
        assert sum(value**2 for value in part.categories.values()) == pytest.approx(
            part.unconditional_unadjusted**2
        )
        assert part.unconditional == pytest.approx(part.unconditional_unadjusted * np.sqrt(0.5))
        assert part.conditional == pytest.approx(part.conditional_unadjusted * np.sqrt(0.5))
    assert parts["age"].unconditional > parts["sex"].unconditional


def test_a_variable_that_says_nothing_beyond_the_others_adds_nothing():
    codes, chance, dice = asked(5, 400)
    fitted = logit(design_of({}, codes).matrix, dice.random(400) < chance)
    parts = partial_indicators(fitted, {**codes, "old": (codes["age"] > 1).astype(int)})
    assert parts["old"].unconditional_unadjusted > 0.01
    assert parts["old"].conditional_unadjusted == pytest.approx(0, abs=1e-12)


def test_the_bias_of_a_mean_is_at_most_this():
    codes, chance, dice = asked(9)
    fitted = logit(design_of({}, codes).matrix, dice.random(chance.size) < chance)
    got = retention_indicator(fitted)
    answers = codes["age"] + dice.normal(size=chance.size)
    biased = np.average(answers, weights=fitted.chances) - answers.mean()
    assert abs(biased) <= got.largest_bias(answers.std(ddof=1))


def test_variables_of_other_people_and_broken_numbers_are_refused():
    fitted = logit(np.ones((4, 1)), [1, 0, 1, 0])
    with pytest.raises(ShapeMismatch):
        partial_indicators(fitted, {"a": [0, 1]})
    with pytest.raises(NotWholeNumbers):
        partial_indicators(fitted, {"a": [0.5, 1, 1, 1]})
