"""Personal data as strangers type it: names that are words, numbers however said, and what may stay."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.personal_data import MASKS, find, mask
from tests.summaries.planted import ALL, ORDINARY_SENTENCES

PIECES = st.sampled_from(
    [words for said, _left in ALL for words in (said, *said.split(), "\n", ". ", " and ")]
)


@pytest.mark.parametrize(("said", "also"), ALL)
def test_nothing_is_left_of_it(said, also):
    masked = mask(said)
    assert masked.kinds
    assert [part for part in also.casefold().split() if part in masked.text.casefold()] == []


@pytest.mark.parametrize(("said", "also"), ALL)
def test_nothing_is_left_of_it_between_other_sentences(said, also):
    left = mask(f"The lamps do not work.\n{said}\n\nPlease mend them soon.").text.casefold()
    assert [part for part in also.casefold().split() if part in left] == []


@pytest.mark.parametrize("said", ORDINARY_SENTENCES)
def test_a_sentence_that_names_nobody_stays(said):
    assert mask(said).text == said


def test_there_are_many_of_each():
    assert len(ALL) >= 250
    assert len(ORDINARY_SENTENCES) >= 40


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12).map(" ".join))
def test_what_is_masked_has_no_long_number_and_stays_as_it_is(said):
    masked = mask(said).text
    assert not re.search(r"(?<![£$€])\d{7}", masked)
    assert not re.search(r"[^\s@]@[^\s@]+\.[^\W\d_]{2}", masked)
    assert mask(masked).text == masked


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="07 -.+aA@¶[]\nzZ£,:/oO1", max_size=80))
def test_any_signs_at_all_are_taken(said):
    spans = find(said)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert not re.search(r"(?<![\d£$€ ,.])\d{7}", mask(said).text)


def test_the_words_for_what_was_taken_out_can_be_of_another_language():
    told = mask("Ask Mr Black", tell={MASKS[span.kind]: "[enw]" for span in find("Mr Black")}.__getitem__)
    assert told.text == "Ask Mr [enw]"
