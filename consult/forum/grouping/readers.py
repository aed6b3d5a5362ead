"""Who reads, as far as groups go, and the condition for the threads that are for them."""

from enum import Enum

from flask import has_request_context, request
from sqlalchemy import ColumnElement, and_, not_, or_, select, true

from consult.access import Action, allows
from consult.accounts import current
from consult.consultations.models import Consultation, Participant
from consult.consultations.queries import standing_of
from consult.forum.grouping.models import GroupDraw
from consult.forum.models import Post, PostKind, Thread

STAFF_PAGES = frozenset({"moderator", "officer", "analyst", "admin"})


class Reader(Enum):
    """Somebody who takes no part."""

    ANYBODY = "anybody"
    LOOKS_AFTER = "looks after"  # who may read what is hidden may read what every group says


def reader_of(consultation: Consultation) -> int | Reader:
    """Who asks for this page: a participant by their id, who looks after the forum, or anybody.

    On staff's own pages it is the member of staff, also in a browser in which they take part themselves.
    Where there is no page, as in a command, it is anybody.
    """
    if not has_request_context():
        return Reader.ANYBODY
    is_staffs = (request.blueprint or "").partition(".")[0] in STAFF_PAGES
    actor = current.actor() if is_staffs else current.reader(consultation.id)
    if actor.participant_id is not None:
        return actor.participant_id
    if actor.roles and allows(actor, Action.READ_HIDDEN, standing_of(consultation)):
        return Reader.LOOKS_AFTER
    return Reader.ANYBODY


def is_for(reader: int | Reader) -> ColumnElement[bool]:
    """The condition for threads that this reader may reach.

    People of a group have its copies of the seeds and not the seeds themselves, below which nobody writes.
    """
    if reader is Reader.LOOKS_AFTER:
        return true()
    if reader is Reader.ANYBODY:
        return Thread.group_id.is_(None)
    mine = select(Participant.group_id).where(Participant.id == reader).scalar_subquery()
    return or_(
        Thread.group_id == mine, and_(Thread.group_id.is_(None), or_(mine.is_(None), not_(is_copied())))
    )


def is_copied() -> ColumnElement[bool]:
    """The condition for threads of which each group has its own: those with a seed, if there is a draw."""
    drawn = (
        select(GroupDraw.id)
        .where(GroupDraw.consultation_id == Thread.consultation_id, GroupDraw.ended_at.is_(None))
        .correlate(Thread)
        .exists()
    )
    seeded = (
        select(Post.id)
        .where(Post.thread_id == Thread.id, Post.kind == PostKind.SEED, Post.parent_id.is_(None))
        .correlate(Thread)
        .exists()
    )
    return and_(Thread.group_id.is_(None), drawn, seeded)
