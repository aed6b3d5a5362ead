"""Weights are made once for each way of making them, and refused in words where they cannot be."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.access import OPERATOR, Actor, Role
from consult.analysis.service import comparison
from consult.audit.models import AuditEntry
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation, Participant
from consult.db import db
from consult.errors import Conflict, NotPermitted
from consult.recruitment.models import Demographic, ParticipantDemographic, Target
from consult.rights.service import SAID
from consult.stats.weights import kish_deff
from consult.weighting.models import Weight, WeightVersion
from consult.weighting.population import read_populations
from consult.weighting.queries import weights_of
from consult.weighting.refused import WeightsRefused, reasons_from
from consult.weighting.rules import Settings, settings_from
from consult.weighting.service import METHOD, freeze_weights
from tests.making.crowds import LIVING, crowd_bundle
from tests.making.panels import ask, limit, say
from tests.making.places import make_place, make_resident
from tests.page_client import at_once

TARGETS = ("variable", "category", "population")


def crowd(path: Path, **bundle: Any) -> Consultation:
    made = crowd_bundle(path, **{"people": 200, **bundle})
    consultation = load_bundle(OPERATOR, made, replace=True, progress=None).consultation
    db.session.commit()
    return consultation


def refusal(consultation: Consultation, settings: Settings = METHOD) -> str:
    with pytest.raises(WeightsRefused) as refused:
        freeze_weights(OPERATOR, consultation, settings)
    assert reasons_from(refused.value.as_json()) == list(refused.value.reasons)
    return refused.value.message


def test_the_same_settings_and_data_are_the_same_version(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in")
    first = freeze_weights(OPERATOR, consultation)
    assert freeze_weights(OPERATOR, consultation) == first
    other = freeze_weights(OPERATOR, consultation, Settings(trim=None))
    assert (first.number, other.number) == (1, 2)
    assert settings_from(json.loads(json.dumps(other.settings.as_json()))) == Settings(trim=None)
    kept = weights_of(first)
    assert sum(kept.values()) == pytest.approx(len(kept))
    assert first.report["kish_deff"] == pytest.approx(kish_deff(list(kept.values())))
    trail = db.session.scalars(select(AuditEntry.detail).filter_by(action="w.freeze")).all()
    assert [json.loads(detail or "")["version"] for detail in trail] == [1, 2]


def test_who_has_a_weight_sent_both_surveys(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in")
    found = comparison(OPERATOR, consultation, weights="raked")
    assert found["weighting"]["report"]["n"] == found["n"]["paired"] == found["attrition"]["n_stayed"]
    assert db.session.scalar(select(func.count()).select_from(Weight)) == found["n"]["paired"]


def test_who_is_too_young_to_take_part_is_no_part_of_the_population(in_app: Flask) -> None:
    place = make_place("survey")
    ask(place, "age", "0-15", "16-64", "65+")
    for band, n in (("0-15", 2000), ("16-64", 6000), ("65+", 2000)):
        limit(place.id, "age", band, population=n)
    place.minimum_age = 16
    db.session.commit()
    [age] = read_populations(place.id, ["age"])[0]
    assert ([key for _, key in age.options], age.living) == (["16-64", "65+"], (6000, 2000))
    say(make_resident(place).participant_id, age="0-15")  # whoever says so is counted as they say
    assert read_populations(place.id, ["age"])[0][0].living == (2000, 6000, 2000)
    place.minimum_age = None
    db.session.commit()
    assert read_populations(place.id, ["age"])[0][0].living == (2000, 6000, 2000)


def test_a_copy_of_the_record_gives_the_same_weights_to_the_last_digit(in_app: Flask, tmp_path: Path) -> None:
    settings = Settings(for_staying=True)
    first = freeze_weights(OPERATOR, crowd(tmp_path / "in"), settings)
    weights = list(weights_of(first).values())
    again = freeze_weights(OPERATOR, crowd(tmp_path / "again"), settings)
    assert again.made_at != first.made_at  # not the one that was there: made anew
    assert (again.report, list(weights_of(again).values())) == (first.report, weights)


def test_what_is_kept_stays_when_somebody_takes_their_answers_away(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in")
    before = comparison(OPERATOR, consultation, weights="raked")
    version = freeze_weights(OPERATOR, consultation)
    leaver = next(iter(weights_of(version)))
    for table in SAID:
        db.session.query(table).filter_by(participant_id=leaver).delete()
    db.session.commit()
    assert leaver not in weights_of(version)
    assert comparison(OPERATOR, consultation, weights="raked") == before
    assert freeze_weights(OPERATOR, consultation).number == version.number + 1


def test_a_weight_is_among_what_goes_with_who_leaves() -> None:
    assert Weight in SAID


def test_nobody_who_only_rehearsed_has_a_weight(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in")
    somebody = db.session.scalars(select(Participant).order_by(Participant.id)).first()
    assert somebody is not None
    somebody.is_rehearsal = True
    db.session.commit()
    assert somebody.id not in weights_of(freeze_weights(OPERATOR, consultation))


def test_weights_wait_until_every_stage_has_closed(in_app: Flask) -> None:
    place = make_place("follow_up")
    with pytest.raises(Conflict, match="when every stage has closed"):
        freeze_weights(OPERATOR, place)
    analyst = Actor("analyst", roles={place.id: frozenset({Role.ANALYST})})
    with pytest.raises(NotPermitted):
        freeze_weights(analyst, place)


def test_only_officers_and_analysts_make_weights(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in")
    for role in (Role.OFFICER, Role.ANALYST):
        actor = Actor(role.value, roles={consultation.id: frozenset({role})})
        assert freeze_weights(actor, consultation).number == 1
    for role in (Role.MODERATOR, Role.ASSISTANT):
        actor = Actor(role.value, roles={consultation.id: frozenset({role})})
        with pytest.raises(NotPermitted):
            freeze_weights(actor, consultation)


def test_two_who_make_the_same_weights_at_once_make_one_version(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        slug = crowd(tmp_path / "in", people=80).slug

    def make() -> int:
        with app.app_context():
            consultation = db.session.scalars(select(Consultation).filter_by(slug=slug)).one()
            number = freeze_weights(OPERATOR, consultation).number
            db.session.commit()
            db.session.remove()
            return number

    assert at_once(make, [()] * 4) == [1] * 4
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(WeightVersion)) == 1


# --- refusals, each in words


def test_no_targets(in_app: Flask, tmp_path: Path) -> None:
    said = refusal(crowd(tmp_path / "in", targets={}))
    assert said == "There are no weights: this consultation has no targets to rake to."


def test_a_group_whose_population_is_not_known(in_app: Flask, tmp_path: Path) -> None:
    targets = {"age": {"16-34": 340}}
    assert refusal(crowd(tmp_path / "in", targets=targets)) == (
        "age: nobody has said how many people live here of 35-64, 65+, and it is needed of every group."
    )


def test_a_question_that_cannot_be_used_is_left_out_and_said(in_app: Flask, tmp_path: Path) -> None:
    targets = {"sex": LIVING["sex"], "age": {"16-34": 340}}
    version = freeze_weights(OPERATOR, crowd(tmp_path / "in", targets=targets))
    (left_out,) = version.report["left_out"]
    assert left_out["variable"] == "age"
    assert left_out["reason"].startswith("age: nobody has said how many people live here of 35-64")
    assert [each["variable"] for each in version.report["variables"]] == ["sex"]


def test_a_question_that_was_named_and_cannot_be_used(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in", targets={"sex": LIVING["sex"], "age": {"16-34": 340}})
    said = refusal(consultation, Settings(variables=("sex", "age", "shoe_size")))
    assert said.splitlines() == [
        "age: nobody has said how many people live here of 35-64, 65+, and it is needed of every group.",
        "shoe_size: it is not asked, or it has no targets.",
    ]


def test_a_population_of_nobody(in_app: Flask, tmp_path: Path) -> None:
    said = refusal(crowd(tmp_path / "in", targets={"sex": {"F": 0, "M": 0}}))
    assert said == "sex: every group has 0 people living here."


def test_targets_for_two_questions_at_once(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in", targets={})
    sex, age = db.session.scalars(select(Demographic).order_by(Demographic.position)).all()
    db.session.add(
        Target(
            consultation_id=consultation.id,
            demographic_id=sex.id,
            option_id=sex.options[0].id,
            crossed_demographic_id=age.id,
            crossed_option_id=age.options[0].id,
            population=170,
            filled=0,
            maximum=5,
        )
    )
    db.session.flush()
    assert "sex: its targets are for two questions at once" in refusal(consultation)


def test_nobody_stayed(in_app: Flask, tmp_path: Path) -> None:
    said = refusal(crowd(tmp_path / "in", people=30, leave=2.0))
    assert said == "Nobody sent in both surveys, so there is nobody to weight."


def test_too_few_people(in_app: Flask, tmp_path: Path) -> None:
    said = refusal(crowd(tmp_path / "in", people=30)).splitlines()
    assert [line.partition(":")[0] for line in said] == ["sex", "age"]
    assert "too few people of its groups" in said[0]


def test_too_many_who_would_rather_not_say(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in", silent=0.4, targets={"age": LIVING["age"]})
    assert "more than 10 of 100 people who sent in both surveys did not answer it" in refusal(consultation)


def test_an_empty_group_that_may_not_be_put_together(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in", targets={"age": LIVING["age"]})
    young = db.session.scalars(
        select(Demographic).filter_by(consultation_id=consultation.id, key="age")
    ).one()
    db.session.query(ParticipantDemographic).filter_by(option_id=young.options[0].id).update(
        {"option_id": young.options[1].id}
    )
    said = refusal(consultation, Settings(collapse=None))
    assert said.startswith("age: people of 16-34 live here and none of them sent in both surveys.")
    report = freeze_weights(OPERATOR, consultation).report["variables"][0]
    assert (report["groups"], report["is_collapsed"]) == ([["16-34", "35-64"], ["65+"]], True)


def test_people_where_nobody_lives(in_app: Flask, tmp_path: Path) -> None:
    consultation = crowd(tmp_path / "in", targets={"sex": {"F": 500, "M": 0}})
    said = refusal(consultation, Settings(collapse=None))
    assert said.startswith("sex: people of M took part and nobody of that group lives here")


def test_questions_that_contradict_each_other(in_app: Flask, tmp_path: Path) -> None:
    """All women are old and all men young: no weights give more women and more young people."""
    targets = {"sex": {"F": 90, "M": 10}, "age": {"16-34": 90, "35-64": 0, "65+": 10}}
    consultation = crowd(tmp_path / "in", targets=targets)
    sex, age = db.session.scalars(select(Demographic).order_by(Demographic.position)).all()
    men = select(ParticipantDemographic.participant_id).filter_by(option_id=sex.options[1].id)
    said = db.session.query(ParticipantDemographic).filter_by(demographic_id=age.id)
    said.filter(ParticipantDemographic.participant_id.in_(men)).update(
        {"option_id": age.options[0].id}, synchronize_session=False
    )
    said.filter(ParticipantDemographic.participant_id.not_in(men)).update(
        {"option_id": age.options[2].id}, synchronize_session=False
    )
    said_so = refusal(consultation, Settings(collapse=None, trim=None))
    assert said_so.startswith("No weights fit all of sex, age at once")


def test_answers_that_settle_who_stayed(in_app: Flask, tmp_path: Path) -> None:
    bundle = crowd_bundle(tmp_path / "in", people=200)
    lines = (bundle / "responses.csv").read_text(encoding="utf-8").splitlines()
    low = {line.split(",")[0] for line in lines if ",pre,hours,,answered,1," in line}
    kept = [line for line in lines if not (",post," in line and line.split(",")[0] in low)]
    high = {line.split(",")[0] for line in kept if ",pre," in line} - low
    kept += [
        f"{who},post,hours,,answered,3,"
        for who in sorted(high)
        if not any(k.startswith(f"{who},post") for k in kept)
    ]
    (bundle / "responses.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    consultation = load_bundle(OPERATOR, bundle, replace=True, progress=None).consultation
    said = refusal(consultation, Settings(for_staying=True))
    assert said.startswith("The chance of staying cannot be worked out from hours")
    assert freeze_weights(OPERATOR, consultation).number == 1
