"""The deed of whoever runs a forum: what a moderator reads first, and whether residents begin topics."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.forum.models import Checked, ForumSetting


def set_up_forum(
    actor: Actor, consultation: Consultation, *, checked: Checked, residents_start: bool
) -> None:
    """From now on these posts wait until a moderator has read them, and residents begin topics or not.

    What is out stays out, and topics that residents have begun stay.
    """
    require(actor, Action.SET_UP_FORUM, standing_of(consultation))
    held = _held(consultation.id)
    if (held.checked, held.residents_start) == (checked, residents_start):
        return
    held.checked, held.residents_start = checked, residents_start
    db.session.flush()
    starts = "yes" if residents_start else "no"
    record(actor, Action.SET_UP_FORUM, consultation.slug, checked=checked.value, residents_start=starts)


def _held(consultation_id: int) -> ForumSetting:
    """The row of that consultation, made where there is none; of two who make it at once one does."""
    asked = select(ForumSetting).filter_by(consultation_id=consultation_id).with_for_update()
    if (found := db.session.scalar(asked.execution_options(populate_existing=True))) is not None:
        return found
    try:
        with db.session.begin_nested():
            made = ForumSetting(consultation_id=consultation_id, checked=Checked.NONE, residents_start=False)
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(asked.execution_options(populate_existing=True)).one()
    return made
