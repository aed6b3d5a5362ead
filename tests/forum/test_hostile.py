"""Hostile posts: what is kept, what is refused, what is shown. A list of our own, and the shared one."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.models import Post, PostState
from consult.web.once import new_token
from tests.conftest import SHARED
from tests.forum.conftest import Forum
from tests.making.forum import (
    find_post,
    get_thread,
    make_post,
    make_thread,
    posts_of,
    reply_form,
    say,
)
from tests.making.places import make_place
from tests.page_client import PageClient

OWN: tuple[tuple[str, str], ...] = (
    # what is sent, what is kept; empty where it is refused
    ("\x00\x08\x1b[31mred", "[31mred"),
    ("a\r\nb\rc", "a\nb\nc"),
    ("\u202egnp.exe\u202c", "gnp.exe"),
    ("  spaces around  \n", "spaces around"),
    ("e\u0301", "é"),
    ("\u2066\u2069\u200b", ""),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("{{ config }} {% raw %} ${7*7} #{7*7}", "{{ config }} {% raw %} ${7*7} #{7*7}"),
    ("'; DROP TABLE post; --", "'; DROP TABLE post; --"),
    ("None", "None"),
    ("0", "0"),
    ("مرحبا، أريد", "مرحبا، أريد"),
    ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
    ("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚", unicodedata.normalize("NFC", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚")),
    ("W" * 2000, "W" * 2000),
    ('=HYPERLINK("x")', '=HYPERLINK("x")'),
)


@pytest.mark.parametrize(("sent", "kept"), OWN, ids=range(len(OWN)))
def test_a_post_is_kept_as_it_was_written_but_for_what_could_harm_a_page(sqlite_forum, sent, kept):
    answer = say(sqlite_forum.browser(), sqlite_forum.url + "t1/reply", sent)
    assert answer.status_code == (303 if kept else 422)
    with sqlite_forum.app.app_context():
        assert [post.body for post in posts_of(sqlite_forum.heron.participant_id)] == ([kept] if kept else [])
    if kept:
        page = sqlite_forum.browser().get(answer.location).text
        assert "<script>alert" not in page
        assert 'class="govuk-body app-words" dir="auto"' in page


@pytest.mark.parametrize(
    "field", ["created_at", "state", "participant_id", "kind", "consultation_id", "id", "parent_id"]
)
def test_fields_that_the_form_does_not_have_change_nothing(sqlite_forum, field):
    sneaked = {"state": "hidden", "kind": "facilitator"}.get(field, "1")
    assert (
        say(sqlite_forum.browser(), sqlite_forum.url + "t1/reply", "Hello.", **{field: sneaked}).status_code
        == 303
    )
    with sqlite_forum.app.app_context():
        [post] = posts_of(sqlite_forum.heron.participant_id)
        assert (post.kind, post.state) == ("post", "visible")


def test_a_body_that_is_no_text_or_no_form_or_too_large_is_refused(sqlite_forum):
    browser = sqlite_forum.browser()
    path = sqlite_forum.url + "t1/reply"
    form = reply_form(browser, path, "")
    for body, kind, statuses in (
        (
            b"text=\xff\xfeA&csrf_token=" + form["csrf_token"].encode(),
            "application/x-www-form-urlencoded",
            {400, 422},
        ),
        (b'{"text": "hello"}', "application/json", {400, 415, 422}),
        (b"text=" + b"x" * 1_100_000, "application/x-www-form-urlencoded", {400, 413}),
    ):
        assert browser.post(path, data=body, content_type=kind).status_code in statuses
    with sqlite_forum.app.app_context():
        assert posts_of(sqlite_forum.heron.participant_id) == []


# --- the shared list


def shared_rows() -> list[Any]:
    path = Path(SHARED, "trust", "hostile_inputs.jsonl")
    if not path.is_file():
        return [pytest.param({}, marks=pytest.mark.skip("needs ../shared, the folder of hostile inputs"))]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [pytest.param(row, id=row["id"]) for row in rows if row["kind"] == "forum_post"]


# What another module tries.
ELSEWHERE = {
    "FP75": "test_reading reads a chain of 5,000 replies",
    "FP76": "test_reading reads 10,000 replies to one post",
    "FP90": "names are chosen on joining; tests/recruitment tries them",
    "FP91": "names are chosen on joining; tests/recruitment tries them",
    "FP92": "names are chosen on joining; tests/recruitment tries them",
    "FP93": "names are chosen on joining; tests/recruitment tries them",
}


def text_of(given: Any) -> str | None:
    """The text that a row sends; none if it says how to build something else."""
    if isinstance(given, str):
        return given
    if "repeat" in given:
        return given["repeat"][0] * given["repeat"][1]
    if "json_escape" in given:
        return json.loads(f'"{given["json_escape"]}"')
    return None


@pytest.mark.parametrize("row", shared_rows())
def test_the_shared_hostile_posts_end_as_they_must(sqlite_forum: Forum, row: dict[str, Any]) -> None:
    if row["id"] in ELSEWHERE:
        pytest.skip(ELSEWHERE[row["id"]])
    text = text_of(row["input"])
    if text is None:
        built(sqlite_forum, row)
        return
    status = sent(sqlite_forum, text)
    with sqlite_forum.app.app_context():
        kept = [post.body for post in posts_of(sqlite_forum.heron.participant_id)]
    expect = row["expect"]
    if expect == "ERR":
        assert (status, kept) == (422, [])
    elif expect in {"CLEAN", "CLEAN or 400"}:
        assert status in ({303} if expect == "CLEAN" else {303, 400, 422})
        assert all(sign.isprintable() or sign == "\n" for sign in "".join(kept).replace("\u200d", ""))
    else:
        assert (expect, status) == ("OK", 303)
        typed = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        assert kept == [unicodedata.normalize("NFC", typed)]


def sent(forum: Forum, text: str) -> int:
    """Post the text, also where it is first asked about because it looks like contact data."""
    browser, path = forum.browser(), forum.url + "t1/reply"
    raw = text.encode("utf-8", "surrogatepass")
    form = reply_form(browser, path, "")
    if raw.decode("utf-8", "replace") != text:  # what no browser sends and no text can hold
        body = b"text=" + b"".join(b"%%%02X" % byte for byte in raw)
        for name in ("csrf_token", "once", "opened"):
            body += f"&{name}={form[name]}".encode()
        return browser.post(path, data=body, content_type="application/x-www-form-urlencoded").status_code
    answer = browser.post(path, data={**form, "text": text})
    if 'name="anyway"' in answer.text:
        answer = browser.post(path, data={**form, "text": text, "anyway": "yes"})
    return answer.status_code


def built(forum: Forum, row: dict[str, Any]) -> None:
    """The rows that say how to build what is tried."""
    given, browser = row["input"], forum.browser()
    if "bytes" in given:
        body = b"text=" + bytes.fromhex(given["bytes"])
        for name, value in reply_form(browser, forum.url + "t1/reply", "").items():
            if name != "text":
                body += f"&{name}={value}".encode()
        answer = browser.post(
            forum.url + "t1/reply", data=body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 400
        return
    if given.get("field") == "parent_id":
        answers_to(forum, given["value"], row["expect"])
        return
    if "q" in given:
        assert given["q"] == "search with 10,000 characters"
        answer = browser.get(f"{forum.url}search?q=" + "a" * 10_000)
        assert answer.status_code == int(row["expect"])
        return
    if given["post"] == "edit post already reported":
        assert changed_after_a_report(forum) == int(row["expect"])
        return
    assert given["post"] in {"21 posts in 10 minutes", "reply while thread is hidden"}, row
    if given["post"].startswith("21"):
        statuses = [_again(forum, n) for n in range(21)]
        assert statuses == [303] * 20 + [429]
    else:
        hidden_meanwhile(forum)


def changed_after_a_report(forum: Forum) -> int:
    """The status that the writer gets who changes a post when somebody has reported it."""
    browser, stranger = forum.browser(), PageClient(forum.app)
    where = say(browser, forum.url + "t1/reply", "Thieves.").location
    post = where.partition("post=")[2].partition("#")[0]
    reported = stranger.send(f"{forum.url}posts/{post}/report", {"concern": "attack", "words": ""})
    assert reported.status_code == 303
    form = {"csrf_token": browser.any_token(), "version": "1", "text": "Nothing."}
    return browser.post(f"{forum.url}posts/{post}/edit", data=form).status_code


def _again(forum: Forum, n: int) -> int:
    browser = forum.browser()
    data = {"csrf_token": browser.any_token(), "once": new_token(), "to": "", "text": f"Thought {n}"}
    return browser.post(forum.url + "t1/reply", data=data).status_code


def answers_to(forum: Forum, what: str, expect: str) -> None:
    """Somebody answers a post that they name by hand."""
    with forum.app.app_context():
        here = get_consultation(forum.slug)
        thread = get_thread(here)
        make_post(thread, "hidden", state=PostState.HIDDEN)
        make_post(make_thread(make_place("forum", slug="bins-2026"), "theirs"), "abroad")
        deep = find_post(thread, "t1-2")
        for n in range(3):
            deep = make_post(thread, f"deep-{n}", parent=deep)
    to = {
        "hidden post": "hidden",
        "post in another consultation": "abroad",
        "own new id": "~99999",
        "a descendant": "not-made-yet",
        "depth 4 post": "deep-2",
    }[what]
    text = "A text of some length, so that it is shown back."
    answer = say(forum.browser(), forum.url + "t1/reply", text, to=to)
    assert answer.status_code == (303 if expect == "OK" else int(expect))
    if expect != "OK":
        assert text in answer.text
    else:
        assert "app-post--level-3" in forum.browser().get(answer.location).text


def hidden_meanwhile(forum: Forum) -> None:
    browser, path = forum.browser(), forum.url + "t1/reply?to=t1-1"
    form = reply_form(browser, path, "A text of some length, so that it is shown back.", to="t1-1")
    with forum.app.app_context():
        for post in db.session.scalars(select(Post)):
            post.state = PostState.HIDDEN
        db.session.commit()
    answer = browser.post(path, data=form)
    assert answer.status_code == 404
    assert form["text"] in answer.text
