"""That somebody has read a thread, and in which order its positions; never told of a person.

It says what is new to them, and what reading did.

One of the two things that a GET may write. It has a transaction of its own, like the last use of a
session, and it must never stop anybody from reading: a full disk or a long write elsewhere costs one
count and no page. How often counts at most once a minute, so that a reload is not reading.
"""

import json
import logging
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from consult import clock
from consult.db import db
from consult.forum.models import Exposure
from consult.summaries.models import Presentation
from consult.summaries.presenting import Presented

log = logging.getLogger("consult.forum")
COUNTED_EVERY = timedelta(minutes=1)


def note_reading(
    participant_id: int,
    consultation_id: int,
    thread_id: int,
    *,
    is_first: bool,
    presented: Presented | None = None,
) -> None:
    """The record knows that this participant has read that thread now.

    ``presented`` are the positions that they were shown in it, where that is not logged yet.

    Called when the page is made: what the request has read is given up first, because on a database
    without a write-ahead log a reader would keep the writer, who is itself, waiting.
    """
    db.session.rollback()
    try:
        with Session(db.engine) as session:
            if presented is not None:
                _log_order(session, participant_id, consultation_id, presented)
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


def _log_order(session: Session, participant_id: int, consultation_id: int, presented: Presented) -> None:
    """Note in which order they were shown the positions; of two first looks at once one is noted.

    Both had the same order: it follows from the summary's seed and from who reads.
    """
    session.add(
        Presentation(
            participant_id=participant_id,
            summary_id=presented.summary_id,
            consultation_id=consultation_id,
            shown_at=clock.now(),
            positions=json.dumps(presented.order),
            counts_at_once=presented.counts_at_once,
        )
    )
    try:
        session.commit()
    except IntegrityError:
        session.rollback()


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
