"""The browser of the tests fails when it should: one planted fault for each thing that it judges."""

import pytest
from flask import Flask, Response, redirect, render_template_string
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from consult.accounts.models import Staff
from consult.clock import now
from consult.consultations.models import Consultation, State
from consult.db import db
from tests.making.accounts import make_consultation, make_staff, sign_in
from tests.page_client import PageClient

pytestmark = pytest.mark.new_application  # most add a page that is wrong

GOOD = """{% extends "layouts/base.html" %}{% block title %}Good page{% endblock %}
{% block content %}<h1>Good page</h1>{% endblock %}"""


def page(content: str = "") -> str:
    return render_template_string(GOOD.replace("</h1>", f"</h1>{content}"))


@pytest.fixture
def planted(sqlite_app: Flask):
    """A browser of an application with one more route."""

    def plant(view, methods=("GET",)):
        sqlite_app.config["WTF_CSRF_ENABLED"] = False
        sqlite_app.add_url_rule("/planted", "planted", view, methods=methods)
        return PageClient(sqlite_app)

    return plant


def add_a_consultation() -> None:
    db.session.add(Consultation(slug="x", title="X", state=State.DRAFT))


def flush_only() -> str:
    add_a_consultation()
    db.session.flush()
    return page()


def forget_to_flush() -> str:
    add_a_consultation()
    return page()


def update_only() -> str:
    db.session.execute(update(Consultation).values(title="Y"))
    return page()


def commit() -> str:
    add_a_consultation()
    db.session.commit()
    return page()


def roll_back() -> str:
    add_a_consultation()
    db.session.flush()
    db.session.rollback()
    return page()


def in_a_session_apart() -> str:
    with Session(db.engine) as session:
        session.add(Consultation(slug="x", title="X", state=State.DRAFT))
        session.commit()
    return page()


def test_a_good_page_passes(planted):
    assert planted(page).get("/planted").status_code == 200


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("<p>never closed<div></p>", "not well-formed"),
        ("<h1>Another</h1>", "2 h1"),
        ('<i id="a"></i><i id="a"></i>', 'id "a"'),
        ('<img src="https://elsewhere.example/x.png" alt="">', "another host"),
        ('<p style="color: red">x</p>', "style attribute"),
        ("<script>alert(1)</script>", "inline script"),
        ('<form method="post" novalidate></form>', "csrf_token"),
    ],
)
def test_bad_html_fails(planted, content, complaint):
    with pytest.raises(AssertionError, match=complaint):
        planted(lambda: page(content)).get("/planted")


def test_a_part_of_a_page_is_judged_as_a_part(planted):
    client = planted(lambda: "<p>only this</p>")
    assert client.get("/planted", headers={"HX-Request": "true"}).status_code == 200
    with pytest.raises(AssertionError, match="h1"):
        client.get("/planted")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("Content-Security-Policy", "default-src *", "Content-Security-Policy is"),
        ("X-Content-Type-Options", "", "X-Content-Type-Options is"),
        ("Cache-Control", "public, max-age=60", "may be cached"),
        ("Set-Cookie", "a=b; Path=/; SameSite=Lax", "scripts or other sites"),
        ("Set-Cookie", "a=b; Path=/; HttpOnly", "scripts or other sites"),
        (
            "Set-Cookie",
            "a=b; Path=/; HttpOnly; SameSite=Lax; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
            "outlives the browser",
        ),
    ],
)
def test_a_bad_header_fails(planted, name, value, complaint):
    client = planted(page)

    def spoil(response: Response) -> Response:
        response.headers[name] = value
        return response

    # The first to be registered is the last to run: after our own, which puts such things right.
    client.application.after_request_funcs[None].insert(0, spoil)
    with pytest.raises(AssertionError, match=complaint):
        client.get("/planted")


def test_a_redirect_to_another_site_fails(planted):
    with pytest.raises(AssertionError, match=r"leads to evil\.example"):
        planted(lambda: redirect("https://evil.example/")).get("/planted")


def test_following_redirects_unseen_fails(planted):
    with pytest.raises(AssertionError, match="by hand"):
        planted(page).get("/planted", follow_redirects=True)


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        (flush_only, "not committed or rolled back: consultation"),
        (update_only, "not committed or rolled back: consultation"),
        (forget_to_flush, "changed and never flushed: Consultation"),
    ],
)
def test_work_left_uncommitted_fails(planted, view, complaint):
    with pytest.raises(AssertionError, match=complaint):
        planted(view, methods=["POST"]).post("/planted")


@pytest.mark.parametrize("view", [commit, roll_back, in_a_session_apart])
def test_work_that_was_ended_passes(planted, view):
    assert planted(view, methods=["POST"]).post("/planted").status_code == 200


@pytest.mark.parametrize("view", [commit, in_a_session_apart, roll_back])
def test_a_get_that_writes_fails_even_if_it_ended_its_work(planted, view):
    with pytest.raises(AssertionError, match="a GET wrote to consultation"):
        planted(view).get("/planted")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM consultation",
        'UPDATE "consultation" SET title = title',
        "  insert or ignore into consultation (slug, title, state) VALUES ('x', 'X', 'draft')",
        "REPLACE INTO consultation (slug, title, state) VALUES ('x', 'X', 'draft')",
    ],
)
def test_a_get_that_writes_by_hand_fails(planted, statement):
    def write() -> str:
        db.session.execute(text(statement))
        db.session.commit()
        return page()

    with pytest.raises(AssertionError, match="a GET wrote to consultation"):
        planted(write).get("/planted")


def test_the_last_use_of_a_session_may_be_written_by_a_get(in_app):
    client = sign_in(PageClient(in_app), make_staff())
    db.session.execute(text("UPDATE staff_session SET last_seen_at = began_at"))
    assert client.get("/staff/").status_code == 200


def test_a_test_that_holds_a_context_does_not_lend_it_to_the_request(in_app):
    """Else the request would share `g` and the session with the test, and pass for wrong reasons."""
    staff = make_staff()
    client = sign_in(PageClient(in_app), staff)
    stranger = PageClient(in_app)
    assert client.get("/staff/").status_code == 200
    assert stranger.get("/staff/").status_code == 302


def test_a_request_sees_what_the_test_has_made_and_the_test_what_the_request_has(in_app):
    place = make_consultation()
    place.title = "Changed by the test"
    staff = db.session.scalars(select(Staff)).all()
    assert staff == []
    made = make_staff(consultation=place)
    account = db.session.get(Staff, made.id)
    before = account.last_totp_step
    sign_in(PageClient(in_app), made)
    assert account.last_totp_step > before
    assert place.title == "Changed by the test"
    assert account.added_at <= now()
