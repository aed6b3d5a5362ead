"""The officer writes items on pages that need no script."""

import re

import html5lib
import pytest

from consult.access import OPERATOR, Role
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.surveys.item_queries import get_item, list_items, list_keys, new_item_of
from consult.surveys.models import Item
from consult.surveys.rules import FORMS, NewOption, NewScale, default_waves
from consult.surveys.service import add_items
from consult.surveys.typed_items import usual_role
from consult.web.once import new_token
from tests.making.accounts import client_as, make_staff, sign_in
from tests.making.items import STEMS, TYPED, an_item, fields_of, make_draft
from tests.making.places import make_place
from tests.page_client import PageClient, at_once

ITEMS = "/officer/parks-2026/items"
ONCE = re.compile(r'name="once" value="([^"]+)"')


@pytest.fixture
def desk(sqlite_app):
    """A draft without items and the browser of its officer."""
    with sqlite_app.app_context():
        draft = make_draft()
        yield draft, client_as(sqlite_app, Role.OFFICER, draft)


def with_items(draft, *items):
    add_items(OPERATOR, draft, items)
    db.session.commit()


def add(client, form, /, **more):
    """Open the page of a new item, fill it in and send it."""
    address = f"{ITEMS}/new?form={form}"
    token = ONCE.search(client.get(address).text)[1]
    return client.send(address, {"once": token, **fields_of(form, **more)})


def save(client, item, form, /, **more):
    return client.send(f"{ITEMS}/{item}", {"version": "1", **fields_of(form, **more)})


# --- every form, both databases


SCALES = {
    "scale": NewScale(0, 6, "cut a lot", "increased a lot", 4, reversed=True,
                      labels=("cut a lot", "", "", "as now", "", "", "increased a lot")),
    "agreement": NewScale(1, 5, "strongly disagree", "strongly agree"),
    "evaluation": NewScale(0, 10, "not at all", "very much"),
}  # fmt: skip
MADE_OPTIONS = {
    "choice": (NewOption("home", "home"), NewOption("out", "out")),
    "rank": (
        NewOption("fewer-licences", "Fewer licences"),
        NewOption("earlier-closing", "Earlier closing"),
        NewOption("no-change", "No change"),
    ),
    "knowledge": (NewOption("a-year", "a year"), NewOption("for-ever", "for ever")),
}


def test_an_item_of_each_form_is_written_read_approved_and_changed(app):
    with app.app_context():
        draft = make_draft()
        client = client_as(app, Role.OFFICER, draft)
        for form in FORMS:
            answer = add(client, form)
            assert answer.status_code == 303, answer.text
            key = answer.location.removeprefix(f"{ITEMS}/").removesuffix("/sentences")
            expected = an_item(
                form,
                key=key,
                role=usual_role(form),
                waves=default_waves(form, usual_role(form)),
                scale=SCALES.get(form),
                options=MADE_OPTIONS.get(form, ()),
                other=form == "choice",
                correct="for-ever" if form == "knowledge" else None,
            )
            assert new_item_of(get_item(draft, key)) == expected
            approved = client.send(answer.location, {"version": "1", "reads_well": "y"})
            assert approved.status_code == 303
            assert get_item(draft, key).approved_version == 1
            changed = save(client, key, form, stem=f"Then {STEMS[form]}", key=key)
            assert changed.location == f"{ITEMS}/{key}/sentences"
            item = get_item(draft, key)
            assert (item.stem, item.version, item.approved_version) == (f"Then {STEMS[form]}", 2, 1)
        assert len(list_keys(draft)) == len(FORMS) == 7


def sent_by_a_browser(html):
    """What a browser would send from the form with most fields if nobody touched it, without a button."""
    root = html5lib.parse(html, namespaceHTMLElements=False)
    form = max(root.iter("form"), key=lambda each: len([*each.iter("input")]))
    sent = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type")
        if field.tag == "textarea":
            sent[name] = field.text.removeprefix("\n")
        elif field.tag == "select":
            sent[name] = next(each.get("value") for each in field if each.get("selected") is not None)
        elif field.tag == "input" and (kind not in {"radio", "checkbox"} or field.get("checked") is not None):
            sent[name] = field.get("value", "")
    return sent


