"""A package is complete or not there, says what it holds, and gives nobody away."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from typing import Any
from zipfile import ZipFile

import pytest

from consult.access import OPERATOR, Actor, Role
from consult.audit.models import AuditEntry
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound, NotPermitted
from consult.exports.package import unfinished
from consult.exports.service import export_archive, export_package
from tests.conftest import SECRET, Run
from tests.exports.conftest import Load
from tests.exports.reading import head_of, make_grouped, read_table
from tests.making.bundles import csv_text, make_bundle


def someone(role: Role, consultation: Consultation) -> Actor:
    return Actor(role.value, roles={consultation.id: frozenset({role})})


def test_no_two_exports_share_a_row_key_or_an_order(forum: Consultation, tmp_path: Path):
    found = []
    for name in ("one", "two"):
        export_package(OPERATOR, forum, tmp_path / name, kind="csv")
        found.append([row["row"] for row in read_table(tmp_path / name, "people")])
        answers = list(dict.fromkeys(row["row"] for row in read_table(tmp_path / name, "answers")))
        assert set(answers) == set(found[-1])
        assert answers != found[-1]
    assert len(found[0]) == len(set(found[0])) > 100
    assert not set(found[0]) & set(found[1])


def test_the_order_of_the_rows_says_nothing_of_who_came_when(load: Load, tmp_path: Path):
    # What somebody answered tells in which order they came; in the file it must not.
    n = 21 * 40
    items = [{"key": "came", "form": "scale", "stem": "I came …", "scale": {"min": 0, "max": 20}}]
    consultation = load(
        make_bundle(
            tmp_path / "bundle",
            items=items,
            demographics=(),
            participant_columns=("participant",),
            participants=[[f"p{i}"] for i in range(n)],
            responses=[[f"p{i}", "pre", "came", "", "answered", i * 21 // n, ""] for i in range(n)],
        )
    )
    export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
    for name, column in (("people", "came_pre"), ("answers", "number")):
        came = [int(row[column]) for row in read_table(tmp_path / "out", name) if row[column]]
        assert len(came) == n
        middle, half = (n - 1) / 2, 10.0
        covariance = sum((place - middle) * (value - half) for place, value in enumerate(came)) / n
        spread = ((n * n - 1) / 12) ** 0.5 * ((21 * 21 - 1) / 12) ** 0.5
        # One standard deviation is 1/sqrt(n - 1) = 0.035; 0.2 is nearly six of them.
        assert abs(covariance / spread) < 0.2


def test_a_small_group_is_withheld_from_rows_and_tables(load: Load, tmp_path: Path):
    consultation = load(make_grouped(tmp_path / "bundle", sizes={"ash": 30, "birch": 9}))
    names = export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
    assert "group" not in read_table(tmp_path / "out", "people")[0]
    assert "comparison_by_group.csv" not in names
    readme = " ".join((tmp_path / "out" / "README.txt").read_text(encoding="utf-8").split())
    assert "Withheld from the rows: the discussion group (group)." in readme
    assert "comparison_by_group: some value of group has fewer than 10 people." in readme
    assert "birch" not in (tmp_path / "out" / "people.csv").read_text(encoding="utf-8")


def test_groups_of_ten_are_shown(load: Load, tmp_path: Path):
    consultation = load(make_grouped(tmp_path / "bundle", sizes={"ash": 30, "birch": 10}))
    names = export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
    groups = [row["group"] for row in read_table(tmp_path / "out", "people")]
    assert (groups.count("ash"), groups.count("birch")) == (30, 10)
    assert "comparison_by_group.csv" in names
    assert "Withheld" not in (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")


def test_how_answers_were_given_is_shown_only_where_ten_people_share_it(load: Load, tmp_path: Path):
    for slug, on_paper in (("few", 9), ("many", 10)):
        bundle = make_grouped(tmp_path / slug, sizes={"ash": 40}, slug=slug)
        lines = [
            [f"ash-{n}", wave, "submitted", "paper" if n < on_paper else "own"]
            for n in range(40)
            for wave in ("pre", "post")
        ]
        text = csv_text(("participant", "wave", "status", "mode"), lines)
        (bundle / "submissions.csv").write_text(text, encoding="utf-8")
        export_package(OPERATOR, load(bundle), tmp_path / f"{slug}-out", kind="csv")
    assert "mode_pre" not in read_table(tmp_path / "few-out", "people")[0]
    modes = [row["mode_post"] for row in read_table(tmp_path / "many-out", "people")]
    assert (modes.count("paper"), modes.count("own")) == (10, 30)


def test_nothing_that_tells_who_somebody_is_leaves(package: Path):
    everything = b"".join(path.read_bytes() for path in package.iterdir())
    for told in (b"something of my own", b"the noise at night", b"losing the pub"):
        assert told not in everything
    people = read_table(package, "people")
    assert "sex" not in people[0]
    cells = {cell for row in people for cell in row.values()}
    assert not cells & {f"p{n}" for n in range(120)}
    assert "other" in cells


def test_every_column_of_every_file_is_in_the_codebook(package: Path):
    told = [(row["file"], row["name"]) for row in read_table(package, "codebook")]
    found = [(path.stem, name) for path in package.glob("*.csv") for name in head_of(path)]
    assert sorted(told) == sorted(found)
    page = (package / "codebook.html").read_text(encoding="utf-8")
    assert all(f'<th scope="row">{name}</th>' in page for _, name in found)


def test_the_codebook_counts_what_is_there(package: Path):
    for row in read_table(package, "codebook"):
        cells = [line[row["name"]] for line in read_table(package, row["file"])]
        assert int(row["n"]) == sum(bool(cell) for cell in cells), row
        if any(not cell for cell in cells):
            assert row["empty_means"], row


def test_the_codebook_says_how_an_item_stands_in_the_plan(load: Load, tmp_path: Path):
    plan = {"primary": ["hours"], "delta": {"hours": 0.5}}
    consultation = load(make_grouped(tmp_path / "bundle", sizes={"ash": 12}, plan=plan))
    export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
    rows = {row["name"]: row for row in read_table(tmp_path / "out", "codebook") if row["item"]}
    assert (rows["hours_pre"]["plan"], rows["hours_pre"]["delta"]) == ("primary", "0.5")
    assert (rows["words_pre_status"]["plan"], rows["words_pre_status"]["delta"]) == ("not primary", "")
    assert rows["hours_pre"]["value_labels"] == "1 = cut a lot | 2 | 3 | 4 | 5 = increased a lot"
    assert rows["hours_pre"]["favour_from"] == "4"
    assert rows["hours_pre"]["version"] == rows["hours_post"]["version"]


def test_the_checksums_hold_for_every_file(package: Path):
    lines = (package / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert set(sums) == {path.name for path in package.iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((package / name).read_bytes()).hexdigest() == digest
    told = read_table(package, "comparison_about")[0]["sha256"]
    assert sums["comparison.json"] == told
    assert told in (package / "README.txt").read_text(encoding="utf-8")


def test_the_trail_tells_what_left_and_nothing_of_what_it_said(package: Path):
    entry = db.session.query(AuditEntry).filter_by(action="x.rows").one()
    detail = json.loads(entry.detail)
    assert (entry.actor, entry.subject, detail["format"]) == ("operator", "second", "csv")
    assert detail["rows_people"] == len(read_table(package, "people"))
    assert detail["sha256"] == hashlib.sha256((package / "SHA256SUMS").read_bytes()).hexdigest()


def test_an_officer_gets_the_tables_and_no_rows(forum: Consultation, tmp_path: Path):
    names = export_package(someone(Role.OFFICER, forum), forum, tmp_path / "out", kind="csv")
    assert "comparison_items.csv" in names
    assert not {"people.csv", "answers.csv"} & set(names)
    assert "your role lets you have the tables only" in " ".join(
        (tmp_path / "out" / "README.txt").read_text(encoding="utf-8").split()
    )
    assert {row["file"] for row in read_table(tmp_path / "out", "codebook")} == {
        Path(name).stem for name in names if name.endswith(".csv")
    }
    assert db.session.query(AuditEntry).filter_by(action="x.tables").count() == 1


@pytest.mark.parametrize(
    ("role", "refusal"),
    [(Role.MODERATOR, NotPermitted), (Role.ASSISTANT, NotPermitted), (Role.RESIDENT, NotPermitted)],
)
def test_other_roles_get_nothing(forum: Consultation, tmp_path: Path, role: Role, refusal: type[Exception]):
    with pytest.raises(refusal):
        export_package(someone(role, forum), forum, tmp_path / "out", kind="csv")
    with pytest.raises(NotFound):
        export_archive(Actor("staff/999", frozenset()), forum, kind="csv")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_download_is_the_same_files_in_one(forum: Consultation, tmp_path: Path, kind: str):
    analyst = someone(Role.ANALYST, forum)
    names = export_package(analyst, forum, tmp_path / "out", kind=kind)
    name, content = export_archive(analyst, forum, kind=kind)
    assert name == f"second-{kind}.zip"
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(f"second/{n}" for n in names)
        mine = (tmp_path / "out" / "comparison.json").read_bytes()
        assert archive.read("second/comparison.json") == mine


def test_a_download_never_makes_the_comparison(forum: Consultation):
    with pytest.raises(Conflict, match="has not been made yet"):
        export_archive(someone(Role.ANALYST, forum), forum, kind="csv")


def test_an_unknown_format_is_refused(forum: Consultation, tmp_path: Path, consult: Run):
    with pytest.raises(Invalid, match="csv or xlsx"):
        export_package(OPERATOR, forum, tmp_path / "out", kind="exe")
    assert consult("export", "second", "--to", tmp_path / "out", "--format", "exe").returncode == 2
    assert not (tmp_path / "out").exists()


def test_nothing_leaves_before_every_stage_has_closed(load: Load, tmp_path: Path, consult: Run):
    stages = {
        name: {"opens": datetime(2090 + n, 1, 1), "closes": datetime(2090 + n, 2, 1)}
        for n, name in enumerate(("survey", "forum", "follow_up"))
    }
    consultation = load(
        make_bundle(tmp_path / "bundle", state="published", stages=stages, participants=(), responses=())
    )
    with pytest.raises(Conflict):
        export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
    db.session.commit()
    done = consult("export", consultation.slug, "--to", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert "after every stage has closed" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_left_alone(forum: Consultation, tmp_path: Path, consult: Run):
    db.session.commit()
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    done = consult("export", "second", "--to", folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "something in it" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    with pytest.raises(Invalid, match="a file of that name"):
        export_package(OPERATOR, forum, folder / "mine.txt", kind="csv")
    with pytest.raises(Invalid, match="cannot be written"):
        export_package(OPERATOR, forum, folder / "mine.txt" / "deeper", kind="csv")
    assert sorted(path.name for path in tmp_path.iterdir() if "unfinished" in path.name) == []


def test_an_empty_folder_is_filled_and_only_its_owner_can_look_inside(forum: Consultation, tmp_path: Path):
    (tmp_path / "out").mkdir()
    export_package(OPERATOR, forum, tmp_path / "out", kind="csv")
    assert (tmp_path / "out" / "SHA256SUMS").is_file()
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_a_failure_half_way_leaves_nothing(tmp_path: Path):
    folder = tmp_path / "deep" / "out"

    def fail() -> None:
        with unfinished(folder) as temporary:
            (temporary / "people.csv").write_text("row", encoding="utf-8")
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011  (any: what matters is what is left)
        fail()
    assert list(folder.parent.iterdir()) == []


def test_somebody_else_who_was_first_keeps_the_folder(tmp_path: Path):
    def race() -> None:
        with unfinished(tmp_path / "out") as temporary:
            (temporary / "people.csv").write_text("mine", encoding="utf-8")
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "people.csv").write_text("theirs", encoding="utf-8")

    with pytest.raises(Conflict):
        race()
    assert (tmp_path / "out" / "people.csv").read_text(encoding="utf-8") == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_killed_export_never_looks_finished(load: Load, database_url: str, tmp_path: Path):
    load(make_grouped(tmp_path / "bundle", sizes={"ash": 1_000}))
    command = [sys.executable, "-m", "consult", "export", "licensing-2026", "--to", str(tmp_path / "out")]
    environment = {**os.environ, "CONSULT_DATABASE_URL": database_url, "CONSULT_SECRET_KEY": SECRET}
    running = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while running.poll() is None and time.monotonic() < deadline:
        if list(tmp_path.glob(".out.unfinished-*/people.csv")):
            running.send_signal(signal.SIGKILL)
            break
        time.sleep(0.001)
    assert running.wait(timeout=60) == -signal.SIGKILL, "it was over before it could be killed"
    assert not (tmp_path / "out").exists()
    db.session.rollback()
    assert db.session.query(AuditEntry).filter_by(action="x.rows").count() == 0


def test_the_lines_of_the_read_me_read_the_rows(package: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("pandas", reason="needs pandas, which the product itself does not")
    readme = (package / "README.txt").read_text(encoding="utf-8")
    code = readme.partition("Python:\n")[2].partition("\n\n")[0]
    monkeypatch.chdir(package)
    found: dict[str, Any] = {}
    exec(dedent(code), found)  # (our own lines, as an analyst would paste them)
    people = read_table(package, "people")
    assert len(found["people"]) == len(people)
    assert found["people"]["c0_post"].count() == sum(bool(row["c0_post"]) for row in people)
    assert list(found["people"]["row"]) == [row["row"] for row in people]


def test_a_download_needs_no_arithmetic(load: Load, database_url: str, tmp_path: Path):
    consultation = load(make_grouped(tmp_path / "bundle", sizes={"ash": 20}))
    export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
    db.session.commit()
    script = (
        "import sys\n"
        "from consult import create_app\n"
        "from consult.access import OPERATOR\n"
        "from consult.consultations.queries import get_consultation\n"
        "from consult.exports.service import export_archive\n"
        "with create_app().app_context():\n"
        "    for kind in ('csv', 'xlsx'):\n"
        "        assert export_archive(OPERATOR, get_consultation('licensing-2026'), kind=kind)[1]\n"
        "print(sorted({'numpy', 'scipy', 'pandas'} & set(sys.modules)))\n"
    )
    environment = {**os.environ, "CONSULT_DATABASE_URL": database_url, "CONSULT_SECRET_KEY": SECRET}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
