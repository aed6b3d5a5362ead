"""Deeds of officers on the items of a draft, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import OPERATOR, Actor, Role
from consult.audit.models import AuditEntry
from consult.cells import Refusal
from consult.consultations.models import Origin, Participant, State
from consult.consultations.service import NewParticipant, add_participants
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound, NotPermitted
from consult.forum.models import Thread
from consult.surveys.editing import (
    DOWN,
    UP,
    EditedMeanwhile,
    KeyTaken,
    add_item,
    approve_item,
    change_item,
    copy_items,
    move_item,
    remove_item,
)
from consult.surveys.item_queries import get_item, list_items, list_keys, new_item_of
from consult.surveys.models import Answer, Item, Option
from consult.surveys.rules import FORMS, NewOption, NewScale
from consult.surveys.service import NewAnswer, add_items, record_answers
from tests.making.items import OPTIONS, an_item, make_draft, officer_of
from tests.making.places import make_place


@pytest.fixture
def draft(in_app):
    return make_draft()


@pytest.fixture
def in_sqlite(sqlite_app):
    """One kind of database, where the kind makes no difference."""
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.rollback()


def made(draft, *items):
    actor = officer_of(draft)
    return [add_item(actor, draft, item) for item in items]


def test_an_item_of_each_form_is_added_as_it_was_defined_after_those_before(draft):
    items = made(draft, *map(an_item, FORMS))
    db.session.commit()
    db.session.expire_all()
    assert [new_item_of(item) for item in list_items(draft)] == [*map(an_item, FORMS)]
    assert [(item.version, item.approved_version, item.position) for item in items] == [
        (1, None, n) for n in range(len(FORMS))
    ]


def test_a_key_is_given_once(draft):
    made(draft, an_item("open"))
    db.session.commit()
    with pytest.raises(KeyTaken, match="Another question has this short name"):
        add_item(officer_of(draft), draft, an_item("choice", key="open"))
    db.session.rollback()
    assert list_keys(draft) == ["open"]


def test_the_rules_of_items_hold_here_too(draft):
    with pytest.raises(Refusal, match="at least 2 options"):
        add_item(officer_of(draft), draft, an_item("choice", options=OPTIONS[:1]))
    [item] = made(draft, an_item("choice"))
    with pytest.raises(Refusal, match="must not be empty"):
        change_item(officer_of(draft), draft, item, replace(an_item("choice"), stem=" "), version=1)


CHANGES = (
    ("choice", {"options": (NewOption("out", "outside"), NewOption("new", "away"))}),
    ("choice", {"options": OPTIONS[::-1], "ordered": True, "other": True}),
    ("scale", {"scale": NewScale(0, 10, "none", "many", 6, reversed=True, labels=("x",) * 11)}),
    ("rank", {"options": (*OPTIONS, NewOption("third", "elsewhere"))}),
    ("knowledge", {"correct": "home"}),
    ("open", {"waves": ("pre",), "stem": "I would like …", "key": "like"}),
    ("open", {"role": "perceived", "waves": ("post",)}),
)


def test_a_change_leaves_the_item_as_it_says_and_waiting_for_approval(draft):
    for n, (form, more) in enumerate(CHANGES):
        first = an_item(form, key=f"key-{n}")
        [item] = made(draft, first)
        approve_item(officer_of(draft), draft, item, version=1)
        assert item.approved_version == 1
        new = replace(first, **more)
        change_item(officer_of(draft), draft, item, new, version=1)
        db.session.commit()
        db.session.expire_all()
        found = list_items(draft)[n]
        assert new_item_of(found) == new
        assert (found.version, found.approved_version) == (2, 1)


def test_saving_an_item_as_it_is_changes_nothing_and_keeps_the_approval(draft):
    [item] = made(draft, an_item("choice"))
    approve_item(officer_of(draft), draft, item, version=1)
    change_item(officer_of(draft), draft, item, an_item("choice"), version=1)
    assert (item.version, item.approved_version) == (1, 1)


def test_the_form_of_an_item_stays(draft):
    [item] = made(draft, an_item("open"))
    with pytest.raises(Invalid, match="keeps its kind"):
        change_item(officer_of(draft), draft, item, an_item("choice", key="open"), version=1)


def test_whoever_saves_second_is_told_and_overwrites_nothing(draft):
    [item] = made(draft, an_item("open"))
    actor = officer_of(draft)
    change_item(actor, draft, item, replace(an_item("open"), stem="I like …"), version=1)
    for deed in (
        lambda: change_item(actor, draft, item, replace(an_item("open"), stem="I hate …"), version=1),
        lambda: change_item(actor, draft, item, replace(an_item("open"), stem="I like …"), version=1),
        lambda: approve_item(actor, draft, item, version=1),
        lambda: remove_item(actor, draft, item, version=1),
    ):
        with pytest.raises(EditedMeanwhile, match="Somebody else changed this question"):
            deed()
    assert (item.stem, item.version, item.approved_version) == ("I like …", 2, None)


def test_neighbours_change_places_and_only_neighbours(draft):
    one, two, three = made(draft, an_item("open"), an_item("scale"), an_item("rank"))
    actor = officer_of(draft)
    move_item(actor, draft, three, way=UP, past="scale")
    assert list_keys(draft) == ["open", "rank", "scale"]
    move_item(actor, draft, one, way=DOWN, past="rank")
    assert list_keys(draft) == ["rank", "open", "scale"]
    for way, past in ((UP, "rank"), (DOWN, "nothing"), (DOWN, "rank"), (UP, "scale")):
        with pytest.raises(EditedMeanwhile):
            move_item(actor, draft, two, way=way, past=past)
    assert list_keys(draft) == ["rank", "open", "scale"]


def test_the_same_move_sent_twice_has_one_effect(draft):
    _one, two = made(draft, an_item("open"), an_item("scale"))
    for _ in range(2):
        move_item(officer_of(draft), draft, two, way=UP, past="open")
    assert list_keys(draft) == ["scale", "open"]


def test_an_item_between_two_others_is_removed_and_a_new_one_comes_last(draft):
    _one, two, _three = made(draft, an_item("open"), an_item("choice"), an_item("rank"))
    remove_item(officer_of(draft), draft, two, version=1)
    db.session.commit()
    assert list_keys(draft) == ["open", "rank"]
    assert db.session.scalar(select(func.count()).select_from(Option).where(Option.item_id == two.id)) == 0
    made(draft, an_item("choice"))
    assert list_keys(draft) == ["open", "rank", "choice"]


def answered(draft, item, *, is_rehearsal):
    """Somebody has answered the item."""
    add_participants(OPERATOR, draft, [NewParticipant(key="web-1")], origin=Origin.WEB)
    person = db.session.scalar(select(Participant))
    person.is_rehearsal = is_rehearsal
    option = db.session.scalar(select(Option.id).where(Option.item_id == item.id).limit(1))
    answer = NewAnswer(person.id, item.id, "pre", "choice", "answered", option_id=option)
    record_answers(OPERATOR, draft, [answer])
    db.session.commit()


@pytest.mark.parametrize("deed", ["change", "remove"])
def test_answers_of_a_rehearsal_do_not_stand_in_the_way_and_are_gone(draft, deed):
    [item] = made(draft, an_item("choice"))
    answered(draft, item, is_rehearsal=True)
    db.session.add(Thread(consultation_id=draft.id, key="r1", item_id=item.id, is_rehearsal=True))
    db.session.commit()
    if deed == "change":
        change_item(officer_of(draft), draft, item, replace(an_item("choice"), stem="I go …"), version=1)
    else:
        remove_item(officer_of(draft), draft, item, version=1)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 0
    assert db.session.scalar(select(Thread.item_id)) is None


def test_an_item_that_something_else_needs_stays(draft):
    [item] = made(draft, an_item("choice"))
    db.session.add(Thread(consultation_id=draft.id, key="t1", item_id=item.id))
    db.session.commit()
    with pytest.raises(Conflict, match="belongs to this question"):
        remove_item(officer_of(draft), draft, item, version=1)
    db.session.rollback()
    assert list_keys(draft) == ["choice"]


@pytest.mark.parametrize("deed", ["change", "remove"])
def test_what_people_have_answered_stays(draft, deed):
    [item] = made(draft, an_item("choice"))
    answered(draft, item, is_rehearsal=False)
    new = [replace(an_item("choice"), stem="I go …")] if deed == "change" else []
    do = change_item if deed == "change" else remove_item
    with pytest.raises(Conflict, match="People have answered"):
        do(officer_of(draft), draft, item, *new, version=1)
    db.session.rollback()
    assert new_item_of(get_item(draft, "choice")) == an_item("choice")


def test_a_copy_asks_the_same_and_waits_for_approval(draft):
    source = make_place("follow_up")
    copied = copy_items(officer_of(source, draft), source, draft)
    db.session.commit()
    db.session.expire_all()
    before, after = list_items(source), list_items(draft)
    assert [new_item_of(item) for item in after] == [new_item_of(item) for item in before]
    assert len(copied) == len(before) >= 7
    assert {item.approved_version for item in after} == {None}


def test_a_copy_is_made_by_an_officer_of_both(draft):
    source = make_place("survey")
    with pytest.raises(NotFound):
        copy_items(officer_of(draft), source, draft)
    with pytest.raises(NotFound):
        copy_items(officer_of(source), source, draft)
    assert list_keys(draft) == []


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (Actor("staff/2", frozenset({Role.ADMINISTRATOR})), NotPermitted),
        (Actor("staff/3", frozenset(), {-1: frozenset({Role.OFFICER})}), NotFound),
        (None, NotPermitted),
    ],
    ids=["administrator", "officer elsewhere", "moderator here"],
)
def test_only_officers_of_the_place_write_items(in_sqlite, actor, refusal):
    draft = make_draft()
    [item] = made(draft, an_item("open"))
    actor = actor or Actor("staff/4", frozenset(), {draft.id: frozenset({Role.MODERATOR})})
    for deed in (
        lambda: add_item(actor, draft, an_item("scale")),
        lambda: change_item(actor, draft, item, an_item("open", stem="I …"), version=1),
        lambda: approve_item(actor, draft, item, version=1),
        lambda: move_item(actor, draft, item, way=UP, past="x"),
        lambda: remove_item(actor, draft, item, version=1),
        lambda: copy_items(actor, draft, draft),
    ):
        with pytest.raises(refusal):
            deed()
    assert list_keys(draft) == ["open"]


@pytest.mark.parametrize("state", [State.PUBLISHED, State.CLOSED, State.ARCHIVED])
def test_nothing_of_this_is_done_to_what_was_published(in_sqlite, state):
    place = make_draft(state=state)
    add_items(OPERATOR, place, [an_item("open"), an_item("scale")])
    db.session.commit()
    actor, item = officer_of(place), get_item(place, "scale")
    for deed in (
        lambda: add_item(actor, place, an_item("rank")),
        lambda: change_item(actor, place, item, an_item("scale", stem="I …"), version=1),
        lambda: approve_item(actor, place, item, version=1),
        lambda: move_item(actor, place, item, way=UP, past="open"),
        lambda: remove_item(actor, place, item, version=1),
    ):
        with pytest.raises(Conflict, match="fixed when the consultation was published"):
            deed()
    assert [new_item_of(each) for each in list_items(place)] == [an_item("open"), an_item("scale")]


def test_what_was_published_a_moment_ago_is_seen_although_the_page_still_held_a_draft(draft):
    [item] = made(draft, an_item("open"))
    db.session.commit()
    assert draft.state is State.DRAFT
    with db.engine.begin() as elsewhere:
        elsewhere.execute(draft.__table__.update().values(state=State.PUBLISHED))
    with pytest.raises(Conflict, match="fixed when the consultation was published"):
        change_item(officer_of(draft), draft, item, an_item("open", stem="I …"), version=1)


def test_the_trail_names_the_item_and_nothing_that_was_written(draft):
    [item] = made(draft, an_item("open"))
    change_item(officer_of(draft), draft, item, an_item("open", stem="I hope …"), version=1)
    db.session.flush()
    lines = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "c.edit")).all()
    assert [(line.actor, line.subject, line.detail) for line in lines] == [
        ("staff/1", "parks-2026", '{"deed": "add item", "item": "open"}'),
        ("staff/1", "parks-2026", '{"deed": "change item", "item": "open"}'),
    ]
    assert all(line.at <= clock.now() for line in lines)


def test_items_of_another_consultation_are_not_found(draft):
    other = make_draft("bins-2026")
    made(other, an_item("open"))
    with pytest.raises(NotFound):
        get_item(draft, "open")
    assert db.session.scalar(select(func.count()).select_from(Item)) == 1
