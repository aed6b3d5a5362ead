"""The sections of a consultation for its officers: what stands in the navigation of every page of theirs."""

from flask import url_for
from flask_babel import gettext

from consult.access import WHILE_TALKED_OF, WITH_FORUM, Moment
from consult.consultations.models import Consultation, State
from consult.consultations.queries import standing_of
from consult.words import N_

# Section, endpoint, name; those of a draft fall away when it is published.
ALWAYS = (
    ("overview", "officer.desk.overview", N_("Overview")),
    ("about", "officer.consultations.about", N_("Texts")),
    ("items", "officer.surveys.items", N_("Questions")),
    ("people", "officer.desk.people", N_("About people")),
    ("who_we_need", "officer.representation.page", N_("Who we need")),
    ("timetable", "officer.consultations.timetable", N_("Timetable")),
    ("thanks", "officer.incentives.offer", N_("Thanks")),
)
RECRUITING = (("publicity", "officer.publicity.page", N_("Publicity")),)  # until it is archived
DRAFTED = (
    ("rehearse", "officer.desk.rehearse", N_("Rehearse")),
    ("publish", "officer.desk.publish", N_("Publish")),
)
CODED = (("coding", "analyst.coding.home", N_("Coding")),)
SUMMARISED = (("summaries", "moderator.forum.seeds", N_("Summaries")),)
GROUPED = (("groups", "officer.groups.page", N_("Groups")),)
TALKED = (("talk", "officer.talk.page", N_("How the talk goes")),)
MODERATED = (
    ("moderation", "moderator.moderation.queue", N_("Moderation")),
    ("asked", "moderator.facilitation.asked", N_("Questions for the council")),
)
PROMPTED = (("prompts", "moderator.facilitation.all_prompts", N_("Prompts")),)
COMPARED = (("results", "analyst.analysis.overview", N_("Results")),)
WITH_CODING = frozenset({Moment.SUMMARISING, Moment.FORUM, Moment.BETWEEN, Moment.FOLLOW_UP, Moment.CLOSED})
WITH_SUMMARIES = frozenset({Moment.SUMMARISING, Moment.FORUM})
WITH_GROUPS = WHILE_TALKED_OF | {Moment.SUMMARISING}
WITH_MODERATION = WHILE_TALKED_OF
WITH_RESULTS = frozenset({Moment.CLOSED, Moment.PUBLISHED, Moment.ARCHIVED})

Section = tuple[str, str, bool]  # text, address, whether it is the page itself


def officer_sections(consultation: Consultation, here: str) -> list[Section]:
    """The sections of this consultation, for the navigation of its officers; ``here`` is the current one."""
    moment = standing_of(consultation).moment
    there = [*ALWAYS]
    if moment is not Moment.ARCHIVED:
        there += RECRUITING
    if consultation.state is State.DRAFT:
        there += DRAFTED
    if moment in WITH_CODING:
        there += CODED
    if moment in WITH_SUMMARIES:
        there += (*SUMMARISED, *PROMPTED)
    if moment in WITH_GROUPS:
        there += GROUPED
    if moment in WITH_MODERATION:
        there += MODERATED
    if moment in WITH_FORUM:
        there += TALKED
    if moment in WITH_RESULTS:
        there += COMPARED
    return [
        (gettext(text), url_for(endpoint, slug=consultation.slug), name == here)
        for name, endpoint, text in there
    ]
