"""Reading the audit trail."""

from sqlalchemy import select

from consult.audit.models import AuditEntry
from consult.db import db


def list_entries(*, before: int | None, most: int) -> list[AuditEntry]:
    """List entries, the newest first, older than the one with id ``before`` if it is given."""
    asked = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most)
    if before is not None:
        asked = asked.where(AuditEntry.id < min(before, 2**31 - 1))
    return list(db.session.scalars(asked))
