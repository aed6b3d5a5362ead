"""A draft becomes public once, whole, and without a trace of its rehearsals."""

import threading
from datetime import timedelta

import pytest
from flask import Flask, request
from sqlalchemy import func, select

from consult.access import Actor, Moment, Role
from consult.accounts.models import StaffRole
from consult.audit.models import AuditEntry
from consult.consultations.models import Consultation, Participant, Rehearsal, State
from consult.consultations.queries import get_consultation, standing_of
from consult.consultations.rehearsing import rehearsing
from consult.consultations.setting_up import EditedMeanwhile
from consult.db import Base, db
from consult.desk import publishing
from consult.desk.rules import Need
from consult.errors import Conflict, Invalid, NotFound, NotPermitted
from consult.forum.posting import begin_thread
from consult.surveys.models import Item
from consult.web.once import new_token
from tests.making.desk import (
    actor_of,
    another_officer,
    fields_of,
    fill,
    in_days,
    make_draft,
    make_officer,
    make_ready,
    officer_client,
    staff_id,
)
from tests.making.joining import make_record, send_join
from tests.making.places import make_place, make_resident
from tests.page_client import PageClient, at_once

DESK, HERE, TITLE = "/officer/late-hours", "/consultations/late-hours", "Late hours in Abbeyford"
# What somebody who takes part leaves in the record.
PERSONAL = (
    "participant",
    "membership",
    "submission",
    "answer",
    "placing",
    "participant_demographic",
    "return_code",
    "resident_session",
    "kept_form",
    "post",
    "post_version",
    "thread",
    "exposure",
)


@pytest.fixture
def officer(sqlite_app: Flask) -> PageClient:
    client = officer_client(sqlite_app)
    with sqlite_app.app_context():
        make_ready()
    return client


def counts() -> dict[str, int]:
    tables = Base.metadata.tables
    return {name: db.session.scalar(select(func.count()).select_from(tables[name])) or 0 for name in PERSONAL}


def unmet(consultation: Consultation) -> set[Need]:
    return {check.need for check in publishing.checks_of(consultation) if not check.is_met}


def draft() -> Consultation:
    return get_consultation("late-hours")


# --- what it must have


def test_a_fresh_draft_lacks_its_words(in_app):
    make_officer()
    assert unmet(make_draft()) == {
        Need.SUMMARY,
        Need.DECISION,
        Need.DECIDED_BY,
        Need.AREA,
        Need.USE,
        Need.TOPIC,
        Need.APPROVED,
    }


def test_a_ready_draft_lacks_nothing(in_app):
    make_officer()
    assert unmet(make_ready()) == set()


@pytest.mark.parametrize(
    ("spoil", "need"),
    [
        (lambda place: setattr(place, "summary", None), Need.SUMMARY),
        (lambda place: setattr(place, "minimum_age", None), Need.AGE),
        (lambda place: setattr(place.stages[0], "opens_at", in_days(-1)), Need.DATES),
        (lambda place: db.session.delete(place.stages[1]), Need.DATES),
        (lambda place: setattr(_item(place), "version", 7), Need.APPROVED),
        (lambda place: setattr(_item(place), "stem", "About [topic] …"), Need.TOPIC),
        (lambda place: setattr(_with_options(place).options[0], "label", "more [topic]"), Need.TOPIC),
    ],
)
def test_each_thing_that_is_missing_is_named_and_publishing_refused(in_app, spoil, need):
    make_officer()
    place = make_ready()
    spoil(place)
    db.session.commit()
    db.session.expire_all()
    assert unmet(place) == {need}
    with pytest.raises(Invalid, match="Something is still missing"):
        publishing.publish(actor_of(), place, version=place.version)
    db.session.rollback()
    assert draft().state is State.DRAFT


def _item(place: Consultation) -> Item:
    return db.session.scalars(select(Item).where(Item.consultation_id == place.id)).first()


def _with_options(place: Consultation) -> Item:
    asked = select(Item).where(Item.consultation_id == place.id, Item.form == "choice")
    return db.session.scalars(asked).first()


def test_one_item_must_be_asked_both_before_and_after(in_app):
    make_officer()
    place = make_ready()
    tables = Base.metadata.tables
    db.session.execute(tables["asked"].delete().where(tables["asked"].c.wave == "pre"))
    db.session.commit()
    assert unmet(place) == {Need.ITEMS}


# --- what happens


