"""A consistent copy of the whole record while it is in use, and a record made from such a copy.

A backup has one form for both databases (`sealed`): so it is also how a council moves from SQLite to
PostgreSQL, or back. From SQLite it is made by ``VACUUM INTO``, from PostgreSQL by copying every table
inside one REPEATABLE READ snapshot; either way residents go on answering and the copy shows one
instant. It is complete before it has its name: a backup that was cut short leaves only a hidden
folder that says ``unfinished``. A restore checks everything before it writes anything, writes all
or nothing, and only into an empty record.

The copy holds what the database holds, also sealed second factors and sessions: keep it like the
database itself. The secret key is not in it.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DatabaseError, OperationalError

from consult import clock, create_app
from consult.db import db, driver, reading
from consult.errors import Conflict, Invalid
from consult.operations import schema
from consult.operations.copying import copy_rows, counts_of_rows, is_empty
from consult.operations.errors import InstallationError
from consult.operations.sealed import DATABASE, NEWER, NOT_WHOLE, Manifest, seal, sha256_of, unseal

IN_USE = "The database holds data already. Restore into an empty one."


def write_backup(app: Flask, path: Path) -> str:
    """A new file holds the whole record as it is at one instant; what was there before is untouched.

    Parameters
    ----------
    app : Flask
        The application, its context pushed.
    path : Path
        The file to make; in an existing folder a name with the date is chosen.

    Returns
    -------
    str
        What was written, for the person who asked.

    Raises
    ------
    Invalid
        If the file exists or has no folder to stand in.
    InstallationError
        If the disk is full or cannot be written, or if the record itself is damaged.
    """
    now = clock.now()
    if path.is_dir():
        path = path / f"consult-{now:%Y%m%dT%H%M%SZ}.backup"
    if path.exists() or path.is_symlink():
        raise Invalid(f"{path} exists already. A backup never takes the place of a file.")
    if not path.parent.is_dir():
        raise Invalid(f"The folder {path.parent} does not exist.")
    try:
        with TemporaryDirectory(prefix=f".{path.name}.unfinished.", dir=path.parent) as folder:
            copy, unfinished = Path(folder, DATABASE), Path(folder, "unfinished")
            rows, revision = _copy_record(app, copy)
            seal(unfinished, copy, Manifest(f"{now:%Y-%m-%dT%H:%M:%SZ}", revision, rows, sha256_of(copy)))
            _give_name(unfinished, path)
    except OSError as error:
        raise InstallationError(f"No backup was made in {path.parent}: {error.strerror}") from error
    return f"Wrote {path}: {sum(rows.values()):,} rows in {len(rows)} tables, {path.stat().st_size:,} bytes."


def restore_backup(app: Flask, path: Path) -> str:
    """The record, which was empty, holds every row of the backup; or nothing at all has changed.

    Parameters
    ----------
    app : Flask
        The application, its context pushed. Its database is made if it is not there.
    path : Path
        A file that `write_backup` made, on either kind of database.

    Returns
    -------
    str
        What was restored, for the person who asked.

    Raises
    ------
    Invalid
        If the backup is damaged, or comes from a newer version.
    Conflict
        If the record holds anything.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder, DATABASE)
        manifest = unseal(path, copy)
        with _only_reader(copy) as source:
            _check(path, manifest, source)
        if manifest.schema != schema.head():
            _bring_up_to_date(app, copy)
        _refuse_if_in_use()
        schema.upgrade()
        with _only_reader(copy) as source, source.connect() as rows, db.engine.begin() as record:
            if record.dialect.name == "postgresql":  # SQLite's transaction has locked it already
                names = ", ".join(
                    record.dialect.identifier_preparer.format_table(t) for t in db.metadata.sorted_tables
                )
                record.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
            if not is_empty(record):
                raise Conflict(IN_USE)
            try:
                copy_rows(rows, record)
            except OperationalError:
                raise
            except DatabaseError as error:
                raise Invalid(
                    f"This database does not take the rows of {path.name}, so none was kept."
                ) from error
            found = counts_of_rows(record)
            if found != counts_of_rows(rows):
                raise InstallationError("Not every row arrived, so none was kept.")
    return (
        f"Restored {sum(found.values()):,} rows in {len(found)} tables, as they were at {manifest.made_at}."
    )


def _refuse_if_in_use() -> None:
    """A database that is there holds no row, whatever its schema; one that is not there is not made."""
    path = schema.sqlite_path()
    if path and not path.exists():
        return
    with reading(), db.engine.connect() as connection:
        if not is_empty(connection):
            raise Conflict(IN_USE)


def _copy_record(app: Flask, copy: Path) -> tuple[dict[str, int], str]:
    """A new SQLite file holds the record; its rows by table and its schema are returned."""
    if app.config["CONSULT"].is_sqlite:
        with closing(driver.connect(str(schema.sqlite_path()), isolation_level=None)) as connection:
            connection.execute("PRAGMA busy_timeout=60000")
            try:
                connection.execute("VACUUM INTO ?", (str(copy),))
            except driver.DatabaseError as error:
                raise InstallationError(f"No backup was made. The database said: {error}") from error
    else:
        _copy_from_server(app, copy)
    with _only_reader(copy) as engine, engine.connect() as connection:
        faults = _faults(engine)
        if faults:
            raise InstallationError(f"No backup was made, because the database is damaged: {faults[0]}")
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return counts_of_rows(connection), str(revision)


def _copy_from_server(app: Flask, copy: Path) -> None:
    """A new SQLite file holds what PostgreSQL shows at one instant."""
    fresh = _app_of(app, copy)
    with fresh.app_context():
        schema.upgrade()
        target = db.engine
    with (
        db.engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ) as record,
        target.begin() as rows,
    ):
        copy_rows(record, rows)
    target.dispose()  # the last connection to leave writes all into the one file


def _app_of(app: Flask, copy: Path) -> Flask:
    """The application on another SQLite file."""
    return create_app(replace(app.config["CONSULT"], database_url=f"sqlite:///{copy}"), with_pages=False)


def _bring_up_to_date(app: Flask, copy: Path) -> None:
    """A copy of an older schema gets this version's, before a row of it is written anywhere else."""
    older = _app_of(app, copy)
    with older.app_context():
        schema.upgrade()
        db.engine.dispose()


def _check(path: Path, manifest: Manifest, source: Engine) -> None:
    """The copy is whole, leads nowhere wrong, and is what its manifest says."""
    if not schema.is_known(manifest.schema):
        raise Invalid(NEWER.format(name=path.name))
    with source.connect() as connection:
        is_as_said = connection.scalar(
            text("SELECT version_num FROM alembic_version")
        ) == manifest.schema and all(
            connection.scalar(text(f'SELECT count(*) FROM "{name}"')) == count  # noqa: S608  (names of a sealed file)
            for name, count in manifest.rows.items()
        )
    if not is_as_said or _faults(source):
        raise Invalid(NOT_WHOLE.format(name=path.name))


def _faults(source: Engine) -> list[str]:
    """What SQLite finds wrong with a file."""
    with source.connect() as connection:
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        lost = [
            f"{row[0]} has a row that leads nowhere"
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
        ]
    return [line for line in said if line != "ok"] + lost


@contextmanager
def _only_reader(path: Path) -> Iterator[Engine]:
    """Open an SQLite file that nobody else uses."""
    engine = create_engine(f"sqlite:///{path}", module=driver)
    try:
        yield engine
    finally:
        engine.dispose()


def _give_name(unfinished: Path, path: Path) -> None:
    """The finished file has its name, safely on disk; a file of that name that came meanwhile stays."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        unfinished.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
