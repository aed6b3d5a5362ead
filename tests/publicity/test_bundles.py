"""Channels with their kinds in a bundle: they come back as they went in."""

from pathlib import Path

import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.publicity.queries import list_channels
from tests.making.bundles import csv_text, make_bundle
from tests.making.publicity import make_channel

NAME = "channels.csv"
COLUMNS = ("channel", "label", "aim", "cost", "kind")
ROWS = (
    ["library", "Mill Road Library", "Older people", "120.00", "library"],
    ["age", "Age charity", "", "", "age_charity"],
    ["post", "post", "", "0", ""],
)


def load(path: Path, **more: bool) -> None:
    load_bundle(OPERATOR, path, **more)
    db.session.commit()


def dumped(path: Path) -> dict[str, bytes]:
    dump_bundle(OPERATOR, get_consultation("licensing-2026"), path)
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_kinds_of_channels_come_back(in_app: Flask, tmp_path: Path):
    load(make_bundle(tmp_path / "in", files={NAME: csv_text(COLUMNS, ROWS)}))
    channels = list_channels(get_consultation("licensing-2026").id)
    assert [channel.kind for channel in channels] == ["library", "age_charity", "other"]
    first = dumped(tmp_path / "first")
    assert first[NAME] == csv_text(COLUMNS, [*ROWS[:2], [*ROWS[2][:4], "other"]]).encode()
    load(tmp_path / "first", replace=True)
    assert dumped(tmp_path / "second") == first


def test_a_channel_that_is_only_of_a_kind_is_written(in_app: Flask, tmp_path: Path):
    load(make_bundle(tmp_path / "in"))
    make_channel(get_consultation("licensing-2026"), "fair", label="fair", aim=None, cost=None)
    assert (
        dumped(tmp_path / "out")[NAME]
        == csv_text(("channel", "label", "kind"), [["fair", "fair", "library"]]).encode()
    )


def test_a_kind_that_there_is_not_is_refused_where_it_stands(in_app: Flask, tmp_path: Path):
    rows = (ROWS[0], ["fair", "Fair", "", "", "billboard"])
    with pytest.raises(BundleRefused) as refused:
        load(make_bundle(tmp_path / "in", files={NAME: csv_text(COLUMNS, rows)}))
    assert str(refused.value).startswith(
        "channels.csv:3: kind: billboard is not one of library, age_charity,"
    )
