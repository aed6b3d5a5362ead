"""Amounts, claim numbers and addresses: what is taken for one, and what is told of it."""

from datetime import UTC, datetime

import pytest

from consult.accounts.code_rules import SIGNS, new_code
from consult.errors import Invalid
from consult.incentives.claim_numbers import IS_CODE, SLIP, new_number, normal, number_problem, with_check
from consult.incentives.rules import day_of, masked, pence_of, plain_contact, pounds

ONE = with_check("4QXM7WD")


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("5", 500),
        ("£5", 500),
        (" £ 2.50 ", 250),
        ("2.5", 250),
        ("", 0),
        ("0", 0),
        ("1,000", 100_000),
        ("５", 500),
    ],
)
def test_an_amount_is_taken_as_people_write_it(typed, pence):
    assert pence_of(typed) == pence


@pytest.mark.parametrize("typed", ["five", "-5", "5.001", "1e3", "5 or 6", "1000.01", "٥", "=5", "5\0"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(Invalid):
        pence_of(typed)


def test_an_amount_is_told_as_people_write_it():
    assert [pounds(pence) for pence in (500, 250, 5, 100_000)] == ["£5", "£2.50", "£0.05", "£1,000"]


def test_every_wrong_sign_and_every_exchange_of_two_is_found():
    signs = ONE.replace("-", "")
    wrong = {signs[:at] + sign + signs[at + 1 :] for at in range(8) for sign in SIGNS} - {signs}
    for one in range(8):
        for other in range(one + 1, 8):
            swapped = list(signs)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            wrong.add("".join(swapped))
    wrong -= {signs}
    assert len(wrong) > 8 * 22
    assert [each for each in wrong if normal(each)] == []
    assert {number_problem(each).sentence for each in wrong} == {SLIP}


def test_a_number_is_known_however_it_is_typed():
    assert {normal(each) for each in (ONE, ONE.lower(), ONE.replace("-", " "), f" {ONE} ")} == {ONE}
    assert all(normal(new_number()) for _ in range(50))


def test_a_return_code_is_not_taken_for_a_claim_number():
    for _ in range(20):
        problem = number_problem(new_code())
        assert problem is not None
        assert problem.sentence == IS_CODE


@pytest.mark.parametrize("typed", ["", "4QXM", "4QXM-7WD0", "4QXM-7WDA", "'; DROP TABLE", "٤٤٤٤٤٤٤٤", "\0"])
def test_what_is_no_number_is_told_apart_in_words(typed):
    problem = number_problem(typed)
    assert problem is not None
    assert not typed or typed not in problem.message


@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [
        (
            " Anna.Heron@Post.Example ",
            "anna.heron@post.example",
            "an e-mail address that ends in .example",
        ),
        ("07700 900 123", "07700900123", "a mobile number that ends in 123"),
        ("+44 (0)7700-900123", "+4407700900123", "a mobile number that ends in 123"),
    ],
)
def test_an_address_is_kept_plainly_and_told_in_part(typed, kept, told):
    assert plain_contact(typed) == kept
    assert str(masked(kept)) == told


@pytest.mark.parametrize(
    "typed", ["anna", "anna@", "@post", "12345", "0" * 16, "anna@post", "a b@post.example"]
)
def test_what_reaches_nobody_is_refused(typed):
    with pytest.raises(Invalid) as refusal:
        plain_contact(typed)
    assert typed not in refusal.value.message


def test_only_the_day_is_kept_and_it_is_that_of_the_united_kingdom():
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight in the summer of the UK
    assert day_of(late) == datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
    assert day_of(day_of(late)) == day_of(late)
