"""Tables: draws of groups, and who took part in each, with what the draw went by."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, check, key_type

_NOT_ENDED = text("ended_at IS NULL")


class GroupDraw(Base):
    """That people were drawn into groups. One of a consultation holds; those before it were taken back.

    ``factors`` is a JSON list of what the groups were made alike in, the first one first of all.
    ``reason`` says why it was drawn again, and ``end_reason`` why it was taken back.
    """

    __tablename__ = "group_draw"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        UniqueConstraint("id", "consultation_id"),
        Index(
            "uq_group_draw_now",
            "consultation_id",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
        check("(ended_at IS NULL) = (end_reason IS NULL)", "ended_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    size: Mapped[int]
    seed: Mapped[int]
    people: Mapped[int]
    group_count: Mapped[int]
    factors: Mapped[str]
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str | None]


class DrawnPerson(Base):
    """One ticket of a draw: what its holder answered, as numbers, and who that is.

    Whoever has their answers deleted is taken off the ticket, which then leads to nobody: tickets are
    random, so that neither their order nor their words say whose they were. With it the draw can still be
    done again. Who came later has a ticket too; it tells of whom their group consists.
    """

    __tablename__ = "drawn_person"
    __table_args__ = (
        ForeignKeyConstraint(
            ["draw_id", "consultation_id"],
            ["group_draw.id", "group_draw.consultation_id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("draw_id", "participant_id"),
        Index(None, "participant_id"),
    )

    draw_id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[str] = mapped_column(key_type(), primary_key=True)
    consultation_id: Mapped[int]
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"))
    codes: Mapped[str]
    is_later: Mapped[bool] = mapped_column(default=False, server_default=false())
