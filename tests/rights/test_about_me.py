"""What is held about me, what I agreed to, and a new code."""

import pytest
from sqlalchemy import select

from consult.accounts import codes, resident_sessions
from consult.consultations.models import Membership, Participant
from consult.db import db
from consult.recruitment.agreement import AGREEMENTS
from tests.making.joining import form_of, make_code, make_record, shown_pair
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient, at_once

ME = "/consultations/forum-place/about-me"


@pytest.fixture
def config(in_sqlite):
    return in_sqlite.config["CONSULT"]


@pytest.fixture
def place(in_sqlite):
    return make_place("forum")


@pytest.fixture
def resident(place):
    return make_resident(place)


@pytest.fixture
def browser(in_sqlite, resident) -> PageClient:
    return as_resident(in_sqlite, resident)


def test_the_page_says_what_is_held_and_what_one_can_do(place, resident, browser, config):
    make_record(place, resident, config=config)
    page = browser.get(ME).text
    for words in ("Quiet Heron", "1 post", "Until the consultation is archived", *AGREEMENTS[1].points):
        assert words in page
    for link in ("agreed", "download", "new-code", "withdraw"):
        assert f'href="{ME}/{link}"' in page


def test_what_one_said_of_oneself_and_wrote_stands_on_it_only_when_asked_for(
    place, resident, browser, config
):
    make_record(place, resident, config=config)
    page = browser.get(ME).text
    assert "16 to 24" not in page
    assert "Owls at Tuesday noon" not in page
    shown = browser.get(f"{ME}?show=about-you").text
    assert "16 to 24" in shown
    assert "Owls at Tuesday noon" not in shown


@pytest.mark.parametrize("show", ["", "everything", "<script>"])
def test_any_other_thing_to_show_shows_nothing_more(place, resident, browser, config, show):
    make_record(place, resident, config=config)
    page = browser.get(ME, query_string={"show": show})
    assert page.status_code == 200
    assert "16 to 24" not in page.text


@pytest.mark.parametrize(("quote", "messages"), [("yes", "no"), ("no", "yes"), ("yes", "yes"), ("no", "no")])
def test_quoting_and_messages_can_be_changed(browser, resident, quote, messages):
    answer = browser.send(f"{ME}/agreed", {"quote": quote, "messages": messages})
    assert (answer.status_code, answer.location) == (303, ME)
    person = db.session.get(Participant, resident.participant_id)
    member = db.session.get(Membership, resident.participant_id)
    assert (person.quote, member.messages) == (quote == "yes", messages == "yes")
    page = browser.get(f"{ME}/agreed").text
    assert f'name="quote" type="radio" value="{quote}" checked' in page


@pytest.mark.parametrize("typed", [{}, {"quote": "yes"}, {"quote": "perhaps", "messages": "no"}])
def test_what_is_left_out_is_refused_and_changes_nothing(browser, resident, typed):
    assert browser.send(f"{ME}/agreed", typed).status_code in {303, 422}
    person = db.session.get(Participant, resident.participant_id)
    assert person.quote is True
    assert db.session.get(Membership, resident.participant_id).messages is False


def test_a_new_code_works_the_old_one_does_not_and_other_computers_are_signed_out(
    in_sqlite, resident, browser, config
):
    old = make_code(resident, config=config)
    elsewhere = resident_sessions.begin(resident.participant_id, resident.consultation_id, is_shared=True)
    db.session.commit()
    path = f"{ME}/new-code"
    answer = browser.post(path, data=form_of(browser, path))
    assert (answer.status_code, answer.location) == (303, "/consultations/forum-place/join/code")
    code, _serial = shown_pair(browser, "forum-place")
    assert code != old
    assert codes.is_code_of(resident.participant_id, code, config=config)
    assert not codes.is_code_of(resident.participant_id, old, config=config)
    assert resident_sessions.find(elsewhere) is None
    assert browser.get(ME).status_code == 200


def test_a_form_that_is_sent_twice_makes_one_new_code(resident, browser, config):
    make_code(resident, config=config)
    path = f"{ME}/new-code"
    form = form_of(browser, path)
    browser.post(path, data=form)
    code, _serial = shown_pair(browser, "forum-place")
    assert browser.post(path, data=form).location == "/consultations/forum-place/join/code"
    assert shown_pair(browser, "forum-place")[0] == code


def test_ten_equal_forms_at_once_make_one_new_code(app):
    with app.app_context():
        resident = make_resident(make_place("forum"))
        make_code(resident, config=app.config["CONSULT"])
    browser = as_resident(app, resident)
    path = f"{ME}/new-code"
    form = form_of(browser, path)
    cookie = browser.get_cookie("session").value

    def send(_n: int) -> int:
        again = PageClient(app)
        again.set_cookie("session", cookie)
        return again.post(path, data=form).status_code

    assert set(at_once(send, [(n,) for n in range(10)])) == {303}
    code, _serial = shown_pair(browser, "forum-place")
    with app.app_context():
        assert codes.is_code_of(resident.participant_id, code, config=app.config["CONSULT"])


def test_opening_the_pages_changes_nothing(browser, resident, config):
    code = make_code(resident, config=config)
    for page in ("", "/agreed", "/new-code", "/download", "/withdraw", "/withdraw?answers=delete"):
        assert browser.get(ME + page).status_code == 200
    assert codes.is_code_of(resident.participant_id, code, config=config)
    assert db.session.get(Membership, resident.participant_id).withdrawn_at is None


@pytest.mark.parametrize("page", ["", "/agreed", "/new-code", "/download", "/withdraw"])
def test_nobody_else_gets_to_it(in_sqlite, place, page):
    make_resident(place)
    stranger = as_resident(in_sqlite, make_resident(make_place("survey")))
    for client in (stranger, PageClient(in_sqlite)):
        assert client.get(ME + page).location == "/consultations/forum-place/"
        token = client.any_token()
        assert client.post(ME + page, data={"csrf_token": token}).status_code in {403, 405}


def test_the_number_of_statements_does_not_grow_with_what_is_held(
    in_sqlite, place, resident, browser, config
):
    browser.get(ME)
    bare = len(browser.statements)
    make_record(place, resident, config=config)
    browser.get(ME)
    assert len(browser.statements) == bare


def test_no_page_names_the_person_in_its_title(browser):
    for page in ("", "/agreed", "/new-code", "/download", "/withdraw"):
        title = browser.get(ME + page).text.partition("<title")[2].partition("</title>")[0]
        assert "Heron" not in title
    assert db.session.scalars(select(Membership.display_name)).one() == "Quiet Heron"
