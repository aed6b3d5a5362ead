"""The deeds of coding: what is written, what is refused, and in which order texts come."""

import pytest
from sqlalchemy import func, select

from consult.access import Moment, Role
from consult.coding import codebooks, judging, queries, queueing, standing, turns
from consult.coding.coders import coder_of
from consult.coding.final import final_codes
from consult.coding.home_page import item_lines
from consult.coding.judging import AlreadySettled, CodebookChanged, Gone, Judged, OwnText
from consult.coding.models import Agreement, Code, Codebook, CodingQueue, Outcome, QueuedText, Theme
from consult.coding.rules import ThemeWords, themes_in
from consult.consultations.models import Wave
from consult.db import db
from consult.errors import Conflict, Invalid, NotPermitted
from consult.surveys.models import Answer
from tests.making.coding import (
    actor_of,
    decide,
    judgements,
    make_codebook,
    make_queue,
    make_texts,
    officer_of,
    open_item,
    queued,
    say,
    words_at,
)
from tests.making.places import make_place

TEXTS = [f"text number {n}" for n in range(6)]


def coded_place(moment="summarising", texts=TEXTS, **more):
    place = make_place(moment)
    one, two = officer_of(place), officer_of(place, "petra@abbeyford.example", Role.ANALYST)
    with_codebook = make_place_codebook(place, one)
    make_texts(place, texts)
    if moment == "summarising":
        make_queue(place, one, **more)
    return place, one, two, with_codebook


def make_place_codebook(place, staff):
    """A frozen codebook, also where the time for it is over."""
    if place.slug != "summarising-place":
        item = open_item(place)
        db.session.add_all(Theme(item_id=item.id, key=f"t{n}", label=f"T {n}", position=n) for n in range(2))
        db.session.flush()
        content = codebooks.content_of(queries.list_themes(item.id))
        db.session.add(codebooks.new_codebook(item.id, 1, content, by="operator"))
        db.session.commit()
        return queries.latest_codebook(item.id)
    return make_codebook(place, staff)


def test_a_frozen_codebook_keeps_its_words_and_is_made_again_only_when_they_change(in_app):
    place = make_place("summarising")
    staff = officer_of(place)
    first = make_codebook(place, staff)
    item, actor = open_item(place), actor_of(staff)
    assert codebooks.freeze_codebook(actor, place, item).number == first.number == 1
    theme = queries.list_themes(item.id)[0]
    words = ThemeWords("The shops", "Places to buy things", "Cafés", "Markets", "I like Ann's\nThe baker")
    seen = codebooks.fingerprint(*queries.words_of(theme))
    codebooks.change_theme(actor, place, item, theme, words, seen=seen)
    second = codebooks.freeze_codebook(actor, place, item)
    db.session.commit()
    assert second.number == 2
    assert dict(themes_in(first.content))["the-shops"] == ThemeWords("The shops")
    assert dict(themes_in(second.content))["the-shops"] == words
    assert second.sha256 != first.sha256


def test_the_second_of_two_who_change_a_theme_is_told(in_app):
    place = make_place("summarising")
    staff = officer_of(place)
    make_codebook(place, staff)
    item, actor = open_item(place), actor_of(staff)
    theme = queries.list_themes(item.id)[0]
    seen = codebooks.fingerprint(*queries.words_of(theme))
    codebooks.change_theme(actor, place, item, theme, ThemeWords("Shops"), seen=seen)
    with pytest.raises(codebooks.EditedMeanwhile):
        codebooks.change_theme(actor, place, item, theme, ThemeWords("Stores"), seen=seen)
    assert theme.label == "Shops"


def test_themes_change_places_and_are_taken_out_and_never_removed(in_app):
    place = make_place("summarising")
    staff = officer_of(place)
    make_codebook(place, staff)
    item, actor = open_item(place), actor_of(staff)
    shops, people, quiet = queries.list_themes(item.id)
    codebooks.move_theme(actor, place, item, quiet, way="up", past="the-people")
    codebooks.move_theme(actor, place, item, quiet, way="up", past="the-people")
    assert [theme.key for theme in queries.list_themes(item.id)] == ["the-shops", "the-quiet", "the-people"]
    with pytest.raises(codebooks.EditedMeanwhile):
        codebooks.move_theme(actor, place, item, shops, way="up", past="the-people")
    codebooks.retire_theme(actor, place, item, people)
    frozen = codebooks.freeze_codebook(actor, place, item)
    assert [key for key, _ in themes_in(frozen.content)] == ["the-shops", "the-quiet"]
    assert people in queries.list_themes(item.id)
    with pytest.raises(Invalid, match="Another theme"):
        codebooks.add_theme(actor, place, item, ThemeWords("the SHOPS"))
    codebooks.add_theme(actor, place, item, ThemeWords("The people"))
    with pytest.raises(Invalid, match="Another theme"):
        codebooks.retire_theme(actor, place, item, people, is_retired=False)


