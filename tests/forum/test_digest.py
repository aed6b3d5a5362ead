"""E-mails that tell of replies: asked for, one a day, about nothing, stopped by whoever has them."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.consultations.models import Membership
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.errors import Conflict
from consult.forum.digest_sending import Run, send_digests
from consult.forum.models import Post, PostState
from consult.forum.writing_models import Digest, PostDraft
from consult.home import Config
from consult.moderation.models import Decision
from consult.moderation.rules import Verdict
from consult.web.mail import relay
from tests.conftest import SECRET
from tests.forum.conftest import Forum
from tests.making.accounts import make_staff
from tests.making.forum import find_post, get_thread, make_draft, make_post
from tests.making.mail import MailServer, mail_server
from tests.page_client import PageClient, at_once

ADDRESS = "quiet.heron@mail.example"
WORDS = "I say something about the last bus."
TOMORROW = timedelta(days=1)


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def config_of(forum: Forum, mails: MailServer) -> Config:
    config: Config = forum.app.config["CONSULT"]
    return replace(
        config, mail_server=mails.url, mail_from="council@abbeyford.example", base_url="https://a.example"
    )


def ask(forum: Forum, address: str = ADDRESS):
    browser = forum.browser()
    return browser.send(forum.url + "mail", {"address": address})


def reply(forum: Forum, key: str = "reply", *, ago: timedelta = -timedelta(hours=1), **more) -> None:
    """Somebody answers the heron's own post, an hour from now."""
    with forum.app.app_context():
        thread = get_thread(get_consultation(forum.slug))
        mine = db.session.scalar(select(Post).where(Post.key == "mine"))
        mine = mine or make_post(thread, "mine", WORDS, by=forum.heron.participant_id)
        make_post(thread, key, WORDS, parent=mine, ago=ago, **more)


def run(forum: Forum, mails: MailServer, later: timedelta = TOMORROW) -> Run:
    config = config_of(forum, mails)
    with forum.app.app_context(), clock.frozen(clock.now() + later):
        return send_digests(lambda: relay(config), config=config)


def digests(forum: Forum) -> list[Digest]:
    with forum.app.app_context():
        return list(db.session.scalars(select(Digest)))


def test_who_asked_for_it_is_told_once_a_day_of_replies_and_of_nothing_else(forum, mails):
    assert ask(forum).status_code == 303
    reply(forum)
    reply(forum, "second")
    assert run(forum, mails, timedelta(0)).sent == 0  # not on the day on which it was asked for
    assert run(forum, mails).sent == 1
    assert run(forum, mails).sent == 0
    assert run(forum, mails, 2 * TOMORROW).sent == 0  # nothing new
    [(to, mail)] = mails.taken
    assert to == ADDRESS
    assert mail["Subject"] == "Consultations: there is something new for you"
    text = mail.get_content().replace("\r\n", "\n")
    assert "There are 2 new replies to what you wrote." in text
    assert "\nhttps://a.example/return\n" in text
    everything = mail.as_string() + text
    for secret in (forum.slug, "Late hours", "bus", "opening hours", "Heron", "t1", "mine"):
        assert secret not in everything
    stop = mail["List-Unsubscribe"]
    assert re.fullmatch(r"<https://a\.example/stop-mail/[0-9a-f]{64}>", stop)
    assert stop[1:-1] in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"\r\nList-Unsubscribe: {stop}\r\n".encode() in mails.raw[0]  # in one piece
    [row] = digests(forum)
    token = stop[1:-1].rpartition("/")[2]
    assert token not in repr(vars(row))
    assert ADDRESS not in repr(vars(row))


