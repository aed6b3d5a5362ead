"""Tables: threads and posts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, check, key_type, one_of


class PostKind(StrEnum):
    """Who speaks: a summary presented back, a resident, or the facilitator."""

    SEED = "seed"
    POST = "post"
    FACILITATOR = "facilitator"


class PostState(StrEnum):
    """Whether a post is shown; the three ways in which it is not are different things."""

    VISIBLE = "visible"
    AWAITING = "awaiting"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class Thread(Base):
    """One conversation."""

    __tablename__ = "thread"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(key_type())


class Post(Base):
    """One contribution; without a parent it speaks to the thread itself."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("thread_id", "id"),
        ForeignKeyConstraint(
            ["thread_id", "consultation_id"], ["thread.id", "thread.consultation_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["thread_id", "parent_id"], ["post.thread_id", "post.id"]),
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"], ["participant.id", "participant.consultation_id"]
        ),
        Index(None, "thread_id", "parent_id"),
        Index(None, "participant_id"),
        check("parent_id <> id", "not_its_own_parent"),
        check("kind = 'post' OR participant_id IS NULL", "staff_posts_have_no_participant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    thread_id: Mapped[int]
    parent_id: Mapped[int | None]
    participant_id: Mapped[int | None]
    key: Mapped[str] = mapped_column(key_type())
    kind: Mapped[PostKind] = mapped_column(one_of(PostKind, "kind"))
    state: Mapped[PostState] = mapped_column(one_of(PostState, "state"), default=PostState.VISIBLE)
    created_at: Mapped[datetime] = mapped_column(Instant)
    title: Mapped[str | None]
    body: Mapped[str]
