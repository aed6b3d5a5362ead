"""The database: base class, constraint names, column types, and how a transaction begins.

SQLite is the default of one council, PostgreSQL of several machines; both hold the same tables.

*SQLite.* The driver's own BEGIN is switched off (`isolation_level=None`) because it starts a
transaction too late: two writers that first read and then write both pass the check. Every
transaction begins here: ``BEGIN IMMEDIATE``, so that a check and the write after it cannot be
divided, or ``BEGIN DEFERRED`` while a page is only being read, so that readers never wait.
WAL is used only with a library that is free of the WAL-reset bug (3.51.3, or its backports);
an older library runs with a rollback journal instead and `consult check` says so.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any, TypeVar

from flask import g, has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, Connection, DateTime, Dialect, Engine, Enum, MetaData, String, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

try:
    import pysqlite3
except ImportError:  # no wheel for this platform: the interpreter's own library
    driver: ModuleType = sqlite3
else:
    driver = pysqlite3

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
KEY_LENGTH = 100  # of ids and keys, in characters: the bundle format's limit
BUSY_MILLISECONDS = 5000


class Base(DeclarativeBase):
    """What every table shares: one set of constraint names, so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC, on both databases; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


E_ = TypeVar("E_", bound=StrEnum)


def one_of(kind: type[E_], name: str) -> Enum:
    """Make a text column that holds the values of ``kind`` and nothing else, by a named CHECK."""
    return Enum(
        kind,
        values_callable=lambda members: [m.value for m in members],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=20,
        name=name,
    )


def key_type() -> String:
    """Make a text column for an id or key."""
    return String(KEY_LENGTH)


def check(condition: str, name: str) -> CheckConstraint:
    """Make a named CHECK constraint."""
    return CheckConstraint(condition, name=name)


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version can corrupt a WAL database that two connections use.

    Present from 3.7.0, fixed in 3.51.3 and backported to 3.50.7 and 3.44.6.
    """
    return not (version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45))


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite library in use."""
    return tuple(int(part) for part in driver.sqlite_version.split("."))


def journal_mode() -> str:
    """The journal mode that is safe with the library in use."""
    return "DELETE" if has_wal_reset_bug(sqlite_version()) else "WAL"


def engine_options(url: str) -> dict[str, Any]:
    """Arguments for `create_engine` that make either database behave as the module says."""
    if url.startswith("sqlite:"):
        return {"module": driver, "connect_args": {"timeout": BUSY_MILLISECONDS / 1000}}
    return {"pool_pre_ping": True, "connect_args": {"options": "-c timezone=UTC -c lock_timeout=5000"}}


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside are for reading: on SQLite they take no lock."""
    before = g.get("is_reading", False)
    g.is_reading = True
    try:
        yield
    finally:
        g.is_reading = before


def end_reading() -> None:
    """Nothing is held open any more by a page that is only read; what it has read is read again if asked.

    Where something is being written nothing happens: that ends when its deed does.
    """
    if _is_reading() and not (db.session.new or db.session.dirty or db.session.deleted):
        db.session.rollback()


def _is_reading() -> bool:
    return has_app_context() and bool(g.get("is_reading", False))


def watch(engine: Engine) -> None:
    """Apply this module's rules to every connection and transaction of ``engine``."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            f"journal_mode={journal_mode()}",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN DEFERRED" if _is_reading() else "BEGIN IMMEDIATE")
