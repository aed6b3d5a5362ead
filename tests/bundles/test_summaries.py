"""Published summaries as files: nothing of what everybody reads is lost, and what is wrong is named."""

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.access import OPERATOR
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.consultations.models import Participant
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum import seeding
from consult.forum.models import Post, Thread
from consult.forum.thread_page import get_thread_page
from consult.forum.threads import Order
from consult.summaries.models import FairnessRating, Position, Presentation, Quotation, Summary
from consult.summaries.publishing import digest
from tests.compiled import lent_app
from tests.conftest import config_for
from tests.making.bundles import csv_text, make_bundle
from tests.making.places import as_resident, make_place
from tests.making.published import (
    POSITION_COLUMNS,
    QUOTATION_COLUMNS,
    SUMMARY_COLUMNS,
    make_content,
    position_rows,
    published_files,
    summary_row,
)
from tests.making.summaries import make_summary, make_views, officer_of
from tests.page_client import PageClient
from tests.summaries.test_publishing import open_forum

FILES = ("summaries.csv", "positions.csv", "quotations.csv")
POSTS = csv_text(
    ("post", "thread", "parent", "participant", "kind", "created_at", "title", "body"),
    (
        [
            "p1",
            "t1",
            "",
            "",
            "seed",
            "2026-02-02T09:00:00Z",
            "What people like",
            "Their views: the old market",
        ],
        ["p2", "t2", "", "ada", "post", "2026-02-03T09:00:00Z", "", "Hello"],
    ),
)
RESPONSES = (
    ["ada", "pre", "words", "", "answered", "", "the old market, and so on"],
    ["bo", "pre", "words", "", "answered", "", "the old market"],
)


def make_published(path: Path, **files: str) -> Path:
    texts = {
        "posts.csv": POSTS,
        **published_files(),
        **{f"{name}.csv": text for name, text in files.items()},
    }
    return make_bundle(
        path,
        participants=(["ada", "yes"], ["bo", "no"], ["cy", "yes"]),
        participant_columns=("participant", "quote"),
        demographics=(),
        response_columns=("participant", "wave", "item", "option", "status", "value", "text"),
        responses=RESPONSES,
        files=texts,
    )


def dumped(slug: str, path: Path) -> dict[str, bytes]:
    db.session.commit()
    dump_bundle(OPERATOR, get_consultation(slug), path)
    return {file.name: file.read_bytes() for file in path.iterdir()}


def refused(folder: Path) -> list[str]:
    with pytest.raises(BundleRefused) as found:
        load_bundle(OPERATOR, folder)
    assert db.session.scalar(select(func.count()).select_from(Summary)) == 0
    return str(found.value).splitlines()


def views(slug: str, key: str) -> Any:
    """What a visitor reads of a thread, whatever the order: all but what this installation counts."""
    shown = get_thread_page(get_consultation(slug), key, None, order=Order.OLDEST, lot="x", is_over=True)
    assert shown.presented is not None
    told = shown.presented
    return (
        shown.title,
        shown.opener.body,
        shown.origin and (shown.origin.stem, shown.origin.completions),
        sorted(told.positions, key=lambda each: each.key),
        (told.stem, told.completions, told.codebook, told.agreement, told.gap, told.is_fair, told.override),
        (told.seed, told.published_at, told.sha256, told.shows_counts),
    )


@pytest.fixture
def elsewhere(tmp_path: Path, sqlite_template: Path) -> Iterator[Flask]:
    """Another installation, with a database of its own."""
    file = tmp_path / "elsewhere.sqlite"
    shutil.copy(sqlite_template, file)
    with lent_app(config_for(f"sqlite:///{file}")) as app:
        yield app


def publish(place) -> tuple[str, str]:
    """A summary that was published on the pages; the slug of its consultation and the key of its thread."""
    make_views(place, {"noise": 12, "litter": 7, "parking": 3})
    make_summary(place, quotations=2, opposing=("noise", "litter"))
    db.session.scalars(select(Summary)).one().seed = 2**31 - 1  # as large as one can be drawn
    seeding.publish(officer_of(place), place)
    db.session.commit()
    path = open_forum(place)
    return place.slug, path.rpartition("/")[2]


def test_what_is_published_comes_in_and_goes_out_as_it_was(in_app: Flask, tmp_path: Path):
    source = make_published(tmp_path / "in")
    loaded = load_bundle(OPERATOR, source)
    assert loaded.counts["summaries"] == 1
    found = dumped("licensing-2026", tmp_path / "out")
    for name in FILES:
        assert found[name] == (source / name).read_bytes(), name
    load_bundle(OPERATOR, tmp_path / "out", replace=True)
    assert dumped("licensing-2026", tmp_path / "again") == found


