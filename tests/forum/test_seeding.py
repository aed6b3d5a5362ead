"""Summaries: drafted by staff, published together, never changed afterwards."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult import clock
from consult.access import Role
from consult.audit.models import AuditEntry
from consult.consultations.models import Consultation, Progress
from consult.consultations.queries import get_consultation, standing_of
from consult.consultations.rehearsing import rehearsing
from consult.db import db
from consult.errors import Conflict, NotPermitted
from consult.forum import seeding
from consult.forum.models import Post, PostKind, PostState, PostVersion, Thread
from consult.forum.seeds import list_seeds
from consult.surveys.models import AnswerStatus
from consult.web.once import new_token
from tests.making.accounts import client_as, make_staff, sign_in
from tests.making.forum import make_answers, make_post, make_thread
from tests.making.places import as_resident, make_place, make_resident
from tests.page_client import PageClient, at_once

TITLE, BODY = "Opening hours", "Some want fewer.\n\nOthers want more."


@pytest.fixture
def slug(sqlite_app: Flask) -> str:
    with sqlite_app.app_context():
        return make_place("summarising").slug


def there(app: Flask, slug: str) -> Consultation:
    with app.app_context():
        found = get_consultation(slug)
        db.session.commit()
    return found


def staff(app: Flask, slug: str, role: Role = Role.OFFICER) -> PageClient:
    return client_as(app, role, there(app, slug))


def seeds_of(slug: str) -> str:
    return f"/moderator/{slug}/seeds"


def draft(browser: PageClient, slug: str, title: str = TITLE, body: str = BODY, **more: str) -> int:
    data = {"title": title, "body": body, "item": "", "version": "0", "once": new_token(), **more}
    return browser.send(f"{seeds_of(slug)}/new", data).status_code


def publish(browser: PageClient, slug: str, **more: str) -> tuple[int, str]:
    data = {"csrf_token": browser.any_token(), "once": new_token(), **more}
    answer = browser.post(f"{seeds_of(slug)}/publish", data=data)
    return answer.status_code, answer.text


def drafts(app: Flask, slug: str) -> list[tuple[str, str, int, bool]]:
    with app.app_context():
        found = list_seeds(get_consultation(slug))
        return [(seed.address, seed.title, seed.version, seed.is_published) for seed in found]


# --- drafting


def test_a_summary_is_drafted_and_only_staff_can_read_it(sqlite_app, slug):
    browser = staff(sqlite_app, slug)
    assert draft(browser, slug, item="hours") == 303
    [(address, title, version, is_published)] = drafts(sqlite_app, slug)
    assert (title, version, is_published) == (TITLE, 1, False)
    page = browser.get(seeds_of(slug)).text
    assert "Others want more." in page
    assert "Draft" in page
    assert staff(sqlite_app, slug, Role.ANALYST).get(seeds_of(slug)).status_code == 200
    with sqlite_app.app_context():
        resident = as_resident(sqlite_app, make_resident(get_consultation(slug)))
    for client in (resident, PageClient(sqlite_app)):
        for path in ("", address):
            assert "Others want more." not in client.get(f"/consultations/{slug}/forum/{path}").text


def test_every_deed_on_a_draft_is_on_the_trail(sqlite_app, slug):
    browser = staff(sqlite_app, slug)
    draft(browser, slug)
    [(address, *_)] = drafts(sqlite_app, slug)
    change(browser, slug, address, body="Other words.")
    browser.send(f"{seeds_of(slug)}/{address}/remove")
    with sqlite_app.app_context():
        said = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "sum.draft")).all()
    assert [re.findall(r'"deed": "(\w+)"', detail) for detail in said] == [["add"], ["edit"], ["remove"]]
    assert not any("words" in detail for detail in said)
    assert drafts(sqlite_app, slug) == []


@pytest.mark.parametrize(
    ("data", "said", "field"),
    [
        ({"title": ""}, "Enter a title", "title"),
        ({"title": "\u200b"}, "Enter a title", "title"),
        ({"title": "x" * 151}, "The title must have 150 characters or fewer", "title"),
        ({"body": " "}, "Write what people said", "body"),
        ({"body": "x" * 10_001}, "The summary must have 10,000 characters or fewer", "body"),
        ({"item": "no-such"}, "Choose from the answers in the list", "item"),
    ],
)
def test_a_draft_that_lacks_something_comes_back(sqlite_app, slug, data, said, field):
    browser = staff(sqlite_app, slug)
    form = {"title": TITLE, "body": BODY, "item": "", "version": "0", "once": new_token(), **data}
    answer = browser.send(f"{seeds_of(slug)}/new", form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}"' in answer.text
    assert drafts(sqlite_app, slug) == []


def test_a_draft_sent_twice_is_one_draft(sqlite_app, slug):
    browser = staff(sqlite_app, slug)
    token = new_token()
    assert [draft(browser, slug, once=token) for _again in range(2)] == [303, 303]
    assert len(drafts(sqlite_app, slug)) == 1


def change(browser: PageClient, slug: str, address: str, *, version: int = 1, **more: str):
    data = {"title": TITLE, "body": BODY, "item": "", "version": str(version), **more}
    path = f"{seeds_of(slug)}/{address}"
    return browser.post(path, data={"csrf_token": browser.any_token(), **data})


def test_a_draft_is_changed_and_what_it_said_before_is_kept(sqlite_app, slug):
    browser = staff(sqlite_app, slug)
    draft(browser, slug)
    [(address, *_)] = drafts(sqlite_app, slug)
    page = browser.get(f"{seeds_of(slug)}/{address}").text
    assert 'name="version" value="1"' in page
    assert "Others want more." in page
    assert change(browser, slug, address, title="Hours", body="Many views.", item="hours").status_code == 303
    assert drafts(sqlite_app, slug) == [(address, "Hours", 2, False)]
    with sqlite_app.app_context():
        [before] = db.session.scalars(select(PostVersion))
        assert (before.version, before.title, before.body) == (1, TITLE, BODY)


def test_two_who_change_a_draft_at_once_both_see_both_versions(sqlite_app, slug):
    browser = staff(sqlite_app, slug)
    draft(browser, slug)
    [(address, *_)] = drafts(sqlite_app, slug)
    assert change(browser, slug, address, body="The first to save.").status_code == 303
    answer = change(browser, slug, address, body="The second to save.")
    assert answer.status_code == 409
    assert "The first to save." in answer.text
    assert "The second to save." in answer.text
    assert 'name="version" value="2"' in answer.text
    assert "Somebody else changed this summary" in answer.text
    assert change(browser, slug, address, body="The second to save.", version=2).status_code == 303
    assert change(browser, slug, address, body="The second to save.", version=2).status_code == 303  # again


def test_summaries_are_put_in_order(sqlite_app, slug):
    browser = staff(sqlite_app, slug, Role.MODERATOR)
    for title in ("A", "B", "C"):
        draft(browser, slug, title=title)

    def move(title: str, way: str) -> str:
        [address] = [each[0] for each in drafts(sqlite_app, slug) if each[1] == title]
        data = {"csrf_token": browser.any_token(), "move": way}
        assert browser.post(f"{seeds_of(slug)}/{address}/move", data=data).status_code == 303
        return "".join(each[1] for each in drafts(sqlite_app, slug))

    assert [move("C", "up"), move("C", "up"), move("C", "up")] == ["ACB", "CAB", "CAB"]
    assert [move("A", "down"), move("A", "down")] == ["CBA", "CBA"]


def test_a_summary_of_another_consultation_is_not_here(sqlite_app, slug):
    with sqlite_app.app_context():
        other = make_place("summarising", slug="bins-2026")
        make_thread(other, "theirs", state=PostState.AWAITING)
    browser = staff(sqlite_app, slug)
    token = browser.any_token()
    for path in ("theirs", "theirs/remove", "nothing", "nothing/remove"):
        assert browser.get(f"{seeds_of(slug)}/{path}").status_code == 404
        assert browser.post(f"{seeds_of(slug)}/{path}", data={"csrf_token": token}).status_code == 404
    assert browser.get(seeds_of("bins-2026")).status_code == 404
    data = {"csrf_token": token, "move": "up"}
    assert browser.post(f"{seeds_of(slug)}/theirs/move", data=data).status_code == 404


# --- from the answers


def test_a_first_draft_tells_the_answers_in_rounded_numbers(sqlite_app, slug):
    with sqlite_app.app_context():
        place = get_consultation(slug)
        make_answers(place, "often", {"0": 23, "1": 12})
        make_answers(place, "often", {"0": 11}, status=AnswerStatus.DONT_KNOW)
        make_answers(place, "often", {"1": 9}, progress=Progress.STARTED)
    page = staff(sqlite_app, slug).get(f"{seeds_of(slug)}/new?item=often").text
    assert "About 35 people answered." in page
    assert "About 25 people chose: “never”." in page
    assert "About 10 people chose: “often”." in page
    assert "About 10 people had not made up their mind." in page
    assert 'value="I visit the market …"' in page
    assert re.search(r'<option value="often"[^>]* selected>', page)


def test_a_draft_never_lets_a_small_count_be_subtracted(sqlite_app, slug):
    with sqlite_app.app_context():
        make_answers(get_consultation(slug), "where", {"home": 31, "out": 4})
    page = staff(sqlite_app, slug).get(f"{seeds_of(slug)}/new?item=where").text
    assert "About 35 people answered." in page
    assert "About 30 people chose: “home”." in page  # two are held back: this place has "something else" too
    assert "Fewer than 10 people chose: “out, somewhere”." in page
    assert "something else" not in page


def test_a_draft_of_two_options_hides_both_where_one_is_small(sqlite_app, slug):
    with sqlite_app.app_context():
        make_answers(get_consultation(slug), "often", {"0": 31, "1": 4})
    page = staff(sqlite_app, slug).get(f"{seeds_of(slug)}/new?item=often").text
    assert "Some people chose: “never”." in page
    assert "Fewer than 10 people chose: “often”." in page
    assert "About 30" not in page


def test_points_of_a_scale_are_told_with_their_words(sqlite_app, slug):
    with sqlite_app.app_context():
        make_answers(get_consultation(slug), "hours", {1: 12, 2: 12, 5: 10})
    page = staff(sqlite_app, slug).get(f"{seeds_of(slug)}/new?item=hours").text
    assert re.search(r"About 10 people chose: 1 \(“[^”]+”\)\.", page)
    assert "About 10 people chose: 2" in page


def test_the_answers_of_a_rehearsal_are_nobodys_view(sqlite_app, slug):
    with sqlite_app.app_context():
        place = get_consultation(slug)
        make_answers(place, "often", {"0": 20})
        from consult.consultations.models import Participant  # noqa: PLC0415

        for person in db.session.scalars(select(Participant).where(Participant.key.like("web-%"))):
            person.is_rehearsal = True
        db.session.commit()
    page = staff(sqlite_app, slug).get(f"{seeds_of(slug)}/new?item=often").text
    assert "Too few people answered to say more." in page


@pytest.mark.parametrize("item", ["words", "fact", "learnt", "moved", "no-such"])
def test_what_people_wrote_or_knew_is_not_counted_into_a_draft(sqlite_app, slug, item):
    browser = staff(sqlite_app, slug)
    assert browser.get(f"{seeds_of(slug)}/new?item={item}").status_code == 404
    assert f"new?item={item}" not in browser.get(seeds_of(slug)).text


def test_every_item_that_offers_a_first_draft_has_one(sqlite_app, slug):
    browser = staff(sqlite_app, slug)
    offered = re.findall(r"new\?item=(\w+)", browser.get(seeds_of(slug)).text)
    assert set(offered) >= {"hours", "agree", "where", "often", "policy"}
    for item in offered:
        assert "Too few people answered to say more." in browser.get(f"{seeds_of(slug)}/new?item={item}").text


# --- publishing


def test_publishing_opens_the_forum_and_fixes_where_summaries_come_from(app):
    with app.app_context():
        place = make_place("summarising")
        slug = place.slug
        make_answers(place, "often", {"0": 12})
    browser = staff(app, slug)
    draft(browser, slug, item="often")
    draft(browser, slug, title="No item", body="Something else people said.")
    page = browser.get(f"{seeds_of(slug)}/publish").text
    assert "These 2 summaries are published:" in page
    assert "cannot be changed or removed" in page
    status, _text = publish(browser, slug)
    assert status == 303
    with app.app_context():
        now = get_consultation(slug)
        assert now.presented_at is not None
        assert standing_of(now).moment.name == "FORUM"
        completions = db.session.scalars(select(Thread.completions).order_by(Thread.position)).all()
        assert completions == [12, None]
        assert db.session.scalar(select(AuditEntry.detail).where(AuditEntry.action == "sum.publish")) == (
            '{"count": 2}'
        )
    page = PageClient(app).get(f"/consultations/{slug}/forum/").text
    assert page.index(TITLE) < page.index("No item")
    [(address, *_rest), _second] = drafts(app, slug)
    thread = PageClient(app).get(f"/consultations/{slug}/forum/{address}").text
    assert "About 10 people finished it." in thread
    assert "The council approved this summary" in thread


def test_what_is_published_is_never_changed_or_removed(sqlite_app, slug):
    browser = staff(sqlite_app, slug)
    draft(browser, slug)
    [(address, *_)] = drafts(sqlite_app, slug)
    # Published before the forum opens: summaries may still be written, but not these.
    with sqlite_app.app_context():
        forum = next(stage for stage in get_consultation(slug).stages if stage.kind == "forum")
        forum.opens_at = clock.now() + timedelta(days=2)
        db.session.commit()
    assert publish(browser, slug)[0] == 303
    assert change(browser, slug, address, body="Secretly other words.").status_code == 409
    remove = browser.post(f"{seeds_of(slug)}/{address}/remove", data={"csrf_token": browser.any_token()})
    assert remove.status_code == 409
    assert "Secretly" not in browser.get(seeds_of(slug)).text
    assert publish(browser, slug)[0] == 422
    assert draft(browser, slug, title="One more") == 303
    assert publish(browser, slug)[0] == 303
    assert [each[3] for each in drafts(sqlite_app, slug)] == [True, True]


def test_there_must_be_a_summary_to_publish(sqlite_app, slug):
    browser = staff(sqlite_app, slug)
    assert "Write one first" in browser.get(f"{seeds_of(slug)}/publish").text
    status, text = publish(browser, slug)
    assert status == 422
    assert "There is no summary to publish" in text
    assert there(sqlite_app, slug).presented_at is None


def test_only_an_officer_publishes(sqlite_app, slug):
    browser = staff(sqlite_app, slug, Role.MODERATOR)
    draft(browser, slug)
    assert browser.get(f"{seeds_of(slug)}/publish").status_code == 403
    assert publish(browser, slug)[0] == 403
    page = browser.get(seeds_of(slug)).text
    assert "An officer publishes the summaries" in page
    assert f"{seeds_of(slug)}/publish" not in page


def test_officers_who_publish_at_once_publish_once(app):
    with app.app_context():
        place = make_place("summarising")
        slug = place.slug
        people = [make_staff(f"o{n}@abbeyford.example", Role.OFFICER, place) for n in range(3)]
        db.session.commit()
    browsers = [sign_in(PageClient(app), person) for person in people]
    draft(browsers[0], slug)
    statuses = at_once(lambda browser: publish(browser, slug)[0], [(browser,) for browser in browsers])
    # Whoever comes after the forum has opened by this is told that it is too late.
    assert min(statuses) == 303
    assert set(statuses) <= {303, 403, 422}
    assert statuses.count(303) == 1
    with app.app_context():
        assert (
            len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sum.publish")).all()) == 1
        )


def test_the_same_button_pressed_twice_publishes_once_without_a_complaint(app):
    with app.app_context():
        slug = make_place("summarising").slug
    browser = staff(app, slug)
    draft(browser, slug)
    token = new_token()
    assert publish(browser, slug, once=token)[0] == 303
    assert publish(browser, slug, once=token)[0] in {303, 403}  # the forum is open by then


def test_a_rehearsal_publishes_nothing(sqlite_app, slug):
    with sqlite_app.app_context():
        place = make_place("draft")
        officer = make_staff("o@abbeyford.example", Role.OFFICER, place)
        from consult.access import Actor  # noqa: PLC0415

        actor = Actor(f"staff/{officer.id}", frozenset(), {place.id: frozenset({Role.OFFICER})})
        with rehearsing(place.id, timedelta(days=24)), pytest.raises(Conflict):
            seeding.publish(actor, place)
        with pytest.raises(NotPermitted):
            seeding.publish(actor, place)
        assert place.presented_at is None


# --- the council speaks


@pytest.fixture
def open_slug(sqlite_app: Flask) -> str:
    with sqlite_app.app_context():
        return make_place("forum").slug


def speak(browser: PageClient, slug: str, query: str = "", **data: str):
    form = {"text": "What would change your mind?", "once": new_token(), **data}
    return browser.send(f"/moderator/{slug}/speak{query}", form)


def test_the_council_begins_a_topic_in_its_own_name(sqlite_app, open_slug):
    browser = staff(sqlite_app, open_slug, Role.MODERATOR)
    assert "Enter a title" in speak(browser, open_slug).text
    answer = speak(browser, open_slug, title="This week")
    assert answer.status_code == 303
    page = PageClient(sqlite_app).get(answer.location).text
    assert "This week" in page
    assert 'govuk-tag--blue">Council' in page
    assert "moderator" not in page
    with sqlite_app.app_context():
        [post] = db.session.scalars(select(Post).where(Post.kind == PostKind.FACILITATOR))
        assert (post.participant_id, post.parent_id, post.title) == (None, None, "This week")
        assert post.key in db.session.scalar(
            select(AuditEntry.detail).where(AuditEntry.action == "f.post_official")
        )
    assert (
        "What would change your mind?"
        in PageClient(sqlite_app).get(f"/consultations/{open_slug}/forum/").text
    )


def test_the_council_speaks_in_a_topic_and_answers_in_it(sqlite_app, open_slug):
    browser = staff(sqlite_app, open_slug)
    assert speak(browser, open_slug, "?thread=t1").status_code == 303
    answer = speak(browser, open_slug, "?thread=t1&to=t1-2", text="Thank you for that.")
    page = PageClient(sqlite_app).get(answer.location).text
    assert "In reply to participant 3" in page
    with sqlite_app.app_context():
        parents = db.session.scalars(
            select(Post.parent_id).where(Post.kind == PostKind.FACILITATOR).order_by(Post.id)
        ).all()
        assert parents[0] is None
        assert parents[1] is not None


def test_the_same_words_of_the_council_sent_twice_stand_once(sqlite_app, open_slug):
    browser = staff(sqlite_app, open_slug)
    token = new_token()
    answers = [speak(browser, open_slug, "?thread=t1", once=token) for _again in range(2)]
    assert answers[0].location == answers[1].location
    with sqlite_app.app_context():
        assert len(db.session.scalars(select(Post).where(Post.kind == PostKind.FACILITATOR)).all()) == 1


def test_the_council_cannot_answer_what_is_not_there_either(sqlite_app, open_slug):
    with sqlite_app.app_context():
        place = get_consultation(open_slug)
        make_post(make_thread(place, "t2"), "hidden", state=PostState.HIDDEN)
        make_thread(place, "draft", state=PostState.AWAITING)
    browser = staff(sqlite_app, open_slug)
    token = browser.any_token()
    for query in ("?thread=none", "?thread=t2&to=hidden", "?thread=t1&to=t2-seed", "?thread=draft"):
        path = f"/moderator/{open_slug}/speak{query}"
        assert browser.get(path).status_code == 404
        data = {"csrf_token": token, "text": "Words that nobody is to read.", "once": new_token()}
        assert browser.post(path, data=data).status_code == 404
