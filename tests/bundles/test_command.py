"""`consult load` and `consult dump` as an operator runs them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.bundles.service import load_bundle
from consult.db import db
from tests.conftest import SECRET, Run, run_consult
from tests.making.bundles import make_bundle, make_large_bundle
from tests.making.full_bundle import make_full_bundle

PROGRESS = re.compile(r"^ *\d+ s  [a-z ]+: [\d,]+\n", re.MULTILINE)  # of what takes a second and more


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_bundle_goes_in_and_comes_out(consult: Run, tmp_path: Path):
    source = make_full_bundle(tmp_path / "in")
    loaded = consult("load", source, "--json")
    assert (loaded.returncode, PROGRESS.sub("", loaded.stderr)) == (0, "")
    assert json.loads(loaded.stdout)["counts"]["participants"] == 4
    first = consult("dump", "everything-2026", tmp_path / "first")
    assert first.returncode == 0, first.stderr
    again = consult("load", tmp_path / "first", "--replace")
    assert again.returncode == 0, again.stderr
    assert consult("dump", "everything-2026", tmp_path / "second").returncode == 0
    assert files_of(tmp_path / "first") == files_of(tmp_path / "second")


def test_a_broken_bundle_is_refused_with_every_reason_and_exit_code_2(consult: Run, tmp_path: Path):
    source = make_bundle(tmp_path / "in", state="draft")
    text = (source / "responses.csv").read_text(encoding="utf-8")
    (source / "responses.csv").write_text(text.replace("answered,2", "answered,9", 1), encoding="utf-8")
    refused = consult("load", source)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.splitlines() == [
        "consultation.toml: stages.survey: is missing, and the state is draft",
        "consultation.toml: stages.forum: is missing, and the state is draft",
        "consultation.toml: stages.follow_up: is missing, and the state is draft",
        "responses.csv:2: value: 9 is not on the scale from 1 to 5",
    ]
    assert consult("dump", "licensing-2026", tmp_path / "out").returncode == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_slug_that_is_taken_is_refused_unless_it_is_to_be_replaced(consult: Run, tmp_path: Path):
    source = make_bundle(tmp_path / "in")
    assert consult("load", source, "--replace").returncode == 0
    refused = consult("load", source)
    assert refused.returncode == 2
    assert refused.stderr.startswith(
        "consultation.toml: slug: there is already a consultation licensing-2026"
    )
    assert consult("load", source, "--replace").returncode == 0


@pytest.mark.slow
def test_a_folder_that_holds_something_is_never_written_to(consult: Run, tmp_path: Path):
    assert consult("load", make_bundle(tmp_path / "in")).returncode == 0
    (tmp_path / "out").mkdir()
    assert consult("dump", "licensing-2026", tmp_path / "out").returncode == 0
    before = files_of(tmp_path / "out")
    refused = consult("dump", "licensing-2026", tmp_path / "out")
    assert refused.returncode == 2
    assert "there is something here already" in refused.stderr
    assert files_of(tmp_path / "out") == before
    assert sorted(path.name for path in tmp_path.iterdir() if "unfinished" in path.name) == []


@pytest.mark.slow
def test_only_the_operator_can_read_a_dump(sqlite_url: str, tmp_path: Path):
    assert run_consult(sqlite_url, "load", make_bundle(tmp_path / "in")).returncode == 0
    assert run_consult(sqlite_url, "dump", "licensing-2026", tmp_path / "out").returncode == 0
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def killed_load(url: str, source: Path, after_seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "consult", "load", str(source)],
        env={**os.environ, "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": SECRET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after_seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


def everything_or_nothing(url: str, source: Path, tries: int) -> None:
    began = time.monotonic()
    whole = run_consult(url, "load", source)
    seconds = time.monotonic() - began
    assert whole.returncode == 0, whole.stderr
    for n in range(tries):
        slug = f"killed-{n}"
        text = (source / "consultation.toml").read_text(encoding="utf-8")
        other = "\n".join(
            f'slug = "{slug}"' if line.startswith("slug") else line for line in text.splitlines()
        )
        (source / "consultation.toml").write_text(other, encoding="utf-8")
        killed_load(url, source, seconds * (0.3 + 0.7 * n / tries))
        dumped = source.parent / slug
        result = run_consult(url, "dump", slug, dumped)
        if result.returncode == 0:
            assert (dumped / "responses.csv").read_bytes() == (source / "responses.csv").read_bytes()
        else:
            assert result.returncode == 2
            assert "There is no consultation" in result.stderr


def test_a_load_that_is_killed_leaves_everything_or_nothing(database_url: str, tmp_path: Path):
    everything_or_nothing(database_url, make_large_bundle(tmp_path / "in", people=300), tries=3)


@pytest.mark.slow
def test_twenty_loads_that_are_killed_leave_everything_or_nothing(database_url: str, tmp_path: Path):
    everything_or_nothing(database_url, make_large_bundle(tmp_path / "in", people=1500), tries=20)


def test_a_long_load_says_how_far_it_has_come(in_app: Flask, tmp_path: Path):
    told: list[tuple[str, int]] = []
    source = make_large_bundle(tmp_path / "in", people=300)
    load_bundle(OPERATOR, source, progress=lambda what, done: told.append((what, done)))
    db.session.rollback()
    assert [done for what, done in told if what == "answers"] == [5000, 10000, 12000]
    assert told[0] == ("participants", 300)