def test_the_thread_presents_the_summary_that_came_in(in_app: Flask, tmp_path: Path):
    load_bundle(OPERATOR, make_published(tmp_path / "in"))
    summary = db.session.scalars(select(Summary)).one()
    thread = db.session.scalars(select(Thread).where(Thread.key == "t1")).one()
    assert (thread.summary_id, thread.item_id) == (summary.id, summary.item_id)
    assert (thread.completions, thread.position) == (21, 0)
    other = db.session.scalars(select(Thread).where(Thread.key == "t2")).one()
    assert other.summary_id is None
    market, quiet = (
        db.session.scalars(select(Position).where(Position.key == key)).one() for key in ("market", "quiet")
    )
    assert market.opposes_id == quiet.id


def test_a_summary_published_on_the_pages_reads_the_same_in_another_installation(
    app: Flask, elsewhere: Flask, tmp_path: Path
):
    with app.app_context():
        slug, key = publish(make_place("summarising"))
        first = dumped(slug, tmp_path / "one")
        before = views(slug, key)
    page = f"/consultations/{slug}/forum/{key}"
    with elsewhere.app_context():
        # Something is there already, so that no id is by chance the same.
        load_bundle(OPERATOR, make_published(tmp_path / "in"))
        load_bundle(OPERATOR, tmp_path / "one")
        assert dumped(slug, tmp_path / "two") == first
        assert views(slug, key) == before
        assert not db.session.scalars(select(FairnessRating.position_id)).all()
        assert not db.session.scalars(select(Presentation.summary_id)).all()
    shown = PageClient(elsewhere).get(page).text
    for position in before[3]:
        assert position.completion in shown
        assert all(words in shown for words in position.quotations)
        assert len(position.quotations) == 2


def test_whoever_is_quoted_can_take_it_back_in_the_other_installation_too(
    app: Flask, elsewhere: Flask, tmp_path: Path
):
    with app.app_context():
        slug, _key = publish(make_place("summarising"))
        dumped(slug, tmp_path / "one")
    with elsewhere.app_context():
        load_bundle(OPERATOR, make_published(tmp_path / "in"))
        load_bundle(OPERATOR, tmp_path / "one")
        place = get_consultation(slug)
        asked = select(Quotation).where(Quotation.consultation_id == place.id).order_by(Quotation.id.desc())
        quotation = db.session.scalars(asked).first()
        assert quotation is not None
        who, words = quotation.participant_id, quotation.words
        seeding.forget_quotations(place, who)
        db.session.commit()
        held = db.session.scalars(select(Summary).where(Summary.consultation_id == place.id)).one()
        content = json.loads(held.content or "")
        gone = [q for position in content["positions"] for q in position["quotations"] if q["words"] is None]
        assert len(gone) == 1
        assert words not in (held.content or "")
        assert digest(content) == held.sha256
        assert not any(words in body for body in db.session.scalars(select(Post.body)))
        # What is left goes out and comes in again.
        first = dumped(slug, tmp_path / "two")
        load_bundle(OPERATOR, tmp_path / "two", replace=True)
        assert dumped(slug, tmp_path / "three") == first
        assert words.encode() not in first["summaries.csv"]


def test_of_two_who_wrote_the_same_only_one_is_taken_out(in_app: Flask, tmp_path: Path):
    twice = [("market", "the old market")] * 2
    rows = [["words", "market", who, "pre", "the old market", "accepted"] for who in ("ada", "cy")]
    source = make_published(
        tmp_path / "in",
        summaries=csv_text(SUMMARY_COLUMNS, [summary_row(make_content(quoted=twice))]),
        quotations=csv_text(QUOTATION_COLUMNS, rows),
        responses=csv_text(
            ("participant", "wave", "item", "option", "status", "value", "text"),
            (*RESPONSES, ["cy", "pre", "words", "", "answered", "", "the old market"]),
        ),
    )
    load_bundle(OPERATOR, source)
    place = get_consultation("licensing-2026")
    ada = db.session.scalars(select(Participant.id).where(Participant.key == "ada")).one()
    seeding.forget_quotations(place, ada)
    content = json.loads(db.session.scalars(select(Summary.content)).one() or "")
    assert [each["words"] for each in content["positions"][0]["quotations"]] == [None, "the old market"]


def test_drafts_stay_where_they_are(in_app: Flask, tmp_path: Path):
    place = make_place("summarising")
    make_views(place, {"noise": 4})
    make_summary(place)
    found = dumped(place.slug, tmp_path / "out")
    assert not set(FILES) & set(found)


