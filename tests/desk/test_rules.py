"""What waits for officers, how counts are told, and how stages lie in time."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.access import Moment
from consult.consultations.rules import told
from consult.consultations.timeline import StageLine, When, timeline
from consult.desk.rules import Task, as_people_find_them, bars, to_do

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Dated:
    """A stage from so many days to so many days from now."""

    def __init__(self, kind: str, opens: float, closes: float) -> None:
        self.kind = type("Kind", (), {"value": kind})
        self.opens_at, self.closes_at, self.closed_at = NOW + opens * DAY, NOW + closes * DAY, None


def lines(*days: float) -> list[StageLine]:
    kinds = ("survey", "forum", "follow_up")
    return timeline([Dated(kind, *days[2 * n : 2 * n + 2]) for n, kind in enumerate(kinds)], NOW)


@pytest.mark.parametrize(
    ("moment", "days", "tasks"),
    [
        (Moment.DRAFT, (30, 50, 60, 70, 80, 90), [(Task.FINISH_DRAFT, None)]),
        (Moment.DRAFT, (10, 50, 60, 70, 80, 90), [(Task.PUBLISH_NOW, "survey")]),
        (Moment.DRAFT, (-1, 50, 60, 70, 80, 90), [(Task.DATES_GONE, "survey")]),
        (Moment.SURVEY, (2, 20, 30, 40, 50, 60), [(Task.OPENS_SOON, "survey")]),
        (Moment.SURVEY, (-5, 20, 30, 40, 50, 60), []),
        (Moment.SURVEY, (-5, 3, 30, 40, 50, 60), [(Task.CLOSES_SOON, "survey")]),
        (
            Moment.SUMMARISING,
            (-9, -5, 2, 40, 50, 60),
            [(Task.WRITE_SUMMARIES, "forum"), (Task.OPENS_SOON, "forum")],
        ),
        (Moment.FORUM, (-9, -5, -2, 1, 3, 60), [(Task.CLOSES_SOON, "forum"), (Task.OPENS_SOON, "follow_up")]),
        (Moment.CLOSED, (-9, -8, -7, -6, -5, -4), [(Task.SEE_RESULTS, None)]),
        (Moment.ARCHIVED, (-9, -8, -7, -6, -5, -4), []),
    ],
)
def test_what_waits_is_what_can_be_done(moment, days, tasks):
    assert [(todo.task, todo.kind) for todo in to_do(moment, lines(*days), NOW)] == tasks


@pytest.mark.parametrize(("count", "said"), [(0, None), (1, None), (9, None), (10, 10), (137, 137)])
def test_fewer_than_ten_people_are_never_counted_out(count, said):
    assert told(count) == said


def test_a_forum_without_its_summaries_is_not_open():
    found = lines(-9, -5, -2, 10, 20, 30)
    assert [line.when for line in found] == [When.OVER, When.NOW, When.NEXT]
    waits = as_people_find_them(found, Moment.SUMMARISING)
    assert [line.when for line in waits] == [When.OVER, When.NEXT, When.LATER]
    assert as_people_find_them(found, Moment.FORUM) == found


def test_stages_lie_on_one_line_from_the_first_opening_to_the_last_closing():
    picture = bars(lines(-10, 10, 30, 50, 70, 90), NOW)
    assert [(bar.start, bar.length) for bar in picture.bars] == [(0, 20), (40, 20), (80, 20)]
    assert picture.today == 10


def test_today_is_left_out_before_and_after():
    assert bars(lines(5, 10, 30, 50, 70, 90), NOW).today is None
    assert bars(lines(-90, -80, -70, -60, -50, -40), NOW).today is None


def test_no_stages_are_no_picture():
    assert bars([], NOW) is None
