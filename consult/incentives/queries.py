"""Reading what is offered as thanks, what one person has earned, and what is owed to everybody.

Nothing here reads an answer, and nothing leads from a due to a participant: a person's own page asks by
the holder that it makes of their number, and officers are told counts and claim numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from consult.consultations.models import (
    WAVES,
    Consultation,
    Membership,
    Participant,
    Progress,
    State,
    Submission,
    Wave,
)
from consult.db import db
from consult.errors import NotFound
from consult.incentives.holders import LEFT
from consult.incentives.models import Contact, Due, Incentive, IncentiveKind, IncentivePlan
from consult.incentives.rules import DueState, state_of
from consult.panel.models import Place


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing that can be chosen after one survey, and what it is worth then."""

    id: int
    key: str
    kind: IncentiveKind
    label: str
    pence: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What somebody is owed for one wave."""

    id: int
    reference: str
    kind: IncentiveKind
    label: str
    key: str
    wave: Wave
    pence: int
    owed_at: datetime
    issued_at: datetime | None
    collected_at: datetime | None
    contact_id: int | None

    @property
    def has_contact(self) -> bool:
        """Whether they want it sent."""
        return self.contact_id is not None

    @property
    def state(self) -> DueState:
        """How far it has come."""
        return state_of(self.issued_at, self.collected_at)


@dataclass(frozen=True, slots=True)
class Total:
    """How many of one kind in one wave are in one state, and what they are worth together."""

    kind: IncentiveKind
    wave: Wave
    state: DueState
    count: int
    pence: int


def list_incentives(consultation_id: int) -> list[Incentive]:
    """List what people can choose from, in the order in which it is shown."""
    return list(
        db.session.scalars(
            select(Incentive)
            .where(Incentive.consultation_id == consultation_id)
            .order_by(Incentive.position, Incentive.id)
        )
    )


def get_incentive(consultation_id: int, key: str) -> Incentive:
    """Get what is offered under this key.

    Raises
    ------
    NotFound
        If there is none here.
    """
    is_text = "\0" not in key  # no column of text holds a NUL
    asked = select(Incentive).filter_by(consultation_id=consultation_id, key=key)
    found = db.session.scalar(asked) if is_text else None
    if found is None:
        raise NotFound
    return found


def is_for_panel(consultation_id: int) -> bool:
    """Whether only people with a place on the panel are thanked."""
    plan = db.session.get(IncentivePlan, consultation_id)
    return plan is not None and plan.is_for_panel


def where_collected(consultation_id: int) -> str:
    """Where people collect what is handed over, as the officer typed it; nothing if nobody has said."""
    plan = db.session.get(IncentivePlan, consultation_id)
    return "" if plan is None else plan.collected_from


def offered_in(incentives: Sequence[Incentive], wave: Wave) -> list[Offered]:
    """Which of these can be chosen after that survey."""
    worth = {each.id: each.pence_survey if wave is Wave.PRE else each.pence_follow_up for each in incentives}
    return [
        Offered(each.id, each.key, each.kind, each.label, worth[each.id])
        for each in incentives
        if worth[each.id]
    ]


def has_place(consultation_id: int, participant_id: int) -> bool:
    """Whether this participant has a place on the panel."""
    asked = select(Place.participant_id).filter_by(
        consultation_id=consultation_id, participant_id=participant_id
    )
    return db.session.scalar(asked) is not None


def list_sent(consultation_id: int, participant_id: int) -> list[Wave]:
    """List the waves in which this participant has sent a response."""
    sent = db.session.scalars(
        select(Submission.wave).filter_by(
            consultation_id=consultation_id, participant_id=participant_id, status=Progress.SUBMITTED
        )
    ).all()
    return [wave for wave in WAVES if wave in sent]


def list_earned(consultation_id: int, participant_id: int) -> list[Wave]:
    """List the waves for which this participant has earned thanks: completed, and nothing else."""
    if is_for_panel(consultation_id) and not has_place(consultation_id, participant_id):
        return []
    return list_sent(consultation_id, participant_id)


def list_dues_of(consultation_id: int, holder: str) -> dict[Wave, Owed]:
    """List what this holder is owed, by wave."""
    asked = _owed(consultation_id).where(Due.holder == holder)
    return {row.wave: row for row in _read(asked)}


def find_contact(consultation_id: int, holder: str) -> Contact | None:
    """Find how this holder wants to be reached, if they said."""
    return db.session.scalar(select(Contact).filter_by(consultation_id=consultation_id, holder=holder))


def find_due(consultation_id: int, reference: str) -> Owed | None:
    """Find what is owed under this claim number, in this consultation."""
    found = _read(_owed(consultation_id).where(Due.reference == reference))
    return found[0] if found else None


def list_page(consultation_id: int, state: DueState | None, *, after: int, most: int) -> list[Owed]:
    """List so many dues in that state, or in any, by claim number: never in the order of their coming."""
    asked = _owed(consultation_id).order_by(Due.reference).offset(after).limit(most)
    return _read(asked if state is None else asked.where(_is_in(state)))


def list_all(consultation_id: int) -> list[tuple[Owed, str | None]]:
    """List every due by claim number, with the sealed address to which it goes."""
    asked = _owed(consultation_id).add_columns(Contact.sealed_contact).order_by(Due.reference)
    return [(_as_owed(tuple(row)[:-1]), row[-1]) for row in db.session.execute(asked)]


def list_totals(consultation_id: int) -> list[Total]:
    """List how many dues there are, and of what worth, by kind, wave and state."""
    state = case(
        (_is_in(DueState.COLLECTED), DueState.COLLECTED.value),
        (_is_in(DueState.ISSUED), DueState.ISSUED.value),
        else_=DueState.OWED.value,
    )
    rows = db.session.execute(
        select(Incentive.kind, Due.wave, state, func.count(), func.sum(Due.pence))
        .join(Incentive, Incentive.id == Due.incentive_id)
        .where(Due.consultation_id == consultation_id)
        .group_by(Incentive.kind, Due.wave, state)
    )
    return [Total(kind, wave, DueState(found), count, int(pence)) for kind, wave, found, count, pence in rows]


def count_unchosen(consultation: Consultation) -> dict[Wave, int]:
    """Count, by wave, the people who have earned thanks and have not chosen any.

    Somebody who has left is in neither number: what they had chosen is held by nobody.
    """
    place = consultation.id
    earned = (
        select(Submission.wave, func.count())
        .join(Membership, Membership.participant_id == Submission.participant_id)
        .join(Participant, Participant.id == Submission.participant_id)
        .where(
            Submission.consultation_id == place,
            Submission.status == Progress.SUBMITTED,
            Membership.withdrawn_at.is_(None),
        )
        .group_by(Submission.wave)
    )
    if consultation.state is not State.DRAFT:
        earned = earned.where(Participant.is_rehearsal.is_(False))
    if is_for_panel(place):
        earned = earned.join(Place, Place.participant_id == Submission.participant_id)
    chosen = (
        select(Due.wave, func.count())
        .where(Due.consultation_id == place, Due.holder.not_like(f"{LEFT}%"))
        .group_by(Due.wave)
    )
    taken = {row[0]: row[1] for row in db.session.execute(chosen)}
    offered = list_incentives(place)
    return {
        wave: max(0, count - taken.get(wave, 0))
        for wave, count in db.session.execute(earned)
        if offered_in(offered, wave)
    }


def _is_in(state: DueState) -> ColumnElement[bool]:
    if state is DueState.COLLECTED:
        return Due.collected_at.is_not(None)
    is_issued = Due.issued_at.is_not(None) if state is DueState.ISSUED else Due.issued_at.is_(None)
    return and_(is_issued, Due.collected_at.is_(None))


def _owed(consultation_id: int) -> Select[*tuple[object, ...]]:
    return (
        select(
            Due.id,
            Due.reference,
            Incentive.kind,
            Incentive.label,
            Incentive.key,
            Due.wave,
            Due.pence,
            Due.owed_at,
            Due.issued_at,
            Due.collected_at,
            Contact.id,
        )
        .join(Incentive, Incentive.id == Due.incentive_id)
        .outerjoin(
            Contact, and_(Contact.consultation_id == Due.consultation_id, Contact.holder == Due.holder)
        )
        .where(Due.consultation_id == consultation_id)
    )


def _read(asked: Select[*tuple[object, ...]]) -> list[Owed]:
    return [_as_owed(tuple(row)) for row in db.session.execute(asked)]


def _as_owed(row: tuple[object, ...]) -> Owed:
    return Owed(*row)  # type: ignore[arg-type]
