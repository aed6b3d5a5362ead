"""A form changes what it shows and nothing else, whatever else is sent with it.

Every form is sent as it should be; then once more in the same world, with a field for every column of every
table that the form does not show. Both must leave the same rows.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Boolean, Column, Date, Enum, Integer, literal, select

from consult.access import Moment
from consult.consultations.models import Consultation
from consult.db import Instant, db
from consult.tables import METADATA
from tests.making.sendings import SENDINGS, ready, rules_of, send
from tests.making.world import ANSWERED, World, made_world

SMUGGLED, NUMBER = "smuggled-in", 7731
FIELD = re.compile(r'<(?:input|textarea|select)[^>]*\sname="([^"]+)"')
MOST = 150  # fields in one sending: a form may have two hundred
# What a row is known by, and what chance or the time of the room decides.
BY_CHANCE = re.compile(
    r"^id$|_id$|hash|sealed|^key$|token|^location$|_at$|seed$|^reference$|display_name|name_key|^detail$"
)
DIGEST = re.compile(r"\b[0-9a-f]{32,}\b")  # and salts: inside of what is kept as one text
# Starts a process of its own and reads no field.
READS_NOTHING = {"analyst.analysis.make_comparison"}


def odd_values() -> dict[str, str]:
    """A value for every name of a column: one that the column could take and that nobody would choose."""
    return {column.name: _odd(column) for table in METADATA.sorted_tables for column in table.columns}


def _odd(column: Column[Any]) -> str:
    kind = column.type
    if isinstance(kind, Boolean):
        return "1"
    if isinstance(kind, Integer):
        return str(NUMBER)
    if isinstance(kind, Enum):
        return str(kind.enums[-1])
    if isinstance(kind, Instant):
        return "2031-07-07T07:31:00"
    return "2031-07-07" if isinstance(kind, Date) else SMUGGLED


def shown_by(world: World, endpoint: str) -> set[str]:
    """The names of the fields that the page of a form shows, if it has one of its own."""
    world.restore()
    browser, address, typed = ready(world, endpoint)
    rule = next(world.app.url_map.iter_rules(endpoint))
    page = browser.client().get(address).text if "GET" in (rule.methods or ()) else ""
    return {"csrf_token", *FIELD.findall(page), *typed}


def chunks(fields: dict[str, str]) -> Iterator[dict[str, str]]:
    names = sorted(fields)
    for start in range(0, len(names), MOST):
        yield {name: fields[name] for name in names[start : start + MOST]}


def rows(app: Flask) -> dict[str, list[str]]:
    """Every row without what chance decides; and every row that holds a value that was smuggled in."""
    found: dict[str, list[str]] = {}
    with app.app_context():
        for table in METADATA.sorted_tables:
            kept = [column for column in table.columns if not BY_CHANCE.search(column.name)]
            told = map(repr, db.session.execute(select(literal(1), *kept)).all())
            found[table.name] = sorted(DIGEST.sub("", row) for row in told)
            found[f"{table.name}, smuggled in"] = sorted(
                repr(row) for row in db.session.execute(select(table)).all() if is_smuggled(row)
            )
        db.session.remove()
    return found


def is_smuggled(row: Any) -> bool:
    values = [value.value if isinstance(value, StrEnum) else value for value in row]
    years = [value.year for value in values if isinstance(value, datetime)]
    return NUMBER in values or 2031 in years or any(SMUGGLED in str(value) for value in values)


def left_by(world: World, endpoint: str, more: dict[str, str]) -> tuple[int, dict[str, list[str]]]:
    world.restore()
    browser, address, typed = ready(world, endpoint)
    answer, _client = send(browser, address, {**more, **typed})
    return answer.status_code, rows(world.app)


def differences(world: World, endpoint: str) -> tuple[list[str], int]:
    """The tables that are not as they were left without further fields, and how many fields there were."""
    plain_status, plain = left_by(world, endpoint, {})
    shown = shown_by(world, endpoint)
    smuggled = {name: value for name, value in odd_values().items() if name not in shown}
    found = []
    for more in chunks(smuggled):
        status, left = left_by(world, endpoint, more)
        if status != plain_status:
            found.append(f"{endpoint}: {status}, and {plain_status} without further fields")
        found += [f"{endpoint}: {table}" for table in plain if plain[table] != left[table]]
    return found, len(smuggled)


def test_no_form_takes_a_field_that_it_does_not_show(
    sqlite_app: Flask, record_property: Callable[[str, int], None]
) -> None:
    wrong, sent = [], 0
    forms = [rule.endpoint for rule in rules_of(sqlite_app, "POST") if rule.endpoint not in READS_NOTHING]
    with made_world(sqlite_app) as world:
        for endpoint in forms:
            found, count = differences(world, endpoint)
            wrong += found
            sent += count
    record_property("forms sent with a field for every column", len(forms))
    record_property("fields smuggled into forms", sent)
    assert wrong == []
    assert sent > 100 * len(forms)


def test_a_field_that_is_taken_would_be_found(sqlite_app: Flask) -> None:
    """The form of texts takes the area: sent without showing it, that is a difference."""
    about = "officer.consultations.about"
    with made_world(sqlite_app) as world:
        _status, plain = left_by(world, about, {})
        world.restore()
        browser, address, typed = ready(world, about)
        send(browser, address, {**typed, "incentive": SMUGGLED})
        left = rows(sqlite_app)
        with sqlite_app.app_context():
            place = db.session.get_one(Consultation, world.scenes[Moment.DRAFT].id)
            assert place.incentive == SMUGGLED
    assert {table for table in plain if plain[table] != left[table]} == {
        "consultation",
        "consultation, smuggled in",
    }


def test_what_is_smuggled_in_is_as_odd_as_each_column_allows() -> None:
    values = odd_values()
    assert {values["participant_id"], values["is_rehearsal"], values["state"]} >= {str(NUMBER), "1"}
    assert values["display_name"] == SMUGGLED
    assert len(values) > 100
    assert SENDINGS["resident.forum.reply"].who == ANSWERED


@pytest.mark.parametrize("name", ["participant_id", "consultation_id", "key", "state", "kind", "created_at"])
def test_the_columns_of_a_post_are_among_them(name: str) -> None:
    assert name in odd_values()
