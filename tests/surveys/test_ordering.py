"""The order in which somebody sees options is their own, and the same in both waves."""

from collections import Counter
from itertools import pairwise

import pytest

from consult.surveys.ordering import in_own_order

OPTIONS = tuple("abcdef")


def order(
    seed: int | None, *, item: str = "policy", form: str = "choice", ordered: bool = False
) -> tuple[str, ...]:
    return tuple(in_own_order(OPTIONS, str, seed=seed, item_key=item, form=form, ordered=ordered))


def test_one_person_sees_one_order_for_ever():
    assert order(7) == order(7)
    assert sorted(order(7)) == sorted(OPTIONS)


def test_people_see_different_orders_and_every_option_comes_first_about_as_often():
    orders = [order(seed) for seed in range(3000)]
    first = Counter(each[0] for each in orders)
    assert len(set(orders)) > 600
    assert set(first) == set(OPTIONS)
    # 500 are expected of each; the chance that any of six is this far off is below one in a million.
    assert all(390 < count < 610 for count in first.values())


def test_the_order_of_one_item_says_nothing_of_that_of_another():
    same = sum(order(seed, item="one")[0] == order(seed, item="two")[0] for seed in range(3000))
    assert 390 < same < 610


def test_an_option_that_is_added_moves_no_other():
    for seed in range(50):
        longer = in_own_order(
            (*OPTIONS, "g"), str, seed=seed, item_key="policy", form="choice", ordered=False
        )
        assert tuple(option for option in longer if option != "g") == order(seed)


@pytest.mark.parametrize("form", ["choice", "rank", "knowledge"])
def test_what_has_no_order_is_shuffled(form):
    assert len({order(seed, form=form) for seed in range(20)}) > 10


def test_what_has_an_order_keeps_it_and_so_does_a_record_without_a_seed():
    assert order(7, ordered=True) == OPTIONS
    assert order(None) == OPTIONS
    assert order(7, form="scale") == OPTIONS


def test_neighbouring_seeds_have_nothing_in_common():
    alike = sum(order(one) == order(other) for one, other in pairwise(range(1000)))
    assert alike < 10
