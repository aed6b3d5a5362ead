"""Tables: demographic questions and their answers, population targets, channels."""

from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.db import Base, check, key_type, one_of


class AskedAt(StrEnum):
    """When a question about the person is asked: early if targets need it, else where it colours nothing."""

    JOINING = "joining"
    AFTER = "after"


class Channel(Base):
    """Where participants come from: a library, a letter, a community organisation."""

    __tablename__ = "channel"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(key_type())
    label: Mapped[str]
    aim: Mapped[str | None]
    cost: Mapped[str | None]  # pounds as written, "250.00": text keeps every digit on both databases


class Demographic(Base):
    """A question about the person, asked so that the council can see who is missing."""

    __tablename__ = "demographic"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("consultation_id", "position"),
        UniqueConstraint("id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(key_type())
    question: Mapped[str]
    why: Mapped[str | None]  # why we ask, for the person who is asked
    asked: Mapped[AskedAt] = mapped_column(
        one_of(AskedAt, "asked"), default=AskedAt.JOINING, server_default="joining"
    )

    options: Mapped[list["DemographicOption"]] = relationship(
        order_by="DemographicOption.position", passive_deletes=True
    )


class DemographicOption(Base):
    """One category of a demographic question."""

    __tablename__ = "demographic_option"
    __table_args__ = (
        UniqueConstraint("demographic_id", "key"),
        UniqueConstraint("demographic_id", "position"),
        UniqueConstraint("demographic_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    demographic_id: Mapped[int] = mapped_column(ForeignKey("demographic.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(key_type())
    label: Mapped[str]


class ParticipantDemographic(Base):
    """What one person answered to one demographic question; no option means "prefer not to say"."""

    __tablename__ = "participant_demographic"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["demographic_id", "consultation_id"], ["demographic.id", "demographic.consultation_id"]
        ),
        ForeignKeyConstraint(
            ["demographic_id", "option_id"], ["demographic_option.demographic_id", "demographic_option.id"]
        ),
        Index(None, "demographic_id", "option_id"),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    demographic_id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    option_id: Mapped[int | None]


class Target(Base):
    """How many people of one category live here, and how many of them the panel should hold."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("demographic_id", "option_id"),
        ForeignKeyConstraint(
            ["demographic_id", "consultation_id"],
            ["demographic.id", "demographic.consultation_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["demographic_id", "option_id"],
            ["demographic_option.demographic_id", "demographic_option.id"],
            ondelete="CASCADE",
        ),
        check("population >= 0", "population_not_negative"),
        check("minimum >= 0 AND maximum >= 0", "limits_not_negative"),
        check("minimum <= maximum", "minimum_up_to_maximum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    demographic_id: Mapped[int]
    option_id: Mapped[int]
    population: Mapped[int]
    minimum: Mapped[int | None]
    maximum: Mapped[int | None]
