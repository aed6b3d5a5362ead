"""Themes that short answers fall into."""

import json
import os
import subprocess
import sys
import warnings

import pytest

from consult.child import ask
from consult.coding.clustering import FEWEST_TEXTS, Suggested, suggested_themes
from consult.coding.grouping import grouped
from consult.coding.reasons import reason_for
from consult.errors import Invalid
from tests.making.completions import SPOKEN, STEM, completions

KINDS = list(SPOKEN)


def themes_of(texts, k=None) -> Suggested:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return suggested_themes(texts, stem=STEM, k=k)


def test_answers_that_say_alike_things_are_one_theme_under_their_words():
    found = themes_of(completions(120), k=4)
    assert [len(theme.members) for theme in found.themes] == [30, 30, 30, 30]
    for theme in found.themes:
        kinds = {KINDS[place % 4] for place in theme.members}
        assert len(kinds) == 1, "a theme of two kinds"
        spoken = " ".join(SPOKEN[kinds.pop()])
        assert theme.words[0] in spoken
    assert (found.n_used, found.left_out, found.tried) == (120, (), ())
    assert (found.is_asked, found.chosen) == (True, 4)


def test_the_number_of_themes_is_chosen_with_a_reason_and_the_largest_theme_comes_first():
    found = themes_of([*completions(120), *["lie awake, music is loud"] * 5])
    sizes = [len(theme.members) for theme in found.themes]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == 125
    score = {each.k: each.score for each in found.tried}
    assert list(score) == list(range(4, 13))
    assert score[len(found.themes)] >= 0.8 * max(score.values())
    assert (found.is_asked, found.chosen) == (False, len(found.themes))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"is_asked": True, "tried": []}, "Themes: 3, because that many were asked for."),
        (
            {"is_asked": False, "tried": []},
            "Themes: 3. There are too few different answers to try other numbers.",
        ),
        (
            {"is_asked": False, "tried": [(3, 0.812), (4, 0.5)]},
            "the halves agree to 0.81 (1 is the same themes",
        ),
        ({"is_asked": False, "tried": [(3, 0.812), (4, 0.5)]}, "chance), the most of all."),
        ({"is_asked": False, "tried": [(2, 0.9), (3, 0.8)]}, "With 3 themes the halves agree to 0.8 (1"),
        (
            {"is_asked": False, "tried": [(2, 0.9), (3, 0.8)]},
            "less than with the most stable number, 2 (0.9);",
        ),
    ],
)
def test_why_there_are_so_many_themes_is_one_sentence_with_its_numbers_apart(found, told):
    tried = [{"k": k, "score": score} for k, score in found["tried"]]
    reason = reason_for({"k": 3, "chosen": 3, **found, "tried": tried})
    assert told in str(reason)
    assert not any(sign.isdigit() for sign in reason.text.replace("(1 is", "").replace(", 0 is", ""))


def test_each_text_is_in_one_theme_or_left_out():
    texts = ["", "  \n", "!!!", "12345", "the of and", "qxz", *completions(40), "🙂", "None"]
    found = themes_of(texts)
    placed = sorted([place for theme in found.themes for place in theme.members] + list(found.left_out))
    assert placed == list(range(len(texts)))
    assert set(range(6)) | {46, 47} == set(found.left_out)
    assert found.n_used == 40


def test_a_stem_that_is_copied_makes_no_theme():
    texts = [f"{STEM.removesuffix('…')}{text}" if n % 2 else text for n, text in enumerate(completions(120))]
    found = themes_of(texts, k=4)
    assert {frozenset(KINDS[place % 4] for place in theme.members) for theme in found.themes} == {
        frozenset({kind}) for kind in KINDS
    }
    assert not {"late", "bars", "think"} & {word for theme in found.themes for word in theme.words[:3]}


def test_quotations_are_of_different_people_in_different_words_and_of_readable_length():
    texts = [*completions(120), *["noise"] * 20, *["music is loud " * 60] * 20]
    for theme in themes_of(texts, k=4).themes:
        quoted = [texts[place] for place in theme.central]
        assert set(theme.central) <= set(theme.members)
        assert len(set(quoted)) == len(quoted) > 0
        is_too_long = [len(text.split()) > 40 for text in quoted]
        assert is_too_long == sorted(is_too_long), "long ones come last"
        assert quoted[0] != "noise"


def test_a_word_of_one_person_names_no_theme():
    texts = [f"{text} says Zebedee{n}" for n, text in enumerate(completions(60))]
    words = {word for theme in themes_of(texts).themes for word in theme.words}
    assert not any(word.startswith("zebedee") for word in words - {"zebedee"})
    texts = [*completions(60), "music is loud, ask Zebedee Quirke"]
    assert "quirke" not in {word for theme in themes_of(texts).themes for word in theme.words}


@pytest.mark.parametrize("texts", [[], [""] * 50, ["a", "b"] * 20, completions(FEWEST_TEXTS - 1)])
def test_too_few_usable_texts_are_refused(texts):
    with pytest.raises(Invalid, match="from 10 answers or more"):
        themes_of(texts)


@pytest.mark.parametrize(
    "texts",
    [
        ["nothing"] * 50,
        ["no", "yes"] * 10,
        ["market stalls", "stalls market"] * 20,
        ["好 市场", "市场 好"] * 10,
    ],
)
def test_duplicates_and_little_else_break_nothing(texts):
    found = themes_of(texts)
    assert 1 <= len(found.themes) <= 2
    assert sum(len(theme.members) for theme in found.themes) == len(texts)
    with pytest.raises(Invalid, match="too few different answers"):
        themes_of(texts, k=5)


@pytest.mark.slow
def test_the_same_texts_give_the_same_themes_whatever_the_number_of_threads():
    question = json.dumps({"texts": completions(300), "stem": STEM, "k": None})
    said = set()
    for threads in ("1", "2", "4"):
        ended = subprocess.run(
            [sys.executable, "-m", "consult.coding.grouping"],
            input=question,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            check=True,
        )
        said.add(ended.stdout)
    (one,) = said
    assert json.loads(one)["answer"] == grouped(json.loads(question))


def test_a_child_says_why_it_refuses():
    with pytest.raises(Invalid) as refused:
        ask("consult.coding.grouping", {"texts": ["one"], "stem": "", "k": None}, minutes=1)
    assert refused.value.values == {"n": 10}
    assert refused.value.message.startswith("Themes are suggested from 10 answers")