def test_only_what_is_new_and_everybody_can_read_and_somebody_else_wrote_counts(sqlite_forum, mails):
    ask(sqlite_forum)
    mine = sqlite_forum.heron.participant_id
    reply(sqlite_forum, "own", by=mine)
    for state in (PostState.HIDDEN, PostState.AWAITING, PostState.WITHDRAWN):
        reply(sqlite_forum, state.value, state=state)
    reply(sqlite_forum, "old", ago=timedelta(days=2))
    assert run(sqlite_forum, mails).sent == 0
    reply(sqlite_forum, "seen", ago=timedelta(seconds=1))
    sqlite_forum.browser().get(sqlite_forum.url + "t1")
    assert run(sqlite_forum, mails).sent == 0
    reply(sqlite_forum, "new")
    assert run(sqlite_forum, mails).sent == 1
    assert "There is 1 new reply" in mails.taken[0][1].get_content()


def test_a_reply_that_waited_for_a_moderator_is_told_of_when_it_is_let_through(sqlite_forum, mails):
    ask(sqlite_forum)
    reply(sqlite_forum, "waited", state=PostState.AWAITING)
    reply(sqlite_forum, "first")
    assert run(sqlite_forum, mails).sent == 1
    with sqlite_forum.app.app_context():
        place = get_consultation(sqlite_forum.slug)
        post = find_post(get_thread(place), "waited")
        post.state = PostState.VISIBLE
        columns = {"consultation_id": place.id, "post_id": post.id, "post_version": 1}
        decider, at = make_staff("m@abbeyford.example").id, clock.now() + 1.5 * TOMORROW
        decided = {"staff_id": decider, "decided_at": at}
        db.session.add(Decision(verdict=Verdict.APPROVE, **columns, **decided))
        db.session.commit()
    assert run(sqlite_forum, mails, 2 * TOMORROW).sent == 1
    assert "There is 1 new reply" in mails.taken[1][1].get_content()


def test_two_runs_at_once_send_one_mail(forum, mails):
    ask(forum)
    reply(forum)
    config = config_of(forum, mails)

    def once(_n: int) -> int:
        with forum.app.app_context():
            return send_digests(lambda: relay(config), config=config).sent

    with clock.frozen(clock.now() + TOMORROW):
        assert sum(at_once(once, [(n,) for n in range(4)])) == 1
    assert len(mails.taken) == 1


def test_what_the_server_refuses_is_tried_again_and_what_it_may_have_taken_is_not(sqlite_forum, mails):
    ask(sqlite_forum)
    reply(sqlite_forum)
    mails.says = b"451 try later"
    assert run(sqlite_forum, mails).refused == 1
    mails.says = b"250 taken"
    assert run(sqlite_forum, mails).sent == 1
    reply(sqlite_forum, "more", ago=-2 * TOMORROW)
    mails.says = b"not an answer"
    assert run(sqlite_forum, mails, 3 * TOMORROW).sent == 0
    mails.says = b"250 taken"
    run(sqlite_forum, mails, 3 * TOMORROW)
    assert len(mails.taken) <= 2


def test_a_server_that_is_away_costs_nothing_and_no_password_is_shown(sqlite_forum, mails):
    ask(sqlite_forum)
    reply(sqlite_forum)
    config = replace(config_of(sqlite_forum, mails), mail_server="smtp://me:hunter2@127.0.0.1:9")
    at = clock.now() + TOMORROW
    with sqlite_forum.app.app_context(), clock.frozen(at), pytest.raises(Conflict) as refused:
        send_digests(lambda: relay(config), config=config)
    assert "hunter2" not in str(refused.value)
    assert run(sqlite_forum, mails).sent == 1


def test_a_run_that_is_killed_while_it_sends_sends_nobody_two(sqlite_forum, mails):
    ask(sqlite_forum)
    reply(sqlite_forum, ago=-timedelta(minutes=1))
    with sqlite_forum.app.app_context():
        db.session.execute(update(Digest).values(sent_on=(clock.now() - TOMORROW).date()))
        db.session.commit()
    env = {
        **os.environ,
        "CONSULT_DATABASE_URL": sqlite_forum.app.config["SQLALCHEMY_DATABASE_URI"],
        "CONSULT_SECRET_KEY": SECRET,
        "CONSULT_MAIL_SERVER": mails.url,
        "CONSULT_MAIL_FROM": "council@abbeyford.example",
    }
    command = [sys.executable, "-m", "consult", "send"]
    mails.holds.clear()
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        assert mails.arrived.wait(60)
        first.send_signal(signal.SIGKILL)
    mails.holds.set()
    assert run(sqlite_forum, mails, timedelta(0)).sent == 0
    assert len(mails.taken) <= 1


