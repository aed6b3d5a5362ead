"""Reading what an officer's desk shows: counts of people while it runs, and what a draft still lacks."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, distinct, func, select

from consult.consultations.models import Consultation, Membership, Participant, Rehearsal
from consult.db import db
from consult.desk.rules import ItemCounts
from consult.desk.template import PLACEHOLDER
from consult.forum.models import Post, PostKind
from consult.recruitment import turnout
from consult.surveys.models import Asked, Item, Option


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people came how far."""

    joined: int
    sent_survey: int
    wrote: int
    sent_follow_up: int


def count_people(consultation: Consultation) -> Funnel:
    """Count how many joined, sent the survey, wrote in the forum and sent the follow-up.

    Rehearsals do not count. Whoever left stays among those who joined, and counts nowhere else.
    """
    come = turnout.everybody(turnout.read(consultation.id))
    writers = (
        select(func.count(distinct(Post.participant_id)))
        .join(Participant, Participant.id == Post.participant_id)
        .outerjoin(Membership, Membership.participant_id == Post.participant_id)
        .where(
            Post.consultation_id == consultation.id,
            Post.kind == PostKind.POST,
            Participant.is_rehearsal.is_(False),
            Membership.withdrawn_at.is_(None),
        )
    )
    return Funnel(come.joined, come.sent, db.session.scalar(writers) or 0, come.stayed)


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
