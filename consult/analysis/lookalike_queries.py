"""Reading what must be the same in two records that look alike, item by item: no page does this."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, select, type_coerce

from consult.analysis.lookalikes import FEWEST_FACTS, alike, mark_of, shared, words_of
from consult.consultations.models import Participant, Progress, Submission, Wave
from consult.db import db
from consult.recruitment.models import ParticipantDemographic
from consult.surveys.models import Answer, Asked, Form, Placing

MOST_NAMED = 2000  # people whom a statement names, instead of reading everybody's answers


def list_sent(consultation_id: int, wave: Wave) -> set[int]:
    """List who sent the survey of the wave; nobody who was only rehearsed."""
    sent = (
        select(Submission.participant_id)
        .join(Participant, Participant.id == Submission.participant_id)
        .where(
            Submission.consultation_id == consultation_id,
            Submission.wave == wave,
            Submission.status == Progress.SUBMITTED,
            Participant.is_rehearsal.is_(False),
        )
    )
    return set(db.session.scalars(sent))


def find_alike(consultation_id: int, wave: Wave, people: set[int] | None = None) -> set[int]:
    """Find whose record of the wave looks like another one.

    Parameters
    ----------
    people : set of int, optional
        Who sent the survey of the wave, where the caller has read it already.
    """
    sent = list_sent(consultation_id, wave) if people is None else people
    marks = _marks_of_people(consultation_id, sent)
    asked = db.session.execute(
        select(Asked.item_id, Asked.form).where(Asked.consultation_id == consultation_id, Asked.wave == wave)
    ).all()
    for item_id, form in asked:
        marks = {someone: marks[someone] for someone in shared(marks)}
        if not marks:
            return set()
        _mark_answers(item_id, wave, marks)
        if form is Form.RANK:
            _mark_places(item_id, wave, marks)
    marks = {someone: marks[someone] for someone in shared(marks)}
    return alike(marks, _words(wave, [item_id for item_id, _ in asked], marks))


def _marks_of_people(consultation_id: int, sent: set[int]) -> dict[int, int]:
    """A number for all that somebody says they are; only of those who said enough and are not alone in it."""
    said, facts = ParticipantDemographic, dict[int, int]()
    marks = dict[int, int]()
    rows = _read(
        select(said.participant_id, said.demographic_id, said.option_id).where(
            said.consultation_id == consultation_id
        )
    )
    for someone, *answer in rows:
        if someone in sent:
            marks[someone] = marks.get(someone, 0) + mark_of("about them", *answer)
            facts[someone] = facts.get(someone, 0) + (answer[1] is not None)
    enough = {someone: mark for someone, mark in marks.items() if facts[someone] >= FEWEST_FACTS}
    return {someone: enough[someone] for someone in shared(enough)}


def _mark_answers(item_id: int, wave: Wave, marks: dict[int, int]) -> None:
    """What each of these people answered to the item is in their number; what they wrote there is not."""
    answered = select(
        Answer.participant_id, type_coerce(Answer.status, String), Answer.number, Answer.option_id
    )
    for someone, *said in _read(answered.where(*_theirs(item_id, wave, marks))):
        if someone in marks:
            marks[someone] += mark_of("answer", item_id, *said)


def _mark_places(item_id: int, wave: Wave, marks: dict[int, int]) -> None:
    """The place that each of these people gave to each option is in their number."""
    ranked = select(Answer.participant_id, Placing.option_id, Placing.place).join(
        Placing, Placing.answer_id == Answer.id
    )
    for someone, *said in _read(ranked.where(*_theirs(item_id, wave, marks))):
        if someone in marks:
            marks[someone] += mark_of("place", item_id, *said)


def _words(wave: Wave, items: list[int], people: Collection[int]) -> dict[int, list[str]]:
    """What each of these people wrote in their own words, over all items."""
    found: dict[int, list[str]] = {someone: [] for someone in people}
    written = select(Answer.participant_id, Answer.text).where(Answer.text.is_not(None))
    for item_id in items if found else ():
        for someone, text in _read(written.where(*_theirs(item_id, wave, people))):
            if someone in found:
                found[someone] += words_of(text or "")
    return found


def _theirs(item_id: int, wave: Wave, people: Collection[int]) -> list[ColumnElement[bool]]:
    """What these people answered to the item; everybody's where they are too many to name."""
    asked = [Answer.item_id == item_id, Answer.wave == wave]
    return asked if len(people) > MOST_NAMED else [*asked, Answer.participant_id.in_(list(people))]


def _read(asked: Select[*tuple[Any, ...]]) -> Iterable[Sequence[Any]]:
    """The rows as the database gives them: past the session, which would make objects of half a million."""
    return db.session.connection().execute(asked)