def test_whoever_took_part_there_gets_an_order_and_no_log_came_along(
    sqlite_app: Flask, elsewhere: Flask, tmp_path: Path
):
    with sqlite_app.app_context():
        place = make_place("summarising")
        made = make_views(place, {"noise": 5})
        make_summary(place)
        seeding.publish(officer_of(place), place)
        db.session.commit()
        path, slug = open_forum(place), place.slug
    as_resident(sqlite_app, made[0]).get(path)
    with sqlite_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Presentation)) == 1
        found = dumped(slug, tmp_path / "one")
    with elsewhere.app_context():
        load_bundle(OPERATOR, tmp_path / "one")
        assert db.session.scalar(select(func.count()).select_from(Presentation)) == 0
    assert not any("presentation" in name or "rating" in name for name in found)


def one_row(said: dict[str, Any] | None = None, /, **cells: str) -> str:
    row = summary_row(said or make_content())
    for name, cell in cells.items():
        row[SUMMARY_COLUMNS.index(name)] = cell
    return csv_text(SUMMARY_COLUMNS, [row])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (one_row(item="wards"), ["summaries.csv:2: item: there is no item wards"]),
        (
            one_row(thread="t2"),
            ["summaries.csv:2: thread: posts.csv has no thread t2 that begins with a seed"],
        ),
        (one_row(title=""), ["summaries.csv:2: title: must not be empty"]),
        (
            one_row(counts_shown="never"),
            ["summaries.csv:2: counts_shown: never is not one of at_once, after_first_post, by_lot"],
        ),
        (one_row(seed="x"), ["summaries.csv:2: seed: x is not a seed, a whole number from 0 to 2147483647"]),
        (one_row(seed="7"), ["summaries.csv:2: seed: the content says something else"]),
        (one_row(title="Other"), ["summaries.csv:2: title: the content says something else"]),
        (one_row(override=""), ["summaries.csv:2: override: the content says something else"]),
        (
            one_row(published_at="2026-02-02T08:58:59Z"),
            ["summaries.csv:2: published_at: the content says something else"],
        ),
        (one_row(completions="-1"), ["summaries.csv:2: completions: -1 is less than 0"]),
        (one_row(sha256="0" * 64), ["summaries.csv:2: sha256: this is not the hash of the content"]),
        (one_row(content="{"), ["summaries.csv:2: content: this is not JSON text"]),
        (one_row(content='"\\ud800"'), ["summaries.csv:2: content: this is not JSON text"]),
        (one_row(content='{"a": NaN}'), ["summaries.csv:2: content: this is not JSON text"]),
        (one_row(content="[" * 100_000), ["summaries.csv:2: content: this is not JSON text"]),
        (one_row(content="9" * 5000), ["summaries.csv:2: content: this is not JSON text"]),
    ],
    ids=count(),
)
def test_what_is_wrong_with_a_summary_is_named_by_its_line(
    in_app: Flask, tmp_path: Path, text: str, problems: list[str]
):
    found = refused(make_published(tmp_path / "in", summaries=text))
    assert set(problems) <= set(found), found
    assert [line for line in found if line.startswith("summaries.csv")][: len(problems)] == problems


BASE = make_content()
SHAPES: dict[str, tuple[Any, str]] = {
    "a list": ([], "its beginning"),
    "another format": ({**BASE, "format": 2}, "format"),
    "a format that is true": ({**BASE, "format": True}, "format"),
    "more than a summary": ({**BASE, "extra": 1}, "its beginning"),
    "less": ({key: value for key, value in BASE.items() if key != "codebook"}, "codebook"),
    "an item of a form without positions": (
        {**BASE, "item": {**BASE["item"], "form": "knowledge"}},
        "item.form",
    ),
    "a number that may not be told": (
        {**BASE, "completions": {"told": "few", "number": 7}},
        "completions.number",
    ),
    "a small number": ({**BASE, "completions": {"told": "number", "number": 7}}, "completions.number"),
    "no positions": ({**BASE, "positions": []}, "positions"),
    "a position twice": ({**BASE, "positions": [BASE["positions"][1]] * 2}, "positions"),
    "a position against nothing": ({**BASE, "positions": BASE["positions"][:1]}, "positions[0].opposes"),
    "a mean without end": (
        {
            **BASE,
            "positions": [{**BASE["positions"][1], "fairness": {"mean": 10**400, "is_of_all_holders": True}}],
        },
        "positions[0].fairness.mean",
    ),
    "words without their salt": (
        {
            **BASE,
            "positions": [
                {
                    **BASE["positions"][1],
                    "quotations": [{"id": 1, "words": "so", "salt": None, "sha256": "x"}],
                }
            ],
        },
        "positions[0].quotations[0]",
    ),
    "a NUL": ({**BASE, "title": "\0"}, "title"),
    "a day": ({**BASE, "published_at": "2026-02-02"}, "published_at"),
}


