"""Deeds of somebody who joins: they take part, under a name that nobody else here has.

A participant's own row is its trail: joining is not repeated in the audit trail, where it would tell
the minute at which a person sat down.

Two things must hold however many join at once: everybody has a position of their own, and a name of
their own. Choice: whoever joins first locks the row of the consultation, so that on PostgreSQL they
come one after the other, as every writer does on SQLite; it costs a few milliseconds each. The unique
constraints stand behind it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from random import Random
from secrets import SystemRandom, randbits, token_hex

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from consult import clock
from consult.access import Action, Actor, require
from consult.accounts import codes, resident_sessions
from consult.consultations.models import (
    Consultation,
    Membership,
    Origin,
    Participant,
    StageKind,
    Track,
)
from consult.consultations.queries import standing_of
from consult.consultations.rehearsing import is_rehearsed
from consult.consultations.rules import Window
from consult.db import db
from consult.errors import Conflict, Invalid, NotPermitted
from consult.home import Config
from consult.recruitment import agreement, names, queries, turnout
from consult.words import N_

SEED_BITS = 30  # of the order of options: fits the whole-number columns of both databases
SUGGESTED = 3
DRAWN, DRAWS = 20, 5  # names that are looked up at once, and how often, before a number is added
NUMBERS = range(10, 1000)
NOT_YET = N_("You can join when the starting survey opens: %(opens)s.")
OVER = N_("The starting survey has closed, so nobody new can join.")


class Entrance(Enum):
    """Whether somebody new can join."""

    NOT_YET = "not yet"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose when they joined."""

    quote: bool
    is_shared: bool
    language: str
    channel: str = ""  # the key of where they came from; an unknown one counts as none


def entrance_of(consultation: Consultation) -> Entrance:
    """Whether the starting survey is open, for people who are not here yet."""
    now = clock.now()
    for stage in consultation.stages:
        if stage.kind is StageKind.SURVEY:
            window = Window(stage.opens_at, stage.closes_at, stage.closed_at)
            if window.is_open(now):
                return Entrance.OPEN
            return Entrance.OVER if window.has_closed(now) else Entrance.NOT_YET
    return Entrance.OVER


def join(
    actor: Actor, consultation: Consultation, *, choices: Choices, session_id: str, config: Config
) -> int:
    """Somebody new takes part, has a name and a return code, and is signed in; their id.

    The code and its serial wait in the session until the person says that they have written them down.

    Raises
    ------
    NotPermitted
        If the starting survey is not open.
    """
    consultation = _locked(consultation)
    require(actor, Action.JOIN, standing_of(consultation))
    _require_open(consultation)
    participant = _add_participant(consultation, choices)
    _add_membership(participant)
    pair = codes.new_pair()
    codes.give_code(participant.id, consultation.id, code=pair.code, serial=pair.serial, config=config)
    resident_sessions.begin(
        participant.id, consultation.id, is_shared=choices.is_shared, session_id=session_id
    )
    codes.hold(session_id, pair, config)
    turnout.count_newcomer(consultation.id, participant.id)
    return participant.id


def choose_name(actor: Actor, consultation: Consultation, participant_id: int, *, name: str) -> str:
    """The participant has this name in the forum; the name as it is kept.

    Raises
    ------
    Invalid
        If it cannot be a name, or somebody here has one that can be mistaken for it.
    """
    require(actor, Action.JOIN, standing_of(consultation))
    problem = names.name_problem(name)
    if problem:
        raise Invalid(problem)
    member = queries.lock_membership(consultation.id, participant_id)
    kept = names.as_name(name)
    try:
        with db.session.begin_nested():
            member.display_name, member.name_key = kept, names.name_key(kept)
    except IntegrityError as error:
        raise Invalid(names.TAKEN) from error
    return kept


def free_names(consultation_id: int, how_many: int = SUGGESTED) -> list[str]:
    """Names of two plain words that nobody here has now, in no order."""
    chance = SystemRandom()
    found: dict[str, str] = {}
    for batch in _batches(chance):
        taken = queries.list_taken(consultation_id, list(batch))
        found |= {key: name for key, name in batch.items() if key not in taken}
        if len(found) >= how_many:
            break
    return list(found.values())[:how_many]


def _batches(chance: Random) -> Iterator[dict[str, str]]:
    """Names by their keys, some at a time; with a number behind them where most are taken."""
    drawn = names.suggestions(chance)
    for _ in range(DRAWS):
        yield {names.name_key(name): name for name in islice(drawn, DRAWN)}
    while True:
        numbered = [f"{name} {chance.choice(NUMBERS)}" for name in islice(drawn, DRAWN)]
        yield {names.name_key(name): name for name in numbered}


def _locked(consultation: Consultation) -> Consultation:
    """The consultation as it is now; nobody else joins it until this request ends."""
    return db.session.scalars(
        select(Consultation)
        .where(Consultation.id == consultation.id)
        .options(selectinload(Consultation.stages))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def _require_open(consultation: Consultation) -> None:
    entrance = entrance_of(consultation)
    if entrance is Entrance.NOT_YET:
        opens = next(stage.opens_at for stage in consultation.stages if stage.kind is StageKind.SURVEY)
        raise NotPermitted(NOT_YET, opens=opens)
    if entrance is Entrance.OVER:
        raise NotPermitted(OVER)


def _add_participant(consultation: Consultation, choices: Choices) -> Participant:
    last = db.session.scalar(
        select(func.max(Participant.position)).where(Participant.consultation_id == consultation.id)
    )
    channel = queries.find_channel(consultation.id, choices.channel)
    participant = Participant(
        consultation_id=consultation.id,
        position=0 if last is None else last + 1,
        key=f"w-{token_hex(8)}",
        origin=Origin.WEB,
        joined_at=clock.now(),
        channel_id=channel.id if channel else None,
        track=Track.OPEN,
        language=choices.language,
        quote=choices.quote,
        is_rehearsal=is_rehearsed(consultation.id),
    )
    db.session.add(participant)
    db.session.flush()
    return participant


def _add_membership(participant: Participant) -> None:
    """The participant belongs here, under the first name that is free.

    Somebody who changes their name at this moment does not wait for the lock of those who join.
    """
    for name in free_names(participant.consultation_id):
        try:
            with db.session.begin_nested():
                db.session.add(
                    Membership(
                        participant_id=participant.id,
                        consultation_id=participant.consultation_id,
                        display_name=name,
                        name_key=names.name_key(name),
                        consent_version=agreement.CURRENT,
                        consented_at=clock.now(),
                        messages=False,
                        order_seed=randbits(SEED_BITS),
                    )
                )
        except IntegrityError:
            continue
        return
    raise Conflict(N_("Many people are joining now. Try again in a minute."))
