"""Files of targets as officers bring them, and the questions that they are about."""

import csv
import io
from collections.abc import Sequence

from consult.panel.bands import read_bands
from consult.panel.placing import Question

BANDS = "0-15,16-17,18-24,25-34,35-44,45-54,55-64,65-74,75-84,85+"


def table(*rows: Sequence[object], end: str = "\r\n", separator: str = ",") -> bytes:
    """A CSV file of these rows, the first of which is the header."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, delimiter=separator).writerows(rows)
    return out.getvalue().encode()


def tidy(*rows: Sequence[object], columns: Sequence[str] = ("variable", "category", "population")) -> bytes:
    """A table with a row for each category."""
    return table(columns, *rows)


def question(key: str, *options: str, text: str = "", **census: Sequence[str]) -> Question:
    """A question about people whose answers are labelled as they are called."""
    return Question(key, text or f"What is your {key}?", tuple((o, o) for o in options), census)


def age_question(bands: str = "16-24,25-64,65+") -> Question:
    """The question about age, divided into these bands."""
    return Question("age_band", "How old are you?", tuple((b.key, b.label) for b in read_bands(bands)))


SEX = Question("sex", "What is your sex?", (("female", "Female"), ("male", "Male")))
QUESTIONS = (age_question(), SEX)
SEXES = (["sex", "female", 110_648], ["sex", "male", 99_483])
AGES = (["age_band", "16-24", 31_973], ["age_band", "25-64", 121_108], ["age_band", "65+", 24_825])


def wide(
    *heads: str,
    rows: Sequence[Sequence[object]],
    columns: Sequence[str] = ("date", "geography", "geography code"),
) -> bytes:
    """A census table as it is downloaded: areas in rows, categories in columns."""
    return table((*columns, *(f"{head}; measures: Value" for head in heads)), *rows)
