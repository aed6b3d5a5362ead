"""Tables: reports, decisions, appeals, messages. Who may not post is in `consult.forum.models`."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, check, one_of
from consult.moderation.rules import Concern, Reason, Verdict

_OPEN = text("decision_id IS NULL")


class Decision(Base):
    """What a moderator decided about one post, and what they told its writer. Never changed, never removed.

    ``post_version`` is the wording that they had read. The last one about a post says why it is as it is.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("id", "post_id"),
        Index(None, "post_id"),
        Index(None, "consultation_id", "decided_at"),
        check("(reason IS NOT NULL) = (verdict IN ('hide', 'refuse'))", "what_is_not_shown_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict, "verdict"))
    reason: Mapped[Reason | None] = mapped_column(one_of(Reason, "reason"))
    note: Mapped[str | None]
    post_version: Mapped[int]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    is_on_appeal: Mapped[bool] = mapped_column(default=False, server_default=false())


class Report(Base):
    """Somebody's worry about one post; open until a moderator has decided about the post."""

    __tablename__ = "report"
    __table_args__ = (
        ForeignKeyConstraint(["decision_id", "post_id"], ["decision.id", "decision.post_id"]),
        Index(None, "consultation_id", "decision_id", "due_at"),
        Index(
            "uq_report_open",
            "post_id",
            "participant_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(None, "post_id"),
        Index(None, "participant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"))  # none: a visitor, staff
    concern: Mapped[Concern] = mapped_column(one_of(Concern, "concern"))
    words: Mapped[str | None]
    post_version: Mapped[int]
    reported_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    decision_id: Mapped[int | None]


class Appeal(Base):
    """The writer's answer to a decision; another person decides about it, once."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        ForeignKeyConstraint(["decision_id", "post_id"], ["decision.id", "decision.post_id"]),
        Index(None, "consultation_id", "decided_at", "due_at"),
        Index(None, "participant_id"),
        check("decided_by <> against_id", "decided_by_another"),
        check("(decided_at IS NULL) = (decided_by IS NULL)", "decided_by_somebody"),
        check("(decided_at IS NULL) = (is_upheld IS NULL)", "decided_one_way"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    decision_id: Mapped[int]
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    words: Mapped[str]
    against_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))  # whose decision it was
    appealed_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    is_upheld: Mapped[bool | None]  # the decision stands
    answer: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class Message(Base):
    """What somebody who takes part writes to the moderators, about no post; and the answer, given once."""

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        Index(None, "consultation_id", "answered_at", "due_at"),
        Index(None, "participant_id"),
        check("(answered_at IS NULL) = (answered_by IS NULL)", "answered_by_somebody"),
        check("(answered_at IS NULL) = (answer IS NULL)", "answered_in_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    participant_id: Mapped[int]
    words: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