def test_a_page_shows_everything_that_an_item_is_so_that_saving_it_untouched_changes_nothing(desk):
    draft, client = desk
    more = {
        **{form: {"scale": scale} for form, scale in SCALES.items()},
        **{form: {"options": options} for form, options in MADE_OPTIONS.items()},
        "open": {"role": "perceived", "waves": ("post",)},
    }
    more["choice"] |= {"ordered": True, "other": True, "waves": ("pre",)}
    more["knowledge"]["correct"] = "for-ever"
    with_items(draft, *(an_item(form, **more[form]) for form in FORMS))
    for form in FORMS:
        sent = sent_by_a_browser(client.get(f"{ITEMS}/{form}").text)
        assert client.post(f"{ITEMS}/{form}", data={**sent, "action": "save"}).status_code == 303
        assert new_item_of(get_item(draft, form)) == an_item(form, **more[form])
        assert get_item(draft, form).version == 1


# --- what is wrong


WRONG = [
    ("open", {"stem": "  "}, "stem", "Write the sentence"),
    ("open", {"stem": "x" * 501}, "stem", "Enter 500 characters or fewer"),
    ("open", {"waves": "never"}, "waves", "Choose when it is asked"),
    ("open", {"waves": ""}, "waves", "Choose when it is asked"),
    ("open", {"role": "boss"}, "role", "Choose what the question is about"),
    ("open", {"key": "taken"}, "key", "Another question has this short name. Choose a different one"),
    ("open", {"key": "new"}, "key", "This short name is not possible. Choose a different one"),
    ("open", {"key": "other"}, "key", "This short name is not possible. Choose a different one"),
    ("open", {"key": "k" * 101}, "key", "Enter 100 characters or fewer"),
    ("choice", {"option_1": " "}, "option_0", "Write at least 2 options"),
    ("choice", {"option_1": "Home"}, "option_1", "Options 1 and 2 say the same. Change one"),
    ("choice", {"option_1": "x" * 201}, "option_1", "Enter 200 characters or fewer"),
    ("rank", {"option_1": "", "option_2": ""}, "option_0", "Write at least 2 options"),
    ("knowledge", {"correct": ""}, "correct", "Choose which option is right"),
    ("knowledge", {"correct": "2"}, "correct", "Choose which option is right"),
    ("knowledge", {"correct": "x"}, "correct", "Choose which option is right"),
    ("scale", {"points": "4"}, "points", "Choose how many points the scale has"),
    ("scale", {"points": "many"}, "points", "Choose how many points the scale has"),
    ("scale", {"first": "one"}, "first", "Enter the first number of the scale, such as 0 or 1"),
    ("scale", {"first": ""}, "first", "Enter the first number of the scale, such as 0 or 1"),
    ("scale", {"low": ""}, "low", "Enter the words for the first point"),
    ("scale", {"high": ""}, "high", "Enter the words for the last point"),
    ("scale", {"favour_from": "7"}, "favour_from", "Enter a number from 0 to 6, or leave it empty"),
    ("scale", {"favour_from": "most"}, "favour_from", "Enter a number such as 4, or leave it empty"),
    ("scale", {"points": "5", "between_4": "x"}, "points", "There are words for more points than the scale has"),  # noqa: E501
]  # fmt: skip


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(desk):
    draft, client = desk
    with_items(draft, an_item("open", key="taken"))
    for form, more, field, message in WRONG:
        answer = add(client, form, **more)
        assert answer.status_code == 422, (form, more)
        assert f'<a href="#{field}">{message}</a>' in answer.text, (form, more)
        assert f'id="{field}-error"' in answer.text, (form, more)
        for name, text in {**fields_of(form), **more}.items():
            if text.strip() and name in {"stem", "low", "high", "option_0", "option_1", "favour_from", "key"}:
                assert text in answer.text, (form, more, name)
    assert list_keys(draft) == ["taken"]


def test_without_a_kind_one_is_asked_for(desk):
    _draft, client = desk
    assert client.get(f"{ITEMS}/new").status_code == 200
    answer = client.get(f"{ITEMS}/new?next=1")
    assert answer.status_code == 422
    assert '<a href="#form">Choose a kind of question</a>' in answer.text
    assert client.get(f"{ITEMS}/new?next=1&form=essay").status_code == 422
    for form in FORMS:
        assert f'value="{form}"' in answer.text
        assert "Add a question" in client.get(f"{ITEMS}/new?form={form}&next=1").text


