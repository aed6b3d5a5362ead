"""Taking targets from a file into a consultation: what is set, what stays, and when it is refused."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.access import OPERATOR, Action
from consult.audit.models import AuditEntry
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.consultations.setting_up import EditedMeanwhile
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.panel.importing import import_targets
from consult.panel.models import Panel
from consult.panel.refused import FileRefused
from consult.panel.standing import standing
from consult.recruitment.models import Demographic, DemographicOption, Target
from consult.recruitment.rules import NewTarget
from consult.recruitment.service import set_targets
from consult.recruitment.target_rows import list_kept
from tests.making.bundles import make_bundle
from tests.making.full_bundle import STAGES
from tests.making.places import make_place, make_resident
from tests.making.target_files import AGES, SEXES, tidy, wide

AGE_BAND = {
    "key": "age_band",
    "question": "How old are you?",
    "options": [{"key": b, "label": b} for b in ("16-24", "25-64", "65+")],
}
SEX = {
    "key": "sex",
    "question": "What is your sex?",
    "options": [{"key": "female", "label": "Female"}, {"key": "male", "label": "Male"}],
}
CENSUS = wide(
    *("Age: Aged 15 years and under", "Age: Aged 16 to 24 years"),
    *("Age: Aged 25 to 64 years", "Age: Aged 65 to 84 years", "Age: Aged 85 years and over"),
    rows=[("2021", "Abbeyford", "E09000099", 10, 20, 60, 15, 5)],
)


SAID = {"ada": ("16-24", "female"), "bo": ("25-64", "male"), "cy": ("prefer_not", "female"), "dee": ("", "")}


def make(
    path: Path,
    *,
    state: str = "closed",
    demographics: Any = (AGE_BAND, SEX),
    **more: Any,
) -> Consultation:
    """A consultation; in a closed one three of four people have sent stage one."""
    people = SAID if state == "closed" else {}
    asked = [("age_band", "sex").index(each["key"]) for each in demographics]
    loaded = load_bundle(
        OPERATOR,
        make_bundle(
            path,
            state=state,
            demographics=demographics,
            participant_columns=("participant", *(each["key"] for each in demographics)),
            participants=[[key, *(said[n] for n in asked)] for key, said in people.items()],
            responses=[[key, "pre", "hours", "", "answered", "2", ""] for key in list(people)[:3]],
            stages=STAGES,
            **more,
        ),
    )
    db.session.commit()
    consultation: Consultation = loaded.consultation
    return consultation


def kept(consultation: Consultation) -> list[NewTarget]:
    return [target for target, _row in list_kept(consultation.id)]


def test_the_variables_of_the_file_are_set_and_the_others_stay(in_app: Flask, tmp_path: Path):
    here = make(tmp_path)
    assert import_targets(OPERATOR, here, tidy(*SEXES)).count == 2
    first = {row.id for _target, row in list_kept(here.id)}
    done = import_targets(OPERATOR, here, tidy(*AGES))
    assert (done.count, done.variables) == (3, ("age_band",))
    import_targets(OPERATOR, here, tidy(["sex", "female", 7], ["sex", "male", 8]))
    db.session.commit()
    assert {(t.variable, t.category): t.population for t in kept(here)} == {
        ("sex", "female"): 7,
        ("sex", "male"): 8,
        ("age_band", "16-24"): 31_973,
        ("age_band", "25-64"): 121_108,
        ("age_band", "65+"): 24_825,
    }
    assert first <= {row.id for _target, row in list_kept(here.id)}
    trail = db.session.scalars(select(AuditEntry.action).where(AuditEntry.detail.contains('"targets"'))).all()
    assert trail.count(Action.IMPORT_MARGINS.value) == 3


def test_what_a_file_does_not_say_is_not_forgotten(in_app: Flask, tmp_path: Path):
    here = make(tmp_path)
    limits = ("variable", "category", "min", "aim", "max")
    import_targets(OPERATOR, here, tidy(["sex", "female", 4, 5, 6], ["sex", "male", 3, 4, 5], columns=limits))
    import_targets(OPERATOR, here, tidy(*SEXES))
    assert kept(here)[0] == NewTarget("sex", "female", 110_648, 4, 6, 5)
    import_targets(
        OPERATOR,
        here,
        tidy(["sex", "female", 5, 5, 6], ["sex", "male", "", "", ""], columns=limits),
    )
    assert kept(here) == [NewTarget("sex", "female", 110_648, 5, 6, 5), NewTarget("sex", "male", 99_483)]
    only_max = tidy(["sex", "female", 4], ["sex", "male", 4], columns=("variable", "category", "max"))
    with pytest.raises(Invalid, match="female of sex: with the limits that stay, max: 4 is less than min"):
        import_targets(OPERATOR, here, only_max)


def test_bases_and_sources_come_with_the_figures(in_app: Flask, tmp_path: Path):
    here = make(tmp_path)
    import_targets(OPERATOR, here, CENSUS)
    age = db.session.scalars(select(Demographic).filter_by(consultation_id=here.id, key="age_band")).one()
    assert (age.base, age.source) == (
        "All usual residents aged 16 and over",
        "Age: Abbeyford, E09000099, 2021",
    )
    columns = ("variable", "category", "population", "base")
    elsewhere = [["sex", "female", 500, age.base], ["sex", "male", 500, age.base]]
    with pytest.raises(FileRefused, match="Check that both are of the same area"):
        import_targets(OPERATOR, here, tidy(*elsewhere, columns=columns))


def test_a_refused_file_changes_nothing(in_app: Flask, tmp_path: Path):
    here = make(tmp_path)
    import_targets(OPERATOR, here, tidy(*SEXES))
    db.session.commit()
    with pytest.raises(FileRefused):
        import_targets(OPERATOR, here, tidy(["sex", "female", 1], ["sex", "male", "*"]))
    db.session.rollback()
    assert [target.population for target in kept(here)] == [110_648, 99_483]


def test_a_draft_that_does_not_ask_about_age_asks_it_from_then_on(in_app: Flask, tmp_path: Path):
    here = make(tmp_path, state="draft", demographics=(SEX,))
    with pytest.raises(FileRefused, match="Nothing in this file is about a question"):
        import_targets(OPERATOR, here, CENSUS)
    db.session.rollback()
    done = import_targets(OPERATOR, here, CENSUS, bands="16-24,25-64,65-84,85+")
    assert done.notices == ("age_band: people younger than 16 are left out (10).",)
    assert [(t.category, t.population) for t in kept(here)] == [
        ("16-24", 20),
        ("25-64", 60),
        ("65-84", 15),
        ("85+", 5),
    ]
    added = db.session.scalars(select(Demographic).filter_by(consultation_id=here.id, key="age_band")).one()
    assert [option.label for option in added.options] == ["16 to 24", "25 to 64", "65 to 84", "85 or over"]


def test_answers_about_age_that_nobody_gave_are_brought_in_line(in_app: Flask, tmp_path: Path):
    here = make(tmp_path, state="draft")
    import_targets(OPERATOR, here, CENSUS)
    import_targets(OPERATOR, here, CENSUS, bands="16-24,25+")
    assert [(t.category, t.population) for t in kept(here)] == [("16-24", 20), ("25+", 80)]
    keys = select(DemographicOption.key).join(Demographic, Demographic.id == DemographicOption.demographic_id)
    asked = keys.where(Demographic.consultation_id == here.id, Demographic.key == "age_band")
    assert db.session.scalars(asked.order_by(DemographicOption.position)).all() == ["16-24", "25+"]


def test_what_people_were_asked_is_never_divided_anew(in_app: Flask, tmp_path: Path):
    here = make(tmp_path / "closed")
    with pytest.raises(Invalid, match="was fixed when the consultation was published"):
        import_targets(OPERATOR, here, CENSUS, bands="16-24,25+")
    db.session.rollback()
    assert import_targets(OPERATOR, here, CENSUS, bands="0-15,16-24,25-64,65+").count == 3
    silent = make(tmp_path / "silent", slug="silent-2026", demographics=(SEX,))
    with pytest.raises(Invalid, match="does not ask about age"):
        import_targets(OPERATOR, silent, CENSUS, bands="16-24,25+")


def test_a_draft_somebody_has_answered_keeps_its_answers(in_app: Flask, tmp_path: Path):
    people = (["ada", "16-24"], ["bo", "25-64"])
    loaded = load_bundle(
        OPERATOR, make_bundle(tmp_path, state="draft", participants=people, responses=(), stages=STAGES)
    )
    with pytest.raises(Invalid, match="Somebody has answered the question about age"):
        import_targets(OPERATOR, loaded.consultation, CENSUS, bands="16-24,25+")


def test_two_officers_at_once_do_not_overwrite_each_other(in_app: Flask, tmp_path: Path):
    here = make(tmp_path, state="draft")
    seen = here.version
    import_targets(OPERATOR, here, tidy(*SEXES), version=seen)
    db.session.commit()
    with pytest.raises(EditedMeanwhile):
        import_targets(OPERATOR, here, tidy(*SEXES), version=seen)


def test_places_that_are_taken_keep_their_target(in_app: Flask, tmp_path: Path):
    here = make(tmp_path)
    import_targets(OPERATOR, here, tidy(*SEXES))
    row = list_kept(here.id)[0][1]
    row.filled = 3
    db.session.commit()
    limits = ("variable", "category", "max")
    with pytest.raises(Conflict, match="There cannot be room for only 2"):
        import_targets(OPERATOR, here, tidy(["sex", "female", 2], ["sex", "male", 9], columns=limits))
    db.session.rollback()
    with pytest.raises(Conflict, match="People have a place under a target that would go"):
        set_targets(OPERATOR, here, [NewTarget("sex", "male", 5)])
    db.session.rollback()
    import_targets(OPERATOR, here, tidy(["sex", "female", 3], ["sex", "male", 9], columns=limits))
    assert db.session.scalars(select(Target.filled).order_by(Target.id)).all() == [3, 0]


def test_limits_that_no_panel_can_keep_are_told_on_import(in_app: Flask, tmp_path: Path):
    here = make(tmp_path, state="draft")
    db.session.add(Panel(consultation_id=here.id, size=5))
    columns = ("variable", "category", "min")
    done = import_targets(OPERATOR, here, tidy(["sex", "female", 4], ["sex", "male", 4], columns=columns))
    assert done.notices == (
        (
            "The least numbers for sex add up to 8 people and the panel holds 5."
            " Lower some of them, or make the panel larger by 3."
        ),
    )


def test_a_target_twice_crossed_with_itself_or_of_nothing_is_refused(in_app: Flask, tmp_path: Path):
    here = make(tmp_path)
    one = NewTarget("sex", "female", 5, crossed_variable="age_band", crossed_category="65+")
    other = NewTarget("age_band", "65+", 5, crossed_variable="sex", crossed_category="female")
    for wrong in (
        [one, other],
        [one._replace(crossed_variable="sex", crossed_category="male")],
        [NewTarget("sex", "x")],
    ):
        with pytest.raises(Invalid):
            set_targets(OPERATOR, here, wrong)
    assert set_targets(OPERATOR, here, [one]) == 1
    assert set_targets(OPERATOR, here, [other._replace(population=6)]) == 1
    assert [target.population for target in kept(here)] == [6]


def test_the_standing_counts_who_sent_stage_one_and_still_belongs(in_app: Flask, tmp_path: Path):
    here = make(tmp_path)
    import_targets(OPERATOR, here, tidy(*SEXES, *AGES))
    found = standing(OPERATOR, here)
    age, sex = found["variables"]
    assert (sex["n"], sex["missing"]) == (3, 0)
    assert (age["n"], age["missing"]) == (2, 1)
    female = sex["categories"][0]
    assert female["share"] == 2 / 3
    assert female["gap"] == pytest.approx(2 / 3 - 110_648 / 210_131)
    assert female["gap_people"] == pytest.approx(2 - 3 * 110_648 / 210_131)
    assert sex["people_to_swap"] == pytest.approx(abs(female["gap_people"]))
    assert sex["chi2"] == pytest.approx(3 * sex["cv_participation"] ** 2)
    assert sex["forecast_effective_n"] == pytest.approx(3 / sex["price_of_weighting"])
    assert age["price_of_weighting"] is None


def test_every_missing_figure_has_a_note(in_app: Flask, tmp_path: Path):
    here = make(tmp_path)
    limits = tidy(["sex", "female", 4], ["sex", "male", 4], columns=("variable", "category", "min"))
    import_targets(OPERATOR, here, limits)
    import_targets(OPERATOR, here, tidy(*AGES))
    found = standing(OPERATOR, here)

    def nulls(part: Any, path: str) -> list[str]:
        if isinstance(part, dict):
            return [
                p for k, v in part.items() if k != "notes" for p in nulls(v, f"{path}.{k}" if path else k)
            ]
        if isinstance(part, list):
            return [p for n, each in enumerate(part) for p in nulls(each, f"{path}[{n}]")]
        return [path] if part is None else []

    assert sorted(note["path"] for note in found["notes"]) == sorted(nulls(found, ""))
    assert "panel.size" in nulls(found, "")


def test_who_withdrew_or_only_began_is_not_counted(sqlite_app: Flask):
    with sqlite_app.app_context():
        here = make_place("survey")
        import_targets(OPERATOR, here, tidy(["age_band", "16-24", 5], ["age_band", "25-64", 5]))
        before = standing(OPERATOR, here)["variables"][0]
        make_resident(here, name="Quiet Owl")
        after = standing(OPERATOR, here)["variables"][0]
        assert (before["n"], before["missing"]) == (after["n"], after["missing"])


def test_counting_leaves_out_everybody_who_did_not_send_stage_one(in_app: Flask, tmp_path: Path):
    submissions = "participant,wave,status\r\nada,pre,submitted\r\nbo,pre,started\r\nbo,post,submitted\r\n"
    here = make(tmp_path, files={"submissions.csv": submissions})
    import_targets(OPERATOR, here, tidy(*SEXES, *AGES))
    age, sex = standing(OPERATOR, here)["variables"]
    assert [category["n"] for category in sex["categories"]] == [1, 0]
    assert (age["n"], age["missing"]) == (1, 0)