@pytest.mark.parametrize("moment", ["forum", "between", "follow_up", "closed"])
def test_a_codebook_is_fixed_once_the_forum_opens(in_app, moment):
    place = make_place(moment)
    staff = officer_of(place)
    with pytest.raises(NotPermitted, match="until the summaries are published"):
        codebooks.add_theme(actor_of(staff), place, open_item(place), ThemeWords("Late"))


def test_while_a_survey_is_open_the_codebook_can_be_written_and_no_text_is_read(in_app):
    place = make_place("survey")
    staff = officer_of(place)
    make_codebook(place, staff)
    make_texts(place, TEXTS)
    with pytest.raises(NotPermitted, match="when the starting survey has closed"):
        make_queue(place, staff)
    assert db.session.scalar(select(func.count()).select_from(CodingQueue)) == 0


def test_only_sent_texts_of_real_people_wait_and_enough_of_them_twice(in_app):
    place = make_place("summarising")
    staff = officer_of(place)
    make_codebook(place, staff)
    make_texts(place, [f"said {n}" for n in range(130)])
    make_texts(place, ["not sent"], progress="started", prefix="late")
    make_texts(place, ["rehearsed"], prefix="officer", is_rehearsal=True)
    queue = make_queue(place, staff)
    rows = queued(place)
    assert len(rows) == 130
    assert sum(row.needed == 2 for row in rows) == 100
    assert [row.place for row in rows] == list(range(1, 131))
    assert {words_at(place, row.place) for row in rows} == {f"said {n}" for n in range(130)}
    assert [row.answer_id for row in rows] != sorted(row.answer_id for row in rows)
    assert make_queue(place, staff, double=50).seed == queue.seed, "a second start changes nothing"
    assert (queue.double_percent, queue.again_percent) == (20, 10)


def test_a_share_above_the_minimum_counts(in_app):
    place, _one, _two, _book = coded_place(texts=[f"t {n}" for n in range(300)], double=50)
    assert sum(row.needed == 2 for row in queued(place)) == 150


def test_two_coders_never_begin_together_and_each_reads_what_is_theirs(in_app):
    place, one, two, book = coded_place(texts=[f"t {n}" for n in range(150)])
    item = open_item(place)
    starts = [turns.next_text(item.id, staff.id, codebook=1).place for staff in (one, two)]
    assert abs(starts[0] - starts[1]) > 20
    read = {staff.id: [] for staff in (one, two)}
    for _ in range(150):
        for staff in (one, two):
            text = turns.next_text(item.id, staff.id, codebook=book.number)
            if text is not None:
                read[staff.id].append(text.place)
                say(place, staff, text.place, "the-shops")
    rows = queued(place)
    assert all(row.judged == row.needed for row in rows)
    assert all(len(places) == len(set(places)) for places in read.values())
    assert sum(len(places) for places in read.values()) == 250, "100 texts twice, 50 once"
    assert {row.agreement for row in rows} == {Agreement.AGREED}


def test_a_judgement_is_changed_and_not_added_to(in_app):
    place, one, two, _book = coded_place()
    say(place, one, 1, "the-shops", "the-quiet")
    say(place, one, 1, "the-quiet", "the-people", note="Both, I think.")
    [mine] = judgements(place)
    assert (mine.coder, mine.note, mine.codebook, mine.staff_id) == (
        coder_of(one.id),
        "Both, I think.",
        1,
        one.id,
    )
    codes = db.session.scalars(select(Theme.key).join(Code, Code.theme_id == Theme.id))
    assert sorted(codes) == ["the-people", "the-quiet"]
    assert queued(place)[0].judged == 1
    say(place, two, 1, "the-quiet", "the-people")
    assert queued(place)[0].agreement is Agreement.AGREED
    say(place, one, 1, outcome=Outcome.CANNOT_CODE)
    assert queued(place)[0].agreement is Agreement.DISPUTED
    assert len(judgements(place)) == 2


