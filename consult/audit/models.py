"""Table: the audit trail. Triggers refuse to change or delete a row on both databases."""

from datetime import datetime

from sqlalchemy import Connection, Index, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant


class AuditEntry(Base):
    """Who did what, when, to what. Ids and counts only: no answers, names, addresses or codes."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str | None]


APPEND_ONLY = {
    "sqlite": [
        (
            "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry"
            " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
            " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        ),
    ],
    "postgresql": [
        (
            "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()"
        ),
    ],
}


@event.listens_for(AuditEntry.__table__, "after_create")
def _append_only(_table: Table, connection: Connection, **_: object) -> None:
    for statement in APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)
