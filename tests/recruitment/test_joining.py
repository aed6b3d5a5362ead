"""Joining: what it asks, whom it lets in, and what then stands in the record."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import VISITOR, Role
from consult.accounts import current, resident_sessions
from consult.accounts.models import FailedTry, ResidentSession, ReturnCode
from consult.audit.models import AuditEntry
from consult.consultations.models import Membership, Origin, Participant, Track
from consult.consultations.rehearsing import rehearsing
from consult.db import db
from consult.errors import NotPermitted
from consult.recruitment import agreement, joining, names, public
from consult.recruitment.joining import Choices
from consult.recruitment.models import Channel
from tests.making.accounts import client_as
from tests.making.joining import CHOICES, form_of, joined, send_join
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient, at_once

JOIN = "/consultations/survey-place/join"
NAME = f"{JOIN}/name"


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def only_participant() -> Participant:
    return db.session.scalars(select(Participant).where(Participant.origin == Origin.WEB)).one()


def test_whoever_agrees_takes_part_has_a_name_and_a_code_and_is_signed_in(in_app):
    place = make_place()
    before = db.session.scalar(select(func.max(Participant.position)))
    client = joined(in_app)
    person = only_participant()
    member = db.session.get(Membership, person.id)
    assert (person.consultation_id, person.track, person.quote) == (place.id, Track.OPEN, True)
    assert person.position == before + 1
    assert person.key.startswith("w-")
    assert len(person.key) >= 10
    assert person.language == "en-GB"
    assert not person.is_rehearsal
    assert (member.consent_version, member.messages, member.withdrawn_at) == (agreement.CURRENT, False, None)
    assert names.name_problem(member.display_name) is None
    assert count(ReturnCode) == count(ResidentSession) == 1
    assert member.display_name in client.get(NAME).text


def test_joining_is_not_in_the_audit_trail_where_it_would_tell_the_minute(in_sqlite):
    make_place()
    trail = count(AuditEntry)
    joined(in_sqlite)
    assert count(AuditEntry) == trail


def test_the_page_says_how_long_it_takes_who_sees_what_and_what_one_agrees_to(in_sqlite, client):
    make_place()
    page = client.get(JOIN).text
    for words in ("Before you start", "10 minutes", "Other people taking part", "Council staff", "Abbeyford"):
        assert words in page
    for point in agreement.AGREEMENTS[agreement.CURRENT].points:
        assert point in page


def test_agreements_are_numbered_and_none_is_empty():
    assert list(agreement.AGREEMENTS) == [each.version for each in agreement.AGREEMENTS.values()]
    assert all(each.points for each in agreement.AGREEMENTS.values())


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("agree", "Tick the box if you agree to take part"),
        ("quote", "Say whether we may quote your words without your name"),
        ("area", "Say whether you live, work or study in the area"),
        ("age", "Say whether you are old enough"),
    ],
)
def test_what_was_left_out_is_named_what_was_chosen_stays_and_nobody_joins(
    in_sqlite, client, left_out, message
):
    make_place()
    chosen = {name: value for name, value in CHOICES.items() if name != left_out}
    answer = client.post(JOIN, data=form_of(client, JOIN, **{**chosen, "shared": "no"}))
    assert answer.status_code == 422
    assert f'<a href="#{left_out}">{message}</a>' in answer.text
    assert 'id="shared-2" name="shared" type="radio" value="no" checked' in answer.text
    assert db.session.scalar(select(Participant).where(Participant.origin == Origin.WEB)) is None


@pytest.mark.parametrize("value", ["maybe", "", "yes\x00", "<script>"])
def test_an_answer_that_is_none_of_ours_is_refused_and_not_shown(in_sqlite, client, value):
    make_place()
    answer = send_join(client, quote=value)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "maybe" not in answer.text


@pytest.mark.parametrize(
    ("question", "reason"), [("age", "16 or over"), ("area", "live, work or study in <bdi>Abbeyford</bdi>")]
)
def test_who_is_too_young_or_from_elsewhere_reads_why_and_nothing_is_kept(
    in_sqlite, client, question, reason
):
    make_place()
    answer = send_join(client, **{question: "no"})
    assert answer.status_code == 200
    assert reason in answer.text
    assert "We have not kept anything" in answer.text
    assert count(Membership) == count(ReturnCode) == count(ResidentSession) == 0


def test_a_consultation_without_area_and_age_does_not_ask_for_them(in_sqlite, client):
    place = make_place()
    place.area = place.minimum_age = None
    page = client.get(JOIN).text
    assert 'name="area"' not in page
    assert 'name="age"' not in page
    assert send_join(client).status_code == 303


@pytest.mark.parametrize(("shared", "is_shared"), [("yes", True), ("no", False)])
def test_a_shared_computer_is_remembered_with_the_session(in_sqlite, shared, is_shared):
    make_place()
    joined(in_sqlite, shared=shared)
    assert db.session.scalars(select(ResidentSession.is_shared)).one() is is_shared


def test_a_computer_counts_as_shared_unless_somebody_says_no(in_sqlite, client):
    make_place()
    chosen = {name: value for name, value in CHOICES.items() if name != "shared"}
    assert client.post(JOIN, data=form_of(client, JOIN, **chosen)).status_code == 303
    assert db.session.scalars(select(ResidentSession.is_shared)).one() is True


@pytest.mark.parametrize(
    ("key", "found"),
    [("library", True), ("nowhere", False), ("", False), ("x\x00", False), ("' OR 1=1", False)],
)
def test_the_channel_of_the_address_is_kept_if_there_is_one(in_sqlite, client, key, found):
    place = make_place()
    channel = Channel(consultation_id=place.id, key="library", label="Library desk")
    db.session.add(channel)
    db.session.commit()
    answer = send_join(client, channel=key)
    assert answer.status_code == 303
    assert only_participant().channel_id == (channel.id if found else None)


def test_the_address_of_a_channel_goes_through_the_form(in_sqlite, client):
    make_place()
    assert 'name="channel" value="library"' in client.get(f"{JOIN}?channel=library").text
    assert "<script>" not in client.get(f"{JOIN}?channel=<script>").text.replace("<script>document", "")


def test_the_channel_of_another_consultation_is_none_of_this_one(in_sqlite, client):
    make_place()
    other = make_place("forum")
    db.session.add(Channel(consultation_id=other.id, key="elsewhere", label="Elsewhere"))
    db.session.commit()
    send_join(client, channel="elsewhere")
    assert only_participant().channel_id is None


@pytest.mark.parametrize("field", ["key", "position", "is_rehearsal", "track", "consent_version", "origin"])
def test_a_field_that_the_form_does_not_show_changes_nothing(in_sqlite, client, field):
    make_place()
    assert send_join(client, **{field: "1"}).status_code == 303
    person = only_participant()
    assert (person.key != "1", person.track, person.is_rehearsal) == (True, Track.OPEN, False)


# --- when


@pytest.mark.parametrize("moment", ["summarising", "forum", "between", "follow_up", "closed"])
def test_after_the_starting_survey_the_page_says_when_it_closed_and_the_form_is_refused(
    in_sqlite, client, moment
):
    slug = make_place(moment).slug
    page = client.get(f"/consultations/{slug}/join")
    assert page.status_code == 200
    assert "You cannot join any more" in page.text
    assert "The starting survey closed on" in page.text
    token = client.any_token()
    assert (
        client.post(f"/consultations/{slug}/join", data={"csrf_token": token, **CHOICES}).status_code == 403
    )
    assert count(Membership) == 0


def test_before_it_opens_the_page_says_when_and_the_form_is_refused(in_sqlite, client):
    place = make_place()
    with clock.frozen(place.stages[0].opens_at - timedelta(seconds=1)):
        page = client.get(JOIN)
        token = client.any_token()
        answer = client.post(JOIN, data={"csrf_token": token, "once": "x" * 30, **CHOICES})
    assert "You cannot join yet" in page.text
    assert "The starting survey opens on" in page.text
    assert answer.status_code == 403
    assert "You can join when the starting survey opens" in answer.text
    with clock.frozen(place.stages[0].opens_at):
        assert "Before you start" in client.get(JOIN).text


def test_a_draft_is_nobodys_business(in_sqlite, client):
    make_place("draft")
    assert client.get("/consultations/draft-place/join").status_code == 404


def test_a_consultation_that_closed_while_the_form_was_filled_in_lets_nobody_in(in_sqlite, client):
    place = make_place()
    form = form_of(client, JOIN, **CHOICES)
    with clock.frozen(place.stages[0].closes_at):
        assert client.post(JOIN, data=form).status_code == 403
    assert count(Membership) == 0


def test_staff_of_the_consultation_do_not_join_it(sqlite_app):
    with sqlite_app.app_context():
        place = make_place()
        officer = client_as(sqlite_app, Role.OFFICER, place)
    assert officer.get(JOIN).status_code == 403


def test_what_joins_in_a_rehearsal_is_marked(in_app):
    place = make_place("draft")
    opens = place.stages[0].opens_at
    config = in_app.config["CONSULT"]
    choices = Choices(quote=True, is_shared=True, language="en-GB")
    with rehearsing(place.id, opens - clock.now() + timedelta(minutes=1)):
        joining.join(VISITOR, place, choices=choices, session_id="s" * 40, config=config)
    assert only_participant().is_rehearsal


def test_the_deed_itself_refuses_whoever_comes_too_late(in_sqlite):
    place = make_place("forum")
    choices = Choices(quote=True, is_shared=True, language="en-GB")
    with pytest.raises(NotPermitted):
        joining.join(VISITOR, place, choices=choices, session_id="s" * 40, config=in_sqlite.config["CONSULT"])


# --- once, and many at once


def test_twenty_equal_forms_make_one_participant_and_all_lead_the_browser_in(app):
    with app.app_context():
        make_place()
    browser = PageClient(app)
    form = form_of(browser, JOIN, **CHOICES)
    cookie = browser.get_cookie("session").value

    def send() -> tuple[int, str, bool]:
        again = PageClient(app)
        again.set_cookie("session", cookie)
        answer = again.post(JOIN, data=form)
        return answer.status_code, answer.location, again.get(NAME).status_code == 200

    assert set(at_once(lambda _n: send(), [(n,) for n in range(20)])) == {(303, NAME, True)}
    with app.app_context():
        assert count(Membership) == count(ReturnCode) == count(ResidentSession) == 1


def test_the_same_form_from_another_browser_leads_to_nobodys_session(in_sqlite, client):
    make_place()
    form = form_of(client, JOIN, **CHOICES)
    assert client.post(JOIN, data=form).status_code == 303
    stranger = PageClient(in_sqlite)
    theirs = {**form, "csrf_token": stranger.any_token()}
    assert stranger.post(JOIN, data=theirs).location == NAME
    assert stranger.get(NAME).location == "/consultations/survey-place/"
    assert count(Membership) == 1


def test_the_same_form_a_minute_later_leads_to_nobodys_session(in_sqlite, client):
    make_place()
    form = form_of(client, JOIN, **CHOICES)
    cookie = client.get_cookie("session").value
    assert client.post(JOIN, data=form).status_code == 303
    late = PageClient(in_sqlite)
    late.set_cookie("session", cookie)
    with clock.frozen(clock.now() + resident_sessions.SENT_AGAIN_WITHIN + timedelta(seconds=1)):
        late.post(JOIN, data=form)
        assert late.get(NAME).status_code == 302


def test_the_same_form_after_finishing_leads_to_nobodys_session(in_sqlite, client):
    make_place()
    form = form_of(client, JOIN, **CHOICES)
    cookie = client.get_cookie("session").value
    client.post(JOIN, data=form)
    with client.session_transaction() as session:
        resident_sessions.end(session[current.RESIDENT])
    db.session.commit()
    again = PageClient(in_sqlite)
    again.set_cookie("session", cookie)
    again.post(JOIN, data=form)
    assert again.get(NAME).status_code == 302


def test_a_form_without_its_token_makes_nobody(in_sqlite, client):
    make_place()
    answer = client.post(JOIN, data={"csrf_token": client.token_from(JOIN), "once": "", **CHOICES})
    assert answer.status_code == 422
    assert count(Membership) == 0


def test_thirty_people_who_join_at_once_all_get_in_each_with_their_own_place_and_name(app):
    with app.app_context():
        make_place()
        before = count(Participant)
    browsers = [PageClient(app) for _ in range(30)]
    forms = [form_of(browser, JOIN, **CHOICES) for browser in browsers]

    def send(browser: PageClient, form: dict[str, str]) -> int:
        return browser.post(JOIN, data=form).status_code

    assert at_once(send, zip(browsers, forms, strict=True)) == [303] * 30
    with app.app_context():
        people = db.session.scalars(select(Participant).where(Participant.origin == Origin.WEB)).all()
        assert sorted(person.position for person in people) == list(range(before, before + 30))
        assert len({person.key for person in people}) == 30
        assert len(set(db.session.scalars(select(Membership.name_key)))) == 30


def test_a_thousand_sign_ups_from_one_address_are_stopped_and_thirty_are_not(in_sqlite, client):
    make_place()
    token = client.any_token()

    def send() -> int:
        # Without the rest of the form: what is counted is that it was sent.
        return client.post(JOIN, data={"csrf_token": token}).status_code

    assert {send() for _ in range(30)} == {422}
    for _ in range(public.SIGN_UPS - 30):
        db.session.add(
            FailedTry(who_hash=db.session.scalars(select(FailedTry.who_hash)).first(), at=clock.wall())
        )
    db.session.commit()
    assert send() == 429
    with clock.frozen(clock.now() + public.SIGN_UPS_WITHIN + timedelta(seconds=1)):
        assert send() == 422


# --- who is here already


def test_whoever_takes_part_already_is_asked_whether_it_is_them(in_sqlite):
    resident = make_resident(make_place())
    client = as_resident(in_sqlite, resident)
    page = client.get(JOIN)
    assert page.status_code == 200
    assert "If that is you, carry on where you were" in page.text
    answer = client.post(JOIN, data={"csrf_token": client.token_from(JOIN), "once": "x" * 30, **CHOICES})
    assert answer.location == "/consultations/survey-place/continue"
    assert count(Membership) == 1


def test_whoever_takes_part_elsewhere_joins_here_and_is_signed_out_there(in_app):
    make_place()
    other = make_resident(make_place("forum"))
    client = as_resident(in_app, other)
    assert send_join(client).status_code == 303
    with client.session_transaction() as session:
        assert session[current.RESIDENT] != other.session_id
    assert resident_sessions.find(other.session_id) is None


def test_the_session_is_a_new_one_and_its_id_is_in_no_page(in_sqlite, client):
    make_place()
    client.get(JOIN)
    planted = client.get_cookie("session").value
    send_join(client)
    assert client.get_cookie("session").value != planted
    with client.session_transaction() as session:
        session_id = session[current.RESIDENT]
    assert session_id not in client.get(NAME).text
    assert session_id not in db.session.scalars(select(ResidentSession.id_hash)).all()
