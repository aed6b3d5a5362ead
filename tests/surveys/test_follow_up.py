"""The follow-up: the very same items, without the first answers, and final once it is sent."""

import re

import pytest
from sqlalchemy import update

from consult import clock
from consult.consultations.models import Submission, Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.surveys.models import Answer, Asked, Item
from tests.making.places import DAY, MadeResident, as_resident, make_place, make_resident
from tests.making.surveys import (
    AFTER,
    ANSWERS,
    address,
    answer_all,
    answer_until,
    answers_of,
    fill_in,
    hidden_in,
    item_address,
    make_sent,
    send,
    signed_in_again,
    submission_of,
)
from tests.page_client import PageClient

RADIOS = re.compile(r'<input class="govuk-radios__input"[^>]* value="([^"]*)"')
CANARY = "zebra crossing by the mill"


@pytest.fixture
def walked(sqlite_app):
    """Somebody who sent the starting survey, seven weeks later, when the follow-up is open."""
    with sqlite_app.app_context():
        place = make_place("survey")
        resident = make_resident(place, is_shared=False)
        client = as_resident(sqlite_app, resident)
        orders = {}
        for key in ("hours", "depth", "agree", "words", "where", "often", "policy", "fact"):
            page = client.get(item_address(place.slug, key))
            orders[key] = RADIOS.findall(page.text) or re.findall(r'for="(place-\d)"', page.text)
            data = {"answer": CANARY} if key == "words" else ANSWERS[key]
            fill_in(client, item_address(place.slug, key), data)
        send(client, place.slug)
        place.presented_at = clock.now()
        db.session.commit()
        with clock.frozen(clock.now() + 50 * DAY):
            client = as_resident(sqlite_app, signed_in_again(place, resident))
            yield client, place.slug, resident, orders
        db.session.rollback()


def test_the_follow_up_asks_the_same_in_the_same_order(walked):
    client, slug, _, orders = walked
    assert client.get(address(slug, "continue")).location == address(slug, "follow-up/1")
    for key in AFTER:
        page = client.get(item_address(slug, key, "post"))
        seen = RADIOS.findall(page.text) or re.findall(r'for="(place-\d)"', page.text)
        if key in orders:
            assert seen == orders[key], key
        fill_in(client, item_address(slug, key, "post"), ANSWERS[key])


def test_the_first_answers_are_shown_nowhere_before_the_follow_up_is_sent(walked):
    client, slug, _, _ = walked
    paths = ["next", "continue", "follow-up/1", "your-views", "survey/4", "survey/check", "survey/sent"]
    for path in paths:
        answer = client.get(address(slug, path))
        assert CANARY not in answer.text, path
    assert client.get(address(slug, "your-views")).location == address(slug, "continue")
    answer_until(client, slug, "words", "post")
    page = client.get(item_address(slug, "words", "post"))
    assert CANARY not in page.text
    assert " checked" not in client.get(item_address(slug, "often", "post")).text
    answer_until(client, slug, wave="post")
    assert CANARY not in client.get(address(slug, "follow-up/check")).text
    send(client, slug, "post")
    assert CANARY in client.get(address(slug, "your-views")).text


def test_the_answers_are_of_the_same_rows(app):
    with app.app_context():
        place = make_place("survey")
        resident = make_resident(place, is_shared=False)
        answer_all(as_resident(app, resident), place.slug)
        place.presented_at = clock.now()
        db.session.commit()
        with clock.frozen(clock.now() + 50 * DAY):
            client = as_resident(app, signed_in_again(place, resident))
            answer_all(client, place.slug, "post")
        before, after = answers_of(resident.participant_id), answers_of(resident.participant_id, "post")
        assert set(before) - set(after) == {"where"}
        assert set(after) - set(before) == {"learnt"}
        assert submission_of(resident.participant_id, "post").status == "submitted"


