"""What a draft offers as thanks: added, changed, removed by its officers, fixed from publishing on."""

import pytest
from sqlalchemy import select, update

from consult.consultations.models import Consultation, State
from consult.db import db
from consult.desk.creating import create_as_copy
from consult.incentives.models import Due, Incentive, IncentivePlan
from consult.incentives.queries import is_for_panel, list_incentives, where_collected
from tests.making.desk import actor_of, another_officer, fields_of, fill, make_draft, officer_client, staff_id
from tests.making.incentives import OWED, make_due, make_offer

PATH = "/officer/late-hours/thanks"
VOUCHER = {"kind": "voucher", "label": "Voucher for shops", "survey": "£5", "follow_up": "2.50"}


@pytest.fixture
def officer(in_app):
    client = officer_client(in_app)
    make_draft()
    return client


def test_an_officer_adds_changes_and_removes_what_people_can_choose(in_app, officer):
    page = officer.get(PATH).text
    assert "Nothing is offered." in page
    added = fill(officer, f"{PATH}/add", VOUCHER)
    assert (added.status_code, added.location) == (303, PATH)
    [row] = rows()
    assert (row.key, row.kind.value, row.pence_survey, row.pence_follow_up) == (
        "choice-1",
        "voucher",
        500,
        250,
    )
    assert "£5 after the starting survey, £2.50 after the follow-up" in officer.get(PATH).text
    changed = fill(
        officer, f"{PATH}/choice-1/change", {**VOUCHER, "kind": "donation", "follow_up": "", "label": "Gift"}
    )
    assert changed.status_code == 303
    [row] = rows()
    assert (row.kind.value, row.label, row.pence_survey, row.pence_follow_up) == ("donation", "Gift", 500, 0)
    make_due(place(), OWED)  # by somebody who rehearses
    assert "Gift" in officer.get(f"{PATH}/choice-1/remove").text
    assert fill(officer, f"{PATH}/choice-1/remove", {}).location == PATH
    assert rows() == []
    assert db.session.scalar(select(Due.id)) is None


def test_the_form_of_a_change_shows_what_is_there(in_app, officer):
    fill(officer, f"{PATH}/add", VOUCHER)
    page = officer.get(f"{PATH}/choice-1/change").text
    assert 'value="Voucher for shops"' in page
    assert 'name="survey" type="text" value="5"' in page
    assert 'value="2.50"' in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 101}, "label"),
        ({"survey": "five"}, "survey"),
        ({"survey": "", "follow_up": "0"}, "survey"),
        ({"follow_up": "-1"}, "follow_up"),
        ({"survey": "1000.01"}, "survey"),
        ({"kind": "cash"}, "kind"),
        ({"label": " \u200b\0 "}, "label"),
    ],
)
def test_what_cannot_be_offered_is_refused_with_everything_that_was_typed(sqlite_app, wrong, field):
    officer = officer_client(sqlite_app)
    with sqlite_app.app_context():
        make_draft()
    answer = fill(officer, f"{PATH}/add", {**VOUCHER, **wrong})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    if "label" not in wrong:
        assert "Voucher for shops" in answer.text


def test_there_is_an_end_to_how_much_can_be_offered(in_app, officer):
    for n in range(10):
        assert fill(officer, f"{PATH}/add", {**VOUCHER, "label": f"Voucher {n}"}).status_code == 303
    answer = fill(officer, f"{PATH}/add", VOUCHER)
    assert answer.status_code == 422
    assert "10 things to choose from at most" in answer.text


def test_it_is_for_everybody_or_for_the_panel(in_app, officer):
    assert not is_for_panel(place().id)
    assert fill(officer, f"{PATH}/who", {"for_whom": "panel"}).location == PATH
    assert is_for_panel(place().id)
    assert "Only people with a place on the panel" in officer.get(PATH).text
    fill(officer, f"{PATH}/who", {"for_whom": "everybody"})
    assert not is_for_panel(place().id)
    assert fill(officer, f"{PATH}/who", {"for_whom": ""}).status_code == 422


