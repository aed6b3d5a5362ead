"""Tables: demographic questions and their answers, population targets, channels."""

from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.db import Base, check, key_type, one_of


class AskedAt(StrEnum):
    """When a question about the person is asked: early if targets need it, else where it colours nothing."""

    JOINING = "joining"
    AFTER = "after"


class ChannelKind(StrEnum):
    """What kind of way people come by."""

    LIBRARY = "library"
    AGE_CHARITY = "age_charity"
    ONLINE_CENTRE = "online_centre"
    COMMUNITY = "community"
    SCHOOL = "school"
    MAILING = "mailing"
    SOCIAL = "social"
    OTHER = "other"


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
    kind: Mapped[ChannelKind] = mapped_column(
        one_of(ChannelKind, "kind"), default=ChannelKind.OTHER, server_default="other"
    )
    label: Mapped[str]
    aim: Mapped[str | None]
    cost: Mapped[str | None]  # pounds as written, "250.00": text keeps every digit on both databases


class Demographic(Base):
    """A question about the person, asked so that the council can see who is missing.

    ``standard`` names the wording of the ready questions that it was taken from. ``base`` says whom its
    targets count ("All usual residents aged 16 and over") and ``source`` where they come from.
    """

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
    standard: Mapped[str | None] = mapped_column(key_type())
    base: Mapped[str | None]
    source: Mapped[str | None]
    why: Mapped[str | None]  # why we ask, for the person who is asked
    asked: Mapped[AskedAt] = mapped_column(
        one_of(AskedAt, "asked"), default=AskedAt.JOINING, server_default="joining"
    )

    options: Mapped[list["DemographicOption"]] = relationship(
        order_by="DemographicOption.position",
        foreign_keys="DemographicOption.demographic_id",
        passive_deletes=True,
    )


class DemographicOption(Base):
    """One category of a demographic question.

    It may lead to a further question, which is asked only of those who chose an option that leads there;
    the others get its implied option, which is never shown.
    """

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
    leads_to_id: Mapped[int | None] = mapped_column(ForeignKey("demographic.id", ondelete="SET NULL"))
    is_implied: Mapped[bool] = mapped_column(default=False, server_default=false())


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


class Turnout(Base):
    """How many people of one kind have come how far: kept by `recruitment.turnout`, never written elsewhere.

    A kind is a channel and an answer to a question about people. Zero stands for what has no row of its own:
    no channel, "prefer not to say", and with no question everybody of the channel.
    """

    __tablename__ = "turnout"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[int] = mapped_column(primary_key=True)
    demographic_id: Mapped[int] = mapped_column(primary_key=True)
    option_id: Mapped[int] = mapped_column(primary_key=True)
    joined: Mapped[int]
    withdrawn: Mapped[int]
    began: Mapped[int]
    sent: Mapped[int]
    stayed: Mapped[int]
    completed: Mapped[int]


class Target(Base):
    """How many people of one category live here, and how many of them the panel should hold.

    With a crossed question it is about people who are in both categories (an interlocked target).
    ``filled`` counts the panel's places that were taken under it.
    """

    __tablename__ = "target"
    __table_args__ = (
        Index(
            "uq_target_category",
            "demographic_id",
            "option_id",
            unique=True,
            sqlite_where=text("crossed_option_id IS NULL"),
            postgresql_where=text("crossed_option_id IS NULL"),
        ),
        UniqueConstraint(
            "demographic_id",
            "option_id",
            "crossed_demographic_id",
            "crossed_option_id",
            name="uq_target_crossed_categories",
        ),
        UniqueConstraint("id", "consultation_id"),
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
        ForeignKeyConstraint(
            ["crossed_demographic_id", "consultation_id"],
            ["demographic.id", "demographic.consultation_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["crossed_demographic_id", "crossed_option_id"],
            ["demographic_option.demographic_id", "demographic_option.id"],
            ondelete="CASCADE",
        ),
        check("population >= 0", "population_not_negative"),
        check("minimum >= 0 AND maximum >= 0", "limits_not_negative"),
        check("minimum <= maximum", "minimum_up_to_maximum"),
        check("minimum <= aim AND aim <= maximum", "aim_between_limits"),
        check("minimum_flex >= 0 AND minimum_flex <= minimum", "flex_below_minimum"),
        check("maximum_flex >= maximum", "flex_above_maximum"),
        check("filled >= 0 AND filled <= maximum", "never_over"),
        check("(crossed_demographic_id IS NULL) = (crossed_option_id IS NULL)", "crossed_with_an_option"),
        check("demographic_id <> crossed_demographic_id", "crossed_with_another"),
        Index(None, "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    demographic_id: Mapped[int]
    option_id: Mapped[int]
    crossed_demographic_id: Mapped[int | None]
    crossed_option_id: Mapped[int | None]
    population: Mapped[int | None]
    minimum: Mapped[int | None]
    aim: Mapped[int | None]
    maximum: Mapped[int | None]
    minimum_flex: Mapped[int | None]
    maximum_flex: Mapped[int | None]
    filled: Mapped[int] = mapped_column(default=0, server_default="0")
