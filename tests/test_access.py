"""Who may do what: every route by every role, and the table of the code against the permission matrix."""

import csv
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask, url_for

from consult.access import CONSULTATION_ROLES, OPERATOR, TABLE, Action, Actor, Moment, Role, allows, require
from consult.access import VISITOR as NOBODY
from consult.accounts.models import StaffRole
from consult.analysis.service import freeze_if_closed
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound, NotPermitted
from consult.web.audiences import Audience
from consult.web.once import new_token
from tests import access_rows
from tests.access_table import EVERYBODY, RESIDENT, RESIDENT_ELSEWHERE, Row, Scene, everybody, only
from tests.making.accounts import MadeStaff, make_consultation, make_staff, sign_in
from tests.making.bundles import make_bundle
from tests.making.incentives import make_offer
from tests.making.panels import ask, make_wanted
from tests.making.places import as_resident, make_place, make_resident
from tests.making.publicity import make_channel
from tests.page_client import PageClient

EXPECTED = access_rows.gathered()

# What the matrix allows and the product does not yet offer. Nothing may be the other way round.
NOT_YET: dict[Action, str] = {
    Action.READ_RESULTS: "results are shown to officers and analysts; there is no public page of them yet",
}
# The requests of the two long tests in three parts of the same size. Quick: the first; in full: all three.
PARTS = 3
IN_PARTS = pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, PARTS))]
)
# Leaving works although the token of the page has died; these have tests of their own.
WITHOUT_TOKEN = {
    "public.forum.stop_mail",
    "staff.accounts.sign_out",
    "public.returning.finish",
    "public.returning.hide",
}
# What the matrix has no word for, because it happens on the machine and not on a page.
NOT_IN_MATRIX: dict[Action, str] = {
    Action.FREEZE_RESULTS: "part of reading results: the comparison is made when it is first needed",
    Action.CHANGE_CONSENT: "part of what one agreed to on joining, which one may change",
    Action.RATE_SUMMARY: "a holder of a view says if it is told fairly: METHOD 3.1, point 6",
    Action.REPLACE_CODE: "part of having a code",
    Action.SET_UP_FORUM: "part of setting up: which posts are read first may change while people talk",
    Action.WRITE_TO_MODERATORS: "a message to moderators is no row of the matrix: as with an appeal",
    Action.FACILITATE: "part of posting as the council: what stands first in a topic, and how it ends",
    Action.ANSWER: "part of posting as the council: an answer that was promised is owed after the forum too",
    Action.OVERSEE: "the officer's own desk: counts and tasks",
    Action.VIEW_CHANNELS: "publicity is no row of the matrix: counts for officers, as with quotas",
    Action.EDIT_CHANNELS: "publicity is no row of the matrix: a channel may be added while people can come",
    Action.EDIT_INCENTIVES: "part of setting up: what people are offered is fixed with the rest",
    Action.FREEZE_WEIGHTS: "part of reading results: weights belong to the comparison",
    Action.LOAD_BUNDLE: "a deed of the operator on the command line",
    Action.DUMP_BUNDLE: "a deed of the operator on the command line",
    Action.WRITE_RECORD: "a deed of the operator on the command line",
}


def methods_of(app: Flask) -> dict[str, set[str]]:
    methods: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods.setdefault(rule.endpoint, set()).update(rule.methods - {"HEAD", "OPTIONS"})
    return methods


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    found = app.blueprints.get(endpoint.partition(".")[0])
    return found if isinstance(found, Audience) else None


def test_every_route_stands_behind_the_door_of_an_audience(sqlite_app):
    outside = [endpoint for endpoint in methods_of(sqlite_app) if audience_of(sqlite_app, endpoint) is None]
    assert outside == []


@pytest.mark.new_application
def test_a_route_outside_every_audience_would_be_found(sqlite_app):
    sqlite_app.add_url_rule("/back-door", "back_door", lambda: "in")
    assert audience_of(sqlite_app, "back_door") is None


def test_every_route_and_method_has_its_expectations_and_nothing_else_has(sqlite_app):
    real = {(endpoint, method) for endpoint, methods in methods_of(sqlite_app).items() for method in methods}
    expected = {(endpoint, method) for endpoint, row in EXPECTED.items() for method in row.expected()}
    assert real - expected == set(), "these need a row in tests/access_table.py"
    assert expected - real == set(), "these are not routes"


def test_every_expectation_is_about_everybody():
    for endpoint, row in EXPECTED.items():
        for method, statuses in row.expected().items():
            assert set(statuses) == set(EVERYBODY), f"{method} {endpoint}"


def compared_consultation() -> Consultation:
    """A closed consultation with answers and its comparison: every page has something to hide."""
    with TemporaryDirectory() as folder:
        loaded = load_bundle(OPERATOR, make_bundle(Path(folder, "in"), slug="licensing-2026"))
    freeze_if_closed(OPERATOR, loaded.consultation)
    db.session.commit()
    return loaded.consultation


