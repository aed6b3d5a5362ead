"""What a timetable may be, what is unwise about it, and a first proposal."""

from datetime import UTC, date, datetime, timedelta

import pytest

from consult.consultations.holidays import bank_holidays, easter, is_free_day, next_working_day
from consult.consultations.planning import Caution, End, faults, proposed, warnings
from consult.uktime import uk_instant, uk_time

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)


def at(month: int, day: int, hour: int = 12, minute: int = 0, year: int = 2027) -> datetime:
    return uk_instant(datetime(year, month, day, hour, minute))


GOOD = {
    "survey": (at(2, 15, 9), at(3, 8, 17)),
    "forum": (at(3, 16, 9), at(4, 6, 17)),
    "follow_up": (at(4, 13, 9), at(4, 27, 17)),
}


def said(timetable, now=NOW) -> list[tuple[str, End, str]]:
    return [(fault.kind, fault.end, fault.refusal.message) for fault in faults(timetable, now)]


def cautions(timetable) -> list[tuple[Caution, str | None]]:
    return [(warned.caution, warned.kind) for warned in warnings(timetable)]


def test_a_good_timetable_has_no_fault_and_nothing_unwise():
    assert said(GOOD) == []
    assert cautions(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "kind", "end", "sentence"),
    [
        ({"survey": (at(3, 8), at(2, 15))}, "survey", End.CLOSES, "A stage must close after it opens"),
        ({"forum": (at(3, 16), at(3, 16))}, "forum", End.CLOSES, "A stage must close after it opens"),
        (
            {"forum": (at(3, 8, 16), at(4, 6))},
            "forum",
            End.OPENS,
            "A stage must not open before the stage before it has closed",
        ),
        (
            {"survey": (at(1, 15), at(3, 8))},
            "survey",
            End.OPENS,
            "A stage must open in the future. This time has gone",
        ),
    ],
)
def test_a_date_that_cannot_stand_is_named(changed, kind, end, sentence):
    assert (kind, end, sentence) in said({**GOOD, **changed})


def test_a_stage_that_has_gone_whole_is_told_at_both_its_dates():
    gone = {"survey": (at(1, 4), at(1, 11))}
    assert [(kind, end) for kind, end, _ in said(gone)] == [("survey", End.OPENS), ("survey", End.CLOSES)]


def test_stages_may_follow_each_other_at_once():
    close = {**GOOD, "forum": (GOOD["survey"][1], at(4, 6, 17))}
    assert said(close) == []
    assert cautions(close) == [(Caution.SHORT_BREAK, "forum")]


def test_a_stage_may_be_as_short_as_an_hour():
    assert said({**GOOD, "forum": (at(3, 16, 9), at(3, 16, 10))}) == []


def test_a_timetable_of_less_than_six_weeks_is_warned_of():
    start = at(2, 15, 9)
    weeks = [start + timedelta(weeks=n) for n in (0, 1, 2, 3, 4, 5)]
    short = {"survey": (weeks[0], weeks[1]), "forum": (weeks[2], weeks[3]), "follow_up": (weeks[4], weeks[5])}
    assert (Caution.SHORT_IN_ALL, None) in cautions(short)


@pytest.mark.parametrize("closes", [at(3, 6, 17), at(3, 7, 17), at(3, 26, 17), at(3, 29, 17)])
def test_a_stage_that_closes_on_a_weekend_or_a_bank_holiday_is_warned_of(closes):
    later = {
        "survey": (at(2, 15, 9), closes),
        "forum": (at(4, 12), at(5, 4)),
        "follow_up": (at(5, 11), at(5, 25)),
    }
    assert (Caution.CLOSES_ON_FREE_DAY, "survey") in cautions(later)


def test_a_date_on_a_day_when_the_clocks_change_is_warned_of():
    spring = {**GOOD, "forum": (at(3, 16, 9), at(3, 28, 23, 59))}
    assert (Caution.CLOCKS_CHANGE, "forum") in cautions(spring)
    twice = at(10, 31, 1, 30)
    autumn = {
        "survey": (at(10, 1), twice),
        "forum": (at(11, 10), at(12, 1)),
        "follow_up": (at(12, 8), at(12, 20)),
    }
    assert (Caution.HAPPENS_TWICE, "survey") in cautions(autumn)


def test_midnight_is_warned_of_where_a_bundle_brought_it_in():
    assert (Caution.MIDNIGHT, "forum") in cautions({**GOOD, "forum": (at(3, 16, 0), at(4, 6, 17))})


def test_a_proposed_timetable_can_stand_on_any_day():
    for n in range(0, 730, 3):
        today = date(2026, 1, 1) + timedelta(days=n)
        spans = proposed(today)
        noon = uk_instant(datetime(today.year, today.month, today.day, 12))
        assert list(faults(spans, noon)) == [], today
        assert Caution.SHORT_BREAK not in {warned.caution for warned in warnings(spans)}, today
        for opens, closes in spans.values():
            assert (uk_time(opens).hour, uk_time(closes).hour) == (9, 17), today
            assert not is_free_day(uk_time(opens).date()), today
            assert not is_free_day(uk_time(closes).date()), today
        assert spans["survey"][0] - noon >= timedelta(days=13), today


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1961, (4, 2)),
        (2024, (3, 31)),
        (2025, (4, 20)),
        (2026, (4, 5)),
        (2027, (3, 28)),
        (2038, (4, 25)),
        (2049, (4, 18)),
    ],
)
def test_easter_is_when_it_was_and_will_be(year, day):
    assert easter(year) == date(year, *day)


def test_the_bank_holidays_are_those_that_are_announced():
    """As the government lists them for England and Wales."""
    assert sorted(bank_holidays(2026)) == [
        date(2026, *day) for day in ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28))
    ]
    assert sorted(bank_holidays(2027)) == [
        date(2027, *day) for day in ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28))
    ]


def test_the_next_working_day_jumps_over_easter():
    assert next_working_day(date(2027, 3, 26)) == date(2027, 3, 30)
    assert next_working_day(date(2027, 3, 30)) == date(2027, 3, 30)
