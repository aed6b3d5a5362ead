"""Answering, changing an answer, taking it back: by real requests."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from consult import clock
from consult.accounts import kept_forms
from consult.audit.models import AuditEntry
from consult.consultations.models import Stage, StageKind
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.changing import withdraw_all
from consult.forum.models import Post, PostKind, PostState, PostVersion
from consult.forum.rules import POSTS_MOST
from consult.web.once import new_token
from tests.making.forum import find_post, get_thread, make_post, make_thread, posts_of, reply_form, say
from tests.making.places import as_resident, make_resident
from tests.page_client import at_once

TEXT = "I think that the last bus matters more than the last pint."
MINUTE = timedelta(minutes=1)


def mine(forum) -> list[Post]:
    with forum.app.app_context():
        return posts_of(forum.heron.participant_id)


def posted(forum, text: str = TEXT, **more: str) -> Post:
    """A post of the heron's, made by the form."""
    assert say(forum.browser(), forum.url + "t1/reply", text, **more).status_code == 303
    return mine(forum)[-1]


# --- answering


def test_an_answer_stands_under_what_it_answers_and_the_browser_is_led_to_it(forum):
    answer = say(forum.browser(), forum.url + "t1/reply?to=t1-2", TEXT, to="t1-2")
    [post] = mine(forum)
    assert answer.status_code == 303
    assert answer.location == f"{forum.url}t1?post={post.key}#post-{post.key}"
    with forum.app.app_context():
        thread = get_thread(get_consultation(forum.slug))
        assert post.parent_id == find_post(thread, "t1-2").id
    assert (post.kind, post.state, post.body, post.version) == (PostKind.POST, PostState.VISIBLE, TEXT, 1)
    page = forum.browser().get(answer.location).text
    assert TEXT in page
    assert "In reply to participant 3" in page


def test_the_form_at_the_end_of_a_thread_answers_the_whole_of_it(sqlite_forum):
    browser = sqlite_forum.browser()
    form = reply_form(browser, sqlite_forum.url + "t1", TEXT)
    assert browser.post(sqlite_forum.url + "t1/reply", data=form).status_code == 303
    [post] = mine(sqlite_forum)
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        assert post.parent_id == find_post(thread, "t1-seed").id


def test_the_page_of_a_reply_quotes_what_it_answers(sqlite_forum):
    page = sqlite_forum.browser().get(sqlite_forum.url + "t1/reply?to=t1-1").text
    assert "I sleep badly on Fridays." in page
    assert "What would you say to someone who sees this differently?" in page
    assert "with the name that you chose" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write what you want to say"),
        (" \u00a0\u3000\n\n", "Write what you want to say"),
        ("\u200b\u200d\ufeff", "Write what you want to say"),
        ("x" * 2001, "Your post must have 2,000 characters or fewer"),
    ],
)
def test_a_text_that_cannot_be_posted_comes_back_with_what_to_do(sqlite_forum, text, said):
    answer = say(sqlite_forum.browser(), sqlite_forum.url + "t1/reply?to=t1-1", text, to="t1-1")
    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#text"' in answer.text
    assert "I sleep badly on Fridays." in answer.text  # still what it answers
    assert ("x" * 2001 in answer.text) == (len(text) > 2000)
    assert mine(sqlite_forum) == []


def test_the_limit_counts_composed_characters_and_not_bytes_or_line_ends(sqlite_forum):
    longest = "e\u0301" * 1998 + "\r\n" + "😀"
    post = posted(sqlite_forum, longest)
    assert post.body == "é" * 1998 + "\n😀"
    assert len(post.body) == 2000


def test_the_same_form_sent_twenty_times_at_once_is_one_post(forum):
    form = reply_form(forum.browser(), forum.url + "t1/reply", TEXT)

    def send(_n: int) -> tuple[int, str]:
        browser = as_resident(forum.app, forum.heron)
        answer = browser.post(forum.url + "t1/reply", data={**form, "csrf_token": browser.any_token()})
        return answer.status_code, answer.location

    answers = at_once(send, [(n,) for n in range(20)])
    [post] = mine(forum)
    assert set(answers) == {(303, f"{forum.url}t1?post={post.key}#post-{post.key}")}


