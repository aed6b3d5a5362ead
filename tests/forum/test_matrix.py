"""Every deed of the forum by every role at every moment, by real requests, against the permission matrix."""

import csv
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from consult import clock
from consult.access import Moment, Role
from consult.accounts.models import StaffRole
from consult.consultations.models import Consultation, State
from consult.consultations.queries import standing_of
from consult.db import db
from consult.web.once import new_token
from tests.making.accounts import make_consultation, make_staff, sign_in
from tests.making.forum import make_post, make_thread
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient

DEEDS = (
    *("sum.draft", "sum.view_draft", "sum.view", "sum.publish", "f.read"),
    *("f.post", "f.post_official", "f.edit_own", "f.delete_own"),
)
PLACES = {
    "D": "draft",
    "1": "survey",
    "A": "summarising",
    "2": "forum",
    "B": "between",
    "3": "follow_up",
    "C": "closed",
    "P": "closed",
    "X": "closed",
}
STAFF = {role.value: role for role in (Role.MODERATOR, Role.OFFICER, Role.ANALYST, Role.ASSISTANT)}
READS = frozenset({"sum.view_draft", "sum.view", "f.read"})

# Where the page differs from the matrix, and why.
TOLD_APART = "reading the forum and reading its summaries is one page; what visitors read, residents read too"
ALLOWED_BESIDES = {("sum.view", "resident", "X"): TOLD_APART}


@dataclass
class World:
    """A consultation at each moment, and each person's browser; in each the resident has a post."""

    slugs: dict[str, str]
    browsers: dict[str, PageClient]
    residents: dict[str, PageClient]

    def browser(self, role: str, stage: str) -> PageClient:
        return self.residents[stage] if role == "resident" else self.browsers[role]


@pytest.fixture
def world(sqlite_app: Flask) -> World:
    with sqlite_app.app_context():
        places: dict[str, Consultation] = {}
        for stage, moment in PLACES.items():
            place = make_place(moment, slug=f"at-{stage.lower()}")
            if stage == "P":
                place.results_published_at = clock.now()
            if stage == "X":
                place.state = State.ARCHIVED
            db.session.commit()
            assert standing_of(place).moment is Moment(stage)
            places[stage] = place
        residents = {}
        for stage, place in places.items():
            made = make_resident(place)
            thread = make_thread(place, "own")
            # From later on, so that the quarter of an hour to change it is never over.
            make_post(thread, "my-post", "What I said.", by=made.participant_id, ago=-timedelta(hours=1))
            residents[stage] = as_resident(sqlite_app, made)
        people = {"administrator": make_staff("a@abbeyford.example", Role.ADMINISTRATOR)}
        elsewhere = make_consultation("elsewhere")
        for name, role in STAFF.items():
            people[name] = make_staff(f"{name}@abbeyford.example", role, elsewhere)
            for place in places.values():
                db.session.add(StaffRole(staff_id=people[name].id, consultation_id=place.id, role=role))
        slugs = {stage: place.slug for stage, place in places.items()}
        db.session.commit()
    browsers = {name: sign_in(PageClient(sqlite_app), person) for name, person in people.items()}
    return World(slugs, {**browsers, "anonymous": PageClient(sqlite_app)}, residents)


def request_of(deed: str, slug: str) -> tuple[str, dict[str, str]]:
    """The address and the form of each deed."""
    forum, staff = f"/consultations/{slug}/forum", f"/moderator/{slug}"
    return {
        "sum.draft": (f"{staff}/seeds/new", {"title": "Hours", "body": "Some. Others.", "item": ""}),
        "sum.view_draft": (f"{staff}/seeds", {}),
        "sum.view": (f"{forum}/own", {}),
        "sum.publish": (f"{staff}/seeds/publish", {}),
        "f.read": (f"{forum}/", {}),
        "f.post": (f"{forum}/own/reply", {"text": "I see it otherwise."}),
        "f.post_official": (f"{staff}/speak?thread=own", {"text": "Tell us more."}),
        "f.edit_own": (f"{forum}/posts/my-post/edit", {"text": "Better said.", "version": "1"}),
        "f.delete_own": (f"{forum}/posts/my-post/withdraw", {}),
    }[deed]


def answer_to(world: World, deed: str, role: str, stage: str) -> int:
    client = world.browser(role, stage)
    path, data = request_of(deed, world.slugs[stage])
    if deed in READS:
        return client.get(path).status_code
    data = {"csrf_token": client.any_token(), "once": new_token(), "version": "0", **data}
    return client.post(path, data=data).status_code


def is_expected(status: int, row: dict[str, str]) -> bool:
    deed, role, stage = row["action_id"], row["role"], row["stage"]
    if (deed, role, stage) in ALLOWED_BESIDES or row["expect"] == "allow":
        return status in {200, 303}
    # A door says no before anything is known of the place: staff's to those without a role (302, 403),
    # residents' of a draft to everybody (404).
    return str(status) in row["deny_with"].split("|") or status in {302, 403, 404}


def test_every_deed_of_the_forum_is_allowed_to_whom_the_matrix_says_and_when(world, shared, record_property):
    path = shared / "trust" / "permission_matrix.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["action_id"] in DEEDS]
    assert len(rows) == len(DEEDS) * 7 * 9
    # What ends something comes last: what is taken back cannot be changed, and publishing opens the forum.
    last = {"f.delete_own": 1, "sum.publish": 2}
    wrong = []
    for row in sorted(rows, key=lambda row: last.get(row["action_id"], 0)):
        status = answer_to(world, row["action_id"], row["role"], row["stage"])
        if not is_expected(status, row):
            wrong.append(f"{row['action_id']} {row['role']} {row['stage']}: {status}, {row['expect']}")
    record_property("requests of the forum against the permission matrix", len(rows))
    assert wrong == []


def test_a_cell_that_is_wrong_would_be_found():
    row = {"action_id": "f.post", "role": "resident", "stage": "2", "expect": "allow", "deny_with": ""}
    assert is_expected(303, row)
    assert not is_expected(403, row)
    assert not is_expected(303, {**row, "expect": "deny", "deny_with": "403"})
