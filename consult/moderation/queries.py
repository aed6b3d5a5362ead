"""Reading what moderators need: one post with all that is known about it, and what was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.forum.authors import Author, author_of
from consult.forum.models import Post, PostKind, PostState, PostVersion, Suspension, Thread
from consult.forum.rules import address
from consult.forum.shown import in_forum, named, of_forum, posts
from consult.moderation.models import Appeal, Decision, Report
from consult.moderation.rules import Reason

DONE = 50


@dataclass(frozen=True, slots=True)
class Case:
    """One post as moderators see it, with everything that was said and decided about it."""

    post_id: int
    address: str
    thread: str
    author: Author
    is_participants: bool
    has_page: bool  # whether it stands in a topic that others can open
    state: str
    version: int
    title: str | None
    body: str
    created_at: datetime
    edited_at: datetime | None
    parent: tuple[Author, str] | None
    versions: list[tuple[datetime, str]]
    reports: list[Report]
    decisions: list[Decision]
    appeal: Appeal | None
    suspension: Suspension | None


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody may know of a decision about their own post, and of their answer to it."""

    address: str
    body: str
    reason: Reason | None
    note: str | None
    decided_at: datetime | None
    appeal: Appeal | None

    @property
    def can_appeal(self) -> bool:
        """Whether they can still ask another person to look at it."""
        return self.decided_at is not None and self.appeal is None


