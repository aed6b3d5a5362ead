"""Names of columns that every program takes."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.exports.names import MOST_CHARACTERS, Names, distinct, plain

ALLOWED = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("hours", "hours"),
        ("late hours?", "late_hours"),
        ("café", "cafe"),
        ("1st", "item_7_1st"),
        ("=SUM(A1)", "SUM_A1"),
        ("日本", "item_7"),
        ("_x", "x"),
    ],
)
def test_a_key_becomes_a_plain_name(key, name):
    assert plain(key, otherwise="item_7") == name


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a laden machine is no fault
@given(st.lists(st.text(max_size=100), max_size=30), st.booleans())
def test_names_are_allowed_and_distinct_whatever_the_keys(keys, ranked):
    names = Names("row", "group")
    endings = ["_pre", "_post", "_pre_status", "_post_status"]
    if ranked:
        options = distinct(keys[:5] or ["a"], otherwise="option", room=25)
        endings += [f"_{option}_pre" for option in options]
    given_out = [
        n
        for place, key in enumerate(keys)
        for n in names.take(plain(key, otherwise=f"item_{place}"), endings)
    ]
    assert all(ALLOWED.fullmatch(name) for name in given_out)
    assert len({name.casefold() for name in given_out}) == len(given_out)
    assert not {"row", "group"} & {name.casefold() for name in given_out}


def test_long_names_keep_the_longest_beginning_that_fits():
    (name,) = Names().take("x" * 200, ["_post_status"])
    assert len(name) == MOST_CHARACTERS
    assert name.endswith("x_post_status")


def test_all_names_of_one_item_have_the_same_stem():
    names = Names("hours_post")
    assert names.take("hours", ["_pre", "_post"]) == ["hours_2_pre", "hours_2_post"]