def test_the_follow_up_is_final_once_it_is_sent(walked):
    client, slug, resident, _ = walked
    form = hidden_in(client.get(address(slug, "follow-up/1")))
    answer_until(client, slug, wave="post")
    assert (
        "You cannot change these answers after you send them"
        in client.get(address(slug, "follow-up/check")).text
    )
    assert send(client, slug, "post").location == address(slug, "follow-up/sent")
    changed = client.post(address(slug, "follow-up/1"), data={**form, "answer": "1"})
    assert changed.status_code == 409
    assert "It cannot be changed" in changed.text
    assert answers_of(resident.participant_id, "post")["hours"] == ("answered", 2)
    assert client.get(address(slug, "follow-up/1")).location == address(slug, "your-views")
    assert client.get(address(slug, "follow-up/check")).location == address(slug, "your-views")
    again = client.post(address(slug, "follow-up/check"), data=form)
    assert again.location == address(slug, "follow-up/sent"), "sending twice is sending once"


class Unsent:
    """Somebody who never sent the starting survey, when the follow-up is open."""

    def __init__(self, app) -> None:
        self.slug = make_place("follow_up").slug
        self.resident: MadeResident = make_resident(get_consultation(self.slug), is_shared=False)
        self.client: PageClient = as_resident(app, self.resident)


@pytest.fixture
def unsent(sqlite_app):
    with sqlite_app.app_context():
        yield Unsent(sqlite_app)
        db.session.rollback()


def test_whoever_never_sent_the_first_survey_is_told_kindly(unsent):
    client, slug = unsent.client, unsent.slug
    for path in ("follow-up/1", "follow-up/check"):
        assert client.get(address(slug, path)).location == address(slug, "next")
    assert client.get(address(slug, "continue")).location == address(slug, "next")
    told = client.get(address(slug, "next"))
    assert "there is nothing to compare" in told.text
    assert "Read the forum" in told.text


def test_whoever_never_sent_the_first_survey_can_save_and_send_nothing(unsent):
    token = {"csrf_token": unsent.client.token_from(address(unsent.slug, "next"))}
    for path in ("follow-up/1", "follow-up/check", "your-views"):
        answer = unsent.client.post(address(unsent.slug, path), data={**token, "answer": "3"})
        assert answer.status_code == 409, path
    assert answers_of(unsent.resident.participant_id, "post") == {}
    assert submission_of(unsent.resident.participant_id, "post") is None


def test_a_started_survey_is_not_a_sent_one(unsent):
    make_sent(unsent.resident.participant_id, get_consultation(unsent.slug))
    db.session.execute(update(Submission).values(status="started"))
    db.session.commit()
    assert unsent.client.get(address(unsent.slug, "follow-up/1")).location == address(unsent.slug, "next")


@pytest.mark.parametrize("moment", ["survey", "summarising", "forum", "closed"])
def test_the_follow_up_is_open_in_its_stage_only(sqlite_app, moment):
    with sqlite_app.app_context():
        place = make_place(moment)
        resident = make_resident(place, is_shared=False)
        make_sent(resident.participant_id, place)
        client = as_resident(sqlite_app, resident)
        token = {"csrf_token": client.token_from(address(place.slug, "next"))}
        assert client.get(address(place.slug, "follow-up/1")).status_code == 403
        saved = client.post(address(place.slug, "follow-up/1"), data={**token, "answer": "3"})
        assert saved.status_code == 403
        assert client.post(address(place.slug, "follow-up/check"), data=token).status_code == 409
        assert answers_of(resident.participant_id, "post") == {}


def test_items_that_are_asked_first_only_are_not_asked_again(walked):
    client, slug, _, _ = walked
    answer_until(client, slug, wave="post")
    assert "In the evening I mostly go" not in client.get(address(slug, "follow-up/check")).text
    waves = (
        db.session.query(Asked.wave).join(Item, Item.id == Asked.item_id).filter(Item.key == "where").all()
    )
    assert [wave for (wave,) in waves] == [Wave.PRE]
    assert db.session.query(Answer).filter_by(wave=Wave.POST).count() == 8
