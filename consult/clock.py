"""The only reader of the time.

Tests ask what happens at an instant, and an officer rehearses a stage that has not begun.
Choice: the instant is set for the code that runs inside a `with`, in this thread or task alone.
The other ways are worse: patching `now` misses whoever imported it by name, and an argument for the
time would pass through every function of the record.

Two clocks: `now` is the time of the consultation, which a rehearsal moves; `wall` is the time of the
room, by which sessions end and tries are counted, whatever is being rehearsed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_set: ContextVar[datetime | None] = ContextVar("set_time", default=None)
_moved_by: ContextVar[timedelta] = ContextVar("moved_by", default=timedelta())


def now() -> datetime:
    """The present instant of the consultation, aware, in UTC."""
    return wall() + _moved_by.get()


def wall() -> datetime:
    """The present instant of the room, which no rehearsal moves; aware, in UTC."""
    return _set.get() or datetime.now(UTC)


@contextmanager
def moved_by(difference: timedelta) -> Iterator[None]:
    """Inside, the consultation's time is that far from the room's."""
    token = _moved_by.set(difference)
    try:
        yield
    finally:
        _moved_by.reset(token)


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