def test_everybody_can_read_it_and_its_words_are_fixed(app):
    client = officer_client(app)
    with app.app_context():
        make_ready()
    assert PageClient(app).get(f"{HERE}/").status_code == 404
    answer = fill(client, f"{DESK}/publish", {"title": " late  HOURS in abbeyford "})
    assert (answer.status_code, answer.location) == (303, f"{DESK}/"), answer.text
    page = PageClient(app).get(f"{HERE}/")
    assert page.status_code == 200
    assert "<strong>Neighbours</strong>" in page.text
    with app.app_context():
        place = draft()
        assert (place.state, standing_of(place).moment) == (State.PUBLISHED, Moment.SURVEY)
        assert place.published_at is not None
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "c.open")).one()
        assert (entry.subject, "publish" in entry.detail) == ("late-hours", True)
    assert client.get(f"{DESK}/publish").location == f"{DESK}/"
    assert "were fixed" in client.get(f"{DESK}/about").text


def test_the_title_must_be_typed(sqlite_app, officer):
    for typed, said in (("", "Type the title to confirm"), ("Late hours", "This is not the title.")):
        answer = fill(officer, f"{DESK}/publish", {"title": typed})
        assert answer.status_code == 422, typed
        assert said in answer.text, typed
    with sqlite_app.app_context():
        assert draft().state is State.DRAFT


def test_a_draft_that_lacks_something_has_no_form_and_takes_none(sqlite_app, officer):
    with sqlite_app.app_context():
        draft().summary = None
        db.session.commit()
    page = officer.get(f"{DESK}/publish").text
    assert "You can publish when nothing is missing." in page
    assert 'name="title"' not in page
    answer = post(officer, title=TITLE)
    assert answer.status_code == 422
    with sqlite_app.app_context():
        assert draft().state is State.DRAFT


def post(client: PageClient, **data: str):
    given = {"csrf_token": client.any_token(), "once": new_token(), "version": "1", **data}
    return client.post(f"{DESK}/publish", data=given)


def test_what_changed_since_it_was_looked_at_is_not_published_unseen(sqlite_app, officer):
    page = fields_of(officer.get(f"{DESK}/publish").text)
    with sqlite_app.app_context():
        place = draft()
        place.summary, place.version = "Other words", place.version + 1
        db.session.commit()
    answer = post(officer, **page, title=TITLE)
    assert answer.status_code == 422
    assert "Somebody changed this consultation just now." in answer.text
    with sqlite_app.app_context():
        assert draft().state is State.DRAFT


def test_a_double_click_publishes_once_and_says_so_twice(sqlite_app, officer):
    page = {**fields_of(officer.get(f"{DESK}/publish").text), "title": TITLE}
    for _ in range(2):
        answer = post(officer, **page)
        assert (answer.status_code, answer.location) == (303, f"{DESK}/")
    with sqlite_app.app_context():
        assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "c.open")).all()) == 1


def test_of_two_officers_who_publish_at_once_one_does(app):
    first = officer_client(app)
    with app.app_context():
        make_ready()
    second = another_officer(app, "late-hours")
    pages = [(client, fields_of(client.get(f"{DESK}/publish").text)) for client in (first, second)]
    ends = at_once(lambda client, page: post(client, **page, title=TITLE).status_code, pages)
    assert sorted(ends) == [303, 409]
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "c.open")).all()
        assert len(entries) == 1
        assert draft().version == 2


def test_who_may_not_publish_is_refused(in_app):
    make_officer()
    place = make_ready()
    for actor, refusal in (
        (Actor("staff/2", frozenset(), {place.id: frozenset({Role.MODERATOR})}), NotPermitted),
        (Actor("staff/3", frozenset({Role.ADMINISTRATOR})), NotPermitted),
        (Actor("staff/4", frozenset(), {place.id + 1: frozenset({Role.OFFICER})}), NotFound),
    ):
        with pytest.raises(refusal):
            publishing.publish(actor, place, version=place.version)


def test_what_is_published_is_not_published_again(in_app):
    make_officer()
    place = make_ready()
    publishing.publish(actor_of(), place, version=place.version)
    db.session.commit()
    with pytest.raises(Conflict, match="published already"):
        publishing.publish(actor_of(), place, version=place.version)


def test_a_version_that_nobody_saw_is_not_published(in_app):
    make_officer()
    place = make_ready()
    with pytest.raises(EditedMeanwhile):
        publishing.publish(actor_of(), place, version=place.version + 1)


# --- nothing of a rehearsal stays


