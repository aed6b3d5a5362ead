"""How people talked in the forum, in `compare`: the worked example, and whose posts count."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.access import OPERATOR, Role
from consult.analysis.record import read_record
from consult.analysis.service import comparison
from consult.analysis.talking import talking
from consult.analysis.talking_page import MEASURES
from consult.bundles.service import load_bundle
from consult.consultations.models import Arm, Consultation, Participant
from consult.db import db
from consult.forum.models import Post, PostState
from tests.making.accounts import client_as
from tests.making.bundles import HOURS, csv_text, make_bundle
from tests.making.worked import example, talked_bundle
from tests.stats.test_talk import KEYS


@pytest.fixture
def worked(in_app: Flask, tmp_path: Path) -> Consultation:
    talked_bundle(tmp_path / "worked")
    return load_bundle(OPERATOR, tmp_path / "worked").consultation


def talk_of(consultation: Consultation) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    return talking(consultation.id, read_record(consultation.id))


def test_the_worked_example_comes_out_of_its_files(worked: Consultation) -> None:
    content = comparison(OPERATOR, worked)
    whole, *groups = content["forum"]
    expected = example()["expected"]
    for key, name in KEYS.items():
        assert whole[name] == pytest.approx(expected[f"forum.{key}"]["value"], rel=1e-9), key
    assert (whole["group"], whole["members"], whole["posts"], whole["side_item"]) == (None, 20, 24, "hours")
    assert [row["group"] for row in groups] == ["group-1", "group-2", "group-3", "group-4"]
    assert sum(row["posts"] for row in groups) == 24
    assert {row["members"] for row in groups} == {5}
    nulls = {f"forum[{n}].{k}" for n, row in enumerate(content["forum"]) for k, v in row.items() if v is None}
    told = {note["path"] for note in content["notes"] if note["path"].startswith("forum")}
    assert nulls - {"forum[0].group"} == told


def test_what_nobody_can_read_is_nobodys_post_and_holds_its_place(worked: Consultation) -> None:
    before = talk_of(worked)[0][0]
    deepest = db.session.scalars(select(Post).where(Post.key == "p3")).one()
    deepest.state = PostState.HIDDEN
    db.session.flush()
    after = talk_of(worked)[0][0]
    assert after["posts"] == before["posts"] - 1
    assert after["depth_max"] == before["depth_max"]
    assert after["peer_reply_share"] < before["peer_reply_share"]
    db.session.execute(update(Post).values(state=PostState.WITHDRAWN))
    assert talk_of(worked) == ([], [])


def plain(path: Path, posts: list[list[str]]) -> Path:
    """Three people who answered before, one who never did; no groups."""
    answers = [[f"p{n}", "pre", "hours", "", "answered", value, ""] for n, value in ((1, 1), (2, 5), (3, 3))]
    columns = ("post", "thread", "parent", "participant", "kind", "created_at", "body")
    return make_bundle(
        path,
        slug="plain",
        items=[HOURS],
        participants=[[f"p{n}", "16-24"] for n in (1, 2, 3, 4)],
        responses=answers,
        files={"posts.csv": csv_text(columns, posts)},
    )


def test_without_groups_whoever_sent_the_first_survey_and_need_not_wait_is_a_member(
    in_app: Flask, tmp_path: Path
) -> None:
    at = "2026-02-02T10:00:00Z"
    posts = [
        ["seed", "t", "", "", "seed", at, "What do you think?"],
        ["a", "t", "", "p1", "post", at, "one two three"],
        ["b", "t", "a", "p2", "post", at, "one"],
        ["own", "u", "", "p3", "post", at, "a thread of my own"],
        ["c", "u", "", "p1", "post", at, "an answer to it"],
    ]
    load_bundle(OPERATOR, plain(tmp_path / "plain", posts))
    place = db.session.scalars(select(Consultation)).one()
    [row], notes = talk_of(place)
    assert (row["members"], row["posts"], row["active_share"]) == (3, 4, 1.0)
    # To speak to a thread is to answer whoever opened it: the council here, a member there.
    assert row["peer_reply_share"] == 0.5
    assert (row["depth_mean"], row["depth_max"]) == ((1 + 2 + 0 + 1) / 4, 2)
    assert (row["cross_replies"], row["cross_share"], row["cross_expected"]) == (2, 1.0, 1.0)
    assert [note["path"] for note in notes] == ["forum[0].exposure_balance"]  # nobody read
    late = db.session.scalars(select(Participant).where(Participant.key == "p3")).one()
    late.arm = Arm.DELAYED
    db.session.flush()
    [row], _notes = talk_of(place)
    assert (row["members"], row["posts"]) == (2, 3)


def test_a_forum_in_which_only_the_council_spoke_has_no_measures(in_app: Flask, tmp_path: Path) -> None:
    posts = [["seed", "t", "", "", "seed", "2026-02-02T10:00:00Z", "What do you think?"]]
    found = load_bundle(OPERATOR, plain(tmp_path / "plain", posts)).consultation
    assert comparison(OPERATOR, found)["forum"] == []


def test_the_page_shows_the_stored_figures_and_no_group_of_fewer_than_ten(
    worked: Consultation, in_app: Flask
) -> None:
    content, at = comparison(OPERATOR, worked), f"/analyst/{worked.slug}/"
    db.session.commit()  # what the test has read must not keep the pages from writing
    analyst = client_as(in_app, Role.ANALYST, worked)
    page = analyst.get(f"{at}reasoning").text
    table = page.partition('id="talk"')[2].partition("</table>")[0]
    shown = dict(re.findall(r'data-figure="(\w+)".*?<data value="([^"]+)"', table, re.DOTALL))
    whole = content["forum"][0]
    assert shown == {key: repr(whole[key]) for key, _ in MEASURES if whole[key] is not None}
    assert "85%" in table
    assert "group-1" not in table
    assert "4 groups of fewer than 10 people are not shown." in page
    assert "forum[" not in analyst.get(at).text
