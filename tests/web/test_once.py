"""A form that makes something has one effect, however often and however much at once it is sent."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult import clock
from consult.audit.models import AuditEntry
from consult.db import db
from consult.errors import Invalid
from consult.web import once
from tests.page_client import at_once


def make(app: Flask, token: str, number: int) -> str:
    """What a route does: claim the form, make something, say where it led."""
    with app.app_context():
        led_to = once.claim(token)
        if led_to is None:
            db.session.add(AuditEntry(at=clock.now(), actor="test", action="made", subject=str(number)))
            led_to = f"/made/{number}"
            once.settle(token, led_to)
        db.session.commit()
        return led_to


def made() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "made"))


def test_twenty_at_once_have_one_effect_and_are_led_to_the_same_place(app):
    token = once.new_token()
    led = at_once(make, [(app, token, number) for number in range(20)])
    assert len(set(led)) == 1
    with app.app_context():
        assert made() == 1


def test_another_form_has_an_effect_of_its_own(app):
    assert make(app, once.new_token(), 1) != make(app, once.new_token(), 2)
    with app.app_context():
        assert made() == 2


def test_what_was_undone_can_be_sent_again(in_app):
    token = once.new_token()
    assert once.claim(token) is None
    db.session.rollback()
    assert once.claim(token) is None


@pytest.mark.parametrize("form", [{}, {"once": ""}, {"once": "short"}, {"once": "x" * 65}])
def test_a_form_without_a_token_is_not_one_of_ours(form):
    with pytest.raises(Invalid):
        once.token_of(form)


def test_tokens_differ_and_are_kept_as_hashes_only(in_app):
    token = once.new_token()
    assert token != once.new_token()
    once.claim(token, "/there")
    db.session.flush()
    assert once.token_of({"once": token}) == token
    stored = db.session.scalar(select(once.SentForm.token_hash))
    assert stored != token
