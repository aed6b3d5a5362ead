"""Tables: the panel of a consultation, its places, and changes of its limits while it fills."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, check

RETENTION = 70  # percent of those who send stage one and also send the follow-up: to plan with


class Panel(Base):
    """That there is a panel, how many people it holds, and how many places are taken.

    ``retention`` is the share of people, in percent, who are expected to stay until the follow-up.
    """

    __tablename__ = "panel"
    __table_args__ = (
        check("size >= 1", "size_is_some"),
        check("filled >= 0 AND filled <= size", "never_over"),
        check("retention BETWEEN 1 AND 100", "retention_is_a_share"),
    )

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    size: Mapped[int | None]
    filled: Mapped[int] = mapped_column(default=0, server_default="0")
    retention: Mapped[int] = mapped_column(default=RETENTION, server_default=str(RETENTION))


class Place(Base):
    """One person's place on the panel, taken when they sent stage one."""

    __tablename__ = "panel_place"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        Index(None, "consultation_id"),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    taken_at: Mapped[datetime] = mapped_column(Instant)


class CountedUnder(Base):
    """Which targets a place was counted under: those, and no others, get it back."""

    __tablename__ = "panel_place_target"
    __table_args__ = (Index(None, "target_id"),)

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("panel_place.participant_id", ondelete="CASCADE"), primary_key=True
    )
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id", ondelete="CASCADE"), primary_key=True)


class LimitChange(Base):
    """A limit that one officer wants raised while the panel fills, and the other officer who agreed.

    Without a target it is about the size of the panel.
    """

    __tablename__ = "limit_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["target_id", "consultation_id"], ["target.id", "target.consultation_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("id", "consultation_id"),
        check("after > before", "only_raised"),
        check("confirmed_by_id <> asked_by_id", "confirmed_by_another"),
        check("(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", "confirmed_at_a_time"),
        Index(None, "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    target_id: Mapped[int | None]
    before: Mapped[int]
    after: Mapped[int]
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)
