"""The officers' pages of publicity, by real requests."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.access import OPERATOR, Role
from consult.audit.models import AuditEntry
from consult.consultations.models import Consultation, Participant, State
from consult.db import db
from consult.errors import Conflict
from consult.publicity import service
from consult.publicity.service import version_of_channel
from consult.recruitment.models import Channel, ChannelKind
from tests.making.accounts import make_staff, sign_in
from tests.making.desk import actor_of, fill
from tests.making.joining import CHOICES, form_of, send_join
from tests.making.places import make_place
from tests.making.publicity import CHANNEL, make_channel, make_come, make_crowd
from tests.page_client import PageClient, at_once

PUBLICITY = "/officer/survey-place/publicity"
LIBRARY = f"{PUBLICITY}/channels/{CHANNEL}"
ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
TYPED = {"label": "Mill Road Library", "kind": "library", "aim": "Older people", "cost": "120.00"}


def only_channel() -> Channel:
    return db.session.scalars(select(Channel)).one()


def cells_of(page: str, table: str) -> list[list[str]]:
    """The rows of that table of the page, as text."""
    text = page.partition(f'id="{table}"')[2].partition("</table>")[0]
    return [[TAG.sub("", cell).strip() for cell in re.split(r"<t[hd]", row)[1:]] for row in ROW.findall(text)]


def figures(page: str, name: str, table: str = "funnel-table") -> list[str]:
    """What that table says of one channel."""
    [row] = [
        row
        for row in cells_of(page, table)
        if row[0].endswith(f">{name}") or row[0].rpartition(">")[2] == name
    ]
    return [cell.rpartition(">")[2] for cell in row[1:]]


def test_a_channel_is_added_and_shown_with_what_to_hand_out(sqlite_app: Flask, officer: PageClient):
    assert "There are no channels yet." in officer.get(PUBLICITY).text
    answer = fill(officer, f"{PUBLICITY}/new", {**TYPED, "cost": "£1,250.50"})
    assert (answer.status_code, answer.location) == (303, f"{PUBLICITY}/channels/mill-road-library")
    with sqlite_app.app_context():
        channel = only_channel()
        said = (channel.key, channel.label, channel.kind, channel.aim, channel.cost)
    assert said == ("mill-road-library", "Mill Road Library", ChannelKind.LIBRARY, "Older people", "1250.50")
    page = officer.get(answer.location).text
    assert "127.0.0.1:8000/go/survey-place/mill-road-library" in page
    assert "£1,250.50" in page
    assert "Older people" in officer.get(PUBLICITY).text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"label": " "}, "Enter a name"),
        ({"label": "x" * 101}, "Enter at most 100 characters"),
        ({"kind": "billboard"}, "Choose what kind of way it is"),
        ({"kind": ""}, "Choose what kind of way it is"),
        ({"aim": "x" * 201}, "Enter at most 200 characters"),
        ({"cost": "1,25"}, "Enter an amount in pounds, like 250 or 249.50"),
        ({"cost": "-5"}, "Enter an amount in pounds, like 250 or 249.50"),
        ({"cost": "12.345"}, "Enter an amount in pounds, like 250 or 249.50"),
        ({"cost": "free"}, "Enter an amount in pounds, like 250 or 249.50"),
    ],
)
def test_what_cannot_stand_is_refused_in_words_and_kept(sqlite_app, officer, changed, message):
    answer = fill(officer, f"{PUBLICITY}/new", {**TYPED, **changed})
    assert answer.status_code == 422
    assert message in answer.text
    for name, typed in {**TYPED, **changed}.items():
        if name != "kind" and typed.strip():
            assert f'value="{typed}"' in answer.text, name
    with sqlite_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Channel)) == 0


def test_two_channels_of_one_name_would_be_taken_for_each_other(sqlite_app, sqlite_place, officer):
    with sqlite_app.app_context():
        make_channel(sqlite_place)
    answer = fill(officer, f"{PUBLICITY}/new", {**TYPED, "label": "MILL ROAD library"})
    assert answer.status_code == 422
    assert "There is a channel of this name already" in answer.text


def test_a_channel_that_is_changed_keeps_its_address(sqlite_app, sqlite_place, officer):
    with sqlite_app.app_context():
        make_channel(sqlite_place)
    answer = fill(officer, f"{LIBRARY}/change", {**TYPED, "label": "The new library", "cost": ""})
    assert (answer.status_code, answer.location) == (303, PUBLICITY)
    with sqlite_app.app_context():
        assert (only_channel().key, only_channel().label, only_channel().cost) == (
            CHANNEL,
            "The new library",
            None,
        )


def test_two_officers_who_change_one_channel_do_not_undo_each_other(sqlite_app, sqlite_place, officer):
    with sqlite_app.app_context():
        make_channel(sqlite_place)
    page = officer.get(f"{LIBRARY}/change").text
    seen = re.search(r'name="version" value="(\d+)"', page)[1]
    assert fill(officer, f"{LIBRARY}/change", {**TYPED, "aim": "Theirs"}).status_code == 303
    mine = {"csrf_token": officer.any_token(), **TYPED, "aim": "Mine", "version": seen}
    answer = officer.post(f"{LIBRARY}/change", data=mine)
    assert answer.status_code == 409
    assert "Somebody else saved this before you" in answer.text
    assert 'value="Mine"' in answer.text
    with sqlite_app.app_context():
        assert only_channel().aim == "Theirs"
    again = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    assert officer.post(f"{LIBRARY}/change", data={**mine, "version": again}).status_code == 303
    with sqlite_app.app_context():
        assert only_channel().aim == "Mine"


def test_a_channel_by_which_nobody_has_come_can_go_and_a_double_click_is_one(
    sqlite_app, sqlite_place, officer
):
    with sqlite_app.app_context():
        make_channel(sqlite_place)
        make_come(sqlite_place, only_channel(), rehearses=True)
        db.session.commit()
    typed = form_of(officer, f"{LIBRARY}/remove")
    typed["version"] = re.search(r'name="version" value="(\d+)"', officer.get(f"{LIBRARY}/remove").text)[1]
    assert [officer.post(f"{LIBRARY}/remove", data=typed).status_code for _ in range(2)] == [303, 303]
    assert officer.get(LIBRARY).status_code == 404
    with sqlite_app.app_context():
        assert db.session.scalar(select(Participant.channel_id).where(Participant.is_rehearsal)) is None


def test_a_channel_by_which_somebody_has_come_stays(in_app: Flask):
    place = make_place("survey")
    channel = make_channel(place)
    make_crowd(place, channel, 1)
    make_staff("officer@abbeyford.example", Role.OFFICER, place)
    with pytest.raises(Conflict, match="People have come by this channel"):
        service.remove_channel(actor_of(), place, channel, version=version_of_channel(channel))
    db.session.rollback()
    assert only_channel().key == CHANNEL


def test_people_who_join_at_the_same_moment_as_a_channel_goes_all_get_in(app: Flask):
    with app.app_context():
        place = make_place("survey")
        make_channel(place)
        made = make_staff("officer@abbeyford.example", Role.OFFICER, place)
        token = str(version_of_channel(only_channel()))
    officer = sign_in(PageClient(app), made)
    removal = {**form_of(officer, f"{LIBRARY}/remove"), "version": token}
    path = "/consultations/survey-place/join"
    joining = [PageClient(app) for _ in range(5)]
    forms = [form_of(client, path, **CHOICES, channel=CHANNEL) for client in joining]
    sent = [(client, path, form) for client, form in zip(joining, forms, strict=True)]
    sent.insert(2, (officer, f"{LIBRARY}/remove", removal))
    answers = at_once(lambda client, to, form: client.post(to, data=form).status_code, sent)
    removed = answers.pop(2)
    assert answers == [303] * 5
    with app.app_context():
        came = db.session.scalar(select(func.count()).where(Participant.channel_id.is_not(None)))
        there = db.session.scalar(select(func.count()).select_from(Channel))
    assert (removed, there) == ((409, 1) if came else (303, 0))


def test_two_officers_who_add_the_same_at_once_make_two_keys_or_one_channel(app: Flask):
    with app.app_context():
        place = make_place("survey")
        made = make_staff("officer@abbeyford.example", Role.OFFICER, place)
    clients = [sign_in(PageClient(app), made) for _ in range(1)]
    names = ["Library!", "Library?", "Library.", "Library"]
    typed = [form_of(clients[0], f"{PUBLICITY}/new", **{**TYPED, "label": name}) for name in names]
    sent = [(clients[0], f"{PUBLICITY}/new", form) for form in typed]
    assert at_once(lambda client, to, form: client.post(to, data=form).status_code, sent) == [303] * 4
    with app.app_context():
        keys = set(db.session.scalars(select(Channel.key)))
    assert keys == {"library", "library-2", "library-3", "library-4"}


# --- how far people came


def test_counts_under_ten_are_told_as_fewer_than_ten_and_nothing_is_worked_out_from_them(
    sqlite_app, sqlite_place, officer
):
    with sqlite_app.app_context():
        library = make_channel(sqlite_place)
        school = make_channel(sqlite_place, "school", label="School", cost="50")
        make_crowd(sqlite_place, library, 12, sent=True, stayed=True, says="25-64")
        make_crowd(sqlite_place, library, 9, says=None)
        make_crowd(sqlite_place, school, 9, sent=True, stayed=True, says="16-24")
    page = officer.get(PUBLICITY).text
    few = "Fewer than 10"
    assert figures(page, "Mill Road Library") == ["21", "12", few]
    assert figures(page, "School") == [few] * 3
    assert figures(page, "Mill Road Library", "costs-table") == ["£120.00", "12", "£10.00"]
    assert figures(page, "School", "costs-table") == ["£50", few, "We cannot tell"]
    assert "25 to 64: 100% of those it brought, and 57% of everybody who takes part" in page
    assert "16 to 24" not in page
    assert page.count("Fewer than 10 joined") == 2  # of School and of those who came by none


@pytest.mark.parametrize(("moment", "steps"), [("survey", 2), ("forum", 3), ("follow_up", 4)])
def test_only_steps_that_anybody_can_have_come_to_are_told(sqlite_app: Flask, moment: str, steps: int):
    with sqlite_app.app_context():
        place = make_place(moment)
        make_crowd(place, make_channel(place), 10, sent=True, stayed=True)
        made = make_staff("second@abbeyford.example", Role.OFFICER, place)
        there = f"/officer/{place.slug}/publicity"
    page = sign_in(PageClient(sqlite_app), made).get(there).text
    assert len(figures(page, "Mill Road Library")) == steps + 1  # and who withdrew
    assert figures(page, "Mill Road Library", "costs-table") == ["£120.00", "10", "£12.00"]
    assert ("Sent both surveys" in page) is (steps == 4)


def test_a_draft_has_no_counts(sqlite_app, officer):
    with sqlite_app.app_context():
        draft = make_place("draft")
        channel = make_channel(draft)
        make_come(draft, channel, rehearses=True)
        made = make_staff("second@abbeyford.example", Role.OFFICER, draft)
    page = sign_in(PageClient(sqlite_app), made).get("/officer/draft-place/publicity").text
    assert "What each channel has brought" not in page
    assert "Mill Road Library" in page


def test_the_page_costs_the_same_statements_however_many_channels_and_people(
    sqlite_app, sqlite_place, officer
):
    with sqlite_app.app_context():
        make_crowd(sqlite_place, make_channel(sqlite_place), 2, sent=True, says="16-24")
    officer.get(PUBLICITY)
    few = len(officer.statements)
    with sqlite_app.app_context():
        for n in range(12):
            channel = make_channel(sqlite_place, f"channel-{n}", label=f"Channel {n}")
            make_crowd(sqlite_place, channel, 12, sent=True, stayed=True, says="25-64")
    assert officer.get(PUBLICITY).text.count("£10.00") == 12
    assert len(officer.statements) == few


def test_hostile_words_of_a_channel_are_shown_as_they_were_typed(sqlite_app, sqlite_place, officer):
    with sqlite_app.app_context():
        channel = make_channel(sqlite_place, label="<b>50% & %(n)s</b> مكتبة", aim='"><img src=x>')
        make_crowd(sqlite_place, channel, 12, sent=True, says="25-64")
    page = officer.get(PUBLICITY).text
    assert "&lt;b&gt;50% &amp; %(n)s&lt;/b&gt; مكتبة" in page
    assert "<img src=x>" not in page
    assert "<img src=x>" not in officer.get(LIBRARY).text


def test_an_archived_consultation_has_no_publicity_in_its_sections(sqlite_app, sqlite_place, officer):
    assert "publicity" in officer.get("/officer/survey-place/").text
    with sqlite_app.app_context():
        db.session.get_one(Consultation, sqlite_place.id).state = State.ARCHIVED
        db.session.commit()
    assert "publicity" not in officer.get("/officer/survey-place/").text
    assert officer.get(PUBLICITY).status_code == 403


def test_what_officers_do_to_channels_stands_in_the_trail(in_app: Flask):
    place = make_place("survey")
    make_staff("officer@abbeyford.example", Role.OFFICER, place)
    about = service.About("The fair", ChannelKind.OTHER)
    channel = service.add_channel(actor_of(), place, about)
    version = version_of_channel(channel)
    service.remove_channel(actor_of(), place, channel, version=version)
    db.session.commit()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "ch.edit")).all()
    assert ["add" in (entry.detail or "") for entry in entries] == [True, False]
    assert OPERATOR.name not in {entry.actor for entry in entries}
    assert send_join(PageClient(in_app), channel="the-fair").status_code == 303  # as by no channel
