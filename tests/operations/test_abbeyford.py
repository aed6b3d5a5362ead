"""The sample council's words: the same each time, in order at any date, about nobody and nowhere real."""

import csv
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from consult.access import Moment
from consult.cells import as_instant
from consult.consultations.rules import STAGE_ORDER, Window, moment_of
from consult.operations.abbeyford.conversations import presented_items
from consult.operations.abbeyford.folder import make_sample, write_bundle
from consult.operations.abbeyford.scripts import NAMES, Script, one_of_each, read_forum, read_script
from consult.operations.abbeyford.talk import read_topics
from consult.surveys.rules import FORMS, ROLES
from consult.uktime import uk_instant
from tests.conftest import ROOT

A_DAY = date(2026, 6, 17)
# A whole week, days around both changes of the clocks, a leap day, the turn of a year, years away.
CLOCKS_CHANGE = (date(2026, 3, 30), date(2026, 4, 5), date(2026, 10, 26), date(2026, 11, 1))
DAYS = (
    *(A_DAY + timedelta(days=n) for n in range(7)),
    *(date(2026, 3, day) for day in (27, 28, 29, 30, 31)),
    *(date(2026, 10, day) for day in (24, 25, 26, 27)),
    date(2028, 2, 29),
    date(2031, 12, 31),
    date(2032, 1, 1),
)
MOMENTS = {
    "bins": Moment.SURVEY,
    "depot": Moment.FORUM,
    "late": Moment.FOLLOW_UP,
    "high-street": Moment.PUBLISHED,
}
TIMES = ("joined_at", "answered_at", "submitted_at", "created_at")
SCRIPTS = [read_script(name, A_DAY) for name in NAMES]
WORDS = {
    path.name: path.read_text(encoding="utf-8")
    for path in (ROOT / "consult/operations/abbeyford").glob("*.t*t")
}


