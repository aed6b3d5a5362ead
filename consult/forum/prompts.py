"""Reading the council's prompts: what it asks people to think about today, before, and from a day to come."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from consult import clock
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import DatedPrompt, PostKind, Thread
from consult.forum.rules import address
from consult.forum.shown import in_forum, is_out, openers, title_of
from consult.uktime import uk_time


@dataclass(frozen=True, slots=True)
class ShownPrompt:
    """A prompt; ``thread`` is the address of the topic that it leads to, if it leads to one."""

    id: int
    appears_on: date
    body: str
    thread: str | None
    version: int
    has_appeared: bool


def today() -> date:
    """The day that it is in the United Kingdom."""
    return uk_time(clock.now()).date()


def latest_prompts(consultation: Consultation, most: int | None = None) -> list[ShownPrompt]:
    """List the prompts that have appeared, the latest first."""
    appeared = _prompts(consultation).where(DatedPrompt.appears_on <= today())
    return _read(appeared.order_by(DatedPrompt.appears_on.desc()).limit(most))


def list_prompts(consultation: Consultation) -> list[ShownPrompt]:
    """List every prompt, also those of days to come, by day: for those who write them."""
    return _read(_prompts(consultation).order_by(DatedPrompt.appears_on))


def get_prompt(consultation: Consultation, prompt_id: int) -> ShownPrompt:
    """Get one prompt.

    Raises
    ------
    NotFound
        If there is none of that number in this consultation.
    """
    found = _read(_prompts(consultation).where(DatedPrompt.id == prompt_id))
    if not found:
        raise NotFound
    return found[0]


def list_leads(consultation: Consultation) -> list[tuple[str, str]]:
    """List address and title of the council's topics, to which a prompt can lead."""
    opener = openers(consultation)
    asked = (
        select(Thread.id, Thread.key, opener.c.state, opener.c.title, opener.c.body)
        .join(opener, opener.c.thread_id == Thread.id)
        .where(in_forum(consultation), is_out(opener), opener.c.kind != PostKind.POST)
        .order_by(Thread.position.is_(None), Thread.position, Thread.id)
    )
    return [
        (address(row.key, row.id), title_of(row.state, row.title, row.body))
        for row in db.session.execute(asked)
    ]


def _prompts(consultation: Consultation) -> Select[*tuple[Any, ...]]:
    return (
        select(DatedPrompt, Thread.key)
        .outerjoin(Thread, Thread.id == DatedPrompt.thread_id)
        .where(DatedPrompt.consultation_id == consultation.id)
    )


def _read(asked: Select[*tuple[Any, ...]]) -> list[ShownPrompt]:
    now = today()
    return [
        ShownPrompt(
            id=prompt.id,
            appears_on=prompt.appears_on,
            body=prompt.body,
            thread=address(key, prompt.thread_id) if key is not None else None,
            version=prompt.version,
            has_appeared=prompt.appears_on <= now,
        )
        for prompt, key in db.session.execute(asked)
    ]
