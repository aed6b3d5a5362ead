"""How much has come into a thread since somebody's page of it was made."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import Post, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import in_forum, is_out, named, openers

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 16  # digits of a moment: until the year 2286


def as_text(at: datetime) -> str:
    """The moment as it stands in the address that a page asks."""
    return str((at - _BEGINNING) // _MICROSECOND)


def as_instant(asked: str | None) -> datetime | None:
    """The moment that stands there; None for what is none."""
    is_number = asked is not None and asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST
    return _BEGINNING + int(asked) * _MICROSECOND if is_number and asked else None


def count_newer(
    consultation: Consultation, thread: str, participant_id: int | None, after: datetime | None
) -> int:
    """Count the posts of others that everybody can read and that came after that moment; one statement.

    A post that a moderator lets through later counts as of when it was written, so as old.

    Raises
    ------
    NotFound
        If there is no such thread, or it is a draft.
    """
    opener, post = openers(consultation), aliased(Post)
    is_new = and_(
        post.thread_id == Thread.id,
        post.state == PostState.VISIBLE,
        post.created_at > (after or _BEGINNING),
        or_(post.participant_id.is_(None), post.participant_id != (participant_id or 0)),
    )
    row = db.session.execute(
        select(Thread.id, Thread.key, func.count(post.id).label("newer"))
        .join(opener, opener.c.thread_id == Thread.id)
        .outerjoin(post, is_new)
        .where(in_forum(consultation), is_out(opener), named(Thread, thread))
        .group_by(Thread.id, Thread.key)
    ).one_or_none()
    if row is None or address(row.key, row.id) != thread:
        raise NotFound
    return int(row.newer) if after is not None else 0
