"""The rough age at which a sentence is read with ease."""

import pytest

from consult.surveys.reading_age import JARGON, OLDEST, YOUNGEST, jargon_in, reading_age

SIXTEEN_PLAIN = "The number of shops that sell beer at night near me should be cut a lot."
TWENTY_FIVE = (
    "The council should ask the people who live near the old market hall every year about the "
    "different festivals and performances that keep them awake."
)


def test_the_figures_that_the_formula_was_made_for():
    assert len(SIXTEEN_PLAIN.split()) == 16
    assert reading_age(SIXTEEN_PLAIN) == 8
    assert len(TWENTY_FIVE.split()) == 25
    assert reading_age(TWENTY_FIVE) == 12


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("I like it.", 5),
        ("I like it. You do not. We go.", 5),
        ("Environmental sustainability considerations necessitate infrastructural intervention", OLDEST),
        ("", None),
        ("…", None),
        ("مرحبا بكم في الشارع الرئيسي", None),
        ("Mae’r siopau hwyr yn cadw’r stryd fawr yn ddiogel.", 6),
    ],
)
def test_some_texts(text, age):
    assert reading_age(text) == age


def test_the_same_words_in_shorter_sentences_are_easier():
    long = "I walk to the market in the morning and I take the bus home and I cook in the evening."
    short = "I walk to the market in the morning. I take the bus home. I cook in the evening."
    assert reading_age(short) < reading_age(long)


def test_a_word_of_offices_makes_a_sentence_older_and_is_named():
    assert reading_age("We should utilise the hall.") > reading_age("We should use the hall.")
    assert jargon_in("We should Utilise the hall, with stakeholders.") == {
        "utilise": "use",
        "stakeholders": "people with an interest",
    }


def test_every_word_of_offices_is_one_plain_word_for_the_list_to_find():
    assert all(jargon_in(f"The {word} is here.") == {word: plain} for word, plain in JARGON.items())
    assert not any(word in jargon_in(plain) for word, plain in JARGON.items())


def test_the_age_stays_within_its_bounds():
    assert reading_age("a") == YOUNGEST
    assert reading_age("word " * 10_000) == OLDEST
