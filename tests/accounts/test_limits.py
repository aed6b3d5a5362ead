"""No more than so many in a while, also when they come together."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.accounts import limits
from consult.accounts.models import FailedTry
from consult.db import db
from consult.errors import TooMany
from tests.page_client import at_once

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def config(in_app):
    return in_app.config["CONSULT"]


def tried(app, config, who="192.0.2.7", kind="return", most=10) -> bool:
    """Whether one more is let through."""
    with app.app_context():
        try:
            limits.count(kind, who, most, QUARTER, config=config)
        except TooMany:
            return False
        return True


def test_so_many_are_let_through_and_no_more_until_the_time_is_over(app, config):
    with clock.frozen(NOON):
        assert [tried(app, config) for _ in range(12)] == [True] * 10 + [False] * 2
    with clock.frozen(NOON + QUARTER - timedelta(seconds=1)):
        assert not tried(app, config)
    with clock.frozen(NOON + QUARTER + timedelta(seconds=1)):
        assert tried(app, config), "a refused one does not make the wait longer"


def test_of_many_at_once_no_more_are_let_through(app, config):
    assert sum(at_once(lambda _n: tried(app, config), [(n,) for n in range(25)])) <= 10


def test_each_kind_and_each_name_is_counted_apart(app, config):
    assert all(tried(app, config) for _ in range(10))
    assert tried(app, config, who="192.0.2.8")
    assert tried(app, config, kind="join")
    assert not tried(app, config)


def test_one_that_was_right_is_taken_back(app, config):
    for _ in range(30):
        this = limits.count("return", "192.0.2.7", 10, QUARTER, config=config)
        limits.take_back(this)
        db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(FailedTry)) == 0


def test_whose_it_was_is_kept_for_a_day_and_never_as_it_was(app, config):
    with clock.frozen(NOON):
        tried(app, config)
    [first] = db.session.scalars(select(FailedTry.who_hash))
    assert "192.0.2.7" not in first
    db.session.rollback()
    with clock.frozen(NOON + timedelta(days=1, minutes=1)):
        tried(app, config, who="192.0.2.8")
    [second] = db.session.scalars(select(FailedTry.who_hash))
    assert first != second
