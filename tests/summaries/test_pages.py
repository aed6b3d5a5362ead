"""The pages of summaries: written side by side, quoted, rated, and seen by nobody else before."""

import re

import pytest
from sqlalchemy import func, select

from consult.access import Role
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.summaries.draft import get_draft
from consult.summaries.models import FairnessRating, Position, Quotation, QuotationState, Summary
from consult.web.once import new_token
from tests.making.accounts import client_as
from tests.making.places import as_resident, make_place
from tests.making.summaries import (
    WORDS,
    find_item,
    make_summary,
    make_text,
    make_theme,
    make_views,
    officer_of,
)
from tests.page_client import PageClient


class Written:
    """A consultation whose views are known, an officer's browser, and the address of one summary."""

    def __init__(self, app, counts=None, **more):
        self.app = app
        with app.app_context():
            place = make_place("summarising")
            self.slug = place.slug
            self.people = make_views(place, counts or {"noise": 6, "litter": 5})
            self.item = make_summary(place, **{"ratings": None, "quotations": 0, **more})
            db.session.commit()
        self.url = f"/moderator/{self.slug}/summaries/{self.item}"
        self.officer = self.staff()

    def staff(self, role: Role = Role.OFFICER) -> PageClient:
        with self.app.app_context():
            place = get_consultation(self.slug)
            db.session.commit()
        return client_as(self.app, role, place)

    def form(self, **more: str) -> dict[str, str]:
        """What the page sends, as it stands."""
        data = {"version": "2", "title": "What people worry about", "counts_shown": "at_once", "override": ""}
        for n in range(2):
            data |= {
                f"view{n}-completion": "… most",
                f"view{n}-reasons": WORDS,
                f"view{n}-worry": "It gets worse.",
                f"view{n}-opposes": "",
            }
        return {**data, **more}

    def save(self, browser: PageClient | None = None, **more: str):
        browser = browser or self.officer
        return browser.post(
            self.url, data={"csrf_token": browser.any_token(), "once": new_token(), **self.form(**more)}
        )

    def post(self, path: str, **data: str):
        token = self.officer.any_token()
        return self.officer.post(self.url + path, data={"csrf_token": token, "once": new_token(), **data})

    def draft(self):
        place = get_consultation(self.slug)
        found = get_draft(place, self.item)
        assert found is not None
        return found


@pytest.fixture
def written(sqlite_app):
    return Written(sqlite_app)


def test_views_stand_side_by_side_with_their_lengths(written):
    page = written.officer.get(written.url).text
    assert page.count("data-view") == 2
    assert "6 people hold this." in page
    assert "words: as long as the others" in page
    assert "0 of 5 ratings so far" in page
    analyst = written.staff(Role.ANALYST)
    assert analyst.get(written.url).status_code == 200
    assert written.save(analyst).status_code == 403
    assert written.officer.get(f"/moderator/{written.slug}/summaries").text.count("Draft") == 1


def test_lengths_are_counted_without_a_script_and_nothing_is_saved(written):
    answer = written.save(check="1", **{"view0-reasons": WORDS + " And much more " * 10})
    assert answer.status_code == 200
    assert "aim for" in answer.text
    assert "Nothing is saved yet" in answer.text
    with written.app.app_context():
        assert db.session.scalars(select(Summary.version)).one() == 2


def test_what_is_too_long_is_saved_and_told_and_keeps_the_summary_from_being_published(written):
    assert written.save(**{"view0-reasons": WORDS + " And much more " * 10}).status_code == 303
    page = written.officer.get(written.url).text
    assert "differ too much in length" in page
    publish = f"/moderator/{written.slug}/seeds/publish"
    told = written.officer.get(publish).text
    assert "Question 4 is not ready" in told
    assert written.officer.send(publish, {"once": new_token()}).status_code == 422


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"title": ""}, "Enter a title"),
        ({"override": "Too short"}, "The reason must have 20 characters or more"),
        ({"counts_shown": "never"}, "Choose when readers see numbers"),
        ({"view1-completion": "x" * 301}, "The view must have 300 characters or fewer"),
        ({"view0-opposes": "no-such"}, "Choose from the answers in the list"),
    ],
)
def test_a_form_that_lacks_something_comes_back_with_what_was_typed(written, data, said):
    answer = written.save(**data)
    assert answer.status_code == 422
    assert said in answer.text
    assert WORDS in answer.text


