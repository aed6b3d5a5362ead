"""What people read in the forum, in and out of `reads.csv`."""

from pathlib import Path

import pytest
from sqlalchemy import select

from consult.access import OPERATOR
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.consultations.models import Participant
from consult.db import db
from consult.forum.models import Exposure, Thread
from tests.making.bundles import HOURS, csv_text, make_bundle

AT, LATER = "2026-02-02T10:00:00Z", "2026-02-03T18:30:00.250000Z"
POSTS = ("post", "thread", "parent", "participant", "kind", "created_at", "body")
READS = ("participant", "thread", "first_read_at", "last_read_at", "reads")
ROWS = (["p1", "buses", AT, LATER, "3"], ["p1", "taxis", AT, AT, "1"], ["p2", "buses", AT, AT, "12"])


def bundle(path: Path, rows=ROWS) -> Path:
    seeds = [[thread, thread, "", "", "seed", AT, "What do you think?"] for thread in ("buses", "taxis")]
    return make_bundle(
        path,
        slug="read",
        items=[HOURS],
        participant_columns=("participant",),
        participants=[["p1"], ["p2"]],
        responses=(),
        files={"posts.csv": csv_text(POSTS, seeds), "reads.csv": csv_text(READS, list(rows))},
    )


def test_what_was_read_comes_out_as_it_went_in(in_app, tmp_path):
    made = bundle(tmp_path / "in")
    place = load_bundle(OPERATOR, made).consultation
    asked = (
        select(Participant.key, Thread.key, Exposure.reads)
        .join(Participant, Participant.id == Exposure.participant_id)
        .join(Thread, Thread.id == Exposure.thread_id)
    )
    found = {tuple(row) for row in db.session.execute(asked)}
    assert found == {("p1", "buses", 3), ("p1", "taxis", 1), ("p2", "buses", 12)}
    db.session.commit()
    dump_bundle(OPERATOR, place, tmp_path / "out")
    first = (tmp_path / "out/reads.csv").read_bytes()
    assert first == (made / "reads.csv").read_bytes()
    load_bundle(OPERATOR, tmp_path / "out", replace=True)
    db.session.commit()
    dump_bundle(OPERATOR, place, tmp_path / "again")
    assert (tmp_path / "again/reads.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["p9", "buses", AT, AT, "1"], "reads.csv:5: participant: there is no participant p9"),
        (["p2", "trams", AT, AT, "1"], "reads.csv:5: thread: there is no thread trams"),
        (["p1", "buses", AT, AT, "1"], "this person and thread stand twice"),
        (["p2", "taxis", LATER, AT, "1"], "reads.csv:5: last_read_at: must not be before first_read_at"),
        (["p2", "taxis", AT, AT, "0"], "reads.csv:5: reads: must be 1 or more"),
        (["p2", "taxis", AT, AT, "often"], "reads.csv:5: reads:"),
        (["p2", "taxis", "yesterday", AT, "1"], "reads.csv:5: first_read_at:"),
    ],
)
def test_what_cannot_have_been_read_is_refused_by_line(sqlite_app, tmp_path, row, said):
    with sqlite_app.app_context(), pytest.raises(BundleRefused) as refused:
        load_bundle(OPERATOR, bundle(tmp_path / "in", [*ROWS, row]))
    assert said in str(refused.value)
