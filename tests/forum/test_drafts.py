"""Words that were typed and not posted: kept for their writer alone, given back, thrown away."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from werkzeug.datastructures import MultiDict

from consult import clock
from consult.accounts import kept_forms
from consult.consultations.models import Stage, StageKind
from consult.consultations.queries import get_consultation
from consult.consultations.timetable import latch
from consult.db import db
from consult.forum.models import Post, PostState
from consult.forum.rules import POSTS_MOST
from consult.forum.writing_models import PostDraft
from tests.forum.conftest import Forum
from tests.making.forum import get_thread, make_post, posts_of, reply_form, say
from tests.page_client import PageClient, at_once

WORDS = "I wanted to say that the last bus"
TYPING = {"HX-Request": "true"}


def typing(browser: PageClient, forum: Forum, words: str = WORDS, to: str = "", **more: str):
    """What the script sends while somebody types."""
    path = forum.url + "t1/reply"
    form = reply_form(browser, f"{path}?to={to}", words, to=to, keep="typing", **more)
    return browser.post(path, data=form, headers=TYPING)


def drafts(forum: Forum) -> list[PostDraft]:
    with forum.app.app_context():
        return list(db.session.scalars(select(PostDraft).order_by(PostDraft.id)))


def state(forum: Forum, key: str, to: PostState) -> None:
    with forum.app.app_context():
        db.session.execute(update(Post).where(Post.key == key).values(state=to))
        db.session.commit()


def test_what_is_typed_is_kept_sealed_and_given_back_in_the_form(forum):
    browser = forum.browser()
    answer = typing(browser, forum, to="t1-1")
    assert answer.status_code == 200
    assert answer.text.strip().startswith("Draft kept at ")
    [draft] = drafts(forum)
    assert WORDS not in draft.sealed_words
    typing(browser, forum, WORDS + " matters", to="t1-1")
    typing(browser, forum, "To everybody", to="")
    assert len(drafts(forum)) == 2
    page = browser.get(forum.url + "t1/reply?to=t1-1").text
    assert WORDS + " matters</textarea>" in page
    assert "Draft kept on " in page
    assert "To everybody</textarea>" in browser.get(forum.url + "t1").text
    assert "To everybody</textarea>" in browser.get(forum.url + "t1/reply?to=t1-seed").text
    assert "</textarea>" in browser.get(forum.url + "t1/reply?to=t1-2").text


def test_without_scripts_a_button_keeps_it_and_leads_to_the_form_with_the_words(sqlite_forum):
    browser = sqlite_forum.browser()
    form = reply_form(browser, sqlite_forum.url + "t1", WORDS, keep="yes")
    assert "Keep as a draft" in browser.get(sqlite_forum.url + "t1").text
    answer = browser.post(sqlite_forum.url + "t1/reply", data=form)
    assert answer.status_code == 303
    assert WORDS + "</textarea>" in browser.get(answer.location).text
    with sqlite_forum.app.app_context():
        assert posts_of(sqlite_forum.heron.participant_id) == []


def test_what_cannot_be_posted_is_kept_as_a_draft_all_the_same(sqlite_forum):
    browser = sqlite_forum.browser()
    for words in ("x" * 2001, "Call 020 7946 0018"):
        assert typing(browser, sqlite_forum, words).status_code == 200
        assert words + "</textarea>" in browser.get(sqlite_forum.url + "t1").text


def test_emptying_the_text_leaves_nothing(sqlite_forum):
    browser = sqlite_forum.browser()
    typing(browser, sqlite_forum)
    assert typing(browser, sqlite_forum, " ").text.strip() == ""
    assert drafts(sqlite_forum) == []


def test_a_draft_is_gone_when_it_is_posted_and_does_not_come_back_with_the_last_key(sqlite_forum):
    browser = sqlite_forum.browser()
    typing(browser, sqlite_forum, to="t1-1")
    path = sqlite_forum.url + "t1/reply"
    form = reply_form(browser, path + "?to=t1-1", WORDS, to="t1-1")
    assert browser.post(path, data=form).status_code == 303
    assert drafts(sqlite_forum) == []
    late = browser.post(path, data={**form, "keep": "typing"}, headers=TYPING)
    assert late.status_code == 204
    assert drafts(sqlite_forum) == []


def test_twenty_savings_at_once_leave_one_draft(forum):
    browser = forum.browser()
    form = reply_form(browser, forum.url + "t1/reply", WORDS, keep="typing")

    def send(n: int) -> int:
        mine = forum.browser()
        typed = {**form, "csrf_token": mine.any_token(), "text": f"{WORDS} {n}"}
        return mine.post(forum.url + "t1/reply", data=typed, headers=TYPING).status_code

    assert set(at_once(send, [(n,) for n in range(20)])) == {200}
    assert len(drafts(forum)) == 1


def test_a_draft_is_listed_for_its_writer_and_thrown_away(sqlite_forum):
    browser = sqlite_forum.browser()
    typing(browser, sqlite_forum, to="t1-1")
    page = browser.get(sqlite_forum.url + "mine").text
    assert WORDS in page
    assert "Not posted yet" in page
    [draft] = drafts(sqlite_forum)
    path = f"{sqlite_forum.url}drafts/{draft.id}/throw-away"
    _made, other = sqlite_forum.other()
    assert WORDS not in other.get(sqlite_forum.url + "mine").text
    assert WORDS not in other.get(sqlite_forum.url + "t1/reply?to=t1-1").text
    assert other.post(path, data={"csrf_token": other.any_token()}).status_code == 404
    assert len(drafts(sqlite_forum)) == 1
    form = {"csrf_token": browser.any_token(), "once": "a-token-of-one-printed-form"}
    for _double_click in range(2):
        assert browser.post(path, data=form).status_code == 303
    assert drafts(sqlite_forum) == []
    assert WORDS not in browser.get(sqlite_forum.url + "mine").text


@pytest.mark.parametrize("gone", [PostState.HIDDEN, PostState.WITHDRAWN])
def test_a_draft_to_a_post_that_is_not_shown_any_more_keeps_its_words_and_cannot_be_posted_there(
    sqlite_forum, gone
):
    browser = sqlite_forum.browser()
    typing(browser, sqlite_forum, to="t1-1")
    path = sqlite_forum.url + "t1/reply"
    form = reply_form(browser, path + "?to=t1-1", WORDS + " and more", to="t1-1")
    state(sqlite_forum, "t1-1", gone)
    assert browser.post(path, data=form).status_code == 404
    assert browser.post(path, data={**form, "keep": "typing"}, headers=TYPING).status_code == 200
    page = browser.get(path + "?to=t1-1").text
    assert WORDS + " and more" in page
    assert "not shown any more" in page
    assert "I sleep badly" not in page
    assert "<textarea" not in page
    assert "cannot be posted there" in browser.get(sqlite_forum.url + "mine").text


def test_nothing_is_kept_for_a_post_that_is_not_there_or_not_out(sqlite_forum):
    browser = sqlite_forum.browser()
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        make_post(thread, "waits", "Secret words", state=PostState.AWAITING)
    form = reply_form(browser, sqlite_forum.url + "t1", WORDS, keep="typing")
    for to in ("waits", "nothing"):
        sent = browser.post(sqlite_forum.url + "t1/reply", data={**form, "to": to}, headers=TYPING)
        assert sent.status_code == 404
    assert drafts(sqlite_forum) == []


def test_after_the_forum_no_draft_is_shown(sqlite_forum):
    browser = sqlite_forum.browser()
    typing(browser, sqlite_forum)
    with sqlite_forum.app.app_context():
        place = get_consultation(sqlite_forum.slug)
        db.session.execute(
            update(Stage)
            .where(Stage.consultation_id == place.id, Stage.kind == StageKind.FORUM)
            .values(closes_at=clock.now() - timedelta(minutes=1))
        )
        db.session.commit()
    for address in ("mine", "t1"):
        assert WORDS not in browser.get(sqlite_forum.url + address).text
    with sqlite_forum.app.app_context():
        latch(get_consultation(sqlite_forum.slug))  # as the next who writes anything does
        db.session.commit()
    assert drafts(sqlite_forum) == []


def test_what_the_page_held_when_the_session_ended_comes_back_for_the_post_it_was_typed_to(sqlite_forum):
    browser = sqlite_forum.browser()
    typing(browser, sqlite_forum, "Draft to two", to="t1-2")
    path = sqlite_forum.url + "t1/reply"
    with sqlite_forum.app.app_context():
        kept_forms.keep(
            sqlite_forum.heron.participant_id,
            sqlite_forum.heron.consultation_id,
            path,
            MultiDict({"text": "Typed to one", "to": "t1-1"}),
            config=sqlite_forum.app.config["CONSULT"],
        )
        db.session.commit()
    assert "Typed to one</textarea>" in browser.get(path).text
    assert "Typed to one</textarea>" in browser.get(path + "?to=t1-1").text
    assert "Draft to two</textarea>" in browser.get(path + "?to=t1-2").text
    typing(browser, sqlite_forum, "Draft to two, longer", to="t1-2")
    assert "Typed to one</textarea>" in browser.get(path).text  # of another post: it waits on
    typing(browser, sqlite_forum, "Typed to one, longer", to="t1-1")
    assert "Typed to one, longer</textarea>" in browser.get(path + "?to=t1-1").text


def test_a_shared_computer_closes_the_page_of_a_thread_too_and_sends_what_stands_in_the_form(sqlite_forum):
    page = sqlite_forum.browser().get(sqlite_forum.url + "t1").text
    assert 'data-main-form="answer"' in page
    assert f'/hide?here={sqlite_forum.url}t1/reply&amp;idle=1"' in page
    assert f'formaction="/hide?here={sqlite_forum.url}t1/reply"' in page
    _made, own = sqlite_forum.other(is_shared=False)
    assert 'id="idle"' not in own.get(sqlite_forum.url + "t1").text


# --- limits per person, not per address


def test_thirty_people_at_one_address_all_post_within_a_quarter_of_an_hour(sqlite_forum):
    begins = clock.now()
    with sqlite_forum.app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Post))
    for n in range(30):
        _made, browser = sqlite_forum.other(f"Reader {n}")
        with clock.frozen(begins + n * timedelta(seconds=30)):
            path = sqlite_forum.url + "t1/reply"
            assert say(browser, path, f"I am one of thirty, number {n}.").status_code == 303
    with sqlite_forum.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Post)) == before + 30


def test_the_twenty_first_post_of_one_person_is_refused_with_the_text_kept(sqlite_forum):
    browser = sqlite_forum.browser()
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        for n in range(POSTS_MOST - 1):
            make_post(thread, f"mine-{n}", by=sqlite_forum.heron.participant_id, ago=timedelta(minutes=1))
    path = sqlite_forum.url + "t1/reply"
    assert say(browser, path, "The twentieth.").status_code == 303
    for headers in ({}, TYPING):
        form = reply_form(browser, path + "?to=t1-1", "The twenty-first.", to="t1-1")
        answer = browser.post(path, data=form, headers=headers)
        assert answer.status_code == 429
        assert "The twenty-first.</textarea>" in answer.text
        assert "You have posted 20 times in 10 minutes." in answer.text
    with sqlite_forum.app.app_context():
        assert len(posts_of(sqlite_forum.heron.participant_id)) == POSTS_MOST
