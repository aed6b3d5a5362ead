"""Records that one person may have sent twice are counted after the close, told by ten, and never touched."""

import json
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.access import OPERATOR, Role
from consult.analysis.lookalike_queries import find_alike
from consult.analysis.lookalikes import alike, mark_of, words_of
from consult.analysis.queries import list_lookalikes
from consult.analysis.service import comparison
from consult.consultations.models import Consultation, Participant, Wave
from consult.db import db
from consult.exports.service import export_package
from consult.surveys.models import Answer
from tests.making.accounts import client_as
from tests.making.places import make_place
from tests.making.twice import OPINION, Record, make_twice

ONE = Record()
TEN_WORDS = "one two three four five six seven eight nine ten"


def alike_of(place: Consultation, wave: Wave = Wave.PRE) -> set[str]:
    """The keys of those whose record looks like another one."""
    keys = select(Participant.key).where(Participant.id.in_(find_alike(place.id, wave)))
    return set(db.session.scalars(keys))


@pytest.mark.parametrize(
    "other",
    [
        ONE,
        ONE.but(words=OPINION.upper().replace(".", "  !\n")),
        ONE.but(words=OPINION.replace("earlier", "sooner")),
        ONE.but(words=OPINION.replace("my ", "")),
        ONE.but(words=f"Really. {OPINION}"),
    ],
)
def test_the_same_in_everything_but_a_word_is_alike(in_app: Flask, tmp_path: Path, other: Record):
    place = make_twice(tmp_path, [ONE, ONE.but(hours=4), other])
    assert alike_of(place) == {"p0", "p2"}


@pytest.mark.parametrize(
    "other",
    [
        ONE.but(facts=(0, 1, 2, 0, 2)),
        ONE.but(facts=(0, 1, 2, 0, None)),
        ONE.but(hours=3),
        ONE.but(ranking="acb"),
        ONE.but(words=OPINION.replace("earlier", "sooner").replace("night", "dusk")),
        ONE.but(words=""),
        ONE.but(wave="post"),
    ],
)
def test_anything_else_is_somebody_else(in_app: Flask, tmp_path: Path, other: Record):
    place = make_twice(tmp_path, [ONE, other])
    assert alike_of(place) == set()
    assert alike_of(place, Wave.POST) == set()


@pytest.mark.parametrize(
    "both",
    [
        ONE.but(facts=(0, 1, 2, None, None)),  # too little about themselves
        ONE.but(words="I cannot sleep."),  # many may say so
        ONE.but(words=""),
    ],
)
def test_people_who_only_agree_are_not_alike(in_app: Flask, tmp_path: Path, both: Record):
    assert alike_of(make_twice(tmp_path, [both, both])) == set()


def test_records_of_another_consultation_or_a_rehearsal_are_not_looked_at(in_app: Flask, tmp_path: Path):
    place = make_twice(tmp_path, [ONE], slug="one")
    make_twice(tmp_path, [ONE], slug="other")
    assert alike_of(place) == set()
    pair = make_twice(tmp_path, [ONE, ONE], slug="pair")
    someone = db.session.scalars(select(Participant).filter_by(consultation_id=pair.id)).first()
    assert someone is not None
    someone.is_rehearsal = True
    db.session.flush()
    assert alike_of(pair) == set()


def test_different_answers_never_make_the_same_number():
    marks = {
        n: sum(mark_of("answer", item, "answered", value, None) for item, value in enumerate(values))
        for n, values in enumerate(product(range(5), repeat=7))
    }
    assert len(set(marks.values())) == 5**7


def test_two_words_of_a_long_text_make_another_one():
    texts = [TEN_WORDS, TEN_WORDS.replace("two", "2"), TEN_WORDS.replace("two", "2").replace("six", "6")]
    words = {n: words_of(text) for n, text in enumerate(texts)}
    assert alike(dict.fromkeys(words, 7), words) == {0, 1, 2}
    del words[1]
    assert alike(dict.fromkeys(words, 7), words) == set()
    assert alike({0: 7, 2: 8}, {0: words[0], 2: words[0]}) == set()


def test_the_comparison_is_not_changed_and_nothing_is_removed(in_app: Flask, tmp_path: Path):
    place = make_twice(tmp_path, [ONE, ONE, *(ONE.but(hours=1 + n % 5) for n in range(10))])
    before = db.session.scalar(select(func.count()).select_from(Answer))
    content = comparison(OPERATOR, place)
    db.session.commit()
    assert content["n"]["pre"] == 12
    assert "alike" not in json.dumps(content)
    assert db.session.scalar(select(func.count()).select_from(Answer)) == before
    [pre, post] = list_lookalikes(place.id)
    assert (pre.wave, pre.people, post.people, post.alike) == (Wave.PRE, 12, 0, 0)
    assert pre.alike == len(alike_of(place)) > 2


@pytest.mark.parametrize(
    ("pairs", "said"), [(4, "fewer than 10 of 8 records look"), (6, "12 of 12 records look")]
)
def test_the_overview_tells_how_many_by_ten(sqlite_app: Flask, tmp_path: Path, pairs: int, said: str):
    with sqlite_app.app_context():
        records = [ONE.but(words=f"{OPINION} Number {n} and {n}.") for n in range(pairs)]
        place = make_twice(tmp_path, [*records, *records])
        comparison(OPERATOR, place)
        db.session.commit()
    for role in (Role.ANALYST, Role.OFFICER):
        page = client_as(sqlite_app, role, place).get("/analyst/twice/").text
        assert f"Starting survey: {said} like another one." in page
        assert "nothing was removed" in page


def test_while_a_stage_is_open_nobody_is_told(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("forum")
    officer = client_as(sqlite_app, Role.OFFICER, place)
    assert officer.get("/analyst/forum-place/").status_code in {403, 404}
    assert "look like another" not in officer.get("/officer/forum-place/who-we-need").text


@pytest.mark.parametrize(("pairs", "is_shown"), [(4, False), (5, True)])
def test_rows_are_flagged_from_ten_people_on(in_app: Flask, tmp_path: Path, pairs: int, is_shown: bool):
    records = [ONE.but(words=f"{OPINION} Number {n} and {n}.") for n in range(pairs)]
    others = [ONE.but(hours=1 + n % 5, words=f"Word {n}.") for n in range(30)]
    place = make_twice(tmp_path, [*records, *others, *records])
    folder = tmp_path / "package"
    export_package(OPERATOR, place, folder, kind="csv")
    head, *rows = (folder / "people.csv").read_text("utf-8-sig").splitlines()
    readme = (folder / "README.txt").read_text()
    assert ("looks_like_another" in head.split(",")) == is_shown
    if is_shown:
        at = head.split(",").index("looks_like_another")
        flags = [row.split(",")[at] for row in rows]
        assert (flags.count("yes"), flags.count("no")) == (10, 30)
    else:
        assert "whether a record looks like another one" in readme