def places() -> dict[str, Consultation]:
    """A consultation at each moment that a row may be about."""
    open_ones = ("draft", "survey", "summarising", "forum", "follow_up")
    found = {"closed": compared_consultation(), **{moment: make_place(moment) for moment in open_ones}}
    for place in found.values():
        make_offer(place)
        make_channel(place)
        make_wanted(place)
    ask(found["draft"], "sex", "Female", "Male")  # so that two questions can be crossed
    return found


def people(known: dict[str, Consultation]) -> Iterator[tuple[str, MadeStaff | None]]:
    """One member of staff of each kind and a visitor, made by the real services."""
    elsewhere = make_consultation("parks-2026")
    yield "visitor", None
    yield "administrator", make_staff("admin@abbeyford.example", Role.ADMINISTRATOR)
    for role in CONSULTATION_ROLES:
        made = make_staff(f"{role.value}@abbeyford.example", role, known["closed"])
        for place in known.values():
            if place is not known["closed"]:
                db.session.add(StaffRole(staff_id=made.id, consultation_id=place.id, role=role))
        db.session.commit()
        yield role.value, made
        yield f"{role.value} elsewhere", make_staff(f"{role.value}.parks@abbeyford.example", role, elsewhere)


def browser(app: Flask, person: MadeStaff | None) -> PageClient:
    client = PageClient(app)
    return sign_in(client, person) if person else client


@dataclass
class World:
    """The scenes by moment, and the browser of each kind of person in each."""

    scenes: dict[str, Scene]
    browsers: dict[str, PageClient]
    residents: dict[str, PageClient]
    tokens: dict[PageClient, str] = field(default_factory=dict)

    def token(self, client: PageClient) -> str:
        """The token of this browser's forms, which it is asked for once: it lives as long as the session."""
        if client not in self.tokens:
            self.tokens[client] = client.any_token()
        return self.tokens[client]

    def browser(self, who: str, place: str) -> PageClient:
        if who == RESIDENT:
            return self.residents[place]
        return self.browsers[who]


def made_world(app: Flask) -> World:
    with app.app_context():
        known = places()
        browsers = {who: browser(app, person) for who, person in people(known)}
        scenes, residents = {}, {}
        for moment, place in known.items():
            resident = make_resident(place)
            thread = "t1" if moment in {"forum", "follow_up"} else ""
            scenes[moment] = Scene(place.slug, resident.participant_id, thread)
            residents[moment] = as_resident(app, resident)
        other = make_place("survey", slug="bins-2026")
        browsers[RESIDENT_ELSEWHERE] = as_resident(app, make_resident(other))
    assert {*browsers, RESIDENT} == set(EVERYBODY)
    return World(scenes, browsers, residents)


def is_in(part: int | None, *request: str) -> bool:
    """Whether this request belongs to that part, always to the same one; to no part in particular: all do."""
    return part is None or zlib.crc32(" ".join(request).encode()) % PARTS == part


def wrong_answers(app: Flask, table: dict[str, Row], part: int | None = None) -> tuple[list[str], int]:
    """Every answer that is not the expected one, and how many requests were made."""
    world = made_world(app)
    wrong, tried = [], 0
    # What ends a session comes last: it takes the browser away from the rows after it.
    for endpoint, row in sorted(table.items(), key=lambda entry: entry[1].ends_session):
        with app.test_request_context():
            address = url_for(endpoint, **row.values(world.scenes[row.place]))
        for method, statuses in row.expected().items():
            for who, status in statuses.items():
                if not is_in(part, method, endpoint, who):
                    continue
                client = world.browser(who, row.place)
                if row.ends_session:
                    world.tokens.clear()
                data = (
                    {"csrf_token": world.token(client), "once": new_token(), **row.data}
                    if method == "POST"
                    else None
                )
                answer = client.open(address, method=method, data=data)
                tried += 1
                if answer.status_code != status:
                    wrong.append(f"{method} {address} as {who}: {answer.status_code}, not {status}")
    return wrong, tried


@IN_PARTS
def test_every_route_answers_every_role_as_the_table_says(app, part, record_property):
    real = methods_of(app)
    table = {endpoint: row for endpoint, row in EXPECTED.items() if endpoint in real}
    wrong, tried = wrong_answers(app, table, part)
    record_property(f"requests of {len(table)} routes x {len(EVERYBODY)} kinds of people", tried)
    assert wrong == []


def test_a_wrong_expectation_would_be_found(sqlite_app):
    row = Row(get=everybody(200, moderator=404))
    wrong, _tried = wrong_answers(sqlite_app, {"staff.accounts.signed_out": row})
    assert wrong == ["GET /staff/signed-out as moderator: 200, not 404"]


def test_only_says_what_each_kind_of_person_gets():
    statuses = only("analyst")
    assert (statuses["analyst"], statuses["analyst elsewhere"]) == (200, 404)
    assert (statuses["officer"], statuses["officer elsewhere"], statuses["visitor"]) == (403, 403, 302)


def test_the_parts_together_are_every_request():
    requests = [
        (method, endpoint, who)
        for endpoint, row in EXPECTED.items()
        for method in row.expected()
        for who in EVERYBODY
    ]
    sizes = [sum(is_in(part, *request) for request in requests) for part in range(PARTS)]
    assert sum(sizes) == len(requests)
    assert min(sizes) > 0.9 * len(requests) / PARTS


