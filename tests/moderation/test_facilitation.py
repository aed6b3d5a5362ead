"""The council in its forum: it speaks under its own sign, answers, pins, and closes a topic."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import Role
from consult.accounts.models import StaffRole
from consult.audit.models import AuditEntry
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.enquiries import count_enquiries, list_owed
from consult.forum.models import Checked, Conclusion, Enquiry, Pin, Post, PostKind, PostState
from consult.forum.promise import due
from consult.forum.queries import list_topics
from consult.moderation.queries import get_account
from consult.web.once import new_token
from consult.web.telling import uk_date_time
from tests.making.facilitation import make_conclusion, make_enquiry, make_pin
from tests.making.forum import find_post, get_thread, make_post, make_thread
from tests.making.places import make_place
from tests.moderation.conftest import Forum
from tests.page_client import PageClient, at_once

MINUTE = timedelta(minutes=1)
OFFICIAL = "The buses run until midnight from May."
SIGN = 'govuk-tag--blue">Council'


def rows(forum: Forum, model: type) -> list:
    with forum.app.app_context():
        return list(db.session.scalars(select(model)))


def count(forum: Forum, model: type) -> int:
    with forum.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main")]


def official(forum: Forum, to: str = "t1-1", who: str = "mona", words: str = OFFICIAL) -> str:
    """That member of staff replies to a post; the address of what they said."""
    answer = forum.browser(who).send(f"{forum.desk}speak?thread=t1&to={to}", {"text": words})
    assert answer.status_code == 303, answer.text
    return answer.location.partition("post=")[2].partition("#")[0]


def ask(forum: Forum, words: str = "Do the buses run at night?", client: PageClient | None = None) -> str:
    """The heron, or whose browser it is, asks the council; the address of the post."""
    answer = (client or forum.writer).send(
        f"{forum.url}t1/reply", {"to": "", "text": words, "asks": "y", "opened": ""}
    )
    assert answer.status_code == 303, answer.text
    return answer.location.partition("post=")[2].partition("#")[0]


# --- official posts


@pytest.mark.parametrize("who", ["mona", "olive"])
def test_who_replies_for_the_council_sees_what_is_answered_and_the_reply_bears_its_sign_everywhere(
    sqlite_forum: Forum, who: str
):
    mine = sqlite_forum.written(words="I wait in the rain.")
    page = sqlite_forum.browser(who).get(f"{sqlite_forum.desk}speak?thread=t1&to={mine}").text
    assert "I wait in the rain." in page
    key = official(sqlite_forum, mine, who)
    visitor = PageClient(sqlite_forum.app)
    for path in (f"t1?post={key}", "t1/print", "search?q=midnight"):
        main = main_of(visitor.get(sqlite_forum.url + path).text)
        before = main[: main.index(OFFICIAL) if OFFICIAL in main else main.index("until <mark>")]
        assert SIGN in before[before.rindex("<article") :], path
    for path in ("mine", f"t1/reply?to={key}"):
        assert SIGN in main_of(sqlite_forum.writer.get(sqlite_forum.url + path).text), path


def test_what_the_council_says_is_outside_every_count(sqlite_forum: Forum):
    with sqlite_forum.app.app_context():
        topic = list_topics(sqlite_forum.place(), sqlite_forum.heron.participant_id)[0]
        before = (topic.contributions, get_account(sqlite_forum.place()).made)
    sqlite_forum.writer.get(f"{sqlite_forum.url}t1")
    with clock.frozen(clock.now() + MINUTE):
        official(sqlite_forum)
        with sqlite_forum.app.app_context():
            topic = list_topics(sqlite_forum.place(), sqlite_forum.heron.participant_id)[0]
            assert (topic.contributions, get_account(sqlite_forum.place()).made) == before
            assert (topic.new, topic.has_official_news) == (0, True)
        home = sqlite_forum.writer.get(sqlite_forum.url).text
        assert "new from the council" in home
        assert "new for you" not in home
        page = sqlite_forum.writer.get(f"{sqlite_forum.url}t1").text
    assert "2 contributions" in page
    assert "The council has written something new since your last visit" in page
    assert "new contribution since" not in page


def test_a_reply_of_the_council_does_not_make_a_view_one_that_people_have_heard(sqlite_forum: Forum):
    with sqlite_forum.app.app_context():
        thread = get_thread(sqlite_forum.place())
        seed = find_post(thread, "t1-seed")
        first = make_post(thread, "answered", "Nobody heard me.", parent=seed, ago=3 * MINUTE)
        make_post(thread, "later", "I came later.", parent=seed, ago=2 * MINUTE)
        make_post(thread, "word", OFFICIAL, parent=first, kind=PostKind.FACILITATOR, ago=MINUTE)
    page = main_of(PageClient(sqlite_forum.app).get(f"{sqlite_forum.url}t1").text)
    assert page.index("Nobody heard me.") < page.index("I came later.")


# --- questions for the council


def test_a_question_is_promised_an_answer_and_then_leads_to_it(forum: Forum):
    key = ask(forum)
    with forum.app.app_context():
        promised = uk_date_time(due(forum.post(key).created_at))
    visitor = PageClient(forum.app)
    page = visitor.get(f"{forum.url}t1").text
    assert "Question for the council" in page
    assert f"We answer by {promised}." in page
    waiting = forum.browser("mona").get(f"{forum.desk}asked").text
    assert "Do the buses run at night?" in waiting
    assert f"Answer promised by {promised}" in waiting
    path = f"{forum.desk}topics/t1/posts/{key}/answer"
    assert "Do the buses run at night?" in forum.browser("mona").get(path).text
    answer = forum.browser("mona").send(path, {"text": OFFICIAL})
    assert answer.status_code == 303
    reply = answer.location.partition("post=")[2].partition("#")[0]
    for page in (visitor.get(f"{forum.url}t1").text, forum.writer.get(f"{forum.url}mine").text):
        assert "We answer by" not in page
        assert f"post={reply}#post-{reply}\">Read the council's answer" in page
    assert forum.post(reply).parent_id == forum.post(key).id
    assert "No question waits for an answer." in forum.browser("olive").get(f"{forum.desk}asked").text
    assert "1 asked, 1 answered, 1 within 48 hours." in visitor.get(f"{forum.url}looked-after").text


def test_an_official_reply_to_a_question_answers_it_wherever_it_is_written(sqlite_forum: Forum):
    key = ask(sqlite_forum)
    page = sqlite_forum.browser("olive").get(f"{sqlite_forum.desk}speak?thread=t1&to={key}").text
    assert "Your reply answers it." in page
    official(sqlite_forum, key, "olive")
    assert count_of(sqlite_forum).in_time == 1


def count_of(forum: Forum):
    with forum.app.app_context():
        return count_enquiries(forum.place())


def test_whoever_only_talks_asks_nothing(sqlite_forum: Forum):
    sqlite_forum.say("The buses are late.")
    assert count(sqlite_forum, Enquiry) == 0
    assert "Question for the council" not in main_of(
        PageClient(sqlite_forum.app).get(f"{sqlite_forum.url}t1").text
    )


def test_of_twenty_answers_at_once_one_closes_the_question_and_the_others_keep_their_words(forum: Forum):
    key = ask(forum)
    path = f"{forum.desk}topics/t1/posts/{key}/answer"
    mona = forum.browser("mona")
    csrf = mona.token_from(path)
    forms = [
        (copy_of(mona), {"csrf_token": csrf, "once": new_token(), "text": f"Answer number {n}."})
        for n in range(20)
    ]
    answers = at_once(lambda client, form: client.post(path, data=form), forms)
    assert sorted(answer.status_code for answer in answers) == [303] + 19 * [409]
    assert sum(post.kind is PostKind.FACILITATOR for post in rows(forum, Post)) == 1
    for answer, (_client, form) in zip(answers, forms, strict=True):
        if answer.status_code == 409:
            assert form["text"] in answer.text
            assert "Somebody else has answered this question meanwhile." in answer.text


def copy_of(client: PageClient) -> PageClient:
    """Another window of the same browser."""
    window = PageClient(client.application)
    cookie = client.get_cookie("session")
    assert cookie is not None
    window.set_cookie("session", cookie.value)
    return window


def test_what_is_no_question_for_the_council_is_told_to_its_writer_alone(forum: Forum):
    key = ask(forum)
    path = f"{forum.desk}topics/t1/posts/{key}/not-for-us"
    assert forum.browser("mona").send(path, {"told": ""}).status_code == 422
    assert forum.browser("mona").send(path, {"told": "Ask the bus company."}).status_code == 303
    for page in (f"{forum.url}t1", f"{forum.url}mine"):
        assert "Ask the bus company." in forum.writer.get(page).text
    for client in (PageClient(forum.app), forum.other()):
        page = main_of(client.get(f"{forum.url}t1").text)
        assert "Ask the bus company." not in page
        assert "Question for the council" not in page
        assert "Do the buses run at night?" in page
    late = forum.browser("olive")
    said = {"csrf_token": late.any_token(), "told": "No."}
    assert late.post(path, data=said).status_code == 409
    assert (count_of(forum).declined, count_of(forum).open) == (1, 0)


def test_what_is_hidden_or_taken_back_is_owed_nothing_and_an_answer_that_is_hidden_is_none(
    sqlite_forum: Forum,
):
    forum = sqlite_forum
    hidden, gone, answered = (ask(forum, f"Question {n}?") for n in range(3))
    forum.decide("mona", hidden)
    forum.writer.send(f"{forum.url}posts/{gone}/withdraw", {})
    reply = official(forum, answered)
    counted = count_of(forum)
    assert (counted.gone, counted.in_time, counted.open) == (2, 1, 0)
    assert forum.browser("mona").get(f"{forum.desk}topics/t1/posts/{gone}/answer").status_code == 404
    forum.decide("olive", reply)
    assert count_of(forum).open == 1
    assert "We answer by" in PageClient(forum.app).get(f"{forum.url}t1").text
    official(forum, answered, words="Once more.")
    forum.decide("owen", hidden, verdict="restore", reason="")
    counted = count_of(forum)
    assert (counted.asked, counted.in_time, counted.open, counted.gone) == (3, 1, 1, 1)
    assert counted.is_complete


def test_the_oldest_promise_comes_first_late_ones_are_marked_and_everything_adds_up(sqlite_forum: Forum):
    forum, now = sqlite_forum, clock.now()
    with forum.app.app_context():
        thread = get_thread(forum.place())
        for n, days in enumerate((1, 30, 0)):
            post = make_post(
                thread, f"q{n}", f"Question {n}?", by=forum.heron.participant_id, ago=timedelta(days=days)
            )
            make_enquiry(post)
        old = make_post(thread, "q3", "Question 3?", by=forum.heron.participant_id, ago=timedelta(days=30))
        reply = make_post(thread, "r3", "Yes.", parent=old, kind=PostKind.FACILITATOR)
        make_enquiry(old, answer_id=reply.id, settled_at=now)
        assert [each.address for each in list_owed(forum.place())] == ["q1", "q0", "q2"]
        assert [each.is_late for each in list_owed(forum.place())] == [True, False, False]
    page = forum.browser("mona").get(f"{forum.desk}asked").text
    assert page.count('govuk-tag--red">Late') == 1
    public = PageClient(forum.app).get(f"{forum.url}looked-after").text
    assert "4 asked, 1 answered, 0 within 48 hours." in public
    assert "Waiting for longer than promised" in public
    assert "We are late." in PageClient(forum.app).get(f"{forum.url}t1").text
    assert count_of(forum).is_complete


def test_a_question_that_waits_to_be_checked_is_read_first_and_the_promise_runs(sqlite_forum: Forum):
    sqlite_forum.read_first(Checked.ALL)
    key = ask(sqlite_forum)
    page = sqlite_forum.browser("mona").get(f"{sqlite_forum.desk}asked").text
    assert "Read it as a moderator first" in page
    assert f"posts/{key}/answer" not in page
    sqlite_forum.decide("mona", key, verdict="approve")
    assert f"posts/{key}/answer" in sqlite_forum.browser("mona").get(f"{sqlite_forum.desk}asked").text


@pytest.mark.parametrize(("moment", "status"), [("between", 303), ("follow_up", 303), ("closed", 303)])
def test_who_asked_in_time_is_answered_after_the_forum_too(sqlite_forum: Forum, moment: str, status: int):
    forum = sqlite_forum
    with forum.app.app_context():
        place = make_place(moment)
        make_enquiry(find_post(get_thread(place), "t1-1"))
        grant(forum, "mona", place.id)
    mona = forum.browser("mona")
    desk = f"/moderator/{place_slug(moment)}/"
    assert mona.get(f"{desk}speak?thread=t1&to=t1-1").status_code == 403
    assert mona.send(f"{desk}topics/t1/posts/t1-1/answer", {"text": OFFICIAL}).status_code == status
    assert OFFICIAL in PageClient(forum.app).get(f"/consultations/{place_slug(moment)}/forum/t1").text


def place_slug(moment: str) -> str:
    return f"{moment.replace('_', '-')}-place"


def grant(forum: Forum, who: str, place_id: int) -> None:
    """That moderator is one of another place too; committed."""
    db.session.add(StaffRole(staff_id=forum.staff[who].id, consultation_id=place_id, role=Role.MODERATOR))
    db.session.commit()


# --- pins


def test_what_is_pinned_stands_first_and_leads_to_where_it_was_written(forum: Forum):
    olive, visitor = forum.browser("olive"), PageClient(forum.app)
    for key in ("t1-1", "t1-2"):  # the second takes the place of the first
        path = f"{forum.desk}topics/t1/posts/{key}/pin"
        assert olive.send(path, {}).status_code == 303
    assert [pin.post_id for pin in rows(forum, Pin)] == [forum.post("t1-2").id]
    page = main_of(visitor.get(f"{forum.url}t1").text)
    pinned = page.index("Pinned by the council")
    assert pinned < page.index("I work late, and I need a shop.") < page.index('id="contributions"')
    assert page.count("I work late, and I need a shop.") == 2
    assert f'{forum.url}t1?post=t1-2#post-t1-2">Read it where it stands' in page
    assert forum.browser("mona").get(f"{forum.desk}topics/t1/posts/t1-1/pin").status_code == 403
    assert olive.send(f"{forum.desk}topics/t1/posts/t1-2/pin", {"do": "unpin"}).status_code == 303
    assert "Pinned by the council" not in visitor.get(f"{forum.url}t1").text
    assert count(forum, Pin) == 0


def test_what_is_hidden_or_taken_back_is_pinned_no_more_and_what_opens_a_topic_cannot_be(sqlite_forum: Forum):
    forum = sqlite_forum
    key = forum.say("Open until eleven.")
    with forum.app.app_context():
        make_pin(forum.post(key))
    visitor = PageClient(forum.app)
    assert "Pinned by the council" in visitor.get(f"{forum.url}t1").text
    forum.decide("mona", key)
    page = visitor.get(f"{forum.url}t1").text
    assert "Pinned by the council" not in page
    assert "Open until eleven." not in page
    olive = forum.browser("olive")
    for post in (key, "t1-seed", "nothing"):
        assert olive.get(f"{forum.desk}topics/t1/posts/{post}/pin").status_code == 404
    forum.decide("olive", key, verdict="restore", reason="")
    assert "Pinned by the council" in visitor.get(f"{forum.url}t1").text
    forum.writer.send(f"{forum.url}posts/{key}/withdraw", {})
    assert "Pinned by the council" not in visitor.get(f"{forum.url}t1").text


def test_of_many_who_pin_at_once_one_pin_is_left(forum: Forum):
    olive = forum.browser("olive")
    csrf = olive.any_token()
    sent = [
        (
            copy_of(olive),
            f"{forum.desk}topics/t1/posts/t1-{1 + n % 2}/pin",
            {"csrf_token": csrf, "once": new_token()},
        )
        for n in range(8)
    ]
    statuses = at_once(lambda client, path, form: client.post(path, data=form).status_code, sent)
    assert set(statuses) == {303}
    assert count(forum, Pin) == 1


# --- conclusions

CONCLUSION = "Most of you want to try eleven o'clock for half a year."


def close(forum: Forum, who: str = "olive", words: str = CONCLUSION) -> int:
    answer = forum.browser(who).send(f"{forum.desk}topics/t1/close", {"text": words})
    return answer.status_code


def test_a_topic_is_closed_with_a_conclusion_and_opened_again_with_a_reason(forum: Forum):
    assert close(forum) == 303
    visitor = PageClient(forum.app)
    page = main_of(visitor.get(f"{forum.url}t1").text)
    top = page[: page.index('id="contributions"')]
    assert "Closed, with a conclusion" in top
    assert CONCLUSION.replace("'", "&#39;") in top
    assert SIGN in top
    assert page.count("Most of you want") == 1
    assert "2 contributions" in page
    for home in (visitor, forum.writer):
        assert "Closed, with a conclusion" in home.get(forum.url).text
    assert "Most of you want" not in visitor.get(forum.url).text
    mine = main_of(forum.writer.get(f"{forum.url}t1").text)
    assert "Nobody can reply in this topic any more." in mine
    assert ">Reply<" not in mine
    assert "<textarea" not in mine
    assert "Most of you want" in visitor.get(f"{forum.url}t1/print").text
    reopen = f"{forum.desk}topics/t1/reopen"
    assert forum.browser("owen").send(reopen, {"why": ""}).status_code == 422
    assert forum.browser("owen").send(reopen, {"why": "The plan has changed."}).status_code == 303
    page = main_of(forum.writer.get(f"{forum.url}t1").text)
    assert "The plan has changed." in page
    assert "Most of you want" in page  # it stays, as something that the council said
    assert "Closed, with a conclusion" not in page
    forum.say("Then I say it again.")
    assert close(forum, words="Now it is enough.") == 303
    assert count(forum, Conclusion) == 2
    with forum.app.app_context():
        trail = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "f.facilitate")).all()
    assert [deed for line in trail for deed in ("close", "reopen") if f'"{deed}"' in line] == [
        "close",
        "reopen",
        "close",
    ]


def test_a_reply_to_a_closed_topic_is_refused_with_its_words_kept(sqlite_forum: Forum):
    forum = sqlite_forum
    sent = {"to": "t1-1", "text": "I have one more thing.", "asks": "y", "opened": "", "once": new_token()}
    sent["csrf_token"] = forum.writer.any_token()
    before = count(forum, Post)
    close(forum)
    answer = forum.writer.post(f"{forum.url}t1/reply", data=sent)
    assert answer.status_code == 409
    assert "I have one more thing." in answer.text
    assert "nobody can reply any more" in answer.text
    assert count(forum, Post) == before + 1  # the conclusion
    page = forum.writer.get(f"{forum.url}t1/reply?to=t1-1").text
    assert "nobody can reply any more" in page
    assert "<textarea" not in main_of(page)
    said = {"text": OFFICIAL, "csrf_token": forum.browser("mona").any_token()}
    refused = forum.browser("mona").post(f"{forum.desk}speak?thread=t1&to=t1-1", data=said)
    assert (refused.status_code, OFFICIAL in refused.text) == (409, True)
    assert close(forum, "owen") == 409


def test_a_question_in_a_closed_topic_is_still_answered(sqlite_forum: Forum):
    key = ask(sqlite_forum)
    close(sqlite_forum)
    path = f"{sqlite_forum.desk}topics/t1/posts/{key}/answer"
    assert sqlite_forum.browser("mona").send(path, {"text": OFFICIAL}).status_code == 303
    assert OFFICIAL in PageClient(sqlite_forum.app).get(f"{sqlite_forum.url}t1").text


def test_no_reply_comes_after_the_conclusion_and_of_many_conclusions_one_stands(forum: Forum):
    people = [forum.other(f"Otter {name}") for name in ("One", "Two", "Three", "Four")]
    officers = [forum.browser("olive"), forum.browser("owen")]
    path, end = f"{forum.url}t1/reply", f"{forum.desk}topics/t1/close"
    sent = [
        (client, path, {"csrf_token": client.any_token(), "once": new_token(), "to": "", "text": "Me too."})
        for client in people
    ] + [
        (client, end, {"csrf_token": client.any_token(), "once": new_token(), "text": "Enough."})
        for client in officers
    ]
    statuses = at_once(lambda client, where, form: client.post(where, data=form).status_code, sent)
    assert set(statuses) <= {303, 409}
    assert sorted(statuses[4:]) == [303, 409]
    assert count(forum, Conclusion) == 1
    with forum.app.app_context():
        said = db.session.scalars(
            select(Post).where(Post.body.in_(("Me too.", "Enough."))).order_by(Post.id)
        ).all()
        assert said[-1].body == "Enough."
        assert len(said) == statuses[:4].count(303) + 1


def test_a_conclusion_is_no_word_for_the_head_of_the_forum_and_one_that_is_hidden_says_nothing(
    sqlite_forum: Forum,
):
    with sqlite_forum.app.app_context():
        post = make_conclusion(make_thread(sqlite_forum.place(), "ended", title="Taxis"), CONCLUSION)
    assert "Most of you want" not in PageClient(sqlite_forum.app).get(sqlite_forum.url).text
    sqlite_forum.decide("mona", post.key)
    page = PageClient(sqlite_forum.app).get(f"{sqlite_forum.url}ended").text
    assert "Most of you want" not in page
    assert "Closed, with a conclusion" in page


# --- what it costs


def test_a_thread_with_all_of_this_costs_the_statements_of_one_without(sqlite_forum: Forum):
    forum, visitor = sqlite_forum, PageClient(sqlite_forum.app)
    visitor.get(f"{forum.url}t1")
    before = len(visitor.statements)
    with forum.app.app_context():
        thread = get_thread(forum.place())
        for n in range(10):
            make_enquiry(make_post(thread, f"q{n}", "Why?", by=forum.heron.participant_id))
        make_pin(find_post(thread, "q1"))
        make_conclusion(thread)
    visitor.get(f"{forum.url}t1")
    assert len(visitor.statements) == before
    staff = forum.browser("mona")
    staff.get(f"{forum.desk}asked")
    ten = len(staff.statements)
    with forum.app.app_context():
        for n in range(10, 30):
            make_enquiry(make_post(thread_of(forum), f"q{n}", "Why?", by=forum.heron.participant_id))
    staff.get(f"{forum.desk}asked")
    assert len(staff.statements) == ten


def thread_of(forum: Forum):
    return get_thread(get_consultation(forum.slug))


def test_a_state_is_left_for_each_question(sqlite_forum: Forum):
    """What a moderator of another place knows of a question is nothing."""
    key = ask(sqlite_forum)
    with sqlite_forum.app.app_context():
        other = make_place("forum", slug="elsewhere")
        grant(sqlite_forum, "mona", other.id)
    path = f"/moderator/elsewhere/topics/t1/posts/{key}/answer"
    assert sqlite_forum.browser("mona").get(path).status_code == 404
    assert PostState.VISIBLE is sqlite_forum.post(key).state
