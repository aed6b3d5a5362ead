"""What the database itself refuses once a consultation is no draft, whoever asks it; on both kinds."""

import importlib.util
import os

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import OPERATOR
from consult.consultations.models import Consultation, Origin, Participant, State
from consult.consultations.service import NewParticipant, add_participants
from consult.db import db
from consult.surveys import freezing
from consult.surveys.item_queries import get_item, list_items, new_item_of
from consult.surveys.models import Asked, Item, ItemCorrection, Option, Point
from consult.surveys.rules import NewScale
from consult.surveys.service import NewAnswer, add_items, record_answers
from tests.conftest import ROOT
from tests.making.items import an_item, make_draft

SCALED = an_item("scale", scale=NewScale(1, 3, "fewer", "more", labels=("", "as now", "")))
CHOICE = an_item("choice")

CHANGES = {
    "stem": lambda: update(Item).where(Item.key == "scale").values(stem="Late shops should be …"),
    "form": lambda: update(Item).where(Item.key == "choice").values(form="open"),
    "key": lambda: update(Item).where(Item.key == "scale").values(key="other-name"),
    "role": lambda: update(Item).where(Item.key == "scale").values(role="perceived"),
    "end of the scale": lambda: update(Item).where(Item.key == "scale").values(scale_max=2),
    "words of an end": lambda: update(Item).where(Item.key == "scale").values(low_label="none"),
    "words taken away": lambda: update(Item).where(Item.key == "scale").values(high_label=None),
    "side in favour": lambda: update(Item).where(Item.key == "scale").values(favour_from=2),
    "direction": lambda: update(Item).where(Item.key == "scale").values(reversed=True),
    "something else": lambda: update(Item).where(Item.key == "choice").values(other=True),
    "order": lambda: update(Item).where(Item.key == "choice").values(ordered=True),
    "label of an option": lambda: update(Option).where(Option.key == "home").values(label="abroad"),
    "key of an option": lambda: update(Option).where(Option.key == "home").values(key="abroad"),
    "place of an option": lambda: update(Option).where(Option.key == "home").values(position=7),
    "right option": lambda: update(Option).where(Option.key == "home").values(is_correct=True),
    "label of a point": lambda: update(Point).where(Point.value == 2).values(label="the same"),
    "label for a bare point": lambda: update(Point).where(Point.value == 3).values(label="lots"),
    "number of a point": lambda: update(Point).where(Point.value == 3).values(value=4),
    "wave": lambda: update(Asked).where(Asked.wave == "post", Asked.form == "choice").values(wave="pre"),
    "less options": lambda: delete(Option).where(Option.key == "home"),
    "less points": lambda: delete(Point).where(Point.value == 3),
    "one wave only": lambda: delete(Asked).where(Asked.wave == "post"),
    "no item": lambda: delete(Item).where(Item.key == "scale"),
}  # fmt: skip


def made(state: State) -> Consultation:
    place = make_draft(state=state)
    add_items(OPERATOR, place, [SCALED, CHOICE])
    db.session.commit()
    return place


def refusal_of(deed) -> str:
    """What the database says to it; empty if it lets it happen. Nothing of it stays."""
    tried = db.session.begin_nested()
    try:
        db.session.execute(deed)
    except IntegrityError as error:
        return str(error.orig)
    finally:
        tried.rollback()
    return ""


@pytest.mark.parametrize("state", [State.PUBLISHED, State.ARCHIVED])
def test_nothing_that_people_answer_changes_after_publishing(in_app, state):
    place = made(state)
    let_through = [
        change for change, deed in CHANGES.items() if "the wording is fixed" not in refusal_of(deed())
    ]
    assert let_through == []
    db.session.expire_all()
    assert [new_item_of(item) for item in list_items(place)] == [SCALED, CHOICE]


def test_all_of_it_changes_in_a_draft_or_fails_for_a_reason_of_its_own(in_app):
    made(State.DRAFT)
    refused = [change for change, deed in CHANGES.items() if "wording" in refusal_of(deed())]
    assert refused == []


