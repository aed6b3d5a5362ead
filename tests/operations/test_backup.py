"""A backup holds everything, is whole or is refused, and fills a database of either kind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from consult.audit.models import AuditEntry
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.operations import schema
from consult.operations.backup import restore_backup, write_backup
from consult.operations.errors import InstallationError
from consult.operations.sealed import unseal
from tests.conftest import run_consult
from tests.operations.conftest import SECRET, running
from tests.operations.rows import add_line, make_rows, rows_of_every_table


def test_the_rows_of_these_tests_reach_every_table(full_app: Flask):
    empty = [name for name, rows in rows_of_every_table().items() if not rows]
    assert empty == []


def test_a_backup_restored_into_either_kind_of_database_holds_every_row(
    full_app: Flask, bare_url: str, tmp_path: Path
):
    said = write_backup(full_app, tmp_path / "monday.backup")
    before = rows_of_every_table()
    with running(bare_url) as fresh:
        restore_backup(fresh, tmp_path / "monday.backup")
        assert rows_of_every_table() == before
        assert schema.problem() is None
    assert f"{sum(len(rows) for rows in before.values())} rows in {len(before)} tables" in said


def test_after_a_restore_new_rows_get_ids_of_their_own(full_app: Flask, bare_url: str, tmp_path: Path):
    write_backup(full_app, tmp_path / "a.backup")
    with running(bare_url) as fresh:
        restore_backup(fresh, tmp_path / "a.backup")
        highest = max(db.session.scalars(select(AuditEntry.id)))
        add_line("new")
        db.session.commit()
        assert max(db.session.scalars(select(AuditEntry.id))) == highest + 1


def test_the_audit_trail_is_append_only_after_a_restore(full_app: Flask, bare_url: str, tmp_path: Path):
    write_backup(full_app, tmp_path / "a.backup")
    with running(bare_url) as fresh:
        restore_backup(fresh, tmp_path / "a.backup")
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(db.text("DELETE FROM audit_entry"))


def test_a_backup_made_while_people_write_shows_one_instant(app: Flask, tmp_path: Path):
    """Each writer commits two lines at once; a copy must hold both, and all that was answered before."""
    done, answered = threading.Event(), Counter[str]()

    def write(name: str) -> None:
        with app.app_context():
            for number in range(100_000):
                for _ in range(2):
                    add_line(f"{name}-{number}")
                db.session.commit()
                answered[name] = number + 1
                if done.is_set():
                    break
            db.session.remove()

    writers = [threading.Thread(target=write, args=(f"writer{n}",)) for n in range(3)]
    for writer in writers:
        writer.start()
    try:
        with app.app_context():
            for number in range(3):
                time.sleep(0.2)
                before = dict(answered)
                write_backup(app, tmp_path / f"{number}.backup")
                _holds_whole_deeds(tmp_path / f"{number}.backup", before)
            db.session.remove()
    finally:
        done.set()
        for writer in writers:
            writer.join()
    assert all(count > 3 for count in answered.values()), "the writers were at work"


def _holds_whole_deeds(backup: Path, answered_before: dict[str, int]) -> None:
    copy = backup.with_suffix(".copy")
    unseal(backup, copy)
    with running(f"sqlite:///{copy}"):
        lines = Counter(db.session.scalars(select(AuditEntry.subject)))
    assert set(lines.values()) <= {2}
    missing = [
        f"{name}-{number}"
        for name, count in answered_before.items()
        for number in range(count)
        if f"{name}-{number}" not in lines
    ]
    assert missing == []


def test_a_plain_copy_of_a_running_database_lacks_rows_that_a_backup_has(sqlite_app: Flask, tmp_path: Path):
    """The control: were a copy as good, this module would be pointless."""
    with sqlite_app.app_context():
        add_line("committed")
        db.session.commit()
        write_backup(sqlite_app, tmp_path / "a.backup")
        path = schema.sqlite_path()
        assert path is not None
        (tmp_path / "plain.sqlite").write_bytes(path.read_bytes())
        unseal(tmp_path / "a.backup", tmp_path / "ours.sqlite")
        counts = []
        for name in ("plain", "ours"):
            with running(f"sqlite:///{tmp_path / name}.sqlite"):
                counts.append(len(db.session.scalars(select(AuditEntry)).all()))
        db.session.remove()
    assert counts == [0, 1]


@pytest.fixture
def backup(sqlite_app: Flask, tmp_path: Path) -> Path:
    path = tmp_path / "a.backup"
    with sqlite_app.app_context():
        make_rows()
        write_backup(sqlite_app, path)
        db.session.remove()
    return path


def test_one_changed_byte_anywhere_is_found(backup: Path, tmp_path: Path):
    whole = backup.read_bytes()
    chance = Random(1)
    places = {0, 5, len(whole) - 1, len(whole) - 65, len(whole) - 64, *chance.sample(range(len(whole)), 100)}
    accepted = []
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        (tmp_path / "damaged").write_bytes(damaged)
        try:
            unseal(tmp_path / "damaged", tmp_path / f"copy-{place}")
        except Invalid:
            continue
        accepted.append(place)
    assert accepted == []
    unseal(backup, tmp_path / "copy-of-whole")  # the one that nobody touched is taken


@pytest.mark.parametrize("left", [0, 1, 63, 64, 65, 1000, -1])
def test_a_backup_cut_short_is_refused_and_nothing_is_changed(backup: Path, bare_url: str, left: int):
    backup.write_bytes(backup.read_bytes()[:left])
    with running(bare_url) as fresh:
        with pytest.raises(Invalid, match="damaged"):
            restore_backup(fresh, backup)
        assert schema.problem() is not None  # not even tables were made


def test_another_file_is_refused(tmp_path: Path, sqlite_app: Flask):
    (tmp_path / "a.csv").write_text("participant,wave\n" * 100)
    with sqlite_app.app_context(), pytest.raises(Invalid, match="not a backup"):
        restore_backup(sqlite_app, tmp_path / "a.csv")


def test_a_database_with_one_row_takes_no_backup(full_app: Flask, tmp_path: Path):
    write_backup(full_app, tmp_path / "a.backup")
    before = rows_of_every_table()
    with pytest.raises(Conflict, match="holds data already"):
        restore_backup(full_app, tmp_path / "a.backup")
    assert rows_of_every_table() == before


def test_a_database_of_another_program_takes_no_backup(backup: Path, bare_url: str):
    with running(bare_url) as fresh:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE somebody_elses (n INTEGER)")
            connection.exec_driver_sql("INSERT INTO somebody_elses VALUES (1)")
        with pytest.raises(Conflict):
            restore_backup(fresh, backup)
        assert db.inspect(db.engine).get_table_names() == ["somebody_elses"]


def test_a_file_is_never_overwritten(full_app: Flask, tmp_path: Path):
    (tmp_path / "a.backup").write_text("precious")
    with pytest.raises(Invalid, match="exists already"):
        write_backup(full_app, tmp_path / "a.backup")
    assert (tmp_path / "a.backup").read_text() == "precious"


def test_a_folder_gets_a_file_with_the_date_for_its_owner_alone(full_app: Flask, tmp_path: Path):
    folder = tmp_path / "copies"
    folder.mkdir()
    write_backup(full_app, folder)
    [made] = folder.iterdir()
    assert made.name.startswith("consult-20")
    assert made.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_is_refused(full_app: Flask, tmp_path: Path):
    with pytest.raises(Invalid, match="does not exist"):
        write_backup(full_app, tmp_path / "no" / "a.backup")


def test_a_damaged_database_gives_no_backup(sqlite_app: Flask, tmp_path: Path):
    with sqlite_app.app_context():
        with db.engine.connect() as connection:  # as a faulty disk would do it
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("INSERT INTO thread (id, consultation_id, key) VALUES (1, 99, 'x')")
            connection.commit()
            connection.invalidate()
        with pytest.raises(InstallationError, match="thread has a row that leads nowhere"):
            write_backup(sqlite_app, tmp_path / "a.backup")
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


def test_a_killed_backup_leaves_nothing_that_looks_finished(
    sqlite_app: Flask, sqlite_url: str, tmp_path: Path
):
    with sqlite_app.app_context():
        chance = Random(2)
        for number in range(3000):
            add_line(chance.randbytes(500).hex() + str(number))
        db.session.commit()
        db.session.remove()
    folder = tmp_path / "copies"
    folder.mkdir()
    for number, wait in enumerate((0.0, 0.02, 0.05)):
        target = folder / f"{number}.backup"
        process = subprocess.Popen(
            [sys.executable, "-m", "consult", "backup", str(target)],
            env={**os.environ, "CONSULT_DATABASE_URL": sqlite_url, "CONSULT_SECRET_KEY": SECRET},
            stdout=subprocess.DEVNULL,
        )
        while process.poll() is None and not list(folder.glob(f".{number}.backup.unfinished.*")):
            time.sleep(0.002)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL, "it was killed at work"
        assert not target.exists()
    assert [path.name for path in folder.iterdir() if not path.name.startswith(".")] == []


def test_the_command_refuses_with_2_and_says_why(sqlite_url: str, tmp_path: Path):
    (tmp_path / "a.backup").write_text("precious")
    again = run_consult(sqlite_url, "backup", tmp_path / "a.backup")
    assert (again.returncode, again.stdout) == (2, "")
    assert "exists already" in again.stderr
