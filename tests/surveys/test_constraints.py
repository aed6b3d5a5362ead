"""The database itself refuses wrong rows, whoever writes them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import OPERATOR
from consult.bundles.service import load_bundle
from consult.coding.models import Code, Theme
from consult.consultations.models import DiscussionGroup, Participant, Stage, StageKind, Submission
from consult.db import Base, db
from consult.forum.models import Post, Thread
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic, Target
from consult.surveys.models import Answer, Asked, Item, Option, Placing, Point
from tests.making.bundles import make_bundle
from tests.making.full_bundle import make_full_bundle

Row = dict[str, Any]


class Here:
    """Ids of the rows of two consultations that are in the record."""

    def __init__(self) -> None:
        self.consultation = self.of(Participant.consultation_id, Participant.key == "day")
        self.elsewhere = self.of(Participant.consultation_id, Participant.key == "bo")
        self.day = self.of(Participant.id, Participant.key == "day")
        self.stranger = self.of(Participant.id, Participant.key == "bo")

    @staticmethod
    def of(column: Any, *conditions: Any) -> int:
        found = db.session.scalar(select(column).where(*conditions).limit(1))
        assert found is not None
        return int(found)

    def item(self, key: str, *, elsewhere: bool = False) -> int:
        where = self.elsewhere if elsewhere else self.consultation
        return self.of(Item.id, Item.key == key, Item.consultation_id == where)

    def option(self, item: str, key: str) -> int:
        return self.of(Option.id, Option.item_id == self.item(item), Option.key == key)

    def answer(self, item: str, form: str, **more: Any) -> Row:
        return {
            "consultation_id": self.consultation,
            "participant_id": self.day,
            "item_id": self.item(item),
            "wave": "pre",
            "form": form,
            "status": "answered",
            **more,
        }

    def post(self, **more: Any) -> Row:
        return {
            "consultation_id": self.consultation,
            "thread_id": self.of(Thread.id, Thread.key == "t1"),
            "key": "new",
            "kind": "post",
            "state": "visible",
            "created_at": clock.now(),
            "body": "",
            **more,
        }


@pytest.fixture
def here(in_app: Flask, tmp_path: Path) -> Here:
    load_bundle(OPERATOR, make_full_bundle(tmp_path / "full"))
    load_bundle(OPERATOR, make_bundle(tmp_path / "other", slug="other"))
    db.session.commit()
    return Here()


def ranked(here: Here) -> tuple[int, int]:
    policy = here.item("policy")
    return here.of(Answer.id, Answer.item_id == policy, Answer.status == "answered"), policy


WRONG: dict[str, tuple[type[Base], Callable[[Here], Row]]] = {
    "a number off the scale": (Answer, lambda h: h.answer("hours", "scale", number=9)),
    "no number where a scale is answered": (Answer, lambda h: h.answer("hours", "scale")),
    "a number that was not answered": (
        Answer,
        lambda h: h.answer("hours", "scale", status="skipped", number=3),
    ),
    "words beside a number": (Answer, lambda h: h.answer("hours", "scale", number=3, text="because")),
    "another form than the item's": (Answer, lambda h: h.answer("hours", "open", text="three")),
    "a number in words": (Answer, lambda h: h.answer("words", "open", number=3, text="x")),
    "an open item without words": (Answer, lambda h: h.answer("words", "open")),
    "an option of another item": (
        Answer,
        lambda h: h.answer("often", "choice", option_id=h.option("where", "home")),
    ),
    "words beside an option": (
        Answer,
        lambda h: h.answer("where", "choice", option_id=h.option("where", "home"), text="x"),
    ),
    "a choice of nothing": (Answer, lambda h: h.answer("where", "choice")),
    "knowledge in words": (Answer, lambda h: h.answer("fact", "knowledge", text="x")),
    "knowledge of nothing": (Answer, lambda h: h.answer("fact", "knowledge")),
    "a wave in which it is not asked": (
        Answer,
        lambda h: h.answer("where", "choice", wave="post", text="x"),
    ),
    "an item of another consultation": (
        Answer,
        lambda h: h.answer("hours", "scale", item_id=h.item("hours", elsewhere=True), number=3),
    ),
    "a participant of another consultation": (
        Answer,
        lambda h: h.answer("hours", "scale", participant_id=h.stranger, number=3),
    ),
    "a second answer": (
        Answer,
        lambda h: h.answer(
            "hours",
            "scale",
            number=3,
            participant_id=h.of(
                Participant.id, Participant.key == "ada", Participant.consultation_id == h.consultation
            ),
        ),
    ),
    "a place off the list": (
        Placing,
        lambda h: {
            "answer_id": h.of(Answer.id, Answer.item_id == h.item("policy"), Answer.status == "dont_know"),
            "item_id": h.item("policy"),
            "option_id": h.option("policy", "a"),
            "place": 4,
        },
    ),
    "an option of another item in a ranking": (
        Placing,
        lambda h: {
            "answer_id": ranked(h)[0],
            "item_id": ranked(h)[1],
            "option_id": h.option("where", "home"),
            "place": 1,
        },
    ),
    "an option ranked twice": (
        Placing,
        lambda h: {
            "answer_id": ranked(h)[0],
            "item_id": ranked(h)[1],
            "option_id": h.option("policy", "a"),
            "place": 1,
        },
    ),
    "a point twice": (Point, lambda h: {"item_id": h.item("hours"), "value": 3}),
    "an item asked twice in a wave": (
        Asked,
        lambda h: {
            "item_id": h.item("hours"),
            "wave": "pre",
            "consultation_id": h.consultation,
            "form": "scale",
        },
    ),
    "two right answers": (
        Option,
        lambda h: {
            "item_id": h.item("fact"),
            "position": 9,
            "key": "n",
            "label": "n",
            "is_correct": True,
        },
    ),
    "a scale of 22 points": (
        Item,
        lambda h: item_row(h, form="scale", scale_min=1, scale_max=22),
    ),
    "a scale without an end": (Item, lambda h: item_row(h, form="scale", scale_min=1)),
    "a scale on words": (Item, lambda h: item_row(h, form="open", scale_min=1, scale_max=5)),
    "favour off the scale": (
        Item,
        lambda h: item_row(h, form="scale", scale_min=1, scale_max=5, favour_from=6),
    ),
    "an item of that key": (Item, lambda h: item_row(h, key="hours")),
    "a participant twice": (
        Participant,
        lambda h: {"consultation_id": h.consultation, "position": 99, "key": "day", "origin": "bundle"},
    ),
    "a group of another consultation": (
        Participant,
        lambda h: {
            "consultation_id": h.elsewhere,
            "position": 99,
            "key": "new",
            "origin": "web",
            "group_id": h.of(DiscussionGroup.id, DiscussionGroup.key == "g1"),
        },
    ),
    "a submission twice": (
        Submission,
        lambda h: {
            "participant_id": h.day,
            "consultation_id": h.consultation,
            "wave": "pre",
            "status": "started",
        },
    ),
    "a stage that closes before it opens": (
        Stage,
        lambda h: {
            "consultation_id": h.elsewhere,
            "kind": StageKind.SURVEY,
            "opens_at": clock.now(),
            "closes_at": clock.now().replace(year=2020),
        },
    ),
    "a demographic option of another question": (
        ParticipantDemographic,
        lambda h: {
            "participant_id": h.of(Participant.id, Participant.key == "bo b"),
            "consultation_id": h.consultation,
            "demographic_id": h.of(Demographic.id, Demographic.key == "Ward, as on the letter"),
            "option_id": h.of(DemographicOption.id, DemographicOption.key == "16-24"),
        },
    ),
    "a population below zero": (Target, lambda h: target_row(h, population=-1)),
    "a least above the most": (Target, lambda h: target_row(h, population=1, minimum=2, maximum=1)),
    "a code of a theme of another item": (
        Code,
        lambda h: {
            "answer_id": h.of(Answer.id, Answer.item_id == h.item("words"), Answer.text.is_not(None)),
            "item_id": h.item("words"),
            "theme_id": h.of(Theme.id, Theme.item_id == h.item("where")),
            "coder": "k9",
        },
    ),
    "a code of an answer to another item": (
        Code,
        lambda h: {
            "answer_id": h.of(Answer.id, Answer.item_id == h.item("words"), Answer.text.is_not(None)),
            "item_id": h.item("where"),
            "theme_id": h.of(Theme.id, Theme.item_id == h.item("where")),
            "coder": "k9",
        },
    ),
    "a parent in another thread": (Post, lambda h: h.post(parent_id=h.of(Post.id, Post.key == "p9"))),
    "a thread of another consultation": (Post, lambda h: h.post(consultation_id=h.elsewhere)),
    "a post by somebody from another consultation": (Post, lambda h: h.post(participant_id=h.stranger)),
    "a seed by a participant": (Post, lambda h: h.post(kind="seed", participant_id=h.day)),
    "a post twice": (Post, lambda h: h.post(key="p1")),
}


def item_row(here: Here, **more: Any) -> Row:
    return {
        "consultation_id": here.consultation,
        "position": 99,
        "key": "new",
        "form": "open",
        "role": "attitude",
        "stem": "Stem",
        **more,
    }


def target_row(here: Here, **more: Any) -> Row:
    return {
        "consultation_id": here.consultation,
        "demographic_id": here.of(Demographic.id, Demographic.key == "Ward, as on the letter"),
        "option_id": here.of(DemographicOption.id, DemographicOption.key == "north"),
        **more,
    }


@pytest.mark.parametrize("case", WRONG)
def test_the_database_refuses(here: Here, case: str):
    model, row = WRONG[case]
    with pytest.raises(IntegrityError):
        db.session.execute(insert(model).values(**row(here)))


RIGHT: dict[str, tuple[type[Base], Callable[[Here], Row]]] = {
    "a number on the scale": (Answer, lambda h: h.answer("hours", "scale", number=3)),
    "words": (Answer, lambda h: h.answer("words", "open", text="x")),
    "something else": (Answer, lambda h: h.answer("where", "choice", text="x")),
    "a skipped item": (Answer, lambda h: h.answer("fact", "knowledge", status="skipped")),
    "an item": (Item, item_row),
    "a target": (Target, lambda h: target_row(h, population=1)),
    "a post": (Post, lambda h: h.post(participant_id=h.day)),
}


@pytest.mark.parametrize("case", RIGHT)
def test_the_database_takes_the_same_rows_without_the_fault(here: Here, case: str):
    model, row = RIGHT[case]
    db.session.execute(insert(model).values(**row(here)))
