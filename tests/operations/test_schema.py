"""The database is made, looked at without being touched, and never taken for what it is not."""

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

from consult.db import db
from consult.operations import schema
from tests.operations.conftest import SECRET, running


def test_a_new_database_is_made_and_making_it_again_changes_nothing(bare_url: str):
    with running(bare_url):
        assert schema.problem() is not None
        assert schema.upgrade() == f"Created the database (schema {schema.head()})."
        assert schema.problem() is None
        assert schema.upgrade() == f"The database is up to date (schema {schema.head()})."


def test_two_that_make_the_database_at_once_both_succeed(bare_url: str):
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "consult", "init"],
            env={**os.environ, "CONSULT_DATABASE_URL": bare_url, "CONSULT_SECRET_KEY": SECRET},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ended = [(process.communicate(timeout=120), process.returncode) for process in started]
    assert [code for _, code in ended] == [0, 0], ended
    with running(bare_url):
        assert schema.problem() is None


def test_looking_for_a_database_makes_no_file(tmp_path: Path):
    with running(f"sqlite:///{tmp_path / 'none.sqlite'}"):
        assert schema.problem() == "There is no database yet. Run: consult init"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_database(tmp_path: Path):
    (tmp_path / "empty.sqlite").touch()
    with running(f"sqlite:///{tmp_path / 'empty.sqlite'}"):
        assert "Run: consult init" in str(schema.problem())


def test_a_file_of_something_else_is_said_to_be_unreadable(tmp_path: Path):
    (tmp_path / "letter.sqlite").write_text("Dear council, " * 100)
    with running(f"sqlite:///{tmp_path / 'letter.sqlite'}"):
        assert "cannot be read" in str(schema.problem())
        assert "not a database" in str(schema.problem())


def test_the_file_is_for_its_owner_alone(tmp_path: Path):
    with running(f"sqlite:///{tmp_path / 'new.sqlite'}"):
        schema.upgrade()
    assert (tmp_path / "new.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_newer_database_is_left_alone(in_app: Flask):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'newest'")
    assert "newer version of Consult (schema newest)" in str(schema.problem())


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with running("postgresql+psycopg://council:s3cret-word@127.0.0.1:1/abbeyford"):
        said = str(schema.problem())
    assert "'abbeyford' on 127.0.0.1:1 does not answer" in said
    assert "s3cret-word" not in said


def test_commands_without_a_database_end_with_1_and_say_what_to_do(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'none.sqlite'}"
    ended = subprocess.run(
        [sys.executable, "-m", "consult", "dump", "x", str(tmp_path / "x")],
        env={**os.environ, "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": SECRET},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "There is no database yet. Run: consult init\n"
