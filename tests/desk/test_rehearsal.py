"""An officer walks a draft as a resident, at any time, and nothing of it leaks, counts or stays."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult import clock
from consult.access import Actor, Role
from consult.accounts import current
from consult.accounts.models import StaffRole
from consult.consultations.models import Participant, Rehearsal, State
from consult.consultations.queries import get_consultation
from consult.consultations.setting_up import spans_of
from consult.db import db
from consult.desk import rehearsing
from consult.desk.rehearsing import steps_of
from consult.errors import Conflict, Invalid, NotFound, NotPermitted
from consult.forum.models import Thread
from consult.web.once import new_token
from tests.making.desk import (
    actor_of,
    another_officer,
    dates,
    fill,
    in_days,
    make_draft,
    make_officer,
    make_ready,
    officer_client,
    staff_id,
)
from tests.making.joining import CHOICES, send_join
from tests.making.places import make_place
from tests.page_client import PageClient

DESK, HERE = "/officer/late-hours", "/consultations/late-hours"
ALWAYS = "You are rehearsing."


@pytest.fixture
def officer(sqlite_app: Flask) -> PageClient:
    client = officer_client(sqlite_app)
    with sqlite_app.app_context():
        make_ready()
    return client


def go_to(client: PageClient, step: str, **more: str):
    answer = fill(client, f"{DESK}/rehearse", {"step": step, **more})
    assert answer.status_code == 303, answer.text
    return client.get(answer.location)


def post(client: PageClient, path: str, **data: str):
    return client.post(path, data={"csrf_token": client.any_token(), **data})


# --- a moment is chosen and seen


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("before", "Stage 1 of 3: Starting survey. Opens on"),
        ("survey", "Start now"),
        ("summarising", "Stage 2 of 3: Forum. Opens on"),
        ("forum", "Read the forum"),
        ("between", "Stage 3 of 3: Follow-up survey. Opens on"),
        ("follow_up", "Stage 3 of 3: Follow-up survey. Open until"),
        ("after", "This consultation has closed."),
    ],
)
def test_every_moment_can_be_walked(sqlite_app, officer, step, said):
    page = go_to(officer, step)
    assert page.status_code == 200
    assert said in page.text
    assert ALWAYS in page.text


def test_the_banner_says_when_it_is_here_and_leads_back(sqlite_app, officer):
    with sqlite_app.app_context():
        opens = spans_of(get_consultation("late-hours"))["survey"][0]
    page = go_to(officer, "survey").text
    assert (
        f"It is {opens:%A} {opens.day} {opens:%B %Y}, 9am (UK time) here. Nothing you do is counted." in page
    )
    assert f'href="{DESK}/rehearse"' in page


def test_any_other_time_can_be_chosen(sqlite_app, officer):
    at = in_days(31)
    parts = {
        f"when-{name.partition('-')[2]}": value
        for name, value in dates("", at, at).items()
        if "opens" in name
    }
    page = go_to(officer, "other", **parts)
    assert f"{at:%B %Y}" in page.text


def test_a_time_that_cannot_be_is_refused(sqlite_app, officer):
    for data, said, href in (
        ({"step": "other", "when-day": ""}, "The time to rehearse must include a day", "#when-day"),
        ({"step": "other", "when-year": "2090"}, "Choose a time within 5 years of today", "#when-year"),
        ({"step": "never"}, "Choose from the answers in the list", "#step"),
    ):
        answer = fill(
            officer, f"{DESK}/rehearse", {"when-month": "5", "when-day": "3", "when-time": "9am", **data}
        )
        assert answer.status_code == 422, data
        assert said in answer.text, data
        assert f'href="{href}"' in answer.text, data


def test_the_clock_of_the_room_is_not_moved(sqlite_app, officer):
    """A rehearsal years away ends nobody's session."""
    go_to(officer, "after")
    assert officer.get(f"{HERE}/").status_code == 200
    assert officer.get("/officer/").status_code == 200


# --- the officer takes part like anybody


