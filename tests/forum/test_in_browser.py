"""The forum in a real Chromium: nothing that people typed runs; pages that hold only once are accessible."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread as Worker

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from consult.access import Role
from consult.accounts import current, resident_sessions
from consult.accounts.models import StaffRole
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.models import PostKind, PostState
from tests.checkers.axe import run_axe
from tests.forum.conftest import Forum
from tests.making.accounts import client_as, cookie_of
from tests.making.forum import get_thread, make_draft, make_post, make_thread
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient

pytestmark = pytest.mark.browser

MARK = "window.ranByItself=1"
PAYLOADS = (
    f"<script>{MARK}</script>",
    f"<img src=x onerror={MARK}>",
    f'"><svg onload={MARK}>',
    f"</textarea><script>{MARK}</script>",
    f"</title><script>{MARK}</script>",
    f"' onmouseover='{MARK}' x='",
    f"javascript:{MARK}",
    f'<a href="javascript:{MARK}">press</a>',
    f"<iframe srcdoc='<script>parent.{MARK}</script>'></iframe>",
    "{{ ''.__class__ }}{% for x in y %}${7*7}",
    f"<details open ontoggle={MARK}>",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=" + MARK + ">",
)
# What no page of ours has in its main part.
FOREIGN = ", ".join(
    f"main {each}"
    for each in ("script", "img", "iframe", "math", "[onload]", "[onerror]", "[onmouseover]", "[ontoggle]")
)


@dataclass
class Served:
    """The application behind an address, and browsers of a participant and of an officer in it."""

    base: str
    forum: Forum
    resident: BrowserContext
    officer: BrowserContext


@pytest.fixture
def served(sqlite_forum: Forum, browser: Browser) -> Iterator[Served]:
    app = sqlite_forum.app
    server = make_server("127.0.0.1", 0, app, threaded=True)
    worker = Worker(target=server.serve_forever, daemon=True)
    worker.start()
    base = f"http://127.0.0.1:{server.server_port}"
    with app.app_context():
        place = get_consultation(sqlite_forum.slug)
        db.session.commit()
    officer = client_as(app, Role.OFFICER, place)
    contexts = [_context(browser, base, client) for client in (sqlite_forum.browser(), officer)]
    yield Served(base, sqlite_forum, *contexts)
    for context in contexts:
        context.close()
    server.shutdown()
    worker.join(timeout=10)


def _context(browser: Browser, base: str, client: PageClient) -> BrowserContext:
    context = browser.new_context(base_url=base)
    context.add_cookies([{"name": "session", "value": cookie_of(client), "url": base}])
    return context


def looked_at(context: BrowserContext, path: str) -> tuple[Page, list[str]]:
    """The open page, and what in it ran or was refused by the content policy."""
    page = context.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    page.goto(path)
    for target in page.locator("main a, main button, main summary").all()[:12]:
        target.hover(trial=True, timeout=2000)
    said += ["it ran"] if page.evaluate("window.ranByItself") else []
    said += page.evaluate(f"[...document.querySelectorAll('{FOREIGN}')].map(each => each.outerHTML)")
    return page, said


def test_nothing_that_people_typed_ever_runs(served: Served) -> None:
    forum = served.forum
    with forum.app.app_context():
        place = get_consultation(forum.slug)
        for n, payload in enumerate(PAYLOADS):
            thread = make_thread(place, f"{n}/{payload}"[:100], title=payload, body=payload)
            make_draft(thread, payload, by=forum.heron.participant_id)
            evil = make_resident(place, name=f"{n}{payload}"[:90])
            post = make_post(thread, f"p{n}", payload, by=evil.participant_id)
            make_post(thread, f"q{n}", payload, by=forum.heron.participant_id, parent=post)
            make_post(thread, f"r{n}", f"> {payload}\n{payload}", by=evil.participant_id, parent=post)
        everything = make_thread(place, "all", title=PAYLOADS[0], body=PAYLOADS[1])
        for n, payload in enumerate(PAYLOADS):
            make_post(everything, f"all{n}", payload, kind=PostKind.FACILITATOR, title=payload)
        db.session.commit()
    stranger = served.resident.browser.new_context(base_url=served.base)
    paths = {
        stranger: [forum.url, f"{forum.url}all", f"{forum.url}all/print", f"{forum.url}search?q=window"],
        served.resident: [
            forum.url,
            f"{forum.url}all",
            f"{forum.url}all/reply?to=all1",
            f"{forum.url}mine",
            f"{forum.url}unlike",
            f"{forum.url}search?q=%3Cscript%3Ewindow",
        ],
        served.officer: [
            f"{forum.url}all",
            f"/moderator/{forum.slug}/speak?thread=all&to=all2",
            f"/moderator/{forum.slug}/seeds",
        ],
    }
    for context, addresses in paths.items():
        for path in addresses:
            page, said = looked_at(context, path)
            assert said == [], path
            if path.endswith("/all"):
                assert PAYLOADS[1] in page.inner_text("main")  # shown as it was typed
            page.close()
    page, said = looked_at(stranger, forum.url)
    for link in page.locator(".app-topics a").all():
        opened, ran = looked_at(stranger, str(link.get_attribute("href")))
        assert ran == []
        opened.close()
    stranger.close()


def test_a_page_on_which_something_ran_would_be_found(served: Served) -> None:
    evil = f"<!DOCTYPE html><title>x</title><main>{PAYLOADS[0]}{PAYLOADS[1]}</main>"
    served.resident.route("**/evil", lambda route: route.fulfill(body=evil, content_type="text/html"))
    page, said = looked_at(served.resident, "/evil")
    assert "it ran" in said
    assert any("onerror" in each for each in said)
    page.close()


def test_pages_that_hold_only_once_are_accessible_and_fit(served: Served) -> None:
    forum = served.forum
    with forum.app.app_context():
        place = get_consultation(forum.slug)
        thread = get_thread(place)
        make_post(thread, "my-post", by=forum.heron.participant_id, ago=timedelta(hours=-1))
        parent = None
        for n, state in enumerate(PostState):
            parent = make_post(
                thread, f"s{n}", "x" * 300, parent=parent, by=forum.heron.participant_id, state=state
            )
        for n in range(60):
            make_post(thread, f"n{n}", "A thought.", by=None if n % 7 else forum.heron.participant_id)
        summing = make_place("summarising")
        make_thread(summing, "draft", state=PostState.AWAITING, title="A very long title " * 8)
        waiting = as_resident(forum.app, make_resident(summing))
        db.session.commit()
    with forum.app.app_context():
        staff_id = db.session.scalars(db.select(StaffRole.staff_id)).first()
        db.session.add(StaffRole(staff_id=staff_id, consultation_id=summing.id, role=Role.OFFICER))
        db.session.commit()
    waits = _context(served.resident.browser, served.base, waiting)
    for context, path in (
        (served.resident, f"{forum.url}posts/my-post/edit"),
        (served.resident, f"{forum.url}posts/my-post/withdraw"),
        (served.resident, f"{forum.url}t1?order=newest"),
        (served.resident, f"{forum.url}t1?page=2"),
        (served.resident, f"{forum.url}mine"),
        (waits, f"/consultations/{summing.slug}/forum/"),
        (served.officer, f"/moderator/{summing.slug}/seeds"),
        (served.officer, f"/moderator/{summing.slug}/seeds/draft"),
        (served.officer, f"/moderator/{summing.slug}/seeds/draft/remove"),
        (served.officer, f"/moderator/{summing.slug}/seeds/publish"),
        (served.officer, f"{forum.url}t1"),
    ):
        page = context.new_page()
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path)
            assert run_axe(page) == [], path
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, path
        page.close()
    waits.close()


def test_a_reply_is_written_without_scripts_from_reading_to_standing_there(
    served: Served, browser: Browser
) -> None:
    context = browser.new_context(base_url=served.base, java_script_enabled=False)
    context.add_cookies(served.resident.cookies())
    page = context.new_page()
    page.goto(served.forum.url)
    page.get_by_role("link", name="What people said about opening hours").click()
    page.get_by_role("link", name="Reply to participant 3").click()
    page.get_by_label("What would you say").fill("I work late too.\n\nAnd I sleep late.")
    page.get_by_role("button", name="Post").click()
    assert "#post-" in page.url
    mine = page.locator(f"#{page.url.rpartition('#')[2]}")
    assert "In reply to participant 3" in mine.inner_text()
    assert "And I sleep late." in mine.inner_text()
    mine.get_by_role("link", name="Take back").click()
    page.get_by_role("button", name="Take it back").click()
    assert "You took this back." in page.inner_text("main")
    assert "I work late too." not in page.inner_text("main")
    context.close()


def test_the_number_of_what_is_new_leads_to_the_first_of_it_without_scripts(
    served: Served, browser: Browser
) -> None:
    forum = served.forum
    context = browser.new_context(
        base_url=served.base, java_script_enabled=False, viewport={"width": 320, "height": 600}
    )
    context.add_cookies(served.resident.cookies())
    page = context.new_page()
    page.goto(f"{forum.url}t1")
    with forum.app.app_context():
        thread = get_thread(get_consultation(forum.slug))
        for n in range(60):
            make_post(thread, f"new-{n}", f"A thought, number {n}.", ago=timedelta(seconds=n - 90))
    page.goto(forum.url)
    page.get_by_role("link", name="60 new for you").click()
    first = page.locator("article", has=page.get_by_text("New", exact=True)).first
    expect(first).to_be_in_viewport()
    assert (first.bounding_box() or {})["y"] < 100
    page.get_by_role("link", name="Go to the next new contribution").click()
    following = page.locator(f"#{page.url.rpartition('#')[2]}")
    expect(following).to_be_in_viewport()
    assert "New" in following.inner_text()
    page.reload()
    assert page.get_by_text("New", exact=True).count() > 5
    context.close()


# --- writing, where scripts run


def test_a_reply_is_written_and_posted_under_its_post_by_keyboard_alone(served):
    page = served.resident.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(served.forum.url + "t1")
    before = page.url
    link = page.locator("#post-t1-1 .app-post__acts a").first
    link.focus()
    page.keyboard.press("Enter")
    text = page.locator("[data-in-place] textarea")
    expect(text).to_be_focused()
    assert [str(one) for one in run_axe(page)] == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    link.press("Enter")  # a second time leads to the form that is there
    expect(text).to_be_focused()
    assert page.locator("[data-in-place]").count() == 1
    page.keyboard.type("Call me on 020 7946 0018")
    page.get_by_role("button", name="Post", exact=True).first.press("Enter")
    expect(page.locator("[data-in-place] .govuk-error-summary")).to_be_focused()
    expect(text).to_have_value("Call me on 020 7946 0018")
    text.fill("I sleep as badly as you do.")
    page.get_by_role("button", name="Post", exact=True).first.press("Enter")
    arrived = page.locator("[data-arrived] article")
    expect(arrived).to_be_focused()
    expect(arrived).to_contain_text("I sleep as badly as you do.")
    expect(page.locator("#status-message")).to_have_text("Posted.")
    assert page.locator("[data-in-place]").count() == 0
    assert page.url == before
    assert [str(one) for one in run_axe(page)] == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert [one for one in said if "422" not in one] == []


def test_what_is_typed_is_kept_two_seconds_after_the_last_key_and_is_there_in_another_browser(
    served, browser
):
    page = served.resident.new_page()
    page.goto(served.forum.url + "t1")
    page.locator("#post-t1-2 .app-post__acts a").first.click()
    page.locator("[data-in-place] textarea").press_sequentially("I work late too", delay=5)
    expect(page.locator("[data-in-place] [data-kept]")).to_contain_text("Draft kept at", timeout=10_000)
    page.locator("[data-in-place] textarea").press_sequentially(".")
    page.locator("[data-in-place]").get_by_role("button", name="Keep as a draft").click()
    expect(page.locator("[data-in-place] [data-kept]")).to_contain_text("Draft kept at")
    expect(page.locator("[data-in-place] textarea")).to_have_value("I work late too.")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#post-t1-2 .app-post__acts a").first).to_be_focused()
    elsewhere = _context(browser, served.base, served.forum.browser())
    other = elsewhere.new_page()
    other.goto(served.forum.url + "t1/reply?to=t1-2")
    expect(other.locator("textarea")).to_have_value("I work late too.")
    elsewhere.close()


def test_the_words_that_were_chosen_are_quoted(served):
    page = served.resident.new_page()
    page.goto(served.forum.url + "t1")
    page.evaluate(
        """() => {
          const words = document.querySelector("#post-t1-1 .app-words").firstChild;
          getSelection().setBaseAndExtent(words, 2, words, 13);
        }"""
    )
    page.locator("#post-t1-1 .app-post__acts a").first.press("Enter")
    page.locator("[data-in-place]").get_by_role("button", name="Quote this").click()
    expect(page.locator("[data-in-place] textarea")).to_have_value("> sleep badly\n\n")


def test_new_posts_are_told_once_a_minute_while_the_page_is_in_use(served):
    page = served.resident.new_page()
    page.clock.install()
    page.goto(served.forum.url + "t1")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/newer?" in request.url else None)
    with served.forum.app.app_context():
        make_post(get_thread(get_consultation(served.forum.slug)), "later", ago=timedelta(seconds=-1))
    page.clock.run_for(61_000)
    told = page.locator("[data-newer]")
    expect(told).to_contain_text("1 new post. Show it")
    page.clock.run_for(20 * 60_000)
    assert 14 <= len(asked) <= 16


def test_a_shared_computer_closes_a_topic_and_what_stood_under_a_post_is_there_again(served):
    page = served.resident.new_page()
    page.route("**/reply", lambda route: route.abort())  # the line is down while one types: nothing is kept
    page.clock.install()
    page.goto(served.forum.url + "t1")
    page.locator("#post-t1-1 .app-post__acts a").first.click()
    page.clock.run_for(500)
    text = page.locator("[data-in-place] textarea")
    text.press_sequentially("I was in the middle of")
    with page.expect_response("**/stay"):  # to type is use
        page.clock.run_for("02:05")
    expect(page.locator("#status-message")).to_contain_text("not saved yet")
    with page.expect_navigation(url="**/return?closed=1"):
        page.clock.run_for("15:05")
    _made, client = served.forum.other()
    assert "in the middle" not in client.get(served.forum.url + "t1/reply?to=t1-1").text
    with served.forum.app.app_context():
        again = resident_sessions.begin(
            served.forum.heron.participant_id, served.forum.heron.consultation_id, is_shared=True
        )
        db.session.commit()
    mine = PageClient(served.forum.app)
    with mine.session_transaction() as session:
        session[current.RESIDENT] = again
    assert "I was in the middle of</textarea>" in mine.get(served.forum.url + "t1/reply").text
