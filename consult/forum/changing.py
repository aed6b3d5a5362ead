"""Deeds on one's own posts: changed within a quarter of an hour, taken back at any time until the end.

Readers see that a post was changed; what it said before is kept, and so is what was taken back, as
evidence, until the record is erased.
"""

from sqlalchemy import select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, NotPermitted
from consult.forum.checking import require_not_suspended, state_after_edit
from consult.forum.models import Post, PostState, PostVersion
from consult.forum.own import OwnPost, get_own_post
from consult.forum.posting import hold_stages
from consult.forum.rules import EDIT_FOR, can_edit
from consult.surveys.danger import suggests_danger

STANDS = (PostState.VISIBLE, PostState.AWAITING)


def get_editable(consultation: Consultation, participant_id: int, addressed: str) -> OwnPost:
    """Get a post of one's own whose words one may still change.

    Raises
    ------
    NotFound
        If it is no post of theirs.
    NotPermitted
        If a quarter of an hour has passed, or the post says nothing any more.
    Conflict
        If a report about it is open.
    """
    own = get_own_post(consultation, participant_id, addressed)
    if not own.post.is_readable:
        raise NotPermitted("This post cannot be changed any more.")
    if not can_edit(own.post.created_at, clock.now()):
        raise NotPermitted("A post can be changed for 15 minutes. You can still take it back.")
    if db.session.scalar(select(Post.reported_at).where(Post.id == own.id)) is not None:
        raise Conflict("Somebody has reported this post. You can change it when a moderator has read it.")
    return own


def edit(actor: Actor, consultation: Consultation, addressed: str, *, version: int, body: str) -> OwnPost:
    """One's own post says something else; what it said before is kept, and readers see that it was changed.

    Sent twice it has one effect.

    Raises
    ------
    NotFound
        If it is no post of theirs.
    NotPermitted
        If a quarter of an hour has passed, or the post says nothing any more.
    Conflict
        If it was changed since, in another window, or a report about it is open.
    """
    hold_stages(consultation)
    require(actor, Action.EDIT_OWN_POST, standing_of(consultation))
    assert actor.participant_id is not None
    require_not_suspended(actor.participant_id)
    own = get_editable(consultation, actor.participant_id, addressed)
    if own.post.body == body:
        return own
    now = clock.now()
    changed = db.session.execute(
        update(Post)
        .where(
            Post.id == own.id,
            Post.version == version,
            Post.state == PostState(own.post.state),
            Post.reported_at.is_(None),
            Post.created_at > now - EDIT_FOR,
        )
        .values(
            body=body,
            version=version + 1,
            edited_at=now,
            **({"alarmed_at": now} if suggests_danger(body) else {}),
            state=state_after_edit(consultation.id, PostState(own.post.state)),
        )
        .returning(Post.id)
    ).scalar()
    if changed is None:
        raise Conflict("This post has changed meanwhile. Look at it before you change it again.")
    db.session.add(
        PostVersion(post_id=own.id, version=version, title=None, body=own.post.body, replaced_at=now)
    )
    db.session.flush()
    return own


def withdraw(actor: Actor, consultation: Consultation, addressed: str) -> OwnPost:
    """One's own post says nothing any more on any page; answers to it stay. Doing it twice does no harm.

    Its words stay in the record as evidence, until that is erased.

    Raises
    ------
    NotFound
        If it is no post of theirs.
    Conflict
        If a moderator has hidden it: then there is nothing to take back.
    """
    hold_stages(consultation)
    require(actor, Action.WITHDRAW_OWN_POST, standing_of(consultation))
    assert actor.participant_id is not None
    own = get_own_post(consultation, actor.participant_id, addressed)
    if own.post.state == PostState.HIDDEN:
        raise Conflict("A moderator has hidden this post. Nobody can read it.")
    db.session.execute(
        update(Post).where(Post.id == own.id, Post.state.in_(STANDS)).values(state=PostState.WITHDRAWN)
    )
    return own


def withdraw_all(participant_id: int) -> None:
    """Nothing that this participant wrote can be read any more; what answers to it stays.

    For whoever leaves altogether; the deed of leaving asks for itself whether they may.
    """
    db.session.execute(
        update(Post)
        .where(Post.participant_id == participant_id, Post.state.in_(STANDS))
        .values(state=PostState.WITHDRAWN)
    )
