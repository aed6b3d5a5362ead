"""A bundle says which question leads to which, and is refused by name where that cannot be."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.access import OPERATOR
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.db import db
from consult.recruitment.models import Demographic, DemographicOption
from tests.making.bundles import AGE_BAND, make_bundle

YES: dict[str, Any] = {"key": "yes", "label": "Yes", "leads_to": "impact"}
NO: dict[str, Any] = {"key": "no", "label": "No"}
ILL: dict[str, Any] = {
    "key": "disability",
    "question": "Do you have a long-term condition?",
    "standard": "census-2021/disability@1",
    "base": "All usual residents",
    "source": "Made up for tests",
    "options": [YES, NO],
}
IMPACT: dict[str, Any] = {
    "key": "impact",
    "question": "Does it limit what you do?",
    "options": [
        {"key": "a-lot", "label": "A lot"},
        {"key": "none", "label": "No condition", "implied": True},
    ],
}
PEOPLE = (["ada", "16-24", "yes", "a-lot"], ["bo", "", "no", "none"], ["cy", "", "prefer_not", "prefer_not"])
COLUMNS = ("participant", "age_band", "disability", "impact")


def bundle(path: Path, *demographics: dict[str, Any], **more: Any) -> Path:
    return make_bundle(
        path,
        demographics=(AGE_BAND, *demographics),
        participants=more.pop("participants", PEOPLE),
        participant_columns=COLUMNS,
        responses=(),
        **more,
    )


def test_further_questions_come_back_as_they_went_in(in_app: Flask, tmp_path: Path):
    source = bundle(tmp_path / "in", ILL, IMPACT)
    loaded = load_bundle(OPERATOR, source)
    db.session.commit()
    impact = db.session.scalars(select(Demographic).filter_by(key="impact")).one()
    leading = db.session.scalars(select(DemographicOption).filter_by(leads_to_id=impact.id)).all()
    assert [option.key for option in leading] == ["yes"]
    assert [option.is_implied for option in impact.options] == [False, True]
    dump_bundle(OPERATOR, loaded.consultation, tmp_path / "out")
    written = tomllib.loads((tmp_path / "out" / "consultation.toml").read_text(encoding="utf-8"))
    assert written["demographics"] == [AGE_BAND, ILL, IMPACT]
    again = load_bundle(OPERATOR, tmp_path / "out", replace=True)
    db.session.commit()
    dump_bundle(OPERATOR, again.consultation, tmp_path / "second")
    for file in (tmp_path / "out").iterdir():
        assert (tmp_path / "second" / file.name).read_bytes() == file.read_bytes()
    people = (tmp_path / "out" / "participants.csv").read_text(encoding="utf-8")
    assert people.splitlines() == [",".join(row) for row in (COLUMNS, *PEOPLE)]


def options(*changed: dict[str, Any]) -> dict[str, Any]:
    return {"options": [*changed]}


REFUSED: dict[str, tuple[tuple[dict[str, Any], ...], list[str]]] = {
    "nowhere": (
        ({**ILL, **options({**YES, "leads_to": "nobody"}, NO)},),
        ["demographics[1].options[0].leads_to: there is no demographic question nobody"],
    ),
    "to itself": (
        ({**ILL, **options({**YES, "leads_to": "disability"}, NO)},),
        ["demographics[1].options[0].leads_to: leads to its own question"],
    ),
    "to an earlier question": (
        ({**ILL, **options({**YES, "leads_to": "age_band"}, NO)},),
        ["demographics[1].options[0].leads_to: age_band is asked earlier than this question"],
    ),
    "to a question that is asked at joining, from one that is asked after": (
        ({**ILL, "asked": "after"}, IMPACT),
        ["demographics[1].options[0].leads_to: impact is asked earlier than this question"],
    ),
    "in a circle": (
        (ILL, {**IMPACT, **options(NO, {**NO, "key": "back", "leads_to": "disability"})}),
        [
            "demographics[1].options[0].leads_to: impact leads back here, in a circle",
            "demographics[2].options[1].leads_to: disability leads back here, in a circle",
        ],
    ),
    "two to one": (
        (ILL, {**ILL, "key": "illness", "options": [YES, NO]}, IMPACT),
        ["demographics[2].options[0].leads_to: disability leads to impact already"],
    ),
    "two implied": (
        (ILL, {**IMPACT, **options(NO, *({"key": k, "label": k, "implied": True} for k in "ab"))}),
        ["demographics[2].options[2].implied: a is implied already"],
    ),
    "nothing but an implied one": (
        (ILL, {**IMPACT, **options({**NO, "implied": True})}),
        ["demographics[2].options: must hold at least one option"],
    ),
    "an implied one leads on": (
        (ILL, {**IMPACT, **options(NO, {**YES, "implied": True, "leads_to": "age_band"})}),
        ["demographics[2].options[1].leads_to: nobody is led on by an option that is implied"],
    ),
    "an implied one where nothing leads": (
        (IMPACT,),
        ["demographics[1].options[1].implied: no option leads to this question, so nothing is implied"],
    ),
    "an implied one that is no flag": (
        (ILL, {**IMPACT, **options(NO, {**YES, "implied": "yes", "leads_to": ""})}),
        ["demographics[2].options[1].implied: must be true or false, and is text"],
    ),
    "a standard that is no key": (
        ({**ILL, "standard": "a\nb"}, IMPACT),
        ["demographics[1].standard: must not hold a line break"],
    ),
    "to a question that is faulty itself": (
        (ILL, {**IMPACT, "question": 7}),
        ["demographics[2].question: must be text, and is a whole number"],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_lead_anywhere_is_refused_by_name(sqlite_app: Flask, tmp_path: Path, case: str):
    demographics, expected = REFUSED[case]
    source = bundle(tmp_path / "in", *demographics, participants=())
    columns = ",".join(("participant", "age_band", *(each["key"] for each in demographics)))
    (source / "participants.csv").write_text(f"{columns}\n", encoding="utf-8")
    with sqlite_app.app_context():
        with pytest.raises(BundleRefused) as refused:
            load_bundle(OPERATOR, source)
        assert refused.value.message.splitlines() == [f"consultation.toml: {each}" for each in expected]
        db.session.rollback()
        assert db.session.scalars(select(Demographic)).all() == []