def test_fifty_people_who_post_at_once_have_fifty_posts(forum):
    with forum.app.app_context():
        place = get_consultation(forum.slug)
        people = [as_resident(forum.app, make_resident(place, name=f"Heron {n}")) for n in range(50)]
    path = forum.url + "t1/reply"
    ready = [(browser, path, reply_form(browser, path, f"{TEXT} {n}")) for n, browser in enumerate(people)]
    answers = at_once(lambda browser, path, form: browser.post(path, data=form), ready)
    for each, answer in zip(ready, answers, strict=True):
        if answer.status_code != 303:  # on SQLite one writes at a time: who waits too long is told so
            browser, _, form = each
            assert (answer.status_code, forum.app.config["CONSULT"].is_sqlite) == (503, True)
            assert browser.post(path, data=form).status_code == 303
    with forum.app.app_context():
        said = db.session.scalars(select(Post.body).where(Post.body.startswith(TEXT))).all()
    assert sorted(said) == sorted(f"{TEXT} {n}" for n in range(50))


def test_a_form_without_its_token_posts_nothing(sqlite_forum):
    answer = say(sqlite_forum.browser(), sqlite_forum.url + "t1/reply", TEXT, once="")
    assert answer.status_code == 422
    assert TEXT in answer.text
    assert mine(sqlite_forum) == []


def _send_new(forum, text: str) -> int:
    browser = as_resident(forum.app, forum.heron)
    data = {"csrf_token": browser.any_token(), "once": new_token(), "to": "", "text": text}
    return browser.post(forum.url + "t1/reply", data=data).status_code


def test_twenty_posts_in_ten_minutes_are_enough_also_when_they_come_together(forum):
    with forum.app.app_context():
        thread = get_thread(get_consultation(forum.slug))
        for n in range(POSTS_MOST - 4):
            make_post(thread, f"mine-{n}", by=forum.heron.participant_id, ago=n * timedelta(seconds=10))
    statuses = at_once(lambda n: _send_new(forum, f"{TEXT} {n}"), [(n,) for n in range(10)])
    assert sorted(statuses) == [303] * 4 + [429] * 6
    assert len(mine(forum)) == POSTS_MOST


def test_whoever_posts_too_often_keeps_the_text_and_is_told_how_long_to_wait(sqlite_forum):
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        for n in range(POSTS_MOST):
            make_post(thread, f"mine-{n}", by=sqlite_forum.heron.participant_id, ago=6 * MINUTE)
    browser = sqlite_forum.browser()
    answer = say(browser, sqlite_forum.url + "t1/reply?to=t1-1", TEXT, to="t1-1")
    assert answer.status_code == 429
    assert 200 <= int(answer.headers["Retry-After"]) <= 240
    assert "You have posted 20 times in 10 minutes. Wait 4 minutes" in answer.text
    assert TEXT in answer.text
    with clock.frozen(clock.now() + 5 * MINUTE):
        assert say(browser, sqlite_forum.url + "t1/reply", TEXT).status_code == 303


def test_another_person_may_still_post(sqlite_forum):
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        for n in range(POSTS_MOST):
            make_post(thread, f"mine-{n}", by=sqlite_forum.heron.participant_id, ago=MINUTE)
    _made, browser = sqlite_forum.other()
    assert say(browser, sqlite_forum.url + "t1/reply", TEXT).status_code == 303


@pytest.mark.parametrize("state", [PostState.HIDDEN, PostState.WITHDRAWN, PostState.AWAITING])
def test_what_cannot_be_read_cannot_be_answered_and_the_text_comes_back(sqlite_forum, state):
    browser = sqlite_forum.browser()
    path = sqlite_forum.url + "t1/reply?to=t1-1"
    form = reply_form(browser, path, TEXT, to="t1-1")
    with sqlite_forum.app.app_context():
        db.session.execute(update(Post).where(Post.key == "t1-1").values(state=state))
        db.session.commit()
    answer = browser.post(path, data=form)
    assert answer.status_code == 404
    assert TEXT in answer.text
    assert browser.get(path).status_code == 404
    assert mine(sqlite_forum) == []


def test_only_a_post_of_the_same_thread_can_be_answered(sqlite_forum):
    with sqlite_forum.app.app_context():
        here = get_consultation(sqlite_forum.slug)
        elsewhere = make_post(make_thread(here, "t2"), "t2-1")
        number = find_post(get_thread(here), "t1-1").id
        wrong = ["t2-1", "t2-seed", f"~{elsewhere.id}", f"~{number}", "nothing", "x" * 500, "t1-1'--"]
    browser = sqlite_forum.browser()
    for to in wrong:
        assert say(browser, sqlite_forum.url + "t1/reply", TEXT, to=to).status_code == 404, to
    assert say(browser, sqlite_forum.url + "t1/reply", TEXT, to=" t1-1 ").status_code == 303


def test_where_the_beginning_was_taken_back_one_can_still_speak_to_the_thread(sqlite_forum):
    with sqlite_forum.app.app_context():
        db.session.execute(update(Post).where(Post.key == "t1-seed").values(state=PostState.WITHDRAWN))
        db.session.commit()
    assert posted(sqlite_forum).parent_id is None


