"""Deeds of those who answer: one answer is kept, a whole response is sent.

Each page saves by itself, and the same page sent twice leaves one answer: the record is told what the
answer is, not that there is one more. A response is sent once; the starting survey may still be changed
until its stage closes. The follow-up may not: whoever has sent it sees what they said at first, and an
answer given after that would be another kind of answer.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Actor
from consult.audit.service import record
from consult.consultations.grace import require_in_time
from consult.consultations.models import Consultation, Mode, Progress, Submission, Wave
from consult.consultations.timetable import latch
from consult.db import db
from consult.errors import Conflict, NotPermitted
from consult.panel import places
from consult.recruitment import turnout
from consult.surveys.danger import suggests_danger
from consult.surveys.models import Answer, AnswerStatus, ItemRole, Placing
from consult.surveys.progress import WALKS, Response, Walk, get_response, was_caught
from consult.surveys.queries import OwnAnswer, Person, Sheet, lock_person
from consult.surveys.rules import OTHER, Given

FINISH_FIRST = (
    "You did not send the starting survey, so there is nothing to compare. You need not do anything."
)
SENT_BEFORE = "You have sent your follow-up survey. It cannot be changed now that you have seen both answers."


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving: whether it was late, and whether to show where help is to be had."""

    is_late: bool
    needs_support: bool


def take_up(actor: Actor, consultation: Consultation, walk: Walk) -> Response:
    """The response of this person is theirs alone to write until the transaction ends.

    Raises
    ------
    NotPermitted
        If they take part no more, in this browser or since a moment ago in another.
    """
    if actor.participant_id is None:
        raise NotPermitted
    latch(consultation)
    lock_person(actor.participant_id)
    response = get_response(consultation.id, actor.participant_id, walk.wave)
    if response.person.has_withdrawn:
        raise NotPermitted("You have left this consultation.")
    return response


def require_answering(
    actor: Actor,
    consultation: Consultation,
    response: Response,
    *,
    opened_at: datetime | None,
    is_sending: bool = False,
) -> bool:
    """Let this person answer or send, and say whether that is late.

    Raises
    ------
    NotPermitted, Conflict
        If the stage is not open, the first survey was never sent, or the follow-up has been.
    """
    walk = WALKS[response.wave]
    saving = walk.change if response.is_sent else walk.save
    action = walk.submit if is_sending else saving
    is_late = require_in_time(
        actor,
        action,
        consultation,
        walk.kind,
        opened_at=opened_at,
        began_in_time=is_sending and was_caught(response.person, response.wave),
    )
    if response.wave is Wave.POST and not response.person.has_sent(Wave.PRE):
        raise Conflict(FINISH_FIRST)
    return is_late


def save_answer(
    actor: Actor,
    consultation: Consultation,
    response: Response,
    sheet: Sheet,
    given: Sequence[Given],
    *,
    opened_at: datetime | None,
    mode: Mode,
) -> Saved:
    """The record holds this answer to the item, in place of what it held before.

    Parameters
    ----------
    response : Response
        As `take_up` gave it in this transaction.
    given : sequence of Given
        As `rules.check_answer` gave it: one, or for a ranking one for each option.

    Raises
    ------
    NotPermitted, Conflict
        If the stage is not open, the first survey was never sent, or the follow-up has been.
    """
    is_late = require_answering(actor, consultation, response, opened_at=opened_at)
    _require_order(response, is_perceived=sheet.item.role is ItemRole.PERCEIVED)
    assert actor.participant_id is not None
    has_changed = _write(consultation.id, actor.participant_id, response.wave, sheet, given)
    begins = response.person.progress(response.wave) is None
    with turnout.counted(consultation.id, actor.participant_id) if begins else nullcontext():
        _note_progress(consultation.id, actor.participant_id, response, mode=mode, is_late=is_late)
    db.session.flush()
    is_in_danger = any(suggests_danger(each.text) for each in given if each.text)
    if is_in_danger and has_changed:
        # Who may need help, and nothing of what they wrote.
        record(
            actor,
            WALKS[response.wave].save,
            consultation.slug,
            deed="safeguarding",
            participant=actor.participant_id,
        )
    return Saved(is_late, is_in_danger and has_changed)


