"""Deeds of officers on what a draft asks people about themselves: ready questions, and when each is asked."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import hold_draft, step
from consult.db import db
from consult.desk.template import DEMOGRAPHICS
from consult.recruitment.models import AskedAt, Demographic, DemographicOption, ParticipantDemographic
from consult.recruitment.rules import NewCategory, NewDemographic


def list_questions(consultation: Consultation) -> list[tuple[NewDemographic, AskedAt | None]]:
    """List the questions that could be asked, with when each is: those that are, then the ready ones."""
    asked = [(_as_new(row), row.asked) for row in _rows(consultation)]
    known = {question.key for question, _when in asked}
    return [*asked, *((ready, None) for ready in DEMOGRAPHICS if ready.key not in known)]


def choose_questions(
    actor: Actor, consultation: Consultation, choices: Mapping[str, AskedAt | None], *, version: int
) -> None:
    """The draft asks these questions, then; a question with None is not asked, and one unnamed stays.

    What was said to a question in a rehearsal goes with it.

    Raises
    ------
    EditedMeanwhile
        If the consultation has another version than ``version``, the one that the officer saw.
    """
    require(actor, Action.EDIT_DEMOGRAPHICS, standing_of(consultation))
    hold_draft(actor, consultation, version=version)
    known = {row.key: row for row in _rows(consultation)}
    for key, when in choices.items():
        row = known.get(key)
        if row is not None and when is None:
            _remove(row)
        elif row is not None and when is not None:
            row.asked = when
    db.session.flush()
    wanted = [ready for ready in DEMOGRAPHICS if choices.get(ready.key) and ready.key not in known]
    append_questions(consultation, wanted, asked=choices)
    step(consultation)
    record(actor, Action.EDIT_DEMOGRAPHICS, consultation.slug, added=len(wanted))


def copy_questions(actor: Actor, source: Consultation, target: Consultation) -> None:
    """The draft asks about people what another consultation asks, in the same order."""
    require(actor, Action.EDIT_DEMOGRAPHICS, standing_of(target))
    require(actor, Action.OVERSEE, standing_of(source))
    append_questions(target, [_as_new(row) for row in _rows(source)])
    record(actor, Action.EDIT_DEMOGRAPHICS, target.slug, deed="copy")


def add_ready_questions(actor: Actor, consultation: Consultation) -> None:
    """The draft asks every ready question about people."""
    require(actor, Action.EDIT_DEMOGRAPHICS, standing_of(consultation))
    append_questions(consultation, DEMOGRAPHICS)
    record(actor, Action.EDIT_DEMOGRAPHICS, consultation.slug, added=len(DEMOGRAPHICS))


def append_questions(
    consultation: Consultation,
    questions: Sequence[NewDemographic],
    *,
    asked: Mapping[str, AskedAt | None] | None = None,
) -> None:
    """The consultation asks these too, after those that it asked before."""
    last = db.session.scalar(
        select(func.max(Demographic.position)).where(Demographic.consultation_id == consultation.id)
    )
    for position, question in enumerate(questions, 0 if last is None else last + 1):
        db.session.add(
            Demographic(
                consultation_id=consultation.id,
                position=position,
                key=question.key,
                question=question.question,
                why=question.why,
                asked=(asked or {}).get(question.key) or AskedAt(question.asked),
                options=[
                    DemographicOption(position=n, key=option.key, label=option.label)
                    for n, option in enumerate(question.options)
                ],
            )
        )
    db.session.flush()


def _rows(consultation: Consultation) -> Sequence[Demographic]:
    return db.session.scalars(
        select(Demographic)
        .where(Demographic.consultation_id == consultation.id)
        .order_by(Demographic.position)
    ).all()


def _as_new(row: Demographic) -> NewDemographic:
    options = tuple(NewCategory(option.key, option.label) for option in row.options)
    return NewDemographic(row.key, row.question, options, row.why, row.asked.value)


def _remove(row: Demographic) -> None:
    """Nobody is asked this, and what was said in a rehearsal is gone."""
    db.session.execute(delete(ParticipantDemographic).where(ParticipantDemographic.demographic_id == row.id))
    db.session.execute(delete(Demographic).where(Demographic.id == row.id))
