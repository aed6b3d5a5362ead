"""Writing the audit trail."""

import json

from consult import clock
from consult.access import Action, Actor
from consult.audit.models import AuditEntry
from consult.db import db


def record(actor: Actor, action: Action, subject: str, **detail: int | str) -> None:
    """The trail holds a line of who did what, in the same transaction as the deed.

    ``subject`` and ``detail`` are ids, slugs and counts; nothing that a resident wrote or was told.
    """
    db.session.add(
        AuditEntry(
            at=clock.wall(),
            actor=actor.name,
            action=action.value,
            subject=subject,
            detail=json.dumps(detail, sort_keys=True) if detail else None,
        )
    )
