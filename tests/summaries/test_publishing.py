"""From a draft to what everybody reads: all or nothing, from the frozen content, in each reader's order."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import Actor, Role
from consult.consultations.models import DiscussionGroup, Participant
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.errors import Conflict, DomainError, Invalid
from consult.forum import seeding
from consult.forum.models import Post, Thread
from consult.rights import service as rights
from consult.stats.reliance import Reading
from consult.summaries import quoting, service
from consult.summaries.models import CountsShown, FairnessRating, Presentation, Quotation, Summary
from consult.summaries.publishing import Agreed, NotReady, digest
from consult.surveys.models import Answer
from tests.making.forum import make_post
from tests.making.places import as_resident, make_place
from tests.making.summaries import find_item, make_summary, make_text, make_theme, make_views, officer_of
from tests.page_client import PageClient, at_once

THREAD = "forum/"


def sure(item, reading=Reading.COUNTS):
    """Coders who agreed that far about every theme of the item."""
    return {item: Agreed(0.9, dict.fromkeys(("noise", "litter", "parking"), reading))}


def published(place, counts=None, *, reading=Reading.COUNTS, **more):
    made = make_views(place, counts or {"noise": 12, "litter": 7, "parking": 3})
    item = make_summary(place, **more)
    seeding.publish(officer_of(place), place, agreements=sure(item, reading))
    db.session.commit()
    return made


def open_forum(place):
    """The forum of a published consultation opens now."""
    for stage in place.stages:
        if stage.kind.value == "forum":
            stage.opens_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    return thread_path(place)


def thread_path(place):
    key = db.session.scalars(
        select(Thread.key).where(Thread.consultation_id == place.id, Thread.summary_id.is_not(None))
    ).one()
    return f"/consultations/{place.slug}/forum/{key}"


def order_in(page: str) -> list[str]:
    keys = ("noise", "litter", "parking")
    return sorted(keys, key=lambda key: page.index(f"… {key} most"))


def content() -> dict:
    db.session.expire_all()
    return json.loads(db.session.scalars(select(Summary.content)).one())


def test_publishing_fixes_the_content_its_hash_and_who_approved_it(in_app):
    place = make_place("summarising")
    published(place)
    summary = db.session.scalars(select(Summary)).one()
    held = content()
    assert summary.sha256 == digest(held)
    assert (summary.approved_by, held["approved_by"]) == ("officer-1", "officer")
    assert summary.published_at is not None
    told = {each["key"]: (each["told"], each["number"]) for each in held["positions"]}
    assert told == {"noise": ("number", 10), "litter": ("few", None), "parking": ("few", None)}
    assert held["completions"] == {"told": "number", "number": 20}
    assert all(len(each["quotations"]) == 1 for each in held["positions"])
    means = {each["key"]: each["fairness"] for each in held["positions"]}
    assert means["noise"] == {"mean": 5.0, "is_of_all_holders": False}
    assert means["parking"] == {"mean": None, "is_of_all_holders": True}
    assert "officer-1" not in summary.content
    thread = db.session.scalars(select(Thread).where(Thread.summary_id == summary.id)).one()
    seed = db.session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    assert thread.completions == 22
    assert seed.title == "What people worry about"
    assert all(f"… {key} most" in seed.body for key in told)
    assert not any(number in seed.body for number in ("12", "22", "About"))


def test_a_summary_that_lacks_something_is_refused_by_name_and_nothing_is_published(in_app):
    place = make_place("summarising")
    actor = officer_of(place)
    make_views(place, {"noise": 5})
    make_summary(place, ratings=3)
    seeding.add_seed(actor, place, title="By hand", body="Some say so.")
    with pytest.raises(NotReady) as refused:
        seeding.publish(actor, place)
    assert refused.value.values["number"] == 4
    db.session.rollback()
    states = db.session.scalars(select(Post.state)).all()
    assert [state.value for state in states] in ([], ["awaiting"])
    assert db.session.scalar(select(func.count()).where(Summary.published_at.is_not(None))) == 0


def test_a_stated_reason_publishes_it_all_the_same_and_everybody_can_read_the_reason(app):
    reason = "The survey closed late, so nobody could be asked in time."
    with app.app_context():
        place = make_place("summarising")
        published(place, ratings=None, override=reason)
        path = open_forum(place)
    assert reason in PageClient(app).get(path).text


def test_what_is_published_is_never_computed_anew(app):
    with app.app_context():
        place = make_place("summarising")
        published(place)
        path = open_forum(place)
        before = PageClient(app).get(path).text
        db.session.query(Answer).delete()
        db.session.commit()
        after = PageClient(app).get(path).text
        # With the answers went the quotations' rows; what is told stays as it was approved.
        assert order_in(after) == order_in(before)
        with pytest.raises(Conflict):
            service.get_unpublished(place, db.session.scalars(select(Summary.item_id)).one())


def test_each_reader_has_an_order_of_their_own_it_is_logged_and_stays(app):
    with app.app_context():
        place = make_place("summarising")
        made = published(place)
        path = open_forum(place)
    orders = []
    for who in made[:12]:
        browser = as_resident(app, who)
        pages = [browser.get(path).text for _again in range(2)]
        assert order_in(pages[0]) == order_in(pages[1])
        orders.append(order_in(pages[0]))
        with app.app_context():
            logged = db.session.scalars(
                select(Presentation).where(Presentation.participant_id == who.participant_id)
            ).one()
            assert json.loads(logged.positions) == orders[-1]
            assert logged.counts_at_once is False
    assert len({tuple(order) for order in orders}) > 1
    for agent in ("one", "two"):
        stranger = PageClient(app)
        seen = [order_in(stranger.get(path, headers={"User-Agent": agent}).text) for _again in range(2)]
        assert seen[0] == seen[1]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Presentation)) == 12


def test_counts_come_after_the_first_post_and_never_say_more_than_may_be_told(app):
    with app.app_context():
        place = make_place("summarising")
        made = published(place)
        path = open_forum(place)
    browser = as_resident(app, made[0])
    page = browser.get(path).text
    assert "hold this view" not in page
    assert "after your first post" in page
    with app.app_context():
        thread = db.session.scalars(select(Thread).where(Thread.summary_id.is_not(None))).one()
        make_post(thread, "mine", by=made[0].participant_id)
    page = browser.get(path).text
    assert "About 10 people hold this view." in page
    assert page.count("Fewer than 10 people hold this view.") == 2
    assert not any(f">{n} people" in page for n in (12, 7, 3))
    visitors = PageClient(app).get(path).text  # who is not signed in might be anybody
    assert "is told when the forum has closed" in visitors
    assert "after your first post" not in visitors
    assert "About 10" not in visitors


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (Reading.TENTATIVE, "Roughly 10 people hold this view."),
        (Reading.QUOTATIONS, "We do not say how many people hold this view."),
    ],
)
def test_counts_are_told_as_far_as_those_who_read_the_answers_agreed(sqlite_app, reading, said):
    with sqlite_app.app_context():
        place = make_place("summarising")
        made = published(place, reading=reading, counts_shown=CountsShown.AT_ONCE)
        path = open_forum(place)
    page = as_resident(sqlite_app, made[0]).get(path).text
    assert said in page
    assert "About 10 people hold" not in page
    assert page.count("Fewer than 10 people hold this view.") == 2  # which says little, and is true


def test_what_nobody_has_measured_is_not_counted(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("summarising")
        make_views(place, {"noise": 12, "litter": 12})
        make_summary(place)
        seeding.publish(officer_of(place), place)
        content = json.loads(db.session.scalars(select(Summary.content)).one())
    assert {position["told"] for position in content["positions"]} == {"unsure"}
    assert content["agreement"] is None


def test_a_gap_that_would_tell_what_few_people_said_is_not_told(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("summarising")
        published(place, {"noise": 6, "litter": 3})
        few = json.loads(db.session.scalars(select(Summary.content)).one())
        other = make_place("summarising", slug="another-place")
        published(other, {"noise": 6, "litter": 6})
        many = json.loads(
            db.session.scalars(select(Summary.content).where(Summary.consultation_id == other.id)).one()
        )
    assert few["fairness"] == {"gap": None, "is_fair": True}
    assert many["fairness"] == {"gap": 0.0, "is_fair": True}


@pytest.mark.parametrize("groups", [2, 4, 5])
def test_half_of_the_groups_see_counts_at_once_where_the_lot_decides(in_app, groups):
    place = make_place("summarising")
    made = published(place, counts_shown=CountsShown.BY_LOT)
    group_ids = []
    for n in range(groups):
        group = DiscussionGroup(consultation_id=place.id, key=f"group-{n}")
        db.session.add(group)
        db.session.flush()
        group_ids.append(group.id)
    for n, who in enumerate(made[: 3 * groups]):
        db.session.get_one(Participant, who.participant_id).group_id = group_ids[n % groups]
    db.session.commit()
    path = open_forum(place)
    seen = ["hold this view" in as_resident(in_app, who).get(path).text for who in made[: 3 * groups]]
    assert seen == seen[:groups] * 3  # one group, one lot
    assert sum(seen[:groups]) == groups // 2


@pytest.mark.parametrize("shown", list(CountsShown))
def test_counts_are_shown_as_the_officer_chose(sqlite_app, shown):
    with sqlite_app.app_context():
        place = make_place("summarising")
        made = published(place, counts_shown=shown)
        path = open_forum(place)
    seen = {"hold this view" in as_resident(sqlite_app, who).get(path).text for who in made[:14]}
    expected = {CountsShown.AT_ONCE: {True}, CountsShown.AFTER_FIRST_POST: {False}}
    assert seen == expected.get(shown, {True, False})


def test_a_thread_with_positions_costs_the_same_statements_however_many(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("summarising")
        published(place, {"noise": 4, "litter": 3})
        path = open_forum(place)
    stranger = PageClient(sqlite_app)
    page = stranger.get(path)
    about = [each for each in stranger.statements if "post" in each or "thread" in each]
    assert len(about) == 3
    assert len(page.data) < 40_000


def test_nobody_who_refused_is_quoted_and_nobody_twice(in_app):
    place = make_place("summarising")
    actor = officer_of(place)
    make_views(place, {"noise": 3}, quote=False)
    item = make_summary(place, quotations=0, ratings=None)
    with pytest.raises(Invalid):
        quoting.draw(actor, place, item, "noise")
    make_views_again = make_views(place, {"litter": 4})
    service.write(
        actor,
        place,
        item,
        version=2,
        title="T",
        counts_shown=CountsShown.AT_ONCE,
        override=None,
        positions={},
    )
    people = [quoting.draw(actor, place, item, "litter").participant_id for _n in range(4)]
    assert sorted(people) == sorted(each.participant_id for each in make_views_again)
    with pytest.raises(Invalid):
        quoting.draw(actor, place, item, "litter")


def test_the_same_words_are_not_quoted_twice_for_a_view(in_app):
    place = make_place("summarising")
    item = find_item(place)
    theme = make_theme(item, "noise")
    for n, text in enumerate(("It is the noise.", "it is the NOISE.", "The bins at six.")):
        make_text(place, item, text, theme, name=f"noise {n}")
    make_summary(place, quotations=0, ratings=None)
    words = {quoting.draw(officer_of(place), place, item.id, "noise").words.casefold() for _n in range(2)}
    assert words == {"it is the noise.", "the bins at six."}
    with pytest.raises(Invalid):
        quoting.draw(officer_of(place), place, item.id, "noise")


@pytest.mark.parametrize("way", ["consent", "keep", "delete"])
def test_who_takes_it_back_or_leaves_is_quoted_nowhere_and_the_hash_still_holds(app, way):
    with app.app_context():
        place = make_place("summarising")
        published(place)
        path = open_forum(place)
        quotation = db.session.scalars(select(Quotation)).first()
        who, words = quotation.participant_id, quotation.words
        assert words in PageClient(app).get(path).text.replace("&#39;", "'")
        actor = Actor("them", roles={place.id: frozenset({Role.RESIDENT})}, participant_id=who)
        config = app.config["CONSULT"]
        if way == "consent":
            rights.change_consent(actor, place, who, quote=False, messages=False, config=config)
        else:
            rights.withdraw(actor, place, who, keeps_answers=way == "keep", config=config)
        db.session.commit()
        page = PageClient(app).get(path).text
        assert words not in page
        assert "The writer took a quotation back." in page
        held = content()
        assert words not in json.dumps(held, ensure_ascii=False)
        assert db.session.scalars(select(Summary.sha256)).one() == digest(held)
        assert not any(words in body for body in db.session.scalars(select(Post.body)))
        theirs = select(func.count()).where(Quotation.participant_id == who)
        assert db.session.scalar(theirs) == 0
        if way == "delete":
            ratings = select(func.count()).where(FairnessRating.participant_id == who)
            assert db.session.scalar(ratings) == 0


def test_twenty_who_publish_at_once_publish_once(app):
    with app.app_context():
        place = make_place("summarising")
        make_views(place, {"noise": 3})
        make_summary(place)
        slug = place.slug

    def publish(_n):
        with app.app_context():
            there = get_consultation(slug)
            try:
                count = seeding.publish(officer_of(there), there)
                db.session.commit()
            except DomainError:
                db.session.rollback()
                return 0
            return count

    assert sorted(at_once(publish, [(n,) for n in range(20)])) == [0] * 19 + [1]
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Thread.summary_id.is_not(None))) == 1


def test_scripts_in_what_people_and_officers_wrote_are_shown_and_never_run(sqlite_app):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{7*7}} I worry"
    with sqlite_app.app_context():
        place = make_place("summarising")
        item = find_item(place)
        theme = make_theme(item, "noise", evil)
        for n in range(4):
            make_text(place, item, evil, theme, name=f"evil {n}")
        db.session.commit()
        make_summary(place, ratings=None, override=evil)
        seeding.publish(officer_of(place), place)
        db.session.commit()
        path = open_forum(place)
    page = PageClient(sqlite_app).get(path).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&amp;lt;" not in page
    assert "{{7*7}}" in page
