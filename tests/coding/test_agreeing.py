"""Agreement between the coders of an item, read from what each of them judged."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consult.access import OPERATOR
from consult.bundles.service import load_bundle
from consult.coding.agreeing import agreement_of, asked
from consult.coding.as_words import agreement_as_text
from consult.coding.models import Code, Judgement, Outcome, Theme
from consult.coding.rules import ADJUDICATED
from consult.consultations.models import Consultation
from consult.db import db, reading
from consult.errors import Invalid
from consult.surveys.models import Answer, Item
from tests.making.completions import ITEM, completions, make_completions

# Worked out by hand in tests/stats/test_agreement.py: pairs aa, aa, ab, bb, and one read by one alone.
HAND = [("noise", "noise"), ("noise", "noise"), ("noise", "litter"), ("litter", "litter"), ("litter", None)]
ALPHA = 1 - (2 / 8) / (30 / 56)


def codes_of(pairs=HAND):
    coders = ("k1", "k2")
    return [
        [f"p{n}", "pre", coder, theme]
        for n, pair in enumerate(pairs)
        for coder, theme in zip(coders, pair, strict=True)
        if theme is not None
    ]


def make(tmp_path: Path, codes=None) -> Consultation:
    bundle = make_completions(tmp_path / "in", completions(12), codes=codes_of() if codes is None else codes)
    loaded = load_bundle(OPERATOR, bundle)
    db.session.commit()
    return loaded.consultation


def answer_of(consultation: Consultation, person: int) -> Answer:
    item = select(Item.id).where(Item.consultation_id == consultation.id, Item.key == ITEM)
    answers = select(Answer).where(Answer.item_id.in_(item)).order_by(Answer.participant_id)
    return db.session.scalars(answers).all()[person]


def judge(consultation: Consultation, person: int, coder: str, *themes: str, **more) -> None:
    answer = answer_of(consultation, person)
    common = {"answer_id": answer.id, "item_id": answer.item_id, "coder": coder}
    is_again = more.get("is_again", False)
    db.session.add(Judgement(**common, **{"outcome": Outcome.CODED, **more}))
    for theme in db.session.scalars(
        select(Theme).where(Theme.item_id == answer.item_id, Theme.key.in_(themes))
    ):
        db.session.add(Code(**common, theme_id=theme.id, is_again=is_again))
    db.session.flush()


def test_alpha_is_what_one_works_out_by_hand(in_app: Flask, tmp_path: Path):
    found = agreement_of(OPERATOR, make(tmp_path), ITEM)
    assert list(found) == [
        *("consultation", "item", "coders", "n_texts", "n_double", "n_compared", "n_one_could_not"),
        *("krippendorff_nominal", "ci_low", "ci_high", "percent_agreement"),
        *("noise_floor", "reading", "themes", "pooled", "notes"),
    ]
    assert (found["coders"], found["n_texts"], found["n_double"]) == (["k1", "k2"], 5, 4)
    assert found["krippendorff_nominal"] == pytest.approx(ALPHA)
    assert (found["percent_agreement"], found["noise_floor"]) == (0.75, 0.25)
    assert found["reading"] == "quotations only"
    # With one theme a text and two themes in all, "noise" or not says the same as the whole.
    assert [(each["theme"], each["label"], each["n"]) for each in found["themes"]] == [
        ("noise", "Noise", 4),
        ("litter", "Litter", 4),
    ]
    assert [each["krippendorff_nominal"] for each in found["themes"]] == pytest.approx([ALPHA, ALPHA])
    # Pooled: sixteen codes, half of them yes; 4 of 16 coincidences differ, against 2 x 8 x 8 of 16 x 15.
    assert found["pooled"]["krippendorff_nominal"] == pytest.approx(1 - (4 / 16) / (128 / 240))
    assert found["pooled"]["n"] == 8


def test_a_page_gets_the_same_from_a_process_of_its_own(sqlite_app: Flask, tmp_path: Path):
    with sqlite_app.app_context():
        place = make(tmp_path)
        assert agreement_of(OPERATOR, place, ITEM, is_for_page=True) == agreement_of(OPERATOR, place, ITEM)


def test_a_page_waits_with_no_transaction_open_and_only_when_something_has_changed(
    in_app: Flask, tmp_path: Path
):
    place = make(tmp_path)
    place_id = place.id
    asked.cache_clear()
    with reading():
        for _ in range(2):
            found = agreement_of(OPERATOR, db.session.get(Consultation, place_id), ITEM, is_for_page=True)
            assert not db.session.registry().in_transaction()
    again = asked.cache_info()
    assert (again.misses, again.hits) == (1, 1)
    judge(db.session.get(Consultation, place_id), 4, "k2", "litter")
    db.session.commit()
    with reading():
        after = agreement_of(OPERATOR, db.session.get(Consultation, place_id), ITEM, is_for_page=True)
    assert asked.cache_info().misses == 2
    assert (found["n_double"], after["n_double"]) == (4, 5)


def test_what_is_being_written_outlives_the_question(sqlite_app: Flask, tmp_path: Path):
    with sqlite_app.app_context():
        place = make(tmp_path)
        judge(place, 4, "k2", "litter")
        agreement_of(OPERATOR, place, ITEM, is_for_page=True)
        db.session.commit()
        assert agreement_of(OPERATOR, place, ITEM)["n_double"] == 5
        db.session.rollback()


def test_decisions_second_readings_and_texts_that_cannot_be_coded_are_left_out(in_app: Flask, tmp_path: Path):
    place = make(tmp_path)
    before = agreement_of(OPERATOR, place, ITEM)
    judge(place, 2, ADJUDICATED, "noise")
    judge(place, 0, "k1", "litter", is_again=True)
    judge(place, 6, "k1", outcome=Outcome.CANNOT_CODE)
    judge(place, 6, "k2", "buses")
    after = agreement_of(OPERATOR, place, ITEM)
    assert after["coders"] == before["coders"]
    assert (after["n_texts"], after["n_double"]) == (6, 4)
    assert after["krippendorff_nominal"] == before["krippendorff_nominal"]


def test_that_one_could_not_code_what_another_coded_is_a_difference_and_is_counted(
    in_app: Flask, tmp_path: Path
):
    place = make(tmp_path)
    before = agreement_of(OPERATOR, place, ITEM)
    assert (before["n_compared"], before["n_one_could_not"]) == (4, 0)
    judge(place, 6, "k1", outcome=Outcome.CANNOT_CODE)
    judge(place, 6, "k2", "litter")
    for coder in ("k1", "k2"):  # neither could: there is nothing to differ about
        judge(place, 7, coder, outcome=Outcome.CANNOT_CODE)
    after = agreement_of(OPERATOR, place, ITEM)
    assert (after["n_compared"], after["n_one_could_not"], after["n_double"]) == (5, 1, 4)
    assert (after["percent_agreement"], after["noise_floor"]) == (pytest.approx(3 / 5), pytest.approx(2 / 5))
    assert after["krippendorff_nominal"] == pytest.approx(ALPHA)
    assert after["pooled"] == before["pooled"]
    said = agreement_as_text(after)
    assert "of 5 texts, 1 were coded by one coder and could not be coded by another" in said


def test_that_a_text_holds_no_theme_is_a_code_too(in_app: Flask, tmp_path: Path):
    place = make(tmp_path)
    judge(place, 7, "k1")
    judge(place, 7, "k2")
    judge(place, 8, "k1")
    judge(place, 8, "k2", "litter", "noise")
    found = agreement_of(OPERATOR, place, ITEM)
    assert (found["n_double"], found["percent_agreement"]) == (6, pytest.approx(4 / 6))


def test_each_null_has_its_reason(in_app: Flask, tmp_path: Path):
    place = make(tmp_path, codes_of([("noise", "noise")] * 6))
    found = agreement_of(OPERATOR, place, ITEM)
    assert (found["krippendorff_nominal"], found["reading"], found["noise_floor"]) == (None, None, 0)
    assert "krippendorff_nominal" in {note["path"] for note in found["notes"]}
    assert all("same code" in note["reason"] for note in found["notes"])


def test_one_coder_agrees_with_nobody(in_app: Flask, tmp_path: Path):
    place = make(tmp_path, codes_of([("noise", None), ("litter", None)]))
    judge(place, 0, ADJUDICATED, "noise")
    with pytest.raises(Invalid, match="two people have coded"):
        agreement_of(OPERATOR, place, ITEM)


def test_two_coders_of_different_texts_have_no_alpha_and_it_is_said_why(in_app: Flask, tmp_path: Path):
    place = make(tmp_path, codes_of([("noise", None), (None, "noise")]))
    found = agreement_of(OPERATOR, place, ITEM)
    assert (found["n_texts"], found["n_double"], found["krippendorff_nominal"]) == (2, 0, None)
    assert {note["reason"] for note in found["notes"]} == {"no text was read by two coders"}
