"""Views unlike one's own: whom one is led to, and that nobody's answer can be worked out from it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import permutations, product

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from consult.coding.models import Code, Judgement, Outcome, Theme
from consult.consultations.models import Consultation, Progress, Submission, Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.models import PostKind, PostState
from consult.forum.standpoints import standpoints_on, standpoints_on_attitudes
from consult.forum.unlike import (
    FLOOR,
    OWN_LIKELIER,
    SHOWN_MOST,
    Kind,
    Lot,
    Standpoints,
    Told,
    Writing,
    choose,
    tell,
)
from consult.surveys.models import Answer, AnswerStatus, Form, Item
from tests.making.coding import KEY, make_coded
from tests.making.forum import get_thread, make_answers, make_post, make_thread
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.page_client import PageClient

READER, WRITER = 1, 2


def hashing(seed: int) -> Lot:
    """A lot that is no secret."""
    return lambda words: int(sha256(f"{seed} {words}".encode()).hexdigest(), 16)


# --- what is told of somebody


def outcomes(held: frozenset[str], positions: Sequence[str]) -> Counter[str]:
    """How often each position is told of somebody who holds these, over every way in which lots can fall."""
    tickets = len(positions) + OWN_LIKELIER - 1
    found: Counter[str] = Counter()
    for own_turn, other_turn, ticket in product(
        permutations(positions), permutations(positions), range(tickets)
    ):

        def lot(words: str, own=own_turn, other=other_turn, ticket: int = ticket) -> int:
            what, *_about, last = words.split()
            return {"own": own, "other": other}[what].index(last) if what in {"own", "other"} else ticket

        standpoints = Standpoints({7: positions}, {WRITER: {7: held}})
        found[tell([WRITER], standpoints, lot)[WRITER].position] += 1
    return found


def subsets(positions: Sequence[str]) -> Iterator[frozenset[str]]:
    for kept in product((True, False), repeat=len(positions)):
        yield frozenset(position for position, keeps in zip(positions, kept, strict=True) if keeps)


@pytest.mark.parametrize("positions", [("a", "b"), ("a", "b", "c"), ("a", "b", "c", "d")])
def test_no_told_position_is_more_than_three_times_as_likely_with_one_answer_as_with_another(positions):
    chances = []
    for held in subsets(positions):  # also several themes, and none: who did not answer
        found = outcomes(held, positions)
        chances.append({each: Fraction(found[each], found.total()) for each in positions})
    for position in positions:
        told = [each[position] for each in chances]
        assert max(told) / min(told) == OWN_LIKELIER


def test_ones_own_position_is_told_more_often_than_any_other():
    found = outcomes(frozenset({"b"}), ("a", "b", "c"))
    assert {each: Fraction(n, found.total()) for each, n in found.items()} == {
        "a": Fraction(1, 5),
        "b": Fraction(3, 5),
        "c": Fraction(1, 5),
    }


def test_the_same_is_told_of_somebody_with_others_or_alone_and_of_one_item_or_among_several():
    held = {n: {7: frozenset({"a"}), 8: frozenset({"x"})} for n in range(200)}
    both = Standpoints({7: ("a", "b"), 8: ("x", "y", "z")}, held)
    told = tell(range(200), both, hashing(1))
    assert {each.item for each in told.values()} == {7, 8}
    for item in (7, 8):
        alone = Standpoints({item: both.positions[item]}, held)
        for writer, each in tell(range(200), alone, hashing(1)).items():
            assert told[writer].item != item or told[writer] == each


def test_an_item_on_which_there_is_one_position_divides_nobody():
    one = Standpoints({7: ("a",)}, {WRITER: {7: frozenset({"a"})}})
    assert tell([WRITER], one, hashing(1)) == {}
    assert one.of(WRITER) == {}


# --- whom one is led to

writings_of = st.lists(
    st.tuples(st.integers(1, 500), st.integers(1, 60)).map(lambda pair: Writing(*pair)),
    unique_by=lambda each: each.post_id,
    max_size=200,
)
told_of = st.dictionaries(
    st.integers(1, 60), st.builds(Told, st.just(7), st.sampled_from("abc")), max_size=60
)


@given(writings_of, told_of, st.sampled_from(["", "a", "ab", "abc"]), st.integers(0, 9))
def test_one_gets_a_part_of_what_others_wrote_and_never_one_who_would_be_recognised(
    writings, told, held, seed
):
    own = {7: frozenset(held)} if held else {}
    choice = choose(writings, told, reader=READER, own=own, lot=hashing(seed))
    writers = {each.writer for each in writings} - {READER}
    unlike = {each for each in writers if each in told and told[each].position not in held}
    by_post = {each.post_id: each.writer for each in writings}
    shown = [by_post[post] for post in choice.posts]
    assert READER not in shown
    assert len(set(shown)) == len(shown) <= SHOWN_MOST
    if choice.kind is Kind.UNLIKE:
        assert len(unlike) >= FLOOR
        assert len(unlike) <= 0.9 * len(writers)
        assert set(shown) < unlike
        assert len(shown) == min(SHOWN_MOST, len(unlike) // 2)
    else:
        assert len(shown) == min(SHOWN_MOST, len(writers))
        assert (choice.kind is Kind.NOT_ANSWERED) == (not held)
    assert choice == choose(reversed(writings), told, reader=READER, own=own, lot=hashing(seed))


def test_below_the_floor_and_where_nearly_all_differ_the_choice_is_by_lot_and_says_so():
    writings = [Writing(n, n) for n in range(100, 200)]
    for unlike, kind in ((9, Kind.TOO_FEW), (10, Kind.UNLIKE), (90, Kind.UNLIKE), (91, Kind.TOO_FEW)):
        told = {each.writer: Told(7, "b" if n < unlike else "a") for n, each in enumerate(writings)}
        choice = choose(writings, told, reader=READER, own={7: {"a"}}, lot=hashing(3))
        assert choice.kind is kind


# --- the page


def item_of(place: Consultation, key: str) -> Item:
    return db.session.scalars(select(Item).where(Item.consultation_id == place.id, Item.key == key)).one()


def make_writers(
    place: Consultation, thread_key: str, answers: dict[str | int, int], key: str = "hours"
) -> None:
    """People who answered so, each with a contribution that says it."""
    make_answers(place, key, answers)
    thread = get_thread(place, thread_key)
    said = select(Answer.participant_id, Answer.number, Answer.option_id).where(
        Answer.item_id == item_of(place, key).id, Answer.status == AnswerStatus.ANSWERED
    )
    for who, number, option in db.session.execute(said).all():
        make_post(thread, f"by-{who}", f"I say {number or option}.", by=who)


def make_reader(place: Consultation, number: int | None, name: str = "Quiet Heron") -> MadeResident:
    """Somebody who sent the starting survey and stood there, or had no view on it. Committed."""
    made = make_resident(place, name=name)
    item = item_of(place, "hours")
    mine = {"participant_id": made.participant_id, "consultation_id": place.id, "wave": Wave.PRE}
    db.session.add(Submission(status=Progress.SUBMITTED, **mine))
    status = AnswerStatus.DONT_KNOW if number is None else AnswerStatus.ANSWERED
    db.session.add(Answer(item_id=item.id, form=item.form, status=status, number=number, **mine))
    db.session.commit()
    return made


@pytest.fixture
def forum(app: Flask) -> str:
    """A forum with a thread about the hours, in which 30 people write who want fewer and 30 who want more."""
    with app.app_context():
        place = make_place("forum")
        make_thread(place, "hours", title="Hours", item_id=item_of(place, "hours").id)
        make_writers(place, "hours", {2: 30, 4: 30})
        return place.slug


def shown_in(page: str) -> list[str]:
    """The keys of the contributions on a page, in their order."""
    return re.findall(r"\?post=([\w-]+)#", page)


def test_one_is_led_mostly_to_people_on_the_other_side_and_not_only(forum, app):
    with app.app_context():
        place = get_consultation(forum)
        readers = [make_reader(place, 2, f"Reader {n}") for n in range(8)]
    addresses: Counter[str] = Counter()
    for reader in readers:
        page = as_resident(app, reader).get(f"/consultations/{forum}/forum/unlike?thread=hours").text
        assert "Views unlike yours" in page
        assert len(shown_in(page)) == len(set(shown_in(page))) == SHOWN_MOST
        addresses.update(
            "other" if f"I say {n}." == "I say 4." else "own" for n in re.findall(r"I say (\d)", page)
        )
    # Of three sides one's own is told three times of five: unlike are four fifths of those, two of these.
    assert addresses["other"] > addresses["own"] > 0


def test_the_page_names_nobody_and_no_position_and_is_the_same_at_every_look(forum, app):
    with app.app_context():
        reader = make_reader(get_consultation(forum), 2)
    browser = as_resident(app, reader)
    url = f"/consultations/{forum}/forum/unlike?thread=hours"
    page = browser.get(url).text
    main = page[page.index("<main") : page.index("</main")]
    for word in ("hours 4", "hours 2", "cut a lot", "increased", "Participant", "participant", "<bdi>hours"):
        assert word not in main
    assert shown_in(browser.get(url).text) == shown_in(page)


def test_where_too_few_write_contributions_are_drawn_by_lot_and_the_page_says_so(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("forum")
        slug, reader = place.slug, make_reader(place, 2)
        make_thread(place, "hours", title="Hours", item_id=item_of(place, "hours").id)
        make_writers(place, "hours", {4: 6})
    page = as_resident(sqlite_app, reader).get(f"/consultations/{slug}/forum/unlike?thread=hours").text
    assert "so that nobody can be recognised" in page
    assert "Views unlike yours" not in page
    assert len(shown_in(page)) == 6


def test_whoever_had_no_view_gets_contributions_by_lot_and_is_told_why(forum, app):
    with app.app_context():
        reader = make_reader(get_consultation(forum), None)
    page = as_resident(app, reader).get(f"/consultations/{forum}/forum/unlike").text
    assert "we have no answer of yours to compare" in page
    assert len(shown_in(page)) == SHOWN_MOST


def test_the_link_stands_where_one_has_answered_and_others_have_written(forum, app):
    with app.app_context():
        place = get_consultation(forum)
        make_thread(place, "empty", title="Nothing yet")
        answered, joined = make_reader(place, 2), make_resident(place, name="Grey Otter")
    base = f"/consultations/{forum}/forum/"
    for path, who, stands in (
        ("", answered, True),
        ("hours", answered, True),
        ("empty", answered, False),
        ("", joined, False),
        ("hours", joined, False),
    ):
        assert ("A view unlike mine" in as_resident(app, who).get(base + path).text) is stands
    assert "A view unlike mine" not in PageClient(app).get(base + "hours").text


def test_nothing_that_cannot_be_read_is_led_to(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("forum")
        slug, reader = place.slug, make_reader(place, 2)
        writers = [make_resident(place, name=f"Writer {n}").participant_id for n in range(5)]
        thread = get_thread(place)
        for state, who in zip(
            (PostState.AWAITING, PostState.HIDDEN, PostState.WITHDRAWN), writers, strict=False
        ):
            make_post(thread, f"is-{state}", "heliotrope", by=who, state=state)
        draft = make_thread(place, "draft", title="Draft", state=PostState.AWAITING)
        make_post(draft, "in-draft", "heliotrope", by=writers[3])
        rehearsed = make_thread(place, "rehearsed", title="Rehearsed", is_rehearsal=True)
        make_post(rehearsed, "in-rehearsal", "heliotrope", by=writers[4])
        make_post(thread, "official", "heliotrope", kind=PostKind.FACILITATOR)
        make_post(thread, "own", "heliotrope", by=reader.participant_id)
        other = make_place("forum", slug="bins-2026")
        make_thread(other, "theirs", title="Bins")
    browser = as_resident(sqlite_app, reader)
    base = f"/consultations/{slug}/forum/unlike"
    page = browser.get(base).text
    assert "heliotrope" not in page
    assert sorted(shown_in(page)) == ["t1-1", "t1-2"]
    for thread in ("draft", "rehearsed", "theirs", "nothing", "~1", ""):
        assert browser.get(f"{base}?thread={thread}").status_code == 404


def test_it_costs_the_same_statements_however_many_write(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("forum")
        slug, reader = place.slug, make_reader(place, 2)
        make_thread(place, "hours", title="Hours", item_id=item_of(place, "hours").id)
        make_writers(place, "hours", {4: 2})
    browser = as_resident(sqlite_app, reader)
    counts = []
    for more in ({2: 40, 4: 60, 3: 5}, None):
        for path in ("unlike", "unlike?thread=hours"):
            browser.get(f"/consultations/{slug}/forum/{path}")
            counts.append(len(browser.statements))
        if more:
            with sqlite_app.app_context():
                add_writers(get_consultation(slug), more)
    assert counts[:2] == counts[2:]


# --- what is a position


def add_writers(place: Consultation, answers: dict[int, int]) -> None:
    for number, count in answers.items():
        for n in range(count):
            made = make_reader(place, number, f"More {number} {n}")
            make_post(get_thread(place, "hours"), f"more-{number}-{n}", "More.", by=made.participant_id)


def test_of_a_scale_the_side_of_the_middle_counts_and_only_if_it_was_sent(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("forum")
        people = {number: make_reader(place, number, f"P {number}").participant_id for number in range(1, 6)}
        undecided = make_reader(place, None, "Undecided").participant_id
        item = item_of(place, "hours").id
        make_answers(place, "hours", {5: 1}, progress=Progress.STARTED)
        for found in (standpoints_on(item), standpoints_on_attitudes(place)):
            assert found.positions[item] == ("lower", "middle", "upper")
            assert {number: set(found.of(who)[item]) for number, who in people.items()} == {
                1: {"lower"},
                2: {"lower"},
                3: {"middle"},
                4: {"upper"},
                5: {"upper"},
            }
            assert found.of(undecided) == {}
            assert len(found.held) == 5


def test_of_an_option_the_one_that_was_chosen_counts_and_of_a_ranking_the_first(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("forum")
        make_answers(place, "often", {"0": 2, "1": 3})
        found = standpoints_on(item_of(place, "often").id)
        assert Counter(len(found.of(who)) for who in found.held) == {1: 5}
        assert len({found.of(who)[item_of(place, "often").id] for who in found.held}) == 2
        rank = db.session.scalars(select(Item).where(Item.form == Form.RANK)).one()
        assert standpoints_on(rank.id).held == {}
        knowledge = db.session.scalars(select(Item).where(Item.form == Form.KNOWLEDGE)).first()
        assert knowledge is None or standpoints_on(knowledge.id).positions == {}


def test_of_words_the_themes_count_in_which_their_coding_ended(sqlite_app):
    with sqlite_app.app_context():
        place = make_place("forum")
        make_coded(place)
        item = item_of(place, KEY)
        agreed = db.session.scalars(
            select(Answer).where(Answer.item_id == item.id).order_by(Answer.id).offset(1)
        ).first()
        theme = db.session.scalars(
            select(Theme.id).where(Theme.item_id == item.id, Theme.position == 0)
        ).one()
        mine = {"answer_id": agreed.id, "item_id": item.id, "coder": "k1"}
        db.session.add(Judgement(outcome=Outcome.CODED, **mine))
        db.session.add(Code(theme_id=theme, **mine))
        db.session.commit()
        found = standpoints_on(item.id)
        assert len(found.positions[item.id]) == 2  # frozen ones only
        assert found.held == {
            agreed.participant_id: {item.id: frozenset({str(theme)})}
        }  # the disputed are none
