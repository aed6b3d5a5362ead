"""Browsers in which participants are signed in, as rows, so that each can be ended at once.

On a shared computer a session ends after 15 minutes without use, on one's own after 8 hours; both
end 8 hours after they began. A session that has ended on its own still says whose it was: what they
had typed is kept for them until they come back with their code. One that was ended on purpose says nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from consult import clock
from consult.accounts import keys
from consult.accounts.models import ResidentSession
from consult.accounts.queries import briefly
from consult.accounts.rules import SEEN_EVERY
from consult.db import db
from consult.home import Config

IDLE_SHARED = timedelta(minutes=15)
LASTS = timedelta(hours=8)
SENT_AGAIN_WITHIN = timedelta(minutes=1)  # a double click, or a browser that tries again


@dataclass(frozen=True, slots=True)
class SignedInResident:
    """The participant behind a browser; ``is_over`` when the session ended by itself."""

    session_id: str
    participant_id: int
    consultation_id: int
    is_shared: bool
    began_at: datetime
    last_seen_at: datetime
    is_over: bool


def begin(
    participant_id: int, consultation_id: int, *, is_shared: bool, session_id: str | None = None
) -> str:
    """A new session holds; the id for its cookie, of which the record keeps only a hash.

    ``session_id`` is given where a form that is sent twice must lead to the same session (`id_for`).
    """
    session_id, now = session_id or keys.new_token(), clock.wall()
    db.session.add(
        ResidentSession(
            id_hash=keys.token_hash(session_id),
            participant_id=participant_id,
            consultation_id=consultation_id,
            is_shared=is_shared,
            began_at=now,
            last_seen_at=now,
        )
    )
    db.session.flush()
    return session_id


def id_for(form_token: str, browser_token: str, *, config: Config) -> str:
    """The id of the session that this form begins in this browser, joining or with a lost code.

    The same form sent twice must lead the same browser into the same session, because a browser may
    have thrown the first answer away with its cookie. Both tokens are secret, and only this
    installation can make the id of them.
    """
    return keys.keyed_hash(f"{form_token} {browser_token}", config=config, purpose=keys.SESSIONS_OF_FORMS)


def find_begun_just_now(session_id: str) -> SignedInResident | None:
    """Find the session if the first sending of the same form began it, a moment ago.

    Only then: whoever later finds the page on a library's computer gets no further by sending it again.
    """
    found = find(session_id)
    is_fresh = found is not None and clock.wall() - found.began_at < SENT_AGAIN_WITHIN
    return found if is_fresh else None


def find(session_id: str) -> SignedInResident | None:
    """Find whose session this is, over or not; None if it was ended on purpose or never was."""
    asked = select(
        ResidentSession.participant_id,
        ResidentSession.consultation_id,
        ResidentSession.is_shared,
        ResidentSession.began_at,
        ResidentSession.last_seen_at,
    ).where(ResidentSession.id_hash == keys.token_hash(session_id), ResidentSession.ended_at.is_(None))
    with briefly() as session:
        row = session.execute(asked).one_or_none()
    if row is None:
        return None
    is_over = clock.wall() >= _ends_at(row.is_shared, row.began_at, row.last_seen_at)
    return SignedInResident(session_id, *row, is_over)


def ends_at(resident: SignedInResident) -> datetime:
    """When the session ends by itself if it is not used again, after this request."""
    now = clock.wall()
    # The request itself counts as use if the last one that was noted is a minute old.
    seen = now if now - resident.last_seen_at >= SEEN_EVERY else resident.last_seen_at
    return _ends_at(resident.is_shared, resident.began_at, seen)


def end(session_id: str) -> None:
    """That session is over, on purpose."""
    _end(ResidentSession.id_hash == keys.token_hash(session_id))


def end_all(participant_id: int, *, but: str | None = None) -> int:
    """Every session of this participant is over, in every browser but that one; how many there were."""
    theirs = ResidentSession.participant_id == participant_id
    return _end(theirs, ResidentSession.id_hash != keys.token_hash(but)) if but else _end(theirs)


def note_use(resident: SignedInResident) -> None:
    """The record knows that the session is in use, to the minute, in a transaction of its own."""
    now = clock.wall()
    if now - resident.last_seen_at < SEEN_EVERY:
        return
    with Session(db.engine) as session:
        session.execute(
            update(ResidentSession)
            .where(ResidentSession.id_hash == keys.token_hash(resident.session_id))
            .where(ResidentSession.ended_at.is_(None), ResidentSession.last_seen_at <= now - SEEN_EVERY)
            .values(last_seen_at=now)
        )
        session.commit()


def _ends_at(is_shared: bool, began_at: datetime, last_seen_at: datetime) -> datetime:  # noqa: FBT001
    return min(last_seen_at + (IDLE_SHARED if is_shared else LASTS), began_at + LASTS)


def _end(*which: ColumnElement[bool]) -> int:
    result = db.session.execute(
        update(ResidentSession)
        .where(ResidentSession.ended_at.is_(None), *which)
        .values(ended_at=clock.wall(), sealed_code=None)
    )
    return cast("CursorResult[None]", result).rowcount
