"""How the talk goes, as officers are told: while the forum is open, and when all is over."""

from pathlib import Path

from flask import Flask

from consult.access import OPERATOR, Role
from consult.analysis.service import comparison
from consult.analysis.talk_page import sentences, views_told
from consult.db import db
from consult.stats.talk import TalkPost, measure_talk
from tests.analysis.test_dosing import made
from tests.making.accounts import client_as
from tests.making.forum import find_post, make_post
from tests.making.groups import Grouped, make_grouped
from tests.making.places import make_place

OFFICER = 0  # no participant
LIVE = "While people write, such figures would tell what single people answered."


def page_of(grouped: Grouped) -> str:
    """What the officer reads; it is the same officer every time."""
    if OFFICER not in grouped.browsers:
        grouped.browsers[OFFICER] = grouped.staff(Role.OFFICER)
    db.session.commit()
    return grouped.browsers[OFFICER].get(f"/officer/{grouped.slug}/talk").text


def test_officers_are_told_who_is_silent_in_which_group_and_nothing_of_views(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        grouped = make_grouped(sqlite_app)
        grouped.draw()
        assert "Nobody has written yet." in page_of(grouped)
        (first, lively), (second, quiet) = grouped.groups().items()
        for n, person in enumerate(lively[:8]):
            make_post(grouped.copy_of(first), f"lively-{n}", "one two three", by=person)
        opening = find_post(grouped.copy_of(first), "lively-0")
        make_post(grouped.copy_of(first), "answer", "yes", by=lively[1], parent=opening)
        make_post(grouped.copy_of(second), "quiet", "alone", by=quiet[0])
        page = page_of(grouped)
        assert "20 people can write here." in page
        assert "Fewer than 6 in 10 have written. Invite those who are silent." in page
        assert "Fewer than half of the contributions got an answer." in page
        table = page.partition('id="by-group"')[2].partition("</table>")[0]
        lines = [line for line in table.split("<tr") if "<td" in line]
        assert "8 of 10" in lines[0]
        assert "Look at this" not in lines[0]
        assert "1 of 10" in lines[1]
        assert "Look at this" in lines[1]
        assert LIVE in page
        for word in ("another view", "Prefer not to say", "their share"):
            assert word not in page


def test_nothing_is_told_of_fewer_than_ten_people_or_before_there_is_a_forum(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        few = make_grouped(sqlite_app, 9)
        assert "The forum has not opened yet." in page_of(few)
        few.open()
        assert "Fewer than 10 people can write" in page_of(few)


def test_when_all_is_over_they_are_told_how_views_met_and_whose_words_it_holds(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    with sqlite_app.app_context():
        place = made(tmp_path / "in")
        db.session.commit()
        client = client_as(sqlite_app, Role.OFFICER, place)
        at = f"/officer/{place.slug}/talk"
        db.session.commit()
        assert "when the comparison has been made" in client.get(at).text
        comparison(OPERATOR, place)
        db.session.commit()
        page = client.get(at).text
        assert LIVE not in page
        assert "Which age group are you in?" in page
        assert "more than their share" in page
        assert "less than their share" in page
        assert "how people of different views met" in page  # nobody answered anybody
        page = client.get(f"/analyst/{place.slug}/reasoning").text
        assert "one contribution more that was written" in page
        assert "it does not say what the forum did" in page


def test_sentences_follow_the_figures() -> None:
    members = list(range(10))
    posts = [TalkPost(n, n, None, 10) for n in range(10)]
    posts += [TalkPost(10 + n, (n + 1) % 10, n, 10) for n in range(10)]
    said = sentences(measure_talk(posts, members))
    assert [each.text for each in said if each.is_worrying] == []
    assert "10 in 10 have written." in [each.text for each in said]
    loud = sentences(measure_talk([TalkPost(0, 0, None, 100)], members))
    assert [each.is_worrying for each in loud] == [False, True, True, False, True]


def test_views_are_told_in_three_ways_and_of_few_people_not_at_all() -> None:
    row = {"members": 30, "cross_replies": 20, "posts_read": 5, "exposure_balance": 0.5}
    told = [views_told({"forum": [{**row, "cross_ratio": ratio}]}) for ratio in (0.5, 1.0, 1.5)]
    assert [each[0].is_worrying for each in told] == [True, False, False]
    assert len({each[0].text for each in told}) == 3
    assert {len(each) for each in told} == {1}  # of five readings nothing is told
    assert views_told({"forum": [{**row, "members": 9, "cross_ratio": 1.0}]}) == []
    assert views_told({"forum": [{**row, "cross_replies": 9, "cross_ratio": 1.0}]}) == []
    assert views_told({"forum": [], "voice": []}) == []


def test_there_is_a_page_for_a_place_with_posts_of_its_files(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        place = make_place("forum")
        db.session.commit()
        page = client_as(sqlite_app, Role.OFFICER, place).get(f"/officer/{place.slug}/talk").text
        assert "Fewer than 10 people can write" in page
