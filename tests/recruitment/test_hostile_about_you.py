"""Whatever is sent as an answer about oneself: kept or refused as the list says, and nothing of it shown."""

import html
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from consult import clock
from consult.consultations.models import Membership
from consult.db import Base, db
from consult.recruitment.models import Demographic, ParticipantDemographic
from consult.recruitment.rules import PREFER_NOT
from tests.conftest import SHARED
from tests.making.about_you import make_asked, said_by
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.page_client import PageClient

LIST = SHARED / "trust" / "hostile_inputs.jsonl"
KIND = "demographic_form"
OK, ERR = "OK", "ERR"
SLOW = 5  # seconds, on a machine with other work
CHOSEN_FROM_OURS = "age_band_18"  # the list's question about age has a band from 18
# Ours, of the same kind, so that something is tried where the shared list is missing.
OURS: tuple[dict[str, Any], ...] = (
    {"id": "nothing", "input": {"sex": ""}, "expect": OK},
    {"id": "not to say", "input": {"sex": PREFER_NOT}, "expect": OK},
    {"id": "spaces around", "input": {"sex": "\u2003female\n"}, "expect": OK},
    {"id": "another case", "input": {"sex": "Female"}, "expect": ERR},
    {"id": "its label", "input": {"religion": "Sikh"}, "expect": ERR},
    {"id": "a number of a row", "input": {"sex": "1"}, "expect": ERR},
    {"id": "other", "input": {"sex": "other"}, "expect": ERR},
    {"id": "nul", "input": {"sex": "female\u0000"}, "expect": ERR},
    {"id": "zero width", "input": {"sex": "fe\u200bmale"}, "expect": ERR},
    {"id": "bidi", "input": {"sex": "\u202efemale"}, "expect": ERR},
    {"id": "full width", "input": {"age_band": "\uff11\uff18-\uff12\uff14"}, "expect": ERR},
    {"id": "two at once", "input": {"sex": ["female", "male"]}, "expect": ERR},
    {"id": "twice the same", "input": {"sex": ["female", "female"]}, "expect": OK},
    {"id": "not to say and one", "input": {"sex": [PREFER_NOT, "male"]}, "expect": ERR},
    {"id": "quotation", "input": {"sex": "' OR 1=1 --"}, "expect": ERR},
    {"id": "template", "input": {"sex": "{{7*7}}"}, "expect": ERR},
    {"id": "image", "input": {"sex": '"><img src=x onerror=alert(1)>'}, "expect": ERR},
    {"id": "a book", "input": {"sex": "x" * 300_000}, "expect": ERR},
    {
        "id": "detail of its group",
        "input": {"ethnic_group": "white", "ethnic_detail": "white_irish"},
        "expect": OK,
    },
    {
        "id": "detail of another",
        "input": {"ethnic_group": "black", "ethnic_detail": "asian_chinese"},
        "expect": ERR,
    },
    {"id": "detail of none", "input": {"ethnic_group": "", "ethnic_detail": "white_irish"}, "expect": ERR},
    {
        "id": "detail of nobody",
        "input": {"ethnic_group": PREFER_NOT, "ethnic_detail": "white_roma"},
        "expect": ERR,
    },
    {"id": "detail is no group", "input": {"ethnic_group": "white_irish"}, "expect": ERR},
    {"id": "limited without", "input": {"disability": "no", "impact": "limited_a_lot"}, "expect": ERR},
    {"id": "limited unasked", "input": {"disability": "", "impact": "limited_a_lot"}, "expect": ERR},
    {
        "id": "limited by nothing",
        "input": {"disability": PREFER_NOT, "impact": "limited_a_lot"},
        "expect": ERR,
    },
    {"id": "the implied one", "input": {"disability": "yes", "impact": "none"}, "expect": ERR},
    {"id": "both", "input": {"disability": "yes", "impact": "limited_a_little"}, "expect": OK},
    {"id": "yes and not to say", "input": {"disability": "yes", "impact": PREFER_NOT}, "expect": OK},
    {"id": "no and skipped", "input": {"disability": "no", "impact": ""}, "expect": OK},
    {"id": "landlord of an owner", "input": {"tenure": "mortgage", "landlord": "council"}, "expect": ERR},
    {"id": "landlord of a tenant", "input": {"tenure": "rents", "landlord": "council"}, "expect": OK},
)


def shared_list() -> list[dict[str, Any]]:
    if not LIST.is_file():
        return []
    found = [json.loads(line) for line in LIST.read_text(encoding="utf-8").splitlines()]
    return [each for each in found if each["kind"] == KIND]


SENT = [*OURS, *(each for each in shared_list() if "post" not in each["input"])]
POSTED = [each for each in shared_list() if "post" in each["input"]]


@dataclass
class Sender:
    """Somebody who is asked everything there is."""

    resident: MadeResident
    client: PageClient
    pages: dict[str, str]
    token: str

    def page_of(self, key: str, said: object) -> str:
        """The page of the question.

        What the list calls the detail of an ethnic group is a question for each group here: it goes to
        the one that has the answer.
        """
        name = CHOSEN_FROM_OURS if key == "age_band" else key
        if name == "ethnic_detail":
            name = f"ethnic_detail_{str(said).partition('_')[0]}"
        return self.pages[name]

    def send(self, page: str, said: object) -> TestResponse:
        """The answer to sending that to the page."""
        return self.client.post(page, data={"csrf_token": self.token, "said": said})


