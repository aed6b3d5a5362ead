"""The officer's first page, a new consultation, its overview, and what people are asked about themselves."""

import html
import io
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult import clock
from consult.access import Role
from consult.accounts.models import StaffRole
from consult.accounts.queries import find_staff
from consult.consultations.models import Consultation, Participant, Progress, State, Submission, Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.desk.template import DEMOGRAPHICS, ITEMS
from consult.recruitment import turnout
from consult.recruitment.models import Demographic, DemographicOption
from consult.recruitment.question_sets import list_firsts
from consult.surveys.models import Item
from consult.uktime import uk_time
from consult.web.once import new_token
from tests.making.accounts import client_as
from tests.making.bundles import make_bundle
from tests.making.desk import (
    OFFICER,
    another_officer,
    fields_of,
    fill,
    make_draft,
    make_ready,
    officer_client,
    staff_id,
)
from tests.making.incentives import make_offer
from tests.making.panels import limit, make_panel
from tests.making.places import make_place, make_resident
from tests.making.publicity import make_channel
from tests.page_client import PageClient, at_once

NEW = {"title": "Bins in the old town", "slug": "", "start": "template"}


@pytest.fixture
def officer(sqlite_app: Flask) -> PageClient:
    return officer_client(sqlite_app)


def assign(*places: Consultation) -> None:
    """The officer holds the role there too."""
    for place in places:
        db.session.add(StaffRole(staff_id=staff_id(), consultation_id=place.id, role=Role.OFFICER))
    db.session.commit()


def how_many(app: Flask, table=Consultation) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


# --- making one


def test_a_consultation_from_the_template_is_a_whole_draft(app):
    client = officer_client(app)
    answer = fill(client, "/officer/new", NEW)
    assert (answer.status_code, answer.location) == (303, "/officer/bins-in-the-old-town/")
    with app.app_context():
        made = get_consultation("bins-in-the-old-town")
        assert (made.title, made.state, made.minimum_age) == (NEW["title"], State.DRAFT, 16)
        items = db.session.scalars(select(Item).order_by(Item.position)).all()
        assert [item.key for item in items] == [item.key for item in ITEMS]
        asked = db.session.scalars(select(Demographic).order_by(Demographic.position)).all()
        assert [(each.key, each.asked) for each in asked] == [(each.key, each.asked) for each in DEMOGRAPHICS]
        assert len(made.stages) == 3
        assert min(stage.opens_at for stage in made.stages) > clock.now()
    assert client.get(answer.location).status_code == 200


def test_an_address_can_be_chosen(sqlite_app, officer):
    assert fill(officer, "/officer/new", {**NEW, "slug": "bins-2027"}).location == "/officer/bins-2027/"


def test_what_cannot_stand_is_refused_and_nothing_is_made(sqlite_app, officer):
    with sqlite_app.app_context():
        make_place("draft", slug="somebodys-draft")
    before = how_many(sqlite_app)
    for changed, said, href in (
        ({"title": ""}, "Enter a title", "#title"),
        ({"title": "x" * 101}, "Enter at most 100 characters", "#title"),
        ({"slug": "Bins!"}, "The address must hold only small letters", "#slug"),
        ({"slug": "new"}, "Another consultation has this address", "#slug"),
        ({"slug": "somebodys-draft"}, "Another consultation has this address", "#slug"),
        ({"title": "漢字"}, "Enter an address, like late-hours-2027", "#slug"),
        ({"start": "magic"}, "Choose from the answers in the list", "#start"),
        ({"start": "copy"}, "Choose from the answers in the list", "#start"),  # there is none to copy
        ({"start": "files"}, "Choose the files", "#files"),
    ):
        answer = fill(officer, "/officer/new", {**NEW, **changed})
        assert answer.status_code == 422, changed
        assert said in answer.text, changed
        assert f'href="{href}"' in answer.text, changed
    assert how_many(sqlite_app) == before


def test_a_double_click_makes_one(app):
    client = officer_client(app)
    page = client.get("/officer/new").text
    data = {"csrf_token": client.any_token(), **fields_of(page), **NEW}
    cookie = client.get_cookie("session").value

    def send(_n: int) -> tuple[int, str | None]:
        browser = PageClient(app)
        browser.set_cookie("session", cookie)
        answer = browser.post("/officer/new", data=data)
        return answer.status_code, answer.location

    assert set(at_once(send, [(n,) for n in range(6)])) == {(303, "/officer/bins-in-the-old-town/")}
    assert how_many(app) == 1


