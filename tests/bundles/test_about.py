"""What residents are told of a consultation travels in a bundle; what was only rehearsed does not."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.access import OPERATOR
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.consultations.models import Consultation, Participant, Progress, Submission, Wave
from consult.db import db
from consult.forum.models import Post, PostKind, PostState, Thread
from consult.recruitment.models import AskedAt, Demographic
from consult.surveys.models import Answer, AnswerStatus, Item
from tests.making.bundles import csv_text, make_bundle
from tests.making.full_bundle import ABOUT, make_full_bundle
from tests.making.places import make_place, make_resident

FORUM = {"opens": datetime(2026, 2, 2, 9), "closes": datetime(2026, 3, 2, 9)}
STAGES = {
    "survey": {"opens": datetime(2026, 1, 5, 9), "closes": datetime(2026, 1, 26, 17)},
    "follow_up": {"opens": datetime(2026, 4, 6, 9), "closes": datetime(2026, 4, 20, 17)},
}
POSTS = csv_text(
    ("post", "thread", "parent", "participant", "kind", "created_at", "body"),
    [["p1", "t1", "", "", "seed", "2026-02-03T10:00:00Z", "What people said"]],
)


def load(path: Path) -> Consultation:
    loaded = load_bundle(OPERATOR, path)
    db.session.commit()
    return loaded.consultation


def dumped(consultation: Consultation, path: Path) -> dict[str, str]:
    dump_bundle(OPERATOR, consultation, path)
    return {file.name: file.read_text(encoding="utf-8") for file in path.iterdir()}


def test_what_residents_are_told_comes_in_and_goes_out(in_app: Flask, tmp_path: Path):
    consultation = load(make_full_bundle(tmp_path / "in"))
    assert {name: getattr(consultation, name) for name in ABOUT} == ABOUT
    assert consultation.presented_at == datetime(2026, 2, 2, 8, 59, 59, 500000, tzinfo=UTC)
    asked = dict(db.session.execute(select(Demographic.key, Demographic.asked)).all())
    assert asked == {"age_band": AskedAt.JOINING, "Ward, as on the letter": AskedAt.AFTER}
    text = dumped(consultation, tmp_path / "out")["consultation.toml"]
    for said in ("decides_on = 2026-06-01", "presented = 2026-02-02", 'asked = "after"', "minimum_age = 16"):
        assert said in text


@pytest.mark.parametrize(
    ("forum", "files", "expected", "written"),
    [
        ({}, {}, None, False),
        ({}, {"posts.csv": POSTS}, datetime(2026, 2, 3, 10, tzinfo=UTC), False),
        ({"presented": False}, {"posts.csv": POSTS}, None, True),
        ({"presented": False}, {}, None, False),
        ({"presented": datetime(2026, 2, 2, tzinfo=UTC)}, {}, datetime(2026, 2, 2, tzinfo=UTC), True),
    ],
)
def test_summaries_came_out_with_the_first_post_unless_the_bundle_says_otherwise(
    in_app: Flask, tmp_path: Path, forum: dict[str, Any], files: dict[str, str], expected: Any, written: bool
):
    stages = {**STAGES, "forum": {**FORUM, **forum}}
    consultation = load(make_bundle(tmp_path / "in", stages=stages, files=files))
    assert consultation.presented_at == expected
    assert ("presented" in dumped(consultation, tmp_path / "out")["consultation.toml"]) is written


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"about": {"colour": "red"}}, "about.colour: there is no such key here"),
        ({"about": {"minimum_age": 12}}, "about.minimum_age: must be from 13 to 99"),
        ({"about": {"minimum_age": "16"}}, "about.minimum_age: must be a whole number, and is text"),
        (
            {"about": {"decides_on": datetime(2026, 6, 1)}},
            "about.decides_on: must be a date such as 2026-06-01",
        ),
        ({"about": {"decision": 1}}, "about.decision: must be text, and is a whole number"),
        ({"about": []}, "about: must be a table, and is a list"),
        (
            {"stages": {**STAGES, "forum": {**FORUM, "presented": datetime(2026, 2, 2)}}},
            "stages.forum.presented: must be false, or a time with an offset",
        ),
        (
            {"stages": {**STAGES, "forum": {**FORUM, "presented": True}}},
            "stages.forum.presented: must be false, or a time with an offset",
        ),
        (
            {
                "demographics": [
                    {"key": "k", "question": "q", "asked": "never", "options": [{"key": "a", "label": "b"}]}
                ]
            },
            "demographics[0].asked: never is not one of joining, after",
        ),
    ],
)
def test_a_wrong_word_about_it_is_refused_by_name(
    in_app: Flask, tmp_path: Path, more: dict[str, Any], sentence: str
):
    plain = {"participants": [["ada"]], "participant_columns": ["participant"], "responses": []}
    with pytest.raises(BundleRefused, match=r"consultation\.toml") as refused:
        load(make_bundle(tmp_path / "in", **plain, **more))
    assert sentence in str(refused.value)


def test_what_was_only_rehearsed_is_in_no_dump(in_app: Flask, tmp_path: Path):
    draft = make_place("draft")
    without = dumped(draft, tmp_path / "before")
    resident = make_resident(draft)
    me = {"participant_id": resident.participant_id, "consultation_id": draft.id}
    db.session.execute(
        update(Participant).where(Participant.id == resident.participant_id).values(is_rehearsal=True)
    )
    item = db.session.scalars(select(Item).where(Item.key == "hours")).one()
    db.session.add(Answer(**me, item_id=item.id, wave=Wave.PRE, form=item.form, status=AnswerStatus.SKIPPED))
    db.session.add(Submission(**me, wave=Wave.PRE, status=Progress.STARTED))
    thread = Thread(consultation_id=draft.id, key="tried", is_rehearsal=True)
    db.session.add(thread)
    db.session.flush()
    at = datetime(2026, 2, 2, tzinfo=UTC)
    common = {"consultation_id": draft.id, "thread_id": thread.id, "created_at": at, "body": "Only tried"}
    db.session.add(Post(**common, key="x1", kind=PostKind.SEED, state=PostState.VISIBLE))
    db.session.commit()
    assert dumped(draft, tmp_path / "after") == without
