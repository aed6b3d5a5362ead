"""The deed of whoever runs a forum: which posts a moderator reads before everybody else can."""

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.forum.models import Checked, ForumSetting


def read_first(actor: Actor, consultation: Consultation, checked: Checked) -> None:
    """From now on these posts wait until a moderator has read them; what is out stays out."""
    require(actor, Action.SET_UP_FORUM, standing_of(consultation))
    held = db.session.get(ForumSetting, consultation.id, populate_existing=True)
    if held is not None and held.checked is checked:
        return
    db.session.merge(ForumSetting(consultation_id=consultation.id, checked=checked))
    db.session.flush()
    record(actor, Action.SET_UP_FORUM, consultation.slug, checked=checked.value)
