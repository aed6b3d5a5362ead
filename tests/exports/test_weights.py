"""Weights in a package: a column that singles nobody out, tables with and without, words of caution."""

from collections import Counter
from pathlib import Path

import pytest

from consult.access import OPERATOR
from consult.analysis.service import comparison
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import Invalid
from consult.exports.disclosure import in_classes
from consult.exports.service import export_package
from consult.weighting.queries import find_by_settings, weights_of
from consult.weighting.service import METHOD
from tests.exports.conftest import Load
from tests.exports.reading import read_table
from tests.making.crowds import crowd_bundle
from tests.making.worked import worked_bundle


def export(consultation: Consultation, folder: Path, **more: str) -> str:
    export_package(OPERATOR, consultation, folder, kind=more.pop("kind", "csv"), weights="raked", **more)
    db.session.commit()
    return " ".join((folder / "README.txt").read_text(encoding="utf-8").split())


def test_a_weight_that_ten_people_share_is_in_the_rows_as_it_was_made(load: Load, tmp_path: Path):
    consultation = load(crowd_bundle(tmp_path / "in", people=400))
    readme = export(consultation, tmp_path / "out")
    rows = read_table(tmp_path / "out", "people")
    version = find_by_settings(consultation.id, METHOD)
    assert version is not None
    kept = Counter(weights_of(version).values())
    assert min(kept.values()) >= 10
    assert Counter(float(row["weight"]) for row in rows if row["weight"]) == kept
    for row in rows:
        assert bool(row["weight"]) == (row["submitted_pre"] == row["submitted_post"] == "yes")
    stayed = [row for row in rows if row["weight"] and row["hours_pre"] and row["hours_post"]]
    total = sum(float(row["weight"]) for row in stayed)
    change = sum(float(row["weight"]) * (int(row["hours_post"]) - int(row["hours_pre"])) for row in stayed)
    told = comparison(OPERATOR, consultation, weights="raked")["items"][0]
    assert change / total == pytest.approx(told["mean_change"], rel=1e-9)
    assert "put together" not in readme.partition("What is not here")[0].partition("Weights")[2]
    assert "like those who stayed away would have answered as those who took part" in readme


def test_rare_weights_are_put_together_and_the_read_me_says_so(load: Load, tmp_path: Path):
    consultation = load(crowd_bundle(tmp_path / "in", people=200, thin=True))
    readme = export(consultation, tmp_path / "out")
    version = find_by_settings(consultation.id, METHOD)
    assert version is not None
    kept = list(weights_of(version).values())
    assert min(Counter(kept).values()) < 10
    shown = [float(row["weight"]) for row in read_table(tmp_path / "out", "people") if row["weight"]]
    assert min(Counter(shown).values()) >= 10
    assert (len(shown), sum(shown)) == (len(kept), pytest.approx(sum(kept)))
    assert "every weight is shared by 10 people or more" in readme
    (column,) = [row for row in read_table(tmp_path / "out", "codebook") if row["name"] == "weight"]
    assert "Rare weights are put together" in column["label"]


def test_the_tables_have_figures_with_and_without_weights_and_no_sizes_of_groups(load: Load, tmp_path: Path):
    consultation = load(crowd_bundle(tmp_path / "in", people=400))
    export(consultation, tmp_path / "out")
    found = comparison(OPERATOR, consultation, weights="raked")
    (row,) = read_table(tmp_path / "out", "comparison_weighted")
    entry, beside = found["items"][0], found["weighting"]["items"][0]
    for name, value in beside["unweighted"].items():
        assert (row[name], row[f"{name}_unweighted"]) == (str(entry[name]), str(value))
    assert row["se_raking_aware"] == str(beside["se_raking_aware"])
    (about,) = read_table(tmp_path / "out", "weights_about")
    assert (about["n_eff"], about["digest"]) == (
        str(found["weighting"]["report"]["n_eff"]),
        found["weighting"]["report"]["digest"],
    )
    assert [row["use"] for row in read_table(tmp_path / "out", "weights_variables")] == ["used", "used"]
    everything = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())
    assert "16-34" not in everything
    method = (tmp_path / "out" / "method.txt").read_text(encoding="utf-8")
    assert "Deming and Stephan (1940)" in method


def test_a_workbook_has_the_weights_too(load: Load, tmp_path: Path):
    consultation = load(crowd_bundle(tmp_path / "in", people=200))
    assert "Weights" in export(consultation, tmp_path / "out", kind="xlsx")


def test_without_weights_a_package_says_nothing_of_them(load: Load, tmp_path: Path):
    consultation = load(crowd_bundle(tmp_path / "in", people=200))
    names = export_package(OPERATOR, consultation, tmp_path / "out", kind="csv")
    assert "weight" not in read_table(tmp_path / "out", "people")[0]
    assert not [name for name in names if "weight" in name]
    assert "Deming" not in (tmp_path / "out" / "method.txt").read_text(encoding="utf-8")


def test_a_package_with_weights_is_refused_where_there_are_none(load: Load, tmp_path: Path):
    consultation = load(worked_bundle(tmp_path / "in", has_targets=False))
    with pytest.raises(Invalid, match="no targets"):
        export(consultation, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_numbers_are_shared_by_enough_people_and_keep_their_sum():
    assert in_classes([1.0] * 10 + [2.0] * 12, 10) == [1.0] * 10 + [2.0] * 12
    assert in_classes([1.0] * 4 + [2.0] * 6 + [None], 10) == [1.6] * 10 + [None]
    assert in_classes([3.0] * 4 + [1.0] * 10, 10) == [pytest.approx(22 / 14)] * 14
    assert in_classes([1.0] * 9, 10) is None
    assert in_classes([None], 10) is None