def test_a_copy_says_and_asks_the_same_and_has_new_dates(sqlite_app, officer):
    with sqlite_app.app_context():
        make_ready()
    answer = fill(officer, "/officer/new", {**NEW, "start": "copy", "source": "late-hours"})
    assert answer.status_code == 303, answer.text
    with sqlite_app.app_context():
        source, made = get_consultation("late-hours"), get_consultation("bins-in-the-old-town")
        assert (made.title, made.summary, made.decides_on) == (NEW["title"], source.summary, None)
        stems = select(Item.stem).order_by(Item.position)
        assert db.session.scalars(stems.filter_by(consultation_id=made.id)).all() == (
            db.session.scalars(stems.filter_by(consultation_id=source.id)).all()
        )
        unapproved = select(func.count()).where(
            Item.consultation_id == made.id, Item.approved_version.is_(None)
        )
        assert db.session.scalar(unapproved) == len(ITEMS)


def test_somebody_elses_consultation_cannot_be_copied(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
        make_place("survey", slug="not-mine")
    answer = fill(officer, "/officer/new", {**NEW, "start": "copy", "source": "not-mine"})
    assert answer.status_code == 422
    assert "Choose which one to copy" in answer.text


def test_an_administrator_makes_one_and_gets_no_role_in_it(sqlite_app):
    client = client_as(sqlite_app, Role.ADMINISTRATOR)
    answer = fill(client, "/officer/new", NEW)
    assert (answer.status_code, answer.location) == (303, "/officer/")
    assert client.get("/officer/bins-in-the-old-town/").status_code == 403
    assert how_many(sqlite_app, StaffRole) == 0
    assert how_many(sqlite_app, Item) == len(ITEMS)


# --- brought in as files


def chosen(folder) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(path.read_bytes()), path.name) for path in sorted(folder.iterdir())]


def bring_in(client: PageClient, files, **changed: str):
    data = {
        "csrf_token": client.any_token(),
        "once": new_token(),
        "title": "",
        "slug": "",
        "start": "files",
        "files": files,
        **changed,
    }
    answer = client.post("/officer/new", data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # the test client's own copy of what it sent
    return answer


def draft_bundle(path, **more):
    given = {"slug": "from-files", "title": "From files", "state": "draft", "responses": ()}
    return make_bundle(path, **{**given, **more})


def test_a_draft_comes_in_as_files(app, tmp_path):
    with app.app_context():
        dates = make_place("draft")
        stages = {
            stage.kind.value: {"opens": uk_time(stage.opens_at), "closes": uk_time(stage.closes_at)}
            for stage in dates.stages
        }
    client = officer_client(app)
    folder = _only_definitions(draft_bundle(tmp_path / "in", stages=stages))
    answer = bring_in(client, chosen(folder))
    assert (answer.status_code, answer.location) == (303, "/officer/from-files/"), answer.text
    assert client.get("/officer/from-files/").status_code == 200


def _only_definitions(folder):
    """A bundle without what people said: its list of participants has a header and nothing else."""
    people = folder / "participants.csv"
    people.write_text(people.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    for path in folder.iterdir():
        if path.name not in {"consultation.toml", "participants.csv"}:
            path.unlink()
    return folder


def test_files_that_are_no_draft_are_refused_whole_with_every_problem_named(sqlite_app, officer, tmp_path):
    closed = make_bundle(tmp_path / "closed", slug="closed-one")
    before = how_many(sqlite_app)
    answer = bring_in(officer, chosen(closed))
    assert answer.status_code == 422
    assert "responses.csv: a draft is made of" in answer.text
    only = [pair for pair in chosen(closed) if pair[1] in {"consultation.toml", "participants.csv"}]
    answer = bring_in(officer, only)
    assert answer.status_code == 422
    assert "consultation.toml: state: must be draft, not closed" in answer.text
    assert "participants.csv:2: participant: a draft has no participants yet" in answer.text
    assert how_many(sqlite_app) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("consultation.zip", b"PK\x03\x04", "consultation.zip: a draft is made of"),
        ("../../etc/passwd", b"x", "passwd: a draft is made of"),
        ("consultation.toml", b"title = <script>alert(1)</script>", "consultation.toml:1: "),
        ("consultation.toml", b'format = 1\n"<script>" = 1', "&lt;script&gt;"),
        ("consultation.toml", b"\xff\xfe", "consultation.toml:1: the line is not UTF-8 text"),
        ("participants.csv", b"participant\n", "consultation.toml: this file is missing"),
    ],
)
def test_a_file_that_is_wrong_is_named_and_escaped(sqlite_app, officer, name, content, said):
    answer = bring_in(officer, [(io.BytesIO(content), name)])
    assert answer.status_code == 422
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert how_many(sqlite_app) == 0