def test_the_officer_says_where_it_is_collected_and_a_copy_says_so_too(in_app, officer):
    there = "Any library in Abbeyford, <at the desk>"
    fill(officer, f"{PATH}/add", VOUCHER)
    assert fill(officer, f"{PATH}/who", {"for_whom": "everybody", "collected_from": there}).status_code == 303
    assert where_collected(place().id) == there
    assert "Any library in Abbeyford, &lt;at the desk&gt;" in officer.get(PATH).text
    assert 'value="Any library in Abbeyford, &lt;at the desk&gt;"' in officer.get(f"{PATH}/who").text
    too_long = fill(officer, f"{PATH}/who", {"for_whom": "everybody", "collected_from": "x" * 201})
    assert too_long.status_code == 422
    assert "Enter at most 200 characters" in too_long.text
    assert "x" * 201 in too_long.text
    assert where_collected(place().id) == there
    copy = create_as_copy(actor_of(), place(), slug="again", title="Again", staff_id=staff_id())
    assert where_collected(copy.id) == there


def test_a_second_officer_who_saves_an_older_page_is_shown_both(in_app, officer):
    second = another_officer(in_app, "late-hours")
    fill(officer, f"{PATH}/add", VOUCHER)
    for address, typed in (
        (f"{PATH}/add", {**VOUCHER, "label": "Second"}),
        (f"{PATH}/who", {"for_whom": "panel"}),
        (f"{PATH}/choice-1/change", {**VOUCHER, "label": "Second"}),
        (f"{PATH}/choice-1/remove", {}),
    ):
        opened = fields_of(second.get(address).text)
        fill(officer, f"{PATH}/add", {**VOUCHER, "label": "In between"})
        late = second.post(address, data={"csrf_token": second.any_token(), **opened, **typed})
        assert late.status_code == 409, address
        assert "Somebody else saved this before you" in late.text
        assert "In between" in late.text
    assert not is_for_panel(place().id)
    again = fields_of(late.text)
    sent = second.post(
        f"{PATH}/choice-1/remove", data={"csrf_token": second.any_token(), **again, "once": "x" * 30}
    )
    assert sent.status_code == 303
    assert {row.label for row in rows()} == {"In between"}


def test_from_publishing_on_it_is_fixed(in_app, officer):
    make_offer(place())
    opened = fields_of(officer.get(f"{PATH}/add").text)
    db.session.execute(update(Consultation).values(state=State.PUBLISHED))
    db.session.commit()
    for address in ("add", "who", "choice-1/change", "choice-1/remove"):
        assert officer.get(f"{PATH}/{address}").status_code == 403
        late = officer.post(
            f"{PATH}/{address}",
            data={"csrf_token": officer.any_token(), **opened, **VOUCHER, "for_whom": "panel"},
        )
        assert late.status_code == 403
        assert "fixed when the consultation was published" in late.text
    assert [row.label for row in rows()] == [
        "Voucher for shops in Abbeyford",
        "Donation to Abbeyford Food Bank",
    ]
    page = officer.get(PATH).text
    assert "This was fixed when the consultation was published." in page
    assert "Where people collect vouchers and time credits: The desk of your library" in page
    assert "/add" not in page


def test_what_is_no_key_here_is_not_found(in_app, officer):
    for key in ("choice-1", "choice-9", "%00", "x" * 200):
        for deed in ("change", "remove"):
            assert officer.get(f"{PATH}/{key}/{deed}").status_code == 404, key


def test_a_copy_of_a_consultation_offers_the_same(in_app, officer):
    make_offer(place(), for_panel=True)
    made = create_as_copy(actor_of(), place(), slug="later-still", title="Later still", staff_id=staff_id())
    db.session.commit()
    assert [row.label for row in list_incentives(made.id)] == [
        row.label for row in list_incentives(place().id)
    ]
    assert is_for_panel(made.id)
    assert db.session.get(IncentivePlan, made.id) is not None


def place() -> Consultation:
    return db.session.scalars(select(Consultation).filter_by(slug="late-hours")).one()


def rows() -> list[Incentive]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Incentive).order_by(Incentive.position).execution_options(populate_existing=True)
        )
    )
