"""Quoting: real words as a quotation, others as plain lines; nothing of what was removed stays in a reply."""

import time

import pytest
from sqlalchemy import update

from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum import quoting
from consult.forum.models import Post, PostState
from consult.forum.quoting import Answered, Kind, Part, parts_of, passage, with_quotation
from tests.making.forum import find_post, get_thread, make_post, reply_form, say

SAID = Answered(is_shown=True, body="I sleep badly on Fridays.\nThe bar cannot close late.")
GONE = Answered(is_shown=False, body=SAID.body)
REMOVED = "[words of a contribution that was removed]"


def test_a_post_without_such_lines_or_that_answers_nothing_is_its_own_words():
    assert parts_of("Plain.\n\nWords 2 > 1.", SAID) == (Part(Kind.WORDS, "Plain.\n\nWords 2 > 1."),)
    assert parts_of("> I sleep badly", None) == (Part(Kind.WORDS, "> I sleep badly"),)


@pytest.mark.parametrize(
    "quoted",
    [
        "> I sleep badly",
        ">I sleep badly on Fridays.",
        "> I sleep badly on Fridays. The bar",
        "> on\n> Fridays.",
    ],
)
def test_words_that_stand_in_the_post_that_is_answered_are_a_quotation(quoted):
    first, second = parts_of(f"{quoted}\n\nSo do I.", SAID)
    assert (first.kind, second) == (Kind.QUOTATION, Part(Kind.WORDS, "So do I."))
    assert ">" not in first.text


@pytest.mark.parametrize(
    "invented", ["> I sleep well", "> close late. I sleep", ">", "> ", "> not close late"]
)
def test_words_that_do_not_stand_there_are_shown_as_their_writer_typed_them(invented):
    [part] = parts_of(f"You said:\n{invented}\nWell.", SAID)
    assert part == Part(Kind.WORDS, f"You said:\n{invented}\nWell.")


def test_a_script_without_spaces_is_quoted_as_well():
    answered = Answered(is_shown=True, body="金曜日はよく眠れません。")
    assert passage(answered.body, "よく眠れ") == "よく眠れ"
    assert parts_of("> よく眠れ", answered) == (Part(Kind.QUOTATION, "よく眠れ"),)


def test_of_a_post_that_is_not_shown_any_more_no_such_line_is():
    found = parts_of("> I sleep badly\n> anything\n\nSo do I.", GONE)
    assert found == (Part(Kind.REMOVED, ""), Part(Kind.WORDS, "So do I."))


def test_a_quotation_of_a_quotation_is_none():
    answered = Answered(is_shown=True, body="> I sleep badly\n\nMe too.")
    [part] = parts_of("> I sleep badly", answered)
    assert part.kind is Kind.WORDS
    assert passage(answered.body) == "Me too."


def test_what_is_quoted_is_the_chosen_words_or_how_the_post_begins():
    assert passage(SAID.body, " sleep \n badly ") == "sleep badly"
    assert passage(SAID.body, "I never said this") == SAID.body
    long = "word " * 100
    cut = passage(long)
    assert cut.endswith("word…")
    assert len(cut) <= quoting.LONGEST + 1
    assert len(passage("x" * 2000)) == quoting.LONGEST + 1
    text = with_quotation("Hello", passage(long))
    assert [part.kind for part in parts_of(text, Answered(is_shown=True, body=long))] == [
        Kind.WORDS,
        Kind.QUOTATION,
    ]
    assert with_quotation("", "a\nb") == "> a\n> b\n\n"


def test_a_hostile_text_is_read_in_no_time():
    began = time.perf_counter()
    for body in (">\n" * 50_000, "> a\nb\n" * 17_000, ">" * 100_000, "> " + "a " * 50_000):
        parts_of(body, Answered(is_shown=True, body="a" * 10_000))
        parts_of(body, Answered(is_shown=True, body="a " * 5_000))
    assert time.perf_counter() - began < 1


# --- on the pages


