"""Who changes or publishes a summary waits for whoever does so now."""

from consult.consultations.models import Consultation
from consult.consultations.queries import Standing, standing_of
from consult.db import db


def held_standing(consultation: Consultation) -> Standing:
    """Where the consultation is; whoever drafts or publishes at the same time waits for this transaction.

    So no summary is changed while it is being published, and of two who publish one finds none left.
    """
    db.session.refresh(consultation, with_for_update={"key_share": True})
    return standing_of(consultation)