def test_nothing_that_was_walked_in_a_rehearsal_is_left(app):
    client = officer_client(app)
    with app.app_context():
        make_ready()
    fill(client, f"{DESK}/rehearse", {"step": "survey"})
    assert send_join(client, "late-hours").status_code == 303
    with app.app_context():
        assert counts()["participant"] == counts()["membership"] == counts()["resident_session"] == 1
        assert counts()["thread"] == 1
    assert fill(client, f"{DESK}/publish", {"title": TITLE}).status_code == 303
    with app.app_context():
        assert counts() == dict.fromkeys(PERSONAL, 0)
        assert db.session.scalars(select(Rehearsal).where(Rehearsal.ended_at.is_(None))).all() == []
    page = client.get(f"{HERE}/").text
    assert "You are rehearsing" not in page
    assert "Carry on" not in page


def test_a_row_in_every_table_of_a_rehearsed_person_goes_and_real_ones_stay(in_app):
    """The real ones came with the draft's bundle."""
    place = make_place("draft")
    real = counts()
    assert real["participant"] == 3
    with rehearsing(place.id, timedelta()):
        thread = begin_thread(place)
        db.session.flush()
        rehearsed = make_resident(place, name="Quiet Heron")
        db.session.get(Participant, rehearsed.participant_id).is_rehearsal = True
        make_record(place, rehearsed, config=in_app.config["CONSULT"])
    assert thread.is_rehearsal
    more = {name: n - real[name] for name, n in counts().items()}
    assert {name for name, n in more.items() if not n} <= {"return_code"}
    assert publishing.forget_rehearsals(place) == 1
    db.session.commit()
    assert counts() == real


def test_a_rehearsal_that_writes_while_it_is_published_leaves_nothing(app):
    """Whoever is writing is waited for and deleted; whoever comes later is told that it is over."""
    client = officer_client(app)
    with app.app_context():
        make_ready()
    fill(client, f"{DESK}/rehearse", {"step": "survey"})
    cookie = client.get_cookie("session").value
    page = fields_of(client.get(f"{DESK}/publish").text)
    start = threading.Barrier(5)

    def join(_n: int) -> int:
        browser = PageClient(app)
        browser.set_cookie("session", cookie)
        form = {"csrf_token": browser.any_token(), "once": new_token(), "area": "yes", "age": "yes"}
        start.wait()
        answer = browser.post(f"{HERE}/join", data={**form, "quote": "yes", "shared": "yes", "agree": "y"})
        return answer.status_code

    def publish(_n: int) -> int:
        browser = PageClient(app)
        browser.set_cookie("session", cookie)
        token = browser.any_token()
        start.wait()
        return browser.post(f"{DESK}/publish", data={"csrf_token": token, **page, "title": TITLE}).status_code

    ends = at_once(lambda deed, n: deed(n), [(join, 1), (join, 2), (publish, 0), (join, 3), (join, 4)])
    assert ends[2] == 303
    assert {ends[0], ends[1], ends[3], ends[4]} <= {303, 403, 404, 409}
    with app.app_context():
        assert counts() == dict.fromkeys(PERSONAL, 0)


@pytest.mark.new_application
def test_a_request_of_a_rehearsal_that_has_ended_writes_nothing(app):
    """It looked before publishing and writes after it: the row that it must hold is gone."""
    ended: list[bool] = []

    @app.before_request
    def _end_in_between() -> None:
        if request.method == "POST" and request.path == f"{HERE}/join" and not ended:
            ended.append(True)
            with app.app_context():
                publishing.end_rehearsals(draft())
                db.session.commit()

    client = officer_client(app)
    with app.app_context():
        make_ready()
    fill(client, f"{DESK}/rehearse", {"step": "survey"})
    answer = send_join(client, "late-hours")
    assert ended == [True]
    assert answer.status_code == 409
    assert "This rehearsal is over." in answer.text
    with app.app_context():
        assert counts()["participant"] == 0


def test_a_real_participant_cannot_join_before_it_is_published(sqlite_app, officer):
    visitor = PageClient(sqlite_app)
    assert visitor.get(f"{HERE}/join").status_code == 404
    assert visitor.post(f"{HERE}/join", data={"csrf_token": visitor.any_token()}).status_code == 404


def test_the_role_of_the_officer_outlives_publishing(sqlite_app, officer):
    fill(officer, f"{DESK}/publish", {"title": TITLE})
    with sqlite_app.app_context():
        held = db.session.scalars(select(StaffRole).where(StaffRole.staff_id == staff_id())).all()
        assert [each.role for each in held] == [Role.OFFICER]