def test_links_and_markup_stay_text(sqlite_forum):
    text = "See https://example.org/a <b>now</b> & [this](javascript:alert(1))\n\nSecond paragraph {{7*7}}"
    post = posted(sqlite_forum, text)
    assert post.body == text
    page = sqlite_forum.browser().get(sqlite_forum.url + "t1").text
    assert "See https://example.org/a &lt;b&gt;now&lt;/b&gt; &amp; [this](javascript:alert(1))" in page
    assert not re.search(r"<a [^>]*example\.org", page)
    assert "Second paragraph {{7*7}}" in page


# --- what somebody could be found by


def test_what_looks_like_contact_data_is_asked_about_once_and_then_posted(sqlite_forum):
    browser = sqlite_forum.browser()
    text = "My name is Ann Smith, 07700 900123, ann@example.org"
    asked = say(browser, sqlite_forum.url + "t1/reply?to=t1-1", text, to="t1-1")
    assert asked.status_code == 422
    assert "looks as if it has an e-mail address in it" in asked.text
    assert text in asked.text
    assert 'name="anyway"' in asked.text
    assert mine(sqlite_forum) == []
    answer = say(browser, sqlite_forum.url + "t1/reply", text, to="t1-1", anyway="yes")
    assert answer.status_code == 303
    assert [post.body for post in mine(sqlite_forum)] == [text]


def test_a_text_that_suggests_danger_is_posted_and_leads_to_help(sqlite_forum):
    answer = say(sqlite_forum.browser(), sqlite_forum.url + "t1/reply", "Some nights I want to die.")
    assert answer.location == f"/consultations/{sqlite_forum.slug}/support"
    [post] = mine(sqlite_forum)
    assert post.state is PostState.VISIBLE
    with sqlite_forum.app.app_context():
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "f.post"))
    assert "safeguarding" in entry.detail
    assert "die" not in entry.detail


# --- at the end of the stage


def _closes(forum, difference: timedelta) -> None:
    with forum.app.app_context():
        db.session.execute(
            update(Stage).where(Stage.kind == StageKind.FORUM).values(closes_at=clock.now() + difference)
        )
        db.session.commit()


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (timedelta(seconds=50), 303),
        (timedelta(seconds=70), 303),
        (timedelta(minutes=30, seconds=59), 303),
        (timedelta(minutes=31, seconds=1), 403),
    ],
)
def test_a_post_that_was_begun_in_time_is_taken_for_half_an_hour(sqlite_forum, later, status):
    now = clock.now()
    with clock.frozen(now):
        _closes(sqlite_forum, MINUTE)
        browser = sqlite_forum.other(is_shared=False)[1]
        form = reply_form(browser, sqlite_forum.url + "t1/reply", TEXT)
    with clock.frozen(now + later):
        answer = browser.post(sqlite_forum.url + "t1/reply", data=form)
        assert answer.status_code == status
        assert (TEXT in answer.text) == (status == 403)  # handed back


def test_a_form_that_was_opened_afterwards_or_by_somebody_else_is_not_in_time(sqlite_forum):
    now = clock.now()
    with clock.frozen(now):
        _closes(sqlite_forum, MINUTE)
        browser = sqlite_forum.browser()
        form = reply_form(browser, sqlite_forum.url + "t1/reply", TEXT)
    with clock.frozen(now + 2 * MINUTE):
        assert browser.get(sqlite_forum.url + "t1/reply").status_code == 403
        for stamp in ("", "rubbish", form["opened"] + "x"):
            answer = browser.post(sqlite_forum.url + "t1/reply", data={**form, "opened": stamp})
            assert answer.status_code == 403
            assert TEXT in answer.text
        _made, another = sqlite_forum.other()
        stolen = {**form, "csrf_token": another.any_token()}
        assert another.post(sqlite_forum.url + "t1/reply", data=stolen).status_code == 403
    with sqlite_forum.app.app_context():
        assert db.session.scalar(select(Post).where(Post.body == TEXT)) is None


def test_a_late_form_with_a_mistake_can_be_mended_and_sent(sqlite_forum):
    now = clock.now()
    with clock.frozen(now):
        _closes(sqlite_forum, MINUTE)
        browser = sqlite_forum.browser()
        form = reply_form(browser, sqlite_forum.url + "t1/reply", "")
    with clock.frozen(now + 5 * MINUTE):
        answer = browser.post(sqlite_forum.url + "t1/reply", data=form)
        assert answer.status_code == 422
        assert f'name="opened" value="{form["opened"]}"' in answer.text
        form["text"] = TEXT
        assert browser.post(sqlite_forum.url + "t1/reply", data=form).status_code == 303