ODD = ("<script>alert(1)</script> …", "{{ 7 * 7 }} …", "%(n)s %s …", "مرحبا …", "a\u202eb …")


def test_odd_words_are_kept_and_shown_as_words(desk):
    draft, client = desk
    for n, stem in enumerate(ODD):
        location = add(client, "open", stem=stem, key=f"odd-{n}").location
        assert get_item(draft, f"odd-{n}").stem == stem.replace("\u202e", "")
        page = f"{ITEMS}/odd-{n}"
        for path in (ITEMS, location, page, f"{page}/preview", f"{page}/remove"):
            shown = client.get(path).text
            assert "<script>alert" not in shown
            assert "49 …" not in shown


def test_a_field_that_is_not_on_the_page_changes_nothing(desk):
    draft, client = desk
    add(client, "open", position="7", approved_version="1", consultation_id="99", form="rank", scale_min="3",
        reversed="y", option_0="x", correct="0", points="5")  # fmt: skip
    [item] = list_items(draft)
    assert new_item_of(item) == an_item("open", key=item.key)
    assert (item.position, item.approved_version, item.consultation_id) == (0, None, draft.id)


# --- options, one box each


def boxes(text):
    return re.findall(r'id="option_(\d+)"[^>]*? type="text"(?: value="([^"]*)")?', text)


PRESSED = (
    ("add", ["a", "b", "c", ""], ["1"]),
    ("remove-0", ["b", "c"], ["0"]),
    ("remove-1", ["a", "c"], []),
    ("remove-2", ["a", "b"], ["1"]),
    ("up-1", ["b", "a", "c"], ["0"]),
    ("up-2", ["a", "c", "b"], ["2"]),
    ("up-0", ["a", "b", "c"], ["1"]),
    ("remove-9", ["a", "b", "c"], ["1"]),
    ("up-²", ["a", "b", "c"], ["1"]),
    ("nothing", ["a", "b", "c"], ["1"]),
)


def test_buttons_beside_options_keep_everything_that_was_typed(desk):
    draft, client = desk
    with_items(draft, an_item("knowledge"))
    typed = {"option_0": "a", "option_1": "b", "option_2": "c", "correct": "1", "stem": "Half a sente"}
    for action, expected, right in PRESSED:
        answer = save(client, "knowledge", "knowledge", **typed, action=action, key="unsaved")
        assert answer.status_code == 200
        assert [value for _n, value in boxes(answer.text)] == expected, action
        assert re.findall(r'name="correct" type="radio" value="(\d)" checked', answer.text) == right, action
        assert "Half a sente" in answer.text
        assert 'value="unsaved"' in answer.text
        assert "govuk-error" not in answer.text
    assert new_item_of(get_item(draft, "knowledge")) == an_item("knowledge")


def test_an_option_keeps_its_key_whatever_its_words_become_and_a_stranger_s_key_is_not_taken(desk):
    draft, client = desk
    with_items(draft, an_item("choice"))
    save(
        client,
        "choice",
        "choice",
        option_0="elsewhere",
        option_key_0="out",
        option_1="home",
        option_key_1="mine",
    )
    options = new_item_of(get_item(draft, "choice")).options
    assert options == (NewOption("out", "elsewhere"), NewOption("home", "home"))


def test_more_options_can_be_added_up_to_a_limit(desk):
    _draft, client = desk
    many = {f"option_{n}": str(n) for n in range(29)}
    page = client.send(f"{ITEMS}/new?form=rank", {"once": new_token(), **many, "action": "add"}).text
    assert len(boxes(page)) == 30
    assert "Add another option" not in page
    more = {f"option_{n}": str(n) for n in range(30)}
    page = client.send(f"{ITEMS}/new?form=rank", {"once": new_token(), **more, "action": "add"}).text
    assert len(boxes(page)) == 30


