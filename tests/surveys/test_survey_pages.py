"""The starting survey from its first page to the last, as a browser without scripts walks it."""

import re

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.accounts import codes
from consult.consultations.models import Membership, Submission, Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.recruitment.models import AskedAt, Demographic, ParticipantDemographic
from consult.surveys.models import Answer, Placing
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.making.surveys import (
    ANSWERS,
    BEFORE,
    address,
    answer_until,
    answers_of,
    fill_in,
    hidden_in,
    item_address,
    make_long_place,
    make_sent,
    send,
    submission_of,
    walk_until,
)
from tests.page_client import PageClient, at_once

RADIOS = re.compile(r'<input class="govuk-radios__input"[^>]* value="([^"]*)"')


@pytest.fixture
def slug(sqlite_app):
    """A consultation whose survey is open, in a context of its own."""
    with sqlite_app.app_context():
        yield make_place("survey").slug
        db.session.rollback()


@pytest.fixture
def resident(slug) -> MadeResident:
    return make_resident(get_consultation(slug))


@pytest.fixture
def client(sqlite_app, resident) -> PageClient:
    return as_resident(sqlite_app, resident)


def test_whoever_walks_the_survey_finds_every_answer_on_the_record(app):
    with app.app_context():
        place = make_place("survey")
        resident = make_resident(place)
        client, slug = as_resident(app, resident), place.slug
        assert client.get(address(slug, "continue")).location == address(slug, "survey/1")
        walk_until(client, slug)
        assert "the allotment" in client.get(address(slug, "survey/check")).text
        assert submission_of(resident.participant_id).status == "started"
        assert send(client, slug).location == address(slug, "survey/sent")
        assert "You have sent your answers" in client.get(address(slug, "survey/sent")).text
        assert answers_of(resident.participant_id) == {
            "hours": ("answered", 2),
            "depth": ("answered", -1),
            "agree": ("answered", 7),
            "words": ("answered", "the old market"),
            "where": ("answered", "the allotment"),
            "often": ("answered", "1"),
            "policy": ("answered", {"a": 2, "b": 1, "c": 3}),
            "fact": ("answered", "year"),
        }
        sent = submission_of(resident.participant_id)
        assert (sent.status, sent.mode, sent.late) == ("submitted", "library", False)
        assert sent.submitted_at is not None


def test_nothing_is_chosen_for_anybody(client, slug):
    for key in BEFORE:
        page = client.get(item_address(slug, key))
        assert " checked" not in page.text
        assert not re.search(r"<option[^>]* selected(?!>Choose a place)", page.text)
        fill_in(client, item_address(slug, key), action="skip")


@pytest.mark.parametrize("key", BEFORE)
def test_every_item_can_be_left_in_three_ways(client, slug, resident, key):
    answer_until(client, slug, key)
    is_beside = key in {"words", "policy"}
    for value, status in (("status:dont_know", "dont_know"), ("status:prefer_not", "prefer_not")):
        done = fill_in(client, item_address(slug, key), {"instead" if is_beside else "answer": value})
        assert done.status_code == 303
        assert answers_of(resident.participant_id)[key] == (status, None)
        assert f'value="{value}" checked' in client.get(item_address(slug, key)).text
    fill_in(client, item_address(slug, key), action="skip")
    assert answers_of(resident.participant_id)[key] == ("skipped", None)
    assert " checked" not in client.get(item_address(slug, key)).text


