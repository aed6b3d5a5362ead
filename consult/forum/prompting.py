"""Deeds of officers on prompts: written for a day, changed and removed until that day has come.

What has appeared stays: people have thought and written about it.
"""

from datetime import date

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.forum.models import DatedPrompt, Thread
from consult.forum.prompts import get_prompt, today
from consult.forum.shown import in_forum, named
from consult.words import N_

PAST = N_("Choose today or a day to come")
TAKEN = N_("There is a prompt for that day already. Choose another day")
APPEARED = N_("This prompt has appeared, so it cannot be changed or removed any more.")
CHANGED = N_("Somebody else changed this prompt while you were writing. Look at theirs first.")


def add_prompt(
    actor: Actor, consultation: Consultation, *, appears_on: date, body: str, thread: str = ""
) -> DatedPrompt:
    """People read this at the head of the forum from that day on, until the next one appears.

    Raises
    ------
    Invalid
        If the day is over, or has a prompt.
    """
    require(actor, Action.SET_UP_FORUM, standing_of(consultation))
    _require_to_come(appears_on)
    prompt = DatedPrompt(
        consultation_id=consultation.id,
        appears_on=appears_on,
        body=body,
        thread_id=_thread_id(consultation, thread),
    )
    try:
        with db.session.begin_nested():
            db.session.add(prompt)
    except IntegrityError:
        raise Invalid(TAKEN) from None
    record(actor, Action.SET_UP_FORUM, consultation.slug, deed="add a prompt", prompt=prompt.id)
    return prompt


def change_prompt(
    actor: Actor,
    consultation: Consultation,
    prompt_id: int,
    *,
    version: int,
    appears_on: date,
    body: str,
    thread: str = "",
) -> None:
    """The prompt says this, and appears on that day.

    Raises
    ------
    NotFound
        If there is no such prompt.
    Invalid
        If the day is over, or has another prompt.
    Conflict
        If it has appeared, or somebody changed it since.
    """
    require(actor, Action.SET_UP_FORUM, standing_of(consultation))
    held = get_prompt(consultation, prompt_id)
    if held.has_appeared:
        raise Conflict(APPEARED)
    _require_to_come(appears_on)
    change = (
        update(DatedPrompt)
        .where(*_still_to_come(consultation, prompt_id), DatedPrompt.version == version)
        .values(
            appears_on=appears_on,
            body=body,
            thread_id=_thread_id(consultation, thread),
            version=version + 1,
        )
        .returning(DatedPrompt.id)
        .execution_options(synchronize_session=False)
    )
    try:
        with db.session.begin_nested():
            changed = db.session.execute(change).scalar()
    except IntegrityError:
        raise Invalid(TAKEN) from None
    if changed is None:
        raise Conflict(CHANGED)
    record(actor, Action.SET_UP_FORUM, consultation.slug, deed="change a prompt", prompt=prompt_id)


def remove_prompt(actor: Actor, consultation: Consultation, prompt_id: int) -> None:
    """The prompt is gone.

    Raises
    ------
    NotFound
        If there is no such prompt.
    Conflict
        If it has appeared.
    """
    require(actor, Action.SET_UP_FORUM, standing_of(consultation))
    if get_prompt(consultation, prompt_id).has_appeared:
        raise Conflict(APPEARED)
    db.session.execute(
        delete(DatedPrompt)
        .where(*_still_to_come(consultation, prompt_id))
        .execution_options(synchronize_session=False)
    )
    record(actor, Action.SET_UP_FORUM, consultation.slug, deed="remove a prompt", prompt=prompt_id)


def _still_to_come(consultation: Consultation, prompt_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        DatedPrompt.id == prompt_id,
        DatedPrompt.consultation_id == consultation.id,
        DatedPrompt.appears_on > today(),
    )


def _require_to_come(appears_on: date) -> None:
    if appears_on < today():
        raise Invalid(PAST)


def _thread_id(consultation: Consultation, addressed: str) -> int | None:
    if not addressed:
        return None
    found = db.session.scalar(select(Thread.id).where(in_forum(consultation), named(Thread, addressed)))
    if found is None:
        raise NotFound
    return found
