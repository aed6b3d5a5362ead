"""The public pages: what is open, coming and finished; each consultation; nothing of a draft anywhere."""

from datetime import timedelta

import pytest
from flask import Flask

from consult import clock
from consult.access import Role
from consult.consultations.models import StageChange, StageKind
from consult.db import db
from tests.making.accounts import client_as
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient

CANARY = "Xylograph"


def test_the_front_page_says_what_is_open_comes_and_is_finished(app: Flask):
    with app.app_context():
        for moment in ("survey", "forum", "follow_up", "closed"):
            make_place(moment)
        now = clock.now()
    page = PageClient(app).get("/").text
    assert page.index("Open now") < page.index("(survey)") < page.index("Finished") < page.index("(closed)")
    assert "Stage 1 of 3" in page
    assert "Stage 2 of 3" in page
    with clock.frozen(now - timedelta(days=3)):
        assert "Coming soon" in PageClient(app).get("/").text


def test_the_front_page_takes_a_code(sqlite_app: Flask):
    page = PageClient(sqlite_app).get("/").text
    assert 'action="/return"' in page
    assert 'name="code"' in page


def test_a_front_page_of_nothing_says_so(sqlite_app: Flask):
    assert "There are no consultations at the moment." in PageClient(sqlite_app).get("/").text


@pytest.mark.parametrize(
    ("moment", "says", "not_says"),
    [
        ("survey", "Start now", "Read the forum"),
        ("summarising", "Return with your code", "Start now"),
        ("forum", "Read the forum", "Start now"),
        ("follow_up", "Return with your code", "Start now"),
        ("closed", "This consultation has closed.", "Start now"),
    ],
)
def test_the_page_leads_to_what_can_be_done_now(app: Flask, moment: str, says: str, not_says: str):
    with app.app_context():
        slug = make_place(moment).slug
    page = PageClient(app).get(f"/consultations/{slug}/").text
    assert says in page
    assert not_says not in page


def test_somebody_who_takes_part_carries_on(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("survey")
        client = as_resident(sqlite_app, make_resident(place))
    page = client.get(f"/consultations/{place.slug}/").text
    assert "Carry on" in page
    assert "Start now" not in page


def test_what_officers_write_is_shown_as_text_and_never_as_markup(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("survey")
        place.summary = "Some *words*.\n\n<script>alert(1)</script> [x](javascript:alert(1))"
        place.decision, place.incentive = "<b>bold</b>", '"><img src=x onerror=alert(1)>'
        db.session.commit()
        slug = place.slug
    page = PageClient(sqlite_app).get(f"/consultations/{slug}/").text
    assert "<em>words</em>" in page
    for bad in ("<script>alert", 'href="javascript:', "<b>bold", "<img src=x"):
        assert bad not in page


def test_a_draft_is_seen_by_its_staff_and_by_nobody_else(app: Flask):
    with app.app_context():
        place = make_place("draft")
        place.title = CANARY
        db.session.commit()
        slug = place.slug
    staff = client_as(app, Role.OFFICER, place)
    administrator = client_as(app, Role.ADMINISTRATOR)
    assert CANARY in staff.get(f"/consultations/{slug}/").text
    assert administrator.get(f"/consultations/{slug}/").status_code == 200
    stranger = PageClient(app)
    gone, never = stranger.get(f"/consultations/{slug}/"), stranger.get("/consultations/never-was/")
    assert gone.status_code == never.status_code == 404
    assert CANARY not in gone.text + stranger.get("/").text
    assert len(gone.data) == len(never.data)


def test_dates_that_were_moved_are_shown_to_everybody(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("survey")
        now = clock.now()
        db.session.add(
            StageChange(
                consultation_id=place.id,
                kind=StageKind.SURVEY,
                changed_at=now,
                opened_before=now,
                closed_before=now + timedelta(days=1),
                opens_at=now,
                closes_at=now + timedelta(days=8),
                reason="The library was closed for a week.",
            )
        )
        db.session.commit()
        slug = place.slug
    page = PageClient(sqlite_app).get(f"/consultations/{slug}/").text
    assert "Dates that have changed (1)" in page
    assert "The library was closed for a week." in page


def test_the_front_page_asks_the_same_number_of_questions_for_one_and_for_many(app: Flask):
    with app.app_context():
        make_place("survey")
    client = PageClient(app)
    client.get("/")
    few = len(client.statements)
    with app.app_context():
        for n in range(8):
            make_place("forum", slug=f"place-{n}")
    client.get("/")
    assert len(client.statements) == few


@pytest.mark.parametrize("path", ["/privacy", "/accessibility", "/cookies", "/methods"])
def test_the_notices_are_there_for_everybody_and_linked_from_each_page(sqlite_app: Flask, path: str):
    client = PageClient(sqlite_app)
    assert client.get(path).status_code == 200
    assert f'href="{path}"' in client.get("/").text
    assert f'href="{path}"' in client.get("/no-such-page").text