def test_the_button_puts_the_words_into_the_text_and_the_thread_shows_whose_they_are(sqlite_forum):
    browser = sqlite_forum.browser()
    path = sqlite_forum.url + "t1/reply"
    form = reply_form(browser, path + "?to=t1-1", "Begun.", to="t1-1", quote="yes", passage="")
    page = browser.post(path, data=form)
    assert page.status_code == 200
    assert "Begun.\n\n&gt; I sleep badly on Fridays.\n\n</textarea>" in page.text
    chosen = browser.post(path, data={**form, "text": "", "passage": "sleep badly"}).text
    assert "\n&gt; sleep badly\n\n</textarea>" in chosen
    assert say(browser, path, "> I sleep badly\n\nSo do I.", to="t1-1").status_code == 303
    assert say(browser, path, "> I sleep well\n\nYou said.", to="t1-1").status_code == 303
    page = browser.get(sqlite_forum.url + "t1").text
    quotation = page.split("<blockquote", 1)[1].split("</blockquote>")[0]
    assert "Words of participant 2:" in quotation
    assert "I sleep badly" in quotation
    assert page.count("<blockquote") == 1
    assert "&gt; I sleep well" in page


def test_what_is_quoted_is_escaped_once(sqlite_forum):
    words = "<b>\"A\" & 'B'</b> <script>x</script>"
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        first = make_post(thread, "first", words, by=sqlite_forum.heron.participant_id)
        make_post(thread, "second", f"> {words}\n\nNo.", parent=first)
    page = sqlite_forum.browser().get(sqlite_forum.url + "t1").text
    assert page.count("&lt;b&gt;&#34;A&#34; &amp; &#39;B&#39;&lt;/b&gt; &lt;script&gt;x&lt;/script&gt;") == 2
    assert "<script>x" not in page
    assert "&amp;lt;" not in page


@pytest.mark.parametrize("gone", [PostState.HIDDEN, PostState.WITHDRAWN, PostState.AWAITING])
def test_what_was_removed_is_in_no_quotation_on_any_page(sqlite_forum, gone):
    canary = "The heron at number nine"
    other, client = sqlite_forum.other()
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        mine = sqlite_forum.heron.participant_id
        first = make_post(thread, "first", f"{canary} is loud.", by=mine)
        second = make_post(
            thread, "second", f"> {canary}\n\nWhich one?", parent=first, by=other.participant_id
        )
        make_post(thread, "third", "I know it.", parent=second, by=mine)
    addresses = ("t1", "t1/print", "mine", "search?q=heron", "search?q=which", "unlike", "t1/reply?to=second")
    assert canary in client.get(sqlite_forum.url + "t1").text
    with sqlite_forum.app.app_context():
        db.session.execute(update(Post).where(Post.key == "first").values(state=gone))
        db.session.commit()
    pages = {address: client.get(sqlite_forum.url + address).text for address in addresses}
    pages["report"] = client.get(f"{sqlite_forum.url}posts/second/report").text
    assert [address for address, page in pages.items() if canary in page] == []
    assert REMOVED in pages["t1"]
    assert REMOVED in pages["t1/print"]
    assert "</mark> one?" in pages["search?q=which"]
    assert "Which one?" in pages["report"]


def test_quotations_cost_a_thread_no_statement(sqlite_forum):
    browser = sqlite_forum.browser()
    browser.get(sqlite_forum.url + "t1")
    browser.get(sqlite_forum.url + "t1")
    before = len(browser.statements)
    with sqlite_forum.app.app_context():
        thread = get_thread(get_consultation(sqlite_forum.slug))
        first = find_post(thread, "t1-1")
        for n in range(60):  # more than a page: some answer a post that stands on another
            make_post(thread, f"quoting-{n}", "> I sleep badly\n\nI too.", parent=first)
    page = browser.get(sqlite_forum.url + "t1?page=2&order=oldest")
    assert "Words of participant 2:" in page.text
    assert len(browser.statements) == before
