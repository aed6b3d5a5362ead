"""The three stages as people read them, and the moment while summaries are being prepared."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from consult.access import Moment
from consult.consultations.models import StageKind
from consult.consultations.rules import Window, moment_of
from consult.consultations.timeline import When, current_line, timeline

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Dates:
    kind: StageKind
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None


STAGES = [Dates(kind, START + 10 * n * DAY, START + (10 * n + 5) * DAY) for n, kind in enumerate(StageKind)]


@pytest.mark.parametrize(
    ("day", "expected", "number"),
    [
        (-1, (When.NEXT, When.LATER, When.LATER), 1),
        (0, (When.NOW, When.NEXT, When.LATER), 1),
        (5, (When.OVER, When.NEXT, When.LATER), 2),
        (12, (When.OVER, When.NOW, When.NEXT), 2),
        (22, (When.OVER, When.OVER, When.NOW), 3),
        (30, (When.OVER, When.OVER, When.OVER), None),
    ],
)
def test_each_stage_is_over_now_next_or_later(day, expected, number):
    lines = timeline(reversed(STAGES), START + day * DAY)
    assert tuple(line.when for line in lines) == expected
    assert [line.number for line in lines] == [1, 2, 3]
    current = current_line(lines)
    assert (current.number if current else None) == number


def test_a_stage_that_has_been_seen_closed_stays_over_when_the_clock_jumps_back():
    closed = Dates(StageKind.SURVEY, START, START + 5 * DAY, closed_at=START + 5 * DAY)
    assert timeline([closed], START + DAY)[0].when is When.OVER


@pytest.mark.parametrize(
    ("day", "presented", "unpresented"),
    [
        (2, Moment.SURVEY, Moment.SURVEY),
        (7, Moment.SUMMARISING, Moment.SUMMARISING),
        (12, Moment.FORUM, Moment.SUMMARISING),
        (17, Moment.BETWEEN, Moment.SUMMARISING),
        (22, Moment.FOLLOW_UP, Moment.FOLLOW_UP),
        (30, Moment.CLOSED, Moment.CLOSED),
    ],
)
def test_summaries_are_being_prepared_until_they_are_out_whatever_the_clock_says(day, presented, unpresented):
    windows = {stage.kind.value: Window(stage.opens_at, stage.closes_at) for stage in STAGES}
    at = START + day * DAY
    assert moment_of("published", windows, at, presented=True) is presented
    assert moment_of("published", windows, at, presented=False) is unpresented
