"""What people write to the moderators is promised an answer, and who may be in danger is found first."""

from sqlalchemy import select

from consult.audit.models import AuditEntry
from consult.db import db
from consult.forum.models import Post
from consult.forum.rules import address
from consult.moderation.models import Message
from consult.moderation.waiting import count_waiting, get_queue
from consult.web.once import new_token
from tests.making.comers import leave
from tests.making.places import as_resident, make_place, make_resident
from tests.moderation.conftest import Forum
from tests.page_client import PageClient, at_once

DANGER = "I cannot go on like this any more."


def messages(forum: Forum) -> list[Message]:
    with forum.app.app_context():
        return list(db.session.scalars(select(Message).order_by(Message.id)))


def write(forum: Forum, words: str = "It is too loud in here.", client: PageClient | None = None):
    return (client or forum.writer).send(f"{forum.url}message", {"words": words})


def once() -> dict[str, str]:
    return {"once": new_token()}


def test_a_message_is_promised_an_answer_and_answered_in_the_writers_own_browser(forum: Forum):
    assert write(forum).status_code == 303
    page = forum.writer.get(f"{forum.url}message").text
    assert "It is too loud in here." in page
    assert "A moderator answers by" in page
    mona = forum.browser("mona")
    assert "1 message" in mona.get(f"{forum.desk}queue").text
    [message] = messages(forum)
    desk = f"{forum.desk}messages/{message.id}"
    assert mona.get(f"{forum.desk}next").location == desk
    assert "Quiet Heron" in mona.get(desk).text
    assert mona.send(desk, {"answer": "We have asked for quiet."}).status_code == 303
    assert "Nothing waits" in mona.get(f"{forum.desk}queue").text
    assert "We have asked for quiet." in forum.writer.get(f"{forum.url}message").text
    assert "We have asked for quiet." not in forum.other().get(f"{forum.url}message").text


def test_of_eight_answers_at_once_one_stands_and_the_others_are_told(forum: Forum):
    write(forum)
    [message] = messages(forum)
    desk = f"{forum.desk}messages/{message.id}"
    browsers = [forum.browser(who) for who in ("mona", "olive", "owen")]
    for browser in browsers:
        browser.get(desk)

    def send(browser: PageClient) -> int:
        return browser.send(desk, {"answer": "Quiet, please."}).status_code

    statuses = at_once(send, [(browser,) for browser in browsers])
    assert sorted(statuses) == [303, 409, 409]


def test_the_fourth_message_waits_until_one_is_answered_and_keeps_its_words(sqlite_forum: Forum):
    for n in range(3):
        assert write(sqlite_forum, f"Message {n}").status_code == 303
    refused = write(sqlite_forum, "And one more thing.")
    assert refused.status_code == 429
    assert "Three of your messages wait for an answer" in refused.text
    assert "And one more thing." in refused.text
    assert len(messages(sqlite_forum)) == 3
    assert write(sqlite_forum, "Somebody else.", sqlite_forum.other()).status_code == 303


def test_nothing_and_too_much_is_refused_in_words(sqlite_forum: Forum):
    assert "Write what you want to tell the moderators" in write(sqlite_forum, "  ").text
    long = write(sqlite_forum, "x" * 1001)
    assert long.status_code == 422
    assert "1,000 characters or fewer" in long.text
    assert messages(sqlite_forum) == []


def test_a_message_is_found_from_no_other_consultation(sqlite_forum: Forum):
    write(sqlite_forum)
    [message] = messages(sqlite_forum)
    with sqlite_forum.app.app_context():
        other = make_place("forum", slug="elsewhere")
        stranger = as_resident(sqlite_forum.app, make_resident(other))
        slug = other.slug
    olive = sqlite_forum.browser("olive")
    assert olive.get(f"/moderator/{slug}/messages/{message.id}").status_code in {403, 404}
    assert olive.get(f"{sqlite_forum.desk}messages/{message.id + 1}").status_code == 404
    assert "too loud" not in stranger.get(f"/consultations/{slug}/forum/message").text


def test_whoever_leaves_takes_their_messages_with_them(sqlite_forum: Forum):
    write(sqlite_forum)
    with sqlite_forum.app.app_context():
        leave(sqlite_forum.place(), sqlite_forum.heron.participant_id, keeps_answers=True)
    assert messages(sqlite_forum) == []


def test_a_post_of_somebody_who_may_be_in_danger_is_shown_and_found_before_everything_else(forum: Forum):
    forum.written()
    forum.report(PageClient(forum.app))
    forum.writer.send(f"{forum.url}t1/reply", {"text": DANGER})
    with forum.app.app_context():
        found = db.session.scalars(select(Post).where(Post.alarmed_at.is_not(None))).one()
        said = address(found.key, found.id)
    mona = forum.browser("mona")
    page = mona.get(f"{forum.desk}queue").text
    assert page.index("Somebody may be in danger") < page.index("Promised by")
    assert DANGER in page
    assert DANGER in forum.other().get(f"{forum.url}t1").text
    with forum.app.app_context():
        assert count_waiting(forum.place()) == 2
    # Taken back, it still says that somebody may need help.
    forum.writer.send(f"{forum.url}posts/{said}/withdraw")
    assert "Somebody may be in danger" in mona.get(f"{forum.desk}queue").text
    seen_to, queue = f"{forum.desk}posts/{said}/seen-to", f"{forum.desk}queue"
    assert mona.send(seen_to, page=queue, data=once()).status_code == 303
    assert "Somebody may be in danger" not in mona.get(queue).text
    assert mona.post(seen_to, data={"csrf_token": mona.any_token(), **once()}).status_code == 404
    with forum.app.app_context():
        assert get_queue(forum.place()).alarming == 0
        trail = str([entry.detail for entry in db.session.scalars(select(AuditEntry))])
    assert trail.count("safeguarding") == 2  # noticed, and seen to
    assert "cannot go on" not in trail


def test_a_change_that_suggests_danger_is_found_too_and_one_that_does_not_is_not(sqlite_forum: Forum):
    said = sqlite_forum.say("The buses are late.")
    with sqlite_forum.app.app_context():
        assert get_queue(sqlite_forum.place()).alarming == 0
    edit = f"{sqlite_forum.url}posts/{said}/edit"
    changed = sqlite_forum.writer.send(edit, {"version": "1", "text": DANGER})
    assert changed.status_code == 303, changed.text
    with sqlite_forum.app.app_context():
        assert get_queue(sqlite_forum.place()).alarming == 1


def test_after_a_decision_the_next_thing_comes_and_then_the_queue(sqlite_forum: Forum):
    for key in ("first", "second"):
        sqlite_forum.written(key)
        sqlite_forum.report(PageClient(sqlite_forum.app), key)
    mona = sqlite_forum.browser("mona")
    following = f"{sqlite_forum.desk}next"
    for key in ("first", "second"):
        assert mona.get(following).location == f"{sqlite_forum.desk}posts/{key}"
        assert sqlite_forum.decide("mona", key).location == following
    assert mona.get(following).location == f"{sqlite_forum.desk}queue"
