"""The rows give the figures of the comparison, and every figure of every table is that of the JSON."""

import json
from pathlib import Path
from statistics import fmean

import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.bundles.service import load_bundle
from consult.db import db
from consult.exports.service import export_package
from tests.conftest import Run
from tests.exports.reading import cell_of, head_of, make_grouped, read_json, read_table, read_workbook


def test_the_rows_give_the_figures_of_the_comparison(package: Path):
    people = read_table(package, "people")
    figures = read_table(package, "comparison_items")
    assert len(figures) == 5
    for figure in figures:
        key = figure["item"]
        pre = [int(row[f"{key}_pre"]) for row in people if row.get(f"{key}_pre")]
        post = [int(row[f"{key}_post"]) for row in people if row[f"{key}_post"]]
        changes = [
            int(row[f"{key}_post"]) - int(row[f"{key}_pre"])
            for row in people
            if row.get(f"{key}_pre") and row[f"{key}_post"]
        ]
        assert [len(pre), len(post), len(changes)] == [
            int(figure[n]) for n in ("n_pre", "n_post", "n_paired")
        ]
        assert fmean(post) == pytest.approx(float(figure["mean_post"]), rel=1e-12)
        if changes:
            assert fmean(changes) == pytest.approx(float(figure["mean_change"]), rel=1e-12, abs=1e-15)


def test_the_long_table_holds_the_same_answers_as_the_wide_one(package: Path):
    people = {row["row"]: row for row in read_table(package, "people")}
    answers = read_table(package, "answers")
    seen = 0
    for answer in answers:
        wide = people[answer["row"]]
        part = f"_{answer['option']}" if answer["option"] else ""
        value = answer["number"] or answer["choice"]
        assert wide[f"{answer['item']}_{answer['wave']}_status"] == answer["status"]
        assert wide.get(f"{answer['item']}{part}_{answer['wave']}", "") == value
        assert wide[f"submitted_{answer['wave']}"] == "yes"
        seen += bool(value)
    filled = sum(bool(v) for row in people.values() for k, v in row.items() if not _is_about(k))
    assert seen == filled > 0
    columns = {(row["file"], row["name"]): row for row in read_table(package, "codebook")}
    assert int(columns["answers", "row"]["n"]) == len(answers)
    given = int(columns["answers", "number"]["n"]) + int(columns["answers", "choice"]["n"])
    assert given == seen


def _is_about(name: str) -> bool:
    return name in {"row", "group", "arm"} or name.startswith("submitted_") or name.endswith("_status")


def test_what_was_not_sent_in_counts_nowhere(package: Path):
    for row in read_table(package, "people"):
        for wave in ("pre", "post"):
            if row[f"submitted_{wave}"] == "no":
                assert {v for k, v in row.items() if k.endswith(f"_{wave}_status")} == {"not_reached"}
                assert not any(v for k, v in row.items() if k.endswith(f"_{wave}") and not _is_about(k))
    statuses = {row["status"] for row in read_table(package, "answers")}
    assert statuses == {"answered", "dont_know", "prefer_not", "skipped", "not_reached"}


def test_every_figure_of_every_table_is_that_of_the_comparison(package: Path, consult: Run):
    printed = consult("compare", "second", "--json", "--by", "group")
    assert printed.returncode == 0, printed.stderr
    whole = json.loads(printed.stdout)
    assert_figures(package, whole)
    del whole["by"]
    found = read_json(package)
    whole["notes"] = whole["notes"][: len(found["notes"])]
    assert found == whole


def assert_figures(package: Path, whole: dict) -> None:
    lists = {"counts_pre", "counts_post", "transition"}
    for name in ("items", "nominal", "ranks", "reasoning"):
        rows = read_table(package, f"comparison_{name}")
        flat = [{k: cell_of(v) for k, v in e.items() if k not in lists} for e in whole[name]]
        assert rows == flat
    by = read_table(package, "comparison_by_group")
    entries = [
        {
            "value": part["value"],
            **{f"people_{wave}": str(n) for wave, n in part["n"].items()},
            **{k: cell_of(v) for k, v in entry.items() if k not in {*lists, "form", "role", "stem"}},
        }
        for part in whole["by"]
        for name in ("items", "ranks")
        for entry in part[name]
    ]
    assert len(entries) == len(by) > 0
    for row, entry in zip(by, entries, strict=True):
        assert {k: row[k] for k in entry} == entry

    sources = [("", "", name, e) for name in ("items", "nominal", "ranks") for e in whole[name]]
    sources += [
        ("group", p["value"], name, e) for p in whole["by"] for name in ("items", "ranks") for e in p[name]
    ]
    counts = [(e[f"counts_{wave}"], wave) for *_, e in sources for wave in ("pre", "post")]
    table = read_table(package, "comparison_counts")
    assert [int(row["n"]) for row in table] == [n for listed, _ in counts for n in listed]
    assert [row["wave"] for row in table] == [wave for listed, wave in counts for _ in listed]
    moves = read_table(package, "comparison_transitions")
    assert [int(row["n"]) for row in moves] == [
        n for *_, e in sources for line in e["transition"] for n in line
    ]
    where = [(by, value, name, e["item"], e.get("option", "")) for by, value, name, e in sources]
    assert list(dict.fromkeys(tuple(list(r.values())[:5]) for r in moves)) == where
    notes = [note["reason"] for note in whole["notes"]]
    assert [row["reason"] for row in read_table(package, "comparison_notes")] == notes