def test_somebody_who_is_neither_decides_and_both_codings_stay(in_app):
    place, one, two, _book = coded_place()
    three = officer_of(place, "quentin@abbeyford.example")
    say(place, one, 1, "the-shops")
    say(place, two, 1, "the-people")
    answer_id = queued(place)[0].answer_id
    assert final_codes(open_item(place).id, Wave.PRE).disputed == {answer_id}
    for coder in (one, two):
        with pytest.raises(OwnText, match="read this text yourself"):
            decide(place, coder, 1, "the-shops")
        db.session.rollback()
    decide(place, three, 1, "the-people", "the-quiet")
    assert queued(place)[0].agreement is Agreement.SETTLED
    keys = {theme.id: theme.key for theme in queries.list_themes(open_item(place).id)}
    found = final_codes(open_item(place).id, Wave.PRE).themes
    assert {keys[theme] for theme in found[answer_id]} == {"the-people", "the-quiet"}
    with pytest.raises(AlreadySettled):
        say(place, one, 1, "the-people")
    db.session.rollback()
    decide(place, three, 1, "the-shops")
    found = final_codes(open_item(place).id, Wave.PRE).themes
    assert {keys[theme] for theme in found[answer_id]} == {"the-shops"}
    assert [each.coder for each in judgements(place)] == [coder_of(one.id), coder_of(two.id), "adjudicated"]
    assert judgements(place)[2].staff_id == three.id
    with pytest.raises(Conflict, match="nothing to decide"):
        decide(place, three, 2, "the-shops")


def test_every_text_ends_in_one_of_four_ways(in_app):
    place, one, two, _book = coded_place()
    say(place, one, 1, "the-shops")
    say(place, one, 2)
    say(place, one, 3, outcome=Outcome.CANNOT_CODE)
    say(place, one, 4, "the-shops")
    say(place, two, 4)
    found = final_codes(open_item(place).id, Wave.PRE)
    assert (len(found.themes), len(found.cannot_code), len(found.disputed), len(found.unread)) == (2, 1, 1, 2)
    assert found.n_texts == 6
    assert sorted(len(themes) for themes in found.themes.values()) == [0, 1]
    assert final_codes(open_item(place).id, Wave.POST).n_texts == 0


def test_a_new_version_brings_texts_back_to_their_own_coder_after_the_fresh_ones(in_app):
    place, one, _two, _book = coded_place()
    item, actor = open_item(place), actor_of(one)
    for at in (1, 2):
        say(place, one, at, "the-shops")
    codebooks.add_theme(actor, place, item, ThemeWords("The light"))
    book = codebooks.freeze_codebook(actor, place, item)
    db.session.commit()
    with pytest.raises(CodebookChanged):
        judging.judge(actor, place, item, Judged(3, Outcome.CODED), staff_id=one.id, codebook=1)
    db.session.rollback()
    seen = []
    while (text := turns.next_text(item.id, one.id, codebook=book.number)) is not None:
        seen.append(text.place)
        say(place, one, text.place, "the-light")
    assert sorted(seen[:4]) == [3, 4, 5, 6]
    assert seen[4:] == [1, 2]
    assert {each.codebook for each in judgements(place)} == {2}
    assert len(judgements(place)) == 6


def test_what_held_only_a_theme_that_is_taken_out_waits_to_be_read_again(in_app):
    place, one, two, _book = coded_place()
    item, actor = open_item(place), actor_of(one)
    shops, people, _quiet = (theme.id for theme in queries.list_themes(item.id))
    three = officer_of(place, "quentin@abbeyford.example")
    say(place, one, 1, "the-shops")
    say(place, two, 1, "the-shops")
    for coder in (one, two):
        say(place, coder, 2, "the-shops", "the-people")
    say(place, one, 3, "the-people")
    say(place, two, 3, "the-quiet")
    decide(place, three, 3, "the-shops")
    before = final_codes(item.id, Wave.PRE)
    answers = {row.place: row.answer_id for row in queued(place)}
    assert before.themes[answers[3]] == {shops}
    codebooks.retire_theme(actor, place, item, queries.get_theme(item, shops))
    assert final_codes(item.id, Wave.PRE) == before, "until a version is frozen without it"
    codebooks.freeze_codebook(actor, place, item)
    db.session.commit()
    found = final_codes(item.id, Wave.PRE)
    assert found.themes == {answers[2]: {people}}
    assert answers[1] in found.unread
    assert found.disputed == {answers[3]}, "the decision is none any more"
    states = {row.place: (row.judged, row.agreement) for row in queued(place)}
    assert [states[n] for n in (1, 2, 3)] == [
        (0, Agreement.OPEN),
        (2, Agreement.AGREED),
        (2, Agreement.DISPUTED),
    ]
    assert standing.count_lapsed([item.id]) == {item.id: 2}
    assert turns.find_text(item.id, 1) is not None
    [line] = [line for line in item_lines(place, Moment.SUMMARISING, one.id) if line.key == "words"]
    assert line.n_lapsed == 2
    for coder in (one, two):
        say(place, coder, 1, "the-quiet")
    decide(place, three, 3, "the-quiet")
    assert standing.count_lapsed([item.id]) == {}
    assert set(final_codes(item.id, Wave.PRE).themes) == {answers[n] for n in (1, 2, 3)}