@pytest.mark.parametrize(
    ("key", "data", "field", "sentence"),
    [
        ("hours", {}, "choice", "Choose an answer, or skip this one"),
        ("hours", {"answer": "6"}, "choice", "Choose one of the answers on this page"),
        ("hours", {"answer": "2.0"}, "choice", "Choose one of the answers on this page"),
        ("hours", {"answer": "٣"}, "choice", "Choose one of the answers on this page"),
        ("hours", {"answer": ["1", "2"]}, "choice", "Choose one answer only"),
        ("depth", {"answer": "-3"}, "choice", "Choose one of the answers on this page"),
        ("words", {"answer": " \u200b "}, "words", "Write an answer, or skip this one"),
        (
            "words",
            {"answer": "x" * 501},
            "words",
            "Your answer has 501 characters. Make it 500 characters or fewer",
        ),
        (
            "words",
            {"answer": "the market", "instead": "status:dont_know"},
            "instead",
            "You wrote an answer and ticked a box. Empty the text, or take the tick away",
        ),
        ("words", {"instead": ["status:dont_know", "status:prefer_not"]}, "instead", "Tick one box only"),
        ("words", {"instead": "status:skipped"}, "instead", "Tick one of the boxes on this page, or none"),
        (
            "where",
            {"answer": "other"},
            "other-words",
            "Write what else it is, or choose another answer",
        ),
        (
            "where",
            {"answer": "other", "other": "y" * 201},
            "other-words",
            "Your answer has 201 characters. Make it 200 characters or fewer",
        ),
        ("often", {"answer": "2"}, "choice", "Choose one of the answers on this page"),
        ("often", {"answer": "other", "other": "x"}, "choice", "Choose one of the answers on this page"),
        ("policy", {}, "place-", "Choose a place for each of these, or skip this one"),
        ("policy", {"place-1": "1", "place-3": "2"}, "place-2", "Choose a place for “Earlier closing”"),
        (
            "policy",
            {"place-1": "1", "place-2": "1", "place-3": "3"},
            "place-",
            "have the same place. Give each a place of its own",
        ),
        (
            "policy",
            {"place-1": "4", "place-2": "1", "place-3": "2"},
            "place-",
            "Choose one of the answers on this page",
        ),
        (
            "policy",
            {"place-1": "1", "instead": "status:dont_know"},
            "instead",
            "You gave places and ticked a box. Take the tick away, or the places",
        ),
        ("fact", {"answer": "correct"}, "choice", "Choose one of the answers on this page"),
    ],
)
def test_what_is_no_answer_is_told_at_its_field_and_nothing_is_stored(
    client, slug, resident, key, data, field, sentence
):
    answer_until(client, slug, key)
    before = answers_of(resident.participant_id)
    answer = fill_in(client, item_address(slug, key), data)
    assert answer.status_code == 422
    assert "<title data-discreet>Error: " in answer.text
    [link] = set(re.findall(r'<li><a href="#([^"]+)">', answer.text)) or [""]
    assert link.startswith(field)
    assert f'id="{link}"' in answer.text
    assert answer.text.count(sentence) == 2, "in the summary and beside the field"
    for value in data.values():
        if isinstance(value, str) and len(value) > 20:
            assert value in answer.text
    assert answers_of(resident.participant_id) == before


def test_words_beside_another_choice_are_kept_on_the_page_only(client, slug, resident):
    answer_until(client, slug, "where")
    fill_in(client, item_address(slug, "where"), {"answer": "home", "other": "a slip of the hand"})
    assert answers_of(resident.participant_id)["where"] == ("answered", "home")
    again = fill_in(client, item_address(slug, "where"), {"answer": "nowhere", "other": "a slip of the hand"})
    assert again.status_code == 422
    assert "a slip of the hand" in again.text


def test_five_hundred_characters_are_counted_as_people_see_them(client, slug, resident):
    answer_until(client, slug, "words")
    typed = "e\u0301" * 500  # two code points each, one after composing
    assert fill_in(client, item_address(slug, "words"), {"answer": typed}).status_code == 303
    assert answers_of(resident.participant_id)["words"] == ("answered", "\u00e9" * 500)


def test_nobody_skips_ahead_by_the_address_and_everybody_may_go_back(client, slug, resident):
    for n in (2, 5, 8):
        assert client.get(address(slug, f"survey/{n}")).location == address(slug, "survey/1")
    first = client.get(address(slug, "survey/1"))
    csrf = {"csrf_token": hidden_in(first)["csrf_token"]}
    ahead = client.post(address(slug, "survey/5"), data={**csrf, "answer": "home"})
    assert (ahead.status_code, ahead.location) == (303, address(slug, "survey/1"))
    assert answers_of(resident.participant_id) == {}
    assert client.get(address(slug, "survey/check")).location == address(slug, "survey/1")
    answer_until(client, slug, "words")
    assert 'value="2" checked' in client.get(item_address(slug, "hours")).text
    assert client.get(address(slug, "continue")).location == item_address(slug, "words")


