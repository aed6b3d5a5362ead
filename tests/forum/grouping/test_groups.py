"""Groups of the forum: how they are drawn, who reads what, and that nothing of one reaches another."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from consult import clock
from consult.access import Actor, Role
from consult.audit.models import AuditEntry
from consult.consultations.models import Arm, Membership, Participant
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.forum import seeding
from consult.forum.grouping import service
from consult.forum.grouping.models import DrawnPerson, GroupDraw
from consult.forum.grouping.queries import check_draw, find_draw
from consult.forum.models import Post, Thread
from consult.rights.service import withdraw
from tests.making.accounts import client_as
from tests.making.forum import find_post, get_thread, make_post, make_thread, say
from tests.making.groups import Grouped, make_grouped, make_sent, officer
from tests.making.places import as_resident, make_place
from tests.page_client import PageClient, at_once

CANARY = "Wombats under the railway bridge"


@pytest.fixture
def grouped(sqlite_app) -> Grouped:
    with sqlite_app.app_context():
        yield make_grouped(sqlite_app)


def drawn(grouped: Grouped) -> tuple[list[int], list[int]]:
    """The people of the two groups, once they are made and the forum is open."""
    grouped.draw()
    first, second = grouped.groups().values()
    return first, second


def test_everybody_who_finished_is_in_one_group_and_each_has_the_seeds(app):
    with app.app_context():
        grouped = make_grouped(app, seeds=2)
        place = grouped.place
        unfinished = make_sent(place, "Unfinished", is_sent=False).participant_id
        left, late, rehearsed = (make_sent(place, name).participant_id for name in ("Left", "Late", "Play"))
        gone = {"withdrawn_at": clock.now(), "keeps_answers": True}
        db.session.execute(update(Membership).where(Membership.participant_id == left).values(**gone))
        db.session.execute(update(Participant).where(Participant.id == late).values(arm=Arm.DELAYED))
        db.session.execute(update(Participant).where(Participant.id == rehearsed).values(is_rehearsal=True))
        make_thread(place, "council", title="For all")
        db.session.execute(update(Post).where(Post.key == "council-seed").values(kind="facilitator"))
        db.session.commit()
        grouped.draw()
        groups = grouped.groups()
        assert sorted(map(len, groups.values())) == [10, 10]
        everybody = {person for people in groups.values() for person in people}
        assert everybody == {each.participant_id for each in grouped.people}
        assert unfinished not in everybody
        for group_id in groups:
            copies = db.session.scalars(select(Thread).where(Thread.group_id == group_id)).all()
            seeds = [
                db.session.scalars(select(Post).where(Post.thread_id == copy.id)).one() for copy in copies
            ]
            assert [
                (copy.position, seed.title, seed.body) for copy, seed in zip(copies, seeds, strict=True)
            ] == [(1, "Topic 1", "Some say so."), (2, "Topic 2", "Some say so.")]
        draw = find_draw(grouped.place)
        assert (draw.people, draw.group_count, draw.size) == (20, 2, 10)
        checked = check_draw(draw)
        assert (checked.same, checked.other, checked.left) == (20, 0, 0)
        said = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "f.set_up")).one()
        assert f'"seed": {draw.seed}' in said


def test_views_are_spread_over_the_groups(grouped):
    for people in drawn(grouped):
        codes = db.session.scalars(
            select(DrawnPerson.codes).where(DrawnPerson.participant_id.in_(people))
        ).all()
        views = [text.split()[0] for text in codes]
        assert sorted(views.count(view) for view in "123") == [3, 3, 4]


def test_a_seed_that_is_published_after_the_draw_comes_to_every_group(grouped):
    service.make_groups(officer(grouped.place), grouped.place, size=8)
    db.session.commit()
    seeding.add_seed(officer(grouped.place), grouped.place, title="Late buses", body="Some say so.")
    seeding.publish(officer(grouped.place), grouped.place)
    db.session.commit()
    titles = select(Post.title, func.count()).join(Thread).where(Thread.group_id.is_not(None))
    assert dict(db.session.execute(titles.group_by(Post.title)).all()) == {"Topic 1": 2, "Late buses": 2}
    assert [seed.title for seed in seeding.list_seeds(grouped.place)] == ["Topic 1", "Late buses"]


def test_there_are_no_groups_of_fewer_than_sixteen_and_none_before_the_survey_is_over(sqlite_app):
    with sqlite_app.app_context():
        few = make_grouped(sqlite_app, 15)
        with pytest.raises(Invalid, match="Fewer than 16 people"):
            service.make_groups(officer(few.place), few.place, size=10)
        early = make_place("survey")
        with pytest.raises(Conflict, match="when the starting survey has closed"):
            service.make_groups(officer(early), early, size=10)
        assert db.session.scalar(select(func.count(GroupDraw.id))) == 0


def test_a_draw_can_be_taken_back_until_somebody_writes(grouped):
    grouped.draw()
    first = find_draw(grouped.place)
    number, seed = first.number, first.seed
    by = officer(grouped.place)
    again = service.draw_again(by, grouped.place, number=number, size=8, reason="Ana was ill.")
    db.session.commit()
    assert (again.number, again.group_count) == (number + 1, 2)
    assert again.seed != seed
    assert check_draw(again).is_same
    assert db.session.get(GroupDraw, first.id).end_reason == "Ana was ill."
    with pytest.raises(Conflict, match="meanwhile"):
        service.draw_again(by, grouped.place, number=number, size=8, reason="Twice.")
    db.session.rollback()
    writer = next(iter(grouped.groups().values()))[0]
    make_post(grouped.copy_of(next(iter(grouped.groups()))), "first", by=writer)
    for undo in (service.draw_again, service.do_without):
        more = {"size": 8} if undo is service.draw_again else {}
        with pytest.raises(Conflict, match="stay as they are"):
            undo(by, grouped.place, number=again.number, reason="Too late.", **more)
        db.session.rollback()
    assert check_draw(find_draw(grouped.place)).same == 20


def test_without_groups_everybody_talks_with_everybody_again(grouped):
    grouped.draw()
    service.do_without(officer(grouped.place), grouped.place, number=1, reason="Too few came.")
    db.session.commit()
    assert grouped.groups() == {}
    assert db.session.scalar(select(func.count(Thread.id)).where(Thread.group_id.is_not(None))) == 0
    browser = grouped.browser(grouped.people[0].participant_id)
    assert say(browser, f"{grouped.url}t1/reply", "All of you can read this.").status_code == 303
    with pytest.raises(Conflict, match="stay as they are"):
        service.make_groups(officer(grouped.place), grouped.place, size=8)


def test_a_planted_change_is_found_when_the_draw_is_checked(grouped):
    first, second = drawn(grouped)
    moved = update(Participant).where(Participant.id == first[0])
    theirs = select(Participant.group_id).where(Participant.id == second[0]).scalar_subquery()
    db.session.execute(moved.values(group_id=theirs))
    checked = check_draw(find_draw(grouped.place))
    assert (checked.same, checked.other) == (19, 1)
    assert not checked.is_same


# --- who reads what


ROUTES = (
    "",
    "{copy}",
    "{copy}?order=newest",
    "{copy}?new=1",
    "{copy}?post={post}",
    "{copy}/print",
    "{copy}/reply",
    "{copy}/reply?to={post}",
    "t1",
    "t1?post={post}",
    "t1/print",
    "t1/reply?to={post}",
    "search?q=wombats",
    "search?q=railway+bridge",
    "unlike",
    "unlike?thread={copy}",
    "unlike?thread=t1",
    "mine",
    "posts/{post}/report",
    "posts/{post}/edit",
    "posts/{post}/withdraw",
    "posts/{post}/hidden",
    "looked-after",
    "reported",
)


def pages(client: PageClient, grouped: Grouped, copy: str, post: str) -> dict[str, tuple[int, str]]:
    found = {}
    for route in ROUTES:
        answer = client.get(grouped.url + route.format(copy=copy, post=post))
        found[route] = (answer.status_code, answer.text)
    return found


def test_nothing_of_one_group_reaches_anybody_but_its_people_and_who_looks_after_it(grouped):
    first, second = drawn(grouped)
    group_id = next(iter(grouped.groups()))
    copy = grouped.copy_of(group_id).key
    writer, mate, other = grouped.browser(first[0]), grouped.browser(first[1]), grouped.browser(second[0])
    assert say(writer, f"{grouped.url}{copy}/reply", CANARY).status_code == 303
    post = db.session.scalars(select(Post).where(Post.body == CANARY)).one().key
    make_post(
        get_thread(grouped.place, copy),
        "answer",
        f"{CANARY}!",
        by=first[1],
        ago=timedelta(0),
        parent=find_post(get_thread(grouped.place, copy), post),
    )

    outside = {
        "another group": other,
        "a visitor": PageClient(grouped.app),
        "an analyst": grouped.staff(Role.ANALYST),
        "an assistant": grouped.staff(Role.ASSISTANT),
        "an administrator": grouped.staff(Role.ADMINISTRATOR),
    }
    for who, client in outside.items():
        for route, (status, text) in pages(client, grouped, copy, post).items():
            assert "ombats" not in text.replace('value="wombats"', "").replace("wombats</bdi>", ""), (
                who,
                route,
            )
            assert "Person 0" not in text or who == "another group", (who, route)
            if "{copy}" in route or route.startswith("posts/"):
                assert status in {302, 403, 404}, (who, route, status)
        told = client.get(grouped.url).text
        assert "2 contributions" not in told, who
    # To write is refused as well.
    answer = other.send(f"{grouped.url}{copy}/reply", {"text": "I am not of you.", "to": post})
    assert answer.status_code == 404
    assert other.send(f"{grouped.url}posts/{post}/report", {"concern": "attack"}).status_code == 404

    inside = {
        "a mate": mate,
        "a moderator": grouped.staff(Role.MODERATOR),
        "an officer": grouped.staff(Role.OFFICER),
    }
    for who, client in inside.items():
        for route in (copy, f"{copy}/print", "search?q=wombats"):
            assert CANARY in re.sub(r"</?mark[^>]*>", "", client.get(grouped.url + route).text), (who, route)
        home = client.get(grouped.url).text
        assert "2 contributions" in home, who
        assert ("What everybody reads" in home) == (who != "a mate"), who
    assert CANARY in writer.get(f"{grouped.url}mine").text


def test_when_the_results_are_out_and_for_good_groups_stay_among_themselves(grouped):
    first, _second = drawn(grouped)
    copy = grouped.copy_of(next(iter(grouped.groups())))
    make_post(copy, "canary", CANARY, by=first[0])
    for days in (30, 60, 100):
        with clock.frozen(clock.now() + timedelta(days=days)):
            visitor = PageClient(grouped.app)
            assert visitor.get(f"{grouped.url}{copy.key}").status_code == 404
            assert CANARY not in visitor.get(f"{grouped.url}search?q=wombats").text
            assert "People talk about" in visitor.get(grouped.url).text


def test_the_counts_for_everybody_hold_all_groups(grouped):
    for n, (group_id, people) in enumerate((drawn(grouped), grouped.groups().items())[1]):
        make_post(grouped.copy_of(group_id), f"post-{n}", by=people[0])
    said = PageClient(grouped.app).get(f"{grouped.url}looked-after").text
    assert re.search(r"\b2\b", said.partition("<table")[2] or said)


def test_an_address_that_everybody_knows_leads_to_ones_own_copy(grouped):
    first, second = drawn(grouped)
    keys = [grouped.copy_of(group_id).key for group_id in grouped.groups()]
    for person, key in zip((first[0], second[0]), keys, strict=True):
        answer = grouped.browser(person).get(f"{grouped.url}t1")
        assert (answer.status_code, answer.location) == (302, f"{grouped.url}{key}")
    visitor = PageClient(grouped.app).get(f"{grouped.url}t1")
    assert "Some say so." in visitor.text
    assert "in small groups" in visitor.text
    assert "contributions" not in visitor.text.partition("<footer")[0].partition("<h1")[2].lower()


def test_the_council_says_nothing_where_each_group_has_its_own(grouped):
    drawn(grouped)
    staff = grouped.staff(Role.MODERATOR)
    desk = f"/moderator/{grouped.slug}/speak"
    refused = staff.get(f"{desk}?thread=t1")
    assert refused.status_code == 409
    assert "Each group talks about this topic by itself" in refused.text
    copy = grouped.copy_of(next(iter(grouped.groups()))).key
    assert staff.send(f"{desk}?thread={copy}", {"text": "A word from us."}).status_code == 303
    assert staff.send(desk, {"title": "For all", "text": "Ask us."}).status_code == 303
    person = grouped.people[0].participant_id
    assert "For all" in grouped.browser(person).get(grouped.url).text
    plenary = db.session.scalars(select(Thread).where(Thread.group_id.is_(None), Thread.key != "t1")).one()
    page = grouped.browser(person).get(f"{grouped.url}{plenary.key}").text
    assert "not only for your group" in page


# --- who comes later


def test_who_comes_later_is_put_into_the_smallest_group_at_their_first_visit(app):
    with app.app_context():
        grouped = make_grouped(app, 17)
        grouped.draw(8)
        [small] = [group_id for group_id, people in grouped.groups().items() if len(people) == 8]
        late = make_sent(grouped.place, "Late Heron", is_sent=False)
        browser = as_resident(app, late)
        led = browser.get(f"{grouped.url}t1")
        assert (led.status_code, led.location) == (302, grouped.url)
        page = browser.get(grouped.url).text
        assert "You talk in a group" in page
        assert grouped.copy_of(small).key in page
        assert late.participant_id in grouped.groups()[small]
        kept = db.session.scalars(
            select(DrawnPerson).where(DrawnPerson.participant_id == late.participant_id)
        ).one()
        assert kept.is_later
        checked = check_draw(find_draw(grouped.place))
        assert (checked.same, checked.other, checked.left) == (17, 0, 0)
        assert "You talk in a group" in browser.get(grouped.url).text


def test_of_many_who_come_at_once_each_is_in_one_group_and_groups_stay_even(app):
    with app.app_context():
        grouped = make_grouped(app, 16)
        grouped.draw(8)
        late = [make_sent(grouped.place, f"Late {n}", is_sent=False) for n in range(6)]
        db.session.remove()
    looked = at_once(lambda who: as_resident(app, who).get(grouped.url).status_code, [(who,) for who in late])
    assert set(looked) == {200}
    with app.app_context():
        for who in late:  # who met others in the door is placed when they look again
            as_resident(app, who).get(grouped.url)
        sizes = [len(people) for people in grouped.groups().values()]
        assert sorted(sizes) == [11, 11]
        count = select(func.count()).where(DrawnPerson.is_later)
        assert db.session.scalar(count) == 6


def test_nobody_is_put_into_a_group_once_the_forum_has_closed(grouped):
    drawn(grouped)
    late = make_sent(grouped.place, "Late Heron", is_sent=False)
    with clock.frozen(clock.now() + timedelta(days=30)):
        page = as_resident(grouped.app, late).get(grouped.url)
        assert page.status_code in {200, 302}
    db.session.expire_all()
    assert db.session.get(Participant, late.participant_id).group_id is None


def test_whoever_has_everything_deleted_leaves_a_ticket_that_is_nobodys(grouped):
    first, _second = drawn(grouped)
    person = first[0]
    actor = Actor(
        f"participant/{person}",
        frozenset(),
        {grouped.place.id: frozenset({Role.RESIDENT})},
        participant_id=person,
    )
    config = grouped.app.config["CONSULT"]
    withdraw(actor, grouped.place, person, keeps_answers=False, config=config)
    db.session.commit()
    assert db.session.get(Participant, person).group_id is None
    theirs = select(func.count()).where(DrawnPerson.participant_id == person)
    assert db.session.scalar(theirs) == 0
    checked = check_draw(find_draw(grouped.place))
    assert (checked.same, checked.other, checked.left) == (19, 0, 1)


# --- the officer's page


def test_an_officer_makes_groups_checks_the_draw_and_draws_again(grouped):
    client = grouped.staff(Role.OFFICER)
    desk = f"/officer/{grouped.slug}/groups"
    assert "There are no groups" in client.get(desk).text
    assert client.send(desk, {"size": "13"}).status_code == 422
    assert client.send(desk, {"size": "10"}).status_code == 303
    page = client.get(desk).text
    assert f"{find_draw(grouped.place).seed:09d}" in page
    db.session.commit()
    assert "Nobody has written" in page
    assert "The number of places in Abbeyford" in page
    assert "It gives the very same groups" in page
    typed = {"version": "1", "size": "8", "instead": "again", "reason": ""}
    assert client.send(f"{desk}/again", typed).status_code == 422
    assert client.send(f"{desk}/again", {**typed, "reason": "Ana was ill."}).status_code == 303
    page = client.get(desk).text
    assert "Ana was ill." in page
    assert find_draw(grouped.place).number == 2
    db.session.commit()
    stale = client.send(f"{desk}/again", {**typed, "reason": "Once more."})
    assert stale.status_code == 409
    assert "meanwhile" in stale.text
    assert "Once more." in stale.text
    assert (
        client.send(
            f"{desk}/again", {**typed, "version": "2", "instead": "without", "reason": "No."}
        ).status_code
        == 303
    )
    assert "There are no groups" in client.get(desk).text


def test_the_page_says_what_stands_in_the_way(sqlite_app):
    with sqlite_app.app_context():
        few = make_grouped(sqlite_app, 3)
        client = few.staff(Role.OFFICER)
        page = client.get(f"/officer/{few.slug}/groups").text
        assert "Fewer than 16 people" in page
        assert "Make the groups" not in page
        refused = client.send(f"/officer/{few.slug}/groups", {"size": "10"})
        assert refused.status_code == 400 or "Fewer than 16 people" in refused.text
        talking = make_place("forum")
        db.session.commit()
        page = client_as(sqlite_app, Role.OFFICER, talking).get(f"/officer/{talking.slug}/groups").text
        assert "groups cannot be made any more" in page
