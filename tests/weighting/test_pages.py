"""The analyst's pages of who stayed and of weights."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.access import OPERATOR, Role
from consult.analysis.service import comparison, freeze_if_closed
from consult.audit.models import AuditEntry
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation, Progress, Submission, Wave
from consult.db import db
from consult.web.once import new_token
from consult.weighting.models import WeightVersion
from consult.weighting.queries import get_version
from consult.weighting.rules import Settings
from tests.analysis.test_three_agree import figures, stored
from tests.conftest import ROOT, SECRET
from tests.making.accounts import client_as, cookie_of
from tests.making.crowds import crowd_bundle
from tests.making.forums import random_forum
from tests.making.places import make_place, make_resident
from tests.page_client import PageClient

PAGE = "/analyst/crowd/weights"
METHOD = {"variables": ["sex", "age"], "together": "y", "trim": "y"}


def closed(path: Path, **bundle: Any) -> Consultation:
    made = crowd_bundle(path, **{"people": 200, **bundle})
    consultation = load_bundle(OPERATOR, made, replace=True, progress=None).consultation
    freeze_if_closed(OPERATOR, consultation)
    db.session.commit()
    return consultation


@pytest.fixture
def crowd(in_app: Flask, tmp_path: Path) -> Consultation:
    return closed(tmp_path / "in", people=400, thin=True, silent=0.03)


@pytest.fixture
def analyst(in_app: Flask, crowd: Consultation) -> PageClient:
    return client_as(in_app, Role.ANALYST, crowd)


def test_an_analyst_makes_weights_and_reads_what_they_cost(analyst: PageClient, crowd: Consultation) -> None:
    answer = analyst.send(PAGE, {**METHOD, "for_staying": "y"})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?version=1")
    version = get_version(crowd.id, 1)
    assert version.settings == Settings(for_staying=True)
    report = version.report
    shown = analyst.get(answer.location).text
    assert f"The {report['n']} people who sent both surveys have a weight." in shown
    assert f"tell as much as {report['n_eff']:.0f} people would without" in shown
    assert "They make up for people who left." in shown
    assert "would have answered as those who took part" in shown
    assert "Version 1" in analyst.get(PAGE).text
    made = db.session.scalars(select(AuditEntry).filter_by(action="w.freeze").order_by(AuditEntry.id)).all()
    assert [(entry.actor == "operator", json.loads(entry.detail or "")["version"]) for entry in made] == [
        (True, 1),
        (False, 1),
    ]


@pytest.mark.slow
def test_the_same_choice_is_the_same_version_and_a_form_has_one_effect(
    analyst: PageClient, crowd: Consultation
) -> None:
    form = {"csrf_token": analyst.token_from(PAGE), "once": new_token(), **METHOD}
    answers = [analyst.post(PAGE, data=form) for _ in range(2)]
    assert {answer.location for answer in answers} == {f"{PAGE}?version=1"}
    assert analyst.send(PAGE, METHOD).location == f"{PAGE}?version=1"
    assert analyst.send(PAGE, {**METHOD, "variables": ["age"]}).location == f"{PAGE}?version=2"
    assert db.session.scalar(select(func.count()).select_from(WeightVersion)) == 2
    assert get_version(crowd.id, 2).settings.variables == ("age",)


def test_the_figures_with_weights_and_without_are_those_of_the_comparison(
    analyst: PageClient, crowd: Consultation
) -> None:
    found = comparison(OPERATOR, crowd, weights="raked")
    db.session.commit()
    page = figures(analyst, f"{PAGE}?version=1")
    entry, beside = found["items"][0], found["weighting"]["items"][0]["unweighted"]
    assert page["beside", "hours"] == [
        stored(value)
        for value in (entry["n_paired"], entry["n_eff"], entry["mean_change"], beside["mean_change"])
    ]
    shares = page["variable-1", ""]
    for place, category in enumerate(found["weighting"]["report"]["variables"][0]["categories"]):
        assert shares[3 * place] == stored(category["living"])
        assert shares[3 * place + 2] == stored(category["after"])


def test_who_stayed_is_told_as_it_was_compared(analyst: PageClient, crowd: Consultation) -> None:
    page = figures(analyst, PAGE)
    whole = comparison(OPERATOR, crowd, by="age")["attrition"]
    (item,) = whole["items"]
    assert page["attitudes", "hours"] == [
        stored(value)
        for value in (
            item["mean_stayed"],
            item["mean_left"],
            item["smd"],
            *(item["bounds"][name] for name in ("low", "high", "carried_forward")),
        )
    ]
    expected = [
        stored(value)
        for category in whole["by"]["categories"]
        if category["n_stayed"] + category["n_left"] >= 10
        for value in (
            category["n_stayed"] + category["n_left"],
            category["n_stayed"],
            category["retention"],
            category["smd"],
        )
    ]
    assert page["group-2", ""] == expected


def test_groups_of_fewer_than_ten_are_not_shown(in_app: Flask, tmp_path: Path) -> None:
    crowd = closed(tmp_path / "in", people=60, silent=0.05)
    client = client_as(in_app, Role.OFFICER, crowd)
    silent = [
        c
        for c in comparison(OPERATOR, crowd, by="age")["attrition"]["by"]["categories"]
        if c["value"] == "prefer_not"
    ]
    assert 0 < silent[0]["n_stayed"] + silent[0]["n_left"] < 10
    shown = client.get(PAGE).text
    assert "Fewer than 10 people: not shown" in shown
    assert shown.count("Prefer not to say") == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"together": "y"}, "Choose at least one question"),
        ({"variables": ["shoe_size"]}, "Choose from the answers in the list"),
    ],
)
def test_a_choice_that_is_none_is_refused(analyst: PageClient, typed: dict[str, Any], says: str) -> None:
    answer = analyst.send(PAGE, typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalar(select(func.count()).select_from(WeightVersion)) == 0


def test_weights_that_cannot_be_made_are_refused_with_the_reasons_and_the_choice_is_kept(
    in_app: Flask, tmp_path: Path
) -> None:
    client = client_as(in_app, Role.ANALYST, closed(tmp_path / "in", people=30))
    answer = client.send(PAGE, {"variables": ["age"], "together": "y"})
    assert answer.status_code == 422
    assert "too few people of its groups sent in both surveys" in answer.text
    assert 'value="age" checked' in " ".join(answer.text.split())
    assert 'value="sex" checked' not in " ".join(answer.text.split())


def test_without_populations_no_weights_are_offered(in_app: Flask, tmp_path: Path) -> None:
    client = client_as(in_app, Role.ANALYST, closed(tmp_path / "in", targets={}))
    shown = client.get(PAGE).text
    assert "No weights can be made" in shown
    assert "Make weights" not in shown


def test_while_a_stage_is_open_small_numbers_are_not_told_and_nothing_of_answers(in_app: Flask) -> None:
    place = make_place("follow_up")
    people = [make_resident(place, name=f"Heron {n}") for n in range(12)]
    for n, made in enumerate(people):
        waves = (Wave.PRE, Wave.POST) if n < 3 else (Wave.PRE,)
        for wave in waves:
            db.session.merge(
                Submission(
                    participant_id=made.participant_id,
                    consultation_id=place.id,
                    wave=wave,
                    status=Progress.SUBMITTED,
                )
            )
    db.session.commit()
    client = client_as(in_app, Role.ANALYST, place)
    page = " ".join(client.get(f"/analyst/{place.slug}/weights").text.split())
    assert "Joined: 15" in page  # three were there already
    sent = select(func.count()).where(
        Submission.consultation_id == place.id,
        Submission.wave == Wave.PRE,
        Submission.status == Progress.SUBMITTED,
    )
    assert f"Sent the starting survey: {db.session.scalar(sent)}" in page
    assert "Sent the follow-up too: Fewer than 10" in page
    assert "Average" not in page
    answer = client.post(
        f"/analyst/{place.slug}/weights", data={"csrf_token": client.any_token(), "variables": "age_band"}
    )
    assert answer.status_code == 403
    assert "Who has stayed so far" in client.get("/analyst/").text


def test_a_version_that_is_not_there_is_not_found(analyst: PageClient) -> None:
    for number in ("1", "0", "-1", "x", "9" * 30, ""):
        assert analyst.get(f"{PAGE}?version={number}").status_code == 404


def test_a_download_has_the_version_that_was_chosen(analyst: PageClient, crowd: Consultation) -> None:
    analyst.send(PAGE, METHOD)
    assert "Weights, version 1" in analyst.get("/analyst/crowd/downloads").text
    data = analyst.send("/analyst/crowd/downloads", {"kind": "csv", "weights": "1"}).data
    archive = zipfile.ZipFile(io.BytesIO(data))
    (path,) = [name for name in archive.namelist() if name.endswith("people.csv")]
    rows = list(csv.DictReader(io.StringIO(archive.read(path).decode("utf-8-sig"))))
    assert sum(bool(row["weight"]) for row in rows) == get_version(crowd.id, 1).report["n"]
    for weights, status in (("2", 404), ("x", 422), ("9" * 30, 422)):
        answer = analyst.send("/analyst/crowd/downloads", {"kind": "csv", "weights": weights})
        assert answer.status_code == status


def test_the_pages_ask_as_often_for_many_people_and_items_as_for_few(in_app: Flask, tmp_path: Path) -> None:
    asked: dict[str, set[int]] = {}
    for n, (people, items) in enumerate(((12, 1), (60, 12))):
        made = random_forum(
            tmp_path / str(n), people=people, scales=[(1, 5)] * items, seed=1, with_submissions=True
        )
        consultation = load_bundle(OPERATOR, made, replace=True, progress=None).consultation
        freeze_if_closed(OPERATOR, consultation)
        db.session.commit()
        client = client_as(in_app, (Role.ANALYST, Role.OFFICER)[n], consultation)
        path = "/analyst/second/weights"
        client.get(path)
        client.get(path)
        asked.setdefault(path, set()).add(len(client.statements))
    assert [len(numbers) for numbers in asked.values()] == [1]


SHOW = """
import sys
from consult import create_app
client = create_app().test_client()
client.set_cookie("session", sys.argv[1])
for path in sys.argv[2:]:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status)
print(sorted({"numpy", "scipy"} & set(sys.modules)))
"""


def test_a_web_worker_shows_weights_without_the_arithmetic(
    sqlite_app: Flask, sqlite_url: str, tmp_path: Path
) -> None:
    with sqlite_app.app_context():
        crowd = closed(tmp_path / "in")
        comparison(OPERATOR, crowd, weights="raked")
        db.session.commit()
        cookie = cookie_of(client_as(sqlite_app, Role.ANALYST, crowd))
        db.session.remove()
    ended = subprocess.run(
        [sys.executable, "-c", SHOW, cookie, PAGE, f"{PAGE}?version=1", "/analyst/crowd/downloads"],
        env={**os.environ, "CONSULT_DATABASE_URL": sqlite_url, "CONSULT_SECRET_KEY": SECRET},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "[]\n", ended.stderr