def test_what_was_typed_into_an_expired_page_is_there_again_after_the_code(sqlite_forum):
    path = f"{sqlite_forum.url}t1/reply"
    with sqlite_forum.app.app_context():
        kept_forms.keep(
            sqlite_forum.heron.participant_id,
            sqlite_forum.heron.consultation_id,
            path,
            MultiDict({"to": "t1-1", "text": TEXT}),
            config=sqlite_forum.app.config["CONSULT"],
        )
        db.session.commit()
    browser = sqlite_forum.browser()
    page = browser.get(path).text
    assert TEXT in page
    assert "I sleep badly on Fridays." in page
    assert say(browser, path, TEXT, to="t1-1").status_code == 303
    assert TEXT not in browser.get(path).text


# --- changing


def edit(forum, post: Post, text: str, *, browser=None, version: int | None = None, **more: str):
    browser = browser or forum.browser()
    path = f"{forum.url}posts/{post.key}/edit"
    data = {"csrf_token": browser.any_token(), "text": text, "version": str(version or post.version), **more}
    return browser.post(path, data=data)


def test_a_post_can_be_changed_and_says_so_and_what_it_said_is_kept(forum):
    post = posted(forum)
    page = forum.browser().get(f"{forum.url}posts/{post.key}/edit").text
    assert TEXT in page
    answer = edit(forum, post, "I have thought again.")
    assert answer.location == f"{forum.url}t1?post={post.key}#post-{post.key}"
    [changed] = mine(forum)
    assert (changed.body, changed.version) == ("I have thought again.", 2)
    with forum.app.app_context():
        [before] = db.session.scalars(select(PostVersion))
        assert (before.version, before.body) == (1, TEXT)
    page = forum.browser().get(answer.location).text
    assert "changed" in page
    assert TEXT not in page


def test_two_windows_do_not_overwrite_each_other(forum):
    post = posted(forum)
    assert edit(forum, post, "First window.").status_code == 303
    answer = edit(forum, post, "The second window, which knew nothing of it.", version=1)
    assert answer.status_code == 409
    assert "The second window, which knew nothing of it." in answer.text
    assert mine(forum)[0].body == "First window."


def test_saving_the_same_change_twice_has_one_effect(forum):
    post = posted(forum)
    answers = at_once(lambda _n: edit(forum, post, "Once.").status_code, [(n,) for n in range(6)])
    assert set(answers) <= {303, 409}
    assert 303 in answers
    assert edit(forum, post, "Once.").status_code == 303
    [changed] = mine(forum)
    assert (changed.body, changed.version) == ("Once.", 2)


def test_after_a_quarter_of_an_hour_a_post_stays_as_it_is(sqlite_forum):
    now = clock.now()
    with clock.frozen(now):
        post = posted(sqlite_forum)
    with clock.frozen(now + 15 * MINUTE - timedelta(seconds=1)):
        assert edit(sqlite_forum, post, "Just in time.").status_code == 303
    with clock.frozen(now + 15 * MINUTE):
        browser = sqlite_forum.other()[1]
        assert edit(sqlite_forum, post, "Too late.", browser=browser).status_code == 404
    made = sqlite_forum.heron
    with clock.frozen(now + 14 * MINUTE):
        browser = as_resident(sqlite_forum.app, made)
        browser.get(sqlite_forum.url)  # keeps the session
    with clock.frozen(now + 16 * MINUTE):
        path = f"{sqlite_forum.url}posts/{post.key}/edit"
        assert browser.get(path).status_code == 403
        answer = edit(sqlite_forum, post, "Far too late, I am afraid.", browser=browser, version=2)
        assert answer.status_code == 403
        assert "Far too late, I am afraid." in answer.text
        assert f"posts/{post.key}/edit" not in browser.get(sqlite_forum.url + "t1").text
    assert mine(sqlite_forum)[0].body == "Just in time."


@pytest.mark.parametrize("data", [{"text": ""}, {"text": "x" * 2001}, {"text": "Call 020 7946 0018"}])
def test_a_change_meets_the_same_rules_as_a_new_post(sqlite_forum, data):
    post = posted(sqlite_forum)
    answer = edit(sqlite_forum, post, **data)
    assert answer.status_code == 422
    assert mine(sqlite_forum)[0].body == TEXT


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 12, "1.5"])
def test_a_version_that_is_none_changes_nothing(sqlite_forum, version):
    post = posted(sqlite_forum)
    browser = sqlite_forum.browser()
    data = {"csrf_token": browser.any_token(), "text": "Other words.", "version": version}
    assert browser.post(f"{sqlite_forum.url}posts/{post.key}/edit", data=data).status_code in {409, 422}
    assert mine(sqlite_forum)[0].body == TEXT


