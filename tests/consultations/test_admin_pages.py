"""Administrators: accounts, roles given and taken, sessions that end at once, the audit trail."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.access import OPERATOR, Actor, Role
from consult.accounts import administration
from consult.accounts.models import Staff, StaffRole
from consult.accounts.queries import find_staff
from consult.audit.models import AuditEntry
from consult.db import db
from consult.errors import Conflict
from tests.making.accounts import client_as, is_signed_in, make_consultation, make_staff, sign_in
from tests.page_client import PageClient, at_once

ADMIN = "administrator@abbeyford.example"


@pytest.fixture
def admin(app: Flask) -> PageClient:
    return client_as(app, Role.ADMINISTRATOR)


def post(client: PageClient, path: str, **data: str):
    return client.post(path, data={"csrf_token": client.any_token(), **data})


def test_somebody_new_gets_a_link_that_is_shown_once(app, admin):
    with app.app_context():
        make_consultation("parks-2026")
    answer = admin.send(
        "/admin/staff/new",
        {"email": "New.Officer@abbeyford.example", "role": "officer", "consultation": "parks-2026"},
    )
    assert "/staff/set-up/" in answer.text
    assert "/staff/set-up/" not in admin.get("/admin/").text
    assert "new.officer@abbeyford.example" in admin.get("/admin/").text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"email": "", "role": "analyst", "consultation": ""},
            "Enter an e-mail address, like name@example.org",
        ),
        ({"email": "not an address", "role": "officer", "consultation": ""}, "Enter an e-mail address"),
        (
            {"email": "a@b.example", "role": "analyst", "consultation": ""},
            "Say which consultation this is for.",
        ),
        (
            {"email": "a@b.example", "role": "emperor", "consultation": ""},
            "Choose from the answers in the list",
        ),
    ],
)
def test_a_wrong_entry_is_told_and_nothing_is_lost(app, admin, data, said):
    answer = admin.send("/admin/staff/new", data)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{data["email"]}"' in answer.text or not data["email"]


def test_an_officer_of_no_consultation_may_set_up_new_ones(app, admin):
    admin.send(
        "/admin/staff/new", {"email": "fresh@abbeyford.example", "role": "officer", "consultation": ""}
    )
    with app.app_context():
        assert find_staff("fresh@abbeyford.example").is_officer


@pytest.mark.parametrize("deed", ["give", "take", "reset", "sign-out", "switch"])
def test_whatever_changes_an_account_ends_its_sessions_at_once(app, admin, deed):
    with app.app_context():
        place = make_consultation("parks-2026")
        staff = make_staff("ana.lyst@abbeyford.example", Role.ANALYST, place)
    theirs = sign_in(PageClient(app), staff)
    assert is_signed_in(theirs)
    paths = {"give": "roles", "take": "roles/take"}
    data = {"role": "analyst", "consultation": "parks-2026"} if deed in paths else {}
    answer = post(admin, f"/admin/staff/{staff.id}/{paths.get(deed, deed)}", **data)
    assert answer.status_code in {200, 303}
    assert not is_signed_in(theirs)


def test_a_role_that_was_taken_is_gone_and_a_second_time_changes_nothing(app, admin):
    with app.app_context():
        staff = make_staff("ana.lyst@abbeyford.example", Role.ANALYST, make_consultation("parks-2026"))
    for _ in range(2):
        answer = post(admin, f"/admin/staff/{staff.id}/roles/take", role="analyst", consultation="parks-2026")
        assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StaffRole)) == 0


def test_nobody_changes_an_account_of_their_own(app, admin):
    with app.app_context():
        own = find_staff(ADMIN).id
    for path, data in (
        ("roles", {"role": "officer", "consultation": ""}),
        ("roles/take", {"role": "administrator"}),
        ("switch", {}),
    ):
        answer = post(admin, f"/admin/staff/{own}/{path}", **data)
        assert answer.status_code in {409, 422}, path
        assert "your own account" in answer.text
    with app.app_context():
        assert find_staff(ADMIN).is_administrator


def test_of_two_administrators_who_take_each_others_role_one_stays(app):
    with app.app_context():
        ids = [make_staff(f"{name}@abbeyford.example", Role.ADMINISTRATOR).id for name in ("one", "two")]
        db.session.commit()

    def take(me: int, other: int) -> str:
        with app.app_context():
            actor = Actor(f"staff/{me}", frozenset({Role.ADMINISTRATOR}))
            try:
                administration.take_role(actor, other, role=Role.ADMINISTRATOR, place=None)
            except Conflict:
                db.session.rollback()
                return "refused"
            db.session.commit()
            return "taken"

    assert sorted(at_once(take, [(ids[0], ids[1]), (ids[1], ids[0])])) == ["refused", "taken"]
    with app.app_context():
        left = select(func.count()).select_from(Staff).where(Staff.is_administrator)
        assert db.session.scalar(left) == 1


def test_the_last_administrator_stays_also_against_the_operator(in_app):
    staff = make_staff(ADMIN, Role.ADMINISTRATOR)
    for deed in (
        lambda: administration.take_role(OPERATOR, staff.id, role=Role.ADMINISTRATOR, place=None),
        lambda: administration.switch_off(OPERATOR, staff.id),
    ):
        with pytest.raises(Conflict, match="last administrator"):
            deed()
        db.session.rollback()


def test_an_account_that_is_off_lets_nobody_in_until_it_is_on_again(app, admin):
    with app.app_context():
        staff = make_staff("ana.lyst@abbeyford.example", Role.ANALYST, make_consultation("parks-2026"))
    post(admin, f"/admin/staff/{staff.id}/switch", to="off")
    refused = PageClient(app).send("/staff/sign-in", {"email": staff.email, "password": staff.password})
    assert refused.status_code == 422
    post(admin, f"/admin/staff/{staff.id}/switch", to="on")
    assert is_signed_in(sign_in(PageClient(app), staff))


def test_the_trail_shows_deeds_and_no_addresses(app, admin):
    admin.send(
        "/admin/staff/new", {"email": "fresh@abbeyford.example", "role": "officer", "consultation": ""}
    )
    page = admin.get("/admin/audit").text
    assert "u.role" in page
    assert "fresh@" not in page
    with app.app_context():
        for n in range(120):
            db.session.add(AuditEntry(at=find_staff(ADMIN).added_at, actor="x", action="y", subject=f"s{n}"))
        db.session.commit()
    first = admin.get("/admin/audit").text
    assert first.count("<code>y</code>") == 100
    assert "before=" in first
    assert admin.get("/admin/audit?before=99999999999999999999").status_code == 200
    assert admin.get("/admin/audit?before=rubbish").status_code == 200


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_thirty(app, admin):
    admin.get("/admin/")
    few = len(admin.statements)
    with app.app_context():
        place = make_consultation("parks-2026")
        for n in range(30):
            staff = Staff(email=f"p{n}@abbeyford.example", added_at=find_staff(ADMIN).added_at)
            db.session.add(staff)
            db.session.flush()
            db.session.add(StaffRole(staff_id=staff.id, consultation_id=place.id, role=Role.MODERATOR))
        db.session.commit()
    admin.get("/admin/")
    assert len(admin.statements) == few


def test_an_account_that_is_not_there_is_not_found(app, admin):
    for path in ("/admin/staff/999999", "/admin/staff/99999999999999999999999", "/admin/staff/٣"):
        assert admin.get(path).status_code == 404
