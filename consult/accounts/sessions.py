"""Signed-in browsers as rows, so that each can be ended at once, from anywhere."""

from typing import cast

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.orm import Session

from consult import clock
from consult.accounts import keys
from consult.accounts.models import StaffSession
from consult.accounts.queries import SignedIn, half_hash
from consult.accounts.rules import CODE_WAITS, SEEN_EVERY
from consult.db import db


def begin(staff_id: int) -> str:
    """A new signed-in session holds; the id for its cookie, of which the record keeps only a hash."""
    session_id = keys.new_token()
    _add(keys.token_hash(session_id), staff_id)
    return session_id


def begin_half(staff_id: int) -> str:
    """A session that has shown a password waits for its code; the id for its cookie."""
    half_id = keys.new_token()
    _add(half_hash(half_id), staff_id)
    return half_id


def finish_half(half_id: str) -> bool:
    """The half session is used up; whether this caller was the one to do it."""
    now = clock.wall()
    return _end(StaffSession.id_hash == half_hash(half_id), StaffSession.began_at > now - CODE_WAITS) == 1


def end(session_id: str) -> None:
    """That session is over."""
    _end(StaffSession.id_hash == keys.token_hash(session_id))


def end_all(staff_id: int) -> int:
    """Every session of this person is over, in every browser; how many there were."""
    return _end(StaffSession.staff_id == staff_id)


def note_use(signed_in: SignedIn) -> None:
    """The record knows that the session is in use, to the minute.

    A short transaction of its own: pages are read without a lock, and this is all that they write.
    """
    now = clock.wall()
    if now - signed_in.last_seen_at < SEEN_EVERY:
        return
    with Session(db.engine) as session:
        session.execute(
            update(StaffSession)
            .where(StaffSession.id_hash == keys.token_hash(signed_in.session_id))
            .where(StaffSession.ended_at.is_(None), StaffSession.last_seen_at <= now - SEEN_EVERY)
            .values(last_seen_at=now)
        )
        session.commit()


def _add(id_hash: str, staff_id: int) -> None:
    now = clock.wall()
    db.session.add(StaffSession(id_hash=id_hash, staff_id=staff_id, began_at=now, last_seen_at=now))
    db.session.flush()


def _end(*which: ColumnElement[bool]) -> int:
    result = db.session.execute(
        update(StaffSession).where(StaffSession.ended_at.is_(None), *which).values(ended_at=clock.wall())
    )
    return cast("CursorResult[None]", result).rowcount
