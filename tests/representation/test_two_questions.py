"""Two questions at once: an officer sets how many of both groups, and is told what cannot be."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from consult.access import Actor, Role
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.errors import Invalid, NotFound
from consult.panel import crossing
from consult.panel.rules import Limits
from consult.panel.setting import Wanted
from consult.recruitment.models import Demographic, Target
from tests.making.accounts import make_staff, sign_in
from tests.making.desk import actor_of, fill
from tests.making.panels import ask, cross, limit, make_panel
from tests.making.places import make_place
from tests.page_client import PageClient

SLUG = "draft-place"
PAGE = f"/officer/{SLUG}/who-we-need"
CHOOSE = f"{PAGE}/two-questions"
GRID = f"{CHOOSE}/numbers?one=age_band&other=sex"
OTHER_WAY = f"{CHOOSE}/numbers?one=sex&other=age_band"


def make_draft() -> Consultation:
    place = make_place("draft")
    ask(place, "sex", "Female", "Male")
    return place


@pytest.fixture
def draft(sqlite_app: Flask) -> PageClient:
    with sqlite_app.app_context():
        member = make_staff("offi.cer@abbeyford.example", Role.OFFICER, make_draft())
    return sign_in(PageClient(sqlite_app), member)


def targets() -> list[tuple[int | None, ...]]:
    """Every crossed target: population, minimum, aim, maximum."""
    db.session.rollback()
    rows = db.session.scalars(select(Target).where(Target.crossed_option_id.is_not(None)).order_by(Target.id))
    return [(row.population, row.minimum, row.aim, row.maximum) for row in rows]


def in_base(app: Flask) -> list[tuple[int | None, ...]]:
    with app.app_context():
        return targets()


def test_two_questions_are_chosen_and_lead_to_their_numbers(draft: PageClient):
    assert CHOOSE in draft.get(PAGE).text
    assert draft.get(CHOOSE).status_code == 200
    assert draft.get(f"{CHOOSE}?unknown=1").status_code == 200
    answer = draft.get(f"{CHOOSE}?one=age_band&other=sex")
    assert (answer.status_code, answer.location) == (302, GRID)
    assert draft.get(GRID).status_code == 200


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ("chosen=yes", "Choose the first question"),  # nothing was chosen
        ("one=age_band", "Choose the second question"),
        ("other=sex", "Choose the first question"),
        ("one=sex&other=sex", "Choose two different questions"),
        ("one=sex&other=nothing", "Choose from the answers in the list"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_in_words(draft: PageClient, chosen: str, message: str):
    answer = draft.get(f"{CHOOSE}?{chosen}")
    assert (answer.status_code, message in answer.text) == (422, True)


@pytest.mark.parametrize("pair", ["one=sex&other=sex", "one=sex", "", "one=sex&other=%3Cb%3E"])
def test_numbers_of_what_is_no_pair_are_not_there(draft: PageClient, pair: str):
    assert draft.get(f"{CHOOSE}/numbers?{pair}").status_code == 404


def test_numbers_are_saved_shown_either_way_changed_and_taken_away(sqlite_app: Flask, draft: PageClient):
    typed = {"minimum_0_0": "12", "aim_0_0": "15", "maximum_0_0": "20", "population_1_1": "60,000"}
    assert fill(draft, GRID, typed).location == PAGE
    assert in_base(sqlite_app) == [(None, 12, 15, 20), (60_000, None, None, None)]
    page = draft.get(PAGE).text
    assert "Together with: Which sex?" in page
    assert "16-24, Female" in page or "16 to 24, Female" in page
    other_way = draft.get(OTHER_WAY).text
    for name, value in (("minimum_0_0", "12"), ("population_1_1", "60000")):
        assert re.search(rf'name="{name}"[^>]*value="{value}"', other_way), name
    # From the other side it is the same cell, and no second one.
    assert fill(draft, OTHER_WAY, {"minimum_0_0": "10", "aim_0_1": "30"}).location == PAGE
    assert sorted(in_base(sqlite_app), key=str) == [(None, 10, None, None), (None, None, 30, None)]
    assert fill(draft, GRID, {}).location == PAGE
    assert in_base(sqlite_app) == []


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"minimum_0_0": "many"}, "minimum_0_0", "enter a whole number from 0 to 100,000"),
        ({"maximum_1_0": "-3"}, "maximum_1_0", "enter a whole number from 0 to 100,000"),
        ({"aim_0_1": "1e9"}, "aim_0_1", "enter a whole number from 0 to 100,000"),
        ({"population_0_1": "9" * 30}, "population_0_1", "enter a whole number from 0 to 100,000,000"),
        ({"minimum_0_1": "20", "aim_0_1": "10"}, "aim_0_1", "the aim cannot be less than"),
        ({"aim_1_1": "20", "maximum_1_1": "10"}, "maximum_1_1", "cannot be less than the aim"),
        ({"minimum_1_1": "20", "maximum_1_1": "10"}, "maximum_1_1", "cannot be less than “At least”"),
    ],
)
def test_what_cannot_be_is_refused_at_its_box_and_all_that_was_typed_stays(
    sqlite_app: Flask, draft: PageClient, typed: dict[str, str], field: str, message: str
):
    answer = fill(draft, GRID, {"aim_0_0": "17", **typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert message in answer.text
    for value in ("17", *typed.values()):
        assert f'value="{value}"' in answer.text
    assert in_base(sqlite_app) == []


def test_every_box_that_is_wrong_is_named_by_its_groups(draft: PageClient):
    answer = fill(draft, GRID, {"aim_0_0": "x", "maximum_1_1": "y"})
    listed = re.findall(r'<li><a href="#(\w+)">([^:]+):', answer.text)
    assert [field for field, _ in listed] == ["aim_0_0", "maximum_1_1"]
    assert [groups.endswith(("Female", "Male")) for _, groups in listed] == [True, True]


def test_what_contradicts_the_groups_by_themselves_is_saved_and_told_in_words(
    sqlite_app: Flask, draft: PageClient
):
    with sqlite_app.app_context():
        place = get_consultation(SLUG)
        make_panel(place.id, size=50)
        limit(place.id, "sex", "Female", minimum=20, maximum=25)
    assert "At least" in draft.get(GRID).text
    assert "at least 20, at most 25" in draft.get(GRID).text
    assert fill(draft, GRID, {"minimum_0_0": "15", "minimum_1_0": "15"}).location == PAGE
    page = draft.get(PAGE).text
    assert "These numbers cannot all be kept" in page
    assert "the least numbers add up to 30 people, and Female may have at most 25" in page
    assert fill(draft, GRID, {"minimum_0_0": "10", "minimum_1_0": "15"}).location == PAGE
    assert "cannot all be kept" not in draft.get(PAGE).text


def test_of_two_officers_the_second_is_told_and_keeps_what_they_typed(sqlite_app: Flask, draft: PageClient):
    [version] = re.findall(r'name="version" value="([0-9]+)"', draft.get(GRID).text)
    fill(draft, GRID, {"aim_0_0": "11"})
    answer = fill(draft, GRID, {"aim_0_0": "12", "version": version})
    assert answer.status_code == 409
    assert 'value="12"' in answer.text
    assert "Somebody else saved this before you" in answer.text
    assert in_base(sqlite_app) == [(None, None, 11, None)]


def test_a_form_that_is_sent_twice_is_saved_once(sqlite_app: Flask, draft: PageClient):
    page = draft.get(GRID).text
    hidden = dict(re.findall(r'name="(once|version)" value="([^"]+)"', page))
    sent = {"csrf_token": draft.any_token(), **hidden, "aim_0_0": "11"}
    assert [draft.post(GRID, data=sent).location for _ in range(2)] == [PAGE, PAGE]
    assert in_base(sqlite_app) == [(None, None, 11, None)]


def test_twelve_by_twelve_is_saved_whole_and_thirteen_is_not_offered(sqlite_app: Flask, draft: PageClient):
    with sqlite_app.app_context():
        place = get_consultation(SLUG)
        ask(place, "ward", *(f"Ward {n}" for n in range(12)))
        ask(place, "work", *(f"Work {n}" for n in range(12)))
        ask(place, "month", *(f"Month {n}" for n in range(13)))
    page = draft.get(CHOOSE).text
    assert ('value="ward"' in page, 'value="month"' in page) == (True, False)
    assert draft.get(f"{CHOOSE}/numbers?one=month&other=sex").status_code == 404
    grid = f"{CHOOSE}/numbers?one=ward&other=work"
    typed = {
        f"{figure}_{n}_{m}": "10"
        for figure in ("minimum", "aim", "maximum", "population")
        for n in range(12)
        for m in range(12)
    }
    assert fill(draft, grid, typed).location == PAGE
    assert in_base(sqlite_app) == [(10, 10, 10, 10)] * 144
    too_many = {**typed, **{f"more_{n}": "1" for n in range(10)}}
    assert fill(draft, grid, too_many).status_code == 413


def test_it_is_fixed_when_the_consultation_is_published(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("survey")
        ask(place, "sex", "Female", "Male")
        cross(place.id, ("age_band", "16-24"), ("sex", "Female"), aim=12, maximum=15)
        member = make_staff("offi.cer@abbeyford.example", Role.OFFICER, place)
    officer = sign_in(PageClient(sqlite_app), member)
    there = "/officer/survey-place/who-we-need"
    page = officer.get(there).text
    assert "Together with: Which sex?" in page
    assert "two-questions" not in page
    for path in ("two-questions", "two-questions/numbers?one=age_band&other=sex"):
        assert officer.get(f"{there}/{path}").status_code in {403, 409}


# --- the deed, on both kinds of database


def make_draft_and_officer() -> tuple[Consultation, Actor]:
    place = make_draft()
    return place, actor_of(make_staff("offi.cer@abbeyford.example", Role.OFFICER, place).email)


def pair_of(place: Consultation) -> tuple[Demographic, Demographic]:
    return crossing.get_pair(place, "age_band", "sex")


def test_the_deed_keeps_a_row_that_is_there_and_how_far_a_draw_may_go(in_app: Flask):
    place, actor = make_draft_and_officer()
    limits = {"minimum": 10, "maximum": 20, "maximum_flex": 25}
    target = cross(place.id, ("sex", "Female"), ("age_band", "16-24"), **limits)
    [one, *_] = (option.key for option in pair_of(place)[0].options)
    for maximum, flex in ((22, 25), (30, None)):
        wanted = {(one, "Female"): Wanted(None, Limits(10, None, maximum))}
        crossing.set_crossed(actor, place, pair_of(place), wanted, version=place.version)
        row = db.session.get_one(Target, target, populate_existing=True)
        assert (row.maximum, row.maximum_flex) == (maximum, flex)
    assert len(targets()) == 1


def test_the_deed_refuses_what_no_form_would_send(in_app: Flask):
    place, actor = make_draft_and_officer()
    wanted = {("16-24", "Female"): Wanted(None, Limits(20, 10, None))}
    with pytest.raises(Invalid, match="smallest number"):
        crossing.set_crossed(actor, place, pair_of(place), wanted, version=place.version)
    with pytest.raises(NotFound):
        crossing.get_pair(place, "sex", "sex")
