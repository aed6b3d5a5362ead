"""Reading the forum: what stands on its pages, for whom, and what it costs."""

import time
from datetime import timedelta

import brotli
import pytest
from flask import Flask
from sqlalchemy import select, update

from consult import clock
from consult.access import Role
from consult.accounts.models import StaffRole
from consult.consultations.models import Consultation, Membership, State
from consult.consultations.rehearsing import rehearsing
from consult.db import db
from consult.forum import queries, seeding, visits
from consult.forum.models import Exposure, Post, PostKind, PostState, Thread
from consult.forum.reading import note_reading
from tests.making.accounts import client_as
from tests.making.forum import find_post, get_thread, make_many, make_post, make_thread, say
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.page_client import PageClient

MINUTE = timedelta(minutes=1)


def forum_of(slug: str) -> str:
    return f"/consultations/{slug}/forum/"


@pytest.fixture
def place(sqlite_app: Flask) -> str:
    with sqlite_app.app_context():
        return make_place("forum").slug


def resident_of(
    app: Flask, slug: str, name: str = "Quiet Heron", **more: object
) -> tuple[MadeResident, PageClient]:
    with app.app_context():
        made = make_resident(consultation(slug), name=name, **more)
    return made, as_resident(app, made)


def consultation(slug: str) -> Consultation:
    return db.session.scalars(select(Consultation).where(Consultation.slug == slug)).one()


# --- the list of topics


def test_the_forum_lists_topics_with_what_was_said_in_each(sqlite_app, place):
    with sqlite_app.app_context():
        make_thread(consultation(place), "t2", title="Buses at night")
    page = PageClient(sqlite_app).get(forum_of(place)).text
    assert "What people said about opening hours" in page
    assert "2 contributions" in page
    assert "Buses at night" in page
    assert "new for you" not in page


def test_topics_that_nobody_has_answered_are_shown_by_themselves_to_those_who_can(sqlite_app, place):
    with sqlite_app.app_context():
        make_thread(consultation(place), "t2", title="Buses at night")
    _made, browser = resident_of(sqlite_app, place)
    page = browser.get(forum_of(place)).text
    heading = page.index("Nobody has answered these yet")
    assert heading < page.index("Buses at night") < page.index(">Topics<") < page.index("opening hours")
    assert "Nobody has answered these yet" not in PageClient(sqlite_app).get(forum_of(place)).text


def test_what_is_new_is_what_others_said_since_the_last_visit(sqlite_app, place):
    made, browser = resident_of(sqlite_app, place)
    assert "you have not read this yet" in browser.get(forum_of(place)).text
    browser.get(forum_of(place) + "t1")
    assert "new for you" not in browser.get(forum_of(place)).text
    with sqlite_app.app_context():
        thread = get_thread(consultation(place))
        seed = find_post(thread, "t1-seed")
        for n in range(2):
            make_post(thread, f"later-{n}", parent=seed, ago=-MINUTE)
        make_post(thread, "own", parent=seed, by=made.participant_id, ago=-MINUTE)
        make_post(thread, "gone", parent=seed, ago=-MINUTE, state=PostState.WITHDRAWN)
    assert "2 new for you" in browser.get(forum_of(place)).text
    page = browser.get(forum_of(place) + "t1").text
    assert page.count(">New<") == 2  # of what was taken back since there is nothing to read


def test_the_newest_word_of_the_facilitator_to_a_whole_thread_stands_on_top(sqlite_app, place):
    with sqlite_app.app_context():
        thread = get_thread(consultation(place))
        make_post(thread, "old", "An old prompt.", kind=PostKind.FACILITATOR, ago=3 * MINUTE)
        make_post(thread, "new", "What would change your mind?", kind=PostKind.FACILITATOR, ago=2 * MINUTE)
        answer = find_post(thread, "t1-1")
        make_post(thread, "aside", "A word aside.", parent=answer, kind=PostKind.FACILITATOR, ago=MINUTE)
        hidden = {"kind": PostKind.FACILITATOR, "state": PostState.HIDDEN}
        make_post(thread, "hidden", "Not that.", ago=MINUTE, **hidden)
    page = PageClient(sqlite_app).get(forum_of(place)).text
    assert "What would change your mind?" in page
    for other in ("An old prompt.", "A word aside.", "Not that."):
        assert other not in page


