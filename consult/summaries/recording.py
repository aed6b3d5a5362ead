"""Published summaries that come from another installation, as they were published there."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Wave
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid
from consult.summaries.models import CountsShown, Position, Quotation, QuotationState, Summary
from consult.surveys.models import Answer


class NewSummary(NamedTuple):
    """A summary as it was published; ``content`` is the JSON text that everybody reads."""

    item_id: int
    title: str
    counts_shown: str
    seed: int
    published_at: datetime
    approved_by: str | None
    override: str | None
    content: str
    sha256: str


class NewPosition(NamedTuple):
    """What was written for one position; ``opposes`` is the key of another of the same item."""

    item_id: int
    key: str
    completion: str
    reasons: str
    worry: str
    opposes: str | None = None


class NewQuotation(NamedTuple):
    """A passage that a person has accepted for everybody to read."""

    item_id: int
    position: str
    participant_id: int
    wave: str
    words: str


def record_summaries(
    actor: Actor,
    consultation: Consultation,
    summaries: Iterable[NewSummary],
    positions: Iterable[NewPosition],
    quotations: Iterable[NewQuotation],
) -> dict[int, int]:
    """The record holds these summaries, published as they are; gives their ids by that of their item.

    Raises
    ------
    Invalid
        If a quotation is not from an answer.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    made = {each.item_id: _summary(consultation, each) for each in summaries}
    db.session.add_all(made.values())
    db.session.flush()
    written = _record_positions(made, list(positions))
    _record_quotations(made, written, list(quotations))
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="summaries", count=len(made))
    return {item_id: summary.id for item_id, summary in made.items()}


def _summary(consultation: Consultation, new: NewSummary) -> Summary:
    return Summary(
        consultation_id=consultation.id,
        item_id=new.item_id,
        title=new.title,
        counts_shown=CountsShown(new.counts_shown),
        seed=new.seed,
        override=new.override,
        content=new.content,
        sha256=new.sha256,
        published_at=new.published_at,
        approved_by=new.approved_by,
    )


def _record_positions(
    made: dict[int, Summary], positions: list[NewPosition]
) -> dict[tuple[int, str], Position]:
    written = {}
    for each in positions:
        row = written[each.item_id, each.key] = Position(
            summary_id=made[each.item_id].id,
            key=each.key,
            completion=each.completion,
            reasons=each.reasons,
            worry=each.worry,
        )
        db.session.add(row)
        db.session.flush()  # one at a time: their ids keep the order of their file
    for each in positions:
        if each.opposes is not None:
            written[each.item_id, each.key].opposes_id = written[each.item_id, each.opposes].id
    db.session.flush()
    return written


def _record_quotations(
    made: dict[int, Summary], positions: dict[tuple[int, str], Position], quotations: list[NewQuotation]
) -> None:
    answers = _answers(quotations)
    for each in quotations:
        summary = made[each.item_id]
        answer_id = answers.get((each.participant_id, each.item_id, each.wave))
        if answer_id is None or summary.published_at is None:
            raise Invalid("A quotation must be from an answer in words.")
        # When it was drawn and who read it stayed where it was: it was before it was published.
        row = Quotation(
            summary_id=summary.id,
            position_id=positions[each.item_id, each.position].id,
            consultation_id=summary.consultation_id,
            participant_id=each.participant_id,
            answer_id=answer_id,
            words=each.words,
            state=QuotationState.ACCEPTED,
            drawn_at=summary.published_at,
        )
        db.session.add(row)
        db.session.flush()


def _answers(quotations: list[NewQuotation]) -> dict[tuple[int, int, str], int]:
    found = db.session.execute(
        select(Answer.id, Answer.participant_id, Answer.item_id, Answer.wave).where(
            Answer.participant_id.in_({each.participant_id for each in quotations}),
            Answer.item_id.in_({each.item_id for each in quotations}),
            Answer.wave.in_({Wave(each.wave) for each in quotations}),
            Answer.text.is_not(None),
        )
    )
    return {(row.participant_id, row.item_id, row.wave.value): row.id for row in found}
