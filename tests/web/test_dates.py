"""Days and times as people type them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from consult.web.dates import (
    DayField,
    InstantField,
    WrongPart,
    as_day,
    as_instant,
    as_time,
    day_parts,
    happens_twice,
    instant_parts,
)
from consult.web.forms import Form
from consult.web.rendering import errors_of

WHAT = "The date"


def day(*parts: str) -> date:
    return as_day(*[*parts, "", ""][:3], what=WHAT)


def instant(year: int, month: int, of_month: int, time: str) -> datetime:
    return as_instant(date(year, month, of_month), as_time(time, what=WHAT))


@pytest.mark.parametrize(
    ("parts", "meant"),
    [
        (("29", "2", "2028"), date(2028, 2, 29)),
        (("13", "1", "2026"), date(2026, 1, 13)),
        (("1", "feb", "2026"), date(2026, 2, 1)),
        (("1", "February", "2026"), date(2026, 2, 1)),
        (("1", "Sept.", "2026"), date(2026, 9, 1)),
        (("01", "02", "2026"), date(2026, 2, 1)),
        ((" 1st ", "\tMAY ", "2026"), date(2026, 5, 1)),
        (("１", "２", "２０２６"), date(2026, 2, 1)),
        (("13/1/2026",), date(2026, 1, 13)),
        (("1 feb 2026",), date(2026, 2, 1)),
        (("31.12.2026",), date(2026, 12, 31)),
        (("2026/1/2",), date(2026, 1, 2)),
        (("2026-03-29",), date(2026, 3, 29)),
    ],
)
def test_a_day_is_read_as_people_here_write_it(parts, meant):
    assert day(*parts) == meant


@pytest.mark.parametrize(
    ("parts", "part", "said"),
    [
        (("", "", ""), "day", "The date must include a day, a month and a year"),
        (("", "2", "2026"), "day", "The date must include a day"),
        (("1", "", "2026"), "month", "The date must include a month"),
        (("1", "2", ""), "year", "The date must include a year"),
        (("", "", "2026"), "day", "The date must include a day and a month"),
        (("", "2", ""), "day", "The date must include a day and a year"),
        (("1", "", ""), "month", "The date must include a month and a year"),
        (("31", "4", "2026"), "day", "The date must be a real date. That month does not have that many days"),
        (("29", "2", "2026"), "day", "The date must be a real date. That month does not have that many days"),
        (("31/04/2026",), "day", "The date must be a real date. That month does not have that many days"),
        (("0", "1", "2026"), "day", "The date must have a day from 1 to 31"),
        (("32", "1", "2026"), "day", "The date must have a day from 1 to 31"),
        (("one", "1", "2026"), "day", "The date must have a day from 1 to 31"),
        (
            ("1", "13", "2026"),
            "month",
            "The date must have a month from 1 to 12, or its name, like March",
        ),
        (("1", "ma", "2026"), "month", "The date must have a month from 1 to 12, or its name, like March"),
        (("1", "2", "26"), "year", "The date must have a year of 4 numbers, like 2027"),
        (("1/2/26",), "year", "The date must have a year of 4 numbers, like 2027"),
        (("1/2/0026",), "year", "The date must have a year from 2000 to 2099"),
        (("1/2/12026",), "year", "The date must have a year of 4 numbers, like 2027"),
        (("20260102",), "month", "The date must include a month and a year"),
        (("١", "٢", "٢٠٢٦"), "day", "The date must have a day from 1 to 31"),
        (("-1", "2", "2026"), "day", "The date must have a day from 1 to 31"),
        (("1", "2", "9" * 5000), "year", "The date must have a year of 4 numbers, like 2027"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_the_box_that_is_wrong(parts, part, said):
    with pytest.raises(WrongPart) as wrong:
        day(*parts)
    assert (wrong.value.part, wrong.value.refusal.message) == (part, said)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9am", (9, 0, 0)),
        ("9 AM", (9, 0, 0)),
        ("9 a.m.", (9, 0, 0)),
        ("9:30am", (9, 30, 0)),
        ("9.30pm", (21, 30, 0)),
        ("12:01am", (0, 1, 0)),
        ("12pm", (12, 0, 0)),
        ("midday", (12, 0, 0)),
        ("Noon", (12, 0, 0)),
        ("17:00", (17, 0, 0)),
        ("00:00", (0, 0, 0)),
        ("1:59:59", (1, 59, 59)),
        ("11:59pm", (23, 59, 0)),
    ],
)
def test_a_time_is_read_in_both_clocks(typed, meant):
    assert as_time(typed, what=WHAT) == meant


@pytest.mark.parametrize("typed", ["midnight", "12am", "12.00 a.m.", "24:00", "12 midnight"])
def test_midnight_is_asked_for_again_because_it_could_be_either_day(typed):
    with pytest.raises(WrongPart) as wrong:
        as_time(typed, what=WHAT)
    assert "Use 11:59pm" in wrong.value.refusal.message


@pytest.mark.parametrize(
    "typed", ["9", "17", "1700", "25:00", "9:60am", "13pm", "0am", "soon", "9amm", "٩am"]
)
def test_what_is_no_time_is_refused_at_the_time(typed):
    with pytest.raises(WrongPart) as wrong:
        as_time(typed, what=WHAT)
    assert (wrong.value.part, wrong.value.refusal.message) == (
        "time",
        "The date must have a time like 9am, 5:30pm or 17:00",
    )


def test_a_time_that_never_happens_is_refused():
    with pytest.raises(WrongPart) as wrong:
        instant(2026, 3, 29, "1:30am")
    assert wrong.value.part == "time"
    assert wrong.value.refusal.message == "01:30 on 29 March 2026 does not exist: the clocks go forward then"


def test_a_time_that_happens_twice_is_the_first():
    twice = instant(2026, 10, 25, "01:59:59")
    assert twice == datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)
    assert happens_twice(twice)
    assert not happens_twice(instant(2026, 10, 25, "2am"))


def test_the_end_of_a_day_on_which_the_clocks_change_is_where_the_clocks_say():
    assert instant(2026, 3, 29, "11:59pm") == datetime(2026, 3, 29, 22, 59, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC)))
def test_what_stands_in_the_boxes_reads_back_as_the_same_instant(at):
    at = at.replace(microsecond=0)
    parts = instant_parts(at)
    day_there = as_day(parts["day"], parts["month"], parts["year"], what=WHAT)
    back = as_instant(day_there, as_time(parts["time"], what=WHAT))
    assert back == at or (happens_twice(at) and at - back == timedelta(hours=1))


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(of_month, month, year, time):
    assert refused_at(of_month, month, year, time) in {None, "day", "month", "year", "time"}


def refused_at(of_month: str, month: str, year: str, time: str) -> str | None:
    try:
        as_instant(as_day(of_month, month, year, what=WHAT), as_time(time, what=WHAT))
    except WrongPart as wrong:
        return wrong.part
    return None


class Both(Form):
    """A form with a day that may be left out, and an instant."""

    decided = DayField("Decided", what="The decision", may_be_empty=True)
    opens = InstantField("Opens", what="The opening")


def filled(app: Flask, **data: str) -> Both:
    with app.test_request_context(method="POST", data=data):
        form = Both(MultiDict(data), meta={"csrf": False})
        form.validate()
        return form


def test_the_summary_leads_to_the_box_that_is_wrong(sqlite_app):
    form = filled(
        sqlite_app, **{"opens-day": "", "opens-month": "2", "opens-year": "2026", "opens-time": "9am"}
    )
    with sqlite_app.test_request_context():
        assert errors_of(form) == [{"text": "The opening must include a day", "href": "#opens-day"}]


def test_a_form_gives_the_day_and_the_instant_and_keeps_what_was_typed(sqlite_app):
    form = filled(
        sqlite_app,
        **{"opens-day": "29", "opens-month": "march", "opens-year": "2026", "opens-time": "23:59"},
    )
    assert form.decided.value is None
    assert form.opens.value == datetime(2026, 3, 29, 22, 59, tzinfo=UTC)
    assert form.opens.form.month.data == "march"


def test_what_cannot_stand_in_a_page_is_not_printed_back(sqlite_app):
    form = filled(sqlite_app, **{"opens-day": "1\0\u202e", "opens-month": "x", "opens-year": "y"})
    assert form.opens.form.day.data == "1"


def test_nothing_stands_in_the_boxes_of_no_day():
    assert day_parts(None) == instant_parts(None) == {}


PARTS = ("day", "month", "year")


def hostile(shared) -> list[dict]:
    lines = (shared / "trust" / "hostile_inputs.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] == "dates_and_times"]


def test_the_inputs_that_others_wrote_down_end_as_they_should(shared, record_property):
    tried = 0
    for row in hostile(shared):
        given, expected = row["input"], row["expect"]
        if isinstance(given, dict) and not set(given) <= {*PARTS, "close", "open"}:
            continue  # about clocks, sessions and pages, which have tests of their own
        parts = [given[part] for part in PARTS] if isinstance(given, dict) and "day" in given else None
        text = given if isinstance(given, str) else next(iter(given.values()))
        tried += 1
        if parts is not None or isinstance(given, str):
            ok = read(*(parts or [text])) is not None
            assert ok == expected.startswith("OK"), row["id"]
        elif text[:4].isdigit():
            date_text, time = text.replace("T", " ").split(" ")[:2]
            ok = read(date_text, time=time) is not None
            assert ok != expected.startswith("ERR"), row["id"]
        elif text == "midnight":
            assert read("1/2/2026", time=text) is None
        else:
            tried -= 1  # a word for a kind of date: the timetable's tests have it
    assert tried >= 12
    record_property("hostile dates and times", tried)


def read(*parts: str, time: str | None = None) -> object:
    try:
        found = day(*parts)
        return as_instant(found, as_time(time, what=WHAT)) if time is not None else found
    except WrongPart:
        return None
