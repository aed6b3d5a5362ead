"""Deeds on summaries before they are out: begun, written, thrown away."""

from collections.abc import Mapping
from secrets import randbits
from typing import NamedTuple

from sqlalchemy import select, update

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import Conflict
from consult.summaries.holding import held_standing
from consult.summaries.models import CountsShown, Position, Summary
from consult.summaries.positions import positions_of
from consult.summaries.queries import get_item, get_summary, list_positions
from consult.summaries.rules import TITLE_LONGEST
from consult.words import N_

CHANGED = N_(
    "Somebody else changed this summary while you were writing. Look at theirs before you save yours."
)
PUBLISHED = N_("This summary has been published, so it cannot be changed any more.")
SEED_BITS = 31


class Words(NamedTuple):
    """What is written for one position; ``opposes`` is the key of another one, or empty."""

    completion: str
    reasons: str
    worry: str
    opposes: str = ""


def begin(actor: Actor, consultation: Consultation, item_id: int) -> Summary:
    """The item has a summary that waits to be written; asked twice there is one."""
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    line = get_item(consultation, item_id)
    if line.summary is not None:
        return line.summary
    asked = " ".join(line.item.stem.split())
    summary = Summary(
        consultation_id=consultation.id,
        item_id=item_id,
        title=asked if len(asked) <= TITLE_LONGEST else f"{asked[: TITLE_LONGEST - 1]}…",
        counts_shown=CountsShown.AFTER_FIRST_POST,
        seed=randbits(SEED_BITS),
    )
    db.session.add(summary)
    db.session.flush()
    for held in positions_of(line.item).held:
        db.session.add(_position(summary, held.key, held.completion))
    db.session.flush()
    record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed="begin", item=item_id)
    return summary


def write(
    actor: Actor,
    consultation: Consultation,
    item_id: int,
    *,
    version: int,
    title: str,
    counts_shown: CountsShown,
    override: str | None,
    positions: Mapping[str, Words],
) -> None:
    """The summary says this now. Words of a position that have changed want new ratings.

    Raises
    ------
    Conflict
        If somebody changed it since, or it has been published.
    """
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    summary = get_summary(consultation, item_id)
    changed = db.session.execute(
        update(Summary)
        .where(Summary.id == summary.id, Summary.version == version, Summary.published_at.is_(None))
        .values(title=title, counts_shown=counts_shown, override=override or None, version=version + 1)
        .returning(Summary.id)
    ).scalar()
    if changed is None:
        raise Conflict(PUBLISHED if summary.published_at else CHANGED)
    known = list_positions(summary.id)
    for key, words in positions.items():
        position = known.get(key)
        if position is None:
            position = known[key] = _position(summary, key, words.completion)
            db.session.add(position)
        said = (words.completion, words.reasons, words.worry)
        if said != (position.completion, position.reasons, position.worry):
            position.completion, position.reasons, position.worry = said
            position.version = (position.version or 0) + 1
    db.session.flush()
    for key, words in positions.items():
        other = known.get(words.opposes)
        known[key].opposes_id = other.id if other is not None and words.opposes != key else None
    db.session.flush()
    record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed="write", item=item_id)


def remove(actor: Actor, consultation: Consultation, item_id: int) -> None:
    """The draft is gone, with what was drawn for it and what holders said of it.

    Raises
    ------
    Conflict
        If it has been published.
    """
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    summary = get_unpublished(consultation, item_id)
    db.session.execute(update(Position).where(Position.summary_id == summary.id).values(opposes_id=None))
    db.session.delete(summary)
    db.session.flush()
    record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed="remove", item=item_id)


def get_unpublished(consultation: Consultation, item_id: int) -> Summary:
    """Get the summary of that item, to change it.

    Raises
    ------
    NotFound
        If there is none.
    Conflict
        If it has been published.
    """
    summary = get_summary(consultation, item_id)
    if summary.published_at is not None:
        raise Conflict(PUBLISHED)
    return summary


def ensure_position(summary: Summary, key: str, completion: str) -> Position:
    """The row of that position; made if what people hold has changed since the summary was begun."""
    found = db.session.scalar(select(Position).where(Position.summary_id == summary.id, Position.key == key))
    if found is None:
        found = _position(summary, key, completion)
        db.session.add(found)
        db.session.flush()
    return found


def _position(summary: Summary, key: str, completion: str) -> Position:
    return Position(summary_id=summary.id, key=key, completion=completion, reasons="", worry="", version=1)
