"""The pages of coding, walked as officers and analysts walk them, without scripts."""

import io
import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from consult.access import Role
from consult.audit.models import AuditEntry
from consult.coding import reasons, suggesting, suggestions
from consult.coding.coders import coder_of
from consult.coding.models import Agreement, Theme
from consult.coding.queries import list_themes
from consult.coding.rules import ThemeWords
from consult.coding.two_columns import ColumnsRefused, read_columns
from consult.consultations.models import Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.surveys.models import Answer
from consult.web import languages
from tests.languages import LATIN, app_speaking, spoken
from tests.making.coding import (
    actor_of,
    judgements,
    make_codebook,
    make_coded,
    make_queue,
    make_texts,
    officer_of,
    open_item,
    queued,
    say,
    staff_client,
)
from tests.making.completions import completions
from tests.making.places import make_place
from tests.making.summaries import judge
from tests.making.surveys import hidden_in
from tests.page_client import PageClient

BASE = "/analyst/summarising-place/coding/"
WORDS = f"{BASE}words/"
READING = re.compile(r"app-reading__words[^>]*>([^<]*)<")
TEXTS = ["the shops", "my neighbours", "the bread\nand the square", "مقهى صغير"]


def summarising(app, texts=TEXTS):
    place = make_place("summarising")
    one, two = officer_of(place), officer_of(place, "petra@abbeyford.example", Role.ANALYST)
    three = officer_of(place, "quentin@abbeyford.example")
    make_texts(place, texts)
    return place, one, two, three


def text_on(page) -> str:
    found = READING.search(page.text)
    return unescape(found[1]) if found else ""


def tick(client: PageClient, *boxes: str, path: str = f"{WORDS}read", note: str = ""):
    """The form of the page is sent with these boxes."""
    page = client.get(path)
    return client.post(path, data={**hidden_in(page), "held": list(boxes), "note": note})


def test_two_coders_and_a_third_who_decides(app):
    """From no theme to codes that count: the journey of an item through the pages."""
    with app.app_context():
        _place, *staff = summarising(app)
        one, two, three = (staff_client(app, each) for each in staff)
        assert "Write the codebook" in one.get(BASE).text
        for label in ("The shops", "The people"):
            answer = one.send(f"{WORDS}codebook/new", {"label": label})
            assert answer.location == f"{WORDS}codebook"
        page = one.get(f"{WORDS}codebook")
        assert "Freeze version 1" in page.text
        assert one.send(f"{WORDS}codebook/freeze", page=f"{WORDS}codebook").status_code == 303
        assert "Start coding" in two.get(BASE).text
        answer = two.send(f"{WORDS}start", {"double_percent": "20", "again_percent": "10"})
        assert answer.location == f"{WORDS}read"
        said = {"the shops": ("theme the-shops",), "my neighbours": ("theme the-people",)}
        for client, differs in ((one, "theme the-shops"), (two, "cannot_code")):
            for _ in TEXTS:
                words = text_on(client.get(f"{WORDS}read"))
                held = said.get(words, ("none",) if words.startswith("the bread") else (differs,))
                assert tick(client, *held).location == f"{WORDS}read"
            assert "You have read every text" in client.get(f"{WORDS}read").text
        place = get_consultation("summarising-place")
        assert [row.agreement for row in queued(place)].count(Agreement.DISPUTED) == 1
        for client in (one, two):
            assert "Somebody else has to decide" in client.get(f"{WORDS}decide").text
        page = three.get(f"{WORDS}decide")
        assert text_on(page) == "مقهى صغير"
        assert "Could not code it" in page.text
        assert "abbeyford.example" not in page.text.replace("quentin@abbeyford.example", "")
        assert tick(three, "theme the-people", path=f"{WORDS}decide").status_code == 303
        assert "Nothing to decide" in three.get(f"{WORDS}decide").text
        assert "See how far" not in one.get(BASE).text
        assert len(judgements(place)) == 9
        text = one.get("/officer/summarising-place/").text
        assert "Every text has been read" in text


