"""An older and a newer version of the program meet the same database and the same backups.

The newer version is this one with one more migration: a copy of the checkout, run as a command.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask

from consult.db import db
from consult.errors import Invalid
from consult.home import HOME
from consult.operations import schema
from consult.operations.backup import restore_backup, write_backup
from tests.operations.conftest import SECRET, running

MIGRATION = '''
"""Somebody's hair."""
import os, time
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{before}"

def upgrade():
    op.create_table("hair", sa.Column("colour", sa.String()))
    with op.batch_alter_table("consultation") as table:  # SQLite makes the table anew and drops the old one
        table.add_column(sa.Column("shade", sa.String()))
    flag = os.environ.get("STOP_HERE")
    if flag:
        open(flag, "w").close()
        time.sleep(60)

def downgrade():
    op.drop_table("hair")
'''


@pytest.fixture(scope="session")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the next version."""
    folder = tmp_path_factory.mktemp("newer")
    for name in ("consult", "templates", "static/dist", "migrations"):
        shutil.copytree(HOME / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOME / "static/manifest.json", folder / "static")
    shutil.copy(HOME / "config.py", folder)
    config = Config()
    config.set_main_option("script_location", str(HOME / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    migration = folder / "migrations/versions/9999_hair.py"
    migration.write_text(MIGRATION.format(before=head))
    return folder


def environment(newer: Path, url: str, **more: str) -> dict[str, str]:
    ours = {"PYTHONPATH": str(newer), "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": SECRET}
    ours["PYTHONDONTWRITEBYTECODE"] = ""  # what one command has compiled, the next one reads
    return {**os.environ, **ours, **more}


def run_newer(newer: Path, url: str, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "consult", *map(str, words)],
        cwd=newer,
        env=environment(newer, url),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_upgrade_keeps_every_row_and_the_older_version_then_refuses(
    newer: Path, full_app: Flask, database_url: str
):
    before = [tuple(row) for row in db.session.execute(db.text("SELECT id, stem FROM item ORDER BY id"))]
    assert before
    db.session.rollback()
    db.engine.dispose()
    refused = run_newer(newer, database_url, "dump", "green", "nowhere")
    assert (refused.returncode, refused.stderr) == (
        1,
        f"The database is older than this version: schema {schema.head()}, not 9999. Run: consult init\n",
    )
    upgraded = run_newer(newer, database_url, "init")
    assert upgraded.stdout == f"Brought the database from schema {schema.head()} to 9999.\n", upgraded.stderr
    assert before == [
        tuple(row) for row in db.session.execute(db.text("SELECT id, stem FROM item ORDER BY id"))
    ]
    db.session.rollback()
    assert "newer version of Consult (schema 9999)" in str(schema.problem())


def test_an_upgrade_that_is_killed_leaves_the_old_schema(
    newer: Path, in_app: Flask, database_url: str, tmp_path: Path
):
    process = subprocess.Popen(
        [sys.executable, "-m", "consult", "init"],
        cwd=newer,
        env=environment(newer, database_url, STOP_HERE=str(tmp_path / "reached")),
    )
    while process.poll() is None and not (tmp_path / "reached").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL, "it was killed in the middle"
    assert schema.problem() is None
    inspector = db.inspect(db.engine)
    assert "hair" not in inspector.get_table_names()
    assert "shade" not in {column["name"] for column in inspector.get_columns("consultation")}
    assert run_newer(newer, database_url, "init").returncode == 0  # and it can be tried again


def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_date(
    newer: Path, full_app: Flask, bare_url: str, tmp_path: Path
):
    write_backup(full_app, tmp_path / "a.backup")
    restored = run_newer(newer, bare_url, "restore", tmp_path / "a.backup")
    assert restored.returncode == 0, restored.stderr
    assert run_newer(newer, bare_url, "check").returncode == 0
    with running(bare_url):
        assert db.session.execute(db.text("SELECT count(*) FROM post WHERE parent_id = 8")).scalar() == 1


def test_a_backup_of_a_newer_version_is_refused(newer: Path, bare_url: str, tmp_path: Path):
    theirs = f"sqlite:///{tmp_path / 'theirs.sqlite'}"
    assert run_newer(newer, theirs, "init").returncode == 0
    assert run_newer(newer, theirs, "backup", tmp_path / "a.backup").returncode == 0
    with running(bare_url) as app:
        with pytest.raises(Invalid, match="newer version"):
            restore_backup(app, tmp_path / "a.backup")
        assert schema.problem() is not None
