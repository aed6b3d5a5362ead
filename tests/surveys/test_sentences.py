"""Every sentence that an item can become."""

import pytest

from consult.surveys.rules import NewOption, NewScale
from consult.surveys.sentences import is_unfinished, sentences, with_ellipsis
from tests.making.items import an_item


def read(item) -> list[str]:
    return [sentence.text for sentence in sentences(item)]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (an_item("open"), ["What I like most about the high street is …"]),
        (
            an_item("scale"),
            [
                "The number of late shops near me should be cut a lot.",
                "The number of late shops near me should be increased a lot.",
            ],
        ),
        (
            an_item("scale", scale=NewScale(-1, 1, labels=("fewer", "", "more"))),
            [
                "The number of late shops near me should be fewer.",
                "The number of late shops near me should be more.",
            ],
        ),
        (
            an_item("scale", scale=NewScale(1, 3, "cut", "raised", labels=("cut", "kept", "raised"))),
            [
                "The number of late shops near me should be cut.",
                "The number of late shops near me should be kept.",
                "The number of late shops near me should be raised.",
            ],
        ),
        (an_item("choice"), ["In the evening I mostly go home.", "In the evening I mostly go out."]),
        (
            an_item("agreement", scale=NewScale(1, 5, "no", "yes")),
            [
                "Late shops keep the high street safe.",
                "Late shops keep the high street safe: no.",
                "Late shops keep the high street safe: yes.",
            ],
        ),
        (an_item("rank"), ["My order of preference is: home, out."]),
        (an_item("knowledge", stem="How long does it last?"), [
            "How long does it last?",
            "How long does it last? home.",
            "How long does it last? out.",
        ]),
    ],
    ids=["open", "scale", "labels only", "labels and ends", "choice", "agreement", "rank", "question"],
)  # fmt: skip
def test_each_form_becomes_its_sentences(item, expected):
    assert read(item) == expected


def test_three_dots_are_an_ellipsis_and_are_written_as_one():
    assert with_ellipsis("I mostly go...") == "I mostly go …"
    assert with_ellipsis("I mostly go   …") == "I mostly go …"
    assert with_ellipsis("I mostly go.") == "I mostly go."
    assert is_unfinished("I go ...")
    assert not is_unfinished("I go..")
    assert with_ellipsis("…") == "…"


def test_an_ending_with_its_own_full_stop_gets_no_second():
    item = an_item("choice", options=(NewOption("a", "home."), NewOption("b", "out!")))
    assert read(item) == ["In the evening I mostly go home.", "In the evening I mostly go out!"]


def test_the_completion_is_apart_so_that_a_page_can_show_it():
    [first, _second] = sentences(an_item("choice"))
    assert (first.start, first.completion, first.end) == ("In the evening I mostly go", "home", ".")
