"""Choosing a thank-you: earned by sending, once for each survey, whatever one answered."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from consult import clock
from consult.audit.models import AuditEntry
from consult.consultations.models import Participant, Submission, Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.errors import NotPermitted
from consult.incentives.models import Contact, Due, IncentivePlan
from consult.incentives.queries import count_unchosen
from consult.incentives.service import choose, give_contact
from consult.panel.places import take_place
from consult.rights.service import withdraw
from tests.making.desk import make_ready, officer_client
from tests.making.incentives import (
    OWED,
    as_actor,
    dues,
    holder_of,
    make_due,
    make_offer,
    today,
)
from tests.making.joining import make_code
from tests.making.panels import make_panel
from tests.making.places import as_resident, make_place, make_resident
from tests.making.surveys import make_sent, signed_in_again
from tests.page_client import at_once

PATH = "/consultations/survey-place/thank-you"
NUMBER = re.compile(r'app-return-code__code"[^>]*>([^<]+)<')


def path(slug="survey-place", rest=""):
    return f"/consultations/{slug}/thank-you{rest}"


def person(app, moment="survey", *, has_sent=True, for_panel=False):
    """A resident of a new place that offers thanks, and their browser."""
    place = make_place(moment)
    make_offer(place, for_panel=for_panel)
    resident = make_resident(place)
    if has_sent:
        make_sent(resident.participant_id, place)
    return place, resident, as_resident(app, resident)


def test_a_thank_you_is_chosen_and_has_a_number_to_show(in_app):
    place, resident, client = person(in_app)
    sent = client.send(f"{PATH}/1", {"choice": "choice-1"})
    assert (sent.status_code, sent.location) == (303, PATH)
    [due] = dues()
    assert (due.wave, due.pence, due.holder) == (Wave.PRE, 500, holder_of(resident))
    assert due.owed_at == today()
    page = client.get(PATH).text
    assert NUMBER.search(page)[1] == due.reference
    assert "Voucher for shops in Abbeyford" in page
    assert "Voucher, worth £5" in page
    assert place.id == due.consultation_id


def test_another_one_can_be_chosen_under_the_same_number_until_it_is_issued(in_app):
    _place, _resident, client = person(in_app)
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    first = dues()[0].reference
    client.send(f"{PATH}/1", {"choice": "choice-2"})
    [due] = dues()
    assert (due.reference, due.pence) == (first, 750)
    db.session.execute(update(Due).values(issued_at=today()))
    db.session.commit()
    assert client.get(f"{PATH}/1").status_code == 303
    late = client.post(f"{PATH}/1", data={"csrf_token": client.any_token(), "choice": "choice-1"})
    assert late.status_code == 409
    assert "It cannot be changed any more" in late.text
    assert dues()[0].pence == 750


def test_it_can_be_given_up_until_it_is_issued(in_app):
    _place, _resident, client = person(in_app)
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    client.send(f"{PATH}/1", {"choice": "nothing"})
    assert dues() == []
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    db.session.execute(update(Due).values(issued_at=today()))
    late = client.post(f"{PATH}/1", data={"csrf_token": client.any_token(), "choice": "nothing"})
    assert late.status_code == 409
    assert len(dues()) == 1


def test_one_is_told_where_to_collect_it(in_app):
    _, _, client = person(in_app)
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    assert "at the desk of your library, or from the council" in client.get(PATH).text
    db.session.execute(update(IncentivePlan).values(collected_from="Abbeyford Hall, room 2"))
    db.session.commit()
    page = client.get(PATH).text
    assert "<bdi>Abbeyford Hall, room 2</bdi>" in page
    assert "at the desk of your library" not in page
    client.send(f"{PATH}/1", {"choice": "choice-2"})
    assert "Abbeyford Hall" not in client.get(PATH).text  # a donation is not collected


def test_whoever_has_not_sent_the_survey_has_earned_nothing(in_app):
    place, resident, client = person(in_app, has_sent=False)
    db.session.add(
        Submission(
            participant_id=resident.participant_id,
            consultation_id=place.id,
            wave=Wave.PRE,
            status="started",
        )
    )
    db.session.commit()
    assert "after you have sent this survey" in client.get(PATH).text
    assert client.get(f"{PATH}/1").location == PATH
    token = {"csrf_token": client.any_token()}
    for n in (1, 2):
        assert client.post(f"{PATH}/{n}", data={**token, "choice": "choice-1"}).status_code == 403
    asked = client.post(f"{PATH}/contact", data={**token, "contact": "anna@post.example"})
    assert asked.status_code == 403
    assert dues() == []
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0


def test_the_follow_up_has_a_thank_you_of_its_own(in_app):
    place, resident, client = person(in_app, "follow_up")
    there = path("follow-up-place")
    token = {"csrf_token": client.any_token()}
    assert client.post(f"{there}/2", data={**token, "choice": "choice-1"}).status_code == 403
    make_sent(resident.participant_id, place, Wave.POST)
    for n in (1, 2):
        assert client.send(f"{there}/{n}", {"choice": "choice-1"}).status_code == 303
    assert sorted(due.wave.value for due in dues()) == ["post", "pre"]
    # The donation is worth nothing after the follow-up, so it cannot be chosen for it.
    assert client.post(f"{there}/2", data={**token, "choice": "choice-2"}).status_code == 422


def test_only_a_place_on_the_panel_earns_it_where_it_is_for_the_panel(in_app):
    place, resident, client = person(in_app, for_panel=True)
    token = {"csrf_token": client.any_token()}
    assert "people with a place on the panel" in client.get(PATH).text
    assert client.post(f"{PATH}/1", data={**token, "choice": "choice-1"}).status_code == 403
    make_panel(place.id, size=3)
    take_place(place.id, resident.participant_id)
    db.session.commit()
    assert client.send(f"{PATH}/1", {"choice": "choice-1"}).status_code == 303


def test_what_is_offered_elsewhere_cannot_be_chosen_here(in_app):
    _place, _resident, client = person(in_app)
    other = make_place("survey", slug="other-place")
    make_offer(other)
    token = {"csrf_token": client.any_token()}
    for choice in ("choice-3", "", "choice-1\0", "x" * 5000):
        answer = client.post(f"{PATH}/1", data={**token, "choice": choice})
        assert answer.status_code == 422, choice
        assert 'href="#choice"' in answer.text
    there = client.post(path("other-place", "/1"), data={**token, "choice": "choice-1"})
    assert there.status_code == 403
    assert dues() == []


def test_while_summaries_are_written_nothing_can_be_chosen(in_app):
    _place, _resident, client = person(in_app, "summarising")
    assert "when the forum has opened" in client.get(path("summarising-place")).text
    token = {"csrf_token": client.any_token()}
    answer = client.post(path("summarising-place", "/1"), data={**token, "choice": "choice-1"})
    assert answer.status_code == 403


def test_of_twenty_windows_at_once_one_due_comes(app):
    with app.app_context():
        _place, resident, _client = person(app)

    def go(n):
        with app.app_context():
            choose(
                as_actor(resident),
                get_consultation("survey-place"),
                resident.participant_id,
                Wave.PRE,
                f"choice-{n % 2 + 1}",
                config=app.config["CONSULT"],
            )
            db.session.commit()

    at_once(go, [(n,) for n in range(20)])
    with app.app_context():
        [due] = dues()
        assert due.pence in {500, 750}


def test_choosing_and_leaving_at_once_leave_nothing_of_the_person(app):
    with app.app_context():
        _place, resident, _client = person(app)
    config = app.config["CONSULT"]

    def go(n):
        with app.app_context():
            place, me = get_consultation("survey-place"), resident.participant_id
            try:
                if n == 3:
                    withdraw(as_actor(resident), place, me, keeps_answers=True, config=config)
                elif n % 2:
                    give_contact(as_actor(resident), place, me, "anna@post.example", config=config)
                else:
                    choose(as_actor(resident), place, me, Wave.PRE, "choice-1", config=config)
                db.session.commit()
            except NotPermitted:
                db.session.rollback()

    at_once(go, [(n,) for n in range(12)])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Contact)) == 0
        assert [due for due in dues() if due.holder == holder_of(resident)] == []
        assert len(dues()) <= 1


def test_an_address_is_sealed_masked_and_deleted(in_app):
    _place, resident, client = person(in_app)
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    assert client.send(f"{PATH}/contact", {"contact": "Anna.Heron@post.example"}).status_code == 303
    [row] = db.session.scalars(select(Contact)).all()
    assert (row.holder, row.given_at) == (holder_of(resident), today())
    assert "anna" not in row.sealed_contact
    for address in (PATH, f"{PATH}/contact", "/consultations/survey-place/about-me"):
        page = client.get(address).text
        assert "heron@post" not in page.casefold()
    assert "an e-mail address that ends in .example" in client.get(PATH).text
    client.send(f"{PATH}/contact", {"contact": "07700 900123"})
    assert "a mobile number that ends in 123" in client.get(PATH).text
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 1
    answer = client.send(f"{PATH}/contact/remove", page=PATH)
    assert answer.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0
    assert len(dues()) == 1


@pytest.mark.parametrize("typed", ["anna", "", "=cmd|' /C calc'!A0", "1234", "a" * 300 + "@post.example"])
def test_an_address_that_reaches_nobody_is_refused_and_kept_in_the_form(in_sqlite, typed):
    _place, _resident, client = person(in_sqlite)
    answer = client.send(f"{PATH}/contact", {"contact": typed})
    assert answer.status_code == 422
    assert 'href="#contact"' in answer.text
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0


@pytest.mark.parametrize("answers", ["keep", "delete"])
def test_leaving_keeps_what_is_owed_by_its_number_and_nothing_that_leads_to_the_person(in_app, answers):
    _place, resident, client = person(in_app)
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    client.send(f"{PATH}/contact", {"contact": "anna@post.example"})
    [before] = dues()
    number = before.reference
    leave = f"/consultations/survey-place/about-me/withdraw?answers={answers}"
    token = client.token_from(leave)
    left = client.post(
        leave.partition("?")[0], data={"csrf_token": token, "answers": answers, "confirmed": "yes"}
    )
    assert left.location == "/withdrawn"
    [due] = dues()
    assert due.reference == number
    assert due.holder != holder_of(resident)
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0
    again = as_resident(in_app, resident)
    assert again.get(PATH).status_code == 302
    late = again.post(f"{PATH}/1", data={"csrf_token": again.any_token(), "choice": "choice-2"})
    assert late.status_code == 403
    with pytest.raises(NotPermitted):
        choose(
            as_actor(resident),
            get_consultation("survey-place"),
            resident.participant_id,
            Wave.PRE,
            "choice-1",
            config=in_app.config["CONSULT"],
        )


def test_somebody_elses_number_is_on_no_page_of_mine(in_sqlite):
    place, _resident, client = person(in_sqlite)
    other = make_resident(place, name="Brave Wren")
    make_due(place, OWED, holder=holder_of(other))
    assert OWED not in client.get(PATH).text
    assert OWED in as_resident(in_sqlite, other).get(PATH).text


def test_where_nothing_is_offered_there_is_no_such_page(in_sqlite):
    place = make_place("survey")
    resident = make_resident(place)
    make_sent(resident.participant_id, place)
    client = as_resident(in_sqlite, resident)
    assert client.get(PATH).status_code == 404
    assert "thank-you" not in client.get("/consultations/survey-place/survey/sent").text


def test_the_page_after_sending_leads_to_it(in_sqlite):
    _place, _resident, client = person(in_sqlite)
    for page in ("survey/sent", "next"):
        assert "Choose your thank-you" in client.get(f"/consultations/survey-place/{page}").text
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    assert "Your thank-you and its number" in client.get("/consultations/survey-place/survey/sent").text


def test_then_and_now_leads_to_it(in_sqlite):
    place, resident, client = person(in_sqlite, "follow_up")
    make_sent(resident.participant_id, place, Wave.POST)
    assert "Choose your thank-you" in client.get("/consultations/follow-up-place/your-views").text


def test_the_page_of_the_consultation_says_what_one_gets(in_sqlite):
    place = make_place("survey")
    place.incentive = "A cake for everybody."
    db.session.commit()
    client = as_resident(in_sqlite, make_resident(place))
    assert "A cake for everybody." in client.get("/consultations/survey-place/").text
    make_offer(place, for_panel=True)
    page = client.get("/consultations/survey-place/").text
    assert "A cake for everybody." not in page
    assert "Donation to Abbeyford Food Bank" in page
    assert "Donation, worth £7.50" in page
    assert "people with a place on the panel" in page


def test_the_copy_of_what_is_held_has_it_and_the_page_tells_that_an_address_is_known(in_sqlite):
    _place, resident, client = person(in_sqlite)
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    client.send(f"{PATH}/contact", {"contact": "anna@post.example"})
    about = client.get("/consultations/survey-place/about-me").text
    assert "an e-mail address that ends in .example" in about
    code = make_code(resident, config=in_sqlite.config["CONSULT"])
    copy = client.send(
        "/consultations/survey-place/about-me/download", {"code": code, "kind": "text"}
    ).data.decode()
    assert dues()[0].reference in copy
    assert "anna@post.example" in copy
    assert "Worth in pounds: 5.00" in copy


def test_the_trail_names_nobody_who_chose(in_app):
    _place, resident, client = person(in_app)
    client.send(f"{PATH}/1", {"choice": "choice-1"})
    client.send(f"{PATH}/contact", {"contact": "anna@post.example"})
    client.send(f"{PATH}/contact/remove", page=PATH)
    mine = f"participant/{resident.participant_id}"
    assert db.session.scalar(select(func.count()).where(AuditEntry.actor == mine)) == 0


def test_nothing_of_a_rehearsal_is_owed_after_publishing(in_sqlite):
    client = officer_client(in_sqlite)
    place = make_ready()
    make_offer(place)
    make_due(place, OWED)
    answer = client.send("/officer/late-hours/publish", {"version": str(place.version), "title": place.title})
    assert answer.status_code == 303, answer.text
    assert dues() == []


def test_people_of_a_rehearsal_are_not_counted(in_sqlite):
    place, resident, _client = person(in_sqlite)
    assert count_unchosen(place) == {Wave.PRE: 1}
    db.session.execute(
        update(Participant).where(Participant.id == resident.participant_id).values(is_rehearsal=True)
    )
    assert count_unchosen(place) == {}


def test_what_was_typed_when_the_session_ended_waits_on_its_page(in_sqlite):
    place, resident, client = person(in_sqlite)
    token = client.token_from(f"{PATH}/contact")
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        data = {"csrf_token": token, "contact": "anna@post.example"}
        assert client.post(f"{PATH}/contact", data=data).location == "/return?closed=1"
    back = as_resident(in_sqlite, signed_in_again(place, resident))
    assert "anna@post.example" in back.get(f"{PATH}/contact").text
