"""The deed of whoever worries about a post: it is reported, and a moderator has promised to read it."""

from sqlalchemy import select

from consult import clock
from consult.access import Action, Actor, require
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.forum.models import PostState
from consult.forum.promise import due
from consult.moderation.models import Report
from consult.moderation.queries import find_post
from consult.moderation.rules import Concern


def report(
    actor: Actor, consultation: Consultation, addressed: str, *, concern: Concern, words: str | None
) -> Report:
    """A moderator reads the post by the time that the report says, and until then its words stay as they are.

    Whoever takes part has one open report about a post: told again, the first one stands.

    Raises
    ------
    NotFound
        If there is no such post that everybody can read.
    """
    require(actor, Action.REPORT, standing_of(consultation))
    post = find_post(consultation, addressed, states=(PostState.VISIBLE,), for_update=True)
    if actor.participant_id is not None and (mine := _open_report(post.id, actor.participant_id)):
        return mine
    now = clock.now()
    made = Report(
        consultation_id=consultation.id,
        post_id=post.id,
        participant_id=actor.participant_id,
        concern=concern,
        words=words,
        post_version=post.version,
        reported_at=now,
        due_at=due(now),
    )
    db.session.add(made)
    post.reported_at = post.reported_at or now
    db.session.flush()
    return made


def _open_report(post_id: int, participant_id: int) -> Report | None:
    return db.session.scalar(
        select(Report).where(
            Report.post_id == post_id, Report.participant_id == participant_id, Report.decision_id.is_(None)
        )
    )
