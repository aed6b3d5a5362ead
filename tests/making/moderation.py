"""Posts that moderators have decided about, reports and appeals, put into the record as they are."""

from datetime import timedelta

from sqlalchemy import func, select, update

from consult import clock
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.models import Post, PostState
from consult.forum.promise import due
from consult.moderation.models import Appeal, Decision, Message, Report
from consult.moderation.rules import Concern, Reason, Verdict
from tests.making.forum import find_post, get_thread, make_post

REASON = "People you write about must be able to live here."


def make_hidden(
    place: Consultation, key: str, *, by: int, staff_id: int, words: str = "Thieves."
) -> Decision:
    """A post of that participant that a moderator has hidden; committed."""
    post = make_post(get_thread(place), key, words, by=by, state=PostState.HIDDEN)
    decision = Decision(
        consultation_id=place.id,
        post_id=post.id,
        verdict=Verdict.HIDE,
        reason=Reason.ATTACK,
        note=REASON,
        post_version=1,
        staff_id=staff_id,
        decided_at=clock.now(),
    )
    db.session.add(decision)
    db.session.commit()
    return decision


def make_appeal(decision: Decision, *, by: int) -> Appeal:
    """The answer of its writer; committed."""
    now = clock.now()
    appeal = Appeal(
        consultation_id=decision.consultation_id,
        post_id=decision.post_id,
        decision_id=decision.id,
        participant_id=by,
        words="It was in the paper.",
        against_id=decision.staff_id,
        appealed_at=now,
        due_at=due(now),
    )
    db.session.add(appeal)
    db.session.commit()
    return appeal


def make_report(place: Consultation, key: str, *, ago: timedelta = timedelta(hours=1)) -> Report:
    """A visitor's report about that post of the first topic; committed."""
    post = find_post(get_thread(place), key)
    at = clock.now() - ago
    report = Report(
        consultation_id=place.id,
        post_id=post.id,
        concern=Concern.ATTACK,
        words="He is my neighbour.",
        post_version=post.version,
        reported_at=at,
        due_at=due(at),
    )
    db.session.add(report)
    db.session.commit()
    return report


def make_message(place: Consultation, *, by: int, words: str = "It is too loud in here.") -> Message:
    """What that participant wrote to the moderators; committed."""
    now = clock.now()
    message = Message(consultation_id=place.id, participant_id=by, words=words, sent_at=now, due_at=due(now))
    db.session.add(message)
    db.session.commit()
    return message


def make_alarming(place: Consultation, key: str) -> None:
    """The writer of that post may be in danger; committed."""
    alarming = update(Post).where(Post.consultation_id == place.id, Post.key == key)
    db.session.execute(alarming.values(alarmed_at=clock.now()))
    db.session.commit()


def numbers_of(slug: str) -> dict[str, int]:
    """What addresses name there: an appeal against a moderator, one against an officer, and a message."""
    place = get_consultation(slug)
    found = db.session.execute(
        select(Post.key, Appeal.id)
        .join(Post, Post.id == Appeal.post_id)
        .where(Appeal.consultation_id == place.id)
    )
    known = {key.partition("-")[0]: number for key, number in found}
    message = db.session.scalar(select(func.min(Message.id)).where(Message.consultation_id == place.id))
    return {"number": known.get("appealed", 1), "own": known.get("own", 1), "message": message or 1}
