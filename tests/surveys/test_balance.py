"""What is worth a second look: advice that never stops anybody."""

from dataclasses import replace

import pytest

from consult.surveys.balance import item_advice, survey_advice
from consult.surveys.rules import NewOption, NewScale
from tests.making.items import SCALE, an_item

TWO_IDEAS = "“and” may join two ideas. If somebody could say yes to one only, make two questions."

LENGTHS = (
    "The longest option is more than twice as long as the shortest. "
    "A longer option can look like the better one."
)


def said(advice) -> list[str]:
    return [each.sentence % each.values for each in advice]


@pytest.mark.parametrize("form", ["open", "choice", "scale", "agreement", "rank", "knowledge", "evaluation"])
def test_a_good_item_of_each_form_gets_no_advice(form):
    assert said(item_advice(an_item(form))) == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            an_item("scale", stem="Late shops should be"),
            "The sentence does not stop in the middle. End it with … where people go on.",
        ),
        (
            an_item("agreement", stem="Late shops are …"),
            "People agree or disagree with a whole sentence. End it with a full stop.",
        ),
        (
            an_item("scale", stem="Despite the noise, late shops should be …"),
            "“despite” gives a reason that not everybody shares. Leave it out.",
        ),
        (
            an_item("scale", stem="Because it is dark, late shops should be …"),
            "“because” gives a reason that not everybody shares. Leave it out.",
        ),
        (an_item("scale", stem="Late shops and bars should be …"), TWO_IDEAS),
        (
            an_item("agreement", stem="Late shops do not keep the street safe."),
            "To disagree with a “not” is hard to follow. Say it without one if you can.",
        ),
        (
            an_item("agreement", stem="Late shops don’t keep the street safe."),
            "To disagree with a “not” is hard to follow. Say it without one if you can.",
        ),
        (
            an_item("open", stem="We should utilise the hall for …"),
            "“utilise” is a word of offices. Can you say it another way, such as “use”?",
        ),
        (
            an_item("scale", scale=NewScale(1, 5, "cut")),
            "One end of the scale has no words. People need to know what both ends mean.",
        ),
        (
            an_item("scale", scale=replace(SCALE, favour_from=2)),
            "4 of the 5 points count as in favour. An even scale has as many against as in favour.",
        ),
        (
            an_item("scale", scale=replace(SCALE, favour_from=5)),
            "1 of the 5 points count as in favour. An even scale has as many against as in favour.",
        ),
        (
            an_item("choice", options=(NewOption("a", "home"), NewOption("b", "out to the high street"))),
            LENGTHS,
        ),
        (
            an_item(
                "agreement",
                stem="Environmental sustainability considerations necessitate immediate intervention.",
            ),
            "One sentence is hard to read: age 20. Use shorter words or fewer of them.",
        ),
    ],
)
def test_one_thing_that_is_odd_gets_its_own_advice(item, expected):
    assert expected in said(item_advice(item))


@pytest.mark.parametrize(("points", "favour_from"), [(5, 4), (7, 5), (11, 7), (6, 4), (10, 6)])
def test_an_even_scale_gets_no_advice(points, favour_from):
    scale = NewScale(1, points, "cut", "raised", favour_from=favour_from)
    assert said(item_advice(an_item("scale", scale=scale))) == []


def several(form: str, n: int, *, n_reversed: int = 0, **more):
    return [
        an_item(form, key=f"{form}-{place}", scale=replace(SCALE, reversed=place < n_reversed), **more)
        for place in range(n)
    ]


def opens(n: int):
    return [an_item("open", key=f"o{place}") for place in range(n)]


ONE_WAY = "Most statements point the same way. Put about half of them the other way round."
SCALES_ONE_WAY = "Most scales run the same way. Turn about half of them round."


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], []),
        (several("scale", 3), []),
        (several("scale", 4), [SCALES_ONE_WAY]),
        (several("scale", 12, n_reversed=6), []),
        (
            several("scale", 13, n_reversed=6),
            ["The starting survey has 13 questions with a scale. People tire after 12."],
        ),
        (several("evaluation", 13, waves=("post",)) + opens(1), []),
        (
            opens(4),
            ["The starting survey has 4 questions to answer in one’s own words. People tire after 3."],
        ),
        (several("agreement", 1), []),
        (several("agreement", 2), [ONE_WAY]),
        (several("agreement", 2, n_reversed=1), []),
        (several("agreement", 8, n_reversed=1), [ONE_WAY]),
        (several("agreement", 8, n_reversed=2), []),
        (several("agreement", 8, n_reversed=7), [ONE_WAY]),
        (
            [an_item("scale", key="a"), an_item("scale", key="b", scale=NewScale(0, 10, "a", "b"))],
            ["Some scales have 5 points and some 11. Use one length for all."],
        ),
        (
            [an_item("open", waves=("pre",)), an_item("scale", waves=("post",))],
            ["Nothing is asked in both surveys, so you will not learn what changed."],
        ),
    ],
)
def test_all_items_together(items, expected):
    assert said(survey_advice(items)) == expected
