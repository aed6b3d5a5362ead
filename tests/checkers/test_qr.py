"""The reader of QR codes reads what another program wrote, and refuses what is damaged."""

import pytest
import segno

from tests.checkers.qr import Squares, text_of

ADDRESS = "http://127.0.0.1:8000/go/"


def squares_of(text: str, error: str = "m") -> Squares:
    return [[bool(each) for each in row] for row in segno.make(text, error=error, micro=False).matrix]


@pytest.mark.parametrize("error", ["l", "m", "q", "h"])
@pytest.mark.parametrize("length", [0, 5, 20, 35, 50])
def test_what_was_written_is_read(error: str, length: int):
    text = ADDRESS + "x-y" * (length // 3)
    assert text_of(squares_of(text, error)) == text


def test_one_wrong_square_is_found():
    squares = squares_of(ADDRESS)
    squares[-1][-1] = not squares[-1][-1]
    with pytest.raises(ValueError, match="check words"):
        text_of(squares)
