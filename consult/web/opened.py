"""When somebody opened a page with a form: signed, printed into the form, and read back when it is sent.

A stage closes while people are writing. What they began before is taken a little longer, so the form must
say when it was opened, and nobody may write that themselves. The stamp names who opened it and what for:
it serves nobody else and no other form.
"""

from datetime import UTC, datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from consult import clock

FIELD = "opened"
SALT = "consult opened 1"
LONGEST = 400  # characters; more is not ours


def stamp(participant_id: int, what: str) -> str:
    """The stamp of a form that this participant opens now."""
    signed: str | bytes = _signer().dumps([participant_id, what, int(clock.now().timestamp())])
    return signed if isinstance(signed, str) else signed.decode()


def opened_at(typed: str | None, participant_id: int, what: str) -> datetime | None:
    """When that participant opened that form; None if this is no stamp of theirs for it."""
    found = _read(typed)
    if found is None or found[:2] != (participant_id, what):
        return None
    return found[2]


def what_for(typed: str | None, participant_id: int) -> str | None:
    """What that participant opened the form for; None if this is no stamp of theirs."""
    found = _read(typed)
    return found[1] if found is not None and found[0] == participant_id else None


def _read(typed: str | None) -> tuple[int, str, datetime] | None:
    if not typed or len(typed) > LONGEST:
        return None
    try:
        participant_id, what, at = _signer().loads(typed)
    except BadSignature:
        return None
    return participant_id, what, datetime.fromtimestamp(at, UTC)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=SALT)