@pytest.mark.parametrize("case", SHAPES)
def test_a_content_of_another_shape_is_refused_with_the_place(sqlite_app: Flask, tmp_path: Path, case: str):
    content, where = SHAPES[case]
    text = one_row(content=json.dumps(content, ensure_ascii=False))
    with sqlite_app.app_context():
        found = refused(make_published(tmp_path / "in", summaries=text))
    sentence = f"this is not the content of a published summary: see {where}"
    assert found == [f"summaries.csv:2: content: {sentence}"]


def test_words_that_were_changed_after_they_were_published_are_refused(in_app: Flask, tmp_path: Path):
    content = make_content()
    content["positions"][0]["quotations"][0]["words"] = "the new market"
    # The hash of the whole covers the fingerprint, not the words: each is looked at by itself.
    found = refused(make_published(tmp_path / "in", summaries=one_row(content)))
    assert found == ["summaries.csv:2: content: a quotation of market does not fit its hash"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (
            [["wards", "x", "", "", "", ""]],
            "positions.csv:5: item: summaries.csv has no summary of the item wards",
        ),
        (
            [["words", "market", "", "", "", ""]],
            "positions.csv:5: position: market stands twice for this item",
        ),
        (
            [["words", "x", "", "", "", "y"]],
            "positions.csv:5: opposes: there is no other position y of the item words",
        ),
        (
            [["words", "x", "", "", "", "x"]],
            "positions.csv:5: opposes: there is no other position x of the item words",
        ),
    ],
)
def test_what_is_wrong_with_a_position_is_named_by_its_line(
    in_app: Flask, tmp_path: Path, rows: list[list[str]], problem: str
):
    # The words of a position stand on two lines of the file, hence the line after the others is the sixth.
    text = csv_text(POSITION_COLUMNS, [*position_rows(), *rows])
    assert refused(make_published(tmp_path / "in", positions=text)) == [problem.replace(":5:", ":6:")]


def test_what_is_published_must_be_what_was_written(in_app: Flask, tmp_path: Path):
    rows = position_rows()
    rows[0][3], rows[0][5] = "Another reason", ""
    del rows[2]
    found = refused(make_published(tmp_path / "in", positions=csv_text(POSITION_COLUMNS, rows)))
    assert found == [
        "positions.csv:2: reasons: summaries.csv says something else",
        "positions.csv:2: opposes: summaries.csv says something else",
        "summaries.csv:2: content: positions.csv has no position quiet of this item",
    ]


ADA = ["words", "market", "ada", "pre", "the old market", "accepted"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([], "summaries.csv:2: content: quotations.csv does not say whose words market quotes"),
        (
            [ADA, ["words", "x", "cy", "pre", "so", "accepted"]],
            "quotations.csv:3: position: positions.csv has no position x of the item words",
        ),
        ([ADA, [*ADA[:5], "drawn"]], "quotations.csv:3: state: drawn is not one of accepted"),
        ([ADA, ADA], "quotations.csv:3: participant: ada is quoted twice"),
        (
            [["words", "market", "bo", "pre", "the old market", "accepted"]],
            "quotations.csv:2: participant: bo has not agreed to be quoted",
        ),
        (
            [["words", "market", "di", "pre", "the old market", "accepted"]],
            "quotations.csv:2: participant: there is no participant di",
        ),
        (
            [["words", "market", "cy", "pre", "the old market", "accepted"]],
            "quotations.csv:2: item: there is no answer in words to quote",
        ),
        (
            [["words", "market", "ada", "now", "the old market", "accepted"]],
            "quotations.csv:2: wave: now is not one of pre, post",
        ),
        (
            [ADA, ["hours", "market", "cy", "pre", "so", "accepted"]],
            "quotations.csv:3: item: summaries.csv has no summary of the item hours",
        ),
    ],
)
def test_what_is_wrong_with_a_quotation_is_named_by_its_line(
    in_app: Flask, tmp_path: Path, rows: list[list[str]], problem: str
):
    text = csv_text(QUOTATION_COLUMNS, rows)
    assert problem in refused(make_published(tmp_path / "in", quotations=text))


def test_a_row_that_cannot_be_read_is_one_problem(in_app: Flask, tmp_path: Path):
    for name in FILES:
        folder = make_published(tmp_path / name)
        text = (folder / name).read_bytes()
        (folder / name).write_bytes(text.rstrip(b"\r\n") + b",more\r\n")
        [only] = refused(folder)
        assert only.startswith(f"{name}:"), only


def test_without_a_forum_nothing_is_presented(in_app: Flask, tmp_path: Path):
    folder = make_published(tmp_path / "in")
    (folder / "posts.csv").unlink()
    assert refused(folder) == ["summaries.csv:2: thread: posts.csv has no thread t1 that begins with a seed"]