def test_two_officers_who_write_at_once_both_see_both(written):
    first, second = written.officer, written.staff(Role.MODERATOR)
    assert written.save(first, title="Mine").status_code == 303
    answer = written.save(second, title="Theirs")
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert "Theirs" in answer.text
    assert 'name="version" value="3"' in answer.text
    assert written.save(second, title="Theirs", version="3").status_code == 303


def test_a_quotation_is_drawn_masked_read_by_a_person_and_traces_to_its_answer_for_staff_alone(sqlite_app):
    said = "I worry about the noise. Call me, Zara Testperson, on 07700 900123. It wakes me at night."
    with sqlite_app.app_context():
        place = make_place("summarising")
        item = find_item(place)
        theme = make_theme(item, "noise")
        for n in range(3):
            make_text(place, item, said, theme, name=f"quoted {n}")
        other = make_text(place, item, "Something else entirely", theme, name="not drawn")
        db.session.commit()
    written = Written.__new__(Written)
    written.app, written.slug, written.item = sqlite_app, place.slug, item.id
    written.url = f"/moderator/{place.slug}/summaries/{item.id}"
    written.officer = written.staff()
    assert written.post("/begin").status_code == 303
    assert written.post("/draw", position="noise").status_code == 303
    page = written.officer.get(written.url).text
    assert "Zara" not in page
    assert "900123" not in page
    assert "[phone number removed]" in page
    with sqlite_app.app_context():
        drawn = db.session.scalars(select(Quotation)).one()
        others = db.session.scalars(
            select(Quotation.answer_id).where(Quotation.participant_id == other.participant_id)
        ).all()
    assert others == []
    whole = written.officer.get(f"{written.url}/answers/{drawn.answer_id}").text
    assert "07700 900123" in whole
    assert "Quiet Heron" not in whole
    assert "quoted" not in re.sub(r"<title>.*?</title>", "", whole).casefold().replace("summaries", "")
    assert written.officer.get(f"{written.url}/answers/{drawn.answer_id + 1}").status_code in {200, 404}
    assert PageClient(sqlite_app).get(f"{written.url}/answers/{drawn.answer_id}").status_code == 302
    assert written.post(f"/quotations/{drawn.id}", verdict="refuse").status_code == 303
    assert written.post(f"/quotations/{drawn.id}", verdict="accept").status_code == 404
    assert written.post("/draw", position="noise").status_code == 303
    with sqlite_app.app_context():
        people = db.session.scalars(select(Quotation.participant_id)).all()
        assert len(set(people)) == len(people) == 2


def test_an_answer_that_was_not_drawn_cannot_be_read_there(written):
    with written.app.app_context():
        answer = next(iter(written.draft().parts[0].held.holders.values()))
        db.session.rollback()
    assert written.officer.get(f"{written.url}/answers/{answer}").status_code == 404


def test_who_holds_a_view_says_how_fair_it_is_and_can_change_that(written):
    assert written.post("/invite").status_code == 303
    with written.app.app_context():
        asked = db.session.scalar(select(func.count()).select_from(FairnessRating))
    assert asked == 11
    me = as_resident(written.app, written.people[0])
    here = f"/consultations/{written.slug}"
    waiting = me.get(f"{here}/next").text
    assert "Say if it is fair" in waiting
    page = me.get(f"{here}/fair-account/1").text
    assert "Is this a fair account of your view?" in page
    assert "noise" not in page[: page.index("</title>")]
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    for rating in ("2", "5"):
        data = {"rating": rating, "suggestion": "Say night", "version": version[1]}
        assert me.send(f"{here}/fair-account/1", data).status_code == 303
    assert me.send(f"{here}/fair-account/1", {"rating": "6", "version": version[1]}).status_code == 422
    assert me.get(f"{here}/fair-account/2").status_code == 404
    with written.app.app_context():
        row = db.session.scalars(select(FairnessRating).where(FairnessRating.rating.is_not(None))).one()
        assert (row.rating, row.suggestion) == (5, "Say night")
    page = written.officer.get(written.url).text
    assert "1 of 5 ratings so far" in page
    assert "Say night" not in page  # who said it could be guessed from one
    assert "Say if it is fair" not in as_resident(written.app, written.people[0]).get(f"{here}/next").text


