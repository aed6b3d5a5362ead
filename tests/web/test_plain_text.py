"""What people type: the words stay, what could disturb a page or a file goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.web.plain_text import clean, clean_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("   ", ""),
        ("\u00a0\u2003\u3000", ""),
        ("\u200b\u200c\u200d\ufeff", ""),
        ("\n" * 1999, ""),
        ("a\u0001\b\u001bb", "ab"),
        ("a\u0085\u009bb", "a\nb"),
        ("\u202eevil\u202c", "evil"),
        ("\u2066abc\u2069", "abc"),
        ("a\x00b", "ab"),
        ("\ud800", ""),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\r=1+1", "=1+1"),
        ("  words  ", "words"),
        ("line  \nnext", "line\nnext"),
        ("e\u0301", "\u00e9"),
        ("\u0645\u0631\u062d\u0628\u0627\u060c", "\u0645\u0631\u062d\u0628\u0627\u060c"),
        ("Mae angen \u0175 \u0177", "Mae angen \u0175 \u0177"),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
        ("\uff21\uff11", "\uff21\uff11"),
        ("null", "null"),
        ("{{7*7}}", "{{7*7}}"),
        ('"><svg onload=alert(1)>', '"><svg onload=alert(1)>'),
        ("%s%n", "%s%n"),
        ('a,"b"\nc;d', 'a,"b"\nc;d'),
    ],
)
def test_the_words_stay_and_the_rest_goes(typed, kept):
    assert clean(typed) == kept


def test_a_line_has_no_breaks():
    assert clean_line(" Quiet \n\t Heron ") == "Quiet Heron"


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_always_can_be_stored(typed):
    once = clean(typed)
    assert clean(once) == once
    assert once == once.strip()
    once.encode()
    assert "\x00" not in once
