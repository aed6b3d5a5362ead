"""Adding staff and setting up signing in by a link that works once."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import OPERATOR, VISITOR, Actor, Role
from consult.accounts import service
from consult.accounts.models import SetUpLink, Staff, StaffRole
from consult.db import db
from consult.errors import Conflict, Invalid, NotPermitted
from tests.conftest import SECRET
from tests.making.accounts import (
    PASSWORD,
    MadeStaff,
    is_signed_in,
    make_consultation,
    make_link,
    make_staff,
    secret_of,
    shown_secret,
    sign_in,
)
from tests.page_client import PageClient, at_once

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
EMAIL = "ana.lyst@abbeyford.example"


@pytest.fixture(autouse=True)
def at_noon():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def config(app):
    return app.config["CONSULT"]


def newcomer(path):
    made = MadeStaff(id=0, email=EMAIL, secret=secret_of(path))
    db.session.commit()
    return made


def finish(client, path, **typed):
    return client.send(path, {"password": PASSWORD, **typed})


def test_the_link_is_built_from_the_configured_address_and_is_long(in_app, config):
    link = service.add_staff(OPERATOR, EMAIL, role=Role.ADMINISTRATOR, consultation=None, config=config)
    assert link.startswith("http://127.0.0.1:8000/staff/set-up/")
    token = link.rpartition("/")[2]
    assert len(token) == 43
    assert token not in db.session.scalars(select(SetUpLink.token_hash)).one()


def test_somebody_with_a_link_chooses_a_password_connects_an_app_and_is_in(in_app, client):
    path = make_link()
    me = newcomer(path)
    assert finish(client, path, code=me.code()).location == "/analyst/"
    assert is_signed_in(client)
    sign_in(PageClient(client.application), me)


def test_the_code_of_setting_up_does_not_sign_in_as_well(in_app, app, client):
    path = make_link()
    code = newcomer(path).code()
    finish(client, path, code=code)
    other = PageClient(app)
    other.send("/staff/sign-in", {"email": EMAIL, "password": PASSWORD})
    answer = other.send("/staff/sign-in/code", {"code": code})
    assert (answer.status_code, service.WRONG_CODE in answer.text) == (422, True)


def test_the_page_behind_a_link_shows_the_same_key_each_time(in_app, client):
    path = make_link()
    first, second = (client.get(path).text for _ in range(2))
    assert shown_secret(first) == shown_secret(second) == secret_of(path)
    assert first.count('src="data:image/svg+xml') == 1
    wrong = finish(client, path, code="000000")
    assert (wrong.status_code, shown_secret(wrong.text)) == (422, shown_secret(first))


def test_the_key_is_sealed_in_the_database(in_app):
    path = make_link()
    sealed = db.session.scalars(select(SetUpLink.sealed_totp)).one()
    assert secret_of(path) not in sealed


def test_opening_a_link_uses_nothing_up(in_app, client):
    path = make_link()
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert finish(client, path, code=newcomer(path).code()).status_code == 303


def test_a_link_works_once(in_app, app, client):
    path = make_link()
    me = newcomer(path)
    other = PageClient(app)
    token = other.token_from(path)
    finish(client, path, code=me.code())
    answer = other.post(path, data={"csrf_token": token, "password": "another long pass", "code": me.code()})
    assert answer.status_code == 404
    assert "This link does not work any more" in other.get(path).text
    assert not is_signed_in(other)


def test_of_two_people_with_one_link_one_comes_in(in_app, app):
    path = make_link()
    me = newcomer(path)
    code = me.code()
    clients = [PageClient(app) for _ in range(4)]
    forms = [{"csrf_token": c.token_from(path), "password": PASSWORD, "code": code} for c in clients]
    statuses = at_once(
        lambda client, form: client.post(path, data=form).status_code, zip(clients, forms, strict=True)
    )
    assert statuses.count(303) == 1, statuses
    assert set(statuses) <= {303, 404, 409}


def test_a_link_lasts_three_days(in_app, client):
    path = make_link()
    with clock.frozen(NOON + timedelta(hours=72) - timedelta(seconds=1)):
        assert client.get(path).status_code == 200
    with clock.frozen(NOON + timedelta(hours=72)):
        assert client.get(path).status_code == 404


def test_a_wrong_used_and_old_link_read_the_same(in_app, client):
    path = make_link()
    make_link()
    with clock.frozen(NOON + timedelta(hours=80)):
        pages = {client.get(p).text for p in (path, "/staff/set-up/rubbish", "/staff/set-up/" + "x" * 300)}
    assert len(pages) == 1


def test_a_second_link_ends_the_first(in_app, client):
    first, second = make_link(), make_link()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_a_link_of_an_account_that_is_switched_off_is_dead(in_app, client):
    path = make_link()
    db.session.scalars(select(Staff)).one().disabled_at = NOON
    assert client.get(path).status_code == 404


def test_a_link_is_dead_when_the_secret_key_has_changed(in_app, client, config):
    from dataclasses import replace  # noqa: PLC0415

    path = make_link()
    client.application.config["CONSULT"] = replace(config, secret_key=SECRET[::-1])
    assert client.get(path).status_code == 404


def test_the_error_at_the_code_keeps_no_password_on_the_page(in_app, client):
    path = make_link()
    answer = finish(client, path, code="000000")
    assert service.WRONG_CODE in answer.text
    assert PASSWORD not in answer.text
    assert f'value="{EMAIL}"' in answer.text


@pytest.mark.parametrize("password", ["short", "Abbeyford Council", "ana lyst 12345", "password1234"])
def test_a_weak_password_is_refused_at_its_field_and_the_link_lives(in_app, client, password):
    path = make_link()
    me = newcomer(path)
    answer = finish(client, path, password=password, code=me.code())
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text
    assert finish(client, path, code=me.code()).status_code == 303


def test_setting_up_in_a_browser_where_a_colleague_is_signed_in_ends_their_session(in_app, app, client):
    make_consultation()
    colleague = make_staff("col.league@abbeyford.example")
    sign_in(client, colleague)
    path = make_link()
    finish(client, path, code=newcomer(path).code())
    assert EMAIL in client.get("/staff/").text
    db.session.commit()
    assert service.end_sessions(OPERATOR, colleague.email) == 1, "only the session of setting up is left"
    db.session.rollback()


def test_a_second_role_of_somebody_who_signs_in_already_needs_no_link(in_app, config):
    staff = make_staff()
    place = make_consultation("parks-2026")
    told = service.add_staff(OPERATOR, staff.email, role=Role.OFFICER, consultation=place, config=config)
    assert told == (
        f"{staff.email} can already sign in, at http://127.0.0.1:8000/staff/sign-in. No new link is needed."
    )
    assert db.session.scalar(select(func.count()).select_from(StaffRole)) == 2


def test_the_same_role_twice_is_one_role(in_app):
    make_link()
    make_link(f"  {EMAIL.upper()} ")
    assert db.session.scalar(select(func.count()).select_from(StaffRole)) == 1
    assert db.session.scalar(select(func.count()).select_from(Staff)) == 1


def test_an_administrator_is_for_the_whole_site(in_app, client):
    sign_in(client, make_staff(role=Role.ADMINISTRATOR))
    assert "<li>administrator</li>" in client.get("/staff/").text
    assert db.session.scalar(select(func.count()).select_from(StaffRole)) == 0


def test_what_cannot_be_an_address_is_refused(in_app, config):
    with pytest.raises(Invalid, match="Enter an e-mail address"):
        service.add_staff(
            OPERATOR, "ana@abbeyford", role=Role.ADMINISTRATOR, consultation=None, config=config
        )


@pytest.mark.parametrize("role", [Role.VISITOR, Role.RESIDENT, Role.OPERATOR])
def test_a_role_that_is_not_of_staff_is_refused(in_app, config, role):
    with pytest.raises(Invalid, match="not a role of staff"):
        service.add_staff(OPERATOR, EMAIL, role=role, consultation=None, config=config)


def test_role_and_consultation_must_go_together(in_app, config):
    somewhere = SimpleNamespace(id=1, slug="x")
    with pytest.raises(Invalid, match="whole site"):
        service.add_staff(OPERATOR, EMAIL, role=Role.ADMINISTRATOR, consultation=somewhere, config=config)
    with pytest.raises(Invalid, match="which consultation"):
        service.add_staff(OPERATOR, EMAIL, role=Role.ANALYST, consultation=None, config=config)


def test_of_two_who_add_one_person_at_once_both_or_one_succeed_and_there_is_one_account(app):
    def add():
        with app.app_context():
            try:
                return make_link(role=Role.ADMINISTRATOR)
            except Conflict as refusal:
                return refusal.message

    told = at_once(add, [()] * 4)
    assert any(answer.startswith("/staff/set-up/") for answer in told)
    assert all(answer.startswith(("/staff/set-up/", "Somebody else added")) for answer in told)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Staff)) == 1


def test_the_command_prints_a_link_and_refuses_in_words(app, consult):
    with app.app_context():
        make_consultation()
    added = consult("staff", "add", EMAIL, "--role", "analyst", "--consultation", "licensing-2026")
    assert (added.returncode, added.stderr) == (0, "")
    path = added.stdout.strip().removeprefix("http://127.0.0.1:8000")
    with clock.frozen(datetime.now(UTC)):  # the command has its own time
        assert PageClient(app).get(path).status_code == 200
    refused = consult("staff", "add", "nobody", "--role", "administrator")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Enter an e-mail address" in refused.stderr


def test_an_account_that_is_switched_off_gets_no_role(in_app):
    make_link()
    db.session.scalars(select(Staff)).one().disabled_at = NOON
    db.session.commit()
    with pytest.raises(Conflict, match="switched off"):
        make_link()


@pytest.mark.parametrize("actor", [VISITOR, Actor("staff/2", frozenset(), {1: frozenset({Role.OFFICER})})])
def test_only_administrators_and_the_operator_add_reset_and_end(in_app, config, actor):
    for deed in (
        lambda: service.add_staff(actor, EMAIL, role=Role.ADMINISTRATOR, consultation=None, config=config),
        lambda: service.reset_staff(actor, EMAIL, config=config),
        lambda: service.end_sessions(actor, EMAIL),
    ):
        with pytest.raises(NotPermitted):
            deed()


def test_a_reset_takes_both_factors_and_gives_a_link(in_app, client, config):
    staff = make_staff()
    link = service.reset_staff(OPERATOR, staff.email, config=config)
    db.session.commit()
    answer = client.send("/staff/sign-in", {"email": staff.email, "password": staff.password})
    assert answer.status_code == 422
    path = link.removeprefix(config.base_url)
    me = newcomer(path)
    assert me.secret != staff.secret
    assert finish(client, path, code=me.code()).status_code == 303


def test_nobody_can_be_reset_who_is_not_there(in_app, config):
    with pytest.raises(Invalid, match="no account"):
        service.reset_staff(OPERATOR, EMAIL, config=config)
    with pytest.raises(Invalid, match="no account"):
        service.end_sessions(OPERATOR, EMAIL)


def test_extra_fields_of_a_form_change_nothing(in_app, client):
    """TRUST 13: names of columns in a form that does not show them."""
    path = make_link(role=Role.MODERATOR)
    extra = {
        "email": "thief@evil.example",
        "is_administrator": "1",
        "id": "99",
        "disabled_at": "x",
        "role": "officer",
        "staff_id": "99",
        "last_totp_step": "0",
        "sealed_totp": "x",
        "password_hash": "x",
    }
    finish(client, path, code=newcomer(path).code(), **extra)
    staff = db.session.scalars(select(Staff)).one()
    assert (staff.email, staff.is_administrator, staff.disabled_at) == (EMAIL, False, None)
    assert db.session.scalars(select(StaffRole.role)).all() == [Role.MODERATOR]
