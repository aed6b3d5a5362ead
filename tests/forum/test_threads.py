"""In which order a thread is read, and in which pages."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.forum.threads import (
    PAGE,
    Line,
    Node,
    Order,
    after_branch,
    after_page,
    as_order,
    as_page,
    on_page,
    page_count,
    page_numbers,
    page_of,
    reading_order,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEED = 1


def node(row_id: int, parent_id: int | None, minute: int | None = None, *, stands: bool = True) -> Node:
    return Node(row_id, parent_id, AT + timedelta(minutes=row_id if minute is None else minute), stands)


# 2 ← 5 ← 6 and 2 ← 7; 3 alone; 4 speaks to the thread without answering its seed, and 8 answers it
TREE = [
    node(1, None),
    node(2, 1),
    node(3, 1),
    node(4, None),
    node(5, 2),
    node(6, 5),
    node(7, 2),
    node(8, 4),
]


def ids(lines: list[Line]) -> list[int]:
    return [line.id for line in lines]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.FEWEST, [3, 4, 8, 2, 5, 6, 7]),
        (Order.OLDEST, [2, 5, 6, 7, 3, 4, 8]),
        (Order.NEWEST, [4, 8, 3, 2, 5, 6, 7]),
    ],
)
def test_what_answers_follows_what_it_answers_in_every_order(order, expected):
    assert ids(reading_order(TREE, opener=SEED, order=order)) == expected
    assert ids(reading_order(TREE[::-1], opener=SEED, order=order)) == expected


def test_each_post_knows_how_deep_it_is_what_it_answers_and_how_much_hangs_on_it():
    lines = {line.id: line for line in reading_order(TREE, opener=SEED, order=Order.OLDEST)}
    assert lines[2] == Line(2, None, 0, 3)
    assert lines[6] == Line(6, 5, 2, 0)
    assert lines[8] == Line(8, 4, 1, 0)


def test_of_those_with_equally_many_replies_the_one_that_has_waited_longest_comes_first():
    nodes = [node(1, None), node(2, 1, 30), node(3, 1, 20), node(4, 1, 10), node(5, 4, 40)]
    assert ids(reading_order(nodes, opener=SEED, order=Order.FEWEST)) == [3, 2, 4, 5]


def test_a_post_that_the_reader_does_not_get_is_left_out_unless_something_hangs_on_it():
    nodes = [
        node(1, None),
        node(2, 1, stands=False),
        node(3, 1, stands=False),
        node(4, 3),
        node(5, 4, stands=False),
    ]
    assert ids(reading_order(nodes, opener=SEED, order=Order.OLDEST)) == [3, 4]


def test_a_chain_of_five_thousand_replies_is_ordered_without_a_limit_of_depth():
    chain = [node(1, None), *(node(n, n - 1) for n in range(2, 5002))]
    lines = reading_order(chain, opener=SEED, order=Order.FEWEST)
    assert (len(lines), lines[-1].depth, lines[0].replies) == (5000, 4999, 4999)
    assert max(line.level for line in lines) == 3


def test_posts_in_a_circle_are_not_read_and_do_no_harm():
    lines = reading_order(
        [node(1, None), node(2, 3), node(3, 2), node(4, 1)], opener=SEED, order=Order.OLDEST
    )
    assert ids(lines) == [4]


def test_a_page_holds_fifty_posts_and_pages_hold_all_of_them_once():
    nodes = [node(1, None), *(node(n, 1) for n in range(2, 125))]
    lines = reading_order(nodes, opener=SEED, order=Order.OLDEST)
    assert page_count(lines) == 3
    pages = [on_page(lines, page) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [PAGE, PAGE, 23]
    assert ids([line for page in pages for line in page]) == list(range(2, 125))
    assert [page_of(lines, row_id) for row_id in (2, 51, 52, 124, 999)] == [1, 1, 2, 3, 1]
    assert page_count([]) == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, 1),
        ("", 1),
        ("2", 2),
        ("7", 7),
        ("8", 7),
        ("0", 1),
        ("-1", 1),
        ("٣", 1),
        ("1e3", 1),
        ("9" * 30, 1),
        ("2 ", 1),
    ],
)
def test_a_page_that_is_none_leads_to_one_that_is(asked, expected):
    assert as_page(asked, 7) == expected


def test_an_unknown_order_is_the_usual_one():
    assert [as_order(asked) for asked in (None, "newest", "body; DROP", "FEWEST")] == [
        Order.FEWEST,
        Order.NEWEST,
        Order.FEWEST,
        Order.FEWEST,
    ]


@pytest.mark.parametrize(
    ("current", "pages", "expected"),
    [
        (1, 1, []),
        (1, 2, [1, 2]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (3, 4, [1, 2, 3, 4]),
        (9, 9, [1, None, 7, 8, 9]),
    ],
)
def test_the_pages_led_to_are_the_ends_and_those_around(current, pages, expected):
    assert page_numbers(current, pages) == expected


# One with six replies, one with none, one with five and nothing behind it; by the parents of 1, 2, 3 …
BRANCHES = (None, 1, 2, 2, 1, 5, 6, None, None, 9, 9, 9, 9, 9)


def test_after_a_long_branch_comes_the_first_line_that_does_not_hang_on_it():
    nodes = [node(n, parent) for n, parent in enumerate(BRANCHES, 1)]
    lines = reading_order(nodes, opener=None, order=Order.OLDEST)
    found = {n: after_branch(lines, n) for n in range(len(lines))}
    assert {n: line.id for n, line in found.items() if line} == {0: 8}
    newest = reading_order(nodes, opener=None, order=Order.NEWEST)
    assert [line.id for n in range(len(newest)) if (line := after_branch(newest, n))] == [8]


def test_what_stands_after_a_page_is_what_the_next_ones_hold():
    lines = [Line(n, None, 0, 0) for n in range(2 * PAGE + 3)]
    assert [len(after_page(lines, page)) for page in (1, 2, 3)] == [PAGE + 3, 3, 0]
