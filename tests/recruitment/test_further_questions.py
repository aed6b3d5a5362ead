"""A question to which only some answers lead: who is asked it, and what follows for everybody else."""

import itertools

import pytest

from consult.db import db
from consult.errors import Conflict, Invalid
from consult.recruitment.models import AskedAt
from consult.recruitment.rules import PREFER_NOT, NewCategory, NewDemographic
from consult.recruitment.service import save_demographic
from tests.making.about_you import actor_of, make_asked, make_questions, make_sent, said_by
from tests.making.joining import make_demographic
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient, at_once

JOIN = "/consultations/survey-place/join"
FIRST, FURTHER, LAST = (f"{JOIN}/about-you/{n}" for n in (2, 3, 4))  # the first of all asks for the age


@pytest.fixture
def place(in_sqlite):
    return make_place()


@pytest.fixture
def resident(place):
    return make_resident(place)


@pytest.fixture
def asked(place):
    return make_asked(place, "disability", "sex")


@pytest.fixture
def browser(in_sqlite, resident, asked):
    return as_resident(in_sqlite, resident)


def say(browser: PageClient, path: str, said: str | None) -> str | None:
    answer = browser.send(path, {"said": said} if said else {"action": "skip"})
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize(
    ("said", "kept", "leads_to"),
    [
        ("yes", {"disability": "yes"}, FURTHER),
        ("no", {"disability": "no", "impact": "none"}, LAST),
        (PREFER_NOT, {"disability": None, "impact": None}, LAST),
        (None, {}, LAST),
    ],
)
def test_what_is_said_first_decides_the_second(browser, resident, said, kept, leads_to):
    assert say(browser, FIRST, said) == leads_to
    assert said_by(resident) == kept


@pytest.mark.parametrize("typed", ["limited_a_lot", PREFER_NOT, ""])
def test_whoever_is_asked_may_answer_or_skip_the_second(browser, resident, typed):
    say(browser, FIRST, "yes")
    assert browser.send(FURTHER, {"said": typed}).location == LAST
    expected = {"limited_a_lot": {"impact": "limited_a_lot"}, PREFER_NOT: {"impact": None}, "": {}}[typed]
    assert said_by(resident) == {"disability": "yes", **expected}


@pytest.mark.parametrize("way", list(itertools.permutations(["yes", "no", PREFER_NOT, None], 3)))
def test_changing_ones_mind_leaves_only_what_the_last_answer_leaves(browser, resident, way):
    expected = {
        "yes": {"disability": "yes"},
        "no": {"disability": "no", "impact": "none"},
        PREFER_NOT: {"disability": None, "impact": None},
        None: {},
    }
    for said in way:
        say(browser, FIRST, said)
        if said == "yes":
            say(browser, FURTHER, "limited_a_little")
            expected["yes"] = {"disability": "yes"}
    last = {"impact": "limited_a_little"} if way[-1] == "yes" else {}
    assert said_by(resident) == {**expected[way[-1]], **last}


def test_saying_the_same_again_keeps_the_second(browser, resident):
    say(browser, FIRST, "yes")
    say(browser, FURTHER, "not_limited")
    say(browser, FIRST, "yes")
    assert said_by(resident) == {"disability": "yes", "impact": "not_limited"}


def numbers_on(browser: PageClient, path: str) -> str:
    return browser.get(path).text.partition("<title")[2].partition(":")[2].partition(" - ")[0].strip()


def test_a_page_that_does_not_apply_is_left_out_and_not_counted(browser):
    assert numbers_on(browser, FIRST) == "question 2 of 3"
    assert browser.get(FURTHER).location == LAST
    assert numbers_on(browser, LAST) == "question 3 of 3"
    assert f'href="{FIRST}"' in browser.get(LAST).text
    say(browser, FIRST, "yes")
    assert numbers_on(browser, FURTHER) == "question 3 of 4"
    assert numbers_on(browser, LAST) == "question 4 of 4"
    assert f'href="{FURTHER}"' in browser.get(LAST).text


def test_the_implied_option_is_on_no_page_and_cannot_be_sent(browser, resident):
    say(browser, FIRST, "yes")
    page = browser.get(FURTHER).text
    assert "Yes, a lot" in page
    assert "No condition or illness" not in page
    assert 'value="none"' not in page
    assert browser.send(FURTHER, {"said": "none"}).status_code == 422
    assert said_by(resident) == {"disability": "yes"}


def test_a_second_answer_that_does_not_fit_the_first_is_refused_with_what_to_do(browser, resident):
    say(browser, FIRST, "no")
    token = browser.any_token()
    answer = browser.post(FURTHER, data={"csrf_token": token, "said": "limited_a_lot"})
    assert answer.status_code == 422
    assert "This question does not fit what you answered before" in answer.text
    assert 'href="#said"' in answer.text
    assert said_by(resident) == {"disability": "no", "impact": "none"}
    skipped = browser.post(FURTHER, data={"csrf_token": token, "action": "skip", "said": "limited_a_lot"})
    assert skipped.location == LAST
    assert said_by(resident) == {"disability": "no", "impact": "none"}