def test_officers_order_the_topics(sqlite_app, place):
    with sqlite_app.app_context():
        for position, title in ((1, "Second"), (0, "First")):
            make_thread(consultation(place), f"s{position}", title=title, position=position)
    page = PageClient(sqlite_app).get(forum_of(place)).text
    assert page.index("First") < page.index("Second") < page.index("opening hours")


@pytest.mark.parametrize("moment", ["draft", "survey", "summarising"])
def test_before_it_is_open_the_forum_is_nowhere(sqlite_app, moment):
    with sqlite_app.app_context():
        slug = make_place(moment).slug
    for address in (forum_of(slug), forum_of(slug) + "t1"):
        assert PageClient(sqlite_app).get(address).status_code == 404


def test_whoever_takes_part_is_told_that_summaries_are_being_prepared_and_when_the_forum_opens(sqlite_app):
    with sqlite_app.app_context():
        slug = make_place("summarising").slug
    _made, browser = resident_of(sqlite_app, slug)
    answer = browser.get(forum_of(slug))
    assert answer.status_code == 404
    assert "Summaries are being prepared" in answer.text
    assert "as soon as the summaries are ready" in answer.text


@pytest.mark.parametrize("moment", ["between", "follow_up", "closed"])
def test_afterwards_everybody_can_read_and_nobody_reply(sqlite_app, moment):
    with sqlite_app.app_context():
        slug = make_place(moment).slug
    _made, browser = resident_of(sqlite_app, slug)
    for client in (browser, PageClient(sqlite_app)):
        assert "The forum has closed" in client.get(forum_of(slug)).text
        page = client.get(forum_of(slug) + "t1").text
        assert "I sleep badly on Fridays." in page
        assert "/reply" not in page


