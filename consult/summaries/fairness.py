"""Fairness: people who hold a position say whether its account is fair, before anybody else reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Membership
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.summaries.holding import held_standing
from consult.summaries.models import FairnessRating, Position, Summary
from consult.summaries.positions import Positions, positions_of
from consult.summaries.queries import get_item, list_positions
from consult.summaries.rules import Fairness, drawn, ratings_needed
from consult.summaries.service import get_unpublished
from consult.surveys.models import Form, Item
from consult.words import N_

CHANGED = N_("The words have changed since you read them. Read them again, then answer.")
OVER = N_("The summaries have been published, so this cannot be changed any more.")


@dataclass(frozen=True, slots=True)
class Said:
    """What holders of one position said: how many were asked, the figures, and what they would change."""

    asked: int
    figures: Fairness
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A position whose account somebody is asked about, and what they said of it so far."""

    position_id: int
    summary_id: int
    stem: str
    form: Form
    completion: str
    reasons: str
    worry: str
    version: int
    rating: int | None
    suggestion: str | None
    has_changed: bool


def invite(actor: Actor, consultation: Consultation, item_id: int) -> int:
    """Up to fifteen holders of each position see the question when they come back; says how many are asked.

    They are drawn by lot from those who can come back. Asked again it asks nobody twice, and draws on
    where fewer are left or more people hold a position.

    Raises
    ------
    Invalid
        If a position has no words yet: there would be nothing to judge.
    Conflict
        If the summary has been published.
    """
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    summary = get_unpublished(consultation, item_id)
    positions = positions_of(get_item(consultation, item_id).item)
    words = list_positions(summary.id)
    if not positions.held or any(not _is_written(words.get(held.key)) for held in positions.held):
        raise Invalid("Write every view first, then ask the people who hold it.")
    can_return = set(
        db.session.scalars(
            select(Membership.participant_id).where(
                Membership.consultation_id == consultation.id, Membership.withdrawn_at.is_(None)
            )
        )
    )
    asked = _asked(summary.id)
    now = clock.now()
    for held in positions.held:
        position = words[held.key]
        already = asked.get(position.id, {}).keys() & held.holders.keys()
        can_be_asked = held.holders.keys() & can_return - asked.get(position.id, {}).keys()
        for participant_id in drawn(can_be_asked, already, seed=summary.seed, key=held.key):
            db.session.add(
                FairnessRating(
                    position_id=position.id,
                    participant_id=participant_id,
                    summary_id=summary.id,
                    consultation_id=consultation.id,
                    asked_at=now,
                )
            )
    db.session.flush()
    count = sum(map(len, _asked(summary.id).values()))
    record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed="invite", item=item_id, count=count)
    return count


def rate(
    actor: Actor, consultation: Consultation, position_id: int, *, version: int, rating: int, suggestion: str
) -> None:
    """The participant has said how fair the account of their view is; said again it replaces what was said.

    Raises
    ------
    NotFound
        If they were not asked.
    Conflict
        If its words have changed since they read them, or it has been published.
    """
    require(actor, Action.RATE_SUMMARY, standing_of(consultation))
    row = db.session.execute(
        select(Position.version, Summary.published_at)
        .join(Summary, Summary.id == Position.summary_id)
        .where(Position.id == position_id, Summary.consultation_id == consultation.id)
        .with_for_update(read=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.published_at is not None:
        raise Conflict(OVER)
    if row.version != version:
        raise Conflict(CHANGED)
    found = db.session.execute(
        update(FairnessRating)
        .where(
            FairnessRating.position_id == position_id,
            FairnessRating.participant_id == actor.participant_id,
        )
        .values(rating=rating, suggestion=suggestion or None, position_version=version, rated_at=clock.now())
        .returning(FairnessRating.position_id)
    ).scalar()
    if found is None:
        raise NotFound
    record(actor, Action.RATE_SUMMARY, consultation.slug, position=position_id)


def said_of(summary: Summary, positions: Positions, words: Mapping[str, Position]) -> dict[str, Said]:
    """What holders said of each position, by its key.

    Only ratings of the words as they are now count, and only of those who hold it now.
    """
    rows = _asked(summary.id)
    found = {}
    for held in positions.held:
        position = words.get(held.key)
        theirs = rows.get(position.id, {}) if position else {}
        current = [
            row
            for person, row in theirs.items()
            if position and row.position_version == position.version and person in held.holders
        ]
        ratings = [row.rating for row in current if row.rating is not None]
        suggestions = sorted(row.suggestion for row in current if row.suggestion)
        figures = Fairness(len(ratings), sum(ratings), ratings_needed(held.count))
        found[held.key] = Said(len(theirs), figures, tuple(suggestions))
    return found


def list_accounts(consultation: Consultation, participant_id: int) -> list[Account]:
    """List the accounts that this participant is asked about, of summaries that are not published yet."""
    rows = db.session.execute(
        select(
            Position.id.label("position_id"),
            Position.summary_id,
            Item.stem,
            Item.form,
            Position.completion,
            Position.reasons,
            Position.worry,
            Position.version,
            FairnessRating.rating,
            FairnessRating.suggestion,
            and_(
                FairnessRating.position_version.is_not(None),
                FairnessRating.position_version != Position.version,
            ).label("has_changed"),
        )
        .join(FairnessRating, FairnessRating.position_id == Position.id)
        .join(Summary, Summary.id == Position.summary_id)
        .join(Item, Item.id == Summary.item_id)
        .where(
            FairnessRating.participant_id == participant_id,
            FairnessRating.consultation_id == consultation.id,
            Summary.published_at.is_(None),
        )
        .order_by(Item.position, Position.id)
    )
    return [Account(**{**row, "has_changed": bool(row["has_changed"])}) for row in rows.mappings()]


def _asked(summary_id: int) -> dict[int, dict[int, FairnessRating]]:
    found: dict[int, dict[int, FairnessRating]] = {}
    asked = select(FairnessRating).where(FairnessRating.summary_id == summary_id)
    for row in db.session.scalars(asked.execution_options(populate_existing=True)):
        found.setdefault(row.position_id, {})[row.participant_id] = row
    return found


def _is_written(position: Position | None) -> bool:
    return position is not None and all((position.completion, position.reasons, position.worry))
