"""Reading what an officer's desk shows: counts of people while it runs, and what a draft still lacks."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, distinct, func, select

from consult.consultations.models import (
    Consultation,
    Participant,
    Progress,
    Rehearsal,
    Submission,
    Wave,
)
from consult.db import db
from consult.desk.rules import ItemCounts
from consult.desk.template import PLACEHOLDER
from consult.forum.models import Post, PostKind
from consult.surveys.models import Asked, Item, Option


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people came how far."""

    joined: int
    sent_survey: int
    wrote: int
    sent_follow_up: int


def count_people(consultation: Consultation) -> Funnel:
    """Count how many joined, sent the survey, wrote in the forum and sent the follow-up, in one statement.

    Rehearsals do not count. Whoever left by withdrawing stays among those who joined.
    """
    real = select(Participant.id).where(
        Participant.consultation_id == consultation.id, Participant.is_rehearsal.is_(False)
    )
    writers = select(func.count(distinct(Post.participant_id))).where(
        Post.consultation_id == consultation.id, Post.kind == PostKind.POST, Post.participant_id.in_(real)
    )
    row = db.session.execute(
        select(
            select(func.count()).select_from(real.subquery()).scalar_subquery(),
            _sent(consultation, Wave.PRE, real).scalar_subquery(),
            writers.scalar_subquery(),
            _sent(consultation, Wave.POST, real).scalar_subquery(),
        )
    ).one()
    return Funnel(*row)


def _sent(consultation: Consultation, wave: Wave, real: Select[int]) -> Select[int]:
    return select(func.count()).where(
        Submission.consultation_id == consultation.id,
        Submission.wave == wave,
        Submission.status == Progress.SUBMITTED,
        Submission.participant_id.in_(real),
    )


def count_items(ids: Iterable[int]) -> dict[int, ItemCounts]:
    """Count the items of these consultations, by their ids; one without items is not in it."""
    holds_placeholder = Item.stem.contains(PLACEHOLDER, autoescape=True) | _an_option_holds_it()
    waits = Item.approved_version.is_(None) | (Item.approved_version != Item.version)
    both = select(Asked.item_id).group_by(Asked.item_id).having(func.count() > 1)
    rows = db.session.execute(
        select(
            Item.consultation_id,
            func.count(),
            _how_many(waits),
            _how_many(holds_placeholder),
            _how_many(Item.id.in_(both)),
        )
        .where(Item.consultation_id.in_(list(ids)))
        .group_by(Item.consultation_id)
    )
    return {row[0]: ItemCounts(*row[1:]) for row in rows}


def _an_option_holds_it() -> ColumnElement[bool]:
    found = select(Option.id).where(
        Option.item_id == Item.id, Option.label.contains(PLACEHOLDER, autoescape=True)
    )
    return found.exists()


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def was_rehearsed(consultation: Consultation) -> bool:
    """Whether anybody has begun to rehearse the consultation."""
    found = select(Rehearsal.id).where(Rehearsal.consultation_id == consultation.id)
    return bool(db.session.scalar(select(found.exists())))
