"""The whole record as plain rows, so that a test can say that two records are equal."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, RowMapping, select
from sqlalchemy.orm import Session

from consult.tables import METADATA

Rows = dict[str, list[dict[str, Any]]]
NOT_THE_RECORD = frozenset({"audit_entry"})
WHEN_LOADED = frozenset({("codebook", "frozen_at")})
# Whose ids the kept numbers hold without a foreign key; zero is nobody's.
KEPT_OF = {"channel_id": "channel", "demographic_id": "demographic", "option_id": "demographic_option"}


def record_of(session: Session) -> Rows:
    """Every row of every table, with ids told as "the n-th row", which loading again keeps."""
    found = {
        table.name: session.execute(select(table).order_by(*table.primary_key)).mappings().all()
        for table in METADATA.sorted_tables
        if table.name not in NOT_THE_RECORD
    }
    nth = {
        name: {row["id"]: n for n, row in enumerate(sorted(rows, key=_order_of(name)))}
        for name, rows in found.items()
        if rows and "id" in rows[0]
    }

    def plain(column: Column[Any], value: Any) -> Any:
        if column.name == "id":
            return nth[column.table.name][value]
        owner = next((key.column.table.name for key in column.foreign_keys if key.column.name == "id"), None)
        if owner is None and column.name in {"item_id", "consultation_id", "thread_id", "summary_id"}:
            owner = column.name.removesuffix("_id")
        if column.table.name == "turnout" and column.name in KEPT_OF:
            return nth[KEPT_OF[column.name]][value] if value else 0
        return value if owner is None or value is None else nth[owner][value]

    return {
        name: sorted(
            (
                {
                    column.name: plain(column, row[column.name])
                    for column in METADATA.tables[name].columns
                    if (name, column.name) not in WHEN_LOADED
                }
                for row in rows
            ),
            key=repr,
        )
        for name, rows in found.items()
    }


def _order_of(table: str) -> Callable[[RowMapping], Any]:
    """Answers have no order of their own: they are told by whose they are."""
    if table == "answer":
        return lambda row: (row["participant_id"], row["item_id"], row["wave"])
    return lambda row: row["id"]


def counts_of(session: Session) -> dict[str, int]:
    """How many rows each table holds, the audit trail too."""
    return {table.name: len(session.execute(select(table)).all()) for table in METADATA.sorted_tables}
