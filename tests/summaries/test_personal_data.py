"""Personal data in what people wrote: nothing of it is left, and what is none stays as it is.

All people, numbers and addresses are made up: numbers that are kept for stories, prefixes that no
National Insurance number has, NHS numbers of the range for tests.
"""

import time
from itertools import pairwise

import pytest

from consult.personal_data import TOLD, Kind, find, mask

NAMES = ("zara", "testperson", "quillan", "fakename")
# A text, and what must not be left of it besides the four names.
PLANTED = [
    ("My name is Zara Testperson, 07700 900123, zara@example.org", "900123 example"),
    ("my name is zara testperson and i am on 07700900123", "900123 0770"),
    ("zara testperson 07700 900123 please fix the road", "900123"),
    ("call me on 07700.900.123 thanks zara", "900 123"),
    ("the noise is awful.\nzara testperson\n07700900123", "900123"),
    ("o77oo 9oo123 ask for zara", "o77oo 9oo123"),
    ("zara at example dot org", "example"),
    ("contact me zara [at] example [dot] org", "example"),
    ("I live at 12 Madeup Street ZZ99 3WZ, Zara", "12 Madeup ZZ99 3WZ"),
    ("12 acacia avenue is where i live, quillan", "12 acacia"),
    ("zz993wz Quillan Fakename", "zz99 3wz"),
    ("Quillan, zz99-3wz", "zz99 3wz"),
    ("QQ123456C is mine, Quillan", "QQ 123456"),
    ("my NI is qq 12 34 56 c and i am Quillan Fakename", "qq 34 56"),
    ("QQ 12 34 56 Zara", "QQ 34"),
    ("nhs 999 123 4567 quillan fakename", "999 4567"),
    ("NHS number: 999-123-4567. Zara.", "999 4567"),
    ("9990000018 is my NHS number, Zara Testperson", "9990000018"),
    ("Tel: oh double seven oh oh nine double zero one two three Zara", "seven nine"),
    ("zero seven seven zero zero nine zero zero one two three", "seven nine three"),
    ("07700 nine hundred 123 zara", "07700 nine"),
    ("+44 7700 900123 - Zara", "44 900123"),
    ("0044 7700 900 123 is Zara's", "0044 7700"),
    ("+44 (0)20 7946 0123 speak to Dr Fakename", "7946 0123"),
    ("(020) 7946 0123 zara", "020 7946"),
    ("020-7946-0123, Zara Testperson-Fakename", "020 7946"),
    ("ring zara.testperson@example.org, I said Zara and testperson told you", "example"),
    ("zaratestperson@example.org yours zara", "example"),
    ("zt@example.org\n\nZara Testperson", "zt example"),
    ("www.example.org/zara-testperson and zara", "example"),
    ("https://example.org/people?name=zara.testperson", "example people"),
    ("example.com/quillan is my page", "example"),
    ("insta: zara.t99", "t99"),
    ("I'm @zara_test on twitter", "zara_test"),
    ("I'm Zara", ""),
    ("I am Zara Testperson and the road is bad", ""),
    ("my name's quillan", ""),
    ("call me quillan, 07700 900123", "900123"),
    ("Call me Quillan if you like", ""),
    ("mrs testperson at number 12", ""),
    ("Ask Mr Quillan Fakename about it", ""),
    ("Ask for Zara at the shop", ""),
    (
        "\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13 Zara",
        "\uff10\uff17 \uff11\uff12\uff13",
    ),
    ("0 7 7 0 0 9 0 0 1 2 3 quillan", "7 9"),
    ("Text me: 7700 900123 (Zara)", "7700 900123"),
    ("my number is 946 0123 zara", "946 0123"),
    ("ZARA TESTPERSON 07700900123 FIX THE ROAD", "900123"),
    ("Zara\u200b Testperson 07700\u200b900\u200b123", "07700 900 123"),
    ("email: zara @ example . org zara", "example"),
    ("Flat 4, 12 Madeup Court, AB1 2ZZ Zara", "Flat Madeup AB1 2ZZ"),
    ("The bus is late. Zara Testperson (zara@example.org). I like the Monday bus.", "example"),
    ("Hope Fakename, 07700 900123", "Hope 900123"),
    ("I told Quillan Brown twice: 07700/900123", "Brown 900123"),
    ("07700\n900123\nregards\nquillan fakename", "07700 900123"),
]
HARMLESS = [
    "I spent £20,000 last year, and £1500000 was wasted",
    "open 07:30, 10:45 and 12:00",
    "In 2019 2020 2021 it was fine",
    "the 24 bus down the road",
    "God bless",
    "I'm British and I am angry",
    "call me old fashioned but I like it quiet",
    "1,000 homes and 10,000 cars",
    "take the A1 2nd left, or the M25",
    "20 mph roads and 5 minutes walk",
    "CO2 and COVID-19",
    "9-5 or 24/7",
    "0.5% 0.25% and 0.75%",
    "there are 20 people in the street",
    "2 cars on our street",
    "3 high street banks closed",
    "15 years on this road",
    "I miss Woolworths",
    "ask for more buses",
    "my name is on the list",
    "I AM ANGRY ABOUT THIS",
    "House prices rose from 250,000 to 300,000",
    "see abbeyford.gov.uk",
    "Saturday nights on High Street are loud",
    "In 1990 there were 12 pubs, now 4",
    "it costs 1.50 2.50 3.50",
    "two or three hundred people",
    "To 250000 people it matters",
    "about 30 to 40 per cent",
    "a number 12 bus every 10 minutes",
    "call 999 or 101",
    "meet @ 5pm",
    "From Monday to Friday, 9am-5pm",
    "a 4 lane road is no place for children",
    "between 01/02/2026 and 03/04/2026",
    "10/10 for the library",
]


