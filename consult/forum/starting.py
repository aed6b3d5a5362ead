"""The deed of a resident who begins a topic of their own, where the council lets residents do so."""

from datetime import datetime

from sqlalchemy import select

from consult.access import Actor
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotPermitted
from consult.forum.models import ForumSetting
from consult.forum.posting import Posted, add_post, begin_posting, begin_thread, require_posting
from consult.forum.rules import address


def residents_start(consultation_id: int) -> bool:
    """Whether residents may begin topics of their own in that forum."""
    asked = select(ForumSetting.residents_start).filter_by(consultation_id=consultation_id)
    return bool(db.session.scalar(asked))


def require_starting(actor: Actor, consultation: Consultation, *, opened_at: datetime | None) -> None:
    """Let somebody begin a topic.

    Raises
    ------
    NotFound, NotPermitted
        If they may not post, or only the council begins topics here.
    """
    require_posting(actor, consultation, opened_at=opened_at)
    _require_allowed(consultation)


def _require_allowed(consultation: Consultation) -> None:
    if not residents_start(consultation.id):
        raise NotPermitted("In this forum only the council starts topics. You can reply in each of them.")


def start(
    actor: Actor,
    consultation: Consultation,
    *,
    title: str,
    body: str,
    asks: bool = False,
    opened_at: datetime | None = None,
) -> Posted:
    """There is one more topic, with what this person says in it first.

    It stands after those of the council. Nobody else gets anything of it while its first post waits.

    Raises
    ------
    NotFound, NotPermitted
        If they may not.
    TooManyPosts
        If they have posted twenty times in the last ten minutes.
    """
    begin_posting(actor, consultation, opened_at=opened_at)
    _require_allowed(consultation)
    thread = begin_thread(consultation)
    post = add_post(actor, consultation, thread.id, parent_id=None, title=title, body=body, asks=asks)
    return Posted(address(thread.key, thread.id), address(post.key, post.id))
