"""The end of coding: what follows from it, and what can be done no more."""

import pytest

from consult.access import Role
from consult.analysis.theme_service import stored_themes
from consult.coding import codebooks, queries
from consult.coding.ending import CodingEnded, end_coding, ended_items
from consult.coding.models import Theme
from consult.consultations.models import Wave
from consult.db import db
from consult.errors import Conflict, NotPermitted
from tests.making.accounts import client_as
from tests.making.coding import actor_of, make_queue, make_texts, officer_of, open_item, queued, say
from tests.making.places import make_place

N = 12


def first_readings(place):
    """The queue without the texts that are read once more: what is found in those changes no code."""
    return [row for row in queued(place) if not row.is_again]


def coded(*, all_read=True):
    """A closed consultation whose texts of either wave have been read by two, who agree."""
    place = make_place("closed")
    one, two = officer_of(place), officer_of(place, "tom@abbeyford.example")
    item = open_item(place)
    db.session.add_all(Theme(item_id=item.id, key=f"t{n}", label=f"T {n}", position=n) for n in range(2))
    db.session.flush()
    content = codebooks.content_of(queries.list_themes(item.id))
    db.session.add(codebooks.new_codebook(item.id, 1, content, by="operator"))
    make_texts(place, [f"before {n}" for n in range(N)])
    make_texts(place, [f"after {n}" for n in range(N)], wave=Wave.POST)
    make_queue(place, one, again=5)
    last = first_readings(place)[-1].id  # of a text that nobody has read before
    for row in queued(place):
        if row.id == last and not all_read:
            continue
        for coder in (one, two):
            say(place, coder, row.place, "t0" if row.answer_id % 2 else "t1")
    return place, one


def test_coding_ends_when_everything_is_read_and_nothing_changes_afterwards(in_app):
    place, one = coded()
    item, actor = open_item(place), actor_of(one)
    end_coding(actor, place, item)
    end_coding(actor, place, item)
    db.session.commit()
    assert ended_items([item.id]) == {item.id}
    with pytest.raises(CodingEnded):
        say(place, one, queued(place)[0].place, "t1")


def test_coding_does_not_end_while_a_text_waits(in_app):
    place, one = coded(all_read=False)
    with pytest.raises(Conflict, match="not been read yet"):
        end_coding(actor_of(one), place, open_item(place))


def test_coding_does_not_end_while_somebody_has_to_decide(in_app):
    place, one = coded()
    row = first_readings(place)[0]
    say(place, one, row.place, "t0", "t1")
    with pytest.raises(Conflict, match="decide"):
        end_coding(actor_of(one), place, open_item(place))


def test_coding_does_not_end_before_every_stage_has_closed(in_app):
    place = make_place("follow_up")
    with pytest.raises(Conflict, match="every stage has closed"):
        end_coding(actor_of(officer_of(place)), place, open_item(place))
    draft = make_place("survey")
    with pytest.raises(NotPermitted):
        end_coding(actor_of(officer_of(draft, "una@abbeyford.example")), draft, open_item(draft))


def test_the_button_ends_it_and_the_themes_before_and_after_are_on_the_page(app):
    with app.app_context():
        place, _one = coded()
        db.session.commit()
        analyst = client_as(app, Role.ANALYST, place)
        home = "/analyst/closed-place/coding/"
        assert "End the coding" in analyst.get(home).text
        answer = analyst.send("/analyst/closed-place/items/words/coding-end", page=home)
        assert (answer.status_code, answer.location) == (303, "/analyst/closed-place/items/words")
        assert "12 people wrote before the forum" in analyst.get(answer.location).text
        again = analyst.get(home).text
        assert "The coding has ended." in again
        assert "Code in a spreadsheet" not in again
        db.session.expire_all()
        (entry,) = stored_themes(place.id)
        assert (entry["n_paired"], entry["n_double"]) == (N, 2 * N + 3), (
            "both read one text again, which makes four pairs of theirs and two of one person"
        )