def test_a_page_of_reading_tells_nothing_of_the_writer_or_the_other_coder(app):
    with app.app_context():
        place, one, two, _three = summarising(app, ["the shops"])
        make_codebook(place, one)
        make_queue(place, one)
        say(place, two, 1, "the-people", note="SECRET NOTE")
        page = staff_client(app, one).get(f"{WORDS}read")
    main = page.text[page.text.index("<main") : page.text.index("</main>")]
    assert "the shops" in main
    for told in ("writer-0", "pre", "post", "SECRET NOTE", "petra", "coder-", "checked", "2026"):
        assert not re.search(
            rf"\b{told}\b", re.sub(r'value="[^"]*"|href="[^"]*"|class="[^"]*"|method="post"', "", main)
        ), told
    assert hidden_in(page).keys() == {"csrf_token", "place", "codebook"}


def test_nothing_ticked_and_too_much_ticked_are_told_and_everything_typed_stays(app):
    with app.app_context():
        place, one, _two, _three = summarising(app)
        make_codebook(place, one)
        make_queue(place, one)
        client = staff_client(app, one)
        answer = tick(client, note="Hard one")
        assert answer.status_code == 422
        assert "Choose a theme, or say that the text holds none of them" in answer.text
        assert "Hard one" in answer.text
        shown = text_on(client.get(f"{WORDS}read"))
        assert text_on(answer) == shown
        answer = tick(client, "theme the-shops", "none")
        assert answer.status_code == 422
        assert "but not both" in answer.text
        assert tick(client, "theme nothing").status_code == 422
        assert judgements(place) == []


def test_ones_last_text_can_be_looked_at_again_and_changed(app):
    with app.app_context():
        place, one, _two, _three = summarising(app)
        make_codebook(place, one)
        make_queue(place, one)
        client = staff_client(app, one)
        first = text_on(client.get(f"{WORDS}read"))
        tick(client, "theme the-shops", note="My note")
        link = re.search(r'href="([^"]+)"[^>]*>Previous text', client.get(f"{WORDS}read").text)
        assert link
        again = client.get(unescape(link[1]))
        assert text_on(again) == first
        assert "My note" in again.text
        assert re.search(r'value="theme the-shops"\s+checked', again.text)
        data = {**hidden_in(again), "held": ["none"], "note": ""}
        assert client.post(f"{WORDS}read", data=data).status_code == 303
        [mine] = judgements(place)
        assert mine.note is None
        other = staff_client(app, officer_of(place, "rita@abbeyford.example"))
        assert text_on(other.get(unescape(link[1]))) != "", "somebody else gets their own next text there"
        assert "My note" not in other.get(unescape(link[1])).text


def test_a_codebook_that_changed_meanwhile_keeps_what_was_ticked(app):
    with app.app_context():
        place, one, _two, _three = summarising(app)
        make_codebook(place, one)
        make_queue(place, one)
        client = staff_client(app, one)
        page = client.get(f"{WORDS}read")
        make_codebook(place, one, ["The light"])
        data = {**hidden_in(page), "held": ["theme the-shops"], "note": "Kept"}
        answer = client.post(f"{WORDS}read", data=data)
        assert answer.status_code == 409
        assert "The codebook has changed meanwhile" in answer.text
        assert "The light" in answer.text
        assert re.search(r'value="theme the-shops"\s+checked', answer.text)
        assert client.post(f"{WORDS}read", data={**hidden_in(answer), "held": ["none"]}).status_code == 303


def test_the_second_who_changes_a_theme_sees_both(app):
    with app.app_context():
        place, one, two, _three = summarising(app)
        make_codebook(place, one)
        theme = list_themes(open_item(place).id)[0]
        path = f"{WORDS}codebook/themes/{theme.id}"
        clients = [staff_client(app, each) for each in (one, two)]
        forms = [hidden_in(client.get(path)) for client in clients]
        assert clients[0].post(path, data={**forms[0], "label": "Shops"}).status_code == 303
        answer = clients[1].post(path, data={**forms[1], "label": "Stores"})
        assert answer.status_code == 409
        assert "Shops" in answer.text
        assert "Stores" in answer.text
        assert clients[1].post(path, data={**hidden_in(answer), "label": "Stores"}).status_code == 303
        db.session.expire_all()
        assert list_themes(open_item(place).id)[0].label == "Stores"