def test_the_officer_joins_and_what_is_written_is_marked(app):
    client = officer_client(app)
    with app.app_context():
        make_ready()
    go_to(client, "survey")
    answer = send_join(client, "late-hours")
    assert (answer.status_code, answer.location) == (303, f"{HERE}/join/name"), answer.text
    assert ALWAYS in client.get(answer.location).text
    with app.app_context():
        [person] = db.session.scalars(select(Participant)).all()
        assert person.is_rehearsal
        opens = spans_of(get_consultation("late-hours"))["survey"][0]
        assert abs(person.joined_at - opens) < timedelta(hours=1)
    assert client.get("/officer/late-hours/").status_code == 200, "the desk is still theirs"
    assert "Fewer than 10" not in client.get("/officer/late-hours/").text


def test_one_can_start_again_as_another_person(sqlite_app, officer):
    go_to(officer, "survey")
    send_join(officer, "late-hours")
    answer = post(officer, f"{DESK}/rehearse/again")
    assert (answer.status_code, answer.location) == (303, f"{HERE}/")
    assert "Start now" in officer.get(answer.location).text
    assert send_join(officer, "late-hours").status_code == 303
    with sqlite_app.app_context():
        assert len(db.session.scalars(select(Participant)).all()) == 2


def test_the_same_person_walks_on_at_another_moment(sqlite_app, officer):
    go_to(officer, "survey")
    send_join(officer, "late-hours")
    assert "Carry on" in go_to(officer, "forum").text
    assert officer.get(f"{HERE}/forum/").status_code == 200


def test_the_forum_of_a_rehearsal_has_an_example(sqlite_app, officer):
    go_to(officer, "forum")
    page = officer.get(f"{HERE}/forum/")
    assert page.status_code == 200
    with sqlite_app.app_context():
        [thread] = db.session.scalars(select(Thread)).all()
        assert thread.is_rehearsal


def test_a_rehearsal_that_is_ended_is_over_at_once(sqlite_app, officer):
    go_to(officer, "survey")
    send_join(officer, "late-hours")
    answer = post(officer, f"{DESK}/rehearse/end")
    assert answer.status_code == 303
    page = officer.get(f"{HERE}/").text
    assert ALWAYS not in page
    assert "This is a draft." in page
    answer = officer.post(
        f"{HERE}/join", data={"csrf_token": officer.any_token(), "once": new_token(), **CHOICES}
    )
    assert answer.status_code in {403, 404, 409}
    assert officer.get(f"{HERE}/survey/1").status_code in {302, 403, 404}


def test_a_browser_that_lost_the_rehearsal_can_go_on_with_it(sqlite_app, officer):
    go_to(officer, "survey")
    with officer.session_transaction() as session:
        del session[current.REHEARSAL]
    assert ALWAYS not in officer.get(f"{HERE}/").text
    assert "This browser has left the rehearsal" in officer.get(f"{DESK}/rehearse").text
    answer = post(officer, f"{DESK}/rehearse/carry-on")
    assert ALWAYS in officer.get(answer.location).text


# --- it touches nothing else


def test_other_consultations_are_as_they_are_today(sqlite_app, officer):
    with sqlite_app.app_context():
        make_place("survey")
    before = PageClient(sqlite_app).get("/consultations/survey-place/").text
    go_to(officer, "after")
    page = officer.get("/consultations/survey-place/").text
    assert "Stage 1 of 3: Starting survey. Open until" in page
    assert "Start now" in before
    assert "this page is no part of it. It is as it is today" in page
    assert "this page is no part of it" in officer.get("/").text
    assert "Late hours in Abbeyford</a>" not in officer.get("/").text


def test_staff_pages_are_as_they_are_today(sqlite_app, officer):
    go_to(officer, "after")
    page = officer.get(f"{DESK}/").text
    assert ALWAYS not in page
    assert "Only you and your colleagues can see it." in page


def test_nobody_else_sees_the_draft_while_it_is_rehearsed(sqlite_app, officer):
    go_to(officer, "survey")
    visitor = PageClient(sqlite_app)
    for path in ("/", "/join", "/forum/"):
        assert visitor.get(f"{HERE}{path}").status_code == 404, path
    second = another_officer(sqlite_app, "late-hours")
    assert ALWAYS not in second.get(f"{HERE}/").text


