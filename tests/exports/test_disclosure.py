"""What may leave, row by row."""

import re

from consult.exports.disclosure import release, row_keys, shuffled, smallest_class


def test_a_key_is_128_random_bits_that_no_spreadsheet_takes_for_a_number():
    keys = row_keys(2_000)
    assert all(re.fullmatch("[abcdf][0-9a-f]{31}", key) for key in keys)
    assert len(set(keys)) == len(keys)


def test_the_order_tells_nothing_of_who_came_when():
    n = 20_000
    order = shuffled(n)
    assert sorted(order) == list(range(n))
    # Spearman's correlation of n shuffled people has a standard deviation of 1/sqrt(n - 1) = 0.007:
    # 0.1 is fourteen of them, which never happens by chance.
    squares = sum((place - came) ** 2 for place, came in enumerate(order))
    assert abs(1 - 6 * squares / (n * (n * n - 1))) < 0.1
    assert shuffled(n) != order


def test_having_no_value_is_a_class_of_its_own():
    assert smallest_class([["a"] * 20 + [None] * 3]) == 3
    assert smallest_class([]) == 0
    assert smallest_class([[]]) == 0


def test_variables_are_kept_while_their_combinations_have_ten_people():
    arm = ["forum"] * 20 + ["delayed"] * 20
    group = (["ash"] * 10 + ["birch"] * 10) * 2
    mode = ["own"] * 31 + ["paper"] * 9
    found = release({"arm": arm, "group": group, "mode": mode})
    assert found.in_rows == ("arm", "group")
    assert found.withheld == ("mode",)
    assert found.in_tables == {"arm", "group"}


def test_a_variable_may_divide_a_table_and_still_be_too_fine_for_the_rows():
    arm = ["forum"] * 15 + ["delayed"] * 15
    group = ["ash"] * 20 + ["birch"] * 10
    found = release({"arm": arm, "group": group})
    assert found.in_rows == ("arm",)
    assert found.in_tables == {"arm", "group"}
