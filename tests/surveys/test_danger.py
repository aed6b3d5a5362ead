"""Texts that suggest danger to their writer, and texts of a licensing debate that do not."""

import pytest

from consult.surveys.danger import suggests_danger


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "i just want to END IT ALL.",
        "I don’t want to live any more",
        "I can't go on like this anymore",
        "honestly   everyone is better off without me",
        "thinking about suicide",
        "I have started self-harming again",
        "My husband hits me when he has been drinking",
        "he is going to kill me",
        "I'm frightened to go home",
        "Rwyf am lladd fy hun",
    ],
)
def test_help_is_shown_to_whoever_writes_this(text):
    assert suggests_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the noise is killing the high street",
        "pubs die when licences end early",
        "I live above a bar and cannot sleep any more",
        "It is harmful to health",
        "cut the number of licences",
        "I would rather not say",
        "they hit the nail on the head",
        "end of my road",
        "I like to be home by ten",
        "Fights outside; somebody could be killed",
    ],
)
def test_nobody_is_alarmed_by_this(text):
    assert not suggests_danger(text)


def test_a_very_long_text_is_read_at_once():
    assert not suggests_danger("he " * 100_000)
