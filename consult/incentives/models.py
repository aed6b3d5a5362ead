"""Tables: what people can choose from as thanks, what is owed and was issued, how to reach them for it.

None of these rows leads to a participant. ``holder`` is a keyed hash of one, made with the key that is not
in the database: the person's own page finds what is theirs, and no query can join it to answers.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from consult.consultations.models import Wave
from consult.db import Base, Instant, check, key_type, one_of


class IncentiveKind(StrEnum):
    """What kind of thanks it is."""

    VOUCHER = "voucher"
    PRIZE_DRAW = "prize_draw"
    DONATION = "donation"
    TIME_CREDITS = "time_credits"


class IncentivePlan(Base):
    """To whom the thanks go, everybody who completes a stage or only who is on the panel, and where from."""

    __tablename__ = "incentive_plan"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    is_for_panel: Mapped[bool] = mapped_column(default=False, server_default=false())
    collected_from: Mapped[str] = mapped_column(default="", server_default="")


class Incentive(Base):
    """One thing that people can choose; its worth in pence, split between the two surveys."""

    __tablename__ = "incentive"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("consultation_id", "position"),
        UniqueConstraint("id", "consultation_id"),
        check("pence_survey >= 0 AND pence_follow_up >= 0", "worth_not_negative"),
        check("pence_survey + pence_follow_up > 0", "worth_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(key_type())
    kind: Mapped[IncentiveKind] = mapped_column(one_of(IncentiveKind, "kind"))
    label: Mapped[str]
    pence_survey: Mapped[int]
    pence_follow_up: Mapped[int]


class Due(Base):
    """What one person is owed for one wave, once; ``reference`` is what they and finance call it."""

    __tablename__ = "incentive_due"
    __table_args__ = (
        ForeignKeyConstraint(
            ["incentive_id", "consultation_id"], ["incentive.id", "incentive.consultation_id"]
        ),
        UniqueConstraint("consultation_id", "holder", "wave"),
        UniqueConstraint("consultation_id", "reference"),
        check("issued_at IS NOT NULL OR collected_at IS NULL", "issued_before_collected"),
        check("pence > 0", "worth_something"),
        Index(None, "incentive_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    holder: Mapped[str] = mapped_column(key_type())
    wave: Mapped[Wave] = mapped_column(one_of(Wave, "wave"))
    incentive_id: Mapped[int]
    pence: Mapped[int]
    reference: Mapped[str] = mapped_column(key_type())
    owed_at: Mapped[datetime] = mapped_column(Instant)
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    collected_at: Mapped[datetime | None] = mapped_column(Instant)


class Contact(Base):
    """How to reach somebody about what they are owed, sealed with a key that is not in the database."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("consultation_id", "holder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    holder: Mapped[str] = mapped_column(key_type())
    sealed_contact: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(Instant)
