"""Prompts by date: nobody gets one before its day, and what has appeared stays as it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.db import db
from consult.forum.models import DatedPrompt
from consult.forum.prompts import latest_prompts, today
from tests.making.facilitation import make_prompt, prompt_of
from tests.moderation.conftest import Forum
from tests.page_client import PageClient

DAY = timedelta(days=1)


def typed(on: date, text: str = "What did you not know?", **more: str) -> dict[str, str]:
    parts = {f"appears_on-{part}": str(getattr(on, part)) for part in ("day", "month", "year")}
    return {"version": "0", "text": text, "lead": "", **parts, **more}


def prompts(forum: Forum) -> list[str]:
    with forum.app.app_context():
        return list(db.session.scalars(select(DatedPrompt.body).order_by(DatedPrompt.appears_on)))


def test_the_prompt_of_the_day_stands_at_the_head_and_earlier_ones_on_request(forum: Forum):
    olive, visitor = forum.browser("olive"), PageClient(forum.app)
    with forum.app.app_context():
        now = today()
        make_prompt(forum.place(), "The first.", days=-3)
        make_prompt(forum.place(), "The second.", days=-1)
    path = f"{forum.desk}prompts/new"
    answer = olive.send(path, typed(now + DAY, "The third.", lead="t1"))
    assert answer.status_code == 303
    page = visitor.get(forum.url).text
    assert "The second." in page
    assert "The first." not in page
    assert "The third." not in page
    earlier = visitor.get(f"{forum.url}prompts").text
    assert earlier.index("The second.") < earlier.index("The first.")
    assert "The third." not in earlier
    every = olive.get(f"{forum.desk}prompts").text
    assert every.index("The first.") < every.index("The second.") < every.index("The third.")
    with clock.frozen(clock.now() + DAY):
        page = visitor.get(forum.url).text
        assert "The third." in page
        assert "The second." not in page
        assert f'href="{forum.url}t1">Go to the topic' in page


def test_a_prompt_appears_at_the_beginning_of_its_day_in_the_united_kingdom(sqlite_forum: Forum):
    with sqlite_forum.app.app_context():
        make_prompt(sqlite_forum.place(), "On midsummer.", on=date(2031, 6, 21))
        for at, there in (
            (datetime(2031, 6, 20, 22, 59, 59, tzinfo=UTC), 0),
            (datetime(2031, 6, 20, 23, tzinfo=UTC), 1),
        ):
            with clock.frozen(at):
                assert len(latest_prompts(sqlite_forum.place())) == there


def test_until_its_day_a_prompt_is_changed_and_removed_and_then_no_more(sqlite_forum: Forum):
    forum, olive = sqlite_forum, sqlite_forum.browser("olive")
    with forum.app.app_context():
        now = today()
        made = make_prompt(forum.place(), "Before.", days=2).id
    path = f"{forum.desk}prompts/{made}"
    assert "Before." in olive.get(path).text
    assert olive.send(path, typed(now + 3 * DAY, "After.", version="1")).status_code == 303
    assert prompts(forum) == ["After."]
    stale = olive.send(path, typed(now + 3 * DAY, "Mine.", version="1"))
    assert (stale.status_code, "Mine." in stale.text, "After." in stale.text) == (409, True, True)
    with clock.frozen(clock.now() + 4 * DAY):
        later = forum.browser("owen")
        sent = {"csrf_token": later.any_token(), **typed(today() + DAY, "Too late.", version="2")}
        assert later.get(path).status_code == 409
        assert later.post(path, data=sent).status_code == 409
        assert later.post(f"{path}/remove", data=sent).status_code == 409
    assert prompts(forum) == ["After."]
    assert olive.send(f"{path}/remove", {}).status_code == 303
    assert prompts(forum) == []


@pytest.mark.parametrize(
    ("days", "more", "problem"),
    [
        (-1, {}, "Choose today or a day to come"),
        (2, {}, "There is a prompt for that day already"),
        (3, {"text": ""}, "Write what you ask people to think about"),
        (3, {"text": "x" * 1001}, "1,000 characters or fewer"),
        (3, {"appears_on-month": ""}, "The day must include a month"),
        (3, {"lead": "nothing"}, "Choose from the answers in the list"),
    ],
)
def test_a_prompt_that_cannot_be_is_refused_with_its_words_kept(
    sqlite_forum: Forum, days: int, more: dict, problem: str
):
    with sqlite_forum.app.app_context():
        make_prompt(sqlite_forum.place(), "There.", days=2)
        on = today() + days * DAY
    answer = sqlite_forum.browser("olive").send(f"{sqlite_forum.desk}prompts/new", {**typed(on), **more})
    assert (answer.status_code, problem in answer.text) == (422, True)
    assert prompts(sqlite_forum) == ["There."]


def test_only_officers_of_the_place_write_prompts(sqlite_forum: Forum):
    with sqlite_forum.app.app_context():
        make_prompt(sqlite_forum.place(), "Heliotrope.", days=2)
        number = prompt_of(sqlite_forum.slug)
    for path in ("prompts", "prompts/new", f"prompts/{number}", f"prompts/{number}/remove"):
        assert sqlite_forum.browser("mona").get(sqlite_forum.desk + path).status_code == 403
        assert sqlite_forum.writer.get(sqlite_forum.desk + path).status_code in {302, 403}