def test_an_item_with_answers_gets_no_more_options_points_or_waves(in_app):
    place = make_draft()
    add_items(OPERATOR, place, [SCALED, an_item("choice", waves=("pre",))])
    add_participants(OPERATOR, place, [NewParticipant(key="ada")], origin=Origin.BUNDLE)
    person = db.session.query(Participant).one()
    scale, choice = get_item(place, "scale"), get_item(place, "choice")
    deeds = [
        insert(Option).values(item_id=choice.id, key="new", label="new", position=9, is_correct=False),
        insert(Point).values(item_id=scale.id, value=9),
        insert(Asked).values(item_id=choice.id, wave="post", consultation_id=place.id, form="choice"),
    ]
    assert [refusal_of(deed) for deed in deeds] == ["", "", ""]
    answers = [
        NewAnswer(person.id, scale.id, "pre", "scale", "answered", number=2),
        NewAnswer(person.id, choice.id, "pre", "choice", "dont_know"),
    ]
    record_answers(OPERATOR, place, answers)
    assert all("the item has answers" in refusal_of(deed) for deed in deeds)


CORRECTIONS = {
    "stem": ("stem", SCALED.stem, "Late shops should be …", CHANGES["stem"]),
    "end": ("low_label", "fewer", "none", CHANGES["words of an end"]),
    "option": ("option home", "home", "abroad", CHANGES["label of an option"]),
    "point": ("point 2", "as now", "the same", CHANGES["label of a point"]),
}


def corrected(place: Consultation, part: str, before: str, after: str) -> None:
    item = get_item(place, "choice" if part.startswith("option") else "scale")
    line = {"part": part, "before": before, "after": after, "reason": "A slip.", "corrected_at": clock.now()}
    db.session.add(ItemCorrection(item_id=item.id, **line))
    db.session.flush()


def test_words_change_where_a_line_says_from_what_to_what(in_app):
    place = made(State.PUBLISHED)
    for name, before, after, change in CORRECTIONS.values():
        corrected(place, name, before, after)
        db.session.execute(change())
    db.session.commit()
    db.session.expire_all()
    now = str([new_item_of(item) for item in list_items(place)])
    assert all(after in now for _name, _before, after, _change in CORRECTIONS.values())


def test_a_line_about_something_else_does_not_help(in_app):
    place = made(State.PUBLISHED)
    for name, before, after, change in CORRECTIONS.values():
        other = "option out" if name.startswith("option") else "high_label"
        for line in ((name, f"{before}!", after), (name, before, f"{after}!"), (other, before, after)):
            corrected(place, *line)
            assert "the wording is fixed" in refusal_of(change()), line


@pytest.mark.parametrize("state", [State.DRAFT, State.PUBLISHED])
def test_a_line_stays_as_it_was_written(in_app, state):
    place = made(state)
    corrected(place, "stem", "a", "b")
    db.session.commit()
    for deed in (update(ItemCorrection).values(reason="None."), delete(ItemCorrection)):
        with pytest.raises(IntegrityError, match="corrections stay"):
            db.session.execute(deed)
        db.session.rollback()


def test_a_draft_lets_go_of_items_with_all_their_lines(in_app):
    place = made(State.DRAFT)
    corrected(place, "stem", "a", "b")
    db.session.execute(delete(Item))
    db.session.commit()
    assert db.session.query(ItemCorrection).count() == db.session.query(Option).count() == 0


def test_the_migration_says_word_for_word_what_the_models_say():
    path = ROOT / "migrations" / "versions" / "0003_no_other_words.py"
    spec = importlib.util.spec_from_file_location("no_other_words", path)
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    for dialect in ("sqlite", "postgresql"):
        said, meant = (
            [statement for each in module.REFUSALS for statement in module.statements(each, dialect)]
            for module in (migration, freezing)
        )
        assert said == meant
        assert len(said) >= len(freezing.REFUSALS) >= 13


def test_a_later_migration_may_make_another_table_anew(sqlite_app, tmp_path):
    """SQLite would refuse to rename a table while triggers elsewhere speak of it."""
    later = """
import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("consultation", recreate="always") as batch:
        batch.add_column(sa.Column("colour", sa.String()))
"""
    with sqlite_app.app_context():
        made(State.PUBLISHED)
        db.session.close()
        config = current_app.extensions["migrate"].migrate.get_config()
        head = ScriptDirectory.from_config(config).get_current_head()
        (tmp_path / "later.py").write_text(later.replace("{head}", str(head)))
        ours = ROOT / "migrations" / "versions"
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", f"{ours}{os.pathsep}{tmp_path}")
        command.upgrade(config, "later")
        assert "the wording is fixed" in refusal_of(CHANGES["stem"]())
        assert db.session.scalar(text("SELECT colour FROM consultation")) is None
