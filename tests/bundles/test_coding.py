"""Codebooks, codes and judgements as files: nothing is lost, and what is wrong is named by its line."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consult.access import OPERATOR
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.coding import codebooks, counting, turns
from consult.coding.models import Codebook, Judgement, Outcome
from consult.coding.queries import list_themes
from consult.coding.rules import ThemeWords, themes_in
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.surveys.models import Answer
from tests.making.bundles import csv_text, make_bundle
from tests.making.coding import (
    actor_of,
    decide,
    judgements,
    make_codebook,
    make_queue,
    make_texts,
    officer_of,
    open_item,
    say,
)
from tests.making.places import make_place

PEOPLE = (["ada", "16-24"], ["bo", ""], ["cy", ""])
RESPONSES = (
    ["ada", "pre", "words", "", "answered", "", "the shops"],
    ["bo", "pre", "words", "", "answered", "", "the people"],
    ["cy", "pre", "words", "", "answered", "", "???"],
    ["ada", "post", "words", "", "answered", "", "the bread"],
)
THEMES = csv_text(
    ("item", "theme", "label", "description", "include", "exclude", "examples", "retired"),
    (
        ["words", "shops", "The shops", "Places to buy", "cafés", "prices", "a shop\nthe baker", ""],
        ["words", "cars", "Cars", "", "", "", "", "yes"],
        ["words", "people", "The people", "", "", "", "", ""],
    ),
)
CODES = csv_text(
    ("participant", "wave", "item", "coder", "theme", "again"),
    (
        ["bo", "pre", "words", "k2", "people", ""],
        ["ada", "pre", "words", "k1", "shops", ""],
        ["ada", "pre", "words", "k1", "shops", "yes"],
        ["ada", "pre", "words", "k1", "cars", ""],
    ),
)
JUDGEMENTS = csv_text(
    ("participant", "wave", "item", "coder", "outcome", "note", "again"),
    (
        ["cy", "pre", "words", "k1", "cannot_code", "=unreadable\nto me", ""],
        ["ada", "pre", "words", "k1", "coded", "Both.", ""],
        ["bo", "pre", "words", "k1", "coded", "", ""],
        ["ada", "pre", "words", "k2", "coded", "", "yes"],
    ),
)


def coded_bundle(path: Path, **files: str) -> Path:
    texts = {"themes": THEMES, "codes": CODES, "judgements": JUDGEMENTS, **files}
    return make_bundle(
        path,
        participants=PEOPLE,
        response_columns=("participant", "wave", "item", "option", "status", "value", "text"),
        responses=RESPONSES,
        files={f"{name}.csv": text for name, text in texts.items()},
    )


def dumped(slug: str, path: Path) -> dict[str, bytes]:
    db.session.commit()
    dump_bundle(OPERATOR, get_consultation(slug), path)
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_what_coders_said_comes_in_and_goes_out_as_it_was(in_app: Flask, tmp_path: Path):
    load_bundle(OPERATOR, coded_bundle(tmp_path / "in"))
    found = dumped("licensing-2026", tmp_path / "out")
    assert found["themes.csv"] == THEMES.encode()
    assert found["codes.csv"] == CODES.encode()
    assert found["judgements.csv"] == JUDGEMENTS.encode()
    rows = db.session.execute(select(Judgement.coder, Judgement.is_again, Judgement.outcome, Judgement.note))
    judged = [(row.coder, row.is_again, row.outcome.value) for row in rows]
    assert len(judged) == 6, "four in the file of judgements, and two who gave codes and are not in it"
    assert judged.count(("k1", False, "cannot_code")) == 1
    load_bundle(OPERATOR, tmp_path / "out", replace=True)
    assert dumped("licensing-2026", tmp_path / "again") == found


def test_a_codebook_that_comes_in_is_its_first_version(in_app: Flask, tmp_path: Path):
    load_bundle(OPERATOR, coded_bundle(tmp_path / "in"))
    [book] = db.session.scalars(select(Codebook))
    assert (book.number, book.frozen_by) == (1, "operator")
    words = ThemeWords("The shops", "Places to buy", "cafés", "prices", "a shop\nthe baker")
    assert themes_in(book.content) == [("shops", words), ("people", ThemeWords("The people"))]


def test_without_more_to_say_there_is_no_file_of_judgements(in_app: Flask, tmp_path: Path):
    themes = csv_text(("item", "theme", "label"), (["words", "shops", "Shops"],))
    codes = csv_text(
        ("participant", "wave", "item", "coder", "theme"), (["ada", "pre", "words", "k1", "shops"],)
    )
    bundle = coded_bundle(tmp_path / "in", themes=themes, codes=codes)
    (bundle / "judgements.csv").unlink()
    load_bundle(OPERATOR, bundle)
    found = dumped("licensing-2026", tmp_path / "out")
    assert "judgements.csv" not in found
    assert found["themes.csv"] == themes.encode()
    assert found["codes.csv"] == codes.encode()
    assert db.session.scalars(select(Judgement.outcome)).all() == [Outcome.CODED]


def test_what_was_coded_on_the_pages_is_dumped_and_loaded_back(in_app: Flask, tmp_path: Path):
    place = make_place("summarising")
    one, two = officer_of(place), officer_of(place, "petra@abbeyford.example")
    three = officer_of(place, "quentin@abbeyford.example")
    make_codebook(place, one)
    item, actor = open_item(place), actor_of(one)
    quiet = list_themes(item.id)[2]
    codebooks.move_theme(actor, place, item, quiet, way="up", past="the-people")
    make_texts(place, ["a", "b", "c"])
    make_queue(place, one)
    say(place, one, 1, "the-shops", note="Sure?")
    say(place, two, 1, "the-people")
    decide(place, three, 1, "the-quiet")
    say(place, one, 2)
    say(place, one, 3, outcome=Outcome.CANNOT_CODE)
    first = dumped(place.slug, tmp_path / "one")
    assert first["themes.csv"].split(b"\r\n")[2].startswith(b"words,the-quiet")
    load_bundle(OPERATOR, tmp_path / "one", replace=True)
    assert dumped(place.slug, tmp_path / "two") == first
    assert len(db.session.scalars(select(Judgement.id)).all()) == 5


def test_a_coder_of_another_place_is_nobody_here_whatever_their_key(in_app: Flask, tmp_path: Path):
    place = make_place("summarising")
    one, two = officer_of(place), officer_of(place, "petra@abbeyford.example")
    make_codebook(place, one)
    item = open_item(place)
    people = make_texts(place, ["a", "b"])
    answers = db.session.scalars(select(Answer.id).filter_by(item_id=item.id).order_by(Answer.id)).all()
    for answer_id in answers:
        record_of_elsewhere = {"answer_id": answer_id, "item_id": item.id, "coder": f"coder-{one.id}"}
        db.session.add(Judgement(outcome=Outcome.CODED, note="From elsewhere", **record_of_elsewhere))
    make_queue(place, one)
    assert len(people) == 2
    assert turns.find_own_text(item.id, one.id, 1) is None
    assert counting.count_own(item.id, one.id) == 0
    assert counting.count_waiting([item.id], one.id) == {item.id: 2}
    say(place, one, 1, "the-shops", note="Mine")
    say(place, two, 2, "the-people")
    notes = {each.note for each in judgements(place)}
    assert notes == {"From elsewhere", "Mine", None}, "nobody wrote over what came from elsewhere"
    decide(place, one, 2, "the-quiet")


def test_who_coded_here_is_known_after_the_record_went_out_and_came_in(in_app: Flask, tmp_path: Path):
    place = make_place("summarising")
    one, two = officer_of(place), officer_of(place, "petra@abbeyford.example")
    make_codebook(place, one)
    make_texts(place, ["a"])
    make_queue(place, one)
    say(place, one, 1, "the-shops")
    say(place, two, 1, "the-people")
    before = {each.coder for each in judgements(place)}
    dumped(place.slug, tmp_path / "one")
    slug = place.slug
    load_bundle(OPERATOR, tmp_path / "one", replace=True)
    db.session.commit()
    item = open_item(get_consultation(slug))
    assert {each.coder for each in judgements(get_consultation(slug))} == before
    assert {each.staff_id for each in judgements(get_consultation(slug))} == {None}
    assert [counting.count_own(item.id, each.id) for each in (one, two)] == [1, 1]


JUDGED = "participant,wave,item,coder,outcome,note,again\r\n"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("di,pre,words,k1,,,", "judgements.csv:2: participant: there is no participant di"),
        ("ada,now,words,k1,,,", "judgements.csv:2: wave: now is not one of pre, post"),
        ("ada,pre,wards,k1,,,", "judgements.csv:2: item: there is no item wards"),
        ("ada,pre,hours,k1,,,", "judgements.csv:2: item: this item takes no text, so it has no themes"),
        ("ada,pre,words,,,,", "judgements.csv:2: coder: must not be empty"),
        ("ada,pre,words,k1,lost,,", "judgements.csv:2: outcome: lost is not one of coded, cannot_code"),
        ("ada,pre,words,k1,,,often", "judgements.csv:2: again: often is not one of yes, no"),
        ("bo,post,words,k1,,,", "judgements.csv:2: participant: there is no answer in words to code"),
        (
            "cy,pre,words,k1,,,\r\ncy,pre,words,k1,,,",
            "judgements.csv:3: participant: this judgement stands twice",
        ),
        (
            "bo,pre,words,k2,cannot_code,,",
            "codes.csv:2: participant: judgements.csv says that this coder could not code the answer",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_line(in_app: Flask, tmp_path: Path, row: str, problem: str):
    bundle = coded_bundle(tmp_path / "in", judgements=f"{JUDGED}{row}\r\n")
    with pytest.raises(BundleRefused) as refused:
        load_bundle(OPERATOR, bundle)
    assert problem in str(refused.value).splitlines()


def test_a_column_of_a_theme_that_says_neither_yes_nor_no_is_refused(in_app: Flask, tmp_path: Path):
    bundle = coded_bundle(tmp_path / "in", themes=THEMES.replace(",yes", ",gone"))
    with pytest.raises(BundleRefused, match=r"themes\.csv:4: retired: gone is not one of yes, no"):
        load_bundle(OPERATOR, bundle)
