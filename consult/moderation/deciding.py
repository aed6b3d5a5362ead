"""Deeds of moderators: a decision about a post with its reason, an appeal, and the answer to it.

Nobody rewrites or deletes what somebody else wrote. A decision changes whether a post is shown, is kept
beside it for good, and is read by the writer with its reason.
"""

from sqlalchemy import select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound, NotPermitted
from consult.forum.models import Post, PostState
from consult.forum.promise import due
from consult.moderation.models import Appeal, Decision, Report
from consult.moderation.queries import find_own_post, find_post, last_decision
from consult.moderation.rules import CHOICES, NEEDS_REASON, Reason, Verdict
from consult.words import N_

OWN_DECISION = N_("You made this decision yourself. Another officer has to look at it.")


def decide(
    actor: Actor,
    consultation: Consultation,
    addressed: str,
    *,
    verdict: Verdict,
    reason: Reason | None,
    note: str | None,
    version: int,
    staff_id: int,
) -> Decision:
    """The post is shown or not, its writer can read why, and every open report about it is answered.

    Parameters
    ----------
    version : int
        Of the words that the moderator has read.

    Raises
    ------
    NotFound
        If there is no such post.
    Invalid
        If a post is not to be shown and no reason is given.
    Conflict
        If it was changed, decided about or taken back meanwhile, or its writer has appealed.
    """
    require(actor, Action.MODERATE, standing_of(consultation))
    post = find_post(consultation, addressed, for_update=True)
    if post.version != version:
        raise Conflict("The writer has changed this post meanwhile. Read it again before you decide.")
    if verdict not in CHOICES[post.state]:
        raise Conflict("Somebody else has decided about this post meanwhile, or it was taken back.")
    if verdict in NEEDS_REASON and reason is None:
        raise Invalid("Choose why this is not to be shown.")
    if open_appeal(post.id) is not None:
        raise Conflict("The writer has asked another person to look at this. The answer to that decides.")
    made = _decided(post, verdict, reason if verdict in NEEDS_REASON else None, note, staff_id=staff_id)
    record(
        actor,
        Action.MODERATE,
        consultation.slug,
        post=post.key,
        verdict=verdict.value,
        **({"reason": made.reason.value} if made.reason else {}),
    )
    return made


def appeal(actor: Actor, consultation: Consultation, addressed: str, *, words: str) -> Appeal:
    """Another person has promised to look at what was decided about this participant's post.

    Raises
    ------
    NotFound
        If it is no post of theirs.
    Conflict
        If it is shown, or another person has looked at it already.
    """
    require(actor, Action.APPEAL, standing_of(consultation))
    assert actor.participant_id is not None
    post = find_own_post(consultation, actor.participant_id, addressed, for_update=True)
    against = last_decision(post.id)
    if post.state is not PostState.HIDDEN or against is None:
        raise Conflict("There is no decision about this post to answer.")
    if (mine := _appeal_against(against.id)) is not None:
        if mine.decided_at is not None:
            raise Conflict("Another person has looked at this already.")
        return mine
    now = clock.now()
    made = Appeal(
        consultation_id=consultation.id,
        post_id=post.id,
        decision_id=against.id,
        participant_id=actor.participant_id,
        words=words,
        against_id=against.staff_id,
        appealed_at=now,
        due_at=due(now),
    )
    db.session.add(made)
    db.session.flush()
    return made


def decide_appeal(
    actor: Actor, consultation: Consultation, appeal_id: int, *, is_upheld: bool, answer: str, staff_id: int
) -> Appeal:
    """The decision stands, or the post is shown again; its writer can read the answer.

    Raises
    ------
    NotFound
        If there is no such appeal in this consultation.
    NotPermitted
        If the decision was this person's own.
    Conflict
        If somebody has answered it already.
    """
    require(actor, Action.DECIDE_APPEAL, standing_of(consultation))
    asked = select(Appeal).filter_by(id=appeal_id, consultation_id=consultation.id).with_for_update()
    found = db.session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    if found.against_id == staff_id:
        raise NotPermitted(OWN_DECISION)
    if found.decided_at is not None:
        raise Conflict("Somebody else has answered this already.")
    found.is_upheld, found.answer = is_upheld, answer
    found.decided_by, found.decided_at = staff_id, clock.now()
    post = db.session.get_one(Post, found.post_id, with_for_update=True, populate_existing=True)
    if not is_upheld and post.state is PostState.HIDDEN:
        _decided(post, Verdict.RESTORE, None, None, staff_id=staff_id, is_on_appeal=True)
    db.session.flush()
    record(
        actor,
        Action.DECIDE_APPEAL,
        consultation.slug,
        post=post.key,
        outcome="upheld" if is_upheld else "overturned",
    )
    return found


def open_appeal(post_id: int) -> Appeal | None:
    """What the writer of the post has asked another person to look at, until that is answered."""
    return db.session.scalar(select(Appeal).where(Appeal.post_id == post_id, Appeal.decided_at.is_(None)))


def _appeal_against(decision_id: int) -> Appeal | None:
    return db.session.scalar(select(Appeal).where(Appeal.decision_id == decision_id))


def _decided(
    post: Post,
    verdict: Verdict,
    reason: Reason | None,
    note: str | None,
    *,
    staff_id: int,
    is_on_appeal: bool = False,
) -> Decision:
    made = Decision(
        consultation_id=post.consultation_id,
        post_id=post.id,
        verdict=verdict,
        reason=reason,
        note=note or None,
        post_version=post.version,
        staff_id=staff_id,
        decided_at=clock.now(),
        is_on_appeal=is_on_appeal,
    )
    db.session.add(made)
    post.state, post.reported_at = PostState(CHOICES[post.state][verdict]), None
    db.session.flush()
    db.session.execute(
        update(Report)
        .where(Report.post_id == post.id, Report.decision_id.is_(None))
        .values(decision_id=made.id)
    )
    return made