def test_counts_name_the_answer_that_they_count(package: Path):
    people = read_table(package, "people")
    for row in read_table(package, "comparison_counts"):
        if row["by"]:
            continue
        column = f"{row['item']}{'_' + row['option'] if row['option'] else ''}_{row['wave']}"
        answer = row["answer_option"] or row["answer"]
        assert sum(person.get(column) == answer for person in people) == int(row["n"]), row


def test_the_command_prints_the_files_that_it_wrote(forum, tmp_path: Path, consult: Run):
    db.session.commit()
    done = consult("export", "second", "--to", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert all(name.name in done.stdout for name in (tmp_path / "out").iterdir())
    printed = consult("compare", "second", "--json")
    assert json.loads(printed.stdout) == read_json(tmp_path / "out")


def test_a_consultation_without_answers_has_its_headers(load, tmp_path: Path):
    consultation = load(make_grouped(tmp_path / "bundle", sizes={}, items=()))
    export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
    for path in (tmp_path / "out").glob("*.csv"):
        assert len(head_of(path)) > 1, path.name


def test_an_empty_table_has_the_columns_of_a_full_one(load, package: Path, tmp_path: Path):
    empty = load(make_grouped(tmp_path / "empty", sizes={}, items=(), slug="empty"))
    export_package(OPERATOR, empty, tmp_path / "out", kind="csv")
    for name in ("items", "nominal", "ranks", "reasoning"):
        full, bare = (head_of(folder / f"comparison_{name}.csv") for folder in (package, tmp_path / "out"))
        assert full == bare


def test_the_workbook_holds_the_same_tables(forum, package: Path, tmp_path: Path):
    export_package(OPERATOR, forum, tmp_path / "book", kind="xlsx")
    book = read_workbook(tmp_path / "book" / "second.xlsx")
    names = {path.stem for path in package.glob("*.csv")}
    assert set(book) == names | {"read_me", "method"}
    for name in names - {"people", "answers", "codebook"}:
        head, *rows = book[name]
        lines = read_table(package, name)
        assert list(lines[0] if lines else head) == list(head)
        for row, line in zip(rows, lines, strict=True):
            for value, text in zip(row, line.values(), strict=True):
                if isinstance(value, int | float):
                    assert value == pytest.approx(float(text), rel=1e-14)
                else:
                    assert (value or "") == text
    assert len(book["people"]) == len(read_table(package, "people")) + 1
    assert len(book["answers"]) == len(read_table(package, "answers")) + 1
    ages = book["people"][0].index("c0_pre")
    assert {type(row[ages]) for row in book["people"][1:]} == {int, type(None)}
    assert sorted(path.name for path in (tmp_path / "book").iterdir()) == [
        "README.txt",
        "SHA256SUMS",
        "comparison.json",
        "second.xlsx",
    ]


@pytest.mark.parametrize("name", ["aargau", "fremantle-bridge", "uppsala-speaks"])
def test_the_rows_of_real_forums_give_their_figures(
    sqlite_app: Flask, shared: Path, tmp_path: Path, name: str
):
    with sqlite_app.app_context():
        bundle = shared / "data" / "bundles" / name
        consultation = load_bundle(OPERATOR, bundle, replace=False, progress=None).consultation
        export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
        db.session.rollback()
    stems = {row["item"]: row["name"] for row in read_table(tmp_path / "out", "codebook") if row["item"]}
    people = read_table(tmp_path / "out", "people")
    for figure in read_table(tmp_path / "out", "comparison_items"):
        stem = stems[figure["item"]].removesuffix("_status").removesuffix("_pre").removesuffix("_post")
        pairs = [(row.get(f"{stem}_pre"), row.get(f"{stem}_post")) for row in people]
        changes = [int(post) - int(pre) for pre, post in pairs if pre and post]
        assert len(changes) == int(figure["n_paired"])
        if changes:
            assert fmean(changes) == pytest.approx(float(figure["mean_change"]), rel=1e-12, abs=1e-14)