def test_while_the_survey_is_open_there_is_a_codebook_and_no_text(app):
    with app.app_context():
        place = make_place("survey")
        one = officer_of(place)
        make_texts(place, ["a canary in the shops"])
        client = staff_client(app, one)
        base = "/analyst/survey-place/coding/"
        assert "People are still writing" in client.get(base).text
        assert client.send(f"{base}words/codebook/new", {"label": "The shops"}).status_code == 303
        page = client.get(f"{base}words/codebook")
        assert "Suggest" not in page.text
        assert "canary" not in page.text
        for path in ("read", "decide", "file", "start"):
            assert client.get(f"{base}words/{path}").status_code == 403
        data = {"csrf_token": client.any_token()}
        assert client.post(f"{base}words/texts.csv", data=data).status_code == 403
        assert client.post(f"{base}words/codebook/suggest", data=data).status_code in {409, 422}
        assert "Codebook" in client.get("/officer/survey-place/").text


def test_the_second_of_two_who_decide_at_once_sees_the_first_decision(app):
    with app.app_context():
        place, one, two, three = summarising(app, ["the shops"])
        make_codebook(place, one)
        make_queue(place, one)
        say(place, one, 1, "the-shops")
        say(place, two, 1, "the-people")
        four = officer_of(place, "rita@abbeyford.example")
        first, second = (staff_client(app, each) for each in (three, four))
        path = f"{WORDS}decide"
        forms = [hidden_in(client.get(path)) for client in (first, second)]
        theirs = {**forms[0], "held": ["theme the-quiet"], "note": "Theirs"}
        assert first.post(path, data=theirs).status_code == 303
        assert first.post(path, data=theirs).status_code == 303, "a double click is one decision"
        answer = second.post(path, data={**forms[1], "held": ["theme the-people"], "note": "Mine"})
        assert answer.status_code == 409
        assert "Somebody else decided about this text while you had it open." in answer.text
        decided = answer.text[answer.text.index("What somebody else decided") :].partition("<form")[0]
        assert "The quiet" in decided
        assert "Theirs" in decided
        assert re.search(r'value="theme the-people"\s+checked', answer.text)
        assert "Mine" in answer.text
        assert [each.note for each in judgements(place)][2:] == ["Theirs"]
        data = {**hidden_in(answer), "held": ["theme the-people"], "note": "Mine"}
        assert second.post(path, data=data).status_code == 303
        assert [each.note for each in judgements(place)][2:] == ["Mine"]
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "cod.adjudicate").order_by(AuditEntry.id)
        ).all()
        told = [json.loads(entry.detail) for entry in entries]
        ids = {theme.key: str(theme.id) for theme in list_themes(open_item(place).id)}
        assert [each["deed"] for each in told] == ["decide", "decide anew"]
        assert told[0]["themes"] == told[1]["was_themes"] == ids["the-quiet"]
        assert told[1]["themes"] == ids["the-people"]
        assert [entry.actor for entry in entries] == [f"staff/{three.id}", f"staff/{four.id}"]
        assert not any(said in entry.detail for entry in entries for said in ("Theirs", "Mine", "quiet"))


def test_a_theme_that_begins_as_a_suggestion_holds_no_words_of_an_answer(app):
    with app.app_context():
        place, one, _two, _three = summarising(app)
        texts = [text for text in completions(40) if len(text.split()) > 3]
        make_texts(place, texts, prefix="more")
        suggesting.suggest(actor_of(one), place, "words", k=3)
        db.session.commit()
        [first, *_] = suggestions.latest(open_item(place).id)["themes"]
        client, path = staff_client(app, one), f"{WORDS}codebook/new?from=1"
        page = client.get(path)
        form = page.text[page.text.index("<form", page.text.index("<h1")) :]
        for words in first["quotations"]:
            assert words in unescape(page.text), "they are there to be read"
            assert words not in unescape(form), "and in no field"
        assert "in your own words" in form
        refused = client.post(path, data={**hidden_in(page), "label": ""})
        assert refused.status_code == 422
        assert first["quotations"][0] in unescape(refused.text)
        assert client.post(path, data={**hidden_in(refused), "label": "Noise"}).status_code == 303
        assert [theme.examples for theme in list_themes(open_item(place).id)] == [None]


