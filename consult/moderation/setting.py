"""The deed of whoever runs a forum: which posts a moderator reads before everybody else can."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.forum.models import Checked, ForumSetting


def read_first(actor: Actor, consultation: Consultation, checked: Checked) -> None:
    """From now on these posts wait until a moderator has read them; what is out stays out."""
    require(actor, Action.SET_UP_FORUM, standing_of(consultation))
    held = _held(consultation.id)
    if held.checked is checked:
        return
    held.checked = checked
    db.session.flush()
    record(actor, Action.SET_UP_FORUM, consultation.slug, checked=checked.value)


def _held(consultation_id: int) -> ForumSetting:
    """The row of that consultation, made where there is none; of two who make it at once one does."""
    asked = select(ForumSetting).filter_by(consultation_id=consultation_id).with_for_update()
    if (found := db.session.scalar(asked.execution_options(populate_existing=True))) is not None:
        return found
    try:
        with db.session.begin_nested():
            db.session.add(made := ForumSetting(consultation_id=consultation_id, checked=Checked.NONE))
    except IntegrityError:
        return db.session.scalars(asked.execution_options(populate_existing=True)).one()
    return made
