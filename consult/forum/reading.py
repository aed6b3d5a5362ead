"""That somebody has read a thread: for what is new to them, and for what reading did (never for whom).

One of the two things that a GET may write. It has a transaction of its own, like the last use of a
session, and it must never stop anybody from reading: a full disk or a long write elsewhere costs one
count and no page. How often counts at most once a minute, so that a reload is not reading.
"""

import logging
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from consult import clock
from consult.db import db
from consult.forum.models import Exposure

log = logging.getLogger("consult.forum")
COUNTED_EVERY = timedelta(minutes=1)


def note_reading(participant_id: int, consultation_id: int, thread_id: int, *, is_first: bool) -> None:
    """The record knows that this participant has read that thread now.

    Called when the page is made: what the request has read is given up first, because on a database
    without a write-ahead log a reader would keep the writer, who is itself, waiting.
    """
    db.session.rollback()
    try:
        with Session(db.engine) as session:
            if is_first and _begin(session, participant_id, consultation_id, thread_id):
                return
            _again(session, participant_id, thread_id)
    except OperationalError:
        log.warning("a reading could not be noted")


def _begin(session: Session, participant_id: int, consultation_id: int, thread_id: int) -> bool:
    """Note the first reading; False if there is one, or the thread or the person has gone meanwhile."""
    now = clock.now()
    session.add(
        Exposure(
            participant_id=participant_id,
            thread_id=thread_id,
            consultation_id=consultation_id,
            first_read_at=now,
            last_read_at=now,
            reads=1,
        )
    )
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        return False
    return True


def _again(session: Session, participant_id: int, thread_id: int) -> None:
    now = clock.now()
    session.execute(
        update(Exposure)
        .where(
            Exposure.participant_id == participant_id,
            Exposure.thread_id == thread_id,
            Exposure.last_read_at <= now - COUNTED_EVERY,
        )
        .values(last_read_at=now, reads=Exposure.reads + 1)
    )
    session.commit()
