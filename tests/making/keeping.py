"""The whole database, as it was: kept beside it, put back, and compared.

On SQLite the copy is a file, on PostgreSQL another database of the same server. So what is put back is
everything, with sequences and the audit trail, which no statement could bring back.
"""

import shutil
from copy import copy
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, make_url, select, text

from consult.db import db
from consult.tables import METADATA
from tests.page_client import WRITE, PageClient

# What a session or a count of tries writes by itself, and the reading of a topic; on any request.
BY_THEMSELVES = frozenset({"staff_session", "resident_session", "failed_try", "exposure"})


def rows_of(app: Flask) -> dict[str, list[str]]:
    """Every row of every table that no request changes by itself."""
    with app.app_context():
        found = {
            table.name: sorted(map(repr, db.session.execute(select(table)).all()))
            for table in METADATA.sorted_tables
            if table.name not in BY_THEMSELVES
        }
        db.session.remove()
    return found


def written_by(client: PageClient) -> set[str]:
    """The tables to which the last request of this browser wrote, undone or not."""
    return {found[1] for found in map(WRITE.match, client.statements) if found} - BY_THEMSELVES


class Saved:
    """A copy of the whole database, beside it."""

    def __init__(self, app: Flask) -> None:
        self.url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
        self.rows = rows_of(app)
        self.name = f"{self.url.database}_saved"
        self._let_go(app)
        self._copy(self.url.database, self.name)

    def beside(self, app: Flask, content: bytes) -> "Saved":
        """The same copy, beside the SQLite database of another application."""
        found = copy(self)
        found.url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
        found.name = f"{found.url.database}_saved"
        Path(found.name).write_bytes(content)
        return found

    def restore(self, app: Flask) -> None:
        """The database is that copy again."""
        self._let_go(app)
        self._copy(self.name, self.url.database)

    def _copy(self, of: str | None, to: str | None) -> None:
        assert of
        assert to
        if self.url.drivername.startswith("sqlite"):
            for rest in ("-wal", "-shm", "-journal"):
                Path(to + rest).unlink(missing_ok=True)
            shutil.copyfile(of, to)
            return
        engine = create_engine(self.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{to}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{to}" TEMPLATE "{of}"'))
        engine.dispose()

    def forget(self) -> None:
        """The copy is gone."""
        if self.url.drivername.startswith("sqlite"):
            return
        engine = create_engine(self.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)'))
        engine.dispose()

    @staticmethod
    def _let_go(app: Flask) -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
