"""Tables: words that somebody has not posted yet, and who wants to be told by e-mail of replies."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, key_type

_TO_THREAD, _TO_POST = text("parent_id IS NULL"), text("parent_id IS NOT NULL")


class PostDraft(Base):
    """What one person has typed to one post, or without one to the thread as a whole, and not posted.

    The words are sealed: whoever reads the database or a copy of it, and has not the secret key, reads none.
    """

    __tablename__ = "post_draft"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["thread_id", "consultation_id"], ["thread.id", "thread.consultation_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["thread_id", "parent_id"], ["post.thread_id", "post.id"], ondelete="CASCADE"),
        Index(
            "uq_post_draft_to_thread",
            "participant_id",
            "thread_id",
            unique=True,
            sqlite_where=_TO_THREAD,
            postgresql_where=_TO_THREAD,
        ),
        Index(
            "uq_post_draft_to_post",
            "participant_id",
            "parent_id",
            unique=True,
            sqlite_where=_TO_POST,
            postgresql_where=_TO_POST,
        ),
        Index(None, "thread_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    participant_id: Mapped[int]
    thread_id: Mapped[int]
    parent_id: Mapped[int | None]
    sealed_words: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(Instant)


class Digest(Base):
    """That somebody wants an e-mail when there are replies to them.

    The row leads to no participant: ``holder`` is a keyed hash of one, made with the key that is not in the
    database, so that no query joins an address to what its owner wrote. ``stop_hash`` is that of the token
    with which the mails are stopped.
    """

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("consultation_id", "holder"),
        UniqueConstraint("stop_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    holder: Mapped[str] = mapped_column(key_type())
    sealed_address: Mapped[str]
    stop_hash: Mapped[str] = mapped_column(key_type())
    told_until: Mapped[datetime] = mapped_column(Instant)  # replies after it have not been told of
    sent_on: Mapped[date]  # the day in the UK of the last mail; at first the day on which it was asked for