@pytest.mark.parametrize("n", ["9", "999", "1000", "0", "-1", "٣", "one", "23456789012345678901234"])
def test_a_number_that_no_item_has_is_not_found(client, slug, n):
    assert client.get(address(slug, f"survey/{n}")).status_code == 404


def test_going_back_and_changing_an_answer_goes_on_from_there(client, slug, resident):
    answer_until(client, slug, "words")
    done = fill_in(client, item_address(slug, "hours"), {"answer": "5"})
    assert done.location == item_address(slug, "depth")
    assert answers_of(resident.participant_id)["hours"] == ("answered", 5)


def test_save_and_finish_later_saves_what_is_there_and_needs_nothing(client, slug, resident):
    nothing = fill_in(client, item_address(slug, "hours"), action="later")
    assert nothing.location == address(slug, "next")
    assert answers_of(resident.participant_id) == {}
    something = fill_in(client, item_address(slug, "hours"), {"answer": "4"}, action="later")
    assert something.location == address(slug, "next")
    assert answers_of(resident.participant_id)["hours"] == ("answered", 4)
    assert "You have answered 1 of 8 questions" in client.get(address(slug, "next")).text
    too_much = fill_in(client, item_address(slug, "depth"), {"answer": "9"}, action="later")
    assert too_much.status_code == 422


def test_another_computer_goes_on_at_the_same_item_with_the_same_order(sqlite_app, client, slug, resident):
    answer_until(client, slug, "policy")
    here = client.get(item_address(slug, "policy"))
    elsewhere = as_resident(sqlite_app, resident)
    assert elsewhere.get(address(slug, "continue")).location == item_address(slug, "policy")
    labels = re.compile(r'for="(place-\d)"')
    assert labels.findall(elsewhere.get(item_address(slug, "policy")).text) == labels.findall(here.text)


def test_options_come_in_an_order_of_ones_own_with_something_else_last(sqlite_app, slug):
    seen = set()
    for n in range(6):
        resident = make_resident(get_consultation(slug), name=f"Made Up {n}", order_seed=n)
        client = as_resident(sqlite_app, resident)
        answer_until(client, slug, "where")
        values = RADIOS.findall(client.get(item_address(slug, "where")).text)
        assert values[2:] == ["other", "status:dont_know", "status:prefer_not"]
        seen.add(tuple(values[:2]))
        fill_in(client, item_address(slug, "where"), ANSWERS["where"])
        ordered = RADIOS.findall(client.get(item_address(slug, "often")).text)
        assert ordered == ["0", "1", "status:dont_know", "status:prefer_not"]
    assert seen == {("home", "out"), ("out", "home")}


def test_a_scale_says_both_ends_and_the_middle_in_words(client, slug):
    page = client.get(item_address(slug, "hours")).text
    for words in ("cut a lot", "in the middle", "increased a lot"):
        assert words in page
    answer_until(client, slug, "agree")
    page = client.get(item_address(slug, "agree")).text
    for words in ("strongly disagree", "neither agree nor disagree", "strongly agree"):
        assert words in page


def test_an_answer_can_be_changed_from_the_list_and_leads_back_to_it(client, slug, resident):
    answer_until(client, slug)
    checked = client.get(address(slug, "survey/check"))
    assert checked.text.count(">Change<") == 8
    done = fill_in(client, item_address(slug, "words"), {"answer": "the new market"})
    assert done.location == address(slug, "survey/check")
    assert "the new market" in client.get(done.location).text


def test_sending_twice_is_sending_once_and_until_the_close_answers_may_be_changed(client, slug, resident):
    answer_until(client, slug)
    form = hidden_in(client.get(address(slug, "survey/check")))
    first, again = (client.post(address(slug, "survey/check"), data=form) for _ in range(2))
    assert first.location == again.location == address(slug, "survey/sent")
    sent_at = submission_of(resident.participant_id).submitted_at
    assert fill_in(client, item_address(slug, "hours"), {"answer": "1"}).status_code == 303
    after = submission_of(resident.participant_id)
    assert (after.status, after.submitted_at) == ("submitted", sent_at)
    assert answers_of(resident.participant_id)["hours"] == ("answered", 1)
    assert "You have sent these answers" in client.get(address(slug, "survey/check")).text
    assert client.get(address(slug, "continue")).location == address(slug, "next")