def send(
    actor: Actor, consultation: Consultation, response: Response, *, opened_at: datetime | None, mode: Mode
) -> None:
    """The answers of this person in the wave count as sent; sending them again changes nothing.

    Raises
    ------
    NotPermitted, Conflict
        If the stage is not open, an item has not been reached, or the first survey was never sent.
    """
    is_late = require_answering(actor, consultation, response, opened_at=opened_at, is_sending=True)
    if response.is_sent:
        return
    if not (response.is_complete or is_late):
        raise Conflict("There are questions that you have not come to yet.")
    assert actor.participant_id is not None
    with turnout.counted(consultation.id, actor.participant_id):
        _note_progress(consultation.id, actor.participant_id, response, mode=mode, is_late=is_late)
        db.session.execute(
            update(Submission)
            .where(Submission.participant_id == actor.participant_id, Submission.wave == response.wave)
            .values(status=Progress.SUBMITTED, submitted_at=clock.now(), mode=mode)
        )
        if response.wave is Wave.PRE:
            places.take_place(consultation.id, actor.participant_id)


def _require_order(response: Response, *, is_perceived: bool) -> None:
    """What is asked before sending is answered before it, the rest after it."""
    if response.wave is Wave.PRE:
        return
    if response.is_sent and not is_perceived:
        raise Conflict(SENT_BEFORE)
    if is_perceived and not response.is_sent:
        raise Conflict("This is asked after you have sent the follow-up survey.")


def _write(
    consultation_id: int, participant_id: int, wave: Wave, sheet: Sheet, given: Sequence[Given]
) -> bool:
    """Whether the record holds something else than before."""
    item, old, places = sheet.item, sheet.item.answer, _places(sheet, given)
    values = _values(sheet, given[0])
    if old is not None and _is_the_same(old, values, sheet, places):
        return False
    now = clock.now()
    if old is None:
        answer_id = _insert(
            consultation_id=consultation_id,
            participant_id=participant_id,
            item_id=item.id,
            wave=wave,
            form=item.form,
            answered_at=now,
            **values,
        )
    else:
        answer_id = old.id
        db.session.execute(update(Answer).where(Answer.id == old.id).values(answered_at=now, **values))
        if sheet.ranked:
            db.session.execute(delete(Placing).where(Placing.answer_id == old.id))
    if places:
        rows = [
            {"answer_id": answer_id, "item_id": item.id, "option_id": o, "place": p, "answered_at": now}
            for o, p in places.items()
        ]
        db.session.execute(insert(Placing), rows)
    return True


def _is_the_same(old: OwnAnswer, values: dict[str, object], sheet: Sheet, places: dict[int, int]) -> bool:
    """Whether the record says just this already: the same page was sent again."""
    before = {option.id: option.place for option in sheet.ranked}
    return places == before and values == {name: getattr(old, name) for name in values}


def _insert(**values: object) -> int:
    try:
        answer_id: int | None = db.session.scalar(insert(Answer).values(**values).returning(Answer.id))
    except IntegrityError as error:  # two at once, of somebody whom no lock holds
        raise Conflict("This was sent twice at the same moment. Open the page again.") from error
    assert answer_id is not None
    return answer_id


def _values(sheet: Sheet, given: Given) -> dict[str, object]:
    """The columns of the answer."""
    chosen = given.option if given.place is None and given.option != OTHER else None
    return {
        "status": AnswerStatus(given.status),
        "number": given.number,
        "option_id": next((option.id for option in sheet.options if option.key == chosen), None),
        "text": given.text,
    }


def _places(sheet: Sheet, given: Sequence[Given]) -> dict[int, int]:
    """The place of each option in a ranking."""
    places = {each.option: each.place for each in given if each.place is not None}
    return {option.id: places[option.key] or 0 for option in sheet.options if option.key in places}


def _note_progress(
    consultation_id: int, participant_id: int, response: Response, *, mode: Mode, is_late: bool
) -> None:
    """The record says that this person has begun, and whether something of theirs was late."""
    person: Person = response.person
    if person.progress(response.wave) is None:
        db.session.execute(
            insert(Submission).values(
                participant_id=participant_id,
                consultation_id=consultation_id,
                wave=response.wave,
                status=Progress.STARTED,
                mode=mode,
                late=is_late,
            )
        )
    elif is_late and not person.is_late(response.wave):
        db.session.execute(
            update(Submission)
            .where(Submission.participant_id == participant_id, Submission.wave == response.wave)
            .values(late=True)
        )