def written(name: str, built_on: date, folder: Path) -> dict[str, bytes]:
    write_bundle(make_sample(read_script(name, built_on)), folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("abbeyford")
    for script in SCRIPTS:
        write_bundle(make_sample(script), folder / script.name)
    return folder


# --- the same each time


@pytest.mark.parametrize("name", NAMES)
def test_the_same_day_makes_the_same_bytes(name: str, bundles: Path, tmp_path: Path):
    again = written(name, A_DAY, tmp_path)
    assert again == {path.name: path.read_bytes() for path in sorted((bundles / name).iterdir())}


@pytest.mark.parametrize("name", NAMES)
def test_another_day_moves_the_dates_and_nothing_else(name: str, bundles: Path, tmp_path: Path):
    written(name, A_DAY + timedelta(days=200), tmp_path)

    def timeless(folder: Path, part: str) -> list[str]:
        # Posts stand in the order of their times, which whole days may change between threads.
        return sorted(
            str({key: said for key, said in row.items() if key not in TIMES}) for row in rows(folder, part)
        )

    for part in ("participants", "responses", "submissions", "posts", "themes", "codes"):
        assert timeless(tmp_path, part) == timeless(bundles / name, part)
    assert rows(tmp_path, "participants") != rows(bundles / name, "participants")


def test_people_differ_from_each_other(bundles: Path):
    for script in SCRIPTS:
        by_person: dict[str, list[str]] = {}
        for row in rows(bundles / script.name, "responses"):
            by_person.setdefault(row["participant"], []).append(row["item"] + row["option"] + row["value"])
        whole = [tuple(said) for said in by_person.values() if len(said) > 10]
        assert len(set(whole)) == len(whole) > 50


# --- in order at any date


def windows(script: Script) -> dict[str, Window]:
    dates = script.dates
    return {
        kind: Window(uk_instant(dates.opens(kind)), uk_instant(dates.closes(kind))) for kind in STAGE_ORDER
    }


def moment(script: Script, at: datetime) -> Moment:
    dates = script.dates
    return moment_of(
        script.story["consultation"]["state"],
        windows(script),
        at,
        presented=dates.presented_at is not None,
        results_published=dates.results_published_at is not None,
    )


@pytest.mark.parametrize("built_on", DAYS, ids=str)
def test_each_consultation_is_where_it_should_be_all_day_and_for_two_weeks(built_on: date):
    midnight = uk_instant(datetime.combine(built_on, datetime.min.time()))
    for name in NAMES:
        script = read_script(name, built_on)
        for later in (timedelta(), timedelta(hours=23, minutes=59), timedelta(days=14)):
            assert moment(script, midnight + later) is MOMENTS[name], (name, later)


@pytest.mark.parametrize("built_on", CLOCKS_CHANGE, ids=str)
def test_everything_has_happened_in_its_stage_and_before_today(built_on: date):
    midnight = uk_instant(datetime.combine(built_on, datetime.min.time()))
    for name in NAMES:
        script = read_script(name, built_on)
        sample = make_sample(script)
        stage = windows(script)
        joined = {p.key: script.dates.during("survey", p.joined) for p in sample.people}
        happened = [("survey", at) for at in joined.values()]
        happened += [("forum", as_instant("", post["created_at"])) for post in sample.posts]
        for row in sample.answers.responses + sample.answers.submissions:
            when = row.get("answered_at") or row["submitted_at"]
            if when:
                at = as_instant("", when)
                happened.append(("survey" if row["wave"] == "pre" else "follow_up", at))
                assert at > joined[row["participant"]]
        for kind, at in happened:
            assert stage[kind].opens_at <= at < min(stage[kind].closes_at, midnight), (name, kind, at)


def test_replies_come_after_what_they_answer(bundles: Path):
    for script in SCRIPTS:
        at = {post["post"]: post["created_at"] for post in rows(bundles / script.name, "posts")}
        for post in rows(bundles / script.name, "posts"):
            assert not post["parent"] or at[post["parent"]] <= post["created_at"]


def test_an_open_consultation_has_seen_people_yesterday(bundles: Path):
    yesterday = str(A_DAY - timedelta(days=1))
    assert any(row["joined_at"].startswith(yesterday) for row in rows(bundles / "bins", "participants"))
    assert any(row["created_at"].startswith(yesterday) for row in rows(bundles / "depot", "posts"))
    assert any(row["submitted_at"].startswith(yesterday) for row in rows(bundles / "late", "submissions"))


# --- what is in it


def test_the_closed_consultation_is_as_large_as_a_lively_one(bundles: Path):
    posts = rows(bundles / "high-street", "posts")
    sizes = Counter(post["thread"] for post in posts)
    assert len(rows(bundles / "high-street", "participants")) == 300
    assert len(sizes) == 60
    assert len(posts) >= 700
    assert sum(size < 10 for size in sizes.values()) > 30  # most are short
    assert max(sizes.values()) > 30  # some are long


def test_every_form_and_role_of_an_item_is_there():
    items = [item for script in SCRIPTS for item in script.manifest()["items"]]
    assert {item["form"] for item in items} == set(FORMS)
    assert {item.get("role") for item in items} >= set(ROLES) - {"attitude", "knowledge", "evaluation"}
    choices = [item for item in items if item["form"] == "choice"]
    assert any(item.get("ordered") for item in choices)
    assert any(item.get("other") for item in choices)
    assert any(not item.get("ordered") and not item.get("other") for item in items if item["form"] == "rank")
    assert any("labels" in item["scale"] for item in items if item["form"] == "scale")


@pytest.mark.parametrize("name", ["depot", "late", "high-street"])
def test_threads_run_deep_and_hold_every_kind_of_post(name: str, bundles: Path):
    posts = {post["post"]: post for post in rows(bundles / name, "posts")}

    def depth(key: str) -> int:
        parent = posts[key]["parent"]
        return depth(parent) + 1 if parent else 0

    assert max(map(depth, posts)) >= 4
    assert {post["kind"] for post in posts.values()} == {"seed", "facilitator", "post"}
    states = {post["state"] for post in posts.values()}
    assert states == {"visible", "hidden", "withdrawn"} | ({"awaiting"} if name == "depot" else set())


@pytest.mark.parametrize("name", ["depot", "late", "high-street"])
def test_a_long_text_is_said_by_one_person_once(name: str, bundles: Path):
    said = Counter(post["body"].lower() for post in rows(bundles / name, "posts") if len(post["body"]) > 110)
    assert [text for text, times in said.items() if times > 1] == []


def test_there_are_people_who_write_in_other_languages(bundles: Path):
    for name in ("depot", "late", "high-street"):
        languages = {row["participant"]: row["language"] for row in rows(bundles / name, "participants")}
        by = {languages[post["participant"]] for post in rows(bundles / name, "posts") if post["participant"]}
        assert by == {"en", "cy", "pl", "ar"}


def test_each_thread_that_presents_answers_presents_those_of_an_item_that_was_asked(bundles: Path):
    for script in SCRIPTS:
        seeds = {p["thread"] for p in rows(bundles / script.name, "posts") if p["kind"] == "seed"}
        assert set(presented_items(script)) == seeds
        before = {item["key"] for item in script.items if item.get("role") != "perceived"}
        assert set(presented_items(script).values()) <= before


def test_whoever_can_be_tried_has_something_to_show(bundles: Path):
    progress = {
        script.name: {
            (row["participant"], row["wave"]): row["status"]
            for row in rows(bundles / script.name, "submissions")
        }
        for script in SCRIPTS
    }
    assert progress["bins"]["p001", "pre"] == "started"
    assert progress["late"]["p001", "pre"] == "submitted"
    assert ("p001", "post") not in progress["late"]
    for name, person in (("late", "p002"), ("high-street", "p001")):
        assert progress[name][person, "pre"] == progress[name][person, "post"] == "submitted"
    mine = [post for post in rows(bundles / "depot", "posts") if post["participant"] == "p001"]
    assert {"visible", "hidden", "awaiting"} <= {post["state"] for post in mine}
    answered = {post["parent"] for post in rows(bundles / "depot", "posts")}
    assert any(post["post"] in answered for post in mine)


def test_whoever_has_not_finished_was_not_asked_what_comes_at_the_end(bundles: Path):
    for script in SCRIPTS:
        sent = {
            row["participant"]
            for row in rows(bundles / script.name, "submissions")
            if row["status"] == "submitted" and row["wave"] == "pre"
        }
        for row in rows(bundles / script.name, "participants"):
            for asked in script.demographics:
                is_asked = asked["asked"] == "joining" or row["participant"] in sent
                assert bool(row[asked["key"]]) is is_asked


def test_nobody_says_how_they_have_changed_before_they_have_sent_their_answers(bundles: Path):
    for script in SCRIPTS:
        perceived = {item["key"] for item in script.items if item.get("role") == "perceived"}
        said = {r["participant"] for r in rows(bundles / script.name, "responses") if r["item"] in perceived}
        sent = {
            row["participant"]
            for row in rows(bundles / script.name, "submissions")
            if row["status"] == "submitted" and row["wave"] == "post"
        }
        assert said <= sent


def test_a_line_that_no_forum_can_hold_is_refused():
    [topic] = read_topics(["# One", "- loose", "## Title [*]", "Body", "+ said", "  - !hidden cy: Na"])
    assert topic.talks[0].lines[0].replies[0].state == "hidden"
    assert topic.talks[0].lines[0].replies[0].language == "cy"
    with pytest.raises(ValueError, match="no such line"):
        read_topics(["# One", "## Title [*]", "Body", "a line without a side"])


def test_every_thread_has_a_title_of_its_own():
    for name in NAMES:
        titles = [talk.title for topic in read_topics(read_forum(name)) for talk in topic.talks]
        assert len(set(titles)) == len(titles)


def test_one_or_the_other_is_chosen():
    chance = SCRIPTS[0].chance("test")
    assert {one_of_each("{a|b} c", chance) for _ in range(50)} == {"a c", "b c"}
    assert not any(re.search(r"[{}]", post["body"]) for s in SCRIPTS for post in make_sample(s).posts)


# --- about nobody and nowhere real

PLACE = re.compile(
    r"\b(?:[A-Z][a-z']+ )*[A-Z][a-z']+ (?:Lane|Street|Road|Bridge|Yard|Green|Park|Square|Hill|Avenue)\b"
)
KINDS = ("High Street", "Market Square", "The Square")  # every other town has one


def strange_places(text: str) -> set[str]:
    known = (*SCRIPTS[0].town["places"], *KINDS)
    return {found for found in PLACE.findall(text) if not found.endswith(known)}


def test_every_place_that_is_named_is_one_of_abbeyford():
    assert {name: found for name, text in WORDS.items() if (found := strange_places(text))} == {}
    assert strange_places("From Example Lane to Thimble Lane") == {"From Example Lane"}


def test_no_place_of_abbeyford_stands_in_the_real_data(shared: Path):
    places = SCRIPTS[0].town["places"]
    for path in (shared / "data").rglob("*"):
        if path.suffix in {".csv", ".toml", ".json", ".jsonl"}:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert [place for place in places if place in text] == [], path


def test_a_phone_number_is_one_that_leads_nowhere():
    numbers = re.findall(r"\b0[\d ]{9,12}\b", "".join(WORDS.values()))
    assert numbers
    assert all(number.startswith("01632 960") for number in numbers)  # set aside for stories
