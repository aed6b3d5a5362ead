"""Hostile and damaged files of targets: every one of the list, and more of its kind, as expected.

Refused means: the whole file, with the line and the column, in one line of printable text each, in under a
second; nothing is read. The list names inputs in words, so each has a translation here.
"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.errors import DomainError
from consult.panel.bands import read_bands
from consult.panel.refused import FileRefused
from consult.panel.target_files import Read, file_name, read_targets
from tests.conftest import SHARED
from tests.making.target_files import AGES, QUESTIONS, SEXES, question, table, tidy

LIST = SHARED / "trust" / "hostile_inputs.jsonl"
KIND = "census_margins_csv"
ON_THE_PAGE = {"CM63"}  # two officers at once: the page's own test

GOOD = tidy(*SEXES)
BASED = ("variable", "category", "population", "base")
MANY = b"".join(b"sex,female %d,5\r\n" % n for n in range(898))


def with_count(cell: str) -> bytes:
    return tidy(["sex", "female", cell], ["sex", "male", 99_483])


def with_ages(*bands: str) -> bytes:
    return tidy(*(["age_band", band, 5] for band in bands))


def with_totals(other: int) -> bytes:
    rows = [[*row, "All usual residents"] for row in AGES]  # 177,906
    return tidy(
        *rows,
        ["sex", "female", other, "All usual residents"],
        ["sex", "male", 0, "All usual residents"],
        columns=BASED,
    )


# What is brought, whether it is refused, and what the first line of the refusal (or a notice) says.
Case = tuple[bytes, bool, str]
LISTED: dict[str, Case] = {
    "CM01": (b"", True, "The file is empty"),
    "CM02": (b"variable,category,population\r\n", True, "a header and no rows"),
    "CM03": (
        b"sex,female,110648\r\nsex,male,99483\r\n",
        True,
        ":1: sex: The first row must name the columns",
    ),
    "CM04": (b"\xef\xbb\xbf" + GOOD, False, ""),
    "CM06": (
        "variable,category,population\r\nsex,female (£, é),5\r\n".encode("cp1252"),
        True,
        ":2: category: This row is not in UTF-8. It may be in Windows-1252",
    ),
    "CM07": (
        b"variable,category,population\r\n" + MANY + b"sex,m\xffle,5\r\n",
        True,
        ":900: category: This row is not in UTF-8",
    ),
    "CM08": (GOOD.replace(b"male", b"m\0le"), True, ":2: category: This row holds a NUL character"),
    "CM13": (b"\n" * 4_000_000, True, ":50001: "),
    "CM22": (GOOD.replace(b",", b"\t"), False, ""),
    "CM23": (GOOD.replace(b"sex,male", b'sex,"male'), True, ":3: "),
    "CM26": (GOOD + b"\r\n\r\n\n", False, ""),
    "CM28": (GOOD + b"sex,x\r\n", True, ":4: category: Cells in this row: 2"),
    "CM29": (GOOD + b"sex,x,5,6\r\n", True, ":4: population: Cells in this row: 4"),
    "CM36": (with_count("1e5"), True, ":2: population: 1e5 has lost its digits"),
    "CM38": (with_count("-"), True, ":2: population: - stands for a figure that was held back"),
    "CM39": (with_count("*"), True, ":2: population: * stands for a figure that was held back"),
    "CM44": (with_count("99999999999999999999"), True, ":2: population: 99999999999999999999 is too large"),
    "CM53": (
        with_ages("16-24", "18-24", "25-64", "65+"),
        True,
        ":3: category: The bands 16-24 and 18-24 overlap",
    ),
    "CM54": (with_ages("16-24", "65+"), True, ":3: category: The bands leave a gap: nobody of 25 to 64"),
    "CM56": (with_totals(177_200), False, "Census tables differ a little"),
    "CM57": (with_totals(142_000), True, ":5: variable: age_band adds up to 177,906 and sex to 142,000"),
    "CM60": (GOOD, False, ""),
}
MORE: dict[str, Case] = {
    "only a mark": (b"\xef\xbb\xbf", True, "The file is empty"),
    "only spaces": (b" \t \r\n  ", True, "The file is empty"),
    "one line end": (b"\n", True, "The file is empty"),
    "UTF-16 as Excel writes Unicode text": (GOOD.decode().encode("utf-16"), True, "This file is in UTF-16"),
    "UTF-16 without its mark": (GOOD.decode().encode("utf-16-le"), True, ":1: "),
    "a spreadsheet": (b"PK\x03\x04" + b"\0" * 100, True, "This is a spreadsheet"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True, "This is a spreadsheet"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", True, "This is a PDF"),
    "a web page": (b"<!doctype html><html><body>Sign in</body></html>", True, ":1: <!doctype html>"),
    "JSON": (b'{"sex": {"female": 5}}', True, ":1: "),
    "a Windows-1252 header": ("variable,catégory,population\r\n".encode("cp1252"), True, ":1: "),
    "a Latin-1 word that is UTF-8 in part": (
        GOOD + "sex,Ã©\xff,5".encode("latin-1"),
        True,
        ":4: category: This row",
    ),
    "more than 5 MB": (GOOD + b"x" * (5 * 1024 * 1024), True, "larger than 5 MB"),
    "50,001 rows": (b"variable,category,population\n" + b"sex,female,5\n" * 50_001, True, ":50001: "),
    "a cell of a megabyte": (
        GOOD + b"sex," + b"x" * 1_000_000 + b",5\r\n",
        True,
        ":4: category: This cell is longer",
    ),
    "ten thousand columns": (b",".join([b"a"] * 10_000) + b"\r\n", True, ":1: a: The first row must name"),
    "a quote inside a cell": (GOOD.replace(b"male", b'm"a"le'), True, ":2: variable: a quotation mark"),
    "a quote after a quoted cell": (
        GOOD.replace(b"sex,male", b'"sex"x,male'),
        True,
        ":3: variable: a quotation mark",
    ),
    "a line break in a cell": (GOOD.replace(b"sex,male", b'sex,"ma\r\nle"'), False, ""),
    "semicolons": (GOOD.replace(b",", b";"), False, ""),
    "bars": (GOOD.replace(b",", b"|"), False, ""),
    "old line ends": (GOOD.replace(b"\r\n", b"\r"), False, ""),
    "no last line end": (GOOD.rstrip(), False, ""),
    "an empty line between rows": (GOOD.replace(b"\r\nsex,male", b"\r\n\r\nsex,male"), False, ""),
    "rows of commas after the last": (GOOD + b",,\r\n,,\r\n", False, ""),
    "two empty columns at the end": (b"\r\n".join(line + b",," for line in GOOD.splitlines()), False, ""),
    "a figure under no name": (
        GOOD.replace(b"population", b"population,")
        .replace(b"110648", b"110648,7")
        .replace(b"99483", b"99483,"),
        True,
        ":2: variable: This cell stands under no name",
    ),
    "a column twice": (
        b"variable,category,population,population\r\nsex,female,5,6\r\n",
        True,
        ":1: population: This column stands twice",
    ),
    "an unknown column": (
        b"variable,category,population,colour\r\nsex,female,5,6\r\n",
        True,
        ":1: colour: There is no such column",
    ),
    "no column of figures": (
        b"variable,category\r\nsex,female\r\n",
        True,
        ":1: variable: The first row must name",
    ),
    "half a crossing": (
        b"variable,category,population,with_variable\r\nsex,female,5,\r\n",
        True,
        ":1: variable: with_variable and",
    ),
    "a share": (with_count("52.7%"), True, ":2: population: 52.7% is a share"),
    "a negative number": (with_count("-5"), True, ":2: population: -5 is not a whole number"),
    "half a person": (with_count("5.5"), True, ":2: population: 5.5 is not a whole number"),
    "a whole number with a point": (with_count("110648.0"), False, ""),
    "a number in groups": (with_count("110,648"), False, ""),
    "a number in wrong groups": (with_count("1106,48"), True, ":2: population: 1106,48 is not"),
    "an empty figure": (with_count(""), True, ":2: population: This cell is empty"),
    "a mark for disclosure": (with_count("[c]"), True, ":2: population: [c] stands for a figure"),
    "two dots": (with_count(".."), True, ":2: population: .. stands for a figure"),
    "not a number": (with_count("NaN"), True, ":2: population: nan stands for a figure"),
    "Arabic digits": (with_count("٣٤"), True, ":2: population: ٣٤ is not a whole number"),
    "full-width digits": (with_count("１２"), True, ":2: population: １２ is not a whole number"),
    "a formula": (with_count("=1+1"), True, ":2: population: =1+1 is not a whole number"),
    "a million digits": (with_count("9" * 999), True, ":2: population: 999"),
    "just over 100 million": (with_count("100000001"), True, ":2: population: 100000001 is too large"),
    "zero": (with_count("0"), False, ""),
    "an unknown variable": (
        tidy(["shoe size", "large", 5]),
        True,
        ":2: variable: There is no question shoe size",
    ),
    "a variable of markup": (
        tidy(["<img src=x onerror=alert(1)>", "x", 5]),
        True,
        ":2: variable: There is no question <img",
    ),
    "an empty variable": (tidy(["", "x", 5]), True, ":2: variable: This cell is empty"),
    "an unknown category": (
        tidy(*SEXES, ["sex", "unknown sex", 5]),
        True,
        ":4: category: unknown sex is none of the answers",
    ),
    "an empty category": (tidy(*SEXES, ["sex", "", 5]), True, ":4: category: This cell is empty"),
    "a category that moves the cursor": (
        tidy(*SEXES, ["sex", "\x1b[2J\u202e", 5]),
        True,
        ":4: category: \\x1b[2J\\u202e is none",
    ),
    "a category twice": (
        tidy(*SEXES, SEXES[0]),
        True,
        ":4: category: female stands twice: the first time on line 2",
    ),
    "a category twice in other case": (
        tidy(*SEXES, ["SEX", "FEMALE", 5]),
        True,
        ":4: category: FEMALE stands twice",
    ),
    "an answer without a row": (
        tidy(SEXES[0]),
        True,
        ":2: variable: These answers of sex have no figure in the file: Male",
    ),
    "a band that a spreadsheet made a date": (
        with_ages("16-24", "25-64", "Oct-65"),
        True,
        ":4: category: Oct-65 is not an age band",
    ),
    "bands in another order": (with_ages("65+", "16-24", "25-64"), False, ""),
    "a band the wrong way round": (
        with_ages("24-16", "25-64", "65+"),
        True,
        ":2: category: 24-16 is not an age band",
    ),
    "a band beyond the oldest": (
        with_ages("16-24", "25-64", "65-120", "121+"),
        True,
        ":5: category: The band 121+ begins after",
    ),
    "two bases of one variable": (
        tidy(["sex", "female", 5, "people"], ["sex", "male", 5, "homes"], columns=BASED),
        True,
        ":3: base: sex has two bases",
    ),
    "different bases": (
        tidy(*([*row, "people"] for row in AGES), *([*row, "homes"] for row in SEXES), columns=BASED),
        False,
        "",
    ),
    "totals just two in a hundred apart": (with_totals(174_348), False, "Census tables differ a little"),
    "totals a little more apart": (with_totals(174_347), True, ":5: variable: age_band adds up"),
    "a least above the most": (
        tidy(["sex", "female", 5, 4], ["sex", "male", 4, 5], columns=("variable", "category", "min", "max")),
        True,
        ":2: max: 4 is less than min, which is 5",
    ),
    "an aim above the most": (
        tidy(["sex", "female", 5, 4], ["sex", "male", 4, 5], columns=("variable", "category", "aim", "max")),
        True,
        ":2: aim: 5 is more than max, which is 4",
    ),
}


def outcome(data: bytes) -> tuple[Read | None, list[str]]:
    """What was read, with its notices, or the lines of the refusal."""
    started = time.monotonic()
    try:
        read = read_targets(data, QUESTIONS)
    except FileRefused as refusal:
        found: tuple[Read | None, list[str]] = None, list(refusal.lines("f.csv"))
    else:
        found = read, list(read.notices)
    assert found[0] or all(line.isprintable() and line.startswith("f.csv") for line in found[1])
    assert time.monotonic() - started < 2
    return found


def check(case: Case) -> None:
    data, is_refused, says = case
    read, lines = outcome(data)
    assert (read is None) == is_refused, lines
    assert says in (lines[0] if lines else ""), lines
    if read is not None and says == "":
        assert [t.category for t in read.targets][-2:] in (["female", "male"], ["25-64", "65+"])


@pytest.mark.parametrize("name", LISTED)
def test_every_listed_file_is_taken_or_refused_as_expected(name: str):
    check(LISTED[name])


@pytest.mark.parametrize("name", MORE)
def test_more_of_the_kind_is_taken_or_refused_as_expected(name: str):
    check(MORE[name])


def test_nothing_of_the_list_is_left_out_and_the_expectations_are_its_own():
    if not LIST.is_file():
        pytest.skip("needs ../shared, the folder of real data beside the project")
    entries = [json.loads(line) for line in LIST.read_text(encoding="utf-8").splitlines()]
    mine = {entry["id"]: entry["expect"] for entry in entries if entry["kind"] == KIND}
    assert LISTED.keys() == mine.keys() - ON_THE_PAGE
    for name, expected in mine.items():
        if name in ON_THE_PAGE:
            continue
        allowed = {"OK": {False}, "ROW": {True}}[re.match(r"OK|ROW", expected)[0]]  # type: ignore[index]
        allowed |= {True} if "or ROW-ERR" in expected else set()
        assert LISTED[name][1] in allowed, (name, expected)


@pytest.mark.parametrize("name", ["../../x.csv", "<img onerror>", "C:\\x\\y.csv", "a\nb.csv", "x" * 300, ""])
def test_the_name_of_a_file_leads_nowhere(name: str):
    shown = file_name(name)
    assert "/" not in shown
    assert "\\x" not in shown.replace("\\n", "")
    assert shown.isprintable()
    assert 0 < len(shown) < 70


@pytest.mark.parametrize(
    "area",
    ["'; DROP TABLE target; --", "\0", "x" * 100_000, "\u202e", "%s%(n)s", "E09000007 "],
)
def test_an_area_is_looked_for_as_it_is(area: str):
    data = table(
        ("date", "geography", "geography code", "Sex: Female", "Sex: Male"),
        ("2021", "Abbeyford", "E1", 5, 6),
    )
    with pytest.raises(FileRefused) as refused:
        read_targets(data, QUESTIONS, area=area)
    assert len(refused.value.message) < 400
    assert refused.value.message.isprintable()


@pytest.mark.parametrize(
    "text",
    ["\0", "9" * 10_000, "0-" + "9" * 5000, ",," * 1000, "16-24;DROP TABLE", "-1-5", "1e1-2e1"],
)
def test_hostile_bands_are_refused_in_time(text: str):
    started = time.monotonic()
    with pytest.raises(DomainError) as refused:
        read_bands(text)
    assert len(refused.value.message) < 300
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "make",
    [lambda n: "Ethnic group: " + ": ".join("x" for _ in range(n)), lambda n: "x" * n],
)
def test_deep_and_long_names_do_not_slow_it_down(make: Callable[[int], str]):
    heads = [f"{make(200)}{n}" for n in range(300)]
    data = table(("geography", *(f"A: {head}" for head in heads)), ("Abbeyford", *([1] * 300)))
    started = time.monotonic()
    with pytest.raises(FileRefused):
        read_targets(data, [question("a", "x", "y")])
    assert time.monotonic() - started < 5


def test_a_file_of_faults_names_two_hundred_and_counts_the_rest():
    data = tidy(*(["sex", f"kind {n}", "x"] for n in range(1000)))
    with pytest.raises(FileRefused) as refused:
        read_targets(data, QUESTIONS)
    lines = list(refused.value.lines(Path("f.csv").name))
    assert len(lines) == 201
    assert lines[-1] == "f.csv: and 801 more"
