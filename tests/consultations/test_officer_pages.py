"""Officers write the texts and set the dates, on pages that need no script."""

import pytest
from flask import Flask

from consult import clock
from consult.access import Role
from consult.accounts.models import StaffRole
from consult.accounts.queries import find_staff
from consult.consultations.queries import get_consultation
from consult.consultations.setting_up import spans_of
from consult.db import db
from tests.making.desk import (
    all_dates,
    another_officer,
    dates,
    fields_of,
    fill,
    in_days,
    make_draft,
    officer_client,
)
from tests.making.places import make_place
from tests.page_client import PageClient

ABOUT, TIMETABLE = "/officer/late-hours/about", "/officer/late-hours/timetable"
TEXTS = {
    "title": "Late hours in Abbeyford",
    "summary": "Shops want to open **late**.\r\n\r\n- more light\r\n- more noise",
    "decision": "Whether they may.",
    "decided_by": "The cabinet",
    "decides_on-day": "1",
    "decides_on-month": "june",
    "decides_on-year": "2027",
    "area": "Abbeyford",
    "minimum_age": "16",
    "incentive": "",
    "use": "The cabinet reads it.",
}


@pytest.fixture
def officer(sqlite_app: Flask) -> PageClient:
    client = officer_client(sqlite_app)
    with sqlite_app.app_context():
        make_draft()
    return client


def kept(app: Flask):
    with app.app_context():
        return get_consultation("late-hours")


# --- texts


def test_texts_are_kept_and_shown_with_their_markdown_and_no_markup_of_their_own(sqlite_app, officer):
    answer = fill(officer, ABOUT, {**TEXTS, "use": "<b>bold</b> & more"})
    assert (answer.status_code, answer.location) == (303, "/officer/late-hours/")
    draft = kept(sqlite_app)
    assert draft.summary == "Shops want to open **late**.\n\n- more light\n- more noise"
    assert (str(draft.decides_on), draft.minimum_age, draft.incentive) == ("2027-06-01", 16, None)
    page = officer.get("/consultations/late-hours/").text
    assert "<strong>late</strong>" in page
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in page


WRONG_TEXTS = [
    ({"title": " \u200b "}, "Enter a title", "#title"),
    ({"title": "x" * 101}, "Enter at most 100 characters", "#title"),
    ({"minimum_age": "12"}, "Enter an age in years from 13 to 99", "#minimum_age"),
    ({"minimum_age": "sixteen"}, "Enter an age in years from 13 to 99", "#minimum_age"),
    ({"minimum_age": "١٦"}, "Enter an age in years from 13 to 99", "#minimum_age"),
    ({"decides_on-day": "31"}, "The date of the decision must be a real date", "#decides_on-day"),
    ({"decides_on-month": ""}, "The date of the decision must include a month", "#decides_on-month"),
    ({"summary": "x" * 5001}, "Enter at most 5000 characters", "#summary"),
]


def test_a_text_that_cannot_stand_is_refused_and_nothing_typed_is_lost(sqlite_app, officer):
    for changed, said, href in WRONG_TEXTS:
        answer = fill(officer, ABOUT, {**TEXTS, "decided_by": "My own words", **changed})
        assert answer.status_code == 422, changed
        assert said in answer.text, changed
        assert f'href="{href}"' in answer.text, changed
        assert 'value="My own words"' in answer.text, changed
    assert kept(sqlite_app).decided_by is None


def test_a_decision_may_have_no_date_yet(sqlite_app, officer):
    none = {f"decides_on-{part}": "" for part in ("day", "month", "year")}
    assert fill(officer, ABOUT, {**TEXTS, **none}).status_code == 303
    assert kept(sqlite_app).decides_on is None