def test_what_is_wrong_with_a_table_and_why_there_are_so_many_themes_is_translated(sqlite_url):
    with app_speaking(LATIN, sqlite_url) as app, app.app_context():
        place, one, _two, _three = summarising(app, completions(40))
        make_codebook(place, one)
        make_queue(place, one)
        suggesting.suggest(actor_of(one), place, "words", k=3)
        db.session.commit()
        client = staff_client(app, one)
        page = client.get(f"{WORDS}codebook").text
        assert "asked for" not in page
        assert spoken(reasons.ASKED, LATIN) % {"n": 3} in unescape(page)
    tables = (b"id,codes\r\n1,the weather\r\n", b"id,codes\r\n1,;\r\n", b"id,codes\r\nx,none\r\n")
    for table in (*tables, b"id,code\r\n", b"id,codes\r\n1\r\n", b'id,codes\r\n1,"none\r\n'):
        with pytest.raises(ColumnsRefused) as refused:
            read_columns(table, [("the-shops", ThemeWords("The shops"))])
        with app.test_request_context("/"):
            [told] = [languages.spoken(problem.sentence) for problem in refused.value.problems]
        assert not re.search("[a-z]{3}", re.sub("the weather|codes|none", "", told)), told


@pytest.mark.parametrize("size", [10, 10_000])
def test_a_page_asks_as_much_for_ten_texts_as_for_ten_thousand(sqlite_app, size, record_property):
    with sqlite_app.app_context():
        place, one, two, three = summarising(sqlite_app, [f"text {n}" for n in range(size)])
        make_codebook(place, one)
        make_queue(place, one)
        for staff, theme in ((one, "the-shops"), (two, "the-people")):
            say(place, staff, 1, theme)
        client = staff_client(sqlite_app, one)
        decider = staff_client(sqlite_app, three)
        asked = {}
        for path, browser in (("read", client), ("decide", decider), ("", client), ("file", client)):
            browser.get(f"{WORDS}{path}" if path else BASE)
            asked[path] = len(browser.statements)
        tick(client, "none")
        asked["sent"] = len(client.statements)
    record_property(f"statements of the page of one of {size:,} texts", asked["read"])
    assert asked == {"read": 15, "decide": 18, "": 19, "file": 9, "sent": 18}


def test_what_was_read_elsewhere_needs_no_queue(sqlite_app):
    with sqlite_app.app_context():
        place, one, *_others = summarising(sqlite_app, ["one", "two", "three"])
        make_codebook(place, one)
        item = open_item(place)
        answers = db.session.scalars(select(Answer.id).where(Answer.item_id == item.id)).all()
        theme = db.session.scalars(select(Theme).where(Theme.item_id == item.id)).first()
        for answer in answers[:2]:
            judge(answer, item, theme, coder="somebody elsewhere")
        db.session.commit()
        browser = staff_client(sqlite_app, one)
        page = browser.get(BASE).text
        assert "2 texts were read elsewhere." in page
        assert "Start coding" in page  # one has not been read
        judge(answers[2], item, theme, coder="somebody elsewhere")
        db.session.commit()
        page = browser.get(BASE).text
    assert "3 texts were read elsewhere." in page
    assert "How far coders agree" in page
    assert "Start coding" not in page


def test_how_far_coders_agree_is_told_in_words_without_names(app):
    with app.app_context():
        place, one, two, three = summarising(app, [f"text {n}" for n in range(24)])
        make_codebook(place, one)
        make_queue(place, one)
        client = staff_client(app, three)
        assert "Fewer than two people have read texts" in client.get(f"{WORDS}agreement").text
        for at in range(1, 25):
            say(place, one, at, "the-shops" if at % 2 else "the-people")
            say(place, two, at, "the-shops" if at % 2 or at == 2 else "the-people")
        page = client.get(f"{WORDS}agreement").text
    assert "24 texts were read by two people or more" in page
    assert "Coders agree well. Counts of it can be relied on." in page
    assert "All themes together" in page
    assert "Coder 1:" in page
    assert "coder-" not in page
    assert "olive" not in page


