"""Which words of an answer say what it is about."""

import pytest

from consult.coding.said import FUNCTION_WORDS, beginning, beginnings, tokens, without_openings


def test_words_are_small_letters_and_a_contraction_is_one():
    assert tokens("I DON’T know; café-bars' 24h & 3 noise!") == [
        "i",
        "dont",
        "know",
        "café",
        "bars",
        "h",
        "noise",
    ]
    assert tokens("  \n 123 …") == []


def test_every_way_of_saying_no_stays():
    kept = {"no", "not", "nothing", "none", "never", "without", "dont", "cannot", "fewer", "less"}
    assert not kept & FUNCTION_WORDS
    assert [word for word, _ in beginnings(tokens("I do not think there is any noise"))] == ["not", "noise"]


@pytest.mark.parametrize(
    ("forms", "shared"),
    [
        ("bus buses", "bus"),
        ("policy policies", "policy"),
        ("help helps helped helping", "help"),
        ("stop stops stopped stopping", "stop"),
        ("noise noises", "nois"),
        ("glass glasses", "glass"),
        ("kind kindness kindly", "kind"),
    ],
)
def test_the_forms_of_a_word_meet(forms: str, shared: str):
    assert {beginning(form) for form in forms.split()} == {shared}


def test_short_words_keep_their_ends():
    assert [beginning(word) for word in ("bus", "is", "gas", "red", "ring")] == [
        "bus",
        "is",
        "gas",
        "red",
        "ring",
    ]


def test_what_is_copied_from_the_stem_is_cut_off():
    stem = tokens("What I like most about the high street is …")
    answers = [
        "What I like most about the high street is the market",
        "the high street is lively",
        "the market",
    ]
    cut = without_openings([tokens(answer) for answer in answers], stem)
    assert cut == [["the", "market"], ["lively"], ["the", "market"]]


def test_an_opening_that_many_share_is_cut_off_and_an_answer_of_nothing_else_stays():
    said = [
        ["i", "would", "like", "to", thing] for thing in ("sleep", "walk", "shop", "cycle", "read", "sit")
    ]
    cut = without_openings([*said, ["i", "would"], ["peace"]], [])
    assert cut[:2] == [["sleep"], ["walk"]]
    assert cut[6:] == [["i", "would"], ["peace"]]


def test_an_opening_that_says_something_is_cut_off_only_where_half_of_the_answers_share_it():
    more = [["more", "police", street] for street in "abcde"]
    others = [[thing, "for", "us"] for thing in ("parks", "shops", "trees", "buses", "paths", "light")]
    assert without_openings([*more, *others], []) == [*more, *others]
    assert without_openings([*more, *others[:5]], [])[:2] == [["a"], ["b"]]


def test_an_opening_that_only_leads_in_is_cut_off_where_one_in_five_share_it():
    leading = [["it", "should", thing] for thing in ("stop", "close", "grow", "help", "pay")]
    others = [[f"thing{n}", "for", "us"] for n in range(20)]
    assert without_openings([*leading, *others], [])[:2] == [["stop"], ["close"]]
    assert without_openings([*leading, *others, ["one", "more"]], [])[:2] == leading[:2]
