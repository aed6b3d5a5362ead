"""The sample council is made, can be signed in to, and is never mixed with real residents."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult import clock
from consult.access import OPERATOR, VISITOR
from consult.accounts.models import Staff, StaffRole, StaffSession
from consult.accounts.service import enter_code, enter_password
from consult.analysis.models import Snapshot
from consult.consultations.models import Consultation, Participant, State
from consult.db import db
from consult.errors import Conflict
from consult.operations.demo import build_sample_council
from consult.operations.sample import PEOPLE, write_sample


def rows() -> dict[str, int]:
    return {
        model.__name__: db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Consultation, Participant, Snapshot, Staff, StaffRole)
    }


def test_the_people_are_the_same_each_time_and_differ_from_each_other(tmp_path: Path):
    for name in ("one", "two"):
        write_sample(tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    answers = (tmp_path / "one" / "responses.csv").read_text().splitlines()
    assert len(set(answers)) == len(answers) > 2000


def test_everybody_can_sign_in_as_the_text_says(in_app: Flask):
    config = in_app.config["CONSULT"]
    said = build_sample_council(OPERATOR, config)
    [password] = re.findall(r"^Password: (\S+)$", said, re.MULTILINE)
    accounts = re.findall(r"^(\S+@abbeyford\.example) +(\d{6})", said, re.MULTILINE)
    assert [email.partition("@")[0] for email, _ in accounts] == [
        "officer",
        "moderator",
        "analyst",
        "assistant",
        "administrator",
    ]
    with clock.frozen(clock.now()):
        for email, code in accounts:
            half = enter_password(VISITOR, email, password, config=config)
            db.session.commit()
            enter_code(VISITOR, half, code, config=config)
            db.session.commit()


def test_the_consultation_is_closed_and_its_comparison_frozen(in_app: Flask):
    build_sample_council(OPERATOR, in_app.config["CONSULT"])
    [consultation] = db.session.scalars(select(Consultation))
    assert consultation.state is State.CLOSED
    assert rows()["Participant"] == PEOPLE
    assert rows()["Snapshot"] >= 1


def test_the_second_time_changes_nothing_and_signs_nobody_out(in_app: Flask):
    config = in_app.config["CONSULT"]
    first = build_sample_council(OPERATOR, config)
    [password] = re.findall(r"^Password: (\S+)$", first, re.MULTILINE)
    [(email, code)] = re.findall(r"^(officer@\S+) +(\d{6})", first, re.MULTILINE)
    half = enter_password(VISITOR, email, password, config=config)
    db.session.commit()
    enter_code(VISITOR, half, code, config=config)
    db.session.commit()
    before = rows()
    second = build_sample_council(OPERATOR, config)
    assert rows() == before
    assert f"Password: {password}" in second
    assert db.session.scalar(
        select(func.count()).select_from(StaffSession).where(StaffSession.ended_at.is_(None))
    )


def test_it_does_not_come_where_another_consultation_is(in_app: Flask):
    db.session.add(Consultation(slug="real", title="Real", state=State.DRAFT))
    db.session.commit()
    with pytest.raises(Conflict, match="a database of its own"):
        build_sample_council(OPERATOR, in_app.config["CONSULT"])
    assert rows() == {"Consultation": 1, "Participant": 0, "Snapshot": 0, "Staff": 0, "StaffRole": 0}
