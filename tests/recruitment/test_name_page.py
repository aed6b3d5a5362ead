"""Choosing a name once one has joined."""

import pytest
from sqlalchemy import select

from consult.accounts import kept_forms
from consult.consultations.models import Membership
from consult.db import db
from consult.recruitment import names
from tests.making.joining import joined, make_demographic
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient, at_once

NAME = "/consultations/survey-place/join/name"


def name_of(participant_id: int) -> str | None:
    return db.session.scalar(
        select(Membership.display_name).where(Membership.participant_id == participant_id)
    )


@pytest.fixture
def resident(in_sqlite):
    return make_resident(make_place())


@pytest.fixture
def browser(in_sqlite, resident) -> PageClient:
    return as_resident(in_sqlite, resident)


def test_the_page_offers_the_name_that_one_has_two_more_and_ones_own(browser):
    page = browser.get(NAME).text
    assert page.count('name="choice"') == 4
    assert 'value="Quiet Heron"' in page
    assert "checked" not in page, "whoever types a name need not untick ours"
    assert 'value="own"' in page


def test_going_on_with_the_suggested_name_keeps_it(browser, resident):
    answer = browser.send(NAME, {"choice": "Quiet Heron", "own": ""})
    assert answer.status_code == 303
    assert name_of(resident.participant_id) == "Quiet Heron"


def test_ones_own_name_is_kept_as_typed_but_for_spaces(browser, resident):
    assert browser.send(NAME, {"choice": "own", "own": "  Tam   O’Neill "}).status_code == 303
    assert name_of(resident.participant_id) == "Tam O’Neill"


def test_a_name_that_was_typed_counts_although_no_radio_was_ticked(browser, resident):
    assert browser.send(NAME, {"own": "Reader Seven"}).status_code == 303
    assert name_of(resident.participant_id) == "Reader Seven"


def test_a_typed_name_stays_in_the_page_when_another_one_is_ticked_and_refused(browser):
    answer = browser.send(NAME, {"choice": "<b>", "own": "Reader Seven"})
    assert answer.status_code == 422
    assert 'value="Reader Seven"' in answer.text


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("<img src=x onerror=alert(1)>", names.LETTERS),
        ("\u0430dmin", names.SCRIPTS),
        ("\u202enimda", names.LETTERS),
        ("x" * 41, names.LONG),
        ("tam@abbeyford.example", names.CONTACT),
        ("", names.EMPTY),
    ],
)
def test_a_name_that_will_not_do_is_refused_in_words_and_stays_in_the_field(
    browser, resident, typed, problem
):
    answer = browser.send(NAME, {"choice": "own", "own": typed})
    assert answer.status_code == 422
    assert f'<a href="#own">{problem}</a>' in answer.text
    assert "<img" not in answer.text
    assert answer.text.count('name="choice"') == 4, "other names are offered again"
    assert name_of(resident.participant_id) == "Quiet Heron"


@pytest.mark.parametrize("typed", ["Brave Wren", "BRAVE wren", "Brave-Wrén"])
def test_a_name_that_somebody_here_has_is_refused(in_sqlite, browser, resident, typed):
    other = joined(in_sqlite)
    other.send(NAME, {"choice": "own", "own": "Brave Wren"})
    answer = browser.send(NAME, {"choice": "own", "own": typed})
    assert answer.status_code == 422
    assert names.TAKEN in answer.text
    assert name_of(resident.participant_id) == "Quiet Heron"


def test_the_same_name_is_free_in_another_consultation(in_sqlite, browser, resident):
    make_resident(make_place("forum"), name="Brave Wren")
    assert browser.send(NAME, {"choice": "own", "own": "Brave Wren"}).status_code == 303


def test_of_ten_people_who_want_one_name_at_once_one_gets_it(app):
    with app.app_context():
        make_place()
    browsers = [joined(app) for _ in range(10)]
    tokens = [browser.token_from(NAME) for browser in browsers]

    def send(browser: PageClient, token: str) -> int:
        return browser.post(
            NAME, data={"csrf_token": token, "choice": "own", "own": "Brave Wren"}
        ).status_code

    assert sorted(at_once(send, zip(browsers, tokens, strict=True))) == [303] + [422] * 9


def test_after_the_name_come_the_questions_or_else_the_code(in_sqlite):
    place = make_place()
    client = joined(in_sqlite)
    first = client.send(NAME, {"choice": "own", "own": "Brave Wren"}).location
    assert first in {
        "/consultations/survey-place/join/about-you/1",
        "/consultations/survey-place/join/code",
    }
    make_demographic(place)
    again = client.send(NAME, {"choice": "own", "own": "Brave Wren"}).location
    assert again == "/consultations/survey-place/join/about-you/1"


def test_what_was_typed_before_the_session_ended_is_in_the_field_again(in_sqlite, browser, resident):
    with in_sqlite.test_request_context(
        NAME, method="POST", data={"choice": "own", "own": "Half A Name"}
    ) as context:
        kept_forms.keep(
            resident.participant_id,
            resident.consultation_id,
            NAME,
            context.request.form,
            config=in_sqlite.config["CONSULT"],
        )
        db.session.commit()
    assert 'value="Half A Name"' in browser.get(NAME).text
    browser.send(NAME, {"choice": "own", "own": "Whole Name"})
    assert "Half A Name" not in browser.get(NAME).text


@pytest.mark.parametrize("moment", ["summarising", "forum", "follow_up"])
def test_when_the_survey_has_closed_the_name_stays(in_sqlite, moment):
    resident = make_resident(make_place(moment))
    client = as_resident(in_sqlite, resident)
    path = f"/consultations/{moment.replace('_', '-')}-place/join/name"
    assert client.get(path).status_code == 303
    token = client.any_token()
    assert client.post(path, data={"csrf_token": token, "choice": "own", "own": "Late"}).status_code == 403
    assert name_of(resident.participant_id) == "Quiet Heron"
