"""Who may post, and which posts a moderator reads before everybody else can."""

from sqlalchemy import exists, select

from consult.db import db
from consult.errors import NotPermitted
from consult.forum.models import Checked, ForumSetting, Post, PostState, Suspension


def checked_in(consultation_id: int) -> Checked:
    """Which posts are read first in the forum of that consultation."""
    found = db.session.get(ForumSetting, consultation_id, populate_existing=True)
    return found.checked if found else Checked.NONE


def first_state(consultation_id: int, participant_id: int) -> PostState:
    """Whether everybody can read what that participant posts now, or a moderator reads it first.

    Who has one post that everybody can read has been read by a moderator once, or posted when nobody was.
    """
    checked = checked_in(consultation_id)
    is_first = checked is Checked.FIRST and not db.session.scalar(
        select(
            exists().where(
                Post.participant_id == participant_id,
                Post.consultation_id == consultation_id,
                Post.state == PostState.VISIBLE,
            )
        )
    )
    return PostState.AWAITING if checked is Checked.ALL or is_first else PostState.VISIBLE


def state_after_edit(consultation_id: int, state: PostState) -> PostState:
    """Other words of a post are read first where every post is."""
    is_read_again = state is PostState.VISIBLE and checked_in(consultation_id) is Checked.ALL
    return PostState.AWAITING if is_read_again else state


def find_suspension(participant_id: int | None) -> Suspension | None:
    """What keeps that participant from posting now, if anything does."""
    return db.session.scalar(
        select(Suspension).where(Suspension.participant_id == participant_id, Suspension.ended_at.is_(None))
    )


def require_not_suspended(participant_id: int | None) -> None:
    """Let somebody write in the forum.

    Raises
    ------
    NotPermitted
        If a moderator has stopped them.
    """
    if find_suspension(participant_id) is not None:
        raise NotPermitted(
            "A moderator has stopped you from posting in this forum. You can read why where you see what "
            "you wrote. Your answers to the surveys count as before."
        )
