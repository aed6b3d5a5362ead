"""Places on the panel: taken when somebody sends stage one, given back when they leave.

Situation: many send at the same moment, and no place may be given twice. Choice: nothing is decided
from a number that was read earlier. One UPDATE adds a person to the panel if there is room; a second
adds them to every category that they are in if each has room. Where either changes fewer rows than it
should, both are undone and the person takes part in the open track: their answers count like everybody's,
only not for the panel. The first UPDATE locks the panel's row, so that whoever comes next waits for this
transaction; CHECK constraints stand behind both.

Who prefers not to say is in no category of that question: nothing is full for them but the panel.
"""

from enum import Enum

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.orm import aliased

from consult import clock
from consult.consultations.models import Participant, Track
from consult.consultations.rehearsing import is_rehearsed
from consult.db import db
from consult.panel.models import CountedUnder, Panel, Place
from consult.recruitment.models import ParticipantDemographic, Target


class Placed(Enum):
    """What became of somebody who sent stage one."""

    NO_PANEL = "there is no panel"
    ON_PANEL = "has a place"
    WAITING = "takes part in the open track and waits for a place"


def take_place(consultation_id: int, participant_id: int) -> Placed:
    """The participant has a place on the panel, or waits for one, or there is no panel.

    Belongs into the transaction that says that stage one is sent. Asking twice changes nothing.
    """
    if is_rehearsed(consultation_id):
        return Placed.NO_PANEL
    if db.session.get(Place, participant_id) is not None:
        return Placed.ON_PANEL
    if _has_taken(consultation_id, participant_id):
        _set(participant_id, track=Track.PANEL, waiting_since=None)
        return Placed.ON_PANEL
    if not db.session.scalar(select(Panel.consultation_id).filter_by(consultation_id=consultation_id)):
        return Placed.NO_PANEL
    _set(participant_id, track=Track.OPEN, waiting_since=clock.now())
    return Placed.WAITING


def give_place_back(consultation_id: int, participant_id: int) -> None:
    """The participant has no place and waits for none; whoever waited longest and fits has the place."""
    place = db.session.get(Place, participant_id)
    _set(participant_id, track=Track.OPEN, waiting_since=None)
    if place is None:
        return
    lock_panel(consultation_id)
    under = list(db.session.scalars(select(CountedUnder.target_id).filter_by(participant_id=participant_id)))
    db.session.execute(delete(CountedUnder).filter_by(participant_id=participant_id))
    db.session.execute(delete(Place).filter_by(participant_id=participant_id))
    db.session.expunge(place)
    db.session.execute(update(Target).where(Target.id.in_(under)).values(filled=Target.filled - 1))
    db.session.execute(
        update(Panel).filter_by(consultation_id=consultation_id).values(filled=Panel.filled - 1)
    )
    fill_from_waiting(consultation_id)


def fill_from_waiting(consultation_id: int) -> int:
    """Whoever waits and fits has a place, those who waited longest first; says how many.

    Who is busy in another request at this moment is passed over, so that no two wait for each other.
    """
    lock_panel(consultation_id)
    waiting = db.session.scalars(
        select(Participant.id)
        .filter_by(consultation_id=consultation_id)
        .where(Participant.waiting_since.is_not(None))
        .order_by(Participant.waiting_since, Participant.position)
        .with_for_update(skip_locked=True)
    ).all()
    taken = 0
    for participant_id in waiting:
        if _is_full(consultation_id):
            break
        if _has_taken(consultation_id, participant_id):
            _set(participant_id, track=Track.PANEL, waiting_since=None)
            taken += 1
    return taken


def _has_taken(consultation_id: int, participant_id: int) -> bool:
    """Whether there was room in the panel and in each category of this person; then it is theirs."""
    attempt = db.session.begin_nested()
    room = update(Panel).where(
        Panel.consultation_id == consultation_id, or_(Panel.size.is_(None), Panel.filled < Panel.size)
    )
    if not _changes(room.values(filled=Panel.filled + 1), 1):
        attempt.rollback()
        return False
    mine = list(db.session.scalars(_targets_of(consultation_id, participant_id)))
    fits = update(Target).where(
        Target.id.in_(mine), or_(Target.maximum.is_(None), Target.filled < Target.maximum)
    )
    if not _changes(fits.values(filled=Target.filled + 1), len(mine)) or not _helps(mine):
        attempt.rollback()
        return False
    db.session.add(
        Place(participant_id=participant_id, consultation_id=consultation_id, taken_at=clock.now())
    )
    db.session.flush()
    db.session.add_all(CountedUnder(participant_id=participant_id, target_id=target) for target in mine)
    attempt.commit()
    return True


def _targets_of(consultation_id: int, participant_id: int) -> Select[int]:
    """The targets that this person is counted under, by what they have said of themselves."""
    said, crossed = aliased(ParticipantDemographic), aliased(ParticipantDemographic)
    return (
        select(Target.id)
        .join(said, and_(said.demographic_id == Target.demographic_id, said.option_id == Target.option_id))
        .outerjoin(
            crossed,
            and_(
                crossed.participant_id == said.participant_id,
                crossed.demographic_id == Target.crossed_demographic_id,
                crossed.option_id == Target.crossed_option_id,
            ),
        )
        .where(
            Target.consultation_id == consultation_id,
            said.participant_id == participant_id,
            or_(Target.crossed_option_id.is_(None), crossed.participant_id.is_not(None)),
        )
        .order_by(Target.id)
    )


def _helps(mine: list[int]) -> bool:
    """Whether one of these categories, which hold this person now, was still short of its aim.

    Past its aim a category takes people on only where they help another one. Where nothing has an aim,
    everybody helps.
    """
    aimed = select(Target.filled <= Target.aim).where(Target.id.in_(mine), Target.aim.is_not(None))
    were_short = db.session.scalars(aimed).all()
    return not were_short or any(were_short)


def _is_full(consultation_id: int) -> bool:
    return (
        db.session.scalar(
            select(Panel.consultation_id).where(
                Panel.consultation_id == consultation_id, Panel.filled >= Panel.size
            )
        )
        is not None
    )


def lock_panel(consultation_id: int) -> None:
    """Nobody else takes or gives back a place here until this transaction ends."""
    db.session.execute(
        select(Panel.consultation_id).filter_by(consultation_id=consultation_id).with_for_update()
    )


def _changes(statement: object, rows: int) -> bool:
    """Whether the statement changed as many rows as it should."""
    result = db.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return bool(result.rowcount == rows)


def _set(participant_id: int, **values: object) -> None:
    db.session.execute(
        update(Participant)
        .where(Participant.id == participant_id)
        .values(**values)
        .execution_options(synchronize_session="auto")
    )
