"""Ten tries in a quarter of an hour: how guessing is stopped.

A try is written and committed *before* it is known how it ends. Counting only after a failure would
lose the count when the request is undone, and would let a hundred tries that arrive together all
find nine before them. Whoever gets it right takes the try back. The cost: somebody who knows an
address can keep its owner out for a quarter of an hour, by trying all the time. What people type is
kept as a keyed hash for a day; addresses of networks are not counted, as a library has one.
"""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consult import clock
from consult.accounts import keys
from consult.accounts.models import FailedTry
from consult.accounts.rules import TRIES, TRIES_KEPT, TRIES_WITHIN
from consult.db import db
from consult.errors import TooMany
from consult.home import Config


def count_try(typed_email: str, *, config: Config) -> int:
    """One more try for this address is on the record, whatever comes of it; its id.

    The request must not have begun to write: this is a transaction of its own.

    Raises
    ------
    TooMany
        If there were too many; this one then does not count, so that the wait has an end.
    """
    who = keys.keyed_hash(typed_email.strip().lower(), config=config)
    now = clock.now()
    with Session(db.engine, expire_on_commit=False) as session:
        session.execute(delete(FailedTry).where(FailedTry.at < now - TRIES_KEPT))
        this = FailedTry(who_hash=who, at=now)
        session.add(this)
        session.commit()
        lately = (FailedTry.who_hash == who, FailedTry.at > now - TRIES_WITHIN)
        tries = session.scalar(select(func.count()).select_from(FailedTry).where(*lately)) or 0
        if tries > TRIES:
            session.delete(this)
        session.commit()
        if tries > TRIES:
            raise TooMany
        return this.id


def take_back(try_id: int) -> None:
    """The try no longer counts, because it was right."""
    db.session.execute(delete(FailedTry).where(FailedTry.id == try_id))
