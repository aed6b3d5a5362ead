"""The questions about the person: each may be skipped, and none is echoed anywhere else."""

import pytest
from sqlalchemy import select

from consult.access import Actor, Role
from consult.db import db
from consult.errors import Invalid, NotPermitted
from consult.recruitment.models import AskedAt, ParticipantDemographic
from consult.recruitment.rules import PREFER_NOT
from consult.recruitment.service import save_demographic
from tests.making.joining import joined, make_demographic
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import at_once

JOIN = "/consultations/survey-place/join"


def said(demographic) -> list[int | None]:
    return said_to(demographic.id)


def said_to(demographic_id: int) -> list[int | None]:
    mine = ParticipantDemographic.demographic_id == demographic_id
    return list(db.session.scalars(select(ParticipantDemographic.option_id).where(mine)))


@pytest.fixture
def place(in_sqlite):
    return make_place()


@pytest.fixture
def asked(place):
    return make_demographic(place)


@pytest.fixture
def resident(place):
    return make_resident(place)


@pytest.fixture
def browser(in_sqlite, resident):
    return as_resident(in_sqlite, resident)


@pytest.fixture
def page(browser, asked) -> str:
    """The address of the page of the last question, which is ours."""
    for n in range(1, 100):
        text = browser.get(f"{JOIN}/about-you/{n}").text
        if asked.question in text:
            return f"{JOIN}/about-you/{n}"
    raise AssertionError("the question is on no page")


def test_the_page_asks_says_why_and_offers_not_to_say(browser, page):
    text = browser.get(page).text
    for words in (
        "Do you rent your home?",
        "Tenants say less often",
        "I own it",
        "Prefer not to say",
        "Skip",
    ):
        assert words in text
    assert "checked" not in text


def test_the_tab_names_the_number_and_not_the_question(browser, page):
    title = browser.get(page).text.partition("<title")[2].partition("</title>")[0]
    assert "question" in title
    assert "rent" not in title


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ({"said": "own"}, 1),
        ({"said": " own "}, 1),
        ({"said": PREFER_NOT}, None),
        ({"said": ""}, "nothing"),
        ({}, "nothing"),
        ({"said": "own", "action": "skip"}, "nothing"),
    ],
)
def test_an_answer_is_kept_not_to_say_is_one_and_skipping_is_none(browser, page, asked, typed, option):
    assert browser.send(page, typed).status_code == 303
    kept = {"nothing": [], None: [None]}.get(option) if option != 1 else [asked.options[1].id]
    assert said(asked) == kept


@pytest.mark.parametrize("typed", ["999", "<script>alert(1)</script>", "own\x00", "rent,own", "x" * 5000])
def test_what_is_no_answer_is_refused_and_not_shown(browser, page, asked, typed):
    answer = browser.send(page, {"said": typed})
    assert answer.status_code == 422
    assert "Choose one of the answers in the list, or skip this question" in answer.text
    assert typed not in answer.text
    assert said(asked) == []


def test_going_back_shows_what_was_said_and_skipping_takes_it_away(browser, page, asked):
    browser.send(page, {"said": "rent"})
    assert 'value="rent" checked' in browser.get(page).text
    browser.send(page, {"said": "own"})
    assert said(asked) == [asked.options[1].id]
    browser.send(page, {"said": "own", "action": "skip"})
    assert said(asked) == []


def test_the_last_question_leads_to_the_code_while_it_waits(in_sqlite, place, asked):
    client = joined(in_sqlite)
    n, at = 1, f"{JOIN}/name"
    answer = client.send(at, {"choice": "own", "own": "Brave Wren"})
    while "about-you" in answer.location:
        at = f"{JOIN}/about-you/{n}"
        assert answer.location == at
        answer, n = client.send(at, {}), n + 1
    assert n > 1
    assert answer.location == f"{JOIN}/code"


def test_a_question_that_is_asked_after_the_items_is_not_asked_now(browser, place, asked):
    later = make_demographic(place, "late", question="Asked later?", asked=AskedAt.AFTER, position=51)
    pages = [browser.get(f"{JOIN}/about-you/{n}") for n in range(1, 6)]
    assert later.question not in "".join(page.text for page in pages)
    assert pages[-1].status_code == 404


@pytest.mark.parametrize("n", ["0", "100", "-1", "٣", "x"])
def test_a_number_that_no_question_has_is_no_page(browser, asked, n):
    assert browser.get(f"{JOIN}/about-you/{n}").status_code == 404


def test_twenty_equal_answers_at_once_leave_one(app):
    with app.app_context():
        place = make_place()
        asked_id = make_demographic(place).id
        resident = make_resident(place)
        count = len([page for page in range(1, 9) if _is_page(app, resident, page)])
    path = f"{JOIN}/about-you/{count}"
    browsers = [as_resident(app, resident) for _ in range(20)]
    cookie = as_resident(app, resident)
    token = cookie.token_from(path)
    value = cookie.get_cookie("session").value
    for browser in browsers:
        browser.set_cookie("session", value)

    def send(browser, choice: str) -> int:
        return browser.post(path, data={"csrf_token": token, "said": choice}).status_code

    choices = ["rent", "own"] * 10
    assert set(at_once(send, zip(browsers, choices, strict=True))) == {303}
    with app.app_context():
        assert len(said_to(asked_id)) == 1


def _is_page(app, resident, n: int) -> bool:
    return as_resident(app, resident).get(f"{JOIN}/about-you/{n}").status_code == 200


def test_between_the_stages_nothing_is_asked(in_sqlite):
    place = make_place("summarising")
    make_demographic(place)
    client = as_resident(in_sqlite, make_resident(place))
    path = "/consultations/summarising-place/join/about-you/1"
    assert client.get(path).status_code == 403
    assert client.post(path, data={"csrf_token": client.any_token(), "said": "own"}).status_code == 403


def actor_of(resident) -> Actor:
    return Actor(
        f"participant/{resident.participant_id}",
        frozenset(),
        {resident.consultation_id: frozenset({Role.RESIDENT})},
        participant_id=resident.participant_id,
    )


def test_the_deed_refuses_an_option_of_another_question_and_who_has_withdrawn(
    in_sqlite, place, asked, resident
):
    with pytest.raises(Invalid):
        save_demographic(actor_of(resident), place, resident.participant_id, asked, "16-24")
    gone = make_resident(place, name="Gone", withdrawn_at=place.stages[0].opens_at, keeps_answers=True)
    with pytest.raises(NotPermitted):
        save_demographic(actor_of(gone), place, gone.participant_id, asked, "own")
