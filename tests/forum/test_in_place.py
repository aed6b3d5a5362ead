"""The form under the post that it answers, as a script asks for it; how much others have written since."""

from datetime import timedelta

from sqlalchemy import update

from consult import clock
from consult.accounts.models import ResidentSession
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.checking import Checked
from consult.forum.models import ForumSetting, PostState
from consult.forum.newer_posts import as_text
from tests.making.forum import get_thread, make_post, make_thread, posts_of, reply_form
from tests.page_client import PageClient

HTMX = {"HX-Request": "true"}


def form_at(browser: PageClient, path: str, text: str, to: str = "t1-1", **more: str) -> dict[str, str]:
    return reply_form(browser, f"{path}?to={to}", text, to=to, **more)


def test_a_script_gets_the_form_alone_and_then_the_post_where_the_form_was(sqlite_forum):
    browser, path = sqlite_forum.browser(), sqlite_forum.url + "t1/reply"
    part = browser.get(path + "?to=t1-1", headers=HTMX).text
    assert "<html" not in part
    assert "Your reply to participant 2" in part
    assert 'id="text-t1-1"' in part
    answer = browser.post(path, data=form_at(browser, path, "Posted in place."), headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Posted in place." in answer.text
    assert "In reply to participant 2" in answer.text
    assert 'data-arrived="Posted."' in answer.text
    with sqlite_forum.app.app_context():
        [post] = posts_of(sqlite_forum.heron.participant_id)
    assert f'id="post-{post.key}"' in answer.text


def test_what_cannot_be_posted_comes_back_in_place_with_everything_typed(sqlite_forum):
    browser, path = sqlite_forum.browser(), sqlite_forum.url + "t1/reply"
    for words in ("x" * 2001, "Call 020 7946 0018"):
        answer = browser.post(path, data=form_at(browser, path, words), headers=HTMX)
        assert answer.status_code == 422
        assert "<html" not in answer.text
        assert words + "</textarea>" in answer.text
        assert 'href="#text-t1-1"' in answer.text
    assert "Post it anyway" in answer.text


def test_a_double_click_in_place_is_one_post(sqlite_forum):
    browser, path = sqlite_forum.browser(), sqlite_forum.url + "t1/reply"
    form = form_at(browser, path, "Once.")
    assert browser.post(path, data=form, headers=HTMX).status_code == 200
    again = browser.post(path, data=form, headers=HTMX)
    assert again.status_code == 204
    assert "#post-" in again.headers["HX-Redirect"]
    with sqlite_forum.app.app_context():
        assert len(posts_of(sqlite_forum.heron.participant_id)) == 1


def test_who_may_be_in_danger_is_led_to_help_and_who_waits_is_told(sqlite_forum):
    browser, path = sqlite_forum.browser(), sqlite_forum.url + "t1/reply"
    with sqlite_forum.app.app_context():
        db.session.add(ForumSetting(consultation_id=sqlite_forum.heron.consultation_id, checked=Checked.ALL))
        db.session.commit()
    waiting = browser.post(path, data=form_at(browser, path, "Please read it."), headers=HTMX)
    assert 'data-arrived="Posted. A moderator reads it first."' in waiting.text
    assert "Only you can see this now." in waiting.text
    danger = browser.post(path, data=form_at(browser, path, "I want to kill myself."), headers=HTMX)
    assert danger.status_code == 204
    assert danger.headers["HX-Redirect"].endswith("/support")


def test_a_session_that_has_ended_leads_the_whole_page_to_the_code_and_keeps_the_words(sqlite_forum):
    browser, path = sqlite_forum.browser(), sqlite_forum.url + "t1/reply"
    form = form_at(browser, path, "Typed too late.", keep="typing")
    with sqlite_forum.app.app_context():
        seen = clock.wall() - timedelta(minutes=16)
        db.session.execute(update(ResidentSession).values(last_seen_at=seen))
        db.session.commit()
    answer = browser.post(path, data=form, headers=HTMX)
    assert answer.status_code == 204
    assert "/return" in answer.headers["HX-Redirect"]
    _again = sqlite_forum.browser()
    with sqlite_forum.app.app_context():
        db.session.execute(update(ResidentSession).values(last_seen_at=clock.wall()))
        db.session.commit()
    assert "Typed too late.</textarea>" in sqlite_forum.browser().get(path).text


# --- how much others have written meanwhile


def newer(browser: PageClient, forum, after: str, thread: str = "t1"):
    return browser.get(f"{forum.url}{thread}/newer?after={after}", headers={**HTMX, "X-Background": "1"})


def test_only_what_others_have_posted_since_and_everybody_can_read_is_counted(sqlite_forum):
    browser = sqlite_forum.browser()
    page = browser.get(sqlite_forum.url + "t1").text
    after = page.split("/newer?after=")[1].split('"')[0]
    assert newer(browser, sqlite_forum, after).status_code == 204
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        now = timedelta(seconds=-1)
        make_post(thread, "one", ago=now)
        make_post(thread, "mine", ago=now, by=sqlite_forum.heron.participant_id)
        for state in (PostState.HIDDEN, PostState.AWAITING, PostState.WITHDRAWN):
            make_post(thread, state.value, ago=now, state=state)
    assert "1 new post." in newer(browser, sqlite_forum, after).text
    found = newer(PageClient(sqlite_forum.app), sqlite_forum, after)
    assert "2 new posts." in found.text
    assert "Show them" in found.text
    assert newer(browser, sqlite_forum, as_text(clock.now() + timedelta(days=1))).status_code == 204


def test_a_moment_that_is_none_is_answered_with_nothing_and_a_draft_like_no_thread(sqlite_forum):
    browser = PageClient(sqlite_forum.app)
    for after in ("", "x", "-1", "1e9", "9" * 17, "9" * 16, "²"):
        assert newer(browser, sqlite_forum, after).status_code == 204
    with sqlite_forum.app.app_context():
        make_thread(get_consultation(sqlite_forum.slug), "draft", state=PostState.AWAITING)
    assert newer(browser, sqlite_forum, "0", "draft").status_code == 404
    assert newer(browser, sqlite_forum, "0", "nothing").status_code == 404


def test_asking_costs_little_and_keeps_nobody_signed_in(sqlite_forum):
    browser = sqlite_forum.browser()
    later = clock.wall() + timedelta(minutes=5)
    with clock.frozen(later):
        newer(browser, sqlite_forum, "0")
    asked = [each for each in browser.statements if not each.startswith("BEGIN")]
    of_session = [each for each in asked if "resident_session" in each]
    of_place = [each for each in asked if "FROM consultation" in each or "FROM stage" in each]
    assert len(asked) - len(of_session) - len(of_place) == 1
    assert len(of_place) == 2
    with sqlite_forum.app.app_context():
        [seen] = db.session.scalars(db.select(ResidentSession.last_seen_at))
    assert seen < later - timedelta(minutes=4)
