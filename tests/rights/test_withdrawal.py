"""Leaving for good: what is gone at once, what stays, and that everybody is still accounted for."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from consult import tables
from consult.access import OPERATOR, Actor, Role
from consult.accounts import codes, resident_sessions
from consult.accounts.models import KeptForm, ResidentSession, ReturnCode
from consult.audit.models import AuditEntry
from consult.bundles.service import dump_bundle
from consult.consultations.models import Membership, Participant, Submission
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.errors import NotPermitted
from consult.forum.models import Exposure, Post, PostKind, PostState, PostVersion, Thread
from consult.recruitment.models import ParticipantDemographic
from consult.rights.service import withdraw
from consult.surveys.models import Answer, Placing
from tests.making.joining import form_of, make_code, make_record
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.page_client import at_once

WORDS = "Owls at Tuesday noon"
PATH = "/consultations/forum-place/about-me/withdraw"


@pytest.fixture
def config(in_app):
    return in_app.config["CONSULT"]


@pytest.fixture
def place(in_app):
    return make_place("forum")


@pytest.fixture
def resident(place, config) -> MadeResident:
    made = make_resident(place)
    make_record(place, made, config=config, words=WORDS)
    return made


@pytest.fixture
def code(resident, config) -> str:
    return make_code(resident, config=config)


@pytest.fixture
def browser(in_app, resident, code):
    return as_resident(in_app, resident)


def leave(browser, answers: str):
    page = f"{PATH}?answers={answers}"
    return browser.post(PATH, data=form_of(browser, page, answers=answers, confirmed="yes"))


def count(model, **columns) -> int:
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**columns))


def test_leaving_takes_two_steps_and_the_first_changes_nothing(browser, resident):
    answer = browser.send(PATH, {"answers": "delete"})
    assert (answer.status_code, answer.location) == (303, f"{PATH}?answers=delete")
    page = browser.get(answer.location).text
    assert "We delete your answers" in page
    assert "Leave and delete my answers" in page
    assert count(Answer, participant_id=resident.participant_id) == 4


@pytest.mark.parametrize("typed", [{}, {"answers": ""}, {"answers": "both"}, {"confirmed": "yes"}])
def test_without_a_choice_nobody_leaves(browser, resident, typed):
    answer = browser.send(PATH, typed)
    assert answer.status_code == 422
    assert '<a href="#answers">Choose what we do with your answers</a>' in answer.text
    assert db.session.get(Membership, resident.participant_id).withdrawn_at is None


@pytest.mark.parametrize("answers", ["keep", "delete"])
def test_name_code_sessions_and_kept_forms_are_gone_at_once(in_app, browser, resident, code, config, answers):
    elsewhere = resident_sessions.begin(resident.participant_id, resident.consultation_id, is_shared=False)
    answer = leave(browser, answers)
    assert (answer.status_code, answer.location) == (303, "/withdrawn")
    me = resident.participant_id
    member = db.session.get(Membership, me)
    assert member.withdrawn_at is not None
    assert member.keeps_answers is (answers == "keep")
    assert (member.display_name, member.name_key, member.messages) == (None, None, False)
    assert db.session.get(Participant, me).quote is False
    for model in (ReturnCode, ResidentSession, KeptForm):
        assert count(model, participant_id=me) == 0
    assert codes.find_owner(code, config=config) is None
    assert resident_sessions.find(resident.session_id) is resident_sessions.find(elsewhere) is None


def test_with_the_answers_kept_they_stand_under_their_number_as_before(browser, resident):
    leave(browser, "keep")
    me = resident.participant_id
    assert count(Answer, participant_id=me) == 4
    assert count(Submission, participant_id=me) == count(ParticipantDemographic, participant_id=me) == 1
    assert count(Exposure, participant_id=me) == 1
    post = db.session.scalars(select(Post).filter_by(participant_id=me)).one()
    assert (post.state, post.body) == (PostState.WITHDRAWN, WORDS)


def test_with_the_answers_deleted_nothing_of_what_was_said_is_anywhere_in_the_database(browser, resident):
    leave(browser, "delete")
    me = resident.participant_id
    for model in (Answer, Submission, ParticipantDemographic, Exposure):
        assert count(model, participant_id=me) == 0
    assert count(PostVersion) == count(Placing) == 0
    post = db.session.scalars(select(Post).filter_by(participant_id=me)).one()
    assert (post.state, post.title, post.body) == (PostState.WITHDRAWN, None, "")
    person = db.session.get(Participant, me)
    assert (person.channel_id, person.group_id, person.language) == (None, None, None)
    found = [
        table.name
        for table in tables.METADATA.sorted_tables
        for row in db.session.execute(select(table))
        if WORDS in repr(row) or "Quiet Heron" in repr(row)
    ]
    assert found == []


def test_a_post_that_a_moderator_has_hidden_stays_hidden_and_loses_its_words(browser, resident):
    post = db.session.scalars(select(Post).filter_by(participant_id=resident.participant_id)).one()
    post.state = PostState.HIDDEN
    leave(browser, "delete")
    assert (post.state, post.body) == (PostState.HIDDEN, "")


def test_replies_to_what_was_withdrawn_stay_where_they_are(browser, resident, place):
    mine = db.session.scalars(select(Post).filter_by(participant_id=resident.participant_id)).one()
    reply = Post(
        consultation_id=place.id,
        thread_id=mine.thread_id,
        parent_id=mine.id,
        key="answer",
        kind=PostKind.POST,
        created_at=mine.created_at,
        body="I have seen them too.",
    )
    db.session.add(reply)
    db.session.commit()
    leave(browser, "delete")
    assert (reply.parent_id, reply.body) == (mine.id, "I have seen them too.")


def test_everybody_who_joined_is_still_accounted_for(in_app, browser, resident, place, tmp_path: Path):
    before = count(Participant)
    leave(browser, "delete")
    assert count(Participant) == before
    key = db.session.get(Participant, resident.participant_id).key
    dump_bundle(OPERATOR, place, tmp_path / "out")
    assert key in (tmp_path / "out" / "participants.csv").read_text(encoding="utf-8")
    assert WORDS not in "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())


def test_nobody_elses_things_are_touched(in_app, browser, resident, place, config):
    other = make_resident(place, name="Brave Wren")
    theirs = make_code(other, config=config)
    thread = db.session.scalars(select(Thread).filter_by(consultation_id=place.id)).first()
    others = {
        table.name: count_of(table) for table in (Post.__table__, Thread.__table__, Membership.__table__)
    }
    leave(browser, "delete")
    assert others == {
        table.name: count_of(table) for table in (Post.__table__, Thread.__table__, Membership.__table__)
    }
    assert thread is not None
    assert codes.is_code_of(other.participant_id, theirs, config=config)
    assert resident_sessions.find(other.session_id) is not None


def count_of(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_afterwards_the_browser_is_nobodys_and_every_form_is_refused(in_app, browser, resident):
    old = browser.get_cookie("session").value
    leave(browser, "keep")
    again = as_resident(in_app, resident)
    assert again.get("/consultations/forum-place/about-me").location == "/consultations/forum-place/"
    browser.set_cookie("session", old)
    for path in ("about-me/agreed", "about-me/withdraw", "join/about-you/1"):
        answer = again.post(
            f"/consultations/forum-place/{path}", data={"csrf_token": again.any_token(), "said": "own"}
        )
        assert answer.status_code == 403


def test_the_page_after_leaving_says_nothing_of_who(browser, resident):
    page = browser.get(leave(browser, "delete").location)
    assert page.status_code == 200
    assert "You have left the consultation" in page.text
    assert "Heron" not in page.text
    assert "Abbeyford (forum)" not in page.text


def test_the_trail_says_that_somebody_left_and_what_became_of_their_answers(browser, resident):
    leave(browser, "delete")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.withdraw")).one()
    assert (entry.subject, entry.detail) == ("forum-place", '{"answers": "deleted"}')
    assert not re.search("Heron|Owls", f"{entry.actor} {entry.detail}")


@pytest.mark.parametrize("moment", ["survey", "summarising", "forum", "between", "follow_up", "closed"])
def test_one_can_leave_at_any_moment(in_app, moment):
    slug = moment.replace("_", "-") + "-place"
    resident = make_resident(make_place(moment))
    client = as_resident(in_app, resident)
    path = f"/consultations/{slug}/about-me/withdraw"
    form = form_of(client, f"{path}?answers=keep", answers="keep", confirmed="yes")
    assert client.post(path, data=form).location == "/withdrawn"


def test_the_name_is_free_again_for_others(in_app, browser, resident, place):
    leave(browser, "keep")
    other = make_resident(place, name="Brave Wren")
    member = db.session.get(Membership, other.participant_id)
    member.display_name, member.name_key = "Quiet Heron", "quiet heron"
    db.session.commit()


def actor_of(resident: MadeResident) -> Actor:
    roles = {resident.consultation_id: frozenset({Role.RESIDENT})}
    return Actor("participant/1", frozenset(), roles, participant_id=resident.participant_id)


def test_of_ten_windows_in_which_somebody_leaves_at_once_one_does(app):
    with app.app_context():
        place = make_place("forum")
        resident = make_resident(place)
        slug = place.slug

    def go(keeps: bool) -> str:
        with app.app_context():
            try:
                withdraw(
                    actor_of(resident),
                    get_consultation(slug),
                    resident.participant_id,
                    keeps_answers=keeps,
                    config=app.config["CONSULT"],
                )
                db.session.commit()
            except NotPermitted:
                return "refused"
            return "left"

    ended = at_once(go, [(n % 2 == 0,) for n in range(10)])
    assert sorted(ended) == ["left"] + ["refused"] * 9
    with app.app_context():
        assert (
            db.session.scalar(
                select(func.count()).select_from(AuditEntry).filter_by(action="consent.withdraw")
            )
            == 1
        )
