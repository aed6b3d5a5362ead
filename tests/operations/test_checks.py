"""What `consult check` says of a good installation, and of each way in which one is wrong."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from consult.cli import cli
from consult.db import db
from consult.home import HOME
from consult.operations import checks, schema
from consult.operations.checks import findings
from tests.operations.conftest import SECRET, running

ENVIRONMENT = {"CONSULT_SECRET_KEY": SECRET}


def wrong_of(app: Flask) -> list[str]:
    return [finding.sentence for finding in findings(app) if not finding.is_good]


def test_a_good_installation_has_nothing_wrong(in_app: Flask):
    found = list(findings(in_app))
    assert wrong_of(in_app) == []
    assert len(found) >= 7
    assert any("on disk before it is answered" in finding.sentence for finding in found)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"secret_key": None}, "CONSULT_SECRET_KEY is not set"),
        ({"secret_key": "x" * 31}, "CONSULT_SECRET_KEY is short"),
        ({"base_url": "http://consult.abbeyford.example"}, "not https"),
        ({"base_url": "https://consult.abbeyford.example"}, "lacks consult.abbeyford.example"),
    ],
)
def test_a_wrong_setting_is_named(sqlite_app: Flask, changed: dict[str, str | None], sentence: str):
    sqlite_app.config["CONSULT"] = replace(sqlite_app.config["CONSULT"], **changed)
    with sqlite_app.app_context():
        assert any(sentence in said for said in wrong_of(sqlite_app))


def test_a_style_sheet_that_is_missing_or_changed_is_named(tmp_path: Path):
    dist = tmp_path / "dist"
    shutil.copytree(HOME / "static" / "dist", dist)
    manifest = HOME / "static" / "manifest.json"
    assert checks._of_static_files(dist, manifest).is_good
    files = json.loads(manifest.read_text())["dist"]
    sheet, script = dist / files["consult.css"]["file"], dist / (files["htmx.js"]["file"] + ".br")
    sheet.write_text("body {}")
    script.unlink()
    found = checks._of_static_files(dist, manifest)
    assert not found.is_good
    assert sheet.name in found.sentence
    assert script.name in found.sentence


def test_a_row_that_leads_nowhere_is_found(sqlite_app: Flask):
    with sqlite_app.app_context():
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("INSERT INTO thread (id, consultation_id, key) VALUES (1, 99, 'x')")
            connection.commit()
            connection.invalidate()
        assert wrong_of(sqlite_app) == ["Rows lead nowhere in: thread. Restore the last backup."]


def test_a_connection_that_is_not_durable_is_found(sqlite_app: Flask):
    with sqlite_app.app_context():
        with db.engine.connect() as connection:  # it goes back to the pool and is the next to be used
            connection.connection.driver_connection.execute("PRAGMA synchronous=NORMAL")
        assert wrong_of(sqlite_app) == [
            "Connections are not set up as they should be: synchronous is 1, not 2."
        ]


def test_an_sqlite_with_the_fault_is_said_to_be_used_safely():
    found = checks._of_sqlite_library((3, 40, 1))
    assert "3.40.1 has a fault" in found.sentence
    assert "has a fault" not in checks._of_sqlite_library((3, 51, 3)).sentence


def test_the_command_ends_with_0_when_all_is_well_and_with_1_when_not(tmp_path: Path, sqlite_url: str):
    ended = [
        CliRunner().invoke(cli, ["check"], env={**ENVIRONMENT, "CONSULT_DATABASE_URL": url})
        for url in (sqlite_url, f"sqlite:///{tmp_path / 'none.sqlite'}")
    ]
    assert [result.exit_code for result in ended] == [0, 1]
    assert "WRONG" not in ended[0].output
    assert "WRONG  There is no database yet. Run: consult init" in ended[1].output


def test_postgresql_without_durable_commits_is_found(bare_postgres: str):
    with running(bare_postgres) as app:
        schema.upgrade()
        name = db.engine.url.database
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
        db.engine.dispose()
        assert wrong_of(app) == [
            "PostgreSQL runs with synchronous_commit off: a power cut could lose answers."
        ]
