"""The return code on its page, on the slip, and nowhere afterwards."""

import re

import pytest
from sqlalchemy import select

from consult.accounts import code_rules, codes
from consult.accounts.models import ResidentSession
from consult.db import db
from consult.recruitment import slip
from tests.making.joining import joined, shown_pair
from tests.making.places import as_resident, make_place, make_resident

CODE = "/consultations/survey-place/join/code"
SLIP = "/consultations/survey-place/join/slip"


@pytest.fixture
def browser(in_sqlite):
    make_place()
    return joined(in_sqlite)


def test_the_page_shows_a_code_that_works_and_the_number_that_replaces_it(in_sqlite, browser):
    code, serial = shown_pair(browser)
    config = in_sqlite.config["CONSULT"]
    owner = codes.find_owner(code, config=config)
    assert owner is not None
    assert codes.find_owner_of_serial(serial, config=config) == owner
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", code)


def test_the_code_is_in_no_address_title_or_column(browser):
    code, serial = shown_pair(browser)
    answer = browser.get(CODE)
    title = answer.text.partition("<title")[2].partition("</title>")[0]
    plain = code.replace("-", "")
    assert plain not in title.replace("-", "")
    assert code not in answer.request.url
    stored = db.session.execute(select(ResidentSession)).scalars().one()
    assert code not in (stored.sealed_code or "")
    assert serial not in (stored.sealed_code or "")


def test_going_on_needs_the_word_that_it_is_written_down(browser):
    answer = browser.send(CODE, {})
    assert answer.status_code == 422
    assert '<a href="#written">Tick the box when you have written your code down</a>' in answer.text
    assert shown_pair(browser)[0] in answer.text, "it is still there to be written down"


def test_once_it_is_written_down_it_is_shown_nowhere_again(browser):
    code, serial = shown_pair(browser)
    answer = browser.send(CODE, {"written": "y"})
    assert (answer.status_code, answer.location) == (303, "/consultations/survey-place/continue")
    page = browser.get(CODE)
    assert page.status_code == 200
    assert code not in page.text
    assert serial not in page.text
    assert "/about-me/new-code" in page.text
    assert browser.get(SLIP).location == CODE
    again = browser.post(CODE, data={"csrf_token": browser.any_token(), "written": "y"})
    assert code not in again.text


def test_another_participant_of_the_same_consultation_sees_none_of_it(in_sqlite, browser):
    code, _serial = shown_pair(browser)
    other = joined(in_sqlite)
    assert shown_pair(other)[0] != code
    stranger = as_resident(in_sqlite, make_resident(make_place("survey", slug="other-place")))
    assert stranger.get(CODE).status_code == 302


def test_the_slip_has_code_dates_council_and_serial_on_a_part_of_its_own(browser):
    code, serial = shown_pair(browser)
    page = browser.get(SLIP).text
    torn = page.index("app-slip__part--torn")
    assert page.index(code) < torn < page.index(serial)
    for words in (
        "Abbeyford Council",
        "/return",
        "1. Starting survey",
        "3. Follow-up survey",
        "Tear this part off",
    ):
        assert words in page
    assert "This is a shared computer: collect your print-out" in page


def test_on_ones_own_computer_the_slip_speaks_of_no_shared_one(in_sqlite):
    make_place()
    page = joined(in_sqlite, shared="no").get(SLIP).text
    assert "shared computer" not in page
    assert "Keep your print-out safe" in page


def test_the_picture_holds_the_address_and_nothing_else(browser):
    code, serial = shown_pair(browser)
    shown = re.search(r'app-slip__picture" src="([^"]+)"', browser.get(SLIP).text)
    assert shown
    assert shown[1].startswith("data:image/svg+xml")
    expected = slip.picture_of("http://127.0.0.1:8000/return")
    assert shown[1].replace("&#39;", "'").replace("&amp;", "&") == expected
    assert slip.picture_of("http://127.0.0.1:8000/return") != slip.picture_of(
        "http://127.0.0.1:8000/return?x"
    )
    assert code not in shown[1]
    assert code_rules.normal(code)
    assert serial not in shown[1]