def test_a_file_chosen_twice_is_refused(sqlite_app, officer):
    files = [(io.BytesIO(b"participant\n"), "participants.csv") for _ in range(2)]
    assert "participants.csv: this file was chosen twice" in bring_in(officer, files).text


def test_files_of_megabytes_are_taken_up_to_a_limit(sqlite_app, officer):
    comment = b"# " + b"x" * 2_000_000 + b"\nformat = 1\n"
    assert "title: is missing" in bring_in(officer, [(io.BytesIO(comment), "consultation.toml")]).text
    larger = b"# " + b"x" * 5_200_000
    assert "larger than 5 MB" in bring_in(officer, [(io.BytesIO(larger), "consultation.toml")]).text
    assert bring_in(officer, [(io.BytesIO(b"x" * 7_000_000), "consultation.toml")]).status_code == 413
    over = {"csrf_token": "x", "email": "y" * 2_000_000}
    assert PageClient(sqlite_app).post("/staff/sign-in", data=over).status_code == 413, "nowhere else"


# --- the first page


def test_the_first_page_says_what_waits_and_where_each_one_is(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
        assign(make_place("survey"), make_place("summarising"), make_place("closed"))
    page = officer.get("/officer/").text
    for said in (
        "Finish setting up. The starting survey is planned for",
        "Write and publish the summaries.",
        "Look at what changed.",
        "Stage 1 of 3: Starting survey. Open until",
        "The starting survey has closed. Summaries are being written.",
        "Only you and your colleagues can see it.",
    ):
        assert said in page, said


def test_the_first_page_asks_as_much_for_one_as_for_twenty(sqlite_app, officer):
    with sqlite_app.app_context():
        assign(make_place("survey"))
    officer.get("/officer/")
    few = len(officer.statements)
    with sqlite_app.app_context():
        assign(*(make_place("forum", slug=f"forum-{n}") for n in range(19)))
    assert officer.get("/officer/").text.count("/officer/forum-") == 19
    assert len(officer.statements) == few


def test_somebody_elses_consultations_stand_nowhere(sqlite_app, officer):
    with sqlite_app.app_context():
        make_place("draft", slug="private-draft")
    assert "private-draft" not in officer.get("/officer/").text
    assert "private-draft" not in officer.get("/officer/new").text
    assert officer.get("/officer/private-draft/").status_code == 404


# --- the overview


def test_the_overview_of_a_draft_says_what_is_missing(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    page = officer.get("/officer/late-hours/").text
    assert "5 texts are missing" in page
    assert f"{len([item for item in ITEMS if '[topic]' in item.stem])} questions still say [topic]" in page
    assert "things are missing before you can publish" in page


def test_the_overview_of_a_ready_draft_says_so(sqlite_app, officer):
    with sqlite_app.app_context():
        make_ready()
    page = officer.get("/officer/late-hours/").text
    assert f"{len(ITEMS)} questions, all approved" in page
    assert "Nothing is missing. You can publish when you are ready." in page


def test_people_are_counted_from_ten_on_and_rehearsals_never(sqlite_app, officer):
    with sqlite_app.app_context():
        place = make_place("survey")
        assign(place)
        people = [
            make_resident(place, name=f"Quiet Heron {n}") for n in range(8)
        ]  # three came with the bundle
        for resident in people:
            db.session.add(
                Submission(
                    participant_id=resident.participant_id,
                    wave=Wave.PRE,
                    consultation_id=place.id,
                    status=Progress.SUBMITTED,
                )
            )
        turnout.recount(place.id)
        db.session.commit()
    page = officer.get("/officer/survey-place/").text
    assert _counted(page) == ["11", "Fewer than 10"], "no other stage has opened"
    with sqlite_app.app_context():
        rehearsed = db.session.get(Participant, people[0].participant_id)
        rehearsed.is_rehearsal = True
        also = db.session.get(Participant, people[1].participant_id)
        also.is_rehearsal = True
        turnout.recount(also.consultation_id)
        db.session.commit()
    assert _counted(officer.get("/officer/survey-place/").text)[0] == "Fewer than 10"


def _counted(page: str) -> list[str]:
    table = page.partition('id="people"')[2].partition("</table>")[0]
    return [cell.rpartition(">")[2] for cell in table.split("</td>")[:-1]]


TASK = re.compile(
    r'<a class="govuk-link govuk-task-list__link" href="([^"]+)"[^>]*>([^<]+)</a>'
    r"\s*<div[^>]*>([^<]*)</div>\s*</div>"
    r'\s*<div class="govuk-task-list__status[^>]*>(.*?)</div>',
    re.DOTALL,
)


def tasks_of(page: str) -> dict[str, tuple[str, str]]:
    """What the task list says: hint and status by title, in its order."""
    return {
        title: (html.unescape(hint), re.sub(r"<[^>]+>", "", status).strip())
        for _href, title, hint, status in TASK.findall(page)
    }


def test_the_overview_of_a_draft_names_every_task_in_order_with_how_far_it_is(sqlite_app, officer):
    with sqlite_app.app_context():
        make_ready()
    tasks = tasks_of(officer.get("/officer/late-hours/").text)
    assert list(tasks) == [
        "Texts", "Questions", "What we ask about people", "Who we need", "Timetable", "Publicity", "Thanks",
        "Rehearse", "Publish",
    ]  # fmt: skip
    assert [tasks[name][1] for name in ("Who we need", "Publicity", "Thanks")] == [
        "To do",
        "To do",
        "If you want",
    ]
    with sqlite_app.app_context():
        place = get_consultation("late-hours")
        category = place_category(place)
        make_panel(place.id, size=200)
        limit(place.id, *category, aim=20)
        make_channel(place)
        make_offer(place)
    tasks = tasks_of(officer.get("/officer/late-hours/").text)
    assert tasks["Who we need"] == ("A panel of 200 people", "Done")
    assert tasks["Publicity"] == ("1 way by which people hear of it", "Done")
    assert tasks["Thanks"] == ("2 things that people can choose from", "Done")
    with sqlite_app.app_context():
        limit(place.id, *category, minimum=300, aim=300)
    tasks = tasks_of(officer.get("/officer/late-hours/").text)
    assert tasks["Who we need"] == ("Some numbers cannot all be kept", "To do")


def place_category(place: Consultation) -> tuple[str, str]:
    """The first question about people and its first answer."""
    asked = db.session.scalars(
        select(Demographic).filter_by(consultation_id=place.id).order_by(Demographic.position)
    ).first()
    assert asked is not None
    return asked.key, asked.options[0].key


def test_the_overview_of_one_that_runs_leads_to_publicity_and_thanks(sqlite_app, officer):
    with sqlite_app.app_context():
        assign(make_place("survey"))
    tasks = tasks_of(officer.get("/officer/survey-place/").text)
    assert {"Who we need", "Publicity", "Thanks", "Timetable"} <= set(tasks)
    assert {status for _hint, status in tasks.values()} == {""}


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("survey", ["Joined", "Sent the starting survey"]),
        ("between", ["Joined", "Sent the starting survey", "Wrote in the forum"]),
        (
            "follow_up",
            ["Joined", "Sent the starting survey", "Wrote in the forum", "Sent the follow-up survey"],
        ),
    ],
)
def test_the_overview_tells_nothing_of_a_stage_that_has_not_opened(sqlite_app, officer, moment, told):
    with sqlite_app.app_context():
        assign(make_place(moment))
    page = officer.get(f"/officer/{moment.replace('_', '-')}-place/").text
    table = page[page.index('id="people"') :].partition("</table>")[0]
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)<', table) == told


