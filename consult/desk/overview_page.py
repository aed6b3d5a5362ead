"""An officer's picture of one consultation: its tasks with how far each is, its dates, its people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.access import AFTER_CLOSING, WITH_FORUM, Moment
from consult.coding.home_page import is_all_coded, item_lines
from consult.coding.queries import has_open_items
from consult.consultations.models import Consultation, State
from consult.consultations.oversight import Overseen
from consult.consultations.rules import told
from consult.consultations.sections import WITH_CODING, WITH_MODERATION, WITH_RESULTS, WITH_SUMMARIES
from consult.consultations.timeline import timeline
from consult.desk import people_tasks
from consult.desk.publishing import checks_of
from consult.desk.queries import count_items, count_people, was_rehearsed
from consult.desk.rules import Check, ItemCounts, Need, as_people_find_them, bars
from consult.forum.enquiries import count_owed
from consult.moderation.waiting import count_waiting

WITH_FOLLOW_UP = AFTER_CLOSING | {Moment.FOLLOW_UP}
TEXTS = frozenset({Need.SUMMARY, Need.DECISION, Need.DECIDED_BY, Need.AREA, Need.AGE, Need.USE})


@dataclass(frozen=True, slots=True)
class Step:
    """How many people came so far, as it may be told."""

    name: str
    count: int | None  # None: fewer than 10


def overview_of(place: Overseen, now: datetime) -> dict[str, Any]:
    """What the overview of this consultation shows."""
    consultation = place.consultation
    lines = as_people_find_them(timeline(consultation.stages, now), place.standing.moment)
    is_draft = consultation.state is State.DRAFT
    checks = checks_of(consultation) if is_draft else []
    items = count_items([consultation.id]).get(consultation.id, ItemCounts())
    return {
        "lines": lines,
        "picture": bars(lines, now),
        "tasks": _draft_tasks(consultation, checks, items) if is_draft else _later_tasks(place, items),
        "n_missing": sum(not check.is_met for check in checks),
        "steps": [] if is_draft else _steps(place),
    }


def _draft_tasks(consultation: Consultation, checks: list[Check], items: ItemCounts) -> list[dict[str, Any]]:
    met = {check.need: check.is_met for check in checks}
    slug = consultation.slug
    n_texts = sum(not met[need] for need in TEXTS)
    are_ready, is_rehearsed = all(met.values()), was_rehearsed(consultation)
    needed, heard = people_tasks.who_we_need(consultation), people_tasks.publicity(consultation)
    thanked = people_tasks.thanks(consultation)
    return [
        _task(
            _("Texts"),
            url_for("officer.consultations.about", slug=slug),
            _("What it is about and who decides, in plain words")
            if not n_texts
            else ngettext("%(num)s text is missing", "%(num)s texts are missing", n_texts),
            is_done=not n_texts,
        ),
        _task(
            _("Questions"),
            url_for("officer.surveys.items", slug=slug),
            _items_said(met, items),
            is_done=met[Need.ITEMS] and met[Need.TOPIC] and met[Need.APPROVED],
        ),
        _task(
            _("What we ask about people"),
            url_for("officer.desk.people", slug=slug),
            _("You can change this until you publish"),
            is_done=True,
        ),
        _task(
            _("Who we need"),
            url_for("officer.representation.page", slug=slug),
            needed.said,
            is_done=needed.is_done,
        ),
        _task(
            _("Timetable"),
            url_for("officer.consultations.timetable", slug=slug),
            _("Every stage has its dates") if met[Need.DATES] else _("Dates are missing, or have gone"),
            is_done=met[Need.DATES],
        ),
        _task(
            _("Publicity"),
            url_for("officer.publicity.page", slug=slug),
            heard.said,
            is_done=heard.is_done,
        ),
        _task(
            _("Thanks"),
            url_for("officer.incentives.offer", slug=slug),
            thanked.said,
            is_done=thanked.is_done,
            is_optional=True,
        ),
        _task(
            _("Rehearse"),
            url_for("officer.desk.rehearse", slug=slug),
            _("Walk it as a resident would, at any moment"),
            is_done=is_rehearsed,
        ),
        _task(
            _("Publish"),
            url_for("officer.desk.publish", slug=slug),
            _("You can do this when you are ready") if are_ready else _("Something is missing"),
            is_done=False,
        ),
    ]


def _items_said(met: dict[Need, bool], items: ItemCounts) -> str:
    if not met[Need.ITEMS]:
        said = _("No question is asked before and after yet")
    elif not met[Need.TOPIC]:
        said = ngettext(
            "%(num)s question still says [topic]", "%(num)s questions still say [topic]", items.unfinished
        )
    elif items.unapproved:
        said = ngettext(
            "%(num)s question is not approved yet", "%(num)s questions are not approved yet", items.unapproved
        )
    else:
        said = ngettext("%(num)s question, approved", "%(num)s questions, all approved", items.items)
    return str(said)


def _later_tasks(place: Overseen, items: ItemCounts) -> list[dict[str, Any]]:
    slug, moment = place.consultation.slug, place.standing.moment
    found = []
    if moment in WITH_RESULTS:
        results = url_for("analyst.analysis.overview", slug=slug)
        found.append(_page(_("Results"), results, _("What changed, and for how many")))
    if moment is Moment.SURVEY or moment in WITH_CODING:
        found += _coding(place)
    if moment in WITH_SUMMARIES:
        summaries = url_for("moderator.forum.seeds", slug=slug)
        is_out = place.consultation.presented_at is not None
        said = (
            _("They are published")
            if is_out
            else _("Write them and publish them, so that the forum can open")
        )
        found.append(_task(_("Summaries"), summaries, said, is_done=is_out))
    if moment in WITH_MODERATION:
        found += [_moderation(place), _asked(place)]
    fixed = ngettext("%(num)s question. It is fixed", "%(num)s questions. They are fixed", items.items)
    return [
        *found,
        _page(
            _("Who we need"),
            url_for("officer.representation.page", slug=slug),
            _("Who is missing, and what would help most"),
        ),
        *([] if moment is Moment.ARCHIVED else [_publicity(slug)]),
        _page(
            _("Thanks"),
            url_for("officer.incentives.offer", slug=slug),
            _("What is owed, and what has been handed over"),
        ),
        _page(
            _("Timetable"),
            url_for("officer.consultations.timetable", slug=slug),
            _("Make a stage longer, close it, or open it again"),
        ),
        _page(_("Questions"), url_for("officer.surveys.items", slug=slug), fixed),
        _page(_("Texts"), url_for("officer.consultations.about", slug=slug), _("They are fixed")),
    ]


def _moderation(place: Overseen) -> dict[str, Any]:
    waiting = count_waiting(place.consultation)
    said = (
        ngettext("%(num)s thing waits for a moderator", "%(num)s things wait for a moderator", waiting)
        if waiting
        else _("Nothing waits for a moderator")
    )
    address = url_for("moderator.moderation.queue", slug=place.consultation.slug)
    return _task(_("Moderate"), address, said, is_done=not waiting)


def _asked(place: Overseen) -> dict[str, Any]:
    waiting = count_owed(place.consultation)
    said = (
        ngettext("%(num)s question waits for an answer", "%(num)s questions wait for an answer", waiting)
        if waiting
        else _("No question waits for an answer")
    )
    address = url_for("moderator.facilitation.asked", slug=place.consultation.slug)
    return _task(_("Answer questions for the council"), address, said, is_done=not waiting)


def _coding(place: Overseen) -> list[dict[str, Any]]:
    """The task of reading what people wrote, where they are asked to write; at first only its codebook."""
    moment, address = place.standing.moment, url_for("analyst.coding.home", slug=place.consultation.slug)
    if not has_open_items(place.consultation):
        return []
    if moment is Moment.SURVEY:
        return [
            _page(_("Codebook"), address, _("Write the themes that you expect. Nobody reads answers yet"))
        ]
    lines = item_lines(place.consultation, moment, None)
    n_left = sum(line.n_texts - min(line.n_texts, line.counts.read) for line in lines)
    n_disputed = sum(line.counts.disputed for line in lines)
    if n_left:
        said = ngettext("%(num)s text is left to read", "%(num)s texts are left to read", n_left)
    elif n_disputed:
        said = ngettext(
            "Coders differ about %(num)s text. Somebody else decides",
            "Coders differ about %(num)s texts. Somebody else decides",
            n_disputed,
        )
    else:
        said = _("Every text has been read")
    return [_task(_("Code"), address, said, is_done=is_all_coded(lines))]


def _task(title: str, href: str, hint: str, *, is_done: bool, is_optional: bool = False) -> dict[str, Any]:
    waits = (_("If you want"), "grey") if is_optional else (_("To do"), "yellow")
    status, colour = (_("Done"), None) if is_done else waits
    return {"title": title, "href": href, "hint": hint, "status": status, "colour": colour}


def _page(title: str, href: str, hint: str) -> dict[str, Any]:
    """A page that is there and asks for nothing."""
    return {"title": title, "href": href, "hint": hint, "status": ""}


def _publicity(slug: str) -> dict[str, Any]:
    address = url_for("officer.publicity.page", slug=slug)
    return _page(_("Publicity"), address, _("Posters and letters, and which ways have brought people"))


def _steps(place: Overseen) -> list[Step]:
    """How many came how far; a stage that has not opened has nobody, and is not told as "fewer than 10"."""
    counts, moment = count_people(place.consultation), place.standing.moment
    found = [
        Step(_("Joined"), told(counts.joined)),
        Step(_("Sent the starting survey"), told(counts.sent_survey)),
    ]
    if moment in WITH_FORUM:
        found.append(Step(_("Wrote in the forum"), told(counts.wrote)))
    if moment in WITH_FOLLOW_UP:
        found.append(Step(_("Sent the follow-up survey"), told(counts.sent_follow_up)))
    return found
