"""How people talked: the worked example, what holds for every forum, and a second, slow way to count."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.stats.talk import Talk, TalkPost, gini, measure_talk, voice_ratios
from tests.stats.cases import reference, steady

MODERATOR = "MOD"
KEYS = {
    "active_share": "active_share",
    "arc_reciprocity": "arc_reciprocity",
    "cross_position_expected_if_random": "cross_expected",
    "cross_position_reply_share": "cross_share",
    "depth_max": "depth_max",
    "depth_mean": "depth_mean",
    "dyad_reciprocity": "dyad_reciprocity",
    "gini_posts": "gini_posts",
    "gini_words": "gini_words",
    "peer_reply_share": "peer_reply_share",
    "replied_to_share": "replied_to_share",
    "top20pct_word_share": "top_word_share",
}


@pytest.fixture(scope="module")
def example() -> Any:
    return reference("golden/worked_example.json")


@pytest.fixture(scope="module")
def worked(example: Any) -> Talk:
    people = example["data"]["respondents"]
    posts = [
        TalkPost(p["id"], None if p["author"] == MODERATOR else p["author"], p["parent"], p["words"])
        for p in example["data"]["forum_posts"]
    ]
    return measure_talk(
        posts,
        [who["id"] for who in people],
        sides={who["id"]: (who["t1"] > 3) - (who["t1"] < 3) for who in people},
        groups={who["id"]: who["group"] for who in people},
    )


def test_every_measure_of_the_worked_example_is_known(example: Any) -> None:
    named = {key.removeprefix("forum.") for key in example["expected"] if key.startswith("forum.")}
    assert named == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_worked_example(example: Any, worked: Talk, key: str) -> None:
    assert getattr(worked, KEYS[key]) == pytest.approx(example["expected"][f"forum.{key}"]["value"], rel=1e-9)


def test_people_of_the_worked_example_sought_difference(worked: Talk) -> None:
    assert worked.cross_ratio == pytest.approx(0.8125 / 0.6875)


PEOPLE = ["a", "b", "c", "d", "e", "f"]
SIDES = {"a": 0, "b": 0, "c": 1, "d": 1, "e": 2}
GROUPS = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2}


@st.composite
def forums(draw: st.DrawFn) -> list[TalkPost]:
    posts: list[TalkPost] = []
    for n in range(draw(st.integers(0, 25))):
        author = draw(st.sampled_from([*PEOPLE, None]))
        parent = draw(st.sampled_from([None, *range(n)]))
        posts.append(TalkPost(n, author, parent, draw(st.integers(0, 60))))
    return posts


def slow_gini(amounts: list[int]) -> float | None:
    n, mean = len(amounts), sum(amounts) / len(amounts)
    return sum(abs(x - y) for x in amounts for y in amounts) / (2 * n * n * mean) if mean else None


@steady
@given(forums())
def test_a_second_way_to_count_finds_the_same(posts: list[TalkPost]) -> None:
    found = measure_talk(posts, PEOPLE, sides=SIDES, groups=GROUPS)
    own = [p for p in posts if p.author is not None]
    answered = {p.id: posts[p.parent].author if p.parent is not None else None for p in own}  # type: ignore[call-overload]
    peer = [p for p in own if answered[p.id] is not None and answered[p.id] != p.author]
    assert found.posts == len(own)
    assert found.gini_posts == pytest.approx(slow_gini([sum(p.author == who for p in own) for who in PEOPLE]))
    assert found.gini_words == pytest.approx(
        slow_gini([sum(p.words for p in own if p.author == who) for who in PEOPLE])
    )
    assert found.peer_reply_share == (pytest.approx(len(peer) / len(own)) if own else None)
    arcs = {(p.author, answered[p.id]) for p in peer}
    linked = [pair for pair in combinations(PEOPLE, 2) if pair in arcs or pair[::-1] in arcs]
    both = [pair for pair in linked if pair in arcs and pair[::-1] in arcs]
    assert found.dyad_reciprocity == (pytest.approx(len(both) / len(linked)) if linked else None)
    assert found.arc_reciprocity == (pytest.approx(2 * len(both) / len(arcs)) if arcs else None)
    known = [p for p in peer if p.author in SIDES and answered[p.id] in SIDES]
    assert found.cross_replies == len(known)
    depths = []
    for p in own:
        depth, at = 0, p
        while at.parent is not None:
            depth, at = depth + 1, posts[at.parent]  # type: ignore[call-overload]
        depths.append(depth)
    assert found.depth_max == max(depths, default=None)
    assert found.depth_mean == (pytest.approx(sum(depths) / len(depths)) if depths else None)


@steady
@given(forums())
def test_shares_are_shares_and_official_posts_of_no_account(posts: list[TalkPost]) -> None:
    found = measure_talk(posts, PEOPLE, sides=SIDES, groups=GROUPS)
    for name in ("active_share", "gini_posts", "gini_words", "top_word_share", "peer_reply_share"):
        share = getattr(found, name)
        assert share is None or 0 <= share <= 1
    more = [*posts, TalkPost("official", None, None, 500), TalkPost("staff", "somebody else", None, 500)]
    assert measure_talk(more, PEOPLE, sides=SIDES, groups=GROUPS) == found


def test_a_forum_without_anybody_or_without_words_has_no_shares() -> None:
    empty = measure_talk([], [])
    assert (empty.members, empty.posts, empty.active_share, empty.gini_posts) == (0, 0, None, None)
    silent = measure_talk([], ["a", "b"])
    assert (silent.active_share, silent.gini_words, silent.peer_reply_share) == (0.0, None, None)
    assert silent.cross_ratio is None


def test_somebody_alone_in_a_group_could_have_answered_nobody() -> None:
    posts = [TalkPost(1, "a", None, 5), TalkPost(2, "b", 1, 5)]
    found = measure_talk(posts, ["a", "b"], sides={"a": 0, "b": 1}, groups={"a": 1, "b": 2})
    assert (found.cross_share, found.cross_expected, found.cross_ratio) == (1.0, None, None)


def test_a_thread_of_any_depth_is_measured() -> None:
    posts = [TalkPost(n, "ab"[n % 2], n - 1 if n else None, 1) for n in range(20_000)]
    found = measure_talk(posts, ["a", "b"])
    assert found.depth_max == 19_999
    assert found.dyad_reciprocity == 1


def test_one_voice_is_all_inequality_there_can_be_and_equal_voices_are_none() -> None:
    assert gini([0, 0, 0, 12]) == pytest.approx(0.75)
    assert gini([3, 3, 3]) == 0
    assert gini([]) is None


def test_a_group_that_says_as_much_as_its_share_has_a_voice_of_one() -> None:
    groups = {"a": "young", "b": "old", "c": "old", "d": "old"}
    assert voice_ratios({"a": 25, "b": 75}, groups) == {"young": 1.0, "old": 1.0}
    assert voice_ratios({"a": 50, "b": 50}, groups) == {"young": 2.0, "old": pytest.approx(2 / 3)}
    assert voice_ratios({}, groups) == {"young": None, "old": None}