@pytest.mark.parametrize(("said", "also"), PLANTED)
def test_nothing_is_left_of_what_somebody_could_be_found_by(said, also):
    masked = mask(said)
    left = masked.text.casefold()
    assert masked.kinds
    assert [part for part in (*NAMES, *also.casefold().split()) if part in left] == []
    assert [part for part in NAMES if part in mask(masked.text).text.casefold()] == []


@pytest.mark.parametrize("said", HARMLESS)
def test_what_gives_nobody_away_stays_as_it_is(said):
    assert mask(said).text == said


def test_there_are_fifty_of_one_and_thirty_of_the_other():
    assert len(PLANTED) >= 50
    assert len(HARMLESS) >= 30


def test_what_was_found_is_told_by_its_kind():
    found = mask("Zara Testperson, 07700 900123, zara@example.org, 12 Madeup Street, ZZ99 3WZ, QQ123456C")
    assert found.kinds == {
        Kind.NAME,
        Kind.PHONE,
        Kind.E_MAIL,
        Kind.ADDRESS,
        Kind.POSTCODE,
        Kind.INSURANCE,
    }
    assert TOLD.keys() == set(Kind)
    assert mask("nhs 999 000 0018").kinds == {Kind.NHS}
    assert mask("9990000018").kinds == {Kind.NHS}  # its last figure is the one that follows from the others
    assert mask("see example.org/x").kinds == {Kind.WEB}


def test_words_of_the_sentence_that_was_finished_are_nobodys_name():
    said = "What Abbeyford needs: ring 07700 900123 about Abbeyford"
    assert mask(said, ordinary="Abbeyford at night is …").text.count("Abbeyford") == 2
    assert mask(said).text.count("Abbeyford") == 0


def test_what_was_found_does_not_overlap():
    for said, _also in PLANTED:
        spans = find(said)
        assert all(a.end <= b.start for a, b in pairwise(spans))
        assert all(0 <= span.start < span.end <= len(said) for span in spans)


@pytest.mark.parametrize(
    "piece",
    ["a", "@", "a@", "0 ", "07700 900123 zara ", "a.", "at dot ", "www.", "12 ", "A ", "Mr ", "i'm ", "one ",
     "phone ", "\n", "zara\n", "ab1", "12 Aa Aa ", "a-", "o", "0o", "qq12", "my name is ",
     "a@b.co ", "+", " ", "(", "é", "1,", "Zara Brown and ", "a at gmail ", "thanks\n\n", "M1 "],
)  # fmt: skip
def test_long_texts_take_no_longer_than_their_length(piece):
    """A ratio of two lengths in one run, far from both ends: linear is 16, quadratic 256, the limit 64."""

    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        began = time.process_time()
        mask(text)
        return time.process_time() - began

    # The least of several is what the work takes: a busy neighbour can only add to it.
    short = min(seconds(10_000) for _again in range(5))
    assert any(seconds(160_000) < 64 * short for _try in range(2))
