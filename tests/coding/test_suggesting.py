"""Themes that are suggested for an item: who may ask, when, and what is kept."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consult import clock
from consult.access import OPERATOR, Actor, Role
from consult.audit.models import AuditEntry
from consult.bundles.service import load_bundle
from consult.coding import suggesting, suggestions
from consult.coding.models import Theme, ThemeSuggestion
from consult.consultations.models import Consultation, Participant
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound, NotPermitted
from consult.surveys.models import Answer, Item
from tests.conftest import ROOT, SECRET
from tests.making.completions import ITEM, completions, make_completions


def make(tmp_path: Path, moment: str | None = "summarising", **more) -> Consultation:
    loaded = load_bundle(OPERATOR, make_completions(tmp_path / "in", completions(60), moment=moment, **more))
    db.session.commit()
    return loaded.consultation


def staff(consultation: Consultation, role: Role) -> Actor:
    return Actor("staff-1", roles={consultation.id: frozenset({role})})


def item_id(consultation: Consultation) -> int:
    return db.session.scalars(
        select(Item.id).where(Item.consultation_id == consultation.id, Item.key == ITEM)
    ).one()


def test_an_officer_gets_suggestions_that_are_kept_and_read_again(in_app: Flask, tmp_path: Path):
    place = make(tmp_path)
    officer, item = staff(place, Role.OFFICER), item_id(place)
    assert suggestions.latest(item) is None
    suggesting.suggest(officer, place, ITEM, k=4)
    db.session.commit()
    stored = suggestions.latest(item)
    assert stored == suggesting.themes_of(OPERATOR, place, ITEM, k=4)
    assert {theme["size"] for theme in stored["themes"]} == {15}
    content = json.loads(db.session.scalars(select(ThemeSuggestion.content)).one())
    assert "reason" not in content, "it is put into words in the language of whoever reads it"
    assert (content["chosen"], content["is_asked"]) == (4, True)
    assert all(theme["quotations"] for theme in stored["themes"])
    themes = db.session.scalars(select(Theme.key).where(Theme.item_id == item)).all()
    assert len(themes) == 4, "the codebook stays as it is"
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "cod.codebook")).one()
    assert (line.actor, json.loads(line.detail)) == (
        "staff-1",
        {"deed": "suggest", "item": ITEM, "themes": 4},
    )
    suggesting.suggest(officer, place, ITEM, k=3)
    db.session.commit()
    assert suggestions.latest(item)["k"] == 3


def test_what_people_wrote_is_not_copied_and_a_deleted_text_is_gone_from_the_suggestion(
    in_app: Flask, tmp_path: Path
):
    place = make(tmp_path)
    suggesting.suggest(staff(place, Role.ANALYST), place, ITEM, k=4)
    db.session.commit()
    item = item_id(place)
    content = db.session.scalars(select(ThemeSuggestion.content)).one()
    assert not any(text in content for text in completions(60) if len(text.split()) > 3)
    key = suggestions.latest(item)["themes"][0]["quoted"][0]
    theirs = select(Participant.id).where(Participant.consultation_id == place.id, Participant.key == key)
    db.session.delete(db.session.scalars(select(Answer).where(Answer.participant_id.in_(theirs))).one())
    db.session.flush()
    left = suggestions.latest(item)["themes"][0]
    assert key not in left["quoted"]
    assert len(left["quotations"]) == len(left["quoted"])


def test_suggestions_are_made_apart_and_bring_no_arithmetic_into_this_process(
    sqlite_url: str, tmp_path: Path
):
    program = f"""
import sys
from pathlib import Path
from consult import create_app
from consult.home import Config
app = create_app(Config(database_url={sqlite_url!r}, secret_key={SECRET!r}))
with app.app_context():
    from tests.coding.test_suggesting import make, staff, suggesting, suggestions, item_id, ITEM, Role
    place = make(Path({str(tmp_path)!r}))
    suggesting.suggest(staff(place, Role.OFFICER), place, ITEM)
    assert suggestions.latest(item_id(place))["themes"]
print(sorted(set(("numpy", "scipy", "sklearn")) & set(sys.modules)))
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.stdout == "[]\n", ended.stderr


@pytest.mark.parametrize(
    ("moment", "role", "refusal"),
    [
        ("survey", Role.OFFICER, Conflict),
        ("survey", Role.ANALYST, Conflict),
        ("forum", Role.OFFICER, NotPermitted),
        (None, Role.OFFICER, NotPermitted),
        ("summarising", Role.MODERATOR, NotPermitted),
        ("summarising", Role.ASSISTANT, NotPermitted),
    ],
)
def test_only_who_makes_the_codebook_gets_suggestions_and_only_before_the_forum(
    sqlite_app: Flask, tmp_path: Path, moment: str | None, role: Role, refusal: type[Exception]
):
    with sqlite_app.app_context():
        place = make(tmp_path, moment)
        place.presented_at = clock.now() if moment == "forum" else None
        with pytest.raises(refusal):
            suggesting.suggest(staff(place, role), place, ITEM)
        with pytest.raises((NotFound, NotPermitted)):
            suggesting.suggest(Actor("elsewhere", roles={place.id + 1: frozenset({role})}), place, ITEM)
        db.session.rollback()


def test_the_operator_reads_no_text_of_a_survey_that_is_open(sqlite_app: Flask, tmp_path: Path):
    with sqlite_app.app_context():
        place = make(tmp_path, "survey")
        with pytest.raises(Conflict):
            suggesting.themes_of(OPERATOR, place, ITEM)
        with clock.frozen(place.stages[0].closes_at):
            assert suggesting.themes_of(OPERATOR, place, ITEM)["n"] == 60
        db.session.rollback()


def test_themes_come_from_the_first_survey_and_from_who_sent_it(sqlite_app: Flask, tmp_path: Path):
    with sqlite_app.app_context():
        place = make(tmp_path, None, post={0: "changed my mind about taxis", 1: "taxis for everybody"})
        place_of = {
            text for theme in suggesting.themes_of(OPERATOR, place, ITEM)["themes"] for text in theme["words"]
        }
        assert not {"taxis", "taxi"} & place_of
        db.session.rollback()


@pytest.mark.parametrize("k", [1, 21, 0, -3])
def test_a_number_of_themes_that_nobody_can_work_with_is_refused(sqlite_app: Flask, tmp_path: Path, k: int):
    with sqlite_app.app_context():
        place = make(tmp_path)
        with pytest.raises(Invalid, match="from 2 to 20"):
            suggesting.suggest(staff(place, Role.OFFICER), place, ITEM, k=k)
        db.session.rollback()
