"""Texts out to a spreadsheet and codes back in, as two columns: an id and the codes.

What goes out is what waits for the person who asks: the text under its place in the shuffled order, and
nothing of who wrote it or when. What comes back counts as if they had judged each text on the page.
"""

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from typing import NamedTuple

from consult.cells import Refusal, as_whole, shown
from consult.coding.judging import Judged
from consult.coding.models import Outcome
from consult.coding.rules import CANNOT_CODE, ThemeWords, themes_meant
from consult.coding.turns import WaitingText
from consult.safe_text import guarded
from consult.sheets import Unreadable, cells_of, records
from consult.words import N_, Sentence, say

ID, TEXT, CODES = "id", "text", "codes"
NONE = "none"  # what stands in the column of codes where a text holds none of the themes
MOST_BYTES = 5_000_000
MOST_PROBLEMS = 100

Themes = Sequence[tuple[str, ThemeWords]]


def texts_file(texts: Sequence[WaitingText]) -> bytes:
    """The texts as a CSV file with an empty column for codes; no cell of it is taken for a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((ID, TEXT, CODES))
    writer.writerows((text.place, guarded(text.words), "") for text in texts)
    return out.getvalue().encode("utf-8-sig")


class Problem(NamedTuple):
    """What is wrong in one line of the file; a page says it in its language."""

    line: int
    column: str
    sentence: Sentence


class ColumnsRefused(Exception):
    """The file cannot be used; ``problems`` says why, each with its line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


class _Wrong(Exception):
    """One cell cannot be used."""

    def __init__(self, column: str, sentence: Sentence) -> None:
        super().__init__(column)
        self.column, self.sentence = column, sentence


class _WrongRow(Exception):
    """From this line on the file cannot be used."""

    def __init__(self, line: int, sentence: Sentence) -> None:
        super().__init__(line)
        self.line, self.sentence = line, sentence


def read_columns(content: bytes, themes: Themes) -> list[tuple[int, Judged]]:
    """Read what the file says of each text, with the line on which it stands; empty codes say nothing.

    Codes are keys or names of themes with semicolons between them, or ``none``, or ``cannot_code``.

    Raises
    ------
    ColumnsRefused
        Naming every line that cannot be used.
    """
    known = {words.label.casefold(): key for key, words in themes}
    known |= {key.casefold(): key for key, _ in themes}
    problems: list[Problem] = []
    found: dict[int, tuple[int, Judged]] = {}
    try:
        for line, place, codes in _rows(content):
            try:
                judged = _judged(place, codes, known)
            except _Wrong as wrong:
                problems.append(Problem(line, wrong.column, wrong.sentence))
                continue
            if judged is None:
                continue
            if judged.place in found:
                problems.append(Problem(line, ID, say(N_("%(id)s stands twice"), id=judged.place)))
            found[judged.place] = (line, judged)
    except _WrongRow as wrong:
        problems.append(Problem(wrong.line, ID, wrong.sentence))
    except Unreadable as fault:
        problems.append(Problem(fault.line, ID, say(fault.sentence)))
    if problems:
        raise ColumnsRefused(problems[:MOST_PROBLEMS])
    return list(found.values())


def _rows(content: bytes) -> Iterator[tuple[int, str, str]]:
    """Line, id and codes of each row."""
    rows = records(BytesIO(content))
    header = next(rows, None)
    names = [name.strip().casefold() for name in cells_of(1, header[1])] if header else []
    for name in (ID, CODES):
        if names.count(name) != 1:
            raise _WrongRow(1, say(N_("there must be one column called %(name)s"), name=name))
    id_at, codes_at = names.index(ID), names.index(CODES)
    for line, text in rows:
        if not text.strip(",; \t"):
            continue  # spreadsheets leave empty rows at the end
        cells = cells_of(line, text)
        if len(cells) != len(names):
            told = N_("the row has %(cells)s cells and the header %(names)s")
            raise _WrongRow(line, say(told, cells=len(cells), names=len(names)))
        yield line, cells[id_at].strip(), cells[codes_at].strip()


def _judged(place: str, codes: str, known: dict[str, str]) -> Judged | None:
    try:
        number = as_whole(ID, place)
    except Refusal:
        told = (
            say(N_("%(id)s is not a whole number"), id=shown(place))
            if place
            else say(N_("must not be empty"))
        )
        raise _Wrong(ID, told) from None
    if not codes:
        return None
    if codes.casefold() == CANNOT_CODE and CANNOT_CODE not in known:
        return Judged(number, Outcome.CANNOT_CODE)
    if codes.casefold() == NONE and NONE not in known:
        return Judged(number, Outcome.CODED)
    keys, unknown = themes_meant(codes, known)
    if unknown:
        named = ", ".join(shown(each) for each in unknown)
        raise _Wrong(CODES, say(N_("there is no theme %(named)s"), named=named))
    if not keys:
        raise _Wrong(
            CODES, say(N_("no theme is named; write %(none)s for a text that holds none"), none=NONE)
        )
    return Judged(number, Outcome.CODED, frozenset(keys))
