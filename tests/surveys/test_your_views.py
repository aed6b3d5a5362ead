"""Then and now: both answers side by side, for that person alone, and what they say of it."""

import re

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import Role
from consult.audit.models import AuditEntry
from consult.consultations.models import Participant, Wave
from consult.db import db
from consult.surveys.models import Answer, AnswerStatus, Item
from tests.making.accounts import client_as
from tests.making.places import DAY, as_resident, make_place, make_resident
from tests.making.surveys import (
    ANSWERS,
    address,
    answer_until,
    answers_of,
    fill_in,
    hidden_in,
    make_sent,
    send,
    signed_in_again,
)

FIELD = re.compile(r'id="(about-\d+-)words"')


@pytest.fixture
def done(sqlite_app):
    """Somebody who sent both surveys; the follow-up is still open."""
    with sqlite_app.app_context():
        place = make_place("follow_up")
        resident = make_resident(place, is_shared=False)
        make_sent(resident.participant_id, place)
        first = {"hours": {"number": 4}, "depth": {"number": -1}, "words": {"text": "the bakery"}}
        items = {
            item.key: item for item in db.session.scalars(select(Item).filter_by(consultation_id=place.id))
        }
        for key, value in first.items():
            db.session.add(
                Answer(
                    consultation_id=place.id,
                    participant_id=resident.participant_id,
                    item_id=items[key].id,
                    wave=Wave.PRE,
                    form=items[key].form,
                    status=AnswerStatus.ANSWERED,
                    **value,
                )
            )
        client = as_resident(sqlite_app, resident)
        answer_until(client, place.slug, wave="post")
        sent = send(client, place.slug, "post")
        assert sent.location == address(place.slug, "follow-up/sent")
        assert "See then and now" in client.get(sent.location).text
        yield client, place, resident
        db.session.rollback()


def test_both_answers_stand_side_by_side_in_a_picture_and_in_words(done):
    client, place, _ = done
    page = client.get(address(place.slug, "your-views")).text
    assert page.count('role="img"') == 2, "one for each scale that was answered both times"
    assert "Then 4, now 2, on a scale from 1 to 5." in page
    assert 'cx="75.0%"' in page
    assert 'cx="25.0%"' in page
    assert "the bakery" in page
    assert "the old market" in page
    assert "You gave a different answer to 1 of the 2 questions that you answered both times." in page
    assert "The same both times." in page
    assert "Nobody knows yet. It is counted after" in page
    asked_once = re.search(r"In the evening I mostly go ….*?</section>", page, re.DOTALL)
    assert asked_once
    assert "Then" in asked_once[0]
    assert "Now" not in asked_once[0]


def test_what_one_says_of_it_is_saved_and_may_be_changed_until_the_close(done):
    client, place, resident = done
    path = address(place.slug, "your-views")
    [prefix] = FIELD.findall(client.get(path).text)
    saved = fill_in(client, path, {f"{prefix}answer": "What my neighbour wrote"})
    assert (saved.status_code, saved.location) == (303, f"{path}?saved=1")
    assert "Your answers are saved." in client.get(saved.location).text
    assert answers_of(resident.participant_id, "post")["moved"] == ("answered", "What my neighbour wrote")
    fill_in(client, path, {f"{prefix}answer": "A walk at night"})
    assert answers_of(resident.participant_id, "post")["moved"] == ("answered", "A walk at night")
    assert "A walk at night" in client.get(path).text
    fill_in(client, path, {})
    assert answers_of(resident.participant_id, "post")["moved"] == ("skipped", None)


def test_what_is_too_long_is_told_at_its_field_with_everything_kept(done):
    client, place, resident = done
    path = address(place.slug, "your-views")
    [prefix] = FIELD.findall(client.get(path).text)
    answer = fill_in(client, path, {f"{prefix}answer": "x" * 501})
    assert answer.status_code == 422
    assert f'href="#{prefix}words"' in answer.text
    assert "x" * 501 in answer.text
    assert "moved" not in answers_of(resident.participant_id, "post")


