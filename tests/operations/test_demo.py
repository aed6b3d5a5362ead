"""The sample council is made, can be signed in to, and is never mixed with real residents."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from consult import clock, create_app
from consult.access import OPERATOR, VISITOR, Moment
from consult.accounts import codes
from consult.accounts.models import ReturnCode, Staff, StaffRole, StaffSession
from consult.accounts.service import enter_code, enter_password
from consult.analysis.models import Snapshot
from consult.bundles.service import dump_bundle
from consult.coding.models import Code, Theme
from consult.consultations.models import Consultation, Membership, Participant, Progress, State, Submission
from consult.consultations.queries import get_consultation, standing_of
from consult.db import db
from consult.errors import Conflict
from consult.forum.models import Exposure, Post, Thread
from consult.home import Config
from consult.incentives.claim_numbers import normal
from consult.incentives.models import Contact, Due, Incentive
from consult.incentives.rules import day_of
from consult.incentives.rules import state_of as state_of_due
from consult.operations.abbeyford.folder import make_sample
from consult.operations.abbeyford.scripts import read_script
from consult.operations.demo import build_sample_council
from consult.panel.models import CountedUnder, Panel, Place
from consult.panel.places import fill_from_waiting
from consult.panel.rules import FillState, Limits, foretell, state_of
from consult.publicity.funnel import lines_of
from consult.recruitment.models import AskedAt, Channel, Demographic, Target
from consult.recruitment.names import name_problem
from consult.representation.picture import picture_of
from consult.summaries.models import Summary
from consult.summaries.publishing import digest
from consult.surveys.models import Answer
from consult.uktime import uk_instant
from consult.weighting.queries import list_versions
from tests.conftest import config_for

NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)
BINS, DEPOT, LATE, STREET = SLUGS = (
    "abbeyford-bins",
    "abbeyford-depot",
    "abbeyford-late-opening",
    "abbeyford-high-street",
)
ACCOUNTS = ["officer", "moderator", "analyst", "assistant", "administrator"]
MOST_STATEMENTS = 2200
WAS_SENT = Submission.status == Progress.SUBMITTED


@contextmanager
def running(path: Path) -> Iterator[Flask]:
    app = create_app(config_for(f"sqlite:///{path}"))
    with app.app_context(), clock.frozen(NOON):
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, str]:
    """A database with the sample council, made at noon, and what was said of it."""
    path = tmp_path_factory.mktemp("demo") / "built.sqlite"
    shutil.copy(sqlite_template, path)
    with running(path) as app:
        said = build_sample_council(OPERATOR, app.config["CONSULT"])
    return path, said


@pytest.fixture
def said(built: tuple[Path, str]) -> str:
    return built[1]


@pytest.fixture
def council(built: tuple[Path, str], tmp_path: Path) -> Iterator[Flask]:
    """The sample council in a database of the test's own."""
    path = tmp_path / "council.sqlite"
    shutil.copy(built[0], path)
    with running(path) as app:
        yield app


