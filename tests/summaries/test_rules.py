"""Lengths, passages, lots and fairness, from plain values."""

from collections import Counter

import pytest

from consult.summaries.rules import (
    Candidate,
    Fairness,
    by_lot,
    drawn,
    have_same_length,
    in_turn,
    is_fair,
    is_in_first_half,
    order_for,
    passage,
    ratings_needed,
    room,
    runs,
    word_count,
)


@pytest.mark.parametrize(
    ("counts", "fits"),
    [
        ([30, 30], True),
        ([27, 33], True),
        ([26, 33], False),
        ([27, 30, 33], True),
        ([10, 9], True),
        ([], True),
    ],
)
def test_positions_are_as_long_as_each_other_within_a_tenth(counts, fits):
    assert have_same_length(counts) is fits


def test_words_are_counted_as_people_count_them():
    assert word_count("It's a well-known fact – 24 hours’ noise.", "Two words") == 9
    assert room([30, 30]) == (27, 33)


def test_a_passage_ends_with_a_sentence_and_has_forty_words_at_most():
    short = "I worry about noise. It wakes me."
    assert passage(short) == short
    long = "I worry about noise. " + "It wakes me at night. " * 12
    assert long.startswith(passage(long))
    assert passage(long).endswith("night.")
    assert len(passage(long).split()) <= 40
    endless = "word " * 100
    assert passage(endless).endswith("word …")
    assert len(passage(endless).split()) <= 40


def test_the_most_central_text_is_drawn_first_and_the_rest_by_a_lot_that_can_be_drawn_again():
    texts = [Candidate(n, n, other_themes=n % 3, length=10 * n) for n in range(1, 20)]
    first = in_turn(texts, seed=7, key="noise")
    assert first[0].other_themes == 0
    assert first[0].length == 90  # of 30, 60, 90, 120 … the one nearest to the median, 100
    assert first == in_turn(reversed(texts), seed=7, key="noise")
    assert first[1:] != in_turn(texts, seed=8, key="noise")[1:]
    assert in_turn([], seed=1, key="x") == []


def test_fair_means_every_mean_is_four_the_gap_is_half_a_point_and_enough_have_said_so():
    good, better, poor = Fairness(5, 20, 5), Fairness(6, 27, 5), Fairness(5, 19, 5)
    assert is_fair([good, better])  # 4.0 and 4.5
    assert not is_fair([good, poor])
    assert not is_fair([good, Fairness(5, 23, 5)])  # 4.0 and 4.6
    assert not is_fair([Fairness(15, 74, 5), Fairness(14, 62, 5)])  # 0.5048 apart
    assert not is_fair([good, Fairness(4, 20, 5)])  # one rating is missing
    assert is_fair([good, Fairness(3, 13, 3)])  # all of three
    assert not is_fair([])
    assert [ratings_needed(n) for n in (3, 5, 40)] == [3, 5, 5]


def test_who_is_asked_is_drawn_by_lot():
    assert len(drawn(range(100), seed=1, key="a")) == 15
    assert drawn(range(100), seed=1, key="a") == drawn(reversed(range(100)), seed=1, key="a")
    assert drawn(range(100), seed=1, key="a") != drawn(range(100), seed=2, key="a")
    assert sorted(drawn(range(3), seed=1, key="a")) == [0, 1, 2]


def test_who_comes_or_goes_changes_nobody_elses_lot_and_never_more_than_fifteen_are_asked():
    first = drawn(range(100), seed=1, key="a")
    more = drawn(range(101), seed=1, key="a")
    assert len(set(first) & set(more)) >= 14
    assert drawn(range(101), first, seed=1, key="a") == []
    again = drawn(set(range(100)) - set(first[:2]), first[2:], seed=1, key="a")
    assert len(again) == 2
    assert not set(again) & set(first)


@pytest.mark.parametrize("of", range(1, 9))
def test_half_of_the_groups_are_drawn(of):
    for seed in range(20):
        halves = [is_in_first_half(place, of, lot=str(seed)) for place in range(of)]
        assert sum(halves) == of // 2
    assert (
        of < 2 or len({tuple(is_in_first_half(n, of, lot=str(s)) for n in range(of)) for s in range(40)}) > 1
    )


@pytest.mark.parametrize(
    "text", ["家" * 900, "a,b;" * 300, "word " * 41, "x" * 5000, "a-b " * 300, "…" * 900]
)
def test_a_passage_is_short_however_its_words_are_parted(text):
    short = passage(text)
    assert len(short) <= 400
    assert word_count(short) <= 40
    assert short.endswith(" …")


def test_a_long_passage_is_known_again_whatever_stands_between_its_words():
    said = "The drains by the bridge flood whenever it rains hard."
    assert not runs("…THE DRAINS, by the Bridge: flood whenever it rains").isdisjoint(runs(said))
    assert runs("The drains by the bridge flood whenever there is rain").isdisjoint(runs(said))
    assert runs("seven words are not enough for it") == set()


def test_orders_differ_between_readers_are_the_same_for_one_and_keep_opponents_together():
    keys = ["a", "b", "c", "d", "e"]
    orders = [order_for(keys, {"d": "b"}, lot=f"reader {n}") for n in range(400)]
    assert orders[3] == order_for(keys, {"d": "b"}, lot="reader 3")
    assert all(sorted(order) == keys for order in orders)
    assert all(abs(order.index("b") - order.index("d")) == 1 for order in orders)
    firsts = Counter(order[0] for order in orders)
    assert set(firsts) == set(keys)
    assert min(firsts[key] for key in "ace") > 60
    assert len({tuple(order) for order in orders}) > 40
    assert 120 < sum(by_lot(f"reader {n}") for n in range(400)) < 280
