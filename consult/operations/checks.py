"""What is right and wrong with an installation, a sentence each: `consult check`."""

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Connection

from consult.db import BUSY_MILLISECONDS, db, has_wal_reset_bug, journal_mode, reading, sqlite_version
from consult.home import HOME, Config
from consult.operations import schema
from consult.recruitment import turnout
from consult.web.assets import FOLDER

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
SECRET_LENGTH = 32
OLDEST_POSTGRESQL = 14
SYNCHRONOUS_FULL = 2


class Finding(NamedTuple):
    """One thing that was looked at, and what was found."""

    is_good: bool
    sentence: str


def _good(sentence: str) -> Finding:
    return Finding(is_good=True, sentence=sentence)


def _wrong(sentence: str) -> Finding:
    return Finding(is_good=False, sentence=sentence)


def findings(app: Flask) -> Iterator[Finding]:
    """Everything that was found out about this installation; looking changes nothing.

    Parameters
    ----------
    app : Flask
        The application, its context pushed.
    """
    config: Config = app.config["CONSULT"]
    yield from _of_settings(config)
    yield _of_static_files(FOLDER, HOME / "static" / "manifest.json")
    if config.is_sqlite:
        yield _of_sqlite_library(sqlite_version())
        yield from _of_folder()
    problem = schema.problem()
    if problem:
        yield _wrong(problem)
        return
    yield _good(f"The database is up to date (schema {schema.head()}).")
    with reading(), db.engine.connect() as connection:
        if config.is_sqlite:
            yield _of_sqlite_connection(connection)
            yield from _of_sqlite_file(connection)
        else:
            yield from _of_postgresql(connection)
    yield _of_turnout()


def _of_settings(config: Config) -> Iterator[Finding]:
    secret = config.secret_key
    if secret is None:
        yield _wrong("CONSULT_SECRET_KEY is not set: no page can be served without one.")
    elif len(secret) < SECRET_LENGTH:
        yield _wrong(
            f"CONSULT_SECRET_KEY is short: it needs {SECRET_LENGTH} random characters or more.",
        )
    else:
        yield _good("The secret key is set and long.")
    host = urlsplit(config.base_url).hostname or ""
    if config.is_secure:
        yield _good(f"People reach the service over HTTPS at {config.base_url}.")
    elif host in LOCAL_HOSTS:
        yield _good(f"The service is for this machine only, at {config.base_url}.")
    else:
        yield _wrong(
            "CONSULT_BASE_URL is not https: what people write could be read on its way.",
        )
    if host in config.trusted_hosts:
        yield _good(f"Requests for {host} are answered.")
    else:
        yield _wrong(f"CONSULT_TRUSTED_HOSTS lacks {host}, so every page would be refused.")


def _of_static_files(folder: Path, manifest: Path) -> Finding:
    """Whether every style sheet and script that pages name is there, byte for byte, in its three forms."""
    wrong = []
    for entry in json.loads(manifest.read_text(encoding="utf-8"))["dist"].values():
        file = folder / entry["file"]
        if not file.is_file() or sha256(file.read_bytes()).hexdigest() != entry["sha256"]:
            wrong.append(file.name)
        wrong += [file.name + end for end in (".br", ".gz") if not Path(f"{file}{end}").is_file()]
    if wrong:
        return _wrong(f"Static files are missing or changed: {', '.join(wrong)}.")
    return _good("Every style sheet and script is there.")


def _of_sqlite_library(version: tuple[int, ...]) -> Finding:
    name = f"SQLite {'.'.join(map(str, version))}"
    if has_wal_reset_bug(version):
        return _good(
            f"{name} has a fault in its write-ahead log, so the slower, safe rollback journal is used.",
        )
    return _good(f"{name} is free of known faults.")


def _of_folder() -> Iterator[Finding]:
    """SQLite writes its journal beside its file, so the folder must take files as well."""
    path = schema.sqlite_path()
    if path is None:
        return
    places = [place for place in (path.parent, path) if place.exists()]
    closed = [str(place) for place in places if not os.access(place, os.W_OK)]
    if not path.parent.is_dir():
        yield _wrong(f"The folder {path.parent} does not exist.")
    elif closed:
        yield _wrong(f"This user may not write to {' or '.join(closed)}.")
    else:
        yield _good(f"The folder {path.parent} can be written to.")


def _of_sqlite_connection(connection: Connection) -> Finding:
    """Whether a connection as pages get it keeps its promises: durable, with foreign keys, patient."""
    wanted = {
        "journal_mode": journal_mode().lower(),
        "synchronous": SYNCHRONOUS_FULL,
        "foreign_keys": 1,
        "busy_timeout": BUSY_MILLISECONDS,
    }
    found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    wrong = [f"{name} is {found[name]}, not {wanted[name]}" for name in wanted if found[name] != wanted[name]]
    if wrong:
        return _wrong(f"Connections are not set up as they should be: {'; '.join(wrong)}.")
    return _good(
        f"Every commit is on disk before it is answered (journal: {wanted['journal_mode']}).",
    )


def _of_sqlite_file(connection: Connection) -> Iterator[Finding]:
    faults = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
    if faults:
        yield _wrong(f"The database file is damaged: {faults[0]}. Restore the last backup.")
    else:
        yield _good("The database file is whole.")
    lost = sorted({str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")})
    if lost:
        yield _wrong(f"Rows lead nowhere in: {', '.join(lost)}. Restore the last backup.")
    else:
        yield _good("Every row that points at another finds it.")


def _of_turnout() -> Finding:
    """Whether the kept numbers of who takes part are those of the record."""
    with reading():
        untrue = turnout.list_untrue()
        db.session.rollback()
    if untrue:
        slugs = ", ".join(slug for _number, slug in untrue)
        return _wrong(f"Who takes part is not counted as the record says in: {slugs}. {schema.RUN_INIT}")
    return _good("Who takes part is counted as the record says.")


def _of_postgresql(connection: Connection) -> Iterator[Finding]:
    version = connection.dialect.server_version_info or (0,)
    name = f"PostgreSQL {'.'.join(map(str, version))}"
    if version >= (OLDEST_POSTGRESQL,):
        yield _good(f"{name} answers.")
    else:
        yield _wrong(f"{name} is too old: {OLDEST_POSTGRESQL} is the oldest that will do.")
    off = [
        setting
        for setting in ("fsync", "synchronous_commit", "full_page_writes")
        if connection.exec_driver_sql(f"SHOW {setting}").scalar() == "off"
    ]
    if off:
        yield _wrong(f"PostgreSQL runs with {', '.join(off)} off: a power cut could lose answers.")
    else:
        yield _good("Every commit is on disk before it is answered.")