def test_the_overview_never_holds_results(sqlite_app, officer):
    with sqlite_app.app_context():
        assign(make_place("follow_up"))
    page = officer.get("/officer/follow-up-place/").text
    results = set(re.findall(r'"/analyst/follow-up-place/([^"]*)"', page))
    assert results == {"coding/"}, "only what people wrote in the starting survey, without who they are"
    assert "Nobody sees what people answered until every stage has closed." in page


def test_who_is_no_officer_here_learns_nothing(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    outsider = client_as(sqlite_app, Role.OFFICER, _elsewhere(sqlite_app))
    administrator = client_as(sqlite_app, Role.ADMINISTRATOR)
    for page in ("", "about", "timetable", "people", "rehearse", "publish"):
        path = f"/officer/late-hours/{page}"
        assert outsider.get(path).status_code == 404, page
        assert administrator.get(path).status_code == 403, page
        assert PageClient(sqlite_app).get(path).status_code == 302, page


def _elsewhere(app: Flask) -> Consultation:
    with app.app_context():
        return make_place("survey", slug="elsewhere")


# --- what people are asked about themselves


def chosen_questions(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {row.key: row.asked.value for row in db.session.scalars(select(Demographic))}


def asked_as(**when: str) -> dict[str, str]:
    """When each question is asked, as a form takes it; those that are not named are not."""
    every = dict.fromkeys((question.key for question in list_firsts()), "no")
    return {f"question_{key}": said for key, said in {**every, **when}.items()}


def test_questions_about_people_are_chosen_and_when(app):
    client = officer_client(app)
    with app.app_context():
        make_draft()
    path = "/officer/late-hours/people"
    data = asked_as(age_band="after", ethnic_group="joining")
    assert fill(client, path, data).status_code == 303
    assert chosen_questions(app) == {"age_band": "after", "ethnic_group": "joining"}
    assert fill(client, path, asked_as(age_band="joining", sex="after")).status_code == 303
    assert chosen_questions(app) == {"age_band": "joining", "sex": "after"}
    with app.app_context():
        assert {row.standard for row in db.session.scalars(select(Demographic))} == {
            "census-2021/age_band@1",
            "census-2021/sex@1",
        }


def test_a_further_question_goes_with_its_first(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    path = "/officer/late-hours/people"
    assert chosen_questions(sqlite_app)["impact"] == "after"
    page = officer.get(path).text
    assert "question_impact" not in page
    assert "are then asked:" in page
    fill(officer, path, asked_as(disability="joining", tenure="after", sex="after"))
    assert chosen_questions(sqlite_app) == {
        "sex": "after",
        "disability": "joining",
        "impact": "joining",
        "tenure": "after",
        "landlord": "after",
    }
    with sqlite_app.app_context():
        order = db.session.scalars(select(Demographic.key).order_by(Demographic.position)).all()
        assert order == ["sex", "disability", "impact", "tenure", "landlord"]
    fill(officer, path, asked_as(tenure="joining"))
    assert chosen_questions(sqlite_app) == {"tenure": "joining", "landlord": "joining"}


def test_the_detail_of_a_group_is_asked_only_where_the_officer_wants_it(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    path = "/officer/late-hours/people"
    details = [f"ethnic_detail_{group}" for group in ("asian", "black", "mixed", "white", "another")]
    assert not set(details) & chosen_questions(sqlite_app).keys()
    only = asked_as(ethnic_group="after", sex="joining")
    fill(officer, path, {**only, "detail_ethnic_group": "y"})
    assert chosen_questions(sqlite_app) == dict.fromkeys(["ethnic_group", *details], "after") | {
        "sex": "joining"
    }
    with sqlite_app.app_context():
        order = db.session.scalars(select(Demographic.key).order_by(Demographic.position)).all()
        assert order == ["sex", "ethnic_group", *details]
        leading = select(DemographicOption.key).where(DemographicOption.leads_to_id.is_not(None))
        assert len(db.session.scalars(leading).all()) == 5
    assert 'name="detail_ethnic_group" type="checkbox" value="y" checked' in officer.get(path).text
    fill(officer, path, only)
    assert chosen_questions(sqlite_app) == {"ethnic_group": "after", "sex": "joining"}


def wards(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        asked = db.session.scalars(select(Demographic).filter_by(key="ward")).one_or_none()
        return [(option.key, option.label) for option in asked.options] if asked else []


def test_the_officer_types_the_wards(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    path = "/officer/late-hours/people"
    asked = asked_as(ward="joining")
    for typed, said in (
        ("", "Enter the wards, one on each line"),
        (" \n\n ", "Enter the wards, one on each line"),
        ("North\nnorth", "Enter each ward once"),
        ("North\n" + "x" * 101, "Enter at most 100 characters for each ward"),
        ("\n".join(f"Ward {n}" for n in range(151)), "Enter at most 150 wards"),
    ):
        answer = fill(officer, path, {**asked, "lines_ward": typed})
        assert answer.status_code == 422, typed
        assert said in answer.text
        assert 'href="#lines_ward"' in answer.text
        assert wards(sqlite_app) == []
    fill(officer, path, {**asked, "lines_ward": " Noël Park \r\n\r\nSouth\u202e\r\nOther"})
    assert wards(sqlite_app) == [("noel-park", "Noël Park"), ("south", "South"), ("other-2", "Other")]
    assert "South\nOther</textarea>" in officer.get(path).text
    fill(officer, path, {**asked, "lines_ward": "Other\nNew Town\nNoël Park"})
    assert wards(sqlite_app) == [("other-2", "Other"), ("new-town", "New Town"), ("noel-park", "Noël Park")]
    fill(officer, path, {**asked_as(), "lines_ward": ""})
    assert wards(sqlite_app) == []


def test_of_two_questions_on_the_same_thing_one_is_asked(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    path = "/officer/late-hours/people"
    answer = fill(officer, path, asked_as(age_band="joining", age_band_18="joining"))
    assert answer.status_code == 422
    assert "Ask only one of the two questions about age" in answer.text
    assert fill(officer, path, asked_as(age_band_18="joining")).status_code == 303
    assert chosen_questions(sqlite_app) == {"age_band_18": "joining"}


def test_the_page_says_where_each_wording_comes_from_and_what_it_is_compared_with(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    page = html.unescape(officer.get("/officer/late-hours/people").text)
    for words in (
        "census-2021/disability@1",
        "census-2021/impact@1",
        "Census table TS038: All usual residents",
        "Owned: Owns with a mortgage or loan",
        "There is no harmonised standard at present",
        "The standard is under review for the Census of 2031.",
        "21 March 2021",
    ):
        assert words in page, words


def test_a_copy_asks_the_further_questions_too(sqlite_app, officer):
    with sqlite_app.app_context():
        make_ready()
    assert fill(officer, "/officer/new", {**NEW, "start": "copy", "source": "late-hours"}).status_code == 303
    with sqlite_app.app_context():
        made = get_consultation("bins-in-the-old-town")
        rows = db.session.scalars(select(Demographic).filter_by(consultation_id=made.id)).all()
        [impact] = [row for row in rows if row.key == "impact"]
        [first] = [row for row in rows if row.key == "disability"]
        assert [option.leads_to_id for option in first.options] == [impact.id, None]
        assert impact.standard == "census-2021/impact@1"
        assert [option.key for option in impact.options if option.is_implied] == ["none"]


def test_a_time_that_there_is_not_is_refused(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    before = chosen_questions(sqlite_app)
    answer = fill(officer, "/officer/late-hours/people", {"question_age_band": "never"})
    assert answer.status_code == 422
    assert chosen_questions(sqlite_app) == before


def test_the_second_officer_sees_what_the_first_chose(sqlite_app, officer):
    with sqlite_app.app_context():
        make_draft()
    other = another_officer(sqlite_app, "late-hours")
    path = "/officer/late-hours/people"
    seen = fields_of(other.get(path).text)
    chosen = asked_as(sex="joining", religion="after")
    fill(officer, path, chosen)
    late = {"csrf_token": other.any_token(), **seen, **asked_as(tenure="after")}
    answer = other.post(path, data=late)
    assert answer.status_code == 409
    assert "Somebody else saved this before you" in answer.text
    assert re.findall(r'name="(question_[a-z_0-9]+)" type="radio" value="after" checked', answer.text) == [
        "question_tenure"
    ]
    assert chosen_questions(sqlite_app) == {"sex": "joining", "religion": "after"}


def test_questions_of_a_published_consultation_are_fixed(sqlite_app, officer):
    with sqlite_app.app_context():
        assign(make_place("survey"))
    assert (
        "were fixed when the consultation was published" in officer.get("/officer/survey-place/people").text
    )
    answer = officer.post(
        "/officer/survey-place/people", data={"csrf_token": officer.any_token(), "version": "1"}
    )
    assert answer.status_code == 403


def test_the_account_of_the_officer_is_the_one_that_got_the_role(sqlite_app, officer):
    fill(officer, "/officer/new", NEW)
    with sqlite_app.app_context():
        [held] = db.session.scalars(select(StaffRole).where(StaffRole.role == Role.OFFICER)).all()[-1:]
        assert held.staff_id == find_staff(OFFICER).id
