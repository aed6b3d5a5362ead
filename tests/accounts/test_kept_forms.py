"""What was typed when the time was over waits on its page, for its owner alone."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import session
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from consult import clock
from consult.accounts import codes, kept_forms
from consult.accounts.models import KeptForm
from consult.db import db
from tests.making.accounts import cookie_of, with_cookie
from tests.making.codes import enter, make_pair
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient, at_once

MORNING = datetime(2026, 11, 9, 9, tzinfo=UTC)
TOO_LATE = MORNING + timedelta(minutes=16)
PAGE = "/consultations/survey-place/survey/4"
WORDS = "the old market, with <b>stalls</b> and 🦉"


@pytest.fixture(autouse=True)
def in_the_morning():
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def place(in_app):
    return make_place("survey")


@pytest.fixture
def resident(place):
    return make_resident(place)


@pytest.fixture
def browser(app, resident) -> PageClient:
    return as_resident(app, resident)


@pytest.fixture
def config(app):
    return app.config["CONSULT"]


def cut_off(browser: PageClient, path: str = PAGE, **typed: str) -> None:
    """The form is sent after the time is over."""
    token = browser.any_token()
    with clock.frozen(TOO_LATE):
        answer = browser.post(path, data={"csrf_token": token, "once": "x" * 30, **typed})
    assert (answer.status_code, answer.location) == (303, "/return?closed=1")


def restored(browser: PageClient, path: str = PAGE) -> MultiDict[str, str]:
    """What a page in this browser would fill its form with."""
    with browser.session_transaction() as carried:
        values = dict(carried)
    with browser.application.test_request_context(path):
        session.update(values)
        found = kept_forms.restored()
    assert found is not None
    return found


def kept() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(KeptForm.path)))


def test_a_form_that_comes_too_late_waits_and_is_there_after_the_code(app, resident, browser):
    pair = make_pair(resident)
    cut_off(browser, answer=WORDS)
    with clock.frozen(TOO_LATE):
        closed = browser.get("/return?closed=1").text
        assert "We closed this to keep your answers private" in closed
        assert "Everything you sent is saved. Enter your code to carry on." in closed
        assert WORDS not in closed
        elsewhere = PageClient(app)
        assert enter(elsewhere, pair.code).location == PAGE, "the page that was cut off, on any computer"
        assert elsewhere.get(PAGE).status_code in {200, 302, 303}
        typed = restored(elsewhere)
    assert typed.getlist("answer") == [WORDS]
    assert "csrf_token" not in typed
    assert "once" not in typed


def test_what_waits_is_sealed_and_nobody_elses(app, place, resident, browser):
    cut_off(browser, answer=WORDS)
    [row] = db.session.scalars(select(KeptForm))
    assert WORDS[:10] not in row.sealed_form
    other = make_resident(place, name="Brave Otter")
    assert kept_forms.find_last(other.participant_id) is None
    pair = make_pair(other)
    with clock.frozen(TOO_LATE):
        assert enter(PageClient(app), pair.code).location == "/consultations/survey-place/continue"


def test_the_same_form_sent_twenty_times_waits_once(app, browser):
    token = browser.any_token()
    cookie = cookie_of(browser)

    def send(_n):
        return with_cookie(app, cookie).post(PAGE, data={"csrf_token": token, "answer": WORDS}).location

    with clock.frozen(TOO_LATE):
        assert set(at_once(send, [(n,) for n in range(20)])) == {"/return?closed=1"}
    assert kept() == [PAGE]


def test_the_last_words_count(app, browser, resident):
    for words in ("first", "second"):
        with clock.frozen(MORNING):
            other = as_resident(app, resident)
        cut_off(other, answer=words)
    assert kept() == [PAGE]
    with clock.frozen(TOO_LATE):
        enter(browser, make_pair(resident).code)
        assert restored(browser).getlist("answer") == ["second"]


NO_FORMS_OF_RESIDENTS = (
    "/privacy",
    "/return",
    "/staff/sign-in",
    "//evil.example/x",
    "/no-such-page",
    "/consultations/survey-place/",
    "/consultations/survey-place/forum/" + "x" * 400,
)


def test_nothing_is_kept_for_a_page_that_is_no_form_of_residents(resident, config):
    for path in NO_FORMS_OF_RESIDENTS:
        kept_forms.keep(
            resident.participant_id, resident.consultation_id, path, MultiDict({"answer": "x"}), config=config
        )
        assert kept() == [], path


def test_more_than_anybody_types_is_not_kept(resident, config):
    typed = MultiDict({"answer": "x" * 100_001})
    kept_forms.keep(resident.participant_id, resident.consultation_id, PAGE, typed, config=config)
    assert kept() == []


def test_a_form_of_a_person_without_a_session_is_not_kept(app, place):
    stranger = PageClient(app)
    answer = stranger.post(PAGE, data={"csrf_token": stranger.any_token(), "answer": WORDS})
    assert answer.status_code == 403
    assert kept() == []


def test_it_leads_back_for_a_day(browser, resident):
    cut_off(browser, answer=WORDS)
    for hours, leads in ((1, True), (23, True), (25, False)):
        with clock.frozen(TOO_LATE + timedelta(hours=hours)):
            assert (kept_forms.find_last(resident.participant_id) is not None) is leads


def test_it_does_not_lead_back_to_a_stage_that_has_closed(app, resident, browser, place):
    pair = make_pair(resident)
    cut_off(browser, answer=WORDS)
    for stage in place.stages:
        if stage.kind == "survey":
            stage.closes_at = TOO_LATE + timedelta(hours=1)
    db.session.commit()
    with clock.frozen(TOO_LATE + timedelta(minutes=30)):
        assert enter(PageClient(app), pair.code).location == PAGE
    with clock.frozen(TOO_LATE + timedelta(hours=2)):
        assert enter(PageClient(app), pair.code).location == "/consultations/survey-place/continue"


def test_hiding_the_screen_keeps_what_stands_in_the_form(app, resident, browser):
    pair = make_pair(resident)
    token = browser.any_token()
    answer = browser.post(f"/hide?here={PAGE}", data={"csrf_token": token, "answer": WORDS})
    assert answer.location == "/hidden"
    page = browser.get("/hidden").text
    assert "Quiet Heron" not in page
    assert WORDS[:10] not in page
    assert kept() == [PAGE]
    assert enter(PageClient(app), pair.code).location == PAGE


def test_a_form_that_was_hidden_too_late_is_kept_as_well(browser):
    token = browser.any_token()
    with clock.frozen(TOO_LATE):
        answer = browser.post(f"/hide?here={PAGE}&idle=1", data={"csrf_token": token, "answer": WORDS})
    assert answer.location == "/return?closed=1"
    assert kept() == [PAGE]


def test_hiding_keeps_nothing_for_an_address_that_is_no_page_of_residents(app, resident):
    for here in ("", "?here=https://evil.example/", "?here=//evil.example", "?here=/return", "?here=%5C%5Cx"):
        browser = as_resident(app, resident)
        answer = browser.post(f"/hide{here}", data={"csrf_token": browser.any_token(), "answer": WORDS})
        assert answer.location == "/hidden"
        assert kept() == [], here


def test_what_waits_goes_when_the_page_is_sent_and_when_the_person_leaves_for_good(browser, resident):
    cut_off(browser, answer=WORDS)
    kept_forms.drop(resident.participant_id, PAGE)
    db.session.commit()
    assert kept() == []
    with clock.frozen(TOO_LATE):
        other = as_resident(browser.application, resident)
        token = other.any_token()
        assert other.post(PAGE, data={"csrf_token": token, "answer": WORDS}).location == "/return?closed=1"
    codes.forget_code(resident.participant_id)
    db.session.commit()
    assert kept() == []


def test_a_part_of_a_page_that_comes_too_late_opens_the_whole_closed_page(browser):
    token = browser.any_token()
    with clock.frozen(TOO_LATE):
        answer = browser.post(
            PAGE, data={"csrf_token": token, "answer": WORDS}, headers={"HX-Request": "true"}
        )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/return?closed=1")
