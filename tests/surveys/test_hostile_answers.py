"""Whatever somebody types to finish a sentence: kept, cleaned or refused as the list says, and never run."""

import html
import json
import re
import time
import unicodedata
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from consult.consultations.queries import get_consultation
from consult.db import db
from tests.conftest import SHARED
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.making.surveys import (
    address,
    answer_until,
    answers_of,
    count_answers,
    hidden_in,
    item_address,
)
from tests.page_client import PageClient

LIST = SHARED / "trust" / "hostile_inputs.jsonl"
KIND = "sentence_completion"
# Ours, of the same kinds, so that something is tried where the shared list is missing.
OURS = (
    {"id": "empty", "input": "", "expect": "ERR"},
    {"id": "tabs and newlines", "input": "\t\n \u2003\n", "expect": "ERR"},
    {"id": "zero width only", "input": "\u200b\u200d\u2060", "expect": "ERR"},
    {"id": "only bidi marks", "input": "\u202e\u202c", "expect": "ERR"},
    {"id": "script", "input": "<script>alert(1)</script>", "expect": "OK"},
    {"id": "closing textarea", "input": "</textarea><img src=x onerror=alert(1)>", "expect": "OK"},
    {"id": "entity", "input": "&lt;b&gt; &amp; &#x27;", "expect": "OK"},
    {"id": "jinja", "input": "{% for x in range(9) %}{{ config }}{% endfor %}", "expect": "OK"},
    {"id": "nul", "input": "a\u0000b", "expect": "CLEAN"},
    {"id": "right to left override", "input": "gpj.\u202eexe", "expect": "CLEAN"},
    {"id": "lone surrogate", "input": "a\ud800b", "expect": "400"},
    {"id": "hebrew", "input": "אני רוצה שקט בלילה", "expect": "OK"},
    {"id": "welsh", "input": "Dw i eisiau llai o sŵn yn y nos", "expect": "OK"},
    {"id": "family emoji", "input": "👩\u200d👩\u200d👧\u200d👦 need sleep", "expect": "OK"},
    {"id": "flag", "input": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", "expect": "OK"},
    {"id": "combining", "input": "Z\u0351\u0306a\u0310lgo", "expect": "OK"},
    {"id": "mac newlines", "input": "one\rtwo\r\nthree", "expect": "OK"},
    {"id": "null word", "input": "null", "expect": "OK"},
    {"id": "none word", "input": "None", "expect": "OK"},
    {"id": "nan word", "input": "NaN", "expect": "OK"},
    {"id": "zero", "input": "0", "expect": "OK"},
    {"id": "status word", "input": "status:dont_know", "expect": "OK"},
    {"id": "formula", "input": '=HYPERLINK("http://example.invalid","x")', "expect": "OK"},
    {"id": "path", "input": "../../../../etc/passwd", "expect": "OK"},
    {"id": "five hundred", "input": "x" * 500, "expect": "OK"},
    {"id": "five hundred and one", "input": "x" * 501, "expect": "ERR"},
    {"id": "five hundred astral", "input": "🙂" * 500, "expect": "OK"},
    {"id": "a book", "input": {"repeat": ["lorem ", 50_000]}, "expect": "ERR"},
    {"id": "array", "input": {"field": "answer[]", "value": "a"}, "expect": "ERR"},
    {"id": "absent", "input": {"missing": "answer"}, "expect": "ERR"},
    {"id": "assigned status", "input": {"field": "status", "value": "submitted"}, "expect": "FIELD-IGNORED"},
    {"id": "assigned person", "input": {"field": "participant_id", "value": "1"}, "expect": "FIELD-IGNORED"},
    {"id": "assigned wave", "input": {"field": "wave", "value": "post"}, "expect": "FIELD-IGNORED"},
    {"id": "assigned late", "input": {"field": "late", "value": "true"}, "expect": "FIELD-IGNORED"},
)
SKIPPED = ("skipped", None)
INVISIBLE = re.compile("[\u200b-\u200d\u2060]")
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]")
# These are about what was posted where and when, not about words: each has a test of its own.
ELSEWHERE = {
    "after stage shut": "test_grace",
    "expired session": "test_grace",
    "question 5 before question 1": "test_survey_pages",
    "to question removed by officer": "test_grace",
}


def shared_list() -> list[dict]:
    if not LIST.is_file():
        return []
    found = [json.loads(line) for line in Path(LIST).read_text(encoding="utf-8").splitlines()]
    return [each for each in found if each["kind"] == KIND]


TYPED = [*OURS, *(each for each in shared_list() if "post" not in each["input"])]
POSTED = [each for each in shared_list() if "post" in each["input"] and isinstance(each["input"], dict)]


class Writer:
    """Somebody on the page of the open item."""

    def __init__(self, app) -> None:
        place = make_place("survey")
        self.slug = place.slug
        self.resident: MadeResident = make_resident(place, is_shared=False)
        self.client: PageClient = as_resident(app, self.resident)
        answer_until(self.client, self.slug, "words")
        self.page = item_address(self.slug, "words")
        self.hidden = hidden_in(self.client.get(self.page))

    def post(self, data: dict, **more: str) -> TestResponse:
        return self.client.post(self.page, data={**self.hidden, **data, **more})

    @property
    def kept(self):
        return answers_of(self.resident.participant_id).get("words")


