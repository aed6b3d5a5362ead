"""Topics that residents begin, where the council lets them: checked as a reply is, and nothing too early."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import select

from consult.access import OPERATOR
from consult.bundles.service import dump_bundle, load_bundle
from consult.db import db
from consult.forum.models import Checked, Enquiry, ForumSetting, Thread
from tests.making.facilitation import allow_topics
from tests.making.forum import reply_form
from tests.moderation.conftest import Forum
from tests.page_client import PageClient

TITLE, WORDS = "Heliotrope taxis", "Where do they stop at night?"


@pytest.fixture
def allowed(sqlite_forum: Forum) -> Forum:
    with sqlite_forum.app.app_context():
        allow_topics(sqlite_forum.place())
    return sqlite_forum


def start(forum: Forum, client: PageClient | None = None, **said: str):
    client = client or forum.writer
    path = f"{forum.url}start"
    form = reply_form(client, path, said.pop("text", WORDS), **{"title": TITLE, **said})
    return client.post(path, data=form)


def begun(forum: Forum, **said: str) -> tuple[str, str]:
    """The heron begins a topic; the addresses of the thread and of its first post."""
    answer = start(forum, **said)
    assert answer.status_code == 303, answer.text
    where, _, rest = answer.location.partition("?post=")
    return where.rpartition("/")[2], rest.partition("#")[0]


def public_pages(forum: Forum, thread: str) -> str:
    """What a visitor gets of everything that could tell the title."""
    visitor = PageClient(forum.app)
    paths = (
        "",
        f"{thread}",
        f"{thread}/print",
        "search?q=heliotrope",
        "search?q=taxis",
        "t1",
        "looked-after",
    )
    return "".join(visitor.get(forum.url + path).text for path in paths)


def test_residents_begin_topics_only_where_an_officer_lets_them(sqlite_forum: Forum):
    forum = sqlite_forum
    assert forum.writer.get(f"{forum.url}start").status_code == 403
    assert "Start a topic" not in forum.writer.get(forum.url).text
    path = f"{forum.desk}read-first"
    assert forum.browser("olive").send(path, {"checked": "none", "residents_start": "y"}).status_code == 303
    assert "Start a topic" in forum.writer.get(forum.url).text
    assert "Start a topic" not in PageClient(forum.app).get(forum.url).text
    assert forum.browser("olive").send(path, {"checked": "none"}).status_code == 303
    with forum.app.app_context():
        assert not db.session.scalars(select(ForumSetting.residents_start)).one()
    sent = {"csrf_token": forum.writer.any_token(), "title": TITLE, "text": WORDS, "opened": ""}
    assert forum.writer.post(f"{forum.url}start", data=sent).status_code == 403


def test_a_topic_of_a_resident_stands_after_those_of_the_council_in_the_order_in_which_they_began(
    allowed: Forum,
):
    thread, post = begun(allowed, asks="y")
    begun(allowed, title="Afterwards")
    for client in (PageClient(allowed.app), allowed.writer):
        page = client.get(allowed.url).text
        places = [page.index(text) for text in ("opening hours", "Started by residents", TITLE, "Afterwards")]
        assert places == sorted(places)
    page = PageClient(allowed.app).get(f"{allowed.url}{thread}").text
    assert f'<h1 class="govuk-heading-l" dir="auto">{TITLE}</h1>' in page
    assert "<bdi>Quiet Heron</bdi>" in page
    assert "We answer by" in page
    answer = allowed.other().send(
        f"{allowed.url}{thread}/reply", {"to": "", "text": "At the church.", "opened": ""}
    )
    assert answer.status_code == 303
    assert "At the church." in PageClient(allowed.app).get(f"{allowed.url}{thread}").text
    with allowed.app.app_context():
        asked = db.session.scalars(select(Enquiry.post_id)).one()
        db.session.remove()
    assert allowed.post(post).id == asked


def test_a_topic_is_checked_as_a_reply_is(allowed: Forum):
    for said, problem in (
        ({"title": ""}, "Write what your topic is"),
        ({"text": ""}, "Write what you want to say"),
        ({"title": "x" * 151}, "150 characters or fewer"),
        ({"title": "Ring 07700 900123"}, "phone number"),
        ({"text": "Write to me@abbeyford.example"}, "e-mail address"),
    ):
        answer = start(allowed, **said)
        assert (answer.status_code, problem in answer.text) == (422, True)
    assert threads(allowed) == ["t1"]
    token = {"once": "o" * 30}
    assert {start(allowed, **token).location for _ in range(2)} == {start(allowed, **token).location}
    assert len(threads(allowed)) == 2
    answer = start(allowed, title="I cannot go on", text="I want to kill myself.")
    assert answer.location.endswith("/support")
    for n in range(18):
        assert start(allowed, title=f"Number {n}").status_code == 303
    answer = start(allowed, title="One too many")
    assert (answer.status_code, "One too many" in answer.text) == (429, True)
    key = allowed.written()
    allowed.browser("mona").send(f"{allowed.desk}posts/{key}/stop", {"told": "You threatened people."})
    assert allowed.writer.get(f"{allowed.url}start").status_code == 403


def threads(forum: Forum) -> list[str]:
    with forum.app.app_context():
        return list(db.session.scalars(select(Thread.key).order_by(Thread.id)))


def test_a_topic_whose_first_post_waits_is_there_for_its_writer_alone(allowed: Forum):
    allowed.read_first(Checked.ALL)
    with allowed.app.app_context():
        allow_topics(allowed.place())
    thread, post = begun(allowed)
    assert "eliotrope" not in public_pages(allowed, thread).replace("q=heliotrope", "").replace(
        'value="heliotrope"', ""
    )
    other = allowed.other()
    for client in (PageClient(allowed.app), other, allowed.browser("mona")):
        assert client.get(f"{allowed.url}{thread}").status_code == 404
        assert client.get(f"{allowed.url}{thread}/print").status_code == 404
    sent = {"csrf_token": other.any_token(), "to": "", "text": "Me too.", "opened": ""}
    assert other.post(f"{allowed.url}{thread}/reply", data=sent).status_code == 404
    mine = allowed.writer.get(f"{allowed.url}{thread}")
    assert (mine.status_code, TITLE in mine.text, "Only you can see this topic now." in mine.text) == (
        200,
        True,
        True,
    )
    assert "<textarea" not in mine.text
    assert "Only you can see this now" in allowed.writer.get(allowed.url).text
    queue = allowed.browser("mona").get(f"{allowed.desk}queue").text
    assert TITLE in queue
    assert allowed.decide("mona", post, verdict="approve", reason="").status_code == 303
    assert PageClient(allowed.app).get(f"{allowed.url}{thread}").status_code == 200
    assert TITLE in PageClient(allowed.app).get(allowed.url).text


@pytest.mark.parametrize("is_answered", [True, False])
@pytest.mark.parametrize("how", ["hidden", "withdrawn"])
def test_of_a_topic_whose_first_post_is_not_shown_nobody_gets_its_title(
    allowed: Forum, how: str, is_answered: bool
):
    thread, post = begun(allowed)
    if is_answered:
        allowed.other().send(
            f"{allowed.url}{thread}/reply", {"to": post, "text": "At the church.", "opened": ""}
        )
    if how == "hidden":
        allowed.decide("mona", post)
    else:
        allowed.writer.send(f"{allowed.url}posts/{post}/withdraw", {})
    told = public_pages(allowed, thread).replace("q=heliotrope", "").replace('value="heliotrope"', "")
    assert "eliotrope" not in told
    assert WORDS not in told
    home = PageClient(allowed.app).get(allowed.url).text
    assert ("A topic whose beginning is not shown" in home) is is_answered
    page = PageClient(allowed.app).get(f"{allowed.url}{thread}").text
    assert ("At the church." in page) is is_answered
    other = allowed.other("Red Fox")
    for path in ("mine", "unlike", ""):
        assert TITLE not in other.get(allowed.url + path).text


def test_while_a_changed_beginning_waits_what_others_answered_stays(allowed: Forum):
    thread, post = begun(allowed)
    allowed.other().send(f"{allowed.url}{thread}/reply", {"to": post, "text": "At the church.", "opened": ""})
    with allowed.app.app_context():
        db.session.merge(
            ForumSetting(consultation_id=allowed.place().id, checked=Checked.ALL, residents_start=True)
        )
        db.session.commit()
    allowed.writer.send(f"{allowed.url}posts/{post}/edit", {"text": "Other words.", "version": "1"})
    page = PageClient(allowed.app).get(f"{allowed.url}{thread}").text
    assert "At the church." in page
    assert TITLE not in page
    assert "Other words." not in page


def test_topics_of_residents_go_out_and_come_in_without_loss(allowed: Forum, tmp_path: Path):
    thread, _post = begun(allowed)
    gone, hidden = begun(allowed, title="A second")
    allowed.decide("mona", hidden)
    with allowed.app.app_context():
        dump_bundle(OPERATOR, allowed.place(), tmp_path / "out")
        db.session.rollback()
    before = (tmp_path / "out" / "posts.csv").read_text(encoding="utf-8")
    told = {row["thread"]: row for row in csv.DictReader(before.splitlines()) if not row["parent"]}
    assert (told[thread]["title"], told[thread]["kind"]) == (TITLE, "post")
    assert (told[gone]["title"], told[gone]["state"]) == ("A second", "hidden")
    description = tmp_path / "out" / "consultation.toml"
    words = description.read_text(encoding="utf-8")
    description.write_text(words.replace(f'"{allowed.slug}"', '"again"'), encoding="utf-8")
    with allowed.app.app_context():
        loaded = load_bundle(OPERATOR, tmp_path / "out")
        db.session.commit()
        dump_bundle(OPERATOR, loaded.consultation, tmp_path / "again")
        db.session.rollback()
    assert (tmp_path / "again" / "posts.csv").read_text(encoding="utf-8") == before
    page = PageClient(allowed.app).get("/consultations/again/forum/").text
    assert "Started by residents" in page
    assert TITLE in page
    assert "A second" not in page