def test_nothing_is_sent_before_every_item_was_reached(client, slug, resident):
    answer_until(client, slug, "fact")
    token = hidden_in(client.get(item_address(slug, "hours")))["csrf_token"]
    done = client.post(address(slug, "survey/check"), data={"csrf_token": token})
    assert (done.status_code, done.location) == (303, item_address(slug, "fact"))
    assert submission_of(resident.participant_id).status == "started"
    assert client.get(address(slug, "survey/sent")).location == address(slug, "continue")


def test_twenty_sendings_of_one_page_at_once_leave_one_answer(app):
    with app.app_context():
        place = make_place("survey")
        resident = make_resident(place)
        slug = place.slug
        answer_until(as_resident(app, resident), slug, "policy")
    orders = [("1", "2", "3"), ("3", "2", "1")]

    def post(n):
        client = as_resident(app, resident)
        page = hidden_in(client.get(item_address(slug, "policy")))
        places = dict(zip(("place-1", "place-2", "place-3"), orders[n % 2], strict=True))
        return client.post(item_address(slug, "policy"), data={**page, **places}).status_code

    assert at_once(post, [(n,) for n in range(20)]) == [303] * 20
    with app.app_context():
        mine = select(func.count()).where(Answer.participant_id == resident.participant_id)
        assert db.session.scalar(mine) == 7
        status, places = answers_of(resident.participant_id)["policy"]
        assert status == "answered"
        assert places in ({"a": 1, "b": 2, "c": 3}, {"a": 3, "b": 2, "c": 1})
        assert db.session.scalar(select(func.count()).select_from(Placing)) == 3
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1


def test_the_same_page_sent_twice_changes_nothing_the_second_time(client, slug, resident):
    form = {**hidden_in(client.get(item_address(slug, "hours"))), "answer": "2"}
    client.post(item_address(slug, "hours"), data=form)
    mine = select(Answer.answered_at).where(Answer.participant_id == resident.participant_id)
    first = db.session.scalar(mine)
    client.post(item_address(slug, "hours"), data=form)
    db.session.rollback()
    assert db.session.scalar(mine) == first


def test_a_page_of_an_item_asks_as_many_statements_with_two_items_as_with_sixty(sqlite_app, tmp_path):
    counts = set()
    with sqlite_app.app_context():
        for n in (2, 60):
            place = make_long_place(n, tmp_path)
            resident = make_resident(place, is_shared=False)
            client = as_resident(sqlite_app, resident)
            client.get(address(place.slug, "survey/1"))
            counts.add(("page", len(client.statements)))
            form = hidden_in(client.get(address(place.slug, "survey/1")))
            client.post(address(place.slug, "survey/1"), data={**form, "answer": "1"})
            counts.add(("save", len(client.statements)))
    assert {what for what, _ in counts} == {"page", "save"}
    assert len(counts) == 2, counts


def test_the_tab_and_the_address_say_nothing_of_what_is_asked_or_answered(client, slug):
    answer_until(client, slug)
    for key in BEFORE:
        page = client.get(item_address(slug, key))
        title = re.search(r"<title[^>]*>(.*?)</title>", page.text)
        assert title
        assert re.fullmatch(r"Starting survey: question \d of 8 - Consultations", title[1])


@pytest.fixture
def asked_after(slug):
    """The consultation asks for the age after the items."""
    place = get_consultation(slug)
    db.session.scalars(select(Demographic).filter_by(consultation_id=place.id)).one().asked = AskedAt.AFTER
    db.session.commit()


def said_of_oneself(participant_id: int) -> list[int | None]:
    db.session.rollback()
    mine = select(ParticipantDemographic.option_id).filter_by(participant_id=participant_id)
    return list(db.session.scalars(mine))


