"""Deeds on one's own drafts: words are kept while somebody types, and thrown away when they say so."""

from datetime import datetime

from sqlalchemy import delete, update

from consult import clock
from consult.access import Action, Actor, require
from consult.accounts import keys
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import NotFound
from consult.forum.drafts import SEALED, forget_draft, get_spot
from consult.forum.posting import require_posting
from consult.forum.writing_models import PostDraft
from consult.home import Config
from consult.recruitment.queries import lock_membership

LONGEST = 20_000  # characters: ten times what can be posted, so that what is too long is kept as well


def keep_draft(
    actor: Actor,
    consultation: Consultation,
    thread: str,
    *,
    to: str,
    words: str,
    config: Config,
    opened_at: datetime | None = None,
) -> datetime | None:
    """These words wait for whoever typed them, in place of those that waited there; says since when.

    Of no words nothing waits: None. What is hidden meanwhile cannot be answered any more, but the words
    typed to it are kept.

    Raises
    ------
    NotFound
        If there is no such thread or post.
    NotPermitted
        If they may not post here now.
    """
    require_posting(actor, consultation, opened_at=opened_at)
    assert actor.participant_id is not None
    lock_membership(consultation.id, actor.participant_id)  # nothing is kept of whoever leaves or posts it
    spot = get_spot(consultation, thread, to)
    if not words:
        forget_draft(actor.participant_id, spot.thread_id, spot.parent_id)
        return None
    now = clock.now()
    values = {
        "sealed_words": keys.seal(words[:LONGEST], config=config, purpose=SEALED),
        "kept_at": now,
    }
    is_there = (
        PostDraft.participant_id == actor.participant_id,
        PostDraft.thread_id == spot.thread_id,
        PostDraft.parent_id.is_(None) if spot.parent_id is None else PostDraft.parent_id == spot.parent_id,
    )
    changed = update(PostDraft).where(*is_there).values(**values).returning(PostDraft.id)
    if db.session.execute(changed).scalar() is None:
        db.session.add(
            PostDraft(
                consultation_id=consultation.id,
                participant_id=actor.participant_id,
                thread_id=spot.thread_id,
                parent_id=spot.parent_id,
                **values,
            )
        )
        db.session.flush()
    return now


def throw_away(actor: Actor, consultation: Consultation, number: int) -> None:
    """That draft of one's own is gone.

    Raises
    ------
    NotFound
        If there is none of that number, or somebody else wrote it.
    """
    require(actor, Action.READ_FORUM, standing_of(consultation))
    gone = db.session.execute(
        delete(PostDraft)
        .where(
            PostDraft.id == number,
            PostDraft.participant_id == actor.participant_id,
            PostDraft.consultation_id == consultation.id,
        )
        .returning(PostDraft.id)
    ).scalar()
    if gone is None:
        raise NotFound
