"""Every act of moderation is read by its author, in a second browser, and can be answered."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.audit.models import AuditEntry
from consult.db import db
from consult.forum.models import Checked, Post, PostState, Suspension
from consult.moderation.models import Appeal, Decision, Report
from consult.moderation.queries import get_account
from consult.moderation.waiting import get_queue
from consult.web.once import new_token
from tests.moderation.conftest import WORDS, Forum
from tests.page_client import PageClient, at_once


def rows(forum: Forum, model: type) -> list:
    with forum.app.app_context():
        return list(db.session.scalars(select(model).order_by(model.id)))


# --- reporting


def test_anybody_reports_a_post_without_an_account_and_is_told_by_when_it_is_read(forum: Forum):
    forum.written()
    visitor = PageClient(forum.app)
    page = visitor.get(f"{forum.url}t1").text
    assert f"{forum.url}posts/bad/report" in page
    answer = forum.report(visitor, words="He is my neighbour.")
    assert answer.location == f"{forum.url}reported"
    assert "A moderator reads it by" in visitor.get(answer.location).text
    [report] = rows(forum, Report)
    assert (report.concern, report.words, report.participant_id) == ("attack", "He is my neighbour.", None)
    queue = forum.browser("mona").get(f"{forum.desk}queue").text
    assert "1 reported post" in queue
    assert WORDS in queue
    assert "It attacks a person instead of what they say" in queue


def test_whoever_takes_part_has_one_open_report_about_a_post_however_often_they_send_it(forum: Forum):
    forum.written()
    otter = forum.other()
    for _ in range(3):
        assert forum.report(otter).status_code == 303
    assert len(rows(forum, Report)) == 1
    token, csrf = new_token(), otter.any_token()
    form = {"csrf_token": csrf, "once": token, "concern": "advert", "words": ""}
    visitor = PageClient(forum.app)
    form["csrf_token"] = visitor.any_token()
    report = f"{forum.url}posts/bad/report"
    windows = [(visitor_copy(visitor),) for _ in range(8)]
    statuses = at_once(lambda window: window.post(report, data=form).status_code, windows)
    assert set(statuses) == {303}
    assert len(rows(forum, Report)) == 2


def visitor_copy(client: PageClient) -> PageClient:
    """Another window of the same browser."""
    copy = PageClient(client.application)
    for cookie in client._cookies.values():
        copy.set_cookie(cookie.key, cookie.value)
    return copy


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"concern": ""}, "Choose what worries you"),
        ({"concern": "dislike"}, "Choose from the answers in the list"),
        ({"concern": "other"}, "Write what worries you"),
        ({"words": "x" * 1001}, "1,000 characters or fewer"),
    ],
)
def test_a_report_that_says_nothing_is_refused_in_words(sqlite_forum: Forum, said: dict, problem: str):
    sqlite_forum.written()
    answer = sqlite_forum.report(PageClient(sqlite_forum.app), **said)
    assert answer.status_code == 422
    assert problem in answer.text
    assert rows(sqlite_forum, Report) == []


def test_a_burst_of_a_library_is_taken_and_a_flood_is_not(sqlite_forum: Forum):
    sqlite_forum.written()
    visitor = PageClient(sqlite_forum.app)
    statuses = [sqlite_forum.report(visitor).status_code for _ in range(61)]
    assert statuses == [303] * 60 + [429]


def test_what_is_hidden_waits_or_is_not_there_cannot_be_reported(sqlite_forum: Forum):
    sqlite_forum.written("gone", state=PostState.WITHDRAWN)
    sqlite_forum.written("waits", state=PostState.AWAITING)
    sqlite_forum.written("hidden", state=PostState.HIDDEN)
    visitor = PageClient(sqlite_forum.app)
    for key in ("gone", "waits", "hidden", "no-such"):
        assert visitor.get(f"{sqlite_forum.url}posts/{key}/report").status_code == 404


# --- deciding


def test_a_hidden_post_tells_its_writer_why_and_everybody_else_that_it_is_hidden(forum: Forum):
    forum.written()
    forum.report(PageClient(forum.app))
    answer = forum.decide("mona", note="Say what should change instead.")
    assert (answer.status_code, answer.location) == (303, f"{forum.desk}next")
    assert "Nothing waits." in forum.browser("mona").get(f"{forum.desk}queue").text
    public = PageClient(forum.app).get(f"{forum.url}t1").text
    assert WORDS not in public
    assert "A moderator has hidden this." in public
    for page in (forum.url, f"{forum.url}mine"):
        assert "A moderator has hidden a post of yours." in forum.writer.get(page).text
    told = forum.writer.get(f"{forum.url}posts/bad/hidden").text
    for words in (WORDS, "It attacks a person instead of what they say", "Say what should change instead."):
        assert words in told
    assert forum.other().get(f"{forum.url}posts/bad/hidden").status_code == 404
    [decision], [report] = rows(forum, Decision), rows(forum, Report)
    assert (decision.verdict, decision.reason, report.decision_id) == ("hide", "attack", decision.id)
    with forum.app.app_context():
        detail = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "f.hide")).one()
    assert detail == '{"post": "bad", "reason": "attack", "verdict": "hide"}'


def test_what_is_left_as_it_is_answers_its_reports(forum: Forum):
    forum.written()
    forum.report(PageClient(forum.app))
    assert forum.decide("mona", verdict="keep").status_code == 303
    assert forum.post().state is PostState.VISIBLE
    [decision], [report] = rows(forum, Decision), rows(forum, Report)
    assert (decision.verdict, decision.reason, report.decision_id) == ("keep", None, decision.id)
    forum.report(PageClient(forum.app))
    assert "1 reported post" in forum.browser("mona").get(f"{forum.desk}queue").text, "a new worry is new"


def test_a_hidden_post_can_be_shown_again(forum: Forum):
    forum.written()
    forum.decide("mona")
    assert forum.decide("olive", verdict="restore").status_code == 303
    assert WORDS in PageClient(forum.app).get(f"{forum.url}t1").text
    assert forum.writer.get(f"{forum.url}posts/bad/hidden").status_code == 404
    assert "hidden a post of yours" not in forum.writer.get(forum.url).text
    assert [each.verdict for each in rows(forum, Decision)] == ["hide", "restore"]


@pytest.mark.parametrize(
    ("said", "status", "problem"),
    [
        ({"verdict": ""}, 422, "Choose what you decide"),
        ({"verdict": "rewrite"}, 422, "Choose from the answers in the list"),
        ({"reason": ""}, 422, "Choose why it is not to be shown"),
        ({"reason": "dislike"}, 422, "Choose why it is not to be shown"),
        ({"verdict": "approve"}, 409, "Somebody else has decided about this post meanwhile"),
        ({"version": "7"}, 409, "The writer has changed this post meanwhile"),
        ({"note": "x" * 1001}, 422, "1,000 characters or fewer"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_changes_nothing(
    sqlite_forum: Forum, said: dict, status: int, problem: str
):
    sqlite_forum.written()
    answer = sqlite_forum.decide("mona", **said)
    assert (answer.status_code, problem in answer.text) == (status, True)
    assert sqlite_forum.post().state is PostState.VISIBLE
    assert rows(sqlite_forum, Decision) == []


def test_of_two_moderators_at_once_one_decides(forum: Forum):
    forum.written()
    clients = [(forum.browser("mona"), "attack"), (forum.browser("olive"), "hate")]
    path = f"{forum.desk}posts/bad"
    forms = [
        (
            client,
            {
                "csrf_token": client.token_from(path),
                "verdict": "hide",
                "reason": why,
                "note": "",
                "version": "1",
            },
        )
        for client, why in clients
    ]
    statuses = at_once(lambda client, form: client.post(path, data=form).status_code, forms)
    assert sorted(statuses) == [303, 409]
    assert len(rows(forum, Decision)) == 1


# --- the answer of the writer


def appealed(forum: Forum, by: str = "mona") -> int:
    forum.written()
    forum.decide(by)
    answer = forum.writer.send(f"{forum.url}posts/bad/hidden", {"words": "It was in the paper."})
    assert answer.status_code == 303
    return rows(forum, Appeal)[-1].id


def test_an_appeal_is_decided_by_another_person_and_its_writer_reads_the_answer(forum: Forum):
    number = appealed(forum, "olive")
    page = forum.writer.get(f"{forum.url}posts/bad/hidden").text
    assert "It was in the paper." in page
    assert "Another person looks at it by" in page
    path = f"{forum.desk}appeals/{number}"
    assert "The decision was yours." in forum.browser("olive").get(f"{forum.desk}queue").text
    assert forum.browser("olive").get(path).status_code == 403
    own = forum.browser("olive")
    said = {"csrf_token": own.any_token(), "outcome": "overturned", "answer": "Fine."}
    assert own.post(path, data=said).status_code == 403
    assert "An officer answers this." in forum.browser("mona").get(f"{forum.desk}queue").text
    assert forum.browser("mona").get(path).status_code == 403
    answered = forum.browser("owen").send(path, {"outcome": "upheld", "answer": "It names a person."})
    assert answered.status_code == 303
    page = forum.writer.get(f"{forum.url}posts/bad/hidden").text
    assert "The decision stands." in page
    assert "It names a person." in page
    assert "Ask another person to look at it" not in page
    assert "Nothing waits." in forum.browser("owen").get(f"{forum.desk}queue").text


def test_an_appeal_that_is_right_brings_the_post_back(forum: Forum):
    number = appealed(forum)
    forum.browser("owen").send(
        f"{forum.desk}appeals/{number}", {"outcome": "overturned", "answer": "You were right."}
    )
    assert WORDS in PageClient(forum.app).get(f"{forum.url}t1").text
    assert [(each.verdict, each.is_on_appeal) for each in rows(forum, Decision)] == [
        ("hide", False),
        ("restore", True),
    ]


def test_while_an_appeal_waits_nobody_decides_about_the_post_in_another_way(sqlite_forum: Forum):
    appealed(sqlite_forum)
    page = sqlite_forum.browser("mona").get(f"{sqlite_forum.desk}posts/bad").text
    assert "The answer to that decides." in page
    assert sqlite_forum.decide("olive", verdict="restore").status_code == 409
    assert sqlite_forum.post().state is PostState.HIDDEN


def test_an_appeal_sent_twice_is_one_and_one_that_was_answered_is_over(sqlite_forum: Forum):
    number = appealed(sqlite_forum)
    hidden = f"{sqlite_forum.url}posts/bad/hidden"
    again = {"csrf_token": sqlite_forum.writer.any_token(), "words": "Once more."}
    assert sqlite_forum.writer.post(hidden, data=again).status_code == 303
    assert len(rows(sqlite_forum, Appeal)) == 1
    sqlite_forum.browser("owen").send(
        f"{sqlite_forum.desk}appeals/{number}", {"outcome": "upheld", "answer": "No."}
    )
    assert sqlite_forum.writer.post(hidden, data=again).status_code == 409
    late = sqlite_forum.browser("owen")
    said = {"csrf_token": late.any_token(), "outcome": "overturned", "answer": "Yes."}
    assert late.post(f"{sqlite_forum.desk}appeals/{number}", data=said).status_code == 409
    assert sqlite_forum.post().state is PostState.HIDDEN


# --- posts that are read first


def test_where_every_post_is_read_first_it_waits_for_everybody_but_its_writer(forum: Forum):
    answer = forum.browser("olive").send(f"{forum.desk}read-first", {"checked": "all"})
    assert answer.status_code == 303
    key = forum.say("Open the shops until eleven.")
    assert forum.post(key).state is PostState.AWAITING
    assert "Open the shops until eleven." not in PageClient(forum.app).get(f"{forum.url}t1").text
    mine = forum.writer.get(f"{forum.url}t1").text
    assert "Open the shops until eleven." in mine
    assert "A moderator reads it by" in mine
    assert "1 post to read first" in forum.browser("mona").get(f"{forum.desk}queue").text
    assert forum.decide("mona", key, verdict="approve").status_code == 303
    assert "Open the shops until eleven." in PageClient(forum.app).get(f"{forum.url}t1").text


def test_a_post_that_is_refused_tells_why_and_can_be_answered(forum: Forum):
    forum.read_first(Checked.ALL)
    key = forum.say("Buy my carpets.")
    forum.decide("mona", key, verdict="refuse", reason="advert")
    page = forum.writer.get(f"{forum.url}posts/{key}/hidden").text
    assert "It sells or advertises something" in page
    assert "Ask another person to look at it" in page


def test_the_first_post_of_each_person_is_read_first_and_later_ones_are_not(forum: Forum):
    forum.read_first(Checked.FIRST)
    key = forum.say("One.")
    assert forum.post(forum.say("Two, before anybody has read the first.")).state is PostState.AWAITING
    forum.decide("mona", key, verdict="approve")
    assert forum.post(forum.say("Three.")).state is PostState.VISIBLE
    otter = forum.other()
    assert forum.post(forum.say("Mine.", otter)).state is PostState.AWAITING


def test_what_was_read_and_then_changed_is_read_again_where_every_post_is(sqlite_forum: Forum):
    sqlite_forum.read_first(Checked.ALL)
    key = sqlite_forum.say("Harmless.")
    sqlite_forum.decide("mona", key, verdict="approve")
    edit = f"{sqlite_forum.url}posts/{key}/edit"
    answer = sqlite_forum.writer.send(edit, {"text": "Harmful.", "version": "1"})
    assert answer.status_code == 303
    assert sqlite_forum.post(key).state is PostState.AWAITING
    assert "Harmful." not in PageClient(sqlite_forum.app).get(f"{sqlite_forum.url}t1").text
    assert sqlite_forum.decide("mona", key, verdict="approve", version="1").status_code == 409


# --- who may post


def test_somebody_who_is_stopped_reads_why_and_keeps_their_survey(forum: Forum):
    forum.written()
    stop = f"{forum.desk}posts/bad/stop"
    assert forum.browser("mona").send(stop, {"told": "You have threatened people."}).status_code == 303
    page = forum.writer.get(forum.url).text
    assert "A moderator has stopped you from posting in this forum." in page
    assert "You have threatened people." in page
    assert forum.writer.get(f"{forum.url}t1/reply").status_code == 403
    blocked = {"csrf_token": forum.writer.any_token(), "to": "", "text": "But I must."}
    assert forum.writer.post(f"{forum.url}t1/reply", data=blocked).status_code == 403
    assert forum.writer.get(f"{forum.url}t1").status_code == 200
    assert forum.writer.get(f"/consultations/{forum.slug}/your-part").status_code in {200, 404}
    assert forum.browser("mona").send(stop, {"told": "Again."}).status_code in {409, 422}
    assert len(rows(forum, Suspension)) == 1
    let = {"csrf_token": (mona := forum.browser("mona")).any_token()}
    assert mona.post(f"{forum.desk}posts/bad/let-post", data=let).status_code == 303
    assert forum.writer.get(f"{forum.url}t1/reply").status_code == 200


def test_what_staff_wrote_stops_nobody(sqlite_forum: Forum):
    assert sqlite_forum.browser("mona").get(f"{sqlite_forum.desk}posts/t1-seed/stop").status_code == 404


# --- the promise, and what became of every post


def test_the_oldest_promise_comes_first_and_a_broken_one_is_marked(sqlite_forum: Forum):
    sqlite_forum.written("old", "Said long ago.", state=PostState.AWAITING, ago=timedelta(days=9))
    sqlite_forum.written("new", "Said just now.", state=PostState.AWAITING, ago=timedelta(minutes=1))
    sqlite_forum.written()
    sqlite_forum.report(PageClient(sqlite_forum.app))
    page = sqlite_forum.browser("mona").get(f"{sqlite_forum.desk}queue").text
    places = [page.index(words) for words in ("Said long ago.", "Said just now.", WORDS)]
    assert places == sorted(places)
    assert page.count(">Late<") == 1


def test_the_statements_of_the_queue_do_not_grow_with_it(sqlite_forum: Forum):
    mona = sqlite_forum.browser("mona")
    sqlite_forum.written("one", state=PostState.AWAITING)
    mona.get(f"{sqlite_forum.desk}queue")
    before = len(mona.statements)
    for n in range(30):
        sqlite_forum.written(f"more-{n}", state=PostState.AWAITING)
        sqlite_forum.written(f"told-{n}")
        sqlite_forum.report(PageClient(sqlite_forum.app), f"told-{n}")
    mona.get(f"{sqlite_forum.desk}queue")
    assert len(mona.statements) == before


@pytest.mark.parametrize("seed", range(3))
def test_after_a_random_hour_every_post_is_accounted_for(sqlite_forum: Forum, seed: int):
    chance, forum = random.Random(seed), sqlite_forum
    keys: list[str] = []
    at = clock.now()
    for step in range(60):
        with clock.frozen(at + timedelta(minutes=step)):
            _one_thing(chance, forum, keys)
    with forum.app.app_context():
        place = forum.place()
        counted, queue = get_account(place), get_queue(place)
        made = db.session.scalar(select(func.count(Post.id)).where(Post.kind == "post"))
        undecided = db.session.scalar(select(func.count(Post.id)).where(Post.state == PostState.AWAITING))
    assert counted.is_complete
    assert counted.made == made
    assert queue.posts == counted.awaiting == undecided
    assert counted.hidden[None] == 0
    page = PageClient(forum.app).get(f"{forum.url}looked-after").text
    assert f">{counted.made}<" in page


def _one_thing(chance: random.Random, forum: Forum, keys: list[str]) -> None:
    what = chance.choice(["write", "write", "wait", "report", "decide", "decide", "withdraw", "appeal"])
    if what in {"write", "wait"} or not keys:
        state = PostState.AWAITING if what == "wait" else PostState.VISIBLE
        keys.append(forum.written(f"k{len(keys)}", f"Post {len(keys)}.", state=state, ago=timedelta()))
        return
    key = chance.choice(keys)
    if what == "report":
        visitor = PageClient(forum.app)
        visitor.post(
            f"{forum.url}posts/{key}/report",
            data={"csrf_token": visitor.any_token(), "concern": "hate", "words": ""},
        )
    elif what == "decide":
        mona = forum.browser("mona")
        verdict = chance.choice(["approve", "refuse", "hide", "restore", "keep"])
        reason = chance.choice(["contact", "attack", "twice"])
        form = {
            "csrf_token": mona.any_token(),
            "verdict": verdict,
            "reason": reason,
            "note": "",
            "version": "1",
        }
        assert mona.post(f"{forum.desk}posts/{key}", data=form).status_code in {303, 409}
    elif what == "withdraw":
        token = forum.writer.any_token()
        forum.writer.post(f"{forum.url}posts/{key}/withdraw", data={"csrf_token": token})
    else:
        token = forum.writer.any_token()
        forum.writer.post(f"{forum.url}posts/{key}/hidden", data={"csrf_token": token, "words": "Why?"})
