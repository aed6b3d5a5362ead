"""The time can stand still, for this thread alone."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from consult import clock

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)


def test_inside_the_time_stands_still_and_afterwards_it_goes_on():
    with clock.frozen(NOON):
        assert clock.now() == NOON
        with clock.frozen(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_time_is_told_in_utc():
    with clock.frozen(NOON.astimezone(timezone(timedelta(hours=5)))):
        assert clock.now().tzinfo is UTC


def test_another_thread_has_its_own_time():
    seen = []
    with clock.frozen(NOON):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != NOON


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(TypeError), clock.frozen(datetime(2026, 11, 9, 12)):
        pass