def test_ratings_of_words_that_have_changed_since_do_not_count(sqlite_app):
    written = Written(sqlite_app, ratings=5)
    assert "mean 5.0 from 5 ratings" in written.officer.get(written.url).text
    with sqlite_app.app_context():
        keys = [part.held.key for part in written.draft().parts]
        texts = [part.texts for part in written.draft().parts]
        db.session.rollback()
    same = {
        f"view{n}-{name}": text
        for n, three in enumerate(texts)
        for name, text in zip(("completion", "reasons", "worry"), three, strict=True)
    }
    assert written.save(**{**same, "view0-worry": "It gets much worse."}).status_code == 303
    with sqlite_app.app_context():
        parts = {part.held.key: part.said.figures.ratings for part in written.draft().parts}
        versions = dict(db.session.execute(select(Position.key, Position.version)).all())
        db.session.rollback()
    assert parts == {keys[0]: 0, keys[1]: 5}
    assert versions[keys[0]] == versions[keys[1]] + 1
    asked = as_resident(sqlite_app, written.people[0])
    page = asked.get(f"/consultations/{written.slug}/fair-account/1").text
    assert "The words have changed since you answered" in page
    answer = asked.send(f"/consultations/{written.slug}/fair-account/1", {"rating": "4", "version": "1"})
    assert answer.status_code == 422
    assert "Read them again" in answer.text


def test_nobody_who_was_not_asked_can_rate(written):
    assert written.post("/invite").status_code == 303
    with written.app.app_context():
        place = get_consultation(written.slug)
        stranger = make_views(place, {"parking": 1})[0]
    path = f"/consultations/{written.slug}/fair-account/1"
    assert as_resident(written.app, stranger).send(path, {"rating": "5", "version": "2"}).status_code == 404
    assert "fair" not in as_resident(written.app, stranger).get(f"/consultations/{written.slug}/next").text


def test_a_summary_costs_the_same_statements_however_many_views_there_are(sqlite_app):
    written = Written(sqlite_app, {"noise": 4, "litter": 3})
    written.officer.get(written.url)
    before = len(written.officer.statements)
    with sqlite_app.app_context():
        make_views(get_consultation(written.slug), {"parking": 7, "graffiti": 3})
        db.session.commit()
    written.officer.get(written.url)
    assert len(written.officer.statements) == before


def test_contact_data_in_an_officers_words_keeps_the_summary_from_being_published(written):
    assert written.save(**{"view0-worry": "Ring 07700 900123 at once."}).status_code == 303
    assert "hold a phone number" in written.officer.get(written.url).text


def test_a_draft_is_removed_with_what_hangs_on_it(sqlite_app):
    written = Written(sqlite_app, quotations=1, ratings=5)
    assert "You cannot undo this" in written.officer.get(f"{written.url}/remove").text
    assert written.post("/remove").status_code == 303
    with sqlite_app.app_context():
        left = [
            db.session.scalar(select(func.count()).select_from(model))
            for model in (Summary, Position, Quotation, FairnessRating)
        ]
    assert left == [0, 0, 0, 0]


def test_deeds_write_the_trail_and_states_are_what_they_say(sqlite_app):
    written = Written(sqlite_app, quotations=1)
    with sqlite_app.app_context():
        states = db.session.scalars(select(Quotation.state)).all()
        actor = officer_of(get_consultation(written.slug))
        reviewers = set(db.session.scalars(select(Quotation.reviewed_by)))
    assert set(states) == {QuotationState.ACCEPTED}
    assert reviewers == {actor.name}
