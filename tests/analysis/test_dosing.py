"""What people did in the forum beside how they changed, and whose words it holds, in `compare`."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from flask import Flask
from sqlalchemy import select

from consult import clock
from consult.access import OPERATOR
from consult.analysis.dosing import SAME_DOSE, TOO_FEW
from consult.analysis.record import read_record
from consult.analysis.service import comparison, only_item
from consult.analysis.table import as_table
from consult.analysis.talking import talking
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation, Participant
from consult.db import db
from consult.forum.models import Exposure, Thread
from tests.making.bundles import HOURS, csv_text, make_bundle

AT = "2026-02-02T10:00:00Z"
COLUMNS = ("post", "thread", "parent", "participant", "kind", "created_at", "body")
SECOND: dict[str, Any] = {**HOURS, "key": "again", "stem": "The number of late buses should be …"}


def made(path: Path, *, people: int = 40, posts: list[list[str]] | None = None) -> Consultation:
    """So many people who answered both times; the n-th of them wrote n % 4 posts of n + 1 words."""
    pre = [1 + n % 5 for n in range(people)]
    post = [min(5, max(1, value + (n % 4 > 1) - (n % 7 == 0))) for n, value in enumerate(pre)]
    answers = [
        [f"p{n}", wave, key, "", "answered", value, ""]
        for n in range(people)
        for wave, values in (("pre", pre), ("post", post))
        for key, value in (("hours", values[n]), ("again", pre[n]))
    ]
    written = [
        [f"{n}-{m}", "t", "seed", f"p{n}", "post", AT, "word " * (n + 1)]
        for n in range(people)
        for m in range(n % 4)
    ]
    seed = ["seed", "t", "", "", "seed", AT, "What do you think?"]
    return load_bundle(
        OPERATOR,
        make_bundle(
            path,
            slug="dosed",
            items=[HOURS, SECOND],
            participants=[[f"p{n}", "16-24" if n % 2 else "25-64"] for n in range(people)],
            responses=answers,
            files={"posts.csv": csv_text(COLUMNS, [seed, *(written if posts is None else posts)])},
        ),
    ).consultation


def read(place: Consultation, times: dict[str, int]) -> None:
    """The people of those keys opened the topic."""
    [thread] = db.session.scalars(select(Thread)).all()
    ids = dict(db.session.execute(select(Participant.key, Participant.id)).all())
    seen = {"thread_id": thread.id, "consultation_id": place.id, "first_read_at": clock.now()}
    db.session.add_all(
        Exposure(participant_id=ids[key], last_read_at=clock.now(), reads=n, **seen)
        for key, n in times.items()
    )
    db.session.commit()


def test_what_people_wrote_stands_beside_how_they_moved(sqlite_app: Flask, tmp_path: Path) -> None:
    with sqlite_app.app_context():
        place = made(tmp_path / "in")
        content = comparison(OPERATOR, place)
        hours, again = content["exposure"]
        assert (hours["item"], hours["dose"], hours["n"]) == ("hours", "posts_written", 40)
        pre = np.array([1 + n % 5 for n in range(40)], dtype=float)
        post = np.array([min(5, max(1, v + (n % 4 > 1) - (n % 7 == 0))) for n, v in enumerate(pre)])
        dose = np.arange(40) % 4
        fit = sm.OLS(post, sm.add_constant(np.column_stack([dose, pre]))).fit()
        assert hours["slope"] == pytest.approx(fit.params[1])
        assert hours["se"] == pytest.approx(fit.HC3_se[1])
        assert hours["ci_low"] < hours["slope"] < hours["ci_high"]
        assert hours["dose_mean"] == 1.5
        assert hours["method"] == "ancova_hc3"
        assert again["spearman"] is None
        reasons = {note["path"]: note["reason"] for note in content["notes"]}
        assert reasons["exposure[1].spearman"] == "everybody changed by the same amount"
        said = as_table(content)
        assert "post written" in said
        assert "this does not say what the forum did" in said
        only = only_item(content, "again")
        assert [row["item"] for row in only["exposure"]] == ["again"]
        assert "exposure[0].spearman" in {note["path"] for note in only["notes"]}


def test_nothing_is_told_of_fewer_than_thirty_people(sqlite_app: Flask, tmp_path: Path) -> None:
    with sqlite_app.app_context():
        content = comparison(OPERATOR, made(tmp_path / "in", people=29))
        for row in content["exposure"]:
            assert {row[key] for key in row if key not in {"item", "dose", "n", "method"}} == {None}
        told = {note["reason"] for note in content["notes"] if note["path"].startswith("exposure")}
        assert told == {TOO_FEW}
        assert "post written" not in as_table(content)


def test_reading_is_a_dose_where_it_was_noted_and_says_nothing_where_all_read_alike(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    with sqlite_app.app_context():
        place = made(tmp_path / "in")
        read(place, {f"p{n}": n + 1 for n in range(40)})
        content = comparison(OPERATOR, place)
        assert [row["dose"] for row in content["exposure"]] == ["topics_read"] * 2 + ["posts_written"] * 2
        told = {n["reason"] for n in content["notes"] if n["path"].startswith("exposure[0].")}
        assert told == {SAME_DOSE}


def test_how_much_of_what_people_read_is_of_another_view(sqlite_app: Flask, tmp_path: Path) -> None:
    with sqlite_app.app_context():
        posts = [
            ["a", "t", "seed", "p0", "post", AT, "low"],  # 1: below the middle
            ["b", "t", "seed", "p4", "post", AT, "high"],  # 5: above it
            ["c", "t", "seed", "p9", "post", "2100-01-01T00:00:00Z", "after everybody's visit"],
        ]
        place = made(tmp_path / "in", posts=posts)
        record = read_record(place.id)
        [row], notes = talking(place.id, record)
        assert (row["posts_read"], row["exposure_balance"]) == (0, None)
        assert "forum[0].exposure_balance" in {note["path"] for note in notes}
        # p0 reads b; p5 thinks as p0 and reads a and b; p4 reads a alone: b is their own.
        read(place, {"p0": 1, "p5": 3, "p4": 1})
        [row], notes = talking(place.id, record)
        assert (row["posts_read"], row["exposure_balance"]) == (4, 3 / 4)
        assert "forum[0].exposure_balance" not in {note["path"] for note in notes}


def test_whose_words_the_forum_holds_is_told_of_ten_people_or_more(sqlite_app: Flask, tmp_path: Path) -> None:
    with sqlite_app.app_context():
        voice = comparison(OPERATOR, made(tmp_path / "in"))["voice"]
        assert [(row["value"], row["members"]) for row in voice] == [("16-24", 20), ("25-64", 20)]
        words = {n: (n % 4) * (n + 1) for n in range(40)}
        young = sum(count for n, count in words.items() if n % 2) / sum(words.values())
        assert [row["ratio"] for row in voice] == pytest.approx([2 * young, 2 * (1 - young)])


def test_two_loud_people_are_not_known_by_their_age(sqlite_app: Flask, tmp_path: Path) -> None:
    with sqlite_app.app_context():
        posts = [
            *([f"{n}", "t", "seed", f"p{n}", "post", AT, "word " * 9] for n in range(0, 40, 2)),
            ["loud", "t", "seed", "p1", "post", AT, "word " * 90],
            ["too", "t", "seed", "p3", "post", AT, "word " * 90],
        ]
        content = comparison(OPERATOR, made(tmp_path / "in", posts=posts))
        assert [row["ratio"] for row in content["voice"]] == [None, None]
        told = {n["path"] for n in content["notes"] if n["path"].startswith("voice")}
        assert told == {"voice[0].ratio", "voice[1].ratio"}
