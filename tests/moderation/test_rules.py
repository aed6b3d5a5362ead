"""The clock of moderators, which stands still on weekends and bank holidays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.forum.models import PostState
from consult.forum.promise import PROMISE, due, is_working_day
from consult.moderation.rules import (
    CHOICES,
    CONCERNS_TOLD,
    NEEDS_REASON,
    REASONS_TOLD,
    VERDICTS_TOLD,
    Concern,
    Reason,
    Verdict,
    choices,
)
from consult.uktime import uk_instant


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-06-30T09:00", "2026-07-02T09:00"),  # in the middle of a week
        ("2026-07-03T09:00", "2026-07-07T09:00"),  # over a weekend
        ("2026-07-04T15:00", "2026-07-08T00:00"),  # from a Saturday: it begins on Monday (UK time)
        ("2026-04-02T10:00", "2026-04-08T10:00"),  # over Easter: Good Friday to Easter Monday
        ("2026-12-24T15:00", "2026-12-30T15:00"),  # over Christmas, with Boxing Day on a Saturday
        ("2026-10-23T13:00", "2026-10-27T13:00"),  # the clocks go back: the same time on a wall
        ("2027-12-31T12:00", "2028-01-05T12:00"),  # New Year's Day on a Saturday is kept on Monday
    ],
)
def test_the_promise_is_48_hours_of_working_days(since: str, until: str):
    def at(text: str) -> datetime:
        return uk_instant(datetime.fromisoformat(text))

    assert due(at(since)) == at(until)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 5, 4), False),  # early May
        (date(2026, 5, 25), False),  # spring
        (date(2026, 8, 31), False),  # summer
        (date(2026, 12, 28), False),  # for Boxing Day
        (date(2026, 12, 29), True),
        (date(2026, 11, 30), True),  # Saint Andrew's day is a holiday in Scotland
        (date(2026, 7, 5), False),
    ],
)
def test_bank_holidays_are_those_of_england_and_wales(day: date, is_working: bool):
    assert is_working_day(day) is is_working


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)))
def test_a_promise_is_never_shorter_and_later_ones_never_end_earlier(at: datetime):
    since = at.replace(tzinfo=UTC)
    assert due(since) - since >= PROMISE
    assert due(since + timedelta(minutes=1)) >= due(since)
    counted = sum(
        is_working_day((since + timedelta(minutes=n)).date())
        for n in range(0, int((due(since) - since).total_seconds() // 60), 60)
    )
    assert abs(counted - 48) <= 2  # hours, up to the hour of summer time


def test_every_word_is_told_and_every_state_has_its_choices():
    assert REASONS_TOLD.keys() == set(Reason)
    assert CONCERNS_TOLD.keys() == set(Concern)
    assert VERDICTS_TOLD.keys() == set(Verdict)
    assert CHOICES.keys() == {state.value for state in PostState}
    assert {verdict for found in CHOICES.values() for verdict in found} == set(Verdict)
    for state, found in CHOICES.items():
        for verdict, then in found.items():
            assert (then == "hidden") == (verdict in NEEDS_REASON), state


def test_to_leave_a_post_is_a_decision_only_where_somebody_asked():
    assert choices("visible", is_reported=False) == [Verdict.HIDE]
    assert choices("visible", is_reported=True) == [Verdict.KEEP, Verdict.HIDE]
    assert choices("withdrawn", is_reported=True) == []