def test_questions_about_the_person_come_after_the_items_and_are_not_told_again(
    asked_after, client, slug, resident
):
    path = address(slug, "survey/about-you/1")
    assert client.get(path).location == address(slug, "continue")
    answer_until(client, slug, "fact")
    assert fill_in(client, item_address(slug, "fact"), ANSWERS["fact"]).location == path
    assert client.get(address(slug, "survey/about-you/2")).status_code == 404
    wrong = fill_in(client, path, {"said": "nobody"})
    assert wrong.status_code == 422
    assert said_of_oneself(resident.participant_id) == []
    assert fill_in(client, path, {"said": "16-24"}).location == address(slug, "survey/check")
    assert len(said_of_oneself(resident.participant_id)) == 1
    checked = client.get(address(slug, "survey/check")).text
    assert "16 to 24" not in checked
    assert path in checked
    fill_in(client, path, action="skip")
    assert said_of_oneself(resident.participant_id) == []


def test_whoever_has_left_in_another_window_saves_nothing(client, slug, resident):
    form = hidden_in(client.get(item_address(slug, "hours")))
    member = db.session.get(Membership, resident.participant_id)
    member.withdrawn_at, member.keeps_answers = clock.now(), True
    db.session.commit()
    answer = client.post(item_address(slug, "hours"), data={**form, "answer": "2"})
    assert answer.status_code == 403
    assert answers_of(resident.participant_id) == {}


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("survey", "You finish sentences about the topic."),
        ("summarising", "You did not send your answers in time. You can still take part in the forum."),
        ("forum", "In the forum you read what people said"),
        ("between", "The follow-up survey is for people who sent the starting survey."),
        ("follow_up", "You did not send the starting survey, so there is nothing to compare"),
        ("closed", "All three stages have closed."),
    ],
)
def test_at_every_moment_there_is_a_page_that_says_what_comes(sqlite_app, moment, words):
    with sqlite_app.app_context():
        place = make_place(moment)
        client = as_resident(sqlite_app, make_resident(place))
        page = client.get(address(place.slug, "next")).text
        assert words in page
        assert f'href="/consultations/{place.slug}/"' in page


def test_a_code_that_was_not_written_down_yet_comes_first(sqlite_app, slug, resident, client):
    pair = codes.new_pair()
    codes.hold(resident.session_id, pair, sqlite_app.config["CONSULT"])
    db.session.commit()
    assert client.get(address(slug, "continue")).location == address(slug, "join/code")
    codes.release(resident.session_id)
    db.session.commit()
    assert client.get(address(slug, "continue")).location == address(slug, "survey/1")


@pytest.mark.parametrize(
    ("moment", "first", "last", "leads"),
    [
        ("survey", True, False, "next"),
        ("summarising", True, False, "next"),
        ("forum", False, False, "forum/"),
        ("forum", True, False, "forum/"),
        ("between", True, False, "next"),
        ("follow_up", True, False, "follow-up/1"),
        ("follow_up", True, True, "your-views"),
        ("closed", True, True, "your-views"),
        ("closed", True, False, "next"),
    ],
)
def test_carrying_on_leads_to_what_is_to_be_done_now(sqlite_app, moment, first, last, leads):
    with sqlite_app.app_context():
        place = make_place(moment)
        resident = make_resident(place)
        for wave, is_sent in ((Wave.PRE, first), (Wave.POST, last)):
            if is_sent:
                make_sent(resident.participant_id, place, wave)
        client = as_resident(sqlite_app, resident)
        assert client.get(address(place.slug, "continue")).location == address(place.slug, leads)


def test_a_text_that_suggests_danger_is_kept_and_help_is_shown(client, slug, resident):
    answer_until(client, slug, "words")
    done = fill_in(client, item_address(slug, "words"), {"answer": "I want to kill myself"})
    assert done.location == address(slug, "support")
    page = client.get(done.location).text
    assert "116 123" in page
    assert "999" in page
    assert answers_of(resident.participant_id)["words"] == ("answered", "I want to kill myself")
    assert address(slug, "continue") in page
    assert client.get(address(slug, "continue")).location == item_address(slug, "where")


def test_the_same_answer_on_ones_own_computer_says_so(sqlite_app, slug):
    resident = make_resident(get_consultation(slug), name="Kind Otter", is_shared=False)
    client = as_resident(sqlite_app, resident)
    fill_in(client, item_address(slug, "hours"), ANSWERS["hours"])
    assert submission_of(resident.participant_id).mode == "own"
