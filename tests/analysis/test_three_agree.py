"""Every number on a page, in a file and in JSON comes from one stored snapshot: all three are compared."""

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select

from consult.access import OPERATOR, Role
from consult.analysis.models import Snapshot
from consult.analysis.service import comparison, freeze_if_closed
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.db import db
from tests.making.accounts import client_as
from tests.making.forums import random_forum
from tests.page_client import PageClient


class Figures(HTMLParser):
    """The stored figures of a page: by table, by row, in order; only what stands in <data>."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[tuple[str, str], list[str]] = {}
        self._table = self._row = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        if tag == "table":
            self._table = have.get("id") or ""
        elif tag == "tr":
            self._row = have.get("data-figure") or have.get("data-item") or have.get("data-part") or ""
        elif tag == "data":
            self.rows.setdefault((self._table, self._row), []).append(have["value"] or "")


def figures(client: PageClient, path: str) -> dict[tuple[str, str], list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    parser = Figures()
    parser.feed(answer.text)
    return parser.rows


def stored(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


@pytest.fixture
def forum(in_app: Flask, tmp_path: Path) -> Consultation:
    """A made-up forum, loaded and frozen."""
    bundle = random_forum(
        tmp_path / "second",
        people=60,
        scales=[(1, 5), (0, 10), (-3, 3), (1, 7)],
        seed=11,
        with_submissions=True,
    )
    consultation = load_bundle(OPERATOR, bundle, replace=False, progress=None).consultation
    freeze_if_closed(OPERATOR, consultation)
    db.session.commit()
    return consultation


@dataclass
class Seen:
    """The three: the comparison, the archive that was downloaded, and a browser for the pages."""

    content: dict[str, Any]
    archive: zipfile.ZipFile
    client: PageClient

    def file(self, name: str) -> list[dict[str, str]]:
        text = self.archive.read(self.path(name)).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def path(self, name: str) -> str:
        (path,) = [n for n in self.archive.namelist() if n.endswith(name)]
        return path

    def page(self, path: str) -> dict[tuple[str, str], list[str]]:
        return figures(self.client, f"/analyst/second/{path}")


@pytest.fixture
def seen(in_app: Flask, forum: Consultation) -> Seen:
    content = comparison(OPERATOR, forum, by="group")
    db.session.commit()  # what the test has read must not keep the pages from writing
    client = client_as(in_app, Role.ANALYST, forum)
    client.get("/analyst/second/downloads")
    archive = zipfile.ZipFile(io.BytesIO(client.send("/analyst/second/downloads", {"kind": "csv"}).data))
    return Seen(content, archive, client)


def technical(page: dict[tuple[str, str], list[str]], table: str) -> dict[str, list[str]]:
    """The rows of a table of all figures, by the name of the figure."""
    found = {name: values for (at, name), values in page.items() if at == table}
    assert len(found) > 5
    return found


LINE = ("n_paired", "mean_pre_paired", "mean_post_paired", "mean_change")


def test_the_json_in_the_archive_is_the_comparison(seen: Seen) -> None:
    found = json.loads(seen.archive.read(seen.path("comparison.json")))
    assert found == {name: value for name, value in seen.content.items() if name != "by"} | {
        "notes": [note for note in seen.content["notes"] if not note["path"].startswith("by[")]
    }


def test_every_figure_of_every_scale_agrees(seen: Seen) -> None:
    rows = {row["item"]: row for row in seen.file("comparison_items.csv")}
    assert len(seen.content["items"]) == len(rows) == 5
    for entry in seen.content["items"]:
        row = rows[entry["item"]]
        page = seen.page(f"items/{entry['item']}")
        for name, values in technical(page, "figures-1").items():
            assert values == [stored(entry[name])], (entry["item"], name)
        for name, value in entry.items():
            if name in row:
                assert row[name].removeprefix("'") == ("" if value is None else stored(value)), name
        both = zip(entry["counts_pre"], entry["counts_post"], strict=True)
        counts = [*chain.from_iterable(both), entry["dont_know_pre"], entry["dont_know_post"]]
        assert page["counts-1", ""] == [stored(value) for value in counts]


def test_the_overview_agrees(seen: Seen) -> None:
    page = seen.page("")
    paired = [entry for entry in seen.content["items"] if entry["verdict"]]
    assert len(paired) == 4
    for entry in paired:
        assert page["items", entry["item"]] == [stored(entry[name]) for name in LINE]


def test_subgroups_agree_and_small_ones_are_not_shown(seen: Seen) -> None:
    shown = hidden = 0
    for key in ("c0", "c1", "c2", "c3"):
        page = seen.page(f"items/{key}?by=group")
        for part in seen.content["by"]:
            entry = next(e for e in part["items"] if e["item"] == key)
            if entry["n_paired"] < 10:
                assert ("parts-table", part["value"]) not in page
                hidden += 1
            else:
                assert page["parts-table", part["value"]] == [stored(entry[name]) for name in LINE]
                shown += 1
    assert shown
    assert hidden


def test_every_figure_of_every_ranking_agrees(seen: Seen) -> None:
    rows = {(row["item"], row["option"]): row for row in seen.file("comparison_ranks.csv")}
    page = seen.page("items/rank")
    assert len(seen.content["ranks"]) == len(rows) == 4
    for n, entry in enumerate(seen.content["ranks"], start=1):
        for name, values in technical(page, f"figures-{n}").items():
            assert values == [stored(entry[name])]
            assert rows[entry["item"], entry["option"]][name] == values[0]


def test_every_figure_of_every_choice_agrees(seen: Seen) -> None:
    rows = {row["item"]: row for row in seen.file("comparison_nominal.csv")}
    assert len(seen.content["nominal"]) == len(rows) == 2
    for entry in seen.content["nominal"]:
        for name, values in technical(seen.page(f"items/{entry['item']}"), "figures-1").items():
            assert values == [stored(entry[name])]
            assert rows[entry["item"]][name] == values[0]


def test_the_reason_index_agrees(seen: Seen) -> None:
    everybody, first = seen.content["reasoning"][0], seen.file("comparison_reasoning.csv")[0]
    parts = ("dri", "dri_adjusted", "chance", "excess")
    names = ["n", *(f"{name}_{wave}" for name in parts for wave in ("pre", "post"))]
    expected = [stored(everybody[name]) for name in names]
    assert seen.page("reasoning")["reasoning", ""][: len(names)] == expected
    assert [first[name] for name in names] == expected


def test_a_snapshot_is_made_once_and_never_changes(in_app: Flask, forum: Consultation) -> None:
    def kept() -> list[tuple[str, str]]:
        return [
            (row.split_by, row.sha256) for row in db.session.scalars(select(Snapshot).order_by(Snapshot.id))
        ]

    before = kept()
    assert {split for split, _ in before} == {"", "group", "sex"}
    first, second = (json.dumps(comparison(OPERATOR, forum, by="sex")) for _ in range(2))
    assert first == second
    freeze_if_closed(OPERATOR, forum)
    assert kept() == before


def test_loading_twice_into_fresh_databases_gives_the_same_bytes(
    in_app: Flask, forum: Consultation, tmp_path: Path
) -> None:
    first = db.session.scalar(select(Snapshot.content).where(Snapshot.split_by == ""))
    load_bundle(OPERATOR, tmp_path / "second", replace=True, progress=None)
    again = db.session.scalar(select(Consultation).where(Consultation.slug == "second"))
    assert again is not None
    freeze_if_closed(OPERATOR, again)
    assert db.session.scalar(select(Snapshot.content).where(Snapshot.split_by == "")) == first
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 3


def test_an_analyst_makes_the_comparison_that_is_missing(in_app: Flask, forum: Consultation) -> None:
    before = db.session.scalar(select(Snapshot.content).where(Snapshot.split_by == ""))
    db.session.execute(delete(Snapshot))
    db.session.commit()
    client = client_as(in_app, Role.ANALYST, forum)
    assert "has not been made yet" in client.get("/analyst/second/").text
    answer = client.send("/analyst/second/comparison", {}, page="/analyst/second/")
    assert (answer.status_code, answer.location) == (303, "/analyst/second/")
    assert "answered both times" in client.get("/analyst/second/").text
    assert db.session.scalar(select(Snapshot.content).where(Snapshot.split_by == "")) == before


@pytest.mark.parametrize("path", ["/analyst/", "/analyst/second/", "/analyst/second/reasoning"])
def test_a_page_asks_as_often_for_30_items_as_for_two(in_app: Flask, tmp_path: Path, path: str) -> None:
    asked: list[int] = []
    for n_items, role in ((2, Role.ANALYST), (30, Role.OFFICER)):
        bundle = random_forum(
            tmp_path / str(n_items), people=6, scales=[(1, 5)] * n_items, seed=1, with_submissions=False
        )
        consultation = load_bundle(OPERATOR, bundle, replace=True, progress=None).consultation
        freeze_if_closed(OPERATOR, consultation)
        db.session.commit()
        client = client_as(in_app, role, consultation)
        client.get(path)
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *a, s=statements: s.append(a[2]))
        client.get(path)
        asked.append(len(statements))
    assert asked[0] == asked[1]
