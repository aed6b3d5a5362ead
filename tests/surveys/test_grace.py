"""Answers at the edges of a stage: before it opens, at its close, and in the half hour after."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.accounts.models import KeptForm
from consult.consultations.models import Consultation, Stage, StageKind, State
from consult.db import db
from consult.surveys.models import Asked, Item
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.making.surveys import (
    ANSWERS,
    address,
    answer_until,
    answers_of,
    fill_in,
    hidden_in,
    item_address,
    send,
    signed_in_again,
    submission_of,
)
from tests.page_client import PageClient

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TEXT = "Short."


def stage_of(place: Consultation, kind: StageKind = StageKind.SURVEY) -> Stage:
    found = db.session.get(Stage, (place.id, kind))
    assert found is not None
    return found


class Edge:
    """Somebody in the middle of the survey, ten seconds before it closes, with the page of words open."""

    def __init__(self, app, *, is_shared: bool = False) -> None:
        with clock.frozen(START):
            self.place = make_place("survey")
        self.closes = stage_of(self.place).closes_at
        self.slug = self.place.slug
        with clock.frozen(self.closes - 10 * SECOND):
            self.resident: MadeResident = make_resident(self.place, is_shared=is_shared)
            self.client: PageClient = as_resident(app, self.resident)
            answer_until(self.client, self.slug, "words")
            self.page = item_address(self.slug, "words")
            self.form = {**hidden_in(self.client.get(self.page)), "answer": TEXT}

    def post(self, after: timedelta, path: str | None = None, **changes):
        """What the server says to the form that long after the close."""
        with clock.frozen(self.closes + after):
            return self.client.post(path or self.page, data={**self.form, **changes})

    @property
    def words(self):
        return answers_of(self.resident.participant_id).get("words")


@pytest.fixture
def edge(sqlite_app):
    with sqlite_app.app_context():
        yield Edge(sqlite_app)
        db.session.rollback()


@pytest.mark.parametrize("after", [-10 * SECOND, -1 * SECOND])
def test_before_the_close_an_answer_is_in_time(edge, after):
    assert edge.post(after).location == item_address(edge.slug, "where")
    assert edge.words == ("answered", TEXT)
    assert submission_of(edge.resident.participant_id).late is False


@pytest.mark.parametrize("after", [0 * SECOND, 10 * SECOND, 30 * MINUTE - SECOND])
def test_a_page_opened_in_time_is_taken_for_half_an_hour_and_marked_late(edge, after):
    done = edge.post(after)
    assert (done.status_code, done.location) == (303, address(edge.slug, "survey/check"))
    assert edge.words == ("answered", TEXT)
    assert submission_of(edge.resident.participant_id).late is True


@pytest.mark.parametrize("after", [30 * MINUTE, 30 * MINUTE + SECOND, timedelta(hours=7)])
def test_after_that_the_text_is_shown_back_and_nothing_is_kept(edge, after):
    answer = edge.post(after)
    assert answer.status_code == 403
    assert TEXT in answer.text, "also a text that is short"
    assert "We could not save this" in answer.text
    assert address(edge.slug, "next") in answer.text, "it is no dead end"
    assert edge.words is None


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "rubbish",
        "x" * 5000,
        "WzEsInByZS8xIiwxXQ.AAAA",
    ],
)
def test_without_a_true_stamp_there_is_no_grace(edge, stamp):
    assert edge.post(10 * SECOND, opened=stamp).status_code == 403
    assert edge.words is None


def test_the_stamp_of_another_page_or_person_gives_no_grace(edge, sqlite_app):
    with clock.frozen(edge.closes - 5 * SECOND):
        other = make_resident(edge.place, name="Kind Otter", is_shared=False)
        theirs = as_resident(sqlite_app, other)
        answer_until(theirs, edge.slug, "words")
        their_stamp = hidden_in(theirs.get(edge.page))["opened"]
        other_page = hidden_in(edge.client.get(item_address(edge.slug, "hours")))["opened"]
    assert edge.post(10 * SECOND, opened=their_stamp).status_code == 403
    assert edge.post(10 * SECOND, opened=other_page).status_code == 409
    assert edge.words is None


def test_a_page_that_was_opened_after_the_close_gives_nothing(edge):
    with clock.frozen(edge.closes + SECOND):
        answer = edge.client.get(edge.page)
    assert answer.status_code == 403
    assert "The starting survey is not open now." in answer.text


def test_whoever_was_caught_in_the_middle_may_send_what_there_is(edge):
    edge.post(10 * SECOND)
    with clock.frozen(edge.closes + 20 * MINUTE):
        checked = edge.client.get(address(edge.slug, "survey/check"))
        assert "You were in the middle" in checked.text
        assert ">Change<" not in checked.text
        assert send(edge.client, edge.slug).location == address(edge.slug, "survey/sent")
    sent = submission_of(edge.resident.participant_id)
    assert (sent.status, sent.late) == ("submitted", True)


def test_half_an_hour_after_the_close_nobody_sends_any_more(edge):
    edge.post(10 * SECOND)
    with clock.frozen(edge.closes + 20 * MINUTE):
        form = hidden_in(edge.client.get(address(edge.slug, "survey/check")))
    with clock.frozen(edge.closes + 30 * MINUTE):
        assert edge.client.post(address(edge.slug, "survey/check"), data=form).status_code == 403
        assert edge.client.get(address(edge.slug, "survey/check")).status_code == 403
    assert submission_of(edge.resident.participant_id).status == "started"


def test_a_list_that_was_open_at_the_close_can_still_be_sent(edge):
    with clock.frozen(edge.closes - SECOND):
        for key in ("words", "where", "often", "policy", "fact"):
            fill_in(edge.client, item_address(edge.slug, key), ANSWERS[key])
        form = hidden_in(edge.client.get(address(edge.slug, "survey/check")))
    with clock.frozen(edge.closes + 29 * MINUTE):
        assert edge.client.post(address(edge.slug, "survey/check"), data=form).status_code == 303
    sent = submission_of(edge.resident.participant_id)
    assert (sent.status, sent.late) == ("submitted", True)


def test_whoever_never_began_cannot_begin_in_the_half_hour(edge, sqlite_app):
    with clock.frozen(edge.closes - SECOND):
        other = make_resident(edge.place, name="Kind Otter", is_shared=False)
    with clock.frozen(edge.closes + SECOND):
        client = as_resident(sqlite_app, other)
        assert client.get(address(edge.slug, "survey/1")).status_code == 403
        assert client.get(address(edge.slug, "survey/check")).status_code == 403
        token = hidden_in(edge.client.get(address(edge.slug, "next")))["csrf_token"]
        assert token
    assert answers_of(other.participant_id) == {}


def test_the_first_answer_after_the_close_stores_that_the_stage_has_closed(edge):
    edge.post(10 * SECOND)
    db.session.expire_all()
    closed_at = stage_of(edge.place).closed_at
    assert closed_at == edge.closes + 10 * SECOND
    # The clock goes back: the stage stays closed for whoever comes new; who was in it is still taken.
    with clock.frozen(edge.closes - 5 * SECOND):
        assert edge.client.get(edge.page).status_code == 403
    assert edge.post(-5 * SECOND, answer="Still there.").status_code == 303


@pytest.mark.parametrize("state", [State.CLOSED, State.ARCHIVED])
def test_a_consultation_that_an_officer_has_closed_takes_nothing_more(edge, state):
    edge.place.state = state
    db.session.commit()
    assert edge.post(10 * SECOND).status_code == 403
    assert edge.words is None


def test_a_stage_that_an_officer_closed_early_leaves_half_an_hour_from_then(edge):
    stage_of(edge.place).closed_at = edge.closes - 5 * SECOND
    db.session.commit()
    assert edge.post(30 * MINUTE - 6 * SECOND).status_code == 303
    assert edge.post(30 * MINUTE - 4 * SECOND).status_code == 403


def test_nothing_is_taken_before_the_stage_opens(sqlite_app):
    with sqlite_app.app_context():
        with clock.frozen(START):
            place = make_place("survey")
        opens = stage_of(place).opens_at
        with clock.frozen(opens - SECOND):
            resident = make_resident(place, is_shared=False)
            client = as_resident(sqlite_app, resident)
            early = client.get(address(place.slug, "survey/1"))
            assert early.status_code == 403
            assert client.get(address(place.slug, "continue")).location == address(place.slug, "next")
            assert client.get(address(place.slug, "next")).status_code == 200
        with clock.frozen(opens):
            assert client.get(address(place.slug, "survey/1")).status_code == 200


@pytest.mark.parametrize("moment", ["summarising", "forum", "between", "follow_up", "closed"])
def test_in_no_other_stage_is_an_answer_of_the_survey_taken(app, moment):
    with app.app_context():
        with clock.frozen(START):
            survey = make_place("survey")
            resident = make_resident(survey, is_shared=False)
            client = as_resident(app, resident)
            form = {**hidden_in(client.get(address(survey.slug, "survey/1"))), "answer": "2"}
            later = {
                "summarising": timedelta(days=15),
                "forum": timedelta(days=22),
                "between": timedelta(days=45),
                "follow_up": timedelta(days=50),
                "closed": timedelta(days=70),
            }[moment]
            survey.presented_at = START + timedelta(days=20)
            db.session.commit()
        with clock.frozen(START + later):
            client = as_resident(app, signed_in_again(survey, resident))
            form["csrf_token"] = client.token_from(address(survey.slug, "next"))
            assert client.get(address(survey.slug, "survey/1")).status_code == 403
            answer = client.post(address(survey.slug, "survey/1"), data=form)
            assert answer.status_code == 403
        assert answers_of(resident.participant_id) == {}


@pytest.fixture
def shared(sqlite_app):
    """The same on a shared computer, where a session ends after a quarter of an hour."""
    with sqlite_app.app_context():
        yield Edge(sqlite_app, is_shared=True)
        db.session.rollback()


def come_back(edge: Edge, after: timedelta):
    """The page that somebody finds who has entered their code again."""
    with clock.frozen(edge.closes + after):
        edge.client = as_resident(edge.client.application, signed_in_again(edge.place, edge.resident))
        return edge.client.get(edge.page)


def test_what_was_typed_when_the_session_ended_is_there_after_the_code_also_after_the_close(shared):
    lost = shared.post(16 * MINUTE)
    assert lost.status_code in {302, 303}
    assert lost.location.startswith("/return")
    page = come_back(shared, 20 * MINUTE)
    assert page.status_code == 200
    assert TEXT in page.text
    assert hidden_in(page)["opened"] == shared.form["opened"], "the page keeps the time of its first opening"
    with clock.frozen(shared.closes + 21 * MINUTE):
        again = shared.client.post(shared.page, data={**hidden_in(page), "answer": TEXT})
    assert again.status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(KeptForm)).all() == [], "nothing waits any more"
    assert shared.words == ("answered", TEXT)


def test_what_was_kept_is_shown_for_copying_when_it_comes_too_late(shared):
    shared.post(16 * MINUTE)
    page = come_back(shared, 31 * MINUTE)
    assert page.status_code == 403
    assert TEXT in page.text
    assert shared.words is None


def test_an_item_that_was_taken_out_gives_the_text_back(edge):
    edge.place.state = State.DRAFT  # what the record would refuse in a published one
    db.session.commit()
    words = db.session.scalar(select(Item).filter_by(consultation_id=edge.place.id, key="words"))
    db.session.delete(db.session.get(Asked, (words.id, "pre")))
    db.session.commit()
    edge.place.state = State.PUBLISHED
    db.session.commit()
    answer = edge.post(-5 * SECOND)
    assert answer.status_code == 409
    assert TEXT in answer.text
    assert "changed or taken out" in answer.text
