"""Sending the mails that tell of replies, once a day to each; and what is deleted when the forum is over.

Nobody gets two. Before a mail goes out its row is claimed by a conditional update that is committed: of two
runs at once one gets it, and a run that is killed after that sends the mail never rather than twice. Only
where the mail server has said in so many words that it did not take a mail is the claim given back.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any, Protocol

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from consult import clock
from consult.access import Moment
from consult.consultations.grace import stage_of
from consult.consultations.models import Consultation, Membership, Participant, StageKind
from consult.consultations.queries import list_public, standing_of
from consult.db import Base, db
from consult.forum.digest_mail import digest_mail
from consult.forum.digests import address_in, holder_of, stop_token
from consult.forum.found import readable
from consult.forum.models import Exposure, Post, PostState
from consult.forum.writing_models import Digest, PostDraft
from consult.home import Config
from consult.uktime import uk_time
from consult.web.mail import Broken, Refused

log = logging.getLogger("consult.digests")
KEPT_AFTER = timedelta(days=1)  # an officer who closed the forum too soon may open it again


class Sender(Protocol):
    """What takes a mail."""

    def send(self, message: EmailMessage) -> None:
        """Take it, or raise `Refused` or `Broken`."""


@dataclass(slots=True)
class Run:
    """What came of one run."""

    sent: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class _Due:
    """One mail that is due: its row as it was read, and what goes into it."""

    id: int
    sent_on: date
    told_until: datetime
    to: str
    token: str
    replies: int
    language: str | None


def send_digests(open_relay: Callable[[], AbstractContextManager[Sender]], *, config: Config) -> Run:
    """Everybody who asked for it and has new replies has been told; each transaction is committed here.

    Of consultations whose forum has been over for a day, addresses and drafts are deleted, if the first who
    wrote something after its end (`timetable.latch`) has not done so.

    Parameters
    ----------
    open_relay : callable
        Opens the line to the mail server; asked only if there is something to send.
    """
    run, now = Run(), clock.now()
    due: list[_Due] = []
    for consultation in list_public():
        if standing_of(consultation).moment is Moment.FORUM:
            due += _list_due(consultation, now, config=config)
        else:
            _clear(consultation, now)
    db.session.commit()
    if due:
        with open_relay() as relay:
            for each in due:
                _send(relay, each, run, now, config=config)
    return run


def _send(relay: Sender, due: _Due, run: Run, now: datetime, *, config: Config) -> None:
    today = uk_time(now).date()
    mail = digest_mail(config, to=due.to, replies=due.replies, token=due.token, language=due.language)
    before, after = (due.sent_on, due.told_until), (today, now)
    if not _moved(due.id, before, after):
        return  # another run was first, or they have stopped it
    try:
        relay.send(mail)
        run.sent += 1
    except Refused:
        _moved(due.id, after, before)
        run.refused += 1
    except Broken:
        run.refused += 1
        log.warning("the line to the mail server broke: one mail may not have gone out")


def _moved(digest_id: int, before: tuple[date, datetime], after: tuple[date, datetime]) -> bool:
    """Whether the row was as it was before; then it is otherwise, for good."""
    changed = db.session.execute(
        update(Digest)
        .where(Digest.id == digest_id, Digest.sent_on == before[0], Digest.told_until == before[1])
        .values(sent_on=after[0], told_until=after[1])
        .returning(Digest.id)
    ).scalar()
    db.session.commit()
    return changed is not None


def _list_due(consultation: Consultation, now: datetime, *, config: Config) -> list[_Due]:
    """The mails that are due in one consultation; three statements, however many people and posts."""
    today = uk_time(now).date()
    waiting = {
        digest.holder: digest
        for digest in db.session.scalars(
            select(Digest).where(Digest.consultation_id == consultation.id, Digest.sent_on < today)
        )
    }
    if not waiting:
        return []
    came: dict[int, list[datetime]] = {}
    languages: dict[int, str | None] = {}
    for row in _unread(consultation, since=min(digest.told_until for digest in waiting.values())):
        came.setdefault(row.participant_id, []).append(max(row.created_at, row.shown_at or row.created_at))
        languages[row.participant_id] = row.language
    found = []
    for participant_id, moments in came.items():
        holder = holder_of(participant_id, config=config)
        digest = waiting.get(holder)
        replies = sum(at > digest.told_until for at in moments) if digest else 0
        to = address_in(digest.sealed_address, config=config) if digest and replies else None
        if digest and to:
            token = stop_token(holder, config=config)
            language = languages[participant_id]
            found.append(_Due(digest.id, digest.sent_on, digest.told_until, to, token, replies, language))
    return sorted(found, key=lambda each: each.id)


def _unread(consultation: Consultation, *, since: datetime) -> Any:
    """Each reply by somebody else that everybody can read, that came since, in a thread not opened since.

    A reply that a moderator has read first came when they let it through; their decisions are in a room
    above this one.
    """
    mine, decision = aliased(Post), Base.metadata.tables["decision"]
    let_through = (
        select(decision.c.post_id, func.max(decision.c.decided_at).label("shown_at"))
        .where(decision.c.consultation_id == consultation.id, decision.c.verdict.in_(("approve", "restore")))
        .group_by(decision.c.post_id)
        .subquery()
    )
    is_read = and_(Exposure.thread_id == Post.thread_id, Exposure.participant_id == mine.participant_id)
    return db.session.execute(
        readable(
            consultation, mine.participant_id, Post.created_at, let_through.c.shown_at, Participant.language
        )
        .join(mine, mine.id == Post.parent_id)
        .join(Participant, Participant.id == mine.participant_id)
        .join(Membership, Membership.participant_id == mine.participant_id)
        .outerjoin(let_through, let_through.c.post_id == Post.id)
        .outerjoin(Exposure, is_read)
        .where(
            Membership.withdrawn_at.is_(None),
            mine.state != PostState.WITHDRAWN,
            or_(Post.participant_id.is_(None), Post.participant_id != mine.participant_id),
            or_(Post.created_at > since, let_through.c.shown_at > since),
            or_(
                Exposure.last_read_at.is_(None),
                Exposure.last_read_at < func.coalesce(let_through.c.shown_at, Post.created_at),
            ),
        )
    )


def _clear(consultation: Consultation, now: datetime) -> None:
    """Of a forum that is over nobody is told, and nothing can be posted: drafts and addresses are gone."""
    forum = stage_of(consultation, StageKind.FORUM)
    if forum is None or now < min(forum.closes_at, forum.closed_at or forum.closes_at) + KEPT_AFTER:
        return
    for table in (Digest, PostDraft):
        db.session.execute(delete(table).where(table.consultation_id == consultation.id))
