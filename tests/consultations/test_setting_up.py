"""Officers make drafts and write their texts; two of them never overwrite each other unseen."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.access import VISITOR, Actor, Role
from consult.accounts.models import StaffRole
from consult.audit.models import AuditEntry
from consult.consultations import setting_up
from consult.consultations.about import About
from consult.consultations.models import Consultation, State
from consult.consultations.planning import proposed
from consult.consultations.setting_up import EditedMeanwhile, SlugTaken
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound, NotPermitted
from consult.uktime import uk_time
from tests.making.desk import actor_of, in_days, make_draft, make_officer, staff_id
from tests.page_client import at_once

ABOUT = About(title="Late hours", summary="Some *words*", decides_on=date(2027, 6, 1), minimum_age=16)


@pytest.fixture
def officer(in_app) -> Actor:
    make_officer()
    return actor_of()


def timetable():
    return proposed(uk_time(clock.wall()).date())


def create(actor: Actor, slug: str = "late-hours") -> Consultation:
    made, _officer = setting_up.create(
        actor, slug=slug, about=ABOUT, timetable=timetable(), staff_id=staff_id()
    )
    db.session.commit()
    return made


def test_whoever_makes_a_draft_is_its_officer(officer):
    made = create(officer)
    assert (made.state, made.title, made.decides_on) == (State.DRAFT, "Late hours", date(2027, 6, 1))
    assert [stage.kind for stage in made.stages] == ["survey", "forum", "follow_up"]
    held = db.session.scalars(select(StaffRole).where(StaffRole.consultation_id == made.id)).all()
    assert [(each.staff_id, each.role) for each in held] == [(staff_id(), Role.OFFICER)]


def test_the_trail_says_who_made_it_and_nothing_of_its_words(officer):
    create(officer)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "c.create")).all()
    assert {entry.actor for entry in entries} == {officer.name}
    assert not any("Late" in f"{entry.subject}{entry.detail}" for entry in entries)


@pytest.mark.parametrize("actor", [VISITOR, Actor("staff/9", frozenset(), {1: frozenset({Role.MODERATOR})})])
def test_nobody_but_officers_and_administrators_sets_one_up(in_app, actor):
    with pytest.raises(NotPermitted):
        setting_up.create(actor, slug="x", about=ABOUT, timetable=timetable())


def test_an_administrator_who_sets_one_up_gets_no_role_in_it(in_app):
    administrator = Actor("staff/1", frozenset({Role.ADMINISTRATOR}))
    setting_up.create(administrator, slug="x", about=ABOUT, timetable=timetable())
    assert db.session.scalar(select(func.count()).select_from(StaffRole)) == 0


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("Late Hours", "The address must hold only small letters from a to z, numbers and hyphens"),
        ("", "The address must hold only small letters from a to z, numbers and hyphens"),
        ("späť", "The address must hold only small letters from a to z, numbers and hyphens"),
        ("a" * 61, "The address must have 60 characters or fewer"),
        ("../etc", "The address must hold only small letters from a to z, numbers and hyphens"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(officer, slug, sentence):
    with pytest.raises(Invalid) as refused:
        setting_up.create(officer, slug=slug, about=ABOUT, timetable=timetable())
    assert refused.value.message == sentence


@pytest.mark.parametrize("slug", ["late-hours", "new"])
def test_an_address_that_is_taken_is_refused_in_one_sentence(officer, slug):
    create(officer)
    with pytest.raises(SlugTaken) as refused:
        create(officer, slug)
    db.session.rollback()
    assert refused.value.message == "Another consultation has this address. Choose a different one"


def test_of_many_who_take_one_address_at_once_one_gets_it(app):
    with app.app_context():
        make_officer()
        actor = actor_of()

    def attempt(_n: int) -> str:
        with app.app_context():
            try:
                create(actor)
            except SlugTaken:
                db.session.rollback()
                return "refused"
            return "made"

    ends = at_once(attempt, [(n,) for n in range(8)])
    assert sorted(ends) == ["made"] + ["refused"] * 7


def test_texts_are_saved_and_the_version_moves_on(officer):
    draft = create(officer)
    setting_up.change_about(actor_of(), draft, replace(ABOUT, title="Very late hours"), version=1)
    db.session.commit()
    assert (draft.title, draft.version) == ("Very late hours", 2)


def test_the_second_of_two_who_saw_the_same_is_told(officer):
    draft = create(officer)
    setting_up.change_about(actor_of(), draft, replace(ABOUT, title="First"), version=1)
    db.session.commit()
    with pytest.raises(EditedMeanwhile):
        setting_up.change_about(actor_of(), draft, replace(ABOUT, title="Second"), version=1)
    db.session.rollback()
    assert draft.title == "First"


def test_of_two_who_save_at_once_one_is_told(app):
    with app.app_context():
        make_officer()
        make_draft()
        actor = actor_of()

    def save(title: str) -> str:
        with app.app_context():
            try:
                setting_up.change_about(actor, _draft(), replace(ABOUT, title=title), version=1)
            except EditedMeanwhile:
                db.session.rollback()
                return "told"
            db.session.commit()
            return "saved"

    assert sorted(at_once(save, [("One",), ("Two",)])) == ["saved", "told"]
    with app.app_context():
        assert _draft().version == 2


def _draft() -> Consultation:
    found = db.session.scalar(select(Consultation).where(Consultation.slug == "late-hours"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"title": ""}, "Enter a title"), ({"minimum_age": 12}, "The age must be from 13 to 99")],
)
def test_texts_that_cannot_stand_are_refused(officer, changed, sentence):
    draft = create(officer)
    with pytest.raises(Invalid) as refused:
        setting_up.change_about(actor_of(), draft, replace(ABOUT, **changed), version=1)
    assert refused.value.message == sentence


def test_a_timetable_in_the_past_is_refused(officer):
    draft = create(officer)
    gone = {**timetable(), "survey": (in_days(-3), in_days(3))}
    with pytest.raises(Invalid, match="in the future"):
        setting_up.set_timetable(actor_of(), draft, gone, version=1)


def test_what_was_published_is_edited_no_more(officer):
    draft = create(officer)
    draft.state = State.PUBLISHED
    db.session.commit()
    for deed in (
        lambda: setting_up.change_about(actor_of(), draft, ABOUT, version=1),
        lambda: setting_up.set_timetable(actor_of(), draft, timetable(), version=1),
    ):
        with pytest.raises(Conflict, match="fixed when the consultation was published"):
            deed()
        db.session.rollback()


def test_an_officer_of_another_consultation_finds_nothing_here(officer):
    draft = create(officer)
    stranger = Actor("staff/77", frozenset(), {draft.id + 1: frozenset({Role.OFFICER})})
    with pytest.raises(NotFound):
        setting_up.change_about(stranger, draft, ABOUT, version=1)