def count(model: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def everything() -> dict[str, int]:
    """How many rows there are of what the sample makes."""
    models = (
        Consultation, Participant, Membership, Answer, Post, Snapshot, Staff, StaffRole, ReturnCode,
        Panel, Place, Due, Contact,
    )  # fmt: skip
    return {model.__name__: count(model) for model in models}


def printed_codes(said: str) -> list[tuple[str, str]]:
    return re.findall(r"^(\S.*?) {2,}([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})  ", said, re.MULTILINE)


def printed_accounts(said: str) -> list[tuple[str, str]]:
    return re.findall(r"^(\S+@abbeyford\.example) +(\d{6})", said, re.MULTILINE)


def printed_password(said: str) -> str:
    [password] = re.findall(r"^Password: (\S+)$", said, re.MULTILINE)
    return str(password)


def sign_in(email: str, password: str, code: str, config: Config) -> None:
    half = enter_password(VISITOR, email, password, config=config)
    db.session.commit()
    enter_code(VISITOR, half, code, config=config)
    db.session.commit()


# --- made, on each kind of database


def test_it_is_made_signed_in_to_and_made_again_without_a_change(
    in_app: Flask, built: tuple[Path, str], tmp_path: Path
):
    config = in_app.config["CONSULT"]
    statements: list[str] = []
    event.listen(
        db.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: statements.append(statement)
    )
    with clock.frozen(NOON):
        said = build_sample_council(OPERATOR, config)
        assert len(statements) < MOST_STATEMENTS
        assert printed_codes(said) == printed_codes(built[1])
        accounts = printed_accounts(said)
        assert [email.partition("@")[0] for email, _ in accounts] == ACCOUNTS
        for email, code in accounts:
            sign_in(email, printed_password(said), code, config)
        before = everything()
        again = build_sample_council(OPERATOR, config)
        assert everything() == before
        assert printed_password(again) == printed_password(said)
        assert count(StaffSession, StaffSession.ended_at.is_(None)) == len(ACCOUNTS)
        here = dumped(tmp_path / "here")
    shutil.copy(built[0], tmp_path / "there.sqlite")
    with running(tmp_path / "there.sqlite"):
        assert dumped(tmp_path / "there") == here


def dumped(folder: Path) -> dict[str, bytes]:
    for slug in SLUGS:
        dump_bundle(OPERATOR, get_consultation(slug), folder / slug)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


# --- what there is


def test_there_is_one_consultation_in_each_stage_and_one_with_results(council: Flask):
    moments = {slug: standing_of(get_consultation(slug)).moment for slug in SLUGS}
    assert moments == {
        BINS: Moment.SURVEY,
        DEPOT: Moment.FORUM,
        LATE: Moment.FOLLOW_UP,
        STREET: Moment.PUBLISHED,
    }
    assert count(Consultation) == len(SLUGS)
    for slug in SLUGS:
        opens_last = max(stage.closes_at for stage in get_consultation(slug).stages)
        assert slug == STREET or opens_last > NOON + timedelta(weeks=3)


@pytest.mark.parametrize(
    ("slug", "people", "threads", "posts", "came_back"),
    [(BINS, 104, 0, 0, 0), (DEPOT, 168, 18, 200, 0), (LATE, 186, 24, 240, 60), (STREET, 300, 60, 700, 190)],
)
def test_each_is_as_lively_as_it_should_be(
    council: Flask, slug: str, people: int, threads: int, posts: int, came_back: int
):
    here = get_consultation(slug).id
    assert count(Participant, Participant.consultation_id == here) == people
    assert count(Thread, Thread.consultation_id == here) == threads
    assert posts <= count(Post, Post.consultation_id == here) <= posts * 1.2
    again = count(Submission, Submission.consultation_id == here, Submission.wave == "post")
    assert came_back <= again <= came_back + 40
    assert count(Channel, Channel.consultation_id == here) == 5
    crossed = 2 if slug == BINS else 0
    assert count(Target, Target.consultation_id == here) == 15 + crossed
    asked = dict(
        db.session.execute(
            select(Demographic.key, Demographic.asked).where(Demographic.consultation_id == here)
        ).all()
    )
    joining = [key for key, when in asked.items() if when is AskedAt.JOINING]
    assert joining == ["age_band", "sex", "ethnic_group", "disability"]
    assert len(asked) == 6


def test_every_consultation_tells_residents_all_that_they_want_to_know(council: Flask):
    for slug in SLUGS:
        told = get_consultation(slug)
        says = (told.decision, told.decided_by, told.decides_on, told.area, told.minimum_age)
        assert all((*says, told.incentive, told.use, told.summary))
        opens_at = min(stage.opens_at for stage in told.stages)
        assert told.created_at < told.published_at < opens_at
    without_a_reason = count(Demographic, Demographic.why.is_(None))
    assert without_a_reason == 0


def test_everybody_has_a_name_as_residents_choose_it(council: Flask):
    names = db.session.execute(select(Membership.consultation_id, Membership.display_name)).all()
    assert len(set(names)) == len(names) == count(Participant)
    assert [name for _, name in names if name_problem(name) is not None] == []


def test_people_have_read_what_they_answered_and_there_is_more_to_read(council: Flask):
    early = select(Exposure.participant_id).join(Post, Post.thread_id == Exposure.thread_id)
    early = early.where(Post.participant_id == Exposure.participant_id)
    assert not db.session.scalars(early.where(Exposure.first_read_at > Post.created_at)).all()
    assert not db.session.scalars(early.where(Exposure.last_read_at < Post.created_at)).all()
    mine = db.session.scalar(
        select(Participant.id).where(
            Participant.consultation_id == get_consultation(DEPOT).id, Participant.key == "p001"
        )
    )
    new = select(Post.id).join(Exposure, Exposure.thread_id == Post.thread_id)
    new = new.where(Exposure.participant_id == mine, Post.created_at > Exposure.last_read_at)
    assert db.session.scalars(new).all()


def test_threads_that_present_answers_name_their_item(council: Flask):
    seeds = select(Thread.item_id, Thread.position, Thread.completions)
    seeds = seeds.join(Post, Post.thread_id == Thread.id).where(Post.kind == "seed")
    found = db.session.execute(seeds).all()
    assert len(found) > 20
    for item, position, completions in found:
        assert item is not None
        assert position is not None
        assert completions > 100


@pytest.mark.parametrize("slug", [DEPOT, LATE, STREET])
def test_a_thread_presents_what_people_wrote_as_they_would_tell_it(council: Flask, slug: str):
    here = get_consultation(slug)
    [thread] = db.session.scalars(
        select(Thread).where(Thread.consultation_id == here.id, Thread.summary_id.is_not(None))
    )
    summary = db.session.get_one(Summary, thread.summary_id)
    content = json.loads(summary.content or "")
    assert summary.sha256 == digest(content)
    assert summary.published_at == here.presented_at
    assert content["fairness"]["is_fair"]
    assert float(content["agreement"]["alpha"]) > 0.75
    positions = content["positions"]
    assert len(positions) >= 5
    for position in positions:
        quoted = [quotation["words"] for quotation in position["quotations"]]
        assert len({words.casefold() for words in quoted}) == 2
    opening = db.session.scalars(select(Post).where(Post.thread_id == thread.id, Post.kind == "seed")).one()
    assert opening.title == content["item"]["stem"]
    assert all(position["reasons"] in opening.body for position in positions)


def test_open_answers_are_coded_by_two_people_who_mostly_agree(council: Flask):
    codes_of = {
        coder: set(db.session.execute(select(Code.answer_id, Code.theme_id).where(Code.coder == coder)).all())
        for coder in ("coder-1", "coder-2")
    }
    one, two = codes_of.values()
    assert count(Theme) > 30
    assert len(one) > 900
    assert 0.7 < len(one & two) / len(one | two) < 0.98


# --- who is missing, how they came, what they get


def counted(slug: str) -> dict[str, tuple[int, FillState | None]]:
    """How many have a place and how full it is, by question and group."""
    picture = picture_of(get_consultation(slug), clock.now())
    return {
        f"{variable.demographic.key} {group.label}": (
            db.session.get_one(Target, group.target_id).filled,
            group.state,
        )
        for variable in picture.variables
        for group in variable.groups
        if group.target_id is not None
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_every_place_on_the_panel_is_one_that_the_pages_would_have_given(council: Flask, slug: str):
    here = get_consultation(slug)
    panel = db.session.get_one(Panel, here.id)
    places = select(Place.participant_id).where(Place.consultation_id == here.id)
    assert panel.filled == count(Place, Place.consultation_id == here.id) <= (panel.size or 0)
    on_panel = {
        person.id
        for person in db.session.scalars(
            select(Participant).filter_by(consultation_id=here.id, track="panel")
        )
    }
    assert on_panel == set(db.session.scalars(places))
    for target in db.session.scalars(select(Target).filter_by(consultation_id=here.id)).all():
        assert target.filled == count(CountedUnder, CountedUnder.target_id == target.id)
    # Whoever waits would not be let in by the real rule either; and a place that is given back is taken.
    assert fill_from_waiting(here.id) == 0
    everybody = count(Participant, Participant.consultation_id == here.id)
    waiting = count(
        Participant, Participant.consultation_id == here.id, Participant.waiting_since.is_not(None)
    )
    sent = count(Submission, Submission.consultation_id == here.id, Submission.wave == "pre", WAS_SENT)
    assert panel.filled + waiting == sent < everybody


def test_while_people_join_some_groups_are_full_some_short_and_one_is_at_risk(council: Flask):
    states = counted(BINS)
    assert states["age_band 16 to 24"][1] is FillState.AT_RISK
    found = Counter(state for _filled, state in states.values())
    assert found[FillState.CLOSED] >= 2
    assert found[FillState.SOFT_FULL] >= 2
    assert found[FillState.OPEN] >= 3


def test_at_risk_whatever_day_of_the_week_it_is_made():
    for day in range(7):
        script = read_script("bins", date(2026, 6, 15) + timedelta(days=day))
        opens, closes = (
            uk_instant(each) for each in (script.dates.opens("survey"), script.dates.closes("survey"))
        )
        young = make_sample(script).seats.filled[frozenset({("age_band", "16-24")})]
        for hour in (0, 23):
            now = uk_instant(datetime(2026, 6, 15 + day, hour))
            assert (
                state_of(young, Limits(18, 20, 24), foretell(young, opens, closes, now)) is FillState.AT_RISK
            )


@pytest.mark.parametrize("slug", SLUGS)
def test_people_came_by_channels_of_several_kinds_that_have_cost_something(council: Flask, slug: str):
    here = get_consultation(slug)
    channels = db.session.scalars(select(Channel).filter_by(consultation_id=here.id)).all()
    assert {channel.kind.value for channel in channels} >= {"library", "mailing", "school", "community"}
    assert sum(channel.cost is not None for channel in channels) >= 4
    lines = lines_of(here, channels)
    assert sum(line.joined is not None for line in lines) >= 4
    assert any(line.gap for line in lines)
    assert any(line.cost_each_sent for line in lines)


def test_thanks_are_owed_issued_and_collected_and_lead_to_nobody_without_the_key(council: Flask):
    states = Counter(
        (due.consultation_id, state_of_due(due.issued_at, due.collected_at).value)
        for due in db.session.scalars(select(Due))
    )
    for slug in SLUGS:
        here = get_consultation(slug).id
        assert states[here, "owed"] > 5
        assert count(Incentive, Incentive.consultation_id == here) == 3
        assert count(Contact, Contact.consultation_id == here) > 5
    for slug in (DEPOT, LATE, STREET):
        assert states[get_consultation(slug).id, "collected"] > 20
    due = db.session.scalars(select(Due).order_by(Due.id)).first()
    assert due is not None
    assert due.owed_at == day_of(due.owed_at)
    assert normal(due.reference) == due.reference


def test_the_closed_one_has_weights(council: Flask):
    [version] = list_versions(get_consultation(STREET).id)
    assert 100 < version.report["n_eff"] < version.report["n"]


# --- what the comparison shows


@pytest.fixture(scope="module")
def comparison(built: tuple[Path, str]) -> dict[str, Any]:
    with running(built[0]):
        content = db.session.scalar(select(Snapshot.content).where(Snapshot.split_by == ""))
        assert content is not None
        return dict(json.loads(content))


def test_the_comparison_is_frozen_with_its_parts(council: Flask):
    parts = set(db.session.scalars(select(Snapshot.split_by)))
    assert parts == {
        "", "group", "arm", "age_band", "sex", "ethnic_group", "disability", "travel", "children",
    }  # fmt: skip
    assert get_consultation(STREET).results_published_at is not None


def test_some_answers_move_and_some_do_not(comparison: dict[str, Any]):
    paired = {item["item"]: item for item in comparison["items"] if item["n_paired"]}
    verdicts = [item["verdict"] for item in paired.values()]
    assert verdicts.count("moved") >= 2
    assert verdicts.count("about_the_same") >= 2
    assert paired["access"]["mean_change"] > 0 > paired["cars"]["mean_change"]


def spread(counts: list[int]) -> float:
    """The variance of answers, given how many there are of each point."""
    n = sum(counts)
    mean = sum(point * times for point, times in enumerate(counts)) / n
    return sum(times * (point - mean) ** 2 for point, times in enumerate(counts)) / n


def test_on_one_item_people_are_further_apart_than_before(comparison: dict[str, Any]):
    [air] = [item for item in comparison["items"] if item["item"] == "air"]
    assert spread(air["counts_post"]) > 1.25 * spread(air["counts_pre"])


def test_some_leave_and_some_have_not_made_up_their_mind(comparison: dict[str, Any]):
    n = comparison["n"]
    assert n["paired"] <= n["post"] < n["pre"] < 300
    undecided = {
        wave: sum(item[f"dont_know_{wave}"] for item in comparison["items"] if item["n_paired"])
        for wave in ("pre", "post")
    }
    assert undecided["pre"] > 2 * undecided["post"] > 0


# --- return codes to try


def test_every_printed_code_opens_its_participant(council: Flask, said: str):
    config = council.config["CONSULT"]
    printed = printed_codes(said)
    assert len(printed) == 5
    titles = {get_consultation(slug).title: get_consultation(slug).id for slug in SLUGS}
    for title, code in printed:
        owner = codes.find_owner(code, config=config)
        assert owner is not None
        assert owner.consultation_id == titles[title]
    assert {title for title, _ in printed} == set(titles)


def test_a_code_that_was_replaced_is_given_again(council: Flask, said: str):
    config = council.config["CONSULT"]
    code = printed_codes(said)[1][1]
    owner = codes.find_owner(code, config=config)
    assert owner is not None
    other = codes.new_pair()
    codes.give_code(
        owner.participant_id, owner.consultation_id, code=other.code, serial=other.serial, config=config
    )
    db.session.commit()
    assert codes.find_owner(code, config=config) is None
    build_sample_council(OPERATOR, config)
    assert codes.find_owner(code, config=config) == owner


def test_whoever_has_withdrawn_is_not_brought_back(council: Flask, said: str):
    config = council.config["CONSULT"]
    code = printed_codes(said)[0][1]
    owner = codes.find_owner(code, config=config)
    assert owner is not None
    member = db.session.get_one(Membership, owner.participant_id)
    member.withdrawn_at, member.keeps_answers = clock.now(), True
    codes.forget_code(owner.participant_id)
    db.session.commit()
    assert code not in build_sample_council(OPERATOR, config)
    assert codes.find_owner(code, config=config) is None


def test_another_installation_has_other_passwords_and_codes(council: Flask, said: str):
    config = replace(council.config["CONSULT"], secret_key="another-" + "1" * 40)
    before = everything()
    elsewhere = build_sample_council(OPERATOR, config)
    assert everything() == before
    db.session.rollback()  # signing in counts its tries in a transaction of its own
    assert printed_password(elsewhere) != printed_password(said)
    assert not {code for _, code in printed_codes(elsewhere)} & {code for _, code in printed_codes(said)}
    email, code = printed_accounts(elsewhere)[0]
    sign_in(email, printed_password(elsewhere), code, config)


# --- apart from real residents


def test_it_does_not_come_where_another_consultation_is(in_app: Flask):
    db.session.add(Consultation(slug="real", title="Real", state=State.DRAFT))
    db.session.commit()
    with pytest.raises(Conflict, match="a database of its own"):
        build_sample_council(OPERATOR, in_app.config["CONSULT"])
    assert everything() == {**dict.fromkeys(everything(), 0), "Consultation": 1}


def test_it_stays_where_something_was_tried_out_beside_it(council: Flask, said: str):
    db.session.add(Consultation(slug="tried-out", title="Tried out", state=State.DRAFT))
    db.session.commit()
    again = build_sample_council(OPERATOR, council.config["CONSULT"])
    assert printed_codes(again) == printed_codes(said)


# --- what is printed


def test_what_is_printed_is_short_and_aligned(said: str):
    lines = said.splitlines()
    assert len(lines) < 32
    assert max(map(len, lines)) <= 100
    for titles in ("E-mail address", "Consultation "):
        [at] = [n for n, line in enumerate(lines) if line.startswith(titles)]
        places = [found.start() for found in re.finditer(r"(?<=  )\S", lines[at])]
        for line in lines[at + 1 : at + 6]:
            assert all(line[place - 2 : place] == "  " and line[place] != " " for place in places), line