def test_boxes_for_the_words_of_points_follow_the_number_of_points(desk):
    _draft, client = desk
    for points, n in (("5", 3), ("11", 9), ("99", 19), ("-3", 0)):
        sent = {
            "once": new_token(),
            **fields_of("scale", points=points, action="points", between_0="a little"),
        }
        page = client.send(f"{ITEMS}/new?form=scale", sent).text
        assert len(re.findall(r'name="between_\d+"', page)) == n
        assert ("a little" in page) == (n > 0)


def test_a_scale_from_a_bundle_keeps_its_length_and_words(desk):
    draft, client = desk
    scale = NewScale(-10, 5, labels=("none", *[""] * 13, "more", "many"))
    with_items(draft, an_item("scale", scale=scale))
    sent = sent_by_a_browser(client.get(f"{ITEMS}/scale").text)
    assert (sent["points"], sent["first"], sent["low"], sent["high"]) == ("16", "-10", "none", "many")
    changed = client.post(f"{ITEMS}/scale", data={**sent, "action": "save", "low": "no shops"})
    assert changed.status_code == 303
    labels = ("no shops", *[""] * 13, "more", "many")
    expected = NewScale(-10, 5, "no shops", "many", labels=labels)
    assert new_item_of(get_item(draft, "scale")).scale == expected


# --- the list


def test_the_list_says_what_is_to_do(desk):
    draft, client = desk
    empty = client.get(ITEMS).text
    assert "There are no questions yet." in empty
    with_items(draft, an_item("open"), an_item("scale", stem="Late shops and bars should be …"))
    draft_page = client.get(ITEMS).text
    assert "There are 2 questions." in draft_page
    assert "2 have sentences that nobody has approved yet." in draft_page
    assert "1 thing to look at" in draft_page
    for key in ("open", "scale"):
        client.send(f"{ITEMS}/{key}/sentences", {"version": "1", "reads_well": "y"})
    assert "All their sentences are approved." in client.get(ITEMS).text


def test_items_move_and_the_browser_comes_back_to_its_button(desk):
    draft, client = desk
    with_items(draft, an_item("open"), an_item("scale"), an_item("rank"))
    page = client.get(ITEMS).text
    assert page.count(">Move up<") == page.count(">Move down<") == 2
    for key, move, order, anchor in (
        ("rank", "up scale", ["open", "rank", "scale"], "up-2"),
        ("rank", "up open", ["rank", "open", "scale"], "down-1"),
        ("rank", "down open", ["open", "rank", "scale"], "down-2"),
        ("rank", "down scale", ["open", "scale", "rank"], "up-3"),
    ):
        answer = client.send(f"{ITEMS}/{key}/move", {"move": move}, page=ITEMS)
        assert (answer.status_code, answer.location) == (303, f"{ITEMS}#{anchor}")
        assert list_keys(draft) == order
        assert f'id="{anchor}"' in client.get(ITEMS).text


@pytest.mark.parametrize("move", ["up rank", "down rank", "", "up", "sideways scale"])
def test_a_move_that_no_longer_fits_shows_the_list_as_it_is(desk, move):
    draft, client = desk
    with_items(draft, an_item("scale"), an_item("open"), an_item("rank"))
    answer = client.send(f"{ITEMS}/scale/move", {"move": move}, page=ITEMS)
    assert answer.status_code == 409
    assert "Somebody else changed the list while you had it open." in answer.text
    assert list_keys(draft) == ["scale", "open", "rank"]


def test_an_item_is_removed_after_a_second_question(desk):
    draft, client = desk
    with_items(draft, an_item("open"), an_item("scale"))
    assert "Are you sure that you want to remove this question?" in client.get(f"{ITEMS}/open/remove").text
    assert list_keys(draft) == ["open", "scale"]
    answer = client.send(f"{ITEMS}/open/remove", {"version": "1"})
    assert (answer.status_code, answer.location) == (303, ITEMS)
    assert list_keys(draft) == ["scale"]
    assert client.post(f"{ITEMS}/open/remove", data={"csrf_token": client.any_token()}).status_code == 404


def test_the_list_asks_as_many_statements_for_thirty_items_as_for_one(desk):
    draft, client = desk
    with_items(draft, an_item("choice", key="one"))
    client.get(ITEMS)
    of_one = len(client.statements)
    with_items(draft, *(an_item(form, key=f"{form}-{n}") for n in range(5) for form in FORMS[:6]))
    client.get(ITEMS)
    assert len(client.statements) == of_one
    assert of_one <= 12


