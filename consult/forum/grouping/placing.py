"""That somebody who came after the draw is in a group: at their first visit of the forum.

Like reading (`consult.forum.reading`) it is written by a page that is only looked at, because it is the
visit that it is about; it has a transaction of its own, and never stops anybody from reading. Where to was
worked out before; the write happens only if the group still has as many people, and the person none.
"""

import logging
from secrets import token_hex

from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, aliased

from consult.consultations.models import Consultation, DiscussionGroup, Participant
from consult.db import db
from consult.forum.grouping import factors as factors_of
from consult.forum.grouping import rules
from consult.forum.grouping.models import DrawnPerson
from consult.forum.grouping.queries import find_draw, is_to_be_placed, list_companies
from consult.forum.grouping.service import TICKET_BYTES

log = logging.getLogger("consult.forum")
TRIES = 5


def place_if_due(consultation: Consultation, participant_id: int) -> bool:
    """Who came after the draw is in the smallest group; says whether that was done now."""
    for _ in range(TRIES):
        if not is_to_be_placed(consultation, participant_id):
            return False
        draw = find_draw(consultation)
        assert draw is not None
        factors = factors_of.from_text(draw.factors)
        codes = factors_of.codes_of(consultation, factors, [participant_id])[participant_id]
        ticket = token_hex(TICKET_BYTES)
        chosen = rules.choose(list_companies(draw, codes), seed=draw.seed, name=ticket)
        row = DrawnPerson(
            draw_id=draw.id,
            ticket=ticket,
            consultation_id=consultation.id,
            participant_id=participant_id,
            codes=rules.as_text(codes),
            is_later=True,
        )
        db.session.rollback()  # what this page has read would keep the writer, who is itself, waiting
        try:
            if _place(row, chosen.group_id, chosen.people):
                return True
        except OperationalError:
            log.warning("somebody could not be put into a group")
            return False
    return False


def _place(row: DrawnPerson, group_id: int, people: int) -> bool:
    """The person is in that group, if it has as many people as it had and they are in none."""
    mates = aliased(Participant)
    seen = select(func.count(mates.id)).where(mates.group_id == group_id).scalar_subquery()
    with Session(db.engine) as session:
        # Of several who come to one group at once each waits for the one before.
        held = session.execute(
            update(DiscussionGroup)
            .where(DiscussionGroup.id == group_id)
            .values(key=DiscussionGroup.key)
            .returning(DiscussionGroup.id)
        ).scalar()
        if held is None:  # drawn again meanwhile
            session.rollback()
            return False
        placed = session.execute(
            update(Participant)
            .where(Participant.id == row.participant_id, Participant.group_id.is_(None), seen == people)
            .values(group_id=group_id)
            .returning(Participant.id)
        ).scalar()
        if placed is None:
            session.rollback()
            return False
        session.add(row)
        session.commit()
        return True
