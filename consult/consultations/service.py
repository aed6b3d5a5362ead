"""Deeds on a consultation: made, emptied for its successor, joined by groups and participants.

A participant's own row is its trail: joining is not repeated in the audit trail, where it would
tell the minute at which a person sat down.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, inspect, select
from sqlalchemy.exc import IntegrityError

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.batches import insert_rows
from consult.cells import as_slug
from consult.consultations.models import (
    Consultation,
    DiscussionGroup,
    Origin,
    Participant,
    Stage,
    StageKind,
    State,
    Submission,
)
from consult.consultations.queries import standing_of
from consult.consultations.rules import timetable_problem
from consult.db import Base, db
from consult.errors import Conflict, Invalid

Timetable = Mapping[str, tuple[datetime, datetime]]


class NewParticipant(NamedTuple):
    """A person who joins, as far as their own row says."""

    key: str
    joined_at: datetime | None = None
    channel_id: int | None = None
    group_id: int | None = None
    arm: str | None = None
    track: str | None = None
    language: str | None = None
    quote: bool | None = None


class NewSubmission(NamedTuple):
    """How far one person's response in one wave has come."""

    participant_id: int
    wave: str
    status: str
    submitted_at: datetime | None = None
    mode: str | None = None
    late: bool | None = None


def create_consultation(
    actor: Actor,
    *,
    slug: str,
    title: str,
    state: str,
    summary: str | None = None,
    source: str | None = None,
    stages: Timetable | None = None,
) -> Consultation:
    """There is a new consultation, with its timetable and nothing in it.

    Raises
    ------
    Conflict
        If another one has that slug.
    """
    require(actor, Action.WRITE_RECORD)
    consultation = Consultation(
        slug=as_slug("slug", slug), title=title, summary=summary, source=source, state=State(state)
    )
    db.session.add(consultation)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("There is already a consultation of that name.") from error
    _set_stages(consultation, stages or {})
    record(actor, Action.WRITE_RECORD, slug, deed="create")
    return consultation


def replace_consultation(
    actor: Actor,
    consultation: Consultation,
    *,
    title: str,
    state: str,
    summary: str | None = None,
    source: str | None = None,
    stages: Timetable | None = None,
) -> Consultation:
    """The consultation has kept its slug and its staff, and lost everything else.

    Raises
    ------
    Conflict
        If somebody has joined through the web: what residents wrote is never thrown away like this.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    if has_web_participants(consultation):
        raise Conflict("Somebody has joined this consultation through the web.")
    _empty(consultation)
    consultation.title, consultation.summary, consultation.source = title, summary, source
    consultation.state, consultation.results_published_at = State(state), None
    _set_stages(consultation, stages or {})
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="replace")
    return consultation


def has_web_participants(consultation: Consultation) -> bool:
    """Whether anybody has joined through the pages."""
    return bool(
        db.session.scalar(
            select(
                select(Participant.id)
                .where(Participant.consultation_id == consultation.id, Participant.origin == Origin.WEB)
                .exists()
            )
        )
    )


def add_group(actor: Actor, consultation: Consultation, key: str) -> DiscussionGroup:
    """The consultation has one more small discussion group."""
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    group = DiscussionGroup(consultation_id=consultation.id, key=key)
    db.session.add(group)
    db.session.flush()
    return group


def add_participants(
    actor: Actor,
    consultation: Consultation,
    participants: Iterable[NewParticipant],
    *,
    origin: Origin,
    progress: Callable[[int], None] | None = None,
) -> int:
    """The people have joined, in the order given, after those who came before; says how many."""
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    last = db.session.scalar(
        select(func.max(Participant.position)).where(Participant.consultation_id == consultation.id)
    )
    first = 0 if last is None else last + 1
    return insert_rows(
        Participant,
        ("consultation_id", "position", "origin", *NewParticipant._fields),
        ((consultation.id, n, origin.value, *person) for n, person in enumerate(participants, first)),
        progress=progress,
    )


def record_submissions(
    actor: Actor,
    consultation: Consultation,
    submissions: Iterable[NewSubmission],
    *,
    progress: Callable[[int], None] | None = None,
) -> int:
    """The record says how far each of these responses has come; says how many."""
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    return insert_rows(
        Submission,
        ("consultation_id", *NewSubmission._fields),
        ((consultation.id, *submission) for submission in submissions),
        progress=progress,
    )


def _set_stages(consultation: Consultation, stages: Timetable) -> None:
    problem = timetable_problem(stages)
    if problem:
        raise Invalid(f"{problem[0]}: {problem[1]}")
    for kind, (opens_at, closes_at) in stages.items():
        db.session.add(
            Stage(
                consultation_id=consultation.id,
                kind=StageKind(kind),
                opens_at=opens_at,
                closes_at=closes_at,
            )
        )
    db.session.flush()
    db.session.expire(consultation, ["stages"])


# What a consultation holds, each before what it points at: a cascade alone would meet rows that
# still point at what it is about to delete. Staff keep their roles.
_HELD = (
    "rehearsal",
    "stage_change",
    "kept_form",
    "resident_session",
    "return_code",
    "membership",
    "exposure",
    "presentation",
    "drawn_person",
    "group_draw",
    "fairness_rating",
    "quotation",
    "snapshot",
    "lookalikes",
    "weight",
    "weight_version",
    "planned_item",
    "plan",
    "code",
    "theme",
    "placing",
    "answer",
    "submission",
    "post",
    "thread",
    "summary",
    "target",
    "turnout",
    "participant_demographic",
    "participant",
    "demographic_option",
    "demographic",
    "discussion_group",
    "channel",
    "asked",
    "point",
    "option",
    "item",
    "stage",
)
_BY_ITEM = frozenset({"code", "theme", "placing", "point", "option"})


def _empty(consultation: Consultation) -> None:
    """Delete everything that the consultation holds."""
    consultation.state = State.DRAFT  # from which alone the database lets items go
    db.session.flush()
    tables = Base.metadata.tables
    items = select(tables["item"].c.id).where(tables["item"].c.consultation_id == consultation.id)
    demographics = select(tables["demographic"].c.id).where(
        tables["demographic"].c.consultation_id == consultation.id
    )
    posts = tables["post"]
    db.session.execute(
        posts.update().where(posts.c.consultation_id == consultation.id).values(parent_id=None)
    )
    for name in _HELD:
        table = tables[name]
        held: ColumnElement[bool]
        if name in _BY_ITEM:
            held = table.c.item_id.in_(items)
        elif name == "demographic_option":
            held = table.c.demographic_id.in_(demographics)
        else:
            held = table.c.consultation_id == consultation.id
        db.session.execute(delete(table).where(held))
    for thing in list(db.session):  # objects of the session that no longer stand for rows
        if inspect(thing).mapper.local_table.name in _HELD:
            db.session.expunge(thing)
    db.session.expire(consultation)