def test_a_preview_shows_the_item_and_writes_nothing(desk):
    draft, client = desk
    with_items(draft, *map(an_item, FORMS))
    for form in FORMS:
        page = client.get(f"{ITEMS}/{form}/preview").text
        assert STEMS[form] in page
        assert "I’d rather not say" in page
    assert "1 of 6" in client.get(f"{ITEMS}/open/preview").text


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_who_edits_nothing_walks_through_the_questions_as_people_see_them(desk, sqlite_app, role):
    draft, _officer = desk
    client = sign_in(PageClient(sqlite_app), make_staff("eye@abbeyford.example", role, draft))
    home = "/moderator/" if role is Role.MODERATOR else "/analyst/"
    first = "/moderator/parks-2026/questions/"
    assert first in client.get(home).text
    assert "There are no questions yet." in client.get(first).text
    with_items(draft, *map(an_item, FORMS))
    for n, form in enumerate(FORMS, 1):
        page = client.get(f"{first}{n}" if n > 1 else first).text
        assert STEMS[form] in page
        assert (f'href="{first}{n + 1}"' in page) is (n < len(FORMS))
        assert ('rel="prev"' in page) is (n > 1)
    assert client.get(f"{first}{len(FORMS) + 1}").status_code == 404


# --- approval


def test_approving_needs_the_box_and_any_change_takes_it_back(desk):
    draft, client = desk
    with_items(draft, an_item("choice"))
    address = f"{ITEMS}/choice/sentences"
    page = client.get(address).text
    assert "In the evening I mostly go <strong>home</strong>." in page
    refused = client.send(address, {"version": "1"})
    assert refused.status_code == 422
    assert '<a href="#reads_well">Tick the box when every sentence reads well</a>' in refused.text
    assert client.send(address, {"version": "1", "reads_well": "y"}).status_code == 303
    assert "You have approved the sentences of a question." in client.get(ITEMS).text
    assert "These sentences are approved." in client.get(address).text
    save(client, "choice", "choice", option_0="homewards", option_key_0="home")
    assert "Not yet approved" in client.get(ITEMS).text
    assert get_item(draft, "choice").approved_version == 1


def test_approving_leads_to_the_next_that_waits_and_at_last_to_the_list(desk):
    draft, client = desk
    with_items(draft, an_item("open"), an_item("scale"), an_item("rank"))
    led_to = []
    for key in ("scale", "rank", "open"):
        answer = client.send(f"{ITEMS}/{key}/sentences", {"version": "1", "reads_well": "y"})
        led_to.append(answer.location)
    assert led_to == [f"{ITEMS}/rank/sentences", f"{ITEMS}/open/sentences", ITEMS]


def test_sentences_that_changed_meanwhile_are_read_again(desk):
    draft, client = desk
    with_items(draft, an_item("choice"))
    save(client, "choice", "choice", stem="At night I mostly go …")
    answer = client.send(f"{ITEMS}/choice/sentences", {"version": "1", "reads_well": "y"})
    assert answer.status_code == 409
    assert "Somebody else changed this question. Read its sentences again." in answer.text
    assert "At night I mostly go" in answer.text
    assert get_item(draft, "choice").approved_version is None


# --- two officers


def test_the_second_of_two_officers_sees_both_versions_and_may_save_on_top(desk):
    draft, client = desk
    with_items(draft, an_item("choice"))
    keys = {"option_key_0": "home", "option_key_1": "out", "key": "choice"}
    save(client, "choice", "choice", **keys, stem="At night I mostly go …", option_1="away")
    answer = save(client, "choice", "choice", **keys, stem="At noon I mostly go …")
    assert answer.status_code == 409
    assert "Somebody else changed this question while you had it open." in answer.text
    table = answer.text.split('id="versions"')[1].split("</table>")[0]
    for words in ("At night I mostly go …", "At noon I mostly go …", "away", ">out<"):
        assert words in table
    assert get_item(draft, "choice").stem == "At night I mostly go …"
    version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    assert (
        save(client, "choice", "choice", **keys, stem="At noon I mostly go …", version=version).status_code
        == 303
    )
    assert get_item(draft, "choice").stem == "At noon I mostly go …"


