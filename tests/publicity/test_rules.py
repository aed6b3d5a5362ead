"""Keys, costs and gaps, from plain values."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.publicity.rules import Category, cost_each, filled_gap, key_for, version_of

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Library", "library"),
        ("Mill Road Library", "mill-road-library"),
        ("Age UK, Abbeyford", "age-uk-abbeyford"),
        ("Café Zoë", "cafe-zoe"),
        ("مكتبة", "link"),
        ("Letter to every home in the whole of the Mill ward", "letter-to-every-home-in-the-wh"),
    ],
)
def test_a_key_is_short_plain_and_made_from_the_label(label, key):
    assert key_for(label, ()) == key


@given(st.lists(st.text(max_size=60), max_size=30))
def test_however_channels_are_called_each_has_a_key_that_can_be_typed(labels):
    keys: list[str] = []
    for label in labels:
        keys.append(key_for(label, keys))
    assert len(set(keys)) == len(keys)
    assert all(KEY.fullmatch(key) and len(key) <= 35 for key in keys)


def test_cost_is_told_only_for_ten_people_or_more():
    assert cost_each("120.00", 44) == Decimal("2.73")
    assert cost_each("0", 10) == Decimal("0.00")
    assert cost_each("120.00", 9) is None
    assert cost_each(None, 50) is None


def test_an_amount_keeps_its_pence_however_large():
    assert cost_each("999999999999.99", 10) == Decimal("100000000000.00")


YOUNG, OLD, RENT, OWN = 1, 2, 3, 4
KNOWN = (Category(YOUNG, 10, "young", 200), Category(OLD, 10, "old", 800))
UNKNOWN = (Category(RENT, 20, "rent", None), Category(OWN, 20, "own", 500))


def test_a_gap_is_measured_against_those_who_live_here():
    gap = filled_gap({YOUNG: 12, OLD: 12}, {YOUNG: 100, OLD: 20}, KNOWN)
    assert gap is not None
    assert (gap.label, gap.count, gap.share, gap.usual, gap.is_of_population) == ("young", 12, 0.5, 0.2, True)


def test_where_the_population_is_not_known_it_is_measured_against_everybody_who_came():
    gap = filled_gap({RENT: 15, OWN: 5}, {RENT: 20, OWN: 60}, UNKNOWN)
    assert gap is not None
    assert (gap.label, gap.share, gap.usual, gap.is_of_population) == ("rent", 0.75, 0.25, False)


def test_the_widest_gap_is_told_and_no_group_of_fewer_than_ten():
    both = (*KNOWN, *UNKNOWN)
    gap = filled_gap({YOUNG: 9, OLD: 0, RENT: 10, OWN: 4}, {YOUNG: 9, OLD: 91, RENT: 50, OWN: 50}, both)
    assert gap is not None
    assert gap.label == "rent"
    assert filled_gap({YOUNG: 9}, {YOUNG: 9}, KNOWN) is None


def test_a_gap_that_nobody_would_see_is_none():
    assert filled_gap({YOUNG: 24, OLD: 76}, {YOUNG: 24, OLD: 76}, KNOWN) is None


def test_whatever_is_changed_makes_another_version():
    first = ("Library", "library", "Older people", "120")
    others = [
        ("Library 2", *first[1:]),
        (first[0], "other", *first[2:]),
        (*first[:2], None, "120"),
        (*first[:3], "121"),
    ]
    assert len({version_of(*each) for each in (first, *others)}) == 5