def test_an_archived_forum_can_still_be_read(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("closed")
        place.state = State.ARCHIVED
        db.session.commit()
        slug = place.slug
    assert PageClient(sqlite_app).get(forum_of(slug) + "t1").status_code == 200


# --- a thread


def test_a_thread_shows_who_answers_whom(sqlite_app, place):
    page = PageClient(sqlite_app).get(forum_of(place) + "t1?order=oldest").text
    assert "In reply to participant 2" in page
    assert 'id="post-t1-2"' in page
    assert 'href="#post-t1-1"' in page
    assert page.index("I sleep badly") < page.index("I work late")
    assert page.count("app-post--level-1") == 1


def test_deeper_than_three_a_post_stands_flat_and_says_what_it_answers(sqlite_app, place):
    made, _browser = resident_of(sqlite_app, place)
    with sqlite_app.app_context():
        thread = get_thread(consultation(place))
        post = find_post(thread, "t1-seed")
        for n in range(6):
            post = make_post(thread, f"deep-{n}", parent=post, by=made.participant_id)
    page = PageClient(sqlite_app).get(forum_of(place) + "t1").text
    assert page.count("app-post--level-3") == 3
    assert 'href="#post-deep-4"' in page


def test_names_are_those_that_people_chose_and_who_has_left_has_none(sqlite_app, place):
    made, _browser = resident_of(sqlite_app, place)
    left, _ = resident_of(sqlite_app, place, "Gone Away", withdrawn_at=clock.now(), keeps_answers=True)
    with sqlite_app.app_context():
        thread = get_thread(consultation(place))
        for n, who in enumerate((made.participant_id, left.participant_id, None)):
            make_post(thread, f"by-{n}", by=who)
    page = PageClient(sqlite_app).get(forum_of(place) + "t1").text
    assert "<bdi>Quiet Heron</bdi>" in page
    assert "Somebody who has left" in page
    assert "Gone Away" not in page
    assert page.count('govuk-tag--blue">Council') == 2  # the seed, and the post without a participant


def test_what_is_taken_back_hidden_or_waiting_is_told_apart_and_its_words_are_on_no_page(sqlite_app, place):
    made, browser = resident_of(sqlite_app, place)
    secret = "heliotrope wombat"
    with sqlite_app.app_context():
        thread = get_thread(consultation(place))
        for state in (PostState.WITHDRAWN, PostState.HIDDEN, PostState.AWAITING):
            make_post(thread, f"is-{state}", secret, by=made.participant_id, state=state, title=secret)
    stranger = PageClient(sqlite_app)
    page = stranger.get(forum_of(place) + "t1").text
    assert "The writer took this back." in page
    assert "A moderator has hidden this." in page
    assert "is-awaiting" not in page
    assert "2 contributions" in page
    for address in ("", "t1", "t1?order=newest", "t1?post=is-hidden"):
        assert secret not in stranger.get(forum_of(place) + address).text
    own = browser.get(forum_of(place) + "t1").text
    assert own.count(secret) == 2  # its title and its words, while it waits
    assert "Only you can see this now. A moderator reads it by" in own
    assert "You took this back." in own
    assert browser.get(forum_of(place) + "mine").text.count(secret) == 2


def test_a_post_that_waits_keeps_its_place_where_others_have_answered_it(sqlite_app, place):
    with sqlite_app.app_context():
        thread = get_thread(consultation(place))
        waiting = make_post(thread, "waits", "heliotrope wombat", state=PostState.AWAITING)
        make_post(thread, "answer", "I agree with that.", parent=waiting)
    page = PageClient(sqlite_app).get(forum_of(place) + "t1").text
    assert "This waits to be checked." in page
    assert "In reply to a post that is not shown" in page
    assert "heliotrope" not in page


def test_a_thread_whose_seed_waits_is_a_draft_that_no_reader_gets(sqlite_app, place):
    with sqlite_app.app_context():
        thread = make_thread(
            consultation(place), "draft", title="Heliotrope", body="wombat", state=PostState.AWAITING
        )
        make_post(thread, "in-draft", "wombat", kind=PostKind.FACILITATOR)
    _made, browser = resident_of(sqlite_app, place)
    for client in (PageClient(sqlite_app), browser):
        page = client.get(forum_of(place)).text
        assert "Heliotrope" not in page
        assert "wombat" not in page
        assert client.get(forum_of(place) + "draft").status_code == 404
    assert browser.get(forum_of(place) + "draft/reply").status_code == 404


def test_a_thread_without_a_seed_is_called_by_how_it_begins(sqlite_app, place):
    with sqlite_app.app_context():
        thread = Thread(consultation_id=consultation(place).id, key="talk")
        db.session.add(thread)
        db.session.flush()
        make_post(thread, "first", "Has anybody thought of the taxi rank? " + "It is always full. " * 20)
        gone = Thread(consultation_id=consultation(place).id, key="gone")
        db.session.add(gone)
        db.session.flush()
        withdrawn = make_post(gone, "withdrawn", "heliotrope", state=PostState.WITHDRAWN)
        make_post(gone, "answer", "I think so too.", parent=withdrawn)
    page = PageClient(sqlite_app).get(forum_of(place)).text
    assert "Has anybody thought of the taxi rank? It is always full." in page
    assert "A topic whose beginning is not shown" in page
    thread = PageClient(sqlite_app).get(forum_of(place) + "gone").text
    assert "heliotrope" not in thread


def test_a_key_that_no_address_can_hold_is_addressed_by_its_row(sqlite_app, place):
    with sqlite_app.app_context():
        thread = make_thread(consultation(place), 'a/b "c"', title="Slashes")
        make_post(thread, "x y/z", "Still here.")
        number = thread.id
    page = PageClient(sqlite_app).get(forum_of(place)).text
    assert f"{forum_of(place)}~{number}" in page
    assert "Still here." in PageClient(sqlite_app).get(f"{forum_of(place)}~{number}").text


def test_a_thread_of_another_consultation_or_by_the_wrong_kind_of_address_is_not_here(sqlite_app, place):
    with sqlite_app.app_context():
        other = make_place("forum", slug="bins-2026")
        elsewhere = make_thread(other, "theirs", title="Bins").id
        here = get_thread(consultation(place)).id
    for address in ("theirs", f"~{elsewhere}", f"~{here}", "nothing", "~999999999", "t1%00", "T1/../t1"):
        assert PageClient(sqlite_app).get(forum_of(place) + address).status_code == 404


def test_where_a_summary_comes_from_is_told_with_a_rounded_count(sqlite_app, place):
    with sqlite_app.app_context():
        from consult.surveys.models import Item  # noqa: PLC0415

        item = db.session.scalars(
            select(Item).where(Item.consultation_id == consultation(place).id, Item.key == "hours")
        ).one()
        for key, count in (("many", 48), ("few", 7), ("hardly", 2)):
            make_thread(consultation(place), key, item_id=item.id, completions=count)
        stem = item.stem
    said = {key: PageClient(sqlite_app).get(forum_of(place) + key).text for key in ("many", "few", "hardly")}
    assert all(stem in page and "The council approved this summary" in page for page in said.values())
    assert "About 50 people finished it." in said["many"]
    assert "Fewer than 10 people finished it." in said["few"]
    assert "people finished it" not in said["hardly"]
    assert "Where does this come from?" not in PageClient(sqlite_app).get(forum_of(place) + "t1").text


# --- what is new


def make_news(app: Flask, slug: str, count: int, *, ago: timedelta = -MINUTE) -> None:
    with app.app_context():
        thread = get_thread(consultation(slug))
        seed = find_post(thread, "t1-seed")
        for n in range(count):
            make_post(thread, f"news-{n}", f"News number {n}.", parent=seed, ago=ago)


def test_one_is_led_to_the_first_new_contribution_and_from_each_page_to_the_next(sqlite_app, place):
    made, browser = resident_of(sqlite_app, place)
    url = forum_of(place) + "t1?order=oldest"
    assert "since your last visit" not in browser.get(url).text
    with sqlite_app.app_context():
        make_many(make_thread(consultation(place), "long"), 60, by=made.participant_id, is_chain=False)
    long = forum_of(place) + "long"
    browser.get(long)
    with sqlite_app.app_context():
        thread = get_thread(consultation(place), "long")
        for n in range(45):
            make_post(thread, f"late-{n}", f"Late {n}.", ago=-MINUTE)
        make_post(thread, "gone", "Not any more.", ago=-MINUTE, state=PostState.HIDDEN)
        make_post(thread, "own", "Mine.", ago=-MINUTE, by=made.participant_id)
    first = browser.get(long + "?order=oldest").text
    assert "45 new contributions since your last visit" in first
    assert f'href="{long}?order=oldest&amp;post=late-0#post-late-0"' in first
    assert 'id="new"' not in first
    second = browser.get(long + "?order=oldest&post=late-0").text
    assert 'id="post-late-0"' in second
    assert 'href="#post-late-0"' in second
    assert second.count(">New<") == 40
    assert second.index('id="new"') < second.index('id="post-late-0"') < second.index('id="post-late-1"')
    assert f'href="{long}?order=oldest&amp;post=late-40#post-late-40"' in second
    third = browser.get(long + "?order=oldest&page=3").text
    assert third.count(">New<") == 5
    assert "Go to the next new contribution" not in third


def test_the_list_of_topics_leads_to_the_first_new_contribution(sqlite_app, place):
    _made, browser = resident_of(sqlite_app, place)
    browser.get(forum_of(place) + "t1")
    make_news(sqlite_app, place, 1)
    page = browser.get(forum_of(place)).text
    assert f'href="{forum_of(place)}t1?new=1#new"' in page
    found = browser.get(forum_of(place) + "t1?new=1").text
    assert found.index('id="new"') < found.index('id="post-news-0"')
    assert "1 new contribution since your last visit" in found


def test_what_is_new_stays_so_until_the_visit_is_over(app):
    with app.app_context():
        place = make_place("forum")
        slug, made = place.slug, make_resident(place, is_shared=False)
    browser, at = as_resident(app, made), clock.now()
    browser.get(forum_of(slug) + "t1")
    with clock.frozen(at + timedelta(minutes=20)):
        make_news(app, slug, 2, ago=MINUTE)
    for minutes, marks in ((40, 2), (42, 2), (71, 2), (102, 0), (104, 0)):
        with clock.frozen(at + timedelta(minutes=minutes)):
            assert browser.get(forum_of(slug) + "t1").text.count(">New<") == marks


def test_what_is_new_to_one_is_nothing_to_whoever_uses_the_same_browser_next(sqlite_app, place):
    _made, browser = resident_of(sqlite_app, place)
    browser.get(forum_of(place) + "t1")
    make_news(sqlite_app, place, 1)
    assert ">New<" in browser.get(forum_of(place) + "t1").text
    with browser.session_transaction() as session:
        assert visits.VISITS in session
    assert browser.post("/finish", data={"csrf_token": browser.any_token()}).status_code == 303
    with browser.session_transaction() as session:
        assert visits.VISITS not in session


def test_the_cookie_of_a_visit_stays_small(sqlite_app):
    with sqlite_app.test_request_context():
        at = clock.now()
        for n in range(100):
            with clock.frozen(at + timedelta(seconds=n)):
                visits.keep_visit(n, at)
        with clock.frozen(at + timedelta(seconds=100)):
            assert sorted(visits.kept_visits()) == list(range(80, 100))


def test_a_visitor_is_told_of_nothing_new(sqlite_app, place):
    stranger = PageClient(sqlite_app)
    stranger.get(forum_of(place) + "t1")
    make_news(sqlite_app, place, 1)
    page = stranger.get(forum_of(place) + "t1?new=1").text
    assert ">New<" not in page
    assert "since your last visit" not in page


# --- what it costs


def test_a_thread_costs_the_same_statements_however_long_it_is_and_pages_stay_light(sqlite_app, place):
    made, browser = resident_of(sqlite_app, place)
    with sqlite_app.app_context():
        make_many(make_thread(consultation(place), "one"), 1, by=made.participant_id, is_chain=False)
        make_many(make_thread(consultation(place), "many"), 200, by=made.participant_id, is_chain=False)
    stranger = PageClient(sqlite_app)
    counts, sizes = [], []
    for key in ("one", "many"):
        sizes.append(len(brotli.compress(stranger.get(forum_of(place) + key).data, quality=5)))
        counts.append(sum(not statement.startswith("BEGIN") for statement in stranger.statements))
    assert counts[0] == counts[1] <= 6
    assert sizes[1] <= 15_000
    for _again in range(2):
        for key in ("one", "many"):
            browser.get(forum_of(place) + key)
            about_forum = [each for each in browser.statements if "post" in each or "thread" in each]
            assert len(about_forum) <= 6


def test_the_list_of_topics_costs_the_same_statements_however_many_there_are(sqlite_app, place):
    stranger = PageClient(sqlite_app)
    stranger.get(forum_of(place))
    before = len(stranger.statements)
    with sqlite_app.app_context():
        for n in range(60):
            make_thread(consultation(place), f"more-{n}", title=f"Something about street number {n}")
    page = stranger.get(forum_of(place))
    assert len(stranger.statements) == before <= 6
    assert len(brotli.compress(page.data, quality=5)) <= 15_000


@pytest.mark.parametrize(("count", "is_chain"), [(5_000, True), (10_000, False)])
def test_a_very_deep_or_very_wide_thread_is_read_in_pages(sqlite_app, place, count, is_chain):
    made, _browser = resident_of(sqlite_app, place)
    with sqlite_app.app_context():
        make_many(make_thread(consultation(place), "huge"), count, by=made.participant_id, is_chain=is_chain)
    stranger = PageClient(sqlite_app)
    first = stranger.get(forum_of(place) + "huge?order=oldest")
    assert first.text.count('<article class="app-post') == 50
    assert len(stranger.statements) <= 7
    assert len(brotli.compress(first.data, quality=5)) <= 15_000
    last = stranger.get(f"{forum_of(place)}huge?order=oldest&page={count // 50}").text
    assert f"Reply number {count - 1} of many" in last
    found = stranger.get(f"{forum_of(place)}huge?order=oldest&post=huge-777").text
    assert 'id="post-huge-777"' in found
    if is_chain:
        assert (
            f"huge?order=oldest&amp;post=huge-{count - 51}#post-huge-{count - 51}" in last
        )  # the first of this page answers it


def test_past_many_replies_one_is_led_to_what_follows_them_also_on_another_page(sqlite_app, place):
    made, _browser = resident_of(sqlite_app, place)
    with sqlite_app.app_context():
        thread = make_thread(consultation(place), "long")
        make_many(thread, 60, by=made.participant_id, is_chain=True)
        second = make_post(thread, "second", "Another thing.", parent=find_post(thread, "long-seed"))
        for n in range(5):
            make_post(thread, f"second-{n}", "Yes.", parent=second, ago=MINUTE)
        make_post(thread, "third", "A third thing.", parent=find_post(thread, "long-seed"), ago=MINUTE)
    stranger, url = PageClient(sqlite_app), forum_of(place) + "long"
    first = stranger.get(url + "?order=oldest").text
    assert "Skip the 59 replies below" in first
    assert f'href="{url}?order=oldest&amp;post=second#post-second"' in first
    second_page = stranger.get(url + "?order=oldest&post=second").text
    assert 'href="#post-third">Skip the 5 replies below' in second_page
    assert first.count("Skip the") == second_page.count("Skip the") == 1
    assert "Skip the" not in stranger.get(url + "/print").text
    assert "Skip the" not in stranger.get(forum_of(place) + "t1").text


def test_depth_500_and_a_line_of_100_kb_are_read_and_printed_in_no_time(sqlite_app, place):
    made, browser = resident_of(sqlite_app, place)
    with sqlite_app.app_context():
        make_many(make_thread(consultation(place), "deep"), 500, by=made.participant_id, is_chain=True)
        make_post(make_thread(consultation(place), "line"), "long", "x" * 100_000, by=made.participant_id)
    for path in ("deep", "deep/print", "line", "line/print", "search?q=xx", "unlike"):
        began = time.process_time()
        page = browser.get(forum_of(place) + path)
        assert page.status_code == 200
        assert time.process_time() - began < 1
        assert len(brotli.compress(page.data, quality=5)) <= 15_000


# --- on paper


def test_a_whole_topic_stands_on_one_page_with_nothing_to_press(sqlite_app, place):
    made, browser = resident_of(sqlite_app, place)
    with sqlite_app.app_context():
        thread = make_thread(consultation(place), "many")
        make_many(thread, 120, by=made.participant_id, is_chain=False)
        make_post(thread, "hidden", "heliotrope", state=PostState.HIDDEN)
    for client in (PageClient(sqlite_app), browser):
        client.get(forum_of(place) + "t1/print")
        page = client.get(forum_of(place) + "many/print").text
        main = page[page.index("<main") : page.index("</main")]
        assert main.count('<article class="app-post') == 121
        assert main.index("number 0 of") < main.index("number 119 of")
        assert "121 contributions" not in main  # what is hidden has its place and is not counted
        assert "120 contributions" in main
        assert "heliotrope" not in main
        for control in ("<form", "<button", ">Reply<", ">Change<", "app-sort", "govuk-pagination"):
            assert control not in main
    assert f'{forum_of(place)}many/print"' in browser.get(forum_of(place) + "many").text


def test_a_topic_that_is_too_long_for_paper_says_how_much_of_it_there_is(sqlite_app, place):
    made, _browser = resident_of(sqlite_app, place)
    with sqlite_app.app_context():
        make_many(make_thread(consultation(place), "huge"), 501, by=made.participant_id, is_chain=False)
    stranger = PageClient(sqlite_app)
    page = stranger.get(forum_of(place) + "huge/print").text
    assert page.count('<article class="app-post') == 500
    assert "These are the first 500." in page
    assert len(stranger.statements) <= 7
    assert len(brotli.compress(page.encode(), quality=5)) <= 32_000
    assert "These are the first" not in stranger.get(forum_of(place) + "t1/print").text


def test_reading_on_paper_is_reading(sqlite_app, place):
    _made, browser = resident_of(sqlite_app, place)
    browser.get(forum_of(place) + "t1/print")
    assert len(exposures(sqlite_app)) == 1


def test_a_draft_is_not_printed(sqlite_app, place):
    with sqlite_app.app_context():
        make_thread(consultation(place), "draft", title="Heliotrope", state=PostState.AWAITING)
    assert PageClient(sqlite_app).get(forum_of(place) + "draft/print").status_code == 404


@pytest.mark.parametrize(
    "query", ["order=%27;--", "page=%D9%A3", "page=" + "9" * 40, "post=" + "x" * 500, "order=newest&order=x"]
)
def test_strange_questions_get_the_usual_page(sqlite_app, place, query):
    assert "I sleep badly" in PageClient(sqlite_app).get(f"{forum_of(place)}t1?{query}").text


# --- that somebody has read


def exposures(app: Flask) -> list[tuple[object, object, int]]:
    with app.app_context():
        return [
            (row.first_read_at, row.last_read_at, row.reads)
            for row in db.session.scalars(select(Exposure).order_by(Exposure.thread_id))
        ]


def test_reading_counts_at_most_once_a_minute(app):
    with app.app_context():
        place = make_place("forum")
        slug, made = place.slug, make_resident(place)
    browser = as_resident(app, made)
    at = clock.now()
    for seconds, reads in ((0, 1), (30, 1), (61, 2), (90, 2), (200, 3)):
        with clock.frozen(at + timedelta(seconds=seconds)):
            browser.get(forum_of(slug) + "t1")
        [(first, _last, counted)] = exposures(app)
        assert (first, counted) == (at, reads)
    [(_first, last, _reads)] = exposures(app)
    assert last == at + timedelta(seconds=200)


def test_only_whoever_takes_part_is_counted_as_a_reader(sqlite_app, place):
    PageClient(sqlite_app).get(forum_of(place) + "t1")
    with sqlite_app.app_context():
        there = consultation(place)
        db.session.commit()
    client_as(sqlite_app, Role.MODERATOR, there).get(forum_of(place) + "t1")
    with sqlite_app.app_context():
        other = make_resident(make_place("forum", slug="bins-2026"))
    as_resident(sqlite_app, other).get(forum_of(place) + "t1")
    assert exposures(sqlite_app) == []


def test_two_first_readings_at_once_are_one(app):
    with app.app_context():
        place = make_place("forum")
        made, thread = make_resident(place), get_thread(place)
        ids = (made.participant_id, place.id, thread.id)
        db.session.commit()
        note_reading(*ids, is_first=True)
        note_reading(*ids, is_first=True)
    assert [reads for _first, _last, reads in exposures(app)] == [1]


def test_reading_goes_on_when_nothing_can_be_written(sqlite_app, place, caplog):
    _made, browser = resident_of(sqlite_app, place)
    with sqlite_app.app_context():
        # Stands for a full disk: the database refuses the statement, whatever it says.
        db.session.connection().exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON exposure BEGIN INSERT INTO nowhere VALUES (1); END"
        )
        db.session.commit()
    assert "I sleep badly" in browser.get(forum_of(place) + "t1").text
    assert "a reading could not be noted" in caplog.text
    assert exposures(sqlite_app) == []


