"""What is advised: who is needed by name, the most pressing first, and nobody who is not behind."""

from datetime import timedelta

import pytest
from flask import Flask

from consult import clock
from consult.consultations.models import Consultation
from consult.panel.places import take_place
from consult.representation.advice import advice_on
from consult.representation.picture import picture_of
from tests.making.panels import ask, limit, make_panel
from tests.making.places import make_place
from tests.making.publicity import make_come

NOBODY_YET = "No channel has brought many of them yet. Think of a place or a person that they trust."


@pytest.fixture
def place(sqlite_app: Flask):
    with sqlite_app.test_request_context():
        yield make_place("survey")


def advice(place: Consultation, days: float = 0) -> list[str]:
    return advice_on(picture_of(place, clock.now() + timedelta(days=days)), {})


def come(place: Consultation, age: str, count: int) -> None:
    for _ in range(count):
        take_place(place.id, make_come(place, None, sent=True, says=age))


def test_people_of_an_age_are_named_by_their_age(place: Consultation):
    make_panel(place.id, size=50)
    limit(place.id, "age_band", "16-24", aim=25)
    come(place, "16-24", 11)
    assert advice(place) == [f"14 more people aged 16 to 24 are needed. {NOBODY_YET}"]


def test_people_of_another_group_are_named_by_question_and_answer(place: Consultation):
    ask(place, "sex", "Female", "Male")
    make_panel(place.id, size=50)
    limit(place.id, "sex", "Female", aim=25)
    assert advice(place) == [
        f"At least 16 more people are needed who answer “Female” to “Which sex?”. {NOBODY_YET}"
    ]


def test_the_group_that_is_furthest_behind_what_is_wanted_comes_first(place: Consultation):
    make_panel(place.id, size=200)
    limit(place.id, "age_band", "16-24", aim=20)
    limit(place.id, "age_band", "25-64", aim=40)
    come(place, "16-24", 10)
    come(place, "25-64", 28)
    # Twelve are more than ten, and yet fewer of forty than ten of twenty.
    assert [each.split(" are ")[0] for each in advice(place)] == [
        "10 more people aged 16 to 24",
        "12 more people aged 25 to 64",
    ]


def test_who_is_at_risk_comes_first_however_few(place: Consultation):
    make_panel(place.id, size=100)
    limit(place.id, "age_band", "16-24", minimum=19, aim=20)
    limit(place.id, "age_band", "25-64", aim=80)
    come(place, "16-24", 15)
    come(place, "25-64", 30)
    first, *_ = advice(place, days=13)  # of the fifteen days of the survey fourteen have gone
    assert first.startswith("5 more people aged 16 to 24")
