"""Deeds by which a consultation begins: from the ready template, or as a copy of one of one's own."""

from dataclasses import replace
from datetime import date

from consult import clock
from consult.access import Action, Actor, require
from consult.consultations import setting_up
from consult.consultations.about import About
from consult.consultations.models import Consultation
from consult.consultations.planning import proposed
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import about_of
from consult.desk.people import add_ready_questions, copy_questions
from consult.desk.template import items_about
from consult.incentives.offering import copy_offer
from consult.surveys.editing import add_item, copy_items
from consult.uktime import uk_time

USUAL_AGE = 16


def create_from_template(
    actor: Actor, *, slug: str, title: str, staff_id: int | None, topic: str = ""
) -> Consultation:
    """There is a draft with the ready items, the ready questions about people, and proposed dates.

    Where a ``topic`` is given it stands in the items; else its placeholder does.

    Raises
    ------
    SlugTaken
        If another consultation has the slug.
    """
    consultation, officer = setting_up.create(
        actor,
        slug=slug,
        about=About(title=title, minimum_age=USUAL_AGE),
        timetable=proposed(_today()),
        staff_id=staff_id,
    )
    for item in items_about(topic):
        add_item(officer, consultation, item)
    add_ready_questions(officer, consultation)
    return consultation


def create_as_copy(
    actor: Actor, source: Consultation, *, slug: str, title: str, staff_id: int | None
) -> Consultation:
    """There is a draft that says and asks what ``source`` does, with a new title and new dates.

    Raises
    ------
    NotFound, NotPermitted
        If the actor is no officer of ``source``.
    SlugTaken
        If another consultation has the slug.
    """
    require(actor, Action.OVERSEE, standing_of(source))
    consultation, officer = setting_up.create(
        actor,
        slug=slug,
        about=replace(about_of(source), title=title, decides_on=None),
        timetable=proposed(_today()),
        staff_id=staff_id,
    )
    copy_items(officer, source, consultation)
    copy_questions(officer, source, consultation)
    copy_offer(officer, source, consultation)
    return consultation


def _today() -> date:
    return uk_time(clock.wall()).date()
