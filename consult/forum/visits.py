"""Since when what stands in a thread is new to somebody, for as long as their visit lasts.

Reading a thread notes that it was read now; whatever had been new before would look old on its second
page, and after a reload. So the first page of a visit puts into the session cookie when the thread had
been read last, and the pages after it go by that. It is signed, stays in this browser, and ends with the
session: nothing of it is in an address or in the record. Half an hour without that thread ends the visit.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from flask import session

from consult import clock

VISITS = "forum visits"
LASTS = timedelta(minutes=30)
KEPT_MOST = 20  # threads; a cookie has little room


def kept_visits() -> Mapping[int, datetime]:
    """Of each thread of this visit, since when its contributions are new."""
    now = clock.now()
    return {
        int(thread): datetime.fromtimestamp(since, UTC)
        for thread, (since, used) in session.get(VISITS, {}).items()
        if now - datetime.fromtimestamp(used, UTC) < LASTS
    }


def keep_visit(thread_id: int, since: datetime) -> None:
    """What came into the thread after ``since`` stays new until the visit is over."""
    now = clock.now()
    others = {thread: kept for thread, kept in session.get(VISITS, {}).items() if thread != str(thread_id)}
    latest = sorted(others.items(), key=lambda each: -each[1][1])[: KEPT_MOST - 1]
    session[VISITS] = {str(thread_id): [since.timestamp(), int(now.timestamp())], **dict(latest)}
