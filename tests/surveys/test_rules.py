"""What an item may be and what may be answered to it."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.cells import Refusal, as_instant, as_whole, instant_text, key_problem
from consult.surveys.rules import (
    Given,
    ItemShape,
    NewItem,
    NewOption,
    NewScale,
    check_answer,
    item_problems,
)

BOTH = frozenset({"pre", "post"})
OPTIONS = frozenset({"a", "b", "c"})
SHAPES = {
    "open": ItemShape("open", BOTH),
    "scale": ItemShape("scale", BOTH, low=-2, high=2),
    "choice": ItemShape("choice", BOTH, options=OPTIONS),
    "choice with other": ItemShape("choice", BOTH, options=OPTIONS, other=True),
    "rank": ItemShape("rank", BOTH, options=OPTIONS),
    "knowledge": ItemShape("knowledge", BOTH, options=OPTIONS),
}


@pytest.mark.parametrize(
    ("shape", "option", "value", "text", "expected"),
    [
        ("open", "", "", " as written ", Given("answered", text=" as written ")),
        ("scale", "", "-2", "", Given("answered", number=-2)),
        ("scale", "", "0", "", Given("answered", number=0)),
        ("choice", "", "b", "", Given("answered", option="b")),
        ("choice with other", "", "b", "", Given("answered", option="b")),
        ("choice with other", "", "other", "mine", Given("answered", text="mine")),
        ("rank", "c", "3", "", Given("answered", option="c", place=3)),
        ("knowledge", "", "a", "", Given("answered", option="a")),
    ],
)
def test_what_fits_is_taken_as_it_is(shape: str, option: str, value: str, text: str, expected: Given):
    assert check_answer(SHAPES[shape], option=option, status="answered", value=value, text=text) == expected


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("status", ["dont_know", "prefer_not", "skipped"])
def test_everything_may_be_left_unanswered(shape: str, status: str):
    assert check_answer(SHAPES[shape], option="", status=status, value="", text="") == Given(status)


@pytest.mark.parametrize(
    ("shape", "option", "value", "text", "where"),
    [
        ("open", "", "", "", "text"),
        ("open", "", "", "a\0b", "text"),
        ("open", "", "word", "word", "value"),
        ("open", "a", "", "word", "option"),
        ("scale", "", "3", "", "value"),
        ("scale", "", "", "2", "text"),
        ("scale", "", "२", "", "value"),
        ("choice", "", "other", "mine", "text"),
        ("choice", "", "other", "", "value"),
        ("choice", "", "d", "", "value"),
        ("choice with other", "", "other", "\u2003", "text"),
        ("choice with other", "", "b", "mine", "text"),
        ("rank", "", "1", "", "option"),
        ("rank", "d", "1", "", "option"),
        ("rank", "a", "0", "", "value"),
        ("rank", "a", "4", "", "value"),
        ("knowledge", "", "", "", "value"),
    ],
)
def test_what_does_not_fit_is_refused_in_its_column(
    shape: str, option: str, value: str, text: str, where: str
):
    with pytest.raises(Refusal) as refused:
        check_answer(SHAPES[shape], option=option, status="answered", value=value, text=text)
    assert refused.value.where == where


AB = (NewOption("a", "A"), NewOption("b", "B"))


@pytest.mark.parametrize(
    ("item", "where"),
    [
        (NewItem("", "open", "Stem", "attitude", ("pre",)), "key"),
        (NewItem("other", "open", "Stem", "attitude", ("pre",)), "key"),
        (NewItem("k", "open", " ", "attitude", ("pre",)), "stem"),
        (NewItem("k", "poll", "Stem", "attitude", ("pre",)), "form"),
        (NewItem("k", "open", "Stem", "attitude", ()), "waves"),
        (NewItem("k", "open", "Stem", "attitude", ("pre", "pre")), "waves"),
        (NewItem("k", "open", "Stem", "evaluation", ("pre",)), "waves"),
        (NewItem("k", "open", "Stem", "attitude", ("pre",), scale=NewScale(1, 5)), "scale"),
        (NewItem("k", "scale", "Stem", "attitude", ("pre",)), "scale"),
        (NewItem("k", "scale", "Stem", "attitude", ("pre",), scale=NewScale(1, 22)), "scale"),
        (NewItem("k", "scale", "Stem", "attitude", ("pre",), scale=NewScale(0, 10**12)), "scale"),
        (NewItem("k", "choice", "Stem", "attitude", ("pre",), options=AB[:1]), "options"),
        (NewItem("k", "rank", "Stem", "attitude", ("pre",), options=AB, other=True), "other"),
        (NewItem("k", "knowledge", "Stem", "knowledge", ("pre",), options=AB), "correct"),
        (NewItem("k", "knowledge", "Stem", "attitude", ("pre",), options=AB, correct="a"), "role"),
    ],
)
def test_an_item_that_breaks_one_rule_is_refused_there_and_only_there(item: NewItem, where: str):
    assert [problem.where for problem in item_problems(item)] == [where]


@pytest.mark.parametrize(
    "item",
    [
        NewItem("k", "scale", "Stem", "attitude", ("pre", "post"), scale=NewScale(-10, 10)),
        NewItem("k", "evaluation", "Stem", "evaluation", ("post",), scale=NewScale(0, 1)),
        NewItem("k", "choice", "Stem", "preference", ("pre",), options=AB, ordered=True, other=True),
        NewItem("k", "knowledge", "Stem", "knowledge", ("pre", "post"), options=AB, correct="b"),
    ],
)
def test_an_item_that_breaks_no_rule_is_taken(item: NewItem):
    assert list(item_problems(item)) == []


@given(st.integers(-2_000_000_000, 2_000_000_000))
def test_every_whole_number_is_read_in_its_plainest_form(number: int):
    assert as_whole("value", str(number)) == number


@given(st.text(max_size=12))
def test_no_other_text_is_a_number(text: str):
    try:
        number = as_whole("value", text)
    except Refusal:
        return
    assert str(number) == text


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_comes_back_from_its_text(instant):
    try:
        utc = instant.astimezone(UTC)
    except OverflowError:  # the first or last day of all, in another zone
        return
    written = instant_text(instant)
    assert as_instant("at", written) == utc
    assert instant_text(as_instant("at", written)) == written


@pytest.mark.parametrize("text", ["", " a", "a\u2003", "a\nb", "a\u2028b", "a\x85", "x" * 101, "a\0"])
def test_what_is_no_key_is_refused(text: str):
    assert key_problem(text) is not None


@pytest.mark.parametrize("text", ["a", "16-24", "Ward, north", "=1+1", "ж" * 100, "-"])
def test_what_is_a_key_is_taken(text: str):
    assert key_problem(text) is None
