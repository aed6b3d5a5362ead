"""Deeds on a consultation, and who may do them."""

from pathlib import Path

import pytest
from flask import Flask

from consult import clock
from consult.access import OPERATOR, VISITOR, Actor, Role
from consult.accounts.models import Staff, StaffRole
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.consultations.models import Consultation, Origin, Stage, StageKind
from consult.consultations.queries import find_consultation, get_consultation
from consult.consultations.service import NewParticipant, add_participants, create_consultation
from consult.db import db
from consult.errors import Conflict, NotFound, NotPermitted
from tests.making.bundles import make_bundle
from tests.making.full_bundle import STAGES, make_full_bundle

OFFICER = Actor("officer", frozenset({Role.OFFICER}))


def test_only_the_operator_loads_and_dumps(in_app: Flask, tmp_path: Path):
    folder = make_bundle(tmp_path / "in")
    for actor in (VISITOR, OFFICER):
        with pytest.raises(NotPermitted):
            load_bundle(actor, folder)
    consultation = load_bundle(OPERATOR, folder).consultation
    db.session.commit()
    with pytest.raises(NotPermitted):
        dump_bundle(OFFICER, consultation, tmp_path / "out")
    with pytest.raises(NotFound):
        dump_bundle(Actor("staff/9", frozenset()), consultation, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_only_the_operator_writes_the_record(in_app: Flask):
    with pytest.raises(NotPermitted):
        create_consultation(OFFICER, slug="bins", title="Bins", state="draft")
    assert find_consultation("bins") is None


def test_two_consultations_never_share_a_slug(in_app: Flask):
    create_consultation(OPERATOR, slug="bins", title="Bins", state="draft")
    db.session.commit()
    with pytest.raises(Conflict):
        create_consultation(OPERATOR, slug="bins", title="More bins", state="draft")


def test_stages_stand_at_the_instants_that_the_clock_on_the_wall_meant(in_app: Flask, tmp_path: Path):
    load_bundle(OPERATOR, make_full_bundle(tmp_path / "in", stages=STAGES))
    stages = {stage.kind: stage for stage in get_consultation("everything-2026").stages}
    assert stages[StageKind.SURVEY].opens_at.isoformat() == "2026-01-05T09:00:00+00:00"
    assert stages[StageKind.FOLLOW_UP].opens_at.isoformat() == "2026-04-06T08:00:00+00:00"


def test_a_consultation_that_somebody_joined_through_the_web_is_not_replaced(in_app: Flask, tmp_path: Path):
    folder = make_bundle(tmp_path / "in")
    consultation = load_bundle(OPERATOR, folder).consultation
    add_participants(OPERATOR, consultation, [NewParticipant("from-a-browser")], origin=Origin.WEB)
    db.session.commit()
    with pytest.raises(BundleRefused) as refused:
        load_bundle(OPERATOR, folder, replace=True)
    assert refused.value.message == (
        "consultation.toml: slug: people have joined licensing-2026 through the web, so it cannot be replaced"
    )


def test_whoever_joins_comes_after_those_who_came_before(in_app: Flask, tmp_path: Path):
    consultation = load_bundle(OPERATOR, make_bundle(tmp_path / "in")).consultation
    add_participants(OPERATOR, consultation, [NewParticipant("aaa")], origin=Origin.WEB)
    db.session.commit()
    dump_bundle(OPERATOR, consultation, tmp_path / "out")
    people = (tmp_path / "out" / "participants.csv").read_text(encoding="utf-8").splitlines()
    assert [line.partition(",")[0] for line in people] == ["participant", "ada", "bo", "cy", "aaa"]


def test_a_participant_is_in_a_consultation_once(in_app: Flask, tmp_path: Path):
    consultation = load_bundle(OPERATOR, make_bundle(tmp_path / "in")).consultation
    db.session.commit()
    with pytest.raises(Conflict):
        add_participants(OPERATOR, consultation, [NewParticipant("ada")], origin=Origin.WEB)


def test_a_replaced_consultation_keeps_its_staff_and_loses_the_rest(in_app: Flask, tmp_path: Path):
    first = load_bundle(OPERATOR, make_full_bundle(tmp_path / "first", slug="one")).consultation
    first.results_published_at = clock.now()
    staff = Staff(email="ana.lyst@abbeyford.example", added_at=clock.now())
    db.session.add(staff)
    db.session.flush()
    db.session.add(StaffRole(staff_id=staff.id, consultation_id=first.id, role=Role.ANALYST))
    load_bundle(OPERATOR, make_full_bundle(tmp_path / "other", slug="other"))
    db.session.commit()
    dump_bundle(OPERATOR, get_consultation("other"), tmp_path / "other-before")
    second = load_bundle(OPERATOR, make_bundle(tmp_path / "second", slug="one"), replace=True).consultation
    db.session.commit()
    assert second.id == first.id
    assert second.results_published_at is None
    assert db.session.query(StaffRole).filter_by(consultation_id=second.id).count() == 1
    assert db.session.query(Stage).filter_by(consultation_id=second.id).count() == 0
    dump_bundle(OPERATOR, second, tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "consultation.toml",
        "participants.csv",
        "responses.csv",
    }
    dump_bundle(OPERATOR, get_consultation("other"), tmp_path / "other-after")
    for file in (tmp_path / "other-before").iterdir():
        assert (tmp_path / "other-after" / file.name).read_bytes() == file.read_bytes()


def test_a_dump_shows_what_was_committed_and_nothing_else(in_app: Flask, tmp_path: Path):
    consultation = load_bundle(OPERATOR, make_bundle(tmp_path / "in")).consultation
    with pytest.raises(NotFound):
        dump_bundle(OPERATOR, consultation, tmp_path / "out")
    assert not [path.name for path in tmp_path.iterdir() if "out" in path.name]
    db.session.rollback()
    assert db.session.query(Consultation).count() == 0