def test_codes_go_out_and_in_as_two_columns(app):
    with app.app_context():
        place, one, _two, _three = summarising(app, ["=cmd()", "my neighbours", "???", "not read yet"])
        make_codebook(place, one)
        make_queue(place, one)
        client = staff_client(app, one)
        out = client.send(f"{WORDS}texts.csv", page=f"{WORDS}file")
        assert out.mimetype == "text/csv"
        assert "attachment" in out.headers["Content-Disposition"]
        lines = out.data.decode("utf-8-sig").split("\r\n")
        assert lines[0] == "id,text,codes"
        rows = dict(line.split(",")[1::-1] for line in lines[1:] if line)
        assert set(rows) == {"'=cmd()", "my neighbours", "???", "not read yet"}
        assert "writer" not in out.data.decode()
        formula = rows["'=cmd()"]
        table = (
            "codes,ID,note\r\n"
            f"the SHOPS; the-quiet,{formula},x\r\n"
            f"none,{rows['my neighbours']},\r\n"
            f"cannot_code,{rows['???']},\r\n"
            f",{rows['not read yet']},\r\n"
        )
        form = hidden_in(client.get(f"{WORDS}file"))
        form = {"csrf_token": form["csrf_token"], "codebook": "1"}
        answer = client.post(
            f"{WORDS}file", data={**form, "file": (io.BytesIO(b"\xef\xbb\xbf" + table.encode()), "c.csv")}
        )
        assert answer.status_code == 303, answer.text
        judged = {each.outcome.value for each in judgements(place)}
        assert (len(judgements(place)), judged) == (3, {"coded", "cannot_code"})
        assert {each.coder for each in judgements(place)} == {coder_of(one.id)}
        assert "1 text waits for you" in client.get(f"{WORDS}file").text


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("id,codes\r\n1,the weather\r\n2,none\r\n", "2: codes: there is no theme the weather"),
        ("id,codes\r\n1,none\r\n77,none\r\n", "3: id: That text has gone"),
        ("id,codes\r\n1,none\r\n1,none\r\n", "3: id: 1 stands twice"),
        ("id,codes\r\none,none\r\n", "2: id: one is not a whole number"),
        ("id,codes\r\n1,;\r\n", "2: codes: no theme is named"),
        ("id,code\r\n1,none\r\n", "1: id: there must be one column called codes"),
        ('id,codes\r\n1,"none\r\n', "2: id: a quotation mark"),
        ("id,codes\r\n1\r\n", "2: id: the row has 1 cells and the header 2"),
        ("", "1: id: there must be one column called id"),
    ],
)
def test_a_table_with_a_fault_saves_nothing_and_names_the_line(sqlite_app, table, problem):
    with sqlite_app.app_context():
        place, one, _two, _three = summarising(sqlite_app)
        make_codebook(place, one)
        make_queue(place, one)
        client = staff_client(sqlite_app, one)
        form = {"csrf_token": client.token_from(f"{WORDS}file"), "codebook": "1"}
        answer = client.post(f"{WORDS}file", data={**form, "file": (io.BytesIO(table.encode()), "c.csv")})
        assert answer.status_code == 422
        assert problem in unescape(answer.text)
        assert judgements(place) == []


def test_the_follow_up_comes_in_by_a_button_and_its_texts_are_not_told_apart(app):
    with app.app_context():
        place = make_place("closed")
        make_coded(place)
        make_texts(place, ["after the forum"], wave=Wave.POST, prefix="writer")
        client = staff_client(app, officer_of(place))
        base = "/analyst/closed-place/coding/"
        page = client.get(base)
        assert "Bring in the new texts" in page.text
        assert client.send(f"{base}words/more", page=base).location == base
        rows = queued(place)
        assert {row.place for row in rows if row.judged < row.needed} == {4, 5, 6, 7, 8}, (
            "one of them is read again"
        )
        assert "Code the next text" in client.get(base).text
        assert client.get(f"{base}words/codebook/new").status_code == 403


def test_somebody_of_another_consultation_finds_nothing(app):
    with app.app_context():
        place, one, _two, _three = summarising(app)
        make_codebook(place, one)
        make_queue(place, one)
        theme = list_themes(open_item(place).id)[0].id
        other = make_place("summarising", slug="other-place")
        stranger = staff_client(app, officer_of(other, "sam@abbeyford.example"))
        for path in ("", "words/codebook", "words/read", "words/decide", "words/agreement", "words/file"):
            assert stranger.get(BASE + path).status_code == 404
        assert stranger.get(f"/analyst/other-place/coding/words/codebook/themes/{theme}").status_code == 404
        assert stranger.get("/analyst/other-place/coding/hours/codebook").status_code == 404