def test_after_the_close_it_is_read_and_no_longer_written(done):
    client, place, resident = done
    path = address(place.slug, "your-views")
    form = hidden_in(client.get(path))
    [prefix] = FIELD.findall(client.get(path).text)
    with clock.frozen(clock.now() + 13 * DAY):
        later = as_resident(client.application, signed_in_again(place, resident))
        assert later.get(address(place.slug, "continue")).location == path
        page = later.get(path)
        assert page.status_code == 200
        assert "<textarea" not in page.text
        form["csrf_token"] = later.token_from(address(place.slug, "next"))
        late = later.post(path, data={**form, f"{prefix}answer": "too late"})
        assert late.status_code == 403
        assert "too late" in late.text


def test_whoever_did_not_send_the_follow_up_sees_their_first_answers_after_the_close(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("closed")
        resident = make_resident(place, is_shared=False)
        make_sent(resident.participant_id, place)
        client = as_resident(sqlite_app, resident)
        page = client.get(address(place.slug, "your-views"))
        assert page.status_code == 200
        assert "You did not send the follow-up survey" in page.text
        assert client.get(address(place.slug, "continue")).location == address(place.slug, "next")


@pytest.mark.parametrize("moment", ["survey", "summarising", "forum", "between"])
def test_before_the_follow_up_there_is_no_such_page(sqlite_app, moment):
    with sqlite_app.app_context():
        place = make_place(moment)
        resident = make_resident(place)
        make_sent(resident.participant_id, place)
        client = as_resident(sqlite_app, resident)
        assert client.get(address(place.slug, "your-views")).status_code == 404


def test_nobody_else_sees_it(done, sqlite_app):
    _, place, _ = done
    other = make_resident(place, name="Kind Otter", is_shared=False)
    make_sent(other.participant_id, place)
    make_sent(other.participant_id, place, Wave.POST)
    page = as_resident(sqlite_app, other).get(address(place.slug, "your-views"))
    assert page.status_code == 200
    assert "the bakery" not in page.text
    slug = place.slug
    db.session.commit()  # making staff is a transaction of its own
    officer = client_as(sqlite_app, Role.OFFICER, place)
    assert officer.get(address(slug, "your-views")).status_code == 403


def test_the_page_asks_as_many_statements_for_one_answer_as_for_many(done):
    client, place, resident = done
    path = address(place.slug, "your-views")
    client.get(path)
    many = len(client.statements)
    for answer in db.session.scalars(select(Answer).filter_by(participant_id=resident.participant_id)):
        if answer.item_id != db.session.scalar(select(func.min(Item.id)).filter_by(consultation_id=place.id)):
            db.session.delete(answer)
    db.session.commit()
    client.get(path)
    assert len(client.statements) == many <= 14


def test_a_text_that_suggests_danger_is_kept_shows_help_once_and_raises_a_flag_without_a_word(done):
    client, place, resident = done
    path = address(place.slug, "your-views")
    [prefix] = FIELD.findall(client.get(path).text)
    saved = fill_in(client, path, {f"{prefix}answer": "I want to kill myself"})
    assert saved.location == address(place.slug, "support")
    assert "116 123" in client.get(saved.location).text
    assert answers_of(resident.participant_id, "post")["moved"] == ("answered", "I want to kill myself")
    again = fill_in(client, path, {f"{prefix}answer": "I want to kill myself"})
    assert again.location == f"{path}?saved=1", "not on every repetition"
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.detail.contains("safeguarding")))
    assert entry.subject == place.slug
    assert "kill" not in f"{entry.detail}{entry.subject}{entry.actor}{entry.action}"
    assert f'"participant": {resident.participant_id}' in entry.detail
    assert db.session.get(Participant, resident.participant_id) is not None
    assert ANSWERS["words"]["answer"] not in entry.detail
