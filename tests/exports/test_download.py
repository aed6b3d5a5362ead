"""The download from the analyst's page."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import text

from consult.access import OPERATOR, Role
from consult.analysis.service import freeze
from consult.audit.models import AuditEntry
from consult.consultations.models import Consultation
from consult.db import db
from consult.exports.service import export_archive
from tests.exports.conftest import Load
from tests.exports.reading import make_grouped
from tests.making.accounts import client_as, make_consultation

PAGE = "/analyst/licensing-2026/downloads"


@pytest.fixture
def grouped(load: Load, tmp_path: Path) -> Consultation:
    consultation = load(make_grouped(tmp_path / "bundle", sizes={"ash": 20}))
    freeze(OPERATOR, consultation)
    db.session.commit()
    return consultation


def test_an_analyst_downloads_the_rows_and_the_trail_says_so(app: Flask, grouped: Consultation):
    client = client_as(app, Role.ANALYST, grouped)
    answer = client.send(PAGE, {"kind": "csv"})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "licensing-2026-csv.zip" in answer.headers["Content-Disposition"]
    with ZipFile(BytesIO(answer.data)) as archive:
        assert "licensing-2026/people.csv" in archive.namelist()
    entry = db.session.query(AuditEntry).filter_by(action="x.rows").one()
    assert entry.actor != "operator"


def test_an_officer_downloads_the_tables_alone(app: Flask, grouped: Consultation):
    client = client_as(app, Role.OFFICER, grouped)
    answer = client.send(PAGE, {"kind": "csv"})
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.data)) as archive:
        assert not any("people" in name or "answers" in name for name in archive.namelist())


def test_the_analyst_of_another_consultation_is_told_nothing(app: Flask, grouped: Consultation):
    client = client_as(app, Role.ANALYST, make_consultation("another-2026"))
    answer = client.post(PAGE, data={"csrf_token": client.any_token(), "kind": "csv"})
    assert answer.status_code == 404


def test_an_unknown_format_is_refused_on_the_page(app: Flask, grouped: Consultation):
    client = client_as(app, Role.ANALYST, grouped)
    for kind in ("exe", "", "../../etc/x"):
        assert client.send(PAGE, {"kind": kind}).status_code == 422
    assert db.session.query(AuditEntry).filter_by(action="x.rows").count() == 0


def test_others_can_write_while_the_files_are_made(in_app: Flask, grouped: Consultation):
    wrote = []

    def give_way() -> None:
        db.session.commit()
        # On SQLite this would wait for five seconds and fail if the export still held the lock.
        with db.engine.begin() as somebody_else:
            somebody_else.execute(text("UPDATE consultation SET summary = 'changed'"))
        wrote.append(True)

    export_archive(OPERATOR, grouped, kind="csv", after_reading=give_way)
    db.session.commit()
    assert wrote == [True]
