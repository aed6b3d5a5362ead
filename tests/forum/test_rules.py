"""Addresses, times to change and to wait, contact data, counts for everybody, parts of scales."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.forum.contact import Contact, contact_in
from consult.forum.rules import address, can_edit, row_of, wait_to_post
from consult.summaries.release import Released, Told, release, release_together
from consult.summaries.rules import bands

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("key", ["t1", "T-1_x", "5eec6301ca2d", "x" * 100])
def test_a_plain_key_is_its_own_address(key):
    assert address(key, 7) == key
    assert row_of(key) is None


@pytest.mark.parametrize("key", ["a/b", "mine", "posts", "~7", "-x", "a b", '"><b>', "é", ".", "..", "a\tb"])
def test_any_other_key_is_addressed_by_its_row(key):
    assert address(key, 7) == "~7"
    assert row_of("~7") == 7


@pytest.mark.parametrize("named", ["~", "~0", "~07", "~-1", "~٣", "~1234567890", "~1 ", "7"])
def test_what_is_no_number_of_a_row_names_none(named):
    assert row_of(named) is None


def test_a_post_can_be_changed_for_fifteen_minutes():
    assert can_edit(AT, AT + timedelta(minutes=14, seconds=59))
    assert not can_edit(AT, AT + timedelta(minutes=15))


def test_whoever_has_posted_twenty_times_waits_until_the_first_of_them_is_ten_minutes_old():
    lately = [AT + timedelta(seconds=n) for n in range(19, -1, -1)]
    now = AT + timedelta(minutes=4)
    assert wait_to_post(lately[1:], now) is None
    assert wait_to_post(lately, now) == timedelta(minutes=6)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to ann@example.org about it", Contact.E_MAIL),
        ("Ring 07700 900123 any time", Contact.PHONE),
        ("Ring +44 (0)7700-900-123", Contact.PHONE),
        ("020.7946.0018", Contact.PHONE),
        ("I live in SW1A 1AA", Contact.POSTCODE),
        ("i live in m1 1ae.", Contact.POSTCODE),
    ],
)
def test_what_somebody_could_be_found_by_is_seen(text, kind):
    assert contact_in(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It cost £2,000,000 in 2024 and 2025.",
        "From 07:30 to 23:00, about 0.5 of all buses",
        "Turn off the A1 2nd left, then the B12 3rd right",
        "Room @ the top",
        "In 1990 2000 people came, in 2010 3000",
        "My worry is noise at 3am on Fridays",
        "Table 4 5th row",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert contact_in(text) is None


@pytest.mark.parametrize(
    "text", ["a@" * 1000, "0" * 2000, "0 " * 1000, "+1" * 1000, "A1" * 1000, "a.b@c" * 400]
)
def test_looking_for_contact_data_is_quick_for_any_text(text):
    contact_in(text)  # a pattern that tries all ways would not come back


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, Released(Told.NOT)),
        (2, Released(Told.NOT)),
        (3, Released(Told.FEW)),
        (9, Released(Told.FEW)),
        (10, Released(Told.NUMBER, 10)),
        (12, Released(Told.NUMBER, 10)),
        (13, Released(Told.NUMBER, 15)),
        (48, Released(Told.NUMBER, 50)),
        (1234, Released(Told.NUMBER, 1235)),
    ],
)
def test_a_count_is_told_as_everybody_may_know_it(count, expected):
    assert release(count) == expected


def test_where_one_count_alone_is_held_back_the_smallest_of_the_others_loses_its_number():
    told = [each.told for each in release_together([40, 4, 22])]
    assert told == [Told.NUMBER, Told.FEW, Told.SOME]
    assert [each.told for each in release_together([40, 0])] == [Told.SOME, Told.NOT]


def test_where_two_are_held_back_the_others_keep_their_numbers():
    assert [each.told for each in release_together([40, 4, 0, 22])] == [
        Told.NUMBER,
        Told.FEW,
        Told.NOT,
        Told.NUMBER,
    ]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=9))
def test_no_count_can_be_got_by_subtracting_the_others_from_the_whole(counts):
    released = release_together(counts)
    without_number = [each for each in released if each.told is not Told.NUMBER]
    assert len(without_number) != 1
    for count, each in zip(counts, released, strict=True):
        assert (each.number is None) == (each.told is not Told.NUMBER)
        assert each.number is None or (each.number % 5 == 0 and abs(each.number - count) <= 2)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1, 5, [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]),
        (0, 10, [(0, 3), (4, 6), (7, 10)]),
        (1, 8, [(1, 3), (4, 5), (6, 8)]),
        (-10, 10, [(-10, -4), (-3, 3), (4, 10)]),
    ],
)
def test_a_long_scale_is_told_in_three_parts(low, high, expected):
    assert bands(low, high) == expected


@given(st.integers(-5, 5), st.integers(1, 20))
def test_the_parts_of_a_scale_hold_every_point_once_and_both_sides_are_alike(low, more):
    parts = bands(low, low + more)
    assert [value for first, last in parts for value in range(first, last + 1)] == list(
        range(low, low + more + 1)
    )
    sizes = [last - first + 1 for first, last in parts]
    assert sizes[0] == sizes[-1]