def find_post(
    consultation: Consultation,
    addressed: str,
    *,
    states: tuple[PostState, ...] = tuple(PostState),
    for_update: bool = False,
) -> Post:
    """Find a post of what is happening now in that forum, but no draft of a summary.

    Raises
    ------
    NotFound
        If there is none of that address in one of these states.
    """
    asked = (
        select(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .where(in_forum(consultation), named(Post, addressed), Post.state.in_(states))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(asked.with_for_update(of=Post) if for_update else asked)
    is_draft = found is not None and found.kind is PostKind.SEED and found.state is PostState.AWAITING
    if found is None or is_draft or address(found.key, found.id) != addressed:
        raise NotFound
    return found


def find_own_post(
    consultation: Consultation, participant_id: int, addressed: str, *, for_update: bool = False
) -> Post:
    """Find a post that this participant wrote.

    Raises
    ------
    NotFound
        If there is none of that address, or somebody else wrote it.
    """
    found = find_post(consultation, addressed, for_update=for_update)
    if found.participant_id != participant_id:
        raise NotFound
    return found


def last_decision(post_id: int) -> Decision | None:
    """Find what was decided last about a post."""
    return db.session.scalar(
        select(Decision).where(Decision.post_id == post_id).order_by(Decision.id.desc()).limit(1)
    )


def get_case(consultation: Consultation, addressed: str) -> Case:
    """Get one post with its earlier words, what it answers, its reports and its decisions.

    Raises
    ------
    NotFound
        If there is no such post.
    """
    post = find_post(consultation, addressed)
    wanted = [post.id, *([post.parent_id] if post.parent_id else [])]
    rows = {row.id: row for row in db.session.execute(posts().where(Post.id.in_(wanted)))}
    thread = db.session.get_one(Thread, post.thread_id)
    versions = select(PostVersion).filter_by(post_id=post.id).order_by(PostVersion.version)
    parent = rows.get(post.parent_id or 0)
    return Case(
        post_id=post.id,
        address=addressed,
        thread=address(thread.key, thread.id),
        author=author_of(rows[post.id]),
        is_participants=post.participant_id is not None,
        has_page=post.state is not PostState.AWAITING or post.parent_id is not None,
        state=post.state.value,
        version=post.version,
        title=post.title,
        body=post.body,
        created_at=post.created_at,
        edited_at=post.edited_at,
        parent=(author_of(parent), parent.body) if parent else None,
        versions=[(old.replaced_at, old.body) for old in db.session.scalars(versions)],
        reports=list(
            db.session.scalars(select(Report).filter_by(post_id=post.id).order_by(Report.id.desc()))
        ),
        decisions=list(
            db.session.scalars(select(Decision).filter_by(post_id=post.id).order_by(Decision.id.desc()))
        ),
        appeal=db.session.scalar(
            select(Appeal).filter_by(post_id=post.id).order_by(Appeal.id.desc()).limit(1)
        ),
        suspension=db.session.scalar(
            select(Suspension).where(
                Suspension.participant_id == post.participant_id, Suspension.ended_at.is_(None)
            )
        ),
    )


def get_appealed(consultation: Consultation, appeal_id: int) -> tuple[Appeal, Decision, Case]:
    """Get an appeal with the decision that it is about, and the post.

    Raises
    ------
    NotFound
        If there is no such appeal in this consultation.
    """
    appeal = db.session.scalar(select(Appeal).filter_by(id=appeal_id, consultation_id=consultation.id))
    if appeal is None:
        raise NotFound
    post = db.session.get_one(Post, appeal.post_id)
    decision = db.session.get_one(Decision, appeal.decision_id)
    return appeal, decision, get_case(consultation, address(post.key, post.id))


def get_told(consultation: Consultation, participant_id: int, addressed: str) -> Told:
    """Get what this participant may know of why their post is not shown.

    Raises
    ------
    NotFound
        If it is no post of theirs, or nobody has hidden it.
    """
    post = find_own_post(consultation, participant_id, addressed)
    if post.state is not PostState.HIDDEN:
        raise NotFound
    decided = last_decision(post.id)
    appeal = decided and db.session.scalar(select(Appeal).filter_by(decision_id=decided.id))
    return Told(
        address=addressed,
        body=post.body,
        reason=decided.reason if decided else None,
        note=decided.note if decided else None,
        decided_at=decided.decided_at if decided else None,
        appeal=appeal or None,
    )


def list_hidden_of(consultation: Consultation, participant_id: int) -> list[str]:
    """List the addresses of this participant's posts that a moderator does not show, the newest first."""
    asked = (
        select(Post.id, Post.key)
        .join(Thread, Thread.id == Post.thread_id)
        .where(in_forum(consultation), Post.participant_id == participant_id, Post.state == PostState.HIDDEN)
        .order_by(Post.created_at.desc(), Post.id.desc())
    )
    return [address(row.key, row.id) for row in db.session.execute(asked)]


def list_done(consultation: Consultation) -> list[tuple[Decision, str]]:
    """List the last decisions in this forum with the address of their post, the newest first."""
    asked = (
        select(Decision, Post.id, Post.key)
        .join(Post, Post.id == Decision.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(of_forum(consultation), Decision.consultation_id == consultation.id)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(DONE)
    )
    return [(decision, address(key, row_id)) for decision, row_id, key in db.session.execute(asked)]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every post that people made: these add up to ``made``."""

    made: int
    visible: int
    awaiting: int
    withdrawn: int
    hidden: dict[Reason | None, int]  # none: hidden before the platform knew reasons

    @property
    def is_complete(self) -> bool:
        """Whether every post is accounted for."""
        return self.made == self.visible + self.awaiting + self.withdrawn + sum(self.hidden.values())


def get_account(consultation: Consultation) -> Account:
    """Count what became of every post that people made in this forum."""
    last = select(Decision.post_id, func.max(Decision.id).label("id")).group_by(Decision.post_id).subquery()
    asked = (
        select(Post.state, Decision.reason, func.count(Post.id))
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(last, and_(last.c.post_id == Post.id, Post.state == PostState.HIDDEN))
        .outerjoin(Decision, Decision.id == last.c.id)
        .where(of_forum(consultation), Post.kind == PostKind.POST)
        .group_by(Post.state, Decision.reason)
    )
    by_state: dict[PostState, int] = dict.fromkeys(PostState, 0)
    hidden: dict[Reason | None, int] = dict.fromkeys([*Reason, None], 0)
    for state, reason, count in db.session.execute(asked):
        if state is PostState.HIDDEN:
            hidden[reason] = count
        else:
            by_state[state] = count
    made = select(func.count(Post.id)).join(Thread).where(of_forum(consultation), Post.kind == PostKind.POST)
    return Account(
        made=_count(made),
        visible=by_state[PostState.VISIBLE],
        awaiting=by_state[PostState.AWAITING],
        withdrawn=by_state[PostState.WITHDRAWN],
        hidden=hidden,
    )


def _count(asked: Any) -> int:
    return db.session.scalar(asked) or 0