def test_questions_lead_on_and_on(place, resident):
    def options(*keys: str, to: str | None = None) -> tuple[NewCategory, ...]:
        implied = NewCategory("na", "Not asked", is_implied=True)
        return (*(NewCategory(key, key, to if key == "yes" else None) for key in keys), implied)

    rows = make_questions(
        place,
        NewDemographic("one", "One?", options("yes", "no", to="two")[:2]),
        NewDemographic("two", "Two?", options("yes", "no", to="three")),
        NewDemographic("three", "Three?", options("yes", "no")),
    )

    def save(key: str, said: str | None) -> dict[str, str | None]:
        save_demographic(actor_of(resident), place, resident.participant_id, rows[key], said)
        db.session.commit()
        return said_by(resident)

    assert save("one", "no") == {"one": "no", "two": "na", "three": "na"}
    assert save("one", "yes") == {"one": "yes"}
    assert save("two", "no") == {"one": "yes", "two": "no", "three": "na"}
    assert save("two", "yes") == {"one": "yes", "two": "yes"}
    assert save("three", "no") == {"one": "yes", "two": "yes", "three": "no"}
    assert save("one", PREFER_NOT) == {"one": None, "two": None, "three": None}
    assert save("one", None) == {}


def test_a_question_without_an_implied_option_is_a_detail_of_a_few(place, resident):
    rows = make_asked(place, "ethnic_group")

    def save(key: str, said: str | None) -> dict[str, str | None]:
        save_demographic(actor_of(resident), place, resident.participant_id, rows[key], said)
        db.session.commit()
        return said_by(resident)

    assert save("ethnic_group", "asian") == {"ethnic_group": "asian"}
    with pytest.raises(Invalid):
        save("ethnic_detail_white", "white_irish")
    db.session.rollback()
    with pytest.raises(Invalid):
        save("ethnic_detail_asian", "white_irish")
    db.session.rollback()
    assert save("ethnic_detail_asian", "asian_indian")["ethnic_detail_asian"] == "asian_indian"
    assert save("ethnic_group", "white") == {"ethnic_group": "white"}
    assert save("ethnic_group", PREFER_NOT) == {"ethnic_group": None}


def test_of_two_windows_that_answer_at_once_one_consistent_record_is_left(app):
    with app.app_context():
        place = make_place()
        make_asked(place, "disability")
        resident = make_resident(place)
        cookie = as_resident(app, resident)
        token, value = cookie.token_from(FIRST), cookie.get_cookie("session").value
    sent = [(FIRST, "yes"), (FIRST, "no"), (FURTHER, "limited_a_lot"), (FIRST, PREFER_NOT)] * 4

    def send(path: str, said: str) -> int:
        browser = PageClient(app)
        browser.set_cookie("session", value)
        return browser.post(path, data={"csrf_token": token, "said": said}).status_code

    assert set(at_once(send, sent)) <= {303, 422}
    with app.app_context():
        assert said_by(resident) in (
            {"disability": "yes"},
            {"disability": "yes", "impact": "limited_a_lot"},
            {"disability": "no", "impact": "none"},
            {"disability": None, "impact": None},
        )


# --- fixed at taking part


def test_what_was_said_at_joining_is_fixed_once_the_survey_is_sent(browser, resident, asked, place):
    say(browser, FIRST, "no")
    make_sent(resident)
    page = browser.get(FIRST).text
    assert "You cannot change this answer now." in page
    assert "From then on we keep what you told us when you joined as it was" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    answer = browser.post(FIRST, data={"csrf_token": browser.any_token(), "said": "yes"})
    assert answer.status_code == 409
    assert "cannot be changed" in answer.text
    assert said_by(resident) == {"disability": "no", "impact": "none"}
    # A page that is sent once more, and a question that was left out, change nothing either.
    for said, status in (("no", 303), ("", 409)):
        again = browser.post(FIRST, data={"csrf_token": browser.any_token(), "said": said})
        assert again.status_code == status
    with pytest.raises(Conflict):
        save_demographic(actor_of(resident), place, resident.participant_id, asked["sex"], "male")


def test_a_question_that_is_asked_after_the_items_stays_open(in_sqlite, place, resident):
    later = make_demographic(place, "late", asked=AskedAt.AFTER)
    make_sent(resident)
    save_demographic(actor_of(resident), place, resident.participant_id, later, "own")
    save_demographic(actor_of(resident), place, resident.participant_id, later, "rent")
    db.session.commit()
    assert said_by(resident) == {"late": "rent"}


def test_whoever_has_only_begun_the_survey_may_still_change_everything(browser, resident):
    say(browser, FIRST, "no")
    say(browser, FIRST, "yes")
    assert said_by(resident) == {"disability": "yes"}
