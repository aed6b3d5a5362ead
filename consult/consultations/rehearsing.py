"""Whether this request walks a draft as if it were published.

An officer rehearses a consultation by walking its real pages, at a time of their choice. Choice: the
request says so once, at its beginning, and everything below asks `is_rehearsed`; what is written
then is marked, never counted, and removed on publishing. The other way, a second set of pages for
trying out, would rehearse something else than what residents get.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from consult import clock

_rehearsed: ContextVar[int | None] = ContextVar("rehearsed", default=None)


@contextmanager
def rehearsing(consultation_id: int, moved_by: timedelta) -> Iterator[None]:
    """Inside, that draft behaves as if it were published, at a time that is so far from now."""
    token = _rehearsed.set(consultation_id)
    try:
        with clock.moved_by(moved_by):
            yield
    finally:
        _rehearsed.reset(token)


def is_rehearsed(consultation_id: int) -> bool:
    """Whether what happens now to this consultation is a rehearsal."""
    return _rehearsed.get() == consultation_id
