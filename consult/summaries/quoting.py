"""Quotations: drawn by rule from people who agreed to be quoted, masked, and first read by a person.

Nobody is quoted twice in a consultation; a key in the database holds that, also between two who draw at
once. Whoever takes their agreement back, or leaves, is quoted nowhere from then on (`forget`).
"""

import json

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Participant, Wave
from consult.db import db
from consult.errors import Invalid, NotFound
from consult.summaries.holding import held_standing
from consult.summaries.models import Position, Quotation, QuotationState, Summary
from consult.summaries.positions import HeldPosition, Positions, positions_of
from consult.summaries.queries import get_item
from consult.summaries.rules import QUOTATIONS_MOST, Candidate, in_turn, passage
from consult.summaries.service import ensure_position, get_unpublished
from consult.summaries.wording import masked
from consult.surveys.models import Answer
from consult.words import N_

NOBODY_LEFT = N_("Nobody else who holds this has agreed to be quoted, or all of them are quoted already.")


def draw(actor: Actor, consultation: Consultation, item_id: int, key: str) -> Quotation:
    """One more passage is drawn for the position of that key, to be accepted or refused.

    Raises
    ------
    NotFound
        If nobody may be told to hold such a position.
    Invalid
        If there is nobody left to quote.
    Conflict
        If the summary has been published.
    """
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    summary = get_unpublished(consultation, item_id)
    item = get_item(consultation, item_id).item
    positions = positions_of(item)
    held = positions.find(key)
    if held is None:
        raise NotFound
    position = ensure_position(summary, key, held.completion)
    drawn = db.session.execute(
        select(Quotation.answer_id, Quotation.words, Quotation.state).where(
            Quotation.position_id == position.id
        )
    ).all()
    if sum(row.state is not QuotationState.REFUSED for row in drawn) >= QUOTATIONS_MOST:
        raise Invalid("There are %(most)s quotations already. Refuse one first.", most=QUOTATIONS_MOST)
    texts = _texts(item_id, held)
    known_answers = {row.answer_id for row in drawn}
    known_words = {row.words.casefold() for row in drawn}  # the same words twice tell nobody more
    for candidate in in_turn(_candidates(positions, held, texts), seed=summary.seed, key=key):
        if candidate.answer_id in known_answers:
            continue
        words = passage(masked(texts[candidate.answer_id], ordinary=f"{item.stem} {held.completion}"))
        if not words or words.casefold() in known_words:
            continue
        quotation = _quotation(summary, position.id, candidate, words)
        if quotation is not None:
            record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed="draw", quotation=quotation.id)
            return quotation
    raise Invalid(NOBODY_LEFT)


def review(
    actor: Actor, consultation: Consultation, item_id: int, quotation_id: int, *, accepts: bool
) -> None:
    """A person has read the quotation with its masks, and everybody may read it too, or nobody.

    Raises
    ------
    NotFound
        If there is no such quotation, or its writer has taken their agreement back.
    Conflict
        If the summary has been published.
    """
    require(actor, Action.DRAFT_SUMMARY, held_standing(consultation))
    summary = get_unpublished(consultation, item_id)
    state = QuotationState.ACCEPTED if accepts else QuotationState.REFUSED
    found = db.session.execute(
        update(Quotation)
        .where(
            Quotation.id == quotation_id,
            Quotation.summary_id == summary.id,
            Quotation.state != QuotationState.REFUSED,
        )
        .values(state=state, reviewed_at=clock.now(), reviewed_by=actor.name)
        .returning(Quotation.id)
    ).scalar()
    if found is None:
        raise NotFound
    record(actor, Action.DRAFT_SUMMARY, consultation.slug, deed=state.value, quotation=quotation_id)


def forget(consultation: Consultation, participant_id: int) -> list[tuple[int, str]]:
    """The participant is quoted nowhere any more: not in a draft, and not in what is published.

    A published summary keeps the fingerprint of the words and loses the words themselves, so that its
    hash still proves all the rest. Whoever publishes at the same time waits, or is waited for.

    Returns
    -------
    list of (int, str)
        The published summaries that lose words of theirs, and those words.
    """
    held_standing(consultation)
    theirs = (
        Quotation.participant_id == participant_id,
        Quotation.consultation_id == consultation.id,
    )
    rows = db.session.execute(
        select(Quotation.summary_id, Position.key, Quotation.words)
        .join(Position, Position.id == Quotation.position_id)
        .join(Summary, Summary.id == Quotation.summary_id)
        .where(*theirs, Summary.content.is_not(None), Quotation.state == QuotationState.ACCEPTED)
    ).all()
    for row in rows:
        _take_out(row.summary_id, row.key, row.words)
    db.session.execute(delete(Quotation).where(*theirs))
    return [(row.summary_id, row.words) for row in rows]


def _take_out(summary_id: int, key: str, words: str) -> None:
    """The content has lost these words, once.

    They are found by the words: the id in a content is that of the installation where it was published.
    """
    summary = db.session.get_one(Summary, summary_id, populate_existing=True)
    content = json.loads(summary.content or "{}")
    quotations = (
        q for position in content["positions"] if position["key"] == key for q in position["quotations"]
    )
    found = next((quotation for quotation in quotations if quotation["words"] == words), None)
    if found is not None:
        found["words"] = found["salt"] = None
    summary.content = json.dumps(content, ensure_ascii=False, sort_keys=True)
    db.session.flush()


def _texts(item_id: int, held: HeldPosition) -> dict[int, str]:
    """The words of those who hold the position and agreed to be quoted, by answer."""
    rows = db.session.execute(
        select(Answer.id, Answer.text)
        .join(Participant, Participant.id == Answer.participant_id)
        .where(
            Answer.item_id == item_id,
            Answer.wave == Wave.PRE,
            Answer.text.is_not(None),
            Participant.quote.is_(True),
        )
    )
    theirs = set(held.holders.values())
    return {row.id: row.text for row in rows if row.id in theirs}


def _candidates(positions: Positions, held: HeldPosition, texts: dict[int, str]) -> list[Candidate]:
    return [
        Candidate(
            answer_id=answer_id,
            participant_id=participant_id,
            other_themes=len(positions.themes.get(answer_id, frozenset()) - {held.key}),
            length=len(texts[answer_id].split()),
        )
        for participant_id, answer_id in held.holders.items()
        if answer_id in texts
    ]


def _quotation(summary: Summary, position_id: int, candidate: Candidate, words: str) -> Quotation | None:
    """The quotation as a row; none if this person is quoted already."""
    row = Quotation(
        summary_id=summary.id,
        position_id=position_id,
        consultation_id=summary.consultation_id,
        participant_id=candidate.participant_id,
        answer_id=candidate.answer_id,
        words=words,
        state=QuotationState.DRAWN,
        drawn_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    return row
