"""Words of officers and residents that try to be formulas, markup, or something that breaks a file."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import html5lib
import openpyxl
import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.db import db
from consult.exports.service import export_package
from consult.safe_text import is_dangerous, printable
from tests.exports.reading import read_table
from tests.making.bundles import make_bundle

WORDS = [
    "=1+1",
    "+441212345678",
    "-2",
    "@SUM(A1:A9)",
    "＝1+1",
    "＠SUM(A1)",
    '  =HYPERLINK("http://example.org")',
    "\t=1",
    "\r=1+1",
    '=cmd|" /C calc"!A0',
    'a,"b"\nc;d',
    "<r><t>broken</r>",
    "<r>&</r>",
    "<script>alert(1)</script>",
    "http://example.org/",
    "mailto:ann@example.org",
    "\x0b\x1b[31mred\x01",
    "_x0041_",
    "\ufffe\uffff",
    "{{ 7 * 7 }}",
    "😀" * 50,
    "x" * 40_000,
]


def words_of(shared: Path) -> list[str]:
    """Our own words and those of the shared corpus that a bundle can hold."""
    corpus = shared / "trust" / "hostile_inputs.jsonl"
    lines = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    texts = [line["input"] for line in lines if line["kind"] in {"sentence_completion", "forum_post"}]
    return WORDS + [text for text in texts if isinstance(text, str) and text.strip() and "\0" not in text]


@pytest.fixture
def words(shared: Path) -> list[str]:
    return words_of(shared)


@pytest.fixture
def hostile(sqlite_app: Flask, tmp_path: Path, words: list[str]) -> Iterator[Consultation]:
    """Every word as a stem, as a label of a point, and as the label of an option; some as keys."""
    keys = [word.strip()[:100] for word in words[:10]]
    items = [
        {
            "key": f"s{n}",
            "form": "scale",
            "stem": word,
            "scale": {"min": -2, "max": 2, "low": word, "high": word},
        }
        for n, word in enumerate(words)
    ]
    options = [{"key": key, "label": word} for key, word in zip(dict.fromkeys(keys), words, strict=False)]
    items += [
        {"key": "=pick", "form": "choice", "stem": "Pick", "options": options},
        {"key": "-rank", "form": "rank", "stem": "Order", "options": options},
    ]
    people = [(f"p{n}", "=1+1" if n % 2 else "+ash") for n in range(22)]
    responses: list[list[object]] = []
    for n, (person, _) in enumerate(people):
        for wave in ("pre", "post"):
            responses.append([person, wave, "=pick", "", "answered", options[n % len(options)]["key"], ""])
            responses += [[person, wave, f"s{m}", "", "answered", -2 + (n + m) % 5, ""] for m in range(3)]
            responses += [
                [person, wave, "-rank", option["key"], "answered", place, ""]
                for place, option in enumerate(options, 1)
            ]
    bundle = make_bundle(
        tmp_path / "bundle",
        title='=HYPERLINK("http://example.org") </title>\n<script>',
        items=items,
        demographics=(),
        participant_columns=("participant", "group"),
        participants=people,
        responses=responses,
    )
    with sqlite_app.app_context():
        consultation = load_bundle(OPERATOR, bundle, replace=False, progress=None).consultation
        db.session.commit()
        yield consultation
        db.session.rollback()


@pytest.fixture
def csv_folder(hostile: Consultation, tmp_path: Path) -> Path:
    export_package(OPERATOR, hostile, tmp_path / "out", kind="csv")
    db.session.commit()
    return tmp_path / "out"


def test_no_cell_of_a_csv_file_is_a_formula_and_numbers_are_numbers(csv_folder: Path):
    kinds = {(row["file"], row["name"]): row["kind"] for row in read_table(csv_folder, "codebook")}
    checked = 0
    for path in csv_folder.glob("*.csv"):
        for row in read_table(csv_folder, path.stem):
            assert None not in row, f"{path.name}: a row has more cells than the header"
            for name, cell in row.items():
                assert cell is not None, f"{path.name}: a row has fewer cells than the header"
                if kinds[path.stem, name] == "text":
                    assert not is_dangerous(cell), (path.name, name, cell)
                elif cell:
                    float(cell)
                    checked += 1
    assert checked > 1_000


def test_negative_numbers_stay_numbers(csv_folder: Path):
    found = {row["s0_pre"] for row in read_table(csv_folder, "people")}
    assert found == {"-2", "-1", "0", "1", "2"}
    assert b",-2," in (csv_folder / "people.csv").read_bytes()
    # The option that is called "-2" is a text, and looks like one.
    assert "'-2" in {row["pick_pre"] for row in read_table(csv_folder, "people")}


def test_the_file_is_as_excel_and_the_standard_want_it(csv_folder: Path):
    for path in csv_folder.glob("*.csv"):
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.endswith(b"\r\n")
    head = (csv_folder / "people.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,63}", name) for name in head)
    assert len({name.casefold() for name in head}) == len(head)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(
    hostile: Consultation, words: list[str], tmp_path: Path
):
    export_package(OPERATOR, hostile, tmp_path / "book", kind="xlsx")
    path = tmp_path / "book" / "licensing-2026.xlsx"
    book = openpyxl.load_workbook(path)
    stems = {row[3] for row in book["comparison_items"].iter_rows(min_row=2, values_only=True)}
    texts = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                texts += isinstance(cell.value, str)
    book.close()
    assert texts > 1_000
    with ZipFile(path) as archive:
        # Nor is there a part in which a formula or a link could stand.
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                xml = archive.read(name).decode()
                assert "<f" not in xml
                assert "<hyperlink" not in xml
                assert set(re.findall(r'<c [^>]*t="(\w+)"', xml)) == {"inlineStr"}
                for value in re.findall(r'<c r="\w+"(?: s="\d+")?><v>([^<]*)</v>', xml):
                    float(value)
    assert {"=1+1", "-2", "＝1+1", "http://example.org/", "<script>alert(1)</script>"} <= stems


def test_the_codebook_page_is_valid_and_runs_nothing(csv_folder: Path):
    page = (csv_folder / "codebook.html").read_text(encoding="utf-8")
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(page)
    assert [
        e.tag for e in document.iter() if e.tag in {"script", "link", "img", "iframe", "object", "form"}
    ] == []
    addresses = [e.get(a) for e in document.iter() for a in ("href", "src", "action") if e.get(a)]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    ids = [e.get("id") for e in document.iter() if e.get("id")]
    assert {address[1:] for address in addresses} == set(ids)
    assert len(ids) == len(set(ids))
    assert "@import" not in page
    assert "url(" not in page
    assert "{{ 7 * 7 }}" in page


def test_a_title_cannot_forge_lines_of_the_read_me(csv_folder: Path):
    assert "</title> <script>" in (csv_folder / "README.txt").read_text(encoding="utf-8")


def test_the_codebook_tells_every_word_that_people_read(csv_folder: Path, words: list[str]):
    labels = {row["name"]: row["label"] for row in read_table(csv_folder, "codebook") if row["item"]}
    found = [labels[f"s{n}_pre"].removeprefix("'") for n in range(len(words))]
    told = [printable(word).removeprefix("'") for word in words]
    assert found == told
