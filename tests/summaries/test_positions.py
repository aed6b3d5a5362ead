"""Positions: worked out anew from codes and answers, told only from three people on."""

from sqlalchemy import delete, select

from consult.coding.models import Code, Theme
from consult.consultations.models import Progress
from consult.db import db
from consult.summaries.positions import positions_of
from consult.summaries.release import Told
from consult.surveys.models import Answer
from tests.making.forum import make_answers
from tests.making.places import make_place
from tests.making.summaries import answer_of, find_item, judge, make_text, make_theme, make_views
from tests.page_client import watching


def held(item):
    return {each.key: each.count for each in positions_of(item).held}


def test_a_position_is_told_from_three_people_on(in_app):
    place = make_place("summarising")
    make_views(place, {"noise": 12, "litter": 3, "parking": 2})
    found = positions_of(find_item(place))
    assert {each.key: each.count for each in found.held} == {"noise": 12, "litter": 3}
    assert [each.released.told for each in found.held] == [Told.NUMBER, Told.FEW]
    assert found.held[0].released.number == 10
    assert (found.completed, found.others, found.other_holders) == (17, 1, 2)


def test_one_code_that_changes_changes_the_positions(in_app):
    place = make_place("summarising")
    made = make_views(place, {"noise": 4, "litter": 3})
    item = find_item(place)
    assert held(item) == {"noise": 4, "litter": 3}
    moved = answer_of(made[0].participant_id)
    litter = db.session.scalars(select(Theme).where(Theme.key == "litter")).one()
    db.session.execute(delete(Code).where(Code.answer_id == moved.id))
    db.session.add(Code(answer_id=moved.id, item_id=item.id, theme_id=litter.id, coder="coder-1"))
    db.session.flush()
    assert held(item) == {"noise": 3, "litter": 4}


def test_texts_that_are_disputed_unread_or_not_sent_hold_nothing_and_are_counted_apart(in_app):
    place = make_place("summarising")
    made = make_views(place, {"noise": 4})
    item = find_item(place)
    judge(answer_of(made[0].participant_id).id, item, coder="coder-2")  # finds nothing in it
    make_text(place, item, "Not read yet", name="unread", is_read=False)
    noise = db.session.scalars(select(Theme).where(Theme.key == "noise")).one()
    make_text(place, item, "Never sent", noise, name="unsent", progress=Progress.STARTED)
    found = positions_of(item)
    assert {each.key: each.count for each in found.held} == {"noise": 3}
    assert (found.completed, found.disputed, found.uncoded) == (5, 1, 1)


def test_who_deleted_their_answers_is_not_counted(in_app):
    place = make_place("summarising")
    made = make_views(place, {"noise": 4})
    db.session.execute(delete(Answer).where(Answer.participant_id == made[0].participant_id))
    assert held(find_item(place)) == {"noise": 3}


def test_closed_items_have_the_positions_of_their_options_and_scales(in_app):
    place = make_place("summarising")
    make_answers(place, "hours", {1: 12, 5: 3, 3: 2})
    found = positions_of(find_item(place, "hours"))
    assert [(each.key, each.count) for each in found.held] == [("1..1", 12), ("5..5", 3)]
    assert found.completed == 17
    assert found.held[0].completion.startswith("1 (")


def test_the_number_of_statements_does_not_grow_with_people_or_themes(in_app):
    place = make_place("summarising")
    make_views(place, {"noise": 3})
    item = find_item(place)

    def statements():
        db.session.expire_all()
        with watching() as watch:
            positions_of(item)
        return len(watch.statements)

    before = statements()
    make_views(place, {"litter": 9, "parking": 4})
    make_theme(item, "nothing")
    assert statements() == before <= 8
