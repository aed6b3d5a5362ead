"""Text that no spreadsheet takes for a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.exports.xlsx_writer import MOST_CHARACTERS, excel_text
from consult.safe_text import guarded, is_dangerous, printable

DANGEROUS = [
    "=1+1",
    "+441212345678",
    "-2",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1+1",
    "\n=1",
    "\0=1",
    "  =HYPERLINK(1)",
    "\N{NO-BREAK SPACE}=1",
    "\N{ZERO WIDTH SPACE}=1",
    "\ufeff=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "﹦1",
    '=cmd|" /C calc"!A0',
]
HARMLESS = ["", "hours", "a=b", "'=1", "3 - 2", "(=1)", "é", "日本", "…", "<r>", " "]


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_gets_an_apostrophe(text):
    assert guarded(text).startswith("'")


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text):
    assert guarded(text) == text


@given(st.text())
def test_a_guarded_text_is_never_dangerous(text):
    assert not is_dangerous(guarded(text))


@given(st.text(alphabet=st.characters()))
def test_printable_text_can_stand_in_any_file(text):
    found = printable(text)
    found.encode("utf-8")
    assert not any(ord(c) < 32 and c not in "\t\n\r" for c in found)
    assert len(found) == len(text)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    found = excel_text("😀" * 40_000)
    assert len(found) == MOST_CHARACTERS
    assert len(found.encode("utf-16-le")) // 2 <= 32_767
    assert found.endswith("(cut: a cell holds no more)")
