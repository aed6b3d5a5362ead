"""No more than so many of something in a while: how guessing and floods are stopped.

A try is written and committed *before* it is known how it ends. Counting only after a failure would
lose the count when the request is undone, and would let a hundred tries that arrive together all
find nine before them. Whoever gets it right takes the try back. Whose try it was is kept for a day, as
a keyed hash of kind and name: an e-mail address, a participant, an address of the network. A library
has one address, so that limits by address are generous.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consult import clock
from consult.accounts import keys
from consult.accounts.models import FailedTry
from consult.accounts.rules import TRIES_KEPT
from consult.db import db
from consult.errors import TooMany
from consult.home import Config


def count(kind: str, who: str, most: int, within: timedelta, *, config: Config) -> int:
    """One more of this kind by them is on the record, whatever comes of it; its id.

    The request must not have begun to write: this is a transaction of its own.

    Parameters
    ----------
    kind : str
        What is counted, such as ``join``; each kind is counted apart.
    who : str
        Whose tries are counted together.
    most : int
        How many there may be within ``within``.

    Raises
    ------
    TooMany
        If there were more; this one then does not count, so that the wait has an end.
    """
    who_hash = keys.keyed_hash(f"{kind}:{who}", config=config)
    now = clock.wall()
    with Session(db.engine, expire_on_commit=False) as session:
        session.execute(delete(FailedTry).where(FailedTry.at < now - TRIES_KEPT))
        this = FailedTry(who_hash=who_hash, at=now)
        session.add(this)
        session.commit()
        lately = (FailedTry.who_hash == who_hash, FailedTry.at > now - within)
        tries = session.scalar(select(func.count()).select_from(FailedTry).where(*lately)) or 0
        if tries > most:
            session.delete(this)
        session.commit()
        if tries > most:
            raise TooMany
        return this.id


def take_back(try_id: int) -> None:
    """The try no longer counts, because it was right."""
    db.session.execute(delete(FailedTry).where(FailedTry.id == try_id))