# --- rehearsing


def test_what_is_rehearsed_and_what_is_not_never_meet(sqlite_app):
    with sqlite_app.app_context():
        draft = make_place("draft")
        draft_id, slug = draft.id, draft.slug
        thread = seeding.begin_rehearsal_thread(draft)
        assert seeding.begin_rehearsal_thread(draft).id == thread.id
        make_thread(draft, "real", title="From a bundle")
        db.session.commit()
    with sqlite_app.app_context(), rehearsing(draft_id, timedelta(days=30)):
        found = queries.list_topics(consultation(slug), None)
        assert [topic.address for topic in found] == [seeding.EXAMPLE_KEY]
    with sqlite_app.app_context():
        there = consultation(slug)
        assert [topic.address for topic in queries.list_topics(there, None)] == ["real"]
        seeding.remove_rehearsal_threads(there)
        db.session.commit()
        assert [thread.key for thread in db.session.scalars(select(Thread))] == ["real"]
        assert db.session.scalars(select(Post.key)).all() == ["real-seed"]


def test_writers_are_counted_once_each_and_only_in_earnest(sqlite_app, place):
    made, browser = resident_of(sqlite_app, place)
    for text in ("One thing I think.", "Another thing."):
        say(browser, forum_of(place) + "t1/reply", text)
    pretended, _ = resident_of(sqlite_app, place, "Grey Otter")
    with sqlite_app.app_context():
        there = consultation(place)
        before = queries.count_writers(there)
        rehearsed = make_thread(there, "r", is_rehearsal=True)
        make_post(rehearsed, "r-1", by=pretended.participant_id)
        assert (before, queries.count_writers(there)) == (3, 3)  # two of the bundle, and one who wrote twice
        db.session.execute(
            update(Membership)
            .where(Membership.participant_id == made.participant_id)
            .values(display_name="Quiet Heron")
        )
        assert queries.count_writers(make_place("survey")) == 0


def test_staff_of_the_place_read_as_everybody_does(sqlite_app, place):
    with sqlite_app.app_context():
        there = consultation(place)
        db.session.commit()
    browser = client_as(sqlite_app, Role.ANALYST, there)
    page = browser.get(forum_of(place) + "t1").text
    assert "Reply" not in page
    assert "for the council" not in page
    with sqlite_app.app_context():
        assert db.session.scalar(select(StaffRole.role)) is Role.ANALYST
