"""Searching the forum: what is found, what never is, and that no text makes it slow."""

import re
import time
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from consult.consultations.queries import get_consultation
from consult.forum.models import PostKind, PostState
from consult.forum.searching import GLIMPSE, asked_for, fold, is_in, passage
from tests.making.forum import get_thread, make_many, make_post, make_thread
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient


def finds(typed: str, text: str) -> bool:
    asked = asked_for(typed)
    return bool(asked.words) and is_in(asked, fold(text))


def marked(typed: str, text: str) -> list[str]:
    return [piece.text for piece in passage(asked_for(typed), text) if piece.is_found]


# --- words


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("sle", "I SLEEP badly."),
        ("cafe", "Das Café am Markt"),
        ("CAFÉ", "the cafe"),
        ("bad sleep", "I sleep badly"),
        ("strasse", "Die Straße"),
        ("naive", "nai\u0308ve"),
        ("council's", "the council’s plan"),
        ("plan b", "We have a plan, B."),
        ("istanbul", "İstanbul"),
        ("οδος", "Ο ΔΡΟΜΟΣ ΚΑΙ Η ΟΔΟΣ"),
        ("হাসপাতাল", "কাছের হাসপাতালে"),
        ("السلام", "السَّلامُ عليكم"),
        ("公园", "我喜欢这个公园。"),
        ("园", "我喜欢这个公园。"),
        ("2026", "by 2026"),
        ("ﬁre", "the fire station"),
    ],
)
def test_words_are_found_by_their_beginnings_without_accents_and_capitals(typed, text):
    assert finds(typed, text)
    assert marked(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("leep", "I sleep"),
        ("sleep late", "I sleep"),
        ("sleeps", "I sleep"),
        ("ाल", "अस्पताल"),
        ("ana", "banana"),
    ],
)
def test_no_word_is_found_in_the_middle_of_another_and_all_must_be_there(typed, text):
    assert not finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "words", "is_too_short", "is_cut"),
    [
        ("", 0, False, False),
        ("  ?! ", 0, False, False),
        ("a", 0, True, False),
        ("a b c", 0, True, False),
        ("a big", 2, False, False),
        ("the the The", 1, False, False),
        ("one two three four five six seven eight nine", 8, False, True),
        ("x" * 500, 1, False, True),
        ("公", 1, False, False),
    ],
)
def test_what_was_typed_is_told_apart(typed, words, is_too_short, is_cut):
    asked = asked_for(typed)
    assert (len(asked.words), asked.is_too_short, asked.is_cut) == (words, is_too_short, is_cut)


def test_a_passage_is_the_part_around_the_first_word_with_every_word_in_it_marked():
    text = "Before it. " * 40 + "The Café is shut, and the cafés are shut. " + "After it. " * 40
    found = passage(asked_for("cafe shut"), text)
    assert [piece.text for piece in found if piece.is_found] == ["Café", "shut", "café", "shut"]
    assert found[0].text == "…"
    assert found[1].text.startswith(("Before", "it."))
    assert found[-1].text.endswith("…")
    assert sum(len(piece.text) for piece in found) < GLIMPSE + 50


@given(st.text(max_size=400), st.text(max_size=60))
def test_a_passage_is_made_of_the_text_itself_and_marks_what_is_found(text, typed):
    found = passage(asked_for(typed), text)
    whole = "".join(piece.text for piece in found)
    assert whole.removeprefix("…").removesuffix("…") in text + "…"
    for piece in found:
        assert not piece.is_found or any(
            fold(piece.text).startswith(word.text) for word in asked_for(typed).words
        )


@given(st.text(alphabet="aAáb- ’", max_size=60), st.text(alphabet="aAáb ", min_size=2, max_size=5))
def test_what_is_found_is_what_comparing_word_by_word_finds(text, typed):
    words = re.findall(r"[^\W_]+", fold(text))
    wanted = re.findall(r"[^\W_]+", fold(typed))
    if any(len(word) > 1 for word in wanted):
        assert finds(typed, text) == all(any(word.startswith(each) for word in words) for each in wanted)


@pytest.mark.parametrize(
    "unit", ["a", "aa ", "ab", "é", "ﷺ", "\u0915\u0940", "\u0301", " ", "公", "\U0001f469\u200d"]
)
@pytest.mark.parametrize("typed", ["aa", "a" * 99, "a b c d e f gg h", "公", "कक", "ﷺﷺﷺﷺﷺ"])
def test_twice_the_text_takes_about_twice_as_long(unit, typed):
    asked = asked_for(typed)
    took = []
    for length in (40_000, 160_000):
        text = (unit * length)[:length]
        began = time.process_time()
        is_in(asked, fold(text))
        took.append(time.process_time() - began)
    assert took[1] < 12 * took[0] + 0.05
    began = time.process_time()
    passage(asked, (unit * 100_000)[:100_000])
    assert time.process_time() - began < 1


# --- the page


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        return make_place("forum").slug