# --- stopping


def test_one_press_stops_it_signed_out_and_looking_at_the_link_does_not(forum, mails):
    ask(forum)
    reply(forum)
    run(forum, mails)
    path = "/stop-mail/" + mails.taken[0][1]["List-Unsubscribe"][1:-1].rpartition("/")[2]
    stranger = PageClient(forum.app)
    page = stranger.get(path)
    assert "Stop these e-mails" in page.text
    assert len(digests(forum)) == 1
    for _again in range(2):
        answer = stranger.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "You get no more of these e-mails" in answer.text
        assert ADDRESS not in answer.text
    assert digests(forum) == []
    reply(forum, "later", ago=-2 * TOMORROW)
    assert run(forum, mails, 3 * TOMORROW).sent == 0
    nobodys = stranger.post("/stop-mail/" + "0" * 64)
    assert (nobodys.status_code, nobodys.text.count("no more")) == (200, answer.text.count("no more"))
    for wrong in ("x", "0" * 63, "G" * 64):
        assert stranger.get("/stop-mail/" + wrong).status_code == 404


def test_it_is_stopped_on_the_page_and_by_wanting_no_messages_and_by_leaving(sqlite_forum):
    browser = sqlite_forum.browser()
    about_me = f"/consultations/{sqlite_forum.slug}/about-me/"
    ends = (
        (sqlite_forum.url + "mail", {"stop": "yes"}),
        (about_me + "agreed", {"quote": "yes", "messages": "no"}),
        (about_me + "withdraw", {"answers": "keep", "confirmed": "yes"}),
    )
    for path, typed in ends:
        assert ask(sqlite_forum).status_code == 303
        page = browser.get(sqlite_forum.url + "mail").text
        assert "ends in .example" in page
        assert ADDRESS not in page
        with sqlite_forum.app.app_context():
            assert db.session.scalars(select(Membership.messages)).one()
        assert browser.send(path, typed).status_code == 303
        assert digests(sqlite_forum) == []


@pytest.mark.parametrize(
    "typed", ["", "heron", "a@b", "a@b.example\r\nBcc: c@d.example", "x" * 300 + "@b.example"]
)
def test_what_is_no_address_comes_back(sqlite_forum, typed):
    answer = ask(sqlite_forum, typed)
    assert answer.status_code == 422
    assert "Enter an e-mail address, like name@example.org" in answer.text
    assert digests(sqlite_forum) == []


def test_another_address_gets_no_second_mail_on_the_same_day(sqlite_forum, mails):
    ask(sqlite_forum)
    reply(sqlite_forum)
    assert run(sqlite_forum, mails).sent == 1
    ask(sqlite_forum, "other@mail.example")
    reply(sqlite_forum, "more", ago=-1.1 * TOMORROW)
    assert run(sqlite_forum, mails).sent == 0
    assert run(sqlite_forum, mails, 2 * TOMORROW).sent == 1
    assert mails.taken[-1][0] == "other@mail.example"


def test_a_day_after_the_forum_addresses_and_drafts_are_gone(sqlite_forum, mails):
    ask(sqlite_forum)
    reply(sqlite_forum)
    with sqlite_forum.app.app_context():
        place = get_consultation(sqlite_forum.slug)
        make_draft(get_thread(place), by=sqlite_forum.heron.participant_id)
        closes = next(stage.closes_at for stage in place.stages if stage.kind == "forum")
        until = closes - clock.now()
    assert run(sqlite_forum, mails, until + timedelta(hours=1)).sent == 0
    assert len(digests(sqlite_forum)) == 1
    run(sqlite_forum, mails, until + timedelta(days=2))
    assert digests(sqlite_forum) == []
    with sqlite_forum.app.app_context():
        assert db.session.scalars(select(PostDraft)).all() == []
