"""Writing many rows: one or four million go through the same function.

Situation: a consultation of 100,000 people has four million answers. Row by row SQLite spends most
of its time on building the same little CHECK lists anew for every statement. Choice: many rows in
one statement (measured 2.5 times as fast), and COPY on PostgreSQL. Values are given as the
database stores them, except instants, which are converted here. The price: no defaults of the
models apply, so a service names every column.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.exc import IntegrityError

from consult.db import Base, Instant, db
from consult.errors import Conflict

BATCH = 5000
PARAMETERS_PER_STATEMENT = 30_000  # just under the smaller limit of the two databases, 32,766
COPY_FROM = 200  # rows: below it a COPY is not worth its round trips

Row = tuple[Any, ...]
T = TypeVar("T")


def batches(things: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of up to ``size`` things, in their order."""
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def insert_rows(
    model: type[Base],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Insert the rows, in the current transaction, and say how many they were.

    Raises
    ------
    Conflict
        If the record already holds what a row says, or a row does not fit it.
    """
    db.session.flush()
    connection = db.session.connection()
    table = table_of(model)
    written = 0
    for batch in batches(rows):
        stored = _as_stored(connection, table, columns, batch)
        if connection.dialect.name == "postgresql" and len(batch) >= COPY_FROM:
            _copy(connection, table, columns, stored)
        else:
            _insert(connection, table, columns, stored)
        written += len(batch)
        if progress:
            progress(written)
    return written


def _as_stored(connection: Connection, table: Table, columns: Sequence[str], rows: list[Row]) -> list[Row]:
    """The same rows with instants as the database stores them."""
    places = [n for n, name in enumerate(columns) if isinstance(table.c[name].type, Instant)]
    convert = Instant().dialect_impl(connection.dialect).bind_processor(connection.dialect)
    if not places or convert is None:
        return rows
    for n in places:
        rows = [row if row[n] is None else (*row[:n], convert(row[n]), *row[n + 1 :]) for row in rows]
    return rows


def _insert(connection: Connection, table: Table, columns: Sequence[str], rows: list[Row]) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    one = f"({', '.join([mark] * len(columns))})"
    head = f"INSERT INTO {_quoted(connection, table.name)} ({_names(connection, columns)}) VALUES "  # noqa: S608  (names of our own columns)
    for part in batches(rows, PARAMETERS_PER_STATEMENT // len(columns)):
        statement = head + ", ".join([one] * len(part))
        try:
            connection.exec_driver_sql(statement, tuple(chain.from_iterable(part)))
        except IntegrityError as error:
            raise Conflict("The record already holds this, or it does not fit the record.") from error


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: list[Row]) -> None:
    import psycopg  # noqa: PLC0415  (an installation on SQLite has none)

    statement = f"COPY {_quoted(connection, table.name)} ({_names(connection, columns)}) FROM STDIN"
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.IntegrityError as error:
        raise Conflict("The record already holds this, or it does not fit the record.") from error
    finally:
        cursor.close()


def _names(connection: Connection, columns: Sequence[str]) -> str:
    return ", ".join(_quoted(connection, column) for column in columns)


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