def test_a_cookie_with_somebody_elses_rehearsal_does_nothing(sqlite_app, officer):
    go_to(officer, "survey")
    with officer.session_transaction() as session:
        number = session[current.REHEARSAL]
    second = another_officer(sqlite_app, "late-hours")
    for client in (second, PageClient(sqlite_app)):
        for value in (number, str(number), -1, 10**12, None, [number]):
            with client.session_transaction() as session:
                session[current.REHEARSAL] = value
            assert ALWAYS not in client.get("/").text, value


def test_whoever_loses_the_role_rehearses_no_longer(sqlite_app, officer):
    go_to(officer, "survey")
    with sqlite_app.app_context():
        db.session.query(StaffRole).delete()
        db.session.commit()
    assert officer.get(f"{HERE}/").status_code == 404


def test_a_published_consultation_is_rehearsed_no_longer(sqlite_app, officer):
    go_to(officer, "after")
    with sqlite_app.app_context():
        get_consultation("late-hours").state = State.PUBLISHED
        db.session.commit()
    page = officer.get(f"{HERE}/").text
    assert ALWAYS not in page
    assert "Stage 1 of 3: Starting survey. Opens on" in page
    assert officer.get(f"{DESK}/rehearse").status_code == 403


def test_a_time_that_was_moved_is_put_back_after_an_error(sqlite_app, officer):
    go_to(officer, "after")
    before = datetime.now(tz=clock.now().tzinfo)
    assert officer.get(f"{HERE}/survey/99999").status_code in {302, 404}
    assert officer.post(f"{HERE}/join", data={}).status_code == 400
    assert abs(clock.now() - before) < timedelta(minutes=1)


# --- the deeds


def test_only_officers_of_the_draft_rehearse_it(in_app):
    make_officer()
    draft = make_draft()
    for roles, refusal in (({}, NotFound), ({draft.id: frozenset({Role.MODERATOR})}, NotPermitted)):
        somebody = Actor("staff/1", frozenset(), roles)
        with pytest.raises(refusal):
            rehearsing.begin_rehearsal(somebody, draft, staff_id=staff_id(), at=clock.now())


def test_one_officer_is_in_one_rehearsal_of_a_draft(in_app):
    make_officer()
    draft = make_draft()
    for days in (1, 2, 3):
        rehearsing.begin_rehearsal(actor_of(), draft, staff_id=staff_id(), at=in_days(days))
        db.session.commit()
    going_on = db.session.scalars(select(Rehearsal).where(Rehearsal.ended_at.is_(None))).all()
    assert len(going_on) == 1
    assert going_on[0].offset_seconds == pytest.approx(3 * 86_400, abs=60)


def test_a_published_consultation_cannot_be_rehearsed(in_app):
    make_officer()
    draft = make_draft()
    draft.state = State.PUBLISHED
    db.session.commit()
    with pytest.raises((Conflict, NotPermitted)):
        rehearsing.begin_rehearsal(actor_of(), draft, staff_id=staff_id(), at=clock.now())


def test_the_moments_follow_the_timetable(in_app):
    make_officer()
    draft = make_draft()
    spans = spans_of(draft)
    steps = {step.name: step.at for step in steps_of(draft)}
    assert list(steps) == ["before", "survey", "summarising", "forum", "between", "follow_up", "after"]
    assert steps["survey"] == spans["survey"][0]
    assert steps["after"] == spans["follow_up"][1]
    with pytest.raises(Invalid):
        rehearsing.begin_rehearsal(actor_of(), draft, staff_id=staff_id(), at=in_days(5000))


def test_stages_that_follow_at_once_have_no_moment_between_them(in_app):
    make_officer()
    draft = make_draft()
    stages = {stage.kind.value: stage for stage in draft.stages}
    stages["forum"].opens_at = stages["survey"].closes_at
    db.session.commit()
    assert "summarising" not in {step.name for step in steps_of(draft)}


def test_a_draft_without_dates_says_what_to_do_first(sqlite_app, officer):
    with sqlite_app.app_context():
        for stage in list(get_consultation("late-hours").stages):
            db.session.delete(stage)
        db.session.commit()
    assert "Set the timetable first." in officer.get(f"{DESK}/rehearse").text