def search_of(slug: str, query: str = "") -> str:
    return f"/consultations/{slug}/forum/search{query}"


def test_posts_are_found_with_the_words_marked_and_lead_to_their_place(app, slug):
    page = PageClient(app).get(search_of(slug, "?q=SLEEP+frid")).text
    assert "1 contribution has all of these words" in page
    assert "I <mark>sleep</mark> badly on <mark>Frid</mark>ays." in page
    assert f'href="/consultations/{slug}/forum/t1?post=t1-1#post-t1-1"' in page
    assert "What people said about opening hours" in page
    assert 'value="SLEEP frid"' in page


def test_the_summary_that_opens_a_topic_is_found_by_its_title_too(app, slug):
    page = PageClient(app).get(search_of(slug, "?q=opening")).text
    assert "What people said about <mark>opening</mark> hours" in page


def test_nothing_that_cannot_be_read_is_ever_found(app, slug):
    with app.app_context():
        place = get_consultation(slug)
        thread, reader = get_thread(place), make_resident(place)
        for state in (PostState.AWAITING, PostState.HIDDEN, PostState.WITHDRAWN):
            make_post(
                thread, f"is-{state}", "heliotrope", by=reader.participant_id, state=state, title="heliotrope"
            )
        draft = make_thread(place, "draft", title="heliotrope", state=PostState.AWAITING)
        make_post(draft, "in-draft", "heliotrope", kind=PostKind.FACILITATOR)
        rehearsed = make_thread(place, "rehearsed", title="heliotrope", is_rehearsal=True)
        make_post(rehearsed, "in-rehearsal", "heliotrope")
        make_thread(make_place("forum", slug="bins-2026"), "theirs", title="heliotrope")
    for browser in (PageClient(app), as_resident(app, reader)):
        page = browser.get(search_of(slug, "?q=heliotrope")).text
        assert "No contribution has all of these words" in page
        assert "<mark>" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Words to look for"),
        ("?q=", "Words to look for"),
        ("?q=a", "Type at least two letters of a word."),
        ("?q=%3F%21", "Signs alone cannot be looked for."),
        ("?q=one+two+three+four+five+six+seven+eight+nine", "We looked for the first words only."),
        ("?q=sleep&page=99", "1 contribution has all"),
        ("?q=%07sleep", "1 contribution has all"),
        ("?q=%25", "Signs alone"),
        ("?q=_", "Signs alone"),
    ],
)
def test_whatever_is_typed_the_page_says_in_words_what_to_do(sqlite_app, query, said):
    with sqlite_app.app_context():
        slug = make_place("forum").slug
    answer = PageClient(sqlite_app).get(search_of(slug, query))
    assert answer.status_code == 200
    assert said in answer.text


def test_more_than_the_box_takes_is_searched_as_far_as_it_would(sqlite_app):
    with sqlite_app.app_context():
        slug = make_place("forum").slug
    answer = PageClient(sqlite_app).get(search_of(slug, "?q=" + "long+" * 41))
    assert (answer.status_code, "We looked for the first words only." in answer.text) == (400, True)


def test_what_people_typed_is_escaped_around_the_marks(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("forum")
        slug = place.slug
        make_post(get_thread(place), "x", "<b>bold <script>alert(1)</script> & <mark>sly</mark>")
    page = PageClient(sqlite_app).get(search_of(slug, "?q=script+mark")).text
    assert "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp;" in page
    assert "&lt;<mark>mark</mark>&gt;sly" in page
    echoed = PageClient(sqlite_app).get(search_of(slug, "?q=%22%3E%3Cscript%3E")).text
    assert "<script>" not in echoed.replace("<script>document.body.className", "")


def test_results_come_newest_first_twenty_a_page_at_the_same_cost(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("forum")
        slug, made = place.slug, make_resident(place)
        make_post(
            get_thread(place), "newest", "Reply by hand", by=made.participant_id, ago=-timedelta(minutes=1)
        )
    browser = PageClient(sqlite_app)
    browser.get(search_of(slug, "?q=reply"))
    before = len(browser.statements)
    with sqlite_app.app_context():
        place = get_consultation(slug)
        make_many(make_thread(place, "many"), 300, by=made.participant_id, is_chain=False)
    first = browser.get(search_of(slug, "?q=reply")).text
    assert len(browser.statements) == before
    assert "301 contributions have all of these words" in first
    assert first.count('<article class="app-post"') == 20
    assert first.index("by hand") < first.index("number 299") < first.index("number 298")
    assert f'href="{search_of(slug)}?q=reply&amp;page=16"' in first
    last = browser.get(search_of(slug, "?q=reply&page=16")).text
    assert last.count('<article class="app-post"') == 1


def test_the_list_of_topics_has_a_place_to_search(app, slug):
    page = PageClient(app).get(f"/consultations/{slug}/forum/").text
    assert f'action="{search_of(slug)}"' in page
    assert 'role="search"' in page