# --- taking back


def test_a_post_is_taken_back_after_being_asked_and_its_words_are_on_no_page(forum):
    post = posted(forum)
    _made, other = forum.other()
    assert say(other, f"{forum.url}t1/reply?to={post.key}", "I answer that.", to=post.key).status_code == 303
    browser = forum.browser()
    path = f"{forum.url}posts/{post.key}/withdraw"
    assert TEXT in browser.get(path).text
    for _again in range(2):
        answer = browser.post(path, data={"csrf_token": browser.any_token()})
        assert answer.status_code == 303
    assert mine(forum)[0].state is PostState.WITHDRAWN
    for client in (browser, other):
        for address in ("", "t1", "t1?order=newest", "mine"):
            assert TEXT not in client.get(forum.url + address).text
    page = other.get(forum.url + "t1").text
    assert "The writer took this back." in page
    assert "I answer that." in page
    assert "You have taken this post back." in browser.get(path).text
    with forum.app.app_context():
        assert find_post(get_thread(get_consultation(forum.slug)), post.key).body == TEXT  # kept as evidence


def test_what_a_moderator_has_hidden_cannot_be_taken_back(sqlite_forum):
    post = posted(sqlite_forum)
    with sqlite_forum.app.app_context():
        db.session.execute(update(Post).where(Post.id == post.id).values(state=PostState.HIDDEN))
        db.session.commit()
    browser = sqlite_forum.browser()
    path = f"{sqlite_forum.url}posts/{post.key}/withdraw"
    page = browser.get(path).text
    assert "A moderator has hidden this post." in page
    assert TEXT not in page
    assert browser.post(path, data={"csrf_token": browser.any_token()}).status_code == 409
    assert edit(sqlite_forum, post, "Other words.").status_code == 403


@pytest.mark.parametrize("deed", ["edit", "withdraw"])
def test_nobody_touches_somebody_elses_post_or_knows_of_it(sqlite_forum, deed):
    post = posted(sqlite_forum)
    _made, other = sqlite_forum.other()
    with sqlite_forum.app.app_context():
        number = find_post(get_thread(get_consultation(sqlite_forum.slug)), post.key).id
    for named in (post.key, f"~{number}", "t1-1", "t1-seed", "nothing"):
        path = f"{sqlite_forum.url}posts/{named}/{deed}"
        assert other.get(path).status_code == 404
        data = {"csrf_token": other.any_token(), "text": "Not mine.", "version": "1"}
        assert other.post(path, data=data).status_code == 404
    assert mine(sqlite_forum)[0].body == TEXT


def test_whoever_leaves_takes_everything_back_at_once(sqlite_forum):
    post = posted(sqlite_forum)
    with sqlite_forum.app.app_context():
        withdraw_all(sqlite_forum.heron.participant_id)
        db.session.commit()
    assert mine(sqlite_forum)[0].state is PostState.WITHDRAWN
    assert TEXT not in sqlite_forum.other()[1].get(f"{sqlite_forum.url}t1?post={post.key}").text


# --- one's own page


def test_ones_own_page_has_what_one_wrote_and_what_others_answered(sqlite_forum):
    post = posted(sqlite_forum)
    made, other = sqlite_forum.other()
    say(other, f"{sqlite_forum.url}t1/reply?to={post.key}", "I see that differently.", to=post.key)
    say(sqlite_forum.browser(), f"{sqlite_forum.url}t1/reply", "And to myself.", to=post.key)
    page = sqlite_forum.browser().get(sqlite_forum.url + "mine").text
    answers, own = page.split("<h2")[1:3]
    assert "I see that differently." in answers
    assert "And to myself." not in answers
    assert TEXT in own
    assert "And to myself." in own
    theirs = other.get(sqlite_forum.url + "mine").text
    assert "Nobody has replied to you yet." in theirs
    assert made.participant_id != sqlite_forum.heron.participant_id


def test_ones_own_page_costs_the_same_statements_however_much_one_wrote(sqlite_forum):
    browser = sqlite_forum.browser()
    browser.get(sqlite_forum.url + "mine")
    before = len(browser.statements)
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        for n in range(30):
            first = make_post(thread, f"mine-{n}", by=sqlite_forum.heron.participant_id)
            make_post(thread, f"answer-{n}", parent=first)
    browser.get(sqlite_forum.url + "mine")
    assert len(browser.statements) == before