def test_a_text_full_of_traps_is_kept_as_words(sqlite_app, officer):
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](http://evil.example/p.png) \u202ecba"
    assert (
        fill(officer, ABOUT, {**TEXTS, "summary": hostile, "title": "<img src=x onerror=y>"}).status_code
        == 303
    )
    page = officer.get("/consultations/late-hours/").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "\u202e" not in page


def test_no_field_of_a_consultation_but_those_shown_can_be_set(sqlite_app, officer):
    smuggled = {
        "state": "published",
        "slug": "other",
        "published_at": "2026-01-01",
        "id": "99",
        "source": "x",
    }
    fill(officer, ABOUT, {**TEXTS, **smuggled})
    draft = kept(sqlite_app)
    assert (draft.state, draft.slug, draft.published_at, draft.source) == ("draft", "late-hours", None, None)


def test_the_second_officer_sees_both_texts_and_can_still_save(sqlite_app, officer):
    other = another_officer(sqlite_app, "late-hours")
    seen = fields_of(other.get(ABOUT).text)
    fill(officer, ABOUT, {**TEXTS, "title": "The first title"})
    answer = other.post(
        ABOUT, data={"csrf_token": other.any_token(), **seen, **TEXTS, "title": "The second title"}
    )
    assert answer.status_code == 409
    assert "The first title" in answer.text
    assert 'value="The second title"' in answer.text
    assert kept(sqlite_app).title == "The first title"
    again = {"csrf_token": other.any_token(), **fields_of(answer.text), **TEXTS, "title": "The second title"}
    assert other.post(ABOUT, data=again).status_code == 303
    assert kept(sqlite_app).title == "The second title"


def test_a_form_that_says_no_version_overwrites_nothing(sqlite_app, officer):
    for version in ("", "0", "x", "-1", "9" * 40):
        answer = officer.post(ABOUT, data={"csrf_token": officer.any_token(), **TEXTS, "version": version})
        assert answer.status_code == 409, version
    assert kept(sqlite_app).summary is None


def test_after_publishing_the_texts_can_be_read_and_not_changed(sqlite_app):
    client = officer_client(sqlite_app)
    _assign(sqlite_app, "survey")
    page = client.get("/officer/survey-place/about").text
    assert "were fixed when the consultation was published" in page
    answer = client.post("/officer/survey-place/about", data={"csrf_token": client.any_token(), **TEXTS})
    assert answer.status_code == 409


# --- the timetable of a draft


def test_dates_are_shown_in_words_checked_and_saved(sqlite_app, officer):
    checked = fill(officer, TIMETABLE, {**all_dates(20), "check": "1"})
    assert checked.status_code == 200
    assert "These dates can stand. They are not saved yet." in checked.text
    before = spans_of(kept(sqlite_app))
    assert fill(officer, TIMETABLE, all_dates(20)).status_code == 303
    after = spans_of(kept(sqlite_app))
    assert after != before
    assert "(UK time)" in officer.get(TIMETABLE).text


WRONG_DATES = [
    (
        {"forum_opens-day": ""},
        "The time when the forum opens must include a day",
        "#forum_opens-day",
    ),
    ({"forum_closes-time": "midnight"}, "Use 11:59pm", "#forum_closes-time"),
    ({"forum_closes-time": ""}, "must include a time, like 9am", "#forum_closes-time"),
    ({"survey_opens-year": "27"}, "must have a year of 4 numbers", "#survey_opens-year"),
    ({"survey_opens-year": "2001"}, "A stage must open in the future", "#survey_opens-day"),
    (
        {
            "survey_opens-day": "29",
            "survey_opens-month": "3",
            "survey_opens-year": "2026",
            "survey_opens-time": "1:30am",
        },
        "does not exist: the clocks go forward then",
        "#survey_opens-time",
    ),
]


def test_a_date_that_cannot_stand_is_named_at_its_box(sqlite_app, officer):
    before = spans_of(kept(sqlite_app))
    for changed, said, href in WRONG_DATES:
        answer = fill(officer, TIMETABLE, {**all_dates(20), "follow_up_closes-month": "december", **changed})
        assert answer.status_code == 422, changed
        assert said in answer.text, changed
        assert f'href="{href}"' in answer.text, changed
        assert 'value="december"' in answer.text, changed
    assert spans_of(kept(sqlite_app)) == before


def test_stages_that_overlap_are_refused_at_the_later_one(sqlite_app, officer):
    overlapping = {**all_dates(20), **dates("forum", in_days(22), in_days(60))}
    answer = fill(officer, TIMETABLE, overlapping)
    assert answer.status_code == 422
    assert "must not open before the stage before it has closed" in answer.text
    assert 'href="#forum_opens-day"' in answer.text


def test_what_is_unwise_is_said_and_allowed(sqlite_app, officer):
    hasty = {
        **dates("survey", in_days(14), in_days(20)),
        **dates("forum", in_days(21), in_days(27)),
        **dates("follow_up", in_days(28), in_days(34)),
    }
    checked = fill(officer, TIMETABLE, {**hasty, "check": "1"}).text
    assert "fewer than 7 days between the starting survey and the forum" in checked
    assert "less than 6 weeks together" in checked
    assert fill(officer, TIMETABLE, hasty).status_code == 303


def test_the_second_officer_sees_both_timetables(sqlite_app, officer):
    other = another_officer(sqlite_app, "late-hours")
    seen = fields_of(other.get(TIMETABLE).text)
    fill(officer, TIMETABLE, all_dates(20))
    answer = other.post(TIMETABLE, data={"csrf_token": other.any_token(), **seen, **all_dates(30)})
    assert answer.status_code == 409
    assert "Somebody else saved this before you" in answer.text


# --- stages of a published consultation


def _assign(app: Flask, moment: str) -> None:
    """The officer holds the role in a place at that moment too."""
    with app.app_context():
        place = make_place(moment)
        staff = find_staff("officer@abbeyford.example")
        db.session.add(StaffRole(staff_id=staff.id, consultation_id=place.id, role=Role.OFFICER))
        db.session.commit()


def test_a_longer_stage_is_shown_to_everybody_with_its_reason(app):
    client = officer_client(app)
    _assign(app, "survey")
    path = "/officer/survey-place/timetable/survey"
    later = {name: value for name, value in dates("", in_days(-1), in_days(16)).items() if "closes" in name}
    answer = fill(client, path, {**later, "reason": "The library was <shut>."})
    assert (answer.status_code, answer.location) == (303, "/officer/survey-place/timetable")
    for page in ("/officer/survey-place/timetable", "/consultations/survey-place/"):
        assert "The library was &lt;shut&gt;." in client.get(page).text


WRONG_MOVES = [
    ({"reason": ""}, "Say why. Everybody can read it", "#reason"),
    ({"closes-day": ""}, "The time when the starting survey closes must include a day", "#closes-day"),
    ({"closes-year": "2020"}, "A stage must close in the future", "#closes-day"),
    ({"closes-year": "2090"}, "A stage must close before the next one opens", "#closes-day"),
]


def test_a_move_that_cannot_be_is_refused_in_words(sqlite_app):
    client = officer_client(sqlite_app)
    _assign(sqlite_app, "survey")
    later = {name: value for name, value in dates("", in_days(-1), in_days(16)).items() if "closes" in name}
    for data, said, href in WRONG_MOVES:
        path = "/officer/survey-place/timetable/survey"
        answer = fill(client, path, {**later, "reason": "My reason", **data})
        assert answer.status_code == 422, data
        assert said in answer.text, data
        assert f'href="{href}"' in answer.text, data


def test_a_stage_is_closed_and_opened_again_with_reasons(sqlite_app):
    client = officer_client(sqlite_app)
    _assign(sqlite_app, "survey")
    base = "/officer/survey-place/timetable"
    assert fill(client, f"{base}/survey/close", {"reason": "A fault"}).status_code == 303
    assert client.get(f"{base}/survey/close").status_code == 409
    page = client.get(f"{base}/survey").text
    assert "Open a stage again: Starting survey" in page
    later = {name: value for name, value in dates("", in_days(-1), in_days(10)).items() if "closes" in name}
    assert fill(client, f"{base}/survey", {**later, "reason": "It is mended"}).status_code == 303
    page = client.get(base).text
    assert "A fault" in page
    assert "It is mended" in page
    with sqlite_app.app_context():
        assert spans_of(get_consultation("survey-place"))["survey"][1] > clock.now()


def test_the_second_officer_who_moves_a_stage_is_told(sqlite_app):
    client = officer_client(sqlite_app)
    _assign(sqlite_app, "survey")
    other = another_officer(sqlite_app, "survey-place")
    path = "/officer/survey-place/timetable/survey"
    seen = fields_of(other.get(path).text)
    later = {name: value for name, value in dates("", in_days(-1), in_days(16)).items() if "closes" in name}
    fill(client, path, {**later, "reason": "First"})
    answer = other.post(
        path, data={"csrf_token": other.any_token(), **seen, **later, "reason": "Second words"}
    )
    assert answer.status_code == 409
    assert "Second words" in answer.text


def test_a_stage_of_a_draft_leads_to_its_timetable_and_an_unknown_one_nowhere(officer):
    assert officer.get("/officer/late-hours/timetable/survey").location == TIMETABLE
    assert officer.get("/officer/late-hours/timetable/party").status_code == 404
