"""How Alembic reaches the database: through the application that is running.

A migration runs in one transaction on both databases (SQLite's DDL is transactional because the
driver's own commits are switched off), so that a broken one leaves the old schema.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from consult.db import Instant, db


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


with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=compare_type,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