@pytest.fixture
def sender(sqlite_app: Flask) -> Iterator[Sender]:
    with sqlite_app.app_context():
        place = make_place()
        make_asked(
            place,
            CHOSEN_FROM_OURS,
            "sex",
            "ethnic_group",
            "disability",
            "religion",
            "tenure",
            "main_language",
        )
        resident = make_resident(place, is_shared=False)
        keys = db.session.scalars(
            select(Demographic.key).filter_by(consultation_id=place.id).order_by(Demographic.position)
        )
        pages = {key: f"/consultations/survey-place/join/about-you/{n}" for n, key in enumerate(keys, 1)}
        client = as_resident(sqlite_app, resident)
        yield Sender(resident, client, pages, client.any_token())
        db.session.rollback()


def count_of(said: str, answer: TestResponse) -> int:
    """How often these words stand in a page."""
    return html.unescape(answer.text).count(said) if said else 0


def problems(sender: Sender, entry: dict[str, Any]) -> Iterator[str]:
    """What is wrong with how an entry of the list was taken."""
    statuses = set()
    for key, said in entry["input"].items():
        before = said_by(sender.resident)
        began = time.monotonic()
        page = sender.page_of(key, said)
        answer = sender.send(page, said)
        if time.monotonic() - began > SLOW:
            yield "slow"
        statuses.add(answer.status_code)
        if answer.status_code != 422:
            continue
        if said_by(sender.resident) != before:
            yield "something was written all the same"
        if "Error: " not in answer.text.partition("<title")[2].partition("</title>")[0]:
            yield "the title does not say that there is an error"
        usual = sender.send(page, "-")
        if isinstance(said, str) and count_of(said, answer) > count_of(said, usual):
            yield "what was sent is shown"
    expected = {OK: {303}, ERR: {303, 422}}[entry["expect"]]
    if not statuses <= expected or (entry["expect"] == ERR and 422 not in statuses):
        yield f"answered {statuses}"


def forget(sender: Sender) -> None:
    """Nothing has been said."""
    mine = ParticipantDemographic.participant_id == sender.resident.participant_id
    db.session.execute(delete(ParticipantDemographic).where(mine))
    db.session.commit()


def test_every_answer_is_kept_or_refused_as_the_list_says(sender, record_property):
    wrong = []
    for entry in SENT:
        forget(sender)
        wrong += [f"{entry['id']}: {problem}" for problem in problems(sender, entry)]
    record_property("hostile answers about oneself that were tried", len(SENT))
    assert wrong == []


def test_a_detail_of_another_group_is_kept_nowhere(sender):
    sender.send(sender.pages["ethnic_group"], "asian")
    details = [page for key, page in sender.pages.items() if key.startswith("ethnic_detail_")]
    data = {"csrf_token": sender.token, "said": "white_irish"}
    assert [sender.client.post(page, data=data).status_code for page in details] == [422] * 5
    assert said_by(sender.resident) == {"ethnic_group": "asian"}


@pytest.mark.parametrize("entry", POSTED, ids=[entry["id"] for entry in POSTED])
def test_what_is_posted_otherwise_is_answered_as_the_list_says(sender, entry):
    page, what = sender.pages["sex"], entry["input"]["post"]
    if what == "no fields at all":
        answer = sender.client.post(page, data={"csrf_token": sender.token})
        assert answer.status_code == 303
    elif what == "600 kB field":
        answer = sender.client.post(page, data={"csrf_token": sender.token, "said": "x" * 600_000})
        assert answer.status_code == int(entry["expect"])
    else:
        assert what == "after withdrawal"
        member = db.session.get(Membership, sender.resident.participant_id)
        assert member is not None
        member.withdrawn_at, member.keeps_answers = clock.now(), True
        db.session.commit()
        assert sender.send(page, "female").status_code == int(entry["expect"])
    assert said_by(sender.resident) == {}


def test_every_column_of_every_table_as_a_field_changes_nothing_else(sender):
    names = sorted({column.name for table in Base.metadata.tables.values() for column in table.columns})
    for half in (names[::2], names[1::2]):  # a form of more than 200 fields is not even read
        data = {**dict.fromkeys(half, "1"), "csrf_token": sender.token, "said": "female"}
        assert sender.client.post(sender.pages["sex"], data=data).status_code == 303
        assert said_by(sender.resident) == {"sex": "female"}


def test_nobody_answers_without_a_token_or_for_somebody_else(sender, sqlite_app):
    assert sender.client.post(sender.pages["sex"], data={"said": "female"}).status_code == 400
    assert sender.client.get(sender.pages["sex"] + "9").status_code == 404
    away = as_resident(sqlite_app, make_resident(make_place(slug="elsewhere"), is_shared=False))
    answer = away.post(sender.pages["sex"], data={"csrf_token": away.any_token(), "said": "female"})
    assert answer.status_code in {302, 403}
    assert said_by(sender.resident) == {}