@IN_PARTS
def test_a_form_of_ours_without_its_token_is_refused_on_every_route_but_signing_out(
    sqlite_app, part, record_property
):
    world = made_world(sqlite_app)
    accepted, tried = [], 0
    for endpoint, row in EXPECTED.items():
        if row.post is None or endpoint in WITHOUT_TOKEN:
            continue
        with sqlite_app.test_request_context():
            address = url_for(endpoint, **row.values(world.scenes[row.place]))
        for who in EVERYBODY:
            client = world.browser(who, row.place)
            for token in ({}, {"csrf_token": "rubbish"}):
                if not is_in(part, endpoint, who, *token):
                    continue
                tried += 1
                answer = client.post(address, data={**row.data, **token})
                if answer.status_code != 400:
                    accepted.append(f"{who} {address} {answer.status_code}")
    record_property("forms sent without their token, or with another", tried)
    assert tried >= 400
    assert accepted == []


class Place:
    """A consultation as the table sees it."""

    def __init__(self, moment: Moment) -> None:
        self.id, self.moment = 1, moment


def as_role(role: Role) -> Actor:
    """Somebody with this role towards the place, as the matrix means it."""
    site = role in {Role.VISITOR, Role.ADMINISTRATOR, Role.OPERATOR}
    return Actor(
        role.value, frozenset({role}) if site else frozenset(), {} if site else {1: frozenset({role})}
    )


def matrix(shared: Path) -> dict[tuple[str, Role, Moment], bool]:
    path = shared / "trust" / "permission_matrix.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (
                row["action_id"],
                Role.VISITOR if row["role"] == "anonymous" else Role(row["role"]),
                Moment(row["stage"]),
            ): row["expect"] == "allow"
            for row in csv.DictReader(lines)
        }


def test_the_table_allows_what_the_permission_matrix_allows(shared, record_property):
    cells = matrix(shared)
    in_matrix = {action for action, _role, _moment in cells}
    unknown = {action for action in Action if action.value not in in_matrix}
    assert unknown == set(NOT_IN_MATRIX), "each action is in the matrix or has a reason why not"
    compared, later, wrong = 0, 0, []
    for (action_id, role, moment), is_allowed in cells.items():
        if action_id not in set(Action):
            continue
        compared += 1
        ours = allows(as_role(role), Action(action_id), Place(moment))
        if ours == is_allowed:
            continue
        if is_allowed and Action(action_id) in NOT_YET:
            later += 1
            continue
        wrong.append(f"{action_id} {role.value} {moment.name}: {ours}, in the matrix {is_allowed}")
    record_property(f"cells of {len(cells):,} of the permission matrix compared", compared)
    record_property("cells of the permission matrix that are allowed and not offered yet", later)
    assert wrong == []
    assert compared >= 63


def test_only_the_operator_does_what_the_matrix_has_no_word_for_but_what_is_named():
    for action in NOT_IN_MATRIX:
        if action.value.startswith("op."):
            assert set(TABLE[action]) == {Role.OPERATOR}
    assert set(TABLE[Action.CHANGE_CONSENT]) == set(TABLE[Action.REPLACE_CODE]) == {Role.RESIDENT}
    assert set(TABLE[Action.OVERSEE]) == {Role.OFFICER}
    assert TABLE[Action.FREEZE_RESULTS] == TABLE[Action.READ_RESULTS]


@pytest.mark.parametrize(
    ("role", "moment", "refusal"),
    [
        (Role.ANALYST, Moment.CLOSED, None),
        (Role.ANALYST, Moment.FORUM, NotPermitted),
        (Role.MODERATOR, Moment.CLOSED, NotPermitted),
        (Role.VISITOR, Moment.CLOSED, NotPermitted),
        (Role.VISITOR, Moment.DRAFT, NotFound),
        (Role.ADMINISTRATOR, Moment.CLOSED, NotPermitted),
    ],
)
def test_a_refusal_says_no_more_than_the_person_may_know(role, moment, refusal):
    if refusal is None:
        require(as_role(role), Action.EXPORT_ROWS, Place(moment))
        return
    with pytest.raises(refusal):
        require(as_role(role), Action.EXPORT_ROWS, Place(moment))


def test_a_role_elsewhere_is_no_role_here():
    elsewhere = Actor("staff/1", frozenset(), {2: frozenset({Role.ANALYST})})
    with pytest.raises(NotFound):
        require(elsewhere, Action.READ_RESULTS, Place(Moment.CLOSED))
    assert not allows(NOBODY, Action.READ_RESULTS, Place(Moment.CLOSED))


def test_the_roles_of_one_page_are_asked_in_one_query(app):
    with app.app_context():
        staff = make_staff()
        for number in range(20):
            place = make_consultation(f"place-{number}")
            db.session.add(StaffRole(staff_id=staff.id, consultation_id=place.id, role=Role.MODERATOR))
        client = sign_in(PageClient(app), staff)
    client.get("/staff/")
    assert sum("staff_role" in statement for statement in client.statements) == 1