def test_a_theme_that_is_brought_back_brings_its_codes_back(in_app):
    place, one, two, _book = coded_place()
    item, actor = open_item(place), actor_of(one)
    shops = queries.list_themes(item.id)[0]
    for coder in (one, two):
        say(place, coder, 1, "the-shops")
    before = final_codes(item.id, Wave.PRE)
    for is_retired in (True, False):
        codebooks.retire_theme(actor, place, item, shops, is_retired=is_retired)
        codebooks.freeze_codebook(actor, place, item)
        db.session.commit()
    assert final_codes(item.id, Wave.PRE) == before
    assert (queued(place)[0].judged, queued(place)[0].agreement) == (2, Agreement.AGREED)


def test_a_theme_that_is_not_in_the_version_is_refused(in_app):
    place, one, _two, _book = coded_place()
    with pytest.raises(Invalid, match="themes of the codebook"):
        say(place, one, 1, "the-weather")
    db.session.rollback()
    with pytest.raises(Gone):
        say(place, one, 99, "the-shops")
    assert judgements(place) == []


def test_the_follow_up_is_shuffled_with_what_waits_and_a_share_is_read_again(in_app):
    place = make_place("closed")
    one = officer_of(place)
    make_place_codebook(place, one)
    make_texts(place, [f"before {n}" for n in range(40)])
    make_texts(place, [f"after {n}" for n in range(40)], wave=Wave.POST)
    queue = make_queue(place, one, again=25)
    rows = queued(place)
    assert queue.reopened_at is not None
    assert (len(rows), sum(row.is_again for row in rows)) == (90, 10)
    waves = [
        db.session.get(Answer, row.answer_id).wave.value + ("-again" if row.is_again else "") for row in rows
    ]
    halves = waves[:45], waves[45:]
    assert all({"pre", "post", "pre-again"} <= set(half) for half in halves)
    assert {row.needed for row in rows if row.is_again} == {1}
    again = next(row for row in rows if row.is_again)
    say(place, one, again.place, "t0")
    first = next(row for row in rows if row.answer_id == again.answer_id and not row.is_again)
    say(place, one, first.place, "t1")
    assert len(judgements(place)) == 2, "the same text twice by the same person"
    keys = {theme.id: theme.key for theme in queries.list_themes(open_item(place).id)}
    final = final_codes(open_item(place).id, Wave.PRE).themes[first.answer_id]
    assert {keys[theme] for theme in final} == {"t1"}, "the second reading changes no codes"


def test_texts_of_the_follow_up_never_come_alone(in_app):
    place = make_place("closed")
    one = officer_of(place)
    make_place_codebook(place, one)
    make_texts(place, [f"before {n}" for n in range(5)])
    make_texts(place, ["after 0"], wave=Wave.POST)
    make_queue(place, one, again=5)
    item, actor = open_item(place), actor_of(one)
    again = [sum(row.is_again for row in queued(place))]
    for lot, size in enumerate((1, 21, 1, 1), 1):
        for row in queued(place):
            say(place, one, row.place, "t0")
        make_texts(place, [f"late {lot}.{n}" for n in range(size)], wave=Wave.POST, prefix=f"late-{lot}")
        queueing.bring_in_texts(actor, place, item)
        db.session.commit()
        again.append(sum(row.is_again for row in queued(place)))
    assert again == [1, 2, 4, 5, 5], "one in twenty, at least one, and each text once"
    twice = [row.answer_id for row in queued(place) if row.is_again]
    assert len(set(twice)) == 5
    assert queueing.bring_in_texts(actor, place, item) == 0


def test_texts_that_come_later_are_brought_in_under_new_places(in_app):
    place, one, _two, _book = coded_place()
    say(place, one, 1, "the-shops")
    make_texts(place, ["later"], prefix="late")
    item, actor = open_item(place), actor_of(one)
    assert queueing.bring_in_texts(actor, place, item) == 1
    db.session.commit()
    assert queueing.bring_in_texts(actor, place, item) == 0
    rows = queued(place)
    assert len(rows) == 7
    assert [row.place for row in rows] == list(range(7, 14)), "every text still waits for its second reader"
    with pytest.raises(Gone):
        say(place, one, 2, "the-shops")


def test_no_text_is_coded_without_a_frozen_codebook(in_app):
    place = make_place("summarising")
    staff = officer_of(place)
    make_texts(place, TEXTS)
    with pytest.raises(Invalid, match="Freeze the codebook"):
        make_queue(place, staff)
    make_codebook(place, staff)
    with pytest.raises(Invalid, match="share from 20"):
        make_queue(place, staff, double=19)
    db.session.rollback()
    with pytest.raises(Invalid) as refused:
        make_queue(place, staff, again=4)
    assert refused.value.values == {"fewest": 5}
    assert db.session.scalar(select(func.count()).select_from(QueuedText)) == 0
    assert db.session.scalar(select(func.count()).select_from(Codebook)) == 1
