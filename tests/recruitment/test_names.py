"""Names for the forum: what one may be, and which count as the same."""

from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.db import KEY_LENGTH
from consult.recruitment import names
from consult.recruitment.name_words import FIRST_WORDS, SECOND_WORDS


@pytest.mark.parametrize(
    "name",
    [
        "Quiet Heron",
        "Zoë",
        "Tam O’Neill-Fee",
        "J. Smith",
        "Reader 7",
        "Modest Owl",
        "Starling",
        "محمد علی",
        "می‌خواهم",
        "राम प्रसाद",
        "ক্ষমা",
        "李 小龙",
        "さくら 山",
        "Σοφία",
        "Анна",
    ],
)
def test_a_name_in_any_one_alphabet_will_do(name):
    assert names.name_problem(name) is None
    assert names.as_name(f"  {name} ") == name


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", names.EMPTY),
        ("   ", names.EMPTY),
        (None, names.EMPTY),
        ("\u200b\u200b", names.EMPTY),
        ("x", names.SHORT),
        ("x" * 41, names.LONG),
        ("12 34", names.NO_LETTER),
        ("me@abbeyford.example", names.CONTACT),
        ("@tam_mcfee", names.CONTACT),
        ("tam at mail dot com", names.CONTACT),
        ("07700 900123", names.CONTACT),
        ("call 0 7 7 0 0 9", names.CONTACT),
        ("www.tam", names.CONTACT),
        ("tam.co.uk", names.CONTACT),
        ("http://x", names.CONTACT),
        ("Anna AB1 2CD", names.CONTACT),
        ("<img src=x onerror=alert(1)>", names.LETTERS),
        ("Tam & Co", names.LETTERS),
        ("{{7*7}}", names.LETTERS),
        ("Joy \U0001f642", names.LETTERS),
        ("\u202enimda", names.LETTERS),
        ("Tam\x07", names.LETTERS),
        ("Ta\u200bm", names.LETTERS),
        ("Ta\u200dm", names.LETTERS),
        ("Z\u0335\u0321\u0322\u0327\u0348\u035balgo", names.LETTERS),
        ("\u0430dam", names.SCRIPTS),
        ("Ann\u03b1", names.SCRIPTS),
        ("\u0430dmin", names.SCRIPTS),
        ("The Council", names.OFFICIAL),
        ("C0uncil Officer", names.OFFICIAL),
        ("moder-ator", names.OFFICIAL),
        ("Site Administrator", names.OFFICIAL),
        ("\U0001d41admin", names.OFFICIAL),
        ("Mod", names.OFFICIAL),
        ("Library staff", names.OFFICIAL),
    ],
)
def test_a_name_that_leads_to_somebody_or_pretends_is_refused_in_words(name, problem):
    assert names.name_problem(name) == problem


def test_forty_characters_are_allowed_and_forty_one_are_not():
    assert names.name_problem("x" * 40) is None
    assert names.name_problem("x" * 41) == names.LONG


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quiet Heron", "quiet  HERON"),
        ("Quiet Heron", "Quiet-Heron"),
        ("Quiet Heron", "Quíet Herön"),
        ("Quiet Heron", "Qu\uff49et Heron"),
        ("Copy", "\u0421\u043e\u0440\u0443"),
        ("Owl 10", "owl lo"),
        ("Strasse", "Straße"),
    ],
)
def test_names_that_can_be_taken_for_each_other_count_as_the_same(one, other):
    assert names.name_key(one) == names.name_key(other)


def test_other_names_count_as_others():
    assert names.name_key("Quiet Heron") != names.name_key("Quiet Hare")
    assert names.name_key("राम") != names.name_key("रम")


def test_every_name_that_we_can_suggest_is_allowed_and_its_own():
    every = [f"{first} {second}" for first in FIRST_WORDS for second in SECOND_WORDS]
    assert [name for name in every if names.name_problem(name)] == []
    assert len({names.name_key(name) for name in every}) == len(every) >= 20_000


def test_suggestions_go_on_without_end_and_differ_by_chance():
    one, other = (list(islice(names.suggestions(Random(seed)), 5)) for seed in (1, 2))
    assert one != other


@given(st.text(max_size=45))
def test_whatever_is_typed_is_refused_or_fits_the_record(typed):
    problem = names.name_problem(typed)
    if problem is None:
        kept = names.as_name(typed)
        assert names.SHORTEST <= len(kept) <= names.LONGEST
        assert 0 < len(names.name_key(kept)) <= KEY_LENGTH
        assert names.as_name(kept) == kept
        assert not set('<>&"@{}\n\0') & set(kept)
