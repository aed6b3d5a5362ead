"""Who we need: an officer sets it, sees who is missing, and two officers raise a limit."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.access import Role
from consult.consultations.models import Consultation, State
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.panel.models import LimitChange, Panel
from consult.panel.setting import find_panel
from consult.recruitment.models import Target
from tests.making.accounts import make_staff, sign_in
from tests.making.desk import fill
from tests.making.panels import ask, change_of, limit, make_panel, make_wanted, say
from tests.making.places import make_place, make_resident
from tests.making.surveys import make_sent
from tests.page_client import PageClient

PAGE = "/officer/draft-place/who-we-need"
TABLE = "variable,category,population\nage_band,16-24,30000\nage_band,25-64,120000\n"


def officer_of(app: Flask, place: Consultation, email: str = "offi.cer@abbeyford.example") -> PageClient:
    with app.app_context():
        member = make_staff(email, Role.OFFICER, place)
    return sign_in(PageClient(app), member)


@pytest.fixture
def draft(sqlite_app: Flask) -> PageClient:
    with sqlite_app.app_context():
        place = make_place("draft")
    return officer_of(sqlite_app, place)


def targets(app: Flask) -> list[tuple[int | None, int | None, int | None]]:
    with app.app_context():
        rows = db.session.scalars(select(Target).order_by(Target.id)).all()
        found = [(row.population, row.aim, row.maximum) for row in rows]
        db.session.rollback()
    return found


def test_a_panel_is_set_and_taken_away(sqlite_app: Flask, draft: PageClient):
    assert fill(draft, f"{PAGE}/panel", {"size": "200", "retention": "65"}).location == PAGE
    assert "The panel holds 200 people." in draft.get(PAGE).text
    assert fill(draft, f"{PAGE}/panel", {"size": "", "retention": "65"}).location == PAGE
    with sqlite_app.app_context():
        assert db.session.scalar(select(Panel)) is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"size": "0"}, "#size"),
        ({"size": "many"}, "#size"),
        ({"size": "-4"}, "#size"),
        ({"size": "1e9"}, "#size"),
        ({"size": "99999999999999999999"}, "#size"),
        ({"size": "10", "retention": "101"}, "#retention"),
        ({"size": "10", "retention": ""}, "#retention"),
    ],
)
def test_a_size_that_cannot_be_is_refused_and_what_was_typed_stays(
    draft: PageClient, typed: dict[str, str], field: str
):
    answer = fill(draft, f"{PAGE}/panel", {"size": "10", "retention": "70", **typed})
    assert answer.status_code == 422
    assert f'href="{field}"' in answer.text
    for value in typed.values():
        assert not value or f'value="{value}"' in answer.text


def test_numbers_of_each_group_are_typed_and_shared_out(sqlite_app: Flask, draft: PageClient):
    fill(draft, f"{PAGE}/panel", {"size": "50", "retention": "70"})
    typed = {
        "population_0": "30000",
        "population_1": "120000",
        "maximum_1": "45",
        "base": "Residents",
        "source": "",
    }
    assert fill(draft, f"{PAGE}/groups/age_band", {**typed, "share": "1"}).location == PAGE
    assert targets(sqlite_app) == [(30_000, 10, None), (120_000, 40, 45)]
    assert "Residents" in draft.get(PAGE).text


def test_who_is_too_young_to_take_part_gets_no_share_of_the_panel(sqlite_app: Flask, draft: PageClient):
    with sqlite_app.app_context():
        ask(get_consultation("draft-place"), "age", "0-15", "16-64", "65+")
    fill(draft, f"{PAGE}/panel", {"size": "50", "retention": "70"})
    living = {"population_0": "20000", "population_1": "60000", "population_2": "20000", "share": "1"}
    assert fill(draft, f"{PAGE}/groups/age", living).location == PAGE
    assert targets(sqlite_app) == [(20_000, None, None), (60_000, 38, None), (20_000, 12, None)]


def test_who_is_too_young_to_take_part_is_not_counted_among_who_lives_here(
    sqlite_app: Flask, draft: PageClient
):
    with sqlite_app.app_context():
        ask(get_consultation("draft-place"), "age", "0-15", "16-64", "65+")
    living = {"population_0": "20000", "population_1": "60000", "population_2": "20000"}
    fill(draft, f"{PAGE}/groups/age", living)
    assert "0-15" in draft.get(PAGE).text
    with sqlite_app.app_context():
        db.session.execute(update(Consultation).values(state=State.PUBLISHED))
        db.session.commit()
    page = draft.get(PAGE).text
    assert "People take part from the age of 16. Younger people are not counted here." in page
    assert {"75", "25"} <= set(re.findall(r"(\d+)\s%", page))
    assert "0-15" not in page
    with sqlite_app.app_context():
        limit(get_consultation("draft-place").id, "age", "0-15", aim=5)
    page = draft.get(PAGE).text  # somebody wants them: then that is shown
    assert {"20", "60"} <= set(re.findall(r"(\d+)\s%", page))


def test_a_draft_says_what_to_do_next_until_it_is_done(sqlite_app: Flask, draft: PageClient):
    assert "Next: bring in how many people" in draft.get(PAGE).text
    fill(draft, f"{PAGE}/groups/age_band", {"population_0": "30000", "population_1": "120000"})
    assert "Next: say how many people the panel should hold" in draft.get(PAGE).text
    fill(draft, f"{PAGE}/panel", {"size": "50", "retention": "70"})
    assert "Next: say how many of each group you want" in draft.get(PAGE).text
    fill(draft, f"{PAGE}/groups/age_band", {"population_0": "30000", "population_1": "120000", "share": "1"})
    assert "Next: how people hear of it" in draft.get(PAGE).text


def test_limits_that_contradict_each_other_are_refused(sqlite_app: Flask, draft: PageClient):
    answer = fill(draft, f"{PAGE}/groups/age_band", {"minimum_0": "20", "maximum_0": "10"})
    assert answer.status_code == 422
    assert 'href="#maximum_0"' in answer.text
    assert "cannot be less than “At least”" in answer.text
    assert targets(sqlite_app) == []


def test_sharing_out_without_a_size_or_figures_says_what_is_missing(sqlite_app: Flask, draft: PageClient):
    answer = fill(draft, f"{PAGE}/groups/age_band", {"population_0": "5", "share": "1"})
    assert (answer.status_code, "Say first how many people" in answer.text) == (422, True)
    fill(draft, f"{PAGE}/panel", {"size": "50", "retention": "70"})
    answer = fill(draft, f"{PAGE}/groups/age_band", {"aim_0": "5", "share": "1"})
    assert (answer.status_code, "how many people of each group" in answer.text) == (422, True)
    assert targets(sqlite_app) == []


def test_figures_come_in_from_a_file(sqlite_app: Flask, draft: PageClient):
    answer = fill(draft, f"{PAGE}/file", {"file": (io.BytesIO(TABLE.encode()), "figures.csv")})
    assert answer.location == PAGE, answer.text
    assert [population for population, *_ in targets(sqlite_app)] == [30_000, 120_000]


def test_an_analyst_brings_in_figures_and_changes_nothing_else(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("draft")
        member = make_staff("ana.lyst@abbeyford.example", Role.ANALYST, place)
    analyst, there = sign_in(PageClient(sqlite_app), member), "/analyst/draft-place/who-takes-part"
    assert there in analyst.get("/analyst/").text
    assert f"{there}/file" in analyst.get(there).text
    assert "/officer/" not in analyst.get(there).text
    answer = fill(analyst, f"{there}/file", {"file": (io.BytesIO(TABLE.encode()), "figures.csv")})
    assert answer.location == there, answer.text
    assert [population for population, *_ in targets(sqlite_app)] == [30_000, 120_000]
    assert analyst.get(f"{PAGE}/file").status_code == 403


def test_a_file_that_cannot_be_used_is_refused_whole(sqlite_app: Flask, draft: PageClient):
    broken = TABLE.replace("30000", "-")
    answer = fill(draft, f"{PAGE}/file", {"file": (io.BytesIO(broken.encode()), "../../<b>x.csv")})
    assert answer.status_code == 422
    assert ":2:" in answer.text
    assert "<b>x" not in answer.text
    assert targets(sqlite_app) == []
    assert fill(draft, f"{PAGE}/file", {}).status_code == 422


def test_of_two_officers_who_save_the_second_is_told(sqlite_app: Flask, draft: PageClient):
    page = draft.get(f"{PAGE}/panel").text
    [version] = re.findall(r'name="version" value="([0-9]+)"', page)
    fill(draft, f"{PAGE}/groups/age_band", {"aim_0": "5"})
    for path, typed in (
        (f"{PAGE}/panel", {"size": "10", "retention": "70"}),
        (f"{PAGE}/groups/age_band", {"aim_0": "7"}),
        (f"{PAGE}/file", {"file": (io.BytesIO(TABLE.encode()), "x.csv")}),
    ):
        answer = fill(draft, path, {**typed, "version": version})
        assert answer.status_code == 409, path
        assert "Somebody else saved this before you" in answer.text
    assert targets(sqlite_app) == [(None, 5, None)]


def test_it_is_fixed_when_the_consultation_is_published(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("survey")
        make_wanted(place)
    officer = officer_of(sqlite_app, place)
    there = "/officer/survey-place/who-we-need"
    assert officer.get(there).status_code == 200
    for path in ("panel", "groups/age_band", "file"):
        assert officer.get(f"{there}/{path}").status_code in {403, 409}


def test_two_officers_raise_a_limit_and_who_waited_gets_a_place(app: Flask):
    with app.app_context():
        place = make_place("survey")
        make_panel(place.id, size=1)
        from consult.panel.places import take_place  # noqa: PLC0415

        for n in range(3):
            take_place(place.id, make_resident(place, name=f"Person {n}").participant_id)
        db.session.commit()
    one, other = (officer_of(app, place, f"offi.cer{n}@abbeyford.example") for n in (1, 2))
    there = "/officer/survey-place/who-we-need"
    assert fill(one, f"{there}/raise", {"to": "1", "reason": "More came."}).status_code == 422
    assert fill(one, f"{there}/raise", {"to": "2", "reason": ""}).status_code == 422
    assert fill(one, f"{there}/raise", {"to": "2", "reason": "More came."}).location == there
    with app.app_context():
        change = f"{there}/changes/{change_of('survey-place')}"
    token = one.token_from(change)
    assert one.post(change, data={"csrf_token": token}).status_code == 409  # not by oneself
    assert fill(other, change, {}).location == there
    assert "1 person who waited has a place now" in other.get(there).text
    assert other.get(change).status_code == 409
    with app.app_context():
        panel = find_panel(place)
        assert panel is not None
        assert (panel.size, panel.filled) == (2, 2)
        assert db.session.scalars(select(LimitChange.confirmed_at)).one() is not None


def test_counts_under_ten_and_gaps_beside_them_are_not_told(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("survey")
        limit(place.id, "age_band", "16-24", population=30_000, aim=30)
        limit(place.id, "age_band", "25-64", population=70_000, aim=70)
        for n in range(15):
            made = make_resident(place, name=f"Person {n}")
            say(made.participant_id, age_band="16-24" if n < 4 else "25-64")
            make_sent(made.participant_id, place)
    text = officer_of(sqlite_app, place).get("/officer/survey-place/who-we-need").text
    row = re.search(r"16 to 24.*?</tr>", text[text.index("<table") :], re.DOTALL)
    assert row is not None
    assert "Fewer than 10" in row[0]
    assert "At least 21" in row[0]  # 30 - 9, and never 26
    assert "26" not in row[0]
    assert "At least 21 more people" in text
