"""How Alembic reaches the database: through the application that is running.

A migration runs in one transaction on both databases (SQLite's DDL is transactional because the
driver's own commits are switched off), so that a broken one leaves the old schema. Two that run at
once wait for each other: SQLite by its write lock, PostgreSQL by an advisory lock. On PostgreSQL a
migration that meets a table in use gives up after four seconds: it must not stop the service.

SQLite changes a table by making it anew and dropping the old one. With foreign keys on, dropping it
would delete every row that points at it; so they are off while a migration runs, and all of them
are checked before it commits. Renaming the new table must leave alone what other tables' triggers say
of the old one, as SQLite did before 3.25; a table's own triggers go with it and must be made again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from consult.db import BUSY_MILLISECONDS, Instant, db

ONE_AT_A_TIME = 0x636F6E73756C74  # "consult": the number of the advisory lock
PATIENCE_MILLISECONDS = 60_000


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Columns are written in plain SQLAlchemy, so that a migration never imports the application."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(
    _context: Any, _inspected: Any, _column: Any, inspected_type: Any, column_type: Any
) -> bool | None:
    """An instant is a date-time to the database."""
    if isinstance(column_type, Instant):
        return not isinstance(inspected_type, sa.DateTime)
    return None


@contextmanager
def sqlite_set_up(connection: sa.Connection) -> Iterator[None]:
    """Tables may be made anew, and another migration is waited for; afterwards all is as before."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA busy_timeout={PATIENCE_MILLISECONDS}")
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute("PRAGMA legacy_alter_table=ON")
    try:
        yield
    finally:
        driver.execute("PRAGMA legacy_alter_table=OFF")
        driver.execute("PRAGMA foreign_keys=ON")
        driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def wait_for_turn(connection: sa.Connection) -> None:
    """No other migration runs in this PostgreSQL database until the transaction ends."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE_MILLISECONDS}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
    connection.exec_driver_sql("SET LOCAL lock_timeout = 4000")


def check_references(connection: sa.Connection) -> None:
    """Every foreign key of the SQLite file leads somewhere, or the migration is undone."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise RuntimeError(f"the migration would leave rows that lead nowhere in: {tables}")


def run(connection: sa.Connection) -> None:
    """The schema is where Alembic was asked to take it, or as it was."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=compare_type,
        transactional_ddl=True,
    )
    is_sqlite = connection.dialect.name == "sqlite"
    with context.begin_transaction():
        if not is_sqlite:
            wait_for_turn(connection)
        context.run_migrations()
        if is_sqlite:
            check_references(connection)


with db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        with sqlite_set_up(connection):
            run(connection)
    else:
        run(connection)
