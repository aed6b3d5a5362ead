"""The only reader of the time.

Tests ask what happens at an instant, and later an officer will rehearse a stage that has not begun.
Choice: the instant is set for the code that runs inside a `with`, in this thread or task alone.
The other ways are worse: patching `now` misses whoever imported it by name, and an argument for the
time would pass through every function of the record.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set: ContextVar[datetime | None] = ContextVar("set_time", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _set.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Inside, the time stands still at ``at``, an aware instant; a frozen time may hold another."""
    if at.tzinfo is None:
        raise TypeError("an instant needs a time zone")
    token = _set.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)
