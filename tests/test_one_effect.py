"""A form has one effect, however often it is sent at the same moment.

Every form of the product is sent once in a world, and twenty times at once in the same world made anew: a
double click, a browser that tries again, a tremor. Both must leave as many rows, table by table. The trail
of the audit is told apart: it may say of a saving that it happened more often.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.access import STAFF_ROLES, Moment
from consult.db import db
from consult.tables import METADATA
from tests.making.keeping import BY_THEMSELVES, rows_of
from tests.making.sendings import SENDINGS, Typed, address_of, ready, rules_of, send
from tests.making.world import ANSWERED, NEWCOMER, OUTSIDER, VISITOR, Browser, World, made_world
from tests.page_client import at_once

Noting = Callable[[str, int], None]
AUDIT = "audit_entry"
NOT_COUNTED = BY_THEMSELVES | {"sent_form", AUDIT}
TIMES, FEW = 20, 6
STAFF = tuple(role.value for role in STAFF_ROLES)
# Starts a process of its own, which takes seconds; `tests/analysis` makes two comparisons at once.
ELSEWHERE = {"analyst.analysis.make_comparison"}
# What somebody may be told who sends the same form again: that it is done, or is done no more.
LOSERS: dict[str, set[int]] = {
    "resident.recruitment.code": {200},  # the page says that the code has been written down
    "staff.accounts.set_up": {404, 409},  # the link serves once
    "staff.accounts.code": {409, 422, 429},  # a code of the app serves once; tries are counted at once
    "staff.accounts.sign_in": {429},  # tries are counted before it is known how they end
    "resident.rights.download": {429},
    "admin.accounts.add": {409, 422},  # somebody else adds the same person at this moment
    "admin.accounts.give_role": {409},
}
# Each of these works for a good while, one after the other on SQLite, which lets nobody wait for more than
# five seconds: on a laden machine the twentieth is told to try again.
LONG = {
    "officer.desk.create": 8,
    "staff.accounts.set_up": 8,
    "staff.accounts.sign_in": 8,
    "staff.accounts.code": 8,
}


@dataclass
class Sent:
    """What came of a form: the answers, and the rows of each table."""

    statuses: Counter[int]
    rows: dict[str, int]


def count_rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        found = {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
        }
        db.session.remove()
    return found


def status_of(browser: Browser, address: str, typed: Typed) -> int:
    return send(browser, address, typed)[0].status_code


def sent(world: World, endpoint: str, times: int) -> Sent:
    """The form was sent so many times at once, the same in every field, by the same person."""
    world.restore()
    form = ready(world, endpoint)
    statuses = at_once(status_of, [form] * times) if times > 1 else [status_of(*form)]
    return Sent(Counter(statuses), count_rows(world.app))


def faults_of(world: World, endpoint: str, times: int) -> tuple[list[str], int]:
    """What was wrong when the form came so often, and how many more lines the trail has than for one."""
    times = min(times, LONG.get(endpoint, times))
    once, often = sent(world, endpoint, 1), sent(world, endpoint, times)
    expected = SENDINGS[endpoint].status
    faults = [] if set(once.statuses) == {expected} else [f"{endpoint} once: {dict(once.statuses)}"]
    unwanted = set(often.statuses) - {expected, *LOSERS.get(endpoint, set())}
    if unwanted or not often.statuses[expected]:
        faults.append(f"{endpoint} {times} times: {dict(often.statuses)}")
    faults += [
        f"{endpoint}: {often.rows[table] - once.rows[table]:+} rows of {table}"
        for table in once.rows
        if table not in NOT_COUNTED and often.rows[table] != once.rows[table]
    ]
    return faults, often.rows[AUDIT] - once.rows[AUDIT]


def tried(app: Flask, endpoints: list[str], times: int) -> tuple[list[str], dict[str, int]]:
    faults: list[str] = []
    longer = {}
    with made_world(app) as world:
        for endpoint in endpoints:
            found, more = faults_of(world, endpoint, times)
            faults += found
            longer[endpoint] = more
    return faults, longer


def test_every_form_is_tried(sqlite_app: Flask) -> None:
    assert {rule.endpoint for rule in rules_of(sqlite_app, "POST")} == set(SENDINGS)
    assert {*LOSERS, *LONG} <= set(SENDINGS)


FORMS = [endpoint for endpoint in SENDINGS if endpoint not in ELSEWHERE]
# Quick: what makes something, and what a person may do once.
MAKING = [
    "public.recruitment.join",
    "resident.surveys.survey",
    "resident.surveys.check_survey",
    "resident.forum.reply",
    "resident.incentives.choose",
    "resident.forum.edit",
    "resident.rights.new_code",
    "resident.rights.withdraw",
    "officer.desk.create",
    "officer.desk.rehearse",
    "officer.desk.publish",
    "officer.surveys.add",
    "officer.consultations.extend",
    "moderator.forum.add_seed",
    "moderator.forum.publish",
    "moderator.forum.speak",
    "admin.accounts.add",
]


def test_what_makes_something_makes_one_of_it(app: Flask, record_property: Noting) -> None:
    faults, longer = tried(app, MAKING, TIMES)
    record_property("forms that make something, sent 20 times at once (both databases)", len(MAKING))
    record_property("lines of the audit trail beyond one sending", sum(longer.values()))
    assert faults == []


def test_every_other_form_has_one_effect(sqlite_app: Flask, record_property: Noting) -> None:
    others = [endpoint for endpoint in FORMS if endpoint not in MAKING]
    faults, _longer = tried(sqlite_app, others, FEW)
    record_property("other forms sent 6 times at once (SQLite)", len(others))
    assert faults == []


@pytest.mark.slow
def test_every_form_has_one_effect_on_both_databases(app: Flask, record_property: Noting) -> None:
    faults, longer = tried(app, FORMS, TIMES)
    record_property("forms sent 20 times at once (both databases)", len(FORMS))
    record_property("lines of the audit trail beyond one sending of every form", sum(longer.values()))
    assert faults == []


def opened(world: World, moments: Iterable[Moment]) -> int:
    """How many pages were opened, each as everybody; `PageClient` judges every one by its statements."""
    people = (VISITOR, OUTSIDER, ANSWERED, NEWCOMER, *STAFF)
    count = 0
    for moment in moments:
        for rule in rules_of(world.app, "GET"):
            address = address_of(world, rule.endpoint, world.scenes[moment], ANSWERED)
            for who in people:
                world.browser(who, moment).client().get(address)
                count += 1
    return count


def nothing_came_of_opening(app: Flask, moments: Iterable[Moment]) -> int:
    with made_world(app) as world:
        before, sizes = rows_of(app), count_rows(app)
        count = opened(world, moments)
        assert rows_of(app) == before
        after = count_rows(app)
        assert {table for table in sizes if sizes[table] != after[table]} <= {"exposure"}
    return count


def test_opening_pages_has_no_effect(sqlite_app: Flask, record_property: Noting) -> None:
    count = nothing_came_of_opening(sqlite_app, [Moment.FORUM])
    record_property("pages opened as everybody, with every row compared before and after", count)
    assert count >= 400


@pytest.mark.slow
def test_opening_pages_has_no_effect_at_any_moment(sqlite_app: Flask, record_property: Noting) -> None:
    count = nothing_came_of_opening(sqlite_app, Moment)
    record_property("pages opened as everybody at every moment, with every row compared", count)


def test_a_second_effect_would_be_found(sqlite_app: Flask) -> None:
    """Each of these forms carries a token of its own, as if they had been printed one by one."""
    with made_world(sqlite_app) as world:
        browser, address, typed = ready(world, "resident.forum.reply")
        before = count_rows(sqlite_app)["post"]
        forms = [{**typed, "once": typed["once"][:-1] + sign} for sign in "abc"]
        assert at_once(status_of, [(browser, address, form) for form in forms]) == [303] * 3
        assert count_rows(sqlite_app)["post"] == before + 3
