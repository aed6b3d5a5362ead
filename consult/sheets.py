"""Reading CSV as RFC 4180 has it and no other way, one row at a time, with the line it starts on.

The parser of the standard library is not used for reading: it takes ``a"b`` for a value, it cannot
say on which line a row began, and its limit for a field is one setting for the whole process.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

from consult.words import N_

LONGEST_RECORD = 32 * 1024 * 1024  # bytes: a quote that is never closed ends here
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NOT_CLOSED = N_("a quotation mark is not closed, or stands where none may")
NOT_UTF8 = N_("the row is not UTF-8 text")
TOO_LONG = N_("the row is too long")
STRAY_BREAK = N_("a line break stands where none may: put the cell in quotation marks")
STRAY_MARK = N_("a quotation mark stands where none may: put the cell in quotation marks")


class Unreadable(Exception):
    """From this line on the file cannot be read."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


def records(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """The records of a file without their line ends, each with the line on which it starts.

    Raises
    ------
    Unreadable
        Where a quotation mark stays open, a record is too long or not UTF-8.
    """
    line = 0
    while raw := stream.readline(LONGEST_RECORD):
        line += 1
        start = line
        if start == 1:
            raw = raw.removeprefix(BYTE_ORDER_MARK)
        if b'"' in raw and raw.count(b'"') % 2:
            parts, length, is_open = [raw], len(raw), True
            while is_open:
                part = stream.readline(LONGEST_RECORD)
                length += len(part)
                if not part or length > LONGEST_RECORD:
                    raise Unreadable(start, NOT_CLOSED)
                line += 1
                parts.append(part)
                is_open = part.count(b'"') % 2 == 0
            raw = b"".join(parts)
        if len(raw) >= LONGEST_RECORD:
            raise Unreadable(start, TOO_LONG)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Unreadable(start, NOT_UTF8) from None
        if text.endswith("\n"):
            text = text[:-2] if text.endswith("\r\n") else text[:-1]
        yield start, text


def cells_of(line: int, record: str, separator: str = ",") -> list[str]:
    """The cells of a record, which starts on that line.

    Raises
    ------
    Unreadable
        If a quotation mark or a line break stands where none may.
    """
    pattern = _cell(separator)
    cells: list[str] = []
    at = 0
    while True:
        found = pattern.match(record, at)
        assert found is not None  # the second alternative takes even nothing
        quoted, plain = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if at == len(record):
            return cells
        if record[at] != separator:
            raise Unreadable(line, STRAY_BREAK if record[at] in "\r\n" else STRAY_MARK)
        at += 1


@cache
def _cell(separator: str) -> re.Pattern[str]:
    return re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"|([^"{re.escape(separator)}\r\n]*+)')
