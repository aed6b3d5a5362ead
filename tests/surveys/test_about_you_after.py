"""Questions about the person that come after the items: the way leads past those that are not asked."""

import pytest

from consult.recruitment.models import AskedAt
from tests.making.about_you import make_asked, said_by
from tests.making.places import as_resident, make_place, make_resident
from tests.making.surveys import ANSWERS, address, answer_until, fill_in, item_address, send

SLUG = "survey-place"


@pytest.fixture
def resident(sqlite_app):
    with sqlite_app.app_context():
        place = make_place()
        make_asked(place, "disability", "religion", asked=AskedAt.AFTER)
        yield make_resident(place, is_shared=False)


@pytest.fixture
def client(sqlite_app, resident):
    return as_resident(sqlite_app, resident)


def about_you(n: int) -> str:
    return address(SLUG, f"survey/about-you/{n}")


def test_the_last_item_leads_to_the_first_question_and_each_to_the_next_that_is_asked(client, resident):
    answer_until(client, SLUG, "fact")
    assert fill_in(client, item_address(SLUG, "fact"), ANSWERS["fact"]).location == about_you(1)
    assert "question 1 of 2" in client.get(about_you(1)).text
    assert fill_in(client, about_you(1), {"said": "no"}).location == about_you(3)
    assert client.get(about_you(2)).location == about_you(3)
    assert fill_in(client, about_you(1), {"said": "yes"}).location == about_you(2)
    assert "question 2 of 3" in client.get(about_you(2)).text
    assert fill_in(client, about_you(2), {"said": "not_limited"}).location == about_you(3)
    assert fill_in(client, about_you(3), {"said": "sikh"}).location == address(SLUG, "survey/check")
    assert said_by(resident) == {"disability": "yes", "impact": "not_limited", "religion": "sikh"}


def test_they_stay_open_once_the_survey_is_sent(client, resident):
    answer_until(client, SLUG)
    assert send(client, SLUG).location == address(SLUG, "survey/sent")
    assert fill_in(client, about_you(1), {"said": "no"}).location == about_you(3)
    assert said_by(resident) == {"disability": "no", "impact": "none"}
    assert about_you(1) in client.get(address(SLUG, "survey/check")).text
