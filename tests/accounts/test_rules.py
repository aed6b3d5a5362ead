"""What a password must be, and when a session holds."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.accounts.refused import COMMON_PASSWORDS
from consult.accounts.rules import LONGEST, SHORTEST, is_live, password_problem, plain_email

NAMES = ("Abbeyford Council", "Consultations", "ana.lyst")
NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "password",
    [
        "violet teapot marching",
        "x9!kQ2#mZ7$w",
        "пароль для входа тут",
        "🦊 fox in the snow 🦊",
        "analysts drink cold tea",
        "w" * 190 + "xyz abcq",
    ],
)
def test_a_long_password_of_any_kind_will_do(password):
    assert password_problem(password, names=NAMES) is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "12 characters or more"),
        ("elevenchars", "12 characters or more"),
        ("a" * 201, "200 characters or fewer"),
        ("Password1234", "Too many people"),
        ("pass word-1234", "Too many people"),
        ("Correct Horse Battery Staple", "Too many people"),
        ("aaaaaaaaaaaaaa", "Too many people"),
        ("abababababababa", "Too many people"),
        ("Abbeyford2026!", "without the name"),
        ("abbeyfordcouncil", "without the name"),
        ("consultations1", "without the name"),
        ("Ana-Lyst-2026!", "without the name"),
    ],
)
def test_a_short_common_or_guessable_password_is_refused_with_a_reason(password, why):
    assert why in password_problem(password, names=NAMES).message


def test_a_name_of_two_letters_forbids_nothing():
    assert password_problem("bo rows the boat bo", names=("bo",)) is None


def test_the_common_passwords_are_about_a_hundred_and_would_pass_by_length():
    assert 80 <= len(COMMON_PASSWORDS) <= 120
    assert all(
        SHORTEST <= len(word) <= LONGEST and word == word.lower() and word.isalnum()
        for word in COMMON_PASSWORDS
    )


@pytest.mark.parametrize(
    ("began", "used", "holds"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(minutes=31), timedelta(minutes=29, seconds=59), True),
        (timedelta(minutes=31), timedelta(minutes=30), False),
        (timedelta(hours=7, minutes=59, seconds=59), timedelta(0), True),
        (timedelta(hours=8), timedelta(0), False),
        (-timedelta(minutes=5), -timedelta(minutes=5), True),  # the clock went back
    ],
)
def test_a_session_holds_for_half_an_hour_of_rest_and_eight_hours_in_all(began, used, holds):
    assert is_live(began_at=NOON - began, last_seen_at=NOON - used, now=NOON) is holds


def test_an_address_is_kept_in_lower_case_without_spaces_around_it():
    assert plain_email("  Ana.Lyst+x@Abbeyford.Example ") == "ana.lyst+x@abbeyford.example"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@abbeyford.example",
        "ana@abbeyford",
        "a b@abbeyford.example",
        "ana@abbeyford.example\n.x",
        "ana@@abbeyford.example",
        "anä@abbeyford.example",
        "ana@abbeyford..example",
        "a" * 250 + "@b.example",
    ],
)
def test_what_cannot_be_an_address_is_none(typed):
    assert plain_email(typed) is None
