"""The pages of summaries: written side by side, quoted, rated, and seen by nobody else before."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import Role
from consult.coding.models import Code, Theme
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.summaries.draft import get_draft
from consult.summaries.models import FairnessRating, Position, Quotation, QuotationState, Summary
from consult.web.once import new_token
from tests.making.accounts import client_as
from tests.making.places import as_resident, make_place
from tests.making.summaries import (
    WORDS,
    answer_of,
    find_item,
    judge,
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

    def form(self, **more: Any) -> dict[str, Any]:
        """What the page sends, as it stands."""
        data: dict[str, Any] = {
            "view": ["noise", "litter"],
            "version": "2",
            "title": "What people worry about",
            "counts_shown": "at_once",
            "override": "",
        }
        for n in range(2):
            data |= {
                f"view{n}-completion": "… most",
                f"view{n}-reasons": WORDS,
                f"view{n}-worry": "It gets worse.",
                f"view{n}-opposes": "",
            }
        return {**data, **more}

    def save(self, browser: PageClient | None = None, **more: Any):
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
    read = what_was_read(page)
    for rating in ("2", "5"):
        data = {"rating": rating, "suggestion": "Say night", **read}
        assert me.send(f"{here}/fair-account/1", data).status_code == 303
    assert me.send(f"{here}/fair-account/1", {"rating": "6", **read}).status_code == 422
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
    old = {**what_was_read(page), "version": "1"}
    answer = asked.send(f"/consultations/{written.slug}/fair-account/1", {"rating": "4", **old})
    assert answer.status_code == 422
    assert "Read them again" in answer.text


def what_was_read(page: str) -> dict[str, str]:
    """Which account a page shows, and which version of its words."""
    return dict(re.findall(r'name="(version|position)" value="(\d+)"', page))


def test_a_rating_is_of_the_account_that_was_read_whatever_stands_in_its_place_by_now(written):
    assert written.post("/invite").status_code == 303
    me = as_resident(written.app, written.people[0])
    path = f"/consultations/{written.slug}/fair-account/1"
    read = what_was_read(me.get(path).text)
    with written.app.app_context():  # an earlier question asks them, too
        place = get_consultation(written.slug)
        mine = db.session.get_one(Position, int(read["position"]))
        for other in db.session.scalars(select(Position).where(Position.summary_id == mine.summary_id)):
            if other.id != mine.id:
                other.completion = mine.completion
                asked = FairnessRating(
                    position_id=other.id,
                    participant_id=written.people[0].participant_id,
                    summary_id=mine.summary_id,
                    consultation_id=place.id,
                    asked_at=clock.now(),
                )
                db.session.add(asked)
        db.session.commit()
    for rating in ("5", "4"):
        assert me.send(path, {"rating": rating, "suggestion": "", **read}).status_code == 303
        assert (
            me.send(path.replace("/1", "/2"), {"rating": rating, "suggestion": "", **read}).status_code == 303
        )
    with written.app.app_context():
        rated = db.session.execute(
            select(FairnessRating.position_id).where(FairnessRating.rating.is_not(None))
        ).scalars()
        assert list(rated) == [int(read["position"])]


def test_nobody_who_was_not_asked_can_rate(written):
    assert written.post("/invite").status_code == 303
    with written.app.app_context():
        place = get_consultation(written.slug)
        stranger = make_views(place, {"parking": 1})[0]
    path = f"/consultations/{written.slug}/fair-account/1"
    with written.app.app_context():
        known = db.session.scalars(select(Position.id)).first()
    sent = {"rating": "5", "version": "2", "position": str(known)}
    assert as_resident(written.app, stranger).send(path, sent).status_code == 404
    asked = as_resident(written.app, written.people[0])
    assert asked.send(path, {**sent, "position": "99999"}).status_code == 404
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


# --- what changes while somebody writes


def test_words_stay_with_their_view_when_codes_change_meanwhile(written):
    with written.app.app_context():
        theme = db.session.scalars(select(Theme).where(Theme.key == "noise")).one()
        place = get_consultation(written.slug)
        codes = db.session.scalars(select(Code).where(Code.theme_id == theme.id)).all()
        for code in codes[:4]:  # two people are left who hold it
            db.session.delete(code)
        db.session.add(make_theme(find_item(place), "buses"))
        db.session.commit()
        make_views(place, {"buses": 4})
    typed = {"view0-reasons": "It is about noise.", "view1-reasons": "It is about litter."}
    assert written.save(**typed).status_code == 303
    with written.app.app_context():
        words = dict(db.session.execute(select(Position.key, Position.reasons)).all())
    assert words["noise"] == "It is about noise."
    assert words["litter"] == "It is about litter."
    page = written.officer.get(written.url).text
    assert "It is about noise." not in page  # nobody is counted for it now; it is kept
    assert "It is about litter." in page
    assert "4 people hold this." in page


def test_what_is_typed_for_a_view_that_nobody_holds_any_more_is_still_there_after_an_error(written):
    with written.app.app_context():
        for code in db.session.scalars(select(Code).join(Theme).where(Theme.key == "noise")).all():
            db.session.delete(code)
        db.session.commit()
    answer = written.save(
        title="", **{"view0-reasons": "It is about noise.", "view": ["noise", "litter", "?"]}
    )
    assert answer.status_code == 422
    assert "It is about noise." in answer.text
    assert "fewer than 3 people hold this now" in answer.text


def test_what_is_not_read_or_not_decided_keeps_a_summary_from_being_published(sqlite_app):
    written = Written(sqlite_app, quotations=1, ratings=5)
    with sqlite_app.app_context():
        assert written.draft().missing == ()
        place = get_consultation(written.slug)
        item = find_item(place)
        noise, litter = (
            db.session.scalars(select(Theme).where(Theme.key == key)).one() for key in ("noise", "litter")
        )
        make_text(place, item, "Nobody has read this.", name="unread", is_read=False)
        who = make_text(place, item, "Two people differ about this.", noise, name="disputed")
        judge(answer_of(who.participant_id).id, item, litter, coder="coder-2")
        db.session.commit()
        missing = [sentence.text for sentence in written.draft().missing]
    assert any("nobody has read yet" in text for text in missing)
    assert any("decision between coders" in text for text in missing)


def test_a_long_passage_of_somebody_who_is_not_to_be_quoted_cannot_be_told(sqlite_app):
    written = Written(sqlite_app, quotations=1, ratings=5)
    with sqlite_app.app_context():
        place = get_consultation(written.slug)
        theme = db.session.scalars(select(Theme).where(Theme.key == "noise")).one()
        said = "my neighbour plays the trombone at four in the morning"
        make_text(place, find_item(place), said, theme, name="no quote", quote=False)
        db.session.commit()
    words = {"view0-reasons": f"One of us: {said.upper()}, again and again. " + WORDS}
    written.save(**words)
    page = written.officer.get(written.url).text
    assert "did not agree to be quoted. Say it in other words." in page
    answers = written.officer.get(f"{written.url}/answers?view=noise").text
    assert answers.count("Not to be quoted") == 1
    assert said in answers


def test_what_gives_somebody_away_is_found_in_the_title_and_in_the_reason_too(written):
    written.save(title="Ring 01632 960123", override="Write to zara@abbeyford.example, she will tell you.")
    page = written.officer.get(written.url).text
    assert "The title or the reason holds a phone number. Take it out." in page
    assert "The title or the reason holds an e-mail address. Take it out." in page


# --- what holders of a view wrote


def test_whoever_tells_a_view_can_read_what_its_holders_wrote_and_nothing_else(sqlite_app):
    written = Written(sqlite_app, {"noise": 55, "litter": 5})
    page = written.officer.get(f"{written.url}/answers?view=noise")
    assert page.text.count("I worry about noise") == 50
    assert "litter" not in re.sub(r"<nav.*?</nav>", "", page.text.partition("<main")[2])
    assert written.officer.get(f"{written.url}/answers?view=noise&page=2").text.count("I worry about") == 5
    assert written.officer.get(f"{written.url}/answers?view=noise&page=99999999").text.count("I worry") == 50
    assert written.officer.get(f"{written.url}/answers").status_code == 200  # of the first view
    assert written.officer.get(f"{written.url}/answers?view=nothing").status_code == 404
    assert written.staff(Role.ANALYST).get(f"{written.url}/answers?view=noise").status_code == 403


def test_an_answer_whose_quotation_was_refused_cannot_be_opened_by_its_number(sqlite_app):
    written = Written(sqlite_app, quotations=1)
    with sqlite_app.app_context():
        quotation = db.session.scalars(select(Quotation)).first()
        answer, number = quotation.answer_id, quotation.id
    assert written.officer.get(f"{written.url}/answers/{answer}").status_code == 200
    written.post(f"/quotations/{number}", verdict="refuse")
    assert written.officer.get(f"{written.url}/answers/{answer}").status_code == 404