def test_of_officers_who_save_at_once_one_is_first_and_all_others_are_told(app):
    with app.app_context():
        draft = make_draft()
        with_items(draft, an_item("open"))
        officer = client_as(app, Role.OFFICER, draft)
        token = officer.any_token()
        cookie = officer.get_cookie("session").value
        db.session.commit()

    def saves(n):
        browser = PageClient(app)
        browser.set_cookie("session", cookie)
        data = {"csrf_token": token, "version": "1", **fields_of("open", stem=f"Version {n} …", key="open")}
        return n, browser.post(f"{ITEMS}/open", data=data).status_code

    done = at_once(saves, [(n,) for n in range(6)])
    assert sorted(status for _n, status in done) == [303, *[409] * 5]
    with app.app_context():
        [first] = [n for n, status in done if status == 303]
        item = get_item(get_consultation("parks-2026"), "open")
        assert (item.stem, item.version) == (f"Version {first} …", 2)


def test_a_new_item_that_is_sent_often_is_added_once(app):
    with app.app_context():
        draft = make_draft()
        officer = client_as(app, Role.OFFICER, draft)
        token, cookie = officer.any_token(), officer.get_cookie("session").value
    data = {"csrf_token": token, "once": new_token(), **fields_of("choice")}

    def sends(_n):
        browser = PageClient(app)
        browser.set_cookie("session", cookie)
        answer = browser.post(f"{ITEMS}/new?form=choice", data=data)
        return answer.status_code, answer.location

    assert set(at_once(sends, [(n,) for n in range(8)])) == {
        (303, f"{ITEMS}/in-the-evening-i-mostly-go/sentences")
    }
    with app.app_context():
        assert db.session.query(Item).count() == 1


def test_officers_who_add_at_once_all_find_a_place(app):
    with app.app_context():
        draft = make_draft()
        officer = client_as(app, Role.OFFICER, draft)
        token, cookie = officer.any_token(), officer.get_cookie("session").value

    def adds(n):
        browser = PageClient(app)
        browser.set_cookie("session", cookie)
        data = {"csrf_token": token, "once": new_token(), **fields_of("open", key=f"key-{n}")}
        return browser.post(f"{ITEMS}/new?form=open", data=data).status_code

    assert at_once(adds, [(n,) for n in range(6)]) == [303] * 6
    with app.app_context():
        assert sorted(item.position for item in list_items(get_consultation("parks-2026"))) == [*range(6)]


# --- after publishing


@pytest.mark.parametrize("moment", ["survey", "forum", "follow_up", "closed"])
def test_after_publishing_the_words_are_text_and_no_form_is_taken(sqlite_app, moment):
    with sqlite_app.app_context():
        place = make_place(moment)
        client = client_as(sqlite_app, Role.OFFICER, place)
        address = f"/officer/{place.slug}/items"
        page = client.get(f"{address}/hours").text
        assert "The words were fixed when the consultation was published." in page
        assert "<textarea" not in page
        can_correct = moment != "closed"
        assert ("Correct a typing error" in page) == can_correct
        assert ("Correct a typing error" in client.get(address).text) == can_correct
        assert "Add a question" not in client.get(address).text
        assert client.get(f"{address}/new").status_code == 409
        assert client.get(f"{address}/hours/remove").status_code == 409
        token = client.any_token()
        before = [new_item_of(item) for item in list_items(place)]
        for path, data in (
            ("/new?form=open", {**fields_of("open"), "once": new_token()}),
            ("/hours", {**fields_of("scale"), "version": "1"}),
            ("/hours/sentences", {"version": "1", "reads_well": "y"}),
            ("/hours/move", {"move": "down depth"}),
            ("/hours/remove", {"version": "1"}),
        ):
            answer = client.post(address + path, data={"csrf_token": token, **data})
            assert answer.status_code == 409
            assert "This was fixed when the consultation was published." in answer.text
        assert [new_item_of(item) for item in list_items(place)] == before


def test_every_form_has_fields_to_try():
    assert set(TYPED) == set(STEMS) == set(FORMS)
