"""What a bundle names comes back as it went in."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.bundles.service import dump_bundle, load_bundle
from consult.consultations.queries import get_consultation
from consult.db import db
from tests.making.bundles import csv_text, make_bundle
from tests.making.full_bundle import make_full_bundle
from tests.making.record import record_of

REAL = ("aargau", "fremantle-bridge", "uppsala-speaks")


def load(path: Path, *, replace: bool = False) -> dict[str, int]:
    loaded = load_bundle(OPERATOR, path, replace=replace)
    db.session.commit()
    return loaded.counts


def dump(slug: str, path: Path) -> dict[str, bytes]:
    dump_bundle(OPERATOR, get_consultation(slug), path)
    return read(path)


def read(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(path.iterdir())}


def rows_of(text: bytes) -> Counter[tuple[tuple[str, str], ...]]:
    """Rows as sets of filled cells: empty optional columns and the order of rows make no difference."""
    reader = csv.DictReader(text.decode().splitlines(keepends=True))
    return Counter(tuple(sorted((k, v) for k, v in row.items() if v)) for row in reader)


@pytest.mark.parametrize("name", REAL)
def test_real_forums_come_back(in_app: Flask, shared: Path, tmp_path: Path, name: str):
    source = shared / "data" / "bundles" / name
    if not source.is_dir():
        pytest.skip(f"needs the real bundle {name} beside the project")
    counts = load(source)
    before = record_of(db.session())
    first = dump(name, tmp_path / "first")
    for file in ("participants.csv", "responses.csv"):
        assert rows_of(first[file]) == rows_of((source / file).read_bytes())
    assert load(tmp_path / "first", replace=True) == counts
    assert record_of(db.session()) == before
    assert dump(name, tmp_path / "second") == first


def test_everything_that_a_bundle_can_say_comes_back(in_app: Flask, tmp_path: Path):
    source = make_full_bundle(tmp_path / "source")
    load(source)
    before = record_of(db.session())
    first = dump("everything-2026", tmp_path / "first")
    assert set(first) == {file.name for file in source.iterdir()}
    for file in first:
        if file.endswith(".csv") and file != "channels.csv":
            assert rows_of(first[file]) == rows_of((source / file).read_bytes()), file
    assert load(tmp_path / "first", replace=True)["answers"] == 14
    assert record_of(db.session()) == before
    assert dump("everything-2026", tmp_path / "second") == first


def test_the_files_that_keep_an_order_keep_it(in_app: Flask, tmp_path: Path):
    source = make_full_bundle(tmp_path / "source")
    load(source)
    first = dump("everything-2026", tmp_path / "first")
    kept = ("participants", "targets", "themes", "codes", "posts", "responses")
    for file in (f"{name}.csv" for name in (*kept, "summaries", "positions", "quotations")):
        assert first[file] == (source / file).read_bytes(), file


def test_two_dumps_are_the_same_bytes(in_app: Flask, tmp_path: Path):
    load(make_full_bundle(tmp_path / "source"))
    assert dump("everything-2026", tmp_path / "one") == dump("everything-2026", tmp_path / "two")


def test_unlisted_channels_come_in_their_order_and_need_no_file(in_app: Flask, tmp_path: Path):
    people = (["ada", "post"], ["bo", "library"], ["cy", "post"])
    load(
        make_bundle(
            tmp_path / "in",
            demographics=(),
            participant_columns=("participant", "channel"),
            participants=people,
            responses=(),
        )
    )
    files = dump("licensing-2026", tmp_path / "out")
    assert set(files) == {"consultation.toml", "participants.csv"}
    assert files["participants.csv"] == csv_text(("participant", "channel"), people).encode()


def test_a_listed_channel_that_says_more_than_its_name_is_written(in_app: Flask, tmp_path: Path):
    listed = csv_text(("channel", "label"), (["post", "post"], ["fair", "fair"]))
    load(make_bundle(tmp_path / "in", files={"channels.csv": listed}))
    assert dump("licensing-2026", tmp_path / "out")["channels.csv"] == listed.encode()


def test_a_list_of_submissions_is_written_only_where_its_absence_says_something_else(
    in_app: Flask, tmp_path: Path
):
    columns = ("participant", "wave", "status")
    everybody = (["ada", "pre"], ["ada", "post"], ["bo", "pre"], ["bo", "post"])
    all_submitted = csv_text(columns, ([*who, "submitted"] for who in everybody))
    load(make_bundle(tmp_path / "all", slug="all", files={"submissions.csv": all_submitted}))
    assert "submissions.csv" not in dump("all", tmp_path / "all-out")
    one_listed = csv_text(columns, (["ada", "pre", "submitted"],))
    load(make_bundle(tmp_path / "one", slug="one", files={"submissions.csv": one_listed}))
    files = dump("one", tmp_path / "one-out")
    assert rows_of(files["submissions.csv"]) == rows_of(
        csv_text(
            columns,
            (
                ["ada", "pre", "submitted"],
                ["ada", "post", "started"],
                ["bo", "pre", "started"],
                ["bo", "post", "started"],
            ),
        ).encode()
    )


@pytest.mark.parametrize("plan", [{}, {"primary": []}, {"primary": ["hours"]}, {"delta": {"hours": 2.0}}])
def test_half_a_plan_stays_half_a_plan(in_app: Flask, tmp_path: Path, plan: dict[str, object]):
    load(make_bundle(tmp_path / "in", plan=plan))
    before = record_of(db.session())
    dump("licensing-2026", tmp_path / "out")
    load(tmp_path / "out", replace=True)
    assert record_of(db.session()) == before
    assert len(before["plan"]) == 1


def test_no_plan_stays_no_plan(in_app: Flask, tmp_path: Path):
    load(make_bundle(tmp_path / "in"))
    assert b"plan" not in dump("licensing-2026", tmp_path / "out")["consultation.toml"]


def test_an_empty_summary_and_none_are_the_same(in_app: Flask, tmp_path: Path):
    load(make_bundle(tmp_path / "in", summary=""))
    assert b"summary" not in dump("licensing-2026", tmp_path / "out")["consultation.toml"]


def test_a_consultation_of_nobody_about_nothing_comes_back(in_app: Flask, tmp_path: Path):
    load(
        make_bundle(
            tmp_path / "in",
            items=(),
            demographics=(),
            participants=(),
            participant_columns=("participant",),
            responses=(),
        )
    )
    files = dump("licensing-2026", tmp_path / "out")
    assert files["participants.csv"] == b"participant\r\n"
    load(tmp_path / "out", replace=True)


def test_byte_order_mark_and_bare_newlines_are_read(in_app: Flask, tmp_path: Path):
    source = make_bundle(tmp_path / "in")
    load(source)
    before = record_of(db.session())
    for file in source.iterdir():
        text = file.read_bytes().replace(b"\r\n", b"\n")
        file.write_bytes(b"\xef\xbb\xbf" + text + b"\n\n")
    load(source, replace=True)
    assert record_of(db.session()) == before


def test_columns_are_found_by_name_in_any_order(in_app: Flask, tmp_path: Path):
    source = make_bundle(tmp_path / "in")
    load(source)
    before = record_of(db.session())
    columns = ("value", "text", "wave", "status", "option", "item", "participant")
    with (source / "responses.csv").open(encoding="utf-8", newline="") as file:
        rows = [[row[column] for column in columns] for row in csv.DictReader(file)]
    (source / "responses.csv").write_bytes(csv_text(columns, reversed(rows)).encode())
    load(source, replace=True)
    after = record_of(db.session())
    assert (
        dump("licensing-2026", tmp_path / "out")["responses.csv"]
        == make_bundle(tmp_path / "again").joinpath("responses.csv").read_bytes()
    )
    assert len(after["answer"]) == len(before["answer"])


def test_other_files_are_ignored(in_app: Flask, tmp_path: Path):
    source = make_bundle(tmp_path / "in", files={"README.md": "About this", "notes.txt": "…"})
    assert load(source)["participants"] == 3


def test_a_local_time_that_happens_twice_comes_back_as_it_was_written(in_app: Flask, tmp_path: Path):
    stages = """
[stages.survey]
opens = 2026-10-25T01:30:00
closes = 2026-10-25T02:30:00
"""
    source = make_bundle(tmp_path / "in")
    with (source / "consultation.toml").open("a", encoding="utf-8") as file:
        file.write(stages)
    load(source)
    written = dump("licensing-2026", tmp_path / "out")["consultation.toml"]
    assert b"opens = 2026-10-25T01:30:00\n" in written
    assert b"closes = 2026-10-25T02:30:00\n" in written


def test_rows_of_one_ranking_may_stand_far_apart(in_app: Flask, tmp_path: Path):
    columns = ("participant", "wave", "item", "option", "status", "value")
    people = ("ada", "bo")
    rows = [
        [who, "pre", "policy", option, "answered", n] for n, option in enumerate("cab", 1) for who in people
    ]
    load(make_bundle(tmp_path / "in", response_columns=columns, responses=rows))
    expected = [
        [who, "pre", "policy", option, "answered", n]
        for who in people
        for option, n in (("a", 2), ("b", 3), ("c", 1))
    ]
    assert dump("licensing-2026", tmp_path / "out")["responses.csv"] == csv_text(columns, expected).encode()