@pytest.fixture
def writer(sqlite_app):
    with sqlite_app.app_context():
        yield Writer(sqlite_app)
        db.session.rollback()


def text_of(given: object) -> str | None:
    """The words of an entry, if it is about words."""
    if isinstance(given, str):
        return given
    if isinstance(given, dict) and "repeat" in given:
        unit, times = given["repeat"]
        return unit * times
    return None


def visible(typed: str) -> str:
    """What is left of a text for the record."""
    lines = UNWANTED.sub("", typed.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    text = unicodedata.normalize("NFC", lines)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def test_every_text_is_kept_cleaned_or_refused_as_the_list_says(writer, record_property):
    wrong = []
    for entry in TYPED:
        writer.post({}, action="skip")
        try:
            _tried(writer, entry)
        except AssertionError as problem:
            wrong.append(f"{entry['id']}: {problem}")
    record_property("hostile completions tried", len(TYPED))
    assert wrong == []


def _tried(writer: Writer, entry: dict) -> None:
    typed, expected = text_of(entry["input"]), entry["expect"]
    if typed is None:
        _about_fields(writer, entry)
        return
    if any("\ud800" <= sign <= "\udfff" for sign in typed):
        # No browser sends it; what is no text is refused.
        raw = b"&".join(f"{k}={v}".encode() for k, v in writer.hidden.items()) + b"&answer=a%ED%A0%80b"
        answer = writer.client.post(writer.page, data=raw, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == int(expected)
        return
    began = time.perf_counter()
    answer = writer.post({"answer": typed})
    took = time.perf_counter() - began
    assert answer.status_code < 500
    if "50 ms" in expected:
        assert took < 2, "far above what the machine needs, far below what a slow parser would"
    if expected.startswith("ERR") and answer.status_code == 422:
        assert "Error: " in answer.text
        assert writer.kept == SKIPPED
        shown = visible(typed)
        if INVISIBLE.sub("", shown):
            assert html.escape(shown)[:200] in answer.text
        return
    assert expected != "ERR", f"{answer.status_code}"
    assert answer.status_code == 303
    assert writer.kept == ("answered", visible(typed))
    _shown_escaped(writer, typed)


def _about_fields(writer: Writer, entry: dict) -> None:
    given, expected = entry["input"], entry["expect"]
    if "missing" in given:
        answer = writer.post({})
    elif "content_type" in given:
        answer = writer.client.post(
            writer.page, data="{}", content_type=given["content_type"], headers={"Accept": "text/html"}
        )
    elif expected == "FIELD-IGNORED":
        before = count_answers()
        answer = writer.post({"answer": "a quiet night", given["field"]: given["value"]})
        assert answer.status_code == 303
        assert writer.kept == ("answered", "a quiet night")
        assert count_answers() == before
        return
    else:
        answer = writer.post({given["field"]: given["value"]})
    assert answer.status_code == (422 if expected == "ERR" else int(expected))
    assert writer.kept == SKIPPED


def _shown_escaped(writer: Writer, typed: str) -> None:
    """The text comes back as it was typed, on the page and in the list, and as nothing else."""
    page = writer.client.get(writer.page)  # the client refuses scripts and everything that loads
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page.text, re.DOTALL)
    assert found
    assert html.unescape(found[1]).strip("\n") == visible(typed).strip("\n")
    assert "49" not in page.text or "49" in typed or "{{7*7}}" not in typed


@pytest.mark.parametrize("entry", POSTED, ids=[entry["id"] for entry in POSTED])
def test_every_posted_entry_of_the_list_is_tried_somewhere(writer, entry):
    what = entry["input"]["post"]
    if what == "no CSRF token":
        answer = writer.client.post(writer.page, data={"answer": "a quiet night"})
        assert answer.status_code == int(entry["expect"])
        assert writer.kept is None
        return
    assert what in ELSEWHERE


def test_every_hidden_field_may_be_rubbish(writer):
    for opened in ("x" * 10_000, "\x00", "<b>", "W10.sig", "null"):
        assert writer.post({"answer": "x" * 501, "opened": opened}).status_code == 422
    assert writer.kept is None


MOST_FIELDS = 150  # in one sending: a form of two hundred fields and more is refused whatever is in it


def test_every_column_of_every_table_as_a_field_changes_nothing_else(writer):
    from consult.db import Base  # noqa: PLC0415  (only for its names)

    names = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    extra = sorted(names - set(writer.hidden) - {"answer"})
    before = count_answers()
    for start in range(0, len(extra), MOST_FIELDS):
        said = f"a quiet night, number {start}"
        more = dict.fromkeys(extra[start : start + MOST_FIELDS], "1")
        assert writer.post({**more, "answer": said}).status_code == 303
        assert writer.kept == ("answered", said)
        assert count_answers() == before + 1


def test_nobody_answers_for_somebody_else(writer, sqlite_app):
    other = make_resident(get_consultation(writer.slug), name="Kind Otter", is_shared=False)
    theirs = as_resident(sqlite_app, other)
    answer_until(theirs, writer.slug, "words")
    writer.post({"answer": "mine", "participant_id": str(other.participant_id)})
    assert "words" not in answers_of(other.participant_id)
    away = as_resident(sqlite_app, make_resident(make_place("survey", slug="elsewhere"), is_shared=False))
    assert away.get(writer.page).status_code in {302, 403}
    assert address(writer.slug, "survey/1") != writer.page
