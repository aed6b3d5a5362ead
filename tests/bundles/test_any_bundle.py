"""Whatever small bundle is drawn: load, dump, load, dump, and nothing has changed."""

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.access import OPERATOR
from consult.bundles.service import dump_bundle, load_bundle
from consult.cells import RESERVED, key_problem
from consult.db import db
from tests.making.bundles import RESPONSE_COLUMNS, make_bundle
from tests.making.record import record_of

CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
WORDS = st.text(CHARACTERS, min_size=1, max_size=30).filter(lambda text: text.strip())
KEYS = st.text(CHARACTERS, min_size=1, max_size=12).filter(
    lambda text: key_problem(text) is None and text not in RESERVED
)
OPTIONS = st.lists(KEYS, min_size=2, max_size=4, unique=True).flatmap(
    lambda keys: st.tuples(*(st.fixed_dictionaries({"key": st.just(key), "label": WORDS}) for key in keys))
)
UNANSWERED = st.sampled_from(["dont_know", "prefer_not", "skipped"])


@st.composite
def items(draw: st.DrawFn, key: str) -> dict[str, Any]:
    form = draw(st.sampled_from(["open", "choice", "scale", "agreement", "rank", "knowledge", "evaluation"]))
    item: dict[str, Any] = {"key": key, "form": form, "stem": draw(WORDS)}
    if form in {"scale", "agreement", "evaluation"}:
        low = draw(st.integers(-20, 20))
        item["scale"] = {"min": low, "max": low + draw(st.integers(1, 20)), "reversed": draw(st.booleans())}
    elif form != "open":
        item["options"] = list(draw(OPTIONS))
    if form == "choice":
        item["other"] = draw(st.booleans())
    if form == "knowledge":
        item["correct"] = draw(st.sampled_from(item["options"]))["key"]
    return item


@st.composite
def rows(draw: st.DrawFn, who: str, wave: str, item: dict[str, Any]) -> list[list[str]]:
    head, form = [who, wave, item["key"]], item["form"]
    if draw(st.booleans()):
        return [[*head, "", draw(UNANSWERED), "", ""]]
    if form == "open":
        return [[*head, "", "answered", "", draw(WORDS)]]
    if "scale" in item:
        return [
            [*head, "", "answered", str(draw(st.integers(item["scale"]["min"], item["scale"]["max"]))), ""]
        ]
    if form == "rank":
        places = st.integers(1, len(item["options"]))
        return [[*head, option["key"], "answered", str(draw(places)), ""] for option in item["options"]]
    if item.get("other") and draw(st.booleans()):
        return [[*head, "", "answered", "other", draw(WORDS)]]
    return [[*head, "", "answered", draw(st.sampled_from(item["options"]))["key"], ""]]


@st.composite
def bundles(draw: st.DrawFn) -> dict[str, Any]:
    asked = [draw(items(key)) for key in draw(st.lists(KEYS, max_size=4, unique=True))]
    people = draw(st.lists(KEYS, max_size=4, unique=True))
    answered = [
        row
        for who in people
        for wave in ("pre", "post")
        for item in asked
        if (wave == "post" or item["form"] != "evaluation") and draw(st.booleans())
        for row in draw(rows(who, wave, item))
    ]
    return {
        "title": draw(WORDS),
        "summary": draw(st.text(CHARACTERS, max_size=20)),
        "items": asked,
        "demographics": (),
        "participant_columns": ("participant", "quote", "language"),
        "participants": [
            [who, draw(st.sampled_from(["", "yes", "no"])), draw(KEYS | st.just(""))] for who in people
        ],
        "response_columns": RESPONSE_COLUMNS,
        "responses": draw(st.permutations(answered)),
    }


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bundle=bundles())
def test_any_bundle_comes_back(in_app: Flask, bundle: dict[str, Any]):
    folder = Path(mkdtemp())
    try:
        first = load_bundle(OPERATOR, make_bundle(folder / "source", **bundle), replace=True).consultation
        db.session.commit()
        before = record_of(db.session())
        dump_bundle(OPERATOR, first, folder / "one")
        second = load_bundle(OPERATOR, folder / "one", replace=True).consultation
        db.session.commit()
        assert record_of(db.session()) == before
        dump_bundle(OPERATOR, second, folder / "two")
        for file in (folder / "one").iterdir():
            assert (folder / "two" / file.name).read_bytes() == file.read_bytes()
    finally:
        shutil.rmtree(folder)
