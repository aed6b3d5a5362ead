"""Putting right a typing error after publishing, on both databases and through the page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.access import Role
from consult.audit.models import AuditEntry
from consult.db import db
from consult.errors import Invalid, NotFound, NotPermitted
from consult.surveys.correcting import NotTyping, correct_item, texts_of
from consult.surveys.editing import EditedMeanwhile
from consult.surveys.item_queries import get_item, list_corrections
from consult.surveys.models import Answer, ItemCorrection
from tests.making.accounts import client_as
from tests.making.items import officer_of
from tests.making.places import make_place

STEM = "The number of places in Abbeyford selling alcohol late at night should be …"
BETTER = "The number of places in Abbeyford that sell alcohol late at night should be …"


@pytest.fixture
def in_sqlite(sqlite_app):
    """The same on one kind of database, where the kind makes no difference."""
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.rollback()


def correct(place, key="hours", version=1, reason="A slip.", **texts):
    words = {part.replace("__", " "): text for part, text in texts.items()}
    return correct_item(officer_of(place), place, get_item(place, key), words, reason=reason, version=version)


@pytest.mark.parametrize("moment", ["survey", "forum", "follow_up"])
def test_a_correction_is_in_the_words_and_in_the_record(in_app, moment):
    place = make_place(moment)
    item = get_item(place, "hours")
    assert correct(place, stem=BETTER, low_label="cut a  lott") == 2
    db.session.commit()
    db.session.expire_all()
    assert (item.stem, item.low_label, item.version) == (BETTER, "cut a  lott", 2)
    found = list_corrections(place)
    assert {(each.part, each.before, each.after, each.reason) for each in found} == {
        ("stem", STEM, BETTER, "A slip."),
        ("low_label", "cut a lot", "cut a  lott", "A slip."),
    }
    assert {(each.item_key, each.position) for each in found} == {("hours", 0)}
    assert found == list_corrections(place, item)
    assert list_corrections(place, get_item(place, "policy")) == []


def test_options_and_points_are_corrected_too(in_app):
    place = make_place("survey")
    assert correct(place, key="where", option__home="at hom") == 1
    assert correct(place, key="depth", **{"point__-2": "deeep", "point__0": "leval"}) == 2
    db.session.commit()
    db.session.expire_all()
    assert [text.words for text in texts_of(get_item(place, "where"))][1:] == ["at hom", "out, somewhere"]
    assert [text.words for text in texts_of(get_item(place, "depth"))][1:] == ["deeep", "leval"]


def test_corrections_come_newest_first_with_their_time(in_sqlite):
    place = make_place("survey")
    at = clock.now()
    for n, stem in enumerate((BETTER, STEM)):
        with clock.frozen(at + timedelta(minutes=n)):
            correct(place, stem=stem, version=n + 1)
    assert [each.after for each in list_corrections(place)] == [STEM, BETTER]
    assert [each.corrected_at for each in list_corrections(place)] == [at + timedelta(minutes=1), at]


def test_an_approved_item_stays_approved(in_sqlite):
    place = make_place("survey")
    get_item(place, "hours").approved_version = 1
    db.session.flush()
    correct(place, stem=BETTER)
    assert get_item(place, "hours").approved_version == 2


@pytest.mark.parametrize(
    ("texts", "refusal", "message"),
    [
        ({}, Invalid, "Change the words that have the typing error"),
        ({"stem": STEM}, Invalid, "Change the words that have the typing error"),
        ({"no_such_part": "x"}, Invalid, "Change the words that have the typing error"),
        ({"stem": ""}, NotTyping, "They cannot be left out"),
        ({"stem": BETTER.replace("should", "should not")}, NotTyping, "“not” has come or gone"),
        ({"high_label": "made few"}, NotTyping, "more than a typing error"),
        ({"stem": BETTER, "reason": ""}, Invalid, "Say what was wrong"),
    ],
)
def test_what_is_no_correction_is_refused_and_changes_nothing(in_sqlite, texts, refusal, message):
    place = make_place("survey")
    with pytest.raises(refusal, match=message):
        correct(place, **texts)
    assert get_item(place, "hours").stem == STEM
    assert list_corrections(place) == []


def test_whoever_corrects_second_is_told(in_app):
    place = make_place("survey")
    correct(place, stem=BETTER)
    with pytest.raises(EditedMeanwhile):
        correct(place, stem=STEM, version=1)
    assert get_item(place, "hours").stem == BETTER


@pytest.mark.parametrize("moment", ["draft", "summarising", "between", "closed"])
def test_only_while_a_stage_is_open(in_sqlite, moment):
    place = make_place(moment)
    with pytest.raises(NotPermitted, match="while a stage is open"):
        correct(place, stem=BETTER)


def test_only_by_an_officer_of_the_place(in_sqlite):
    place, elsewhere = make_place("survey"), make_place("survey", slug="bins-2026")
    with pytest.raises(NotFound):
        correct_item(
            officer_of(elsewhere), place, get_item(place, "hours"), {"stem": BETTER}, reason="x", version=1
        )


def test_the_trail_counts_and_does_not_quote(in_sqlite):
    place = make_place("survey")
    correct(place, stem=BETTER)
    db.session.flush()
    [line] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "c.edit_text"))
    assert (line.actor, line.detail) == ("staff/1", '{"count": 1, "item": "hours"}')


# --- the page


@pytest.fixture
def page(sqlite_app):
    """The browser of an officer, a consultation that is open, and the address of one question."""
    with sqlite_app.app_context():
        place = make_place("survey")
        yield client_as(sqlite_app, Role.OFFICER, place), place, f"/officer/{place.slug}/items/hours"


def sent(**more):
    words = {"text_0": STEM, "text_1": "cut a lot", "text_2": "increased a lot"}
    return {**words, "version": "1", "reason": "“selling” was wrong.", "same_meaning": "y", **more}


def test_an_officer_corrects_a_typing_error_and_reads_it_on_the_page(page):
    client, place, address = page
    form = client.get(f"{address}/correct").text
    assert STEM in form
    assert "Now: <bdi>cut a lot</bdi>" in form
    answer = client.send(f"{address}/correct", sent(text_0=BETTER))
    assert (answer.status_code, answer.location) == (303, address)
    shown = client.get(address).text
    assert "The words are corrected. Everybody can see what you changed." in shown
    for words in (BETTER, STEM, "“selling” was wrong.", "Typing errors that were corrected"):
        assert words in shown
    assert db.session.query(ItemCorrection).count() == 1
    assert db.session.query(Answer).count() == 0
    assert get_item(place, "hours").stem == BETTER


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        ({}, "text_0", "Change the words that have the typing error."),
        ({"text_0": BETTER, "reason": " "}, "reason", "Say what was wrong"),
        ({"text_0": BETTER, "same_meaning": ""}, "same_meaning", "Confirm that the meaning is unchanged"),
        ({"text_1": "cut a lot not"}, "text_1", "A word such as “not” has come or gone."),
        ({"text_2": ""}, "text_2", "Enter the words. They cannot be left out."),
        ({"text_0": "x" * 501}, "text_0", "Enter 500 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(page, more, field, message):
    client, place, address = page
    values = sent(**more)
    if not values["same_meaning"]:
        del values["same_meaning"]  # a browser says nothing of an empty box
    answer = client.send(f"{address}/correct", values)
    assert answer.status_code == 422
    assert f'<a href="#{field}">{message}' in answer.text
    assert place.version == 1
    assert db.session.query(ItemCorrection).count() == 0


def test_the_second_of_two_officers_sees_the_words_of_the_first_and_keeps_their_own(page):
    client, place, address = page
    client.send(f"{address}/correct", sent(text_0=BETTER))
    answer = client.send(f"{address}/correct", sent(text_1="cutt a lot"))
    assert answer.status_code == 409
    assert "Somebody else corrected this question. Look at its words again." in answer.text
    assert 'value="cutt a lot"' in answer.text
    assert f"Now: <bdi>{BETTER}</bdi>" in answer.text
    # What the second had not touched is as the first left it, so that saving on top undoes nothing.
    assert f'value="{STEM}"' not in answer.text
    again = client.send(f"{address}/correct", sent(text_0=BETTER, text_1="cutt a lot", version="2"))
    assert again.status_code == 303
    assert [each.part for each in list_corrections(place)] == ["low_label", "stem"]
