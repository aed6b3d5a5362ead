"""What groups of the forum said, in and out of `posts.csv`."""

from pathlib import Path

import pytest
from sqlalchemy import select

from consult.access import OPERATOR
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.consultations.models import DiscussionGroup
from consult.db import db
from consult.forum.models import Post, Thread
from tests.making.bundles import HOURS, csv_text, make_bundle

AT = "2026-02-02T10:00:00Z"
COLUMNS = ("post", "thread", "parent", "participant", "kind", "created_at", "body", "group")
POSTS = (
    ["s", "t", "", "", "seed", AT, "What do you think?", ""],
    ["s-1", "t-1", "", "", "seed", AT, "What do you think?", "one"],
    ["s-2", "t-2", "", "", "seed", AT, "What do you think?", "two"],
    ["a", "t-1", "s-1", "p1", "post", AT, "I do not sleep.", "one"],
    ["b", "t-2", "s-2", "p2", "post", AT, "I work late.", "two"],
    ["c", "t-2", "s-2", "p3", "post", AT, "", "two"],
    ["d", "t-3", "", "", "seed", AT, "Nobody is left here.", "three"],
)


def bundle(path: Path, posts=POSTS) -> Path:
    return make_bundle(
        path,
        slug="grouped",
        items=[HOURS],
        participant_columns=("participant", "group", "age_band"),
        participants=[["p1", "one", "16-24"], ["p2", "two", ""], ["p3", "", ""]],
        responses=(),
        files={"posts.csv": csv_text(COLUMNS, list(posts))},
    )


def test_threads_of_groups_come_out_as_they_went_in(in_app, tmp_path):
    made = bundle(tmp_path / "in")
    place = load_bundle(OPERATOR, made).consultation
    groups = select(Thread.key, DiscussionGroup.key).outerjoin(
        DiscussionGroup, DiscussionGroup.id == Thread.group_id
    )
    assert dict(db.session.execute(groups).all()) == {
        "t": None,
        "t-1": "one",
        "t-2": "two",
        "t-3": "three",
    }
    assert len(db.session.scalars(select(Post)).all()) == len(POSTS)
    db.session.commit()
    dump_bundle(OPERATOR, place, tmp_path / "out")
    first = (tmp_path / "out/posts.csv").read_bytes()
    assert b"group" in first.splitlines()[0]
    load_bundle(OPERATOR, tmp_path / "out", replace=True)
    db.session.commit()
    dump_bundle(OPERATOR, place, tmp_path / "again")
    assert (tmp_path / "again/posts.csv").read_bytes() == first
    assert {line.rpartition(",")[2] for line in first.decode().splitlines()} == {
        *("group", "", "one", "two", "three")
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["x", "t-1", "s-1", "p1", "post", AT, "No.", "two"], "the thread of another group"),
        (["x", "t-1", "s-1", "p1", "post", AT, "No.", ""], "the thread of another group"),
        (["x", "t-1", "s-1", "p2", "post", AT, "No.", "one"], "is in another group"),
    ],
)
def test_nobody_writes_in_another_group(sqlite_app, tmp_path, row, said):
    with sqlite_app.app_context(), pytest.raises(BundleRefused) as refused:
        load_bundle(OPERATOR, bundle(tmp_path / "in", [*POSTS, row]))
    assert said in str(refused.value)
