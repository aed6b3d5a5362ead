"""Every row of one database goes into another of either kind.

Rows go through the types of the tables, so an instant, a truth value or a choice means the same on
both sides. They go in batches, in the order in which tables point at each other. A table that points
at itself (a reply at its post) is filled without those pointers first: a reply may stand before the
post that it answers.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, func, insert, inspect, literal, select, update
from sqlalchemy import table as named_table

from consult.db import db

ROWS_AT_A_TIME = 1000


def copy_rows(source: Connection, target: Connection) -> None:
    """Every row of ``source`` stands in ``target``, whose tables were empty; nothing is committed."""
    for table in db.metadata.sorted_tables:
        _copy_table(table, source, target)
        _continue_numbering(table, target)


def counts_of_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }


def is_empty(connection: Connection) -> bool:
    """Whether no table that is there holds a row, be it of this schema, an older one or another program."""
    return not any(
        connection.execute(select(literal(1)).select_from(named_table(name)).limit(1)).first()
        for name in inspect(connection).get_table_names()
        if name != "alembic_version"
    )


def _copy_table(table: Table, source: Connection, target: Connection) -> None:
    own = _pointers_at_itself(table)
    for rows in _batches(source, table):
        target.execute(insert(table), [{**row, **dict.fromkeys(own)} for row in rows] if own else rows)
    if not own:
        return
    key = [column.name for column in table.primary_key]
    set_pointers = (
        update(table)
        .where(*(table.c[name] == bindparam(f"key_{name}") for name in key))
        .values({name: bindparam(f"new_{name}") for name in own})
    )
    for rows in _batches(source, table):
        pointing = [
            {f"key_{name}": row[name] for name in key} | {f"new_{name}": row[name] for name in own}
            for row in rows
            if any(row[name] is not None for name in own)
        ]
        if pointing:
            target.execute(set_pointers, pointing)


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows of ``table`` in the order of its key, which makes two copies of the same rows equal."""
    rows = (
        source.execution_options(yield_per=ROWS_AT_A_TIME)
        .execute(select(table).order_by(*table.primary_key))
        .mappings()
    )
    while batch := [dict(row) for row in islice(rows, ROWS_AT_A_TIME)]:
        yield batch


def _pointers_at_itself(table: Table) -> list[str]:
    columns: list[Column[Any]] = [
        column
        for constraint in table.foreign_key_constraints
        if constraint.referred_table is table
        for column in constraint.columns
    ]
    return [column.name for column in columns if column.nullable]


def _continue_numbering(table: Table, target: Connection) -> None:
    """PostgreSQL's next id comes after the ids that were copied; SQLite looks for itself."""
    column = table.autoincrement_column
    if column is None or target.dialect.name != "postgresql":
        return
    name = target.dialect.identifier_preparer.format_table(table)
    target.execute(
        select(
            func.setval(
                func.pg_get_serial_sequence(name, column.name),
                select(func.coalesce(func.max(column), 0) + 1).scalar_subquery(),
                False,  # noqa: FBT003  (SQL's own third argument: not yet used)
            )
        )
    )
